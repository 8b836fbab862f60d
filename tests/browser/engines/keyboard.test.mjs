// The paths of docs/keyboard.md, each with real keys, in this engine.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { ENGINE, launch } from "../lib/engines.mjs";
import { startHost } from "../lib/host.mjs";
import { focused, headingFocused, says, tabTo } from "../lib/keys.mjs";
import { page } from "../lib/policies.mjs";
import { partner, worker } from "../lib/server.mjs";
import { sweep, tell } from "../lib/thorough.mjs";
import { SHORT, Visitor } from "../lib/visitor.mjs";

const [SITUATION, GOAL] = SHORT.choices;
const pages = {};
let host;
let browser;

before(async () => {
  host = await startHost(pages);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await host?.close();
});

/** A visitor at the first question, with the focus nowhere. */
async function arrive() {
  const visitor = new Visitor(await browser.open(`${partner}/tests-plain.html`, { width: 1280, height: 700 }));
  await visitor.offered(SITUATION);
  return visitor;
}

/** A visitor at the commune question, with the focus in the field. */
async function atCommune(typed = "") {
  const visitor = await arrive();
  await visitor.answerAll(SHORT.choices);
  await visitor.until((root) => root.querySelector("[role=combobox]"));
  await tabTo(visitor, ({ tag }) => tag === "input");
  await visitor.page.type(typed);
  if (typed) await visitor.lines();
  return visitor;
}

async function atResult() {
  const visitor = await arrive();
  await visitor.follow();
  await headingFocused(visitor, "result");
  return visitor;
}

/** What assistive technology reads on the field. */
const field = (visitor) =>
  visitor.ask((root) => {
    const input = root.querySelector("[role=combobox]");
    const active = root.getElementById(input.getAttribute("aria-activedescendant"));
    return {
      focused: root.activeElement === input,
      value: input.value,
      open: input.getAttribute("aria-expanded"),
      active: active?.querySelector("span").textContent ?? null,
      marked: root.querySelectorAll("[role=option][aria-selected=true]").length,
    };
  });

/** The answer that is marked as given before. */
const chosen = (visitor) => visitor.ask((root) => root.querySelector(".choice[aria-current=true]")?.value ?? null);

/** Brings the focus to an answer, from the heading on. */
const reach = (visitor, choice) => tabTo(visitor, ({ choice: value }) => value === choice);

const PATHS = {
  "Entrer dans le guide": async () => {
    const visitor = await arrive();
    assert.equal(await visitor.page.evaluate(() => document.activeElement.localName), "body", "nothing is focused by itself");
    const stops = await tabTo(visitor, ({ choice }) => choice !== null);
    assert.ok(stops.includes("English"), `the languages come first: ${stops}`);
  },

  "Répondre à une question": async () => {
    const visitor = await arrive();
    await reach(visitor, SITUATION);
    // Arrows answer nothing, and neither does Tab.
    await visitor.page.press("ArrowDown", "Tab", "Shift+Tab");
    assert.equal((await visitor.until(focused)).choice, SITUATION);
    await visitor.page.press("Enter");
    await visitor.offered(GOAL);
    await headingFocused(visitor, "the next question");
    await visitor.page.press("Tab");
    assert.notEqual((await visitor.until(focused)).choice, null);
    await visitor.page.press("Shift+Tab");
    await reach(visitor, GOAL);
    await visitor.page.press("Space");
    await visitor.until((root) => root.querySelector("#commune"));
    await headingFocused(visitor, "the commune");
  },

  "Oublier la commune": async () => {
    const visitor = await atCommune();
    await tabTo(visitor, says("Continuer"));
    await visitor.page.press("Space");
    const error = await visitor.until((root) => {
      const input = root.activeElement;
      return input?.id === "commune" && root.getElementById("error").textContent;
    });
    assert.match(error, /commune/);
    assert.ok((await visitor.until(focused)).outlined);
  },

  "Revenir en arrière": async () => {
    const visitor = await arrive();
    await visitor.answer(SITUATION);
    await tabTo(visitor, says("Retour"));
    await visitor.page.press("Enter");
    await visitor.offered(SITUATION);
    await headingFocused(visitor, "the question before");
    assert.equal(await chosen(visitor), SITUATION);
  },

  "Choisir une commune dans la liste": async () => {
    const visitor = await atCommune("romans");
    const lines = await visitor.lines();
    const active = async (key, text) => {
      await visitor.page.press(key);
      const { focused: here, active: line, marked } = await field(visitor);
      assert.deepEqual({ here, line, marked }, { here: true, line: text, marked: 1 }, key);
    };
    await active("ArrowDown", lines[0]);
    await active("ArrowUp", lines.at(-1));
    await active("ArrowDown", lines[0]);
    await active("ArrowDown", lines[1]);
    await visitor.page.press("Enter");
    const { value, open } = await field(visitor);
    assert.deepEqual({ value, open }, { value: lines[1], open: "false" });
    await visitor.page.press("Enter");
    await visitor.arrived();
    await headingFocused(visitor, "result");
  },

  "Fermer la liste, puis vider le champ": async () => {
    const visitor = await atCommune("romans");
    await visitor.page.press("Escape");
    let { value, open } = await field(visitor);
    assert.deepEqual({ value, open }, { value: "romans", open: "false" });
    await visitor.page.press("Escape");
    ({ value, open } = await field(visitor));
    assert.deepEqual({ value, open }, { value: "", open: "false" });
  },

  "Quitter le champ de la commune": async () => {
    const visitor = await atCommune("romans");
    await visitor.page.press("Tab");
    const { value, open, focused: here } = await field(visitor);
    assert.deepEqual({ value, open, here }, { value: "romans", open: "false", here: false });
  },

  "Lire le résultat": async () => {
    const visitor = await atResult();
    const wanted = await visitor.ask((root) =>
      [...root.querySelectorAll(".screen a[href], .screen button, .screen summary, .screen input, .screen textarea")]
        .filter((node) => node.checkVisibility() && !node.closest("details:not([open]) > :not(summary)"))
        .map((node) => (node.textContent.trim() || node.value || node.id).replace(/\s+/g, " ")),
    );
    const stops = await tabTo(visitor, says("Recommencer"));
    assert.ok(stops.length > 5, `${stops}`);
    assert.deepEqual(stops, wanted.slice(0, stops.length), "in the order of reading, and none is left out");
  },

  "Ouvrir une carte repliée": async () => {
    const visitor = await atResult();
    const name = await visitor.ask((root) => root.querySelector(":is(details.card, .complement > details) > summary").textContent.trim().replace(/\s+/g, " "));
    await tabTo(visitor, ({ what }) => what === name);
    await visitor.page.press("Enter");
    await visitor.until((root) => root.querySelector("details.card, .complement > details").open);
    await visitor.page.press("Tab");
    assert.ok(await visitor.ask((root) => root.querySelector("details.card, .complement > details").contains(root.activeElement)), "what is in it is next");
  },

  "Modifier une réponse": async () => {
    const visitor = await atResult();
    await tabTo(visitor, says("Vos réponses"));
    await visitor.page.press("Enter");
    await tabTo(visitor, says("Modifier"));
    await visitor.page.press("Enter");
    await visitor.offered(SITUATION);
    await headingFocused(visitor, "the question again");
    assert.equal(await chosen(visitor), SITUATION);
  },

  "Remplir la fiche de liaison": async () => {
    const visitor = await atResult();
    await tabTo(visitor, ({ tag, what }) => tag === "summary" && /fiche/i.test(what));
    await visitor.page.press("Enter");
    await visitor.until((root) => root.querySelector("details.liaison").open);
    await tabTo(visitor, ({ tag }) => tag === "textarea");
    await visitor.page.type("Bonjour");
    assert.equal(await visitor.ask((root) => root.activeElement.value), "Bonjour");
    await tabTo(visitor, says("Imprimer"));
  },

  "Changer de langue": async () => {
    const visitor = await arrive();
    await visitor.answer(SITUATION);
    await tabTo(visitor, says("Retour"));
    await visitor.page.press("Enter");
    await visitor.offered(SITUATION);
    await tabTo(visitor, ({ lang }) => lang === "en", "Shift+Tab");
    await visitor.page.press("Enter");
    await visitor.until((root) => root.querySelector('.guide[lang="en"] h2'));
    await visitor.offered(SITUATION);
    assert.equal(await chosen(visitor), SITUATION, "the answer given before is still marked");
  },

  "Lire les informations": async () => {
    const visitor = await arrive();
    const button = "En savoir plus sur le guide";
    await tabTo(visitor, says(button));
    await visitor.page.press("Enter");
    await visitor.until((root) => root.querySelector("dialog[open] h3"));
    assert.equal((await visitor.until(focused)).what, "Fermer");
    for (let press = 0; press < 5; press += 1) {
      await visitor.page.press("Tab");
      const inside = await visitor.ask((root) => !root.activeElement || root.querySelector("dialog").contains(root.activeElement));
      assert.ok(inside, "the focus stays in the panel, or goes to the browser's own buttons");
    }
    await visitor.page.press("Escape");
    await visitor.until((root) => !root.querySelector("dialog[open]"));
    assert.ok((await visitor.until(focused)).what.includes(button));
  },

  Recommencer: async () => {
    const visitor = await atResult();
    await tabTo(visitor, says("Recommencer"));
    await visitor.page.press("Space");
    await visitor.offered(SITUATION);
    await headingFocused(visitor, "started again");
    assert.equal(await chosen(visitor), null);
  },

  "Passer par le cadre": async () => {
    pages["/frame"] = { body: page({ attributes: 'frame="first"' }, worker) };
    const shown = await browser.open(`${host.origin}/frame`);
    await shown.until(() => document.querySelector("spro-guide").dataset.rung === "frame");
    const inside = `() => {
      const inner = document.querySelector("spro-guide")?.shadowRoot;
      const root = inner?.querySelector("h2") ? inner : document;
      return { choice: root.activeElement?.matches(".choice"), heading: root.querySelector("h2")?.textContent };
    }`;
    const first = await shown.untilInFrame(`() => { const found = (${inside})(); return found.heading && found; }`);
    let press = 0;
    while (!(await shown.inFrame(inside)).choice) {
      assert.ok((press += 1) < 30, "Tab goes into the frame and gets to a choice");
      await shown.press("Tab");
    }
    await shown.press("Enter");
    await shown.untilInFrame(`(before) => { const { heading } = (${inside})(); return heading && heading !== before; }`, first.heading);
  },

  "Suivre le lien de secours": async () => {
    pages["/link"] = { headers: { "Content-Security-Policy": "script-src 'self'" }, body: page({}, worker) };
    const shown = await browser.open(`${host.origin}/link`);
    await shown.until(() => document.readyState === "complete");
    await shown.press("Tab");
    assert.equal(await shown.evaluate(() => document.activeElement.localName), "a");
    await shown.press("Enter");
    await shown.until((origin) => location.href === `${origin}/`, worker);
  },
};

/** What an engine decides: where Tab goes, what a key does in a field, a panel and a frame. The other paths are these again. */
const BY_THE_ENGINE = [
  "Répondre à une question",
  "Oublier la commune",
  "Choisir une commune dans la liste",
  "Lire le résultat",
  "Lire les informations",
  "Passer par le cadre",
];
const taken = sweep(Object.entries(PATHS), ([name]) => ENGINE === "chromium" || BY_THE_ENGINE.includes(name));
for (const [name, path] of taken) test(name, path);

test("docs/keyboard.md has these paths, no more and no less", async (t) => {
  tell(t, taken.length, Object.keys(PATHS).length, "paths");
  const text = await readFile(new URL("../../../docs/keyboard.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| ")).slice(2);
  assert.deepEqual(rows.map((line) => line.split(" | ")[0].slice(2)), Object.keys(PATHS));
});
