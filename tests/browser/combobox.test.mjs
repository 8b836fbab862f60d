// The commune field as a field: the keyboard, what assistive technology gets, and what
// happens when the names are late or missing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { aria, field } from "./lib/commune.mjs";
import { gate, onWorker } from "./lib/session.mjs";

const NAMES = /\/communes\.bin$/;

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
  assert.equal(await visit.input.inputValue(), lines[9][0].replace(/^.*, commune\s: /, ""));
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
  await announced.filter({ hasText: "Communes trouvées : 1." }).waitFor();
  await visit.type("romans");
  await announced.filter({ hasText: /^Communes trouvées\s: \d+\.$/ }).waitFor();
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
  await visit.error.filter({ hasText: "Voici celles qui y ressemblent" }).waitFor();
  // What resembles it is offered, and taken by nobody but the visitor.
  assert.deepEqual(await visit.options.locator("span:first-child").allInnerTexts(), ["Romans-sur-Isère"]);
  await visit.options.first().click();
  await visit.goOn();
  await visit.arrived();
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
    expects: [/integrity/i],
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
