// A page per test, watched for complaints.

import assert from "node:assert/strict";
import { after } from "node:test";
import { close, newPage } from "./browser.mjs";
import { partner, worker } from "./server.mjs";
import { Visit } from "./visit.mjs";

after(close);

/**
 * A page of its own for a test, closed with it.
 *
 * What the page complains about fails the test, unless the test says `expect`s it: a
 * warning in a partner's console is a defect too. `waitUntil` is how far the page must be.
 */
export async function open(t, path = "tests-plain.html", options = {}) {
  const { expects = [], before, waitUntil, ...context } = options;
  const page = await newPage(context);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  t.after(async () => {
    await page.context().close();
    const unexpected = complaints.filter((text) => !expects.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], "the page's console");
  });
  await before?.(page);
  await page.goto(new URL(path, `${partner}/`).href, { waitUntil });
  return Object.assign(new Visit(page), { complaints });
}

/** Answers instead of the worker, for addresses whose path matches. */
export const onWorker = (page, pattern, handle) =>
  page.route((url) => url.origin === worker && pattern.test(url.pathname), handle);

/** Something that a test lets happen when it wants. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { opened, open };
}

/** Puts an element with these attributes into a node of the page, or into its root, and our script. */
export const paste = (page, inside, attributes = {}, origin = worker) =>
  page.evaluate(
    ([selector, named, from]) => {
      const element = document.createElement("spro-guide");
      for (const [name, value] of Object.entries(named)) element.setAttribute(name, value);
      const node = document.querySelector(selector);
      (node.shadowRoot ?? node).append(element);
      document.head.append(Object.assign(document.createElement("script"), { type: "module", src: `${from}/spro-guide.js` }));
    },
    [inside, attributes, origin],
  );
