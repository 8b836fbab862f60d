// Stands between the worker and its KV namespace, and breaks it when a test says so.
//
// The KV binding speaks HTTP to its store: GET, PUT and DELETE on /key?urlencoded=true.
// The named entry point `control` is what tests talk to: POST sets the faults, GET tells
// them and what has been asked of the store since the last POST.

/** Which faults are on. See `Faults` in tests/src/faults.rs. */
let faults = {};
/** What was asked, in order: "GET key". */
let operations = [];

/** How many writings have arrived since the faults were set. */
let writings = 0;
/** Whether a writing is being held: the store has gone quiet in the middle of it. */
let held = false;
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
// With a timer, because the runtime gives up a request that nothing will ever wake.
const forever = () => {
  held = true;
  return wait(2 ** 31 - 1);
};
const broken = () => new Response("the store is out of order", { status: 500 });

async function cut(response) {
  if (!response.ok) return response;
  const bytes = await response.arrayBuffer();
  return new Response(bytes.slice(0, Math.floor(bytes.byteLength / 2)), response);
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const key = decodeURIComponent(pathname.slice(1));
    operations.push(`${request.method} ${key}`);
    if (faults.delay_ms) await wait(faults.delay_ms);
    if (request.method === "GET") {
      if (faults.fail_reads) return broken();
      const response = await env.DISK.fetch(request);
      const hit = faults.truncate !== undefined && key.includes(faults.truncate);
      return hit ? cut(response) : response;
    }
    if (faults.writes_left !== undefined) {
      if (faults.writes_left <= 0) {
        // Read to its end all the same: whoever is writing would wait to be read.
        await request.arrayBuffer();
        return broken();
      }
      faults.writes_left -= 1;
    }
    const { hold } = faults;
    const is_held = hold !== undefined && writings++ === hold.writing;
    if (is_held && !hold.stored) {
      await request.arrayBuffer();
      return forever();
    }
    const stored = await env.DISK.fetch(request);
    return is_held ? forever() : stored;
  },
};

export const control = {
  async fetch(request) {
    if (request.method === "POST") {
      faults = await request.json();
      operations = [];
      writings = 0;
      held = false;
    }
    return Response.json({ faults, operations, held });
  },
};
