// The guard of the colours, as a function: whatever a host's palette is, what comes out is readable.

import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, over, readable } from "../../widget/js/contrast.js";
import { numbers } from "./lib/random.mjs";
import { THOROUGH, tell } from "./lib/thorough.mjs";

const hex = (text) => [...text.match(/\w\w/g).map((byte) => Number.parseInt(byte, 16)), 1];
const USUAL = {
  background: hex("#ffffff"),
  text: hex("#1e2328"),
  soft: hex("#eef3f9"),
  quiet: hex("#4b5660"),
  primary: hex("#1a4f8b"),
  "on-primary": hex("#ffffff"),
  error: hex("#b3261e"),
  line: hex("#767f88"),
  focus: hex("#1a4f8b"),
};

/** What the pages put on what: texts 4.5, borders and rings 3. */
const PAIRS = [
  ["text", ["background", "soft"], 4.5],
  ["quiet", ["background", "soft"], 4.5],
  ["primary", ["background", "soft"], 4.5],
  ["on-primary", ["primary"], 4.5],
  ["error", ["background", "soft"], 4.5],
  ["line", ["background"], 3],
  ["focus", ["background", "soft"], 3],
];

/** Every pair of a palette that is too close, by the formula of WCAG 2.2 written once more. */
function failing(palette) {
  const light = (colour) => {
    const [red, green, blue] = colour.map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  return PAIRS.flatMap(([name, grounds, least]) =>
    grounds.flatMap((on) => {
      const ground = over(palette[on], palette.background);
      const [dark, bright] = [light(ground), light(over(palette[name], ground))].sort((one, other) => one - other);
      const ratio = (bright + 0.05) / (dark + 0.05);
      return ratio < least ? [`${name} on ${on}: ${ratio}`] : [];
    }),
  );
}

test("contrast is what WCAG says it is", () => {
  assert.equal(contrast(hex("#000000"), hex("#ffffff")), 21);
  assert.equal(contrast(hex("#777777"), hex("#777777")), 1);
  // The grey that just fails on white, and the one that just passes.
  assert.equal(contrast(hex("#777777"), hex("#ffffff")).toFixed(2), "4.48");
  assert.equal(contrast(hex("#767676"), hex("#ffffff")).toFixed(2), "4.54");
});

test("a palette that is readable stays what it is", () => {
  const { found, corrections } = readable(USUAL);
  assert.deepEqual(corrections, []);
  assert.deepEqual(found, USUAL);
});

test("one colour that is not is corrected alone, by as little as it takes, and keeps its hue", () => {
  const { found, corrections } = readable({ ...USUAL, primary: hex("#ffcc00"), focus: hex("#1a4f8b") });
  assert.deepEqual(corrections.map(({ name, on }) => [name, on]), [["primary", "background"]]);
  const [{ before, after }] = corrections;
  assert.equal(before, 1.51);
  assert.ok(after >= 4.5 && after < 5.5, `${after}`);
  const [red, green, blue] = found.primary;
  assert.equal(blue, 0);
  assert.ok(Math.abs(green / red - 0xcc / 0xff) < 0.01, `${found.primary}`);
});

test("white on a yellow button becomes dark, not the button", () => {
  const palette = { ...USUAL, background: hex("#000000"), text: hex("#ffffff"), soft: hex("#222222"), quiet: hex("#cccccc") };
  Object.assign(palette, { primary: hex("#ffcc00"), error: hex("#ff8888"), line: hex("#999999"), focus: hex("#ffcc00") });
  const { corrections } = readable(palette);
  assert.deepEqual(corrections.map(({ name, on }) => [name, on]), [["on-primary", "primary"]]);
});

const PALETTES = 10_000;
const taken = THOROUGH ? PALETTES : 1500;

test("random palettes, half of them of neighbouring colours, all come out readable", (t) => {
  const random = numbers(5);
  const names = Object.keys(USUAL);
  let count = 0;
  for (let round = 0; round < taken; round += 1) {
    const middle = random() * 255;
    const near = random() < 0.5;
    const byte = () => Math.round(near ? Math.min(255, Math.max(0, middle + (random() - 0.5) * 40)) : random() * 255);
    const palette = Object.fromEntries(
      names.map((name) => [name, [byte(), byte(), byte(), random() < 0.2 ? random() : 1]]),
    );
    palette.background[3] = 1;
    const { found, corrections } = readable(palette);
    if (failing(found).length) assert.deepEqual(failing(found), [], JSON.stringify(palette));
    const changed = names.filter((name) => found[name] !== palette[name]);
    assert.deepEqual(corrections.map(({ name }) => name).sort(), changed.sort(), "every change is told");
    count += corrections.length;
  }
  tell(t, taken, PALETTES, "palettes");
  t.diagnostic(`${count} corrections`);
});
