// A host's colours are followed, and what cannot be read is corrected and told.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { contrast } from "../../widget/js/contrast.js";
import { violations } from "./lib/axe.mjs";
import { numbers } from "./lib/random.mjs";
import { open } from "./lib/session.mjs";
import { THOROUGH, tell } from "./lib/thorough.mjs";

const TOLD = [/^spro-guide: colours corrected: /];

/** Sets custom properties as a host's style sheet would, in place of those before. */
const paint = (visit, palette) =>
  visit.element.evaluate((element, properties) => {
    element.removeAttribute("style");
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(`--spro-${name}`, value);
    // The check is made before the next frame is painted.
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  }, palette);

const corrections = (visit) => visit.element.evaluate((element) => element.corrections);

/** What a property of a node is, as a screen shows it: bytes of red, green and blue. */
const shown = (visit, selector, property) =>
  visit.element
    .locator(selector)
    .first()
    .evaluate((node, name) => {
      const pen = new OffscreenCanvas(1, 1).getContext("2d");
      pen.fillStyle = getComputedStyle(node)[name];
      pen.fillRect(0, 0, 1, 1);
      return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3), 1];
    }, property);

/** The commune that is missing: a field, an error and the button that goes on. */
async function begun(t, options, page = "tests-dark.html") {
  const visit = await open(t, page, { expects: TOLD, reducedMotion: "reduce", ...options });
  await visit.toCommune();
  await visit.goOn();
  await visit.error.filter({ hasText: /\S/ }).waitFor();
  return visit;
}

/** A question that was answered before. */
async function answered(t, options) {
  const visit = await begun(t, options);
  await visit.back();
  await visit.asked("goal");
  return visit;
}

const WRONG = {
  "a yellow that no one reads on white": [{ primary: "#ffcc00" }, "primary"],
  "everything in one grey": [{ text: "#999", "quiet-text": "#999", primary: "#999", error: "#999", line: "#999", soft: "#999" }, "text"],
  "a light text on a light background": [{ text: "hsl(200 10% 80%)", background: "ivory" }, "text"],
  "a dark panel that forgot its text": [{ background: "#222" }, "text"],
  "soft on the other side of the text": [{ soft: "#123" }, "soft"],
  "oklch, half transparent": [{ primary: "oklch(0.8 0.15 90 / 50%)" }, "primary"],
  "a colour that screens cannot show": [{ primary: "color(display-p3 1 0.9 0.2)" }, "primary"],
  "no colour at all": [{ text: "banana" }, "text"],
  "text of the button like the button": [{ primary: "#003366", "on-primary": "#003366" }, "on-primary"],
  "a border that nobody sees": [{ line: "transparent" }, "line"],
  "a ring that nobody sees": [{ focus: "#fefefe" }, "focus"],
};

for (const dark of [false, true]) {
  test(`wrong colours are corrected, in the ${dark ? "dark" : "light"}`, async (t) => {
    const options = { colorScheme: dark ? "dark" : "light" };
    const visit = await begun(t, options);
    const other = await answered(t, options);
    assert.deepEqual(await corrections(visit), []);
    for (const [what, [palette, name]] of Object.entries(WRONG)) {
      const side = dark ? Object.entries(palette).map(([key, value]) => [`dark-${key}`, value]) : Object.entries(palette);
      for (const one of [visit, other]) await paint(one, Object.fromEntries(side));
      const told = await corrections(visit);
      // In the dark some of these are right: yellow is.
      if (!dark) assert.ok(told.some(({ property }) => property === `--spro-${name}`), `${what}: ${JSON.stringify(told)}`);
      for (const { property, after } of told) {
        assert.match(property, dark ? /^--spro-dark-/ : /^--spro-(?!dark)/);
        assert.ok(after >= 3, what);
      }
      for (const one of [visit, other]) assert.deepEqual(await violations(one), [], what);
      const background = await shown(other, ".guide", "backgroundColor");
      assert.ok(contrast(await shown(other, ".choice", "borderTopColor"), background) >= 3, `${what}: border`);
      await other.page.keyboard.press("Tab");
      assert.ok(contrast(await shown(other, ":focus-visible", "outlineColor"), background) >= 3, `${what}: ring`);
    }
    await paint(visit, {});
    assert.deepEqual(await corrections(visit), [], "nothing stays of it");
  });
}

const PALETTES = 20;
// The guard itself is tried on many more in contrast.test.mjs; here it is axe that judges.
const taken = THOROUGH ? PALETTES : 6;

test("of random palettes axe finds none that cannot be read", async (t) => {
  const screens = [await begun(t), await answered(t)];
  const random = numbers(26);
  const names = ["background", "text", "soft", "primary", "on-primary", "quiet-text", "error", "line"];
  let corrected = 0;
  for (let round = 0; round < taken; round += 1) {
    const colour = () => `rgb(${[0, 1, 2].map(() => Math.floor(random() * 256)).join(" ")} / ${random() < 0.2 ? 0.6 : 1})`;
    const palette = Object.fromEntries(names.map((name) => [name, colour()]));
    for (const visit of screens) {
      await paint(visit, palette);
      assert.deepEqual(await violations(visit), [], JSON.stringify(palette));
    }
    corrected += (await corrections(screens[0])).length;
  }
  assert.ok(corrected > 2 * taken, `${corrected}`);
  tell(t, taken, PALETTES, "palettes");
  t.diagnostic(`${corrected} corrections`);
});

test("what is right stays to the byte, in any notation", async (t) => {
  const visit = await begun(t);
  for (const [value, bytes] of [
    ["rgb(120 20 60)", [120, 20, 60]],
    ["#074", [0, 119, 68]],
    ["rebeccapurple", [102, 51, 153]],
    ["color-mix(in srgb, black, navy)", [0, 0, 64]],
    ["oklch(0.4 0.1 250)", null],
  ]) {
    await paint(visit, { primary: value });
    assert.deepEqual(await corrections(visit), [], value);
    if (bytes) assert.deepEqual((await shown(visit, ".primary", "backgroundColor")).slice(0, 3), bytes, value);
  }
});

test("a correction is said once in the console, in words that a site owner can use", async (t) => {
  const visit = await begun(t);
  await paint(visit, { primary: "#ffcc00" });
  await visit.back();
  await visit.asked("goal");
  const said = visit.complaints.filter((text) => TOLD[0].test(text));
  const [{ from, to, before, after }] = await corrections(visit);
  assert.deepEqual([from, before], ["#ffcc00", 1.51]);
  assert.equal(said.length, 1, said);
  assert.equal(said[0], `spro-guide: colours corrected: --spro-primary #ffcc00 → ${to} (1.51 → ${after} on --spro-background)`);
  const document = await readFile(new URL("../../docs/element.md", import.meta.url), "utf8");
  assert.ok(document.includes(said[0]), "the line that docs/element.md shows");
});

test("a transparent background is the page's, and over a picture it is ours", async (t) => {
  const visit = await begun(t);
  const body = (css) => visit.page.evaluate((text) => (document.body.style.cssText = text), css);
  await body("background: #102030");
  await paint(visit, { background: "transparent" });
  let told = await corrections(visit);
  assert.ok(told.some(({ property }) => property === "--spro-text"), "dark text on the page's dark blue");
  assert.ok(!told.some(({ property }) => property === "--spro-background"), "which stays");
  assert.ok(contrast(await shown(visit, ".guide", "color"), [16, 32, 48, 1]) >= 4.5);
  await body("background: linear-gradient(red, blue)");
  await paint(visit, { background: "transparent" });
  told = await corrections(visit);
  assert.deepEqual(told.map(({ property, on }) => [property, on]), [["--spro-background", ""]]);
  assert.deepEqual(await shown(visit, ".guide", "backgroundColor"), [255, 255, 255, 1]);
});

test("the colours are looked at again when the page changes them", async (t) => {
  const visit = await begun(t, { colorScheme: "light" });
  await visit.page.addStyleTag({
    content: `.sun spro-guide { --spro-primary: #ffcc00 } spro-guide { --spro-dark-primary: #222 }`,
  });
  const until = (count) =>
    visit.page.waitForFunction((wanted) => document.querySelector("spro-guide").corrections.length === wanted, count);
  await visit.page.evaluate(() => document.documentElement.classList.add("sun"));
  await until(1);
  await visit.page.evaluate(() => document.documentElement.classList.remove("sun"));
  await until(0);
  await visit.page.emulateMedia({ colorScheme: "dark" });
  await until(1);
  await visit.element.evaluate((element) => element.setAttribute("theme", "light"));
  await until(0);
});

test("in forced colours the visitor's own are left alone", async (t) => {
  const visit = await begun(t, { forcedColors: "active" }, "tests-plain.html");
  await paint(visit, { primary: "#ffcc00" });
  assert.deepEqual(await corrections(visit), []);
});

test("the strictest policy on styles lets the corrections in", async (t) => {
  const visit = await open(t, "tests-csp-strict.html", { expects: TOLD });
  await visit.asked("situation");
  await paint(visit, { primary: "#ffcc00" });
  const [red] = await shown(visit, ".about-open .quiet", "color");
  assert.ok(red < 200, `${red}`);
  assert.equal((await corrections(visit)).length, 1);
});
