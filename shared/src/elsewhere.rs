//! The rest of France, for who lives outside the region of a directory: which region a department or a
//! large town is in, and where the service of that region is. The communes of other regions stay away: a
//! postcode says the department, and that is enough.

use crate::commune_index::CommuneName;
use crate::snapshot::TerritoryCard;
use serde::{Deserialize, Serialize};

/// What the guide knows of other regions: a part of [`crate::commune_index::CommuneIndex`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The departments, sorted by code, found as communes are: their large towns are their other
    /// names, and the beginnings of their postcodes (two digits or three) are their postcodes.
    pub departments: Vec<CommuneName>,
    /// The regions, with the codes of their departments. The contact is the service that guides people
    /// there, where a source names one.
    pub regions: Vec<TerritoryCard>,
    /// See [`crate::directory::Region::own`].
    pub own: Vec<String>,
}

/// Whether a commune's answer is a department of [`Elsewhere`]: no code of a commune is as short.
pub const fn is_department(code: &str) -> bool {
    matches!(code.len(), 2 | 3)
}

impl Elsewhere {
    /// The region of a department.
    pub fn region(&self, department: &str) -> Option<&TerritoryCard> {
        self.regions.iter().find(|region| region.departments.iter().any(|code| code == department))
    }
}

/// The beginnings of a department's postcodes. Corsica's are those of before its departments.
#[cfg(feature = "document")]
pub(crate) fn postcodes(department: &str) -> Vec<String> {
    let codes: &[&str] = match department {
        "2A" => &["200", "201"],
        "2B" => &["202", "206"],
        other => &[other],
    };
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// The first fields of the lines of a table, without its comments.
#[cfg(feature = "document")]
pub(crate) fn fields<const N: usize>(table: &str) -> impl Iterator<Item = [&str; N]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut fields = line.split('\t');
        [(); N].map(|()| fields.next().unwrap_or_default())
    })
}

/// The regions of France: the code, the name, and the service there and its site, empty where no source
/// names one.
#[cfg(feature = "document")]
pub(crate) fn regions<'a>() -> impl Iterator<Item = [&'a str; 4]> {
    fields(include_str!("../data/regions.tsv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_no_commune() {
        for (code, expected) in [("35", true), ("2A", true), ("971", true), ("35238", false), ("-", false)] {
            assert_eq!(is_department(code), expected, "{code}");
        }
    }
}
