// The commune field: what may be typed, what the list says, what the keyboard and assistive
// technology get, and what happens when the names are late or missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gate, onWorker, open } from "./lib/session.mjs";

const NAMES = /\/communes\.bin$/;

/** The field of a new page, in focus of the test. */
async function field(t, options) {
  const visit = await open(t, "tests-plain.html", options);
  await visit.toCommune();
  return visit;
}

/** The attributes that assistive technology reads on the input. */
const aria = (visit) =>
  visit.input.evaluate((input) => ({
    expanded: input.getAttribute("aria-expanded"),
    active: input.getAttribute("aria-activedescendant"),
    invalid: input.getAttribute("aria-invalid"),
  }));

test("a commune is found however it is typed", async (t) => {
  const visit = await field(t);
  const names = async (typed) => (await visit.type(typed)).map(([name]) => name);
  const check = async (typed, ...expected) => {
    const found = await names(typed);
    for (const name of expected) assert.ok(found.includes(name), `« ${typed} » finds ${name}, not only ${found}`);
  };
  for (const [typed, name] of [
    // Name without accents, hyphens or apostrophes, in capitals, with too many spaces.
    ["romans sur isere", "Romans-sur-Isère"],
    ["ROMANS-SUR-ISÈRE", "Romans-sur-Isère"],
    ["  romans   sur  is", "Romans-sur-Isère"],
    ["saint auban sur l ouveze", "Saint-Auban-sur-l'Ouvèze"],
    ["SAINT AUBAN SUR L’OUVEZE", "Saint-Auban-sur-l'Ouvèze"],
    ["st auban sur l'ouveze", "Saint-Auban-sur-l'Ouvèze"],
    ["abergement de varey", "L'Abergement-de-Varey"],
    ["motte fanjas", "La Motte-Fanjas"],
    // The shortest name of the region.
    ["oz", "Oz"],
    // Postcode, alone or beside a name.
    ["26100", "Romans-sur-Isère"],
    ["69100", "Villeurbanne"],
    ["26120 ourches", "Ourches"],
    ["ourches 26120", "Ourches"],
    ["villeurb", "Villeurbanne"],
  ]) {
    await t.test(typed, () => check(typed, name));
  }
});

test("the beginning of a postcode, and a postcode that communes share", async (t) => {
  const visit = await field(t);
  await visit.type("26120");
  await visit.status.filter({ hasText: "12 communes trouvées" }).waitFor();
  const lines = await visit.lines();
  assert.ok(lines.length > 1);
  for (const [, place] of lines) assert.match(place, /^Drôme, .*26120/);
  await visit.type("2610");
  for (const [, place] of await visit.lines()) assert.match(place, /2610/);
});

test("every commune of a shared postcode can be reached", async (t) => {
  const visit = await field(t);
  await visit.type("26120");
  // The last of the twelve in the alphabet; the list may scroll, or ask for more letters.
  await visit.type("26120 upie");
  await visit.options.filter({ hasText: "Upie" }).click();
  await visit.goOn();
  await visit.arrived();
});

test("homonyms are told apart by their department", async (t) => {
  const visit = await field(t);
  const lines = (await visit.type("saint-sulpice")).filter(([name]) => name === "Saint-Sulpice");
  assert.deepEqual(lines.map(([, place]) => place).sort(), ["Ain, 01340", "Puy-de-Dôme, 63760", "Savoie, 73160"]);
  await visit.options.filter({ hasText: "73160" }).click();
  await visit.goOn();
  await visit.arrived();
  // The engine got the one of Savoie: what is near is in Savoie.
  assert.match((await visit.read()).main.details.Adresse.text, /73\d{3}/);
});

test("Lyon's arrondissements are communes of the list", async (t) => {
  const visit = await field(t);
  for (const [typed, name] of [
    ["lyon 3", "Lyon 3e Arrondissement"],
    ["lyon 9e", "Lyon 9e Arrondissement"],
    ["69001", "Lyon 1er Arrondissement"],
    ["69008", "Lyon 8e Arrondissement"],
  ]) {
    const names = (await visit.type(typed)).map(([found]) => found);
    assert.ok(names.includes(name), `« ${typed} » finds ${names}`);
  }
  await visit.commune("69008", "Lyon 8e Arrondissement");
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Lyon 8e Arrondissement"));
});

test("somebody who only types « lyon » sees every arrondissement, or how to see it", async (t) => {
  const visit = await field(t);
  const names = (await visit.type("lyon")).map(([name]) => name);
  const missing = Array.from({ length: 9 }, (_, index) => `Lyon ${index === 0 ? "1er" : `${index + 1}e`} Arrondissement`).filter(
    (name) => !names.includes(name),
  );
  const status = await visit.status.innerText();
  assert.ok(
    missing.length === 0 || /précis|lettres|code postal|premières|suite/i.test(status),
    `${missing} are not in the list, and the status only says « ${status} »`,
  );
});

test("a former commune leads to today's", async (t) => {
  const visit = await field(t);
  const [[label, place]] = await visit.type("annecy le vieux");
  assert.equal(label, "Annecy-le-Vieux, aujourd’hui Annecy");
  assert.match(place, /^Haute-Savoie/);
  await visit.options.first().click();
  assert.equal(await visit.input.inputValue(), "Annecy");
  await visit.goOn();
  await visit.arrived();
  assert.match((await visit.read()).main.reasons.join(" "), /Annecy/);
});

test("a commune of elsewhere still gets a way forward", async (t) => {
  const visit = await field(t);
  await visit.input.fill("Marseille");
  await visit.status.filter({ hasText: "Aucune commune trouvée" }).waitFor();
  await visit.goOn();
  const error = await visit.error.innerText();
  assert.match(error, /Auvergne-Rhône-Alpes/);
  assert.match(error, /« Marseille »/);
  await visit.button("La commune n’est pas dans la liste").click();
  await visit.main.waitFor();
  const shown = await visit.read();
  assert.equal(shown.main.details.Adresse, undefined, "no place is proposed");
  assert.ok(shown.main.name);
  assert.notEqual(shown.remote.length, 0);
  assert.ok(!/votre commune/.test(shown.main.reasons.join(" ")), shown.main.reasons);
});

test("nonsense gets a sentence, whatever it is", async (t) => {
  const visit = await field(t);
  for (const typed of ["zzzz", "99999", "<b>x</b>", "’’’", "🙂", "a".repeat(500)]) {
    await visit.input.fill(typed);
    await visit.goOn();
    await visit.error.filter({ hasText: /\S/ }).waitFor();
    assert.equal((await aria(visit)).invalid, "true", typed);
    assert.equal((await visit.focused()).id, "commune");
    assert.equal(await visit.error.locator("b").count(), 0, "what is typed is text");
  }
});

test("nothing typed, then several that fit: the error says which", async (t) => {
  const visit = await field(t);
  await visit.goOn();
  await visit.error.filter({ hasText: "Tapez le nom ou le code postal" }).waitFor();
  const described = await visit.input.evaluate((input) =>
    input
      .getAttribute("aria-describedby")
      .split(" ")
      .map((id) => input.getRootNode().getElementById(id)?.textContent),
  );
  assert.ok(described.some((text) => text?.startsWith("Tapez le nom")), "the error belongs to the field");
  assert.equal((await visit.focused()).id, "commune");
  await visit.input.fill("saint-sulpice");
  await visit.input.press("Enter");
  await visit.error.filter({ hasText: "Plusieurs communes" }).waitFor();
  assert.equal((await aria(visit)).expanded, "true", "the list is open to choose from");
  // Choosing makes the error go.
  await visit.options.filter({ hasText: "73160" }).click();
  assert.equal((await visit.error.textContent()).trim(), "");
  assert.equal((await aria(visit)).invalid, "false");
});

test("the only one that fits needs no choosing: Enter is enough", async (t) => {
  const visit = await field(t);
  await visit.type("villeurbanne");
  await visit.input.press("Enter");
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Villeurbanne"));
});

// The list closed when the field was left, which moved what is below between a finger's
// press and its release: « Continuer » did nothing.
test("what is below the list does not move when it opens and closes", async (t) => {
  const visit = await field(t);
  const place = async () => (await visit.button("Continuer").boundingBox()).y;
  await visit.type("saint");
  const opened = await place();
  await visit.input.press("Escape");
  assert.equal(await visit.options.count(), 0);
  assert.equal(await place(), opened);
  await visit.goOn();
  await visit.error.filter({ hasText: "Plusieurs communes" }).waitFor();
});

test("a line far down the list is scrolled to by the keyboard, and reached by a finger", async (t) => {
  const visit = await field(t);
  const lines = await visit.type("saint-j");
  assert.ok(lines.length > 10, `${lines.length} lines`);
  for (let press = 0; press < lines.length; press += 1) await visit.input.press("ArrowDown");
  const seen = await visit.options.last().evaluate((option) => {
    const box = option.getBoundingClientRect();
    const list = option.parentElement.getBoundingClientRect();
    return box.top >= list.top - 1 && box.bottom <= list.bottom + 1;
  });
  assert.ok(seen, "the active line is in view");
  await visit.options.nth(9).click();
  assert.equal(await visit.input.inputValue(), lines[9][0].replace(/^.*, aujourd’hui /, ""));
});

test("arrow keys, Enter and Escape, as assistive technology follows them", async (t) => {
  const visit = await field(t);
  assert.deepEqual(await aria(visit), { expanded: "false", active: null, invalid: "false" });
  const lines = await visit.type("romans");
  assert.ok(lines.length >= 3);
  assert.deepEqual(await aria(visit), { expanded: "true", active: null, invalid: "false" });
  const selected = () =>
    visit.input.evaluate((input) => {
      const root = input.getRootNode();
      const active = root.getElementById(input.getAttribute("aria-activedescendant"));
      const marked = [...root.querySelectorAll("[role=option][aria-selected=true]")];
      return { text: active?.querySelector(".name").textContent ?? null, one: marked.length === 1 && marked[0] === active };
    });
  const check = async (key, text) => {
    await visit.input.press(key);
    assert.deepEqual(await selected(), { text, one: true }, key);
    assert.equal((await visit.focused()).id, "commune", "the focus stays in the input");
  };
  await check("ArrowDown", lines[0][0]);
  await check("ArrowDown", lines[1][0]);
  await check("ArrowUp", lines[0][0]);
  await check("ArrowUp", lines.at(-1)[0]);
  await check("ArrowDown", lines[0][0]);
  await visit.input.press("Escape");
  assert.deepEqual(await aria(visit), { expanded: "false", active: null, invalid: "false" });
  assert.equal(await visit.input.inputValue(), "romans", "what was typed stays");
  await check("ArrowDown", lines[0][0]);
  await check("ArrowDown", lines[1][0]);
  await visit.input.press("Enter");
  assert.equal(await visit.input.inputValue(), lines[1][0]);
  assert.equal((await aria(visit)).expanded, "false");
  await visit.asked("commune");
  await visit.input.press("Enter");
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes(lines[1][0]));
});

test("the input points at its list, and the list has a name", async (t) => {
  const visit = await field(t);
  await visit.type("romans");
  const list = visit.element.getByRole("listbox", { name: "Communes" });
  await list.waitFor();
  const controls = await visit.input.getAttribute("aria-controls");
  assert.equal(await list.getAttribute("id"), controls);
  assert.equal(await visit.input.getAttribute("aria-autocomplete"), "list");
  const label = await visit.input.evaluate((input) => input.labels[0]?.textContent);
  assert.equal(label, "Nom ou code postal de la commune");
});

test("the number of communes found is announced", async (t) => {
  const visit = await field(t);
  const announced = visit.element.locator(".field").getByRole("status");
  // A live region must be there before it speaks.
  assert.equal(await announced.count(), 1);
  await visit.type("villeurbanne");
  await announced.filter({ hasText: "1 commune trouvée." }).waitFor();
  await visit.type("romans");
  await announced.filter({ hasText: /^\d+ communes trouvées\.$/ }).waitFor();
  await visit.input.fill("zzzz");
  await announced.filter({ hasText: "Aucune commune trouvée." }).waitFor();
});

test("typing after a choice forgets it", async (t) => {
  const visit = await field(t);
  await visit.type("romans-sur");
  await visit.options.first().click();
  assert.equal(await visit.input.inputValue(), "Romans-sur-Isère");
  await visit.input.pressSequentially("x");
  await visit.goOn();
  await visit.error.filter({ hasText: "Romans-sur-Isèrex" }).waitFor();
});

test("leaving the field closes the list, coming back keeps the text", async (t) => {
  const visit = await field(t);
  await visit.type("romans");
  await visit.input.press("Tab");
  assert.equal((await aria(visit)).expanded, "false");
  assert.equal(await visit.options.count(), 0);
  assert.equal(await visit.input.inputValue(), "romans");
});

test("what is typed before the names are there is found when they come", async (t) => {
  const late = gate();
  const visit = await field(t, {
    before: (page) =>
      onWorker(page, NAMES, async (route) => {
        await late.opened;
        await route.continue();
      }),
  });
  await visit.input.pressSequentially("villeurbanne");
  await visit.status.filter({ hasText: "Chargement" }).waitFor();
  // « Continuer » too early loses nothing.
  await visit.goOn();
  assert.equal(await visit.input.inputValue(), "villeurbanne");
  late.open();
  await visit.options.filter({ hasText: "Villeurbanne" }).waitFor();
  await visit.options.first().click();
  await visit.goOn();
  await visit.arrived();
});

test("names that do not come are said so, and asked for again", async (t) => {
  let broken = true;
  let asked = 0;
  const visit = await field(t, {
    expects: [/Failed to load resource/],
    before: (page) =>
      onWorker(page, NAMES, (route) => {
        asked += 1;
        return broken ? route.abort() : route.continue();
      }),
  });
  await visit.input.pressSequentially("villeurbanne");
  await visit.status.filter({ hasText: "La connexion est trop lente ou coupée" }).waitFor();
  // Asking in vain leaves the same way open.
  const before = asked;
  await visit.button("Essayer encore").click();
  await visit.status.filter({ hasText: "La connexion est trop lente ou coupée" }).waitFor();
  assert.ok(asked > before, "asked again");
  // Somebody who cannot wait is not stuck.
  await visit.button("La commune n’est pas dans la liste").waitFor();
  broken = false;
  await visit.button("Essayer encore").click();
  await visit.options.filter({ hasText: "Villeurbanne" }).waitFor();
  assert.equal(await visit.input.inputValue(), "villeurbanne", "what was typed stays");
  await visit.options.first().click();
  await visit.goOn();
  await visit.arrived();
});

test("names cut in half are as good as none, and asked for again", async (t) => {
  let cut = true;
  const visit = await field(t, {
    before: (page) =>
      onWorker(page, NAMES, async (route) => {
        if (!cut) return route.continue();
        const response = await route.fetch();
        const body = await response.body();
        const headers = { ...response.headers() };
        delete headers["content-encoding"];
        delete headers["content-length"];
        await route.fulfill({ response, headers, body: body.subarray(0, Math.floor(body.length / 2)) });
      }),
  });
  await visit.input.pressSequentially("villeurbanne");
  await visit.status.filter({ hasText: "La connexion est trop lente ou coupée" }).waitFor();
  cut = false;
  await visit.button("Essayer encore").click();
  await visit.options.filter({ hasText: "Villeurbanne" }).waitFor();
});
