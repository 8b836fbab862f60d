//! A table of communes and of the places of the directory that are there for them: it becomes the
//! competence of those places, which counts more than any distance.
//!
//! Such a table is known by what it holds: a column of communes, a column that names places of the
//! directory, each with several communes, and nothing else that a list of places has: no street, no
//! phone, no position. A row adds its commune to its place; what the places had before is replaced, because a
//! table that is sent again is the whole of it. Checked afterwards, among the places of the same
//! networks: communes that two of them claim, and communes that none has.

use super::clues::Clues;
use super::columns::Field;
use super::communes::Places;
use super::merge;
use super::place::written_postcode;
use super::repair::{Doubt, Notes, Proposal, tidy};
use super::report::{Record, plural};
use super::settle::value;
use super::table::{Row, Table};
use super::titles;
use super::typed::Communes;
use shared::directory::{Competence, Directory, MAIN_LANGUAGE};
use shared::fields::french;
use shared::french::day;
use shared::geography::{Commune, Geography};
use shared::spelling::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a table of claims may have beside its places; of all else, a list of places is made.
const ALLOWED: [Field; 6] =
    [Field::Name, Field::Acronym, Field::Network, Field::Town, Field::Postcode, Field::CommuneCode];

/// How many communes a place has on average in such a table, at least: a list of places in which a
/// row stands twice is none.
const COMMUNES_A_PLACE: usize = 2;

/// How many communes a sentence names.
const NAMED: usize = 8;

/// The columns that count, by index.
struct Layout {
    code: Option<usize>,
    town: Option<usize>,
    postcode: Option<usize>,
    place: usize,
}

/// The places of the directory by what a table may call them: their id, an identifier of a source,
/// their name. `None` where several are called so.
struct Called(HashMap<String, Option<usize>>);

impl Called {
    fn new(directory: &Directory, network: Option<&str>) -> Self {
        let mut called: HashMap<String, Option<usize>> = HashMap::new();
        for (index, place) in directory.structures.iter().enumerate() {
            if network.is_some_and(|network| place.network != network) {
                continue;
            }
            let all = [&place.id, &place.name].into_iter().chain(place.references.values());
            let names: BTreeSet<String> =
                all.map(|name| fold(name)).filter(|name| !name.is_empty()).collect();
            for name in names {
                called.entry(name).and_modify(|known| *known = None).or_insert(Some(index));
            }
        }
        Self(called)
    }

    fn place(&self, cell: &str) -> Option<usize> {
        self.0.get(&fold(cell)).copied().flatten()
    }
}

/// Reads such a table into the directory; `None` where it is another. `network` is the only one
/// that its places are of, where a person said so.
pub(super) fn read(
    table: &Table,
    directory: &mut Directory,
    communes: &Communes<'_>,
    network: Option<&str>,
    notes: &mut Notes,
) -> Option<Vec<Record>> {
    let called = Called::new(directory, network);
    let layout = layout(table, &called)?;
    let (geography, places) = (communes.geography(), communes.places());
    let mut records = Vec::with_capacity(table.rows.len());
    let mut claimed: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut first_row: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &table.rows {
        let (outcome, id, name, reason) = match claim(row, &layout, &called, geography, places) {
            Ok((place, commune)) => {
                claimed.entry(place).or_default().insert(&commune.code);
                first_row.entry(place).or_insert(row.number);
                let structure = &directory.structures[place];
                ("merged", Some(structure.id.clone()), structure.name.clone(), None)
            }
            Err(reason) => {
                let name = tidy(cell(row, Some(layout.place)));
                notes.doubt(Doubt::Refused, row.number, "", &name, reason.clone());
                ("refused", None, name, Some(reason))
            }
        };
        records.push(Record { row: row.number, outcome, id, name, fields: Vec::new(), reason, given: None });
    }
    for (place, communes) in &claimed {
        let row = first_row.get(place).copied().unwrap_or_default();
        let change = declare(directory, *place, communes, row, notes);
        if let Some(record) = records.iter_mut().find(|record| record.row == row) {
            record.fields.extend(change);
        }
    }
    check(directory, geography, &claimed, notes);
    Some(records)
}

/// Which columns a table of claims has; `None` where it is none.
fn layout(table: &Table, called: &Called) -> Option<Layout> {
    let fields: Vec<Option<Field>> = table.titles.iter().map(|title| titles::recognise(title)).collect();
    let at = |wanted: Field| fields.iter().position(|field| *field == Some(wanted));
    let (code, town, postcode) = (at(Field::CommuneCode), at(Field::Town), at(Field::Postcode));
    let is_list = fields.iter().flatten().any(|field| !ALLOWED.contains(field));
    if code.is_none() && town.is_none() || is_list {
        return None;
    }
    let is_of_commune = |column: &usize| [code, town, postcode].contains(&Some(*column));
    let found = |column: usize| {
        table.rows.iter().filter(|row| called.place(cell(row, Some(column))).is_some()).count()
    };
    let place = (0..table.titles.len()).filter(|column| !is_of_commune(column)).max_by_key(|column| {
        // Of two columns that name as many, the first: an identifier comes before a name.
        (found(*column), usize::MAX - *column)
    })?;
    let filled = table.rows.iter().filter(|row| !tidy(cell(row, Some(place))).is_empty()).count();
    let pairs: BTreeSet<(usize, [String; 3])> = table
        .rows
        .iter()
        .filter_map(|row| {
            let commune = [code, town, postcode].map(|column| fold(cell(row, column)));
            Some((called.place(cell(row, Some(place)))?, commune))
        })
        .collect();
    let places: BTreeSet<usize> = pairs.iter().map(|(place, _)| *place).collect();
    let is_claims = found(place) * 2 > filled && pairs.len() >= places.len() * COMMUNES_A_PLACE;
    is_claims.then_some(Layout { code, town, postcode, place })
}

fn cell(row: &Row, column: Option<usize>) -> &str {
    column.and_then(|column| row.cells.get(column)).map_or("", String::as_str)
}

/// The place of a row and its commune, or why they are not known.
fn claim<'a>(
    row: &Row,
    layout: &Layout,
    called: &Called,
    geography: &'a Geography,
    places: &Places<'a>,
) -> Result<(usize, &'a Commune), String> {
    let named = tidy(cell(row, Some(layout.place)));
    let place = called.place(&named).ok_or_else(|| {
        if called.0.contains_key(&fold(&named)) {
            format!(
                "plusieurs lieux de l’annuaire s’appellent « {named} » : écrivez l’identifiant de celui-ci"
            )
        } else {
            format!(
                "aucun lieu de l’annuaire ne s’appelle « {named} » : écrivez son identifiant ou son nom exact"
            )
        }
    })?;
    let code = tidy(cell(row, layout.code));
    if let Some(commune) = geography.current(&code) {
        return Ok((place, commune));
    }
    let town = tidy(cell(row, layout.town));
    let postcode = written_postcode(cell(row, layout.postcode)).ok().flatten().map(|(digits, _)| digits);
    let clues = Clues { postcode: postcode.as_deref(), town: &town, code: &code, ..Clues::default() };
    places.find(clues).map(|found| (place, found.commune))
}

/// Gives a place its communes, unless a person typed others. Returns what changed.
fn declare(
    directory: &mut Directory,
    place: usize,
    communes: &BTreeSet<&str>,
    row: usize,
    notes: &mut Notes,
) -> Option<merge::Field> {
    let structure = &mut directory.structures[place];
    let communes = communes.iter().map(|code| (*code).to_owned()).collect();
    let new = Some(Competence { communes, ..Competence::default() });
    if structure.competence == new {
        return None;
    }
    let (before, after) = (value(&structure.competence), value(&new));
    if let Some(correction) = structure.corrections.get("competence") {
        let is_old = correction.replaces(&after);
        let proposal = Proposal {
            cause: if is_old { Doubt::Corrected } else { Doubt::SourceChanged },
            row,
            column: french("competence"),
            value: &structure.name,
            expected: &format!(
                "une personne a écrit la compétence de ce lieu le {} : elle reste",
                day(&correction.on)
            ),
            repair: "prendre les communes du fichier",
        };
        if !notes.propose(proposal) {
            return None;
        }
        structure.corrections.remove("competence");
    }
    structure.competence = new;
    Some(merge::Field { name: "competence".to_owned(), before, after })
}

/// Says which communes two places of a network claim, and which none has in the departments that
/// the table speaks of.
fn check(
    directory: &Directory,
    geography: &Geography,
    claimed: &BTreeMap<usize, BTreeSet<&str>>,
    notes: &mut Notes,
) {
    let networks: BTreeSet<&str> =
        claimed.keys().map(|place| directory.structures[*place].network.as_str()).collect();
    for network in networks {
        let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, place) in
            directory.structures.iter().enumerate().filter(|(_, one)| one.network == network)
        {
            for code in place.competence.iter().flat_map(|competence| &competence.communes) {
                holders.entry(code).or_default().push(index);
            }
        }
        let mut shared: BTreeMap<Vec<usize>, Vec<&str>> = BTreeMap::new();
        for (code, of) in holders.iter().filter(|(_, of)| of.len() > 1) {
            shared.entry(of.clone()).or_default().push(code);
        }
        for (of, codes) in shared {
            let names: Vec<String> =
                of.iter().map(|index| format!("« {} »", directory.structures[*index].name)).collect();
            let expected = format!(
                "plusieurs lieux d’un réseau y sont compétents, {} : dites lequel",
                names.join(" et ")
            );
            notes.doubt(Doubt::ClaimedTwice, 0, "", &listed(&codes, geography), expected);
        }
        let named = directory.edition.networks.iter().find(|one| one.id == network);
        let name = named.and_then(|one| one.name.get(MAIN_LANGUAGE)).map_or(network, String::as_str);
        let departments: BTreeSet<&str> =
            holders.keys().filter_map(|code| Some(geography.current(code)?.department())).collect();
        for department in departments {
            let is_held = |commune: &Commune| {
                holders.contains_key(commune.code.as_str()) || holders.contains_key(commune.city())
            };
            let parents: BTreeSet<&str> =
                geography.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
            let none: Vec<&str> = geography
                .communes()
                .iter()
                .filter(|one| one.department() == department && !parents.contains(one.code.as_str()))
                .filter(|one| !is_held(one))
                .map(|one| one.code.as_str())
                .collect();
            if !none.is_empty() {
                let expected = format!(
                    "aucun lieu du réseau « {name} » n’y est compétent, dans le département {department}"
                );
                notes.doubt(Doubt::ClaimedByNone, 0, "", &listed(&none, geography), expected);
            }
        }
    }
}

/// How many communes, and the names of the first.
fn listed(codes: &[&str], geography: &Geography) -> String {
    let names: Vec<&str> = codes
        .iter()
        .take(NAMED)
        .map(|code| geography.current(code).map_or(*code, |commune| commune.name.as_str()))
        .collect();
    let more = if codes.len() > NAMED { "…" } else { "" };
    format!("{} : {}{more}", plural(codes.len(), "commune", "communes"), names.join(", "))
}
