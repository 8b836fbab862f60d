// An instance of WebAssembly that is started again when it has stopped for good: a panic or a trap
// leaves one that nobody may call again, and the requests that wait for it would wait for ever.
import { AsyncLocalStorage } from "node:async_hooks";
import wasm from "./index_bg.wasm";
import { __wbg_reset_state, initSync } from "./index.js";

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

// The panic hook of `serving/src/runtime.rs` calls it: a panic is known in time, wherever it
// happens.
globalThis.__sproPanicked = () => stop("a panic");

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

/** Does some work in the instance, which is started where it has stopped. */
export async function inInstance(work) {
  if (stopped) start();
  try {
    return await work((waited, lasts, context) => wait(waited, lasts, context));
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

/**
 * Answers a request: `attempt` is given what waits for work of the instance, and tried again where
 * what only reads has suffered from what somebody else's request broke.
 */
export async function answered(request, attempt) {
  let attempts = request.method === "GET" || request.method === "HEAD" ? 2 : 1;
  for (;;) {
    try {
      return await inInstance(attempt);
    } catch (error) {
      attempts -= 1;
      if (error instanceof Stopped && attempts > 0) continue;
      console.error("a request failed:", error);
      return failure();
    }
  }
}

/**
 * What has begun to be written is written to the end, even if the client hangs up. A list is read for
 * seconds into a draft, which is whole before and after: that is done for who waits for it only.
 */
export const writes = ({ method, url }) =>
  method !== "GET" && method !== "HEAD" && !/\/drafts\/[^/]+\/(file|import)$/.test(new URL(url).pathname);
