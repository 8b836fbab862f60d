// The guard of the colours in this engine, which writes colours in its own way.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/engines.mjs";
import { startHost } from "../lib/host.mjs";
import { page } from "../lib/policies.mjs";
import { worker } from "../lib/server.mjs";
import { Visitor } from "../lib/visitor.mjs";

const pages = {};
let host;
let browser;

before(async () => {
  host = await startHost(pages);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await host?.close();
});

/** The first question on a page that paints our element so. */
async function painted(style, more = "") {
  pages["/painted"] = { body: page({ attributes: `style="${style}" ${more}` }, worker) };
  const visitor = new Visitor(await browser.open(`${host.origin}/painted`));
  await visitor.offered("retired");
  return visitor;
}

const corrections = (visitor) =>
  visitor.ask((root) => root.host.corrections.map(({ property, to, on, after }) => ({ property, to, on, after })));

/** Waits until what something of the guide is written in is this colour. */
const shows = (visitor, selector, colour) =>
  visitor.until((root, which, wanted) => getComputedStyle(root.querySelector(which)).color === wanted, selector, colour);

const rgb = (hex) => `rgb(${hex.match(/\w\w/g).map((byte) => Number.parseInt(byte, 16)).join(", ")})`;

test("a colour that cannot be read is corrected, in whatever notation it is written", async () => {
  for (const colour of ["#ffcc00", "gold", "hsl(48 100% 50%)", "oklch(0.86 0.17 92)", "rgb(255 204 0 / 60%)", "color(display-p3 1 0.8 0.1)"]) {
    const visitor = await painted(`--spro-primary: ${colour}`);
    const found = await corrections(visitor);
    assert.deepEqual(found.map(({ property }) => property), ["--spro-primary"], colour);
    const [{ to, after }] = found;
    assert.ok(after >= 4.5 && after < 6.5, `${colour}: ${after}`);
    await shows(visitor, ".about-open .quiet", rgb(to));
    const [red, green, blue] = to.match(/\w\w/g).map((byte) => Number.parseInt(byte, 16));
    assert.ok(red > green && green > blue, `${colour} is still a yellow: ${to}`);
  }
});

test("what can be read is left alone", async () => {
  for (const style of ["", "--spro-primary: oklch(0.4 0.1 250)", "--spro-background: transparent", "--spro-primary: rebeccapurple"]) {
    assert.deepEqual(await corrections(await painted(style)), [], style);
  }
  assert.deepEqual(await corrections(await painted("", 'look="dsfr" theme="dark"')), []);
});

test("nonsense is no colour, and nobody sees it", async () => {
  const visitor = await painted("--spro-text: banana; --spro-on-primary: #1a4f8b");
  const found = await corrections(visitor);
  const names = found.map(({ property }) => property);
  for (const name of ["--spro-on-primary", "--spro-text"]) assert.ok(names.includes(name), `${names}`);
  for (const { after } of found) assert.ok(after >= 4.5, `${after}`);
});
