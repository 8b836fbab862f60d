// Where the tests find the worker, the partner's pages and the faulty KV, and what an
// administrator does over HTTP. `cargo xtask test` sets these variables.

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test\``);
  return value;
}

/** Origin of the worker. */
export const worker = required("SPRO_WORKER");
/** Origin of the partner's pages: never that of the worker. */
export const partner = required("SPRO_PARTNER");

async function json(response) {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The guide that is live, in a language. */
export const guide = async (language = "fr") => json(await fetch(`${worker}/v1/guide?lang=${language}`));

/** What the worker recommends for these answers: the engine of the element, elsewhere. */
export async function recommendation(answers, commune) {
  const body = JSON.stringify({ answers, commune });
  const headers = { "Content-Type": "application/json" };
  return json(await fetch(`${worker}/v1/recommendations`, { method: "POST", headers, body }));
}

async function admin(method, path, body) {
  const headers = { Authorization: `Bearer ${required("SPRO_TOKEN")}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const text = body === undefined ? undefined : JSON.stringify(body);
  return json(await fetch(`${worker}/admin/v1/${path}`, { method, headers, body: text }));
}

/** The document that is live. */
export const directory = () => admin("GET", "directory");

/** What validation says of a document, and whether it could be published. */
export const examine = (document) => admin("POST", "validate", document);

/** Publishes a document; the answer names the snapshot. */
export async function publish(document, reason) {
  const path = `publish?reason=${encodeURIComponent(reason)}`;
  const live = await directory();
  // What a test publishes has nothing to do with what the one before has.
  const there = new Set(document.structures?.map(({ id }) => id));
  const removing = live.structures.filter(({ id }) => !there.has(id)).length;
  return admin("POST", `${path}&removing=${removing}`, document);
}

/** Goes back to a snapshot, or to the one before. */
export const rollback = (to = null) => admin("POST", "rollback", { to, reason: "test" });

/** Breaks the worker's KV, or mends it when nothing is said. */
export async function faults(wanted = {}) {
  const response = await fetch(required("SPRO_FAULTS"), { method: "POST", body: JSON.stringify(wanted) });
  if (!response.ok) throw new Error(`the faulty KV answered ${response.status}`);
}
