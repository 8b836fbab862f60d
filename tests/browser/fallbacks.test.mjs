// Whatever is missing, the visitor keeps a way forward: the guide, a clear sentence with
// something to press, or the link that was inside the tag.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, until } from "./lib/events.mjs";
import { people } from "./lib/people.mjs";
import { gate, onWorker, open } from "./lib/session.mjs";
import { guide, worker } from "./lib/server.mjs";

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

const BROWSERS = [/Failed to load resource/, /was preloaded using link preload/, /Content.Security.Policy/i, /WebAssembly/, /integrity/, /modulepreload/];
const EXPECTED = [...BROWSERS, /^spro-guide: (frame|link) /];

/** Where the element stands, once it stands somewhere, and why. */
async function stands(visit) {
  await visit.page.locator("spro-guide[data-rung]").first().waitFor();
  return visit.element.evaluate(({ rung, dataset }) => [rung, dataset.rungWhy ?? ""]);
}

/** Our page is in a frame, as high as what it says. */
async function frameIsThere(visit) {
  const frame = visit.page.locator("spro-guide").first().frameLocator("iframe");
  await frame.getByRole("heading", { name: "Quelle est votre situation" }).waitFor();
  const outside = await visit.element.locator("iframe").evaluate((node) => node.getBoundingClientRect().height);
  assert.ok(outside > 300, `the frame is ${outside} high`);
  await frame.locator("html").evaluate(({ scrollHeight, clientHeight }) => {
    if (scrollHeight > clientHeight) throw new Error(`${scrollHeight} in ${clientHeight}: something is cut`);
  });
}

/** The links of the snippet: to the guide as pages, and to a service that is not ours. */
async function bothLinksAreThere(visit) {
  const [ours, elsewhere] = ["Trouver le lieu qui peut m'aider à m'orienter", "Auvergne-Rhône-Alpes Orientation"].map((name) =>
    visit.page.getByRole("link", { name, exact: true }),
  );
  await ours.waitFor();
  await elsewhere.waitFor();
  assert.equal(await ours.getAttribute("href"), `${worker}/`);
  const { website } = (await guide()).remote_services.find(({ name }) => name === "Auvergne-Rhône-Alpes Orientation");
  assert.equal(await elsewhere.getAttribute("href"), website);
}

test("without JavaScript there are the links", async (t) => {
  await bothLinksAreThere(await open(t, "index.html", { javaScriptEnabled: false }));
});

test("with our server stopped there are the links, and one does not need it", async (t) => {
  const before = (page) => onWorker(page, /^/, (route) => route.abort("connectionrefused"));
  await bothLinksAreThere(await open(t, "index.html", { expects: BROWSERS, before }));
});

test("without our script there is the link", async (t) => {
  const visit = await open(t, "tests-plain.html", {
    expects: BROWSERS,
    before: (page) => onWorker(page, /spro-guide\.js$/, (route) => route.fulfill({ status: 404, body: "" })),
  });
  await linkIsThere(visit);
});

/** What breaks before there is a question, how, and what is then told as the reason. */
const BROKEN = {
  "the element's script is missing": [/element\.js$/, (route) => route.fulfill({ status: 404, body: "" }), "script-failed"],
  "the element's script has another byte": [/element\.js$/, another, "script-failed"],
  "the module is missing": [/element_bg\.wasm$/, (route) => route.fulfill({ status: 404, body: "" }), "wasm-failed"],
  "the module is cut in half": [/element_bg\.wasm$/, half, "wasm-failed"],
  "the module has another byte": [/element_bg\.wasm$/, another, "wasm-failed"],
  "the module is a page of a captive portal": [/element_bg\.wasm$/, portal, "wasm-failed"],
  "what is read first is refused": [/first\.json$/, (route) => route.fulfill({ status: 503, body: "{}" }), "data-failed"],
  "what is read first is cut in half": [/first\.json$/, half, "data-failed"],
  "what is read first is empty": [/first\.json$/, (route) => route.fulfill({ status: 200, body: "" }), "data-failed"],
  "what is read first is a page of a captive portal": [/first\.json$/, portal, "data-failed"],
  "the guide is cut in half": [/guide\.bin$/, half, "data-failed"],
  "the guide has another byte": [/guide\.bin$/, another, "data-failed"],
  "the guide is a page of a captive portal": [/guide\.bin$/, portal, "data-failed"],
  "the guide's words are cut in half": [/texts\.fr\.bin$/, half, "data-failed"],
  "the guide's words have another byte": [/texts\.fr\.bin$/, another, "data-failed"],
};

/** One byte in the middle is another. */
async function another(route) {
  const response = await route.fetch();
  const body = Buffer.from(await response.body());
  body[body.length >> 1] ^= 1;
  await route.fulfill({ response, headers: plain(response), body });
}

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

/** What only the result needs, and how it breaks. */
const BROKEN_LATER = {
  "is missing": (route) => route.fulfill({ status: 404, body: "" }),
  "is cut in half": half,
  "has another byte": another,
  "is a page of a captive portal": portal,
};

for (const [how, handle] of Object.entries(BROKEN_LATER)) {
  test(`what only the result needs ${how}: every question, then our page in a frame`, async (t) => {
    const visit = await open(t, "tests-plain.html", {
      expects: EXPECTED,
      before: (page) =>
        onWorker(page, /later\.wasm$/, (route) =>
          route.request().frame().parentFrame() ? route.continue() : handle(route),
        ),
    });
    await visit.answerAll(ROMANS.answers);
    assert.deepEqual(await stands(visit), ["element", ""]);
    await visit.commune(ROMANS.typed, ROMANS.commune);
    await visit.page.locator("spro-guide[data-rung=frame]").waitFor();
    assert.deepEqual(await stands(visit), ["frame", "wasm-failed"]);
    await frameIsThere(visit);
    assert.deepEqual(ours(visit), ["spro-guide: frame (wasm-failed)"]);
  });
}

test("what only the result needs, and did not come while the questions were read, is asked for again", async (t) => {
  let asked = 0;
  const visit = await open(t, "tests-plain.html", {
    expects: EXPECTED,
    before: (page) =>
      onWorker(page, /later\.wasm$/, (route) => ((asked += 1) === 1 ? route.abort("connectionreset") : route.continue())),
  });
  await visit.follow(ROMANS);
  assert.equal(asked, 2);
});

for (const [what, [pattern, handle, why]] of Object.entries(BROKEN)) {
  test(`${what}: our page in a frame, and one line in the console`, async (t) => {
    const visit = await open(t, "tests-plain.html", {
      expects: EXPECTED,
      // In the frame all is well: only the host page cannot have it.
      before: (page) =>
        onWorker(page, pattern, (route) =>
          route.request().frame().parentFrame() ? route.continue() : handle(route),
        ),
    });
    await visit.page.locator("spro-guide[data-rung=frame]").waitFor();
    assert.deepEqual(await stands(visit), ["frame", why]);
    await frameIsThere(visit);
    assert.deepEqual(ours(visit), [`spro-guide: frame (${why})`]);
  });
}

test("the network is gone: the link, and one line in the console", async (t) => {
  const visit = await open(t, "tests-plain.html", {
    expects: EXPECTED,
    before: async (page) => {
      await hear(page);
      await onWorker(page, /./, (route) =>
        route.request().url().endsWith("/spro-guide.js") ? route.continue() : route.abort("internetdisconnected"),
      );
    },
  });
  assert.deepEqual(await stands(visit), ["link", "script-failed, frame-failed"]);
  await linkIsThere(visit);
  assert.deepEqual(ours(visit), ["spro-guide: link (script-failed, frame-failed)"]);
  const errors = (await heard(visit.page)).filter(({ name }) => name === "error");
  assert.deepEqual(errors.map(({ detail }) => detail), [{ code: "script-failed" }]);
});

test("our server answers nothing at all: the link after three seconds, and not before", async (t) => {
  const asked = gate();
  const visit = await open(t, "tests-plain.html", {
    expects: EXPECTED,
    before: async (page) => {
      // The page's time stands still but for what the test lets pass of it.
      await page.clock.install({ time: 0 });
      await page.clock.pauseAt(1000);
      await onWorker(page, /first\.json$|^\/$/, () => asked.open());
    },
  });
  await asked.opened;
  await visit.page.clock.runFor(2999);
  assert.equal(await visit.element.getAttribute("data-rung"), null);
  await visit.page.clock.runFor(1);
  assert.deepEqual(await stands(visit), ["link", "slow"]);
  await linkIsThere(visit);
});

test("what failed once is asked for again by the next element", async (t) => {
  let broken = true;
  const visit = await open(t, "tests-plain.html", {
    expects: EXPECTED,
    before: async (page) => {
      await hear(page);
      await onWorker(page, /first\.json$|^\/$/, (route) => (broken ? route.abort() : route.continue()));
    },
  });
  await until(visit.page, "error");
  broken = false;
  await visit.page.evaluate(() => {
    const element = document.querySelector("spro-guide");
    element.remove();
    document.querySelector("main").append(element);
  });
  await visit.asked("situation");
});

test("a policy of the host that forbids our script: the link", async (t) => {
  const visit = await open(t, "tests-csp-script.html", { expects: EXPECTED });
  await linkIsThere(visit);
});

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
      expects: BROWSERS,
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
test("a wrong byte in a department is always noticed, and one in what is read first never stops an element without a word", async (t) => {
  const first = await (await fetch(`${worker}/v1/first.json?lang=fr`)).text();
  const { snapshot } = JSON.parse(first);
  const piece = await (await fetch(`${worker}/v1/${snapshot}/department.26.bin`)).arrayBuffer();
  const outcomes = {};
  for (const [pattern, whole] of [[/first\.json$/, Buffer.from(first)], [/department\.26\.bin$/, Buffer.from(piece)]]) {
    for (let at = 40; at < whole.length; at += Math.ceil(whole.length / SPOTS)) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0xff;
      const damaged = await open(t, "tests-plain.html", {
        expects: EXPECTED,
        before: (page) =>
          onWorker(page, pattern, (route) =>
            route.fulfill({ status: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: bytes }),
          ),
      });
      const [rung] = await stands(damaged);
      let outcome = rung;
      if (!pattern.test("first.json")) {
        await damaged.answerAll(PRIVAS.answers);
        await damaged.commune(ROMANS.typed, ROMANS.commune);
        await damaged.main.waitFor();
        assert.match((await damaged.read()).notice, /connexion/, `byte ${at} of the department`);
        outcome = "noticed at the end";
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      await damaged.page.context().close();
    }
  }
  t.diagnostic(`${JSON.stringify(outcomes)} of ${2 * SPOTS} wrong bytes`);
});

/** Where the module is spoilt, and what is pressed then. */
const SPOILT = {
  "at a question": async (visit) => {
    await visit.answer("situation", "retired");
    await visit.asked("goal");
    return visit.choice("review");
  },
  "at the result, which another part of it draws": async (visit) => {
    await visit.follow(ROMANS);
    return visit.element.getByRole("button", { name: "Retour" });
  },
};

for (const [where, reach] of Object.entries(SPOILT)) {
  test(`a trap in the module ${where}: our page in a frame everywhere, and the page lives on`, async (t) => {
    const visit = await open(t, "tests-two.html", {
      expects: [...EXPECTED, /unreachable|RuntimeError|memory access|form is not connected/],
      before: async (page) => {
        await hear(page);
        // The module's memory, as the module makes it, is kept for the test to spoil.
        await page.addInitScript(() => {
          const keep = (result) => {
            const { exports } = result.instance ?? result;
            // What comes later has none of its own.
            if (exports.memory) window.spoil = () => new Uint8Array(exports.memory.buffer).fill(0xff);
            return result;
          };
          for (const name of ["instantiate", "instantiateStreaming"]) {
            const usual = WebAssembly[name].bind(WebAssembly);
            WebAssembly[name] = (...what) => usual(...what).then(keep);
          }
        });
      },
    });
    const next = await reach(visit);
    await visit.page.evaluate(() => window.spoil());
    await next.click();
    await visit.page.locator("spro-guide[data-rung=frame]").nth(1).waitFor();
    assert.deepEqual(await stands(visit), ["frame", "stopped"]);
    await frameIsThere(visit);
    // Taking the dead away troubles nobody.
    await visit.page.evaluate(() => document.querySelector("spro-guide").remove());
    await frameIsThere(visit);
  });
}
