// The screenshots of the documentation: the five people at a phone's and a desk's width,
// what the first of them sees in each language, and the partner's page. With the shipped directory only.
//
// `cargo xtask screenshots` runs it.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { close, newPage } from "./lib/browser.mjs";
import { people } from "./lib/people.mjs";
import { guide, partner, worker } from "./lib/server.mjs";
import { Visit } from "./lib/visit.mjs";

const folder = process.env.OUT;
if (!folder) throw new Error("OUT is not set: it names the folder of the images");
const { source } = await (await fetch(`${worker}/v1/health`)).json();
if (source !== "shipped") throw new Error(`a directory is published (source: ${source}): use a fresh KV`);
await mkdir(folder, { recursive: true });

const at = (name) => join(folder, `${name}.png`);

const [first] = Object.values(people);
for (const width of [320, 1280]) {
  for (const person of Object.values(people)) {
    const { file, answers, typed, commune } = person;
    const page = await newPage({ viewport: { width, height: 900 } });
    await page.goto(`${partner}/tests-plain.html`);
    const visit = new Visit(page);
    await visit.asked("situation");
    if (person === first) await page.screenshot({ path: at(`question-${width}`) });
    await visit.answerAll(answers);
    await visit.asked("commune");
    await visit.type(typed);
    if (person === first) await page.screenshot({ path: at(`commune-${width}`) });
    await visit.commune(typed, commune);
    await visit.arrived();
    if (person === first) await page.screenshot({ path: at(`result-${width}`) });
    await visit.element.locator(".guide").screenshot({ path: at(`${file}-${width}`) });
    await page.context().close();
  }
}

// In French they are there already.
for (const { tag } of (await guide()).languages.slice(1)) {
  const page = await newPage({ viewport: { width: 320, height: 900 } });
  await page.goto(`${partner}/tests-plain.html`);
  const visit = new Visit(page);
  await visit.asked("situation");
  await visit.speak(tag);
  // As somebody sees it who has just come: without the mark of the focus.
  await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.blur());
  await page.screenshot({ path: at(`question-${tag}-320`) });
  await visit.follow(first);
  await page.screenshot({ path: at(`result-${tag}-320`) });
  await page.context().close();
}

// The looks: that of the State, a sidebar, the dark, the visitor's own colours.
const PHONE = { viewport: { width: 320, height: 900 } };
const LOOKS = {
  "question-dsfr-320": [{ look: "dsfr" }, PHONE],
  "question-dsfr-1280": [{ look: "dsfr" }, { viewport: { width: 1280, height: 760 } }],
  "question-dsfr-dark-320": [{ look: "dsfr" }, { ...PHONE, colorScheme: "dark" }],
  "question-dsfr-ar-320": [{ look: "dsfr" }, PHONE, "tests-arabic.html"],
  "question-dark-320": [{}, { ...PHONE, colorScheme: "dark" }],
  "question-compact-256": [{ layout: "compact" }, { viewport: { width: 256, height: 760 } }],
  "question-forced-colors-320": [{}, { ...PHONE, forcedColors: "active" }],
};
for (const [name, [attributes, options, path = "tests-dark.html"]] of Object.entries(LOOKS)) {
  const page = await newPage({ reducedMotion: "reduce", ...options });
  await page.goto(`${partner}/${path}`);
  const visit = new Visit(page);
  await visit.element.locator("h2.heading").waitFor();
  await visit.element.evaluate((element, all) => {
    for (const [key, value] of Object.entries(all)) element.setAttribute(key, value);
  }, attributes);
  if (path === "tests-arabic.html") visit.language = "ar";
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.back();
  await visit.asked("situation");
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: at(name) });
  await page.context().close();
}

const page = await newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${partner}/index.html`);
await new Visit(page).asked("situation");
await page.screenshot({ path: at("partner-1280"), fullPage: true });

// The administration, with an invented spreadsheet: a draft only, so that the shipped
// directory stays live.
const rows = [
  "NOM;ADRESSE;CP;COMMUNE;TEL;RESEAU",
  "MISSION LOCALE DE L'INVENTION;1 PLACE DU MARCHE;1000;BOURG EN BRESSE;474000001 / 04 74 00 00 02;Mission locale",
  "CIO DE L'INVENTION;2 RUE DU LAC;38000;GRENOBLE;04.76.00.00.01;CIO",
  "CENTRE DE L'INVENTION;3 rue du Parc;26000;VALENCE;04 75 00 00 01;Mision locale",
];
const desk = await newPage({ viewport: { width: 1280, height: 900 } });
await desk.goto(`${worker}/admin`);
await desk.getByLabel("Clé d’accès").fill(process.env.SPRO_TOKEN);
await desk.getByRole("button", { name: "Se connecter" }).click();
await desk.goto(`${worker}/admin/drafts`);
await desk.getByLabel("Titre").fill("Liste de novembre");
await desk.getByRole("button", { name: "Commencer" }).click();
const draft = desk.url();
const file = { name: "novembre.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n"), "latin1") };
await desk.getByLabel("Fichier", { exact: true }).setInputFiles(file);
await desk.getByRole("button", { name: "Lire le fichier" }).click();
const repaired = desk.locator("details", { hasText: "Nom : accents et minuscules rétablis" });
await repaired.locator("summary").first().click();
await desk.screenshot({ path: at("admin-file-1280"), fullPage: true });
await desk.getByRole("button", { name: "Contrôler le brouillon" }).click();
await desk.getByText("Rien ne s’oppose").waitFor();
await desk.goto(`${draft}/difference`);
await desk.locator("details").first().locator("summary").click();
await desk.screenshot({ path: at("admin-difference-1280"), fullPage: true });

await close();
