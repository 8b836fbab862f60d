// What a visitor has in front of them: the guide, a frame with the guide, or the link.

/** In the page: what is seen of the first element, and what it says of itself. */
export function look() {
  const element = document.querySelector("spro-guide");
  if (!element) return null;
  const visible = (node) => {
    if (!node) return false;
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(node).visibility === "visible";
  };
  const root = element.shadowRoot;
  const frame = root?.querySelector("iframe:not(.paper)");
  const seen = [];
  if (visible(root?.querySelector("input, h2"))) seen.push("element");
  if (visible(frame)) seen.push("frame");
  if (visible(element.querySelector("a"))) seen.push("link");
  return {
    seen,
    said: element.dataset.rung ?? null,
    why: element.dataset.rungWhy ?? "",
    defined: element.matches(":defined"),
    complete: document.readyState === "complete",
    now: performance.now(),
  };
}

/** A cell of the table, in French. */
export function cell({ rung, why }) {
  const name = { element: "élément", frame: "cadre", link: "lien" }[rung] ?? rung;
  return why ? `${name} (${why})` : name;
}
