// The types that hosts write their code with.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const TSC = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const PROJECT = fileURLToPath(new URL("types", import.meta.url));

test("the types know what is right and refuse what is wrong", async () => {
  const errors = await new Promise((resolve) => {
    execFile(process.execPath, [TSC, "--pretty", "false", "-p", PROJECT], (_failed, printed, complaint) =>
      resolve(printed + complaint),
    );
  });
  assert.equal(errors, "");
});
