// A line of JSON for each test of Node's runner: what `xtask` counts. Suites are not tests.

export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type === "test:diagnostic" && !COUNTS.test(data.message)) yield line({ said: data.message });
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details.type === "suite") continue;
    const left = data.skip !== undefined || data.todo !== undefined;
    const outcome = left ? "skipped" : type === "test:pass" ? "passed" : "failed";
    yield line({ outcome, name: data.name, seconds: data.details.duration_ms / 1000 });
  }
}

/** The runner's own counts come as diagnostics, too. */
const COUNTS = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

const line = (value) => `${JSON.stringify(value)}\n`;
