//! Places of a wider list than the edition's region: a national file has twenty times as many. They
//! are set aside and counted, unless a person wants them or they are there for communes of the
//! region.

use super::matching::identifiers;
use super::record::Draft;
use super::repair::{Doubt, Notes, Proposal};
use super::report::plural;
use shared::directory::{Directory, Structure};
use shared::geography::department_of;
use std::collections::{BTreeMap, HashSet};

/// How many departments the sentence names; a national list has a hundred.
const NAMED: usize = 5;

/// Takes the drafts outside the region away, where nobody accepted them. Returns how many there
/// are, by department as the report calls it.
pub(super) fn set_aside(
    drafts: &mut Vec<Draft>,
    directory: &Directory,
    notes: &mut Notes,
) -> BTreeMap<String, usize> {
    let region: HashSet<&str> =
        directory.edition.region.departments.iter().map(|one| one.code.as_str()).collect();
    let known: HashSet<(&str, &str)> = directory.structures.iter().flat_map(identifiers).collect();
    let territories = &directory.territories;
    let is_there_for_it = |place: &Structure| {
        place.competence.as_ref().is_some_and(|competence| {
            competence.departments.iter().any(|code| region.contains(code.as_str()))
                || competence.communes.iter().any(|code| region.contains(department_of(code)))
                || territories.iter().any(|territory| competence.territories.contains(&territory.id))
        })
    };
    let is_outside = |draft: &Draft| {
        let place = &draft.structure;
        !region.is_empty()
            && !region.contains(department_of(&place.commune))
            && !draft.is_own
            && !is_there_for_it(place)
            && !identifiers(place).any(|identifier| known.contains(&identifier))
    };
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| is_outside(draft)) {
        *count.entry(department_of(&draft.structure.commune).to_owned()).or_default() += 1;
    }
    if count.is_empty() {
        return count;
    }
    let all: usize = count.values().sum();
    let mut most: Vec<(&String, &usize)> = count.iter().collect();
    most.sort_by_key(|(code, own)| (usize::MAX - **own, *code));
    let named: Vec<String> = most.iter().take(NAMED).map(|(code, own)| format!("{code} : {own}")).collect();
    let others = if most.len() > NAMED { ", …" } else { "" };
    let value = plural(all, "lieu", "lieux");
    let expected = format!(
        "hors de la région, par département : {}{others}. En attendant, ils sont comptés et laissés de côté",
        named.join(", ")
    );
    let proposal = Proposal {
        cause: Doubt::Outside,
        row: 0,
        column: "",
        value: &value,
        expected: &expected,
        repair: "les garder",
    };
    if notes.propose(proposal) {
        return BTreeMap::new();
    }
    drafts.retain(|draft| !is_outside(draft));
    count.into_iter().map(|(code, own)| (format!("hors de la région, département {code}"), own)).collect()
}
