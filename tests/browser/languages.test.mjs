// The guide in each of its languages: who reads from right to left, who changes language on
// the way, and what is French in the middle of something else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { people } from "./lib/people.mjs";
import { guide, partner, worker } from "./lib/server.mjs";
import { gate, onWorker, open } from "./lib/session.mjs";
import { spills } from "./lib/spills.mjs";
import { listen } from "./lib/traffic.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const ANNECY = people["an executive in Annecy"];
const LANGUAGES = { fr: "ltr", "fr-simple": "ltr", en: "ltr", ar: "rtl", uk: "ltr" };
const PHONE = { viewport: { width: 320, height: 640 } };

/** What stands in the screen in other letters or in another language than the guide's. */
const marks = (visit) =>
  visit.guide.evaluate((root) =>
    [...root.querySelectorAll(".screen [lang], .privacy [lang]")]
      .filter(({ lang }) => lang !== root.lang)
      .map(({ lang, dir, textContent }) => ({ lang, dir, text: textContent })),
  );

for (const [language, direction] of Object.entries(LANGUAGES)) {
  test(`a whole visit in ${language}, at 320 pixels`, async (t) => {
    const visit = await open(t, "tests-plain.html", PHONE);
    await visit.asked("situation");
    if (language !== "fr") await visit.speak(language);
    assert.equal(await visit.guide.getAttribute("dir"), direction);
    const current = visit.languages.locator("[aria-current=true]");
    assert.deepEqual(await current.evaluateAll((all) => all.map(({ lang }) => lang)), [language]);
    // `asked` reads the guide of this language: each question must be asked in it.
    const check = async (screen) => {
      assert.deepEqual(await spills(visit), [], screen);
      assert.deepEqual(await violations(visit), [], screen);
    };
    await check("question");
    await visit.follow(ROMANS);
    await visit.result.locator("details").evaluateAll((all) => all.forEach((details) => (details.open = true)));
    await check("result");

    // Whatever is marked is French, and reads from left to right; what has no mark is not French.
    const { untranslated } = await guide(language);
    assert.deepEqual(untranslated, [], "the shipped directory is translated whole");
    const marked = await marks(visit);
    for (const { lang, dir, text } of marked) assert.deepEqual({ lang, dir }, { lang: "fr", dir: "ltr" }, text);
    assert.equal(marked.length > 0, !language.startsWith("fr"), "names and addresses of places");
    const said = marked.map(({ text }) => text);
    if (marked.length > 0) {
      assert.ok(said.includes("Romans-sur-Isère"), `${said}`);
      assert.ok(said.some((text) => text.startsWith("26100 ")), `${said}`);
    }
  });
}

test("phone numbers and addresses of sites read from left to right among Arabic letters", async (t) => {
  const visit = await open(t, "tests-arabic.html", PHONE);
  await visit.spoken("ar");
  await visit.follow(ROMANS);
  const numbers = await visit.element.evaluate(({ shadowRoot }) => {
    // At once: the result is drawn again when the commune's name comes.
    for (const details of shadowRoot.querySelectorAll("details")) details.open = true;
    const all = shadowRoot.querySelectorAll(".ways > a > bdi, [href^=mailto][data-contact=email], dd [data-contact=website] bdi");
    // The sheet has a choice of places too, which it does not show.
    return [...all].filter((node) => node.getClientRects().length > 0).map((node) => {
      const text = node.firstChild;
      const at = (index) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        return range.getBoundingClientRect().left;
      };
      return { text: text.textContent, first: at(0), second: at(1) };
    });
  });
  assert.ok(numbers.some(({ text }) => /^0\d( \d\d){4}$/.test(text)), JSON.stringify(numbers));
  for (const { text, first, second } of numbers) assert.ok(first < second, text);
  // The page runs the other way: a choice's drawing is left of its words.
  await visit.element.locator("[part~=restart]").click();
  await visit.asked("situation");
  const [drawing, words] = await visit.element.evaluate(({ shadowRoot }) =>
    [".pictogram", ".words"].map((part) => shadowRoot.querySelector(`.choice ${part}`).getBoundingClientRect().left),
  );
  assert.ok(drawing < words);
});

test("numbers and days are said as the language says them", async (t) => {
  const visit = await open(t);
  // A few kilometres from the place that they are sent to.
  await visit.follow({ ...people["a pupil's parent in Villeurbanne"], typed: "viriat", commune: "Viriat" });
  const read = async () => {
    const { main } = await visit.read();
    return `${main.distance} ${main.freshness}`;
  };
  assert.match(await read(), /\b\d,\d\skm .* \d{1,2} [a-zûé]+ \d{4}/);
  await visit.speak("en");
  assert.match(await read(), /\b\d\.\d\skm .* \d{1,2} [A-Z][a-z]+ \d{4}/);
  await visit.speak("ar");
  // European digits, as in the phone numbers beside them.
  assert.match(await read(), /\d{1,2} \p{Script=Arabic}+ \d{4}/u);
  assert.doesNotMatch(await read(), /[٠-٩]/);
});

test("changing language in the middle keeps everything, and the focus", async (t) => {
  let asked = 0;
  const visit = await open(t, "tests-plain.html", {
    before: (page) => page.on("request", (request) => (asked += Number(request.isNavigationRequest()))),
  });
  const { situation, youth, goal, ...others } = ROMANS.answers;
  await visit.answerAll({ situation, youth, goal });
  // Back at an earlier question, with the answer that was given.
  await visit.back();
  await visit.asked("goal");
  await visit.back();
  await visit.asked("youth");
  await visit.speak("uk");
  await visit.asked("youth");
  assert.equal(await visit.chosen(), youth, "the answer stays marked");
  assert.equal((await visit.focused()).text, "Українська");
  await visit.element.getByRole("status").filter({ hasText: "українською" }).first().waitFor({ state: "attached" });
  await visit.speak("ar");
  assert.equal((await visit.focused()).text, "العربية");
  await visit.answer("youth", youth);
  await visit.answerAll(others);
  await visit.commune(ROMANS.typed, ROMANS.commune);
  await visit.arrived();
  const before = await visit.read();
  await visit.speak("en");
  await visit.arrived();
  const after = await visit.read();
  assert.equal(after.answers.length, Object.keys(ROMANS.answers).length + 1);
  assert.equal(after.answers.at(-1), ROMANS.commune);
  const called = (links) => links.map(({ href }) => href);
  assert.deepEqual(called(after.main.ways), called(before.main.ways), "the same place");
  assert.equal(asked, 1, "the page was loaded once");
  const kept = await visit.page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length, location.href]);
  assert.deepEqual(kept, ["", 0, 0, `${partner}/tests-plain.html`]);
});

test("a language chosen here is no machine's to translate; one that the page chose is", async (t) => {
  const visit = await open(t, "tests-arabic.html");
  await visit.spoken("ar");
  const mark = () => visit.guide.getAttribute("translate");
  assert.equal(await mark(), null, "somebody may read neither Arabic nor French");
  await visit.speak("en");
  assert.equal(await mark(), "no");
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  assert.equal(await mark(), "no", "the module's nodes too");
  await visit.speak("fr");
  assert.equal(await mark(), "no");
  await visit.element.evaluate((element) => element.setAttribute("lang", "uk"));
  await visit.spoken("uk");
  assert.equal(await mark(), null, "the page has chosen since");
});

test("a keyboard is enough to change language", async (t) => {
  const visit = await open(t, "tests-plain.html");
  await visit.asked("situation");
  const press = async (key) => visit.page.keyboard.press(key);
  for (let stop = 0; stop < 9 && (await visit.focused())?.text !== "العربية"; stop += 1) await press("Tab");
  const outline = await visit.languages.locator("[lang=ar]").evaluate((node) => getComputedStyle(node).outlineStyle);
  assert.equal(outline, "solid");
  await press("Enter");
  await visit.spoken("ar");
  assert.equal((await visit.focused()).text, "العربية");
  // On with the guide, from there.
  await press("Tab");
  await press("Tab");
  await press("Space");
  await visit.asked("track");
});

test("each language is named in itself, for eyes and for voices", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  const group = visit.element.getByRole("group", { name: "Langue" });
  const named = await group.getByRole("button").evaluateAll((all) => all.map(({ lang, dir, textContent }) => [lang, dir, textContent]));
  const { languages } = await guide();
  assert.deepEqual(named, languages.map(({ tag, name, right_to_left: rtl }) => [tag, rtl ? "rtl" : "ltr", name]));
});

test("a language that does not come leaves the guide as it is, and can be tried again", async (t) => {
  for (const missing of [/first\.json$/, /texts\.ar\.txt$/]) {
    let broken = true;
    const visit = await open(t, "tests-plain.html", {
      expects: [/Failed to load resource/],
      before: (page) =>
        onWorker(page, missing, (route) =>
          broken && /ar/.test(route.request().url().split("/").pop()) ? route.abort() : route.continue(),
        ),
    });
    await visit.answer("situation", "retired");
    await visit.asked("goal");
    await visit.languages.locator("[lang=ar]").click();
    await visit.element.getByText("Cette langue n’a pas pu être chargée.").waitFor();
    await visit.asked("goal");
    assert.equal((await visit.focused()).text, "العربية");
    assert.deepEqual(await violations(visit), []);
    broken = false;
    await visit.speak("ar");
    await visit.asked("goal");
    assert.equal(await visit.element.getByRole("status").first().locator(":not(.unseen)").count(), 0);
  }
});

test("who chooses twice gets the second, whatever comes first", async (t) => {
  const late = gate();
  const visit = await open(t, "tests-plain.html", {
    before: (page) =>
      onWorker(page, /first\.json$/, async (route) => {
        if (/lang=ar/.test(route.request().url())) await late.opened;
        await route.continue();
      }),
  });
  await visit.asked("situation");
  await visit.languages.locator("[lang=ar]").click();
  await visit.speak("en");
  const arrived = visit.page.waitForResponse(/lang=ar/);
  late.open();
  await arrived;
  await visit.answer("situation", "retired");
  await visit.asked("goal");
});

test("lang: the nearest language that there is, then French", async (t) => {
  const visit = await open(t, "tests-arabic.html", PHONE);
  await visit.spoken("ar");
  const set = (lang) => visit.element.evaluate((element, tag) => element.setAttribute("lang", tag), lang);
  await visit.answer("situation", "retired");
  for (const [lang, spoken] of [
    ["uk-UA", "uk"],
    ["fr-CH", "fr"],
    ["FR-SIMPLE", "fr-simple"],
    ["en-Latn-GB-oxendict", "en"],
    ["de", "fr"],
    ["ar", "ar"],
    ["not a tag", "fr"],
  ]) {
    await set(lang);
    await visit.spoken(spoken);
    // The host speaks another language: the visit goes on.
    await visit.asked("goal");
  }
  // Nothing of the host's was focused, and nothing is.
  assert.equal(await visit.page.evaluate(() => document.activeElement.localName), "spro-guide");
});

test("a language costs three requests, which tell that language and no more", async (t) => {
  let traffic;
  const visit = await open(t, "tests-arabic.html", { before: async (page) => (traffic = listen(page)) });
  const paths = async () =>
    (await traffic.requests()).filter(({ url }) => url.origin === worker).map(({ url }) => url.pathname + url.search);
  const bare = (path) => path.replace(/^(\/v1)?\/[0-9a-f]{16,32}\//, "/");
  await visit.spoken("ar");
  await visit.follow(ANNECY);
  const asked = await paths();
  const speaking = asked.filter((path) => /lang=|texts/.test(path)).map(bare);
  assert.deepEqual(speaking.sort(), ["/texts.ar.bin", "/texts.ar.txt", "/v1/first.json?lang=ar-MA"]);
  assert.equal(asked.length, 10, `${asked}`);
  // Another language is words alone: what decides stays.
  await visit.element.evaluate((element) => element.setAttribute("lang", "uk"));
  await visit.spoken("uk");
  const more = (await paths()).slice(asked.length).map(bare);
  assert.deepEqual(more.sort(), ["/texts.uk.bin", "/texts.uk.txt", "/v1/first.json?lang=uk"]);
});
