// The room of the first question, kept before it is there: what is below it on the host's page
// does not move when it comes.

/**
 * How high the first question is at most, in pixels, in a column of this width: measured with
 * the shipped directory, in its languages and looks. French is the shortest.
 */
const height = (width, { lang, layout }) =>
  Math.max(740, 670 + 2.24e7 / width ** 2) * (/^fr(-(?!simple)|$)/.test(lang || "fr") ? 1 : 1.15) * (layout === "compact" ? 0.82 : 1);

/**
 * Keeps the room in an element that holds its slot only, until the visitor goes on. A host that
 * says how high its element is, is right. Returns what gives the room back.
 */
export function reserve(host, root) {
  const sheet = new CSSStyleSheet();
  const say = (more) => sheet.replaceSync(`:host(:not([hidden])){display:block;${more}}`);
  const release = () => sheet.replaceSync("");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  // As a block, so that it has a width.
  say("");
  const width = host.clientWidth;
  if (width) say(`min-height:${Math.round(height(width, host))}px`);
  host.addEventListener("spro-guide:step", ({ detail }) => detail.number > 1 && release());
  host.addEventListener("spro-guide:result", release);
  return release;
}
