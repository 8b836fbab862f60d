// Firefox, through the WebDriver BiDi that it speaks by itself.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { clickActions, end, keyActions, printed, turn } from "./wire.mjs";

/** A profile that asks nobody anything and speaks French. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "intl.accept_languages": "fr-FR, fr",
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  // Only BiDi, hence no second protocol to wait for.
  "remote.active-protocols": 1,
  "services.settings.server": "data:,",
  "toolkit.telemetry.enabled": false,
};

export class Firefox {
  static title = "Firefox ESR";

  static async launch({ javaScript }) {
    const driver = new Firefox();
    driver.javaScript = javaScript;
    driver.profile = await mkdtemp(join(tmpdir(), "spro-firefox-"));
    const preferences = { ...PREFERENCES, "javascript.enabled": javaScript };
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    await writeFile(join(driver.profile, "user.js"), lines.join(""));
    const options = ["--headless", "--no-remote", "--profile", driver.profile, "--remote-debugging-port", "0", "about:blank"];
    driver.program = spawn(process.env.FIREFOX || "firefox-esr", options, {
      // What it keeps beside the profile goes with it.
      env: { ...process.env, HOME: driver.profile },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { stdout, stderr } = driver.program;
    const address = await printed(driver.program, /WebDriver BiDi listening on (ws:\S+)/, [stdout, stderr]);
    await driver.#connect(`${address}/session`);
    await driver.#call("session.new", { capabilities: {} });
    await driver.#call("session.subscribe", { events: ["log.entryAdded"] });
    return driver;
  }

  #waiting = new Map();
  #last = 0;

  async #connect(address) {
    this.socket = new WebSocket(address);
    this.socket.on("message", (text) => this.#hear(JSON.parse(text)));
    await new Promise((opened, refused) => this.socket.once("open", opened).once("error", refused));
  }

  #hear({ id, type, error, message, result, method, params }) {
    if (type === "event") {
      if (method === "log.entryAdded" && params.source.context === this.context) this.lines.push(params.text);
      return;
    }
    const { done, failed } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === "error") failed(new Error(`${error}: ${message}`));
    else done(result);
  }

  #call(method, params = {}) {
    const id = (this.#last += 1);
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async fresh({ width, height }) {
    if (this.user) await this.#call("browser.removeUserContext", { userContext: this.user });
    this.lines = [];
    ({ userContext: this.user } = await this.#call("browser.createUserContext"));
    ({ context: this.context } = await this.#call("browsingContext.create", { type: "tab", userContext: this.user }));
    await this.#call("browsingContext.setViewport", { context: this.context, viewport: { width, height } });
    await this.#call("emulation.setLocaleOverride", { contexts: [this.context], locale: "fr-FR" });
  }

  async goto(url) {
    if (this.javaScript) return void (await this.#call("browsingContext.navigate", { context: this.context, url, wait: "interactive" }));
    // Firefox waits for a script of its own, which does not run either.
    await this.evaluate("() => { document.spro = true; }", []);
    await this.#call("browsingContext.navigate", { context: this.context, url, wait: "none" });
    while (!(await this.evaluate(`() => !document.spro && document.readyState !== "loading"`, []))) await turn();
  }

  async evaluate(source, values, framed = false) {
    const { result, type, exceptionDetails } = await this.#call("script.callFunction", {
      // Texts in and out: the protocol's own way of writing values is another one. Where scripts do
      // not run, no promise is ever kept.
      functionDeclaration: this.javaScript
        ? `async (values) => JSON.stringify(await (${source})(...JSON.parse(values)))`
        : `(values) => JSON.stringify((${source})(...JSON.parse(values)))`,
      arguments: [{ type: "string", value: JSON.stringify(values) }],
      awaitPromise: this.javaScript,
      target: { context: framed ? await this.#frame() : this.context },
    });
    if (type === "exception") throw new Error(exceptionDetails.text);
    return result.value === undefined ? undefined : JSON.parse(result.value);
  }

  async #frame() {
    const { contexts } = await this.#call("browsingContext.getTree", { root: this.context });
    const child = contexts[0].children[0];
    if (!child) throw new Error("no frame");
    return child.context;
  }

  /** Where a key goes: a system's keyboard finds the frame that has the focus, BiDi does not. */
  async #focused() {
    const { contexts } = await this.#call("browsingContext.getTree", { root: this.context });
    if (contexts[0].children.length === 0) return this.context;
    const isThere = await this.evaluate("() => document.hasFocus()", [], true);
    return isThere ? contexts[0].children[0].context : this.context;
  }

  async press(key) {
    await this.#call("input.performActions", { context: await this.#focused(), actions: keyActions(key) });
  }

  async click(x, y) {
    await this.#call("input.performActions", { context: this.context, actions: clickActions(x, y) });
  }

  async screenshot() {
    const { data } = await this.#call("browsingContext.captureScreenshot", { context: this.context });
    return Buffer.from(data, "base64");
  }

  console() {
    return this.lines;
  }

  async close() {
    this.socket?.close();
    await end(this.program);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
