//! Our own document: its structures are the records, each known by its id.

use super::Options;
use super::merge::Field;

use super::repair::{Doubt, Notes, Proposal};
use super::report::Record;
use super::settle::value;
use crate::refusal::Refusal;
use serde::Deserialize;
use serde_json::Value;
use shared::directory::{Directory, Structure};
use shared::fields::french;
use shared::french::day;
use std::collections::{HashMap, HashSet};

/// What only a directory has among the documents that are read.
#[derive(Deserialize)]
struct Shape {
    format: Option<serde::de::IgnoredAny>,
    edition: Option<serde::de::IgnoredAny>,
}

/// The directory that a file is, where it is one.
pub(super) fn read(bytes: &[u8]) -> Result<Option<Directory>, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Ok(None);
    }
    if !serde_json::from_slice::<Shape>(bytes).is_ok_and(|shape| shape.format.and(shape.edition).is_some()) {
        return Ok(None);
    }
    Directory::from_json(bytes).map(Some).map_err(|finding| {
        Refusal::new(
            "unreadable-directory",
            format!("Cet annuaire ne peut pas être lu, à « {} » : {}.", finding.path, finding.expected),
        )
        .advising("« cargo spro validate » dit tout ce qui ne va pas dans un annuaire.")
    })
}

/// Brings the places of a document into a directory. A place that is there takes the
/// document's facts, unless they were checked longer ago.
pub(super) fn merge(
    own: Directory,
    directory: &mut Directory,
    options: &Options,
    notes: &mut Notes,
) -> Vec<Record> {
    let other_parts = [
        ("l’édition", own.edition != directory.edition),
        ("les territoires", !own.territories.is_empty() && own.territories != directory.territories),
        ("les ressources", !own.resources.is_empty() && own.resources != directory.resources),
    ];
    for (part, _) in other_parts.iter().filter(|(_, differs)| *differs) {
        let expected = "ce n’est pas repris, un import ne prend que les lieux : pour le reste, publiez ce fichier lui-même";
        notes.doubt(Doubt::NotRead, 0, "", part, expected);
    }
    let networks: HashSet<String> =
        directory.edition.networks.iter().map(|network| network.id.clone()).collect();
    let mut place_of: HashMap<String, usize> = HashMap::new();
    for (place, structure) in directory.structures.iter().enumerate() {
        place_of.entry(structure.id.clone()).or_insert(place);
    }
    let mut seen = HashSet::new();
    let mut records = Vec::with_capacity(own.structures.len());
    for (row, structure) in (1..).zip(own.structures) {
        if !options.wanted.takes(&structure) {
            continue;
        }
        let fault = if !networks.contains(&structure.network) {
            Some(format!("l’édition n’a pas de réseau « {} »", structure.network))
        } else if seen.insert(structure.id.clone()) {
            None
        } else {
            Some(format!("l’identifiant « {} » est déjà celui d’un autre lieu du fichier", structure.id))
        };
        let (id, name) = (Some(structure.id.clone()), structure.name.clone());
        if let Some(reason) = fault {
            notes.doubt(Doubt::Refused, row, "", &name, reason.clone());
            let (fields, reason) = (Vec::new(), Some(reason));
            records.push(Record { row, outcome: "refused", id: None, name, fields, reason, given: None });
            continue;
        }
        let given = options.keep_given.then(|| Box::new(structure.clone()));
        let (outcome, fields) = if let Some(place) = place_of.get(&structure.id) {
            ("merged", replace(&mut directory.structures[*place], structure, row, notes))
        } else {
            directory.structures.push(structure);
            ("kept", Vec::new())
        };
        records.push(Record { row, outcome, id, name, fields, reason: None, given });
    }
    records
}

/// Takes the document's facts about a place, field by field.
fn replace(own: &mut Structure, new: Structure, row: usize, notes: &mut Notes) -> Vec<Field> {
    let (Value::Object(before), Value::Object(after)) = (value(own), value(&new)) else { return Vec::new() };
    let fields: Vec<Field> = after
        .into_iter()
        .filter_map(|(name, after)| {
            let before = before.get(&name).cloned().unwrap_or_default();
            (before != after).then_some(Field { name, before, after })
        })
        .collect();
    if fields.is_empty() {
        return fields;
    }
    let is_older = new.latest().zip(own.latest()).is_some_and(|(file, own)| file < own);
    let unknown: Vec<&str> = own
        .corrections
        .keys()
        .filter(|name| !new.corrections.contains_key(*name))
        .map(|name| french(name))
        .collect();
    let (cause, expected) = if unknown.is_empty() {
        let date = own.latest().map(String::as_str).unwrap_or_default();
        let expected = format!("l’annuaire garde sa fiche, datée du {}, après celle du fichier", day(date));
        (Doubt::Conflict, expected)
    } else {
        let expected = format!(
            "l’annuaire garde sa fiche : le fichier ne connaît pas ce qu’une personne y a corrigé ({})",
            unknown.join(", ")
        );
        (Doubt::SourceChanged, expected)
    };
    let names: Vec<&str> = fields.iter().map(|field| french(&field.name)).collect();
    let proposal = Proposal {
        cause,
        row,
        column: "",
        value: &new.name,
        expected: &expected,
        repair: &format!("prendre du fichier : {}", names.join(", ")),
    };
    if (is_older || !unknown.is_empty()) && !notes.propose(proposal) {
        return Vec::new();
    }
    *own = new;
    fields
}
