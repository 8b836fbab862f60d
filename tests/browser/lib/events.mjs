// What the host page hears.

const NAMES = ["ready", "step", "result", "contact", "error"];

/** Listens on the document from the first instant; must come before the page is loaded. */
export async function hear(page) {
  await page.addInitScript((names) => {
    window.heard = [];
    for (const name of names) {
      document.addEventListener(`spro-guide:${name}`, (event) => {
        const { bubbles, composed, target, detail } = event;
        window.heard.push({ name, bubbles, composed, target: target.localName, detail: { ...detail } });
      });
    }
  }, NAMES);
}

/** What was heard so far. */
export const heard = (page) => page.evaluate(() => window.heard);

/** Waits until an event of this name was heard this many times. */
export const until = (page, name, times = 1) =>
  page.waitForFunction(([wanted, count]) => window.heard.filter((event) => event.name === wanted).length >= count, [name, times]);
