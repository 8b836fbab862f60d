// The anonymous counters, where the deployment has them on (docs/counters.md). What is sent
// is a few words: that a visit began, which question was shown, where it led. Neither a
// cookie nor an address of the page goes with it, and nobody waits for an answer.

/** Whether this browser asks not to be followed: then nothing is sent. */
const isAskedNotTo = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";

/** Sends one message. `no-cors`, so that not even the name of the page's site is in it. */
export function count(origin, what) {
  if (isAskedNotTo()) return;
  try {
    fetch(`${origin}/v1/count`, {
      method: "POST",
      body: what,
      mode: "no-cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      keepalive: true,
    }).catch(() => {});
  } catch {
    // A host page may have replaced fetch: a visit goes on all the same.
  }
}

/**
 * The counting of one element: `begin`, each question, and the first outcome, once each,
 * whatever the visitor goes back to or changes. `rung` is where it runs, `element` or `frame`.
 */
export function counter(origin, rung) {
  const said = new Set();
  return (what) => {
    const [kind] = what.split(" ", 1);
    const once = kind === "step" ? what : kind;
    if (said.has(once)) return;
    said.add(once);
    count(origin, kind === "begin" ? `${what} ${rung}` : what);
  };
}
