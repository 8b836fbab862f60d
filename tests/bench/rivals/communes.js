// Finding one's commune as one types, in plain JavaScript: what `shared/src/{commune_index,spelling}.rs`
// do, over rows of [code, name, postcodes, size, ...former names], sorted by code.
//
// Left out: what the post shortens (« TOUR DU PIN (LA) »), slips of the hand, « autour de moi », and
// who lives in another region.

const WORDS = { st: "saint", ste: "sainte", sts: "saints", stes: "saintes" };
const ARTICLES = ["l ", "le ", "la ", "les "];
const [EXACT, WHOLE, BEGINNING, AFTER_ARTICLE, WORDS_OF_IT, GLUED, NOT] = [0, 1, 2, 3, 4, 5, 6];

/** Lower case, no accents, one space between words, « st » spelled out. */
export const fold = (name) =>
  name
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map((word) => WORDS[word] ?? word)
    .join(" ");

/** The letters that words begin with, a bit each: most names are out at first sight. */
function initials(folded) {
  let letters = 0;
  for (let at = 0; at < folded.length; at = folded.indexOf(" ", at) + 1 || folded.length) {
    const letter = folded.charCodeAt(at) - 97;
    letters |= 1 << (letter < 0 ? 26 : letter);
  }
  return letters;
}

/** Small numbers as the names of arrondissements write them: « lyon 03 » is « lyon 3e ». */
const numbered = (folded) => folded.replace(/(?<!\S)0?([1-9]\d?)(?!\d)\S*/g, (_, number) => number + (number === "1" ? "er" : "e"));

/** What was typed, taken apart. */
function wanted(folded) {
  const [, before, after] = /^(\d{2,})(?: (.*))?$/.exec(folded) ?? [];
  if (before) return { name: after ?? "", postcode: before };
  const [, name, postcode] = /^(.*) (\d{2,})$/.exec(folded) ?? [];
  return { name: name ?? folded, postcode: postcode ?? "" };
}

/** How much is left of a name, from a letter of it, that begins with a text; `glued` where spaces were left out. */
function begins(name, from, typed) {
  let at = from;
  let glued = false;
  for (let index = 0; index < typed.length; index += 1) {
    if (name[at] === " " && typed[index] !== " ") {
      glued = true;
      at += 1;
    }
    if (name[at] !== typed[index]) return undefined;
    at += 1;
  }
  return { left: name.length - at, glued };
}

function rank(name, typed) {
  if (!typed) return BEGINNING;
  if (name === `${typed} arrondissement`) return EXACT;
  let best = NOT;
  for (let at = name.indexOf(typed[0]); at >= 0; at = name.indexOf(typed[0], at + 1)) {
    if (at > 0 && name[at - 1] !== " ") continue;
    const found = begins(name, at, typed);
    if (!found) continue;
    const whole = found.left === 0;
    const article = ARTICLES.includes(name.slice(0, at));
    let fits = GLUED;
    if (at === 0 && !found.glued) fits = whole ? EXACT : BEGINNING;
    else if (whole && (at === 0 || article)) fits = WHOLE;
    else if (!found.glued) fits = article ? AFTER_ARTICLE : WORDS_OF_IT;
    best = Math.min(best, fits);
  }
  if (best > WORDS_OF_IT && typed.includes(" ")) {
    const words = name.split(" ");
    let at = 0;
    const next = (part) => {
      while (at < words.length && !words[at].startsWith(part)) at += 1;
      return at++ < words.length;
    };
    if (typed.split(" ").every(next)) best = WORDS_OF_IT;
  }
  return best;
}

/** An index with its names folded once. */
export class Search {
  constructor(rows) {
    this.communes = rows.map(([code, name, postcodes, size, ...former]) => ({
      code,
      name,
      postcodes: postcodes ? postcodes.split(" ") : [],
      size,
      former,
    }));
    this.names = this.communes.flatMap((commune, order) =>
      [commune.name, ...commune.former].map((name, former) => {
        const text = fold(name);
        return { text, initials: initials(text), commune, order, former };
      }),
    );
  }

  commune(code) {
    return this.communes.find((commune) => commune.code === code);
  }

  /** The communes that fit what was typed, best first, at most `most`, and the number of all. */
  find(typed, most) {
    const folded = fold(typed);
    const forms = [...new Set([folded, numbered(folded)])].map(wanted).filter(({ name, postcode }) => name || postcode);
    for (const form of forms) form.initials = initials(form.name);
    const hasPostcode = ({ postcodes, code }, postcode) =>
      !postcode ||
      postcodes.some((one) => one.startsWith(postcode)) ||
      (!postcodes.length && postcode.length > 2 && postcode.replace(/0+$/, "") === code.slice(0, 2));
    const hits = [];
    let all = 0;
    let last;
    const before = (a, b) =>
      a.rank - b.rank ||
      (a.name.former > 0) - (b.name.former > 0) ||
      b.name.commune.size - a.name.commune.size ||
      (a.name.text < b.name.text ? -1 : a.name.text > b.name.text ? 1 : a.name.order - b.name.order);
    const take = (hit) => {
      all += 1;
      // Most of what a letter finds is not among the first: one comparison tells.
      if (hits.length === most && before(hits[most - 1], hit) < 0) return;
      let at = hits.length;
      while (at > 0 && before(hits[at - 1], hit) >= 0) at -= 1;
      hits.splice(at, 0, hit);
      if (hits.length > most) hits.pop();
    };
    for (const name of this.names) {
      let fits = NOT;
      for (const form of forms) {
        if ((name.initials & form.initials) !== form.initials || (name.former && !form.name)) continue;
        if (hasPostcode(name.commune, form.postcode)) fits = Math.min(fits, rank(name.text, form.name));
      }
      if (fits === NOT) continue;
      // A commune's names follow each other, and the best of them counts.
      if (last?.name.commune === name.commune) {
        if (fits < last.rank) last = { rank: fits, name };
      } else {
        if (last) take(last);
        last = { rank: fits, name };
      }
    }
    if (last) take(last);
    return { hits: hits.map(({ name: { commune, former } }) => ({ commune, former: commune.former[former - 1] })), all };
  }
}
