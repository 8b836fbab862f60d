//! The coverage in French, for administrators.

use super::{
    Confirmed, Coverage, Dates, DepartmentPlaces, Leaving, Named, NetworkCoverage, Places, SourceCoverage,
};
use crate::report::diagnosis::page::date;
use shared::french::grouped;

/// What neither the proof nor a list can say.
pub const LIMITS: &str = "Rien ici ne dit que la liste des lieux est complète, ni qu’un lieu existe encore : seul un appel le dit.";

/// What the share of people means, under the title of a list.
pub fn reached(coverage: &Coverage) -> String {
    format!(
        "Part des habitants qui ont un lieu du réseau à {}\u{a0}km ou moins, où le guide les envoie avant le site ou le téléphone du réseau.",
        coverage.near_km
    )
}

/// How many places and people, in one line.
pub fn in_short(coverage: &Coverage) -> String {
    format!(
        "{}, dont {} à confirmer par téléphone ; {} habitants",
        counted(coverage.places.count, "lieu", "lieux"),
        coverage.places.to_confirm,
        grouped(coverage.inhabitants)
    )
}

/// How many communes of one departure are named.
const NAMED: usize = 20;

/// Whom the guide sends to another department and why, a sentence each; one that says so where it
/// sends nobody.
pub fn departures(coverage: &Coverage) -> Vec<String> {
    if coverage.departures.is_empty() {
        return vec!["Personne : dans les réseaux qui ont un territoire, le guide n’envoie aucune commune à un lieu d’un autre département.".to_owned()];
    }
    let sentence = |one: &super::Departure| {
        let network = coverage.networks.iter().find(|network| network.id == one.network);
        let named = one.communes.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = one.communes.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" et {}", counted(more, "autre", "autres")) } else { String::new() };
        let why = match one.why {
            Leaving::Declared => "ce lieu déclare qu’il est là pour elles",
            Leaving::NothingElse => {
                "leur département n’a aucun lieu du réseau, et le réseau n’a ni site ni téléphone"
            }
        };
        format!(
            "{}, du département {} à {} ({}) : {}, {why} : {named}{more}.",
            network.map_or("", |network| network.name.as_str()),
            one.from,
            one.name,
            one.to,
            counted(one.communes.len(), "commune", "communes"),
        )
    };
    coverage.departures.iter().map(sentence).collect()
}

impl Named {
    /// As administrators read it.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Picked => "une règle y mène",
            Self::Beside => "en complément",
            Self::Never => "aucune règle",
            Self::NotInForce => "pas en vigueur",
        }
    }
}

impl SourceCoverage {
    /// What it is called.
    pub fn name(&self) -> &str {
        if self.source.is_empty() { "sans source" } else { &self.source }
    }
}

impl DepartmentPlaces {
    /// How many places, beside how many there are.
    pub fn french(&self) -> String {
        match (self.expected, self.lacks) {
            (Some(expected), _) => format!("{} sur {expected}", self.places),
            (None, true) => format!("{}, il en manque", self.places),
            (None, false) => self.places.to_string(),
        }
    }

    /// Whether there is something to say of it.
    pub const fn is_known(&self) -> bool {
        self.places > 0 || self.expected.is_some() || self.lacks
    }
}

impl NetworkCoverage {
    /// How many places, and where there should be more.
    pub fn places_told(&self) -> String {
        let lacking = self.departments.iter().filter(|department| department.lacks).count();
        match (self.places.count, lacking) {
            (0, _) if self.has_contact => "aucun lieu : son site ou son téléphone".to_owned(),
            (0, _) => "aucun lieu, ni site, ni téléphone".to_owned(),
            (count, 0) => counted(count, "lieu", "lieux"),
            (count, lacking) => {
                format!(
                    "{}, il en manque dans {}",
                    counted(count, "lieu", "lieux"),
                    counted(lacking, "département", "départements")
                )
            }
        }
    }
}

impl Dates {
    /// The days, in figures.
    pub fn french(&self) -> String {
        let day = |day: &Option<String>| day.as_deref().map(date).unwrap_or_default();
        let dated = match (&self.oldest, &self.newest) {
            (Some(oldest), Some(newest)) if oldest == newest => date(oldest),
            (Some(_), Some(_)) => {
                format!(
                    "du {} au {}, la moitié au {} ou avant",
                    day(&self.oldest),
                    day(&self.newest),
                    day(&self.median)
                )
            }
            _ => String::new(),
        };
        let undated = (self.undated > 0).then(|| format!("{} sans date", self.undated));
        [Some(dated).filter(|dated| !dated.is_empty()), undated]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Confirmed {
    /// What confirms the records, the surest first: a number, and what is said of one and of
    /// several.
    pub const fn parts(&self) -> [(usize, &'static str, &'static str); 5] {
        [
            (self.by_a_person, "vérifié par quelqu’un", "vérifiés par quelqu’un"),
            (self.by_its_keeper, "publié par le réseau même", "publiés par le réseau même"),
            (self.by_a_later_list, "redit par une liste plus récente", "redits par une liste plus récente"),
            (self.by_nothing, "que rien de plus récent ne confirme", "que rien de plus récent ne confirme"),
            (self.unknown, "sans indication", "sans indication"),
        ]
    }
}

impl Places {
    /// What confirms them, in one line.
    pub fn confirmed_told(&self) -> String {
        let parts = self.confirmed.parts().into_iter().filter(|(count, _, _)| *count > 0);
        parts.map(|(count, one, many)| counted(count, one, many)).collect::<Vec<_>>().join(", ")
    }
}

/// A number with what it counts.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(u64::try_from(number).unwrap_or(u64::MAX)), if number < 2 { one } else { many })
}
