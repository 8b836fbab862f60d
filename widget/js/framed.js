// The second rung: our page in a frame, as high as what it says.

import { tagOf } from "./language.js";

/**
 * Puts it into a root, below the slot, whose place it takes once it has told its height: a frame
 * that the host's policy refuses tells nothing. `attributes` are those of the host that the page
 * follows too.
 */
export function frame(host, root, base, attributes) {
  const frame = document.createElement("iframe");
  const asked = new URLSearchParams({ frame: 1, lang: tagOf(host) });
  for (const name of attributes) if (host[name] && name !== "frame") asked.set(name, host[name]);
  Object.assign(frame, {
    src: `${base}?${asked}`,
    // The first of the links inside the tag: others lead elsewhere.
    title: (host.querySelector("a") ?? host).textContent.trim(),
    referrerPolicy: "no-referrer",
    allow: "clipboard-write",
  });
  const style = (properties) => Object.assign(frame.style, properties);
  style({ border: 0, width: "100%", height: 0, display: "block", colorScheme: "normal" });
  let hear;
  let pages = 0;
  const shown = new Promise((resolve) => {
    hear = ({ source, data }) => {
      if (source !== frame.contentWindow || !data) return;
      if (data["spro-guide"] === "height") {
        style({ height: `${Math.ceil(data.height)}px` });
        root.querySelector("slot")?.remove();
        resolve();
      } else if (data["spro-guide"] === "page" && (pages += 1) > 1 && frame.getBoundingClientRect().top < 0) {
        // The next question begins where the visitor can see it.
        frame.scrollIntoView();
      }
    };
  });
  addEventListener("message", hear);
  root.append(frame);
  return { shown, stop: () => removeEventListener("message", hear) };
}
