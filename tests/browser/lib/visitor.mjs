// What a visitor does with one element of a page, in whichever engine: real clicks and real keys.

/** In the page: the shadow root of an element; nothing while it has none. */
const ROOT = "(index) => document.querySelectorAll('spro-guide')[index]?.shadowRoot";

/** The shortest visit that ends with a place. */
export const SHORT = { choices: ["retired", "review"], typed: "aubenas", commune: "Aubenas" };

export class Visitor {
  constructor(page, element = 0) {
    this.page = page;
    this.element = element;
  }

  /** Waits until something is true of the shadow root: `(root, ...values) => …`. */
  until(call, ...values) {
    return this.page.until(`(index, ...values) => { const root = (${ROOT})(index); return root && (${call})(root, ...values); }`, this.element, ...values);
  }

  /** The same, asked once. */
  ask(call, ...values) {
    return this.page.evaluate(`(index, ...values) => { const root = (${ROOT})(index); return root && (${call})(root, ...values); }`, this.element, ...values);
  }

  click(selector, options) {
    return this.page.click(selector, { ...options, element: this.element });
  }

  /** Waits until a question offers this choice. */
  offered(choice) {
    return this.until((root, value) => root.querySelector(`.choice[value="${value}"]`) !== null, choice);
  }

  /** What the screen is called. */
  heading() {
    return this.until((root) => root.querySelector("h2")?.textContent);
  }

  /** Answers the question that offers this choice, and waits for the next screen. */
  async answer(choice) {
    await this.offered(choice);
    const before = await this.heading();
    await this.click(`.choice[value="${choice}"]`);
    await this.until((root, text) => root.querySelector("h2") && root.querySelector("h2").textContent !== text, before);
  }

  async answerAll(choices) {
    for (const choice of choices) await this.answer(choice);
  }

  /** « Continuer », where the commune is asked. */
  goOn() {
    return this.click("[part~=primary]");
  }

  /** Waits for the commune field, and types into it. */
  async type(text) {
    await this.until((root) => root.querySelector("[role=combobox]") !== null);
    await this.click("[role=combobox]");
    await this.page.type(text);
  }

  /** Empties the commune field. */
  async empty() {
    const { length } = await this.ask((root) => root.querySelector("[role=combobox]").value);
    await this.click("[role=combobox]");
    await this.page.press("End", ...Array.from({ length }, () => "Backspace"));
  }

  /** Waits for the lines of the list. */
  lines() {
    return this.until((root) => {
      const names = [...root.querySelectorAll("[role=option]")].map((option) => option.querySelector("span").textContent);
      return names.length > 0 && names;
    });
  }

  /** Answers the commune question from the list. */
  async commune(typed, name) {
    await this.type(typed);
    const lines = await this.lines();
    const at = lines.indexOf(name);
    if (at < 0) throw new Error(`${name} is not among ${lines}`);
    await this.click(`[role=option]:nth-of-type(${at + 1})`);
    await this.goOn();
    await this.arrived();
  }

  /** Waits until the result has its place. */
  arrived() {
    return this.until((root) => root.querySelector(".result .card h3")?.textContent);
  }

  /** A whole visit; what it ends with. */
  async follow({ choices, typed, commune } = SHORT) {
    await this.answerAll(choices);
    await this.commune(typed, commune);
    return this.arrived();
  }
}
