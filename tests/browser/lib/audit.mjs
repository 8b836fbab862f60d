// axe-core in whichever engine, and what axe does not look at: room, errors that belong to a field.

import assert from "node:assert/strict";
import { AXE } from "./axe.mjs";

/** What changes with colours and with room; the rest is the same in every dress. */
export const LOOKS = ["color-contrast", "target-size", "link-in-text-block"];

/** In the page, with axe there: what is wrong in a part of it, in words. */
async function run(where, rules) {
  const root = document.querySelector("spro-guide")?.shadowRoot;
  // A colour on its way is none that anybody reads.
  await Promise.all([...document.getAnimations(), ...(root?.getAnimations() ?? [])].map((one) => one.finished.catch(() => {})));
  const options = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
  if (rules) options.runOnly = rules;
  const { violations, passes } = await window.axe.run(where, options);
  const { scrollWidth, clientWidth } = document.scrollingElement;
  const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in ${clientWidth}`] : [];
  const said = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(" ")}: ${failureSummary}`));
  return { wrong: [...wide, ...said], passes: passes.length };
}

/** A page with axe in it, as the functions that ask it. */
export function auditor(page, { framed = false } = {}) {
  const evaluate = (call, ...values) => (framed ? page.inFrame(call, ...values) : page.evaluate(call, ...values));
  return async (screen, { where = framed ? "body" : "spro-guide", rules = null } = {}) => {
    if (!(await evaluate(() => "axe" in window))) await evaluate(`() => { ${AXE}; return true; }`);
    const { wrong, passes } = await evaluate(run, where, rules);
    assert.deepEqual(wrong, [], screen);
    assert.ok(passes > 0, `axe saw something of: ${screen}`);
  };
}

/** In the page: what is wrong about an error that is shown, in words. */
export function errorTied(root) {
  const error = root.getElementById("error");
  if (!error?.textContent.trim()) return "no error is shown";
  const field = root.activeElement;
  if (!field?.matches("input")) return "the focus is not on the field";
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ");
  if (!described.includes("error")) return "the error is not what the field is described by";
  if (field.matches("[role=combobox]") && field.getAttribute("aria-invalid") !== "true") return "the field is not said to be wrong";
  return "tied";
}
