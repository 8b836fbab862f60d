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
    assert.equal(await visit.choice(choice).isChecked(), true, `${question} is ${choice}`);
  }
  assert.equal(await visit.button("Retour").count(), 0, "nothing before the first question");
  // Forward again, without answering anything anew.
  await visit.goOn();
  await visit.arrived();
});

test("an earlier answer that changes keeps the later ones", async (t) => {
  const visit = await open(t);
  await visit.follow(PRIVAS);
  const before = await visit.read();
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Où travaillez-vous ?").click();
  await visit.asked("sector");
  assert.equal(await visit.choice("private").isChecked(), true);
  await visit.choice("executive").check();
  await visit.goOn();
  // Nothing else has to be said again.
  await visit.arrived();
  const after = await visit.read();
  assert.notEqual(after.main.name, before.main.name, "the recommendation follows");
  assert.ok(after.answers.includes("Privas"));
  // What the change opens is asked, and only that.
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Quelle est votre situation ?").click();
  await visit.choice("pupil").check();
  await visit.goOn();
  await visit.answerAll({ track: "catholic", studies: "choose" });
  await visit.arrived();
  // Back to work: the sector, asked long ago, is still known.
  await visit.result.getByText("Vos réponses").click();
  await visit.button("Modifier : Quelle est votre situation ?").click();
  await visit.choice("employed").check();
  await visit.goOn();
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
  assert.equal(await visit.element.locator("input:checked").count(), 0);
  assert.equal(await visit.button("Retour").count(), 0);
  await visit.answerAll(ROMANS.answers);
  await visit.asked("commune");
  assert.equal(await visit.input.inputValue(), "");
});

test("going on without an answer says so, where it is missing", async (t) => {
  const visit = await open(t);
  for (const question of ["situation", "sector"]) {
    await visit.asked(question);
    await visit.goOn();
    await visit.error.filter({ hasText: "Choisissez une réponse pour continuer." }).waitFor();
    const told = await visit.element.evaluate((element) => {
      const root = element.shadowRoot;
      const choices = [...root.querySelectorAll("input[type=radio]")];
      const error = root.querySelector("#error");
      return {
        focus: choices.indexOf(root.activeElement),
        alert: error.getAttribute("role"),
        tied: choices.every(
          (choice) =>
            choice.getAttribute("aria-describedby")?.split(" ").includes("error") ||
            choice.closest("fieldset").getAttribute("aria-describedby")?.split(" ").includes("error"),
        ),
        before: error.compareDocumentPosition(choices[0]) & Node.DOCUMENT_POSITION_FOLLOWING,
      };
    });
    assert.equal(told.focus, 0, "the focus is where the answer is given");
    assert.equal(told.alert, "alert");
    assert.ok(told.tied, "the error belongs to the field");
    assert.ok(told.before, "the error comes before what it is about");
    // Twice is no worse than once.
    await visit.goOn();
    await visit.error.waitFor();
    await visit.choice(PRIVAS.answers[question]).check();
    await visit.goOn();
  }
  await visit.asked("goal");
  assert.equal(await visit.error.count(), 0, "an error does not follow to the next question");
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

test("« Continuer » twice in a row answers one question", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  await visit.choice("retired").check();
  await visit.button("Continuer").dblclick();
  await visit.asked("goal");
  assert.equal(await visit.element.locator("input:checked").count(), 0);
  // An impatient second press is not a mistake to be told off for.
  assert.equal(await visit.error.count(), 0);
});
