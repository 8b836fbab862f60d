// The five people of the first demonstration, from the first question to a place, on a
// partner's page of another origin than the worker's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./lib/session.mjs";
import { people } from "./lib/people.mjs";
import { checkResult } from "./lib/promises.mjs";
import { partner, recommendation, worker } from "./lib/server.mjs";

assert.notEqual(new URL(partner).origin, new URL(worker).origin);

for (const [who, person] of Object.entries(people)) {
  test(`${who} leaves with somewhere to go`, async (t) => {
    const visit = await open(t, "index.html");
    await visit.follow(person);
    const wanted = await recommendation(person.answers, person.code);
    assert.equal(wanted.next, null, "nothing was left to ask");
    assert.deepEqual(wanted.ignored, [], "every question asked was needed");
    assert.equal(wanted.main.network.id, person.sentTo.network);
    assert.equal(wanted.main.kind, person.sentTo.kind);

    const shown = await visit.read();
    checkResult(shown, wanted, person.commune);
    assert.ok(shown.answers.includes(person.commune), "the answers are recalled");
    assert.equal(shown.answers.length, Object.keys(person.answers).length + 1);
  });
}
