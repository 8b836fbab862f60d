// The pages that administrators look at: the diagnosis and the drawn guide, as the worker
// serves them, under the policy that it sends with them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { close, newPage } from "./lib/browser.mjs";
import { worker } from "./lib/server.mjs";
import { sweep, tell } from "./lib/thorough.mjs";

after(close);

const PAGES = {
  "the region": "diagnosis?format=html",
  "a department": "diagnosis?format=html&department=26",
  "a commune": "diagnosis?format=html&commune=26281",
  "the drawn guide": "guide.html",
};

/** A page that complains about nothing, its policy included. */
async function look(t, path, options = {}) {
  const extraHTTPHeaders = { Authorization: `Bearer ${process.env.SPRO_TOKEN}` };
  const page = await newPage({ extraHTTPHeaders, ...options });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(complaints, [], `${path}: the page's console`);
  });
  const response = await page.goto(`${worker}/admin/v1/${path}`);
  assert.equal(response.status(), 200, path);
  return page;
}

const SIGHTS = Object.keys(PAGES).flatMap((name) => [[name, "light", 1280], [name, "dark", 320]]);
// The region and a department are one page with other numbers: each is taken in one sight.
const taken = sweep(SIGHTS, ([name, theme]) => name !== (theme === "light" ? "a department" : "the region"));

for (const [name, theme, width] of taken) {
  test(`axe finds nothing in ${name}, ${theme}, ${width} pixels wide, and nothing spills`, async (t) => {
    const page = await look(t, PAGES[name], { colorScheme: theme, viewport: { width, height: 800 } });
    await checkPage(page);
    tell(t, taken.length, SIGHTS.length, "pages in a theme at a width");
  });
}

test("the pages say the same without JavaScript, and the policy lets their style in", async (t) => {
  for (const path of Object.values(PAGES)) {
    const page = await look(t, path, { javaScriptEnabled: false });
    await page.getByRole("heading", { level: 1 }).waitFor();
    const frame = page.locator("svg[role=img]").first();
    if (path !== PAGES["a commune"]) {
      assert.ok((await frame.boundingBox()).height > 100, `${path}: something is drawn`);
    }
  }
});

test("a map has the table that says the same, and a keyboard reaches what scrolls", async (t) => {
  const page = await look(t, PAGES["a department"], { viewport: { width: 320, height: 640 } });
  const maps = await page.getByRole("img").evaluateAll((all) => all.map((map) => map.getAttribute("aria-label")));
  assert.ok(maps.includes("Drôme : niveau 1 : accueil"), `${maps}`);
  const rows = page.locator("#communes ~ .wide").first().locator("tbody tr");
  assert.equal(await rows.count(), 362);
  const regions = await page.getByRole("region").all();
  assert.ok(regions.length >= 3);
  for (const region of regions) {
    await region.focus();
    assert.ok(await region.evaluate((node) => node === document.activeElement), "it takes the focus");
  }
});

test("in a real browser every text of the drawing stays in its box and off the others", async (t) => {
  const page = await look(t, "guide.svg");
  const wrong = await page.evaluate(() => {
    const box = (node) => {
      const { x, y, width, height } = node.getBBox();
      return { node, left: x, top: y, right: x + width, bottom: y + height };
    };
    const texts = [...document.querySelectorAll("text")].map(box);
    const frames = [...document.querySelectorAll("rect")].map(box);
    const found = [];
    for (const text of texts) {
      const middle = [(text.left + text.right) / 2, (text.top + text.bottom) / 2];
      const around = frames.filter(({ left, right, top, bottom }) => left <= middle[0] && middle[0] <= right && top <= middle[1] && middle[1] <= bottom);
      const size = ({ left, right, top, bottom }) => (right - left) * (bottom - top);
      const own = around.sort((a, b) => size(a) - size(b))[0];
      if (!own || text.left < own.left || text.right > own.right) found.push(`out of its box: ${text.node.textContent}`);
      for (const other of texts) {
        // Letters that go below a line may come near those that go above the next.
        const near = 3;
        if (other === text || text.node.compareDocumentPosition(other.node) & Node.DOCUMENT_POSITION_PRECEDING) continue;
        if (text.left < other.right && other.left < text.right && text.top + near < other.bottom && other.top + near < text.bottom) {
          found.push(`${text.node.textContent} / ${other.node.textContent}`);
        }
      }
    }
    return { found, count: texts.length };
  });
  assert.deepEqual(wrong.found, []);
  assert.ok(wrong.count > 200, `${wrong.count} texts`);
});
