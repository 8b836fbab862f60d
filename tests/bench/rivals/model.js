// What both guides are made of but their views: what is fetched, the visit, and what a card says, as
// plain values. Each view draws the nodes that ours draws, with our style sheet.
//
// Left out, so that their bytes and times are less than those of the same product: other languages,
// « ouvert maintenant » with holidays, the map, calendar and contact files, the liaison sheet,
// « autour de moi », reports of errors, the information panel, colours that follow the host's, the
// attributes, « Retour » at the result, the frame and the link where scripts fail, waiting until the
// element is near the screen, hashes of what is fetched, and trying again.
import { COMPETENT, NOWHERE, OUTSIDE, recommend, walk } from "./decide.js";
import { fold, Search } from "./communes.js";
import css from "../../../widget/js/style.css";

/** Our own words, of `shared/texts/fr.txt`. */
export const WORDS = __WORDS__;
export const SHOWN = 20;
export const say = (key, values = {}) => WORDS[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

const BASE = new URL(".", import.meta.url);
const fetched = new Map();
/** Reads a file of data, once. */
export function read(name) {
  if (!fetched.has(name)) {
    const options = { credentials: "omit", referrerPolicy: "no-referrer" };
    fetched.set(name, fetch(new URL(name, BASE), options).then((answer) => answer.json()));
  }
  return fetched.get(name);
}
/** The guide with its words, asked for as soon as this file runs. */
export const guideRead = read("guide.json");
// The first number that a browser writes takes an old phone long: it does once the names are there, not at
// the result, as ours does.
let dayName, dateName, number;
function named(rows) {
  number = new Intl.NumberFormat("fr");
  dayName = new Intl.DateTimeFormat("fr", { weekday: "long", timeZone: "UTC" });
  dateName = new Intl.DateTimeFormat("fr", { dateStyle: "long", timeZone: "UTC" });
  return new Search(rows);
}
/** The names, which come while the first questions are read. */
export const readCommunes = () => read("communes.json").then((rows) => (readCommunes.search ??= named(rows)));

/** The element around a view: `view(root, guide, tell)` draws into a shadow root. */
export function define(view) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  class Element extends HTMLElement {
    async connectedCallback() {
      const guide = await guideRead;
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      view(root, guide, (name, detail) =>
        this.dispatchEvent(new CustomEvent(`spro-guide:${name}`, { bubbles: true, composed: true, detail })),
      );
    }
  }
  customElements.define("spro-guide", Element);
}

/** What a visitor has done: `shared/src/visit.rs`. */
export class Visit {
  given = {};
  asking;

  screen(guide) {
    const walked = walk(guide, this.given);
    const { answered, next, answers, remaining } = walked;
    const asked = answered.findIndex(({ id }) => id === this.asking);
    const question = asked < 0 ? next : answered[asked];
    const number = asked < 0 ? answered.length : asked;
    if (!question) return { answers, answered };
    const left = asked < 0 ? remaining - 1 : answered.length - asked - 1 + remaining;
    return { question, answers, answered, number: number + 1, remaining: left, chosen: this.given[question.id] };
  }

  answer(question, choice) {
    this.given[question] = choice;
    this.asking = undefined;
  }

  back(guide) {
    const { answered, number } = this.screen(guide);
    this.asking = answered[number - 2].id;
  }
}

export const stepWords = ({ number, remaining }) => {
  const key = ["step_last", "step_then_one", ...Array(3).fill("step_then_some")][remaining] ?? "step_plain";
  return say(key, { number, remaining });
};

/** The lines of the list for what is typed: [code, name, place]. */
export function lines(search, guide, typed) {
  const { hits, all } = search.find(typed, SHOWN);
  const rows = hits.map(({ commune, former }) => {
    const department = guide.departments.find(({ code }) => code === commune.code.slice(0, 2))?.name ?? "";
    return {
      code: commune.code,
      today: commune.name,
      name: former ? say("former", { former, today: commune.name }) : commune.name,
      place: commune.postcodes.length ? `${department}, ${commune.postcodes.join(" ")}` : department,
    };
  });
  const count = all > rows.length ? "found_more" : all ? "found" : "found_none";
  return { rows, said: typed.trim() ? say(count, { count: all, shown: rows.length }) : "" };
}

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const host = (address) => address.split("/")[2].replace(/^www\./, "");
const addressOf = ({ address, commune }) => [...address.lines, `${address.postcode} ${address.town ?? commune}`];

function itinerary(place) {
  const { latitude, longitude, approximate } = place.position;
  const site = "https://www.openstreetmap.org";
  return approximate
    ? `${site}/search?query=${encodeURIComponent(addressOf(place).slice(-2).join(", "))}`
    : `${site}/directions?to=${latitude.toFixed(4)},${longitude.toFixed(4)}`;
}

const ways = (phones, way, website) => [
  ...phones.map((phone) => ({ says: say("call", { phone }), href: `tel:${phone.replace(/[^\d+]/g, "")}` })),
  ...(way ? [{ says: say("itinerary"), href: way }] : []),
  ...(website ? [{ says: say("site", { host: host(website) }), href: website }] : []),
];
const placeWays = (place) => ways(place.phones, itinerary(place), place.phones.length ? undefined : place.website);

/** Everything that the result says, as plain values. */
export async function result(guide, answers) {
  const code = Object.entries(answers).find(([id]) => guide.questions.find((one) => one.id === id).kind === "commune")[1];
  const [piece, search] = await Promise.all([code === OUTSIDE ? NOWHERE : read(`department.${code.slice(0, 2)}.json`), readCommunes()]);
  const today = new Date().toLocaleDateString("sv");
  const found = recommend(guide, answers, piece, code, today);
  const text = (slot) => guide.texts[slot.text];
  const commune = search.commune(code)?.name ?? say("your_commune");

  const howFar = ({ distance, approximate, place }) => {
    if ((distance < 1000 || approximate) && place.within.some((within) => piece.communes[within].code === code)) return say("distance_here");
    if (distance < 1000) return say("distance_below_1km");
    const km = number.format(distance < 10_000 ? Math.trunc(distance / 100) / 10 : Math.round(distance / 1000));
    return say(approximate ? "distance_about" : "distance", { km });
  };
  const hours = (place) =>
    DAYS.map((day, index) => [
      dayName.format(Date.UTC(2024, 0, index + 1)),
      place.hours.filter(({ days }) => days.includes(day)).map(({ from, to }) => `${from} – ${to}`).join(", ") || say("closed_day"),
    ]);
  const details = (place) =>
    [
      ["address", addressOf(place)],
      ["email", place.emails],
      ["website", place.phones.length && place.website ? [host(place.website)] : []],
      ["hours", [...(place.hours.length ? hours(place).map((row) => row.join(" : ")) : []), ...(place.hours_note ? [place.hours_note] : [])]],
      ["access", place.access ? [place.access] : []],
    ]
      .filter(([, values]) => values.length)
      .map(([key, values]) => ({ label: say(key), values, mail: key === "email", href: key === "website" && place.website }));
  const freshness = ({ as_of: listed, checked_on: checked, to_confirm: confirm }) => {
    const isList = listed && !(checked && checked >= listed);
    const date = isList ? listed : checked;
    if (!date) return [say("never_checked")];
    const old = `${Number(date.slice(0, 4)) + 1}${date.slice(4)}` < today;
    const advice = confirm ? "to_confirm" : old && "old_record";
    return [say(isList ? "listed_on" : "checked_on", { date: dateName.format(Date.parse(date)) }), ...(advice ? [say(advice)] : [])];
  };

  const card = (one) => {
    const { place, service, rule, services } = one;
    const network = guide.networks[one.network];
    const name = place?.name ?? text((service ?? network).name);
    const networkName = network && text(network.name);
    const reason = rule !== undefined ? text(guide.rules[rule].reason) : network && text(network.public);
    const preparation =
      guide.preparations.find(({ networks }) => networks.some((rank) => rank.network === one.network)) ??
      guide.preparations.find(({ networks }) => !networks.length);
    const belongs = one.bond === COMPETENT ? "covers" : place?.department === piece.code ? "nearest" : "nearest_beyond";
    return {
      name,
      drawing: network?.pictogram,
      network: network && !fold(name).startsWith(fold(networkName)) ? networkName : undefined,
      short: place && howFar(one),
      where: place && (howFar(one) === say("distance_here") ? howFar(one) : say("distance_from", { distance: howFar(one), commune })),
      unknown: place && !place.hours.length && !place.hours_note ? say("hours_unknown") : undefined,
      ways: place ? placeWays(place) : ways([(service ?? network).phone].filter(Boolean), undefined, (service ?? network).website),
      reason,
      meaning: [
        network && text(network.description),
        service && text(service.description),
        place ? say(belongs) : network && say("no_place_near"),
        say("offers", { services: services.map((offered) => say(`service_${offered}`)).join(", ") }),
        ...services.map((offered) => say(`service_${offered}_meaning`)),
        place && say("distance_note"),
        place?.source && say("place_source", { source: [place.source, place.licence].filter(Boolean).join(", ") }),
      ].filter(Boolean),
      details: place && details(place),
      freshness: place && freshness(place),
      preparation: preparation && [
        { label: say("prepare_say"), value: text(preparation.say) },
        { label: say("prepare_bring"), value: text(preparation.bring) },
      ],
      others: found.others(one).map((other) => ({
        name: other.place.name,
        short: howFar(other),
        address: addressOf(other.place),
        ways: placeWays(other.place),
      })),
    };
  };
  const complements = found.complements.map(card);
  const open = complements.length > 4 ? 3 : complements.length;
  return {
    title: say(found.main.place ? "go_first" : "go_first_remote"),
    kind: found.main.place ? "place" : "remote",
    main: card(found.main),
    reception: found.reception && card(found.reception),
    complements: complements.slice(0, open),
    more: complements.slice(open),
    remote: found.remote.map((service) => ({
      name: text(service.name),
      description: text(service.description),
      ways: ways([service.phone].filter(Boolean), undefined, service.website),
    })),
  };
}
