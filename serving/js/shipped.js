// What is shipped with the worker, beside its code: files in one data module, which
// `xtask/src/build/bundle.rs` writes. A view of a file copies nothing.
import data from "./shipped.bin";

const bytes = new Uint8Array(data);
// The first line is JSON: for each file, where it begins after that line, and its length.
const start = bytes.indexOf(10) + 1;
const places = JSON.parse(new TextDecoder().decode(bytes.subarray(0, start)));

/** The bytes of a shipped file, as they are there; nothing where there is none of this name. */
export function shipped(name) {
  if (!Object.hasOwn(places, name)) return undefined;
  const [begin, length] = places[name];
  return bytes.subarray(start + begin, start + begin + length);
}
