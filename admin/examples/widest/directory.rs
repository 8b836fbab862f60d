//! A directory of many departments with invented places, the same at each run.

use shared::directory::{
    Address, Competence, Directory, IsoDate, Network, OpeningHours, Reach, Structure, Weekday,
};
use shared::geography::{Commune, Geography, Position};
use shared::region::{Region, compose};

/// The directory of these departments, with so many places in each.
pub(crate) fn make(departments: &[String], places: usize) -> Result<Directory, String> {
    let geography = admin::reference::geography().map_err(|failure| failure.to_string())?;
    let national = admin::reference::national(admin::reference::CURRENT_EDITION)
        .map_err(|failure| failure.to_string())?;
    let composed = compose(national.as_bytes(), region(departments)?.as_bytes())
        .map_err(|finding| finding.to_string())?;
    let mut directory = composed.directory().map_err(|finding| finding.to_string())?;
    "Annuaire inventé, pour mesurer".clone_into(&mut directory.title);
    let networks = &directory.edition.networks;
    directory.structures = departments
        .iter()
        .flat_map(|department| in_department(department, places, &geography, networks))
        .collect();
    Ok(directory)
}

/// The file of a region that has these departments.
fn region(departments: &[String]) -> Result<String, String> {
    let regions = admin::reference::regions().map_err(|failure| failure.to_string())?;
    let named = |(region, _): (Region, &'static str)| region.departments;
    let all: Vec<_> =
        regions.into_iter().flat_map(named).filter(|one| departments.contains(&one.code)).collect();
    let region = serde_json::json!({
        "code": "00", "edition": admin::reference::CURRENT_EDITION, "slug": "france", "name": { "fr": "France" },
        "of": "de France", "council": { "article": "L’", "name": "État" }, "departments": all,
    });
    Ok(region.to_string())
}

/// The places of a department, over its communes from the largest to the smallest, in each network in
/// turn. Every fifth is there for the communes of its intercommunality alone.
fn in_department(
    department: &str,
    places: usize,
    geography: &Geography,
    networks: &[Network],
) -> Vec<Structure> {
    let mut communes: Vec<&Commune> =
        geography.communes().iter().filter(|commune| commune.department() == department).collect();
    communes.sort_by_key(|commune| std::cmp::Reverse(commune.population));
    let place = |rank: usize| {
        let (commune, network) = (communes[rank % communes.len()], &networks[rank % networks.len()]);
        let its_group = || {
            let group = &commune.intercommunality;
            let of_group =
                communes.iter().filter(|other| !group.is_empty() && other.intercommunality == *group);
            let codes = of_group.map(|other| other.code.clone()).chain([commune.code.clone()]);
            Competence { communes: codes.collect(), ..Competence::default() }
        };
        let declares = network.reach == Reach::DeclaredOnly || rank.is_multiple_of(5);
        Structure {
            id: format!("{department}-{rank}"),
            network: network.id.clone(),
            name: format!("Lieu inventé {rank} de {}", commune.name),
            address: Address {
                lines: vec![format!("{} rue de la Mairie", rank % 90 + 1)],
                postcode: commune.postcodes.first().cloned().unwrap_or_default(),
                town: None,
            },
            commune: commune.code.clone(),
            position: Some(near(commune.position, rank)),
            phones: vec![format!("01 99 {:02} {:02} {:02}", rank / 100 % 100, rank % 100, rank % 97)],
            hours: [("09:00", "12:00"), ("14:00", "17:30")].map(|(from, to)| week(from, to)).into(),
            competence: declares.then(its_group),
            source: Some("Liste inventée".to_owned()),
            as_of: Some(IsoDate::from("2026-11-01")),
            ..Structure::default()
        }
    };
    (0..places).map(place).collect()
}

/// A few hundred metres from a commune's centre.
fn near(centre: Position, rank: usize) -> Position {
    let shift = |turn: usize| f32::from(u16::try_from(rank * turn % 100).unwrap_or(0)) / 20_000.0;
    Position {
        latitude: centre.latitude + shift(7),
        longitude: centre.longitude + shift(13),
        approximate: false,
    }
}

fn week(from: &str, to: &str) -> OpeningHours {
    let days =
        vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    OpeningHours { days, from: from.to_owned(), to: to.to_owned() }
}
