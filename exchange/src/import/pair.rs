//! Two records that may be one place, side by side.

use serde::Serialize;
use shared::directory::Structure;
use shared::geography::{Geography, Position};

/// Two records that may be one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The one of this row.
    pub here: Side,
    /// The one of another row, or of the directory.
    pub there: Side,
    /// How far apart they are, in metres, where both have a position of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metres: Option<u32>,
}

/// What tells one record from another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Its row in the file, where it comes from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// Its id in the directory, where it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its address on one line, with the postcode and the town.
    pub address: String,
    /// Its phone numbers.
    pub phones: Vec<String>,
    /// Its own position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl Pair {
    /// Puts a record of a row beside another of a row, or of the directory.
    pub(crate) fn of(
        here: (usize, &Structure),
        there: (Option<usize>, &Structure),
        geography: &Geography,
    ) -> Self {
        let apart = here.1.position.zip(there.1.position);
        Self {
            here: Side::of(Some(here.0), here.1, geography),
            there: Side::of(there.0, there.1, geography),
            metres: apart.map(|(here, there)| here.distance(there).0),
        }
    }
}

impl Side {
    fn of(row: Option<usize>, structure: &Structure, geography: &Geography) -> Self {
        let commune = geography.current(&structure.commune).map(|commune| commune.name.as_str());
        let town = structure.address.town.as_deref().or(commune).unwrap_or_default();
        let last = format!("{} {town}", structure.address.postcode);
        let lines = structure.address.lines.iter().map(String::as_str).chain([last.trim()]);
        Self {
            row,
            id: row.is_none().then(|| structure.id.clone()),
            name: structure.name.clone(),
            address: lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", "),
            phones: structure.phones.clone(),
            position: structure.position,
        }
    }
}
