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
  const heading = told("h2", { class: "heading", part: "heading", tabindex: "-1" }, question.text);
  const optional = question.optional && say("span", {}, "optional");
  const help =
    (optional || question.help) &&
    el("p", { class: "help", id: "help" }, optional, optional && " ", question.help && told("span", {}, question.help));
  const inputs = [];
  const labels = question.choices.map((choice) => {
    const input = el("input", { type: "radio", name: "choice", value: choice.id });
    inputs.push(input);
    const hint = choice.help && told("span", { class: "hint" }, choice.help);
    const words = el("span", { class: "words" }, told("span", {}, choice.text), hint);
    const { pictogram } = choice;
    const box = { class: "pictogram", viewBox: "0 0 24 24", "aria-hidden": "true" };
    return el("label", { class: "choice", part: "choice" }, input, words, pictogram && drawn("svg", box, drawn("path", { d: pictogram })));
  });
  const field = el("fieldset", { "aria-describedby": help && "help" }, el("legend", {}, heading), help, ...labels);
  const goOn = say("button", { class: "button primary", type: "submit", part: "button primary" }, "go_on");
  const form = el("form", { novalidate: true }, field, el("div", { class: "actions" }, goOn));
  const chosen = () => inputs.find((input) => input.checked)?.value;
  // Not the form's submission: a sandbox without `allow-forms` forbids it.
  goOn.addEventListener("click", (event) => {
    event.preventDefault();
    const choice = chosen();
    if (choice) return on.answer(choice);
    if (!field.querySelector(".error")) {
      labels[0].before(say("p", { class: "error", id: "error", role: "alert" }, "choose_one"));
      for (const input of inputs) input.setAttribute("aria-describedby", "error");
    }
    inputs[0].focus();
  });

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
    el("div", { class: "screen" }, say("p", { class: "step" }, step, { number: 1, remaining }), form),
    el("p", { class: "privacy" }, say("span", {}, "privacy")),
    el("div", {}, el("p", { class: "about-open" }, about)),
  );
  /** Says what became of a press, to who sees and to who listens; or only to who listens. */
  const announce = (key, unseen) => said.replaceChildren(say("span", { class: unseen && "unseen" }, key));
  return { section, heading, inputs, chosen, announce, speaking: () => choices.find((node) => node.ariaCurrent || node.getAttribute("aria-current")) };
}
