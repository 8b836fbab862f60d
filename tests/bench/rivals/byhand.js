// The guide by hand, with nodes and listeners and nothing else: its views; `model.js` says what is
// left out.
import { OUTSIDE, wording } from "./decide.js";
import { define, lines, readCommunes, result, say, stepWords, Visit } from "./model.js";

const put = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "press") node.addEventListener("click", value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== false && child !== ""));
  return node;
};
const el = (tag, attributes = {}, ...children) => put(document.createElement(tag), attributes, children);
const drawn = (tag, attributes, ...children) => put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const button = (look, press, says, more = {}) => el("button", { type: "button", class: look, press, ...more }, says);
const pictogram = (d) =>
  d ? drawn("svg", { class: "pictogram", viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn("path", { d })) : "";

const choices = ({ question, chosen }, text, answer) =>
  el(
    "ul",
    { class: "choices", role: "list", "aria-labelledby": "question", "aria-describedby": question.help && "help" },
    question.kind.choices.map(({ id, text: words, help, pictogram: d }) => {
      const said = el("span", { class: "words" }, el("span", {}, text(words)), help ? el("span", { class: "hint" }, text(help)) : "");
      const more = { value: id, "aria-current": chosen === id && "true" };
      return el("li", {}, button("choice", () => answer(id), [said, pictogram(d)], more));
    }),
  );

function commune(guide, { chosen }, heading, back, answer) {
  let code = chosen === OUTSIDE ? undefined : chosen;
  let rows = [];
  let active = -1;
  const error = el("p", { class: "error", id: "error", role: "alert" });
  const status = el("p", { class: "status", role: "status" });
  const list = el("ul", { id: "communes", role: "listbox", "aria-label": say("communes"), hidden: true });
  const input = el("input", {
    id: "commune",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-controls": "communes",
    "aria-describedby": "error",
    "aria-expanded": "false",
    "aria-invalid": "false",
  });
  // Kept while the list is shorter: making twenty new ones at every letter would be felt.
  const options = [];
  const option = (index) => {
    const [name, place] = [el("span"), el("span", { class: "hint" })];
    const node = el("li", { role: "option", id: `commune-${index}`, "aria-selected": "false", press: () => choose(rows[index]) }, name, " ", place);
    return { node, name, place };
  };
  const select = (index) => {
    options[active]?.node.setAttribute("aria-selected", "false");
    active = index;
    options[active]?.node.setAttribute("aria-selected", "true");
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `commune-${active}`);
  };
  const open = (yes) => {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
  };
  const fail = (says) => {
    error.textContent = says;
    input.setAttribute("aria-invalid", String(!!says));
  };
  const suggest = () => {
    const search = readCommunes.search;
    const found = search ? lines(search, guide, input.value) : { rows: [], said: say("loading") };
    const before = rows.length;
    rows = found.rows;
    status.textContent = found.said;
    select(-1);
    rows.forEach((row, index) => {
      options[index] ??= option(index);
      const { node, name, place } = options[index];
      if (name.textContent !== row.name) name.textContent = row.name;
      if (place.textContent !== row.place) place.textContent = row.place;
      if (index >= before) list.append(node);
    });
    for (let index = rows.length; index < before; index += 1) options[index].node.remove();
    open(rows.length > 0);
  };
  const choose = (row) => {
    input.value = row.today;
    code = row.code;
    status.textContent = "";
    fail("");
    select(-1);
    open(false);
  };
  input.addEventListener("input", () => {
    code = undefined;
    fail("");
    suggest();
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      open(true);
      select((active + step + rows.length) % rows.length);
    } else if (event.key === "Enter" && rows[active] && !list.hidden) choose(rows[active]);
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  if (!readCommunes.search) status.textContent = say("loading");
  readCommunes().then((search) => {
    if (code) input.value ||= search.commune(code)?.name ?? "";
    else if (input.value) suggest();
    else status.textContent = "";
  });
  const field = el(
    "div",
    { class: "field" },
    heading,
    el("label", { class: "label", for: "commune" }, say("commune_label")),
    error,
    el("div", { class: "combobox" }, input, list),
    status,
    button("button quiet", () => answer(OUTSIDE), say("commune_outside")),
  );
  const goOn = el("button", { type: "submit", class: "button primary", part: "button primary" }, say("go_on"));
  const form = el("form", { novalidate: true }, field, el("div", { class: "actions" }, back, goOn));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (code) answer(code);
    else if (rows.length === 1) answer(rows[0].code);
    else fail(say(input.value.trim() ? "commune_several" : "commune_none_typed"));
  });
  return form;
}

const ways = (all, look) =>
  el(
    "p",
    { class: "ways" },
    all.map(({ says, href }) => {
      const leaves = href.startsWith("http") ? { target: "_blank", rel: "noopener" } : {};
      return [" ", el("a", { class: look, href, ...leaves }, says)];
    }),
  );
const more = (title, ...children) => el("details", { class: "more" }, el("summary", {}, say(title)), children);

const place = ({ details, freshness: [said, advice] }) => [
  el(
    "dl",
    { class: "details" },
    details.map(({ label, values, mail, href }) => [
      el("dt", { class: "label" }, label),
      el("dd", {}, values.map((value) => el("div", {}, mail || href ? el("a", { href: href || `mailto:${value}` }, value) : el("bdi", {}, value)))),
    ]),
  ),
  el("p", { class: "freshness" }, el("span", {}, said), " ", advice ? el("strong", {}, advice) : ""),
];

const why = ({ reason, meaning }) =>
  el(
    "div",
    { class: "why" },
    reason ? el("p", { class: "reason" }, reason) : "",
    el("details", { class: "meaning" }, el("summary", {}, say("why")), meaning.map((line) => el("p", {}, line))),
  );

const others = (card) =>
  card.others.length
    ? more(
        "other_places",
        el(
          "ul",
          {},
          card.others.map(({ name, short, address, ways: all }) =>
            el(
              "li",
              {},
              el("p", {}, el("strong", {}, name), " ", el("span", { class: "hint" }, short)),
              el("div", {}, address.map((line) => el("div", {}, line))),
              ways(all),
            ),
          ),
        ),
      )
    : "";

const card = (one, main) =>
  el(
    "article",
    { class: main ? "card main" : "card" },
    el("h3", { class: "name" }, pictogram(one.drawing), el("span", {}, one.name)),
    one.network ? el("p", { class: "network" }, one.network) : "",
    one.where ? el("p", { class: "where" }, one.where) : "",
    one.unknown ? el("p", { class: "hint hours-unknown" }, one.unknown) : "",
    ways(one.ways, "button"),
    why(one),
    one.details ? more("place_details", place(one)) : "",
    main && one.preparation
      ? more("prepare", one.preparation.map(({ label, value }) => [el("p", { class: "label" }, label), el("p", {}, value)]))
      : "",
    others(one),
  );

const list = (cards) =>
  el(
    "ul",
    { class: "list" },
    cards.map((one) => {
      const short = one.short ? el("span", { class: "hint" }, one.short) : "";
      const summary = el("summary", {}, pictogram(one.drawing), el("strong", {}, one.name), " ", short);
      const network = one.network ? el("p", { class: "network" }, one.network) : "";
      const unknown = one.unknown ? el("p", { class: "hint hours-unknown" }, one.unknown) : "";
      const all = el("details", {}, summary, network, unknown, why(one), one.details ? place(one) : "", others(one));
      return el("li", { class: "card complement" }, all, ways(one.ways));
    }),
  );

define((root, guide, tell) => {
  let visit = new Visit();
  const text = (slot) => guide.texts[slot.text];
  const screen = el("div", { class: "screen" });
  root.append(
    el("section", { class: "guide", lang: "fr", "aria-label": say("title") }, screen, el("p", { class: "privacy" }, el("span", {}, say("privacy")))),
  );
  const go = (act) => {
    act(visit);
    show(true);
    readCommunes();
  };

  const answersOf = ({ answers, answered }) =>
    el(
      "ul",
      { class: "answers" },
      answered.map((question) => {
        const given = answers[question.id];
        const choice = question.kind.choices?.find(({ id }) => id === given);
        const said = choice ? text(choice.text) : (readCommunes.search.commune(given)?.name ?? say("outside"));
        const asked = el("span", { class: "asked" }, text(wording(guide, question, answers)));
        const change = button("button quiet", () => go((one) => (one.asking = question.id)), say("change"));
        return el("li", {}, asked, " ", el("strong", {}, said), " ", change);
      }),
    );
  const showResult = (now) => {
    const heading = el("h2", { class: "heading", tabindex: "-1" }, el("span", {}, say("go_first")));
    const body = el("div", { class: "result" }, el("p", { class: "status", role: "status" }, say("loading")));
    const again = button("button", () => go(() => (visit = new Visit())), say("restart"));
    screen.replaceChildren(heading, body, el("div", { class: "actions" }, again));
    heading.focus();
    result(guide, now.answers).then((found) => {
      const { title, kind, main, reception, complements, more: rest, remote } = found;
      heading.firstChild.textContent = title;
      const subheading = (key) => el("h3", { class: "subheading" }, say(key));
      const service = ({ name, description, ways: all }) => el("li", {}, el("strong", {}, name), " ", el("span", {}, description), ways(all));
      body.replaceChildren(
        el("div", { class: "column" }, card(main, true), reception ? [subheading("reception"), card(reception)] : ""),
        el(
          "div",
          { class: "column" },
          complements.length ? [subheading("complements"), list(complements)] : "",
          rest.length ? more("more_complements", list(rest)) : "",
          remote.length ? more("remote_services", el("ul", { class: "remote" }, remote.map(service))) : "",
          more("your_answers", answersOf(now)),
        ),
      );
      tell("result", { kind });
    });
  };
  const show = (moved) => {
    const now = visit.screen(guide);
    const { question, answers, number } = now;
    if (!question) return showResult(now);
    const heading = el("h2", { class: "heading", id: "question", tabindex: "-1" }, text(wording(guide, question, answers)));
    const optional = question.optional ? el("span", {}, say("optional"), " ") : "";
    const help = optional || question.help ? el("p", { class: "help", id: "help" }, optional, question.help ? el("span", {}, text(question.help)) : "") : "";
    const back = number > 1 ? button("button", () => go((one) => one.back(guide)), say("back"), { part: "button back" }) : "";
    const answer = (choice) => go((one) => one.answer(question.id, choice));
    screen.replaceChildren(
      el("p", { class: "step" }, stepWords(now)),
      question.kind.choices
        ? el("div", {}, heading, help, choices(now, text, answer), back ? el("div", { class: "actions" }, back) : "")
        : commune(guide, now, [heading, help], back, answer),
    );
    if (moved) heading.focus();
    tell("step", { question: question.id, number });
  };
  show(false);
});
