//! Reading the DILA's « base de données locales »: every public counter of the country, one
//! record after another, of which only the wanted ones are kept.
//!
//! <https://www.data.gouv.fr/datasets/service-public-fr-annuaire-de-l-administration-base-de-donnees-locales/>,
//! Licence Ouverte 2.0. `{"service": [{…}, …]}`, some 63 000 records.
//!
//! `pivot.code_insee_commune` is where the counter is when it lists one commune (the
//! Mission locale of seven arrondissements of Paris has its own only), and what it is
//! competent for when it lists several: one alone is not taken for a competence, because a
//! competence that is too narrow would send everybody else away.

use super::given::Given;
use super::inclusion::keep_unique_sirets;
use super::table::{Format, Row, Table};
use crate::hours;
use crate::inclusion::SIRET;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use shared::directory::{Competence, Directory, OpeningHours, Structure, is_date};
use shared::geography::{Geography, department_of};
use shared::spelling::fold;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Read;

/// Their types and our networks.
const TYPES: &str = include_str!("../../data/dila-types.tsv");

/// The name under which a counter's identifier there is kept.
const SOURCE: &str = "dila";

const TITLES: [&str; 13] = [
    "nom",
    "reseau",
    "complement",
    "batiment",
    "voie",
    "boite postale",
    "code postal",
    "commune",
    "code insee",
    "telephone",
    "courriel",
    "site internet",
    "coordonnees",
];

/// The records that are wanted, and the count of the others.
#[derive(Debug)]
pub struct Extract<'a> {
    geography: &'a Geography,
    /// Their type → our network.
    types: HashMap<&'static str, &'static str>,
    departments: Vec<String>,
    rows: Vec<Row>,
    left_out: BTreeMap<String, usize>,
    read: usize,
    last_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Record {
    id: String,
    nom: String,
    siret: String,
    code_insee_commune: String,
    pivot: Vec<Pivot>,
    adresse: Vec<Address>,
    telephone: Vec<Valued>,
    adresse_courriel: Vec<String>,
    site_internet: Vec<Valued>,
    plage_ouverture: Vec<Opening>,
    commentaire_plage_ouverture: String,
    date_modification: String,
    url_service_public: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Pivot {
    type_service_local: String,
    code_insee_commune: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Address {
    type_adresse: String,
    complement1: String,
    complement2: String,
    numero_voie: String,
    service_distribution: String,
    code_postal: String,
    nom_commune: String,
    longitude: String,
    latitude: String,
    accessibilite: String,
    note_accessibilite: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Valued {
    valeur: String,
    description: String,
}

impl Valued {
    /// Whether it is the number of a machine, at which nobody answers.
    fn is_fax(&self) -> bool {
        fold(&self.description).split(' ').any(|word| matches!(word, "fax" | "telecopie" | "telecopieur"))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Opening {
    nom_jour_debut: String,
    nom_jour_fin: String,
    valeur_heure_debut_1: String,
    valeur_heure_fin_1: String,
    valeur_heure_debut_2: String,
    valeur_heure_fin_2: String,
    commentaire: String,
}

/// What of a record decides whether it is wanted; the rest is then read, or not.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Head {
    id: String,
    nom: String,
    pivot: Vec<Pivot>,
    code_insee_commune: String,
}

impl<'a> Extract<'a> {
    /// Wants the counters of the networks of a directory's edition, in these departments; in
    /// those of the edition's region where none is named.
    pub fn new(directory: &Directory, geography: &'a Geography, departments: &[String]) -> Self {
        let networks = &directory.edition.networks;
        let types = TYPES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .filter(|(_, ours)| networks.iter().any(|network| network.id == *ours))
            .collect();
        let departments = if departments.is_empty() {
            directory.edition.region.departments.iter().map(|department| department.code.clone()).collect()
        } else {
            departments.to_vec()
        };
        let (rows, left_out) = (Vec::new(), BTreeMap::new());
        Self { geography, types, departments, rows, left_out, read: 0, last_id: None }
    }

    /// How many records were read.
    pub fn read(&self) -> usize {
        self.read
    }

    /// How many of them were wanted.
    pub fn wanted(&self) -> usize {
        self.rows.len()
    }

    /// The identifier of the last record that was read whole.
    pub fn last_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }

    /// Reads the document to its end, one record at a time: nothing of an unwanted one is
    /// kept. `seen` is called after each.
    pub fn read_from(&mut self, reader: impl Read, seen: &mut dyn FnMut(&Self)) -> serde_json::Result<()> {
        let mut document = serde_json::Deserializer::from_reader(reader);
        Document { extract: self, seen }.deserialize(&mut document)?;
        document.end()
    }

    pub(super) fn into_table(mut self) -> (Table, BTreeMap<String, usize>) {
        keep_unique_sirets(&mut self.rows);
        let table = Table {
            format: Format::Dila,
            titles: TITLES.map(str::to_owned).to_vec(),
            rows: self.rows,
            blank_rows: Vec::new(),
            above_titles: Vec::new(),
        };
        (table, self.left_out)
    }

    /// Reads one record, which has this number.
    pub(super) fn record(&mut self, number: usize, text: &str) {
        self.read += 1;
        let head = match serde_json::from_slice::<Head>(text.as_bytes()) {
            Ok(head) => head,
            Err(error) => return self.fault(number, "", misshapen(&error)),
        };
        self.last_id = Some(head.id);
        let types = head.pivot.iter().map(|pivot| pivot.type_service_local.as_str());
        let Some(network) = types.clone().find_map(|kind| self.types.get(kind)).copied() else {
            let kind = types.clone().next().unwrap_or("sans type").to_owned();
            *self.left_out.entry(kind).or_default() += 1;
            return;
        };
        // Without its commune a counter may be ours: it is read, and refused where it stays
        // without a place.
        let department = department_of(&head.code_insee_commune);
        if !department.is_empty() && !self.departments.iter().any(|code| code == department) {
            *self.left_out.entry(format!("{network}, autre département")).or_default() += 1;
            return;
        }
        match serde_json::from_slice::<Record>(text.as_bytes()) {
            Ok(record) => self.rows.push(row(number, &record, network, self.geography)),
            Err(error) => self.fault(number, &head.nom, misshapen(&error)),
        }
    }

    /// A record that cannot be read, and why.
    pub(super) fn fault(&mut self, number: usize, name: &str, fault: String) {
        let mut cells = vec![String::new(); TITLES.len()];
        name.clone_into(&mut cells[0]);
        self.rows.push(Row { number, cells, fault: Some(fault), ..Row::default() });
    }
}

/// What is wrong with a record that is not what its format says.
fn misshapen(error: &serde_json::Error) -> String {
    format!("la fiche n’a pas la forme attendue, à son caractère {}", error.column())
}

fn row(number: usize, record: &Record, network: &str, geography: &Geography) -> Row {
    let blank = Address::default();
    let address = record
        .adresse
        .iter()
        .find(|address| address.type_adresse == "Adresse")
        .or_else(|| record.adresse.first())
        .unwrap_or(&blank);
    let numbers = |list: &[Valued]| {
        list.iter()
            .filter(|one| !one.valeur.is_empty() && !one.is_fax())
            .map(|one| one.valeur.as_str())
            .collect::<Vec<_>>()
            .join(" ; ")
    };
    let website = record.site_internet.iter().map(|site| site.valeur.clone()).find(|site| !site.is_empty());
    let position = if address.latitude.is_empty() {
        String::new()
    } else {
        format!("{} ; {}", address.latitude, address.longitude)
    };
    let cells = vec![
        record.nom.clone(),
        network.to_owned(),
        address.complement1.clone(),
        address.complement2.clone(),
        address.numero_voie.clone(),
        address.service_distribution.clone(),
        address.code_postal.clone(),
        address.nom_commune.clone(),
        record.code_insee_commune.clone(),
        numbers(&record.telephone),
        record.adresse_courriel.join(" ; "),
        website.unwrap_or_default(),
        position,
    ];
    let given = Given { structure: given(record, address, geography), ..Given::default() };
    Row { number, cells, given: Some(Box::new(given)), ..Row::default() }
}

fn given(record: &Record, address: &Address, geography: &Geography) -> Structure {
    let mut notes: Vec<&str> = Vec::new();
    let comments = record.plage_ouverture.iter().map(|opening| opening.commentaire.as_str());
    for note in comments.chain([record.commentaire_plage_ouverture.as_str()]).map(str::trim) {
        if !note.is_empty() && !notes.contains(&note) {
            notes.push(note);
        }
    }
    let areas = record.pivot.iter().flat_map(|pivot| &pivot.code_insee_commune);
    let mut communes: Vec<String> =
        areas.filter_map(|code| geography.current(code)).map(|commune| commune.code.clone()).collect();
    communes.sort_unstable();
    communes.dedup();
    let references = [(SOURCE, &record.id), (SIRET, &record.siret)];
    Structure {
        hours: record.plage_ouverture.iter().flat_map(openings).collect(),
        hours_note: Some(notes.join(" ")).filter(|note| !note.is_empty()),
        competence: (communes.len() > 1).then(|| Competence { communes, ..Competence::default() }),
        access: access(address),
        checked_on: day(&record.date_modification),
        source: Some(record.url_service_public.clone()).filter(|page| !page.is_empty()),
        references: references
            .into_iter()
            .filter(|(_, id)| !id.is_empty())
            .map(|(source, id)| (source.to_owned(), id.clone()))
            .collect(),
        ..Structure::default()
    }
}

/// The hours of one line of theirs; what is not a day or not an hour says nothing.
fn openings(opening: &Opening) -> Vec<OpeningHours> {
    let last = if opening.nom_jour_fin.is_empty() { &opening.nom_jour_debut } else { &opening.nom_jour_fin };
    let days = hours::days(&opening.nom_jour_debut, last);
    let spans = [
        (&opening.valeur_heure_debut_1, &opening.valeur_heure_fin_1),
        (&opening.valeur_heure_debut_2, &opening.valeur_heure_fin_2),
    ];
    spans
        .into_iter()
        .filter_map(|(from, to)| Some((from.get(..5)?.to_owned(), to.get(..5)?.to_owned())))
        .filter(|(from, to)| !days.is_empty() && from < to)
        .map(|(from, to)| OpeningHours { days: days.clone(), from, to })
        .collect()
}

/// What their code says of a wheelchair, and what their note adds.
fn access(address: &Address) -> Option<String> {
    let said = match address.accessibilite.as_str() {
        "ACC" => "Accessible en fauteuil roulant",
        "DEM" => "Accessible en fauteuil roulant, sur demande",
        "NAC" => "Non accessible en fauteuil roulant",
        _ => return None,
    };
    let note = address.note_accessibilite.trim();
    Some(if note.is_empty() { said.to_owned() } else { format!("{said} : {note}") })
}

/// `09/08/2023 13:30:19` as an ISO date.
fn day(text: &str) -> Option<String> {
    let (date, _) = text.split_once(' ').unwrap_or((text, ""));
    let [day, month, year] = date.split('/').collect::<Vec<_>>()[..] else { return None };
    Some(format!("{year}-{month}-{day}")).filter(|date| is_date(date))
}

/// The object around the records.
struct Document<'e, 'a, 's> {
    extract: &'e mut Extract<'a>,
    seen: &'s mut dyn FnMut(&Extract<'a>),
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the list « service »")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "service" {
                found = true;
                map.next_value_seed(Records { extract: &mut *self.extract, seen: &mut *self.seen })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if found { Ok(()) } else { Err(A::Error::missing_field("service")) }
    }
}

/// The list of the records.
struct Records<'e, 'a, 's> {
    extract: &'e mut Extract<'a>,
    seen: &'s mut dyn FnMut(&Extract<'a>),
}

impl<'de> DeserializeSeed<'de> for Records<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        // As text first: a record that is not as expected is refused by itself, and only a
        // document that is no JSON any more stops the reading.
        while let Some(record) = list.next_element::<Box<RawValue>>()? {
            self.extract.record(self.extract.read + 1, record.get());
            (self.seen)(self.extract);
        }
        Ok(())
    }
}
