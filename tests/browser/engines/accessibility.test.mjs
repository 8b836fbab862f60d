// axe-core on every state of the element, in this engine: at 1280 pixels and at 320, which is what
// 1280 are at 400 %, in every dress and in every language.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, auditor, errorTied } from "../lib/audit.mjs";
import { launch } from "../lib/engines.mjs";
import { startHost, startOurs } from "../lib/host.mjs";
import { page } from "../lib/policies.mjs";
import { partner, worker } from "../lib/server.mjs";
import { sweep, tell } from "../lib/thorough.mjs";
import { SHORT, Visitor } from "../lib/visitor.mjs";

const LANGUAGES = ["fr-simple", "en", "ar", "uk", "fr"];
const WIDTHS = [1280, 320];
/** What the host may write on the tag, beside nothing. */
const DRESSES = [{ theme: "dark" }, { look: "dsfr" }, { look: "dsfr", theme: "dark" }, { layout: "compact" }];

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

/** Dresses the element in place: the visit goes on. */
const dress = (visitor, attributes) =>
  visitor.page.evaluate(async (wanted) => {
    const element = document.querySelector("spro-guide");
    for (const name of ["theme", "look", "layout"]) {
      if (wanted[name]) element.setAttribute(name, wanted[name]);
      else element.removeAttribute(name);
    }
    await new Promise((done) => setTimeout(done));
  }, attributes);

/** In the page: opens whatever is folded. */
const unfold = (root) => root.querySelectorAll("details:not([open]) > summary").forEach((summary) => summary.click());

/** How many screens there were: the quick run takes turns among the dresses, from test to test too. */
let screens = 0;

/** A screen as it is, and in every dress; in the quick run, in one. */
async function checks(t, visitor) {
  const audit = auditor(visitor.page);
  let [ran, all] = [0, 0];
  const check = async (screen, dresses = DRESSES) => {
    await audit(screen);
    const taken = sweep(dresses, (_, index) => index === screens % dresses.length);
    for (const attributes of taken) {
      await dress(visitor, attributes);
      await audit(`${screen}, ${Object.entries(attributes).map((pair) => pair.join("="))}`, { rules: LOOKS });
    }
    if (taken.length > 0) {
      await dress(visitor, {});
      screens += 1;
    }
    ran += 1 + taken.length;
    all += 1 + dresses.length;
  };
  t.after(() => tell(t, ran, all, "screens in a dress"));
  return check;
}

for (const width of WIDTHS) {
  test(`every screen of a visit, at ${width}`, async (t) => {
    const visitor = new Visitor(await browser.open(`${partner}/tests-plain.html`, { width, height: 800 }));
    const check = await checks(t, visitor);
    const [situation, goal] = SHORT.choices;
    await visitor.offered(situation);
    await check("a question");
    await visitor.answer(situation);
    await visitor.offered(goal);
    await check("a question with a way back");
    await visitor.click("[part~=back]");
    await visitor.offered(situation);
    await check("a question, answered");
    await visitor.answer(situation);
    await visitor.answer(goal);

    await visitor.until((root) => root.querySelector("[role=combobox]"));
    await check("the commune field");
    await visitor.type("zzzz");
    await visitor.until((root) => /Aucune/.test(root.querySelector(".field .status").textContent));
    await check("a commune that there is not");
    await visitor.goOn();
    await visitor.until((root) => root.getElementById("error").textContent.trim());
    await check("an unknown commune");
    assert.equal(await visitor.until(errorTied), "tied");
    await visitor.empty();
    await visitor.type("villeurbanne");
    assert.equal((await visitor.lines()).length, 1);
    await check("one commune");
    await visitor.empty();
    await visitor.type("saint-sulpice");
    assert.ok((await visitor.lines()).length > 1);
    await visitor.page.press("ArrowDown");
    await check("several communes, one of them active");
    await visitor.page.press("Escape");
    await visitor.empty();

    await visitor.commune(SHORT.typed, SHORT.commune);
    await check("a result");
    await visitor.ask(unfold);
    assert.ok(await visitor.until((root) => root.querySelector("details.liaison")?.open), "the liaison sheet is open");
    await check("a result with everything open, and the liaison sheet");
    for (const language of LANGUAGES) {
      await visitor.click(`.languages [lang="${language}"]`);
      await visitor.until((root, wanted) => root.querySelector(`.guide[lang="${wanted}"] .result .card h3`) !== null, language);
      await visitor.ask(unfold);
      await check(`a result in ${language}`, []);
    }
    await visitor.ask((root) => root.querySelector("dialog")?.close());
    await visitor.click("button", { text: "En savoir plus sur le guide" });
    await visitor.until((root) => root.querySelector("dialog[open] h3"));
    await check("the information panel");
  });

  test(`a question in each language, what is late and what does not come, at ${width}`, async (t) => {
    const ours = await startOurs({ hangs: /\/communes\.bin$/, eats: /\/department\.\w+\.bin$/ });
    t.after(() => ours.close());
    pages["/late"] = { body: page({}, ours.origin) };
    const visitor = new Visitor(await browser.open(`${host.origin}/late`, { width, height: 800 }));
    const check = await checks(t, visitor);
    await visitor.offered(SHORT.choices[0]);
    for (const language of LANGUAGES) {
      await visitor.click(`.languages [lang="${language}"]`);
      await visitor.until((root, wanted) => root.querySelector(`.guide[lang="${wanted}"] h2`) !== null, language);
      await check(`a question in ${language}`, []);
    }
    await visitor.answerAll(SHORT.choices);
    await visitor.type("romans");
    await visitor.until((root) => /Chargement/.test(root.querySelector(".field .status").textContent));
    await check("the names are on their way");
    pages["/without"] = { body: page({ attributes: 'commune="26281"' }, ours.origin) };
    const other = new Visitor(await browser.open(`${host.origin}/without`, { width, height: 800 }));
    const checkOther = await checks(t, other);
    await other.answerAll(SHORT.choices);
    await other.until((root) => /connexion/.test(root.querySelector(".result .notice")?.textContent));
    await checkOther("a result without its places");
  });

  test(`the frame, at ${width}`, async () => {
    pages["/frame"] = { body: page({ attributes: 'frame="first"' }, worker) };
    const shown = await browser.open(`${host.origin}/frame`, { width, height: 800 });
    await shown.until(() => document.querySelector("spro-guide").dataset.rung === "frame");
    // The element and its frame in the page; then what the frame shows.
    await auditor(shown)("a page with the frame", { rules: ["frame-title", "target-size", "scrollable-region-focusable"] });
    await shown.untilInFrame(() => document.querySelector("h2"));
    await auditor(shown, { framed: true })("the first question in the frame");
  });

  test(`the link, at ${width}`, async () => {
    pages["/link"] = { headers: { "Content-Security-Policy": "script-src 'self'" }, body: page({}, worker) };
    const shown = await browser.open(`${host.origin}/link`, { width, height: 800 });
    await shown.until(() => document.readyState === "complete");
    await auditor(shown)("the link");
  });
}
