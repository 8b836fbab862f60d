// The table of docs/policies.md: a row a policy, a column an engine.

import assert from "node:assert/strict";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { ENGINES } from "./engines.mjs";
import { turn } from "./engines/wire.mjs";

const DOCUMENT = new URL("../../../docs/policies.md", import.meta.url);
const KEPT = new URL("../../../target/spro/matrix/", import.meta.url);
const BEGIN = "<!-- Ce tableau est écrit par les tests : SPRO_BLESS=1 cargo xtask test -->";
const END = "<!-- fin du tableau -->";

const names = Object.keys(ENGINES);
const heading = `| Ce que la page impose | ${names.map((name) => ENGINES[name].title).join(" | ")} |`;
const rule = `|${" --- |".repeat(names.length + 1)}`;

/** The table's lines, from cells by engine and by row. */
const lines = (rows, cells) => [
  heading,
  rule,
  ...rows.map(({ id, title }) => `| ${title} | ${names.map((name) => cells[name]?.[id] ?? "?").join(" | ")} |`),
];

/** The document in three parts: what stands before the table, the table, what stands after. */
async function read() {
  const text = await readFile(DOCUMENT, "utf8");
  const [before, rest] = text.split(`${BEGIN}\n`);
  const [table, after] = (rest ?? "").split(`${END}\n`);
  assert.ok(after !== undefined, "docs/policies.md has the two lines that the table stands between");
  return { before, table, after };
}

/** The cells that a table has, by engine and by row. */
function parse(table, rows) {
  const byTitle = new Map(rows.map(({ id, title }) => [title, id]));
  assert.equal(byTitle.size, rows.length, "every row has a title of its own");
  const cells = Object.fromEntries(names.map((name) => [name, {}]));
  for (const line of table.split("\n").slice(2)) {
    const [title, ...found] = line.replace(/^\| | \|$/g, "").split(" | ");
    const id = byTitle.get(title);
    if (id) names.forEach((name, index) => (cells[name][id] = found[index]));
  }
  return cells;
}

/**
 * Holds what was found in this engine against its column of the document, or writes it there where
 * that is wanted. Not every row may have been tried.
 */
export async function check(engine, rows, found) {
  if (process.env.SPRO_BLESS) return alone(() => bless(engine, rows, found));
  const { table } = await read();
  const said = parse(table, rows);
  const wrong = rows
    .filter(({ id }) => (id in found ? said[engine][id] !== found[id] : !said[engine][id]))
    .map(({ id, title }) => `${title}: docs/policies.md says « ${said[engine][id]} », ${ENGINES[engine].title} gives « ${found[id]} »`);
  assert.deepEqual(wrong, [], "where the new table is right: SPRO_BLESS=1 cargo xtask test");
}

/** Writes what was found into this engine's column. */
async function bless(engine, rows, found) {
  const { before, table, after } = await read();
  const said = parse(table, rows);
  Object.assign(said[engine], found);
  await writeFile(DOCUMENT, `${before}${BEGIN}\n${lines(rows, said).join("\n")}\n${END}\n${after}`);
}

/** Engines run side by side, and each writes into the same document: one after the other. */
async function alone(work) {
  const lock = new URL("lock", KEPT);
  for (let isOurs = false; !isOurs; ) {
    await mkdir(KEPT, { recursive: true });
    isOurs = await mkdir(lock).then(
      () => true,
      (error) => (error.code === "EEXIST" ? turn().then(() => false) : Promise.reject(error)),
    );
  }
  await work().finally(() => rmdir(lock));
}

/** Keeps this engine's column for whoever prints the whole matrix. */
export async function keep(engine, rows, found) {
  await mkdir(KEPT, { recursive: true });
  const text = rows.map(({ id, title }) => `${id}\t${title}\t${found[id] ?? "?"}\n`).join("");
  await writeFile(new URL(`${engine}.tsv`, KEPT), text);
}
