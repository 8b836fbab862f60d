// A site that we know nothing of, with the headers that a test gives it; and our own server as a
// network or an extension may leave it: a file eaten, a byte changed, no answer.

import { createServer, request } from "node:http";
import { worker } from "./server.mjs";

/** Starts a server on a free port; `host` is the name that pages know it by. */
async function listen(answer, host = "127.0.0.1") {
  const server = createServer(answer);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { origin: `http://${host}:${server.address().port}`, close };
}

/** Serves pages by their path: `{ "/a": { headers, body } }`; what is added later is served, too. */
export async function startHost(pages) {
  return listen((incoming, answer) => {
    const page = pages[new URL(incoming.url, "http://host").pathname];
    answer.writeHead(page ? 200 : 404, {
      "Content-Type": page?.type ?? "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      ...page?.headers,
    });
    answer.end(page?.body ?? "");
  }, "localhost");
}

/**
 * Our server with faults, each a pattern of paths: `eats` cuts the connection, `hangs` never
 * answers, `changes` turns one byte in the middle. `asked` lists the paths that were asked for.
 */
export async function startOurs({ eats, hangs, changes } = {}) {
  const asked = [];
  const { hostname, port } = new URL(worker);
  const server = await listen((incoming, answer) => {
    const path = incoming.url.split("?")[0];
    asked.push(path);
    if (eats?.test(path)) return void incoming.destroy();
    if (hangs?.test(path)) return;
    const headers = { ...incoming.headers };
    // A byte of the text is meant, not of what compresses it.
    if (changes) delete headers["accept-encoding"];
    const passed = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (reply) => {
      if (!changes?.test(path)) {
        answer.writeHead(reply.statusCode, reply.headers);
        return void reply.pipe(answer);
      }
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => {
        const body = Buffer.concat(parts);
        body[body.length >> 1] ^= 1;
        const { "transfer-encoding": _, ...others } = reply.headers;
        answer.writeHead(reply.statusCode, { ...others, "content-length": body.length });
        answer.end(body);
      });
    });
    passed.on("error", () => incoming.destroy());
    incoming.pipe(passed);
  });
  return { ...server, asked };
}

/** An address where nobody listens. */
export async function stopped() {
  const { origin, close } = await listen(() => {});
  await close();
  return { origin, asked: [], close: async () => {} };
}
