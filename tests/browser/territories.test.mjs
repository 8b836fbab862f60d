// @stage own
// A territory made where it is needed: in a draft, by the forms of a narrow window, then published;
// the guide's information panel knows it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { close, newPage } from "./lib/browser.mjs";
import { directory, worker } from "./lib/server.mjs";

after(close);

const NAME = "Valence et autour";

test("a territory is made, mended and published", async (t) => {
  const page = await newPage({ viewport: { width: 320, height: 800 } });
  t.after(() => page.context().close());
  await page.goto(`${worker}/admin`);
  await page.getByLabel("Clé d’accès").fill(process.env.SPRO_TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Accueil" }).waitFor();
  await page.goto(`${worker}/admin/drafts`);
  await page.getByLabel("Titre").fill("Un territoire");
  await page.getByRole("button", { name: "Commencer" }).press("Enter");
  await page.getByRole("link", { name: "Voir les territoires" }).press("Enter");
  await page.getByText("Ce brouillon n’a aucun territoire").waitFor();
  await checkPage(page, "no territory");
  await page.getByRole("link", { name: "Ajouter un territoire" }).press("Enter");
  await page.getByLabel("Nom", { exact: false }).first().fill(NAME);
  await page.getByLabel("Courriel").fill("accueil");
  await page.getByRole("button", { name: "Enregistrer dans le brouillon" }).press("Enter");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Courriel").getAttribute("aria-invalid"), "true");
  assert.equal(await page.getByLabel("Courriel").inputValue(), "accueil", "nothing typed is lost");
  await checkPage(page, "with errors");
  await page.getByLabel("Courriel").fill("accueil@exemple.fr");
  await page.getByLabel("Ajouter les communes d’intercommunalités").fill("26000 Valence");
  await page.getByRole("button", { name: "Enregistrer dans le brouillon" }).press("Enter");
  await page.getByRole("status").getByText("Le territoire est enregistré").waitFor();
  await checkPage(page, "the list");
  await page.getByRole("link", { name: NAME }).press("Enter");
  assert.match(await page.getByLabel("Communes", { exact: true }).inputValue(), /Valence \(26362\)/);
  await checkPage(page, "the form");
  await page.getByRole("link", { name: "Contrôler" }).press("Enter");
  await page.getByRole("button", { name: /^Contrôler/ }).first().press("Enter");
  await page.getByText("Rien ne s’oppose à la publication").waitFor();
  await page.goto(page.url().replace("/check", "/publish"));
  await page.getByRole("button", { name: "Publier", exact: true }).press("Enter");
  await page.getByRole("status").getByText("C’est publié").waitFor();
  const { territories } = await directory();
  assert.equal(territories.at(-1).name, NAME);
  assert.ok(territories.at(-1).communes.length > 40);
  const { snapshot } = await (await fetch(`${worker}/v1/guide`)).json();
  const about = await (await fetch(`${worker}/v1/${snapshot}/about.fr.json`)).text();
  assert.ok(about.includes(NAME), "the information panel names it");
});
