// A slow network: what a visitor has before the rest has come, and what is asked for when. Each
// file waits until the test lets it in, so that no clock decides. How long it all takes on an old
// phone is measured in tests/bench/slow.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gate, onWorker, open } from "./lib/session.mjs";
import { people } from "./lib/people.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];

/** The files of a visit by what they are, in no order. */
const FILES = {
  loader: /^\/spro-guide\.js$/,
  script: /\/element\.js$/,
  first: /^\/v1\/first\.json$/,
  module: /\/element_bg\.wasm$/,
  later: /\/later\.wasm$/,
  guide: /\/guide\.bin$/,
  words: /\/texts\.fr\.bin$/,
  communes: /\/communes\.bin$/,
  department: /\/department\.26\.bin$/,
};
const named = (path) => Object.keys(FILES).find((name) => FILES[name].test(path)) ?? path;

/** A page whose files of ours wait, each until it is let in. */
async function slowly(t, path = "tests-plain.html") {
  const doors = Object.fromEntries(Object.keys(FILES).map((name) => [name, { asked: gate(), let: gate() }]));
  const asked = [];
  const visit = await open(t, path, {
    waitUntil: "commit",
    before: (page) =>
      onWorker(page, /./, async (route) => {
        const name = named(new URL(route.request().url()).pathname);
        asked.push(name);
        doors[name]?.asked.open();
        await doors[name]?.let.opened;
        await route.continue();
      }),
  });
  return {
    visit,
    /** What was asked for up to now. */
    asked: () => [...asked].sort(),
    /** Waits until these are asked for. */
    wanted: (...names) => Promise.all(names.map((name) => doors[name].asked.opened)),
    /** Lets these in. */
    let: (...names) => names.forEach((name) => doors[name].let.open()),
  };
}

test("two rounds bring the first question, and it is read while everything else is on its way", async (t) => {
  const { visit, asked, wanted, let: come } = await slowly(t);
  await wanted("loader");
  come("loader");
  // Both at once: neither is found in the other.
  await wanted("script", "first");
  assert.deepEqual(asked(), ["first", "loader", "script"], "nothing that the first question does without");
  come("script", "first");
  await visit.asked("situation");
  await wanted("module", "guide", "words");
  assert.deepEqual(asked(), ["first", "guide", "loader", "module", "script", "words"]);
  await visit.answer("situation", ROMANS.answers.situation);
  await visit.element.locator(".said").filter({ hasText: "Chargement" }).waitFor();
  come("module");
  // Half of it is not enough, and is waited for in the same way.
  await visit.asked("situation");
  come("guide");
  await visit.asked("situation");
  assert.ok(!asked().includes("later"), "what only the result needs stands in nobody's way");
  come("words");
  await visit.asked("youth");
  await wanted("later");
});

test("the names of the communes come while the questions are read, and the result says that its places are on their way", async (t) => {
  const { visit, asked, wanted, let: come } = await slowly(t);
  come("loader", "script", "first", "module", "guide", "words");
  const { situation, ...others } = ROMANS.answers;
  await visit.answer("situation", situation);
  await wanted("communes");
  await visit.answerAll(others);
  await visit.asked("commune");
  await visit.input.fill(ROMANS.typed);
  await visit.status.filter({ hasText: "Chargement" }).waitFor();
  come("communes");
  await visit.commune(ROMANS.typed, ROMANS.commune);
  // What draws the result is not there either: its heading is, and has the focus.
  await visit.element.getByRole("status").filter({ hasText: "Chargement" }).waitFor();
  assert.equal((await visit.focused()).tag, "h2");
  assert.ok(!asked().includes("department"));
  come("later");
  await wanted("department");
  await visit.result.getByRole("status").filter({ hasText: "Chargement" }).waitFor();
  // It is read as soon as it has the focus.
  assert.equal((await visit.focused()).tag, "h2");
  assert.equal(await visit.main.count(), 0);
  come("department");
  await visit.arrived();
  assert.ok((await visit.read()).main.details.Adresse, "the place");
  assert.equal((await visit.focused()).tag, "h2", "the focus stays");
  assert.deepEqual(asked(), Object.keys(FILES).sort(), "each file once, and nothing else");
});

/** In the page: whatever was set off has been done, and nothing was painted meanwhile. */
const TURN = "async () => { for (let step = 0; step < 100; step += 1) await undefined; }";

test("a press and a letter are answered before the next frame", async (t) => {
  const visit = await open(t);
  // The module is there.
  await visit.answer("situation", "young");
  await visit.asked("youth");
  const headings = await visit.element.evaluate(async ({ shadowRoot }, turn) => {
    const seen = [];
    for (const value of ["none", "job", "no"]) {
      const before = shadowRoot.querySelector("h2").textContent;
      shadowRoot.querySelector(`.choice[value=${value}]`).click();
      await (0, eval)(`(${turn})`)();
      seen.push([before, shadowRoot.querySelector("h2").textContent]);
    }
    return seen;
  }, TURN);
  for (const [before, after] of headings) assert.notEqual(before, after);
  await visit.asked("commune");
  await visit.type("lyon");
  const counts = await visit.input.evaluate(async (input, turn) => {
    const counted = [];
    for (const text of ["s", "saint-j", "zzzz", "romans-sur"]) {
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await (0, eval)(`(${turn})`)();
      counted.push(input.getRootNode().querySelectorAll("[role=option]").length);
    }
    return counted;
  }, TURN);
  assert.ok(counts[0] > 1 && counts[1] > 1, `${counts}`);
  assert.deepEqual(counts.slice(2), [0, 1]);
});
