// What the element shows. The first question is drawn here, at once; everything after it by the
// WebAssembly module, which comes while the visitor reads. This file loads the module and the
// pieces, checked, and tells the module about the element's life.

import init, { Instance } from "./widget.js";
import { counter } from "./count.js";
import { draw } from "./first.js";
import { tagOf } from "./language.js";
import { locate } from "./locate.js";
import { copy, print } from "./paper.js";
import { report } from "./report.js";
import { watchColours } from "./theme.js";
import css from "./style.css";

/** Where both parts of the module are. */
const FOLDER = new URL(".", import.meta.url).pathname;
/** The hashes of the build's other files, by name. */
const HASHES = __HASHES__;
/** The attributes that the style sheet follows, and what they may say. */
const LOOKS = { theme: ["light", "dark"], look: ["dsfr"], layout: ["compact"] };

let sheet;
let module;
const alive = new Set();
const kept = new Map();
/** SHA-256 of each piece that was told of, in hex, by its address. */
const hashes = new Map();

/** The style sheet, one for all instances; adopted, so that `style-src 'self'` allows it. */
function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

/** Once for the page; after a failure, again for who asks next. */
function once(key, make) {
  if (!kept.has(key)) {
    const made = make();
    kept.set(key, made);
    made.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

/** A hash in hex as `integrity` writes it. */
const integrity = (hex) => `sha256-${btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16))))}`;

const address = (snapshot, name) => `v1/${snapshot}/${name}.bin`;

/**
 * Reads what is read first, which ends with a sum of all before it (`shared/src/first.rs`), and
 * learns the hashes that it tells.
 */
function learn(text) {
  const end = text.lastIndexOf(",");
  let sum = 0;
  for (let at = 0; at < end; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 16777619);
  const first = JSON.parse(text);
  if (first.sum !== sum >>> 0) throw new Error("what was read first is not what was sent");
  for (const [name, hex] of Object.entries(first.pieces)) hashes.set(address(first.snapshot, name), hex);
  return first;
}

/** The nearest language to a tag that the build has texts of its own in; none for French. */
function textsFor(tag) {
  for (let near = tag; near; near = near.slice(0, Math.max(0, near.lastIndexOf("-")))) {
    if (HASHES[`texts.${near}.txt`]) return `texts.${near}.txt`;
  }
}

const HELD = ["click", "submit"];
// Whether the last click, however often, pressed what goes on.
let pressed;

/**
 * Whatever happens to the module, an answer never goes into the address of the page; and the second
 * press of a double click does not answer the question that has come meanwhile.
 */
function hold(event) {
  if (event.type === "click") {
    const on = (which) => event.target.closest(which);
    if (event.detail < 2) pressed = on(".choice, [type=submit]");
    if (event.detail < 2 || !(pressed || on(".choice"))) return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** A trap in the module leaves every instance unusable: each goes down a rung. */
function onError(event) {
  if (event.error instanceof WebAssembly.RuntimeError && String(event.error.stack).includes(FOLDER)) {
    for (const guide of [...alive]) guide.fail("stopped");
  }
}

/** The guide in one element, from its start to its end. */
export class Guide {
  #host;
  #root;
  #context;
  // What was read first, and what shows it.
  #first;
  #screen;
  // The module's view, once the visitor has gone on.
  #instance;
  // The language asked for: by the host, then by whoever asked last.
  #asked;
  // The one that the visitor chose.
  #chosen;
  #turn = {};
  #pending = false;
  // Stops keeping the host's colours readable.
  #colours;
  // The answer that waits for the module.
  #answer;
  // Counts, where the deployment does.
  #count;

  /** `context` is what the loader does: `first`, `ask`, `fail`, and the name of the build. */
  constructor(host, root, context) {
    this.#host = host;
    this.#root = root;
    this.#context = context;
    // The loader's own sheet stays: it keeps the room.
    root.adoptedStyleSheets = [styles(), ...root.adoptedStyleSheets.filter((one) => one !== sheet)];
    for (const type of HELD) root.addEventListener(type, hold, true);
    if (alive.size === 0) addEventListener("error", onError);
    alive.add(this);
  }

  /** Shows the first question. */
  async start() {
    // It takes longest, and needs nothing of what is read first.
    this.#load().catch(() => {});
    const tag = (this.#asked = tagOf(this.#host));
    const first = await this.#read(tag).catch(() => Promise.reject("data-failed"));
    if (!alive.has(this)) return;
    if (first.format !== __FORMAT__) throw "unreadable-guide";
    this.#first = first;
    if (first.count) this.#count = counter();
    // Whoever has begun with what is inside the tag is left alone.
    if (this.#host.querySelector("form :focus")) throw "begun";
    const focused = this.#host.contains(document.activeElement);
    if (first.question) this.#draw(first);
    else await this.#mount();
    if (focused) this.#root.querySelector("h2")?.focus({ preventScroll: true });
    // The host may have changed its mind meanwhile.
    this.changed();
    // Everything else comes while the question is read, and then what only the result needs.
    this.#prepare(first).then(
      () => this.#later().catch(() => {}),
      (code) => this.fail(code),
    );
  }

  /** What is read first in a language; asked for again where it came damaged. */
  async #read(tag, again) {
    const read = (anew) => this.#context.first(tag, anew).then(learn);
    return again ? read(true) : read().catch(() => read(true));
  }

  #draw(first) {
    this.#first = first;
    this.#screen = draw(first, {
      speak: (language) => this.#speak((this.#chosen = language)),
      answer: (choice) => this.#goOn(choice),
      about: async () => {
        await this.#goOn();
        const button = this.#root.querySelector(".about-open button");
        // Where the panel gives the focus back to.
        button?.focus({ preventScroll: true });
        button?.click();
      },
    });
    this.#root.replaceChildren(this.#screen.section);
    this.#dress();
    this.#colours ??= watchColours(this.#host, this.#root);
    this.#tell("step", { question: first.question.id, number: 1 });
    this.#count?.(`step ${first.question.id}`);
  }

  /**
   * The module, what decides, what that says in a language, and the texts of the build, without which it
   * may speak French; each once for the page.
   */
  #prepare(first, withWords) {
    const { ask } = this.#context;
    const file = textsFor(first.language);
    const words = () => ask(`${this.#context.build}/${file}`, HASHES[file]).then((response) => response.text());
    const texts = file ? once(file, words).catch((error) => (withWords ? Promise.reject(error) : "")) : "";
    const piece = (name) =>
      once(address(first.snapshot, name), () => this.#piece(first.snapshot, name)).catch(() =>
        Promise.reject("data-failed"),
      );
    return Promise.all([piece("guide"), piece(`texts.${first.language}`), texts, this.#load()]);
  }

  /** The module, once for the page; after a failure, again for who asks next. */
  #load() {
    const { ask, build } = this.#context;
    return (module ??= ask(`${build}/element_bg.wasm`, HASHES["element_bg.wasm"])
      .then((response) => init({ module_or_path: response }))
      .catch(() => {
        module = undefined;
        return Promise.reject("wasm-failed");
      }));
  }

  /** What of the module may come later, once for the page; it takes what both parts need from the first. */
  #later() {
    const file = "later.wasm";
    const { ask, build } = this.#context;
    const come = async () => {
      const exports = await this.#load();
      const response = await ask(`${build}/${file}`, HASHES[file]);
      await WebAssembly.instantiateStreaming(response, { __wasm_split: exports });
    };
    return HASHES[file] ? once(file, come) : Promise.resolve();
  }

  #piece(snapshot, name, told) {
    const path = address(snapshot, name);
    const hex = told ?? hashes.get(path);
    if (!hex) return Promise.reject(new Error(`${name} is no piece of ${snapshot}`));
    return this.#context.ask(path, integrity(hex)).then(async (response) => new Uint8Array(await response.arrayBuffer()));
  }

  /** Hands over to the module, with the answer if there is one. */
  async #goOn(answer) {
    this.#answer = answer;
    const waiting = setTimeout(this.#screen.announce, 200, "loading");
    try {
      await this.#mount(answer);
    } catch (code) {
      this.fail(code);
    } finally {
      clearTimeout(waiting);
    }
  }

  async #mount(answer) {
    const turn = (this.#turn = {});
    const first = this.#first;
    const [guide, words, texts] = await this.#prepare(first);
    // Pressed twice, removed, or another language meanwhile.
    if (turn !== this.#turn || this.#instance) return;
    const calls = {
      piece: (...piece) => this.#piece(...piece),
      later: () =>
        this.#later().catch((error) => {
          this.fail("wasm-failed");
          throw error;
        }),
      renew: () => this.#renew(),
      speak: (tag) => this.#speak((this.#chosen = tag)),
      print,
      copy,
      locate,
      report: first.reports === false ? undefined : report,
      count: this.#count,
    };
    try {
      this.#instance = Instance.mount(this.#host, first.snapshot, guide, words, texts, calls, !!this.#screen, answer);
    } catch (error) {
      throw typeof error === "string" ? error : "stopped";
    }
    this.#screen = undefined;
    this.#dress();
    this.#colours ??= watchColours(this.#host, this.#root);
  }

  /** Several attributes written in a row are one change. */
  changed() {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (!alive.has(this)) return;
      this.#dress();
      if (this.#instance) this.#guard(() => this.#instance.update(this.#host));
      const tag = tagOf(this.#host);
      // What is not shown yet looks again once it is.
      if (tag === this.#asked || !(this.#screen || this.#instance)) return;
      this.#asked = tag;
      this.#speak(tag);
    });
  }

  /** Looks as the host asks; a typo is as good as nothing. */
  #dress() {
    // None where the host has removed the element meanwhile.
    const section = this.#root.querySelector(".guide");
    if (!section) return;
    // Who has chosen a language here needs no machine's.
    if (this.#chosen === this.#first.language) section.translate = false;
    else section.removeAttribute("translate");
    for (const [name, known] of Object.entries(LOOKS)) {
      const value = this.#host.getAttribute(name)?.trim();
      if (known.includes(value)) section.dataset[name] = value;
      else delete section.dataset[name];
    }
  }

  /** A piece cannot be had: perhaps its snapshot is gone. Goes on with the newest, if there is one. */
  async #renew() {
    const before = this.#first;
    const first = await this.#read(before.language, true).catch(() => undefined);
    if (!first || !this.#instance || this.#first !== before || first.snapshot === before.snapshot) return;
    const ready = await this.#prepare(first).catch(() => undefined);
    if (ready && this.#instance && this.#first === before) this.#replace(first, ready);
  }

  /** Speaks another language. Where it does not come, the visit goes on in the one before. */
  async #speak(language) {
    const turn = (this.#turn = {});
    try {
      const first = await this.#read(language);
      const ready = this.#instance && (await this.#prepare(first, true));
      if (turn !== this.#turn || !alive.has(this)) return;
      if (this.#instance) this.#replace(first, ready);
      else if (first.question) this.#translate(first);
    } catch {
      if (turn !== this.#turn || !alive.has(this)) return;
      if (this.#instance) this.#guard(() => this.#instance.stay());
      else this.#screen?.announce("language_failed");
    }
  }

  #replace(first, [guide, words, texts]) {
    this.#guard(() => {
      this.#instance.goOn(first.snapshot, guide, words, texts);
      this.#first = first;
      this.#dress();
    });
  }

  /** The first question in another language: the focus stays. */
  #translate(first) {
    const focused = this.#root.activeElement;
    this.#draw(first);
    const { heading, announce, speaking } = this.#screen;
    if (focused) (focused.closest(".languages") ? speaking() : heading).focus({ preventScroll: true });
    announce("language_changed", true);
    this.#prepare(first).catch((code) => this.fail(code));
    // What was pressed in the language before still counts.
    if (this.#answer) this.#goOn(this.#answer);
  }

  #tell(name, detail) {
    this.#host.dispatchEvent(new CustomEvent(`spro-guide:${name}`, { bubbles: true, composed: true, detail }));
  }

  /** Goes down a rung. */
  fail(code) {
    if (alive.has(this)) this.#context.fail(code);
  }

  /** Ends; the root is the loader's. */
  stop() {
    const instance = this.#instance;
    this.#instance = this.#screen = undefined;
    this.#turn = {};
    alive.delete(this);
    this.#colours?.();
    if (alive.size === 0) removeEventListener("error", onError);
    for (const type of HELD) this.#root.removeEventListener(type, hold, true);
    if (instance) this.#guard(() => instance.unmount());
  }

  #guard(call) {
    try {
      call();
    } catch {
      this.fail("stopped");
    }
  }
}
