// « Autour de moi »: the device says where it is, and the page finds the commune by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { people } from "./lib/people.mjs";
import { worker } from "./lib/server.mjs";
import { open } from "./lib/session.mjs";
import { listen } from "./lib/traffic.mjs";

const ROMANS = { latitude: 45.0461, longitude: 5.0517, accuracy: 40 };
const LYON_3 = { latitude: 45.7536, longitude: 4.8694, accuracy: 900 };

/** The commune field of a visitor whose device is somewhere. */
async function field(t, geolocation, options = {}) {
  const visit = await open(t, options.path ?? "tests-plain.html", { ...options, geolocation, permissions: ["geolocation"] });
  await visit.toCommune();
  return visit;
}

const around = (visit) => visit.button("Autour de moi");
const says = (visit, text) => visit.status.filter({ hasText: text }).waitFor();

test("the commune of the device's position is chosen, and only named until the visitor goes on", async (t) => {
  const visit = await field(t, ROMANS);
  await around(visit).click();
  await says(visit, "Commune la plus proche de vous : Romans-sur-Isère. Si ce n’est pas la vôtre, tapez son nom.");
  assert.equal(await visit.input.inputValue(), "Romans-sur-Isère");
  await visit.asked("commune");
  await visit.goOn();
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Romans-sur-Isère"));
});

test("in a city with arrondissements it is one of them", async (t) => {
  const visit = await field(t, LYON_3);
  await around(visit).click();
  await says(visit, "Lyon 3e Arrondissement");
  await visit.goOn();
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Lyon 3e Arrondissement"));
});

test("typing something else forgets the position", async (t) => {
  const visit = await field(t, ROMANS);
  await around(visit).click();
  await says(visit, "Romans-sur-Isère");
  await visit.commune("69008", "Lyon 8e Arrondissement");
  await visit.arrived();
  const { answers } = await visit.read();
  assert.ok(answers.includes("Lyon 8e Arrondissement") && !answers.includes("Romans-sur-Isère"), answers);
});

test("what is of no use is a sentence, and the field stays", async (t) => {
  for (const [what, position, sentence] of [
    ["a position known to 3 km", { ...ROMANS, accuracy: 3000 }, "Votre appareil ne connaît pas votre position à moins de 2 km."],
    ["Marseille", { latitude: 43.2965, longitude: 5.3698, accuracy: 20 }, "Vous semblez être hors de la région Auvergne-Rhône-Alpes."],
    ["the null island", { latitude: 0, longitude: 0, accuracy: 20 }, "Vous semblez être hors de la région Auvergne-Rhône-Alpes."],
  ]) {
    await t.test(what, async (t) => {
      const visit = await field(t, position);
      await around(visit).click();
      await says(visit, sentence);
      assert.equal(await visit.input.inputValue(), "");
      await visit.commune("69008", "Lyon 8e Arrondissement");
      await visit.arrived();
    });
  }
});

test("who refuses goes on by typing", async (t) => {
  const visit = await open(t);
  await visit.toCommune();
  // Without the permission, a browser without windows refuses by itself.
  await around(visit).click();
  await says(visit, "Votre appareil ne donne pas votre position. Tapez le nom de la commune.");
  assert.equal(await visit.status.getAttribute("role"), "status");
  await visit.commune("69008", "Lyon 8e Arrondissement");
  await visit.arrived();
});

test("where the page may not ask, there is no button", async (t) => {
  const insecure = (page) =>
    page.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }));
  for (const [why, options] of [
    ["its policy forbids it", { path: "tests-unlocated.html" }],
    ["it is not secure", { before: insecure }],
  ]) {
    await t.test(why, async (t) => {
      const visit = await field(t, ROMANS, options);
      await visit.button("La commune n’est pas dans la liste").waitFor();
      assert.equal(await around(visit).count(), 0);
    });
  }
});

test("a keyboard reaches it after the field, and its name and its note are heard", async (t) => {
  const visit = await field(t, ROMANS);
  await visit.input.focus();
  await visit.page.keyboard.press("Tab");
  assert.equal((await visit.focused()).text, "Autour de moi");
  const note = await around(visit).evaluate((button) =>
    button.getRootNode().getElementById(button.getAttribute("aria-describedby")).textContent,
  );
  assert.equal(note, "Votre position reste dans votre appareil.");
  await visit.page.keyboard.press("Enter");
  await says(visit, "Romans-sur-Isère");
  assert.equal((await visit.focused()).text, "Autour de moi", "the focus stays");
});

test("a position asks for nothing that typing would not", async (t) => {
  const { answers, typed, commune } = people["a 19-year-old out of school in Romans-sur-Isère"];
  const sent = async (choose) => {
    let traffic;
    const visit = await open(t, "tests-plain.html", {
      geolocation: ROMANS,
      permissions: ["geolocation"],
      before: (page) => (traffic = listen(page)),
    });
    await visit.answerAll(answers);
    await visit.asked("commune");
    await choose(visit);
    await visit.goOn();
    await visit.arrived();
    await visit.page.waitForLoadState("networkidle");
    assert.deepEqual(traffic.others, []);
    const requests = await traffic.requests();
    return requests.map(({ method, url, body, headers }) => JSON.stringify([method, url.href, body, Object.entries(headers).sort()])).sort();
  };
  const located = await sent(async (visit) => {
    await around(visit).click();
    await says(visit, commune);
  });
  const written = await sent(async (visit) => {
    await visit.input.fill(typed);
    await visit.options.filter({ has: visit.page.getByText(commune, { exact: true }) }).first().click();
  });
  assert.deepEqual(located, written);
  assert.ok(located.some((request) => request.includes(`${worker}/v1/`) && request.includes("department.26")));
});

test("nobody asks the device before the visitor does", async (t) => {
  const visit = await field(t, ROMANS, {
    before: (page) =>
      page.addInitScript(() => {
        const ask = Geolocation.prototype.getCurrentPosition;
        window.asked = 0;
        Geolocation.prototype.getCurrentPosition = function (...options) {
          window.asked += 1;
          return ask.apply(this, options);
        };
      }),
  });
  const asked = () => visit.page.evaluate(() => window.asked);
  assert.equal(await asked(), 0);
  await around(visit).click();
  await says(visit, "Romans-sur-Isère");
  assert.equal(await asked(), 1);
});
