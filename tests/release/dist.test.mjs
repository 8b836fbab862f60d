// The archive of `cargo xtask dist`, as somebody unpacks it who has nothing of the repository
// but a workerd: on a path with a space. SPRO_ARCHIVE names it.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const ARCHIVE = process.env.SPRO_ARCHIVE;
const SKIP = ARCHIVE ? false : "SPRO_ARCHIVE names no archive: make one with `cargo xtask dist`";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "the-secret-of-the-archive-and-long-enough";
/** What the command line may take to start. */
const START = 50;
/** How long workerd may take to listen: a hundred times what it takes. */
const PATIENCE = 30_000;

const TABLE = "NOM;CP;COMMUNE;TEL\nMISSION LOCALE DE VALENCE;26000;VALENCE;04 75 00 00 01\n";

/** The workerd that npm installed: the version that the archive's README names. */
async function workerd() {
  const scope = join(ROOT, "node_modules/@cloudflare");
  const name = (await readdir(scope)).find((entry) => entry.startsWith("workerd-"));
  return join(scope, name, "bin/workerd");
}

describe("the archive", { skip: SKIP }, () => {
  let above, folder, origin;
  const servers = [];

  /** Starts one of the two processes on a free port, which it gives. */
  async function listen(...args) {
    const server = spawn(await workerd(), ["serve", ...args, "--control-fd=3"], {
      cwd: folder,
      env: { PATH: process.env.PATH, SPRO_ADMIN_TOKEN: TOKEN },
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    servers.push(server);
    return new Promise((resolve, reject) => {
      let text = "";
      server.stdio[3].on("data", (data) => {
        text += data;
        const listening = text.split("\n").find((line) => line.includes('"port"'));
        if (listening) resolve(JSON.parse(listening).port);
      });
      server.on("exit", () => reject(new Error("workerd ended before it listened")));
      setTimeout(() => reject(new Error("workerd does not listen")), PATIENCE).unref();
    });
  }

  /** As the README says, but on free ports. */
  async function serve() {
    const behind = await listen("administration.capnp", "--socket-addr=administration=127.0.0.1:0");
    const external = `--external-addr=administration=127.0.0.1:${behind}`;
    origin = `http://127.0.0.1:${await listen("guide.capnp", "--socket-addr=http=127.0.0.1:0", external)}`;
  }

  async function stop() {
    for (const server of servers.filter(({ exitCode }) => exitCode === null)) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await ended;
    }
  }

  /** The command line, without anything of cargo or of this session. */
  function spro(...args) {
    const env = { PATH: process.env.PATH, HOME: above, SPRO_TOKEN: TOKEN, SPRO_SERVER: origin };
    const { status, stdout, stderr, error } = spawnSync(join(folder, "spro"), args, { cwd: folder, env, encoding: "utf8" });
    assert.ifError(error);
    return { status, stdout, stderr };
  }

  function succeeds(...args) {
    const { status, stdout, stderr } = spro(...args);
    assert.equal(status, 0, `spro ${args.join(" ")}\n${stdout}\n${stderr}`);
    return stdout;
  }

  const health = async () => (await fetch(`${origin}/v1/health`)).json();

  before(async () => {
    above = await mkdtemp(join(tmpdir(), "spro archive "));
    const { status, stderr } = spawnSync("tar", ["--extract", "--gzip", "--file", ARCHIVE, "--directory", above], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "", "tar has nothing to say");
    folder = join(above, basename(ARCHIVE, ".tar.gz"));
    await mkdir(join(folder, "kv"));
    await mkdir(join(folder, "ledger"));
    await serve();
  });

  after(async () => {
    await stop();
    await rm(above, { recursive: true, force: true });
  });

  test("its checksum is beside it", async () => {
    const sum = createHash("sha256").update(await readFile(ARCHIVE)).digest("hex");
    assert.equal(await readFile(`${ARCHIVE}.sha256`, "utf8"), `${sum}  ${basename(ARCHIVE)}\n`);
  });

  test("it holds what its README lists, and each text is for this version", async () => {
    const names = (await readdir(folder)).filter((name) => name !== "kv" && name !== "ledger").sort();
    const readme = await readFile(join(folder, "README.md"), "utf8");
    const listed = [...readme.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(.*?)`/g)].map(([, name]) => name));
    assert.deepEqual(names, [...listed, "README.md"].sort());
    const { version } = JSON.parse(await readFile(join(ROOT, "node_modules/workerd/package.json"), "utf8"));
    assert.ok(readme.includes(`npx workerd@${version} serve guide.capnp`), readme);
    assert.ok(!/VERSION|WORKERD|RUSTC/.test(readme), readme);
    for (const [name, said] of [["CREDITS.md", "GeoNames"], ["THIRD-PARTY.md", "| serde_json |"], ["LICENSE-MIT", "MIT"], ["LICENSE-APACHE", "Apache"]]) {
      assert.ok((await readFile(join(folder, name), "utf8")).includes(said), name);
    }
  });

  test("nothing in it says where it was made", async () => {
    const places = [ROOT, join(homedir(), ".cargo"), join(homedir(), ".rustup")].map((place) => Buffer.from(place));
    for (const file of ["spro", "worker/worker.js", "worker/index_bg.wasm", "administration/index_bg.wasm"]) {
      const bytes = await readFile(join(folder, file));
      for (const place of places) assert.equal(bytes.indexOf(place), -1, `${place} in ${file}`);
    }
    const { uid, mtimeMs } = await stat(join(folder, "spro"));
    assert.equal(mtimeMs, 0, "no date");
    assert.ok(uid === 0 || uid === process.getuid(), "no person");
  });

  test("it serves the guide", async () => {
    assert.equal((await health()).status, "ok");
    const loader = await fetch(`${origin}/spro-guide.js`);
    assert.equal(loader.status, 200);
    assert.match(loader.headers.get("content-type"), /javascript/);
    assert.ok((await loader.text()).includes("spro-guide"));
    const build = (await readFile(join(folder, "assets/build.txt"), "utf8")).trim();
    const element = await fetch(`${origin}/${build}/element.js`, { headers: { "accept-encoding": "br" } });
    assert.equal(element.headers.get("content-encoding"), "br");
    await element.arrayBuffer();
    const page = await fetch(`${origin}/`);
    assert.match(await page.text(), /<html lang="fr"/);
  });

  test("the command line starts at once", (context) => {
    const version = basename(ARCHIVE).match(/^spro-guide-(.*)-linux-x86_64\.tar\.gz$/)[1];
    assert.match(succeeds("--version"), new RegExp(`\\b${version.replaceAll(".", "\\.")}\\n$`));
    for (const args of [["--version"], ["--help"], ["import", "--help"], ["networks"]]) {
      // The machine may have other things to do: the least of ten is what the program takes.
      const times = Array.from({ length: 10 }, () => {
        const begun = performance.now();
        succeeds(...args);
        return performance.now() - begun;
      });
      const least = Math.min(...times);
      context.diagnostic(`spro ${args.join(" ")}: ${least.toFixed(1)} ms`);
      assert.ok(least < START, `spro ${args.join(" ")} takes ${least.toFixed(1)} ms`);
    }
  });

  test("a table is imported and published, and is still there after a restart", async () => {
    await writeFile(join(folder, "mes lieux.csv"), TABLE);
    const told = succeeds("import", "--shipped", "mes lieux.csv", "--checked-on", "2026-11-03", "--out", "directory.json");
    assert.ok(told.includes("Fiches lues : 1 = 1 ajoutées"), told);
    // Whoever has no source is told no command of cargo.
    assert.ok(told.includes("spro publish directory.json") && !told.includes("cargo"), told);
    succeeds("publish", "directory.json", "--reason", "essai");
    const published = await health();
    assert.equal(published.source, "kv");
    assert.equal(published.version, 1);
    succeeds("keep");
    await stop();
    await serve();
    assert.deepEqual(await health(), published);
    assert.ok(succeeds("versions").includes("essai"));
  });

  test("nobody gets in without the key", async () => {
    const reply = await fetch(`${origin}/admin/v1/versions`, { headers: { authorization: "Bearer another" } });
    assert.equal(reply.status, 401);
    await reply.arrayBuffer();
  });
});
