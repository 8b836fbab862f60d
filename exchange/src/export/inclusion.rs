//! data·inclusion, version 1: what we know of a structure in their fields and lists.
//!
//! Fields: <https://github.com/gip-inclusion/data-inclusion-schema>,
//! `src/data_inclusion/schema/v1/structures.py` and `services.py`, version 1.0.1 of
//! 2025-10-14 (<https://schema.data.gouv.fr/gip-inclusion/data-inclusion-schema/>).
//!
//! | theirs | ours |
//! |---|---|
//! | `source` | `spro-` and the region |
//! | `id` | `source`, two hyphens, the structure's id: unique among all producers |
//! | `nom`, `description` | the name; the network's description and public |
//! | `date_maj` | the day it was checked; where nobody has, the first day of the edition |
//! | `siret` | the reference of that name |
//! | `adresse`, `complement_adresse` | the line with the street's number; the others |
//! | `telephone` | the first number, in E.164; short numbers as they are dialled |
//! | `horaires_accueil` | hours and closures in `OpenStreetMap`'s syntax |
//! | `reseaux_porteurs` | `data/inclusion-networks.tsv` |
//! | services | one for each service that the place or its network offers |
//! | `zone_eligibilite` | the competence, in codes; absent where everybody is received |
//! | `frais` | `gratuit` where the law says so |
//! | `publics_precisions` | whom the network serves, as a sentence |
//!
//! `publics` is left out: the network's condition says more than their list can, and part
//! of it would be wrong. What their interface computes (`score_qualite`) is theirs to say.

use super::features::exact;
use super::{LICENCE, LICENCE_ID, LICENCE_URL, about, services};
use crate::numbering;
use crate::{hours, inclusion};
use serde_json::{Map, Value, json};
use shared::directory::{Directory, MAIN_LANGUAGE, Network, Structure, Text};
use shared::geography::Geography;
use shared::spelling::fold;

/// The longest name, in characters.
const LONGEST_NAME: usize = 150;

/// A description has this many characters at least, and at most.
const DESCRIPTION: (usize, usize) = (50, 2000);

pub(super) fn write(directory: &Directory, geography: &Geography, today: &str) -> Vec<u8> {
    let region = directory.edition.region.name.get(MAIN_LANGUAGE).map_or("", String::as_str);
    let source = format!("spro-{}", fold(region).replace(' ', "-"));
    let mut structures = Vec::with_capacity(directory.structures.len());
    let mut offered = Vec::new();
    for place in &directory.structures {
        let network = directory.edition.networks.iter().find(|network| network.id == place.network);
        let id = format!("{source}--{}", place.id);
        let common = common(place, directory, geography, &source);
        offered.extend(services::of(place, network, directory, &id, &common));
        structures.push(structure(place, network, &id, common));
    }
    let about = about(directory, today);
    let document = json!({
        "metadata": {
            "title": about.title,
            "description": about.edition,
            "schema": "gip-inclusion/data-inclusion-schema",
            "schema_version": "1.0.1",
            "licence": LICENCE,
            "licence_id": LICENCE_ID,
            "licence_url": LICENCE_URL,
            "date": today,
        },
        "structures": structures,
        "services": offered,
    });
    document.to_string().into_bytes()
}

/// The fields that a structure and its services have in common.
fn common(
    place: &Structure,
    directory: &Directory,
    geography: &Geography,
    source: &str,
) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    set("source", json!(source));
    set("date_maj", json!(place.latest().unwrap_or(&directory.edition.valid_from)));
    if let Some(commune) = geography.current(&place.commune) {
        set("commune", json!(commune.name));
    }
    set("code_insee", json!(place.commune));
    if !place.address.postcode.is_empty() {
        set("code_postal", json!(place.address.postcode));
    }
    let (street, complement) = street(&place.address.lines);
    if let Some(street) = street {
        set("adresse", json!(street));
    }
    if !complement.is_empty() {
        set("complement_adresse", json!(complement));
    }
    if let Some(position) = place.position {
        set("longitude", json!(exact(position.longitude)));
        set("latitude", json!(exact(position.latitude)));
    }
    if let Some(phone) = place.phones.first() {
        set("telephone", json!(dialled(phone)));
    }
    if let Some(email) = place.emails.first() {
        set("courriel", json!(email));
    }
    let hours = hours::openstreetmap(&place.hours, &place.closed);
    if !hours.is_empty() {
        set("horaires_accueil", json!(hours));
    }
    fields
}

fn structure(
    place: &Structure,
    network: Option<&Network>,
    id: &str,
    mut fields: Map<String, Value>,
) -> Value {
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    set("id", json!(id));
    set("nom", json!(sentence(&place.name).chars().take(LONGEST_NAME).collect::<String>()));
    set("description", json!(description(place, network)));
    if let Some(siret) = place.references.get(inclusion::SIRET) {
        set("siret", json!(siret));
    }
    if let Some(website) = &place.website {
        set("site_web", json!(website));
    }
    let codes: Vec<&str> = inclusion::networks()
        .filter(|(_, ours)| *ours == place.network)
        .map(|(theirs, _)| theirs)
        // Two names of one network: the first line is today's.
        .take(1)
        .collect();
    if !codes.is_empty() {
        set("reseaux_porteurs", json!(codes));
    }
    Value::Object(fields)
}

fn description(place: &Structure, network: Option<&Network>) -> String {
    let (shortest, longest) = DESCRIPTION;
    let said = |text: fn(&Network) -> &Text| {
        network.and_then(|network| text(network).get(MAIN_LANGUAGE)).cloned().unwrap_or_default()
    };
    let mut text = [said(|network| &network.description), said(|network| &network.public)].join(" ");
    if text.trim().chars().count() < shortest {
        text = format!(
            "{} {} Lieu d’accueil du service public régional de l’orientation.",
            place.name,
            text.trim()
        );
    }
    text.trim().chars().take(longest).collect()
}

/// A text without the full stop that a name must not end with.
pub(super) fn sentence(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

/// The line with the street's number, else the first, and what is left of the address.
fn street(lines: &[String]) -> (Option<&String>, String) {
    let at = lines
        .iter()
        .position(|line| line.starts_with(|first: char| first.is_ascii_digit()))
        .unwrap_or_default();
    let rest: Vec<&str> =
        lines.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, line)| line.as_str()).collect();
    (lines.get(at), rest.join(", "))
}

/// A number as E.164 writes it; numbers of four or six digits have no such form.
fn dialled(phone: &str) -> String {
    let digits: String = phone.chars().filter(|letter| !letter.is_whitespace()).collect();
    // An overseas number has the code of its territory.
    numbering::dialled(&digits).unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_from_anywhere() {
        for (phone, expect) in [
            ("04 75 00 00 01", "+33475000001"),
            ("02 62 20 00 01", "+262262200001"),
            ("+41 22 388 44 00", "+41223884400"),
            ("3949", "3949"),
        ] {
            assert_eq!(dialled(phone), expect);
        }
    }

    #[test]
    fn the_street_is_told_from_the_building() {
        let lines = ["Immeuble Le Cèdre", "6 boulevard du Buis", "BP 12"].map(str::to_owned);
        let (found, complement) = street(&lines);
        assert_eq!(found.map(String::as_str), Some("6 boulevard du Buis"));
        assert_eq!(complement, "Immeuble Le Cèdre, BP 12");
        assert_eq!(street(&[]), (None, String::new()));
    }
}
