// What a keystroke in the commune field costs on a processor four times slower: from the
// input event until the list is there, and until the browser has laid it out.
//
// Thirty communes of the region are typed letter by letter, then what costs most.

import { newPage, close } from "../browser/lib/browser.mjs";
import { partner } from "../browser/lib/server.mjs";
import { Visit } from "../browser/lib/visit.mjs";

const SLOWDOWN = 4;
/** How often everything is typed; the first time warms up what a visitor has warm by then. */
const ROUNDS = 8;
const NAMES = [
  "Romans-sur-Isère", "Valence", "Lyon 3e", "Lyon 08", "Villeurbanne", "Saint-Étienne", "Grenoble",
  "Clermont-Ferrand", "Annecy", "Chambéry", "Bourg-en-Bresse", "Aurillac", "Le Puy-en-Velay", "Privas",
  "Moulins", "Saint-Martin-d'Hères", "st martin dheres", "Saint-Germain-au-Mont-d'Or", "Sainte-Foy-lès-Lyon",
  "La Motte-Fanjas", "Les Adrets", "L'Abergement-Clémenciat", "labergement", "Bellegarde-sur-Valserine",
  "Châtillon-sur-Chalaronne", "Villefranche-sur-Saône", "Montélimar", "Thonon-les-Bains", "26100 romans", "69003",
];
const WORST = ["", "s", "st", "saint", "sainte", "la", "le", "les", "l", "a", "69", "38", "0", "saint-", "sur", "de", "zz"];

const page = await newPage({ viewport: { width: 375, height: 667 } });
await page.goto(`${partner}/tests-plain.html`);
const visit = new Visit(page);
await visit.toCommune();
await visit.type("lyon");
const cdp = await page.context().newCDPSession(page);
await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });

const typed = [...NAMES.flatMap((name) => [...name].map((_, index) => name.slice(0, index + 1))), ...WORST];
const times = await visit.input.evaluate(
  async (input, { typed, rounds }) => {
    const list = input.getRootNode().getElementById("communes");
    // A task of its own comes after everything that the event has set off, and before a frame.
    const { port1, port2 } = new MessageChannel();
    const settled = () =>
      new Promise((done) => {
        port1.onmessage = done;
        port2.postMessage(null);
      });
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const text of typed) {
        input.value = text;
        await settled();
        const before = performance.now();
        input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
        await settled();
        const updated = performance.now();
        list.getBoundingClientRect();
        const laidOut = performance.now();
        if (round > 0) times.push({ text, updated: updated - before, laidOut: laidOut - before });
        // The frame itself is not part of it.
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      }
    }
    return times;
  },
  { typed, rounds: ROUNDS },
);

const shown = (milliseconds) => milliseconds.toFixed(1).padStart(5);
const line = (name, values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  console.log(`  ${name.padEnd(36)} ${shown(at(0.5))} ${shown(at(0.95))} ${shown(at(1))}`);
};
console.log(`milliseconds a keystroke, processor ${SLOWDOWN} times slower, ${times.length} keystrokes`);
console.log(`  ${"".padEnd(36)} ${"half".padStart(5)} ${"95 %".padStart(5)} ${"most".padStart(5)}`);
line("until the list is there", times.map(({ updated }) => updated));
line("… and laid out", times.map(({ laidOut }) => laidOut));
const worst = new Map();
for (const { text, updated } of times) worst.set(text, [...(worst.get(text) ?? []), updated]);
const medians = [...worst].map(([text, values]) => [text, values.sort((a, b) => a - b)[Math.floor(values.length / 2)]]);
medians.sort(([, a], [, b]) => b - a);
const dearest = medians.slice(0, 8).map(([text, median]) => `« ${text} » ${median.toFixed(1)}`);
console.log(`  dearest, by their medians: ${dearest.join(", ")}`);
await close();
