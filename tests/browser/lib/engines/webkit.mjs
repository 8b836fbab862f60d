// WebKitGTK's MiniBrowser on a screen that nobody sees, through its own WebDriver server.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clickActions, end, keyActions, printed, turn } from "./wire.mjs";

/** The buttons of MiniBrowser keep its window wider than a phone: they are made small. */
const NARROW = "* { font-size: 1px; margin: 0; padding: 0; border-width: 0; min-width: 0; min-height: 0; }\n";
const PATIENCE = 60_000;
/** The screen, whose pointer rests in the middle: what is under it has the keyboard, hence the focus. */
const SCREEN = { width: 1600, height: 2000 };

export class WebKit {
  static title = "WebKitGTK";

  static async launch({ javaScript }) {
    const driver = new WebKit();
    driver.home = await mkdtemp(join(tmpdir(), "spro-webkit-"));
    await mkdir(join(driver.home, "gtk-3.0"));
    await writeFile(join(driver.home, "gtk-3.0/gtk.css"), NARROW);
    const screen = ["-displayfd", "3", "-screen", "0", `${SCREEN.width}x${SCREEN.height}x24`, "-nolisten", "tcp"];
    driver.screen = spawn(process.env.XVFB || "Xvfb", screen, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const display = await printed(driver.screen, /(\d+)\n/, [driver.screen.stdio[3]]);
    const port = await freePort();
    driver.server = spawn(process.env.WEBKIT || "WebKitWebDriver", [`--port=${port}`], {
      env: {
        ...process.env,
        DISPLAY: `:${display}`,
        GDK_BACKEND: "x11",
        LANG: "fr_FR.UTF-8",
        LANGUAGE: "fr",
        XDG_CONFIG_HOME: driver.home,
        XDG_CACHE_HOME: driver.home,
        XDG_DATA_HOME: driver.home,
      },
      stdio: "ignore",
    });
    driver.origin = `http://127.0.0.1:${port}`;
    await driver.#until(() => driver.#call("GET", "/status"));
    const browser = {
      binary: process.env.MINIBROWSER,
      args: ["--automation", `--enable-javascript=${javaScript}`],
    };
    const capabilities = { alwaysMatch: { pageLoadStrategy: "none", "webkitgtk:browserOptions": browser } };
    const { sessionId } = await driver.#call("POST", "/session", { capabilities });
    driver.session = `/session/${sessionId}`;
    return driver;
  }

  async #until(ask) {
    for (const end = Date.now() + PATIENCE; ; ) {
      try {
        if (await ask()) return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      if (Date.now() > end) throw new Error(`never: ${ask}`);
      await turn();
    }
  }

  async #call(method, path, body) {
    const response = await fetch(this.origin + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  #post(path, body) {
    return this.#call("POST", `${this.session}/${path}`, body);
  }

  async fresh({ width, height }) {
    await this.goto("about:blank");
    if (this.width === width && this.height === height) return;
    await this.#place(width, height);
    // The window has its buttons; the page is to have the size that was asked for.
    const inner = await this.evaluate("() => ({ width: innerWidth, height: innerHeight })", []);
    await this.#place(2 * width - inner.width, 2 * height - inner.height);
    await this.#until(() => this.evaluate("() => document.hasFocus()", []));
    [this.width, this.height] = [width, height];
  }

  /** In the middle of the screen. */
  #place(width, height) {
    const middle = (all, own) => Math.floor((all - own) / 2);
    return this.#post("window/rect", { x: middle(SCREEN.width, width), y: middle(SCREEN.height, height), width, height });
  }

  /** Waiting is ours: the server's own waits for scripts that hang, too. */
  async goto(url) {
    await this.evaluate("() => { document.spro = true; }", []);
    await this.#post("url", { url });
    await this.#until(() => this.evaluate(`() => !document.spro && document.readyState !== "loading"`, []));
  }

  async evaluate(source, values, framed = false) {
    if (framed) await this.#post("frame", { id: await this.#frame() });
    try {
      const answer = await this.#post("execute/async", {
        script: `const done = arguments[1];
          (async () => {
            try { done(JSON.stringify({ value: await (${source})(...JSON.parse(arguments[0])) })); }
            catch (error) { done(JSON.stringify({ error: String(error) })); }
          })();`,
        args: [JSON.stringify(values)],
      });
      const { value, error } = JSON.parse(answer);
      if (error) throw new Error(error);
      return value;
    } finally {
      if (framed) await this.#post("frame", { id: null });
    }
  }

  /** The first frame, as a reference that can be gone into. */
  async #frame() {
    const frame = await this.#post("execute/sync", {
      script: `return document.querySelector("spro-guide")?.shadowRoot?.querySelector("iframe") ?? document.querySelector("iframe");`,
      args: [],
    });
    if (!frame) throw new Error("no frame");
    return frame;
  }

  async press(key) {
    await this.#post("actions", { actions: keyActions(key) });
  }

  async click(x, y) {
    await this.#post("actions", { actions: clickActions(x, y) });
  }

  async screenshot() {
    return Buffer.from(await this.#call("GET", `${this.session}/screenshot`), "base64");
  }

  /** MiniBrowser keeps what the console says to itself. */
  console() {
    return null;
  }

  async close() {
    if (this.session) await this.#call("DELETE", this.session).catch(() => {});
    await end(this.server);
    await end(this.screen);
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

let asked = process.pid * 16;

/**
 * A port that nobody has: the server wants to be told one. Each process begins its search at its
 * own number, below those that the system gives away, so that no two that start at once find the
 * same.
 */
async function freePort() {
  for (;;) {
    const port = 10_000 + ((asked += 1) % 20_000);
    const isFree = await new Promise((done) => {
      const probe = createServer().once("error", () => done(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
    });
    if (isFree) return port;
  }
}
