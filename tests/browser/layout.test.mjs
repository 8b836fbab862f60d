// Nothing is cut and nothing scrolls sideways: from a small phone to a desk, zoomed, with
// other spacing, with the longest names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { people } from "./lib/people.mjs";
import { open } from "./lib/session.mjs";
import { spills } from "./lib/spills.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];

/** Every kind of screen, checked on the way. */
async function walk(visit, check) {
  await visit.asked("situation");
  await check("question");
  for (const [question, choice] of Object.entries(ROMANS.answers)) {
    await visit.answer(question, choice);
    await check(`after ${question}`);
  }
  await visit.asked("commune");
  // The longest name of the region.
  await visit.type("saint laurent les bains laval");
  await visit.input.press("ArrowDown");
  await check("list");
  await visit.input.fill("donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft");
  await visit.goOn();
  await visit.error.filter({ hasText: /\S/ }).waitFor();
  await check("unknown commune");
  await visit.input.fill("saint laurent les bains laval");
  await visit.options.first().click();
  await visit.goOn();
  await visit.arrived();
  await check("result");
  for (const summary of await visit.result.locator("summary").all()) await summary.click();
  await check("opened result");
}

const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }`;

for (const [name, options] of Object.entries({
  "320 pixels": { viewport: { width: 320, height: 568 } },
  "1280 pixels": { viewport: { width: 1280, height: 900 } },
  "1280 pixels at 400 %": { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
  "a phone on its side": { viewport: { width: 568, height: 320 } },
})) {
  test(`nothing sticks out at ${name}`, async (t) => {
    const visit = await open(t, "tests-plain.html", options);
    await walk(visit, async (screen) => assert.deepEqual(await spills(visit), [], screen));
  });
}

test("nothing sticks out with a reader's own spacing", async (t) => {
  const visit = await open(t, "tests-plain.html", { viewport: { width: 320, height: 568 } });
  await visit.asked("situation");
  // As the bookmarklets and extensions do it: into every open shadow root.
  await visit.element.evaluate((element, css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    element.shadowRoot.adoptedStyleSheets.push(sheet);
  }, SPACING);
  await walk(visit, async (screen) => assert.deepEqual(await spills(visit), [], screen));
});

test("nothing sticks out with text twice as large", async (t) => {
  const visit = await open(t, "tests-plain.html", { viewport: { width: 640, height: 900 } });
  await visit.asked("situation");
  const cdp = await visit.page.context().newCDPSession(visit.page);
  await cdp.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  const size = () => visit.element.locator(".guide").evaluate((guide) => Number.parseFloat(getComputedStyle(guide).fontSize));
  assert.ok((await size()) >= 32, "the text follows the size that the visitor chose");
  await walk(visit, async (screen) => assert.deepEqual(await spills(visit), [], screen));
});

test("nothing sticks out of a narrow column, of a host's style, nor of two elements side by side", async (t) => {
  for (const page of ["index.html", "deux.html"]) {
    const visit = await open(t, page, { viewport: { width: 320, height: 568 } });
    // Those below the screen come when they are near it.
    for (const index of (await visit.page.locator("spro-guide").all()).keys()) {
      const one = visit.another(index);
      await one.element.scrollIntoViewIfNeeded();
      await one.asked("situation");
    }
    await walk(visit, async (screen) => assert.deepEqual(await spills(visit), [], `${page}, ${screen}`));
  }
});

test("a finger has room", async (t) => {
  const visit = await open(t, "tests-plain.html", { viewport: { width: 320, height: 568 }, hasTouch: true });
  const small = () =>
    visit.element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll("button, [role=option], [role=combobox], summary")]
        .filter((node) => node.checkVisibility())
        .map((node) => [node.textContent, node.getBoundingClientRect()])
        // 24 px: WCAG 2.2, 2.5.8.
        .filter(([, box]) => box.height < 24 || box.width < 24)
        .map(([text, box]) => `« ${text} » ${box.width} × ${box.height}`),
    );
  await walk(visit, async (screen) => assert.deepEqual(await small(), [], screen));
});
