// One small interface over three engines, so that a test is written once.
//
// Chromium is driven by playwright-core, which the other tests use already. Firefox speaks
// WebDriver BiDi by itself: all that it takes is a socket, hence the one dependency (`ws`, which has
// none of its own, where puppeteer-core would bring twenty packages and geckodriver a download).
// WebKitGTK has its own WebDriver server, which is plain HTTP.
//
// A browser shows one page at a time: opening the next closes the one before.

import { Chromium } from "./engines/chromium.mjs";
import { Firefox } from "./engines/firefox.mjs";
import { WebKit } from "./engines/webkit.mjs";
import { Page } from "./engines/page.mjs";

/** The engines by the name that `SPRO_ENGINE` gives them, and as a table shows them. */
export const ENGINES = { chromium: Chromium, firefox: Firefox, webkit: WebKit };

/** The engine of this process: `cargo xtask test` runs the same files once for each. */
export const ENGINE = process.env.SPRO_ENGINE ?? "chromium";
if (!ENGINES[ENGINE]) throw new Error(`SPRO_ENGINE is ${Object.keys(ENGINES).join(", ")}, not ${ENGINE}`);

/** A browser with a clean profile. Without JavaScript where that is said. */
export async function launch({ javaScript = true } = {}) {
  const driver = await ENGINES[ENGINE].launch({ javaScript });
  return {
    /** Opens an address in a page of its own. */
    async open(url, { width = 1280, height = 900 } = {}) {
      await driver.fresh({ width, height });
      await driver.goto(url);
      return new Page(driver);
    },
    close: () => driver.close(),
  };
}
