// The sites that the guide is pasted in, as far as their policies go, and what each must give.

/** A file of ours by what it is; the names of the build and of the snapshot stand before it. */
const FILES = {
  loader: /\/spro-guide\.js$/,
  script: /\/element\.js$/,
  first: /^\/v1\/first\.json$/,
  module: /\/element_bg\.wasm$/,
  guide: /^\/v1\/.*guide(\.fr)?\.bin$/,
  texts: /\/texts\.[a-z]+\.txt$/,
};

const csp = (write) => (ours) => ({ "Content-Security-Policy": write(ours) });

/** A nonce is made anew for each answer; here each page is answered once. */
const NONCE = "c3Byby1vbmUtdGltZQ";

/**
 * After helmet's defaults with the lines that « Santé psy étudiant » adds to them (the open source of
 * betagouv/sante-psy, utils/csp-config). Without `upgrade-insecure-requests`: tests speak HTTP.
 */
const PUBLIC = (more = {}) => {
  const directives = {
    "default-src": "'self'",
    "base-uri": "'self'",
    "font-src": "'self' https: data:",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "img-src": "'self' https://stats.data.gouv.fr/ https://*.tile.openstreetmap.org/ data:",
    "object-src": "'none'",
    "script-src": "'self' https://stats.data.gouv.fr/ 'sha256-4sJsjD6jok0r8RIemFeNZ1nEQfYv6qdzYIaUCTrSIhs='",
    "script-src-attr": "'none'",
    "style-src": "'self' https: 'unsafe-inline'",
    "frame-src": "https://stats.example.gouv.fr",
    "connect-src": "'self' https://nominatim.openstreetmap.org https://stats.data.gouv.fr/",
  };
  for (const [name, sources] of Object.entries(more)) directives[name] += ` ${sources}`;
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join("; ");
};

/**
 * One row each: `rung` is what must be given, `why` the reasons that the element must say. `silent`
 * where our script never runs, hence nobody says anything. `everywhere`: in every engine in the quick
 * run too, one row of each kind that an engine decides by itself.
 */
export const ROWS = [
  { id: "open", everywhere: true, title: "Aucune politique", rung: "element" },
  {
    id: "self-and-us",
    title: "`script-src 'self' NOUS 'wasm-unsafe-eval'; connect-src 'self' NOUS`",
    headers: csp((us) => `script-src 'self' ${us} 'wasm-unsafe-eval'; connect-src 'self' ${us}`),
    rung: "element",
  },
  {
    id: "no-wasm",
    everywhere: true,
    title: "La même, sans `'wasm-unsafe-eval'`",
    headers: csp((us) => `script-src 'self' ${us}; connect-src 'self' ${us}`),
    rung: "frame",
    why: "wasm-forbidden",
  },
  {
    id: "no-wasm-frame",
    everywhere: true,
    title: "La même, sans `'wasm-unsafe-eval'`, avec `frame-src 'none'`",
    headers: csp((us) => `script-src 'self' ${us}; connect-src 'self' ${us}; frame-src 'none'`),
    rung: "link",
    why: "wasm-forbidden, frame-failed",
  },
  {
    id: "frame-none",
    title: "`frame-src 'none'` seul",
    headers: csp(() => "frame-src 'none'"),
    rung: "element",
  },
  {
    id: "no-connect",
    everywhere: true,
    title: "`script-src NOUS 'wasm-unsafe-eval'; connect-src 'self'`",
    headers: csp((us) => `script-src ${us} 'wasm-unsafe-eval'; connect-src 'self'`),
    rung: "frame",
    why: "data-failed",
  },
  {
    id: "no-script",
    title: "`script-src 'self'`, sans nous",
    headers: csp(() => "script-src 'self'"),
    rung: "link",
    silent: true,
  },
  { id: "style-self", title: "`style-src 'self'`", headers: csp(() => "style-src 'self'"), rung: "element", styled: true },
  {
    id: "trusted-types",
    title: "`require-trusted-types-for 'script'; trusted-types 'none'`",
    headers: csp(() => "require-trusted-types-for 'script'; trusted-types 'none'"),
    rung: "element",
  },
  {
    id: "strictest",
    everywhere: true,
    title: "`default-src 'none'`, ouverte seulement à ce que l'élément demande, types de confiance compris",
    headers: csp(
      (us) =>
        `default-src 'none'; script-src ${us} 'wasm-unsafe-eval'; connect-src ${us}; style-src 'self'; base-uri 'none'; ` +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    rung: "element",
    styled: true,
  },
  {
    id: "strict-dynamic",
    everywhere: true,
    title: "`script-src 'nonce-…' 'strict-dynamic' 'wasm-unsafe-eval'`",
    headers: csp(() => `script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'`),
    nonce: NONCE,
    rung: "element",
  },
  {
    id: "strict-dynamic-no-wasm",
    title: "Le même nonce, sans `'wasm-unsafe-eval'`",
    headers: csp(() => `script-src 'nonce-${NONCE}' 'strict-dynamic'; object-src 'none'; base-uri 'none'`),
    nonce: NONCE,
    rung: "frame",
    why: "wasm-forbidden",
  },
  {
    id: "isolated",
    title: "`COEP: require-corp` et `COOP: same-origin`",
    headers: () => ({ "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin" }),
    rung: "element",
  },
  {
    id: "isolated-no-wasm",
    everywhere: true,
    title: "La même, avec une politique sans `'wasm-unsafe-eval'`",
    headers: (us) => ({
      "Cross-Origin-Embedder-Policy": "require-corp",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Content-Security-Policy": `script-src ${us}`,
    }),
    rung: "frame",
    why: "wasm-forbidden",
  },
  {
    id: "sandbox",
    title: "Page dans `<iframe sandbox=\"allow-scripts allow-forms allow-popups\">`",
    sandbox: "allow-scripts allow-forms allow-popups",
    rung: "element",
  },
  {
    id: "sandbox-scripts",
    everywhere: true,
    title: "Page dans `<iframe sandbox=\"allow-scripts\">`, sans formulaires",
    sandbox: "allow-scripts",
    rung: "element",
  },
  { id: "sandbox-none", title: "Page dans `<iframe sandbox>`, sans scripts", sandbox: "", rung: "link", silent: true },
  {
    id: "public",
    title: "Un site public (modèle : « Santé psy étudiant »), tel quel",
    headers: csp(() => PUBLIC()),
    rung: "link",
    silent: true,
  },
  {
    id: "public-frame",
    title: "Le même, avec NOUS dans `script-src` et dans `frame-src`",
    headers: csp((us) => PUBLIC({ "script-src": us, "frame-src": us })),
    rung: "frame",
    why: "wasm-forbidden",
  },
  {
    id: "public-element",
    title: "Le même, avec `NOUS 'wasm-unsafe-eval'` dans `script-src` et NOUS dans `connect-src`",
    headers: csp((us) => PUBLIC({ "script-src": `${us} 'wasm-unsafe-eval'`, "connect-src": us })),
    rung: "element",
  },
  { id: "javascript-off", everywhere: true, title: "Navigateur sans JavaScript", javaScript: false, rung: "link", silent: true },
  { id: "no-webassembly", title: "Navigateur sans WebAssembly", before: "delete globalThis.WebAssembly", rung: "frame", why: "no-wasm" },
  { id: "stopped", title: "Notre serveur arrêté", stopped: true, rung: "link", silent: true },
  { id: "hanging", title: "Notre serveur qui ne répond pas", hangs: /./, rung: "link", silent: true },
  {
    id: "hanging-later",
    everywhere: true,
    title: "Notre serveur qui ne répond plus après le premier fichier",
    hangs: /^(?!.*spro-guide\.js$)/,
    rung: "link",
    why: "slow",
  },
  { id: "eats-loader", title: "Bloqueur qui prend `spro-guide.js`", eats: FILES.loader, rung: "link", silent: true },
  { id: "eats-script", title: "Bloqueur qui prend `element.js`", eats: FILES.script, rung: "frame", why: "script-failed" },
  { id: "eats-first", title: "Bloqueur qui prend `first.json`", eats: FILES.first, rung: "frame", why: "data-failed" },
  { id: "eats-module", title: "Bloqueur qui prend `element_bg.wasm`", eats: FILES.module, rung: "frame", why: "wasm-failed" },
  { id: "eats-guide", title: "Bloqueur qui prend les questions", eats: FILES.guide, rung: "frame", why: "data-failed" },
  {
    id: "changes-loader",
    title: "Un octet changé dans `spro-guide.js` (collé avec son empreinte)",
    changes: FILES.loader,
    integrity: true,
    rung: "link",
    silent: true,
  },
  { id: "changes-script", everywhere: true, title: "Un octet changé dans `element.js`", changes: FILES.script, rung: "frame", why: "script-failed" },
  { id: "changes-first", title: "Un octet changé dans `first.json`", changes: FILES.first, rung: "frame", why: "data-failed" },
  { id: "changes-module", everywhere: true, title: "Un octet changé dans `element_bg.wasm`", changes: FILES.module, rung: "frame", why: "wasm-failed" },
  { id: "changes-guide", title: "Un octet changé dans les questions", changes: FILES.guide, rung: "frame", why: "data-failed" },
];

/** The page of a row, as a site would serve it. */
export function page(row, ours, integrity) {
  const { nonce, before } = row;
  const onScript = [nonce && `nonce="${nonce}"`, integrity && `integrity="${integrity}"`];
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Une page</title>
<link rel="icon" href="data:,">
${before ? `<script>${before}</script>` : ""}
</head>
<body>
<main>
<h1>S’orienter</h1>
<script async crossorigin src="${ours}/spro-guide.js" ${onScript.filter(Boolean).join(" ")}></script>
<spro-guide ${row.attributes ?? ""}><a href="${ours}/">Trouver le lieu qui peut m'aider à m'orienter</a></spro-guide>
</main>
</body>
</html>
`;
}
