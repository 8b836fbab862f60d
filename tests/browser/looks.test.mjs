// Every look, layout, theme and direction: nothing sticks out, nothing is unreadable, nothing
// moves, and forced colours are respected.

import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { people } from "./lib/people.mjs";
import { open } from "./lib/session.mjs";
import { spills } from "./lib/spills.mjs";
import { THOROUGH, tell } from "./lib/thorough.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];

/** Opens a page whose element is dressed like this. */
async function dressed(t, attributes, options = {}, page = "tests-dark.html") {
  const visit = await open(t, page, options);
  if (page === "tests-arabic.html") visit.language = "ar";
  await visit.asked("situation");
  await visit.element.evaluate((element, all) => {
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
  }, attributes);
  return visit;
}

/** Back at the first question, with an answer. */
async function answered(visit) {
  await visit.answer("situation", "young");
  await visit.asked("youth");
  await visit.back();
  await visit.asked("situation");
}

/** Every kind of screen, checked on the way. */
async function walk(visit, check) {
  await check("question");
  await answered(visit);
  await check("question that was answered");
  await visit.answerAll(ROMANS.answers);
  await visit.asked("commune");
  await visit.goOn();
  await visit.error.filter({ hasText: /\S/ }).waitFor();
  await check("commune that is missing");
  await visit.type("saint laurent les bains laval");
  await visit.input.press("ArrowDown");
  await check("open list");
  await visit.commune(ROMANS.typed, ROMANS.commune);
  await visit.arrived();
  for (const summary of await visit.result.locator("summary").all()) await summary.click();
  await check("opened result");
}

// The host's own margins take 16 pixels.
const CASES = {
  "dsfr, light, a phone": [{ look: "dsfr" }, { viewport: { width: 320, height: 568 } }],
  "dsfr, dark, a desk": [{ look: "dsfr" }, { colorScheme: "dark" }],
  "dsfr, from right to left": [{ look: "dsfr" }, { viewport: { width: 320, height: 568 } }, "tests-arabic.html"],
  "compact, a sidebar of 240 pixels": [{ layout: "compact" }, { viewport: { width: 256, height: 700 } }],
  "compact, dark, 320 pixels": [{ layout: "compact", theme: "dark" }, { viewport: { width: 336, height: 700 } }],
  "compact, from right to left": [{ layout: "compact" }, { viewport: { width: 256, height: 700 } }, "tests-arabic.html"],
  "compact dsfr, dark, 240 pixels": [{ layout: "compact", look: "dsfr", theme: "dark" }, { viewport: { width: 256, height: 700 } }],
};

for (const [name, [attributes, options, page]] of Object.entries(CASES)) {
  test(`${name}: everything is in its place and readable`, async (t) => {
    const visit = await dressed(t, attributes, options, page);
    // Colours do not know from which side the words run.
    const isSeen = THOROUGH || page !== "tests-arabic.html";
    await walk(visit, async (screen) => {
      assert.deepEqual(await spills(visit), [], screen);
      if (isSeen) assert.deepEqual(await violations(visit), [], screen);
    });
    tell(t, isSeen ? 5 : 0, 5, "screens for axe");
    assert.deepEqual(await visit.element.evaluate((element) => element.corrections), [], "our own colours need none");
  });
}

for (const look of ["", "dsfr"]) {
  test(`forced colours, look « ${look} »: what is chosen, focused or active can be told apart`, async (t) => {
    const visit = await dressed(t, { look }, { forcedColors: "active" }, "tests-plain.html");
    await answered(visit);
    const ring = () =>
      visit.choice("young").evaluate((node) => {
        const { outlineStyle, outlineOffset } = getComputedStyle(node);
        return `${outlineStyle} ${outlineOffset}`;
      });
    const chosen = await ring();
    for (let press = 0; press < 9 && (await visit.focused()).value !== "young"; press += 1) await visit.page.keyboard.press("Tab");
    const focused = await ring();
    assert.match(chosen, /^solid -/);
    assert.match(focused, /^solid \d/);
    await visit.answerAll(ROMANS.answers);
    await visit.type("romans");
    await visit.input.press("ArrowDown");
    const outline = (line) => line.evaluate((node) => getComputedStyle(node).outlineStyle);
    assert.deepEqual([await outline(visit.options.nth(0)), await outline(visit.options.nth(1))], ["solid", "none"]);
  });
}

test("reduced motion: nothing moves", async (t) => {
  const visit = await dressed(t, { look: "dsfr", layout: "compact" }, { reducedMotion: "reduce" });
  const moving = () =>
    visit.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("*")]
        .map((node) => [node.localName, getComputedStyle(node)])
        .filter(([, style]) => Number.parseFloat(style.transitionDuration) > 0 || style.animationName !== "none" || style.scrollBehavior === "smooth")
        .map(([tag]) => tag),
    );
  assert.deepEqual(await moving(), []);
  await visit.follow(ROMANS);
  assert.deepEqual(await moving(), []);
});

test("what a finger touches is large enough, even when compact", async (t) => {
  const visit = await dressed(t, { layout: "compact", look: "dsfr" }, { viewport: { width: 256, height: 700 }, hasTouch: true });
  await walk(visit, async (screen) => {
    const small = await visit.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("button, [role=option], [role=combobox], summary")]
        .filter((node) => node.checkVisibility())
        .map((node) => [node.textContent, node.getBoundingClientRect()])
        .filter(([, box]) => box.height < 24 || box.width < 24)
        .map(([text, box]) => `« ${text} » ${box.width} × ${box.height}`),
    );
    assert.deepEqual(small, [], screen);
  });
});

test("elements of one page look each as its own attributes say", async (t) => {
  const one = await dressed(t, { look: "dsfr", theme: "dark" }, { reducedMotion: "reduce" }, "tests-two.html");
  const two = one.another(1);
  await two.asked("situation");
  const look = (visit) =>
    visit.choice("retired").evaluate((node) => {
      const { borderTopColor, borderTopLeftRadius } = getComputedStyle(node);
      return `${borderTopColor} ${borderTopLeftRadius}`;
    });
  assert.equal(await look(one), "rgb(146, 146, 146) 0px");
  assert.equal(await look(two), "rgb(118, 127, 136) 8px");
});
