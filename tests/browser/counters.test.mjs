// @stage own
// The anonymous counters: off, a visit is what it was (privacy.test.mjs). On, this is every
// byte that is sent more, and who sends nothing at all.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { newPage } from "./lib/browser.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open, paste } from "./lib/session.mjs";
import { partner, worker } from "./lib/server.mjs";

/** A deployment that counts; the worker of the other tests does not. */
const counting = process.env.SPRO_COUNTING;
const skip = !counting && "SPRO_COUNTING is not set";
const SOURCE = await readFile(new URL("../../widget/js/count.js", import.meta.url), "utf8");
const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];

/** Answers the counters instead of the worker, and remembers what they were sent. */
async function listen(page) {
  const sent = [];
  await onWorker(page, /^\/v1\/count$/, (route) => {
    sent.push(route.request());
    return route.fulfill({ status: 204 });
  });
  return sent;
}

/** Calls the module in a page of a partner, as a file of a build of this deployment. */
async function say(page, messages, origin = worker) {
  const file = `${origin}/0123456789abcdef/count.js`;
  await page.route(file, (route) =>
    route.fulfill({ body: SOURCE, contentType: "text/javascript", headers: { "Access-Control-Allow-Origin": "*" } }),
  );
  await page.evaluate(
    async ([url, said]) => {
      const { counter } = await import(url);
      const count = counter();
      for (const message of said) count?.(message);
    },
    [file, messages],
  );
}

/** Waits for an answer: whatever was sent before it has been seen. */
const answered = (page) => page.evaluate((origin) => fetch(`${origin}/v1/health`).then((answer) => answer.text()), worker);

const silence = (name, value) => (page) =>
  page.addInitScript(([what, said]) => Object.defineProperty(Navigator.prototype, what, { get: () => said }), [name, value]);

test("a message is its few words, without a cookie or the address of the page", async (t) => {
  let sent;
  const visit = await open(t, "tests-bare.html", {
    before: async (page) => {
      sent = await listen(page);
      await page.context().addCookies([{ name: "session", value: "4711", domain: "127.0.0.1", path: "/" }]);
    },
  });
  await say(visit.page, ["step situation", "step situation", "begin fr", "step goal", "begin fr", "outcome place cio -", "outcome remote - -"]);
  await answered(visit.page);
  assert.deepEqual(
    sent.map((request) => request.postData()),
    ["step situation", "begin fr element", "step goal", "outcome place cio -"],
    "each once, the first outcome only",
  );
  for (const request of sent) {
    const headers = await request.allHeaders();
    assert.equal(request.method(), "POST");
    assert.equal(headers["content-type"], "text/plain;charset=UTF-8");
    assert.equal(headers.cookie, undefined);
    assert.equal(headers.referer, undefined);
    // A browser names the site to every other site that it posts to; never the page.
    assert.ok([undefined, "null", partner].includes(headers.origin), `it says it comes from ${headers.origin}`);
    assert.ok(!JSON.stringify(headers).includes("4711"));
  }
});

for (const [name, value] of [["globalPrivacyControl", true], ["doNotTrack", "1"]]) {
  test(`a browser with ${name} sends nothing`, async (t) => {
    let sent;
    const visit = await open(t, "tests-bare.html", {
      before: async (page) => {
        await silence(name, value)(page);
        sent = await listen(page);
      },
    });
    await say(visit.page, ["step situation", "begin fr"]);
    await answered(visit.page);
    assert.deepEqual(sent, []);
  });
}

test("a page that has broken fetch goes on", async (t) => {
  const visit = await open(t, "tests-bare.html");
  await visit.page.evaluate(() => {
    window.fetch = () => {
      throw new Error("broken");
    };
  });
  await say(visit.page, ["step situation"]);
});

test("the messages of a page become the numbers of a page of the administration, which axe finds nothing in", { skip }, async (t) => {
  for (let visit = 0; visit < 8; visit += 1) {
    const opened = await open(t, "tests-bare.html");
    const arrived = opened.page.waitForResponse(`${counting}/v1/count`);
    await say(opened.page, ["begin fr"], counting);
    assert.equal((await arrived).status(), 204);
  }
  for (const [colorScheme, width] of [["light", 1280], ["dark", 320]]) {
    const page = await newPage({ colorScheme, viewport: { width, height: 800 } });
    t.after(() => page.context().close());
    await page.goto(`${counting}/admin/counters?by=week`);
    await page.getByLabel("Clé d’accès").fill(process.env.SPRO_TOKEN);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByRole("heading", { level: 1, name: "Fréquentation" }).waitFor();
    const curve = page.getByRole("img", { name: /^Visites commencées : toutes, par semaine : au plus [1-9]/ });
    assert.ok((await curve.boundingBox()).height > 80, "a line is drawn");
    await page.getByText("Les nombres de ce dessin").click();
    await checkPage(page);
  }
});

/** A visit to its result on a partner's page, of a deployment that counts or of one that does not. */
async function visited(t, origin, before = () => {}) {
  const sent = [];
  const visit = await open(t, "tests-bare.html?dossier=4711", {
    before: async (page) => {
      await before(page);
      page.on("request", (request) => {
        if (new URL(request.url()).pathname === "/v1/count") sent.push(request.postData());
      });
    },
  });
  await paste(visit.page, "main", {}, origin);
  await visit.follow(ROMANS);
  await answered(visit.page);
  return { visit, sent };
}

test("on, a whole visit sends the questions that were shown, that it began, and where it led", { skip }, async (t) => {
  const { visit, sent } = await visited(t, counting);
  const asked = [...Object.keys(ROMANS.answers), "commune"];
  const messages = [...sent];
  t.diagnostic(messages.join(" · "));
  assert.deepEqual(messages.filter((text) => text.startsWith("step ")).sort(), asked.map((question) => `step ${question}`).sort());
  assert.deepEqual(messages.filter((text) => text.startsWith("begin ")), ["begin fr element"]);
  const outcomes = messages.filter((text) => text.startsWith("outcome "));
  assert.equal(outcomes.length, 1);
  assert.match(outcomes[0], /^outcome (place|remote) [a-z0-9-]+ [a-z0-9-]+$/);
  assert.equal(messages.length, asked.length + 2);
  // Going back and changing one's mind is nobody's business.
  await visit.back();
  await visit.goOn();
  await visit.arrived();
  assert.equal(sent.length, messages.length);
});

test("off, nothing is sent", async (t) => {
  const { sent } = await visited(t, worker);
  assert.deepEqual(sent, []);
});

test("on, who asks not to be followed sends nothing in a whole visit", { skip }, async (t) => {
  const { sent } = await visited(t, counting, silence("globalPrivacyControl", true));
  assert.deepEqual(sent, []);
});
