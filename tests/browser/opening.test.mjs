// @stage own
// Open now, or when next: in the place's own time, on both sides of the changes of time, on
// public holidays and closures, wherever the visitor's clock is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OFFICE, ROMANS, YOUNG, inventing, place } from "./lib/invented.mjs";
import { open } from "./lib/session.mjs";

const invent = inventing();

/** A visitor at the result, whose clock a test sets. */
async function arrive(t, timezoneId, first) {
  const before = (page) => page.clock.setFixedTime(new Date(first));
  const visit = await open(t, "tests-plain.html", { timezoneId, before });
  await visit.follow({ answers: YOUNG, ...ROMANS });
  return visit;
}

/** What is said of the main place at another instant. */
async function saidAt(visit, instant) {
  await visit.page.clock.setFixedTime(new Date(instant));
  // An attribute that changes draws the result again.
  await visit.element.evaluate((element, network) => element.setAttribute("network", network), `x${instant}`);
  await visit.page.evaluate(() => new Promise(requestAnimationFrame));
  const line = visit.main.locator(":scope > .now");
  return (await line.count()) ? (await line.innerText()).replace(/\s+/g, " ") : null;
}

// Each instant in UTC. Summer time began on 29 March 2026, and ended on 25 October.
const INSTANTS = [
  ["2026-03-27T07:59:00Z", "Fermé en ce moment. Ouvre aujourd’hui à 09:00"],
  ["2026-03-27T08:00:00Z", "Ouvert maintenant, jusqu’à 12:00"],
  ["2026-03-30T06:59:00Z", "Fermé en ce moment. Ouvre aujourd’hui à 09:00"],
  ["2026-03-30T07:00:00Z", "Ouvert maintenant, jusqu’à 12:00"],
  ["2026-10-23T06:59:00Z", "Fermé en ce moment. Ouvre aujourd’hui à 09:00"],
  ["2026-10-23T07:00:00Z", "Ouvert maintenant, jusqu’à 12:00"],
  ["2026-10-26T07:59:00Z", "Fermé en ce moment. Ouvre aujourd’hui à 09:00"],
  ["2026-10-26T08:00:00Z", "Ouvert maintenant, jusqu’à 12:00"],
  ["2026-10-26T11:00:00Z", "Fermé en ce moment. Ouvre aujourd’hui à 13:30"],
  ["2026-10-26T16:00:00Z", "Fermé en ce moment. Ouvre demain à 09:00"],
  ["2026-11-06T16:30:00Z", "Fermé en ce moment. Ouvre lundi à 09:00"],
  ["2026-11-07T10:00:00Z", "Fermé aujourd’hui. Ouvre lundi à 09:00"],
  ["2026-12-25T10:00:00Z", "Fermé ce jour férié. Ouvre lundi à 09:00"],
  // Easter Monday and the day after.
  ["2026-04-06T10:00:00Z", "Fermé ce jour férié. Ouvre demain à 09:00"],
  ["2026-08-10T08:00:00Z", "Fermé jusqu’au 23 août 2026 inclus. Ouvre lundi 24 août à 09:00"],
  ["2026-08-22T22:30:00Z", "Fermé jusqu’au 23 août 2026 inclus. Ouvre demain à 09:00"],
];

for (const zone of ["Europe/Paris", "Pacific/Kiritimati", "America/New_York"]) {
  test(`opening hours are those of the place for a visitor in ${zone}`, async (t) => {
    const checked_on = "2026-03-01";
    await invent([place("a", ROMANS, { hours: OFFICE, closed: [{ from: "2026-08-03", until: "2026-08-23" }], checked_on })]);
    const visit = await arrive(t, zone, INSTANTS[0][0]);
    for (const [instant, expected] of INSTANTS) {
      const note = zone === "Europe/Paris" ? "" : " (heure locale de ce lieu)";
      assert.equal(await saidAt(visit, instant), expected + note, instant);
    }
    t.diagnostic(`${INSTANTS.length} instants`);
  });
}

test("the hour that summer time skips, and the one that comes twice", async (t) => {
  await invent([place("night", ROMANS, { hours: [{ days: ["sunday"], from: "02:30", to: "04:00" }] })]);
  const visit = await arrive(t, "Europe/Paris", "2026-03-29T00:00:00Z");
  for (const [instant, expected] of [
    ["2026-03-29T00:59:00Z", /^Fermé en ce moment\. Ouvre aujourd’hui à 02:30/],
    ["2026-03-29T01:00:00Z", /^Ouvert maintenant, jusqu’à 04:00/],
    ["2026-10-25T00:40:00Z", /^Ouvert maintenant, jusqu’à 04:00/],
    ["2026-10-25T01:10:00Z", /^Fermé en ce moment\. Ouvre aujourd’hui à 02:30/],
    ["2026-10-25T01:30:00Z", /^Ouvert maintenant, jusqu’à 04:00/],
  ]) {
    assert.match(await saidAt(visit, instant), expected, instant);
  }
});

test("the week, the closures to come, and what is not known", async (t) => {
  const more = {
    hours: [...OFFICE.map((hours) => ({ ...hours, days: hours.days.slice(0, 4) })), { days: ["saturday"], from: "08:00", to: "24:00" }],
    closed: [{ from: "2026-08-03", until: "2026-08-23" }, { from: "2026-12-24", until: "2027-01-01" }],
    hours_note: "Sur rendez-vous le samedi.",
    languages: ["en", "fsl"],
    access: "Rampe à l’entrée.",
    checked_on: "2025-01-02",
  };
  await invent([place("a", ROMANS, more)]);
  const visit = await arrive(t, "Europe/Paris", "2026-11-24T09:00:00Z");
  const { details, now } = (await visit.read()).main;
  const rows = await visit.main.locator(".week tr").evaluateAll((rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent.replace(/\s/g, " "))),
  );
  assert.deepEqual(rows, [
    ["lundi – jeudi", "09:00 – 12:00, 13:30 – 17:00"],
    ["vendredi", "fermé"],
    ["samedi", "08:00 – 24:00"],
    ["dimanche", "fermé"],
  ]);
  assert.match(details.Horaires.text, /Fermé du 24 décembre 2026 au 1er janvier 2027 inclus/);
  assert.doesNotMatch(details.Horaires.text, /août/, "what is over is not said");
  assert.match(details.Horaires.text, /Sur rendez-vous le samedi\./);
  // A record that nobody has checked for a year does not promise an open door.
  assert.match(now, /^Ouvert maintenant, jusqu’à 12:00 \(si ces horaires n’ont pas changé\)/);
  assert.equal(details["Langues parlées, en plus du français"].text, "anglais, langue des signes française");
  assert.equal(details.Accès.text, "Rampe à l’entrée.");

  await invent([place("a", ROMANS)]);
  const other = await arrive(t, "Europe/Paris", "2026-11-24T09:00:00Z");
  assert.equal(await saidAt(other, "2026-11-24T10:00:00Z"), null, "nothing is said of unknown hours");
  const { unknown, details: known } = (await other.read()).main;
  assert.equal(unknown, "Horaires inconnus : téléphonez avant de venir.");
  assert.equal(known.Horaires, undefined, "and not twice");
});
