// The life of elements in a page that does what it likes with them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, until } from "./lib/events.mjs";
import { people } from "./lib/people.mjs";
import { gate, onWorker, open } from "./lib/session.mjs";
import { worker } from "./lib/server.mjs";
import { Visit } from "./lib/visit.mjs";

const PRIVAS = people["an employee of the private sector in Privas"];
const PARENT = people["a pupil's parent in Villeurbanne"];

test("two elements know nothing of each other", async (t) => {
  const one = await open(t, "tests-two.html");
  const two = one.another(1);
  await one.asked("situation");
  await two.asked("situation");
  // The same question at the same time: each has its own answer.
  await one.answer("situation", "retired");
  await one.asked("goal");
  await two.asked("situation");
  assert.equal(await two.chosen(), undefined);
  await two.follow({ ...PARENT, answers: PARENT.answers });
  await one.back();
  await one.follow(PRIVAS);
  assert.ok((await one.read()).answers.includes("Privas"));
  assert.ok((await two.read()).answers.includes("Villeurbanne"));
  await one.button("Recommencer").click();
  await one.asked("situation");
  assert.ok((await two.read()).answers.includes("Villeurbanne"));
});

test("what two elements need is asked for once", async (t) => {
  const asked = [];
  const one = await open(t, "tests-two.html", {
    before: async (page) => page.on("request", (request) => asked.push(request.url())),
  });
  for (const visit of [one, one.another(1)]) await visit.follow(PRIVAS);
  const twice = asked.filter((url, index) => asked.indexOf(url) !== index);
  assert.deepEqual(twice, []);
});

test("ids are not repeated within a screen, and every reference finds its node", async (t) => {
  const visit = await open(t, "tests-two.html");
  const check = async (screen) => {
    const broken = await visit.page.evaluate(() =>
      [...document.querySelectorAll("spro-guide")].flatMap(({ shadowRoot }) => {
        const ids = [...shadowRoot.querySelectorAll("[id]")].map(({ id }) => id);
        const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
        const dangling = ["for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-activedescendant"].flatMap((name) =>
          [...shadowRoot.querySelectorAll(`[${name}]`)]
            .flatMap((node) => node.getAttribute(name).split(/\s+/))
            .filter((id) => !shadowRoot.getElementById(id))
            .map((id) => `${name}=${id}`),
        );
        return [...repeated, ...dangling];
      }),
    );
    assert.deepEqual(broken, [], screen);
  };
  await visit.asked("situation");
  await check("a question");
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await check("a question with a way back");
  await visit.back();
  await visit.toCommune();
  await check("the commune field");
  await visit.type("romans");
  await visit.input.press("ArrowDown");
  await check("the open list");
  await visit.options.first().click();
  await visit.goOn();
  await visit.arrived();
  await check("the result");
});

test("moving an element keeps the visit, to the last letter", async (t) => {
  const visit = await open(t, "tests-two.html", { before: hear });
  await visit.toCommune();
  await visit.type("romans");
  await visit.page.evaluate(() => {
    document.querySelector("#there").append(document.querySelector("#here spro-guide"));
  });
  const moved = visit.another(1);
  await moved.asked("commune");
  assert.equal(await moved.input.inputValue(), "romans");
  await moved.commune("romans", "Romans-sur-Isère");
  await moved.arrived();
  // Out and in again within one turn, as drag and drop libraries do.
  await visit.page.evaluate(() => {
    const element = document.querySelectorAll("spro-guide")[1];
    const home = element.parentNode;
    element.remove();
    home.prepend(element);
  });
  const again = visit.another(0);
  await again.main.waitFor();
  assert.ok((await again.read()).answers.includes("Romans-sur-Isère"));
  const ready = (await heard(visit.page)).filter(({ name }) => name === "ready");
  assert.equal(ready.length, 2, "neither element started again");
});

test("an element that was removed starts again when it is put back", async (t) => {
  const visit = await open(t, "tests-plain.html", { before: hear });
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.page.evaluate(() => {
    window.kept = document.querySelector("spro-guide");
    window.kept.remove();
  });
  // A later turn: it is really gone.
  await visit.page.evaluate(() => new Promise((done) => setTimeout(done)));
  const inside = await visit.page.evaluate(() => window.kept.shadowRoot.querySelectorAll("button, input").length);
  assert.equal(inside, 0, "nothing of the visit is kept");
  await visit.page.evaluate(() => document.querySelector("main").append(window.kept));
  await visit.answer("situation", "retired");
  await visit.asked("goal");
});

test("a hundred removals leave nothing behind", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  const cdp = await visit.page.context().newCDPSession(visit.page);
  await cdp.send("Performance.enable");
  const cycles = (count) =>
    visit.page.evaluate(async (times) => {
      const element = document.querySelector("spro-guide");
      const home = element.parentNode;
      const ready = () => new Promise((done) => element.addEventListener("spro-guide:ready", done, { once: true }));
      const drawn = async (selector) => {
        for (let frame = 0; !element.shadowRoot.querySelector(selector); frame += 1) {
          if (frame > 1000) throw new Error(`no ${selector} in ${element.shadowRoot.textContent}`);
          await new Promise((done) => requestAnimationFrame(done));
        }
        return element.shadowRoot.querySelector(selector);
      };
      for (let time = 0; time < times; time += 1) {
        // Where there are most listeners: the commune question.
        for (const value of ["retired", "review"]) {
          (await drawn(`.choice[value=${value}]`)).click();
        }
        await drawn("[role=combobox]");
        element.remove();
        await new Promise((done) => setTimeout(done));
        const started = ready();
        home.append(element);
        await started;
      }
    }, count);
  const measure = async () => {
    // Finalizers of the module's handles run after a collection, and free more.
    for (let time = 0; time < 3; time += 1) {
      await cdp.send("HeapProfiler.collectGarbage");
      await visit.page.evaluate(() => new Promise((done) => setTimeout(done)));
    }
    const { metrics } = await cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  // What is built once for the page is built.
  await cycles(10);
  const before = await measure();
  await cycles(100);
  const after = await measure();
  for (const name of ["Nodes", "JSEventListeners", "JSHeapUsedSize"]) t.diagnostic(`${name} ${before[name]} → ${after[name]}`);
  assert.ok(after.Nodes - before.Nodes < 100, "less than a node a cycle");
  assert.ok(after.JSEventListeners - before.JSEventListeners < 100, "less than a listener a cycle");
  assert.ok(after.JSHeapUsedSize - before.JSHeapUsedSize < 100 * 2048, "less than 2 KB a cycle");
  await visit.follow(PARENT);
});

test("an element removed while it loads stays quiet, and works when it is put back", async (t) => {
  const late = gate();
  const visit = await open(t, "tests-plain.html", {
    before: async (page) => {
      await hear(page);
      await onWorker(page, /\/v1\/first\.json$/, async (route) => {
        await late.opened;
        await route.continue();
      });
    },
  });
  // The definition is there, the guide is not.
  await visit.page.waitForFunction(() => document.querySelector("spro-guide").shadowRoot);
  await visit.page.evaluate(() => {
    window.kept = document.querySelector("spro-guide");
    window.kept.remove();
  });
  const arrived = visit.page.waitForResponse(/first\.json/);
  late.open();
  await arrived;
  // Another element proves that loading went on.
  await visit.page.evaluate(() => document.querySelector("main").append(document.createElement("spro-guide")));
  await visit.asked("situation");
  assert.deepEqual((await heard(visit.page)).map(({ name }) => name), ["step", "ready"]);
  assert.equal(await visit.page.evaluate(() => window.kept.shadowRoot.querySelectorAll("h2").length), 0);
  await visit.page.evaluate(() => document.querySelector("main").prepend(window.kept));
  await until(visit.page, "ready", 2);
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.another(1).asked("situation");
});

// An element inserted while another one handles an event became its child, and silently
// froze when that one was removed: the visitor pressed « Continuer » and nothing happened.
test("an element born in another's event outlives it", async (t) => {
  const visit = await open(t, "tests-plain.html", { before: hear });
  await visit.asked("situation");
  await visit.page.evaluate(() => {
    document.addEventListener(
      "spro-guide:step",
      () => document.querySelector("main").append(document.createElement("spro-guide")),
      { once: true },
    );
  });
  await visit.answer("situation", "retired");
  await until(visit.page, "ready", 2);
  await visit.page.evaluate(() => document.querySelector("spro-guide").remove());
  await visit.page.waitForFunction(() => document.querySelectorAll("spro-guide").length === 1);
  await new Visit(visit.page).follow(PARENT);
});

test("an element may be removed by the host in answer to any of its events", async (t) => {
  for (const name of ["ready", "step", "result"]) {
    await t.test(name, async (t) => {
      const visit = await open(t, "tests-two.html", {
        before: async (page) => {
          await hear(page);
          await page.addInitScript((wanted) => {
            document.addEventListener(`spro-guide:${wanted}`, (event) => {
              if (event.target.parentNode.id === "here") event.target.remove();
            });
          }, name);
        },
      });
      if (name === "result") {
        await visit.asked("situation");
        await visit.answerAll(PARENT.answers);
        await visit.type("69100");
        await visit.options.filter({ hasText: "Villeurbanne" }).click();
        await visit.goOn();
      }
      await visit.page.waitForFunction(() => document.querySelectorAll("spro-guide").length === 1);
      await visit.follow(PARENT);
    });
  }
});

// Leaving a page ends its requests, in some browsers before the page is put aside: whoever came back
// found the link, with a good network.
test("a page that the browser has kept tries again what failed when it was left", async (t) => {
  let left = true;
  const visit = await open(t, "tests-two.html", {
    expects: [/Failed to load resource/, /preload/, /^spro-guide: link/],
    before: (page) => onWorker(page, /^(?!.*spro-guide\.js$)/, (route) => (left ? route.abort() : route.continue())),
  });
  await visit.page.locator("spro-guide[data-rung=link]").nth(1).waitFor();
  left = false;
  const shown = (persisted) =>
    visit.page.evaluate((kept) => void dispatchEvent(new PageTransitionEvent("pageshow", { persisted: kept })), persisted);
  await shown(true);
  await visit.answer("situation", "retired");
  await visit.another(1).asked("situation");
  // A visit that goes on is left alone.
  await shown(true);
  await visit.answer("goal", "review");
  await visit.asked("commune");
});

test("the snippet pasted twice gives two elements", async (t) => {
  const one = await open(t, "tests-twice.html");
  await one.asked("situation");
  const two = one.another(1);
  await two.follow(PRIVAS);
  await one.follow(PARENT);
});

test("an element made by a script works, and so does its copy", async (t) => {
  const visit = await open(t, "tests-bare.html");
  await visit.page.evaluate((origin) => {
    // Before the definition is there.
    const element = document.createElement("spro-guide");
    element.innerHTML = `<a href="${origin}/">lien</a>`;
    document.querySelector("main").append(element);
    const script = document.createElement("script");
    Object.assign(script, { type: "module", src: `${origin}/spro-guide.js` });
    document.head.append(script);
  }, worker);
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.page.evaluate(() => {
    document.querySelector("main").append(document.querySelector("spro-guide").cloneNode(true));
  });
  await visit.another(1).asked("situation");
  await visit.asked("goal");
});
