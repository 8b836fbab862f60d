//! What a territory's key may change: its own places, and nothing that sends people of other
//! communes elsewhere, whatever it writes.

use super::comparison::Comparison;
use insight::compare::diff::Difference;
use insight::report::diagnosis::members;
use serving::problem::{Failure, Problem};
use serving::shipped;
use shared::directory::{Directory, Structure};
use shared::geography::Geography;
use std::collections::{BTreeMap, BTreeSet};

/// What a difference changes that is not of a territory, as people call it: places outside
/// it, before or after, and whatever is not a place.
pub(crate) fn foreign(
    difference: &Difference,
    before: &Directory,
    after: &Directory,
    territory: &str,
) -> Result<Vec<String>, Failure> {
    let geography = shipped::geography()?;
    let Some(territory) = before.territories.iter().find(|one| one.id == territory) else {
        return Ok(vec![format!("le territoire « {territory} », qui n’est plus dans l’annuaire")]);
    };
    let members = members(territory, &geography);
    let is_own = |structure: &Structure| {
        geography.current(&structure.commune).is_some_and(|commune| members.holds(commune))
    };
    let mut foreign: Vec<String> =
        difference.parts.iter().map(|part| shared::fields::french_part(part).to_owned()).collect();
    let touched: BTreeSet<&str> = difference
        .added
        .iter()
        .chain(&difference.removed)
        .map(|named| named.id.as_str())
        .chain(difference.changed.iter().map(|changed| changed.id.as_str()))
        .collect();
    let was: BTreeMap<&str, &Structure> =
        before.structures.iter().map(|structure| (structure.id.as_str(), structure)).collect();
    for structure in after.structures.iter().filter(|structure| touched.contains(structure.id.as_str())) {
        if claims_more(structure, was.get(structure.id.as_str()).copied(), &|claim| match claim {
            Claim::Commune(code) => geography.current(code).is_some_and(|commune| members.holds(commune)),
            Claim::Department(code) => territory.departments.iter().any(|own| own == code),
            Claim::Territory(id) => id == territory.id,
        }) {
            foreign.push(format!("la compétence de {}", structure.name));
        }
    }
    if before.schema != after.schema {
        foreign.push("l’adresse du schéma".to_owned());
    }
    if !same_order(before, after) {
        foreign.push("l’ordre des lieux".to_owned());
    }
    for directory in [before, after] {
        for structure in &directory.structures {
            if touched.contains(structure.id.as_str())
                && !is_own(structure)
                && !foreign.contains(&structure.name)
            {
                foreign.push(structure.name.clone());
            }
        }
    }
    Ok(foreign)
}

/// Whether a place stands in a territory of a directory, by its id; none does in an unknown one.
pub(crate) fn stands_in<'a>(
    territory: &str,
    directory: &'a Directory,
    geography: &'a Geography,
) -> impl Fn(&Structure) -> bool + use<'a> {
    let known = directory.territories.iter().find(|one| one.id == territory);
    let members = known.map(|territory| members(territory, geography));
    move |place| {
        let commune = geography.current(&place.commune);
        members.as_ref().zip(commune).is_some_and(|(members, commune)| members.holds(commune))
    }
}

/// What a place says that it is there for.
enum Claim<'a> {
    Commune(&'a str),
    Department(&'a str),
    Territory(&'a str),
}

/// Whether a place says that it is there for more than before, outside what is its own.
fn claims_more(after: &Structure, before: Option<&Structure>, is_own: &dyn Fn(Claim<'_>) -> bool) -> bool {
    let Some(claimed) = &after.competence else { return false };
    let before = before.and_then(|before| before.competence.clone()).unwrap_or_default();
    let new = |now: &[String], was: &[String], claim: fn(&str) -> Claim<'_>| {
        now.iter().any(|one| !was.contains(one) && !is_own(claim(one)))
    };
    new(&claimed.communes, &before.communes, |code| Claim::Commune(code))
        || new(&claimed.departments, &before.departments, |code| Claim::Department(code))
        || new(&claimed.territories, &before.territories, |id| Claim::Territory(id))
}

/// Whether the places that both have stand in the same order: of two as near, the first goes
/// first.
fn same_order(before: &Directory, after: &Directory) -> bool {
    fn kept<'a>(one: &'a Directory, other: &'a Directory) -> impl Iterator<Item = &'a str> {
        let ids: BTreeSet<&str> = other.structures.iter().map(|structure| structure.id.as_str()).collect();
        one.structures.iter().map(|structure| structure.id.as_str()).filter(move |id| ids.contains(id))
    }
    kept(before, after).eq(kept(after, before))
}

/// Why a territory may not publish what its draft does to people outside it; nothing where
/// all of them are sent where they were.
pub(crate) fn sends_others_elsewhere(
    known: Option<&Comparison>,
    before: &Directory,
    territory: &str,
) -> Result<Option<Problem>, Failure> {
    let refused = |what: &str| {
        let detail = format!(
            "{what} Déclarez la compétence du lieu dans votre territoire, ou proposez ce brouillon à la Région : elle peut le publier. La version en ligne n’a pas changé."
        );
        Ok(Some(Problem::new(403, "outside-territory", detail)))
    };
    let Some(known) = known.filter(|known| known.lacking.is_none()) else {
        return refused("L’effet de ce brouillon hors de votre territoire n’a pas pu être calculé.");
    };
    let geography = shipped::geography()?;
    let own = before.territories.iter().find(|one| one.id == territory);
    let own = own.map(|territory| members(territory, &geography));
    let outside: Vec<&str> = known
        .codes
        .iter()
        .filter_map(|code| geography.current(code))
        .filter(|commune| own.as_ref().is_none_or(|own| !own.holds(commune)))
        .map(|commune| commune.name.as_str())
        .collect();
    if outside.is_empty() {
        return Ok(None);
    }
    let (some, more) = (outside.len().min(5), if outside.len() > 5 { "…" } else { "" });
    refused(&format!(
        "Ce brouillon enverrait ailleurs des personnes de {} commune(s) hors de votre territoire : {}{more}.",
        outside.len(),
        outside[..some].join(", ")
    ))
}
