// @stage own
// An administrator's day in the pages under /admin: a bad spreadsheet is brought in, its
// findings are read and decided, what it changes and its preview are looked at, it is
// published, a partner's page shows it, and it is taken back. With JavaScript and without:
// the pages have none of their own.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { newPage } from "./lib/browser.mjs";
import { people } from "./lib/people.mjs";
import { open } from "./lib/session.mjs";
import { directory, recommendation, worker } from "./lib/server.mjs";
import { sweep } from "./lib/thorough.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const TODAY = new Date().toISOString().slice(0, 10);

let main;
before(async () => {
  const shipped = await directory();
  const { place } = (await recommendation(ROMANS.answers, ROMANS.code)).main;
  main = shipped.structures.find((structure) => structure.id === place.id);
});

/** A page of the administration; whatever its console says is a failure. */
async function desk(t, options = {}) {
  const page = await newPage(options);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const said = message.text();
    // What a refused form answers is told on the page.
    if (["error", "warning"].includes(message.type()) && !said.includes("status of 4")) complaints.push(said);
  });
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(complaints, []);
  });
  return page;
}

async function signIn(page) {
  await page.goto(`${worker}/admin`);
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Se connecter à l’administration");
  await page.getByLabel("Clé d’accès").fill(process.env.SPRO_TOKEN);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.getByRole("heading", { level: 1, name: "Accueil" }).waitFor();
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
/** Without the page in the message of a failure: it is long. */
const says = async (page, text) => {
  const said = await page.locator("main").textContent();
  assert.ok(said.includes(text), `« ${text} » is not on ${page.url()}`);
};
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** What somebody sends by mail: Windows-1252, capitals, a zero lost, phones in every style. */
function badSpreadsheet(phone) {
  const street = main.address.lines.join(", ");
  const rows = [
    ["NOM", "ADRESSE", "CP", "CODE INSEE", "COMMUNE", "TEL", "RESEAU", "DATE MAJ"],
    [main.name.toUpperCase().replaceAll("–", "-"), street, main.address.postcode, main.commune, "", phone.replaceAll(" ", "."), main.network, TODAY],
    ["MISSION LOCALE DE L'INVENTION", "1 PLACE DU MARCHE", "1000", "", "BOURG EN BRESSE", "474000001 / 04 74 00 00 02", "Mission locale", TODAY],
    ["LIEU SANS COMMUNE", "", "", "", "", "", "", TODAY],
  ];
  return Buffer.from(rows.map((row) => row.map((cell) => (/[;"\n]/.test(cell) ? `"${cell}"` : cell)).join(";")).join("\r\n"), "latin1");
}

async function phoneOnThePartnersPage(t) {
  const visit = await open(t);
  await visit.follow(ROMANS);
  return (await visit.read()).main.ways[0].href;
}

/** The pages have no script: only the preview is another. */
const WAYS = [
  ["with JavaScript", true, "04 75 00 00 01"],
  ["without JavaScript", false, "04 75 00 00 02"],
];
for (const [how, javaScriptEnabled, phone] of sweep(WAYS, (_, index) => index === 0)) {
  test(`a bad spreadsheet is mended, seen, published and taken back, ${how}`, async (t) => {
    const dialled = `tel:${phone.replaceAll(" ", "")}`;
    const old = await phoneOnThePartnersPage(t);
    assert.notEqual(old, dialled);

    const page = await desk(t, { javaScriptEnabled });
    await signIn(page);
    await page.getByRole("link", { name: "Brouillons", exact: true }).first().click();
    await page.getByLabel("Titre").fill(`Liste de novembre, ${how}`);
    await press(page, "Commencer");
    await heading(page, `Liste de novembre, ${how}`);

    // What cannot be read is refused with a reason, and the draft is as it was.
    await page.getByLabel("Fichier", { exact: true }).setInputFiles({ name: "scan.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
    await press(page, "Lire le fichier");
    await page.getByRole("alert").getByText("C’est un PDF").waitFor();
    await page.getByLabel("Fichier", { exact: true }).setInputFiles({ name: "novembre.csv", mimeType: "text/csv", buffer: badSpreadsheet(phone) });
    await press(page, "Lire le fichier");
    await heading(page, "Fichier : novembre.csv");
    for (const said of ["3 fiches lues = 1 ajoutées + 1 fusionnées + 1 refusées", "Code postal : zéro de tête rétabli", "Ligne refusée"]) {
      await says(page, said);
    }

    // One repair is refused, and the file is read again.
    const zero = page.locator("details", { hasText: "Code postal : zéro de tête rétabli" });
    await zero.locator("summary").first().click();
    await zero.getByLabel("Ligne 3, CP").selectOption("refuse");
    await press(page, "Relire le fichier avec ces choix");
    await page.getByRole("status").getByText("relu avec vos choix").waitFor();
    await says(page, "refusé");
    const again = page.locator("details", { hasText: "Code postal : zéro de tête rétabli" });
    await again.locator("summary").first().click();
    await again.getByLabel("Ligne 3, CP").selectOption("accept");
    await press(page, "Relire le fichier avec ces choix");
    await page.getByRole("status").getByText("relu avec vos choix").waitFor();

    await press(page, "Contrôler le brouillon");
    await page.getByText("Rien ne s’oppose à la publication").waitFor();
    await page.getByRole("link", { name: "Voir ce qui change" }).click();
    await heading(page, /^Comparaison/);
    await says(page, "Ajoutés (1)");
    await says(page, phone);
    await page.getByRole("link", { name: "Voir l’aperçu" }).click();
    const frame = page.frameLocator("iframe.phone");
    await frame.getByText("Aperçu").first().waitFor();
    if (javaScriptEnabled) await frame.locator("spro-guide").getByRole("heading").first().waitFor();
    assert.equal(await phoneOnThePartnersPage(t), old, "nobody else has seen anything");

    await page.getByRole("link", { name: "Continuer vers la publication" }).click();
    await page.getByLabel("Pourquoi cette publication ?").fill(`Essai ${how}`);
    await press(page, "Publier");
    await heading(page, "Versions");
    await page.getByRole("status").getByText("C’est publié").waitFor();
    await says(page, `Essai ${how}`);
    assert.equal(await phoneOnThePartnersPage(t), dialled);

    // The version before, from its own line.
    await page.getByRole("link", { name: /Revenir à/ }).first().click();
    await page.locator("main").getByRole("button", { name: /Revenir|Remettre/ }).click();
    await heading(page, "Versions");
    assert.equal(await phoneOnThePartnersPage(t), old);
    await press(page, "Se déconnecter");
    await heading(page, "Se connecter à l’administration");
    await page.goto(`${worker}/admin/drafts`);
    await heading(page, "Se connecter à l’administration");
  });
}

test("a keyboard is enough to change one phone number", async (t) => {
  const page = await desk(t);
  await page.goto(`${worker}/admin`);
  const write = async (name, text) => {
    for (let presses = 0; presses < 120; presses++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const { activeElement: element } = document;
        return element.labels?.[0]?.textContent ?? element.textContent?.trim() ?? "";
      });
      if (focused.includes(name)) {
        if (text !== undefined) {
          await page.keyboard.press("ControlOrMeta+a");
          await page.keyboard.insertText(text);
        } else await page.keyboard.press("Enter");
        return;
      }
    }
    assert.fail(`the keyboard does not reach « ${name} »`);
  };
  await write("Clé d’accès", process.env.SPRO_TOKEN);
  await page.keyboard.press("Enter");
  await heading(page, "Accueil");
  await page.goto(`${worker}/admin/places/${main.id}`);
  await write("Modifier ce lieu");
  await page.getByRole("button", { name: /Enregistrer/ }).first().waitFor();
  await write("Téléphone", "04 75 00 00 03");
  await write("Enregistrer");
  await page.getByRole("status").waitFor();
  await says(page, "lieu modifié");
});

const WIDTHS = [["light", 1280], ["dark", 320]];
for (const [theme, width] of WIDTHS) {
  test(`axe finds nothing in the pages, ${theme}, ${width} pixels wide, and nothing spills`, async (t) => {
    const page = await desk(t, { colorScheme: theme, viewport: { width, height: 800 } });
    const look = (name) => checkPage(page, name);
    await page.goto(`${worker}/admin`);
    await look("sign-in");
    await signIn(page);
    await look("home");
    await page.goto(`${worker}/admin/drafts`);
    await look("drafts");
    await page.getByLabel("Titre").fill(`Pour axe, ${width}`);
    await press(page, "Commencer");
    await look("draft");
    const draft = page.url();
    await page.getByLabel("Fichier", { exact: true }).setInputFiles({ name: "axe.csv", mimeType: "text/csv", buffer: badSpreadsheet("04 75 00 00 04") });
    await press(page, "Lire le fichier");
    // Everything unfolded: what is hidden is not looked at.
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await look("file");
    await press(page, "Contrôler le brouillon");
    await page.getByText("Rien ne s’oppose").waitFor();
    await look("check");
    for (const step of ["difference", "preview", "publish", "places", "places/new", `places/${main.id}`]) {
      await page.goto(`${draft}/${step}`);
      await look(step);
    }
    for (const path of ["places", `places/${main.id}`, "versions", "keys", "audit", "freshness", "coverage", "counters", "diagnosis", "export"]) {
      const response = await page.goto(`${worker}/admin/${path}`);
      assert.equal(response.status(), 200, path);
      await look(path);
    }
  });
}
