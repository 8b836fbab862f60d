//! The proof: with the places of a directory nobody meets a dead end or a wrong door, whoever they
//! are and wherever they live. It does not say that these are all the places, or that they still
//! exist: how many people have one near them is [`crate::report::coverage`]'s.
//!
//! [`prove`] goes through every reachable set of answers × every commune of the region and
//! stops at the first [`CounterExample`]. It checks, with today's pieces and the engine that
//! visitors run:
//!
//! - **never a dead end**: something of level One is open to everybody; of level Two, to
//!   whoever a guarantee promises it;
//! - **never a wrong door**: every place, network and remote service certainly serves the
//!   person; the place is the one that competence, then eligibility, then distance give
//!   when all the directory's places are tried one after another, without the engine and
//!   without its pieces; an answer that only adds changes nothing else;
//! - **say why**: each card has its reason, that reason's source, its services, and a
//!   calendar date of check or none at all;
//! - **nothing is asked in vain**: to each question, whatever was answered before it, two answers
//!   lead somewhere else, or say why in other words, in some commune;
//! - **the edition's [guarantees](shared::directory::Guarantee)**.
//!
//! # How so many cases take so little time
//!
//! An edition has up to some tens of thousands of sets of answers, and a region four thousand
//! communes: tens of millions of cases. They are gathered twice, and each gathering is sound because of what
//! [`shared::recommend`] reads.
//!
//! 1. *People.* The engine reads the answers only through the truth of conditions: which
//!    rules hold, whether a network that one of those names serves, which remote services
//!    do, and whether a place with a narrower public receives them. Two sets with the same
//!    truths, and to whom the same guarantees are made, are the same person.
//! 2. *Surroundings.* For one such person, the engine reads the places only through the
//!    best one of each network that their rules name. That this best place is the right one
//!    is checked apart, for every commune and every network (and every truth of narrower
//!    publics), against the plain search. Then, two communes are alike for that person when
//!    each of those networks has a place there of the same kind (competent, near, far or
//!    none; before or after the network's own contact) with the same services, and every rule for which distance decides has the same winner:
//!    which cards there are, and what each offers, follows. Distances only order them.
//!
//! One commune of each kind is then decided by the real engine for each person, once for the
//! kinds that differ by how near their places are alone. Whether an answer
//! only adds is read from these decisions: for two persons who differ by that answer alone, in
//! every pair of kinds that some commune is of.
//! `insight/tests/it/proof.rs` checks the gathering itself against all cases one by one.

#![cfg_attr(
    target_arch = "wasm32",
    expect(clippy::unnecessary_box_returns, reason = "an error is boxed where addresses are wide")
)]

mod check;
mod counter;
mod people;
mod places;
mod promises;
mod vain;

pub use counter::{CounterExample, Kind, Said, Town};
pub use people::{List, People};
pub use places::{Kinds, Order, Surroundings};
pub use promises::{Broken, Promises};

use serde::Serialize;
use shared::compile::compile;
use shared::directory::{Directory, Edition};
use shared::french::grouped;
use shared::geography::Geography;
use shared::snapshot::{
    DepartmentPiece, LocalizedGuide, Snapshot, UnreadablePiece, department_piece, localized, read,
};
use shared::validate::Valid;
use std::fmt;

/// What a proof without a counter-example says, and what it does not (French).
pub const NO_COUNTER_EXAMPLE: &str = "Aucun contre-exemple : avec les lieux que cet annuaire contient, chaque personne a un chemin, et aucun ne mène à qui ne la reçoit pas. Ce chemin peut n’être qu’un site ou un téléphone. La preuve ne dit pas que la liste des lieux est complète, ni qu’un lieu existe encore.";

/// What the proof went through, and the first case that contradicts it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// The day for which it holds: rules and networks are dated.
    pub day: String,
    /// The day that was asked for, where the edition is not valid on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Reachable sets of answers.
    pub sets: usize,
    /// Communes of the region.
    pub communes: usize,
    /// Sets × communes.
    pub cases: u64,
    /// Sets of answers that the engine tells apart.
    pub people: usize,
    /// Kinds of surroundings, summed over what different people look for.
    pub surroundings: usize,
    /// Decisions of the engine that were checked, those of imagined places included.
    pub decisions: u64,
    /// Questions that somebody is asked, each with what they answered before it.
    pub asked: usize,
    /// Guarantees that were tried.
    pub guarantees: usize,
    /// The first case that must not be.
    pub counter_example: Option<CounterExample>,
}

/// Compiles the directory and proves it as of `today` (an ISO date), or as of the nearest
/// day on which the edition is valid.
///
/// ```
/// use insight::verify::proof::{Kind, prove};
/// # use shared::{directory::Directory, geography::Geography, validate::validate};
/// # let communes = include_str!("../../../../shared/examples/communes.tsv");
/// # let geography = Geography::parse(communes, "", &|_| true).unwrap();
/// # let example = include_bytes!("../../../../shared/examples/two-places.json");
/// # let directory = Directory::from_json(example).unwrap();
/// let valid = validate(directory.clone(), &geography, "2026-11-24").unwrap();
/// let proof = prove(&valid, &geography, "2026-11-24");
/// assert_eq!((proof.sets, proof.communes, proof.cases), (3, 3, 9));
/// assert_eq!(proof.counter_example, None);
///
/// // The rule for everybody comes first: the promise to pupils is broken.
/// let mut broken = directory;
/// broken.edition.rules.swap(0, 1);
/// let valid = validate(broken, &geography, "2026-11-24").unwrap();
/// let found = prove(&valid, &geography, "2026-11-24").counter_example.unwrap();
/// assert_eq!(found.kind, Kind::BrokenGuarantee);
/// assert_eq!(found.person[0].answer, "Je suis à l’école");
/// ```
pub fn prove(directory: &Valid, geography: &Geography, today: &str) -> Proof {
    prove_snapshot(directory, geography, &compile(directory, geography), today)
}

/// The same for a snapshot that has been compiled already: what is proved is what will be
/// served.
pub fn prove_snapshot(directory: &Valid, geography: &Geography, snapshot: &Snapshot, today: &str) -> Proof {
    let directory = directory.directory();
    let day = day_within(&directory.edition, today);
    let mut proof = Proof {
        day: day.to_owned(),
        instead_of: (day != today).then(|| today.to_owned()),
        sets: 0,
        communes: 0,
        cases: 0,
        people: 0,
        surroundings: 0,
        decisions: 0,
        asked: 0,
        guarantees: directory.edition.guarantees.len(),
        counter_example: None,
    };
    proof.counter_example = run(directory, geography, snapshot, &mut proof).err().map(|found| *found);
    proof
}

/// The nearest day on which the edition describes the system.
pub fn day_within<'a>(edition: &'a Edition, today: &'a str) -> &'a str {
    match edition.valid_until.as_deref() {
        Some(until) if until < today => until,
        _ if today < edition.valid_from.as_str() => &edition.valid_from,
        _ => today,
    }
}

fn run(
    directory: &Directory,
    geography: &Geography,
    snapshot: &Snapshot,
    proof: &mut Proof,
) -> Result<(), Box<CounterExample>> {
    let unreadable = |name: &str| CounterExample::unreadable(name);
    let (guide, departments) = pieces(directory, snapshot).map_err(|(name, _)| unreadable(&name))?;
    check::languages(&guide, snapshot)?;
    let people = People::new(directory, &guide, &proof.day).map_err(|_| CounterExample::too_many())?;
    let surroundings = Surroundings::new(directory, geography, &people);
    proof.sets = people.sets().len();
    proof.communes = surroundings.communes();
    proof.cases = proof.sets as u64 * proof.communes as u64;
    proof.people = people.groups();
    let reasons = check::reasons(&guide);
    let structures = directory.structures.iter().map(|one| (one.id.as_str(), one)).collect();
    let case = check::Case {
        directory,
        guide: &guide,
        people: &people,
        surroundings: &surroundings,
        reasons,
        structures,
    };
    proof.decisions += case.best_places(&departments)?;
    let promises = Promises::new(directory, &guide);
    let mut led = vec![Vec::new(); people.groups()];
    let mut pieces = check::Pieces::default();
    let mut decide = |group: usize| {
        let (of_group, decided) = case.decisions(group, &proof.day, &mut pieces)?;
        let imagined = case.promises(&promises, group, &proof.day)?;
        Ok::<_, Box<CounterExample>>((of_group, decided as u64 + imagined))
    };
    for group in case.groups() {
        let (of_group, decided) = match decide(group) {
            Ok(decided) => decided,
            Err(found) => {
                // Of several people, the one who comes first: they have said least.
                (0..group).try_for_each(|earlier| decide(earlier).map(drop))?;
                return Err(found);
            }
        };
        proof.surroundings += of_group.len();
        proof.decisions += decided;
        led[group] = of_group;
    }
    proof.decisions += case.additions(&promises, &led, &proof.day)?;
    proof.asked = vain::Vain::new(&case, &led, &proof.day).nothing_is_asked_in_vain()?;
    Ok(())
}

/// The pieces that a visitor's page loads.
fn pieces(
    directory: &Directory,
    snapshot: &Snapshot,
) -> Result<(LocalizedGuide, Vec<DepartmentPiece>), (String, UnreadablePiece)> {
    fn piece<T: shared::wire::Wire>(
        snapshot: &Snapshot,
        name: String,
    ) -> Result<T, (String, UnreadablePiece)> {
        let bytes = snapshot.pieces.get(&name).map(Vec::as_slice).unwrap_or_default();
        read(bytes).map_err(|error| (name, error))
    }
    let guide = localized(&snapshot.pieces, shared::directory::MAIN_LANGUAGE)?;
    let departments = directory
        .edition
        .region
        .departments
        .iter()
        .map(|department| piece(snapshot, department_piece(&department.code)))
        .collect::<Result<_, _>>()?;
    Ok((guide, departments))
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(asked) = &self.instead_of {
            writeln!(f, "L’édition n’est pas valable le {asked} : la preuve est faite au {}.", self.day)?;
        }
        writeln!(
            f,
            "{} jeux de réponses × {} communes = {} cas",
            grouped(self.sets as u64),
            grouped(self.communes as u64),
            grouped(self.cases)
        )?;
        writeln!(
            f,
            "regroupés en {} profils de personnes et {} sortes d’environs : {} décisions vérifiées, {} garanties",
            grouped(self.people as u64),
            grouped(self.surroundings as u64),
            grouped(self.decisions),
            self.guarantees
        )?;
        if self.asked > 0 {
            writeln!(
                f,
                "{} fois une question est posée, et chaque fois une réponse au moins change le résultat",
                grouped(self.asked as u64)
            )?;
        }
        match &self.counter_example {
            None => writeln!(f, "{NO_COUNTER_EXAMPLE}"),
            Some(found) => write!(f, "\n{found}"),
        }
    }
}
