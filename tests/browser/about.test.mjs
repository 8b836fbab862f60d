// @stage own
// The information panel: loaded when it is opened, closed by Escape, and true on its day.

import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { ROMANS, TOURNON, YOUNG, inventing, place } from "./lib/invented.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { guide, worker } from "./lib/server.mjs";
import { listen } from "./lib/traffic.mjs";

const invent = inventing();
const OPEN = "En savoir plus sur le guide";
const SOURCE = "https://source.example/";

/** A directory with everything that the panel may say. */
const publish = () =>
  invent([place("a", ROMANS)], (document) => {
    const { edition } = document;
    edition.coordination = [{ id: "c", who: { fr: "La Région inventée" }, what: { fr: "coordonne les lieux." }, source: SOURCE }];
    document.territories = [
      { id: "far", name: "Bassin lointain", communes: [TOURNON.code], label: { granted_on: "2014-05-01" } },
      { id: "late", name: "Bassin sans date", label: { granted_on: "2015-05-01", not_before: "2012-05-01" } },
      { id: "maybe", name: "Bassin en doute", label: { granted_on: "2024-12-31", not_before: "2019-01-01" } },
      { id: "sure", name: "Bassin certain", label: { granted_on: "2025-12-31", not_before: "2024-07-01" } },
      {
        id: "near",
        name: "Bassin proche",
        communes: [ROMANS.code],
        description: { fr: "Tout le monde se parle." },
        level_one: ["mission-locale", "cio"],
        level_two: ["mission-locale"],
        label: { granted_on: "2024-05-01" },
        contact: { email: "bassin@territoire.example" },
      },
    ];
    document.resources = [
      { id: "old", kind: "news", title: { fr: "Nouvelle passée" }, website: SOURCE, valid_until: "2020-01-01", published_on: "2019-01-01" },
      { id: "new", kind: "news", title: { fr: "Nouvelle du jour" }, website: SOURCE, published_on: "2026-11-02" },
      { id: "guide", kind: "guide", title: { fr: "Guide de l’accueil" } },
      { id: "site", kind: "site", title: { fr: "Site utile" }, website: "https://utile.example/" },
    ];
  });

test("the panel says who, what and where, the visitor's own department first", async (t) => {
  const { snapshot } = await publish();
  let traffic;
  const visit = await open(t, "tests-plain.html", {
    before: async (page) => {
      traffic = listen(page);
      await page.clock.setFixedTime(new Date("2026-11-24T09:00:00Z"));
    },
  });
  await visit.follow({ answers: YOUNG, ...ROMANS });
  const asked = async () => (await traffic.requests()).filter(({ url }) => url.pathname.includes("about."));
  assert.equal((await asked()).length, 0, "nothing is loaded before it is wanted");
  await visit.button(OPEN).click();
  const panel = visit.element.getByRole("dialog", { name: "À propos du guide" });
  await panel.getByRole("heading", { name: "Les territoires" }).waitFor();
  const [request] = await asked();
  assert.equal(request.url.pathname, `/v1/${snapshot}/about.fr.bin`);
  assert.match(request.answer["cache-control"], /immutable/);

  const said = await panel.innerText();
  for (const part of [
    /La Région inventée – coordonne les lieux\./,
    /Niveau 1 du CEP/,
    /Mission locale/,
    /Tout le monde se parle\./,
    /Accueil et information : Mission locale, Centre d’information et d’orientation/,
    /Conseil et accompagnement : Mission locale\n/,
    /Label « Orientation pour tous » jusqu’au 30 avril 2029/,
    /Label « Orientation pour tous » expiré depuis le 1er mai 2019/,
    // Nobody knows the day of these: only what is certain is said.
    /expiré depuis le 1er mai 2020 au plus tard/,
    /sans date connue, qui prend fin au plus tard le 31 décembre 2029/,
    /Label « Orientation pour tous » jusqu’au 30 juin 2029/,
    /Nouvelle du jour[^]{0,30}Publié le 2 novembre 2026/,
    /Guide de l’accueil/,
    /Site utile/,
  ]) {
    assert.match(said.replace(/\u00a0/g, " "), part);
  }
  assert.doesNotMatch(said, /Nouvelle passée/);
  assert.ok(said.indexOf("Bassin proche") < said.indexOf("Bassin lointain"), "the near one first");
  const contact = panel.getByRole("link", { name: /Contact du territoire/ });
  assert.equal(await contact.getAttribute("href"), "mailto:bassin@territoire.example");

  // Once read, it is there.
  await visit.page.keyboard.press("Escape");
  await visit.button(OPEN).click();
  await panel.getByRole("heading", { name: "Les territoires" }).waitFor();
  assert.equal((await asked()).length, 1);
});

for (const width of [320, 1280]) {
  test(`by keyboard: opened, read, closed by Escape, and the focus where it was, at ${width}`, async (t) => {
    await publish();
    const visit = await open(t, "tests-plain.html", { viewport: { width, height: 700 } });
    await visit.asked("situation");
    const { keyboard } = visit.page;
    await visit.button(OPEN).focus();
    await keyboard.press("Enter");
    const panel = visit.element.getByRole("dialog");
    await panel.getByRole("heading", { name: "Documents utiles" }).waitFor();
    assert.equal((await visit.focused()).text, "Fermer");
    assert.deepEqual(await violations(visit), []);
    const box = await panel.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width, "as wide as the screen at most");
    await keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
    assert.equal((await visit.focused()).text, OPEN);
    await keyboard.press("Enter");
    await panel.waitFor();
    await keyboard.press("Enter"); // « Fermer » has the focus.
    await panel.waitFor({ state: "hidden" });
    assert.equal((await visit.focused()).text, OPEN);
    // The question is where it was.
    await visit.asked("situation");
  });
}

test("a panel that does not come says so, and comes at the next try", async (t) => {
  await publish();
  const visit = await open(t, "tests-plain.html", { expects: [/Failed to load resource/] });
  await visit.asked("situation");
  let refused = 0;
  await onWorker(visit.page, /about\./, (route) => {
    refused += 1;
    return refused === 1 ? route.abort() : route.continue();
  });
  await visit.button(OPEN).click();
  const panel = visit.element.getByRole("dialog");
  await panel.getByText("La connexion est trop lente ou coupée").waitFor();
  await panel.getByRole("button", { name: "Essayer encore" }).click();
  await panel.getByRole("heading", { name: "Les territoires" }).waitFor();
});

test("an edition that has ended says so", async (t) => {
  await invent([place("a", ROMANS)], (document) => (document.edition.valid_until = "2027-06-30"));
  const before = (page) => page.clock.setFixedTime(new Date("2027-07-01T09:00:00Z"));
  const visit = await open(t, "tests-plain.html", { before });
  await visit.asked("situation");
  await visit.button(OPEN).click();
  await visit.element.getByRole("dialog").getByText("jusqu’au 30 juin 2027").waitFor();
});

test("the piece is served to programs too", async () => {
  const { snapshot } = await publish();
  assert.equal((await guide()).snapshot, snapshot);
  for (const language of ["fr", "en"]) {
    const response = await fetch(`${worker}/v1/${snapshot}/about.${language}.json`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("cache-control"), /immutable/);
    const about = await response.json();
    assert.equal(about.language, language);
    assert.equal(about.territories.length, 5);
  }
});
