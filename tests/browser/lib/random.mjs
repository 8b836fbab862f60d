// Random directories and visitors: small, valid, and of every shape that an edition may have.
// The same seed gives the same ones for everybody.

import { readFileSync } from "node:fs";

const COMMUNES = new URL("../../../shared/data/communes.tsv", import.meta.url);
const PAIRS = [
  ["26", "07"],
  ["38", "73"],
  ["69", "01"],
  ["42", "43"],
  ["63", "03"],
  ["74", "01"],
];
const NAMES = { "01": "Ain", "03": "Allier", "07": "Ardèche", 26: "Drôme", 38: "Isère", 42: "Loire", 43: "Haute-Loire", 63: "Puy-de-Dôme", 69: "Rhône", 73: "Savoie", 74: "Haute-Savoie" };
const SERVICES = ["reception", "advice", "support"];

/** A generator of numbers from 0 to 1 (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The communes of some departments: code, name, postcodes, position. */
const communes = readFileSync(COMMUNES, "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split("\t"))
  .map(([code, name, postcodes, , latitude, longitude]) => ({
    code,
    name,
    postcodes: postcodes.split(" "),
    department: code.slice(0, 2),
    latitude: Number(latitude),
    longitude: Number(longitude),
  }));

/** What chance decides. */
export class Chance {
  constructor(seed) {
    this.number = numbers(seed);
  }
  /** Whether something happens that happens this often. */
  often(share) {
    return this.number() < share;
  }
  /** From the first to the last, both included. */
  between(first, last) {
    return first + Math.floor(this.number() * (last - first + 1));
  }
  one(list) {
    return list[this.between(0, list.length - 1)];
  }
  /** Some of a list, in another order. */
  some(list, first, last) {
    const left = [...list];
    const count = Math.min(this.between(first, last), left.length);
    return Array.from({ length: count }, () => left.splice(this.between(0, left.length - 1), 1)[0]);
  }
}

/** A condition on some of these questions. */
function condition(chance, questions, depth = 2) {
  const kind = depth > 0 ? chance.between(0, 5) : 0;
  const parts = () => Array.from({ length: chance.between(1, 3) }, () => condition(chance, questions, depth - 1));
  if (kind === 3) return { all: parts() };
  if (kind === 4) return { any: parts() };
  if (kind === 5) return { not: condition(chance, questions, depth - 1) };
  const question = chance.one(questions);
  return { answer: { question: question.id, is: chance.some(question.choices, 1, 2) } };
}

const fr = (text) => ({ fr: text });
/** Periods that are over, or have not begun, whatever day it is in whatever zone; or hold. */
const period = (chance) =>
  chance.often(0.85)
    ? {}
    : chance.one([{ valid_until: "2020-01-01" }, { valid_from: "2150-01-01" }, { valid_from: "2020-01-01", valid_until: "2150-01-01" }]);

/** A directory that validation accepts. */
export function directory(chance, number) {
  const departments = chance.one(PAIRS);
  const here = communes.filter(({ department }) => departments.includes(department));
  const codes = here.map(({ code }) => code);

  const asked = Array.from({ length: chance.between(2, 6) }, (_, index) => ({
    id: `q${index}`,
    choices: Array.from({ length: chance.between(2, 4) }, (_, choice) => `c${choice}`),
  }));
  const questions = asked.map(({ id, choices }, index) => {
    const question = {
      id,
      text: fr(`Question ${id}`),
      kind: { choices: choices.map((choice) => ({ id: choice, text: fr(`Choix ${choice}`) })) },
    };
    if (chance.often(0.4)) question.kind.choices.at(-1).unknown = true;
    const earlier = asked.slice(0, index);
    if (index > 0 && chance.often(0.5)) question.ask_if = condition(chance, earlier);
    if (index > 0 && chance.often(0.2)) {
      question.variants = [{ when: condition(chance, earlier), text: fr(`Autrement ${id}`) }];
    }
    return question;
  });
  questions.splice(chance.often(0.8) ? questions.length : chance.between(0, questions.length), 0, {
    id: "commune",
    text: fr("Où habitez-vous"),
    kind: "commune",
  });
  const when = () => condition(chance, asked);
  const services = () => SERVICES.filter((service) => service === "reception" || chance.often(0.5)).slice(chance.often(0.3) ? 1 : 0);
  const offered = () => [services(), SERVICES].find((list) => list.length > 0);

  const networks = Array.from({ length: chance.between(3, 7) }, (_, index) => {
    const network = {
      id: `n${index}`,
      name: fr(`Réseau ${index}`),
      description: fr(`Description du réseau ${index}.`),
      public: fr(`Public du réseau ${index}.`),
      services: offered(),
      ...period(chance),
    };
    if (chance.often(0.5)) network.serves = when();
    if (chance.often(0.2)) network.reach = "declared_only";
    if (chance.often(0.3)) network.acronym = `N${index}`;
    if (chance.often(0.6)) network.website = `https://n${index}.exemple.fr`;
    if (chance.often(0.4)) network.phone = `01 00 00 00 0${index}`;
    return network;
  });
  const ids = networks.map(({ id }) => id);
  networks.push({
    id: "all",
    name: fr("Réseau pour tous"),
    description: fr("Description du réseau pour tous."),
    public: fr("Tout le monde."),
    services: ["reception", ...(chance.often(0.5) ? ["advice"] : [])],
    website: "https://tous.exemple.fr",
  });

  const rules = Array.from({ length: chance.between(2, 7) }, (_, index) => ({
    id: `R${index}`,
    when: when(),
    role: chance.one(["main", "main", "adds", "receives"]),
    ...(chance.often(0.3) && { preference: { farther_km: chance.between(0, 30) } }),
    pick: { [chance.one(["in_order", "nearest_of"])]: chance.some(ids, 1, 3) },
    complements: chance.some(ids, 0, 2),
    reason: fr(`Raison de la règle ${index}.`),
    source: `https://exemple.fr/r${index}`,
    ...period(chance),
  }));
  const role = chance.one(["main", "receives"]);
  rules.push({ id: "last", when: "always", role, pick: { in_order: ["all"] }, complements: chance.some(ids, 0, 1), reason: fr("La dernière règle."), source: "https://exemple.fr/last" });

  const remote = (id, more) => ({
    id,
    name: fr(`Service ${id}`),
    description: fr(`Description du service ${id}.`),
    website: `https://${id}.exemple.fr`,
    services: ["reception"],
    ...more,
  });
  const remoteServices = [
    ...Array.from({ length: chance.between(0, 2) }, (_, index) =>
      remote(`d${index}`, { serves: when(), services: offered(), phone: `02 00 00 00 0${index}`, ...period(chance) }),
    ),
    remote("ouvert", {}),
  ];

  const territories = Array.from({ length: chance.between(0, 2) }, (_, index) => ({
    id: `t${index}`,
    name: `Territoire ${index}`,
    ...(chance.often(0.3) ? { departments: [chance.one(departments)] } : { communes: chance.some(codes, 1, 80) }),
  }));
  const competence = () => {
    const kind = chance.between(0, territories.length > 0 ? 2 : 1);
    if (kind === 0) return { communes: chance.some(codes, chance.often(0.1) ? 0 : 1, 120) };
    if (kind === 1) return { departments: chance.some(departments, 1, 2) };
    return { territories: [chance.one(territories).id] };
  };
  // People live near each other: places in a few towns, and some anywhere.
  const towns = chance.some(here, 6, 6);
  const structures = Array.from({ length: chance.between(0, 60) }, (_, index) => {
    const commune = chance.often(0.5) ? chance.one(towns) : chance.one(chance.often(0.9) ? here : communes);
    const two = String(index).padStart(2, "0");
    const place = {
      id: `s${two}`,
      network: chance.often(0.2) ? "all" : chance.one(ids),
      name: `Lieu ${two}`,
      commune: commune.code,
      address: { lines: [`${index + 1} rue du Parc`], postcode: commune.postcodes[0] },
      phones: [`04 00 00 00 ${two}`],
    };
    if (chance.often(0.5)) {
      const near = (degrees) => Number((degrees + (chance.number() - 0.5) / 20).toFixed(4));
      place.position = { latitude: near(commune.latitude), longitude: near(commune.longitude) };
    }
    if (chance.often(0.4)) place.competence = competence();
    if (chance.often(0.25)) place.serves = when();
    if (chance.often(0.2)) place.services = offered();
    if (chance.often(0.3)) place.emails = [`s${two}@exemple.fr`];
    if (chance.often(0.5)) place.checked_on = `20${chance.between(10, 25)}-0${chance.between(1, 9)}-1${chance.between(0, 9)}`;
    return place;
  });

  return {
    document: {
      format: 1,
      title: `Directory ${number} of chance`,
      edition: {
        id: `random-${number}`,
        title: fr("Édition au hasard"),
        valid_from: "2020-01-01",
        region: { name: fr("Région au hasard"), departments: departments.map((code) => ({ code, name: NAMES[code] })) },
        reach_km: chance.between(5, 60),
        questions,
        networks,
        rules,
        remote_services: remoteServices,
      },
      territories,
      structures,
    },
    asked,
    towns,
    here,
  };
}

/** A visitor with an answer to every question, whether it will be asked or not. */
export function visitor(chance, { asked, towns, here }) {
  const answers = Object.fromEntries(asked.map(({ id, choices }) => [id, chance.one(choices)]));
  return { answers, commune: chance.one(chance.often(0.5) ? towns : here) };
}

/** The same visitor, who has answered only some questions. */
export const hasty = (chance, { answers, commune }) => ({
  answers: Object.fromEntries(Object.entries(answers).filter(() => chance.often(0.6))),
  commune,
});
