// The guide as pages, without JavaScript: what is on one, and whether it is as it should be.

import assert from "node:assert/strict";
import { audit } from "./axe.mjs";
import { newPage } from "./browser.mjs";

/** The question that a page asks, by its id; `null` on the result. */
export const asked = (page) =>
  page.evaluate(() => document.querySelector("input[name=asked]")?.value ?? null);

/** Presses something and waits for the page that it leads to. */
export async function press(page, what) {
  const arrived = page.waitForEvent("load");
  await what.click();
  await arrived;
}

/** « Continuer », where the commune is asked, in whatever language. */
export const goOn = (page) => press(page, page.locator("button.primary"));

/** Answers the question of a page. */
export async function answer(page, choice) {
  await press(page, page.locator(`.choice[value="${choice}"]`));
}

/** Goes to this question, or to the result, as one of the people. */
export async function until(page, { answers, typed, code }, stop = null, each = async () => {}) {
  for (;;) {
    const question = await asked(page);
    if (question === stop || question === null) return;
    await each(question);
    if (question === "commune" && (await page.locator(`.choice[value="${code}"]`).count())) {
      // Several communes begin like that.
      await answer(page, code);
    } else if (question === "commune") {
      await page.locator("#commune").fill(typed);
      await goOn(page);
    } else {
      await answer(page, answers[question] ?? "unsaid");
    }
  }
}

/** What sticks out of the page, and what every page must have; and what axe finds, unless that is not asked. */
export async function check(page, what, { framed = false, audited = true } = {}) {
  const { headings, wide, title, small } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    const targets = [...document.querySelectorAll("a, button, summary, label.tick")];
    const small = targets
      .filter((node) => node.checkVisibility() && !node.matches(".skip"))
      .map((node) => ({ box: node.getBoundingClientRect(), what: node.textContent.trim() }))
      .filter(({ box }) => box.height < 24 || box.width < 24)
      .map(({ box, what }) => `${what}: ${Math.round(box.width)} × ${Math.round(box.height)}`);
    return {
      headings: document.querySelectorAll("h1").length,
      wide: scrollWidth > clientWidth ? [scrollWidth, clientWidth] : null,
      title: document.title,
      small,
    };
  });
  assert.equal(headings, framed ? 0 : 1, `${what}: h1`);
  assert.equal(wide, null, `${what}: the page scrolls sideways`);
  assert.notEqual(title, "", what);
  assert.deepEqual(small, [], `${what}: small targets`);
  if (!audited) return;
  const copy = await copied(page);
  // A frame's page is inside one that has a title of its own.
  const rules = framed ? { "page-has-heading-one": { enabled: false } } : {};
  const { found, passes } = await audit(copy, "html", { rules });
  assert.deepEqual(found, [], `${what}: axe`);
  assert.ok(passes > 15, `axe looked at ${what}: ${passes} rules`);
}

let copy;

/**
 * axe waits for timers, which a page without JavaScript has not: it reads a copy, which asks for
 * nothing. One page holds all copies, one after the other.
 */
async function copied(page) {
  if (!copy) {
    copy = await newPage();
    await copy.route("**/*", (route) => route.abort());
  }
  await copy.setViewportSize(page.viewportSize());
  await copy.setContent(await page.content());
  return copy;
}
