// The room of the first question, kept before it is there: what is below it on the host's page
// does not move when it comes.

/**
 * Keeps the room in an element that holds its slot only, until the visitor goes on. A host that
 * says how high its element is, is right. Returns what gives the room back.
 *
 * The height is what the first question takes at most in a column of this width: measured with
 * the shipped directory, in its languages and looks, with text of the usual size. French is the
 * shortest.
 */
export function reserve(host, root) {
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [sheet];
  const say = (more) => sheet.replaceSync(more && `:host(:not([hidden])){display:block;${more}}`);
  // As a block it has a width.
  say(";");
  const most = Math.max(775, 640 + 3.75e7 / host.clientWidth ** 2);
  say(`min-height:${most * (host.layout ? 0.82 : 1) * (/^(fr)?$/.test(host.lang) ? 1 : 1.1)}px`);
  host.addEventListener("spro-guide:step", ({ detail }) => detail.number > 1 && say(""));
  return () => say("");
}
