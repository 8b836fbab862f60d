// The custom element. Everything it shows is made by the WebAssembly module; this file only
// loads it, tells it about the element's life, and keeps the link inside the tag in view
// whenever something is missing.

import init, { Instance } from "./widget.js";
import css from "./style.css";

const MODULE = new URL("element_bg.wasm", import.meta.url);
// The API is where this file comes from: /{build}/element.js.
const ORIGIN = new URL("..", import.meta.url).href.replace(/\/$/, "");
const LANGUAGES = ["fr"];
const OBSERVED = ["lang", "territory", "commune", "network", "theme", "level"];
const PATIENCE = 15_000;

let sheet;
let module;
const guides = new Map();
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

function loadGuide(language) {
  if (!guides.has(language)) {
    const url = `${ORIGIN}/v1/guide.bin?lang=${language}`;
    // As the loader preloads it; to another origin this sends no cookie.
    const options = { credentials: "same-origin", referrerPolicy: "no-referrer", signal: AbortSignal.timeout?.(PATIENCE) };
    const guide = fetch(url, options).then((response) => {
      if (!response.ok) throw new Error(`guide ${response.status}`);
      return response.arrayBuffer();
    });
    guides.set(language, remember(guide, () => guides.delete(language)));
  }
  return guides.get(language);
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
      if (this.#wanted() === this.#language) this.#guard(() => this.#instance.update(this));
      else this.#restart();
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

  #wanted() {
    const language = (this.lang || "fr").slice(0, 2).toLowerCase();
    return LANGUAGES.includes(language) ? language : "fr";
  }

  #showFallback() {
    this.#root.replaceChildren(document.createElement("slot"));
  }

  async #start() {
    const language = this.#wanted();
    const turn = (this.#loading = {});
    try {
      const [guide] = await Promise.all([loadGuide(language), loadModule()]);
      // Removed, or started again, while it was loading.
      if (turn !== this.#loading || !this.isConnected || this.#instance) return;
      this.#mount(language, guide, "");
    } catch (error) {
      if (turn === this.#loading) this.fail(typeof error === "string" ? error : "unavailable", error);
      return;
    }
    this.dispatchEvent(new CustomEvent("spro-guide:ready", { bubbles: true, composed: true, detail: {} }));
  }

  #mount(language, guide, answers) {
    const renew = () => this.#renew();
    this.#instance = Instance.mount(this, this.#root, ORIGIN, new Uint8Array(guide), answers, renew);
    this.#language = language;
    this.#guide = guide;
  }

  /** A piece cannot be had: perhaps its snapshot is gone. Goes on with the newest, if there is one. */
  async #renew() {
    const language = this.#language;
    const before = snapshot(this.#guide);
    guides.delete(language);
    const guide = await loadGuide(language).catch(() => undefined);
    this.#guard(() => {
      if (!guide || !this.#instance || snapshot(guide) === before) return;
      const answers = this.#instance.answers();
      this.#stop();
      this.#mount(language, guide, answers);
    });
  }

  #restart() {
    this.#stop();
    this.#start();
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
