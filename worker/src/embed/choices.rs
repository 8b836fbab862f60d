//! What a site owner chooses, from the query of an address: nothing in it comes from a
//! visitor of theirs.

use super::colours::Colours;
use super::target::{Passes, Target};
use serving::query::parameter;
use shared::commune_index::{CommuneName, Search};
use shared::snapshot::Guide;
use shared::spelling::fold;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Element,
    Frame,
    Link,
}

impl Kind {
    /// What a place must let through.
    const fn needs(self) -> Passes {
        match self {
            Self::Element => Passes::All,
            Self::Frame => Passes::Frame,
            Self::Link => Passes::Link,
        }
    }
}

/// A commune as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Commune {
    /// The field is empty.
    None,
    One(CommuneName),
    /// Several fit: one has to be picked. The first ones, and how many there are.
    Several(Vec<CommuneName>, usize),
    /// None fits.
    Unknown,
}

/// A list of communes as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) typed: String,
    /// Those that were found, each once, in that order.
    pub(super) communes: Vec<CommuneName>,
    /// What names no commune, and what names several.
    pub(super) refused: Vec<String>,
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choices {
    pub(super) target: &'static Target,
    pub(super) asked: Kind,
    pub(super) territory: Option<String>,
    /// Communes in place of a territory, or beside it.
    pub(super) listed: Listed,
    pub(super) typed: String,
    pub(super) commune: Commune,
    /// `None` for French.
    pub(super) language: Option<String>,
    pub(super) theme: Option<&'static str>,
    pub(super) colours: Colours,
    pub(super) is_dsfr: bool,
    pub(super) is_compact: bool,
    pub(super) is_pinned: bool,
}

/// How many communes are offered.
const OFFERED: usize = 8;

impl Choices {
    /// Reads them. What is unknown counts as not chosen; `find` looks for a commune.
    pub(super) fn read(query: &str, guide: &Guide, search: Option<&Search>, listed: Listed) -> Self {
        let get = |name: &str| parameter(query, name).unwrap_or_default();
        let territory = Some(get("territory")).filter(|id| {
            guide.territories.iter().any(|territory| territory.id == *id)
                || guide.departments.iter().any(|department| department.code == *id)
        });
        let language = Some(get("lang"))
            .filter(|tag| tag != "fr" && guide.languages.iter().any(|language| language.tag == *tag));
        let typed = get("commune").trim().to_owned();
        let theme = ["light", "dark"].into_iter().find(|theme| *theme == get("theme"));
        Self {
            target: Target::find(&get("site")),
            asked: match get("kind").as_str() {
                "frame" => Kind::Frame,
                "link" => Kind::Link,
                _ => Kind::Element,
            },
            territory,
            listed,
            commune: search.map_or(Commune::None, |search| commune(search, &typed, &get("pick"))),
            typed,
            language,
            theme,
            colours: Colours::read(get, theme == Some("dark")),
            is_dsfr: get("look") == "dsfr",
            is_compact: get("layout") == "compact",
            is_pinned: get("version") == "pinned",
        }
    }

    /// What is given: what was asked for, or the most that the place lets through.
    pub(super) fn kind(&self) -> Kind {
        match self.target.passes {
            passes if passes >= self.asked.needs() => self.asked,
            Passes::Frame => Kind::Frame,
            _ => Kind::Link,
        }
    }

    /// Whose communes come first, as the attribute has it.
    pub(super) fn territory(&self) -> Option<String> {
        let codes = self.listed.communes.iter().map(|commune| commune.code.as_str());
        let all: Vec<&str> = self.territory.as_deref().into_iter().chain(codes).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }

    /// The code of the commune.
    pub(super) fn code(&self) -> Option<&str> {
        match &self.commune {
            Commune::One(commune) => Some(&commune.code),
            _ => None,
        }
    }
}

/// How many communes a list may hold: what an address can carry, and more than a metropolis has.
const LISTED: usize = 200;

impl Listed {
    pub(super) fn new(typed: &str) -> Self {
        Self { typed: typed.trim().to_owned(), ..Self::default() }
    }

    /// What stands between the commas, each once: all of a list is looked for while others wait.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words: Vec<&str> = Vec::new();
        for word in self.typed.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
            if words.len() < LISTED && !words.contains(&word) {
                words.push(word);
            }
        }
        words.into_iter().map(str::to_owned).collect()
    }

    /// Adds the communes that a word stands for: a postcode for all of its.
    pub(super) fn add(&mut self, search: &Search, word: &str) {
        let of_postcode = |commune: &&CommuneName| commune.postcodes.iter().any(|code| code == word);
        let mut found: Vec<CommuneName> = search.communes().iter().filter(of_postcode).cloned().collect();
        if found.is_empty()
            && let Commune::One(commune) = commune(search, word, "")
        {
            found.push(commune);
        }
        if found.is_empty() || self.communes.len() + found.len() > LISTED {
            self.refused.push(word.to_owned());
            return;
        }
        found.retain(|commune| !self.communes.contains(commune));
        self.communes.extend(found);
    }
}

/// The commune that is meant.
fn commune(search: &Search, typed: &str, picked: &str) -> Commune {
    if typed.is_empty() {
        return Commune::None;
    }
    if let Some(commune) = search.commune(typed) {
        // A postcode may look like the code of another commune: it is then a choice.
        if !search.communes().iter().any(|other| other.postcodes.iter().any(|code| code == typed)) {
            return Commune::One(commune.clone());
        }
    }
    // Who is so called comes first, and only what was offered can be picked.
    let (hits, all) = search.find(typed, OFFERED);
    let name = fold(typed);
    let named = |hit: &&shared::commune_index::Hit| fold(&hit.commune.name) == name;
    let picked = hits.iter().find(|hit| hit.commune.code == picked);
    let mut exact = hits.iter().filter(named);
    let only = match (exact.next(), exact.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    match picked.or(only).or_else(|| hits.first().filter(|_| all == 1)) {
        Some(hit) => Commune::One(hit.commune.clone()),
        None if all == 0 => Commune::Unknown,
        None => Commune::Several(hits.iter().map(|hit| hit.commune.clone()).collect(), all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::around::Centres;
    use shared::commune_index::CommuneIndex;

    fn search() -> Search {
        let communes = [
            ("26004", "Alixan", "26300"),
            ("26057", "Bourg-de-Péage", "26300"),
            ("26281", "Romans-sur-Isère", "26100"),
            ("38001", "Romans", "01400"),
        ]
        .map(|(code, name, postcode)| CommuneName {
            code: code.into(),
            name: name.into(),
            postcodes: vec![postcode.into()],
            size: 1,
            former: Vec::new(),
        });
        Search::new(CommuneIndex {
            format: shared::snapshot::PIECE_FORMAT,
            communes: communes.into(),
            centres: Centres::default(),
            elsewhere: shared::elsewhere::Elsewhere::default(),
            parts: Vec::new(),
        })
    }

    #[track_caller]
    fn check(typed: &str, picked: &str, expected: Option<&str>, offered: usize) {
        let found = commune(&search(), typed, picked);
        match (&found, expected) {
            (Commune::One(commune), Some(code)) => assert_eq!(commune.code, code),
            (Commune::Several(some, all), None) => assert_eq!((some.len(), *all), (offered, offered)),
            (Commune::Unknown, None) => assert_eq!(offered, 0),
            _ => panic!("{typed}: {found:?}"),
        }
    }

    #[test]
    fn a_list_takes_names_codes_and_postcodes_and_tells_what_is_none() {
        let list = |typed: &str| {
            let mut found = Listed::new(typed);
            for word in found.words() {
                found.add(&search(), &word);
            }
            let codes = found.communes.iter().map(|commune| commune.code.clone()).collect::<Vec<_>>();
            (codes, found.refused)
        };
        let all = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        assert_eq!(list(""), (vec![], vec![]));
        assert_eq!(list(" Alixan; 26281,\nalixan, "), (all(&["26004", "26281"]), vec![]));
        assert_eq!(list("26300"), (all(&["26004", "26057"]), vec![]));
        assert_eq!(list("Romans, rom, Nulle-Part"), (all(&["38001"]), all(&["rom", "Nulle-Part"])));
        let many = "26100,".repeat(LISTED + 1);
        assert_eq!(list(&many), (all(&["26281"]), vec![]));
    }

    #[test]
    fn a_commune_is_found_by_name_or_postcode() {
        check("romans-sur-isere", "", Some("26281"), 0);
        check("26100", "", Some("26281"), 0);
        check("Romans", "", Some("38001"), 0);
        check("rom", "", None, 2);
        check("rom", "26281", Some("26281"), 0);
        check("26300", "", None, 2);
        check("26300", "26004", Some("26004"), 0);
        // What was picked for another text no longer counts.
        check("26300", "26281", None, 2);
        check("Nulle-Part", "", None, 0);
        assert_eq!(commune(&search(), "", "26281"), Commune::None);
    }
}
