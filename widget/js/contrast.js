// Whether a palette can be read, and the nearest one that can. A colour is
// [red, green, blue, opacity], the first three from 0 to 255. Nothing here knows the page.

const BLACK = [0, 0, 0, 1];
const WHITE = [255, 255, 255, 1];
// A correction goes from the colour as it is to one that certainly passes, in as many steps.
const STEPS = 64;

/**
 * What stands on what, and how far apart they must be: WCAG 2.2 AA, 4.5 for texts (1.4.3), 3 for
 * the borders of fields and the mark of the focus (1.4.11). Text and soft come before these.
 */
const RULES = [
  ["quiet", ["background", "soft"], 4.5],
  ["primary", ["background", "soft"], 4.5],
  ["on-primary", ["primary"], 4.5],
  ["error", ["background", "soft"], 4.5],
  ["line", ["background"], 3],
  ["focus", ["background", "soft"], 3],
];

/** A colour on the way to another. Towards black or white, the hue stays. */
const mix = (from, to, part) => from.map((value, index) => Math.round(value + (to[index] - value) * part));

/** What is seen of a colour over an opaque one. */
export const over = (colour, ground) => [...mix(ground, colour, colour[3]).slice(0, 3), 1];

/** The luminance of an opaque colour, with what WCAG adds for the light of the room. */
function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
}

const isDarker = (one, other) => luminance(one) <= luminance(other);

/** The contrast of two opaque colours: from 1 to 21. */
export function contrast(one, other) {
  const ratio = luminance(one) / luminance(other);
  return ratio < 1 ? 1 / ratio : ratio;
}

/** Black or white: the one beyond the colour, unless that cannot be read on the ground. */
function inkOf(colour, ground) {
  const [beyond, other] = isDarker(over(colour, ground), ground) ? [BLACK, WHITE] : [WHITE, BLACK];
  return contrast(beyond, ground) < 4.5 ? other : beyond;
}

/**
 * The palette that can be read, and the corrections that made it of the given one, which has a
 * colour for each name, but may lack the ring of the focus; its background is opaque.
 */
export function readable(palette) {
  const found = { ...palette };
  const corrections = [];
  const { background } = palette;
  const seen = (name) => over(found[name], background);

  const correct = (name, towards, grounds, failing) => {
    const from = palette[name];
    const on = failing(from);
    if (!on) return;
    const ground = seen(on);
    const start = over(from, seen(grounds[0]));
    for (let step = 1; step <= STEPS && failing(found[name]); step += 1) found[name] = mix(start, towards, step / STEPS);
    const told = (colour) => Math.floor(contrast(over(colour, ground), ground) * 100) / 100;
    corrections.push({ name, from, to: found[name], on, before: told(from), after: told(found[name]) });
  };
  /** The first of the grounds on which a colour cannot be read. */
  const fails = (colour, grounds, least) =>
    grounds.find((name) => contrast(over(colour, seen(name)), seen(name)) < least);

  const onBackground = ["background"];
  correct("text", inkOf(palette.text, background), onBackground, (colour) => fails(colour, onBackground, 4.5));
  // Background and soft lie on one side of the text: black or white, beyond it, then passes on both.
  const textIsDark = isDarker(seen("text"), background);
  const ink = textIsDark ? BLACK : WHITE;
  correct("soft", background, onBackground, (colour) => {
    const ground = over(colour, background);
    const text = over(found.text, ground);
    return (isDarker(text, ground) !== textIsDark || contrast(text, ground) < 4.5) && "text";
  });
  for (const [name, grounds, least] of RULES) {
    if (!palette[name]) continue;
    const towards = grounds[1] ? ink : inkOf(found[name], seen(grounds[0]));
    correct(name, towards, grounds, (colour) => fails(colour, grounds, least));
  }
  return { found, corrections };
}
