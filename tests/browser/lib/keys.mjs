// The focus, and what is pressed to bring it somewhere.

import assert from "node:assert/strict";

/** More stops than any screen has. */
const MOST = 80;

/** In the page: what has the focus in the guide, and whether somebody who looks can see it. */
export function focused(root) {
  const node = root.activeElement;
  if (!node) return { what: null };
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  return {
    what: (node.textContent.trim() || node.value || node.id).replace(/\s+/g, " "),
    tag: node.localName,
    choice: node.matches(".choice") ? node.value : null,
    lang: node.getAttribute("lang"),
    outlined: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
    inView: box.bottom > 0 && box.top < innerHeight,
    tab: node.tabIndex,
  };
}

/** Presses Tab until this has the focus; every stop on the way must be visible. All stops, in order. */
export async function tabTo(visitor, wanted, key = "Tab") {
  const stops = [];
  for (let press = 0; press < MOST; press += 1) {
    await visitor.page.press(key);
    // WebKit brings it into view a frame later.
    const now = await visitor.until(`(root) => { const now = (${focused})(root); return (now.what === null || now.inView) && now; }`);
    if (now.what === null) continue;
    assert.ok(now.outlined, `the focus on « ${now.what} » is visible`);
    stops.push(now.what);
    if (wanted(now)) return stops;
  }
  assert.fail(`${key} never got there: ${stops.join(" | ")}`);
}

export const says = (text) => (now) => now.what.includes(text);

/** After a step the heading has the focus: it is read, and Tab goes on from there. */
export async function headingFocused(visitor, screen) {
  const now = await visitor.until(`(root) => { const now = (${focused})(root); return now.tag === "h2" && now; }`);
  assert.equal(now.tab, -1, `${screen}: the heading is not one more stop`);
  assert.ok(now.inView, `${screen}: the heading is in view`);
}
