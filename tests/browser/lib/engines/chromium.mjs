// Chromium, through playwright-core.

import { start } from "../browser.mjs";

export class Chromium {
  static title = "Chromium";

  static async launch({ javaScript }) {
    const driver = new Chromium();
    driver.javaScript = javaScript;
    driver.browser = await start();
    return driver;
  }

  async fresh({ width, height }) {
    await this.context?.close();
    this.lines = [];
    this.context = await this.browser.newContext({
      locale: "fr-FR",
      viewport: { width, height },
      javaScriptEnabled: this.javaScript,
    });
    this.page = await this.context.newPage();
    this.page.on("console", (message) => this.lines.push(message.text()));
  }

  async goto(url) {
    await this.page.goto(url, { waitUntil: "domcontentloaded" });
  }

  evaluate(source, values, framed = false) {
    const where = framed ? this.page.frames()[1] : this.page;
    if (!where) throw new Error("no frame");
    // A text is evaluated as it is, whatever the page has done to what functions are sent with.
    return where.evaluate(`(${source})(...${JSON.stringify(values)})`);
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  async click(x, y) {
    await this.page.mouse.click(x, y);
  }

  screenshot() {
    return this.page.screenshot();
  }

  console() {
    return this.lines;
  }

  async close() {
    await this.browser.close();
  }
}
