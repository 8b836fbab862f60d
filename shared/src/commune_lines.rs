//! The communes that fit what somebody typed, as lines to choose from.

use crate::commune_index::{CommuneName, Hit, Search};
use crate::snapshot::Guide;
use crate::spelling::fold;

/// How many communes the list holds; it scrolls. The status says how many there are.
pub const SHOWN: usize = 20;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// INSEE code.
    pub code: String,
    /// What the input holds once it is chosen.
    pub name: String,
    /// The name that it had, where that is what was typed.
    pub former: Option<String>,
    /// Department and postcodes, which tell homonyms apart.
    pub place: String,
}

/// How many are proposed where nothing fits.
const NEAR: usize = 5;

/// The lines for what is typed, those of the host's territory first, and how many communes fit it.
/// Where none does, the lines are those that resemble it.
pub fn lines(search: &Search, guide: &Guide, typed: &str, territory: Option<&str>) -> (Vec<Line>, usize) {
    let here: &[String] = territory
        .and_then(|id| guide.territories.iter().find(|territory| territory.id == id))
        .map_or(&[], |territory| &territory.departments);
    let is_here = |commune: &CommuneName| {
        territory == Some(commune.department()) || here.iter().any(|code| code == commune.department())
    };
    let (mut hits, all) = search.find_from(typed, SHOWN, &is_here);
    if all == 0 {
        hits = search.resembling(typed, NEAR);
    }
    (hits.iter().map(|hit| line(guide, hit)).collect(), all)
}

/// The line of a commune.
fn line(guide: &Guide, hit: &Hit<'_>) -> Line {
    let commune = hit.commune;
    let department = guide.departments.iter().find(|department| department.code == commune.department());
    let department = department.map_or("", |department| &department.name);
    Line {
        code: commune.code.clone(),
        name: commune.name.clone(),
        former: hit.former.map(str::to_owned),
        place: if commune.postcodes.is_empty() {
            department.to_owned()
        } else {
            format!("{department}, {}", commune.postcodes.join(" "))
        },
    }
}

/// The code of the only commune that is called what was typed, today or formerly, or of the
/// only one that fits it.
pub fn only<'a>(search: &'a Search, typed: &str) -> Option<&'a str> {
    // Exact names come first: none is missing from so many.
    let (hits, all) = search.find(typed, SHOWN);
    if let ([only], 1) = (hits.as_slice(), all) {
        return Some(&only.commune.code);
    }
    let typed = fold(typed);
    let mut called = hits.iter().filter(|hit| fold(hit.former.unwrap_or(&hit.commune.name)) == typed);
    called.next().filter(|_| called.next().is_none()).map(|hit| hit.commune.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::around::Centres;
    use crate::commune_index::CommuneIndex;
    use crate::snapshot::PIECE_FORMAT;

    fn search() -> Search {
        let commune = |code: &str, name: &str, postcode: &str, former: &[&str]| CommuneName {
            code: code.to_owned(),
            name: name.to_owned(),
            postcodes: vec![postcode.to_owned()],
            size: 1,
            former: former.iter().map(|name| (*name).to_owned()).collect(),
        };
        let communes = vec![
            commune("01015", "Arboys en Bugey", "01300", &["Arbignieu"]),
            commune("26281", "Romans-sur-Isère", "26100", &[]),
            commune("26362", "Valence", "26000", &[]),
            commune("38517", "Valencin", "38540", &[]),
            commune("42001", "Saint-Jean", "42100", &[]),
            commune("43001", "Saint-Jean", "43100", &[]),
        ];
        Search::new(CommuneIndex { format: PIECE_FORMAT, communes, centres: Centres::default() })
    }

    #[test]
    fn only_one_commune_or_a_choice() {
        for (typed, code) in [
            ("valence", Some("26362")),
            ("VALENCIN", Some("38517")),
            ("romans", Some("26281")),
            ("26100", Some("26281")),
            ("Arbignieu", Some("01015")),
            // Fits two, is the name of two, fits none.
            ("valen", None),
            ("saint jean", None),
            ("Paris", None),
            ("", None),
        ] {
            assert_eq!(only(&search(), typed), code, "{typed}");
        }
    }
}
