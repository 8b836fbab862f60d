// The generator as a site owner uses it: with JavaScript, without it, with a keyboard alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPage } from "./lib/axe.mjs";
import { page as pageOf, serve } from "./lib/site.mjs";
import { open } from "./lib/session.mjs";
import { worker } from "./lib/server.mjs";
import { sweep, tell } from "./lib/thorough.mjs";

const snippet = (page) => page.locator("#snippet").inputValue();
const generator = async (t, query = "", options = {}) => (await open(t, `${worker}/embed${query}`, options)).page;

/** Waits until the snippet says something. */
const says = (page, text) =>
  page.waitForFunction((wanted) => document.querySelector("#snippet").value.includes(wanted), text);

test("without JavaScript the form gives the snippet, and it works in a page", async (t) => {
  const page = await generator(t, "", { javaScriptEnabled: false });
  await page.getByLabel("Commune de départ").fill("26300");
  await page.getByLabel("Territoire").selectOption("26");
  await page.getByRole("button", { name: "Mettre à jour le code" }).click();
  await page.getByRole("radio", { name: /Bourg-de-Péage/ }).check();
  await page.getByRole("button", { name: "Mettre à jour le code" }).click();
  const text = await snippet(page);
  assert.match(text, /<spro-guide territory="26" commune="26057">/);
  assert.equal(await page.getByRole("button", { name: "Copier" }).count(), 0, "no button that does nothing");
  const origin = await serve(t, () => ({ html: pageOf(text) }));
  const visit = await open(t, `${origin}/`);
  await visit.answer("situation", "retired");
  await visit.asked("goal");
});

test("with JavaScript the snippet and the preview follow each choice", async (t) => {
  // A preview that another one replaces was still loading.
  const page = await generator(t, "", { expects: [/^Fetch API cannot load/] });
  await page.getByLabel("Couleurs", { exact: true }).selectOption("dark");
  await says(page, 'theme="dark"');
  await page.getByLabel("Langue au départ").selectOption("en");
  await says(page, 'lang="en"');
  await page.getByLabel("Commune de départ").pressSequentially("romans-sur");
  await says(page, 'commune="26281"');
  assert.equal(new URL(page.url()).searchParams.get("commune"), "romans-sur");
  // Nothing is loaded before it is near what is seen.
  await page.locator("#preview iframe").scrollIntoViewIfNeeded();
  await page.frameLocator("#preview iframe").locator('spro-guide[lang="en"] h2').waitFor();
  // The address leads back to the same choices.
  const before = await snippet(page);
  await page.reload();
  assert.equal(await snippet(page), before);
  await page.getByRole("radio", { name: /SPIP dans le texte/ }).check();
  await says(page, "<html>\n<script");
  await page.getByRole("heading", { name: "Comment faire : SPIP" }).waitFor();
  await page.getByRole("radio", { name: /HTML de base/ }).check();
  await page.locator("#refusal").getByText("HTML complet").waitFor();
  assert.match(await snippet(page), /^<p><a href=/);
});

test("the fixed version says what it costs, carries its hash, and works", async (t) => {
  const page = await generator(t, "?version=pinned&theme=light", { javaScriptEnabled: false });
  await page.getByText("Ce que figer coûte.").waitFor();
  const text = await snippet(page);
  assert.match(text, /src="[^"]*\/[0-9a-f]{16}\/spro-guide\.js" integrity="sha256-[^"]{44}" crossorigin="anonymous"/);
  const state = { text };
  const origin = await serve(t, () => ({ html: pageOf(state.text) }));
  const visit = await open(t, `${origin}/`, { expects: [/integrity/] });
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  // One letter of the hash changed: the browser refuses the file, and the link is there.
  state.text = text.replace(/sha256-(.)/, (_, letter) => `sha256-${letter === "A" ? "B" : "A"}`);
  await visit.page.reload();
  await visit.page.getByRole("link", { name: "Trouver le lieu" }).waitFor();
  assert.equal(await visit.page.evaluate(() => Boolean(customElements.get("spro-guide"))), false);
});

test("the copy button copies, and says so", async (t) => {
  const page = await generator(t, "?theme=dark");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copier le code" }).click();
  await page.getByRole("status").getByText("Le code est copié").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await snippet(page));
});

test("where the clipboard is refused, the code is copied or selected all the same", async (t) => {
  const page = await generator(t);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
    document.execCommand = () => false;
  });
  await page.getByRole("button", { name: "Copier le code" }).click();
  await page.getByRole("status").getByText("Ctrl + C").waitFor();
  const selected = await page.evaluate(() => document.activeElement.id === "snippet" && document.activeElement.selectionEnd > 50);
  assert.ok(selected);
});

/** Chooses a colour as a picker does. */
const choose = (page, label, value) =>
  page.getByLabel(label, { exact: true }).evaluate((input, chosen) => {
    input.value = chosen;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);

test("colours come with their contrast, stand in the tag, and one that cannot be read is told", async (t) => {
  // A preview that another one replaces was still loading.
  const page = await generator(t, "", { expects: [/^Fetch API cannot load/, /colours corrected/] });
  const said = page.locator("#contrast li");
  assert.equal(await said.filter({ hasText: "lisible" }).count(), 3, "the usual ones");
  await choose(page, "Boutons et liens", "#7a1f3d");
  await says(page, 'style="--spro-primary: #7a1f3d; --spro-on-primary: #ffffff"');
  const button = page.frameLocator("#preview iframe").locator("spro-guide .choice").first();
  await page.locator("#preview iframe").scrollIntoViewIfNeeded();
  const colour = await button.evaluate((node) => getComputedStyle(node.closest(".guide")).getPropertyValue("--primary"));
  assert.match(colour, /#7a1f3d/, "the preview has them");
  await choose(page, "Boutons et liens", "#ffdd00");
  await says(page, "--spro-primary: #ffdd00; --spro-on-primary: #000000");
  await said.filter({ hasText: "les liens sur le fond : 1,3, trop faible" }).waitFor();
  // In the dark there are others to begin with.
  await page.getByLabel("Couleurs", { exact: true }).selectOption("dark");
  await says(page, "--spro-dark-primary: #ffdd00");
  await said.filter({ hasText: "les liens sur le fond : 1" }).filter({ hasText: "lisible" }).waitFor();
  await page.getByRole("radio", { name: /un simple lien/i }).check();
  await says(page, "<p><a href=");
  await page.locator("#contrast").getByText("gardent nos couleurs").waitFor();
});

test("a list of communes, by name and postcode, comes first in the list of a visitor", async (t) => {
  const page = await generator(t, "", { javaScriptEnabled: false });
  await page.getByLabel("Liste de communes").fill("Die, 26310, Nulle-Part");
  await page.getByRole("button", { name: "Mettre à jour le code" }).click();
  await page.locator("#listed").getByText("Nulle-Part").waitFor();
  const text = await snippet(page);
  const [, codes] = text.match(/<spro-guide territory="([\d ]+)">/);
  assert.ok(codes.split(" ").length > 3 && codes.startsWith("26113 "), codes);
  const origin = await serve(t, () => ({ html: pageOf(text) }));
  const visit = await open(t, `${origin}/`);
  await visit.answer("situation", "retired");
  await visit.answer("goal", "review");
  const field = visit.page.getByRole("combobox");
  await field.pressSequentially("di");
  const first = visit.page.getByRole("option").first();
  await first.waitFor();
  assert.match(await first.innerText(), /^Die\b/);
});

for (const [site, steps] of [["sites-conformes", /hauteur ci-dessus/], ["google-sites", /hauteur donnée ci-dessus/]]) {
  test(`${site}: what to type into each field, the height too, and the address is a whole guide`, async (t) => {
    const page = await generator(t, `?site=${site}&territory=26&layout=compact`, { javaScriptEnabled: false });
    const [, address, height] = (await snippet(page)).match(/^Titre : .+\nAdresse : (\S+)\nHauteur : (\d+)$/);
    assert.match(await page.locator("#how").innerText(), steps);
    const frame = `<iframe src="${address.replaceAll("&", "&amp;")}" title="Guide" width="320" height="${height}"></iframe>`;
    const origin = await serve(t, () => ({ html: pageOf(frame) }));
    const visit = await open(t, `${origin}/`);
    await visit.page.frameLocator("iframe").getByRole("heading").first().waitFor();
  });
}

test("a keyboard is enough", async (t) => {
  const page = await generator(t);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim());
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Aller au contenu");
  await page.keyboard.press("Enter");
  const path = [];
  for (let step = 0; step < 40 && !path.includes("copy"); step += 1) {
    await page.keyboard.press("Tab");
    path.push(await focused());
    if (path.at(-1) === "theme") {
      await page.keyboard.press("End");
      await says(page, 'theme="dark"');
    }
  }
  assert.deepEqual(path, ["Le guide complet des sites", "site", "kind", "territory", "communes", "commune", "lang", "theme", "primary", "background", "text", "look", "layout", "version", "Mettre à jour le code", "snippet", "copy"]);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText(/copié|Ctrl/).waitFor();
});

test("a server that does not answer leaves the button", async (t) => {
  const page = await generator(t, "", { expects: [/Failed to load resource/] });
  await page.route("**/embed?*", (route) => route.abort());
  await page.getByLabel("Couleurs", { exact: true }).selectOption("dark");
  await page.getByRole("status").getByText("appuyez sur « Mettre à jour le code »").waitFor();
});

const STATES = {
  "the generator": "/embed",
  "a refusal": "/embed?site=wordpress-filtered&commune=26300&version=pinned",
  "a commune that is not there": "/embed?commune=Nulle-Part",
  "the doctor": "/embed/doctor",
  "the guide of sites": "/embed/guide",
  "the guide of the administration": "/admin/guide",
};

const SIGHTS = [["light", 1280], ["dark", 320], ["dark", 1280], ["light", 320]];
// Colours do not know the width, nor does the layout know the theme.
const taken = sweep(SIGHTS, (_, index) => index < 2);

for (const [name, path] of Object.entries(STATES)) {
  for (const [colorScheme, width] of taken) {
    test(`axe finds nothing in ${name}, ${colorScheme}, ${width} pixels wide, and nothing spills`, async (t) => {
      const { page } = await open(t, `${worker}${path}`, { colorScheme, viewport: { width, height: 900 } });
      await checkPage(page);
      tell(t, taken.length, SIGHTS.length, "themes and widths");
    });
  }
}

for (const [colorScheme, width] of [["light", 1280], ["dark", 320]]) {
  test(`axe finds nothing in what the doctor says, ${colorScheme}, ${width} pixels wide`, async (t) => {
    const options = { colorScheme, viewport: { width, height: 900 }, expects: [/Failed to load resource/] };
    const { page } = await open(t, `${worker}/embed/doctor`, options);
    await page.getByRole("button", { name: "Chercher" }).click();
    await page.getByRole("alert").waitFor();
    await checkPage(page);
    await page.getByLabel("Ou sa politique de sécurité").fill("default-src 'self'\nscript-src 'nonce-a' 'strict-dynamic'");
    await page.getByRole("button", { name: "Chercher" }).click();
    await page.getByRole("heading", { name: "Ce qu’il faut écrire" }).waitFor();
    await page.locator("summary").first().click();
    await checkPage(page);
  });
}
