// The anonymous counters, where the deployment has them on (docs/counters.md). What is sent
// is a few words: that a visit began, which question was shown, where it led. Neither a
// cookie nor an address of the page goes with it, and nobody waits for an answer.

// This file is in the folder of its build.
const COUNT = new URL("../v1/count", import.meta.url);

/** Where it runs: our own page in a frame, or a partner's. */
const rung = () => (location.origin === COUNT.origin && /[?&]frame=1\b/.test(location.search) ? "frame" : "element");

/** Sends one message. Nobody reads the answer: `no-cors`. */
function send(what) {
  // A host page may have replaced fetch: a visit goes on all the same.
  try {
    fetch(COUNT, {
      method: "POST",
      body: what,
      mode: "no-cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      keepalive: true,
    }).catch(() => {});
  } catch {}
}

/**
 * The counting of one element: `begin`, each question, and the first outcome, once each,
 * whatever the visitor goes back to or changes; nothing where the browser asks not to be followed.
 */
export function counter() {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  const said = new Set();
  return (what) => {
    const kind = what.split(" ")[0];
    const once = kind === "step" ? what : kind;
    if (said.has(once)) return;
    said.add(once);
    send(kind === "begin" ? `${what} ${rung()}` : what);
  };
}
