// What leaves the page by the visitor's own hand: the liaison sheet on paper, or in the
// clipboard. Nothing is sent.

import css from "./paper.css";

/**
 * Prints a sheet alone. The host page is not ours to hide: the sheet goes into an empty frame
 * of the same page, as nodes and an adopted style sheet, which neither a strict `style-src` nor
 * Trusted Types refuse.
 */
export function print(root, sheet) {
  const title = sheet.querySelector("h3").textContent;
  root.querySelector("iframe")?.remove();
  const frame = document.createElement("iframe");
  frame.className = "paper";
  frame.title = title;
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
  // Some browsers replace the empty document once: what was put there before would be gone.
  frame.addEventListener("load", () => {
    const { contentWindow: page, contentDocument: paper } = frame;
    const style = new page.CSSStyleSheet();
    style.replaceSync(css);
    paper.adoptedStyleSheets = [style];
    paper.title = title;
    paper.documentElement.lang = sheet.lang;
    paper.body.append(paper.importNode(sheet, true));
    page.addEventListener("afterprint", () => setTimeout(() => frame.remove()));
    page.print();
  }, { once: true });
  root.append(frame);
}

/** Copies a text; fails where the browser or the host page forbids it. */
export const copy = async (text) => navigator.clipboard.writeText(text);
