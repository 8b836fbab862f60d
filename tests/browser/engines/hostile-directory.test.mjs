// @stage own
// A directory whose every text somebody hostile has written: in this engine it is read as it is
// written, in the guide and in the pages of the worker, and nothing of it runs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/engines.mjs";
import { inventing, place } from "../lib/invented.mjs";
import { partner, worker } from "../lib/server.mjs";
import { SHORT, Visitor } from "../lib/visitor.mjs";

const HOSTILE = "<img src=x onerror=top.hurt=1>";
const invent = inventing();
let browser;

before(async () => (browser = await launch()));
after(() => browser?.close());

/** Writes it behind each text of an edition, in each language. */
function poison(value) {
  if (typeof value !== "object" || value === null) return;
  const isText = typeof value.fr === "string";
  for (const key of Object.keys(value)) {
    if (isText && typeof value[key] === "string") value[key] += ` ${HOSTILE}`;
    else poison(value[key]);
  }
}

const AUBENAS = { code: "07019" };
const publish = () =>
  invent(
    [
      place("hostile", AUBENAS, {
        network: "france-services",
        name: `Lieu ${HOSTILE}`,
        address: { lines: [`1 rue ${HOSTILE}`], postcode: "07200" },
        hours_note: `Le matin ${HOSTILE}`,
        access: `Rampe ${HOSTILE}`,
        source: `Liste ${HOSTILE}`,
      }),
    ],
    ({ edition }) => poison(edition),
  );

/** What of a tree was read as elements, and whether anything has run. */
const HARM = (root) => [root.querySelectorAll("img[src=x]").length, window.hurt ?? 0];

test("every text of a hostile directory is read, and none runs", async () => {
  await publish();
  const visitor = new Visitor(await browser.open(`${partner}/tests-plain.html`));
  const seen = [await visitor.until((root) => root.querySelector("h2")?.textContent)];
  assert.deepEqual(await visitor.ask(HARM), [0, 0], "the first question");
  await visitor.answerAll(SHORT.choices);
  await visitor.commune(SHORT.typed, SHORT.commune);
  await visitor.until((root) => root.querySelector(".result .card h3") !== null);
  seen.push(
    await visitor.ask((root) => {
      for (const folded of root.querySelectorAll("details")) folded.open = true;
      return root.querySelector(".result").textContent;
    }),
  );
  assert.deepEqual(await visitor.ask(HARM), [0, 0], "the result");
  await visitor.click("[part~=about]");
  // The panel is there before its texts are.
  const panel = (root, text) => {
    const said = root.querySelector("dialog[open]")?.textContent;
    return said?.includes(text) && said;
  };
  seen.push(await visitor.until(panel, HOSTILE));
  assert.deepEqual(await visitor.ask(HARM), [0, 0], "the panel");
  for (const text of seen) assert.ok(text.includes(HOSTILE), text);
  const times = seen[1].split(HOSTILE).length - 1;
  assert.ok(times > 5, `${times} times in the result`);

  const page = await browser.open(`${worker}/`);
  const read = await page.until("() => document.querySelector('h2')?.textContent");
  assert.ok(read.includes(HOSTILE), read);
  assert.deepEqual(await page.evaluate(`() => (${HARM})(document)`), [0, 0], "the page");
});
