// @stage own
// A place keeps itself true: an administrator makes its private link, its people correct the record
// with the keyboard alone and without JavaScript, the administrator sees the draft and publishes it,
// and visitors read the new number.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { close, newPage } from "./lib/browser.mjs";
import { directory, worker } from "./lib/server.mjs";

after(close);

const PHONE = "04 75 00 00 09";
/** More stops than any page here has. */
const MOST = 300;

let place;
before(async () => {
  const { structures } = await directory();
  place = structures.find(({ emails, commune }) => emails?.length && commune.startsWith("26"));
});

/** A page; whatever its console says is a failure. */
async function look(t, options = {}) {
  const page = await newPage(options);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // What a refused form answers is told on the page.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("status of 4")) complaints.push(message.text());
  });
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(complaints, []);
  });
  return page;
}

/** Presses Tab until this has the focus, which can be seen. */
async function tabTo(page, wanted) {
  const stops = [];
  for (let press = 0; press < MOST; press += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(({ css, text }) => {
      const node = document.activeElement;
      // Past the last one, before the first.
      if (!node || node === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      const outlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      return { is: node.matches(css) && node.textContent.includes(text), outlined, what: node.textContent.trim() || node.name };
    }, wanted);
    if (!stop) continue;
    stops.push(stop.what);
    if (!stop.is) continue;
    assert.ok(stop.outlined, `the focus on ${JSON.stringify(wanted)} is visible`);
    return;
  }
  assert.fail(`Tab never got to ${JSON.stringify(wanted)}: ${stops.slice(0, 40).join(" | ")}`);
}

const button = (text) => ({ css: "button", text });
const field = (name) => ({ css: `[name="${name}"]`, text: "" });

/** Presses a button with the keyboard, and waits for the page that it leads to. */
async function pressOn(page, text) {
  await tabTo(page, button(text));
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

async function signIn(page) {
  await page.goto(`${worker}/admin`);
  await page.getByLabel("Clé d’accès").fill(process.env.SPRO_TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Accueil" }).waitFor();
}

async function theLink(page) {
  await page.goto(`${worker}/admin/places/${place.id}`);
  await pressOn(page, "Faire un lien privé");
  await page.getByRole("heading", { level: 1, name: "Lien privé" }).waitFor();
  return page.locator("code.secret").first().textContent();
}

async function phones() {
  const { snapshot } = await (await fetch(`${worker}/v1/guide`)).json();
  const { places } = await (await fetch(`${worker}/v1/${snapshot}/department.26.json`)).json();
  return places.find(({ id }) => id === place.id).phones ?? [];
}

test("from the message to what visitors read, by keyboard alone", async (t) => {
  const admin = await look(t);
  await signIn(admin);
  await admin.goto(`${worker}/admin/freshness?months=1`);
  await checkPage(admin);
  const link = await theLink(admin);
  await checkPage(admin);
  const mail = await admin.getByRole("link", { name: /messagerie/ }).getAttribute("href");
  assert.ok(mail.startsWith("mailto:") && mail.includes(encodeURIComponent(link)), "the message has the link");

  // Its people: a narrow window, no JavaScript, no mouse.
  const own = await look(t, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await own.goto(link);
  await own.getByRole("heading", { level: 1, name: place.name }).waitFor();
  await tabTo(own, field("phones"));
  await own.keyboard.press("Control+A");
  await own.keyboard.type("12");
  await pressOn(own, "Envoyer la correction");
  await own.getByRole("alert").getByText("Une chose est à corriger").waitFor();
  assert.equal(await own.getByLabel("Téléphones").inputValue(), "12", "nothing typed is lost");
  assert.equal(await own.getByLabel("Téléphones").getAttribute("aria-invalid"), "true");
  await tabTo(own, { css: 'a[href="#phones"]', text: "Téléphones" });
  await own.keyboard.press("Enter");
  await own.getByLabel("Téléphones").focus();
  await own.keyboard.press("Control+A");
  await own.keyboard.type(PHONE);
  await pressOn(own, "Envoyer la correction");
  await own.getByRole("status").getByText("Votre correction est enregistrée").waitFor();
  await own.getByText("Votre réponse attend d’être relue").waitFor();
  assert.ok(!(await phones()).includes(PHONE), "nobody else has seen anything");

  // The administrator, by keyboard too: the list leads to the draft, and the draft to what is live.
  await admin.goto(`${worker}/admin/place-links`);
  await checkPage(admin);
  await tabTo(admin, { css: "a", text: "son brouillon" });
  await Promise.all([admin.waitForEvent("load"), admin.keyboard.press("Enter")]);
  await admin.getByRole("heading", { level: 1, name: "Réponses des lieux" }).waitFor();
  await admin.getByText(`${place.name}, par son lien privé : corrigé (téléphones)`).waitFor();
  await checkPage(admin);
  await pressOn(admin, "Contrôler ce brouillon");
  await admin.getByText("Rien ne s’oppose à la publication").waitFor();
  await admin.goto(admin.url().replace("/check", "/publish"));
  await pressOn(admin, "Publier");
  await admin.getByRole("status").getByText("C’est publié").waitFor();
  assert.ok((await phones()).includes(PHONE));
});

for (const [theme, width] of [["light", 1280], ["dark", 320]]) {
  test(`axe finds nothing in the page of a place, ${theme}, ${width} pixels wide`, async (t) => {
    const admin = await look(t);
    await signIn(admin);
    const link = await theLink(admin);
    const own = await look(t, { colorScheme: theme, viewport: { width, height: 800 } });
    await own.goto(link);
    await checkPage(own, "the record");
    await own.getByLabel("Lundi").fill("de neuf à midi");
    await own.getByRole("button", { name: "Envoyer la correction" }).click();
    await own.getByRole("alert").waitFor();
    await checkPage(own, "with an error");
    await own.goto(link);
    await own.getByRole("button", { name: "C’est toujours juste" }).click();
    await own.getByRole("status").getByText("Merci").waitFor();
    await checkPage(own, "after the answer");
    const stolen = await own.goto(`${link.slice(0, -1)}x`);
    assert.equal(stolen.status(), 404);
    await own.getByRole("heading", { level: 1, name: "Ce lien n’ouvre rien" }).waitFor();
    await checkPage(own, "nothing");
    await admin.goto(`${worker}/admin/place-links`);
    await admin.getByRole("button", { name: /^Retirer le lien/ }).first().click();
    await admin.getByRole("status").getByText("Le lien est retiré").waitFor();
    assert.equal((await own.goto(link)).status(), 404, "revoked");
  });
}
