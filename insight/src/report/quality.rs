//! How good a record is: a score out of a hundred with its parts, each with what it weighs
//! and why it is met or not.
//!
//! The idea is that of data·inclusion's quality score: a dozen plain criteria that whoever
//! keeps the record can see and mend, rather than a verdict. The weights are ours:
//!
//! | criterion | weight | because |
//! |---|---|---|
//! | `checked` | 16 | a wrong record is worse than a short one; 6, 12 and 24 months |
//! | `phone` | 14 | what most visitors use first |
//! | `hours` | 12 | a closed door is a lost journey; a sentence counts for half |
//! | `address` | 10 | one must find it; a postcode alone counts for half |
//! | `email` | 8 | for who cannot phone |
//! | `website` | 8 | its own page |
//! | `position` | 8 | distances, hence the order of places, come from it |
//! | `competence` | 6 | where the network wants it: without it nobody is sent there |
//! | `source` | 6 | whom to ask when in doubt |
//! | `name` | 4 | capitals are read letter by letter by screen readers |
//! | `access` | 4 | for disabled visitors |
//! | `services` | 4 | what an associate or a partner offers differs from place to place |
//!
//! A criterion that does not apply to a record counts for nothing, and the score is the share
//! of the points that could be had.

use crate::report::diagnosis::members;
use crate::report::freshness::months_before;
use serde::{Deserialize, Serialize};
use shared::directory::{Directory, Membership, Reach, Structure};
use shared::geography::Geography;
use shared::validate::{is_email, is_phone};
use std::collections::BTreeMap;

/// The quality of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// Out of 100.
    pub score: u8,
    /// Its parts, the heaviest first; only those that apply.
    pub parts: Vec<Part>,
}

/// One criterion of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What is looked at.
    pub criterion: Criterion,
    /// How many points it can give.
    pub weight: u8,
    /// How many it gives.
    pub points: u8,
    /// Whether it gives all of them.
    pub met: bool,
    /// Why (French).
    pub why: String,
}

/// What is looked at in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Somebody checked it lately.
    Checked,
    /// A phone number that can be dialled.
    Phone,
    /// Weekly hours.
    Hours,
    /// A street and a postcode.
    Address,
    /// An e-mail address.
    Email,
    /// A page of its own.
    Website,
    /// A position of its own, exact.
    Position,
    /// The communes that it is there for, where its network wants them.
    Competence,
    /// Where the facts come from.
    Source,
    /// A name that does not shout.
    Name,
    /// Access for disabled visitors.
    Access,
    /// What it offers, where its network does not settle it.
    Services,
}

impl Criterion {
    /// All of them, the heaviest first.
    pub const ALL: [Self; 12] = [
        Self::Checked,
        Self::Phone,
        Self::Hours,
        Self::Address,
        Self::Email,
        Self::Website,
        Self::Position,
        Self::Competence,
        Self::Source,
        Self::Name,
        Self::Access,
        Self::Services,
    ];

    /// How many points it can give; all together, a hundred.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Checked => 16,
            Self::Phone => 14,
            Self::Hours => 12,
            Self::Address => 10,
            Self::Email | Self::Website | Self::Position => 8,
            Self::Competence | Self::Source => 6,
            Self::Name | Self::Access | Self::Services => 4,
        }
    }

    /// As administrators read it (French).
    pub const fn french(self) -> &'static str {
        match self {
            Self::Checked => "vérification",
            Self::Phone => "téléphone",
            Self::Hours => "horaires",
            Self::Address => "adresse",
            Self::Email => "courriel",
            Self::Website => "site",
            Self::Position => "position",
            Self::Competence => "communes couvertes",
            Self::Source => "source",
            Self::Name => "nom",
            Self::Access => "accessibilité",
            Self::Services => "services",
        }
    }
}

/// The average quality of some records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// How many they are.
    pub records: usize,
    /// Their average score out of 100, to one decimal.
    pub score: f64,
}

/// The quality of a directory, small enough to be kept with each version: a curve over time
/// can be drawn from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct QualitySummary {
    /// All the records.
    pub whole: Mean,
    /// Network id → the average of its places.
    pub by_network: BTreeMap<String, Mean>,
    /// Territory id → the average of the places that stand there.
    pub by_territory: BTreeMap<String, Mean>,
    /// Department code → the average of the places that stand there.
    pub by_department: BTreeMap<String, Mean>,
}

/// The quality of a record as of `today`, an ISO date.
pub fn score(structure: &Structure, directory: &Directory, geography: &Geography, today: &str) -> Quality {
    let parts: Vec<Part> = Criterion::ALL
        .into_iter()
        .filter_map(|criterion| {
            let weight = criterion.weight();
            let (points, why) = look(criterion, structure, directory, geography, today)?;
            Some(Part { criterion, weight, points, met: points == weight, why: why.to_owned() })
        })
        .collect();
    let (had, possible) = parts.iter().fold((0_u32, 0_u32), |(had, possible), part| {
        (had + u32::from(part.points), possible + u32::from(part.weight))
    });
    let score = (had * 100 + possible / 2) / possible.max(1);
    Quality { score: u8::try_from(score).unwrap_or(100), parts }
}

/// What a criterion gives and why; `None` where it does not apply.
fn look(
    criterion: Criterion,
    structure: &Structure,
    directory: &Directory,
    geography: &Geography,
    today: &str,
) -> Option<(u8, &'static str)> {
    let weight = criterion.weight();
    let all_or_nothing =
        |met: bool, yes: &'static str, no: &'static str| if met { (weight, yes) } else { (0, no) };
    let network = directory.edition.networks.iter().find(|network| network.id == structure.network);
    Some(match criterion {
        Criterion::Checked => checked(structure.latest().map(String::as_str), today),
        Criterion::Phone => {
            let met = structure.phones.iter().any(|phone| is_phone(phone));
            all_or_nothing(met, "un numéro que l’on peut appeler", "aucun numéro que l’on peut appeler")
        }
        Criterion::Hours => match (structure.hours.is_empty(), &structure.hours_note) {
            (false, _) => (weight, "des horaires jour par jour"),
            (true, Some(_)) => (weight / 2, "des horaires en phrase seulement"),
            (true, None) => (0, "aucun horaire"),
        },
        Criterion::Address => {
            let has_street = structure.address.lines.iter().any(|line| !line.trim().is_empty());
            match (has_street, !structure.address.postcode.is_empty()) {
                (true, true) => (weight, "une rue et un code postal"),
                (true, false) => (weight / 2, "pas de code postal"),
                (false, true) => (weight / 2, "pas de rue"),
                (false, false) => (0, "pas d’adresse"),
            }
        }
        Criterion::Email => {
            let met = structure.emails.iter().any(|email| is_email(email));
            all_or_nothing(met, "une adresse électronique", "aucune adresse électronique")
        }
        Criterion::Website => {
            all_or_nothing(structure.website.is_some(), "une page à lui", "aucune page à lui")
        }
        Criterion::Position => match (structure.position, geography.current(&structure.commune)) {
            (Some(position), _) if !position.approximate => (weight, "une position exacte"),
            (Some(_), _) => (weight / 2, "une position approchée"),
            (None, Some(_)) => (0, "pas de position : le centre de la commune en tient lieu"),
            (None, None) => (0, "pas de position, et la commune n’existe pas"),
        },
        Criterion::Competence => {
            // Elsewhere a place without a competence receives whoever comes: nothing is missing.
            network.filter(|network| network.reach == Reach::DeclaredOnly)?;
            let met = structure.competence.as_ref().is_some_and(|one| {
                !(one.communes.is_empty() && one.departments.is_empty() && one.territories.is_empty())
            });
            all_or_nothing(
                met,
                "les communes couvertes",
                "aucune commune couverte : le guide n’y envoie personne",
            )
        }
        Criterion::Source => all_or_nothing(
            structure.source.as_ref().is_some_and(|source| !source.trim().is_empty()),
            "une source",
            "aucune source",
        ),
        Criterion::Name => {
            all_or_nothing(!shouts(&structure.name), "un nom bien écrit", "un nom tout en capitales")
        }
        Criterion::Access => {
            all_or_nothing(structure.access.is_some(), "l’accessibilité est dite", "rien sur l’accessibilité")
        }
        Criterion::Services => {
            network.filter(|network| network.membership != Membership::Network)?;
            let met = structure.services.is_some() || structure.serves.is_some();
            all_or_nothing(
                met,
                "ce qu’il offre, et à qui",
                "rien de propre au lieu sur ce qu’il offre et à qui",
            )
        }
    })
}

/// The points of a date of check: all within six months, three quarters within a year, three
/// eighths within two.
fn checked(checked_on: Option<&str>, today: &str) -> (u8, &'static str) {
    let Some(date) = checked_on else { return (0, "jamais vérifiée") };
    let within = |months: i32| date >= months_before(today, months).as_str();
    if within(6) {
        (16, "vérifiée il y a moins de six mois")
    } else if within(12) {
        (12, "vérifiée il y a moins d’un an")
    } else if within(24) {
        (6, "vérifiée il y a plus d’un an")
    } else {
        (0, "vérifiée il y a plus de deux ans")
    }
}

/// Whether a name is all capitals, and longer than an acronym.
fn shouts(name: &str) -> bool {
    const ACRONYM: usize = 6;
    let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
    letters > ACRONYM && !name.chars().any(char::is_lowercase)
}

/// The quality of all records, added up.
pub fn summary(directory: &Directory, geography: &Geography, today: &str) -> QualitySummary {
    let territories: Vec<_> =
        directory.territories.iter().map(|one| (one.id.as_str(), members(one, geography))).collect();
    let mut whole = Sum::default();
    let [mut by_network, mut by_territory, mut by_department] =
        [(); 3].map(|()| BTreeMap::<&str, Sum>::new());
    for structure in &directory.structures {
        let score = score(structure, directory, geography, today).score;
        whole.add(score);
        by_network.entry(&structure.network).or_default().add(score);
        let Some(commune) = geography.current(&structure.commune) else { continue };
        by_department.entry(commune.department()).or_default().add(score);
        for (id, _) in territories.iter().filter(|(_, members)| members.holds(commune)) {
            by_territory.entry(id).or_default().add(score);
        }
    }
    let means =
        |sums: BTreeMap<&str, Sum>| sums.into_iter().map(|(id, sum)| (id.to_owned(), sum.mean())).collect();
    QualitySummary {
        whole: whole.mean(),
        by_network: means(by_network),
        by_territory: means(by_territory),
        by_department: means(by_department),
    }
}

#[derive(Default)]
struct Sum {
    records: usize,
    scores: usize,
}

impl Sum {
    fn add(&mut self, score: u8) {
        self.records += 1;
        self.scores += usize::from(score);
    }

    fn mean(&self) -> Mean {
        let tenths = (self.scores * 10 + self.records / 2) / self.records.max(1);
        Mean { records: self.records, score: f64::from(u16::try_from(tenths).unwrap_or(1000)) / 10.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::condition::Condition;
    use shared::directory::{Address, OpeningHours, Weekday};
    use shared::geography::Position;

    const TODAY: &str = "2026-11-24";

    /// What ships, with a network whose places receive only the communes that they declare.
    fn directory() -> Directory {
        let mut directory =
            Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap();
        let mut networks = directory.edition.networks.iter_mut();
        networks.find(|network| network.id == "maison-emploi").unwrap().reach = Reach::DeclaredOnly;
        directory
    }

    fn geography() -> Geography {
        Geography::parse("26362\tValence\t26000\t60000\t44.93\t4.89\t\t\t\n", "", &|_| true).unwrap()
    }

    fn whole_record() -> Structure {
        Structure {
            id: "a".to_owned(),
            network: "mission-locale".to_owned(),
            name: "Mission locale inventée".to_owned(),
            address: Address {
                lines: vec!["1 rue du Parc".to_owned()],
                postcode: "26000".to_owned(),
                town: None,
            },
            commune: "26362".to_owned(),
            position: Some(Position { latitude: 44.9, longitude: 4.9, approximate: false }),
            phones: vec!["04 75 00 00 01".to_owned()],
            emails: vec!["accueil@exemple.fr".to_owned()],
            website: Some("https://exemple.fr".to_owned()),
            hours: vec![OpeningHours {
                days: vec![Weekday::Monday],
                from: "09:00".to_owned(),
                to: "12:00".to_owned(),
            }],
            access: Some("De plain-pied.".to_owned()),
            checked_on: Some("2026-10-01".to_owned()),
            source: Some("https://exemple.fr".to_owned()),
            ..Structure::default()
        }
    }

    #[track_caller]
    fn check(change: impl Fn(&mut Structure), criterion: Criterion, points: u8, score: u8) {
        let mut structure = whole_record();
        change(&mut structure);
        let quality = super::score(&structure, &directory(), &geography(), TODAY);
        let part = quality.parts.iter().find(|part| part.criterion == criterion).unwrap();
        assert_eq!((part.points, quality.score), (points, score), "{quality:?}");
        assert_eq!(part.met, points == criterion.weight());
        assert!(!part.why.is_empty());
    }

    #[test]
    fn weights_make_a_hundred_and_come_in_order() {
        let weights: Vec<u8> = Criterion::ALL.iter().map(|one| one.weight()).collect();
        assert_eq!(weights.iter().sum::<u8>(), 100);
        assert!(weights.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn each_criterion_takes_its_points() {
        // 90 points can be had: a network of the system settles services and competence.
        check(|_| {}, Criterion::Checked, 16, 100);
        check(|one| one.checked_on = Some("2026-01-01".to_owned()), Criterion::Checked, 12, 96);
        check(|one| one.checked_on = Some("2025-11-23".to_owned()), Criterion::Checked, 6, 89);
        check(|one| one.checked_on = Some("2024-01-01".to_owned()), Criterion::Checked, 0, 82);
        check(|one| one.checked_on = None, Criterion::Checked, 0, 82);
        check(|one| one.phones = vec!["04 75 0".to_owned()], Criterion::Phone, 0, 84);
        check(|one| one.phones = vec!["3949".to_owned()], Criterion::Phone, 14, 100);
        check(|one| one.emails = vec!["accueil".to_owned()], Criterion::Email, 0, 91);
        check(|one| one.website = None, Criterion::Website, 0, 91);
        check(|one| one.hours.clear(), Criterion::Hours, 0, 87);
        check(
            |one| {
                one.hours.clear();
                one.hours_note = Some("le matin".to_owned());
            },
            Criterion::Hours,
            6,
            93,
        );
        check(|one| one.address.lines.clear(), Criterion::Address, 5, 94);
        check(|one| one.position = None, Criterion::Position, 0, 91);
        check(|one| one.source = None, Criterion::Source, 0, 93);
        check(|one| one.access = None, Criterion::Access, 0, 96);
        check(|one| one.name = "MISSION LOCALE".to_owned(), Criterion::Name, 0, 96);
        check(|one| one.name = "CIO".to_owned(), Criterion::Name, 4, 100);
    }

    #[test]
    fn a_network_that_wants_a_competence_or_leaves_the_services_open_asks_for_them() {
        let declared = |one: &mut Structure| one.network = "maison-emploi".to_owned();
        check(declared, Criterion::Competence, 0, 90);
        check(declared, Criterion::Services, 0, 90);
        check(
            |one| {
                declared(one);
                one.serves = Some(Condition::Always);
            },
            Criterion::Services,
            4,
            94,
        );
    }

    #[test]
    fn averages_are_kept_by_network_and_department() {
        let mut directory = directory();
        let mut poor = whole_record();
        "b".clone_into(&mut poor.id);
        poor.checked_on = None;
        directory.structures = vec![whole_record(), poor];
        let found = summary(&directory, &geography(), TODAY);
        assert_eq!(found.whole, Mean { records: 2, score: 91.0 });
        assert_eq!(found.by_network["mission-locale"], found.whole);
        assert_eq!(found.by_department["26"], found.whole);
        let kept = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<QualitySummary>(&kept).unwrap(), found);
    }
}
