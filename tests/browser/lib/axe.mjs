// axe-core in Chromium: on an element, or on a page of ours.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** As a script of a page. */
export const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in a part of a page, and how many of its rules found something to look at. */
export async function audit(page, part = "html", options = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(
    async ([where, more]) => {
      // What passes is only counted: to describe each node of it takes axe as long again.
      const { violations, passes } = await window.axe.run(where, { resultTypes: ["violations"], ...more });
      const found = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary }) => [id, help, target.flat().join(" "), failureSummary]),
      );
      return { found, passes: passes.length };
    },
    [part, options],
  );
}

/** What axe finds in the element; the host's page is the host's. */
export async function violations(visit) {
  // A colour on its way is none that anybody reads.
  await visit.element.evaluate(({ shadowRoot }) =>
    Promise.all(shadowRoot.getAnimations().map((animation) => animation.finished)),
  );
  const { found, passes } = await audit(visit.page, "spro-guide");
  assert.ok(passes > 5, "axe saw into the element");
  return found;
}

/** A page of ours is whole: axe finds nothing in it, and it does not scroll sideways. */
export async function checkPage(page, what = page.url()) {
  const { found, passes } = await audit(page, "html", { iframes: false });
  assert.deepEqual(found, [], what);
  assert.ok(passes > 15, `axe looked at ${what}: ${passes} rules`);
  const [needed, there] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(needed <= there, `${what}: ${needed} wide in ${there}`);
}
