// @stage own
// The guide of any region, made as docs/une-autre-region.md says and published: its visitors are guided
// in the real element, and whoever lives in another region is led to the guide of that one; and the guide of all France.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { answer, goOn } from "./lib/pages.mjs";
import { open, paste } from "./lib/session.mjs";
import { guide, worker } from "./lib/server.mjs";
import { THOROUGH } from "./lib/thorough.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The server of another region: a deployment of its own. */
const another = process.env.SPRO_COUNTING;

/** What the region that ships with the build has, and no other. */
const FOREIGN = /auvergne|rhône-alpes|avenir-actifs|via-competences|transitionspro-ara/i;

/** Whoever changes career is sent to Transitions Pro, which has a site in each region. */
const EMPLOYEE = { situation: "employed", sector: "private", goal: "fund", disability: "no" };
const YOUNG = { situation: "young", youth: "none", goal: "job", disability: "no" };

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "spro-regions-"))));
after(() => rm(folder, { recursive: true }));

const [program, ...first] = process.env.SPRO_BIN ? [process.env.SPRO_BIN] : ["cargo", "spro"];
const spro = (...words) => promisify(execFile)(program, [...first, ...words], { cwd: ROOT, maxBuffer: 1 << 26 });

/** Makes the directory of a region, with what its people write into its file, and publishes it. */
async function published(code, written, server = worker) {
  const [out, file] = [join(folder, code), join(folder, code, "region.json")];
  await spro("new", "--region", code, "--out", out, "--force");
  const region = Object.assign(JSON.parse(await readFile(file, "utf8")), written);
  await writeFile(file, JSON.stringify(region));
  const directory = join(out, "annuaire.json");
  await spro("compose", file, "--into", directory, "--out", directory, "--force");
  await spro("publish", directory, "--accept-losses", "--reason", `annuaire de ${region.name.fr}`, "--server", server);
  return region;
}

const links = (root) => root.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));

for (const [code, slug, typed, commune] of [
  ["53", "bretagne", "rennes", "Rennes"],
  ["32", "hauts-de-france", "LILLE", "Lille"],
  ["94", "corse", "20000", "Ajaccio"],
  ["04", "la-reunion", "saint denis", "Saint-Denis"],
]) {
  test(`a visitor of ${commune} is guided by the guide of their region`, async (t) => {
    const agency = { name: `Orientation ${slug}`, website: `https://${slug}.exemple.fr`, source: `https://${slug}.exemple.fr/nous` };
    const region = await published(code, { agency });
    assert.ok((await guide()).region.includes(region.name.fr));

    const visit = await open(t);
    await visit.follow({ answers: EMPLOYEE, typed, commune });
    const shown = await visit.read();
    assert.equal(shown.notice, null, "the guide knows the commune");
    assert.ok(shown.answers.includes(commune));
    assert.equal(shown.main.ways.at(-1).href, region.networks["transitions-pro"].website);
    const to = await links(visit.element);
    assert.ok(to.includes(agency.website), `the agency of the region in ${to}`);
    const complement = shown.complements.find(({ name }) => name === agency.name);
    assert.match(complement.reasons.join(" "), new RegExp(`les métiers et les formations ${region.of}`));
    assert.doesNotMatch(await visit.element.innerText(), FOREIGN);

    const young = await open(t);
    await young.follow({ answers: YOUNG, typed, commune });
    // No place is known yet: the network's own site, which every region has.
    const { main, remote } = await young.read();
    assert.match(main.name, /Mission locale/i);
    assert.ok(main.ways.length > 0 && remote.length > 0);
    assert.doesNotMatch(await young.element.innerText(), FOREIGN);
  });
}

test("who lives in another region is led to its guide", async (t) => {
  const theirs = "https://hauts-de-france.guide.exemple.fr/";
  const guides = { 53: "https://bretagne.guide.exemple.fr/", 32: theirs };
  await published("53", { guides });
  await published("32", { guides }, another);

  const visit = await open(t);
  // The other deployment, under the name that people know it by.
  await visit.page.context().route(`${theirs}**`, async (route) => {
    const asked = route.request();
    const { pathname, search } = new URL(asked.url());
    const response = await fetch(another + pathname + search, { headers: asked.headers() });
    const headers = { "content-type": response.headers.get("content-type") };
    await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
  });
  const asked = [];
  visit.page.context().on("request", (request) => asked.push(request.url()));
  await visit.answerAll(EMPLOYEE);
  await visit.asked("commune");
  await visit.type("lille");
  await visit.options.filter({ hasText: "Nord, Hauts-de-France" }).click();
  await visit.goOn();
  await visit.main.waitFor();
  const button = visit.result.locator(`a[href="${theirs}"]`);
  assert.match(await button.textContent(), /Ouvrir le guide de votre région\s: Hauts-de-France/);
  // It comes before everything that the page proposes, and what exists everywhere stays.
  assert.equal((await links(visit.result))[0], theirs);
  assert.ok((await visit.read()).remote.length > 1);
  const [opened] = await Promise.all([visit.page.waitForEvent("popup"), button.click()]);
  await opened.getByRole("heading", { level: 1 }).waitFor();
  assert.match(await opened.content(), /Hauts-de-France/);
  assert.doesNotMatch(await opened.content(), /Bretagne/);
  // Nothing of what was answered goes there: the address is the same for everybody.
  assert.deepEqual(asked.filter((url) => url.startsWith(theirs) && new URL(url).pathname === "/"), [theirs]);

  await t.test("in another language", async () => {
    await visit.speak("uk");
    const said = visit.result.locator(`a[href="${theirs}"]`);
    await said.filter({ hasText: "Відкрити довідник вашого регіону: Hauts-de-France" }).waitFor();
    assert.equal(await said.locator("[lang=fr]").first().textContent(), "Hauts-de-France");
  });

  await t.test("without JavaScript", async (t) => {
    const { page } = await open(t, `${worker}/`, { javaScriptEnabled: false });
    for (const choice of Object.values(EMPLOYEE)) await answer(page, choice);
    await page.locator("#commune").fill("59800");
    await goOn(page);
    assert.equal((await links(page.locator(".result")))[0], theirs);
  });

  await t.test("from a partner's server", async () => {
    const body = JSON.stringify({ answers: EMPLOYEE, commune: "59350" });
    const headers = { "Content-Type": "application/json" };
    const refused = await fetch(`${worker}/v1/recommendations`, { method: "POST", headers, body });
    const { code, region, guide: address, service } = await refused.json();
    assert.deepEqual([refused.status, code, region, address], [422, "unknown-commune", "Hauts-de-France", theirs]);
    assert.equal(service, "https://www.prochorientation.fr");
  });

  await t.test("at the desk", async () => {
    const recommend = ["recommend", "--edition", join(folder, "53", "annuaire.json"), "--commune", "59350"];
    const failed = await spro(...recommend, "--answer", "situation=young").catch((error) => error);
    assert.match(failed.stderr, new RegExp(`Le guide de sa région, Hauts-de-France : ${theirs}`));
  });
});

const skip = !THOROUGH && "a directory of all France takes as long as all the other regions: SPRO_THOROUGH=1";
test("all of France in one directory: a commune is found by its postcode, and nobody learns more than a department", { skip }, async (t) => {
  const files = ["01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94"];
  const read = async (code) => JSON.parse(await readFile(join(ROOT, `shared/editions/2026/${code}.json`), "utf8")).departments;
  const departments = (await Promise.all(files.map(read))).flat();
  const council = { article: "L’", name: "État" };
  const france = { code: "00", edition: "2026", slug: "france", name: { fr: "France" }, of: "de France", council, departments };
  const [file, directory] = [join(folder, "france.json"), join(folder, "annuaire-france.json")];
  await writeFile(file, JSON.stringify(france));
  await spro("compose", file, "--out", directory);
  await spro("publish", directory, "--here", "--accept-losses", "--reason", "toute la France", "--server", worker);

  const asked = [];
  const listen = (page) => page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const pieces = () => asked.splice(0).map((path) => /^\/v1\/\w+\/((?:communes|department).*)\.bin$/.exec(path)?.[1]).filter(Boolean);
  const visit = await open(t, "tests-plain.html", { before: listen });
  await visit.answerAll(YOUNG);
  await visit.asked("commune");
  // A large town by its name alone, as ever.
  assert.deepEqual((await visit.type("rennes"))[0], ["Rennes", "Ille-et-Vilaine, 35000 35200 35700"]);
  assert.deepEqual(pieces(), ["communes"]);
  // A village is not among the largest, and nothing is proposed in its place.
  await visit.input.fill("ourches");
  await visit.status.filter({ hasText: "Aucune commune trouvée" }).waitFor();
  await visit.goOn();
  assert.match(await visit.error.innerText(), /code postal/);
  await visit.input.fill("ourches 26120");
  await visit.options.filter({ hasText: "Ourches" }).first().waitFor();
  assert.deepEqual(await visit.lines(), [["Ourches", "Drôme, 26120"]]);
  assert.deepEqual(pieces(), ["communes.26"]);
  await visit.goOn();
  await visit.arrived();
  assert.ok((await visit.read()).answers.includes("Ourches"));
  assert.deepEqual(pieces(), ["department.26"]);
  // Another language is another page, which finds the name again.
  await visit.speak("en");
  await visit.element.locator(".answers strong").filter({ hasText: "Ourches" }).first().waitFor({ state: "attached" });

  await t.test("a postcode of another department after the first, then a name", async (t) => {
    const other = await open(t);
    await other.toCommune();
    for (const [typed, commune] of [
      ["26120", "Ourches"],
      ["20167", "Alata"],
      ["97411", "Saint-Paul"],
      ["Rennes", "Rennes"],
    ]) {
      await other.input.fill(typed);
      await other.options.filter({ hasText: commune }).first().waitFor();
    }
  });

  await t.test("a commune that the host page names", async (t) => {
    const pinned = await open(t, "tests-plain.html");
    await paste(pinned.page, "body", { commune: "26224" });
    const second = pinned.another(1);
    await second.answerAll(YOUNG);
    await second.arrived();
    await second.element.locator(".answers strong").filter({ hasText: "Ourches" }).first().waitFor({ state: "attached" });
    assert.equal((await second.read()).notice, null);
  });

  await t.test("without JavaScript", async (t) => {
    const { page } = await open(t, `${worker}/`, { javaScriptEnabled: false });
    for (const choice of Object.values(YOUNG)) await answer(page, choice);
    await page.locator("#commune").fill("26120 ourches");
    await goOn(page);
    assert.match(await page.locator("ul.answers").textContent(), /Ourches/);
    assert.equal(await page.locator(".notice").count(), 0);
  });
});
