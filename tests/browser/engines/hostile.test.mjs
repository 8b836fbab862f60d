// Pages that do what they like with styles, with the language and with the element, in this engine.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/engines.mjs";
import { startHost } from "../lib/host.mjs";
import { LIBRARIES, TAGS, ZONES } from "../lib/patches.mjs";
import { page } from "../lib/policies.mjs";
import { partner, worker } from "../lib/server.mjs";
import { INHERITED, differences, stylesOf } from "../lib/styles.mjs";
import { SHORT, Visitor } from "../lib/visitor.mjs";

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

const open = async (address, options) => new Visitor(await browser.open(address, options));

/** Our snippet on a page with a script of its own before it. */
function openWith(name, script) {
  pages[`/${name}`] = { body: page({ before: script }, worker) };
  return open(`${host.origin}/${name}`);
}

/** The screen that has most kinds of nodes, before a result. */
async function openList(visitor) {
  await visitor.answerAll(SHORT.choices);
  await visitor.type("romans");
  await visitor.lines();
  await visitor.page.press("ArrowDown");
}

test("no style of the host gets into the guide, from the open list to the result", async () => {
  const screens = async (name) => {
    const visitor = await open(`${partner}/${name}`);
    await openList(visitor);
    const list = await visitor.ask(stylesOf, [""], INHERITED);
    await visitor.empty();
    await visitor.commune(SHORT.typed, SHORT.commune);
    return { list, result: await visitor.ask(stylesOf, [""], INHERITED) };
  };
  const [usual, found] = [await screens("tests-plain.html"), await screens("tests-hostile.html")];
  assert.ok(Object.keys(usual.result).length > 1000, "there is something to compare");
  for (const screen of ["list", "result"]) assert.deepEqual(differences(found[screen], usual[screen]), [], screen);
});

for (const [name, script] of Object.entries({ libraries: LIBRARIES, zones: ZONES, tags: TAGS })) {
  test(`a page whose language is patched: ${name}`, async () => {
    const visitor = await openWith(name, script);
    assert.ok(await visitor.follow());
    if (name === "tags") assert.ok(await visitor.page.evaluate(() => window.shadows > 0), "the patches were there before us");
  });
}

test("an element taken away and put back a hundred times works the hundred-and-first", async () => {
  const visitor = await open(`${partner}/tests-plain.html`);
  await visitor.answer(SHORT.choices[0]);
  await visitor.page.evaluate(async () => {
    const element = document.querySelector("spro-guide");
    const home = element.parentNode;
    for (let time = 0; time < 100; time += 1) {
      element.remove();
      // Now and then it is really gone before it comes back.
      if (time % 4 === 0) await new Promise((done) => setTimeout(done));
      home.append(element);
    }
  });
  assert.ok(await visitor.follow());
  const left = await visitor.page.evaluate(() => [document.querySelectorAll("spro-guide").length, document.querySelectorAll("iframe").length]);
  assert.deepEqual(left, [1, 0]);
});

test("an element dragged elsewhere keeps the visit", async () => {
  const visitor = await open(`${partner}/tests-two.html`);
  await visitor.answerAll(SHORT.choices);
  await visitor.type("aubenas");
  await visitor.lines();
  // As such libraries do: a ghost follows the pointer, the real one is hidden, then put in its place.
  await visitor.page.evaluate(() => {
    const element = document.querySelector("#here spro-guide");
    const ghost = element.cloneNode(true);
    document.body.append(ghost);
    element.style.display = "none";
    const there = document.querySelector("#there");
    there.insertBefore(element, there.firstChild);
    there.append(element);
    element.style.display = "";
    ghost.remove();
  });
  const moved = new Visitor(visitor.page, 1);
  assert.equal(await moved.until((root) => root.querySelector("[role=combobox]")?.value), "aubenas");
  // Where the engine can move a node without taking it away, it does.
  await visitor.page.evaluate(() => {
    const element = document.querySelectorAll("spro-guide")[1];
    const here = document.querySelector("#here");
    if (here.moveBefore) here.moveBefore(element, null);
    else here.append(element);
  });
  await visitor.empty();
  await visitor.commune(SHORT.typed, SHORT.commune);
});

test("two elements of a page have two visits", async () => {
  const one = await open(`${partner}/tests-two.html`);
  const two = new Visitor(one.page, 1);
  await one.answer("student");
  await two.offered("student");
  await two.answer("retired");
  await one.offered("abroad");
  await one.ask((root) => root.host.remove());
  const left = new Visitor(one.page, 0);
  await left.answer("review");
  await left.commune(SHORT.typed, SHORT.commune);
});
