// The ledger: what must never be written twice at once. KV has no transaction and no
// compare-and-set; this object has both, and there is one of it in the world. It knows
// nothing of the guide: records with a revision, and logs that only grow. What they mean
// is decided in WebAssembly (administration/src/ledger.rs).
import { DurableObject } from "cloudflare:workers";

const TABLES = `
  CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, log TEXT NOT NULL, value TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS entry_of_log ON entry (log, number);
  CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tally (day TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (day, name)) WITHOUT ROWID;`;

/** The end of a range of names that begin alike: no name holds a later character. */
const LAST = "\u{10ffff}";

export class Ledger extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.storage = state.storage;
    this.storage.sql.exec(TABLES);
  }

  async fetch(request) {
    const asked = await request.json();
    const what = new URL(request.url).pathname.slice(1);
    const answers = { read: this.read, write: this.write, count: this.count, counts: this.counts };
    return Response.json(answers[what].call(this, asked));
  }

  rows(query, ...values) {
    return this.storage.sql.exec(query, ...values).toArray();
  }

  read({ names, prefixes, logs }) {
    const records = [
      ...names.flatMap((name) => this.rows("SELECT * FROM record WHERE name = ?", name)),
      ...prefixes.flatMap((prefix) =>
        this.rows("SELECT * FROM record WHERE name >= ? AND name < ? ORDER BY name", prefix, prefix + LAST),
      ),
    ];
    const entries = logs.map(({ log, before, limit }) =>
      this.rows(
        "SELECT number, value FROM entry WHERE log = ? AND number < ? ORDER BY number DESC LIMIT ?",
        log,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      ).map(({ number, value }) => ({ number, value: JSON.parse(value) })),
    );
    return {
      records: records.map(({ name, revision, value }) => ({ name, revision, value: JSON.parse(value) })),
      entries,
    };
  }

  /** All of it, or nothing: where a record is not at the revision that is expected. */
  write({ expect, put, remove, append }) {
    return this.storage.transactionSync(() => {
      const conflicts = expect.filter(([name, revision]) => this.revision(name) !== revision).map(([name]) => name);
      if (conflicts.length > 0) return { conflicts };
      const revisions = put.map(([name, value]) => {
        // One count for all records: a name that is used again never sees an old revision.
        const [{ value: revision }] = this.rows(
          "INSERT INTO counter VALUES ('revision', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        );
        this.rows(
          "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, value = excluded.value",
          name,
          revision,
          JSON.stringify(value),
        );
        return revision;
      });
      for (const name of remove) this.rows("DELETE FROM record WHERE name = ?", name);
      for (const [log, value] of append) this.rows("INSERT INTO entry (log, value) VALUES (?, ?)", log, JSON.stringify(value));
      return { revisions };
    });
  }

  /** Adds to the numbers of a day, and forgets those of days before another. */
  count({ day, add, before }) {
    return this.storage.transactionSync(() => {
      for (const [name, number] of add) {
        this.rows(
          "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (day, name) DO UPDATE SET value = value + excluded.value",
          day,
          name,
          number,
        );
      }
      this.rows("DELETE FROM tally WHERE day < ?", before);
      return null;
    });
  }

  counts({ from, to }) {
    const counted = this.rows("SELECT * FROM tally WHERE day >= ? AND day <= ? ORDER BY day, name", from, to);
    return counted.map(({ day, name, value }) => [day, name, value]);
  }

  revision(name) {
    return this.rows("SELECT revision FROM record WHERE name = ?", name)[0]?.revision ?? 0;
  }
}
