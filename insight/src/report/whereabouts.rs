//! Where a finding is, as administrators call it: a path says `structures[12].phones[0]`, people
//! look for « Mission locale de Valence, téléphones ».

use shared::directory::{Directory, MAIN_LANGUAGE, Text};
use shared::fields;

/// What the elements of a directory's lists are called, by the path of the list.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts {
    lists: Vec<(&'static str, Vec<String>)>,
}

impl Whereabouts {
    /// Of a directory.
    pub fn of(directory: &Directory) -> Self {
        let french = |text: &Text| text.get(MAIN_LANGUAGE).cloned().unwrap_or_default();
        let edition = &directory.edition;
        let called = |kind: &str, name: String| format!("{kind} « {name} »");
        let lists = vec![
            ("structures", directory.structures.iter().map(|one| one.name.clone()).collect()),
            (
                "edition.networks",
                edition.networks.iter().map(|one| called("réseau", french(&one.name))).collect(),
            ),
            ("edition.rules", edition.rules.iter().map(|one| format!("règle {}", one.id)).collect()),
            (
                "edition.questions",
                edition.questions.iter().map(|one| called("question", french(&one.text))).collect(),
            ),
            (
                "edition.remote_services",
                edition.remote_services.iter().map(|one| called("service", french(&one.name))).collect(),
            ),
            (
                "edition.guarantees",
                edition.guarantees.iter().map(|one| called("garantie", french(&one.text))).collect(),
            ),
            (
                "edition.languages",
                edition.languages.iter().map(|one| called("langue", one.name.clone())).collect(),
            ),
            (
                "edition.preparations",
                edition.preparations.iter().map(|one| called("préparation", one.id.clone())).collect(),
            ),
            (
                "territories",
                directory.territories.iter().map(|one| called("territoire", one.name.clone())).collect(),
            ),
            (
                "resources",
                directory.resources.iter().map(|one| called("ressource", french(&one.title))).collect(),
            ),
        ];
        Self { lists }
    }

    /// Of places alone, by their names in the order of the document.
    pub fn of_places(names: Vec<String>) -> Self {
        Self { lists: vec![("structures", names)] }
    }

    /// A path in words: the element and its field, the part, or the path where nothing is known of
    /// it. Empty for the whole document.
    pub fn french(&self, path: &str) -> String {
        match (path, self.element(path)) {
            (".", _) => String::new(),
            (_, Some((name, ""))) => name.to_owned(),
            (_, Some((name, field))) => format!("{name}, {}", fields::french(field)),
            (_, None) => fields::french_part(path).to_owned(),
        }
    }

    /// Whether [`Self::french`] of a path has a value in it already: « réseau « CIO » » beside « CIO ».
    pub fn says(&self, path: &str, value: &str) -> bool {
        let called = self.element(path).map_or("", |(name, _)| name);
        called == value || called.contains(&format!("« {value} »"))
    }

    /// What the element that a path is in is called, and the name of its field; the latter is empty
    /// for the whole of it.
    pub fn element<'a>(&'a self, path: &'a str) -> Option<(&'a str, &'a str)> {
        let (list, rest) = path.split_once('[')?;
        let (rank, field) = rest.split_once(']')?;
        let (_, names) = self.lists.iter().find(|(name, _)| *name == list)?;
        let name = names.get(rank.parse::<usize>().ok()?).filter(|name| !name.is_empty())?;
        Some((name, field.trim_start_matches('.').split(['.', '[']).next().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_said_as_people_call_it() {
        let directory = Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap();
        let whereabouts = Whereabouts::of(&directory);
        let place = &directory.structures[3].name;
        for (path, expect) in [
            ("structures[3]", place.clone()),
            ("structures[3].phones[0]", format!("{place}, téléphones")),
            ("structures[3].corrections.name.on", format!("{place}, corrigés par une personne")),
            ("edition.rules[0].when", format!("règle {}, condition", directory.edition.rules[0].id)),
            ("edition.validity", "dates de l’édition".to_owned()),
            (
                "edition.preparations[0].bring.fr",
                format!("préparation « {} », quoi apporter", directory.edition.preparations[0].id),
            ),
            ("structures[99999].name", "structures[99999].name".to_owned()),
            (".", String::new()),
        ] {
            assert_eq!(whereabouts.french(path), expect);
        }
        assert!(whereabouts.french("edition.networks[0]").starts_with("réseau « "));
        let network = &directory.edition.networks[0].name[MAIN_LANGUAGE];
        assert!(whereabouts.says("edition.networks[0]", network));
        assert!(whereabouts.says("structures[3].name", place));
        assert!(!whereabouts.says("edition.networks[0].website", "https://exemple.fr"));
        assert!(!whereabouts.says("edition.validity", "2026"));
    }
}
