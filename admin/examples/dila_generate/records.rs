//! Invented records in the form of the DILA's « base de données locales »: real communes,
//! everything else made up from a seed.

use shared::geography::Commune;
use std::io::{self, Write};

/// Types of counters, how many of a thousand are of each, and what their names begin with.
const TYPES: [(&str, u64, &str); 16] = [
    ("mairie", 520, "Mairie"),
    ("epci", 30, "Intercommunalité"),
    ("gendarmerie", 60, "Gendarmerie"),
    ("tresorerie", 40, "Trésorerie"),
    ("ccas", 60, "Centre communal d'action sociale (CCAS)"),
    ("bibliotheque", 110, "Bibliothèque"),
    ("france_travail", 15, "France Travail"),
    (
        "mission_locale",
        9,
        "Mission locale pour l'insertion professionnelle et sociale des jeunes (16-25 ans)",
    ),
    ("cio", 8, "Centre d'information et d'orientation (CIO)"),
    ("cij", 22, "Information jeunesse"),
    ("msap", 44, "France services"),
    ("cidf", 3, "Centre d'information sur les droits des femmes et des familles (CIDFF)"),
    ("cap_emploi", 3, "Cap emploi"),
    ("chambre_metier", 3, "Chambre de métiers et de l'artisanat"),
    ("cci", 3, "Chambre de commerce et d'industrie"),
    ("sip", 70, "Service des impôts des particuliers"),
];

/// A small generator of numbers (SplitMix64): the same seed gives the same file anywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}

/// Writes a document of so many records. Returns how many of each type.
pub(crate) fn write(
    count: u64,
    communes: &[Commune],
    out: &mut impl Write,
) -> io::Result<Vec<(&'static str, u64)>> {
    let mut dice = Dice(20_261_124);
    let mut counts: Vec<(&'static str, u64)> = TYPES.iter().map(|(kind, ..)| (*kind, 0)).collect();
    out.write_all(b"{\"service\": [")?;
    for index in 0..count {
        let mut lot = dice.next(1000);
        let at = TYPES.iter().position(|(_, share, _)| {
            let is_here = lot < *share;
            lot = lot.saturating_sub(*share);
            is_here
        });
        let at = at.unwrap_or_default();
        counts[at].1 += 1;
        if index > 0 {
            out.write_all(b", ")?;
        }
        record(index, TYPES[at], communes, &mut dice, out)?;
    }
    out.write_all(b"]}")?;
    Ok(counts)
}

fn record(
    index: u64,
    (kind, _, name): (&str, u64, &str),
    communes: &[Commune],
    dice: &mut Dice,
    out: &mut impl Write,
) -> io::Result<()> {
    let commune = &communes[usize::try_from(dice.next(communes.len() as u64)).unwrap_or_default()];
    let town = commune.name.replace('"', "");
    let postcode = commune.postcodes.first().map_or("", String::as_str);
    let slug = commune.code.to_lowercase();
    let id = format!(
        "{:08x}-{index:04x}-4{:03x}-8{:03x}-{index:012x}",
        dice.next(1 << 32),
        dice.next(4096),
        dice.next(4096)
    );
    let number = dice.next(200) + 1;
    let phone = format!("04 75 {:02} {:02} {:02}", dice.next(100), dice.next(100), dice.next(100));
    let days = [("Lundi", "Vendredi"), ("Lundi", "Jeudi"), ("Mardi", "Mardi")];
    let (first, last) = days[usize::try_from(dice.next(3)).unwrap_or_default()];
    let north = commune.position.latitude + f32::from(u8::try_from(dice.next(100)).unwrap_or_default()) / 1e4;
    let comment = if dice.next(4) == 0 { "Accueil sur rendez-vous l'après-midi." } else { "" };
    write!(
        out,
        r#"{{"plage_ouverture": [{{"nom_jour_debut": "{first}", "nom_jour_fin": "{last}", "valeur_heure_debut_1": "09:00:00", "valeur_heure_fin_1": "12:00:00", "valeur_heure_debut_2": "14:00:00", "valeur_heure_fin_2": "17:{:02}:00", "commentaire": "{comment}"}}], "site_internet": [{{"libelle": "", "valeur": "https://www.exemple-{slug}.fr/{kind}"}}], "copyright": "Fiche inventée", "siren": "", "ancien_code_pivot": "{kind}-{code}-01", "reseau_social": [], "texte_reference": [], "partenaire": "", "telecopie": [], "nom": "{name} - {town}", "siret": "", "itm_identifiant": "{index}", "sigle": "", "affectation_personne": [], "date_modification": "{:02}/{:02}/2025 13:30:19", "adresse_courriel": ["{kind}@exemple-{slug}.fr"], "service_disponible": "", "organigramme": [], "pivot": [{{"type_service_local": "{kind}", "code_insee_commune": ["{code}"]}}], "partenaire_identifiant": "", "ancien_identifiant": [], "id": "{id}", "ancien_nom": [], "commentaire_plage_ouverture": "", "annuaire": [], "tchat": [], "hierarchie": [], "categorie": "SL", "sve": [], "telephone_accessible": [], "application_mobile": [], "version_type": "Publiable", "type_repertoire": "", "telephone": [{{"valeur": "{phone}", "description": ""}}], "version_etat_modification": "", "date_creation": "18/01/2012 00:00:00", "partenaire_date_modification": "", "mission": "", "formulaire_contact": [], "version_source": "", "type_organisme": "", "code_insee_commune": "{code}", "statut_de_diffusion": "true", "adresse": [{{"type_adresse": "Adresse", "complement1": "", "complement2": "", "numero_voie": "{number} rue de l'Exemple", "service_distribution": "", "code_postal": "{postcode}", "nom_commune": "{town}", "pays": "", "continent": "", "longitude": "{}", "latitude": "{north}", "accessibilite": "ACC", "note_accessibilite": ""}}], "url_service_public": "https://lannuaire.service-public.gouv.fr/exemple/{id}", "information_complementaire": "", "date_diffusion": ""}}"#,
        dice.next(60),
        dice.next(28) + 1,
        dice.next(12) + 1,
        commune.position.longitude,
        code = commune.code,
    )
}
