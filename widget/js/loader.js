// /spro-guide.js: always current, kept for a few minutes only. It starts everything that
// the element will need at once, so that nothing waits for what comes before it.
const at = (path) => new URL(path, import.meta.url).href;
const build = "__BUILD__";
for (const [path, as] of [
  [`${build}/element_bg.wasm`, "fetch"],
  ["v1/guide.bin?lang=fr", "fetch"],
]) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as, crossOrigin: "anonymous", referrerPolicy: "no-referrer", href: at(path) });
  document.head.append(link);
}
import(at(`${build}/element.js`)).catch((error) => {
  console.warn("spro-guide: the link inside the element is shown instead (unavailable)", error);
});
