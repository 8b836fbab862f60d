// The guide at `/` without JavaScript: a complete product of pages and forms. With JavaScript
// the element takes the place of its first question.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, asked, check, goOn, press, until } from "./lib/pages.mjs";
import { people } from "./lib/people.mjs";
import { recommendation, worker } from "./lib/server.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { THOROUGH, tell } from "./lib/thorough.mjs";
import { listen } from "./lib/traffic.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const PLAIN = { javaScriptEnabled: false };
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 900 };

const arrive = async (t, path = "/", options = {}) =>
  (await open(t, `${worker}${path}`, { ...PLAIN, ...options })).page;
const heading = (page) => page.locator("h2.heading").textContent();
const mainName = (page) => page.locator("h3.name").first().textContent();

for (const viewport of [PHONE, DESK]) {
  // The longest words and the other direction, at both widths; the others where there is least room.
  for (const language of viewport === PHONE ? ["fr", "fr-simple", "en", "ar", "uk"] : ["fr", "ar"]) {
    test(`a whole visit in ${language} at ${viewport.width}: every page is whole and axe finds nothing`, async (t) => {
      let traffic;
      const before = (page) => (traffic = listen(page));
      const page = await arrive(t, "/", { viewport, before });
      if (language !== "fr") await press(page, page.locator(`a.language[lang="${language}"]`));
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      assert.equal(await page.evaluate(() => document.documentElement.dir), language === "ar" ? "rtl" : "ltr");
      // In the others, one question more of the same form says nothing new to axe.
      const isWhole = THOROUGH || (language === "fr" && viewport === PHONE);
      let audits = 0;
      const met = [];
      await until(page, ROMANS, null, async (question) => {
        const audited = isWhole || ["situation", "commune"].includes(question);
        audits += Number(audited);
        await check(page, question, { audited });
        // The element's promise, which no form can keep.
        assert.doesNotMatch(await page.textContent("body"), /rest(e|ent) sur cette page|stays? on this page/);
        met.push(question);
      });
      tell(t, audits, met.length, "questions for axe");
      const wanted = await recommendation(ROMANS.answers, ROMANS.code);
      assert.deepEqual(new Set(met), new Set(Object.keys(wanted.answers)));
      assert.equal(await mainName(page), wanted.main.place.name);
      await check(page, "the result");
      for (const details of await page.locator("details").all()) await details.evaluate((node) => (node.open = true));
      await check(page, "the result, unfolded");
      const phone = page.locator("article > .ways a").first();
      assert.match(await phone.getAttribute("href"), /^tel:0\d{9}$/);
      await press(page, page.locator('button[value="sheet"]'));
      await check(page, "the sheet");
      await page.locator('input[name=show][value="situation"]').check();
      await press(page, page.locator('form:not(#go) button[value="sheet"]'));
      assert.equal(await page.locator(".sheet .answers li").count(), 1);
      await check(page, "the sheet with an answer");
      // Nothing of it was in an address, in a cookie, or sent to anybody else.
      const requests = await traffic.requests();
      assert.ok(requests.length > met.length);
      for (const { url, headers, answer } of requests) {
        assert.equal(url.origin, worker);
        assert.ok(["", `?lang=${language}`].includes(url.search), url.href);
        assert.equal(headers.cookie, undefined);
        assert.equal(headers.referer, undefined);
        assert.equal(answer["set-cookie"], undefined);
      }
      assert.deepEqual(await page.context().cookies(), []);
    });
  }
}

test("the browser's back button shows the pages again, and asks nothing", async (t) => {
  const page = await arrive(t);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request));
  await until(page, ROMANS);
  const place = await mainName(page);
  const there = sent.length;
  // The commune twice: first typed, then chosen among several.
  for (const question of ["commune", "commune", "disability", "goal"]) {
    await page.goBack();
    assert.equal(await asked(page), question, `back to ${question}`);
  }
  // From the middle on, with another answer: what was answered before is still there.
  await answer(page, "review");
  assert.equal(await asked(page), "disability");
  await page.goBack();
  await page.goForward();
  assert.equal(await asked(page), "disability");
  await until(page, ROMANS);
  assert.equal(await mainName(page), place);
  // All the way back to the first page, which is no form's answer.
  for (let step = 0; step < 20 && (await asked(page)) !== "situation"; step += 1) await page.goBack();
  assert.equal(await asked(page), "situation");
  assert.equal(new URL(page.url()).search, "");
  const again = sent.slice(there).filter((request) => request.isNavigationRequest());
  const served = await Promise.all(again.map(async (request) => (await request.response())?.fromServiceWorker()));
  assert.ok(served.every((answer) => answer === false));
});

test("« Retour », « Modifier » and « Recommencer » do what they say", async (t) => {
  const page = await arrive(t);
  await until(page, ROMANS, "youth");
  await press(page, page.locator("button.back"));
  assert.equal(await asked(page), "situation");
  assert.equal(await page.locator(".choice[aria-current=true]").getAttribute("value"), "young", "the answer is still there");
  await answer(page, "young");
  await until(page, ROMANS);
  await page.locator("details:has(.answers) > summary").click();
  await press(page, page.getByRole("button", { name: "Modifier : Quelle est votre situation" }));
  assert.equal(await asked(page), "situation");
  await answer(page, "job-seeker");
  // One question more applies now; the commune, given before, is not asked again.
  assert.equal(await asked(page), "profile");
  await answer(page, "unsaid");
  assert.equal(await asked(page), null, "later answers count");
  await press(page, page.getByRole("link", { name: "Recommencer" }));
  assert.equal(await asked(page), "situation");
  assert.equal(page.url(), `${worker}/`);
});

test("the second press of a double click finds nothing to press on the next page", async (t) => {
  const page = await arrive(t);
  await answer(page, "young");
  const pressed = await page.locator(".choice").evaluateAll((choices) =>
    choices.map((choice) => {
      // It was over before anybody could look: once more.
      choice.style.animationName = "none";
      getComputedStyle(choice).animationName;
      choice.style.animationName = "";
      const [arriving] = choice.getAnimations();
      const at = (time) => {
        arriving.currentTime = time;
        return getComputedStyle(choice).pointerEvents;
      };
      arriving.pause();
      return [at(0), at(299), at(300)];
    }),
  );
  assert.equal(pressed.length, 7);
  for (const found of pressed) assert.deepEqual(found, ["none", "none", "auto"]);
});

test("a language chosen in the middle keeps the answers and the question", async (t) => {
  const page = await arrive(t);
  await until(page, ROMANS, "youth");
  await press(page, page.locator('button.language[lang="ar"]'));
  assert.equal(await asked(page), "youth");
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  await until(page, ROMANS);
  const wanted = await recommendation(ROMANS.answers, ROMANS.code);
  assert.equal(await mainName(page), wanted.main.place.name);
});

test("names, addresses, numbers and languages are kept from a translator of the page, in every language", async (t) => {
  const page = await arrive(t);
  // What a machine may change: texts that nothing around them keeps.
  const translatable = (selector) =>
    page.evaluate((wanted) => {
      const texts = [];
      for (const node of document.querySelectorAll(wanted)) {
        if (!node.closest("[translate=no]") && !node.querySelector("[translate=no]")) texts.push(node.textContent);
      }
      return [document.querySelectorAll(wanted).length > 0, texts];
    }, selector);
  const kept = async (selector) => assert.deepEqual(await translatable(selector), [true, []], selector);
  await kept(".language");
  await until(page, ROMANS, "commune");
  await page.locator("#commune").fill("saint-martin");
  await goOn(page);
  await kept(".choices .hint");
  await kept(".choices .words > span");
  await press(page, page.locator(".choice").first());
  for (const language of ["fr", "ar"]) {
    if (language !== "fr") await press(page, page.locator(`button.language[lang="${language}"]`));
    assert.equal(await asked(page), null);
    for (const selector of ["h3.name", ".details dd:first-of-type bdi", "[data-contact=phone] > bdi", "[data-contact=website] > bdi", "[data-contact=email]", ".answers li:last-child strong"]) {
      await kept(selector);
    }
    const [isThere, texts] = await translatable("h2, .reason");
    assert.ok(isThere && texts.length > 1, "sentences are no names");
  }
});

test("errors are said, tied to their field, first in the title, and have the focus", async (t) => {
  const page = await arrive(t, "/", { viewport: PHONE });
  await until(page, ROMANS, "commune");
  await goOn(page);
  assert.match(await page.title(), /^Erreur\s: /);
  await check(page, "nothing typed");
  await page.locator("#commune").fill("Zzyzx");
  await goOn(page);
  const field = page.locator("#commune");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(await field.getAttribute("aria-describedby"), /\berror\b/);
  assert.match(await page.locator("#error").textContent(), /«\sZzyzx\s»/);
  assert.ok(await field.evaluate((node) => node === document.activeElement));
  await check(page, "no such commune");
  await field.fill("saint-martin");
  await goOn(page);
  assert.doesNotMatch(await page.title(), /^Erreur/);
  const list = page.getByRole("list", { name: "Plusieurs communes correspondent" });
  assert.ok((await list.getByRole("button").count()) > 5);
  await check(page, "several communes");
  // Enter in the field is no line of the list.
  await field.press("Enter");
  await page.locator("#error[role=alert]").filter({ hasText: "Choisissez une réponse pour continuer." }).waitFor();
  assert.match(await page.title(), /^Erreur\s: /);
  const first = list.getByRole("button").first();
  assert.equal(await first.getAttribute("aria-describedby"), "error");
  assert.ok(await first.evaluate((node) => node === document.activeElement));
  await check(page, "none of several chosen");
  await press(page, list.getByRole("button").nth(1));
  assert.equal(await asked(page), null);
});

test("what to say and what to bring are in the result, and on the sheet", async (t) => {
  const page = await arrive(t);
  await until(page, ROMANS);
  const fold = page.locator("article.card").first().locator("details", { hasText: "Quoi dire, quoi apporter" });
  await fold.locator("summary").click();
  assert.match(await fold.innerText(), /Ce que je peux dire au téléphone\s+Bonjour\. J’ai entre 16 et 25 ans/);
  await check(page, "what to say");
  await press(page, page.getByRole("button", { name: "Fiche de liaison" }));
  assert.match(await page.locator(".sheet").innerText(), /Ce qui peut être utile à apporter\s+Si vous les avez\s:/);
  const code = page.getByRole("img", { name: "Code à scanner : ce lieu comme contact" });
  const box = await code.boundingBox();
  assert.ok(box.width >= 150 && box.width === box.height, "large enough for a camera");
  await check(page, "the sheet");
});

test("« hors de la région » leads to what is reached from anywhere", async (t) => {
  const page = await arrive(t);
  await until(page, ROMANS, "commune");
  await press(page, page.getByRole("button", { name: "La commune n’est pas dans la liste" }));
  assert.equal(await asked(page), null);
  assert.ok((await page.locator("ul.remote > li").count()) > 0);
  assert.match(await page.locator(".notice").innerText(), /lieux de la région Auvergne-Rhône-Alpes.*code postal/);
  await check(page, "outside");
});

test("who lives in another region learns which one the guide covers, and where to turn", async (t) => {
  const page = await arrive(t);
  await until(page, ROMANS, "commune");
  await page.locator("#commune").fill("35240");
  await goOn(page);
  assert.equal(await asked(page), null);
  const notice = await page.locator(".notice").innerText();
  assert.match(notice, /une autre région\s: Bretagne.*seulement les lieux de la région Auvergne-Rhône-Alpes/);
  assert.equal(await page.locator("a[href='https://ideo.bretagne.bzh']").count(), 1);
  assert.equal(await page.locator("a[href*=auvergnerhonealpes]").count(), 0);
  assert.ok(await page.locator("ul.remote").isVisible());
  await check(page, "another region");
  // The answer is a department, and can be changed like any other.
  await page.locator("details.more", { hasText: "Vos réponses" }).locator("summary").click();
  assert.match(await page.locator("ul.answers").innerText(), /Ille-et-Vilaine/);
});

test("Tab, space and Enter are enough", async (t) => {
  const page = await arrive(t, "/", { viewport: PHONE });
  const { keyboard } = page;
  const focused = () =>
    page.evaluate(() => {
      const node = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      return { name: node.name, value: node.value, seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, what: node.textContent || node.value };
    });
  const tabTo = async (wanted) => {
    for (let press = 0; press < 60; press += 1) {
      await keyboard.press("Tab");
      const now = await focused();
      assert.ok(now.seen, `the focus on « ${now.what} » is visible`);
      if (wanted(now)) return;
    }
    assert.fail("Tab never got there");
  };
  // The first stop leads past what every page has.
  await keyboard.press("Tab");
  assert.equal((await focused()).what, "Aller au contenu");
  for (;;) {
    const question = await asked(page);
    if (question === null) break;
    const arrived = page.waitForEvent("load");
    if (question === "commune") {
      await tabTo(({ name }) => name === "typed");
      await keyboard.type("romans sur isere");
    } else {
      await tabTo(({ name, value }) => name === "choice" && value === ROMANS.answers[question]);
      await keyboard.press("ArrowDown");
    }
    // Enter in a field goes on, and does not go back.
    await keyboard.press(question === "situation" ? "Space" : "Enter");
    await arrived;
    assert.notEqual(await asked(page), question);
  }
  const stops = [];
  await tabTo(({ what }) => stops.push(what) && what === "Recommencer");
  assert.ok(stops.some((what) => /^Appeler 0\d( \d\d){4}/.test(what)), `a phone among ${stops}`);
});

test("what is printed is the result, without what only serves on a screen", async (t) => {
  const page = await arrive(t);
  await until(page, ROMANS);
  await page.emulateMedia({ media: "print" });
  for (const gone of [".actions", ".languages", ".privacy", ".skip", "footer"]) {
    for (const node of await page.locator(gone).all()) assert.ok(!(await node.isVisible()), gone);
  }
  assert.ok(await page.locator("article.card").first().isVisible());
  // What is folded is on paper too.
  assert.ok(await page.locator(".complement dl.details").first().evaluate((node) => node.checkVisibility({ contentVisibilityAuto: true })));
  assert.ok(await page.pdf({ format: "A4" }).then((pdf) => pdf.length > 10_000));
});

test("in a frame there is the guide alone", async (t) => {
  const page = await arrive(t, "/?frame=1&theme=dark&lang=en", { viewport: PHONE });
  await check(page, "framed", { framed: true });
  assert.equal(await page.locator("section.guide").getAttribute("data-theme"), "dark");
  await answer(page, "retired");
  await check(page, "framed, second page", { framed: true });
  assert.equal(await page.locator("section.guide").getAttribute("data-theme"), "dark");
  assert.equal(await page.locator("footer").count(), 0);
});

test("with JavaScript the element takes the place of the first question", async (t) => {
  const visit = await open(t, `${worker}/?lang=en&theme=dark`);
  await visit.page.locator("spro-guide[data-rung=element]").waitFor();
  const [inPage, shown] = await visit.element.evaluate((element) => [
    element.querySelectorAll(".choices").length,
    element.shadowRoot.querySelectorAll(".choices").length,
  ]);
  assert.deepEqual([inPage, shown], [1, 1], "it is still in the page, and the element's is shown");
  assert.equal(await visit.element.locator(".choices:visible").count(), 1);
  assert.ok(await visit.page.locator(".elsewhere ul.remote > li").first().isVisible(), "the other doors stay");
});

test("with JavaScript and without our script, the first question is a form all the same", async (t) => {
  const visit = await open(t, `${worker}/`, {
    expects: [/Failed to load resource/],
    before: (page) => onWorker(page, /spro-guide\.js$/, (route) => route.fulfill({ status: 404, body: "" })),
  });
  await answer(visit.page, "retired");
  assert.equal(await asked(visit.page), "goal");
});
