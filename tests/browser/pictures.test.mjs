// Drawings beside words, and the picture of where a place is: in the element and in the pages, for
// who sees them and for who does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lib/pages.mjs";
import { guide, recommendation, worker } from "./lib/server.mjs";
import { open } from "./lib/session.mjs";
import { sixty } from "./lib/sixty.mjs";

const PHONE = { viewport: { width: 320, height: 640 } };
const DESK = { width: 1280, height: 900 };
/** Salers; she is sent to Aurillac, south of it. */
const FARMER = sixty.find(({ number }) => number === 10);

/** The drawings beside each text of a selector, whether they are silent, and how large. */
const beside = (selector) =>
  [...document.querySelectorAll("spro-guide")].map(({ shadowRoot }) => shadowRoot).concat(document).flatMap((root) =>
    [...(root?.querySelectorAll(selector) ?? [])].map((node) => {
      const drawings = [...node.querySelectorAll("svg")];
      return {
        words: node.innerText.trim(),
        lines: drawings.map((svg) => svg.querySelector("path").getAttribute("d")),
        silent: drawings.every((svg) => svg.ariaHidden === "true" || svg.getAttribute("aria-hidden") === "true"),
        width: drawings[0]?.getBoundingClientRect().width,
        stroke: drawings[0] && getComputedStyle(drawings[0]).stroke,
        color: getComputedStyle(node).color,
      };
    }),
  );

/** What the guide says of its choices, in the order of the question. */
async function choicesOf(question, language) {
  const { questions } = await guide(language);
  return questions.find(({ id }) => id === question).kind.choices;
}

for (const language of ["fr-simple", "ar"]) {
  test(`${language}: each choice of the first question has its drawing, beside words that say it`, async (t) => {
    const wanted = await choicesOf("situation", language);
    assert.ok(wanted.every(({ pictogram }) => pictogram), "each has one");
    const visit = await open(t, "tests-plain.html", PHONE);
    await visit.asked("situation");
    await visit.speak(language);
    const { page } = await open(t, `${worker}/?lang=${language}`, { ...PHONE, javaScriptEnabled: false });
    for (const [what, one] of [["element", visit.page], ["page", page]]) {
      const found = await one.evaluate(beside, ".choice");
      assert.deepEqual(found.map(({ lines }) => lines), wanted.map(({ pictogram }) => [pictogram]), what);
      for (const [index, { words, silent, width, stroke, color }] of found.entries()) {
        assert.ok(words.startsWith(wanted[index].text), `${what}: ${words}`);
        assert.deepEqual([silent, stroke], [true, color], words);
        assert.ok(width >= 24, `${what}: ${width} px`);
      }
      // Whoever listens hears the words, and nothing else.
      const [{ text }] = wanted;
      assert.equal(await one.getByRole("button", { name: text, exact: true }).count(), 1, what);
    }
  });
}

/** The picture of a result: whether it is seen, what it says, and how it is drawn. */
const picture = () => {
  const root = document.querySelector("spro-guide")?.shadowRoot ?? document;
  const figure = root.querySelector(".map");
  if (!figure) return null;
  const svg = figure.querySelector("svg");
  const box = svg.getBoundingClientRect();
  const inside = [...svg.children].map((node) => node.getBoundingClientRect());
  const colour = (node, name) => getComputedStyle(node)[name];
  return {
    seen: figure.checkVisibility(),
    said: figure.querySelector("p").textContent.replace(/\s+/g, " ").trim(),
    silent: svg.getAttribute("aria-hidden"),
    paths: [...svg.querySelectorAll("path")].map((path) => path.getAttribute("d")),
    names: [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getAttribute("translate")]),
    out: inside.filter(({ left, right, top, bottom }) => left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1).length,
    stroke: colour(svg.querySelector(".there"), "stroke"),
    behind: colour(figure, "backgroundColor"),
  };
};

test("a picture says where the place is: folded with its address on a phone, beside it on a desk", async (t) => {
  const { main } = await recommendation(FARMER.answers, FARMER.code);
  const visit = await open(t, "tests-plain.html", PHONE);
  await visit.follow(FARMER);
  assert.equal((await visit.page.evaluate(picture)).seen, false, "the first screens of a phone are for the answer");
  await visit.main.locator("summary", { hasText: "plan" }).click();
  const drawn = await visit.page.evaluate(picture);
  assert.ok(drawn.seen);
  assert.equal(drawn.silent, "true");
  assert.equal(drawn.out, 0, "nothing leaves it");
  const [, km] = drawn.said.match(/Grand rond : Salers\. Grand carré : ce lieu, au sud, à (?:environ )?([\d,]+)\skm\./);
  assert.match(drawn.said, /Le trait en bas : \d+\skm\.$/);
  const scale = drawn.said.match(/(\d+)\skm\.$/)[1];
  assert.deepEqual(drawn.names.map(([name]) => name), [`${scale} km`, "Salers", main.place.commune], "both ends are named, and how long the scale is");
  assert.ok(Math.abs(Number(km.replace(",", ".")) * 1000 - main.place.distance_m) < 1000, drawn.said);
  await visit.main.locator("summary", { hasText: "plan" }).click();
  await visit.page.setViewportSize(DESK);
  assert.ok((await visit.page.evaluate(picture)).seen, "there is room");

  const { page } = await open(t, `${worker}/`, { ...PHONE, javaScriptEnabled: false });
  await until(page, FARMER);
  const there = await page.evaluate(picture);
  assert.equal(there.seen, false);
  for (const part of ["said", "paths", "names", "silent"]) assert.deepEqual(there[part], drawn[part], part);
});

test("where one lives and goes to the same commune, there is no picture: a commune is a centre", async (t) => {
  const person = sixty.find(({ number }) => number === 3);
  const { main } = await recommendation(person.answers, person.code);
  assert.ok(main.place.within.length > 0 && main.place.distance_is_approximate, "else choose another");
  const visit = await open(t, "tests-plain.html", PHONE);
  await visit.follow(person);
  assert.equal(await visit.page.evaluate(picture), null);
});

for (const [name, options] of Object.entries({
  "in the dark": { colorScheme: "dark" },
  "in the visitor's own colours": { forcedColors: "active" },
})) {
  test(`${name}, drawings are seen`, async (t) => {
    const visit = await open(t, "tests-dark.html", { ...options, viewport: DESK });
    await visit.follow(FARMER);
    const { stroke, behind } = await visit.page.evaluate(picture);
    assert.notEqual(stroke, behind);
    if (options.forcedColors) {
      const canvas = await visit.page.evaluate(() => {
        document.body.style.color = "CanvasText";
        return getComputedStyle(document.body).color;
      });
      assert.equal(stroke, canvas);
    }
    const [title] = await visit.page.evaluate(beside, "h3.name");
    assert.deepEqual([title.stroke, title.lines.length], [title.color, 1]);
  });
}
