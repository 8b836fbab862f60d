// What the content management systems do to what is pasted into them, as data and as few lines
// as it takes. The facts, with the files and versions that they were read in, are in docs/cms.md.

/** Attributes that kses lets on every allowed tag. */
const KSES_GLOBAL = /^(aria-.*|class|data-.*|dir|hidden|id|lang|style|title|role|xml:lang)$/;

/** wp_kses_post: the tags that an account without `unfiltered_html` may save. */
const KSES = {
  tags: `address a abbr acronym area article aside audio b bdo big blockquote br button caption cite code col colgroup
    del dd dfn details div dl dt em fieldset figure figcaption font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins
    kbd label legend li main map mark menu nav object p pre q rb rp rt rtc ruby s samp span section small strike strong
    sub summary sup table tbody td textarea tfoot th thead title tr track tt u ul ol var video`.split(/\s+/),
  attributes: (tag, name) => KSES_GLOBAL.test(name) || (tag === "a" && /^(href|rel|rev|name|target|download)$/.test(name)),
};

/** Drupal's filter_html with the list of « Basic HTML »; `lang` and `dir` are let on every tag. */
const BASIC_HTML = {
  tags: "br p h2 h3 h4 h5 h6 cite dl dt dd a blockquote ul ol strong em code li img".split(" "),
  attributes: (tag, name) => /^(lang|dir)$/.test(name) || (tag === "a" && /^(hreflang|href)$/.test(name)),
};

/** SPIP's safehtml, as far as links, scripts, frames and unknown tags go. */
const SAFEHTML = {
  tags: "a abbr b blockquote br cite code dd div dl dt em h2 h3 h4 h5 h6 hr i img li ol p pre q s span strong sub sup table tbody td th thead tr u ul".split(" "),
  attributes: (tag, name) => /^(class|dir|id|lang|title)$/.test(name) || (tag === "a" && /^(href|hreflang|rel)$/.test(name)),
};

const TAG = /<(\/?)([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi;
const ATTRIBUTE = /([^\s=/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?/g;

/** Keeps what a list allows; of the rest, what is between the tags. */
export function filter(html, { tags, attributes }) {
  return html.replace(TAG, (whole, slash, name, rest) => {
    const tag = name.toLowerCase();
    if (!tags.includes(tag)) return "";
    if (slash) return `</${tag}>`;
    const kept = [...rest.matchAll(ATTRIBUTE)]
      .filter(([, attribute]) => attributes(tag, attribute.toLowerCase()))
      .map(([attribute]) => ` ${attribute}`);
    return `<${tag}${kept.join("")}>`;
  });
}

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** SPIP: what is between <html> and </html> is left alone, the rest is prose. */
function spip(text, { isStrict }) {
  // « parano »: scripts and frames are shown as texts, then safehtml takes the rest.
  const shown = isStrict
    ? text.replace(/<(script|iframe)\b[\s\S]*?<\/\1/gi, (whole) => `<code class="echappe-js">${escape(whole)}</code>`)
    : text;
  const kept = [];
  const prose = shown.replace(/<html>([\s\S]*?)<\/html>/gi, (_, inside) => `\u0000${kept.push(inside) - 1}\u0000`);
  const linked = prose.replace(/\[([^\]]*?)->([^\]]*)\]/g, (_, words, url) => `<a href="${escape(url)}" class="spip_out" rel="external">${words}</a>`);
  const paragraphs = linked.split(/\n{2,}/).map((one) => (/^\s*\u0000/.test(one) ? one : `<p>${one}</p>`)).join("\n");
  const whole = paragraphs.replace(/\u0000(\d+)\u0000/g, (_, index) => kept[index]);
  return `<div class="texte surlignable clearfix">${isStrict ? filter(whole, SAFEHTML) : whole}</div>`;
}

/** What a visitor's browser gets of what was pasted, for each place of the generator. */
export const AS_EMITTED = {
  html: (text) => text,
  // The block « HTML personnalisé » is emitted as it was saved.
  wordpress: (text) => `<div class="entry-content wp-block-post-content is-layout-flow">\n\n${text}\n\n</div>`,
  "wordpress-filtered": (text) => `<div class="entry-content">\n\n${filter(text, KSES)}\n\n</div>`,
  spip: (text) => spip(text, { isStrict: false }),
  "spip-strict": (text) => spip(text, { isStrict: true }),
  // « Full HTML » only corrects: the document is parsed and written again (`async` gets ="").
  drupal: (text) => `<div class="text-formatted field field--name-body">${text.replace(/ async(?=[ >])/g, ' async=""')}</div>`,
  "drupal-basic": (text) => `<div class="text-formatted field field--name-body">${filter(text, BASIC_HTML)}</div>`,
  // Whatever else they do, such tools keep frames and links, and nothing that runs.
  frames: (text) => `<div>${filter(text, { tags: ["iframe", "a", "p"], attributes: () => true })}</div>`,
};
