// The sixty people whom an adviser would send somewhere (`shared/tests/cases/accueil.tsv`).

import { readFileSync } from "node:fs";

const TABLE = new URL("../../../shared/tests/cases/accueil.tsv", import.meta.url);

const [head, ...rows] = readFileSync(TABLE, "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
const cell = (row, name) => row[head.indexOf(name)];

/** Each as a visitor of the tests, with where an adviser would send them first. */
export const sixty = rows.map((row) => ({
  number: Number(cell(row, "n°")),
  who: `${cell(row, "personne")}, ${cell(row, "commune")}`,
  answers: Object.fromEntries(cell(row, "réponses").split(", ").map((answer) => answer.split("="))),
  language: cell(row, "langue"),
  typed: cell(row, "commune"),
  commune: cell(row, "commune"),
  code: cell(row, "code"),
  first: cell(row, "premier"),
  received: cell(row, "être reçu"),
}));
