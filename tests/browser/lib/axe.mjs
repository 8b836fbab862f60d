// axe-core, on an element.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in the element; the host's page is the host's. */
export async function violations(visit) {
  if (!(await visit.page.evaluate(() => "axe" in window))) await visit.page.evaluate(AXE);
  // A colour on its way is none that anybody reads.
  await visit.element.evaluate(({ shadowRoot }) =>
    Promise.all(shadowRoot.getAnimations().map((animation) => animation.finished)),
  );
  const { violations: found, passes } = await visit.page.evaluate(() =>
    window.axe.run("spro-guide", { resultTypes: ["violations", "passes"] }),
  );
  assert.ok(passes.length > 5, "axe saw into the element");
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => [id, help, target.flat().join(" "), failureSummary]));
}
