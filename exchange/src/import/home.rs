//! What an edition, its directory and a file say of where the file's places are: it speaks for
//! one of several communes of one name.

use super::columns::{Columns, Field};
use super::communes::Places;
use super::place::written_postcode;
use super::table::Table;
use shared::directory::Directory;
use shared::geography::{Commune, department_of};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many places a department has.
type Count = BTreeMap<String, usize>;

/// The region, and where its phone numbers and the rows of a file are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Home {
    region: BTreeSet<String>,
    /// The first digits of a phone number → whose they are.
    by_area: HashMap<String, Count>,
    rows: Count,
}

impl Home {
    /// Looks at the places of the directory, and at the rows whose postcode tells where they are.
    pub(crate) fn new(directory: &Directory, table: &Table, columns: &Columns, places: &Places<'_>) -> Self {
        let region = directory.edition.region.departments.iter().map(|one| one.code.clone()).collect();
        let mut home = Self { region, ..Self::default() };
        for structure in &directory.structures {
            let department = department_of(&structure.commune);
            for phone in &structure.phones {
                home.learn(phone, department);
            }
        }
        for row in &table.rows {
            let Ok(Some((postcode, _))) = written_postcode(columns.cell(row, Field::Postcode).1) else {
                continue;
            };
            let communes = places.of_postcode(&postcode);
            let Some(department) = communes.first().map(|commune| commune.department()) else { continue };
            *home.rows.entry(department.to_owned()).or_default() += 1;
            for (_, phone) in columns.cells(row, Field::Phone) {
                home.learn(phone, department);
            }
        }
        home
    }

    fn learn(&mut self, phone: &str, department: &str) {
        if let Some(area) = area(phone) {
            *self.by_area.entry(area).or_default().entry(department.to_owned()).or_default() += 1;
        }
    }

    /// Whether a commune is in the edition's region.
    pub(crate) fn has(&self, commune: &Commune) -> bool {
        self.region.contains(commune.department())
    }

    /// Whether a department is in the edition's region.
    pub(crate) fn has_department(&self, code: &str) -> bool {
        self.region.contains(code)
    }

    /// Whether the edition says which departments its region has.
    pub(crate) fn has_region(&self) -> bool {
        !self.region.is_empty()
    }

    /// The department where most known numbers begin like this one.
    pub(crate) fn of_phone(&self, phone: &str) -> Option<&str> {
        let count = self.by_area.get(&area(phone)?)?;
        most(count)
    }

    /// The department where most rows of the file are.
    pub(crate) fn of_rows(&self) -> Option<&str> {
        most(&self.rows)
    }
}

/// The department that has more than half.
fn most(count: &Count) -> Option<&str> {
    let all: usize = count.values().sum();
    count.iter().find(|(_, own)| **own * 2 > all).map(|(department, _)| department.as_str())
}

/// The first four digits of a number that belongs to a place: mobile and special ones do not.
fn area(phone: &str) -> Option<String> {
    let mut digits: String = phone.chars().filter(char::is_ascii_digit).take(13).collect();
    for prefix in ["0033", "33"] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            digits = format!("0{}", rest.trim_start_matches('0'));
            break;
        }
    }
    let area = digits.get(..4)?;
    matches!(area.as_bytes(), [b'0', b'1'..=b'5', ..]).then(|| area.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_a_place_have_an_area() {
        for (phone, expect) in [
            ("04 75 00 00 01", Some("0475")),
            ("+33 4.75.00.00.01", Some("0475")),
            ("0033 (0)4 75 00 00 01", Some("0475")),
            ("06 10 00 00 01", None),
            ("0 800 00 00 00", None),
            ("115", None),
            ("", None),
        ] {
            assert_eq!(area(phone).as_deref(), expect, "{phone}");
        }
    }

    #[test]
    fn half_is_not_most() {
        let count =
            |list: &[(&str, usize)]| list.iter().map(|(one, own)| ((*one).to_owned(), *own)).collect();
        assert_eq!(most(&count(&[("07", 2), ("26", 3)])), Some("26"));
        assert_eq!(most(&count(&[("07", 2), ("26", 2)])), None);
        assert_eq!(most(&count(&[])), None);
    }
}
