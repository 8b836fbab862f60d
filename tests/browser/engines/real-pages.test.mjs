// What real pages and browsers do to a page around us, in this engine: import maps, tools that hold
// scripts back, pages that are copied or kept, translators, and printing that returns at once.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch } from "../lib/engines.mjs";
import { startHost, startOurs } from "../lib/host.mjs";
import { page as pageOf } from "../lib/site.mjs";
import { REWRITTEN } from "../lib/rewriting.mjs";
import { worker } from "../lib/server.mjs";
import { isTranslated, original, translate } from "../lib/translator.mjs";
import { SHORT, Visitor } from "../lib/visitor.mjs";

const SRC = `${worker}/spro-guide.js`;
const MODULE = `<script type="module" async src="${SRC}"></script>`;
const guide = (attributes = "") => `<spro-guide ${attributes}><a href="${worker}/">Trouver le lieu</a></spro-guide>`;

const pages = {};
let host;
let browser;
/** The script's tag, as the generator gives it. */
let pasted;

before(async () => {
  host = await startHost(pages);
  browser = await launch();
  pasted = /<script [^]*?<\/script>/.exec(await (await fetch(`${worker}/embed/preview`)).text())[0];
});

after(async () => {
  await browser?.close();
  await host?.close();
});

/** A visitor on a page of the site. */
async function open(name, body, head = "") {
  pages[`/${name}`] = { body: pageOf(body, head) };
  return new Visitor(await browser.open(`${host.origin}/${name}`));
}

const isOn = (page, rung) => page.until((wanted) => document.querySelector("spro-guide")?.dataset.rung === wanted, rung);

const MAP = `<script type="importmap">{"imports":{"one":"./one.js"}}</script>`;
const HOST_MODULE = `<script type="module">import { one } from "one"; document.title = one === 1 ? "HOST OK" : "HOST BROKEN";</script>`;
pages["/one.js"] = { type: "text/javascript", body: "export const one = 1;" };

const MAPS = {
  "above, in the head": () => [guide(), MAP + HOST_MODULE + pasted],
  "below, in the head": () => [guide(), pasted + MAP + HOST_MODULE],
  "below, at the end of the page": () => [`${pasted}${guide()}<p>${"Du texte. ".repeat(20_000)}</p>${MAP}${HOST_MODULE}`, ""],
  "above a module of ours": () => [MODULE + guide(), MAP + HOST_MODULE],
};

for (const [where, parts] of Object.entries(MAPS)) {
  test(`an import map ${where}: the host's module runs, and the guide stands`, async () => {
    const { page } = await open("map", ...parts());
    for (const time of ["cold", "warm"]) {
      await page.until(() => document.title.startsWith("HOST") && document.readyState === "complete");
      assert.equal(await page.evaluate(() => document.title), "HOST OK", time);
      await isOn(page, "element");
      await page.goto(`${host.origin}/map`);
    }
  });
}

// A page that comes slowly: the map is far behind our script, which has had time to ask for its modules.
test("an import map that comes long after our script ran: the host's module runs", async (t) => {
  const [first, rest] = pageOf(`${pasted}${guide()}SPLIT${MAP}${HOST_MODULE}`).split("SPLIT");
  const tells = `<script>
    const frames = (left) => (left ? requestAnimationFrame(() => frames(left - 1)) : fetch("/rest"));
    // WebKit itself keeps such a script until the page is whole.
    if (/^Apple/.test(navigator.vendor)) fetch("/rest");
    else customElements.whenDefined("spro-guide").then(() => frames(5));
  </script>`;
  let goOn;
  const server = createServer(({ url }, answer) => {
    if (url === "/rest") goOn?.();
    const isModule = url === "/one.js";
    answer.writeHead(200, { "Content-Type": isModule ? "text/javascript" : "text/html; charset=utf-8", "Cache-Control": "no-store" });
    if (isModule) return void answer.end(pages[url].body);
    if (url !== "/") return void answer.end();
    answer.write(first + tells);
    goOn = () => answer.end(rest);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  const page = await browser.open(`http://127.0.0.1:${server.address().port}/`);
  await page.until(() => document.readyState === "complete");
  await page.until(() => document.title === "HOST OK");
  await isOn(page, "element");
});

for (const [what, { tag, release }] of Object.entries(REWRITTEN)) {
  test(`a tag that is rewritten: ${what}`, async () => {
    const visitor = await open("rewritten", tag(SRC) + guide());
    await visitor.page.until(() => document.readyState === "complete");
    assert.equal(await visitor.page.evaluate(() => customElements.get("spro-guide") === undefined), true, "it waits");
    await visitor.page.evaluate(release);
    await visitor.answer(SHORT.choices[0]);
    await isOn(visitor.page, "element");
  });
}

test("two versions on a page, and one of another address: each element has its visit", async (t) => {
  const other = await startOurs();
  t.after(() => other.close());
  const pinned = /\/([0-9a-f]{16})\/spro-guide\.js/.exec(await (await fetch(`${worker}/embed?version=pinned`)).text())[1];
  const script = (src) => `<script async src="${src}"></script>`;
  const body = [`${worker}/${pinned}/spro-guide.js`, SRC, `${other.origin}/spro-guide.js`].map((src) => script(src) + guide()).join("") + MODULE;
  const { page } = await open("versions", body);
  for (const index of [0, 1, 2]) await new Visitor(page, index).answer(SHORT.choices[0]);
});

test("a page that is kept as a copy and shown again: the copy begins, and says where it stands", async () => {
  const visitor = await open("copied", pasted + guide());
  await visitor.answer(SHORT.choices[0]);
  await visitor.page.evaluate(() => {
    const element = document.querySelector("spro-guide");
    // As that of a page whose policy was another.
    element.dataset.rungWhy = "slow";
    const copy = document.body.cloneNode(true);
    document.body.replaceWith(Object.assign(document.createElement("body"), { textContent: "Autre page" }));
    window.show = () => {
      document.body.replaceWith(copy);
      for (const script of copy.querySelectorAll("script")) {
        const again = document.createElement("script");
        for (const { name, value } of script.attributes) again.setAttribute(name, value);
        script.replaceWith(again);
      }
      return document.querySelector("spro-guide").getAttributeNames().filter((name) => name.startsWith("data-rung"));
    };
  });
  assert.deepEqual(await visitor.page.evaluate(() => window.show()), [], "what the first one said is not the copy's");
  await visitor.answer(SHORT.choices[0]);
  await isOn(visitor.page, "element");
  assert.equal(await visitor.page.evaluate(() => document.querySelector("spro-guide").dataset.rungWhy ?? ""), "");
});

const REMEMBERS = `<script>
  addEventListener("pageshow", ({ persisted }) => (window.persisted = persisted));
  addEventListener("pagehide", () => delete window.persisted);
</script>`;

test("back to the page: the visit is where it was, or begins", async (t) => {
  const visitor = await open("left", pasted + guide(), REMEMBERS);
  pages["/elsewhere"] = { body: pageOf("<p>Ailleurs</p>") };
  await visitor.answer(SHORT.choices[0]);
  await visitor.page.goto(`${host.origin}/elsewhere`);
  await visitor.page.evaluate(() => void setTimeout(() => history.back()));
  const kept = await visitor.page.until(() => location.pathname === "/left" && window.persisted !== undefined && String(window.persisted));
  t.diagnostic(kept === "true" ? "the browser had kept the page" : "the browser read the page again");
  await visitor.answerAll(kept === "true" ? SHORT.choices.slice(1) : SHORT.choices);
  await visitor.commune(SHORT.typed, SHORT.commune);
});

/** In the page: what a visitor reads, what is announced, and what must stay as it is written. */
function read(root, kept) {
  const clean = (node) => node.textContent.replace(/\s+/g, " ").trim();
  const all = (selector) => [...root.querySelectorAll(selector)].map(clean);
  const copy = root.querySelector(".guide").cloneNode(true);
  // What depends on the minute.
  for (const node of copy.querySelectorAll(".now, iframe")) node.remove();
  return {
    words: clean(copy),
    announced: all("[role=status], [role=alert]"),
    labels: [...root.querySelectorAll("[aria-label]")].map((node) => node.getAttribute("aria-label")),
    kept: Object.fromEntries(Object.entries(kept).map(([name, selector]) => [name, all(selector)])),
  };
}

const KEPT = {
  languages: ".languages button",
  lines: "[role=option]",
  places: ".card > h3.name, .others p:first-child > strong",
  addresses: ".details > dd:first-of-type, .others li > div",
  phones: "[data-contact=phone] > bdi",
  mails: "[data-contact=email]",
  sites: "[data-contact=website] > bdi",
  communes: ".where > bdi, .answers li:last-child strong",
};

/** Whoever lives there is sent elsewhere: how far it is from there is said with its name. */
const AWAY = { typed: "viriat", commune: "Viriat" };

/** A visit to its end, and every screen of it. */
async function tour(visitor) {
  const screens = [];
  const look = async () => screens.push(await visitor.ask(read, KEPT));
  for (const choice of SHORT.choices) {
    await visitor.offered(choice);
    await look();
    await visitor.answer(choice);
  }
  // A letter more, and one less: lines that are there say something else.
  await visitor.type("romansx");
  await visitor.page.press("Backspace");
  await visitor.lines();
  await look();
  await visitor.empty();
  await visitor.commune(AWAY.typed, AWAY.commune);
  await visitor.until((root) => [...root.querySelectorAll("details")].map((details) => (details.open = true)).length);
  await visitor.until((root) => root.querySelector(".where > bdi"));
  await look();
  return screens;
}

for (const [name, wraps] of Object.entries({ "wraps each text": true, "changes the letters only": false })) {
  test(`a translator that ${name}: a whole visit, and what leads somewhere stays as it is written`, async () => {
    const plain = await tour(await open("plain", pasted + guide()));
    const translated = await tour(await open("translated", pasted + guide(), `<script>(${translate})(${wraps})</script>`));
    for (const [index, { words, announced, labels, kept }] of translated.entries()) {
      const wanted = plain[index];
      assert.ok(isTranslated(words.replaceAll(kept.languages.join(""), "")), `screen ${index} is translated`);
      assert.deepEqual(kept, wanted.kept, `screen ${index}`);
      assert.equal(original(words), original(wanted.words), `screen ${index} says the same`);
      assert.deepEqual(announced.map(original), wanted.announced.map(original), `screen ${index} announces the same`);
      assert.deepEqual(labels, wanted.labels);
    }
    const all = plain.flatMap(({ kept }) => Object.entries(kept)).filter(([, texts]) => texts.length > 0);
    assert.deepEqual(new Set(all.map(([kind]) => kind)), new Set(Object.keys(KEPT)), "each kind was there");
  });
}

/** In the page, before anything else: every frame's `print` is another. */
function printing(kind) {
  window.papers = [];
  window.troubles = [];
  addEventListener("error", ({ message }) => window.troubles.push(message));
  addEventListener("unhandledrejection", ({ reason }) => window.troubles.push(String(reason)));
  const kinds = {
    atOnce: (inside) => () => {
      for (const name of ["beforeprint", "afterprint"]) inside.dispatchEvent(new Event(name));
      // The system reads the page while its dialog is open.
      setTimeout(() => window.papers.push(inside.frameElement ? inside.document.body.innerText : "nothing"), 1000);
    },
    missing: () => undefined,
    throwing: () => () => {
      throw new Error("no printer");
    },
  };
  const { get } = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow");
  Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {
    configurable: true,
    get() {
      const inside = get.call(this);
      if (inside) Object.defineProperty(inside, "print", { value: kinds[kind](inside), configurable: true });
      return inside;
    },
  });
}

/** A visitor at the open sheet. */
async function sheet(kind, language = "fr") {
  const visitor = await open("printing", pasted + guide(`lang="${language}"`), `<script>(${printing})("${kind}")</script>`);
  await visitor.follow();
  await visitor.click(".liaison > summary");
  return visitor;
}

const papers = (root) => root.querySelectorAll("iframe").length;

test("printing that returns at once: the sheet is there when it is read, both times", async () => {
  const visitor = await sheet("atOnce");
  const place = await visitor.arrived();
  for (const count of [1, 2]) {
    await visitor.click("[part~=print]");
    const paper = await visitor.page.until((wanted) => window.papers.length === wanted && window.papers.at(-1), count);
    assert.match(paper, /^Fiche de liaison/);
    assert.ok(paper.includes(place), paper);
    assert.equal(await visitor.ask(papers), 1, "one at a time");
  }
  await visitor.click("[part~=restart]");
  await visitor.offered(SHORT.choices[0]);
  assert.equal(await visitor.ask(papers), 0, "it goes with the screen");
  assert.deepEqual(await visitor.page.evaluate(() => window.troubles), []);
});

for (const [kind, language, says] of [
  ["missing", "fr", "L’impression n’a pas marché. Vous pouvez copier la fiche."],
  ["throwing", "en", "Printing did not work. You can copy the sheet."],
]) {
  test(`printing that is ${kind}: a sentence, and the sheet can be copied`, async () => {
    const visitor = await sheet(kind, language);
    for (const _ of [1, 2]) {
      await visitor.click("[part~=print]");
      await visitor.until((root, text) => root.querySelector(".liaison > [role=status]").textContent === text, says);
      assert.equal(await visitor.ask(papers), 0);
    }
    await visitor.click("[part~=copy]");
    // Copied, or there to be selected where the browser does not let a page copy.
    await visitor.until((root, text) => ![text, ""].includes(root.querySelector(".liaison > [role=status]").textContent), says);
    assert.deepEqual(await visitor.page.evaluate(() => window.troubles), []);
  });
}
