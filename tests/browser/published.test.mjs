// @stage own
// What an administrator publishes is what visitors see, whatever becomes of the KV.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { people } from "./lib/people.mjs";
import { checkResult } from "./lib/promises.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { directory, faults, guide, publish, recommendation, rollback, worker } from "./lib/server.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REAL = join(ROOT, "../shared/domain/carte-spro-2022.csv");
const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const PHONE = "04 75 00 00 01";

/** What a browser says of a piece that is missing, or is not the one that was told of. */
const MISSING = [/Failed to load resource/, /valid digest in the 'integrity'/, /SRI's integrity checks failed/];

let shipped;
let id;
before(async () => {
  shipped = await directory();
  id = (await guide()).snapshot;
});

/** The shipped directory with another phone for the place that the first person is sent to. */
async function changed(phone) {
  const { main } = await recommendation(ROMANS.answers, ROMANS.code);
  const document = structuredClone(shipped);
  const place = document.structures.find((structure) => structure.id === main.place.id);
  place.phones = [phone];
  return document;
}

const phone = async (visit) => (await visit.read()).main.ways[0].href;

test("a phone that changes is there at the next reload, and rolling back brings the old one", async (t) => {
  const visit = await open(t);
  await visit.follow(ROMANS);
  const old = await phone(visit);
  assert.notEqual(old, "tel:0475000001");

  const { snapshot } = await publish(await changed(PHONE), "a phone has changed");
  await visit.page.reload();
  await visit.follow(ROMANS);
  assert.equal(await phone(visit), "tel:0475000001");
  assert.equal((await guide()).snapshot, snapshot);

  const back = await rollback();
  assert.equal(back.snapshot, id);
  await visit.page.reload();
  await visit.follow(ROMANS);
  assert.equal(await phone(visit), old);
});

test("a visit that began before a publication ends whole", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  const old = (await recommendation(ROMANS.answers, ROMANS.code)).main.place.phones[0];
  const asked = [];
  visit.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await publish(await changed(PHONE), "during a visit");
  await visit.follow(ROMANS);
  const snapshots = new Set(asked.map((path) => /^\/v1\/([0-9a-f]{32})\//.exec(path)?.[1]).filter(Boolean));
  assert.deepEqual([...snapshots], [id], "every piece is of the snapshot that the visit began with");
  assert.equal(await phone(visit), `tel:${old.replaceAll(" ", "")}`);
  await rollback();
});

test("a snapshot that is gone in the middle of a visit: the newest, and no answer lost", async (t) => {
  const visit = await open(t, "tests-plain.html", { expects: MISSING });
  await visit.answerAll(ROMANS.answers);
  await visit.asked("commune");
  await visit.type(ROMANS.typed);
  const { snapshot } = await publish(await changed(PHONE), "during another visit");
  t.after(() => rollback(id));
  // As it will be when the old one's pieces have been cleaned away.
  let refused = 0;
  await onWorker(visit.page, new RegExp(`/v1/${id}/department`), (route) => {
    refused += 1;
    return route.fulfill({ status: 404, headers: { "Access-Control-Allow-Origin": "*" }, body: "{}" });
  });
  await visit.commune(ROMANS.typed, ROMANS.commune);
  // Until the newest is there, there is what needs no place.
  await visit.main.filter({ hasText: PHONE }).waitFor();
  await visit.arrived();
  assert.equal(refused, 1, "asked once");
  assert.equal((await guide()).snapshot, snapshot);
  const shown = await visit.read();
  assert.equal(shown.notice, null);
  assert.equal(await phone(visit), "tel:0475000001");
  assert.equal(shown.answers.length, Object.keys(ROMANS.answers).length + 1);
  assert.equal((await visit.focused())?.tag, "h2", "the focus is still on the heading");
});

test("a directory that is refused changes nothing", async (t) => {
  const broken = await changed(PHONE);
  broken.structures[0].network = "nobody";
  await assert.rejects(publish(broken, "with an error"), /422/);
  assert.equal((await guide()).snapshot, id);
  const visit = await open(t);
  await visit.follow(ROMANS);
  assert.notEqual(await phone(visit), "tel:0475000001");
});

test("a rule's words that change are the words that visitors read", async (t) => {
  const document = structuredClone(shipped);
  document.edition.questions.find(({ id }) => id === "situation").text.fr = "Bonjour, que cherchez-vous ?";
  await publish(document, "friendlier");
  const visit = await open(t);
  await visit.heading.filter({ hasText: "Bonjour, que cherchez-vous ?" }).waitFor();
  await rollback();
  await visit.page.reload();
  await visit.asked("situation");
});

/**
 * Takes lines out of a file of texts, and makes the scripts that check it believe it: as a build
 * would be whose translators had not got that far.
 */
async function untranslated(page, file, lines) {
  const sha = (body) => `sha256-${createHash("sha256").update(body).digest("base64")}`;
  const read = async (path) => (await fetch(`${worker}/${path}`)).text();
  // Each file holds the hashes of those that it loads.
  const replaced = (inside, before, after) => {
    assert.ok(inside.includes(sha(before)));
    return inside.replaceAll(sha(before), sha(after));
  };
  const rolling = await read("spro-guide.js");
  const [build] = /[0-9a-f]{16}/.exec(rolling);
  const [whole, element] = [await read(`${build}/${file}`), await read(`${build}/element.js`)];
  const texts = whole.split("\n").map((line) => (lines.includes(line) ? "" : line)).join("\n");
  assert.notEqual(texts, whole);
  const script = replaced(element, whole, texts);
  const loader = replaced(rolling, element, script);
  for (const [name, body] of Object.entries({ [file]: texts, "element.js": script, "spro-guide.js": loader })) {
    const contentType = name.endsWith(".js") ? "text/javascript" : "text/plain; charset=utf-8";
    const headers = { "Access-Control-Allow-Origin": "*" };
    await onWorker(page, new RegExp(`/${name.replaceAll(".", "\\.")}$`), (route) => route.fulfill({ body, contentType, headers }));
  }
}

/** What is marked as French on the screen. */
const french = (visit) =>
  visit.guide.evaluate((root) =>
    [...root.querySelectorAll(".screen [lang=fr][dir=ltr], .privacy [lang=fr][dir=ltr]")].map((node) => node.textContent),
  );

test("a guide that is half translated falls back sentence by sentence, and says so", async (t) => {
  const document = structuredClone(shipped);
  const { questions, rules, networks } = document.edition;
  const situation = questions.find(({ id }) => id === "situation");
  const [first, second] = situation.kind.choices;
  // Nobody has translated these; a blank is no translation.
  delete situation.text.ar;
  first.text.ar = " ";
  for (const { reason } of rules) delete reason.ar;
  for (const { description } of networks) delete description.ar;
  const { snapshot } = await publish(document, "half translated");
  t.after(() => rollback(id));
  // And this text of the element, a part of a sentence.
  const missing = ["استقبال ومعلومات"];
  const visit = await open(t, "tests-arabic.html", { before: (page) => untranslated(page, "texts.ar.txt", missing) });
  await visit.spoken("ar");
  assert.deepEqual(await french(visit), [situation.text.fr.replace(" ?", "\u{a0}?"), first.text.fr]);
  // What is translated has no mark, beside it.
  const beside = visit.element.locator(".choice").nth(1).locator(".words > span").first();
  assert.equal(await beside.textContent(), second.text.ar);
  assert.equal(await beside.getAttribute("lang"), null);

  const { main, reception } = await recommendation(ROMANS.answers, ROMANS.code);
  assert.equal((await guide()).snapshot, snapshot);
  await visit.follow(ROMANS);
  const said = await french(visit);
  for (const { reason } of [main, reception].filter(Boolean)) {
    if (reason) assert.ok(said.some((text) => text === reason), `${reason} in ${said}`);
  }
  // « Vous y trouvez… » is whole in one language, its parts too.
  const offers = await visit.main.locator(".services").evaluate(({ lang, dir, textContent }) => ({ lang, dir, textContent }));
  assert.deepEqual([offers.lang, offers.dir], ["fr", "ltr"]);
  assert.match(offers.textContent, /^Vous y trouvez\s: .*accueil.*\.$/);
  assert.doesNotMatch(offers.textContent, /\p{Script=Arabic}/u);
});

test("a language that only the directory has: its words, and the rest in French", async (t) => {
  const document = structuredClone(shipped);
  document.edition.languages.push({ tag: "br", name: "Brezhoneg" });
  const situation = document.edition.questions.find(({ id }) => id === "situation");
  situation.text.br = "Petra a glaskit ?";
  await publish(document, "one more language");
  t.after(() => rollback(id));
  const visit = await open(t);
  await visit.asked("situation");
  await visit.speak("br");
  assert.equal(await visit.heading.getAttribute("lang"), null);
  assert.equal(await visit.heading.textContent(), situation.text.br);
  const said = await french(visit);
  assert.ok(said.some((text) => text.startsWith("Question 1")) && said.includes(situation.kind.choices[0].text.fr), said);
});

test("a directory in French alone offers no choice of language", async (t) => {
  const document = structuredClone(shipped);
  document.edition.languages = [];
  await publish(document, "French alone");
  t.after(() => rollback(id));
  const visit = await open(t, "tests-arabic.html");
  await visit.asked("situation");
  assert.equal(await visit.languages.isVisible(), false);
  assert.equal(await visit.guide.getAttribute("dir"), "ltr");
  assert.deepEqual(await french(visit), []);
  await visit.button("En savoir plus sur le guide").waitFor();
});

for (const [what, broken] of Object.entries({
  "a KV that is gone": { fail_reads: true, writes_left: 0 },
  "a KV that is slow": { delay_ms: 300 },
  "a KV whose departments are cut in half": { truncate: "department" },
  "a KV where everything is cut in half": { truncate: "spro1" },
})) {
  test(`${what}: visitors are still guided`, async (t) => {
    const document = await changed(`04 75 00 00 ${10 + what.length}`);
    await publish(document, what);
    t.after(() => faults());
    await faults(broken);
    const visit = await open(t, "tests-plain.html", { expects: MISSING });
    await visit.follow(ROMANS);
    // It may take a newer guide on the way, with the same answers.
    await visit.main.locator("[data-contact=itinerary]").first().waitFor();
    const shown = await visit.read();
    assert.equal(shown.notice, null);
    assert.match(shown.main.ways[0].href, /^tel:04/);
    await faults();
    await rollback(id);
  });
}

test("a KV that is mended takes publications again", async () => {
  await faults({ fail_reads: true, writes_left: 0 });
  const document = await changed(PHONE);
  await assert.rejects(publish(document, "in vain"), /50\d/);
  await faults();
  const { snapshot } = await publish(document, "mended");
  assert.equal((await guide()).snapshot, snapshot);
  await rollback(id);
});

test("the real file of 2022, imported and published, sends the five people to real addresses", async (t) => {
  if (!existsSync(REAL)) {
    t.diagnostic("skipped: ../shared/domain/carte-spro-2022.csv is not on this machine");
    t.skip("no real file");
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "spro-browser-"));
  t.after(() => rm(folder, { recursive: true }));
  const out = join(folder, "directory.json");
  const spro = process.env.SPRO_BIN ? [process.env.SPRO_BIN] : ["cargo", "spro"];
  const [program, ...first] = spro;
  const { stdout } = await promisify(execFile)(
    program,
    [...first, "import", "--shipped", REAL, "--out", out, "--accept-refused", "--checked-on", "2022-06-01", "--json"],
    { cwd: ROOT, maxBuffer: 1 << 26 },
  );
  const report = JSON.parse(stdout);
  assert.equal(report.read, 296);
  assert.equal(report.kept + report.merged + report.refused, report.read);
  const document = JSON.parse(await readFile(out, "utf8"));

  const { snapshot } = await publish(document, "the real file");
  for (const [who, person] of Object.entries(people)) {
    await t.test(who, async (t) => {
      const visit = await open(t, "index.html");
      await visit.follow(person);
      const wanted = await recommendation(person.answers, person.code);
      assert.equal(wanted.snapshot, snapshot);
      // Where the rule takes the nearest of several networks, more places may change which.
      if (!person.sentTo.nearest) assert.equal(wanted.main.network.id, person.sentTo.network);
      const shown = await visit.read();
      checkResult(shown, wanted, person.commune);
      const card = shown.main.details.Adresse ? shown.main : shown.reception;
      assert.ok(card?.details.Adresse, "an address, here or beside");
      const near = (wanted.main.place ?? wanted.reception.place).distance_m;
      assert.ok(near < 60_000, `${card.name} is ${near} m away`);
      t.diagnostic(`${shown.main.name}; ${card.name}, ${Math.round(near / 1000)} km`);
    });
  }
  await rollback(id);
  assert.equal((await guide()).snapshot, id);
  const visit = await open(t);
  await visit.follow(ROMANS);
  checkResult(await visit.read(), await recommendation(ROMANS.answers, ROMANS.code), ROMANS.commune);
});

