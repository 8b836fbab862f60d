//! Finding one's commune by typing a part of its name or of its postcode.

use crate::geography::department_of;
use crate::spelling::fold;
use serde::{Deserialize, Serialize};

/// The names of a region's communes: a piece of the snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommuneIndex {
    /// [`crate::snapshot::PIECE_FORMAT`].
    pub format: u8,
    /// The communes, sorted by code.
    pub communes: Vec<CommuneName>,
}

/// What the field knows of a commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommuneName {
    /// INSEE code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Its postcodes. The whole of a city that has arrondissements has none: its
    /// arrondissements have them.
    pub postcodes: Vec<String>,
    /// The order of magnitude of its population (binary logarithm): larger first among equals.
    pub size: u8,
    /// Names of communes that have become part of it.
    pub former: Vec<String>,
}

impl CommuneName {
    /// Its department.
    pub fn department(&self) -> &str {
        department_of(&self.code)
    }
}

/// One answer of [`Search::find`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The commune.
    pub commune: &'a CommuneName,
    /// The former name that was typed, where it is not today's.
    pub former: Option<&'a str>,
}

/// How well a name fits what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Exact,
    Beginning,
    /// The beginning after an article: "abergement" for "L'Abergement".
    AfterArticle,
    /// The beginnings of some of its words, in their order.
    Words,
}

/// The index with its names folded once, so that a keystroke compares and allocates nothing.
#[derive(Debug)]
pub struct Search {
    index: CommuneIndex,
    /// For each commune, its folded name, then those of its former communes.
    folded: Vec<Vec<String>>,
}

impl Search {
    /// Folds the names. A few milliseconds for a region.
    pub fn new(index: CommuneIndex) -> Self {
        let folded = index
            .communes
            .iter()
            .map(|commune| {
                std::iter::once(&commune.name).chain(&commune.former).map(|name| fold(name)).collect()
            })
            .collect();
        Self { index, folded }
    }

    /// The commune with this code.
    pub fn commune(&self, code: &str) -> Option<&CommuneName> {
        let communes = &self.index.communes;
        communes
            .binary_search_by(|commune| commune.code.as_str().cmp(code))
            .ok()
            .map(|index| &communes[index])
    }

    /// The communes that fit what was typed, best first, at most `most`, with the number
    /// of all that fit.
    ///
    /// Digits are the beginning of a postcode; the rest is a name, in any spelling. Both
    /// together narrow each other: `26100 rom`.
    pub fn find(&self, typed: &str, most: usize) -> (Vec<Hit<'_>>, usize) {
        let folded = fold(typed);
        let (name, postcode) = name_and_postcode(&folded);
        if name.is_empty() && postcode.is_empty() {
            return (Vec::new(), 0);
        }
        let mut found: Vec<(Rank, std::cmp::Reverse<u8>, usize, usize)> = Vec::new();
        for (index, commune) in self.index.communes.iter().enumerate() {
            if !postcode.is_empty() && !commune.postcodes.iter().any(|code| code.starts_with(postcode)) {
                continue;
            }
            let best = self.folded[index]
                .iter()
                .enumerate()
                .filter_map(|(which, candidate)| rank(candidate, name).map(|rank| (rank, which)))
                .min();
            if let Some((rank, which)) = best {
                found.push((rank, std::cmp::Reverse(commune.size), which, index));
            }
        }
        found.sort_unstable_by(|a, b| {
            // Today's name before a former one: a large new commune must not hide a small
            // one that bears the name that was typed.
            (a.0, a.2 > 0, a.1)
                .cmp(&(b.0, b.2 > 0, b.1))
                .then_with(|| self.folded[a.3][a.2].cmp(&self.folded[b.3][b.2]))
                .then(a.3.cmp(&b.3))
        });
        let all = found.len();
        let hits = found
            .into_iter()
            .take(most)
            .map(|(_, _, which, index)| {
                let commune = &self.index.communes[index];
                Hit { commune, former: which.checked_sub(1).map(|former| commune.former[former].as_str()) }
            })
            .collect();
        (hits, all)
    }
}

/// Takes the postcode apart: it comes before the name or after it, and has two digits at
/// least (« lyon 3 » is a name).
fn name_and_postcode(folded: &str) -> (&str, &str) {
    let is_postcode = |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let (first, after) = folded.split_once(' ').unwrap_or((folded, ""));
    let (before, last) = folded.rsplit_once(' ').unwrap_or(("", folded));
    if is_postcode(first) {
        (after, first)
    } else if is_postcode(last) {
        (before, last)
    } else {
        (folded, "")
    }
}

/// How well a folded name fits the folded text.
fn rank(name: &str, typed: &str) -> Option<Rank> {
    const ARTICLES: [&str; 4] = ["l ", "le ", "la ", "les "];
    if typed.is_empty() {
        return Some(Rank::Beginning);
    }
    if name == typed {
        return Some(Rank::Exact);
    }
    if name.starts_with(typed) {
        return Some(Rank::Beginning);
    }
    if ARTICLES.iter().filter_map(|article| name.strip_prefix(article)).any(|rest| rest.starts_with(typed)) {
        return Some(Rank::AfterArticle);
    }
    let mut words = name.split(' ');
    typed.split(' ').all(|part| words.any(|word| word.starts_with(part))).then_some(Rank::Words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search() -> Search {
        let commune = |code: &str, name: &str, postcodes: &[&str], size, former: &[&str]| CommuneName {
            code: code.into(),
            name: name.into(),
            postcodes: postcodes.iter().map(|code| (*code).to_owned()).collect(),
            size,
            former: former.iter().map(|name| (*name).to_owned()).collect(),
        };
        Search::new(CommuneIndex {
            format: crate::snapshot::PIECE_FORMAT,
            communes: vec![
                commune("01002", "L'Abergement-de-Varey", &["01640"], 8, &[]),
                commune(
                    "01033",
                    "Valserhône",
                    &["01200"],
                    14,
                    &["Bellegarde-sur-Valserine", "Châtillon-en-Michaille"],
                ),
                commune("26281", "Romans-sur-Isère", &["26100"], 15, &[]),
                commune("26362", "Valence", &["26000"], 16, &[]),
                commune("38421", "Saint-Martin-d'Hères", &["38400"], 15, &[]),
                commune("38422", "Saint-Martin-d'Uriage", &["38410"], 12, &[]),
                commune("69123", "Lyon", &[], 19, &[]),
                commune("69381", "Lyon 1er Arrondissement", &["69001"], 14, &[]),
                commune("69383", "Lyon 3e Arrondissement", &["69003"], 16, &[]),
            ],
        })
    }

    fn check(typed: &str, expect: &[&str]) {
        let search = search();
        let (hits, all) = search.find(typed, 3);
        let codes: Vec<&str> = hits.iter().map(|hit| hit.commune.code.as_str()).collect();
        assert_eq!(codes, expect, "{typed:?}");
        assert!(all >= hits.len());
    }

    #[test]
    fn a_commune_is_found_by_its_spellings() {
        for typed in [
            "Romans-sur-Isère",
            "romans sur isere",
            "ROMANS",
            "rom",
            "26100",
            "261",
            "26100 romans",
            "romans 26100",
        ] {
            check(typed, &["26281"]);
        }
        check("st martin d'heres", &["38421"]);
        check("saint-martin-d’hères", &["38421"]);
        check("abergement", &["01002"]);
        check("martin uriage", &["38422"]);
        check("saint martin", &["38421", "38422"]);
    }

    #[test]
    fn the_exact_name_comes_first_then_the_larger() {
        check("lyon", &["69123", "69383", "69381"]);
        check("val", &["26362", "01033"]);
        check("69003", &["69383"]);
        check("lyon 3", &["69383"]);
    }

    #[test]
    fn a_former_name_leads_to_todays_commune() {
        check("bellegarde", &["01033"]);
        let search = search();
        assert_eq!(search.find("chatillon", 1).0[0].former, Some("Châtillon-en-Michaille"));
        assert_eq!(search.find("valserhone", 1).0[0].former, None);
    }

    #[test]
    fn nothing_typed_or_nothing_known_finds_nothing() {
        check("", &[]);
        check(" - ", &[]);
        check("75001", &[]);
        check("zzz", &[]);
    }
}
