// Keeps the colours that a host page sets readable: looks at what its custom properties
// give, corrects what falls under WCAG AA, and says so.

import { over, readable } from "./contrast.js";

const NAMES = ["background", "text", "soft", "quiet", "primary", "on-primary", "error", "line", "focus"];
const DARK = "(prefers-color-scheme: dark)";
const FORCED = "(forced-colors: active)";

const hex = (colour) => {
  const bytes = colour[3] === 1 ? colour.slice(0, 3) : [...colour.slice(0, 3), Math.round(colour[3] * 255)];
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
};
/** What a node's background turns a colour into, whatever CSS calls it; transparent where it is none. */
function read(probe, colour) {
  const computed = (value) => {
    probe.style.backgroundColor = "";
    probe.style.backgroundColor = value;
    return getComputedStyle(probe).backgroundColor;
  };
  let text = computed(colour);
  // Of oklch() and the like the browser makes its own sRGB.
  if (!/^rgb|^color\(srgb /.test(text)) text = computed(`color-mix(in srgb, ${text}, ${text})`);
  const unit = text.startsWith("rgb") ? 1 : 255;
  const [red, green, blue, opacity = 1] = text.replace(/none/g, "0").match(/-?[\d.]+(e-?\d+)?/g).map(Number);
  return [...[red, green, blue].map((part) => Math.min(255, Math.max(0, Math.round(part * unit)))), opacity];
}

/** The backgrounds behind a node, the nearest last; nothing where there is a picture. */
function behind(node) {
  const colours = [];
  for (; node; node = node.assignedSlot ?? node.parentElement ?? node.getRootNode().host) {
    const { backgroundColor, backgroundImage } = getComputedStyle(node);
    if (backgroundImage !== "none") return undefined;
    colours.unshift(backgroundColor);
  }
  return colours;
}

/** Corrects the palette of a guide: what its style sheet must say, and what its host is told. */
function examine(host, root, guide) {
  const probe = document.createElement("i");
  probe.hidden = true;
  // First outside of the guide, whose theme may be another than the page's.
  root.append(probe);
  const layers = behind(host)?.map((colour) => read(probe, colour));
  const page = (layers ?? []).reduce((ground, colour) => over(colour, ground), read(probe, "Canvas"));
  guide.append(probe);
  const dark = guide.dataset.theme === "dark" || read(probe, "light-dark(#000, #fff)")[0] > 0 ? "dark-" : "";
  const palette = Object.fromEntries(NAMES.map((name) => [name, read(probe, `var(--${name})`)]));
  probe.remove();

  // Where the ring follows, it goes on following.
  const follows = hex(palette.focus) === hex(palette.primary);
  if (follows) delete palette.focus;
  const own = palette.background;
  palette.background = over(own, page);
  const { corrections } = readable(palette);
  // Nobody knows what can be read on a picture.
  if (!layers && own[3] < 1) corrections.unshift({ name: "background", from: own, to: palette.background });
  const property = (name) => name && `--spro-${dark}${name === "quiet" ? "quiet-text" : name}`;
  return {
    css: corrections.map(({ name, to }) => `--${name}:${hex(to)};`).join("") + (follows ? "--focus:var(--primary)" : ""),
    told: corrections.map(({ name, from, to, on = "", before, after }) =>
      Object.freeze({ property: property(name), from: hex(from), to: hex(to), on: property(on), before, after }),
    ),
  };
}

const said = ({ property, from, to, on, before, after }) =>
  `${property} ${from} → ${to} (${on ? `${before} → ${after} on ${on}` : "over a picture"})`;

/**
 * Keeps the guide in a shadow root readable from now on, whatever its host does; the element's
 * `corrections` say what that took. Returns what stops it.
 *
 * The corrections are a style sheet of their own, adopted last, which a strict `style-src` allows.
 */
export function watchColours(host, root) {
  const sheet = new CSSStyleSheet();
  const ended = new AbortController();
  const { signal } = ended;
  let asked;
  let last = "";

  const check = () => {
    asked = undefined;
    const guide = root.querySelector(".guide");
    if (signal.aborted || !guide) return;
    sheet.replaceSync("");
    let told = [];
    try {
      // In forced colours it is the visitor's own that are in force.
      if (!matchMedia(FORCED).matches) {
        const found = examine(host, root, guide);
        told = found.told;
        // Stronger than any rule of style.css.
        sheet.replaceSync(`.guide.guide.guide{${found.css}}`);
      }
    } catch {
      // On a page that has bent what the browser says, the guide goes on as it is.
    }
    host.corrections = Object.freeze(told);
    const words = told.map(said).join(", ");
    if (words && words !== last) console.warn(`spro-guide: colours corrected: ${words}`);
    last = words;
  };
  /** Several changes in a row are one; nothing wrong is painted in between. */
  const ask = () => (asked ??= requestAnimationFrame(check));

  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const observer = new MutationObserver(ask);
  for (const node of [host, document.documentElement, document.body ?? host]) observer.observe(node, { attributes: true });
  for (const query of [DARK, FORCED]) matchMedia(query).addEventListener("change", ask, { signal });
  // Style sheets may come late.
  addEventListener("load", ask, { signal });
  for (const event of ["step", "result"]) host.addEventListener(`spro-guide:${event}`, ask, { signal });
  check();

  return () => {
    ended.abort();
    observer.disconnect();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
  };
}
