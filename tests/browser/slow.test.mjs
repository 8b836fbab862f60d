// An old phone on a slow network: the guide comes, in a time that is printed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newPage } from "./lib/browser.mjs";
import { open } from "./lib/session.mjs";
import { people } from "./lib/people.mjs";
import { partner } from "./lib/server.mjs";
import { Visit } from "./lib/visit.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const RUNS = 3;

/** Slow 4G as browsers' tools define it, and a processor four times slower than this one. */
const NETWORK = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const CONDITIONS = {
  "as it is": { network: null, slowdown: 1 },
  "processor four times slower": { network: null, slowdown: 4 },
  "slow 4G and processor four times slower": { network: NETWORK, slowdown: 4 },
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function timed({ network, slowdown }) {
  const page = await newPage({ viewport: { width: 375, height: 667 } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  if (network) await cdp.send("Network.emulateNetworkConditions", network);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  let bytes = 0;
  cdp.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  // Marks in the page's own time: what happens here between the two does not count.
  await page.addInitScript(() => {
    window.times = {};
    const once = (name) => (event) => (window.times[name] ??= { at: performance.now(), ...event.detail });
    for (const name of ["step", "ready", "result"]) document.addEventListener(`spro-guide:${name}`, once(name));
  });
  await page.goto(`${partner}/tests-plain.html`);
  const visit = new Visit(page);
  await visit.asked("goal");
  const first = bytes;
  await visit.answerAll(ROMANS.answers);
  await visit.asked("commune");
  const asked = await page.evaluate(() => performance.now());
  await visit.commune(ROMANS.typed, ROMANS.commune);
  await visit.arrived();
  const times = await page.evaluate(() => window.times);
  await page.context().close();
  return { question: times.step.at, result: times.result.at - asked, first, bytes };
}

for (const [name, conditions] of Object.entries(CONDITIONS)) {
  test(`the first question and the result come: ${name}`, async (t) => {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await timed(conditions));
    const of = (key) => Math.round(median(runs.map((run) => run[key])));
    t.diagnostic(
      `first question after ${of("question")} ms (${of("first")} bytes), ` +
        `commune question to result ${of("result")} ms with typing, whole visit ${of("bytes")} bytes; medians of ${RUNS}`,
    );
    assert.ok(runs.every(({ question, result }) => question > 0 && result > 0));
  });
}

test("a choice answers at once on a processor six times slower", async (t) => {
  const visit = await open(t);
  await visit.asked("goal");
  const cdp = await visit.page.context().newCDPSession(visit.page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const step = await visit.element.evaluate(async ({ shadowRoot }) => {
    const times = [];
    for (const value of ["review", "me", "retired"]) {
      shadowRoot.querySelector(`input[value=${value}]`).click();
      const before = performance.now();
      shadowRoot.querySelector(".primary").click();
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(Math.round(performance.now() - before));
    }
    return times;
  });
  const letters = await visit.input.evaluate(async (input) => {
    const times = [];
    for (const text of ["s", "sa", "sai", "saint", "saint-", "saint-j"]) {
      input.value = text;
      const before = performance.now();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(Math.round(performance.now() - before));
    }
    return times;
  });
  t.diagnostic(`from press to painted: steps ${step.join(", ")} ms; letters of the commune ${letters.join(", ")} ms`);
  assert.equal(await visit.options.count() > 0, true);
});
