//! The services of a structure as data·inclusion describes them.

use super::inclusion::sentence;
use serde_json::{Map, Value, json};
use shared::directory::{CepOperator, Competence, Directory, MAIN_LANGUAGE, Network, Service, Structure};

/// A service in the words of data·inclusion's lists.
struct Described {
    service: Service,
    /// What its id ends with.
    suffix: &'static str,
    name: &'static str,
    description: &'static str,
    /// `type`, of `types_de_services`.
    kind: &'static str,
    /// `thematiques`.
    themes: &'static [&'static str],
}

const DESCRIBED: [Described; 3] = [
    Described {
        service: Service::Reception,
        suffix: "accueil",
        name: "Accueil et information sur l’orientation et la formation",
        description: "Un premier entretien d’accueil, pour s’informer sur les métiers, les formations, les droits et les aides, et savoir à qui s’adresser ensuite.",
        kind: "information",
        themes: &[
            "choisir-un-metier--connaitre-les-opportunites-demploi",
            "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite",
            "se-former--trouver-sa-formation",
        ],
    },
    Described {
        service: Service::Advice,
        suffix: "conseil",
        name: "Conseil personnalisé en orientation",
        description: "Un conseil personnalisé, pour faire le point sur sa situation, ses compétences et ses envies, et choisir un métier ou une formation.",
        kind: "accompagnement",
        themes: &[
            "choisir-un-metier--confirmer-son-choix-de-metier",
            "choisir-un-metier--identifier-ses-points-forts-et-ses-competences",
        ],
    },
    Described {
        service: Service::Support,
        suffix: "accompagnement",
        name: "Accompagnement du projet professionnel",
        description: "Un accompagnement dans la durée, jusqu’à la réalisation du projet professionnel ou du projet de formation, par la même personne.",
        kind: "accompagnement",
        themes: &["se-former--monter-son-dossier-de-formation", "se-former--trouver-sa-formation"],
    },
];

/// The services of one structure. `shared_fields` are those that it has in common with it.
pub(super) fn of(
    place: &Structure,
    network: Option<&Network>,
    directory: &Directory,
    structure_id: &str,
    shared_fields: &Map<String, Value>,
) -> Vec<Value> {
    let own = place.services.as_deref();
    let offered = own.or(network.map(|network| &network.services[..])).unwrap_or_default();
    DESCRIBED
        .iter()
        .filter(|described| offered.contains(&described.service))
        .map(|described| {
            let mut fields = shared_fields.clone();
            let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
            set("id", json!(format!("{structure_id}--{}", described.suffix)));
            set("structure_id", json!(structure_id));
            set("nom", json!(described.name));
            set("description", json!(described.description));
            set("type", json!(described.kind));
            set("thematiques", json!(described.themes));
            set("modes_accueil", json!(["en-presentiel"]));
            if is_free(described.service, network) {
                set("frais", json!("gratuit"));
            }
            if let Some(public) = network.and_then(|network| network.public.get(MAIN_LANGUAGE)) {
                set("publics_precisions", json!(sentence(public)));
            }
            if let Some(area) = place.competence.as_ref().map(|competence| area(competence, directory))
                && !area.is_empty()
            {
                set("zone_eligibilite", json!(area));
            }
            Value::Object(fields)
        })
        .collect()
}

/// Free by law: information for everybody (labour code, L. 6111-3), and the *conseil en
/// évolution professionnelle* (L. 6111-6). Of anything else the price is not known.
fn is_free(service: Service, network: Option<&Network>) -> bool {
    service == Service::Reception || network.is_some_and(|network| network.cep_operator != CepOperator::No)
}

/// The codes of what a structure is competent for; a territory is its communes and
/// departments.
fn area(competence: &Competence, directory: &Directory) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let territories = directory.territories.iter().filter(|known| competence.territories.contains(&known.id));
    let of_territories = territories.flat_map(|known| known.departments.iter().chain(&known.communes));
    for code in competence.departments.iter().chain(&competence.communes).chain(of_territories) {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    codes
}
