//! Reading back a table that [`crate::export`] wrote and that somebody may have corrected.
//!
//! A row that has an identifier is a structure that a directory had: what is there was
//! written by us, or by somebody who meant it, so that its name and its address are not put
//! right again. A row without one was added by hand, and is read like any other.

use super::given::Given;
use super::record::{confidence, date};
use super::repair::tidy;
use super::table::Table;
use crate::export::columns::{BETWEEN, COLUMNS, COMMUNES, DEPARTMENTS, NONE, SERVICES, TERRITORIES, YES};
use crate::hours::{self, Syntax};
use shared::directory::{Closure, Competence, Service, Structure, is_date};
use shared::spelling::fold;
use std::collections::BTreeMap;

/// Collections of features leave out what nobody has, and columns of no interest are deleted
/// by hand: the first ones say enough.
const SIGNIFICANT: usize = 3;

/// Gives the rows of such a table what their cells say and no other table has.
pub(crate) fn recognise(table: &mut Table) {
    let titles: Vec<String> = table.titles.iter().map(|title| fold(title)).collect();
    let at: Vec<Option<usize>> = COLUMNS
        .iter()
        .map(|column| {
            let title = fold(column.title);
            titles.iter().position(|known| *known == title)
        })
        .collect();
    if at[..SIGNIFICANT].iter().any(Option::is_none) || !titles.contains(&fold("Code INSEE")) {
        return;
    }
    for row in &mut table.rows {
        if row.fault.is_some() {
            continue;
        }
        let cell = |title: &str| {
            let column = COLUMNS.iter().position(|column| column.title == title);
            column
                .and_then(|column| at[column])
                .and_then(|at| row.cells.get(at))
                .map_or("", |cell| cell.trim())
        };
        if tidy(cell("Identifiant")).is_empty() {
            continue;
        }
        row.given = Some(Box::new(Given {
            structure: structure(&cell),
            is_own: true,
            is_approximate: fold(cell("Position approchée")) == YES,
        }));
    }
}

/// Whether a title is one of our columns, in a table of ours.
pub(crate) fn has(table: &Table, title: &str) -> bool {
    table.rows.iter().any(|row| row.given.as_ref().is_some_and(|given| given.is_own))
        && COLUMNS.iter().any(|column| fold(column.title) == fold(title))
}

fn structure<'a>(cell: &impl Fn(&str) -> &'a str) -> Structure {
    let said = |title: &str| Some(cell(title).to_owned()).filter(|text| !text.is_empty());
    let mut place = Structure {
        id: tidy(cell("Identifiant")),
        name: tidy(cell("Nom")),
        hours_note: said("Précisions sur les horaires"),
        closed: closures(cell("Fermetures")),
        languages: list(cell("Langues parlées")),
        competence: competence(cell("Compétence")),
        serves: serde_json::from_slice(cell("Public accueilli").as_bytes()).ok(),
        services: services(cell("Services")),
        access: said("Accès"),
        source: said("Source"),
        as_of: date(cell("Liste du")),
        licence: said("Licence"),
        confidence: confidence(cell("Confiance")),
        references: references(cell("Identifiants ailleurs")),
        ..Structure::default()
    };
    for title in ["Adresse 1", "Adresse 2", "Adresse 3"] {
        let lines = cell(title).split(['\n', '\r']).map(tidy).filter(|line| !line.is_empty());
        place.address.lines.extend(lines);
    }
    place.address.town = said("Commune");
    if let Some(read) = hours::listed(cell("Horaires"), Syntax::French) {
        place.hours = read.week;
    } else {
        // What is not understood stays a text that a visitor can read.
        let notes: Vec<String> = said("Horaires").into_iter().chain(place.hours_note.take()).collect();
        place.hours_note = Some(notes.join(". ")).filter(|note| !note.is_empty());
    }
    place
}

fn list(cell: &str) -> Vec<String> {
    cell.split([';', ',']).map(tidy).filter(|item| !item.is_empty()).collect()
}

/// `2026-08-01 au 2026-08-15`, or a day alone.
fn closures(cell: &str) -> Vec<Closure> {
    cell.split(BETWEEN.trim())
        .filter_map(|span| {
            let (from, until) = span.split_once(" au ").unwrap_or((span, span));
            let closure = Closure { from: from.trim().to_owned(), until: until.trim().to_owned() };
            (is_date(&closure.from) && is_date(&closure.until)).then_some(closure)
        })
        .collect()
}

fn competence(cell: &str) -> Option<Competence> {
    let mut competence = Competence::default();
    if fold(cell) == NONE {
        return Some(competence);
    }
    for part in cell.split(BETWEEN.trim()) {
        let Some((name, codes)) = part.split_once(':') else { continue };
        let named = fold(name);
        let codes = list(codes);
        if named == fold(COMMUNES) {
            competence.communes = codes;
        } else if named == fold(DEPARTMENTS) {
            competence.departments = codes;
        } else if named == fold(TERRITORIES) {
            competence.territories = codes;
        }
    }
    Some(competence).filter(|competence| *competence != Competence::default())
}

fn services(cell: &str) -> Option<Vec<Service>> {
    if fold(cell) == NONE {
        return Some(Vec::new());
    }
    let found: Vec<Service> = list(cell)
        .iter()
        .filter_map(|name| SERVICES.iter().find(|(_, known)| fold(name) == *known))
        .map(|(service, _)| *service)
        .collect();
    Some(found).filter(|found| !found.is_empty())
}

fn references(cell: &str) -> BTreeMap<String, String> {
    cell.split(BETWEEN.trim())
        .filter_map(|pair| pair.split_once(" : "))
        .map(|(source, id)| (source.trim().to_owned(), id.trim().to_owned()))
        .collect()
}
