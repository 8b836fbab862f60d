// The commune question: what may be typed, and what is found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { aria, field } from "./lib/commune.mjs";

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
  await visit.status.filter({ hasText: "Communes trouvées : 12." }).waitFor();
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
  assert.equal(label, "Annecy-le-Vieux, commune : Annecy");
  assert.match(place, /^Haute-Savoie/);
  await visit.options.first().click();
  assert.equal(await visit.input.inputValue(), "Annecy");
  await visit.goOn();
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Annecy"));
});

test("a resort, a quarter and a slip of the hand lead to a commune", async (t) => {
  const visit = await field(t);
  for (const [typed, first] of [
    ["méribel", "Méribel, commune : Les Allues"],
    ["la duchère", "La Duchère, commune : Lyon 9e Arrondissement"],
    ["valance", "Valence"],
  ]) {
    const [[label]] = await visit.type(typed);
    assert.equal(label, first);
  }
  await visit.status.filter({ hasText: "Aucune commune de la région ne s’écrit ainsi. Voici celles qui y ressemblent." }).waitFor();
  await visit.options.first().click();
  await visit.goOn();
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Valence"));
});

test("a commune of elsewhere still gets a way forward", async (t) => {
  const visit = await field(t);
  // Too small for the guide to know it, and too far.
  await visit.input.fill("Plougastel");
  await visit.status.filter({ hasText: "Aucune commune trouvée" }).waitFor();
  await visit.goOn();
  const error = await visit.error.innerText();
  assert.match(error, /Auvergne-Rhône-Alpes/);
  assert.match(error, /«\sPlougastel\s»/);
  assert.match(error, /code postal\s: il suffit aussi pour une autre région/);
  await visit.button("La commune n’est pas dans la liste").click();
  await visit.main.waitFor();
  assert.match(await visit.element.locator(".notice").innerText(), /lieux de la région Auvergne-Rhône-Alpes.*code postal/);
  const shown = await visit.read();
  assert.equal(shown.main.details.Adresse, undefined, "no place is proposed");
  assert.ok(shown.main.name);
  assert.notEqual(shown.remote.length, 0);
  assert.ok(!/votre commune/.test(shown.main.reasons.join(" ")), shown.main.reasons);
});

test("who lives in another region learns which one the guide covers, and where to turn", async (t) => {
  for (const [typed, line, service] of [
    ["Rennes", "Ille-et-Vilaine, Bretagne", "https://ideo.bretagne.bzh"],
    ["35240", "Bretagne", "https://ideo.bretagne.bzh"],
    ["Lille", "Nord, Hauts-de-France", "https://www.prochorientation.fr"],
    // No source names that region's.
    ["Dijon", "Côte-d’Or, Bourgogne-Franche-Comté", null],
  ]) {
    await t.test(typed, async (t) => {
      const visit = await field(t);
      const [[, place], ...more] = await visit.type(typed);
      assert.deepEqual([place, more], [line, []]);
      await visit.status.filter({ hasText: "Ce n’est pas dans la région Auvergne-Rhône-Alpes." }).waitFor();
      const requests = [];
      visit.page.on("request", (request) => requests.push(request.url()));
      // Nothing has to be chosen in a list of one.
      await visit.goOn();
      await visit.main.waitFor();
      const region = line.split(", ").at(-1);
      const notice = await visit.element.locator(".notice").innerText();
      assert.match(notice, new RegExp(`une autre région\\s: ${region}.*seulement les lieux de la région Auvergne-Rhône-Alpes`));
      const links = await visit.element.locator("a[href^=http]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      assert.equal(links.includes(service), service !== null, links.join(" "));
      assert.equal(await visit.element.getByRole("heading", { name: "Le service de votre région" }).count(), service ? 1 : 0);
      // What is this region's own is for nobody of another.
      assert.ok(links.length > 1 && !links.some((link) => /auvergnerhonealpes|transitionspro-ara/.test(link)), links.join(" "));
      const shown = await visit.read();
      assert.equal(shown.main.details.Adresse, undefined, "no place is proposed");
      assert.ok(shown.remote.length > 1);
      assert.ok(await visit.element.locator("ul.remote").isVisible(), "what exists everywhere is open");
      // Not even the department leaves the page: there is nothing to ask for.
      assert.deepEqual(requests.filter((url) => /department|communes/.test(url)), []);
    });
  }
});

test("a namesake outside the region is in the list, after those of the region", async (t) => {
  const visit = await field(t);
  assert.deepEqual(await visit.type("Paris"), [["Seyssinet-Pariset", "Isère, 38170"], ["Paris", "Île-de-France"]]);
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
