// /spro-guide.js: always current, kept for a few minutes only; and /{build}/spro-guide.js, the
// same for ever. It defines the element and chooses the rung that it stands on: the element
// itself, else our page in a frame, else the link that is inside the tag. Nothing more is
// fetched before the element is near the screen or touched, and nothing that is fetched runs
// before its hash was compared.
//
// It runs as a module or as a plain script, whichever the page's tag or a tool that puts the tag
// back makes of it: it has no import, no export and no `import.meta` once it is bundled.
import { firstOf, tagOf } from "./language.js";
import { reserve } from "./reserve.js";

const BUILD = "__BUILD__";
const HASHES = { "element.js": "__ELEMENT__", "framed.js": "__FRAMED__", "doctor.js": "__DOCTOR__" };
/** The tag of a plain script; a module has none, but its address is in any error. */
const tag = document.currentScript;
const FROM = tag?.src || /\w+:\/\/\S+?\/spro-guide\.js/.exec(Error().stack)[0];
// This file is beside the folder of its build, or in it.
const BASE = new URL(FROM.includes(`/${BUILD}/`) ? ".." : ".", FROM).href;
/**
 * In some browsers an import map counts only above the first module: a plain script asks for
 * modules once the whole page has been read.
 */
const parsed =
  tag && document.readyState === "loading" && new Promise((done) => document.addEventListener("readystatechange", done));
/** What a person waits for any rung, in milliseconds. */
const PATIENCE = 3000;
const ATTRIBUTES = ["territory", "commune", "network", "theme", "level", "look", "layout", "frame"];
const NEAR = ["pointerover", "focusin"];

/** Fails when the visitor has waited long enough. */
const patience = () => {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, "slow"));
  late.catch(() => {});
  return late;
};

/** Asks for bytes as every request of ours is: without cookies, without the page's address. */
const ask = (path, integrity) =>
  fetch(BASE + path, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    integrity,
    signal: AbortSignal.timeout?.(15_000),
  }).then((response) => (response.ok ? response : Promise.reject(response.status)));

/**
 * Imports a file of the build once its bytes are what the build made. A preloaded module goes
 * into the page's module map, checked, and is what `import` then finds there; WebKit preloads
 * without checking, so a script goes there instead, which Trusted Types would refuse elsewhere.
 */
const load = (file) => {
  const path = `${BUILD}/${file}`;
  const href = BASE + path;
  const integrity = HASHES[file];
  const apple = /^Apple/.test(navigator.vendor);
  const node = document.createElement(apple ? "script" : "link");
  return new Promise((onload, onerror) => {
    if (!apple && !node.relList.supports("modulepreload")) onerror();
    Object.assign(node, { crossOrigin: "anonymous", referrerPolicy: "no-referrer", integrity, onload, onerror });
    Object.assign(node, apple ? { type: "module", src: href } : { rel: "modulepreload", href });
    document.head.append(node);
  })
    .finally(() => node.remove())
    // A browser, or a policy, that has neither.
    .catch(() => ask(path, integrity))
    .then(() => import(href));
};

/** What is read first, by language: one request for all elements of a page. */
const firsts = new Map();
const first = (tag, again) => {
  if (again || !firsts.has(tag)) {
    const read = ask(firstOf(tag)).then((response) => response.text());
    firsts.set(tag, read);
    // After a failure the next element asks again.
    read.catch(() => firsts.delete(tag));
  }
  return firsts.get(tag);
};

/** Whether this page can run WebAssembly: its policy may forbid what its browser can do. */
const mayRun = () => {
  if (typeof WebAssembly !== "object") throw "no-wasm";
  try {
    // WebKit refuses no module, only an instance.
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    throw "wasm-forbidden";
  }
};

class SproGuide extends HTMLElement {
  static observedAttributes = ["lang", ...ATTRIBUTES];

  /** The colours of the host that had to be corrected to be readable. */
  corrections = [];
  #root;
  #room;
  #guide;
  // What is under way; whatever belongs to an earlier one comes too late.
  #turn;
  #away;
  #rung = "";
  #why = [];

  /** The rung that the element stands on: `element`, `frame`, `link`, or nothing yet. */
  get rung() {
    return this.#rung;
  }

  connectedCallback() {
    for (const name of ATTRIBUTES) {
      // A page may have set it before this class was there.
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    // Where only the link was to be had, there is perhaps more by now.
    if (!this.#turn || this.#rung === "link") this.#wait();
  }

  disconnectedCallback() {
    // Moving an element disconnects then connects it: the visit must survive that.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#leave();
      this.#turn = this.#root = undefined;
    });
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after) this.#guide?.changed();
  }

  /** Waits until the element is near the screen or touched. */
  #wait() {
    const turn = (this.#turn = {});
    // A copy of an element says where that one stood.
    this.#leave();
    const root = this.#open();
    this.#room ??= reserve(this, root);
    let observer;
    const away = () => {
      observer?.disconnect();
      for (const name of NEAR) this.removeEventListener(name, near);
    };
    const near = () => {
      away();
      // Once, even where a page keeps listeners from being removed.
      if (turn !== this.#turn || turn.near) return;
      turn.near = true;
      this.#climb(turn);
    };
    this.#away = away;
    for (const name of NEAR) this.addEventListener(name, near);
    try {
      observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && near(), {
        rootMargin: "100% 0px",
      });
      observer.observe(this);
    } catch {
      // Some pages take it away.
      near();
    }
  }

  /** Takes the highest rung that there is. */
  async #climb(turn) {
    this.#why = [];
    await parsed;
    const late = patience();
    try {
      if (this.frame === "first") throw undefined;
      mayRun();
      first(tagOf(this)).catch(() => {});
      const { Guide } = await Promise.race([load("element.js").catch(() => Promise.reject("script-failed")), late]);
      if (turn !== this.#turn) return;
      const guide = new Guide(this, this.#open(), {
        first,
        ask,
        build: BUILD,
        fail: (code) => turn === this.#turn && this.#fall(turn, code),
      });
      // Whoever leaves meanwhile stops it.
      this.#guide = guide;
      await Promise.race([guide.start(), late]);
      if (turn === this.#turn) this.#stand("element");
    } catch (code) {
      if (turn === this.#turn) this.#fall(turn, code, late);
    }
  }

  /** Goes down to the frame, else to the link. */
  async #fall(turn, code, late = patience()) {
    this.#leave();
    if (code) this.#why.push(typeof code === "string" ? code : "stopped");
    // A page that answers nothing answers nothing in a frame.
    if (code !== "slow") {
      try {
        if (this.frame === "none") throw "frame-off";
        const { frame } = await Promise.race([load("framed.js"), late]);
        if (turn !== this.#turn) return;
        const framed = frame(this, this.#open(), BASE, ATTRIBUTES);
        this.#away = framed.stop;
        await Promise.race([framed.shown, late]);
        if (turn === this.#turn) this.#stand("frame");
        return;
      } catch (reason) {
        if (turn !== this.#turn) return;
        this.#leave();
        this.#why.push(reason === "frame-off" ? reason : "frame-failed");
      }
    }
    this.#stand("link");
  }

  /** The root, with the link inside the tag in view. */
  #open() {
    this.#root ??= this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.#root.replaceChildren(document.createElement("slot"));
    return this.#root;
  }

  /** Stops whatever goes on, and shows the link. */
  #leave() {
    this.#away?.();
    this.#guide?.stop();
    this.#away = this.#guide = undefined;
    this.#rung = "";
    delete this.dataset.rung;
    delete this.dataset.rungWhy;
    if (this.#root) this.#open();
  }

  /** Says where the element stands: to the page, and to whoever reads its console. */
  #stand(rung) {
    const why = this.#why.join(", ");
    this.#rung = rung;
    if (rung !== "element") this.#room();
    this.dataset.rung = rung;
    if (why) this.dataset.rungWhy = why;
    console[why ? "warn" : "info"]?.(`spro-guide: ${rung}${why && ` (${why})`}`);
    const tell = (name, detail) =>
      this.dispatchEvent(new CustomEvent(`spro-guide:${name}`, { bubbles: true, composed: true, detail }));
    if (rung === "link") tell("error", { code: this.#why[0] });
    else tell("ready", { rung });
    if (/[?&]spro-doctor\b/.test(location.search)) {
      load("doctor.js").then((doctor) => doctor.default(this, rung, this.#why), () => {});
    }
  }
}

for (const name of ATTRIBUTES) {
  Object.defineProperty(SproGuide.prototype, name, {
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

// A page may carry the snippet twice.
if (!customElements.get("spro-guide")) {
  customElements.define("spro-guide", SproGuide);
  // A page that the browser kept, and comes back to, may have lost its requests when it was left.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const one of document.querySelectorAll("spro-guide")) one.connectedCallback();
  });
}
