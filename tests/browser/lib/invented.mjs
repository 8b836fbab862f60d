// Directories with invented places. They are published: a file that does has a stage of its own.

import { before } from "node:test";
import { directory, publish } from "./server.mjs";

/** Someone of 19 who left school: the rule that sends them to a Mission locale comes first. */
export const YOUNG = { situation: "young", youth: "none", goal: "job", disability: "no" };

/** Communes of the tests: how they are typed, named, and numbered. */
export const ROMANS = { typed: "romans", commune: "Romans-sur-Isère", code: "26281" };
export const BOURG = { typed: "bourg-de-péage", commune: "Bourg-de-Péage", code: "26057" };
export const VALENCE = { typed: "valence", commune: "Valence", code: "26362" };
export const TAIN = { typed: "tain", commune: "Tain-l'Hermitage", code: "26347" };
export const TOURNON = { typed: "tournon", commune: "Tournon-sur-Rhône", code: "07324" };

/** Monday to Friday, with a pause. */
export const OFFICE = [
  { days: ["monday", "tuesday", "wednesday", "thursday", "friday"], from: "09:00", to: "12:00" },
  { days: ["monday", "tuesday", "wednesday", "thursday", "friday"], from: "13:30", to: "17:00" },
];

/** A place for young people. */
export const place = (id, { code }, more = {}) => ({
  id,
  network: "mission-locale",
  name: `Lieu inventé ${id}`,
  address: { lines: ["1 rue de l’Essai"], postcode: `${code.slice(0, 2)}000` },
  commune: code,
  phones: ["04 75 00 00 01"],
  checked_on: "2026-11-01",
  ...more,
});

/** A function that publishes the shipped directory with other places, and more changes. */
export function inventing() {
  let shipped;
  // What is live, and what publishing it answered: once is enough.
  let live;
  before(async () => (shipped = await directory()));
  return async (structures, change = () => {}) => {
    const document = structuredClone(shipped);
    document.structures = structures;
    change(document);
    const text = JSON.stringify(document);
    if (live?.text !== text) live = { text, answer: await publish(document, "a test with invented places") };
    return live.answer;
  };
}
