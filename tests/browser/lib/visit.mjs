// What a visitor does with one element, and what can be read from it. Everything goes
// through the open shadow root, as assistive technology sees it.

import { guide } from "./server.mjs";

const wordings = new Map();

/** All that a question may say in a language, by its id. */
async function wordingsOf(question, language) {
  if (!wordings.has(language)) {
    const read = guide(language).then(
      ({ questions }) =>
        new Map(questions.map(({ id, text, variants }) => [id, [text, ...variants.map((variant) => variant.text)]])),
    );
    wordings.set(language, read);
  }
  const found = (await wordings.get(language)).get(question);
  if (!found) throw new Error(`the guide asks no ${question}`);
  return found;
}

/** A pattern for exactly this text, whatever kind of space French puts before its « ? ». */
const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\s/g, "\\s");

/** One element of a page, and its visitor. */
export class Visit {
  constructor(page, element = page.locator("spro-guide").first()) {
    this.page = page;
    this.element = element;
    /** What the guide speaks. */
    this.language = "fr";
    this.guide = element.locator(".guide");
    this.languages = element.locator(".languages");
    this.heading = element.locator("h2.heading");
    this.input = element.getByRole("combobox");
    this.options = element.getByRole("option");
    this.status = element.locator(".field .status");
    this.error = element.locator("#error");
    this.result = element.locator(".result");
    this.main = this.result.locator(".card").first();
  }

  /** Another element of the same page. */
  another(index) {
    return new Visit(this.page, this.page.locator("spro-guide").nth(index));
  }

  /** A button by what it says. */
  button(name) {
    return this.element.getByRole("button", { name, exact: true });
  }

  /** Waits until this question is asked. */
  async asked(question) {
    const says = (await wordingsOf(question, this.language)).map(escape).join("|");
    await this.heading.filter({ hasText: new RegExp(`^(${says})$`) }).waitFor();
  }

  /** Chooses a language, and waits until it is spoken. */
  async speak(language) {
    await this.languages.locator(`[lang="${language}"]`).click();
    await this.spoken(language);
  }

  /** Waits until a language is spoken. */
  async spoken(language) {
    await this.element.locator(`.guide[lang="${language}"] h2.heading`).waitFor();
    this.language = language;
  }

  /** An answer to press. */
  choice(id) {
    return this.element.locator(`.choice[value="${id}"]`);
  }

  /** The answer that is marked as given before; nothing where none is. */
  chosen() {
    return this.element.evaluate(({ shadowRoot }) => {
      const marked = [...shadowRoot.querySelectorAll(".choice[aria-current=true]")].map(({ value }) => value);
      if (marked.length > 1) throw new Error(`several answers: ${marked}`);
      return marked[0];
    });
  }

  /** « Continuer », where the commune is asked. */
  async goOn() {
    await this.element.locator("[part~=primary]").click();
  }

  async back() {
    await this.element.locator("[part~=back]").click();
  }

  /** Answers the question that is asked, which must be this one. */
  async answer(question, choice) {
    await this.asked(question);
    await this.choice(choice).click();
  }

  /** Answers several in a row. */
  async answerAll(answers) {
    for (const [question, choice] of Object.entries(answers)) await this.answer(question, choice);
  }

  /** The lines of the list, once there are some: ["Romans-sur-Isère", "Drôme, 26100"]. */
  async lines() {
    await this.options.first().waitFor();
    return this.options.evaluateAll((options) =>
      options.map((option) => [...option.querySelectorAll("span")].map((span) => span.textContent)),
    );
  }

  /** Types into the commune field, and reads the list. */
  async type(text) {
    await this.input.fill(text);
    return this.lines();
  }

  /** Answers the commune question from the list. */
  async commune(typed, name) {
    await this.asked("commune");
    await this.input.fill(typed);
    await this.options.filter({ has: this.page.getByText(name, { exact: true }) }).first().click();
    await this.goOn();
  }

  /** The shortest way to the commune question, from this one. */
  async toCommune(from = "situation") {
    const answers = Object.entries({ situation: "retired", goal: "review" });
    const first = answers.findIndex(([question]) => question === from);
    await this.answerAll(Object.fromEntries(answers.slice(first)));
    await this.asked("commune");
  }

  /** A whole visit. */
  async follow({ answers, typed, commune }) {
    await this.answerAll(answers);
    await this.commune(typed, commune);
    await this.arrived();
  }

  /** Waits until the result is there with the name of the commune in it. */
  async arrived() {
    await this.main.waitFor();
    if (this.language === "fr") await this.result.filter({ hasNotText: "depuis votre commune" }).waitFor();
  }

  /** Everything the result says. */
  read() {
    return this.element.evaluate((element) => {
      const root = element.shadowRoot;
      const clean = (node) => node?.textContent.replace(/\s+/g, " ").trim() ?? null;
      const links = (node) =>
        [...(node?.querySelectorAll("a") ?? [])].map((link) => ({
          text: clean(link),
          href: link.getAttribute("href"),
          rel: link.rel,
          target: link.target,
        }));
      const card = (node) => {
        const details = {};
        for (const label of node.querySelectorAll("dt")) {
          details[clean(label)] = { text: clean(label.nextElementSibling), links: links(label.nextElementSibling) };
        }
        return {
          name: clean(node.querySelector("h3, summary strong")),
          distance: clean(node.querySelector(".where, summary .hint")),
          now: clean(node.querySelector(".now")),
          network: clean(node.querySelector(".network")),
          reasons: [...node.querySelectorAll(".why > .reason")].map(clean),
          meaning: [...node.querySelectorAll(".meaning > p")].map(clean),
          services: clean(node.querySelector(".services")),
          details,
          ways: links(node.querySelector(":scope > .ways")),
          unknown: clean(node.querySelector(".hours-unknown")),
          isFolded: [...node.querySelectorAll(".details, .services, .freshness")].every((part) => part.closest("details")),
          freshness: clean(node.querySelector(".freshness")),
          report: links(node.querySelector(".freshness"))[0] ?? null,
        };
      };
      const articles = [...root.querySelectorAll(".result > .column > article.card")].map(card);
      return {
        heading: clean(root.querySelector("h2")),
        notice: clean(root.querySelector(".notice")),
        main: articles[0] ?? null,
        reception: articles[1] ?? null,
        complements: [...root.querySelectorAll(".result > .column .list > li")].map(card),
        remote: [...root.querySelectorAll(".result > .column > details > .remote > li")].map((item) => ({
          name: clean(item.querySelector("strong")),
          links: links(item),
        })),
        answers: [...root.querySelectorAll(".answers li strong")].map(clean),
      };
    });
  }

  /** The node that has the focus, inside the element. */
  focused() {
    return this.element.evaluate((element) => {
      const node = element.shadowRoot.activeElement;
      return node && { tag: node.localName, id: node.id, text: node.textContent, value: node.value ?? null };
    });
  }
}
