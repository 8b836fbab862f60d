// The decision in plain JavaScript, for the guides that ours is compared with: which question
// comes next, and which places an edition's rules lead to. What `shared/src/{condition,guide,
// recommend}.rs` do, over the same guide and the same piece of a department, as JSON.
//
// `../compare.mjs` asks both for each of the sixty people and stops where they differ. Left out,
// which makes it smaller than the same product would be: what stays undetermined, a host's options
// (territory, network, level), and who lives in another region.

/** Stands for « my commune is not in the list ». */
export const OUTSIDE = "-";
/** How a place belongs to a commune, the closest first: `shared/src/bond.rs`. */
export const [COMPETENT, COMMUNE, INTERCOMMUNALITY, DEPARTMENT, DISTANCE] = [0, 1, 2, 3, 4];
/** Within this, in metres, a known place may stand in for one that nobody has listed. */
const STANDS_IN = 15_000;
/** How many other places of a network are worth a choice. */
const OTHERS = 3;
const METERS_PER_DEGREE = 111_195;

/** For who lives elsewhere: whatever can be reached from anywhere. */
export const NOWHERE = {
  code: "",
  partial: [],
  communes: [{ code: OUTSIDE, position: { latitude: 0, longitude: 0, approximate: true } }],
  places: [],
};

/** Whether a condition holds for these answers; `undefined` where that depends on what was not said. */
function holds({ questions }, condition, answers) {
  if (condition === "always") return true;
  const [[operator, value]] = Object.entries(condition);
  if (operator === "answer") {
    const given = answers[value.question];
    if (given === undefined) return undefined;
    if (value.is.includes(given)) return true;
    const { kind } = questions.find(({ id }) => id === value.question);
    return kind.choices?.find(({ id }) => id === given)?.unknown ? undefined : false;
  }
  if (operator === "not") {
    const truth = holds({ questions }, value, answers);
    return truth === undefined ? truth : !truth;
  }
  const decisive = operator === "any";
  let result = !decisive;
  for (const part of value) {
    const truth = holds({ questions }, part, answers);
    if (truth === decisive) return decisive;
    if (truth === undefined) result = undefined;
  }
  return result;
}

/** Replays the answers: those that count, the questions that they answer, and the next one. */
export function walk(guide, given) {
  const walked = { answered: [], next: undefined, answers: {}, remaining: 0 };
  for (const question of guide.questions) {
    const { id, kind } = question;
    const asked = holds(guide, question.ask_if, walked.answers);
    if (asked === false || (asked === undefined && !walked.next)) continue;
    const answer = kind.choices && !kind.choices.some((choice) => choice.id === given[id]) ? undefined : given[id];
    if (walked.next || asked === undefined) walked.remaining += 1;
    else if (answer === undefined) {
      walked.next = question;
      walked.remaining += 1;
    } else {
      walked.answers[id] = answer;
      walked.answered.push(question);
    }
  }
  return walked;
}

/** The number of the text that asks a question of somebody. */
export const wording = (guide, { variants, text }, answers) =>
  (variants.find(({ when }) => holds(guide, when, answers)) ?? { text }).text;

/** The distance between two positions, in metres: `Position::distance`. */
function distance(a, b) {
  const middle = ((a.latitude + b.latitude) / 2) * (Math.PI / 180);
  const north = b.latitude - a.latitude;
  const east = (b.longitude - a.longitude) * Math.cos(middle);
  return Math.trunc(Math.hypot(north, east) * METERS_PER_DEGREE);
}

const inForce = ({ valid_from: from, valid_until: until }, today) => !(from > today) && !(until && until < today);

/** The first of a list that is the least by some numbers, compared in their order. */
function least(list, numbers) {
  const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
  return list.reduce((best, one) => (!best || before(numbers(one), numbers(best)) ? one : best), undefined);
}

/**
 * Where to go: the cards, in order, and the remote services. A card has a `network` or a `service`,
 * the `rule` that led there, and a `place` with its `distance` and `bond` where it is one.
 * `today` is an ISO date.
 */
export function recommend(guide, answers, piece, code, today) {
  const at = piece.communes.findIndex((commune) => commune.code === code);
  const here = piece.communes[at];
  if (!here) return undefined;
  const reach = guide.reach_km * 1000;
  const serves = (one) => inForce(one, today) && holds(guide, one.serves, answers) === true;
  const serving = guide.networks.map(serves);

  const city = (index) => piece.communes[index].city ?? index;
  const bondOf = (place) => {
    if (place.department !== piece.code) return DISTANCE;
    if (place.within.some((within) => city(within) === city(at))) return COMMUNE;
    const same = here.intercommunality !== null && here.intercommunality === place.intercommunality;
    return same ? INTERCOMMUNALITY : DEPARTMENT;
  };
  /** The places of a network that are there for the commune, or within reach. */
  const placesOf = (network) => {
    const { id, reach: reaches } = guide.networks[network];
    const found = [];
    for (const place of piece.places) {
      if (place.network !== id || holds(guide, place.serves, answers) !== true) continue;
      const { covers } = place;
      let bond = DISTANCE;
      if (covers === "department" || covers.communes?.includes(at)) bond = COMPETENT;
      else if (covers.communes || reaches === "declared_only") continue;
      else if (reaches === "territory") bond = bondOf(place);
      const far = distance(here.position, place.position);
      if (bond === DISTANCE && far > reach) continue;
      found.push({ place, distance: far, bond, approximate: here.position.approximate || place.position.approximate });
    }
    return found;
  };
  const bests = new Map();
  const best = (network) => {
    if (!bests.has(network)) bests.set(network, least(placesOf(network), ({ bond, distance: far }) => [bond, far]));
    return bests.get(network);
  };

  const hasContact = (network) => !!(guide.networks[network].website || guide.networks[network].phone);
  /** Whether a place comes after its network's own site or phone. */
  const givesWay = (network, { bond, distance: far }) => {
    const { id, reach: reaches } = guide.networks[network];
    const gives =
      (bond === DISTANCE && reaches === "territory") || (bond >= DEPARTMENT && far > STANDS_IN && piece.partial.includes(id));
    return gives && hasContact(network);
  };
  const behind = (network) => {
    const chosen = best(network);
    const elsewhere = chosen?.bond === DISTANCE && guide.networks[network].reach === "territory";
    return chosen && !elsewhere && givesWay(network, chosen) ? chosen : undefined;
  };
  const placeCard = (network, chosen, rule) => ({ network, rule, ...chosen, services: chosen.place.services });
  const networkCard = (network, rule) => ({ network, rule, services: guide.networks[network].services });

  /** Whether a place is passed over for one of a network that comes after it. */
  const passesOver = (preference, place, network, other) =>
    (preference.farther_km !== null && place > other + preference.farther_km * 1000) ||
    preference.times_as_far.some(
      (limit) => limit.network.network === network && place >= Math.max(other, preference.next_door_km * 1000) * limit.times,
    );
  const preferred = (preference, places) =>
    places.find(
      ({ distance: far }, rank) =>
        !places.slice(rank + 1).some((other) => passesOver(preference, far, other.network, other.distance)),
    );
  const pick = (index) => {
    const { pick: picks, preference, role } = guide.rules[index];
    const said = role === "receives" ? undefined : index;
    const networks = (picks.in_order ?? picks.nearest_of).map(({ network }) => network).filter((network) => serving[network]);
    const places = networks
      .map((network) => ({ network, ...best(network) }))
      .filter((one) => one.place && !givesWay(one.network, one));
    let chosen;
    if (picks.nearest_of) chosen = least(places, ({ bond, distance: far }) => [bond === COMPETENT ? 0 : 1, far]);
    else chosen = preference ? preferred(preference, places) : places[0];
    if (!chosen) {
      const network = networks.find(hasContact);
      return network === undefined ? undefined : networkCard(network, said);
    }
    // Nobody goes farther than to a place of what comes first, even if that gives way.
    const before = preference ? networks.slice(0, networks.indexOf(chosen.network)) : [];
    const earlier = before.find((network) => behind(network)?.distance < chosen.distance);
    return earlier === undefined ? placeCard(chosen.network, chosen, index) : networkCard(earlier, said);
  };

  let cards = [];
  let main;
  let reception;
  guide.rules.forEach((rule, index) => {
    if (!inForce(rule, today) || holds(guide, rule.when, answers) !== true) return;
    if (rule.role === "receives" && reception) return;
    const card = pick(index);
    if (!card) return;
    const far = card.place ? undefined : behind(card.network);
    if (rule.role === "main" && !main) main = card;
    else if (rule.role === "receives") reception = { at: cards.length, card };
    else cards.push(card);
    if (far) cards.push(placeCard(card.network, far));
    for (const { network } of rule.complements) {
      if (!serving[network]) continue;
      const chosen = best(network);
      if (chosen && !givesWay(network, chosen)) {
        cards.push(placeCard(network, chosen));
        continue;
      }
      if (hasContact(network)) cards.push(networkCard(network));
      const after = behind(network);
      if (after) cards.push(placeCard(network, after));
    }
  });
  if (!main && reception) {
    main = reception.card;
    reception = undefined;
  }
  let remote = guide.remote_services.filter(serves);
  if (!main) {
    const service = remote.find(({ services }) => services.includes("reception"));
    if (!service) return undefined;
    remote = remote.filter((one) => one !== service);
    main = { service, services: service.services };
  }

  // One card a network, the first that named it; and the far place that its own contact comes before.
  const key = (card) => `${card.network} ${!!card.place}`;
  const seen = new Set([key(main)]);
  const receives = (card) => card.place && card.services.includes("reception") && !givesWay(card.network, card);
  let received;
  if (reception && receives(reception.card) && !receives(main) && !seen.has(key(reception.card))) {
    received = reception.card;
    seen.add(key(received));
    const same = cards.find((card) => key(card) === key(received) && card.rule !== undefined);
    received.rule = same?.rule ?? received.rule;
  } else if (reception) cards.splice(reception.at, 0, reception.card);
  // A rule that leads where an earlier one completes says why.
  cards.forEach((card, later) => {
    const earlier = cards.findIndex((other) => key(other) === key(card));
    if (earlier < later) cards[earlier].rule ??= card.rule;
  });
  cards = cards.filter((card) => !seen.has(key(card)) && seen.add(key(card)));
  const isFar = ({ place, bond, distance: far }) => place && bond !== COMPETENT && far > reach / 2;
  const complements = [...cards.filter((card) => !isFar(card)), ...cards.filter(isFar)];

  /** The other places of a card's network: the best ones, and every one in the commune itself. */
  const others = (card) =>
    card.place
      ? placesOf(card.network)
          .filter(({ place }) => place !== card.place)
          .sort((a, b) => a.bond - b.bond || a.distance - b.distance)
          .filter(({ place }, rank) => rank < OTHERS || place.within.includes(at))
      : [];
  return { main, reception: received, complements, remote, others };
}
