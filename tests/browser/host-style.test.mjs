// Style leaks neither way between the host page and the element.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { people } from "./lib/people.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { differences, stylesOf } from "./lib/styles.mjs";
import { sweep } from "./lib/thorough.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];

/** How the guide of a visit looks. As one text: so many values would be taken over one by one. */
const styles = async (visit) =>
  JSON.parse(await visit.element.evaluate((element, call) => JSON.stringify((0, eval)(`(${call})`)(element.shadowRoot)), String(stylesOf)));

/** The screens where most kinds of nodes are. */
const SCREENS = {
  "a question that was answered": async (visit) => {
    await visit.answer("situation", "retired");
    await visit.answer("goal", "review");
    await visit.asked("commune");
    await visit.back();
    await visit.asked("goal");
  },
  "a commune that is missing": async (visit) => {
    await visit.toCommune();
    await visit.goOn();
    await visit.error.filter({ hasText: /\S/ }).waitFor();
  },
  "the open list": async (visit) => {
    await visit.toCommune();
    await visit.type("romans");
    await visit.input.press("ArrowDown");
  },
  "the result": async (visit) => {
    await visit.follow(ROMANS);
    for (const summary of await visit.result.locator("summary").all()) await summary.click();
  },
};

/** How a screen looks on a page, once nothing moves. */
async function looks(t, show, page) {
  const visit = await open(t, page);
  await show(visit);
  // The pointer and transitions change styles too.
  await visit.page.mouse.move(0, 0);
  await visit.element.evaluate((element) =>
    Promise.all(element.shadowRoot.getAnimations().map((animation) => animation.finished)),
  );
  const found = await styles(visit);
  // Thousands of properties: a page that is not looked at any more is in the way of the next.
  await visit.page.context().close();
  return found;
}

for (const [screen, show] of Object.entries(SCREENS)) {
  describe(screen, () => {
    let usual;
    // A page that hides the host's own nodes must not stop the visitor.
    for (const page of sweep(["index.html", "tests-hostile.html"], (name) => name !== "index.html" || screen === "the result")) {
      test(`${page} changes nothing of ${screen}`, async (t) => {
        usual ??= await looks(t, show, "tests-plain.html");
        assert.ok(Object.keys(usual).length > 1000, "there is something to compare");
        assert.deepEqual(differences(await looks(t, show, page), usual), []);
      });
    }
  });
}

test("the text is of the visitor's size, not of the host's", async (t) => {
  for (const page of ["tests-plain.html", "index.html", "tests-hostile.html"]) {
    const visit = await open(t, page);
    await visit.asked("situation");
    const size = await visit.element
      .locator(".guide")
      .evaluate((guide) => Number.parseFloat(getComputedStyle(guide).fontSize));
    assert.ok(size >= 16, `${page}: ${size} px`);
  }
});

test("French reads from left to right on a page that does not", async (t) => {
  const visit = await open(t, "tests-hostile.html");
  await visit.asked("situation");
  assert.equal(await visit.element.locator(".guide").evaluate((guide) => getComputedStyle(guide).direction), "ltr");
});

test("the host sees no change in its own styles", async (t) => {
  const outside = (visit) =>
    visit.page.evaluate(() => {
      const found = {};
      const element = document.querySelector("spro-guide");
      const nodes = [...document.querySelectorAll("body, body *")].filter((node) => !element.contains(node));
      nodes.forEach((node, index) => {
        const style = getComputedStyle(node);
        for (const name of style) {
          // What holds the element is as high as it needs to be.
          const higher = /^(height|block-size|perspective-origin|transform-origin)$/.test(name) && node.contains(element);
          if (!higher) found[`${index} ${node.localName} ${name}`] = style.getPropertyValue(name);
        }
      });
      const sheets = document.styleSheets.length + document.adoptedStyleSheets.length;
      return { ...found, sheets };
    });
  for (const page of ["index.html", "tests-hostile.html"]) {
    const without = await open(t, page, {
      expects: [/Failed to load resource/],
      before: (blocked) => onWorker(blocked, /spro-guide\.js$/, (route) => route.abort()),
    });
    const visit = await open(t, page);
    await visit.asked("situation");
    assert.deepEqual(differences(await outside(visit), await outside(without)), [], page);
  }
});

test("custom properties and parts are the host's to set", async (t) => {
  const visit = await open(t, "tests-plain.html", { reducedMotion: "reduce" });
  await visit.asked("situation");
  await visit.page.addStyleTag({
    content: `spro-guide { --spro-primary: rgb(1, 2, 3); --spro-radius: 0; --spro-font: monospace; }
      spro-guide::part(heading) { text-decoration: underline; }`,
  });
  const read = (selector, name) =>
    visit.element.locator(selector).first().evaluate((node, property) => getComputedStyle(node)[property], name);
  assert.equal(await read(".about-open .quiet", "color"), "rgb(1, 2, 3)");
  assert.equal(await read(".guide", "borderRadius"), "0px");
  assert.equal(await read(".guide", "fontFamily"), "monospace");
  assert.match(await read(".heading", "textDecorationLine"), /underline/);
});
