//! Which part of the region a diagnosis is about.

use crate::verify::reachable::TooMany;
use serde::Serialize;
use shared::directory::{Directory, Territory};
use shared::geography::{Commune, Geography, department_of};
use std::collections::BTreeSet;
use std::fmt;

/// A part of the region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// All of it.
    #[default]
    Region,
    /// A department, by its code.
    Department(String),
    /// A territory, by its id.
    Territory(String),
    /// A commune, by its INSEE code, current or former.
    Commune(String),
}

/// What kind of area something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// The whole of what the edition covers.
    Region,
    /// A department.
    Department,
    /// A territory.
    Territory,
    /// A commune.
    Commune,
}

/// The directory has no such department, territory or commune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScope(pub Scope);

impl fmt::Display for UnknownScope {
    /// In French, for administrators.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Scope::Region => f.write_str("La région n’a aucune commune."),
            Scope::Department(code) => {
                write!(f, "Le département « {code} » n’est pas dans la région de cet annuaire.")
            }
            Scope::Territory(id) => write!(f, "Le territoire « {id} » n’est pas dans cet annuaire."),
            Scope::Commune(code) => {
                write!(
                    f,
                    "La commune « {code} » n’est pas dans la région de cet annuaire : donnez son code INSEE."
                )
            }
        }
    }
}

impl std::error::Error for UnknownScope {}

/// Why nothing can be surveyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsurveyed {
    /// What was asked about is not there.
    Scope(UnknownScope),
    /// The edition asks too much.
    Questions(TooMany),
}

impl fmt::Display for Unsurveyed {
    /// In French, for administrators.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scope(unknown) => unknown.fmt(f),
            Self::Questions(_) => {
                f.write_str("L’édition a plus d’un million de jeux de réponses : posez moins de questions.")
            }
        }
    }
}

impl std::error::Error for Unsurveyed {}

impl From<UnknownScope> for Unsurveyed {
    fn from(unknown: UnknownScope) -> Self {
        Self::Scope(unknown)
    }
}

impl From<TooMany> for Unsurveyed {
    fn from(too_many: TooMany) -> Self {
        Self::Questions(too_many)
    }
}

/// What a scope turned out to be.
pub(super) struct Resolved<'a> {
    pub(super) kind: AreaKind,
    pub(super) code: String,
    pub(super) name: String,
    /// Sorted by code.
    pub(super) communes: Vec<&'a Commune>,
}

/// The communes of a scope. A city that has arrondissements is only counted through them.
pub(super) fn resolve<'a>(
    scope: &Scope,
    directory: &Directory,
    geography: &'a Geography,
) -> Result<Resolved<'a>, UnknownScope> {
    let region = &directory.edition.region;
    let whole_cities: BTreeSet<&str> =
        geography.communes().iter().filter_map(|commune| commune.parent.as_deref()).collect();
    let in_region = |commune: &&Commune| {
        region.departments.iter().any(|department| department.code == commune.department())
    };
    let all = || {
        geography
            .communes()
            .iter()
            .filter(in_region)
            .filter(|commune| !whole_cities.contains(commune.code.as_str()))
    };
    let unknown = || UnknownScope(scope.clone());
    let (kind, code, name, communes) = match scope {
        Scope::Region => {
            let name = region.name.get(shared::directory::MAIN_LANGUAGE).cloned().unwrap_or_default();
            (AreaKind::Region, directory.edition.id.clone(), name, all().collect())
        }
        Scope::Department(code) => {
            let department =
                region.departments.iter().find(|department| department.code == *code).ok_or_else(unknown)?;
            let communes = all().filter(|commune| commune.department() == code).collect();
            (AreaKind::Department, code.clone(), department.name.clone(), communes)
        }
        Scope::Territory(id) => {
            let territory =
                directory.territories.iter().find(|territory| territory.id == *id).ok_or_else(unknown)?;
            let members = members(territory, geography);
            let communes = all().filter(|commune| members.holds(commune)).collect();
            (AreaKind::Territory, id.clone(), territory.name.clone(), communes)
        }
        Scope::Commune(code) => {
            let commune = geography.current(code).filter(in_region).ok_or_else(unknown)?;
            let communes = all()
                .filter(|other| other.code == commune.code || other.parent.as_ref() == Some(&commune.code))
                .collect();
            (AreaKind::Commune, commune.code.clone(), commune.name.clone(), communes)
        }
    };
    let resolved = Resolved { kind, code, name, communes };
    if resolved.communes.is_empty() { Err(unknown()) } else { Ok(resolved) }
}

/// The communes that a territory is made of.
pub struct Members<'a> {
    communes: BTreeSet<&'a str>,
    departments: &'a [String],
}

/// The communes that a territory is made of.
pub fn members<'a>(territory: &'a Territory, geography: &'a Geography) -> Members<'a> {
    let current = |code: &String| geography.current(code).map(|commune| commune.code.as_str());
    Members {
        communes: territory.communes.iter().filter_map(current).collect(),
        departments: &territory.departments,
    }
}

impl Members<'_> {
    /// Whether a commune, or the city that it is an arrondissement of, belongs to it.
    pub fn holds(&self, commune: &Commune) -> bool {
        self.communes.contains(commune.code.as_str())
            || commune.parent.as_deref().is_some_and(|parent| self.communes.contains(parent))
            || self.departments.iter().any(|code| code == department_of(&commune.code))
    }
}
