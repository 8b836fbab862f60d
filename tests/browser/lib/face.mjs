// The tables of `docs/element.md`: what the element promises to its hosts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";

const DOCUMENT = new URL("../../../docs/element.md", import.meta.url);

const cells = (line) => line.slice(1, -1).split("|").map((cell) => cell.trim());
const bare = (cell) => cell.replace(/^`(.*)`$/, "$1");

/** Every table by what its first column is called: each row has its cells by column. */
export const face = {};
let columns;
for (const line of readFileSync(DOCUMENT, "utf8").split("\n")) {
  if (!line.startsWith("| ")) {
    if (!line.startsWith("|-")) columns = undefined;
  } else if (columns) {
    const row = Object.fromEntries(cells(line).map((cell, index) => [columns[index], cell]));
    face[columns[0]].push({ ...row, name: bare(row[columns[0]]) });
  } else {
    columns = cells(line).map(bare);
    // A table may go on further down.
    face[columns[0]] ??= [];
  }
}

/**
 * A test for each row of a table. A row without one fails, and so does a test without a row.
 * `make` gets something to open pages with that live as long as the whole table, and returns
 * functions by name; one that needs several tests gives them by what they say.
 */
export function rows(table, make) {
  describe(table, () => {
    const ends = [];
    after(async () => {
      for (const end of ends) await end();
    });
    const tests = make({ after: (end) => ends.push(end) });
    for (const row of face[table]) {
      const told = tests[row.name] ?? (() => assert.fail("a row of docs/element.md without a test"));
      if (typeof told === "function") test(row.name, (t) => told(t, row));
      else for (const [what, run] of Object.entries(told)) test(`${row.name}: ${what}`, (t) => run(t, row));
    }
    test(`no ${table} that docs/element.md does not have`, () => {
      const names = face[table].map(({ name }) => name);
      assert.deepEqual(Object.keys(tests).filter((name) => !names.includes(name)), []);
    });
  });
}

/** What runs at its first call only. */
export function once(make) {
  let made;
  return () => (made ??= make());
}
