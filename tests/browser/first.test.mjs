// The first question is drawn before WebAssembly is there. It must be what the module draws,
// and nothing that a visitor does with it may be lost when the module takes over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard } from "./lib/events.mjs";
import { gate, onWorker, open } from "./lib/session.mjs";

const LANGUAGES = ["fr", "fr-simple", "en", "ar", "uk"];

/** The nodes of the element, without what only one of the two has any use for. */
const drawn = (visit) =>
  visit.element.evaluate(({ shadowRoot }) => {
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      const attributes = [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
      return [node.localName, attributes, [...node.childNodes].filter((child) => child.localName !== "dialog").map(read)];
    };
    const guide = shadowRoot.querySelector(".guide").cloneNode(true);
    // However many pieces a sentence was put together from.
    guide.normalize();
    return read(guide);
  });

for (const language of LANGUAGES) {
  test(`in ${language}, the module draws the same nodes`, async (t) => {
    const visit = await open(t, `tests-plain.html`, {
      before: (page) =>
        page.addInitScript((lang) => {
          document.addEventListener("DOMContentLoaded", () => document.querySelector("spro-guide").setAttribute("lang", lang));
        }, language),
    });
    await visit.spoken(language);
    const before = await drawn(visit);
    assert.equal(await visit.element.locator("dialog").count(), 0, "drawn without the module");
    // The information panel is the module's.
    await visit.element.locator(".about-open button").click();
    await visit.element.locator("dialog[open]").waitFor();
    assert.deepEqual(await drawn(visit), before);
  });
}

test("an answer before the module is there: it waits, and says so", async (t) => {
  const module = gate();
  const visit = await open(t, "tests-plain.html", {
    before: async (page) => {
      await hear(page);
      await onWorker(page, /element_bg\.wasm$/, async (route) => {
        await module.opened;
        await route.continue();
      });
    },
  });
  await visit.answer("situation", "student");
  await visit.element.locator(".said").filter({ hasText: "Chargement" }).waitFor();
  assert.equal(await visit.chosen(), "student", "what was pressed shows it");
  // The last press counts, and pressing it again asks for nothing more.
  await visit.choice("retired").click();
  await visit.choice("retired").click();
  assert.equal(await visit.chosen(), "retired");
  module.open();
  await visit.asked("goal");
  assert.deepEqual((await visit.focused()).tag, "h2");
  await visit.back();
  await visit.asked("situation");
  assert.equal(await visit.chosen(), "retired");
  const steps = (await heard(visit.page)).filter(({ name }) => name === "step").map(({ detail }) => detail.question);
  assert.deepEqual(steps, ["situation", "goal", "situation"]);
});

test("another language before the module is there", async (t) => {
  const module = gate();
  const visit = await open(t, "tests-plain.html", {
    before: (page) =>
      onWorker(page, /element_bg\.wasm$/, async (route) => {
        await module.opened;
        await route.continue();
      }),
  });
  await visit.answer("situation", "retired");
  await visit.speak("ar");
  assert.equal(await visit.guide.getAttribute("dir"), "rtl");
  assert.equal((await visit.focused()).tag, "button", "the focus stays on the languages");
  await visit.element.locator(".said").filter({ hasText: "تحميل" }).waitFor();
  module.open();
  // What was answered in the language before counts.
  await visit.asked("goal");
});

test("nothing is fetched before the element is near the screen, or touched", async (t) => {
  for (const reach of ["scroll", "focus"]) {
    const asked = [];
    const visit = await open(t, "tests-far.html", {
      before: (page) => page.on("request", (request) => asked.push(new URL(request.url()).pathname)),
    });
    const ours = () => asked.filter((path) => /first|element/.test(path));
    await visit.page.waitForFunction(() => customElements.get("spro-guide"));
    await visit.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(ours(), [], reach);
    if (reach === "scroll") await visit.page.evaluate(() => scrollTo(0, 5000));
    else await visit.page.evaluate(() => document.querySelector("spro-guide a").focus({ preventScroll: true }));
    await visit.asked("situation");
    assert.equal(ours().length, 3, ours().join(" "));
    if (reach === "focus") assert.equal((await visit.focused()).tag, "h2", "the focus is where the link was");
  }
});

test("set before the element is defined, a property counts", async (t) => {
  const visit = await open(t, "tests-plain.html", {
    before: (page) =>
      page.addInitScript(() => {
        document.addEventListener("DOMContentLoaded", () => (document.querySelector("spro-guide").theme = "dark"));
      }),
  });
  await visit.asked("situation");
  assert.equal(await visit.guide.getAttribute("data-theme"), "dark");
  assert.equal(await visit.element.getAttribute("theme"), "dark");
});
