// The five people that the guide was first built for, and where each is sent with the
// directory that is shipped.

/** By a name that a failing test can say. `nearest`: the rule takes the nearest of several networks. */
export const people = {
  "a 19-year-old out of school in Romans-sur-Isère": {
    file: "romans",
    answers: { situation: "young", youth: "none", goal: "job", disability: "no" },
    typed: "romans",
    commune: "Romans-sur-Isère",
    code: "26281",
    sentTo: { network: "mission-locale", kind: "place" },
  },
  "an executive in Annecy": {
    file: "annecy",
    answers: { situation: "employed", sector: "executive", goal: "review", disability: "no" },
    typed: "annecy",
    commune: "Annecy",
    code: "74010",
    sentTo: { network: "apec", kind: "network" },
  },
  "a pupil's parent in Villeurbanne": {
    file: "villeurbanne",
    answers: { situation: "pupil", track: "school", studies: "choose", "for-whom": "child" },
    typed: "69100",
    commune: "Villeurbanne",
    code: "69266",
    sentTo: { network: "cio", kind: "place" },
  },
  "an employee of the private sector in Privas": {
    file: "privas",
    answers: { situation: "employed", sector: "private", goal: "train", disability: "no" },
    typed: "PRIVAS",
    commune: "Privas",
    code: "07186",
    sentTo: { network: "avenir-actifs", kind: "network" },
  },
  // 198 inhabitants.
  "someone who prefers not to say in La Motte-Fanjas": {
    file: "la-motte-fanjas",
    answers: { situation: "unsaid", goal: "unsaid" },
    typed: "la motte fanjas",
    commune: "La Motte-Fanjas",
    code: "26217",
    sentTo: { network: "france-services", kind: "place", nearest: true },
  },
};
