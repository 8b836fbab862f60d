// The custom element. Everything it shows is made by the WebAssembly module; this file only
// loads it, tells it about the element's life, and keeps the link inside the tag in view
// whenever something is missing.

import init, { Instance } from "./widget.js";
import { guideOf, tagOf } from "./language.js";
import { copy, print } from "./paper.js";
import css from "./style.css";

const MODULE = new URL("element_bg.wasm", import.meta.url);
// The API is where this file comes from: /{build}/element.js.
const ORIGIN = new URL("..", import.meta.url).href.replace(/\/$/, "");
// The languages that the build has the element's own texts in; it always has them in French.
const TEXTS = __TEXTS__;
const OBSERVED = ["lang", "territory", "commune", "network", "theme", "level"];
const PATIENCE = 15_000;

let sheet;
let module;
const loads = new Map();
const alive = new Set();

/** The style sheet, one for all instances; adopted, so that `style-src 'self'` allows it. */
function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

/** Asks once; after a failure the next element asks again. */
function remember(promise, forget) {
  promise.catch(forget);
  return promise;
}

function loadModule() {
  module ??= remember(init({ module_or_path: MODULE }), () => (module = undefined));
  return module;
}

function load(url, read) {
  if (!loads.has(url)) {
    // As the loader preloads it; to another origin this sends no cookie.
    const options = { credentials: "same-origin", referrerPolicy: "no-referrer", signal: AbortSignal.timeout?.(PATIENCE) };
    const body = fetch(url, options).then((response) => {
      if (!response.ok) throw new Error(`${url} ${response.status}`);
      return response[read]();
    });
    loads.set(url, remember(body, () => loads.delete(url)));
  }
  return loads.get(url);
}

const guideUrl = (tag) => `${ORIGIN}/${guideOf(tag)}`;
const loadGuide = (tag) => load(guideUrl(tag), "arrayBuffer");

/** The element's own texts in the nearest language that the build has; none for French. */
function loadTexts(tag) {
  for (let near = tag; near; near = near.slice(0, Math.max(0, near.lastIndexOf("-")))) {
    if (TEXTS.includes(near)) return load(new URL(`texts.${near}.txt`, import.meta.url).href, "text");
  }
  return "";
}

/** The snapshot that a guide belongs to: its first 32 bytes. */
const snapshot = (guide) => new TextDecoder().decode(guide.slice(0, 32));

/** A trap in the module leaves every instance unusable: each shows its fallback. */
function onError(event) {
  if (event.error instanceof WebAssembly.RuntimeError && String(event.error.stack).includes(MODULE.pathname)) {
    for (const element of [...alive]) element.fail("stopped");
  }
}

export class SproGuideElement extends HTMLElement {
  static observedAttributes = OBSERVED;

  #instance;
  #guide;
  #texts;
  // The language asked for: by the host, then by whoever asked last.
  #host;
  #language;
  #loading;
  #pending = false;
  #root;

  connectedCallback() {
    if (!this.#root) {
      // A declarative root from the server would be here already.
      this.#root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      this.#root.adoptedStyleSheets = [styles()];
      // Whatever happens to the module, an answer never goes into the address of the page.
      this.#root.addEventListener("submit", (event) => event.preventDefault());
      this.#showFallback();
    }
    if (alive.size === 0) addEventListener("error", onError);
    alive.add(this);
    if (!this.#instance) this.#start();
  }

  disconnectedCallback() {
    // Moving an element disconnects then connects it: the visit must survive that.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#stop();
      alive.delete(this);
      if (alive.size === 0) removeEventListener("error", onError);
    });
  }

  attributeChangedCallback(_name, before, after) {
    if (before === after || this.#pending) return;
    // Several attributes written in a row are one change.
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (!this.isConnected || !this.#instance) return;
      this.#guard(() => this.#instance.update(this));
      const asked = tagOf(this);
      if (asked === this.#host) return;
      this.#host = asked;
      this.#speak(asked);
    });
  }

  /** Shows what the host wrote inside the tag, and says why. */
  fail(code, error) {
    this.#stop();
    this.#showFallback();
    console.warn(`spro-guide: the link inside the element is shown instead (${code})`, error ?? "");
    this.dispatchEvent(
      new CustomEvent("spro-guide:error", { bubbles: true, composed: true, detail: { code } }),
    );
  }

  #showFallback() {
    this.#root.replaceChildren(document.createElement("slot"));
  }

  async #start() {
    const language = (this.#host = tagOf(this));
    const turn = (this.#loading = {});
    try {
      // Without its own texts the guide speaks all the same, in French where it says them.
      const texts = Promise.resolve(loadTexts(language)).catch(() => "");
      const [guide, words] = await Promise.all([loadGuide(language), texts, loadModule()]);
      // Removed, or started again, while it was loading.
      if (turn !== this.#loading || !this.isConnected || this.#instance) return;
      const calls = {
        renew: () => this.#renew(),
        speak: (tag) => this.#speak(tag),
        print: (sheet) => print(this.#root, sheet),
        copy,
      };
      this.#instance = Instance.mount(this, this.#root, ORIGIN, new Uint8Array(guide), words, calls);
      this.#keep(language, guide, words);
      // The host changed its mind meanwhile.
      if (tagOf(this) !== this.#host) this.#speak((this.#host = tagOf(this)));
    } catch (error) {
      if (turn === this.#loading) this.fail(typeof error === "string" ? error : "unavailable", error);
      return;
    }
    this.dispatchEvent(new CustomEvent("spro-guide:ready", { bubbles: true, composed: true, detail: {} }));
  }

  #keep(language, guide, texts) {
    this.#language = language;
    this.#guide = guide;
    this.#texts = texts;
  }

  /** Goes on with another guide; the visit stays what it is. */
  #goOn(language, guide, texts) {
    this.#guard(() => {
      this.#instance.goOn(new Uint8Array(guide), texts);
      this.#keep(language, guide, texts);
    });
  }

  /** A piece cannot be had: perhaps its snapshot is gone. Goes on with the newest, if there is one. */
  async #renew() {
    const language = this.#language;
    const before = this.#guide;
    loads.delete(guideUrl(language));
    const guide = await loadGuide(language).catch(() => undefined);
    if (!guide || !this.#instance || this.#guide !== before || snapshot(guide) === snapshot(before)) return;
    this.#goOn(language, guide, this.#texts);
  }

  /** Speaks another language. Where it does not come, the visit goes on in the one before. */
  async #speak(language) {
    const turn = (this.#loading = {});
    try {
      const [guide, texts] = await Promise.all([loadGuide(language), loadTexts(language)]);
      if (turn === this.#loading && this.#instance) this.#goOn(language, guide, texts);
    } catch {
      if (turn === this.#loading && this.#instance) this.#guard(() => this.#instance.stay());
    }
  }

  #stop() {
    const instance = this.#instance;
    this.#instance = this.#loading = undefined;
    if (instance) {
      this.#guard(() => instance.unmount());
      this.#showFallback();
    }
  }

  #guard(call) {
    try {
      call();
    } catch (error) {
      if (this.#instance) this.fail("stopped", error);
    }
  }
}

// A page may carry the snippet twice.
if (!customElements.get("spro-guide")) customElements.define("spro-guide", SproGuideElement);
