// What an old phone makes of the guide: how long after the page began to load the first question
// is there, how long the result takes, what a press and a letter cost. Medians, printed.
//
// With the variables of a stage: SPRO_WORKER, SPRO_PARTNER, CHROME.

import { close, newPage } from "../browser/lib/browser.mjs";
import { people } from "../browser/lib/people.mjs";
import { partner } from "../browser/lib/server.mjs";
import { Visit } from "../browser/lib/visit.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const PHONE = { viewport: { width: 375, height: 667 } };
const RUNS = 3;
/** How many times slower the processor is where single answers are timed. */
const SLOWDOWN = 6;

/** Slow 4G as browsers' tools define it, and a processor four times slower than this one. */
const NETWORK = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const CONDITIONS = {
  "as it is": { network: null, slowdown: 1 },
  "processor four times slower": { network: null, slowdown: 4 },
  "slow 4G and processor four times slower": { network: NETWORK, slowdown: 4 },
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A visit on a device and a network like this. */
async function timed({ network, slowdown }) {
  const page = await newPage(PHONE);
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
  await visit.asked("situation");
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

/** From a press, or a letter of the commune, until what it gives is painted. */
async function answered() {
  const page = await newPage(PHONE);
  await page.goto(`${partner}/tests-plain.html`);
  const visit = new Visit(page);
  // There and back: the module has come.
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.back();
  await visit.asked("situation");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  const steps = await visit.element.evaluate(async ({ shadowRoot }) => {
    const times = [];
    for (const value of ["retired", "review"]) {
      const before = performance.now();
      shadowRoot.querySelector(`.choice[value=${value}]`).click();
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(Math.round(performance.now() - before));
    }
    return times;
  });
  await visit.asked("commune");
  await visit.type("lyon");
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
  await page.context().close();
  return { steps, letters };
}

console.log(`a visit to ${ROMANS.commune}, medians of ${RUNS}`);
for (const [name, conditions] of Object.entries(CONDITIONS)) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await timed(conditions));
  const of = (key) => Math.round(median(runs.map((run) => run[key])));
  console.log(`  ${name}: first question after ${of("question")} ms (${of("first")} bytes), commune question to result ${of("result")} ms with typing, whole visit ${of("bytes")} bytes`);
}
const { steps, letters } = await answered();
console.log(`  from press to painted, processor ${SLOWDOWN} times slower: steps ${steps.join(", ")} ms; letters of the commune ${letters.join(", ")} ms`);
await close();
