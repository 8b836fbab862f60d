// The entry of the worker. Everything is decided in WebAssembly; this file instantiates it,
// hands requests over, and starts it again when it has stopped for good: a panic or a trap
// leaves an instance that nobody may call again, and the requests that wait for it would
// wait for ever.
import { AsyncLocalStorage } from "node:async_hooks";
import wasm from "./index_bg.wasm";
import { __wbg_reset_state, __worker_init_state, fetch as answer, initSync, ready, scheduled } from "./index.js";

export { Ledger } from "./ledger.js";

initSync({ module: wasm });

/** Whether the instance has stopped. The next request starts another. */
let stopped = false;

/** For each request that waits for the instance, how to tell it that it stopped. */
const waiting = new Set();

/** Which of them the code that runs belongs to. */
const running = new AsyncLocalStorage();

class Stopped extends Error {}

function stop(cause) {
  if (stopped) return;
  stopped = true;
  console.error("the instance has stopped and will be started again:", cause);
  const culprit = running.getStore();
  for (const tell of waiting) tell(tell === culprit);
  waiting.clear();
}

// The panic hook of the `worker` crate sets this field: it is how a panic is known in time,
// wherever it happens.
Object.defineProperty(__worker_init_state(), "criticalError", {
  get: () => stopped,
  set: (value) => value && stop("a panic"),
});

/** What WebAssembly throws when it cannot go on: a trap, or an exhausted stack. */
const isTrap = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/** What the glue throws when something calls back into an instance that has stopped. */
const isLate = (error) => /previous WASM instance/.test(error?.message);

// Whatever is thrown in the middle of an answer surfaces here, and leaves the answer half
// done: a trap without a panic, or a function of the runtime that throws unexpectedly.
addEventListener("error", (event) => isLate(event.error) || stop(event.error));
addEventListener("unhandledrejection", (event) => isTrap(event.reason) && stop(event.reason));

function start() {
  __wbg_reset_state();
  stopped = false;
}

/** Waits for work of the instance; `lasts` says that it goes on even if nobody waits any more. */
function wait(work, lasts, context) {
  return new Promise((resolve, reject) => {
    const tell = (isCulprit) => reject(isCulprit ? new Error("it stopped the instance") : new Stopped());
    waiting.add(tell);
    const done = (settle) => (value) => {
      waiting.delete(tell);
      settle(value);
    };
    const settled = running.run(tell, () => work().then(done(resolve), done(reject)));
    if (lasts) context.waitUntil(settled);
  });
}

async function attempt(request, env, context) {
  if (stopped) start();
  const { headers, method } = request;
  // What has begun to be written is written to the end, even if the client hangs up.
  const writes = method !== "GET" && method !== "HEAD";
  try {
    return (
      ready(
        method,
        request.url,
        headers.get("if-none-match") ?? undefined,
        headers.get("accept-encoding") ?? undefined,
      ) ?? (await wait(() => answer(request, env, context), writes, context))
    );
  } catch (error) {
    if (isTrap(error)) stop(error);
    throw error;
  }
}

/** The face of every failure of ours: what went wrong is in the log. */
const failure = () =>
  new Response(
    JSON.stringify({
      type: "about:blank",
      title: "Erreur interne",
      status: 500,
      detail:
        "Une erreur est survenue de notre côté. Elle a été enregistrée ; réessayez dans un instant.",
      code: "internal",
    }),
    {
      status: 500,
      headers: {
        "content-type": "application/problem+json; charset=utf-8",
        "content-language": "fr",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
      },
    },
  );

export default {
  /** The schedule of wrangler.toml: the reminders of the month. */
  async scheduled(event, env, context) {
    if (stopped) start();
    try {
      await wait(() => scheduled(event, env, context), true, context);
    } catch (error) {
      if (isTrap(error)) stop(error);
      console.error("the schedule failed:", error);
    }
  },

  async fetch(request, env, context) {
    // A visitor who only reads must not suffer from what somebody else's request broke.
    let attempts = request.method === "GET" || request.method === "HEAD" ? 2 : 1;
    for (;;) {
      try {
        return await attempt(request, env, context);
      } catch (error) {
        attempts -= 1;
        if (error instanceof Stopped && attempts > 0) continue;
        console.error("a request failed:", error);
        return failure();
      }
    }
  },
};
