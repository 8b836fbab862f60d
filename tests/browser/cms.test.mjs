// Every snippet of the generator, pasted where it says: through that tool's filters, into the
// page that the tool would emit, in a real browser. What the generator refuses would not have
// worked, and what it gives instead does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AS_EMITTED, filter } from "./lib/cms.mjs";
import { page as pageOf, serve } from "./lib/site.mjs";
import { open } from "./lib/session.mjs";
import { worker } from "./lib/server.mjs";

const SITES = Object.keys(AS_EMITTED);
const KINDS = ["element", "frame", "link"];
/** What each place lets through. */
const MOST = { html: 3, wordpress: 3, "wordpress-filtered": 1, spip: 3, "spip-strict": 1, drupal: 3, "drupal-basic": 1, frames: 2 };
const NEEDS = { element: 3, frame: 2, link: 1 };

/** What the generator says, without a browser: the snippet, and why not another one. */
async function generate(query) {
  const response = await fetch(`${worker}/embed?${new URLSearchParams(query)}`);
  assert.equal(response.status, 200);
  const html = await response.text();
  const decode = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
  const snippet = decode(/<textarea[^>]*>\n?([\s\S]*?)<\/textarea>/.exec(html)[1]);
  return { snippet, refusal: /<div[^>]*id="refusal">([\s\S]*?)<\/div>/.exec(html)?.[1] ?? null };
}

/** Opens what a tool makes of a text. */
async function paste(t, site, text) {
  const origin = await serve(t, () => ({ html: pageOf(AS_EMITTED[site](text)) }));
  return open(t, `${origin}/`, { expects: [/Failed to load resource/] });
}

async function works(visit, kind) {
  if (kind === "element") return visit.answer("situation", "retired");
  if (kind === "frame") {
    const frame = visit.page.frameLocator("iframe");
    return frame.getByRole("heading").first().waitFor();
  }
  const links = await visit.page.getByRole("main").getByRole("link").all();
  for (const link of links) assert.ok(await link.isVisible());
  const [ours, elsewhere, ...more] = await Promise.all(links.map((link) => link.getAttribute("href")));
  assert.ok(ours.startsWith(`${worker}/`), ours);
  // The door that does not depend on us.
  assert.match(elsewhere, /^https:\/\//);
  assert.deepEqual(more, []);
}

for (const site of SITES) {
  for (const kind of KINDS) {
    const is = MOST[site] >= NEEDS[kind];
    test(`${site}, ${kind}: ${is ? "works" : "is refused with the reason, and something else works"}`, async (t) => {
      const { snippet, refusal } = await generate({ site, kind, territory: "26", commune: "26281" });
      assert.equal(refusal === null, is, refusal);
      if (!is) assert.ok(refusal.length > 150, `a reason and a way: ${refusal}`);
      const given = is ? kind : MOST[site] === 2 ? "frame" : "link";
      const visit = await paste(t, site, snippet);
      // Where scripts pass, a frame is the element's own.
      const isOwn = given === "frame" && MOST[site] === 3;
      if (isOwn) {
        assert.match(snippet, /<spro-guide[^>]* frame="first">/);
        await visit.page.locator('spro-guide[data-rung="frame"]').waitFor();
      } else await works(visit, given);
    });
    if (!is) {
      test(`${site}, ${kind}: what is refused would have been taken out`, async (t) => {
        const { snippet } = await generate({ site: "html", kind });
        const visit = await paste(t, site, snippet);
        await visit.page.getByRole("main").waitFor();
        assert.equal(await visit.page.locator("spro-guide, iframe, script").count(), 0);
      });
    }
  }
}

test("a filter takes the tags and keeps what is between them", () => {
  const list = { tags: ["a", "p"], attributes: (tag, name) => name === "href" };
  const html = '<script type="module" async src="x.js"></script>\n<spro-guide lang="a>b"><P class=x><a href="/?a=1&amp;b" id=\'y\'>lien</a></P></spro-guide>';
  assert.equal(filter(html, list), '\n<p><a href="/?a=1&amp;b">lien</a></p>');
});
