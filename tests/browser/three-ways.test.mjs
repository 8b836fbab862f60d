// @stage own
// The same visitor's answers give the same result three ways: in the element on a partner's
// page, at `POST /v1/recommendations`, and in `cargo spro recommend --batch`. Over random
// directories that are really published, and random visitors; the seed is fixed.
//
// The API and the command line must say the same to the letter; what the element shows is
// read as a visitor reads it, and compared card by card, in their order.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkResult } from "./lib/promises.mjs";
import { Chance, directory, hasty, visitor } from "./lib/random.mjs";
import { hear } from "./lib/events.mjs";
import { open } from "./lib/session.mjs";
import { examine, publish, worker } from "./lib/server.mjs";
import { THOROUGH, tell } from "./lib/thorough.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SEED = 2026;
const DIRECTORIES = 36;
/**
 * Those of the quick run: chosen so that each kind of answer is among theirs several times, the
 * rare ones too, and so is a directory without places, one that asks for the commune in between.
 */
const FEW = [8, 16, 19, 21, 24, 29];
/** How often each kind of answer must be met. */
const LEAST = THOROUGH ? 10 : 6;
/** Visitors of each directory who go all the way in the element. */
const VISITORS = 4;
/** Others, who answered only some questions: the element would ask on. */
const HASTY = 4;

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), "spro-three-ways-"))));
after(() => rm(folder, { recursive: true }));

/** What the API answers, as it came. */
async function overHttp({ answers, commune }) {
  const body = JSON.stringify({ answers, commune: commune.code });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${worker}/v1/recommendations`, { method: "POST", headers, body });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

/** What the command line prints of everybody, a line for each. */
async function onTheDesk(everybody, file) {
  const [program, ...first] = process.env.SPRO_BIN ? [process.env.SPRO_BIN] : ["cargo", "spro"];
  const child = execFile(program, [...first, "recommend", "--edition", file, "--batch", "-"], { cwd: ROOT, maxBuffer: 1 << 26 });
  child.stdin.end(everybody.map(({ answers, commune }) => `${JSON.stringify({ answers, commune: commune.code })}\n`).join(""));
  let [printed, said] = ["", ""];
  child.stdout.on("data", (text) => (printed += text));
  child.stderr.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  assert.equal(code, 0, said);
  return printed.split(/(?<=\n)/);
}

/** Goes through the questions with the element's own controls, in the page: to the result. */
const inTheElement = (visit, { answers, commune }) =>
  visit.element.evaluate(
    async (element, { answers, commune }) => {
      const root = element.shadowRoot;
      const find = (selector) => root.querySelector(selector);
      const said = () => find("h2").textContent;
      const until = async (condition) => {
        const deadline = performance.now() + 60_000;
        while (!condition()) {
          if (performance.now() > deadline) throw new Error(`waited for ${condition}, at « ${said()} »`);
          await new Promise((done) => requestAnimationFrame(done));
        }
      };
      // What is shown now, as the element told its page.
      let now = window.heard.filter(({ name }) => ["step", "result"].includes(name)).at(-1);
      const next = (press) =>
        new Promise((done) => {
          for (const name of ["step", "result"]) {
            const hear = ({ detail }) => done({ name, detail });
            element.addEventListener(`spro-guide:${name}`, hear, { once: true });
          }
          press();
        });
      if (now.name === "result") now = await next(() => find("[part~=restart]").click());
      const path = [];
      while (now.name === "step") {
        const { question } = now.detail;
        path.push(question);
        let press = () => find("[part~=primary]").click();
        if (question === "commune") {
          const input = find("[role=combobox]");
          await until(() => !find(".field .status").textContent.includes("Chargement"));
          input.value = commune.name;
          input.dispatchEvent(new InputEvent("input", { bubbles: true }));
          const wanted = () =>
            [...root.querySelectorAll("[role=option]")].find((option) => {
              const [name, hint] = [...option.querySelectorAll("span")].map((span) => span.textContent);
              // The whole of a city that has arrondissements shows no postcode.
              return name === commune.name && (!hint.includes(",") || hint.endsWith(commune.postcodes.join(" ")));
            });
          await until(wanted);
          wanted().click();
        } else {
          press = () => find(`.choice[value="${answers[question]}"]`).click();
        }
        now = await next(press);
      }
      await until(() => find(".result .card") && !find(".result").textContent.includes("depuis votre commune"));
      const open = [...root.querySelectorAll(".result > .column > details.more:not(:has(.answers, .remote)) > ul > li > strong")];
      return { path, undetermined: open.map((name) => name.textContent) };
    },
    { answers, commune },
  );

test("the element, the API and the command line send everybody to the same places", async (t) => {
  const chance = new Chance(SEED);
  const counts = { visitors: 0, alone: 0, places: 0, competent: 0, networks: 0, reception: 0, complements: 0, remote: 0, undetermined: 0, ignored: 0, territories: 0 };
  const rules = new Set();
  // One page for all, as a visitor who reloads it.
  const visit = await open(t, "tests-plain.html", { before: hear });
  for (let number = 0; number < DIRECTORIES; number += 1) {
    const made = directory(chance, number);
    const complete = Array.from({ length: VISITORS }, () => visitor(chance, made));
    const others = Array.from({ length: HASTY }, () => hasty(chance, visitor(chance, made)));
    const everybody = [...complete, ...others];
    // Made all the same: what chance makes next depends on it.
    if (!THOROUGH && !FEW.includes(number)) continue;
    // Chance makes rules for nobody that their networks receive: those are refused.
    const { findings } = await examine(made.document);
    const idle = findings
      .filter(({ code }) => code === "rule-to-nowhere")
      .map(({ path }) => Number(/rules\[(\d+)\]/.exec(path)[1]));
    const { edition } = made.document;
    edition.rules = edition.rules.filter((_, index) => !idle.includes(index));
    const file = join(folder, `${number}.json`);
    await writeFile(file, JSON.stringify(made.document));
    const { snapshot } = await publish(made.document, `by chance ${number}`);

    const answered = await Promise.all(everybody.map(overHttp));
    const printed = await onTheDesk(everybody, file);
    assert.equal(printed.length, everybody.length);
    everybody.forEach((one, index) => {
      const who = `directory ${number}, ${JSON.stringify(one.answers)} in ${one.commune.name} (${one.commune.code})`;
      const wanted = JSON.parse(answered[index]);
      // First in a form that says what differs.
      assert.deepEqual({ who, ...JSON.parse(printed[index]) }, { who, ...wanted });
      assert.equal(printed[index], `${answered[index]}\n`, who);
      assert.equal(wanted.snapshot, snapshot, who);
      const cards = [wanted.main, ...(wanted.reception ? [wanted.reception] : []), ...wanted.complements];
      counts.alone += Number(index >= VISITORS);
      counts.places += cards.filter(({ kind }) => kind === "place").length;
      counts.competent += cards.filter(({ place }) => place?.competent).length;
      counts.networks += cards.filter(({ kind }) => kind === "network").length;
      counts.reception += Number(wanted.reception !== null);
      counts.complements += wanted.complements.length;
      counts.remote += wanted.remote_services.length;
      counts.undetermined += wanted.undetermined.length;
      counts.ignored += wanted.ignored.length;
      counts.territories += Number(wanted.commune.territory !== null);
      rules.add(`${number} ${wanted.main.rule}`);
    });

    await visit.page.reload();
    await visit.heading.waitFor();
    for (const [index, one] of complete.entries()) {
      const wanted = JSON.parse(answered[index]);
      const who = `directory ${number}, ${JSON.stringify(one.answers)} in ${one.commune.name} (${one.commune.code})`;
      const { path, undetermined } = await inTheElement(visit, one);
      try {
        assert.deepEqual(new Set(path), new Set(Object.keys(wanted.answers)), "the questions that are asked");
        checkResult(await visit.read(), wanted, one.commune.name);
        assert.deepEqual(undetermined, wanted.undetermined.map(({ name }) => name), "what is still open");
      } catch (error) {
        error.message = `${who}: ${error.message}`;
        throw error;
      }
      counts.visitors += 1;
    }
  }
  tell(t, THOROUGH ? DIRECTORIES : FEW.length, DIRECTORIES, `directories (seed ${SEED})`);
  t.diagnostic(`${counts.visitors} visitors three ways, ${counts.alone} who answered in part two ways`);
  t.diagnostic(
    `recommended: ${counts.places} places (${counts.competent} competent), ${counts.networks} networks, ${counts.reception} receptions, ${counts.complements} complements, ${counts.remote} remote services; ${counts.undetermined} left open, ${counts.ignored} answers set aside, ${counts.territories} in a territory, ${rules.size} rules first`,
  );
  // Chance must have met everything, or the test says less than it seems to.
  for (const [what, count] of Object.entries(counts)) assert.ok(count > LEAST, `${what}: ${count}`);
});
