// The doctor's word against a real browser: what it says of a page is what the page gives, and
// its lines, written where it says, let the element in.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { audit } from "./lib/axe.mjs";
import { page as pageOf, serve } from "./lib/site.mjs";
import { open } from "./lib/session.mjs";
import { worker } from "./lib/server.mjs";
import { mend } from "../../widget/js/doctor.js";

const file = new URL("../../administration/tests/cases/policies.json", import.meta.url);
/** The cases that `shared` is tested with, for this worker. */
const CASES = JSON.parse((await readFile(file, "utf8")).replaceAll("GUIDE", worker));
/** A page that is refused something says so in many words. */
const EXPECTS = { expects: [/./] };

const decode = (text) =>
  text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");

/** A site with this policy, whose owner pasted the snippet. */
async function site(t) {
  const state = { policies: [], nonce: undefined };
  const origin = await serve(t, () => {
    const nonce = state.nonce ? ` nonce="${state.nonce}"` : "";
    const snippet = `<script async crossorigin${nonce} src="${worker}/spro-guide.js"></script>\n<spro-guide><a href="${worker}/">Trouver le lieu</a></spro-guide>`;
    return { html: pageOf(snippet), headers: state.policies.length > 0 ? { "Content-Security-Policy": state.policies } : {} };
  });
  return { origin, state };
}

/** What the worker's doctor says of a page. */
async function ask(address) {
  const response = await fetch(`${worker}/embed/doctor`, { method: "POST", body: new URLSearchParams({ address, policy: "" }) });
  assert.equal(response.status, 200);
  const html = await response.text();
  const element = html.split("Si le guide doit un jour")[0];
  const written = /(?:politique n° (\d+) :<\/p>)?<p>(?:À la place de <code>([^<]*)<\/code> :|Une ligne de plus :)<\/p><pre class="line"[^>]*>([^<]*);<\/pre>/g;
  return {
    rung: /data-rung="(\w+)"/.exec(html)?.[1],
    wantsNonce: html.includes('id="nonce"'),
    changes: [...element.matchAll(written)].map(([, index = "1", before, after]) => ({
      policy: Number(index) - 1,
      before: before && decode(before),
      after: decode(after),
    })),
  };
}

/** Does what a site's owner would: writes a line in the place of another, or at the end. */
function write(policies, changes) {
  const written = policies.map((policy) => policy.split(";").map((line) => line.trim()));
  for (const { policy, before, after } of changes) {
    const at = before === undefined ? -1 : written[policy].indexOf(before);
    assert.ok(before === undefined || at >= 0, `« ${before} » is in the policy`);
    if (at < 0) written[policy].push(after);
    else written[policy][at] = after;
  }
  return written.map((lines) => lines.join("; "));
}

/** Waits until a page is on the rung that was told. */
async function isOn(visit, rung) {
  const isDefined = await visit.page.evaluate(() => Boolean(customElements.get("spro-guide"))).catch(() => false);
  if (!isDefined) {
    // A script that may not run says nothing.
    assert.equal(rung, "link");
    return visit.page.getByRole("link", { name: "Trouver le lieu" }).waitFor();
  }
  await visit.page.locator(`spro-guide[data-rung="${rung}"]`).waitFor();
}

for (const { name, policies, nonce, rung } of CASES) {
  test(`${name}: the doctor is right, and its lines let the element in`, async (t) => {
    const { origin, state } = await site(t);
    Object.assign(state, { policies, nonce });
    const said = await ask(`${origin}/`);
    assert.equal(said.rung, rung);
    const visit = await open(t, `${origin}/`, EXPECTS);
    await isOn(visit, rung);
    if (rung === "element") return assert.deepEqual(said.changes, []);
    state.policies = write(policies, said.changes);
    if (said.wantsNonce) state.nonce = /'nonce-([^']+)'/.exec(policies.join(" "))[1];
    await visit.page.reload();
    await isOn(visit, "element");
    await visit.answer("situation", "retired");
    await visit.asked("goal");
    assert.equal((await ask(`${origin}/`)).rung, "element");
  });
}

test("the doctor in the page says the same lines as the other", () => {
  const [guide, host] = [new URL(worker), new URL("https://mairie.example/emploi")];
  // There the loader runs: the cases where it does not are the other's.
  const here = CASES.filter(({ rung, policies }) => rung !== "link" || policies.some((policy) => policy.includes("frame-src 'none'")));
  let changed = 0;
  for (const { name, policies, mended } of here) {
    policies.forEach((policy, index) => {
      const found = mend(policy, guide, host);
      assert.equal(found.mended, mended[index], name);
      changed += found.changes.length;
    });
  }
  assert.ok(changed >= 4, `${changed} lines`);
});

const IN_PAGE = CASES.filter(({ name }) =>
  ["our scripts, no WebAssembly", "no data", "no data, frames of others only", "two policies, each lacking something"].includes(name),
);

for (const { name, policies } of IN_PAGE) {
  test(`${name}: ?spro-doctor says the line in the page, and it lets the element in`, async (t) => {
    const { origin, state } = await site(t);
    state.policies = policies;
    const visit = await open(t, `${origin}/?spro-doctor`, EXPECTS);
    const box = visit.page.getByRole("region", { name: "Diagnostic du guide" });
    await box.locator("pre").first().waitFor();
    const lines = await box.evaluate((section) => {
      const until = [...section.querySelectorAll("h3")].find((heading) => heading.textContent.startsWith("Pour que le cadre"));
      return [...section.querySelectorAll("pre")]
        .filter((line) => !until || line.compareDocumentPosition(until) & Node.DOCUMENT_POSITION_FOLLOWING)
        .map((line) => ({ before: line.previousElementSibling.querySelector("code")?.textContent, after: line.textContent.replace(/;$/, "") }));
    });
    assert.notEqual(lines.length, 0);
    const { found, passes } = await audit(visit.page, "[data-spro-doctor]");
    assert.deepEqual(found, []);
    assert.ok(passes > 5, "axe saw into the box");
    // Where there are several policies, the line that is there says which.
    const changes = lines.map(({ before, after }) => ({
      policy: Math.max(0, policies.findIndex((policy) => before && policy.split(";").some((line) => line.trim() === before))),
      before,
      after,
    }));
    state.policies = write(policies, changes);
    await visit.page.goto(`${origin}/`);
    await isOn(visit, "element");
    assert.equal(await box.count(), 0, "without the switch nobody sees a box");
    await visit.answer("situation", "retired");
  });
}

test("a script that is held back, and a map below a module: both doctors say what to do", async (t) => {
  const link = `<spro-guide><a href="${worker}/">Trouver le lieu</a></spro-guide>`;
  const pages = {
    "/held": pageOf(`<script type="text/plain" data-src="${worker}/spro-guide.js"></script>${link}`),
    "/map": pageOf(`<script type="module" async src="${worker}/spro-guide.js"></script><script type="importmap">{"imports":{}}</script>${link}`),
  };
  const origin = await serve(t, (path) => ({ html: pages[path] }));
  const said = async (path) => {
    const response = await fetch(`${worker}/embed/doctor`, { method: "POST", body: new URLSearchParams({ address: `${origin}${path}`, policy: "" }) });
    return decode(await response.text());
  };
  assert.match(await said("/held"), /retient le script : sa balise porte type="text\/plain"/);
  assert.match(await said("/map"), /import map[^]*<script async crossorigin src="[^"]+\/spro-guide\.js">/);
  assert.doesNotMatch(await said("/map"), /Rien n’est à changer/);
  const visit = await open(t, `${origin}/map?spro-doctor`, EXPECTS);
  const box = visit.page.getByRole("region", { name: "Diagnostic du guide" });
  await box.getByText(/import map/).waitFor();
  const line = await box.locator("li code").textContent();
  // The line that it gives is the one that the generator gives.
  assert.equal(decode(await (await fetch(`${worker}/embed`)).text()).includes(line), true, line);
});

test("on a page where all is well the box says so, and names a typing error", async (t) => {
  const origin = await serve(t, () => ({
    html: pageOf(`<script type="module" async src="${worker}/spro-guide.js"></script>\n<spro-guide comune="26281" class="x"><a href="${worker}/">x</a></spro-guide>`),
  }));
  const visit = await open(t, `${origin}/?spro-doctor`);
  const box = visit.page.getByRole("region", { name: "Diagnostic du guide" });
  await box.getByText("Le guide s’affiche dans la page.").waitFor();
  await box.getByText("L’attribut « comune » n’existe pas").waitFor();
  assert.equal(await box.locator("pre").count(), 0);
});
