// React, Vue and htmx move the element, write on it and take it away: the visit stays where the
// element stays, and begins again where it is another one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, until } from "./lib/events.mjs";
import { htmx, vue, withReact } from "./lib/frameworks.mjs";
import { page as pageOf, serve } from "./lib/site.mjs";
import { open } from "./lib/session.mjs";
import { worker } from "./lib/server.mjs";

const LOADER = `<script type="module" async src="${worker}/spro-guide.js"></script>`;
const LINK = `<a href="${worker}/">Trouver le lieu qui peut m’aider</a>`;
const JS = { type: "text/javascript; charset=utf-8" };

/** A page of a framework, and the visitor at the second question. */
async function begin(t, files) {
  const origin = await serve(t, (path) => files[path]);
  const visit = await open(t, `${origin}/`, { before: hear });
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  return visit;
}

const attribute = (visit, name) => visit.element.getAttribute(name);
const restarts = async (visit) => (await heard(visit.page)).filter(({ name }) => name === "ready").length;

const REACT = await withReact(`
  import { StrictMode, createElement as h, useRef, useState } from "react";
  import { createRoot } from "react-dom/client";
  function App() {
    const [state, setState] = useState({ order: ["a", "guide", "b"], theme: "light", territory: "26", count: 0, shown: true });
    const steps = useRef(0);
    window.change = (more) => setState((before) => ({ ...before, ...more }));
    const guide = () => state.shown && h(
      "spro-guide",
      {
        key: "guide",
        theme: state.theme,
        territory: state.territory,
        className: "guide-" + state.count,
        "data-count": state.count,
        "onspro-guide:step": () => { steps.current += 1; window.steps = steps.current; },
      },
      h("a", { href: "${worker}/" }, "Trouver le lieu " + state.count),
    );
    return h("div", null,
      h("p", { id: "count" }, state.count),
      state.order.map((key) => key === "guide" ? guide() : h("p", { key }, key)));
  }
  createRoot(document.getElementById("app")).render(h(StrictMode, null, h(App)));
`);

const react = (t) =>
  begin(t, {
    "/": { html: pageOf('<div id="app"></div><script type="module" src="/app.js"></script>', LOADER) },
    "/app.js": { html: REACT, ...JS },
  });

const change = async (visit, more) => {
  await visit.page.evaluate((wanted) => window.change(wanted), more);
};

test("React renders again and again: the visit stays, attributes follow, events arrive", async (t) => {
  const visit = await react(t);
  const stepsBefore = await visit.page.evaluate(() => window.steps);
  for (let count = 1; count <= 20; count += 1) await change(visit, { count, theme: count % 2 ? "dark" : "light" });
  await visit.page.locator("#count", { hasText: /^20$/ }).waitFor();
  await visit.asked("goal");
  assert.deepEqual([await attribute(visit, "theme"), await attribute(visit, "data-count")], ["light", "20"]);
  assert.equal(await attribute(visit, "class"), "guide-20", "the class is the host's");
  await change(visit, { territory: "07" });
  await visit.page.locator('spro-guide[territory="07"]').waitFor();
  await visit.answer("goal", "review");
  await visit.asked("commune");
  assert.ok((await visit.page.evaluate(() => window.steps)) > stepsBefore, "React hears the steps");
  assert.equal(await restarts(visit), 1);
});

test("React moves it by its key: the visit goes with it", async (t) => {
  const visit = await react(t);
  for (const order of [["guide", "a", "b"], ["b", "a", "guide"], ["a", "guide", "b"], ["guide", "b", "a"]]) {
    await change(visit, { order });
    await visit.page.waitForFunction(
      (wanted) => [...document.querySelectorAll("#app > div > :not(#count)")].map((node) => (node.localName === "p" ? node.textContent : "guide")).join() === wanted,
      order.join(),
    );
    await visit.asked("goal");
  }
  assert.equal(await restarts(visit), 1);
});

test("React takes it away and puts another one: that one begins, and works", async (t) => {
  const visit = await react(t);
  for (let time = 0; time < 3; time += 1) {
    await change(visit, { shown: false });
    await visit.element.waitFor({ state: "detached" });
    await change(visit, { shown: true });
    await visit.answer("situation", "retired");
    await visit.asked("goal");
  }
  assert.equal(await restarts(visit), 4);
});

const VUE = `
  import { createApp, reactive } from "/vue.js";
  const state = reactive({ order: ["a", "guide", "b"], theme: "light", count: 0, shown: true, to: "#here" });
  window.state = state;
  window.steps = 0;
  const app = createApp({
    setup: () => ({ state, step: () => (window.steps += 1) }),
    template: \`
      <p id="count">{{ state.count }}</p>
      <template v-for="key of state.order" :key="key">
        <p v-if="key !== 'guide'">{{ key }}</p>
        <Teleport v-else :to="state.to">
          <spro-guide v-if="state.shown" :theme="state.theme" :data-count="state.count" territory="26" @spro-guide:step="step">${LINK}</spro-guide>
        </Teleport>
      </template>\`,
  });
  app.config.compilerOptions.isCustomElement = (tag) => tag === "spro-guide";
  app.mount("#app");
`;

const vuePage = async (t) =>
  begin(t, {
    "/": { html: pageOf('<div id="here"></div><div id="app"></div><div id="there"></div><script type="module" src="/app.js"></script>', LOADER) },
    "/app.js": { html: VUE, ...JS },
    "/vue.js": { html: await vue(), ...JS },
  });

test("Vue renders, reorders and teleports it: the visit stays, attributes follow, events arrive", async (t) => {
  const visit = await vuePage(t);
  const set = (more) => visit.page.evaluate((wanted) => void Object.assign(window.state, wanted), more);
  await set({ theme: "dark", count: 7 });
  await visit.page.locator('spro-guide[theme="dark"][data-count="7"]').waitFor();
  await visit.asked("goal");
  await set({ order: ["guide", "b", "a"] });
  await visit.asked("goal");
  await set({ to: "#there" });
  await visit.page.locator("#there > spro-guide").waitFor();
  await visit.asked("goal");
  const before = await visit.page.evaluate(() => window.steps);
  await visit.answer("goal", "review");
  await visit.asked("commune");
  assert.ok((await visit.page.evaluate(() => window.steps)) > before, "Vue hears the steps");
  assert.equal(await restarts(visit), 1);
  await set({ shown: false });
  await visit.element.waitFor({ state: "detached" });
  await set({ shown: true });
  await visit.answer("situation", "retired");
});

const guide = (count) => `<section id="part"><p id="count">${count}</p><spro-guide id="guide" territory="26" theme="${count % 2 ? "dark" : "light"}">${LINK}</spro-guide></section>`;
const buttons = `
  <button hx-get="/part" hx-target="#part" hx-swap="outerMorph">Morph</button>
  <button hx-get="/part" hx-target="#part" hx-swap="outerHTML">Replace</button>
  <button hx-get="/other" hx-target="#other">Beside</button>
  <div id="other"></div>
  <nav><a href="/two" hx-boost="true">Autre page</a></nav>`;

const htmxPage = async (t) => {
  let count = 0;
  const files = {
    "/": () => ({ html: pageOf(guide(0) + buttons, `${LOADER}<script src="/htmx.js"></script>`) }),
    "/two": () => ({ html: pageOf(`<h2>Deux</h2>${guide(0)}`, `${LOADER}<script src="/htmx.js"></script>`) }),
    "/part": () => ({ html: guide((count += 1)) }),
    "/other": () => ({ html: "<p>Autre chose</p>" }),
  };
  const library = { html: await htmx(), ...JS };
  const origin = await serve(t, (path) => (path === "/htmx.js" ? library : files[path]?.()));
  const visit = await open(t, `${origin}/`, { before: hear });
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  return visit;
};

test("htmx swaps beside it and morphs it: the visit stays", async (t) => {
  const visit = await htmxPage(t);
  await visit.page.getByRole("button", { name: "Beside" }).click();
  await visit.page.getByText("Autre chose").waitFor();
  await visit.asked("goal");
  for (const count of [1, 2, 3]) {
    await visit.page.getByRole("button", { name: "Morph" }).click();
    await visit.page.locator("#count", { hasText: new RegExp(`^${count}$`) }).waitFor();
    await visit.page.locator(`spro-guide[theme="${count % 2 ? "dark" : "light"}"]`).waitFor();
    await visit.asked("goal");
  }
  await visit.answer("goal", "review");
  await visit.asked("commune");
  assert.equal(await restarts(visit), 1);
});

test("htmx replaces it, and the page around it: another one begins, and works", async (t) => {
  const visit = await htmxPage(t);
  await visit.page.getByRole("button", { name: "Replace" }).click();
  await visit.page.locator("#count", { hasText: /^1$/ }).waitFor();
  await visit.answer("situation", "retired");
  await visit.asked("goal");
  await visit.page.getByRole("link", { name: "Autre page" }).click();
  await visit.page.getByRole("heading", { name: "Deux" }).waitFor();
  await until(visit.page, "ready", 3);
  await visit.answer("situation", "retired");
  await visit.asked("goal");
});
