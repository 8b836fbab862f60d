// The store behind the Cache API, which bare workerd leaves to whoever configures it:
// whole responses in memory, until they expire.
//
// The runtime speaks HTTP to it: GET with `only-if-cached` reads and wants CF-Cache-Status
// back, PUT brings a response written as on the wire, PURGE forgets.

const entries = new Map();

function read(url) {
  const entry = entries.get(url);
  if (entry && entry.expires > Date.now()) return entry;
  entries.delete(url);
  return undefined;
}

/** Splits a response written as on the wire into its parts; undefined when it may not be kept. */
function parse(bytes) {
  let end = 0;
  while (end < bytes.length && !(bytes[end] === 13 && bytes[end + 2] === 13)) end += 1;
  const [first, ...lines] = new TextDecoder().decode(bytes.subarray(0, end)).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const control = headers.find(([name]) => name === "cache-control")?.[1] ?? "";
  const age = /(?:s-maxage|max-age)=(\d+)/.exec(control);
  if (!age || /no-store|private/.test(control)) return undefined;
  return {
    status: Number(first.split(" ")[1]),
    headers: headers.filter(([name]) => name !== "transfer-encoding"),
    body: bytes.slice(end + 4),
    expires: Date.now() + Number(age[1]) * 1000,
  };
}

export default {
  async fetch(request) {
    const { method, url } = request;
    if (method === "PUT") {
      const entry = parse(new Uint8Array(await request.arrayBuffer()));
      if (entry) entries.set(url, entry);
      return new Response(null, { status: 204 });
    }
    if (method === "PURGE") {
      return new Response(null, { status: entries.delete(url) ? 200 : 404 });
    }
    const entry = read(url);
    if (!entry) return new Response(null, { status: 504, headers: { "CF-Cache-Status": "MISS" } });
    // What was stored is passed on as it was, encoded or not.
    const response = new Response(entry.body, { ...entry, encodeBody: "manual" });
    response.headers.set("CF-Cache-Status", "HIT");
    return response;
  },
};
