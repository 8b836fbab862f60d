//! The communes that fit what somebody typed, as lines to choose from.

use crate::commune_index::{CommuneName, Hit, Search};
use crate::elsewhere::is_department;
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

impl Line {
    /// Whether it stands for a department outside the region: its code is an answer all the same.
    pub const fn is_outside(&self) -> bool {
        is_department(self.code.as_str())
    }
}

/// The lines for what is typed, those of the host's territory first, and how many communes fit it.
/// Where none does, they are what is so called outside the region, or what resembles it.
///
/// The territory is one of the directory, a department, or communes by their codes; of several of
/// these, all count.
pub fn lines(search: &Search, guide: &Guide, typed: &str, territory: Option<&str>) -> (Vec<Line>, usize) {
    let mut here: Vec<&str> = territory.unwrap_or_default().split([' ', ',']).collect();
    for territory in &guide.territories {
        if here.contains(&territory.id.as_str()) {
            here.extend(territory.departments.iter().map(String::as_str));
        }
    }
    let is_here =
        |commune: &CommuneName| here.contains(&commune.department()) || here.contains(&commune.code.as_str());
    let (mut hits, all) = search.find_from(typed, SHOWN, &is_here);
    if all == 0 {
        let (outside, all) = search.outside(typed, NEAR);
        if all > 0 {
            return (outside.iter().map(|hit| line_outside(search, hit)).collect(), all);
        }
        // What resembles it is nothing where it may be a commune that is not here.
        if !search.is_partial() {
            hits = search.resembling(typed, NEAR);
        }
    }
    let mut lines: Vec<Line> = hits.iter().map(|hit| line(guide, hit)).collect();
    // « Paris » is the beginning of Pariset, and Paris too.
    let namesakes = if all == 0 { Vec::new() } else { called_outside(search, typed) };
    lines.truncate(SHOWN - namesakes.len());
    lines.extend(namesakes.iter().map(|hit| line_outside(search, hit)));
    (lines, all + namesakes.len())
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

/// What is called exactly that outside the region.
fn called_outside<'a>(search: &'a Search, typed: &str) -> Vec<Hit<'a>> {
    let (mut hits, _) = search.outside(typed, NEAR);
    let typed = fold(typed);
    hits.retain(|hit| fold(hit.former.unwrap_or(&hit.commune.name)) == typed);
    hits
}

/// The line of a department: under the name of its town, where that was typed.
fn line_outside(search: &Search, hit: &Hit<'_>) -> Line {
    let department = hit.commune;
    let region = search.region(&department.code).map_or("", |region| &region.name);
    Line {
        code: department.code.clone(),
        name: hit.former.unwrap_or(&department.name).to_owned(),
        former: None,
        place: match hit.former {
            Some(_) => [&department.name, ", ", region].concat(),
            None => region.to_owned(),
        },
    }
}

/// The code of the only commune that is called what was typed, today or formerly, or of the
/// only one that fits it; the same of departments, for what is not in the region.
pub fn only<'a>(search: &'a Search, typed: &str) -> Option<&'a str> {
    // Exact names come first: none is missing from so many.
    let (mut hits, mut all) = search.find(typed, SHOWN);
    if all == 0 {
        (hits, all) = search.outside(typed, SHOWN);
    } else {
        let namesakes = called_outside(search, typed);
        all += namesakes.len();
        hits.extend(namesakes);
    }
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
    use crate::elsewhere::Elsewhere;
    use crate::snapshot::{PIECE_FORMAT, TerritoryCard};

    fn elsewhere() -> Elsewhere {
        let department = |code: &str, name: &str, towns: &[&str]| CommuneName {
            code: code.to_owned(),
            name: name.to_owned(),
            postcodes: crate::elsewhere::postcodes(code),
            size: 0,
            former: towns.iter().map(|town| (*town).to_owned()).collect(),
        };
        let region = |name: &str, departments: &[&str]| TerritoryCard {
            id: name.to_owned(),
            name: name.to_owned(),
            departments: departments.iter().map(|code| (*code).to_owned()).collect(),
            contact: None,
            label: None,
            guide: None,
        };
        Elsewhere {
            departments: vec![
                department("2A", "Corse-du-Sud", &["Ajaccio"]),
                department("2B", "Haute-Corse", &["Valen"]),
                department("35", "Ille-et-Vilaine", &["Rennes", "Saint-Malo"]),
                department("59", "Nord", &["Lille", "Valenciennes"]),
                department("971", "Guadeloupe", &["Basse-Terre"]),
            ],
            regions: vec![region("Bretagne", &["35"]), region("Hauts-de-France", &["59"])],
            own: Vec::new(),
        }
    }

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
        Search::new(CommuneIndex {
            format: PIECE_FORMAT,
            communes,
            centres: Centres::default(),
            elsewhere: elsewhere(),
            parts: Vec::new(),
        })
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
            ("vale", None),
            ("saint jean", None),
            ("Paris", None),
            ("", None),
            // Outside the region: a town, a postcode, a department.
            ("rennes", Some("35")),
            ("35240", Some("35")),
            ("Vitré 35500", Some("35")),
            ("ille et vilaine", Some("35")),
            ("20090", Some("2A")),
            ("97180", Some("971")),
            // Called exactly that, while the region only has what begins so.
            ("Valen", Some("2B")),
            // What the region has too is the region's; two digits alone are the department.
            ("valenc", None),
            ("59", Some("59")),
        ] {
            assert_eq!(only(&search(), typed), code, "{typed}");
        }
    }

    #[test]
    fn what_is_outside_the_region_is_a_line_like_the_others() {
        let guide = crate::compile::guide(
            &crate::directory::Directory::from_json(include_bytes!("../examples/two-places.json")).unwrap(),
        );
        let shown = |typed: &str| -> Vec<(String, String, bool)> {
            let (lines, all) = lines(&search(), &guide, typed, None);
            assert_eq!(lines.len(), all, "{typed}");
            lines.into_iter().map(|line| (line.name.clone(), line.place.clone(), line.is_outside())).collect()
        };
        let outside = |name: &str, place: &str| (name.to_owned(), place.to_owned(), true);
        assert_eq!(shown("saint malo"), [outside("Saint-Malo", "Ille-et-Vilaine, Bretagne")]);
        assert_eq!(shown("35000"), [outside("Ille-et-Vilaine", "Bretagne")]);
        let last = shown("valen").pop().unwrap();
        assert_eq!(last, outside("Valen", "Haute-Corse, "));
        assert!(shown("valenc").iter().all(|(.., is_outside)| !is_outside));
    }
}
