// @stage own
// Texts, resources and news of an edition, changed with the keyboard in a narrow window, then published:
// the guide says them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { close, newPage } from "./lib/browser.mjs";
import { directory, worker } from "./lib/server.mjs";

after(close);

const QUESTION = "Où en êtes-vous aujourd’hui ?";

test("a question, a translation and a piece of news are written, and published", async (t) => {
  const page = await newPage({ viewport: { width: 320, height: 800 } });
  t.after(() => page.context().close());
  const look = async (name) => {
    await checkPage(page, name);
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    assert.ok(wide <= room, `${name}: ${wide} px in a window of ${room}`);
  };
  await page.goto(`${worker}/admin`);
  await page.getByLabel("Clé d’accès").fill(process.env.SPRO_TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Accueil" }).waitFor();
  await page.goto(`${worker}/admin/drafts`);
  await page.getByLabel("Titre").fill("Des mots");
  await page.getByRole("button", { name: "Commencer" }).press("Enter");
  await page.getByRole("link", { name: "Voir les textes" }).press("Enter");

  // Found by a word, in another script too.
  await page.getByLabel("Mots").fill("ситуація");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Quelle est votre situation ?" }).waitFor();
  await look("the table");
  await page.getByRole("link", { name: "Quelle est votre situation ?" }).press("Enter");
  const text = page.getByRole("group", { name: "Texte", exact: true });
  const french = text.getByLabel("Français", { exact: true });
  await french.fill("");
  await text.getByLabel("English").fill("Where are you today?");
  await page.getByRole("button", { name: "Enregistrer dans le brouillon" }).press("Enter");
  await page.getByRole("alert").waitFor();
  assert.equal(await french.getAttribute("aria-invalid"), "true");
  assert.equal(await text.getByLabel("English").inputValue(), "Where are you today?", "nothing typed is lost");
  await look("with an error");
  await page.getByRole("alert").getByRole("link").press("Enter");
  assert.equal(await french.evaluate((field) => field === document.activeElement || location.hash === `#${field.id}`), true);
  await french.fill(QUESTION);
  await page.getByRole("button", { name: "Enregistrer dans le brouillon" }).press("Enter");
  await page.getByRole("status").getByText("C’est enregistré").waitFor();

  await page.getByRole("link", { name: "Ajouter une actualité" }).press("Enter");
  await page.getByRole("group", { name: "Titre" }).getByLabel("Français", { exact: true }).fill("Une nouveauté");
  await page.getByLabel("Publié le").fill("2026-11-20");
  await look("the form of a piece of news");
  await page.getByRole("button", { name: "Enregistrer dans le brouillon" }).press("Enter");
  await page.getByRole("status").getByText("C’est enregistré").waitFor();
  await page.getByLabel("Partie").selectOption({ label: "Actualités" });
  await page.getByRole("button", { name: "Chercher" }).press("Enter");
  await page.getByRole("link", { name: "Une nouveauté" }).waitFor();
  await page.getByText("20 novembre 2026").waitFor();

  // Another piece of news goes.
  const [gone] = (await directory()).resources.filter(({ kind }) => kind === "news");
  await page.getByRole("link", { name: gone.title.fr }).press("Enter");
  await page.getByText("Retirer cette ressource").press("Enter");
  await page.getByRole("button", { name: "Retirer", exact: true }).press("Enter");
  await page.getByRole("status").getByText("C’est retiré").waitFor();

  await page.getByRole("link", { name: "Contrôler" }).press("Enter");
  await page.getByRole("button", { name: /^Contrôler/ }).first().press("Enter");
  await page.getByText("Rien ne s’oppose à la publication").waitFor();
  await page.goto(page.url().replace("/check", "/publish"));
  await page.getByRole("button", { name: "Publier", exact: true }).press("Enter");
  await page.getByRole("status").getByText("C’est publié").waitFor();
  const { edition, resources } = await directory();
  assert.deepEqual([edition.questions[0].text.fr, edition.questions[0].text.en], [QUESTION, "Where are you today?"]);
  assert.equal(resources.at(-1).title.fr, "Une nouveauté");
  assert.ok(!resources.some(({ id }) => id === gone.id));
  const first = await (await fetch(`${worker}/v1/guide`)).json();
  assert.equal(first.questions[0].text.replace("\u00a0", " "), QUESTION);
});
