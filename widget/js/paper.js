// What leaves the page by the visitor's own hand: the liaison sheet on paper, or in the
// clipboard. Nothing is sent.

import css from "./paper.css";

/**
 * Prints a sheet alone; fails where the browser cannot. The host page is not ours to hide: the
 * sheet goes into an empty frame of the same page, as nodes and an adopted style sheet, which
 * neither a strict `style-src` nor Trusted Types refuse.
 *
 * Nobody knows when a browser has read it: iOS says that it has printed before the visitor has
 * seen the dialog. The frame stays beside the sheet until the next one, and goes with the screen.
 */
export async function print(sheet) {
  const frame = document.createElement("iframe");
  sheet.parentNode.querySelector("iframe")?.remove();
  frame.setAttribute("aria-hidden", "true");
  // Some browsers replace the empty document once: what was put there before would be gone.
  await new Promise((onload) => {
    Object.assign(frame, { className: "paper", title: sheet.querySelector("h3").textContent, tabIndex: -1, onload });
    sheet.after(frame);
  });
  const { contentWindow: page, contentDocument: paper } = frame;
  try {
    const style = new page.CSSStyleSheet();
    style.replaceSync(css);
    paper.adoptedStyleSheets = [style];
    paper.title = frame.title;
    paper.documentElement.lang = sheet.lang;
    paper.body.append(paper.importNode(sheet, true));
    page.print();
  } catch (error) {
    frame.remove();
    throw error;
  }
}

/** Copies a text; fails where the browser or the host page forbids it. */
export const copy = async (text) => navigator.clipboard.writeText(text);
