//! Which column holds what: said by people, else guessed from the titles by a table of
//! synonyms, else from what the cells look like.

use super::looks::{self, Looks};
use super::metres;
use super::own;
use super::repair::tidy;
use super::street;
use super::synonyms::SYNONYMS;
use super::table::Table;
use super::titles;
pub(crate) use super::titles::recognise;
use super::week;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use shared::spelling::fold;
use std::collections::BTreeMap;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the table below says what each holds")]
pub enum Field {
    Name,
    Acronym,
    Network,
    AddressLine,
    FullAddress,
    StreetNumber,
    StreetKind,
    StreetName,
    Postcode,
    Town,
    CommuneCode,
    Phone,
    Email,
    Website,
    Latitude,
    Longitude,
    LatitudeLongitude,
    Hours,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
    HoursNote,
    CheckedOn,
    Source,
    AsOf,
    Licence,
    Confidence,
    Own,
}

impl Field {
    /// What people call it.
    pub fn label(self) -> &'static str {
        SYNONYMS.iter().find(|(field, ..)| *field == self).map_or("", |(_, label, _)| label)
    }

    /// All of them, in the order in which people look for them.
    pub fn all() -> impl Iterator<Item = Self> {
        SYNONYMS.iter().map(|(field, ..)| *field)
    }

    /// Its stable name, as JSON writes it: `address_line`.
    pub fn code(self) -> String {
        serde_json::to_string(&self).unwrap_or_default().trim_matches('"').to_owned()
    }

    /// The field that people mean: by its stable name, its French name or a usual title.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all()
            .find(|field| fold(&field.code()) == fold(text) || fold(field.label()) == fold(text))
            .or_else(|| recognise(text))
            .or_else(|| titles::weekday(text).map(|day| week::DAYS[day]))
    }

    /// Whether several columns may hold it, in the order of the file.
    fn is_repeatable(self) -> bool {
        matches!(
            self,
            Self::AddressLine | Self::StreetNumber | Self::Phone | Self::Email | Self::HoursNote | Self::Own
        ) || week::DAYS.contains(&self)
    }
}

/// What people said of a file: what its columns hold, and which networks its places are of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// By title, as the file writes it; capitals, accents and signs do not count.
    #[serde(default)]
    pub columns: BTreeMap<String, Option<Field>>,
    /// The network of all its places, by id or name, where the file has only one.
    #[serde(default)]
    pub network: Option<String>,
    /// A value of its network column, or the name of a place → the network, by id or name. Capitals,
    /// accents and signs do not count. It counts more than [`Self::network`].
    #[serde(default)]
    pub networks: BTreeMap<String, String>,
}

impl Mapping {
    /// The network that people said of a value, by id or name.
    pub(crate) fn network_of(&self, value: &str) -> Option<&str> {
        let value = fold(value);
        let mut said = self.networks.iter().filter(|(text, _)| !value.is_empty() && fold(text) == value);
        said.next().map(|(_, id)| id).or(self.network.as_ref()).map(String::as_str)
    }

    /// What was said of a title, where something was.
    fn of(&self, title: &str) -> Option<&Option<Field>> {
        self.columns.iter().find(|(other, _)| is_same_title(other, title)).map(|(_, field)| field)
    }
}

/// Why a column was taken for what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Somebody said so.
    Chosen,
    /// Its title says so.
    Title,
    /// Its cells look like it.
    Content,
}

/// What was made of one column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its title, as the file writes it.
    pub title: String,
    /// What it was taken for; nothing where it was left out.
    pub field: Option<Field>,
    /// Why it was taken for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// What its cells look like, as a French sentence, where they were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it might be, where that was not taken for granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggested: Option<Field>,
    /// Three of its values.
    pub samples: Vec<String>,
    /// Why it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<&'static str>,
    /// Whether its cells identify the places.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_key: bool,
}

/// The columns of a table, recognised.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// One per column, in the order of the file.
    pub list: Vec<Column>,
    /// The column whose cells identify the places, by its rank.
    pub key: Option<usize>,
}

/// Whether two titles are one, however they are written.
pub(crate) fn is_same_title(one: &str, other: &str) -> bool {
    let (folded, other_folded) = (fold(one), fold(other));
    if folded.is_empty() { tidy(one) == tidy(other) } else { folded == other_folded }
}

impl Columns {
    /// Recognises the columns of a table: what people said first, then the titles, then
    /// the cells. A title that holds the key is named in `key`.
    pub(crate) fn of(
        table: &Table,
        mapping: &Mapping,
        key: Option<&str>,
        looks: &Looks<'_>,
    ) -> Result<Self, Refusal> {
        let mut list: Vec<Column> = (0..table.titles.len()).map(|index| column(table, index)).collect();
        for column in &mut list {
            match mapping.of(&column.title) {
                Some(None) => column.ignored = Some("laissée de côté, comme demandé"),
                Some(Some(field)) => (column.field, column.why) = (Some(*field), Some(Why::Chosen)),
                None => {}
            }
        }
        only_once(&mut list, "une autre colonne a été choisie pour cela");
        let is_chosen = |column: &Column| column.field.is_some() || column.ignored.is_some();
        for column in list.iter_mut().filter(|column| !is_chosen(column)) {
            if recognise(&column.title).is_none() && own::has(table, &column.title) {
                (column.field, column.why) = (Some(Field::Own), Some(Why::Title));
            }
        }
        metres::choose(&mut list, table);
        leave_out_persons(&mut list);
        week::recognise(&mut list);
        for index in 0..list.len() {
            let Some(field) = recognise(&list[index].title).filter(|_| !is_chosen(&list[index])) else {
                continue;
            };
            let is_held = list.iter().any(|column| column.field == Some(field)) && !field.is_repeatable();
            let column = &mut list[index];
            if is_held {
                column.ignored = Some("une autre colonne dit déjà la même chose");
            } else {
                (column.field, column.why) = (Some(field), Some(Why::Title));
            }
        }
        street::recognise(&mut list);
        street::leave_out_repeated(&mut list, table, looks.words);
        for index in 0..list.len() {
            if !is_chosen(&list[index]) {
                look_at(&mut list, index, table, looks);
            }
        }
        let key = match key {
            None => None,
            Some(key) => Some(key_column(&mut list, key)?),
        };
        let columns = Self { list, key };
        columns.check(table)?;
        Ok(columns)
    }

    /// One clear error when the file cannot be a list of places.
    fn check(&self, table: &Table) -> Result<(), Refusal> {
        let has = |field: Field| self.list.iter().any(|column| column.field == Some(field));
        let mut missing = Vec::new();
        if !has(Field::Name) {
            missing.push("une colonne pour le nom du lieu (« NOM »)");
        }
        let has_place = has(Field::Town)
            || has(Field::Postcode)
            || has(Field::CommuneCode)
            || has(Field::LatitudeLongitude)
            || (has(Field::Latitude) && has(Field::Longitude))
            || table.rows.iter().any(|row| row.point.is_some());
        if !has_place {
            missing.push("une colonne pour la commune (« COMMUNE »), le code postal (« CP ») ou la position (« LATITUDE », « LONGITUDE »)");
        }
        if missing.is_empty() {
            return Ok(());
        }
        let titles: Vec<String> = table.titles.iter().map(|title| format!("« {title} »")).collect();
        Err(Refusal::new(
            "unknown-layout",
            format!(
                "Colonnes non reconnues. Il manque {}.\nTitres lus : {}.",
                missing.join(", et "),
                titles.join(", ")
            ),
        )
        .advising(
            "Dites ce que contiennent les colonnes, ou renommez-les. La première ligne doit porter les titres.",
        ))
    }

    /// The cells of a row that hold a field, with their column's title.
    pub(crate) fn cells<'a>(
        &'a self,
        row: &'a super::table::Row,
        field: Field,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.list
            .iter()
            .zip(&row.cells)
            .filter(move |(column, _)| column.field == Some(field))
            .map(|(column, cell)| (column.title.as_str(), cell.as_str()))
    }

    /// Whether a field's column was guessed from its cells.
    pub(crate) fn is_guessed(&self, field: Field) -> bool {
        self.list.iter().any(|column| column.field == Some(field) && column.why == Some(Why::Content))
    }

    /// The first cell of a row that holds a field, with its column's title.
    pub(crate) fn cell<'a>(&'a self, row: &'a super::table::Row, field: Field) -> (&'a str, &'a str) {
        self.cells(row, field).next().unwrap_or(("", ""))
    }
}

/// A column before anything is known of it.
fn column(table: &Table, index: usize) -> Column {
    let mut samples: Vec<String> = Vec::new();
    for cell in table.rows.iter().filter_map(|row| row.cells.get(index)) {
        let sample: String = tidy(cell).chars().take(SAMPLE).collect();
        if !sample.is_empty() && !samples.contains(&sample) {
            samples.push(sample);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    Column { title: table.titles[index].clone(), samples, ..Column::default() }
}

/// Leaves out what is of a person: « Nom » beside « Prénom », and what the titles say.
fn leave_out_persons(list: &mut [Column]) {
    for index in 0..list.len() {
        let is_beside = |other: Option<usize>| {
            other.and_then(|other| list.get(other)).is_some_and(|other| titles::is_first_name(&other.title))
        };
        let is_surname = titles::words(&list[index].title) == ["nom"]
            && (is_beside(index.checked_sub(1)) || is_beside(Some(index + 1)));
        let column = &list[index];
        if column.field.is_none() && column.ignored.is_none() {
            list[index].ignored =
                if is_surname { Some(titles::PERSON) } else { titles::left_out(&column.title) };
        }
    }
}

/// Of columns that hold the same, only the first one does, unless they go together.
fn only_once(list: &mut [Column], ignored: &'static str) {
    for index in 0..list.len() {
        let (before, rest) = list.split_at_mut(index);
        let column = &mut rest[0];
        let is_held = column.field.is_some_and(|field| {
            !field.is_repeatable() && before.iter().any(|other| other.field == Some(field))
        });
        if is_held {
            (column.field, column.why, column.ignored) = (None, None, Some(ignored));
        }
    }
}

/// Guesses what a column without a known title holds, from its cells.
fn look_at(list: &mut [Column], index: usize, table: &Table, looks: &Looks<'_>) {
    let cells: Vec<String> = table
        .rows
        .iter()
        .filter_map(|row| row.cells.get(index))
        .map(|cell| tidy(cell))
        .filter(|cell| !cell.is_empty())
        .take(LOOKED_AT)
        .collect();
    let is_comment = titles::is_comment(&list[index].title);
    let guess = looks::comment(&cells).filter(|_| is_comment).or_else(|| looks.guess(&cells));
    let is_held = |field: Field| {
        let is_there = list.iter().any(|column| column.field == Some(field));
        is_there && field != Field::HoursNote || field == Field::CheckedOn
    };
    match guess {
        None => list[index].ignored = Some(titles::UNKNOWN),
        Some((field, reason)) => {
            let is_held = is_held(field);
            let column = &mut list[index];
            column.reason = Some(reason);
            if is_held {
                (column.suggested, column.ignored) = (Some(field), Some(titles::UNKNOWN));
            } else {
                (column.field, column.why) = (Some(field), Some(Why::Content));
            }
        }
    }
}

/// The column whose cells identify the places.
fn key_column(list: &mut [Column], key: &str) -> Result<usize, Refusal> {
    let Some(index) = list.iter().position(|column| is_same_title(&column.title, key)) else {
        let titles: Vec<String> = list.iter().map(|column| format!("« {} »", column.title)).collect();
        return Err(Refusal::new("unknown-key", format!("Aucune colonne ne s’appelle « {key} »."))
            .advising(format!("La clé est l’une de : {}.", titles.join(", "))));
    };
    list[index].is_key = true;
    Ok(index)
}

/// How many cells are looked at to guess what a column holds.
const LOOKED_AT: usize = 200;

/// How many values show what a column holds.
const SAMPLES: usize = 3;

/// How many letters of them.
const SAMPLE: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_in_french_or_english() {
        for field in Field::all() {
            assert_eq!(Field::parse(&field.code()), Some(field), "{}", field.code());
            assert_eq!(Field::parse(field.label()), Some(field), "{}", field.label());
        }
        assert_eq!(Field::parse("Téléphone"), Some(Field::Phone));
        assert_eq!(Field::parse("couleur"), None);
    }
}
