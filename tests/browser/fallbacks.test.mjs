// Whatever is missing, the visitor keeps a way forward: the guide, a clear sentence with
// something to press, or the link that was inside the tag.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, until } from "./lib/events.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { worker } from "./lib/server.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const PRIVAS = people["an employee of the private sector in Privas"];

/** The link that the host wrote inside the tag is there to be pressed. */
async function linkIsThere(visit) {
  const link = visit.page.getByRole("link", { name: "Trouver le lieu qui peut m'aider à m'orienter" }).first();
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), `${worker}/`);
  assert.equal(await visit.heading.count(), 0);
}

/** Our own lines in the console: one a failure, in words. */
const ours = (visit) => visit.complaints.filter((text) => text.includes("spro-guide:"));

/** How many bytes of a piece are spoilt, one after the other. */
const SPOTS = 5;

const BROWSERS = [/Failed to load resource/, /was preloaded using link preload/, /Content.Security.Policy/i, /WebAssembly/];
const EXPECTED = [...BROWSERS, /^spro-guide: the link inside the element is shown instead/];

test("without JavaScript there is the link", async (t) => {
  const visit = await open(t, "index.html", { javaScriptEnabled: false });
  const link = visit.page.getByRole("link", { name: "Trouver le lieu qui peut m'aider à m'orienter" });
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), `${worker}/`);
});

test("without our script there is the link", async (t) => {
  const visit = await open(t, "tests-plain.html", {
    expects: BROWSERS,
    before: (page) => onWorker(page, /spro-guide\.js$/, (route) => route.fulfill({ status: 404, body: "" })),
  });
  await linkIsThere(visit);
});

/** What breaks before there is a question, and how. */
const BROKEN = {
  "the element's script is missing": [/element\.js$/, (route) => route.fulfill({ status: 404, body: "" })],
  "the module is missing": [/element_bg\.wasm$/, (route) => route.fulfill({ status: 404, body: "" })],
  "the module is cut in half": [/element_bg\.wasm$/, half],
  "the module is a page of a captive portal": [/element_bg\.wasm$/, portal],
  "the network is gone before the guide": [/guide\.bin$/, (route) => route.abort("internetdisconnected")],
  "the guide is refused": [/guide\.bin$/, (route) => route.fulfill({ status: 503, body: "{}" })],
  "the guide is cut in half": [/guide\.bin$/, half],
  "the guide is empty": [/guide\.bin$/, (route) => route.fulfill({ status: 200, body: "" })],
  "the guide is a page of a captive portal": [/guide\.bin$/, portal],
};

async function half(route) {
  const response = await route.fetch();
  const body = await response.body();
  await route.fulfill({ response, headers: plain(response), body: body.subarray(0, Math.floor(body.length / 2)) });
}

/** The headers that still hold once a body is decoded. */
function plain(response) {
  const { "content-encoding": _, "content-length": __, ...headers } = response.headers();
  return headers;
}

function portal(route) {
  return route.fulfill({
    status: 200,
    contentType: "text/html",
    headers: { "Access-Control-Allow-Origin": "*" },
    body: "<!doctype html><title>Bienvenue sur le wifi</title>",
  });
}

for (const [what, [pattern, handle]] of Object.entries(BROKEN)) {
  test(`${what}: the link, and one line in the console`, async (t) => {
    const visit = await open(t, "tests-plain.html", {
      expects: EXPECTED,
      before: async (page) => {
        await hear(page);
        await onWorker(page, pattern, handle);
      },
    });
    await visit.page.waitForEvent("console", { predicate: (message) => message.text().includes("spro-guide:") }).catch(() => {});
    await linkIsThere(visit);
    assert.equal(ours(visit).length, 1, ours(visit).join("\n"));
    const errors = (await heard(visit.page)).filter(({ name }) => name === "error");
    // A script that never came cannot dispatch anything.
    if (!/script/.test(what)) assert.equal(errors.length, 1);
  });
}

test("what failed once is asked for again by the next element", async (t) => {
  let broken = true;
  const visit = await open(t, "tests-plain.html", {
    expects: EXPECTED,
    before: async (page) => {
      await hear(page);
      await onWorker(page, /guide\.bin$/, (route) => (broken ? route.abort() : route.continue()));
    },
  });
  await until(visit.page, "error");
  broken = false;
  await visit.page.evaluate(() => {
    const element = document.querySelector("spro-guide");
    element.remove();
    document.querySelector("main").append(element);
  });
  await visit.asked("goal");
});

for (const [what, page] of Object.entries({
  "our script": "tests-csp-script.html",
  "our data": "tests-csp-connect.html",
  WebAssembly: "tests-csp-wasm.html",
})) {
  test(`a policy of the host that forbids ${what}: the link`, async (t) => {
    const visit = await open(t, page, { expects: EXPECTED });
    await linkIsThere(visit);
    if (what !== "our script") {
      await visit.page.waitForFunction(() => document.querySelector("spro-guide").shadowRoot?.querySelector("slot"));
      assert.ok(ours(visit).length <= 1, ours(visit).join("\n"));
    }
    await linkIsThere(visit);
  });
}

test("the strictest policy that allows us: a whole visit, without a violation", async (t) => {
  const visit = await open(t, "tests-csp-strict.html", {
    before: (page) =>
      page.addInitScript(() => {
        window.violations = [];
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          window.violations.push(`${violatedDirective} ${blockedURI}`),
        );
      }),
  });
  await visit.follow(ROMANS);
  assert.deepEqual(await visit.page.evaluate(() => window.violations), []);
  const background = await visit.button("Recommencer").evaluate((button) => getComputedStyle(button).fontWeight);
  assert.equal(background, "600", "the element has its style");
});

test("a department that does not come: remote services, and another try", async (t) => {
  let broken = true;
  const visit = await open(t, "tests-plain.html", {
    expects: BROWSERS,
    before: (page) => onWorker(page, /department\.26\.bin$/, (route) => (broken ? route.abort() : route.continue())),
  });
  await visit.answerAll(ROMANS.answers);
  await visit.commune(ROMANS.typed, ROMANS.commune);
  await visit.main.waitFor();
  const shown = await visit.read();
  assert.match(shown.notice, /connexion/);
  assert.ok(shown.main.name, "somewhere to turn to");
  assert.notEqual(shown.remote.length, 0);
  assert.equal((await visit.focused()).tag, "h2", "the focus is where the screen begins");
  await visit.button("Essayer encore").click();
  await visit.result.filter({ hasText: /connexion/ }).waitFor();
  broken = false;
  await visit.button("Essayer encore").click();
  await visit.main.filter({ hasText: "Mission locale" }).waitFor();
  await visit.arrived();
  assert.equal((await visit.read()).notice, null);
  assert.notEqual(await visit.focused(), null, "the focus is not lost when the button goes");
});

test("a department that is nonsense is as good as none", async (t) => {
  for (const [what, handle] of Object.entries({ half, portal })) {
    const visit = await open(t, "tests-plain.html", {
      before: (page) => onWorker(page, /department\.26\.bin$/, handle),
    });
    await visit.answerAll(ROMANS.answers);
    await visit.commune(ROMANS.typed, ROMANS.commune);
    await visit.main.waitFor();
    assert.match((await visit.read()).notice, /connexion/, what);
    await visit.button("Essayer encore").waitFor();
  }
});

// A byte here and there is wrong, as on a bad disk or a bad line that no checksum guards.
test("damaged bytes never stop an element without a word", async (t) => {
  const visit = await open(t, "tests-plain.html", { expects: EXPECTED, before: hear });
  await visit.asked("goal");
  const [guide, piece] = await visit.page.evaluate(
    async (origin) => {
      const bytes = async (path) => [...new Uint8Array(await (await fetch(origin + path)).arrayBuffer())];
      const guide = await bytes("/v1/guide.bin?lang=fr");
      const id = String.fromCharCode(...guide.slice(0, 32));
      return [guide, await bytes(`/v1/${id}/department.26.bin`)];
    },
    worker,
  );
  const outcomes = { noticed: 0, "went on": 0 };
  for (const [pattern, whole] of [[/guide\.bin$/, guide], [/department\.26\.bin$/, piece]]) {
    for (let at = 40; at < whole.length; at += Math.ceil(whole.length / SPOTS)) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0xff;
      const damaged = await open(t, "tests-plain.html", {
        expects: EXPECTED,
        before: async (page) => {
          await hear(page);
          await onWorker(page, pattern, (route) =>
            route.fulfill({ status: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: bytes }),
          );
        },
      });
      // Either it is noticed, or it is a visit like another, with a wrong letter somewhere.
      await damaged.page.waitForFunction(() => window.heard.length > 0);
      const names = (await heard(damaged.page)).map(({ name }) => name);
      if (names.includes("error")) {
        outcomes.noticed += 1;
        await linkIsThere(damaged);
      } else if (pattern.test("guide.bin")) {
        outcomes["went on"] += 1;
        await damaged.heading.waitFor();
      } else {
        await damaged.answerAll(PRIVAS.answers);
        await damaged.commune(ROMANS.typed, ROMANS.commune);
        await damaged.main.waitFor();
        outcomes[(await damaged.read()).notice ? "noticed" : "went on"] += 1;
      }
      await damaged.page.context().close();
    }
  }
  t.diagnostic(`${JSON.stringify(outcomes)} of ${2 * SPOTS} wrong bytes`);
});

test("a trap in the module: the link everywhere, the error said, and the page lives on", async (t) => {
  const visit = await open(t, "tests-two.html", {
    expects: [...EXPECTED, /unreachable|RuntimeError|memory access/],
    before: async (page) => {
      await hear(page);
      // The module's memory, as the module makes it, is kept for the test to spoil.
      await page.addInitScript(() => {
        const keep = (result) => {
          const { exports } = result.instance ?? result;
          window.spoil = () => new Uint8Array(exports.memory.buffer).fill(0xff);
          return result;
        };
        for (const name of ["instantiate", "instantiateStreaming"]) {
          const usual = WebAssembly[name].bind(WebAssembly);
          WebAssembly[name] = (...what) => usual(...what).then(keep);
        }
      });
    },
  });
  await visit.answer("goal", "train");
  await visit.asked("for-whom");
  await visit.page.evaluate(() => window.spoil());
  await visit.choice("me").check();
  await visit.goOn();
  await until(visit.page, "error");
  const errors = (await heard(visit.page)).filter(({ name }) => name === "error");
  assert.deepEqual(
    errors.map(({ detail }) => detail),
    [{ code: "stopped" }, { code: "stopped" }],
  );
  const links = visit.page.getByRole("link", { name: "Trouver le lieu qui peut m'aider à m'orienter" });
  await links.nth(1).waitFor();
  assert.equal(await links.count(), 2);
  // Taking the dead away troubles nobody.
  await visit.page.evaluate(() => document.querySelector("spro-guide").remove());
  assert.equal(await links.count(), 1);
});
