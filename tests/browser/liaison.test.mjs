// @stage own
// The liaison sheet: printed alone, copied as text, with what the visitor wants on it and
// nothing else; never sent, never stored.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { OFFICE, ROMANS, YOUNG, inventing, place } from "./lib/invented.mjs";
import { open } from "./lib/session.mjs";
import { listen } from "./lib/traffic.mjs";

const invent = inventing();

/** Prints into a list instead of on paper, in every frame. */
const printing = (page) =>
  page.addInitScript(() => {
    if (window === window.top) window.printed = [];
    window.print = () => {
      const { title, body, documentElement } = document;
      const size = getComputedStyle(body).fontSize;
      window.top.printed.push({ title, text: body.innerText, lang: documentElement.lang, size, alone: window !== window.top });
      window.dispatchEvent(new Event("afterprint"));
    };
  });

/** A visitor at the open sheet. */
async function arrive(t, path = "tests-plain.html", options = {}) {
  const { answers = YOUNG, before, ...more } = options;
  await invent([place("a", ROMANS, { hours: OFFICE })]);
  const visit = await open(t, path, {
    ...more,
    before: async (page) => {
      await printing(page);
      await before?.(page);
    },
  });
  await visit.follow({ answers, ...ROMANS });
  const sheet = visit.element.locator("details.liaison");
  await sheet.locator("> summary").click();
  return Object.assign(visit, { sheet, paper: sheet.locator(".sheet") });
}

async function printed(visit) {
  const before = await visit.page.evaluate(() => window.printed.length);
  await visit.button("Imprimer").click();
  await visit.page.waitForFunction((count) => window.printed.length > count, before);
  return (await visit.page.evaluate(() => window.printed)).at(-1);
}

for (const page of ["tests-plain.html", "tests-csp-strict.html", "tests-hostile.html"]) {
  test(`the sheet is printed alone on ${page}`, async (t) => {
    const visit = await arrive(t, page);
    await visit.sheet.locator("textarea").fill("Je cherche une alternance.\nJe n’ai pas de voiture.");
    const paper = await printed(visit);
    assert.equal(paper.alone, true, "not the host page");
    assert.equal(paper.lang, "fr");
    assert.equal(paper.title, "Fiche de liaison");
    assert.equal(paper.size, "16px", "12 pt: the style sheet came through");
    for (const part of [/Lieu inventé a/, /1 rue de l’Essai/, /04 75 00 00 01/, /lundi – vendredi/, /09:00\s–\s12:00/, /Ce que je peux dire au téléphone\s+Bonjour\. J’ai entre 16 et 25 ans/, /Ce qui peut être utile à apporter\s+Si vous les avez\s:/, /Fiche faite le/, /alternance\.\s+Je n’ai pas/]) {
      assert.match(paper.text, part);
    }
    // What only serves on a screen is not on paper.
    for (const part of [/Ouvert maintenant|Fermé/, /Y aller/, /Signaler/, /Pourquoi/]) {
      assert.doesNotMatch(paper.text.replace(/\bfermé\b/g, ""), part);
    }
    // It stays as long as a browser may still read it, and no longer than the screen.
    await printed(visit);
    assert.equal(await visit.element.locator("iframe").count(), 1);
    await visit.button("Recommencer").click();
    await visit.asked("situation");
    assert.equal(await visit.element.locator("iframe").count(), 0);
  });
}

test("answers are on the sheet only if the visitor says so, a disability only by itself", async (t) => {
  const visit = await arrive(t, "tests-plain.html", { answers: { ...YOUNG, disability: "yes" } });
  const says = () => visit.paper.innerText();
  assert.doesNotMatch(await says(), /Mes réponses|De 16 à 25 ans/);
  await visit.sheet.getByLabel("Ajouter mes réponses à la fiche").check();
  assert.match(await says(), /De 16 à 25 ans/);
  assert.doesNotMatch(await says(), /handicap/i);
  await visit.sheet.getByLabel(/handicap/).check();
  assert.match(await says(), /handicap/i);
  await visit.sheet.getByLabel(/Quelle est votre situation/).uncheck();
  assert.doesNotMatch(await says(), /De 16 à 25 ans/);
  await visit.sheet.getByLabel("Ajouter mes réponses à la fiche").uncheck();
  assert.doesNotMatch(await says(), /handicap/i);
  // Starting again forgets it all.
  await visit.sheet.locator("textarea").fill("Un secret");
  await visit.button("Recommencer").click();
  await visit.follow({ answers: YOUNG, ...ROMANS });
  assert.doesNotMatch(await says(), /secret|Mes réponses/);
});

test("the sheet is copied as text", async (t) => {
  const visit = await arrive(t);
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await visit.button("Copier").click();
  await visit.sheet.getByText("C’est copié.").waitFor();
  const text = await visit.page.evaluate(() => navigator.clipboard.readText());
  for (const part of [/^Fiche de liaison/, /Lieu inventé a/, /04 75 00 00 01/, /Ce que je veux dire/]) assert.match(text, part);
  assert.doesNotMatch(text, /Y aller|nouvel onglet/);
});

test("where copying is forbidden, the text is there to be selected", async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
  const visit = await arrive(t, "tests-plain.html", { before });
  await visit.button("Copier").click();
  await visit.sheet.getByText("La copie n’a pas marché").waitFor();
  const selected = await visit.element.evaluate((element) => {
    const field = element.shadowRoot.activeElement;
    return field.value.slice(field.selectionStart, field.selectionEnd);
  });
  assert.match(selected, /^Fiche de liaison[^]*Lieu inventé a/);
  assert.deepEqual(await violations(visit), []);
});

test("nothing of the sheet is sent or stored", async (t) => {
  let traffic;
  const visit = await arrive(t, "tests-plain.html", { before: (page) => (traffic = listen(page)) && undefined });
  const before = (await traffic.requests()).length;
  await visit.sheet.locator("textarea").fill("Un secret de famille");
  await visit.sheet.getByLabel("Ajouter mes réponses à la fiche").check();
  await printed(visit);
  await visit.button("Copier").click();
  await visit.sheet.locator("[role=status]").filter({ hasText: /copi/ }).waitFor();
  assert.equal((await traffic.requests()).length, before);
  assert.deepEqual(traffic.others, []);
  const kept = await visit.page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    document.cookie,
    (await indexedDB.databases()).length,
    (await caches.keys()).length,
  ]);
  assert.deepEqual(kept, [0, 0, "", 0, 0]);
  assert.equal(await visit.sheet.locator("textarea").first().getAttribute("spellcheck"), "false");
});

test("a visitor of another language shows the sheet in French, and keeps their words", async (t) => {
  const visit = await arrive(t);
  await visit.sheet.locator("textarea").fill("Bonjour");
  await visit.speak("en");
  const sheet = visit.element.locator("details.liaison");
  await sheet.locator("> summary").click();
  assert.equal(await sheet.locator("textarea").inputValue(), "Bonjour");
  const paper = sheet.locator(".sheet");
  assert.match(await paper.innerText(), /What I want to say/);
  await sheet.getByRole("button", { name: /Show the sheet in French/ }).click();
  await paper.filter({ hasText: "Ce que je veux dire" }).waitFor();
  assert.equal(await paper.getAttribute("lang"), "fr");
  assert.match(await paper.innerText(), /Horaires[^]*lundi – vendredi/);
  await sheet.getByRole("button", { name: "Print" }).click();
  await visit.page.waitForFunction(() => window.printed.length > 0);
  assert.equal((await visit.page.evaluate(() => window.printed)).at(-1).lang, "fr");
  await sheet.getByRole("button", { name: /Back to the sheet/ }).click();
  await paper.filter({ hasText: "What I want to say" }).waitFor();
});

for (const width of [320, 1280]) {
  test(`keyboard alone makes the sheet, and axe finds nothing, at ${width}`, async (t) => {
    await invent([place("a", ROMANS, { hours: OFFICE, languages: ["en", "fsl"] }), place("b", ROMANS)]);
    const visit = await open(t, "tests-plain.html", { viewport: { width, height: 800 }, before: printing });
    await visit.follow({ answers: YOUNG, ...ROMANS });
    const { keyboard } = visit.page;
    const reach = async (wanted) => {
      for (let presses = 0; presses < 60; presses += 1) {
        await keyboard.press("Tab");
        const now = await visit.focused();
        if (now && wanted(now)) return;
      }
      assert.fail(`${wanted} is out of reach`);
    };
    await reach(({ tag, text }) => tag === "summary" && text === "Fiche de liaison");
    await keyboard.press("Enter");
    await reach(({ tag }) => tag === "textarea");
    await keyboard.type("Mes mots");
    await reach(({ tag }) => tag === "input");
    await keyboard.press("Space");
    assert.deepEqual(await violations(visit), []);
    await reach(({ tag, text }) => tag === "button" && text === "Imprimer");
    await keyboard.press("Enter");
    await visit.page.waitForFunction(() => window.printed.length > 0);
    const [{ text }] = await visit.page.evaluate(() => window.printed);
    assert.match(text, /Mes mots/);
    assert.match(text, /De 16 à 25 ans/);
    assert.equal((await visit.focused()).text, "Imprimer", "the focus stays");
    const overflow = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide`);
  });
}

test("what to say and what to bring are folded in the result, and in French beside another language", async (t) => {
  const visit = await arrive(t);
  const fold = visit.main.locator("details", { hasText: "Quoi dire, quoi apporter" });
  assert.equal(await fold.getAttribute("open"), null);
  await fold.locator("summary").click();
  assert.match(await fold.innerText(), /Ce que je peux dire au téléphone\s+Bonjour\. J’ai entre 16 et 25 ans[^]*Que dois-je apporter\s\?/);
  assert.doesNotMatch(await fold.innerText(), /En français/);
  await visit.speak("uk");
  const there = visit.main.locator("details", { hasText: "Що сказати, що взяти" });
  await there.locator("summary").click();
  const french = there.locator("[lang=fr][translate=no]", { hasText: "Bonjour." });
  assert.match(await french.innerText(), /Bonjour\. J’ai entre 16 et 25 ans/);
  assert.match(await there.innerText(), /Мені від 16 до 25 років/);
  assert.deepEqual(await violations(visit), []);
});

test("the hours of a place are a file for a calendar, made in the page", async (t) => {
  const visit = await arrive(t);
  await visit.main.locator("details", { hasText: "Adresse, horaires" }).locator("summary").first().click();
  const download = visit.page.waitForEvent("download");
  await visit.main.getByRole("link", { name: "Mettre les horaires dans l’agenda" }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /\.ics$/);
  const text = await readFile(await file.path(), "utf8");
  assert.match(text, /^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n[^]*\r\nEND:VCALENDAR\r\n$/);
  assert.match(text, /\r\nDTSTART:\d{8}T090000\r\nDTEND:\d{8}T120000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=/);
  assert.match(text, /\r\nSUMMARY:Ouvert\s: Lieu inventé a\r\n/);
});
