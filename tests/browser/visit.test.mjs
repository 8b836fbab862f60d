// Going on, back, and changing one's mind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { people } from "./lib/people.mjs";
import { open } from "./lib/session.mjs";
import { guide } from "./lib/server.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const PRIVAS = people["an employee of the private sector in Privas"];

test("back goes one question at a time, and every answer is still there", async (t) => {
  const visit = await open(t);
  await visit.follow(PRIVAS);
  await visit.back();
  await visit.asked("commune");
  assert.equal(await visit.input.inputValue(), "Privas");
  for (const [question, choice] of Object.entries(PRIVAS.answers).reverse()) {
    await visit.back();
    await visit.asked(question);
    assert.equal(await visit.chosen(), choice, question);
  }
  assert.equal(await visit.button("Retour").count(), 0, "nothing before the first question");
  // Forward again: the answer that is marked.
  await visit.choice(PRIVAS.answers.situation).click();
  await visit.arrived();
});

test("an earlier answer that changes keeps the later ones", async (t) => {
  const visit = await open(t);
  await visit.follow(PRIVAS);
  const before = await visit.read();
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Où travaillez-vous ?").click();
  await visit.asked("sector");
  assert.equal(await visit.chosen(), "private");
  await visit.choice("executive").click();
  // Nothing else has to be said again.
  await visit.arrived();
  const after = await visit.read();
  assert.notEqual(after.main.name, before.main.name, "the recommendation follows");
  assert.ok(after.answers.includes("Privas"));
  // What the change opens is asked, and only that.
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Quelle est votre situation ?").click();
  await visit.choice("pupil").click();
  await visit.answerAll({ track: "catholic", studies: "choose" });
  await visit.arrived();
  // Back to work: the sector, asked long ago, is still known.
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Quelle est votre situation ?").click();
  await visit.choice("employed").click();
  await visit.arrived();
  assert.equal((await visit.read()).main.name, after.main.name);
});

test("the commune can be changed from the result", async (t) => {
  const visit = await open(t);
  await visit.follow(ROMANS);
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Dans quelle commune habitez-vous ?").click();
  await visit.commune("aubenas", "Aubenas");
  await visit.arrived();
  const shown = await visit.read();
  assert.ok(shown.answers.includes("Aubenas") && !shown.answers.includes("Romans-sur-Isère"));
});

test("« Recommencer » forgets everything", async (t) => {
  const visit = await open(t);
  await visit.follow(ROMANS);
  await visit.button("Recommencer").click();
  await visit.asked("situation");
  assert.equal(await visit.chosen(), undefined);
  assert.equal(await visit.button("Retour").count(), 0);
  await visit.answerAll(ROMANS.answers);
  await visit.asked("commune");
  assert.equal(await visit.input.inputValue(), "");
});

test("an answer goes on by itself: nothing else is there to press but the way back", async (t) => {
  const visit = await open(t);
  for (const [index, [question, choice]] of Object.entries(PRIVAS.answers).entries()) {
    await visit.asked(question);
    const screen = visit.element.locator(".screen");
    const others = await screen.locator("button:not(.choice)").allTextContents();
    assert.deepEqual(others, index > 0 ? ["Retour"] : [], question);
    assert.equal(await screen.locator("input").count(), 0, question);
    assert.equal(await visit.chosen(), undefined, `nothing is answered before ${question} is`);
    await visit.choice(choice).click();
  }
  await visit.asked("commune");
});

test("an optional question says so, and offers not to answer", async (t) => {
  const { questions } = await guide();
  const optional = questions.filter((question) => question.optional).map(({ id }) => id);
  assert.notEqual(optional.length, 0);
  const visit = await open(t);
  const answers = { ...ROMANS.answers };
  let seen = 0;
  for (const question of Object.keys(answers)) {
    await visit.asked(question);
    const says = await visit.element.getByText("Question facultative.").count();
    assert.equal(says, optional.includes(question) ? 1 : 0, question);
    if (says) {
      seen += 1;
      assert.equal(await visit.choice("unsaid").count(), 1, `${question} may be left unsaid`);
      answers[question] = "unsaid";
    }
    await visit.answer(question, answers[question]);
  }
  assert.ok(seen >= 2, "the visit met optional questions");
  await visit.commune("romans", "Romans-sur-Isère");
  await visit.arrived();
});

test("what a kept answer would open is told, and can be answered from there", async (t) => {
  const visit = await open(t);
  await visit.follow(people["someone who prefers not to say in La Motte-Fanjas"]);
  await visit.result.getByText("Une réponse de plus peut ouvrir d’autres portes").click();
  const door = visit.result.locator(".more li").filter({ hasText: "Mission locale" });
  await door.getByRole("button", { name: "Répondre à la question" }).click();
  await visit.asked("situation");
});

test("the words follow the person that the answers are about", async (t) => {
  const visit = await open(t);
  await visit.answerAll({ situation: "pupil", track: "school", studies: "choose", "for-whom": "child" });
  await visit.heading.filter({ hasText: "Dans quelle commune votre enfant habite-t-il ?" }).waitFor();
  await visit.back();
  await visit.answer("for-whom", "other");
  await visit.heading.filter({ hasText: "Dans quelle commune cette personne habite-t-elle ?" }).waitFor();
});

test("the number of the question is said, and never that there are more than there were", async (t) => {
  const visit = await open(t);
  let most = Infinity;
  let number = 0;
  for (const [question, choice] of [...Object.entries(ROMANS.answers), ["commune", null]]) {
    await visit.asked(question);
    number += 1;
    const said = await visit.element.locator(".step").innerText();
    assert.match(said, new RegExp(`^Question ${number}\\b`));
    const left = /la dernière/.test(said) ? 0 : /une au plus/.test(said) ? 1 : Number(/puis (\d+)/.exec(said)?.[1] ?? most);
    assert.ok(left <= most, said);
    most = left;
    if (choice) await visit.answer(question, choice);
  }
  assert.equal(most, 0, "the last question is called the last");
});

test("a double click answers one question, whatever comes under it", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  await visit.choice("retired").dblclick();
  await visit.asked("goal");
  assert.equal(await visit.chosen(), undefined);
  await visit.choice("review").click();
  await visit.asked("commune");
  await visit.back();
  await visit.asked("goal");
  // The second press on « Retour » may find an answer where it was: it is not given.
  const { x, y } = await visit.choice("train").boundingBox();
  const { mouse } = visit.page;
  await mouse.move(x + 5, y + 5);
  await mouse.down({ clickCount: 2 });
  await mouse.up({ clickCount: 2 });
  await visit.asked("goal");
  assert.equal(await visit.chosen(), "review");
  await mouse.down();
  await mouse.up();
  await visit.asked("commune");
});
