// A result on a phone: who, where, when and the links that call or lead there in one screen, the
// whole in three; and beside each other where there is room. In the element and in the pages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lib/pages.mjs";
import { people } from "./lib/people.mjs";
import { guide, recommendation, worker } from "./lib/server.mjs";
import { open } from "./lib/session.mjs";

const PHONE = { viewport: { width: 320, height: 640 } };
const SCREENS = 3;
/** A finger. */
const THUMB = 44;

const SOME = {
  ...people,
  "a disabled job seeker in Chambéry": {
    answers: {
      goal: "job",
      "for-whom": "me",
      situation: "job-seeker",
      age: "30-plus",
      rsa: "no",
      diploma: "up-to-bac",
      executive: "no",
      followed: "no",
      disability: "yes",
    },
    typed: "chambéry",
    commune: "Chambéry",
    code: "73065",
  },
  "a retired person in Moulins": {
    answers: { goal: "review", "for-whom": "me", situation: "retired" },
    typed: "moulins",
    commune: "Moulins",
    code: "03190",
  },
};

/** With the questions that somebody is asked, in the order of the guide. */
async function asked(person) {
  const { answers } = await recommendation(person.answers, person.code);
  const wanted = (await guide()).questions.map(({ id }) => id).filter((id) => id in answers && id in person.answers);
  return { ...person, answers: Object.fromEntries(wanted.map((id) => [id, person.answers[id]])) };
}

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
    first: first.map((node) => ({ what: node.className || node.localName, end: end(node) })),
    links: said(":scope > .ways > a").map((link) => ({
      kind: link.dataset.contact,
      href: link.getAttribute("href"),
      height: link.getBoundingClientRect().height,
    })),
    reason: end(main.querySelector(".why > .reason")),
    services: [...root.querySelectorAll(".result .remote")].map((list) => list.closest("details")?.open),
    twice: sentences.filter((text, index) => sentences.indexOf(text) !== index),
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
  const phones = place ? place.phones : [network.phone].filter(Boolean);
  const kinds = [...phones.map(() => "phone"), ...(place ? ["itinerary"] : []), ...(place && phones.length ? [] : ["website"])];
  const has = place?.website ?? network?.website;
  assert.deepEqual(found.links.map(({ kind }) => kind), kinds.filter((kind) => kind !== "website" || has));
  assert.ok(found.links.length > 0);
  for (const { kind, href, height } of found.links) {
    assert.match(href, kind === "phone" ? /^tel:[+\d]+$/ : /^https:/);
    assert.ok(height >= THUMB, `${kind}: ${height} px`);
  }
  const said = found.first.map(({ what }) => what);
  assert.equal(said.includes("where"), Boolean(place), "how far, where there is a place");
  if (place) assert.ok(said.some((what) => /now|unknown|hint/.test(what)) || place.hours_note, `when: ${said}`);
  assert.ok(found.reason > last, "then why");
  assert.deepEqual(found.services, [false], "services at a distance: once, and folded");
  assert.deepEqual(found.twice, [], "no sentence twice");
}

for (const [who, person] of Object.entries(SOME)) {
  test(`${who} sees where to go and how on the first screen of a phone`, async (t) => {
    const one = await asked(person);
    const wanted = await recommendation(one.answers, one.code);
    const visit = await open(t, "tests-plain.html", PHONE);
    await visit.follow(one);
    const found = await visit.page.evaluate(`(${measured})(document.querySelector("spro-guide").shadowRoot)`);
    check(found, wanted, t, `${who}, element`);
    assert.equal(found.beside, false);
    // The focus is on the heading: what calls or leads there is next.
    await visit.page.keyboard.press("Tab");
    const next = await visit.element.evaluate(({ shadowRoot }) => shadowRoot.activeElement.getAttribute("href"));
    assert.equal(next, found.links[0].href);

    const { page } = await open(t, `${worker}/`, { ...PHONE, javaScriptEnabled: false });
    await until(page, one);
    check(await page.evaluate(`(${measured})(document)`), wanted, t, `${who}, page`);
  });
}

test("where there is room, what may also help is beside the place", async (t) => {
  const one = SOME["an executive in Annecy"];
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
