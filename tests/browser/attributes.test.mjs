// The element's attributes, a test for each row of docs/element.md.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rows } from "./lib/face.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open, paste } from "./lib/session.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const ANNECY = people["an executive in Annecy"];
const RETIRED = { situation: "retired", goal: "review" };

const set = (visit, name, value) =>
  visit.element.evaluate(
    (element, [attribute, text]) => (text === null ? element.removeAttribute(attribute) : element.setAttribute(attribute, text)),
    [name, value],
  );

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

/** What the frame of the guide is dressed in. */
const dressed = (visit, name) => visit.guide.evaluate((guide, key) => guide.dataset[key] ?? null, name);

/** A page of ours for the frame, which says how high it is and nothing else. */
const PAGE = `<!doctype html><script>parent.postMessage({ "spro-guide": "height", height: 321 }, "*")</script>`;

/** An element that stands on this rung; `broken` is what of the API does not answer. */
async function standing(t, rung, frame, broken = /^$/) {
  const asked = [];
  const visit = await open(t, "tests-bare.html", {
    expects: [/Failed to load resource/, /^spro-guide: (frame|link)/],
    before: async (page) => {
      await onWorker(page, /^\/$/, (route) => route.fulfill({ contentType: "text/html", body: PAGE }));
      await onWorker(page, broken, (route) => route.abort());
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    },
  });
  await paste(visit.page, "main", frame ? { frame } : {});
  await visit.page.locator(`spro-guide[data-rung="${rung}"]`).waitFor({ state: "attached" });
  return { visit, asked, why: await visit.element.getAttribute("data-rung-why") };
}

rows("attribute", () => ({
  lang: {
    "one that is not spoken is French, and the visit goes on": async (t) => {
      const visit = await open(t);
      await visit.answer("situation", "retired");
      await visit.asked("goal");
      for (const lang of ["xx", "de-AT", "", "fr-CA", "123456789"]) {
        await set(visit, "lang", lang);
        await visit.asked("goal");
      }
      assert.equal(await visit.element.locator(".guide").getAttribute("lang"), "fr");
      await visit.back();
      assert.equal(await visit.chosen(), "retired");
    },
  },
  commune: {
    "answers its question, and can still be changed": async (t) => {
      const visit = await open(t);
      await visit.asked("situation");
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
    },
    "one of elsewhere is told, with a way forward": async (t) => {
      const visit = await open(t);
      await visit.asked("situation");
      await set(visit, "commune", "13055");
      await visit.answerAll(RETIRED);
      await visit.main.waitFor();
      const shown = await visit.read();
      assert.match(shown.notice, /autre région : Provence-Alpes-Côte d’Azur/);
      assert.notEqual(shown.remote.length, 0);
    },
  },
  territory: async (t) => {
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
  },
  network: async (t) => {
    const order = async (network) => {
      const visit = await open(t);
      await visit.asked("situation");
      if (network) await set(visit, "network", network);
      await visit.follow(ROMANS);
      return (await visit.read()).complements.map(({ name }) => name);
    };
    const usual = await order(null);
    // The site of Info Jeunes, of which more are known to be in the department, comes before its far place.
    assert.equal(usual.length, 3, usual);
    for (const network of ["cio", "info-jeunes"]) {
      const asked = await order(network);
      assert.deepEqual([...asked].sort(), [...usual].sort(), "the same places");
      assert.match(asked[0], network === "cio" ? /CIO/ : /Info Jeunes/, network);
    }
  },
  level: async (t) => {
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
  },
  theme: {
    "without one, the guide is light or dark as the host's page is": async (t) => {
      for (const [page, colorScheme, expected] of [
        ["tests-dark.html", "dark", "dark"],
        ["tests-dark.html", "light", "light"],
        // A page that knows no dark theme stays light, whatever the visitor's system.
        ["tests-plain.html", "dark", "light"],
      ]) {
        const visit = await open(t, page, { colorScheme });
        await visit.asked("situation");
        await is(visit, expected);
      }
    },
    "light and dark win over the host's page, nonsense does not": async (t) => {
      for (const colorScheme of ["light", "dark"]) {
        const visit = await open(t, "tests-dark.html", { colorScheme });
        await visit.asked("situation");
        for (const theme of ["light", "dark"]) {
          await set(visit, "theme", theme);
          await is(visit, theme);
        }
        await set(visit, "theme", colorScheme === "dark" ? "light" : "dark");
        await set(visit, "theme", "sombre");
        await is(visit, colorScheme);
      }
    },
  },
  look: async (t) => {
    const visit = await open(t, "tests-plain.html", { reducedMotion: "reduce" });
    await visit.asked("situation");
    const button = () =>
      visit.choice("retired").evaluate((node) => {
        const { borderTopColor, borderRadius } = getComputedStyle(node);
        return `${borderTopColor} ${borderRadius}`;
      });
    const usual = await button();
    await set(visit, "look", "dsfr");
    assert.equal(await dressed(visit, "look"), "dsfr");
    assert.equal(await button(), "rgb(102, 102, 102) 0px");
    for (const other of ["DSFR ", "material", null]) {
      await set(visit, "look", other);
      assert.equal(await dressed(visit, "look"), null, `${other}`);
    }
    assert.equal(await button(), usual);
  },
  layout: async (t) => {
    const visit = await open(t, "tests-plain.html", { viewport: { width: 256, height: 800 } });
    await visit.asked("situation");
    const height = () => visit.guide.evaluate((guide) => guide.getBoundingClientRect().height);
    const usual = await height();
    await set(visit, "layout", "compact");
    assert.equal(await dressed(visit, "layout"), "compact");
    assert.ok((await height()) < usual * 0.9, `${await height()} px instead of ${usual}`);
    await set(visit, "layout", "tiny");
    assert.equal(await dressed(visit, "layout"), null);
    assert.equal(await height(), usual);
  },
  frame: {
    "none: never the framed page": async (t) => {
      const { visit, asked } = await standing(t, "link", "none", /^\/v1\//);
      assert.ok(!asked.includes("/"), `${asked}`);
      assert.equal(await visit.element.locator("iframe").count(), 0);
    },
    "first: the framed page, and nothing of the element": async (t) => {
      const { visit, asked } = await standing(t, "frame", "first");
      assert.equal(await visit.element.locator("iframe").evaluate((node) => node.clientHeight), 321);
      assert.deepEqual(asked.filter((path) => /element|first\.json/.test(path)), []);
    },
    "without it, the framed page comes where the element cannot": async (t) => {
      await standing(t, "frame", undefined, /^\/v1\//);
    },
  },
  "data-rung": async (t) => {
    for (const [rung, ...how] of [["element"], ["frame", "first"], ["link", "none", /^\/v1\//]]) {
      const { visit } = await standing(t, rung, ...how);
      assert.equal(await visit.element.evaluate((element) => element.rung), rung);
    }
  },
  "data-rung-why": async (t) => {
    assert.equal((await standing(t, "element")).why, null);
    assert.equal((await standing(t, "link", "none", /^\/v1\//)).why, "data-failed, frame-off");
    assert.equal((await standing(t, "frame", undefined, /^\/v1\//)).why, "data-failed");
  },
}));

test("an attribute of nonsense is as good as none", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  for (const name of ["commune", "territory", "network", "level", "theme"]) {
    for (const value of ["", " ", "\"'><script>", "é".repeat(5000), "null"]) await set(visit, name, value);
  }
  await visit.follow(ROMANS);
});

test("attributes written again and again do not draw the screen again", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.choice("review").evaluate((node) => (node.isTheSame = true));
  for (const theme of ["dark", "light", "dark"]) await set(visit, "theme", theme);
  await set(visit, "territory", "26");
  assert.ok(await visit.choice("review").evaluate((node) => node.isTheSame), "no node under a finger goes");
});
