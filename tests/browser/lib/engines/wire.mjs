// What both WebDriver protocols write alike: keys and pointers as sequences of actions.

/** Keys that are no letters, as WebDriver writes them. */
const KEYS = {
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Escape: "\uE00C",
  Space: " ",
  PageDown: "\uE00F",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Backspace: "\uE003",
  Alt: "\uE00A",
};

/** "Shift+Tab" as what the fingers do. */
export function keyActions(chord) {
  const values = chord.split("+").map((key) => KEYS[key] ?? key);
  const actions = [
    ...values.map((value) => ({ type: "keyDown", value })),
    ...values.toReversed().map((value) => ({ type: "keyUp", value })),
  ];
  return [{ type: "key", id: "keyboard", actions }];
}

/** A click of the first button. */
export function clickActions(x, y) {
  const actions = [
    { type: "pointerMove", x, y, duration: 0, origin: "viewport" },
    { type: "pointerDown", button: 0 },
    { type: "pointerUp", button: 0 },
  ];
  return [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }];
}

/** Waits until a program has printed what the pattern finds, and returns the first group. */
export function printed(child, pattern, streams) {
  return new Promise((found, lost) => {
    let text = "";
    for (const stream of streams) {
      stream.on("data", (bytes) => {
        text += bytes;
        const match = pattern.exec(text);
        if (match) found(match[1]);
      });
    }
    child.once("error", lost);
    child.once("exit", (code) => lost(new Error(`${child.spawnfile} ended (${code}): ${text}`)));
  });
}

/** Ends a program that we started, and waits until it is gone. */
export async function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill();
  await gone;
}

const TURN = 30;

/** Lets other things happen before asking again: none of the engines calls us back. */
export const turn = () => new Promise((done) => setTimeout(done, TURN));
