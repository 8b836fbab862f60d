// The frameworks as pages load them, from the packages that package.json pins.

import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** React ships no module for browsers: a script of a test, bundled with it. */
export async function withReact(script) {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"development"' },
  });
  return outputFiles[0].text;
}

/** Vue with its compiler, as a module. */
export const vue = () => readFile(require.resolve("vue/dist/vue.esm-browser.prod.js"), "utf8");

/** htmx, as a classic script. */
export const htmx = () => readFile(require.resolve("htmx.org/dist/htmx.min.js"), "utf8");
