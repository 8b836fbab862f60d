// The accessibility statement is accessible itself, and reads without a script.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { close, newPage } from "./lib/browser.mjs";
import { worker } from "./lib/server.mjs";
import { sweep, tell } from "./lib/thorough.mjs";

after(close);


async function look(t, options = {}) {
  const page = await newPage(options);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(complaints, [], "the page's console");
  });
  const response = await page.goto(`${worker}/accessibilite`);
  assert.equal(response.status(), 200);
  return page;
}

const SIGHTS = [["light", 1280], ["dark", 320], ["dark", 1280], ["light", 320]];
// Colours do not know the width, nor does the layout know the theme.
const taken = sweep(SIGHTS, (_, index) => index < 2);

for (const [theme, width] of taken) {
  test(`axe finds nothing in the statement, ${theme}, ${width} pixels wide, and nothing spills`, async (t) => {
    const page = await look(t, { colorScheme: theme, viewport: { width, height: 800 } });
    await checkPage(page);
    tell(t, taken.length, SIGHTS.length, "themes and widths");
  });
}

test("it says the state of conformity and whom to tell, without a script, and every link is reached by the keyboard", async (t) => {
  const page = await look(t, { javaScriptEnabled: false });
  await page.getByRole("heading", { level: 1, name: "Déclaration d’accessibilité" }).waitFor();
  await page.getByText("Accessibilité : non conforme.").waitFor();
  await page.getByText("aucun résultat d’audit en cours de validité").waitFor();
  const levels = await page.getByRole("heading").allTextContents();
  assert.ok(levels.length > 10, `${levels}`);
  const links = await page.getByRole("link").count();
  assert.ok(links >= 4, `${links} links`);
  for (let index = 0; index < links; index += 1) {
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").count(), 1);
    const { height } = await page.locator(":focus").boundingBox();
    assert.ok(height >= 24, `a link is ${height} pixels high`);
  }
});
