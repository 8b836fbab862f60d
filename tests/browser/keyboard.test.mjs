// A whole visit without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { people } from "./lib/people.mjs";
import { open } from "./lib/session.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
/** More than any screen has. */
const MOST = 60;

/** What has the focus, and whether somebody who looks can see it. */
const focus = (visit) =>
  visit.element.evaluate((element) => {
    const node = element.shadowRoot.activeElement;
    if (!node) return null;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    return {
      what: node.textContent.trim() || node.value || node.id,
      heading: node.localName === "h2",
      choice: node.matches(".choice") ? node.value : null,
      outlined: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
      inView: box.bottom > 0 && box.top < innerHeight,
      tab: node.tabIndex,
    };
  });

/** Presses Tab until this is focused; every stop on the way must be visible. */
async function tabTo(visit, wanted) {
  for (let press = 0; press < MOST; press += 1) {
    await visit.page.keyboard.press("Tab");
    const now = await focus(visit);
    if (!now) continue;
    assert.ok(now.outlined, `the focus on « ${now.what} » is visible`);
    assert.ok(now.inView, `« ${now.what} » is in view`);
    if (wanted(now)) return;
  }
  assert.fail("Tab never got there");
}

const says = (text) => (now) => now.what === text;

/** After a step, the heading has the focus: it is read out, and Tab goes on from there. */
async function headingFocused(visit, screen) {
  const now = await focus(visit);
  assert.ok(now, `${screen}: the focus is in the element`);
  assert.ok(now.heading, `${screen}: the focus is on the heading, not on « ${now.what} »`);
  assert.equal(now.tab, -1, "and the heading is not one more stop");
  assert.ok(now.inView, `${screen}: the heading is in view`);
}

for (const viewport of [{ width: 1280, height: 900 }, { width: 320, height: 480 }]) {
  test(`Tab, space and Enter are enough, at ${viewport.width} × ${viewport.height}`, async (t) => {
    const visit = await open(t, "index.html", { viewport });
    await visit.asked("situation");
    // Nothing was focused by itself: the host's page begins where it begins.
    assert.equal(await visit.page.evaluate(() => document.activeElement.localName), "body");
    for (const [index, [question, answer]] of Object.entries(ROMANS.answers).entries()) {
      await visit.asked(question);
      if (index > 0) await headingFocused(visit, question);
      await tabTo(visit, ({ choice }) => choice === answer);
      // Arrows go through the page, and answer nothing.
      await visit.page.keyboard.press("ArrowDown");
      assert.equal((await focus(visit)).choice, answer);
      await visit.page.keyboard.press(index % 2 ? "Space" : "Enter");
    }
    await visit.asked("commune");
    await headingFocused(visit, "commune");
    await visit.page.keyboard.press("Tab");
    assert.equal((await visit.focused()).id, "commune");
    await visit.page.keyboard.type("romans sur");
    await visit.options.first().waitFor();
    await visit.page.keyboard.press("ArrowDown");
    await visit.page.keyboard.press("Enter");
    assert.equal(await visit.input.inputValue(), "Romans-sur-Isère");
    await visit.page.keyboard.press("Enter");
    await visit.arrived();
    await headingFocused(visit, "result");

    // Everything of the result can be reached, in the order it is read.
    const stops = [];
    await tabTo(visit, (now) => {
      stops.push(now.what);
      return now.what === "Recommencer";
    });
    const phone = stops.findIndex((what) => /^Appeler\s0\d( \d\d){4}\s: /.test(what));
    assert.ok(phone >= 0, `the phone of ${stops}`);
    const folded = await visit.element.locator(".complement > details").count();
    assert.ok(folded > 0 && stops.length > folded + 3, stops);

    // A folded card opens with the keyboard, and what is in it is next.
    const summary = visit.element.locator(".complement > details > summary").first();
    await summary.focus();
    await visit.page.keyboard.press("Enter");
    assert.equal(await visit.element.locator(".complement > details").first().getAttribute("open"), "");
    await tabTo(visit, says("Recommencer"));
    await visit.page.keyboard.press("Space");
    await visit.asked("situation");
    await headingFocused(visit, "started again");
  });
}

test("back, change and an error put the focus where one goes on", async (t) => {
  const visit = await open(t);
  await visit.answerAll({ situation: "unsaid", goal: "review" });
  await visit.asked("commune");
  await visit.button("Retour").press("Enter");
  await visit.asked("goal");
  await headingFocused(visit, "back");
  assert.equal(await visit.chosen(), "review", "the choice made before is marked");
  await tabTo(visit, ({ choice }) => choice === "review");
  await visit.page.keyboard.press("Enter");
  await visit.asked("commune");
  await headingFocused(visit, "Enter on a choice goes on");
  await visit.button("Continuer").press("Enter");
  await visit.error.filter({ hasText: /\S/ }).waitFor();
  assert.equal((await visit.focused()).tag, "input");
  assert.ok((await focus(visit)).outlined);
  await visit.commune("aubenas", "Aubenas");
  await visit.arrived();
  await visit.result.getByText("Vos réponses").press("Enter");
  await visit.button("Modifier : Quelle est votre situation ?").press("Enter");
  await visit.asked("situation");
  await headingFocused(visit, "change");
});

test("the focus is not stolen when the element arrives or is redrawn from outside", async (t) => {
  const visit = await open(t, "tests-hostile.html");
  await visit.asked("situation");
  await visit.page.locator("main > p button").focus();
  await visit.element.evaluate((element) => element.setAttribute("theme", "dark"));
  await visit.element.evaluate((element) => element.setAttribute("commune", "26281"));
  await visit.element.evaluate((element) => element.setAttribute("lang", "xx"));
  await visit.asked("situation");
  assert.equal(await visit.page.evaluate(() => document.activeElement.localName), "button");
});

test("a step leaves the page where it is when the element is in view", async (t) => {
  const visit = await open(t, "index.html");
  await visit.asked("situation");
  // A long page: a shorter question must not be what moves it.
  await visit.page.evaluate(() => {
    const below = document.body.appendChild(document.createElement("div"));
    below.append("La suite de la page");
    below.style.height = "3000px";
  });
  await visit.element.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 100));
  const before = await visit.page.evaluate(() => scrollY);
  // With the keyboard: a pointer would scroll to the button by itself.
  await visit.choice("retired").evaluate((choice) => choice.click());
  await visit.asked("goal");
  const after = await visit.page.evaluate(() => scrollY);
  assert.ok(Math.abs(after - before) < 2, `${before} → ${after}`);
});
