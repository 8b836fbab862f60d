// The tables of `docs/element.md` as a Custom Elements Manifest, which editors read.
// `node tests/browser/lib/manifest.mjs` writes it.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { face } from "./face.mjs";

const FILE = new URL("../../../widget/types/custom-elements.json", import.meta.url);

const plain = (text) => text.replaceAll("`", "");
/** Without what is empty. */
const said = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== "" && value !== undefined));
const type = (text = "") => (text ? { text: plain(text).replaceAll(", ", " | ") } : undefined);
const READ_ONLY = /; read-only$/;

export const manifest = {
  schemaVersion: "1.0.0",
  modules: [
    {
      kind: "javascript-module",
      path: "spro-guide.js",
      declarations: [
        {
          kind: "class",
          customElement: true,
          name: "SproGuideElement",
          tagName: "spro-guide",
          description: "Asks a few plain questions, and names the right place of the public career guidance.",
          superclass: { name: "HTMLElement" },
          attributes: face.attribute
            .filter((row) => "default" in row)
            .map((row) =>
              said({ name: row.name, description: plain(row["what it does"]), type: type(row.type), default: plain(row.default), fieldName: row.name }),
            ),
          members: face.property.map((row) =>
            said({
              kind: "field",
              name: row.name,
              description: plain(row["what it does"]).replace(READ_ONLY, ""),
              type: type(row.type),
              default: plain(row.default),
              readonly: READ_ONLY.test(row["what it does"]) || undefined,
            }),
          ),
          events: face.event.map((row) => ({ name: row.name, description: plain(row.when), type: { text: "CustomEvent" } })),
          slots: face.slot.map((row) => ({ name: "", description: plain(row["what it does"]) })),
          cssProperties: face["custom property"].map((row) =>
            said({ name: row.name, description: plain(row["what it is"]), default: plain(row.default) }),
          ),
          cssParts: face.part.map((row) => ({ name: row.name, description: plain(row["what it is"]) })),
        },
      ],
    },
  ],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, `${JSON.stringify(manifest, null, 2)}\n`);
