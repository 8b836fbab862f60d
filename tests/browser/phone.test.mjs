// A result on a phone: who, where, when and the links that call or lead there in one screen, the
// whole in three; and beside each other where there is room. In the element and in the pages.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { until } from "./lib/pages.mjs";
import { checkResult } from "./lib/promises.mjs";
import { recommendation, worker } from "./lib/server.mjs";
import { open } from "./lib/session.mjs";
import { sixty } from "./lib/sixty.mjs";
import { THOROUGH, sweep } from "./lib/thorough.mjs";

/** A phone of the region: elsewhere the hours say whose they are, in a line more. */
const PHONE = { viewport: { width: 320, height: 640 }, timezoneId: "Europe/Paris" };
const SCREENS = 3;
/** A finger. */
const THUMB = 44;

/** Those of the first review, and with `--thorough` all of them. */
const SOME = sweep(sixty, ({ number }) => number <= 12);
const [EXECUTIVE] = sixty.filter(({ number }) => number === 2);
/** What the first screen and the whole are as high as, written where a picture of them is kept. */
const TABLE = new URL("../../docs/first-screen.md", import.meta.url);
const heights = [];

/** A card as the table of the sixty names it. */
const named = ({ kind, place, network, remote_service: service }) =>
  kind === "place" ? place.id : kind === "network" ? `réseau ${network.id}` : `service ${service.id}`;

/** Where everything is, from the top of the heading; `root` is the element's or the page's. */
function measured(root) {
  const top = root.querySelector("h2.heading").getBoundingClientRect().top;
  const main = root.querySelector(".result article.card");
  const end = (node) => Math.round(node.getBoundingClientRect().bottom - top);
  const said = (selector) => [...main.querySelectorAll(selector)].filter((node) => node.checkVisibility());
  const first = ["h3", ":scope > .where", ":scope > :is(.now, .hint)", ":scope > .ways > a"].flatMap(said);
  const columns = [...root.querySelectorAll(".result > .column")].map((column) => column.getBoundingClientRect());
  const sentences = [...root.querySelectorAll(".result :is(p, li, summary, dd)")]
    .filter((node) => node.checkVisibility({ contentVisibilityAuto: true }) && !node.querySelector("p, li, summary"))
    .map((node) => node.innerText.replace(/\s+/g, " ").trim())
    .filter((text) => text.includes(" ") && text.endsWith("."));
  return {
    name: main.querySelector("h3").innerText.trim(),
    first: first.map((node) => ({ what: node.className || node.localName, end: end(node) })),
    links: said(":scope > .ways > a").map((link) => ({
      kind: link.dataset.contact,
      href: link.getAttribute("href"),
      height: link.getBoundingClientRect().height,
      end: end(link),
      spills: link.getBoundingClientRect().right > main.getBoundingClientRect().right,
    })),
    reason: end(main.querySelector(".why > .reason")),
    services: [...root.querySelectorAll(".result .remote")].map((list) => list.closest("details")?.open),
    twice: sentences.filter((text, index) => sentences.indexOf(text) !== index),
    // How far the words of « Retour » and « Recommencer » are from the middle of their buttons.
    off: [...[...root.querySelectorAll(".actions")].at(-1).children].map((button) => {
      const words = document.createRange();
      words.selectNodeContents(button);
      const middle = ({ top, bottom }) => (top + bottom) / 2;
      return Math.abs(middle(words.getBoundingClientRect()) - middle(button.getBoundingClientRect()));
    }),
    beside: columns[1].left >= columns[0].right || columns[1].right <= columns[0].left,
    end: end(root.querySelector(".guide")),
  };
}

/** What is promised of the first screen, and of the whole. */
function check(found, wanted, t, who) {
  const last = Math.max(...found.first.map(({ end }) => end));
  t.diagnostic(`${who}: ${last} px to the last link, ${found.end} px in all`);
  assert.ok(last <= PHONE.viewport.height, JSON.stringify(found.first));
  assert.ok(found.end <= SCREENS * PHONE.viewport.height, `${found.end} px`);
  const { place, network } = wanted.main;
  // A place has one name; a network's is in the visitor's language.
  if (place) assert.ok(found.name.includes(place.name), found.name);
  const phones = place ? place.phones : [network.phone].filter(Boolean);
  const kinds = [...phones.map(() => "phone"), ...(place ? ["itinerary"] : []), ...(place && phones.length ? [] : ["website"])];
  const has = place?.website ?? network?.website;
  assert.deepEqual(found.links.map(({ kind }) => kind), kinds.filter((kind) => kind !== "website" || has));
  assert.ok(found.links.length > 0);
  for (const { kind, href, height, spills } of found.links) {
    assert.equal(spills, false, `${href} leaves its card`);
    assert.match(href, kind === "phone" ? /^tel:[+\d]+$/ : /^https:/);
    assert.ok(height >= THUMB, `${kind}: ${height} px`);
  }
  const said = found.first.map(({ what }) => what);
  assert.equal(said.includes("where"), Boolean(place), "how far, where there is a place");
  if (place) assert.ok(said.some((what) => /now|unknown|hint/.test(what)) || place.hours_note, `when: ${said}`);
  assert.ok(found.reason > last, "then why");
  assert.deepEqual(found.services, [false], "services at a distance: once, and folded");
  assert.ok(found.off.length > 1, "back and again");
  assert.ok(Math.max(...found.off) <= 0.5, `words off the middle: ${found.off}`);
  assert.deepEqual(found.twice, [], "no sentence twice");
  return last;
}

for (const person of SOME) {
  const { who, number, language } = person;
  test(`${number}, ${who}, sees where to go and how on the first screen of a phone`, async (t) => {
    const wanted = await recommendation(person.answers, person.code);
    assert.deepEqual([wanted.next, wanted.ignored], [null, []], "all that is asked, and nothing else");
    assert.equal(named(wanted.main), person.first);
    assert.equal(wanted.reception ? named(wanted.reception) : "", person.received);

    const visit = await open(t, "tests-plain.html", PHONE);
    await visit.asked("situation");
    if (language !== "fr") await visit.speak(language);
    await visit.follow(person);
    const measure = () => visit.page.evaluate(`(${measured})(document.querySelector("spro-guide").shadowRoot)`);
    const found = await measure();
    const last = check(found, wanted, t, `${who}, element`);
    const phone = found.links.find(({ kind }) => kind === "phone")?.end ?? "–";
    heights.push({ ...person, phone, last, end: found.end });
    assert.equal(found.beside, false);
    // The focus is on the heading: what calls or leads there is next.
    await visit.page.keyboard.press("Tab");
    const next = await visit.element.evaluate(({ shadowRoot }) => shadowRoot.activeElement.getAttribute("href"));
    assert.equal(next, found.links[0].href);
    // The same is there on a tablet and on a desk.
    for (const width of [800, 1280]) {
      await visit.page.setViewportSize({ width, height: 900 });
      assert.deepEqual((await measure()).links.map(({ href }) => href), found.links.map(({ href }) => href));
      if (language === "fr") checkResult(await visit.read(), wanted, person.commune);
    }

    const { page } = await open(t, `${worker}/?lang=${language}`, { ...PHONE, javaScriptEnabled: false });
    await until(page, person);
    check(await page.evaluate(`(${measured})(document)`), wanted, t, `${who}, page`);
  });
}

after(() => {
  if (!THOROUGH || process.env.SPRO_BLESS !== "1") return;
  const line = ({ number, who, language, phone, last, end }) =>
    `| ${number} | ${who} | ${language} | ${phone} | ${last} | ${end} | ${(end / PHONE.viewport.height).toFixed(1)} |`;
  const lines = [
    "# Le premier écran de soixante personnes",
    "",
    "Écrit par `SPRO_BLESS=1 cargo xtask test --thorough phone`, sur un écran de 320 × 640 pixels.",
    "En pixels, du titre au bas : du numéro de téléphone qui s’appelle d’une touche (« – » où il n’y en a pas), du dernier des boutons qui appellent ou mènent au lieu, et du résultat tout entier.",
    "",
    "| n° | personne | langue | téléphone | boutons | tout | écrans |",
    "|---|---|---|---|---|---|---|",
    ...heights.sort((one, other) => one.number - other.number).map(line),
  ];
  writeFileSync(TABLE, `${lines.join("\n")}\n`);
});

test("where there is room, what may also help is beside the place", async (t) => {
  const one = EXECUTIVE;
  for (const [width, beside] of [
    [1280, true],
    [1024, true],
    [800, false],
  ]) {
    const visit = await open(t, "tests-plain.html", { viewport: { width, height: 900 } });
    await visit.follow(one);
    const found = await visit.page.evaluate(`(${measured})(document.querySelector("spro-guide").shadowRoot)`);
    assert.equal(found.beside, beside, `${width} px`);
  }
});
