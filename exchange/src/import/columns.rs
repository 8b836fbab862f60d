//! Which column holds what: guessed from the titles, by a table of synonyms.

use super::own;
use super::synonyms::SYNONYMS;
use super::table::Table;
use crate::refusal::Refusal;
use serde::Serialize;
use shared::spelling::fold;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the table below says what each holds")]
pub enum Field {
    Name,
    Acronym,
    Network,
    AddressLine,
    FullAddress,
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
    CheckedOn,
    Own,
}

impl Field {
    /// What people call it.
    pub fn label(self) -> &'static str {
        SYNONYMS.iter().find(|(field, ..)| *field == self).map_or("", |(_, label, _)| label)
    }

    /// Whether several columns may hold it, in the order of the file.
    const fn is_repeatable(self) -> bool {
        matches!(self, Self::AddressLine | Self::Phone | Self::Email | Self::Own)
    }
}

/// The field that a column's title announces.
pub(crate) fn recognise(title: &str) -> Option<Field> {
    let folded = fold(title);
    SYNONYMS.iter().find(|(_, _, names)| names.contains(&folded.as_str())).map(|(field, ..)| *field)
}

/// What was made of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its title, as the file writes it.
    pub title: String,
    /// What it was taken for; nothing where it was left out.
    pub field: Option<Field>,
    /// Why it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<&'static str>,
}

/// The columns of a table, recognised.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// One per column, in the order of the file.
    pub list: Vec<Column>,
}

impl Columns {
    /// Recognises the columns of a table.
    pub(crate) fn of(table: &Table) -> Result<Self, Refusal> {
        let mut list: Vec<Column> = Vec::new();
        let fields: Vec<Option<Field>> = table.titles.iter().map(|title| recognise(title)).collect();
        let has_lines = fields.contains(&Some(Field::AddressLine));
        for (title, field) in table.titles.iter().zip(fields) {
            let ignored = match field {
                None => Some("titre inconnu"),
                Some(Field::FullAddress) if has_lines => Some("reprend les autres colonnes de l’adresse"),
                Some(field)
                    if !field.is_repeatable() && list.iter().any(|column| column.field == Some(field)) =>
                {
                    Some("une autre colonne dit déjà la même chose")
                }
                Some(_) => None,
            };
            let is_own = field.is_none() && own::has(table, title);
            let (field, ignored) = if is_own { (Some(Field::Own), None) } else { (field, ignored) };
            let field = if ignored.is_some() { None } else { field };
            list.push(Column { title: title.clone(), field, ignored });
        }
        let columns = Self { list };
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
            "Renommez les colonnes du tableau, puis relancez. La première ligne doit porter les titres.",
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

    /// The first cell of a row that holds a field, with its column's title.
    pub(crate) fn cell<'a>(&'a self, row: &'a super::table::Row, field: Field) -> (&'a str, &'a str) {
        self.cells(row, field).next().unwrap_or(("", ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_recognised_however_they_are_written() {
        for (title, field) in [
            ("NOM", Some(Field::Name)),
            ("Code postal", Some(Field::Postcode)),
            ("CODE_POSTAL", Some(Field::Postcode)),
            ("ADR 2 EF", Some(Field::AddressLine)),
            ("Téléphone", Some(Field::Phone)),
            ("E-mail", Some(Field::Email)),
            ("Code INSEE", Some(Field::CommuneCode)),
            ("couleur", None),
        ] {
            assert_eq!(recognise(title), field, "{title}");
        }
    }

    #[test]
    fn no_title_stands_for_two_fields() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, _, names) in SYNONYMS {
            for name in *names {
                assert!(seen.insert(*name), "{name} is there twice");
            }
        }
    }
}
