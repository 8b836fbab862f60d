// The same visit with our element, with the guide in Preact and with the one by hand (`rivals/`), in
// one Chromium, turn by turn: bytes, and milliseconds until what a visitor waits for is painted. Medians,
// printed; each of the three decides on the device, and the run fails where they do not say the same.
//
// All three stand in the same page, whose script comes from another origin, nothing in a cache. The
// visitor presses as soon as something is painted, which nobody does: whoever reads waits less.
//
// With the variables of a stage: SPRO_WORKER, SPRO_PARTNER, CHROME.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build, transform } from "esbuild";
import { close, newPage } from "../browser/lib/browser.mjs";
import { people } from "../browser/lib/people.mjs";
import { recommendation, worker } from "../browser/lib/server.mjs";
import { sixty } from "../browser/lib/sixty.mjs";
import { recommend, walk } from "./rivals/decide.js";

/** How often each guide is visited under each condition; the median counts. */
const RUNS = 5;
/** How often the letters are typed: in each turn so many times, of which the first warms up. */
const TURNS = 2;
const ROUNDS = 3;
const PERSON = people["a 19-year-old out of school in Romans-sur-Isère"];
const PHONE = { viewport: { width: 375, height: 667 } };
const GUIDES = { ours: "our element", preact: "Preact", byhand: "by hand" };
/** Slow 4G as browsers' tools define it. */
const NETWORK = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const SLOWDOWN = 4;
const CONDITIONS = {
  "as it is": {},
  "processor four times slower": { slowdown: SLOWDOWN },
  "slow 4G and processor four times slower": { network: NETWORK, slowdown: SLOWDOWN },
};
const TYPED = ["romans-sur-isere", "lyon 3", "saint-martin-d'heres", "clermont", "26100 rom", "st etienne", "la motte-f", "chambery"];
const WORST = ["s", "l", "sa", "saint", "le", "69", "38"];

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const json = (path) => fetch(worker + path).then((answer) => answer.json());

/** The pieces that ours reads, as JSON that says no more than the other two show. */
async function data() {
  const { snapshot } = await json("/v1/first.json?lang=fr");
  const piece = (name) => json(`/v1/${snapshot}/${name}.json`);
  const [guide, { texts }, { communes }] = await Promise.all(["guide", "texts.fr", "communes"].map(piece));
  const { reach_km, departments, questions, networks, rules, remote_services, preparations } = guide;
  const row = ({ code, name, postcodes, size, former }) => [code, name, postcodes.join(" "), size, ...former];
  const files = {
    "guide.json": { reach_km, departments, questions, networks, rules, remote_services, preparations, texts },
    "communes.json": communes.map(row),
  };
  for (const { code } of departments) files[`department.${code}.json`] = await piece(`department.${code}`);
  return files;
}

/** Fails where somebody of the table would be sent elsewhere than by ours. */
async function checkDecisions(files) {
  const guide = files["guide.json"];
  const today = new Date().toISOString().slice(0, 10);
  for (const { number, answers: given, code } of sixty) {
    const { answers, next } = walk(guide, { ...given, commune: code });
    assert.equal(next, undefined, `${number}: a question is left`);
    const found = recommend(guide, answers, files[`department.${code.slice(0, 2)}.json`], code, today);
    const wanted = await recommendation(given, code);
    const said = ({ network, place, service, rule }) =>
      [place?.id ?? service?.id ?? guide.networks[network].id, guide.rules[rule]?.id].filter(Boolean).join(" ");
    const told = ({ network, place, remote_service: service, rule }) => [place?.id ?? service?.id ?? network.id, rule].filter(Boolean).join(" ");
    const cards = ({ main, reception, complements }) => [main, reception, ...complements];
    assert.deepEqual(
      cards(found).map((card) => (card ? said(card) : null)),
      cards(wanted).map((card) => card && told(card)),
      `${number}: not what ours decides`,
    );
  }
  console.log(`${sixty.length} people: the decision in JavaScript is ours, card by card`);
}

/** Bundles one of the two, minified, with our style sheet as small as ours is. */
async function bundled(entry) {
  const source = await readFile(root("shared/texts/fr.txt"), "utf8");
  const rows = source.split("\n").filter((line) => /^\w+ = /.test(line));
  const all = Object.fromEntries(rows.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf("=") + 2)]));
  const sources = await Promise.all(["model.js", "preact.jsx"].map((name) => readFile(root(`tests/bench/rivals/${name}`), "utf8")));
  const used = (key) => sources.some((text) => text.includes(`"${key}"`)) || /^service_(reception|advice|support)/.test(key);
  const style = {
    name: "style",
    setup({ onLoad }) {
      onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, charset: "utf8" });
        return { contents: code, loader: "text" };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [root(`tests/bench/rivals/${entry}`)],
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { __WORDS__: JSON.stringify(Object.fromEntries(Object.entries(all).filter(([key]) => used(key)))) },
    plugins: [style],
    write: false,
  });
  return outputFiles[0].text;
}

/** Serves files from a free port of this machine, brotli as ours is stored. */
async function serve(files, type) {
  const stored = new Map(
    Object.entries(files).map(([name, text]) => [
      `/${name}`,
      brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
    ]),
  );
  const server = createServer(({ url }, answer) => {
    const body = stored.get(url);
    const headers = { "Content-Type": type(url), "Content-Encoding": "br", "Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=300" };
    if (body) answer.writeHead(200, { ...headers, "Content-Length": body.length }).end(body);
    else answer.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** In the page: plays the visit as fast as things are painted, and notes when each was. */
function play({ answers, typed, commune }) {
  const times = (window.times = { steps: [], needs: {} });
  const painted = () =>
    new Promise((done) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(null);
      }),
    );
  const heard = (name) => new Promise((done) => addEventListener(`spro-guide:${name}`, done, { once: true }));
  /** What has come by now: `[address, asked for, there]`. */
  const come = () => performance.getEntriesByType("resource").map(({ name, startTime, responseEnd }) => [name, startTime, responseEnd]);
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiateStreaming.apply(WebAssembly, given);
    times.module = performance.now();
    return made;
  };
  const visit = async () => {
    let next = heard("step");
    await next;
    times.first = await painted();
    times.needs.first = come();
    const { shadowRoot } = document.querySelector("spro-guide");
    for (const value of Object.values(answers)) {
      next = heard("step");
      const pressed = performance.now();
      shadowRoot.querySelector(`.choice[value="${value}"]`).click();
      await next;
      times.drawn ??= performance.now();
      const now = await painted();
      if (times.second === undefined) {
        times.second = now;
        times.needs.second = come();
      } else times.steps.push(now - pressed);
    }
    const input = shadowRoot.querySelector("input");
    input.value = typed;
    input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    const fits = () => [...shadowRoot.querySelectorAll("#communes li")].find((line) => line.firstChild.textContent === commune);
    while (!fits()) await painted();
    fits().click();
    await painted();
    next = heard("result");
    const pressed = performance.now();
    shadowRoot.querySelector(".primary").click();
    await next;
    const now = await painted();
    times.result = now - pressed;
    times.all = now;
    times.needs.all = come();
    times.place = shadowRoot.querySelector(".card .name").textContent.trim();
  };
  visit().catch((error) => (times.failed = String(error.stack)));
}

async function conditioned(page, { network, slowdown = 1 }) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  if (network) await cdp.send("Network.emulateNetworkConditions", network);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return cdp;
}

/** A visit: its times, and what came over the wire until then. */
async function visited(address, conditions) {
  const page = await newPage(PHONE);
  const cdp = await conditioned(page, conditions);
  const [names, bytes] = [new Map(), new Map()];
  cdp.on("Network.requestWillBeSent", ({ requestId, request }) => names.set(requestId, request.url));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => bytes.set(names.get(requestId), encodedDataLength));
  await page.addInitScript(play, PERSON);
  await page.goto(address);
  await page.waitForFunction(() => window.times.place || window.times.failed);
  const times = await page.evaluate(() => window.times);
  assert.equal(times.failed, undefined, times.failed);
  await page.context().close();
  const { first, second, module, drawn, result, all, place } = times;
  const weigh = (came) => came.reduce((sum, [name]) => sum + (bytes.get(name) ?? 0), 0);
  const [firstBytes, secondBytes, allBytes] = ["first", "second", "all"].map((stage) => weigh(times.needs[stage]));
  const next = median(times.steps);
  return { first, second, next, result, all, module, drawn, firstBytes, secondBytes, allBytes, place, came: times.needs.all };
}

/** What each letter costs, from its event until the list is laid out; and what the lists said. */
async function typing(address) {
  const page = await newPage(PHONE);
  await page.goto(address);
  const press = (value) => page.locator(`spro-guide .choice[value="${value}"]`).click();
  for (const value of Object.values(PERSON.answers)) await press(value);
  const input = page.locator("spro-guide input");
  await input.fill("lyon");
  await page.locator("spro-guide #communes li").first().waitFor();
  await conditioned(page, { slowdown: SLOWDOWN });
  const typed = [...TYPED.flatMap((name) => [...name].map((_, index) => name.slice(0, index + 1))), ...WORST];
  const found = await input.evaluate(
    async (field, { texts, rounds }) => {
      const list = field.getRootNode().getElementById("communes");
      const { port1, port2 } = new MessageChannel();
      const settled = () =>
        new Promise((done) => {
          port1.onmessage = done;
          port2.postMessage(null);
        });
      const [times, lists] = [[], {}];
      for (let round = 0; round < rounds; round += 1) {
        for (const text of texts) {
          field.value = text;
          await settled();
          const before = performance.now();
          field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
          await settled();
          list.getBoundingClientRect();
          if (round > 0) times.push(performance.now() - before);
          lists[text] = [...list.children].map((line) => line.textContent.trim());
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        }
      }
      return { times, lists };
    },
    { texts: typed, rounds: ROUNDS },
  );
  await page.context().close();
  return found;
}

const files = await data();
await checkDecisions(files);
const scripts = { "preact.js": await bundled("preact.jsx"), "byhand.js": await bundled("byhand.js") };
const texts = Object.fromEntries(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]));
const assets = await serve({ ...scripts, ...texts }, (url) => (url.endsWith(".js") ? "text/javascript" : "application/json"));
const template = await readFile(root("tests/partner/tests-plain.html"), "utf8");
const page = (script) => template.replace("__WORKER__/spro-guide.js", script).replaceAll("__WORKER__", worker);
const pages = await serve(
  {
    ours: page(`${worker}/spro-guide.js`),
    preact: page(`${assets.origin}/preact.js`),
    byhand: page(`${assets.origin}/byhand.js`),
  },
  () => "text/html; charset=utf-8",
);

/** What the first of them lists, which all must. */
const said = {};
const typings = Object.fromEntries(Object.keys(GUIDES).map((guide) => [guide, []]));
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const guide of Object.keys(GUIDES)) {
    const { times, lists } = await typing(`${pages.origin}/${guide}`);
    typings[guide].push(...times);
    for (const [text, list] of Object.entries(lists)) assert.deepEqual(list, (said[text] ??= list), `${guide}, « ${text} »`);
  }
}
const visits = {};
for (const [name, conditions] of Object.entries(CONDITIONS)) {
  for (const guide of Object.keys(GUIDES)) visits[`${name} ${guide}`] = [];
  // Once before, that the browser and the servers are warm for all three alike.
  for (let run = 0; run <= RUNS; run += 1) {
    const places = new Set();
    for (const guide of Object.keys(GUIDES)) {
      const visit = await visited(`${pages.origin}/${guide}`, conditions);
      if (run > 0) visits[`${name} ${guide}`].push(visit);
      places.add(visit.place);
    }
    assert.equal(places.size, 1, `three guides, ${[...places]}`);
  }
}
const column = (value) => String(value).padStart(13);
const heads = Object.values(GUIDES).map(column).join("");
const of = (name, guide, key) => Math.round(median(visits[`${name} ${guide}`].map((visit) => visit[key])));
const line = (title, value) => console.log(`  ${title.padEnd(44)}${Object.keys(GUIDES).map((guide) => column(value(guide))).join("")}`);
const slowest = Object.keys(CONDITIONS).at(-1);
console.log(`\na visit to ${PERSON.commune}, medians of ${RUNS} turns`.padEnd(47) + heads);
console.log("bytes over the wire, brotli, with headers");
line("to the first question", (guide) => of(slowest, guide, "firstBytes"));
line("to the second", (guide) => of(slowest, guide, "secondBytes"));
line("to the result", (guide) => of(slowest, guide, "allBytes"));
for (const name of Object.keys(CONDITIONS)) {
  console.log(`milliseconds, ${name}`);
  line("page → first question", (guide) => of(name, guide, "first"));
  line("page → second, where the first is pressed at once", (guide) => of(name, guide, "second"));
  line("press → next question", (guide) => of(name, guide, "next"));
  line("« Continuer » → result", (guide) => of(name, guide, "result"));
  line("page → result, without a pause", (guide) => of(name, guide, "all"));
}
console.log(`milliseconds a letter, processor ${SLOWDOWN} times slower, ${typings.ours.length} letters`);
const share = (guide, part) => [...typings[guide]].sort((a, b) => a - b)[Math.floor(typings[guide].length * part)].toFixed(1);
line("half within", (guide) => share(guide, 0.5));
line("95 in 100 within", (guide) => share(guide, 0.95));
for (const condition of Object.keys(CONDITIONS).slice(1)) {
  console.log(`\nwhere it goes, ${condition}: each file asked for – there, ms`);
  for (const [guide, title] of Object.entries(GUIDES)) {
    const all = visits[`${condition} ${guide}`];
    const { came, first, module, drawn, second } = all.find((visit) => Math.round(visit.second) === of(condition, guide, "second"));
    const files = came.map(([name, from, to]) => `${name.split("/").at(-1).split("?")[0]} ${Math.round(from)}–${Math.round(to)}`);
    console.log(`  ${title}: ${files.join(", ")}`);
    const ready = module ? `module ready ${Math.round(module)}, ` : "";
    console.log(`    first question painted ${Math.round(first)}, ${ready}second drawn ${Math.round(drawn)}, painted ${Math.round(second)}`);
  }
}
await close();
assets.close();
pages.close();
