// Where the bytes of the element's code are, by crate, and its largest functions: of what was linked and
// cut in two by the last `cargo xtask build`, before wasm-opt, which takes the names away.
//
// node xtask/src/build/bytes.mjs [how many functions]

import { readFileSync } from "node:fs";

const FOLDER = new URL("../../../target/spro/intermediate/element/", import.meta.url);
/** Both parts by what they are served as. */
const PARTS = { "element_bg.wasm": "split_main.wasm", "later.wasm": "split_later.wasm" };
const CODE = 10;
const IMPORTS = 2;

/** A module read from its beginning: numbers, names, and the sections. */
class Reader {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  text() {
    const length = this.number();
    return this.bytes.toString("utf8", this.at, (this.at += length));
  }
}

/** The bytes of each function of a module, by its name. */
function functions(bytes) {
  const reader = new Reader(bytes, 8);
  const sizes = [];
  const names = new Map();
  let imported = 0;
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const end = reader.number() + reader.at;
    if (id === IMPORTS) {
      imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
    } else if (id === CODE) {
      for (let left = reader.number(); left > 0; left -= 1) {
        const size = reader.number();
        sizes.push(size);
        reader.at += size;
      }
    } else if (id === 0 && reader.text() === "name") {
      while (reader.at < end) {
        const kind = reader.byte();
        const next = reader.number() + reader.at;
        if (kind === 1) for (let left = reader.number(); left > 0; left -= 1) names.set(reader.number(), reader.text());
        reader.at = next;
      }
    }
    reader.at = end;
  }
  return sizes.map((size, index) => ({ name: names.get(imported + index) ?? "?", size }));
}

/** The crate that a function is written in, as its mangled name says it first. */
const crate = (name) => /C(?:s[0-9a-zA-Z]*_)?\d+([a-z]\w*?)(?=\d|[A-Z]|$)/.exec(name)?.[1] ?? "others";

const most = Number(process.argv[2] ?? 0);
for (const [served, file] of Object.entries(PARTS)) {
  // What only tells wasm-bindgen the types is taken out with it.
  const all = functions(readFileSync(new URL(file, FOLDER))).filter(({ name }) => !/describe/i.test(name));
  const crates = new Map();
  for (const { name, size } of all) crates.set(crate(name), (crates.get(crate(name)) ?? 0) + size);
  const sum = all.reduce((sum, { size }) => sum + size, 0);
  console.log(`${served}: ${sum} bytes of code as linked, ${all.length} functions`);
  for (const [name, size] of [...crates].sort((one, other) => other[1] - one[1])) {
    if (size >= sum / 200) console.log(`  ${name.padEnd(24)} ${String(size).padStart(8)}  ${Math.round((100 * size) / sum)} %`);
  }
  for (const { name, size } of all.sort((one, other) => other.size - one.size).slice(0, most)) {
    console.log(`  ${String(size).padStart(8)}  ${name}`);
  }
}
