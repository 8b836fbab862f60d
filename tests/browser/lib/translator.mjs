// A machine translator as browsers have one, in every text of a page and of open shadow roots.

/**
 * To be run in the page before anything else. Letters become Cyrillic ones, so that what was
 * translated shows, and so that it can be read back. As Google's does, each text is wrapped twice,
 * or else only its letters change, as in Firefox and Safari; again after each change. What carries
 * `translate="no"` is left alone.
 */
export function translate(wraps) {
  const SKIPPED = "script, style, textarea, font, [translate=no]";
  const letters = (text) =>
    text.replace(/[a-z]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) + (letter < "a" ? 0x410 - 65 : 0x430 - 97)));
  const wrapped = (words) => {
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.append(words);
    outer.append(inner);
    return outer;
  };
  const render = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
      if (!/[a-z]/i.test(text.data) || text.parentElement?.closest(SKIPPED)) continue;
      if (wraps) text.replaceWith(wrapped(letters(text.data)));
      else text.data = letters(text.data);
    }
  };
  const watch = (root) => {
    new MutationObserver(() => render(root)).observe(root, { childList: true, characterData: true, subtree: true });
    render(root);
    return root;
  };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    return watch(attach.call(this, options));
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.lang = "uk";
    watch(document.body);
  });
}

/** What was said before it was translated. */
export const original = (text) =>
  text.replace(/[\u0410-\u0429\u0430-\u0449]/g, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCharCode(code < 0x430 ? code - 0x410 + 65 : code - 0x430 + 97);
  });

/** Whether anything in it was translated. */
export const isTranslated = (text) => /[\u0410-\u0429\u0430-\u0449]/.test(text);
