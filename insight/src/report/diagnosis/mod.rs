//! The territorial diagnosis: what a directory lacks, where, for whom, at which level.
//!
//! A [`Survey`] finds, for every commune of a [`Scope`] and every [`Public`], the nearest
//! place that certainly serves them, for each [`Need`]. It gives three things: the
//! [`Diagnosis`] (added up, as JSON), the table of all communes ([`Survey::csv`]) and a page
//! with maps ([`page::html`]). [`compare::compare`] says which gaps are new between two surveys,
//! and which are solved.
//!
//! The publics are those of the rules of the edition ([`Public`]): the guarantees of an
//! edition overlap and may be missing, the sets of answers that call for different rules
//! are thousands; the rules are the twenty publics that an administrator knows by name.

mod areas;
pub mod compare;
pub mod compare_sentences;
mod csv;
mod map;
mod marks;
mod nearest;
mod outline;
pub mod page;
mod publics;
mod records;
mod scope;
mod state_tables;
mod tables;

pub use areas::{Area, Farthest, Met, Within};
pub(crate) use csv::Line;
pub use nearest::{Found, Nearest, Need};
pub use page::percent;
pub use publics::Public;
pub(crate) use publics::named;
pub use records::{LabelState, Lack, PlaceState, TerritoryState};
pub use scope::{AreaKind, Members, Scope, UnknownScope, Unsurveyed, members};

use areas::Row;
use serde::Serialize;
use shared::directory::Directory;
use shared::geography::{Commune, Geography, Meters};
use shared::recommend::in_force;
use shared::validate::Valid;
use std::collections::BTreeMap;

/// What counts as near, recent and closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// Distances that people tell apart, in kilometres as the crow flies, ascending.
    pub near_km: Vec<u16>,
    /// See [`shared::directory::Edition::reach_km`]: beyond it a place is recommended only
    /// where it is competent.
    pub reach_km: u16,
    /// A record that was last checked before this ISO date has to be checked again.
    pub unchecked_since: String,
    /// A place that is closed today and still on this ISO date is closed for long.
    pub closed_until: String,
}

impl Thresholds {
    /// How long a place may be closed and still count, in days: summer holidays, or works.
    pub const LONG_CLOSURE: u16 = 60;

    /// The usual thresholds of an edition on a day: 10, 20 and 30 kilometres, a year, and
    /// [`Self::LONG_CLOSURE`]. A `today` that is not a date gives itself for both dates.
    pub fn usual(reach_km: u16, today: &str) -> Self {
        use jiff::{Span, civil::Date};
        let shifted = |span: Span| {
            today
                .parse::<Date>()
                .and_then(|date| date.checked_add(span))
                .map_or_else(|_| today.to_owned(), |date| date.to_string())
        };
        Self {
            near_km: vec![10, 20, 30],
            reach_km,
            unchecked_since: shifted(Span::new().years(-1)),
            closed_until: shifted(Span::new().days(Self::LONG_CLOSURE)),
        }
    }

    /// All the distances, ascending, each once: the near ones, then the reach.
    pub fn distances(&self) -> Vec<u16> {
        let mut distances: Vec<u16> = self.near_km.iter().copied().chain([self.reach_km]).collect();
        distances.sort_unstable();
        distances.dedup();
        distances
    }
}

/// A diagnosis, added up.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnosis {
    /// Title of the directory.
    pub title: String,
    /// Id of the edition.
    pub edition: String,
    /// The day of the diagnosis.
    pub today: String,
    /// What counted as near, recent and closed.
    pub thresholds: Thresholds,
    /// Whom it speaks of.
    pub publics: Vec<Public>,
    /// All that was asked for.
    pub whole: Area,
    /// Its departments, in the order of the edition.
    pub departments: Vec<Area>,
    /// Its territories, in the order of the directory.
    pub territories: Vec<Area>,
    /// What the territories announce and do not have, their labels and their papers.
    pub territory_states: Vec<TerritoryState>,
    /// Networks in force that a rule names and that have no place anywhere.
    pub networks_without_place: Vec<String>,
    /// How many places stand there, whatever they lack.
    pub places: usize,
    /// Those whose record lacks something.
    pub incomplete: Vec<PlaceState>,
    /// How many lack what.
    pub incomplete_by: BTreeMap<&'static str, usize>,
}

/// What is nearest, everywhere in a scope.
pub struct Survey<'a> {
    directory: &'a Directory,
    geography: &'a Geography,
    today: String,
    thresholds: Thresholds,
    scope: scope::Resolved<'a>,
    publics: Vec<Public>,
    /// One for each commune and public, the publics of a commune together.
    nearest: Vec<Nearest>,
}

impl<'a> Survey<'a> {
    /// Surveys a scope. `today` is an ISO date.
    pub fn new(
        directory: &'a Valid,
        geography: &'a Geography,
        scope: &Scope,
        thresholds: Thresholds,
        today: &str,
    ) -> Result<Self, Unsurveyed> {
        let directory = directory.directory();
        let scope = scope::resolve(scope, directory, geography)?;
        let guide = shared::compile::localized(directory, shared::directory::MAIN_LANGUAGE);
        let certain = publics::publics(&guide, &nearest::conditions(directory), today)?;
        let is_open = |index: usize| {
            records::does_not_count(directory, &directory.structures[index], &thresholds, today).is_none()
        };
        let nearest = nearest::nearest(directory, geography, &scope.communes, &certain, &is_open, today);
        let publics = certain.into_iter().map(|certainty| certainty.public).collect();
        Ok(Self { directory, geography, today: today.to_owned(), thresholds, scope, publics, nearest })
    }

    /// Whom it speaks of.
    pub fn publics(&self) -> &[Public] {
        &self.publics
    }

    /// The communes with what is nearest in each, in the order of [`Self::publics`].
    pub fn communes(&self) -> impl Iterator<Item = (&Commune, &[Nearest])> {
        self.rows().map(|row| (row.commune, row.nearest))
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        // An edition without any question still has one set of answers, hence one public.
        let nearest = self.nearest.chunks(self.publics.len().max(1));
        self.scope.communes.iter().zip(nearest).map(|(commune, nearest)| Row { commune, nearest })
    }

    fn counts(&self, structure: usize) -> bool {
        let structure = &self.directory.structures[structure];
        records::does_not_count(self.directory, structure, &self.thresholds, &self.today).is_none()
    }

    /// Whether a commune, or one of its arrondissements, is in the scope.
    fn holds(&self, commune: &Commune) -> bool {
        let has =
            |code: &str| self.scope.communes.binary_search_by(|other| other.code.as_str().cmp(code)).is_ok();
        has(&commune.code)
            || self.scope.communes.iter().any(|other| other.parent.as_ref() == Some(&commune.code))
    }

    fn area(&self, what: (AreaKind, &str, &str), holds: &dyn Fn(&Commune) -> bool) -> Area {
        let rows: Vec<Row> = self.rows().filter(|row| holds(row.commune)).collect();
        let mut places = BTreeMap::new();
        for (index, structure) in self.directory.structures.iter().enumerate() {
            let is_there = self
                .geography
                .current(&structure.commune)
                .is_some_and(|commune| self.holds(commune) && holds(commune));
            if is_there && self.counts(index) {
                *places.entry(structure.network.clone()).or_default() += 1;
            }
        }
        let id = |structure: usize| self.directory.structures[structure].id.clone();
        areas::area(what, &rows, &self.publics, places, &self.thresholds, &id)
    }

    /// Adds it all up.
    pub fn diagnosis(&self) -> Diagnosis {
        let edition = &self.directory.edition;
        let departments = edition
            .region
            .departments
            .iter()
            .filter(|department| {
                self.scope.communes.iter().any(|commune| commune.department() == department.code)
            })
            .map(|department| {
                let what = (AreaKind::Department, department.code.as_str(), department.name.as_str());
                self.area(what, &|commune| commune.department() == department.code)
            })
            .collect();
        let territories: Vec<_> = self
            .directory
            .territories
            .iter()
            .map(|territory| (territory, scope::members(territory, self.geography)))
            .filter(|(_, members)| self.scope.communes.iter().any(|commune| members.holds(commune)))
            .collect();
        let incomplete = records::places(
            self.directory,
            self.geography,
            &|commune| self.holds(commune),
            &self.thresholds,
            &self.today,
        );
        let mut incomplete_by = BTreeMap::new();
        for lack in incomplete.iter().flat_map(|place| &place.lacks) {
            *incomplete_by.entry(lack.as_str()).or_default() += 1;
        }
        let stands_here =
            |commune: &str| self.geography.current(commune).is_some_and(|commune| self.holds(commune));
        let places = self.directory.structures.iter().filter(|one| stands_here(&one.commune)).count();
        Diagnosis {
            title: self.directory.title.clone(),
            edition: edition.id.clone(),
            today: self.today.clone(),
            thresholds: self.thresholds.clone(),
            publics: self.publics.clone(),
            whole: self.area((self.scope.kind, &self.scope.code, &self.scope.name), &|_| true),
            departments,
            territories: territories
                .iter()
                .map(|(territory, members)| {
                    let what = (AreaKind::Territory, territory.id.as_str(), territory.name.as_str());
                    self.area(what, &|commune| members.holds(commune))
                })
                .collect(),
            territory_states: territories
                .iter()
                .map(|(territory, _)| {
                    let counts = |structure: usize| self.counts(structure);
                    records::territory(self.directory, self.geography, territory, &counts, &self.today)
                })
                .collect(),
            networks_without_place: self.networks_without_place(),
            places,
            incomplete,
            incomplete_by,
        }
    }

    fn networks_without_place(&self) -> Vec<String> {
        let edition = &self.directory.edition;
        edition
            .networks
            .iter()
            .filter(|network| {
                in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), &self.today)
            })
            .filter(|network| edition.rules.iter().any(|rule| rule.pick.networks().contains(&network.id)))
            .filter(|network| {
                !self.directory.structures.iter().any(|structure| structure.network == network.id)
            })
            .map(|network| network.id.clone())
            .collect()
    }

    /// The distance to what is nearest for whoever is the worst off.
    fn worst_off(&self, row: Row, need: Need) -> Option<Meters> {
        areas::worst_off(row, &self.publics, need).map(|found| found.distance)
    }
}
