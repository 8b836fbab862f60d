// The policies of real sites and what may be missing of us, in this engine: which rung of the
// ladder each gives, and that a visitor gets on from there. What was found is this engine's column of
// docs/policies.md.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { ENGINE, ENGINES, launch } from "../lib/engines.mjs";
import { startHost, startOurs, stopped } from "../lib/host.mjs";
import { check, keep } from "../lib/matrix.mjs";
import { ROWS, page } from "../lib/policies.mjs";
import { cell, look } from "../lib/rung.mjs";
import { worker } from "../lib/server.mjs";
import { sweep, tell } from "../lib/thorough.mjs";

/** In Chromium every row; in the others, quickly, one of each kind that an engine decides. */
const taken = sweep(ROWS, ({ everywhere }) => ENGINE === "chromium" || everywhere);

const pages = {};
const cells = {};
let host;
let browser;
let integrity;

before(async () => {
  host = await startHost(pages);
  const script = Buffer.from(await (await fetch(`${worker}/spro-guide.js`)).arrayBuffer());
  integrity = `sha384-${createHash("sha384").update(script).digest("base64")}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await host?.close();
});

/** Our server, as this row finds it. */
async function oursOf(row) {
  if (row.stopped) return stopped();
  if (row.eats || row.hangs || row.changes) return startOurs(row);
  return { origin: worker, close: async () => {} };
}

for (const row of taken) {
  test(row.id, async (t) => {
    const ours = await oursOf(row);
    t.after(() => ours.close());
    let path = `/${row.id}`;
    pages[path] = { headers: row.headers?.(ours.origin), body: page(row, ours.origin, row.integrity && integrity) };
    if (row.sandbox !== undefined) {
      pages[`${path}/outer`] = { body: `<!doctype html><iframe sandbox="${row.sandbox}" src="${path}" width="1000" height="800"></iframe>` };
      path += "/outer";
    }
    const own = row.javaScript === false ? await launch({ javaScript: false }) : browser;
    if (own !== browser) t.after(() => own.close());
    const shown = await own.open(host.origin + path);
    const found = await decided(row, shown);
    cells[row.id] = cell(found);
    t.diagnostic(`after ${Math.round(found.now)} ms`);
    assert.deepEqual(
      { rung: found.rung, why: found.why },
      { rung: row.rung, why: row.why ?? "" },
    );
    await goesOn[row.rung](row, shown, ours);
  });
}

/**
 * Waits until the wanted rung is said, or until nobody can say any more: a rung may be left for
 * the next while the visitor reads the first question. That the element waits three seconds and
 * no longer is in fallbacks.test.mjs, where the page's time is the test's; here the reason says
 * whether they were over.
 */
async function decided(row, shown) {
  const framed = row.sandbox !== undefined;
  const ask = (call, ...values) => (framed ? shown.untilInFrame(call, ...values) : shown.until(call, ...values));
  const { seen, said, why, now } = await ask(
    `(silent, hangs, wanted) => {
      const found = (${look})();
      if (!found) return null;
      // A page that waits for our script for ever is never complete: the link is there before.
      const over = silent ? (found.complete || hangs) && !found.defined : found.said === wanted || found.said === "link";
      return over ? found : null;
    }`,
    row.silent ?? false,
    Boolean(row.hangs),
    row.rung,
  ).catch(() => ask(look));
  // What it says is what is seen.
  if (said) assert.deepEqual(seen, [said], "what the element says it shows");
  return { rung: seen.join(" + ") || "nothing", why, now };
}

/** In our page: what asks there, the element or the page itself. */
function guideInside() {
  const inner = document.querySelector("spro-guide")?.shadowRoot;
  return inner?.querySelector("h2") ? inner : document;
}

/** A visitor gets on from each rung. */
const goesOn = {
  async element(row, shown) {
    const ask = (call, ...values) => (row.sandbox === undefined ? shown.until(call, ...values) : shown.untilInFrame(call, ...values));
    const first = await ask(() => document.querySelector("spro-guide").shadowRoot.querySelector("h2")?.textContent);
    if (row.styled) {
      const shape = await ask(() => getComputedStyle(document.querySelector("spro-guide").shadowRoot.querySelector("[part~=choice]")).display);
      assert.equal(shape, "flex", "the element has its style");
    }
    if (row.sandbox !== undefined) {
      // A frame is in the way of real clicks.
      await ask(() => {
        document.querySelector("spro-guide").shadowRoot.querySelector("[part~=choice]").click();
        return true;
      });
    } else {
      await shown.click("[part~=choice]");
    }
    await ask((before) => {
      const heading = document.querySelector("spro-guide").shadowRoot.querySelector("h2");
      return heading && heading.textContent !== before;
    }, first);
  },
  async frame(_, shown) {
    const first = await shown.untilInFrame(`() => (${guideInside})().querySelector(".choice") && (${guideInside})().querySelector("h2").textContent`);
    await shown.untilInFrame(`() => {
      (${guideInside})().querySelector(".choice").click();
      return true;
    }`);
    await shown.untilInFrame(`(before) => {
      const heading = (${guideInside})().querySelector("h2");
      return heading && heading.textContent !== before;
    }`, first);
  },
  async link(row, shown, ours) {
    const ask = (call) => (row.sandbox === undefined ? shown.until(call) : shown.untilInFrame(call));
    const there = await ask(() => {
      const link = document.querySelector("spro-guide a");
      link.scrollIntoView({ block: "center" });
      const box = link.getClientRects()[0];
      if (!box) return null;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      return { href: link.href, x, y, hit: document.elementFromPoint(x, y) === link };
    });
    assert.equal(there.href, `${ours.origin}/`);
    assert.ok(there.hit, "nothing lies over the link");
  },
};

test("the table of docs/policies.md says what was found", async (t) => {
  const skipped = ROWS.filter((row) => !taken.includes(row)).map(({ id }) => [id, "–"]);
  await keep(ENGINE, ROWS, { ...cells, ...Object.fromEntries(skipped) });
  for (const row of taken) t.diagnostic(`${ENGINES[ENGINE].title}: ${row.title} → ${cells[row.id]}`);
  tell(t, taken.length, ROWS.length, `policies in ${ENGINES[ENGINE].title}`);
  await check(ENGINE, ROWS, cells);
});
