// What every result promises to whoever reads it, whatever the directory.

import assert from "node:assert/strict";

const SERVICES = { reception: "accueil et information", advice: "conseil", support: "accompagnement" };
const DAY = /^(?:Fiche vérifiée le|D’après une liste du) (?:1er|\d{1,2}) [a-zûé]+ \d{4}\./;

/** A network's name and its short one: that first which people know it by. */
function inFull({ name, acronym }) {
  if (!acronym) return name;
  return acronym.includes(" ") ? `${name} (${acronym})` : `${acronym} (${name})`;
}

/** With one kind of space, as what is shown is read. */
const spaced = (text) => text.replace(/\s+/g, " ");

/** « 04 75 23 42 66 » as a link that calls. */
const callable = (phone) => `tel:${phone.replace(/[^\d+]/g, "")}`;

/** The distance that a sentence says, in meters. */
function saidDistance(sentence) {
  if (/à moins de 1\skm/.test(sentence)) return 0;
  const said = /à (?:environ )?(\d+)(?:,(\d))?\skm/.exec(sentence);
  assert.ok(said, `a distance in « ${sentence} »`);
  return Number(said[1]) * 1000 + Number(said[2] ?? 0) * 100;
}

/** A link that leaves the page tells nobody where it comes from, and keeps the page. */
function leavesPolitely({ href, rel, target }) {
  if (!href.startsWith("http")) return;
  assert.match(rel, /noreferrer/, href);
  assert.match(rel, /noopener/, href);
  assert.equal(target, "_blank", href);
}

/** A card against the recommendation that the same engine gives elsewhere. */
export function checkCard(shown, wanted, commune, isListed = false) {
  const place = wanted.place;
  assert.equal(shown.name, place?.name ?? (wanted.network ? inFull(wanted.network) : wanted.remote_service.name));
  if (wanted.reason) assert.ok(shown.reasons[0].startsWith(spaced(wanted.reason)), shown.reasons[0]);
  assert.equal(shown.reasons.length, 1, `a reason for ${shown.name}, and one`);
  assert.notEqual(wanted.levels.length, 0, `a level of ${shown.name}`);
  const services = wanted.services.map((service) => SERVICES[service]).join(", ");
  assert.ok(shown.services.includes(services), `« ${shown.services} » says ${services}`);
  // Levels are the words of administrations.
  assert.doesNotMatch([shown.services, ...shown.reasons, ...shown.meaning].join(" "), /niveaux? \d/i);
  assert.ok(shown.isFolded, `the details of ${shown.name} are folded`);
  // A link says what it is about: « Appeler 04 75 23 42 66 : the place ».
  const hrefs = shown.ways.map(({ href }) => href);
  shown.ways.forEach(leavesPolitely);
  for (const { text } of shown.ways) assert.ok(text.includes(" : "), `« ${text} » says what it is about`);
  if (!place) {
    const { phone, website } = wanted.network ?? wanted.remote_service;
    assert.deepEqual(hrefs, [phone && callable(phone), website].filter(Boolean), `ways to reach ${shown.name}`);
    return;
  }
  const { distance } = shown;
  assert.ok(distance, `how far ${shown.name} is`);
  assert.match(shown.meaning.join(" "), place.competent ? /là pour les habitants/ : /le plus proche que nous connaissons/);
  if (distance.includes("dans votre commune")) {
    // Nothing is measured between two points of a commune of which one may be its centre.
    assert.ok(place.within.length > 0 && (place.distance_m < 1000 || place.distance_is_approximate), distance);
  } else {
    // In a list of places it is said once, of the first, what is measured.
    if (!isListed) assert.ok(distance.includes(`à vol d’oiseau (depuis ${commune})`), `« ${distance} » names ${commune}`);
    const off = Math.abs(saidDistance(distance) - place.distance_m);
    assert.ok(off < 1000, `« ${distance} » for ${place.distance_m} m`);
  }

  const { Adresse: address, Courriel: email } = shown.details;
  for (const part of [...place.address.lines, place.address.postcode]) {
    assert.ok(address.text.includes(part), `${part} in « ${address.text} »`);
  }
  const phones = place.phones.map(callable);
  assert.deepEqual(hrefs.slice(0, phones.length), phones, `who answers at ${shown.name}`);
  assert.match(hrefs[phones.length], /^https:\/\/www\.openstreetmap\.org\//);
  const site = shown.details["Site internet"]?.links.map(({ href }) => href) ?? [];
  assert.deepEqual([...hrefs.slice(phones.length + 1), ...site], [place.website].filter(Boolean), `the site of ${shown.name}, once`);
  assert.deepEqual(email?.links.map(({ href }) => href) ?? [], place.emails.map((mail) => `mailto:${mail}`));
  assert.ok(shown.details.Horaires?.text ?? shown.unknown, "hours, or a sentence that says they are unknown");
  const latest = [place.checked_on, place.as_of].filter(Boolean).sort().at(-1);
  if (latest) {
    assert.match(shown.freshness, DAY);
    assert.ok(shown.freshness.includes(latest.slice(0, 4)), shown.freshness);
    assert.equal(shown.freshness.includes("À confirmer par téléphone"), place.to_confirm, shown.freshness);
  } else {
    assert.match(shown.freshness, /Date de vérification inconnue/);
  }
}

/** A whole result against the recommendation that the same engine gives elsewhere. */
export function checkResult(shown, wanted, commune) {
  assert.equal(shown.notice, null);
  checkCard(shown.main, wanted.main, commune);
  assert.equal(shown.reception === null, wanted.reception === null, "a place to be received");
  if (wanted.reception) checkCard(shown.reception, wanted.reception, commune);
  assert.equal(shown.complements.length, wanted.complements.length);
  shown.complements.forEach((card, index) => checkCard(card, wanted.complements[index], commune, true));
  // What the main card is about is not said twice.
  const said = wanted.main.kind === "network" ? wanted.main.network.website : null;
  assert.deepEqual(
    shown.remote.map(({ name }) => name),
    wanted.remote_services.filter(({ website }) => website !== said).map(({ name }) => name),
  );
  assert.notEqual(shown.remote.length, 0, "a remote service for everybody");
  for (const { name, links } of shown.remote) {
    assert.notEqual(links.length, 0, `a way to reach ${name}`);
    links.forEach(leavesPolitely);
  }
  const all = [wanted.main, wanted.reception, ...wanted.complements].filter(Boolean);
  assert.ok(all.some(({ levels }) => levels.includes("one")) || wanted.remote_services.length > 0, "level One");
}
