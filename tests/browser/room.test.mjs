// The room that the element takes: nothing on the host's page moves when the guide arrives, and
// neither the focus nor the scroll position is taken.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gate, onWorker, open } from "./lib/session.mjs";
import { sweep, tell } from "./lib/thorough.mjs";

/** What docs/element.md tells a host to write. */
const DOCUMENT = await readFile(new URL("../../docs/element.md", import.meta.url), "utf8");
const [, RULE] = DOCUMENT.match(/```css\n([^`]*min-height[^`]*)```/);

/**
 * Opens a host's page with texts around the element. Each of our files whose name matches `held`
 * waits until it is let in, so that every state in between is painted.
 */
async function host(t, what, options = {}, held) {
  const doors = gate();
  const visit = await open(t, `tests-room.html?${new URLSearchParams(what)}`, {
    waitUntil: "commit",
    ...options,
    before: async (page) => {
      if (held) {
        await onWorker(page, held, async (route) => {
          await doors.opened;
          await route.continue();
        });
      }
      await page.addInitScript(() => {
        window.shifts = [];
        const keep = (entries) => {
          for (const { value, hadRecentInput, sources } of entries) {
            if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node }) => node?.nodeName)]);
          }
        };
        const observer = new PerformanceObserver((list) => keep(list.getEntries()));
        observer.observe({ type: "layout-shift", buffered: true });
        // What it was not told of yet, too.
        window.shifted = () => {
          keep(observer.takeRecords());
          return window.shifts.splice(0);
        };
      });
    },
  });
  return { visit, doors };
}

/** Two frames: what was asked for is painted. */
const painted = (visit) =>
  visit.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
const shifts = (visit) => visit.page.evaluate(() => window.shifted());

const VIEWS = { "a phone": { width: 320, height: 640 }, "a desk": { width: 1280, height: 900 } };

for (const [name, viewport] of Object.entries(VIEWS)) {
  test(`${name}, with a rule of the host: nothing moves from the first paint to the question`, async (t) => {
    const { visit, doors } = await host(t, { style: RULE }, { viewport }, /spro-guide\.js$/);
    await visit.element.waitFor();
    await painted(visit);
    doors.open();
    await visit.asked("situation");
    await painted(visit);
    assert.deepEqual(await shifts(visit), []);
  });

  test(`${name}, without it, further down: nothing in view moves either`, async (t) => {
    const { visit, doors } = await host(t, { above: 60 }, { viewport }, /spro-guide\.js$/);
    await visit.page.locator("h1").waitFor();
    await painted(visit);
    doors.open();
    await visit.page.waitForFunction(() => customElements.get("spro-guide"));
    await painted(visit);
    await visit.element.dispatchEvent("pointerover");
    await visit.asked("situation");
    await painted(visit);
    assert.deepEqual(await shifts(visit), []);
  });

  test(`${name}, without it, in view: once the script is there nothing moves any more`, async (t) => {
    const { visit, doors } = await host(t, {}, { viewport }, /element\.js$/);
    await visit.page.waitForFunction(() => document.querySelector("spro-guide").clientHeight > 500);
    await painted(visit);
    await shifts(visit);
    doors.open();
    await visit.asked("situation");
    await painted(visit);
    assert.deepEqual(await shifts(visit), []);
  });
}

const heights = (visit) =>
  visit.element.evaluate((element) => ({
    room: Number.parseFloat(getComputedStyle(element).minHeight) || 0,
    guide: element.shadowRoot.querySelector(".guide")?.getBoundingClientRect().height,
  }));

const ATTRIBUTES = ["", 'lang="uk"', 'lang="fr-simple"', 'layout="compact"', 'lang="ar"', 'look="dsfr"'];
const ROOMS = [240, 320, 480, 800].flatMap((width, row) => ATTRIBUTES.map((attributes, column) => ({ width, attributes, row, column })));
// As on a chessboard: each width and each attribute, in half of their combinations.
const taken = sweep(ROOMS, ({ row, column }) => column === 0 || (row + column) % 2 === 0);

test("the room is enough for every language, width and look, and not much more in French", async (t) => {
  for (const { width, attributes } of taken) {
    const { visit } = await host(t, { attributes, style: "body { margin: 0 }" }, { viewport: { width, height: 700 } });
    await visit.heading.waitFor();
    const { room, guide } = await heights(visit);
    assert.ok(guide <= room, `${attributes} ${width}: ${guide} in ${room}`);
    if (!attributes) assert.ok(room < guide * 1.15, `${width}: ${guide} in ${room}`);
    await visit.page.context().close();
  }
  tell(t, taken.length, ROOMS.length, "widths and attributes");
});

test("the room is given back once the visitor goes on, and when there is only the link", async (t) => {
  const { visit } = await host(t, {});
  await visit.asked("situation");
  assert.notEqual((await heights(visit)).room, 0);
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  assert.equal((await heights(visit)).room, 0);

  const failing = await open(t, "tests-plain.html", {
    expects: [/Failed to load resource/, /spro-guide: link/],
    before: (opened) => onWorker(opened, /^\/(v1\/.*)?$/, (route) => route.abort()),
  });
  await failing.page.locator('spro-guide[data-rung="link"]').waitFor();
  assert.ok((await failing.element.evaluate((element) => element.getBoundingClientRect().height)) < 100);
});

test("a host that says how high the element is, is right, and a hidden one takes no room", async (t) => {
  const { visit } = await host(t, { style: "spro-guide { min-height: 1000px }" });
  await visit.asked("situation");
  assert.equal((await heights(visit)).room, 1000);
  const { visit: other } = await host(t, { attributes: "hidden" });
  await other.page.waitForFunction(() => customElements.get("spro-guide"));
  await painted(other);
  assert.equal(await other.element.evaluate((element) => element.getBoundingClientRect().height), 0);
});

test("who reads below the element goes on reading there, and who types goes on typing", async (t) => {
  const { visit, doors } = await host(t, {}, { viewport: VIEWS["a phone"] }, /spro-guide\.js$/);
  const { page: read } = visit;
  await read.locator("#after").waitFor();
  await read.locator("#search").focus();
  await read.evaluate(() => scrollTo({ top: 300, behavior: "instant" }));
  await painted(visit);
  const top = () => read.evaluate(() => document.querySelectorAll("p")[20].getBoundingClientRect().top);
  const before = await top();
  doors.open();
  await visit.asked("situation");
  await painted(visit);
  assert.ok(Math.abs((await top()) - before) < 1, `${await top()} instead of ${before}`);
  assert.equal(await read.evaluate(() => document.activeElement.id), "search");
});
