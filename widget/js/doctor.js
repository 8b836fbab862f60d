// `?spro-doctor` at the end of a page's address: a box that says, in plain French and to the
// site's owner only, which rung the element is on, what keeps it there, and the exact line to
// write. Everything is found in the page; nothing is sent.
//
// `worker/src/embed/doctor` says the same of a page that it is given. That the loader runs is
// settled here, or this file would not: what remains is WebAssembly, the data and the frame. The
// cases of `administration/tests/cases/policies.json` hold both together.

const ORIGIN = new URL(import.meta.url).origin;
const ATTRIBUTES = ["lang", "territory", "commune", "network", "theme", "level", "look", "layout", "frame"];
const COMMON = /^(id|class|style|slot|hidden|title|dir|role|part|tabindex|translate|inert|data-.*|aria-.*|on.*)$/;
const WASM = "'wasm-unsafe-eval'";
/** The smallest module there is. */
const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

const RUNGS = {
  element: "Le guide s’affiche dans la page.",
  frame: "Le guide s’affiche dans un cadre, au lieu de la page elle-même.",
  link: "Seul le lien s’affiche, au lieu du guide.",
};
const WHY = {
  "no-wasm": "Ce navigateur n’a pas WebAssembly. D’autres navigateurs montrent le guide : rien n’est à changer dans votre page.",
  "wasm-forbidden": "La page refuse WebAssembly, dont le guide a besoin pour choisir le lieu.",
  "script-failed": "Un de nos scripts n’est pas arrivé, ou pas comme il est parti : un bloqueur, un filtre du réseau, ou la politique de sécurité de la page.",
  "data-failed": "Les questions ou les lieux ne sont pas arrivés : un bloqueur, un filtre du réseau, ou la politique de sécurité de la page.",
  "wasm-failed": "Le programme du guide n’est pas arrivé, ou pas comme il est parti.",
  "unreadable-guide": "Les questions sont arrivées abîmées.",
  stopped: "Le programme du guide s’est arrêté.",
  slow: "La connexion a été trop lente.",
  "frame-failed": "Le cadre ne s’est pas affiché : la politique de sécurité de la page le refuse peut-être.",
  "frame-off": "L’attribut frame=\"none\" interdit le cadre.",
};

/** A policy as a map, in its order; of a directive that is written twice, the first counts. */
function parse(text) {
  const policy = new Map();
  for (const directive of text.split(";")) {
    const [name, ...values] = directive.trim().split(/\s+/);
    if (name && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), values);
  }
  return policy;
}

const line = (name, values) => [name, ...values].join(" ");
const text = (policy) => [...policy].map(([name, values]) => line(name, values)).join("; ");
const has = (values, keyword) => values.some((value) => value.toLowerCase() === keyword);
const ownPort = (scheme) => (scheme === "https:" ? "443" : "80");

/** Whether a source of a policy is where the guide is. */
function isAt(source, guide, page) {
  if (source === "*") return true;
  if (source.startsWith("'")) return source.toLowerCase() === "'self'" && guide.origin === page.origin;
  const fits = (scheme) => scheme === guide.protocol || (scheme === "http:" && guide.protocol === "https:");
  if (/^[a-z][a-z\d+.-]*:$/i.test(source) && !source.includes(".")) return fits(source.toLowerCase());
  const [, scheme, host, port, path] = /^(?:([^:/]+:)\/\/)?(\[[^\]]*\]|[^:/]*)(?::([^/]*))?(.*)$/.exec(source);
  const name = host.toLowerCase();
  const at = guide.port || ownPort(guide.protocol);
  return (
    (name === "*" || name === guide.hostname || (name.startsWith("*.") && guide.hostname.endsWith(name.slice(1)))) &&
    fits(scheme ? scheme.toLowerCase() : page.protocol) &&
    (port === undefined ? !guide.port : port === "*" || port === at || (port === "80" && at === "443" && scheme !== "https:")) &&
    (path === "" || path === "/")
  );
}

/** The same policy, letting the element in; and what was changed: directive, line, line before. */
export function mend(written, guide, page) {
  const policy = parse(written);
  const [changes, frame] = [[], []];
  const need = (chain, isAllowed, source, into) => {
    const inForce = chain.find((name) => policy.has(name));
    if (!inForce || isAllowed(policy.get(inForce))) return;
    const name = inForce === "default-src" ? chain[0] : inForce;
    const before = policy.has(name) ? line(name, policy.get(name)) : undefined;
    const values = [...policy.get(inForce).filter((value) => value.toLowerCase() !== "'none'"), source];
    into.push({ directive: inForce, before, after: line(name, values) });
    if (into === changes) policy.set(name, values);
  };
  const fromUs = (values) => values.some((source) => isAt(source, guide, page));
  need(["script-src", "default-src"], (values) => has(values, WASM) || has(values, "'unsafe-eval'"), WASM, changes);
  need(["connect-src", "default-src"], fromUs, guide.origin, changes);
  need(["frame-src", "child-src", "default-src"], fromUs, guide.origin, frame);
  return { mended: text(policy), changes, frame };
}

/** Every policy of the page that can be known from inside it. */
async function policies() {
  const found = new Set();
  for (const meta of document.querySelectorAll("meta[http-equiv=content-security-policy i]")) found.add(meta.content);
  const blocked = (event) => event.disposition === "enforce" && found.add(event.originalPolicy);
  addEventListener("securitypolicyviolation", blocked);
  // What is tried here is what the element tries: a refusal names the policy that refuses.
  try {
    new WebAssembly.Module(MODULE);
  } catch {
    // That is an answer too.
  }
  const ours = fetch(`${ORIGIN}/v1/health`, { credentials: "omit", referrerPolicy: "no-referrer" }).catch(() => {});
  const page = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
  const header = page?.headers.get("content-security-policy");
  for (const policy of header?.split(",") ?? []) found.add(policy.trim());
  await ours;
  // The event comes in a turn of its own.
  await new Promise((done) => setTimeout(done));
  removeEventListener("securitypolicyviolation", blocked);
  return unique([...found]);
}

/** The same policy read in two places is one. */
function unique(found) {
  const seen = new Map();
  for (const policy of found) seen.set(text(parse(policy)), policy);
  seen.delete("");
  return [...seen.values()];
}

function node(name, content, ...inside) {
  const made = document.createElement(name);
  made.append(...[content].flat().filter((part) => part !== undefined), ...inside);
  return made;
}

function advice(policy, index, count) {
  const { changes, frame } = mend(policy, new URL(ORIGIN), new URL(location.href));
  const where = count > 1 ? ` (politique n° ${index + 1})` : "";
  const lines = (all) =>
    all.flatMap(({ before, after }) => [
      node("p", before ? ["À la place de ", node("code", before), " :"] : "Une ligne de plus :"),
      node("pre", `${after};`),
    ]);
  const parts = [];
  if (changes.length > 0) {
    parts.push(node("h3", `Ce qui bloque${where}`));
    parts.push(node("ul", changes.map(({ directive, after }) =>
      node("li", `« ${directive} » ${after.includes(WASM) && !after.startsWith("connect-src") ? "refuse WebAssembly." : "refuse que le guide lise ses questions et ses lieux."}`))));
    parts.push(node("h3", "Ce qu’il faut écrire dans Content-Security-Policy"), ...lines(changes));
  }
  if (frame.length > 0) {
    parts.push(node("h3", `Pour que le cadre puisse remplacer le guide${where}`), ...lines(frame));
  }
  return parts;
}

function typos(element) {
  const unknown = element.getAttributeNames().filter(
    (name) => !ATTRIBUTES.includes(name) && !COMMON.test(name) && !name.startsWith("data-rung"),
  );
  const parts = unknown.map((name) => node("li", `L’attribut « ${name} » n’existe pas : il ne fait rien.`));
  if (!element.querySelector("a[href]")) {
    parts.push(node("li", "Il n’y a pas de lien dans la balise. Remettez-le : c’est ce que voient les personnes chez qui le guide ne peut pas s’afficher."));
  }
  const ours = document.querySelector('script[type="module" i][src*="/spro-guide.js"]');
  const isAfter = (map) => ours.compareDocumentPosition(map) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (ours && [...document.querySelectorAll("script[type=importmap i]")].some(isAfter)) {
    parts.push(node("li", [
      "La page a une « import map » après notre script, qui est un module : Firefox et les navigateurs d’avant 2025 refusent alors cette map, et les scripts de la page qui en ont besoin s’arrêtent. Écrivez notre balise sans type=\"module\", ou collez-la après la map : ",
      node("code", `<script async crossorigin src="${ORIGIN}/spro-guide.js"></script>`),
    ]));
  }
  return parts.length > 0 ? [node("h3", "Dans le code collé"), node("ul", parts)] : [];
}

const STYLE = `
:host { all: initial; display: block; margin: 1rem 0; }
section { border: 3px solid #000091; border-radius: .5rem; background: #fff; color: #1b1b35; padding: .75rem 1rem; font: 16px/1.5 system-ui, sans-serif; text-align: start; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0 0 .5rem; } h3 { font-size: 1rem; margin: .75rem 0 .25rem; } p, ul { margin: .25rem 0; }
pre, code { font: 15px/1.5 ui-monospace, Consolas, monospace; background: #f4f4fa; } pre { padding: .5rem; margin: .25rem 0; white-space: pre-wrap; user-select: all; }
a { color: #000091; } :focus-visible { outline: 3px solid #000091; outline-offset: 2px; }`;

const boxes = new WeakMap();

/** Shows the box after an element; again, where its rung has changed. */
export default async function doctor(element, rung, why = []) {
  const turn = {};
  const box = boxes.get(element)?.box ?? document.createElement("div");
  box.dataset.sproDoctor = "";
  boxes.set(element, { box, turn });
  const codes = [why].flat().filter(Boolean);
  const found = await policies();
  if (boxes.get(element).turn !== turn) return;
  const root = box.shadowRoot ?? box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const more = node("a", "Le diagnostic complet, avec ce que nous voyons de la page depuis l’extérieur");
  more.href = `${ORIGIN}/embed/doctor`;
  const body = node(
    "section",
    node("h2", "Diagnostic du guide (les visiteurs ne le voient pas)"),
    node("p", node("strong", RUNGS[rung] ?? RUNGS.link)),
    ...codes.map((code) => node("p", WHY[code] ?? code)),
    ...found.flatMap((policy, index) => advice(policy, index, found.length)),
    ...typos(element),
    node("p", found.length > 0 ? `Politiques de sécurité trouvées : ${found.length}.` : "Cette page n’a pas de politique de sécurité."),
    node("p", more),
  );
  body.lang = "fr";
  body.dir = "ltr";
  body.setAttribute("aria-label", "Diagnostic du guide");
  body.dataset.rung = rung;
  root.replaceChildren(body);
  // In an element of the page's own, or a slot of another, it would not be seen.
  if (!box.isConnected) element.after(box);
}
