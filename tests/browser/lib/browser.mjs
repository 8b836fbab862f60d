// One Chromium per process, one context per visit.

import { createRequire } from "node:module";

// Not `import`: to name what it imports, Node would read the whole of it once more.
const { chromium } = createRequire(import.meta.url)("playwright-core");

/** When something is given up that should have come: far beyond what it takes on a machine that has other things to do. */
const PATIENCE = 60_000;

let running;

/** A browser of one's own. */
export const start = () =>
  chromium.launch({
    executablePath: process.env.CHROME || undefined,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** The browser of this process. */
export function browser() {
  running ??= start();
  return running;
}

/** A page in a context of its own. */
export async function newPage(options = {}) {
  const context = await (await browser()).newContext({
    locale: "fr-FR",
    // Far from everywhere: a date that depends on the zone shows.
    timezoneId: "Pacific/Kiritimati",
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  return page;
}

/** Ends the browser, if there is one. */
export async function close() {
  await (await running)?.close();
}
