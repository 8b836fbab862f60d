// How everything in an element looks, to be compared with how it looks elsewhere.

/** In the page: every computed property of one node of each kind in the guide, as "path property" → value. */
export function stylesOf(root, pseudos = ["", "::before", "::after", "::marker"], only = ".") {
  // What depends on the room that the host gives is the host's to decide.
  const room =
    /^(width|height|inline-size|block-size|perspective-origin|transform-origin|grid-template-(columns|rows)|top|right|bottom|left|inset-.*)$/;
  // WebKit says the margin that is left over where a guide is narrower than its room.
  const rest = /^margin-(left|right|inline-start|inline-end)$/;
  const wanted = new RegExp(only);
  const found = {};
  const path = (node) => {
    const own = [node.localName, ...node.classList].join(".");
    return node.parentElement ? `${path(node.parentElement)} > ${own}` : own;
  };
  const kinds = new Map();
  for (const node of root.querySelectorAll(".guide, .guide *")) {
    if (!kinds.has(path(node))) kinds.set(path(node), node);
  }
  for (const [kind, node] of kinds) {
    for (const pseudo of pseudos) {
      const style = getComputedStyle(node, pseudo || null);
      if (pseudo && pseudo !== "::marker" && style.content === "none") continue;
      for (const name of style) if (wanted.test(name) && !room.test(name) && !(node.matches(".guide") && rest.test(name))) found[`${kind}${pseudo} ${name}`] = style.getPropertyValue(name);
    }
  }
  return found;
}

/** What is inherited, hence all that can get past the border of a shadow root. */
export const INHERITED =
  "^(accent|caret|color|cursor|direction|font|hyphen|letter|line-|list-style|pointer|quotes|tab-size|text|user-select|visibility|" +
  "white-space|word|writing|-webkit-text|border-(collapse|spacing)|caption|orphans|widows)";

/** The first properties that are not as usual, in words. */
export function differences(found, usual) {
  const names = Object.keys(usual).filter((name) => found[name] !== usual[name]);
  return names.slice(0, 20).map((name) => `${name}: ${found[name]}, not ${usual[name]}`);
}
