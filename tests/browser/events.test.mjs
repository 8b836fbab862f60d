// What the host page hears, a test for each row of docs/element.md.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, until } from "./lib/events.mjs";
import { face, once, rows } from "./lib/face.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open, paste } from "./lib/session.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];

/** Everything that a host hears of a visit, whose element is inside the shadow root of a component of its own. */
async function visited(t) {
  const visit = await open(t, "tests-bare.html", { before: hear });
  await visit.page.evaluate(() => {
    document.querySelector("main").appendChild(document.createElement("div")).attachShadow({ mode: "open" });
    // Links would leave for the telephone.
    document.addEventListener("click", (event) => event.composedPath()[0].closest?.("a") && event.preventDefault());
  });
  await paste(visit.page, "main > div");
  await visit.follow(ROMANS);
  // At once: the result is drawn again when the commune's name comes.
  await visit.arrived();
  await visit.main.evaluate((card) => card.querySelectorAll("details").forEach((details) => (details.open = true)));
  for (const kind of ["phone", "email", "itinerary", "website", "report"]) {
    const link = visit.main.locator(`[data-contact=${kind}]`).first();
    if ((await link.count()) > 0) await link.click();
  }
  return heard(visit.page);
}

/** The words of a row's `detail`, before what it says of them. */
const details = (name) => {
  const { detail } = face.event.find((row) => row.name === name);
  return [...detail.replace(/:.*/, "").matchAll(/`([^`]+)`/g)].map(([, word]) => word).sort();
};

rows("event", (suite) => {
  const all = once(() => visited(suite));
  const named = async (name) => {
    const found = (await all()).filter((event) => `spro-guide:${event.name}` === name);
    for (const { bubbles, composed, target, detail } of found) {
      assert.deepEqual({ bubbles, composed }, { bubbles: true, composed: true });
      assert.equal(target, "div", "seen from outside, it comes from the host's component");
      assert.deepEqual(Object.keys(detail).sort(), details(name));
    }
    return found.map(({ detail }) => detail);
  };
  return {
    "spro-guide:ready": async (_, { name }) => assert.equal((await named(name)).length, 1),
    "spro-guide:step": async (_, { name }) => {
      const steps = await named(name);
      assert.deepEqual(steps.map(({ question }) => question), [...Object.keys(ROMANS.answers), "commune"]);
      assert.deepEqual(steps.map(({ number }) => number), steps.map((_step, index) => index + 1));
    },
    "spro-guide:result": async (_, { name }) => assert.deepEqual(await named(name), [{ kind: "place" }], "said once"),
    "spro-guide:contact": async (_, { name }) => {
      const kinds = new Set((await named(name)).map(({ kind }) => kind));
      assert.ok(kinds.size >= 3, [...kinds]);
    },
    "spro-guide:error": async (t, { name }) => {
      assert.deepEqual(await named(name), [], "not in a visit that goes well");
      const visit = await open(t, "tests-bare.html", {
        expects: [/Failed to load resource/, /spro-guide: /],
        before: async (page) => {
          await hear(page);
          await onWorker(page, /^\/v1\//, (route) => route.abort());
        },
      });
      await paste(visit.page, "main", { frame: "none" });
      await until(visit.page, "error");
      const [{ detail, ...event }, ...more] = await heard(visit.page);
      assert.deepEqual(event, { name: "error", bubbles: true, composed: true, target: "spro-guide" });
      assert.deepEqual(Object.keys(detail), details(name));
      assert.match(detail.code, /^[a-z]+(-[a-z]+)*$/);
      assert.deepEqual(more, []);
    },
  };
});

test("no event says what a visitor answered, nor where they were sent", async (t) => {
  const said = JSON.stringify((await visited(t)).map(({ detail }) => detail));
  for (const secret of [...Object.values(ROMANS.answers), ROMANS.code, ROMANS.commune, "Drôme", "26"]) {
    // `kind` and question ids are the element's own words.
    assert.ok(!said.includes(`"${secret}"`), `${secret} in ${said}`);
  }
});
