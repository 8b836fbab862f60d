// The first question, drawn before WebAssembly is there: the very nodes that the module draws
// for it (`frame.rs`, `question.rs`), which take its place once the visitor goes on.
// tests/browser/first.test.mjs compares the two, node by node.

/** The few texts of ours that a first question needs, by language. */
const WORDS = __WORDS__;
const FRENCH = "fr";

const filled = (node, attributes, ...children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean));
  return node;
};
const el = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, ...children);
const drawn = (tag, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, ...children);

/** Our own words for a language, and those that are French for want of others. */
function wordsFor(language) {
  let near = language;
  while (near && !WORDS[near]) near = near.slice(0, Math.max(0, near.lastIndexOf("-")));
  return WORDS[near] ?? {};
}

/**
 * Draws it.
 *
 * `on` is what the visitor does: `speak(tag)`, `answer(choice)`, `about()`.
 */
export function draw(first, on) {
  const { language, languages, question, french = [] } = first;
  const own = wordsFor(language);
  const bare = (key) => own[key] || WORDS[FRENCH][key];
  const marked = (isFrench) => (isFrench ? { lang: FRENCH, dir: "ltr" } : {});
  const say = (tag, attributes, key, values = {}) => {
    const text = bare(key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
    return el(tag, { ...attributes, ...marked(language !== FRENCH && !own[key]) }, text);
  };
  const told = (tag, attributes, text) => el(tag, { ...attributes, ...marked(french.includes(text)) }, text);
  const button = (node, part, press) => {
    node.setAttribute("type", "button");
    node.setAttribute("part", part);
    node.addEventListener("click", press);
    return node;
  };

  const said = el("p", { class: "said", role: "status" });
  const group = { class: "languages", part: "languages", role: "group", translate: "no", "aria-label": bare("language_label") };
  const choices = languages.map(({ tag, name, right_to_left: fromRight }) =>
    button(
      el("button", { class: "quiet", lang: tag, dir: fromRight ? "rtl" : "ltr", "aria-current": tag === language && "true" }, name),
      "button quiet language",
      () => tag !== language && on.speak(tag),
    ),
  );
  const { remaining } = question;
  const step = ["step_last", "step_then_one", ...Array(3).fill("step_then_some")][remaining] ?? "step_plain";
  const heading = told("h2", { class: "heading", part: "heading", id: "question", tabindex: "-1" }, question.text);
  const optional = question.optional && say("span", {}, "optional");
  const help =
    (optional || question.help) &&
    el("p", { class: "help", id: "help" }, optional, optional && " ", question.help && told("span", {}, question.help));
  const list = el("ul", {
    class: "choices",
    role: "list",
    "aria-labelledby": "question",
    "aria-describedby": help && "help",
  });
  for (const { id, text, help: more, pictogram } of question.choices) {
    const hint = more && told("span", { class: "hint" }, more);
    const words = el("span", { class: "words" }, told("span", {}, text), hint);
    const box = { class: "pictogram", viewBox: "0 0 24 24", "aria-hidden": "true" };
    const lines = pictogram && drawn("svg", box, drawn("path", { d: pictogram }));
    const answer = button(el("button", { class: "choice", value: id }, words, lines), "choice", () => {
      // The module may be long in coming: what was pressed shows it.
      list.querySelector("[aria-current]")?.removeAttribute("aria-current");
      answer.setAttribute("aria-current", "true");
      on.answer(id);
    });
    list.append(el("li", {}, answer));
  }

  const about = button(say("button", { class: "quiet" }, "about_open"), "button quiet about", on.about);
  const section = el(
    "section",
    {
      class: "guide",
      part: "guide",
      lang: language,
      dir: languages.some(({ tag, right_to_left: fromRight }) => tag === language && fromRight) ? "rtl" : "ltr",
      "aria-label": bare("title"),
    },
    el("div", { ...group, hidden: languages.length < 2 }, ...choices),
    said,
    el("div", { class: "screen" }, say("p", { class: "step" }, step, { number: 1, remaining }), el("div", {}, heading, help, list)),
    el("p", { class: "privacy" }, say("span", {}, "privacy")),
    el("div", {}, el("p", { class: "about-open" }, about)),
  );
  /** Says what became of a press, to who sees and to who listens; or only to who listens. */
  const announce = (key, unseen) => said.replaceChildren(say("span", { class: unseen && "unseen" }, key));
  return { section, heading, announce, speaking: () => choices.find((node) => node.ariaCurrent || node.getAttribute("aria-current")) };
}
