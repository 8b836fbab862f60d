//! The columns of an exported table: every field of a structure, under titles that the
//! import reads back.

use crate::hours;
use shared::directory::{Closure, Competence, Service, Structure};
use shared::geography::Geography;
use shared::spelling::fold;
use std::collections::BTreeMap;

/// What separates several values in one cell.
pub(crate) const BETWEEN: &str = " ; ";

/// Said where a list is there and empty, which is not the same as no list.
pub(crate) const NONE: &str = "aucun";

/// Said of a position that is only good enough to rank places.
pub(crate) const YES: &str = "oui";

/// How cells call the communes of a competence.
pub(crate) const COMMUNES: &str = "communes";

/// How cells call its departments.
pub(crate) const DEPARTMENTS: &str = "départements";

/// How cells call its territories.
pub(crate) const TERRITORIES: &str = "territoires";

/// What a spreadsheet program has to take a column for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words, and codes whose zeros count.
    Text,
    /// A decimal number, written here with a point.
    Number,
}

/// One column.
pub(crate) struct Column {
    /// Its title.
    pub(crate) title: &'static str,
    /// What its cells are.
    pub(crate) kind: Kind,
    /// How wide it should be, in characters.
    pub(crate) width: u16,
    /// What one structure has there.
    pub(crate) cell: fn(&Structure, &Geography) -> String,
}

const fn text(title: &'static str, width: u16, cell: fn(&Structure, &Geography) -> String) -> Column {
    Column { title, kind: Kind::Text, width, cell }
}

/// The columns, in their order.
pub(crate) const COLUMNS: &[Column] = &[
    text("Identifiant", 34, |place, _| place.id.clone()),
    text("Réseau", 18, |place, _| place.network.clone()),
    text("Nom", 44, |place, _| place.name.clone()),
    text("Adresse 1", 34, |place, _| line(place, 0)),
    text("Adresse 2", 26, |place, _| line(place, 1)),
    text("Adresse 3", 20, |place, _| {
        place.address.lines.get(2..).map_or_else(String::new, |rest| rest.join("\n"))
    }),
    text("Code postal", 11, |place, _| place.address.postcode.clone()),
    text("Commune", 24, town),
    text("Code INSEE", 11, |place, _| place.commune.clone()),
    text("Téléphone", 18, |place, _| place.phones.join(BETWEEN)),
    text("Courriel", 34, |place, _| place.emails.join(BETWEEN)),
    text("Site web", 34, |place, _| place.website.clone().unwrap_or_default()),
    Column {
        title: "Latitude",
        kind: Kind::Number,
        width: 11,
        cell: |place, _| place.position.map_or_else(String::new, |position| position.latitude.to_string()),
    },
    Column {
        title: "Longitude",
        kind: Kind::Number,
        width: 11,
        cell: |place, _| place.position.map_or_else(String::new, |position| position.longitude.to_string()),
    },
    text("Position approchée", 12, |place, _| {
        let is_approximate = place.position.is_some_and(|position| position.approximate);
        if is_approximate { YES.to_owned() } else { String::new() }
    }),
    text("Horaires", 44, |place, _| hours::french(&place.hours)),
    text("Précisions sur les horaires", 30, |place, _| place.hours_note.clone().unwrap_or_default()),
    text("Fermetures", 24, |place, _| closures(&place.closed)),
    text("Langues parlées", 14, |place, _| place.languages.join(BETWEEN)),
    text("Accès", 24, |place, _| place.access.clone().unwrap_or_default()),
    text("Compétence", 24, |place, _| place.competence.as_ref().map_or_else(String::new, competence)),
    text("Public accueilli", 18, |place, _| {
        place
            .serves
            .as_ref()
            .map_or_else(String::new, |serves| serde_json::to_string(serves).unwrap_or_default())
    }),
    text("Services", 24, |place, _| place.services.as_ref().map_or_else(String::new, |list| services(list))),
    text("Vérifié le", 12, |place, _| place.checked_on.clone().unwrap_or_default()),
    text("Source", 30, |place, _| place.source.clone().unwrap_or_default()),
    text("Liste du", 12, |place, _| place.as_of.clone().unwrap_or_default()),
    text("Licence", 24, |place, _| place.licence.clone().unwrap_or_default()),
    text("Confiance", 10, |place, _| {
        place.confidence.map_or("", |confidence| CONFIDENCE[confidence as usize]).to_owned()
    }),
    text("Identifiants ailleurs", 30, |place, _| references(&place.references)),
];

/// What people call how sure a record is, from the least on.
const CONFIDENCE: [&str; 3] = ["basse", "moyenne", "haute"];

fn line(place: &Structure, index: usize) -> String {
    place.address.lines.get(index).cloned().unwrap_or_default()
}

/// The town as the post wants it, else the commune's name.
fn town(place: &Structure, geography: &Geography) -> String {
    place.address.town.clone().unwrap_or_else(|| {
        geography.current(&place.commune).map_or_else(String::new, |commune| commune.name.clone())
    })
}

fn closures(closed: &[Closure]) -> String {
    let spans: Vec<String> =
        closed.iter().map(|closure| format!("{} au {}", closure.from, closure.until)).collect();
    spans.join(BETWEEN)
}

fn competence(competence: &Competence) -> String {
    let parts: Vec<String> = [
        (COMMUNES, &competence.communes),
        (DEPARTMENTS, &competence.departments),
        (TERRITORIES, &competence.territories),
    ]
    .into_iter()
    .filter(|(_, codes)| !codes.is_empty())
    .map(|(name, codes)| format!("{name} : {}", codes.join(", ")))
    .collect();
    if parts.is_empty() { NONE.to_owned() } else { parts.join(BETWEEN) }
}

fn references(references: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = references.iter().map(|(source, id)| format!("{source} : {id}")).collect();
    pairs.join(BETWEEN)
}

/// The services and their names.
pub(crate) const SERVICES: [(Service, &str); 3] =
    [(Service::Reception, "accueil"), (Service::Advice, "conseil"), (Service::Support, "accompagnement")];

fn services(list: &[Service]) -> String {
    let names: Vec<&str> = list
        .iter()
        .filter_map(|service| SERVICES.iter().find(|(known, _)| known == service))
        .map(|(_, name)| *name)
        .collect();
    if names.is_empty() { NONE.to_owned() } else { names.join(", ") }
}

/// The key of a column where titles are not for people: `code_postal`.
pub(crate) fn key(title: &str) -> String {
    fold(title).replace(' ', "_")
}
