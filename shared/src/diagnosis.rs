//! What a directory lacks: where, for whom, at which level.

use crate::directory::Level;
use crate::geography::{Geography, Meters, department_of};
use crate::recommend::in_force;
use crate::validate::Valid;
use serde::Serialize;
use std::collections::BTreeMap;

/// The diagnosis of a directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnosis {
    /// Department by department, in the order of the edition.
    pub departments: Vec<DepartmentDiagnosis>,
    /// Networks that a rule names and that have no place at all.
    pub networks_without_place: Vec<String>,
    /// Structures that lack something, by what they lack.
    pub incomplete: BTreeMap<&'static str, Vec<String>>,
}

/// The diagnosis of a department.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepartmentDiagnosis {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many communes it has.
    pub communes: usize,
    /// Network id → how many places it has there.
    pub places: BTreeMap<String, usize>,
    /// Communes whose nearest place of level One is beyond the edition's reach.
    pub far_from_level_one: usize,
    /// The same for level Two.
    pub far_from_level_two: usize,
    /// The largest distance from a commune to its nearest place of level One.
    pub farthest: Option<Farthest>,
}

/// The commune of a department that is the farthest from any place of level One.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Farthest {
    /// The commune's name.
    pub commune: String,
    /// How far its nearest place is, in metres.
    pub distance: Meters,
}

/// Diagnoses a directory. `a_year_ago` is the ISO date before which a record has not been
/// checked for too long; `today` is an ISO date.
pub fn diagnose(directory: &Valid, geography: &Geography, today: &str, a_year_ago: &str) -> Diagnosis {
    let directory = directory.directory();
    let edition = &directory.edition;
    let reach = Meters(u32::from(edition.reach_km) * 1000);
    let network = |id: &str| edition.networks.iter().find(|network| network.id == id);
    let positions = |level: Level| -> Vec<crate::geography::Position> {
        directory
            .structures
            .iter()
            .filter(|structure| {
                structure.services.as_ref().map_or_else(
                    || network(&structure.network).is_some_and(|network| network.has_level(level)),
                    |services| services.iter().any(|service| service.level() == level),
                )
            })
            .filter_map(|structure| {
                structure.position.or_else(|| Some(geography.current(&structure.commune)?.position))
            })
            .collect()
    };
    let (one, two) = (positions(Level::One), positions(Level::Two));

    let departments = edition
        .region
        .departments
        .iter()
        .map(|department| {
            let communes: Vec<_> = geography
                .communes()
                .iter()
                .filter(|commune| commune.department() == department.code)
                .collect();
            let nearest = |from: crate::geography::Position, places: &[crate::geography::Position]| {
                places.iter().map(|place| from.distance(*place)).min()
            };
            let far = |places: &[crate::geography::Position]| {
                communes
                    .iter()
                    .filter(|commune| {
                        nearest(commune.position, places).is_none_or(|distance| distance > reach)
                    })
                    .count()
            };
            let mut places = BTreeMap::new();
            for structure in directory
                .structures
                .iter()
                .filter(|structure| department_of(&structure.commune) == department.code)
            {
                *places.entry(structure.network.clone()).or_default() += 1;
            }
            DepartmentDiagnosis {
                code: department.code.clone(),
                name: department.name.clone(),
                communes: communes.len(),
                places,
                far_from_level_one: far(&one),
                far_from_level_two: far(&two),
                farthest: communes
                    .iter()
                    .filter_map(|commune| Some((nearest(commune.position, &one)?, commune)))
                    .max_by_key(|(distance, _)| *distance)
                    .map(|(distance, commune)| Farthest { commune: commune.name.clone(), distance }),
            }
        })
        .collect();

    let networks_without_place = edition
        .networks
        .iter()
        .filter(|network| in_force(network.valid_from.as_deref(), network.valid_until.as_deref(), today))
        .filter(|network| edition.rules.iter().any(|rule| rule.pick.networks().contains(&network.id)))
        .filter(|network| !directory.structures.iter().any(|structure| structure.network == network.id))
        .map(|network| network.id.clone())
        .collect();

    let mut incomplete: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for structure in &directory.structures {
        let lacks = [
            ("phone", structure.phones.is_empty()),
            ("hours", structure.hours.is_empty() && structure.hours_note.is_none()),
            ("position", structure.position.is_none_or(|position| position.approximate)),
            ("check", structure.checked_on.as_deref().is_none_or(|checked| checked < a_year_ago)),
        ];
        for (what, _) in lacks.iter().filter(|(_, lacks)| *lacks) {
            incomplete.entry(what).or_default().push(structure.id.clone());
        }
    }
    Diagnosis { departments, networks_without_place, incomplete }
}
