// Writes the compressed sibling of each file: `node compress.mjs QUALITY FILE…`, or prints how much
// gzip makes of one, as it is uploaded: `node compress.mjs gzip FILE`.

import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [quality, ...files] = process.argv.slice(2);
if (quality === "gzip") console.log(gzipSync(readFileSync(files.pop())).length);
for (const file of files) {
  const bytes = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: Number(quality),
    // The widest window that every browser takes.
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
}
