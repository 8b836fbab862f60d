// A page in whichever engine, and what a person does in it.

import { turn } from "./wire.mjs";

/** When something is given up that should have come: far beyond what it takes on a machine that has other things to do. */
const PATIENCE = 60_000;

export class Page {
  #driver;

  constructor(driver) {
    this.#driver = driver;
  }

  /** Calls a function in the page, with values; what it returns or promises must be JSON. */
  evaluate(call, ...values) {
    return this.#driver.evaluate(String(call), values);
  }

  /** The same in the page that the first frame shows, even where it is another site's. */
  inFrame(call, ...values) {
    return this.#driver.evaluate(String(call), values, true);
  }

  /** Asks until the answer is neither false nor nothing, and returns it. */
  async until(call, ...values) {
    return this.#until(() => this.evaluate(call, ...values), `${call.name || call} ${JSON.stringify(values)}`);
  }

  async untilInFrame(call, ...values) {
    return this.#until(() => this.inFrame(call, ...values), `in the frame: ${call.name || call} ${JSON.stringify(values)}`);
  }

  async #until(ask, what) {
    const end = Date.now() + PATIENCE;
    let trouble;
    while (Date.now() < end) {
      try {
        const answer = await ask();
        if (answer) return answer;
        trouble = undefined;
      } catch (error) {
        // A page on its way to another answers nothing.
        trouble = error;
      }
      await turn();
    }
    throw new Error(`never came true: ${what}${trouble ? ` (${trouble.message})` : ""}`);
  }

  /** Presses keys one after the other: "Tab", "Shift+Tab", "ArrowDown", "a". */
  async press(...keys) {
    for (const key of keys) await this.#driver.press(key);
  }

  /** Types a text, letter by letter. */
  async type(text) {
    for (const letter of text) await this.#driver.press(letter === " " ? "Space" : letter);
  }

  /** Clicks where a node is, in the element's shadow root or in the page. */
  async click(selector, { element = 0, text } = {}) {
    const point = await this.until(placed, selector, element, text ?? null);
    await this.#driver.click(point.x, point.y);
  }

  /** Clicks at a place of the page, in CSS pixels of what is in view. */
  clickAt(x, y) {
    return this.#driver.click(x, y);
  }

  goto(url) {
    return this.#driver.goto(url);
  }

  /** The address that is shown now. */
  url() {
    return this.evaluate(() => location.href);
  }

  /** What is in view, as PNG. */
  screenshot() {
    return this.#driver.screenshot();
  }

  /** What the console said since the page was opened; null where the engine does not tell. */
  console() {
    return this.#driver.console();
  }
}

/** In the page: the middle of a node that can be hit there; nothing while it cannot. */
function placed(selector, index, text) {
  const element = document.querySelectorAll("spro-guide")[index];
  const root = element?.shadowRoot ?? document;
  const says = (node) => text === null || node.textContent.replace(/\s+/g, " ").trim() === text;
  const find = (where) => {
    for (const node of where.querySelectorAll(selector)) if (says(node)) return node;
  };
  const node = find(root) ?? find(document);
  if (!node) return null;
  // A choice is hit on its whole line.
  const target = node.closest("label") ?? node;
  target.scrollIntoView({ block: "center", behavior: "instant" });
  const box = target.getClientRects()[0];
  if (!box) return null;
  const [x, y] = [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const deeper = hit.shadowRoot.elementFromPoint(x, y);
    if (!deeper || deeper === hit) break;
    hit = deeper;
  }
  return hit && (target.contains(hit) || hit.contains(target)) ? { x, y } : null;
}
