// The element's public face: one test per attribute and per event.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, until } from "./lib/events.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open } from "./lib/session.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const ANNECY = people["an executive in Annecy"];
const RETIRED = { goal: "review", "for-whom": "me", situation: "retired" };

const set = (visit, name, value) =>
  visit.element.evaluate(
    (element, [attribute, text]) => (text === null ? element.removeAttribute(attribute) : element.setAttribute(attribute, text)),
    [name, value],
  );

test("commune: answers its question, and can still be changed", async (t) => {
  const visit = await open(t);
  await visit.asked("goal");
  await set(visit, "commune", "26281");
  await visit.answerAll(RETIRED);
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Romans-sur-Isère"));
  await visit.back();
  await visit.asked("commune");
  assert.equal(await visit.input.inputValue(), "Romans-sur-Isère");
  await visit.commune("privas", "Privas");
  await visit.arrived();
  // The visitor's answer is stronger than what the host says later.
  await set(visit, "commune", "74010");
  assert.ok((await visit.read()).answers.includes("Privas"));
});

test("commune: one of elsewhere is told, with a way forward", async (t) => {
  const visit = await open(t);
  await visit.asked("goal");
  await set(visit, "commune", "13055");
  await visit.answerAll(RETIRED);
  await visit.main.waitFor();
  const shown = await visit.read();
  assert.match(shown.notice, /n’est pas dans la région/);
  assert.notEqual(shown.remote.length, 0);
});

test("territory: its communes come first", async (t) => {
  const visit = await open(t, "tests-two.html");
  const first = async (which) => {
    await which.toCommune();
    const [[name, place]] = await which.type("beaumont");
    return `${name}, ${place}`;
  };
  assert.equal(await first(visit.another(1)), "Beaumont, Ardèche, 07110");
  assert.notEqual(await first(visit), "Beaumont, Ardèche, 07110");
  await set(visit, "territory", "07");
  await visit.input.fill("");
  const [[, place]] = await visit.type("beaumont");
  assert.match(place, /^Ardèche/);
});

test("network: comes first among what may also help", async (t) => {
  const order = async (network) => {
    const visit = await open(t);
    await visit.asked("goal");
    if (network) await set(visit, "network", network);
    await visit.follow(ROMANS);
    return (await visit.read()).complements.map(({ name }) => name);
  };
  const usual = await order(null);
  assert.equal(usual.length, 2, usual);
  for (const network of ["cio", "info-jeunes"]) {
    const asked = await order(network);
    assert.deepEqual([...asked].sort(), [...usual].sort(), "the same places");
    assert.match(asked[0], network === "cio" ? /CIO/ : /information jeunesse/, network);
  }
});

test("level: a host that is about first reception gets the place that receives", async (t) => {
  const visit = await open(t);
  await visit.follow(ANNECY);
  const usual = await visit.read();
  assert.equal(usual.reception.name, "CIO d’Annecy");
  await set(visit, "level", "1");
  await visit.main.filter({ hasText: "CIO d’Annecy" }).waitFor();
  const asked = await visit.read();
  assert.equal(asked.main.name, usual.reception.name);
  assert.ok(asked.complements.some(({ name }) => name === usual.main.name), "nothing is lost");
  assert.equal(asked.heading, "Le lieu où aller d’abord");
});

/** Waits until the guide is light or dark. */
async function is(visit, expected) {
  const guide = await visit.element.locator(".guide").elementHandle();
  await visit.page.waitForFunction(
    ([node, wanted]) => {
      const [red] = getComputedStyle(node).backgroundColor.match(/\d+/g).map(Number);
      return (red < 128 ? "dark" : "light") === wanted;
    },
    [guide, expected],
  );
}

test("theme: without one, the guide is light or dark as the host's page is", async (t) => {
  for (const [page, colorScheme, expected] of [
    ["tests-dark.html", "dark", "dark"],
    ["tests-dark.html", "light", "light"],
    // A page that knows no dark theme stays light, whatever the visitor's system.
    ["tests-plain.html", "dark", "light"],
  ]) {
    const visit = await open(t, page, { colorScheme });
    await visit.asked("goal");
    await is(visit, expected);
  }
});

test("theme: light and dark win over the host's page, nonsense does not", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const visit = await open(t, "tests-dark.html", { colorScheme });
    await visit.asked("goal");
    for (const theme of ["light", "dark"]) {
      await set(visit, "theme", theme);
      await is(visit, theme);
    }
    await set(visit, "theme", colorScheme === "dark" ? "light" : "dark");
    await set(visit, "theme", "sombre");
    await is(visit, colorScheme);
  }
});

test("lang: one that is not spoken yet is French, and the visit goes on", async (t) => {
  const visit = await open(t);
  await visit.answer("goal", "train");
  await visit.asked("for-whom");
  for (const lang of ["xx", "en-GB", "", "fr-CA", "123456789"]) {
    await set(visit, "lang", lang);
    await visit.asked("for-whom");
  }
  assert.equal(await visit.element.locator(".guide").getAttribute("lang"), "fr");
  await visit.back();
  assert.equal(await visit.choice("train").isChecked(), true);
});

test("an attribute of nonsense is as good as none", async (t) => {
  const visit = await open(t);
  await visit.asked("goal");
  for (const name of ["commune", "territory", "network", "level", "theme"]) {
    for (const value of ["", " ", "\"'><script>", "é".repeat(5000), "null"]) await set(visit, name, value);
  }
  await visit.follow(ROMANS);
});

test("attributes written again and again do not draw the screen again", async (t) => {
  const visit = await open(t);
  await visit.asked("goal");
  await visit.choice("train").check();
  for (const theme of ["dark", "light", "dark"]) await set(visit, "theme", theme);
  await set(visit, "territory", "26");
  assert.equal(await visit.choice("train").isChecked(), true, "a choice not yet confirmed stays");
});

const DETAILS = { ready: [], step: ["question", "number"], result: ["kind"], contact: ["kind"], error: ["code"] };

test("events: all of a visit bubble out of any shadow root, and say nothing of the visitor", async (t) => {
  const visit = await open(t, "tests-bare.html", { before: hear });
  await visit.page.evaluate((origin) => {
    // Inside the shadow root of a host's own component.
    const component = document.querySelector("main").appendChild(document.createElement("div"));
    component.attachShadow({ mode: "open" }).append(document.createElement("spro-guide"));
    const script = document.createElement("script");
    Object.assign(script, { type: "module", src: `${origin}/spro-guide.js` });
    document.head.append(script);
    // Links would leave for the telephone.
    document.addEventListener("click", (event) => event.composedPath()[0].closest?.("a") && event.preventDefault());
  }, process.env.SPRO_WORKER);
  await visit.follow(ROMANS);
  for (const kind of ["phone", "email", "itinerary", "website", "report"]) {
    const link = visit.main.locator(`[data-contact=${kind}]`).first();
    if ((await link.count()) > 0) await link.click();
  }
  const all = await heard(visit.page);
  for (const { name, bubbles, composed, target, detail } of all) {
    assert.deepEqual({ bubbles, composed }, { bubbles: true, composed: true }, name);
    assert.equal(target, "div", "seen from outside, it comes from the host's component");
    assert.deepEqual(Object.keys(detail).sort(), [...DETAILS[name]].sort(), name);
  }
  const said = JSON.stringify(all.map(({ detail }) => detail));
  for (const secret of [...Object.values(ROMANS.answers), ROMANS.code, ROMANS.commune, "Drôme", "26"]) {
    // `kind` and question ids are the element's own words.
    assert.ok(!said.includes(`"${secret}"`), `${secret} in ${said}`);
  }
  const names = all.map(({ name }) => name);
  const questions = all.filter(({ name }) => name === "step").map(({ detail }) => detail.question);
  assert.deepEqual(questions, [...Object.keys(ROMANS.answers), "commune"]);
  assert.equal(names.filter((name) => name === "ready").length, 1);
  assert.deepEqual(
    all.filter(({ name }) => name === "result").map(({ detail }) => detail.kind),
    ["place"],
    "one result, said once",
  );
  assert.ok(names.filter((name) => name === "contact").length >= 3);
});

test("events: the element says it when it cannot start", async (t) => {
  const visit = await open(t, "tests-plain.html", {
    expects: [/Failed to load resource/, /spro-guide: /],
    before: async (page) => {
      await hear(page);
      await onWorker(page, /\/v1\/guide\.bin$/, (route) => route.abort());
    },
  });
  await until(visit.page, "error");
  const all = await heard(visit.page);
  assert.deepEqual(all, [
    { name: "error", bubbles: true, composed: true, target: "spro-guide", detail: { code: "unavailable" } },
  ]);
});
