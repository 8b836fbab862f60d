// @stage own
// « Signaler une erreur » and « Enregistrer le contact », from a card of the result to the inbox and to
// a phone's address book.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { newPage } from "./lib/browser.mjs";
import { press, until } from "./lib/pages.mjs";
import { people } from "./lib/people.mjs";
import { withoutReports } from "./lib/reports.mjs";
import { worker } from "./lib/server.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { listen } from "./lib/traffic.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const REPORTS = `${worker}/v1/reports`;

/** A visitor at the open details of the first card. */
async function arrive(t, options = {}) {
  let traffic;
  const visit = await open(t, options.path ?? "tests-plain.html?dossier=4711", {
    ...options,
    before: async (page) => {
      traffic = listen(page);
      await page.context().addCookies([{ name: "session", value: "4711", domain: "127.0.0.1", path: "/" }]);
      await options.before?.(page);
    },
  });
  if (options.language) await visit.speak(options.language);
  await visit.follow(ROMANS);
  const fold = visit.main.locator("details.more").filter({ has: visit.page.locator(".details") });
  await fold.locator("> summary").click();
  const report = fold.locator("details.report");
  return Object.assign(visit, { traffic, fold, report, said: report.locator("[role=status]") });
}

/** The inbox, as the Region sees it. */
async function inbox(t) {
  const page = await newPage();
  t.after(() => page.context().close());
  await page.goto(`${worker}/admin/reports`);
  await page.locator("input[name=key]").fill(process.env.SPRO_TOKEN);
  await page.locator("main button").click();
  await page.goto(`${worker}/admin/reports`);
  return page;
}

test("two presses report an error, which lands in the inbox with what its author saw and nothing else", async (t) => {
  const visit = await arrive(t);
  const name = await visit.main.locator("h3").innerText();
  await visit.report.locator("summary").click();
  await visit.report.getByRole("button", { name: "Horaires" }).click();
  await visit.said.filter({ hasText: "Merci. C’est signalé." }).waitFor();
  await visit.report.locator("textarea").fill("Fermé le mercredi");
  await visit.report.getByRole("button", { name: "Fermé pour toujours" }).click();
  await visit.page.waitForFunction(
    (report) => report.value === "",
    await visit.report.locator("textarea").elementHandle(),
  );
  const requests = (await visit.traffic.requests()).filter(({ url }) => url.href === REPORTS);
  assert.deepEqual(requests.map(({ method, status }) => [method, status]), [["POST", 204], ["POST", 204]]);
  for (const { body, headers } of requests) {
    const report = JSON.parse(body);
    assert.deepEqual(Object.keys(report).sort(), ["build", "field", "place", "snapshot", "text"]);
    assert.match(report.build, /^[0-9a-f]{16}$/);
    assert.equal(headers.cookie, undefined);
    assert.equal(headers.referer, undefined);
    assert.doesNotMatch(JSON.stringify([body, headers]), /4711|26281|"young"/);
  }
  const page = await inbox(t);
  const rows = page.locator("tbody tr").filter({ hasText: name });
  assert.equal(await rows.count(), 2);
  const hours = rows.filter({ hasText: "les horaires" });
  assert.match(await hours.innerText(), /1 fois/);
  assert.match(await rows.filter({ hasText: "le lieu est fermé" }).innerText(), /« Fermé le mercredi »/);
  await press(page, hours.getByRole("button", { name: "C’est traité" }));
  await page.getByRole("status").filter({ hasText: "Le signalement est traité." }).waitFor();
  assert.equal(await page.locator("tbody tr").filter({ hasText: name }).count(), 1);
  await page.goto(`${worker}/admin/freshness`);
  assert.ok(await page.getByRole("heading", { name: "Signalées par des visiteurs (1)" }).isVisible());
});

test("a visit that reports nothing sends nothing of it", async (t) => {
  const visit = await arrive(t);
  await visit.report.locator("summary").click();
  await visit.report.locator("textarea").fill("Rien");
  await visit.page.waitForLoadState("networkidle");
  const requests = await visit.traffic.requests();
  assert.deepEqual(requests.filter(({ method }) => method !== "GET"), []);
  assert.deepEqual(visit.traffic.others, []);
});

test("a refused text and a report that does not arrive are sentences, and what was written stays", async (t) => {
  const visit = await arrive(t, { expects: [/422|429|503|ERR_FAILED|Failed to load/] });
  await visit.report.locator("summary").click();
  const area = visit.report.locator("textarea");
  const other = visit.report.getByRole("button", { name: "Autre chose" });
  await area.fill("Appelez Jean au 04 75 00 00 01");
  await other.click();
  await visit.said.filter({ hasText: "Enlevez de la précision les numéros" }).waitFor();
  assert.equal(await area.inputValue(), "Appelez Jean au 04 75 00 00 01");
  for (const fail of [(route) => route.abort(), (route) => route.fulfill({ status: 429, headers: { "access-control-allow-origin": "*" } })]) {
    await onWorker(visit.page, /^\/v1\/reports$/, fail);
    await area.fill("Le bâtiment a changé");
    await other.click();
    await visit.said.filter({ hasText: "Le signalement n’est pas parti." }).waitFor();
    assert.equal(await area.inputValue(), "Le bâtiment a changé");
    await visit.page.unrouteAll({ behavior: "wait" });
  }
  assert.equal(await area.getAttribute("maxlength"), "200");
});

test("where the deployment takes no reports, whoever keeps the directory is named", async (t) => {
  const visit = await arrive(t, { before: withoutReports });
  assert.equal(await visit.report.count(), 0);
  assert.equal(await visit.fold.locator('[data-contact="report"]').count(), 1);
});

for (const [width, language, colorScheme] of [[320, "fr", "light"], [320, "ar", "dark"], [1280, "fr-simple", "dark"]]) {
  test(`opened at ${width} pixels in ${language}, ${colorScheme}, axe finds nothing and nothing spills`, async (t) => {
    const visit = await arrive(t, { language, colorScheme, viewport: { width, height: 640 } });
    await visit.report.locator("summary").click();
    assert.deepEqual(await violations(visit), []);
    const wide = await visit.page.evaluate(() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth);
    assert.equal(wide, false);
    const small = await visit.fold.locator(".keep a, .keep button, .wrong button, .report summary").evaluateAll((nodes) =>
      nodes.map((node) => node.getBoundingClientRect()).filter(({ width, height }) => height > 0 && (width < 24 || height < 24)).length,
    );
    assert.equal(small, 0, "for a thumb");
  });
}

test("the contact is a file that was made here, and its lines can be copied", async (t) => {
  const visit = await arrive(t, { permissions: ["clipboard-read", "clipboard-write"] });
  const before = (await visit.traffic.requests()).length;
  const download = visit.page.waitForEvent("download");
  await visit.fold.getByRole("link", { name: "Enregistrer le contact" }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^mission-locale-26100-romans-sur-isere\.vcf$/);
  const text = await readFile(await file.path(), "utf8");
  const stored = await (await fetch(`${worker}/v1/places/${file.suggestedFilename()}`)).text();
  assert.equal(text, stored, "the same file as that of the pages without JavaScript");
  assert.match(text, /^BEGIN:VCARD\r\nVERSION:3\.0\r\n/);
  // The directory does not know when it is open: there is nothing for a calendar.
  assert.equal(await visit.fold.getByRole("link", { name: "Mettre les horaires dans l’agenda" }).count(), 0);
  await visit.fold.getByRole("button", { name: /^Copier/ }).click();
  await visit.fold.locator(".keep [role=status]").filter({ hasText: "C’est copié." }).waitFor();
  const copied = await visit.page.evaluate(() => navigator.clipboard.readText());
  const [name, ...lines] = copied.split("\n");
  assert.equal(name, await visit.main.locator("h3").innerText());
  assert.ok(lines.some((line) => line.includes("26100")) && lines.some((line) => /^0\d( \d\d){4}$/.test(line)), copied);
  assert.equal((await visit.traffic.requests()).length, before, "nothing was asked for");
});

test("without JavaScript, the same by forms and addresses", async (t) => {
  let traffic;
  const visit = await open(t, `${worker}/`, { javaScriptEnabled: false, before: (page) => (traffic = listen(page)) });
  const { page } = visit;
  await until(page, ROMANS);
  for (const details of await page.locator("details").all()) await details.evaluate((node) => (node.open = true));
  const card = page.locator("article.card").first();
  const address = await card.getByRole("link", { name: "Enregistrer le contact" }).getAttribute("href");
  assert.equal(address, "/v1/places/mission-locale-26100-romans-sur-isere.vcf");
  await card.locator(".report textarea").fill("Troisième étage");
  await press(page, card.getByRole("button", { name: "Adresse", exact: true }));
  assert.match(await page.locator("main").innerText(), /Merci\. C’est signalé\./);
  const sent = (await traffic.requests()).find(({ url }) => url.href === REPORTS);
  assert.deepEqual([...new URLSearchParams(sent.body).keys()].sort(), ["field", "lang", "place", "snapshot", "text"]);
  await page.goBack();
  assert.ok(await page.locator("h3.name").first().isVisible(), "the browser has kept the result");
});
