// @stage own
// Which places are shown: competence before distance, the next department, and never one less
// in the visitor's own commune. And how an error is reported.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BOURG, ROMANS, TAIN, TOURNON, VALENCE, YOUNG, inventing, place } from "./lib/invented.mjs";
import { hear, heard } from "./lib/events.mjs";
import { withoutReports } from "./lib/reports.mjs";
import { open } from "./lib/session.mjs";
import { listen } from "./lib/traffic.mjs";

const invent = inventing();
const thereFor = (communes) => ({ competence: { communes: communes.map(({ code }) => code) } });

async function arrive(t, where, before) {
  const visit = await open(t, "tests-plain.html", { before });
  await visit.follow({ answers: YOUNG, ...where });
  return visit;
}

/** The main place, and the others of its network. */
const shown = async (visit) => ({
  main: (await visit.read()).main.name,
  others: await visit.main.locator(".others li strong:first-child").allTextContents(),
});

test("competence beats distance, and the nearer place stays a choice", async (t) => {
  await invent([
    place("near", ROMANS),
    place("competent", VALENCE, thereFor([ROMANS])),
    place("for-others", ROMANS, thereFor([VALENCE])),
  ]);
  const visit = await arrive(t, ROMANS);
  assert.deepEqual(await shown(visit), { main: "Lieu inventé competent", others: ["Lieu inventé near"] });
  assert.match((await visit.read()).main.meaning.join(" "), /là pour les habitants de votre commune/);
});

test("the next department counts after one's own", async (t) => {
  await invent([place("own-department", VALENCE), place("over-the-river", TOURNON)]);
  assert.deepEqual(await shown(await arrive(t, TAIN)), {
    main: "Lieu inventé own-department",
    others: ["Lieu inventé over-the-river"],
  });
});

test("no place of the visitor's own commune is lost", async (t) => {
  const own = ["a", "b", "c", "d", "e"].map((id, index) =>
    place(`own-${id}`, ROMANS, { position: { latitude: 45.1 + index / 1000, longitude: 5.06, approximate: false } }),
  );
  await invent([...own, ...["a", "b", "c", "d"].map((id) => place(`next-${id}`, BOURG))]);
  const { main, others } = await shown(await arrive(t, ROMANS));
  const all = [main, ...others];
  for (const { name } of own) assert.ok(all.includes(name), `${name} among ${all}`);
});

test("where no reports are taken, an error is told by the visitor's own mail, begun for them; nothing is sent", async (t) => {
  await invent([place("a", ROMANS)], (document) => {
    document.edition.region.contact = { email: "annuaire@region.example" };
  });
  let traffic;
  const visit = await arrive(t, ROMANS, async (page) => {
    traffic = listen(page);
    await hear(page);
    await withoutReports(page);
  });
  const before = (await traffic.requests()).length;
  const { href } = (await visit.read()).main.report;
  const mail = new URL(href);
  assert.equal(mail.protocol, "mailto:");
  assert.equal(mail.pathname, "annuaire@region.example");
  assert.match(mail.searchParams.get("subject"), /Lieu inventé a \(a\)/);
  const body = mail.searchParams.get("body");
  assert.match(body, /Lieu inventé a/);
  assert.match(body, /\[a [0-9a-f]{32}\]/, "the record and the snapshot that it was read in");
  // The snapshot's name is a hash: any digits may stand in it.
  const beside = decodeURIComponent(href).replace(/[0-9a-f]{32}/, "");
  assert.doesNotMatch(beside, /18|Romans/, "no answer");
  assert.match(await visit.main.locator(".freshness").textContent(), /Rien ne part sans vous/);
  // What is pressed is told to the host page without a word of it.
  await visit.main.locator("a[data-contact=report]").evaluate((link) => {
    link.addEventListener("click", (event) => event.preventDefault());
    link.click();
  });
  const contacts = (await heard(visit.page)).filter(({ name }) => name === "contact");
  assert.deepEqual(contacts.map(({ detail }) => detail), [{ kind: "report" }]);
  assert.equal((await traffic.requests()).length, before);
});

test("there, it is told on a page where there is no mail, and nowhere where there is neither", async (t) => {
  const territory = (contact) => (document) => {
    document.edition.region.contact = { website: "https://region.example/contact" };
    document.territories = [{ id: "t", name: "Bassin inventé", communes: [ROMANS.code], contact }];
  };
  await invent([place("a", ROMANS)], territory({ website: "https://territoire.example/" }));
  let visit = await arrive(t, ROMANS, withoutReports);
  assert.equal((await visit.read()).main.report.href, "https://territoire.example/");
  assert.doesNotMatch(await visit.main.locator(".freshness").textContent(), /messagerie/);
  await invent([place("a", ROMANS)], (document) => delete document.edition.region.contact);
  visit = await arrive(t, ROMANS, withoutReports);
  assert.equal((await visit.read()).main.report, null);
});

test("« pourquoi ? » says what it means and where it is written", async (t) => {
  await invent([place("a", ROMANS)], (document) => {
    for (const rule of document.edition.rules) rule.verified = false;
  });
  const visit = await arrive(t, ROMANS);
  const why = visit.main.locator("details.meaning");
  await visit.page.keyboard.press("Tab");
  await why.locator("summary").focus();
  await visit.page.keyboard.press("Enter");
  const said = await why.innerText();
  for (const part of [/plus proche que nous connaissons/, /On vous écoute/, /Un conseiller/, /ligne droite/, /position exacte de ce lieu est inconnue/, /Règle R3 du guide/, /pas encore confirmée/]) {
    assert.match(said, part);
  }
  assert.doesNotMatch(said, /niveau/i, "a word of administrations");
  assert.match(await why.locator("a.source").getAttribute("href"), /^https:/);
});
