// Nothing leaves the page: every request of a whole visit, the traces that a visit could
// leave in the browser, and what the host page could learn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./lib/session.mjs";
import { people } from "./lib/people.mjs";
import { partner, worker } from "./lib/server.mjs";
import { listen } from "./lib/traffic.mjs";

const ROMANS = people["a 19-year-old out of school in Romans-sur-Isère"];
const LA_MOTTE = people["someone who prefers not to say in La Motte-Fanjas"];
const ANNECY = people["an executive in Annecy"];

/** All that may be asked of the worker. A department is as near as it gets to a visitor. */
const ASKED = [
  /^\/spro-guide\.js$/,
  /^\/[0-9a-f]{16}\/element\.js$/,
  /^\/[0-9a-f]{16}\/element_bg\.wasm$/,
  /^\/[0-9a-f]{16}\/later\.wasm$/,
  /^\/v1\/first\.json\?lang=fr$/,
  /^\/v1\/[0-9a-f]{32}\/guide\.bin$/,
  /^\/v1\/[0-9a-f]{32}\/texts\.fr\.bin$/,
  /^\/v1\/[0-9a-f]{32}\/communes\.bin$/,
  /^\/v1\/[0-9a-f]{32}\/department\.(\d\d|2[AB]|97\d)\.bin$/,
];

/** A visit from the first request to an opened result, with what it sent. */
async function visited(t, person, path = "tests-plain.html?dossier=4711") {
  let traffic;
  const visit = await open(t, path, {
    before: async (page) => {
      traffic = listen(page);
      // Cookies know no port: this one would be sent to the worker by a careless request.
      await page.context().addCookies([{ name: "session", value: "4711", domain: "127.0.0.1", path: "/" }]);
    },
  });
  await visit.follow(person);
  // Whatever opens inside the element is opened.
  for (const summary of await visit.result.locator("summary").all()) await summary.click();
  await visit.page.waitForLoadState("networkidle");
  return { visit, ...traffic, requests: await traffic.requests() };
}

test("every request of a visit is a bare GET to the partner or to us", async (t) => {
  const { requests, others } = await visited(t, ROMANS);
  for (const { method, url, status, answer } of requests) {
    t.diagnostic(`${method} ${url.href} → ${status} ${answer["content-type"]} ${answer["content-encoding"] ?? ""}`);
  }
  assert.deepEqual(others, [], "no socket, no worker, no window");
  const ours = requests.filter(({ url }) => url.origin === worker);
  assert.ok(ours.length >= ASKED.length, `${ours.length} requests to the worker`);
  for (const { method, url, body, headers, answer, status } of requests) {
    assert.equal(method, "GET", url.href);
    assert.equal(body, null, url.href);
    assert.equal(status, 200, url.href);
    if (url.origin === partner) {
      assert.match(url.pathname, /^\/tests-plain\.html$/, "the host page is left alone");
      continue;
    }
    assert.equal(url.origin, worker, `third party: ${url.href}`);
    const asked = url.pathname + url.search;
    assert.ok(ASKED.some((pattern) => pattern.test(asked)), `not in the list of what may be asked: ${asked}`);
    assert.equal(headers.cookie, undefined, url.href);
    assert.equal(headers.authorization, undefined, url.href);
    assert.equal(answer["set-cookie"], undefined, url.href);
    // The snippet's own tag is the host's: the browser may say the host's name, no more.
    const referrers = url.pathname === "/spro-guide.js" ? [undefined, `${partner}/`] : [undefined, `${worker}/spro-guide.js`];
    assert.ok(referrers.includes(headers.referer), `${url.href} says it comes from ${headers.referer}`);
  }
});

test("two people of a department with other answers send the same bytes", async (t) => {
  const sent = async (person) => {
    const { requests } = await visited(t, person);
    return requests
      .map(({ method, url, headers }) => [method, url.href, Object.entries(headers).sort()])
      .map((request) => JSON.stringify(request))
      .sort();
  };
  assert.deepEqual(await sent(ROMANS), await sent(LA_MOTTE));
});

test("a host that gives away its address does not make us do it", async (t) => {
  const { requests } = await visited(t, ANNECY, "tests-talkative.html?dossier=4711");
  const telling = requests.filter(({ url, headers }) => url.origin === worker && headers.referer?.includes("4711"));
  const paths = telling.map(({ url }) => url.pathname);
  // Only the host's own tag follows the host's policy.
  assert.deepEqual(paths.filter((path) => path !== "/spro-guide.js"), []);
});

test("a visit leaves no trace in the browser", async (t) => {
  const { visit } = await visited(t, ROMANS);
  const traces = await visit.page.evaluate(async () => ({
    cookies: document.cookie,
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: "caches" in window ? await caches.keys() : [],
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
    name: window.name,
    state: history.state,
    entries: history.length,
    address: location.href,
  }));
  assert.deepEqual(traces, {
    cookies: "session=4711",
    local: {},
    session: {},
    databases: [],
    caches: [],
    workers: 0,
    name: "",
    state: null,
    // The empty page and this one.
    entries: 2,
    address: `${partner}/tests-plain.html?dossier=4711`,
  });
  const cookies = (await visit.page.context().cookies()).map(({ name }) => name);
  assert.deepEqual(cookies, ["session"]);
});

test("the host page gains an element and nothing else", async (t) => {
  const globals = (page) => page.evaluate(() => Reflect.ownKeys(window).map(String).sort());
  const bare = await open(t, "tests-bare.html");
  const { visit } = await visited(t, ROMANS);
  assert.deepEqual(await globals(visit.page), await globals(bare.page));
  const added = await visit.page.evaluate(() => ({
    // What the document holds outside the element, by what it is.
    head: [...document.head.children].map((node) => [node.localName, node.rel ?? "", node.id]),
    body: [...document.body.querySelectorAll("*")].map(({ localName }) => localName),
    attributes: [...document.documentElement.attributes, ...document.body.attributes].map(({ name }) => name),
    defined: typeof customElements.get("spro-guide"),
  }));
  assert.equal(added.defined, "function");
  assert.deepEqual(added.body, ["main", "h1", "script", "spro-guide", "a"]);
  assert.deepEqual(added.attributes, ["lang"]);
  assert.deepEqual(added.head.map(([name]) => name), ["meta", "meta", "title", "link"]);
});
