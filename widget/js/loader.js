// /spro-guide.js: always current, kept for a few minutes only. It starts everything that
// the element will need at once, so that nothing waits for what comes before it.
import { guideOf, tagOf } from "./language.js";

const at = (path) => new URL(path, import.meta.url).href;
const build = "__BUILD__";
const preload = (path) => {
  const link = document.createElement("link");
  Object.assign(link, {
    rel: "preload",
    as: "fetch",
    crossOrigin: "anonymous",
    referrerPolicy: "no-referrer",
    href: at(path),
  });
  document.head.append(link);
};
preload(`${build}/element_bg.wasm`);
// An element that is made later asks by itself.
for (const path of new Set([...document.querySelectorAll("spro-guide")].map(tagOf).map(guideOf))) preload(path);
import(at(`${build}/element.js`)).catch((error) => {
  console.warn("spro-guide: the link inside the element is shown instead (unavailable)", error);
});
