// axe-core on every kind of screen, light and dark, and what it cannot see.

import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { people } from "./lib/people.mjs";
import { onWorker, open } from "./lib/session.mjs";
import { sweep, tell } from "./lib/thorough.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const ANNECY = people["an executive in Annecy"];
const LA_MOTTE = people["someone who prefers not to say in La Motte-Fanjas"];

async function screens(visit, check) {
  await visit.asked("situation");
  await check("question");
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.back();
  await visit.asked("situation");
  await check("question that was answered");
  await visit.toCommune();
  await check("commune");
  await visit.type("romans");
  await check("open list");
  await visit.input.press("ArrowDown");
  await check("open list with an active line");
  await visit.input.fill("zzzz");
  await visit.goOn();
  await visit.error.filter({ hasText: /\S/ }).waitFor();
  await check("unknown commune");
  await visit.commune("romans", ROMANS.commune);
  await visit.arrived();
  await check("result");
}

async function opened(visit, check, person) {
  await visit.follow(person);
  for (const summary of await visit.result.locator("summary").all()) await summary.click();
  await check(`opened result of ${person.file}`);
}

/** Each theme on each page; the quick run takes each theme once, and each page once. */
const SIGHTS = [
  ["light", "index.html"],
  ["dark", "tests-dark.html"],
  ["light", "tests-dark.html"],
  ["dark", "index.html"],
];
const taken = sweep(SIGHTS, (_, index) => index < 2);

for (const [theme, page] of taken) {
  test(`axe finds nothing, ${theme}, on ${page}`, async (t) => {
    let checked = 0;
    const options = { colorScheme: theme, viewport: { width: 375, height: 800 } };
    const check = (visit) => async (screen) => {
      assert.deepEqual(await violations(visit), [], screen);
      checked += 1;
    };
    const visit = await open(t, page, options);
    // The partner's page has no dark theme of its own.
    const dress = (which) => which.element.evaluate((element, name) => element.setAttribute("theme", name), theme);
    if (page === "index.html") await dress(visit);
    await screens(visit, check(visit));
    for (const person of [ROMANS, ANNECY, LA_MOTTE]) {
      const other = await open(t, page, options);
      if (page === "index.html") await dress(other);
      await opened(other, check(other), person);
    }
    t.diagnostic(`${checked} screens`);
    tell(t, taken.length, SIGHTS.length, "themes and pages");
  });
}

test("axe finds nothing when something did not come, light and dark", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const visit = await open(t, "tests-dark.html", {
      colorScheme,
      expects: [/Failed to load resource/],
      before: (page) => onWorker(page, /(communes|department\.26)\.bin$/, (route) => route.abort()),
    });
    await visit.element.evaluate((element) => element.setAttribute("commune", "26281"));
    await visit.answerAll({ situation: "retired", goal: "review" });
    await visit.main.waitFor();
    assert.deepEqual(await violations(visit), [], `${colorScheme} result without places`);
    await visit.back();
    await visit.asked("commune");
    await visit.status.filter({ hasText: "connexion" }).waitFor();
    assert.deepEqual(await violations(visit), [], `${colorScheme} field without names`);
  }
});

test("a screen reader hears what is seen: names, roles, groups, in order", async (t) => {
  const visit = await open(t);
  await visit.asked("situation");
  await visit.element.getByRole("region", { name: "Guide de l’orientation" }).waitFor();
  await visit.answer("situation", "young");
  await visit.asked("youth");
  const list = visit.element.getByRole("list", { name: "Une de ces phrases est-elle vraie ?" });
  await list.waitFor();
  assert.equal(await list.getByRole("listitem").count(), 7);
  assert.equal(await list.getByRole("button").count(), 7);
  await list.getByRole("button", { name: "J’ai 16 ou 17 ans" }).waitFor();
  const description = await list.evaluate((node) => node.getRootNode().getElementById(node.getAttribute("aria-describedby")).textContent);
  assert.match(description, /^Question facultative\./);
});

test("the headings of a result go down one step at a time", async (t) => {
  const visit = await open(t);
  await visit.follow(ANNECY);
  const levels = await visit.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("h1, h2, h3, h4, h5, h6")]
      .filter((heading) => heading.checkVisibility())
      .map((heading) => Number(heading.localName[1])),
  );
  assert.equal(levels[0], 2);
  levels.slice(1).forEach((level, index) => assert.ok(level <= levels[index] + 1, `${levels}`));
});

test("a link that opens elsewhere says so", async (t) => {
  const visit = await open(t);
  await visit.follow(ROMANS);
  for (const summary of await visit.result.locator("summary").all()) await summary.click();
  const silent = await visit.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("a[target=_blank]")]
      .filter((link) => !/nouvel onglet/.test(link.textContent + (link.title ?? "") + (link.ariaLabel ?? "")))
      .map((link) => link.textContent),
  );
  assert.deepEqual(silent, []);
});

test("the same words lead to the same place", async (t) => {
  const visit = await open(t);
  await visit.follow(ANNECY);
  const names = await visit.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("button, a")]
      .filter((node) => node.checkVisibility())
      .map((node) => [node.ariaLabel ?? node.textContent.trim(), node.href ?? ""]),
  );
  const places = new Map();
  for (const [name, href] of names) places.set(name, (places.get(name) ?? new Set()).add(href));
  const vague = [...places].filter(([, hrefs]) => hrefs.size > 1).map(([name, hrefs]) => `${name}: ${[...hrefs]}`);
  assert.deepEqual(vague, []);
});

test("forced colours keep what is chosen and what is focused apart", async (t) => {
  const visit = await open(t, "tests-plain.html", { forcedColors: "active" });
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.back();
  await visit.asked("situation");
  const outline = (id) =>
    visit.choice(id).evaluate((choice) => {
      const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(choice);
      return outlineStyle === "none" ? "none" : `${outlineStyle} ${outlineWidth} ${outlineOffset}`;
    });
  const chosen = await outline("retired");
  assert.match(chosen, /^solid [1-9]/);
  assert.equal(await outline("pupil"), "none");
  await visit.page.keyboard.press("Tab");
  const both = await outline(await visit.element.evaluate(({ shadowRoot }) => shadowRoot.activeElement.value));
  assert.notEqual(both, chosen);
});

test("forced colours show which line of the list is active", async (t) => {
  const visit = await open(t, "tests-plain.html", { forcedColors: "active" });
  await visit.toCommune();
  await visit.type("beaumont");
  await visit.input.press("ArrowDown");
  // The list scrolls, hence cuts what sticks out of its lines.
  const look = (index) =>
    visit.options.nth(index).evaluate((option) => {
      const { outlineStyle, outlineOffset, backgroundColor } = getComputedStyle(option);
      return { inside: outlineStyle !== "none" && Number.parseFloat(outlineOffset) < 0, backgroundColor };
    });
  const [active, other] = [await look(0), await look(1)];
  assert.ok(active.inside || active.backgroundColor !== other.backgroundColor, JSON.stringify(active));
});

test("nobody's eyes are pulled: nothing moves when motion is not wanted", async (t) => {
  const visit = await open(t, "tests-plain.html", { reducedMotion: "reduce" });
  await visit.follow(ROMANS);
  const moving = await visit.element.evaluate(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll("*")]
      .map((node) => [node.localName, getComputedStyle(node)])
      .filter(([, style]) => Number.parseFloat(style.transitionDuration) > 0 || style.animationName !== "none")
      .map(([name]) => name),
  );
  assert.deepEqual(moving, []);
});
