//! Adding up what is nearest, commune by commune, for an area.

use super::nearest::{Found, Nearest, Need};
use super::scope::AreaKind;
use super::{Thresholds, publics::Public};
use serde::Serialize;
use shared::geography::{Commune, Meters};
use std::collections::BTreeMap;

/// What one area has and lacks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Area {
    /// What it is.
    pub kind: AreaKind,
    /// INSEE code of a department or a commune, id of a territory or of the edition.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many communes it has, arrondissements counted each.
    pub communes: usize,
    /// How many people live there.
    pub inhabitants: u64,
    /// Network id → how many places stand there and count.
    pub places: BTreeMap<String, usize>,
    /// One for each public and need, in their order.
    pub needs: Vec<Met>,
    /// The same for whoever is the worst off in each commune, publics that only add set aside.
    pub worst_off: Vec<Met>,
}

impl Area {
    /// How a need of a public is met there.
    pub fn met(&self, public: &str, need: Need) -> Option<&Met> {
        self.needs.iter().find(|met| met.public.as_deref() == Some(public) && met.need == need)
    }

    /// How a need is met for whoever is the worst off.
    pub fn met_for_all(&self, need: Need) -> Option<&Met> {
        self.worst_off.iter().find(|met| met.need == need)
    }
}

/// How a need is met in an area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Met {
    /// Id of the public; `None` for whoever is the worst off.
    pub public: Option<String>,
    /// What they look for.
    pub need: Need,
    /// Communes and people that have a place within each distance, the nearest first.
    pub within: Vec<Within>,
    /// Communes that have no such place at all.
    pub communes_without: usize,
    /// The people who live there.
    pub inhabitants_without: u64,
    /// The commune that is the farthest from such a place, among those that have one.
    pub farthest: Option<Farthest>,
}

/// Who has a place within a distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Within {
    /// The distance.
    pub km: u16,
    /// How many communes, by their centre.
    pub communes: usize,
    /// How many people live in them.
    pub inhabitants: u64,
}

/// A commune and how far its nearest place is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Farthest {
    /// The commune's INSEE code.
    pub code: String,
    /// Its name.
    pub commune: String,
    /// How far its nearest place is, in metres.
    pub distance: Meters,
    /// The id of that place.
    pub place: String,
}

/// One commune with what is nearest for each public.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) commune: &'a Commune,
    /// In the order of the publics.
    pub(super) nearest: &'a [Nearest],
}

/// For a need, what is nearest for whoever is the worst off in a commune: `None` where
/// somebody has no such place at all.
pub(super) fn worst_off(row: Row, publics: &[Public], need: Need) -> Option<Found> {
    let mut worst: Option<Found> = None;
    for (_, nearest) in publics.iter().zip(row.nearest).filter(|(public, _)| !public.adds) {
        let found = nearest.get(need)?;
        if worst.is_none_or(|worst| worst.distance < found.distance) {
            worst = Some(found);
        }
    }
    worst
}

/// Adds up an area.
pub(super) fn area(
    (kind, code, name): (AreaKind, &str, &str),
    rows: &[Row],
    publics: &[Public],
    places: BTreeMap<String, usize>,
    thresholds: &Thresholds,
    id: &dyn Fn(usize) -> String,
) -> Area {
    let needs = publics
        .iter()
        .enumerate()
        .flat_map(|(index, public)| Need::ALL.map(|need| (index, public, need)))
        .map(|(index, public, need)| {
            met(Some(&public.id), need, rows, &|row| row.nearest[index].get(need), thresholds, id)
        })
        .collect();
    let for_all = Need::ALL
        .into_iter()
        .map(|need| met(None, need, rows, &|row| worst_off(*row, publics, need), thresholds, id))
        .collect();
    Area {
        kind,
        code: code.to_owned(),
        name: name.to_owned(),
        communes: rows.len(),
        inhabitants: rows.iter().map(|row| u64::from(row.commune.population)).sum(),
        places,
        needs,
        worst_off: for_all,
    }
}

fn met(
    public: Option<&str>,
    need: Need,
    rows: &[Row],
    nearest: &dyn Fn(&Row) -> Option<Found>,
    thresholds: &Thresholds,
    id: &dyn Fn(usize) -> String,
) -> Met {
    let mut within: Vec<Within> =
        thresholds.distances().into_iter().map(|km| Within { km, communes: 0, inhabitants: 0 }).collect();
    let (mut communes_without, mut inhabitants_without) = (0, 0);
    let mut farthest: Option<(Found, &Commune)> = None;
    for row in rows {
        let inhabitants = u64::from(row.commune.population);
        let Some(found) = nearest(row) else {
            communes_without += 1;
            inhabitants_without += inhabitants;
            continue;
        };
        for within in within.iter_mut().filter(|within| found.distance <= Meters::from_km(within.km)) {
            within.communes += 1;
            within.inhabitants += inhabitants;
        }
        if farthest.is_none_or(|(worst, _)| worst.distance < found.distance) {
            farthest = Some((found, row.commune));
        }
    }
    Met {
        public: public.map(str::to_owned),
        need,
        within,
        communes_without,
        inhabitants_without,
        farthest: farthest.map(|(found, commune)| Farthest {
            code: commune.code.clone(),
            commune: commune.name.clone(),
            distance: found.distance,
            place: id(found.structure),
        }),
    }
}
