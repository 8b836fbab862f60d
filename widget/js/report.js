// « Signaler une erreur »: one request, once the visitor has pressed what is wrong. Neither a cookie nor
// an address of the page goes with it.

// This file is in the folder of its build.
const REPORTS = new URL("../v1/reports", import.meta.url);
const [, BUILD] = import.meta.url.match(/([0-9a-f]{16})\/[^/]*$/) ?? [];

/** Sends a report, and gives the status of the answer. */
export const report = (snapshot, place, field, text) =>
  fetch(REPORTS, {
    method: "POST",
    // As text, which needs no request before it.
    body: JSON.stringify({ place, field, text, snapshot, build: BUILD }),
    credentials: "omit",
    referrerPolicy: "no-referrer",
  }).then(({ status }) => status);
