// A site of a test's own: pages with the headers that they are served with.

import { createServer } from "node:http";

/**
 * Serves what `answer` gives for a path: `{ html, headers }`, or nothing. Headers are as Node
 * takes them: a list where one comes several times. Gives the origin.
 */
export async function serve(t, answer) {
  const server = createServer((request, response) => {
    const found = answer(new URL(request.url, "http://site.test").pathname, request);
    const { status = 200, type = "text/html; charset=utf-8", html = "", headers = {} } = found ?? { status: 404 };
    response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store", ...headers });
    response.end(html);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A page around something. */
export const page = (body, head = "") => `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Un site de test</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<main>
<h1>S’orienter</h1>
${body}
</main>
</body>
</html>
`;
