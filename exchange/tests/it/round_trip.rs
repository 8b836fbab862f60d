//! What is exported is read back: an administrator exports, corrects one cell in a
//! spreadsheet, and imports again.

use crate::reference;
use exchange::export::{Format, export};
use exchange::import::typed::Communes;
use exchange::import::{Imported, Options, import};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shared::directory::{
    Address, Closure, Competence, Confidence, Directory, OpeningHours, Service, Structure,
};
use shared::geography::{Geography, Position};
use shared::opening::WEEKDAYS;

const TODAY: &str = "2026-11-24";

/// The formats that hold every field of a structure.
const TABLES: [Format; 4] = [Format::Csv, Format::Xlsx, Format::Ods, Format::GeoJson];

fn back(bytes: &[u8], base: Directory, geography: &Geography) -> Imported {
    let options = Options { file: "export".into(), source: "export".into(), ..Options::default() };
    import(bytes, base, &Communes::new(geography), &options, TODAY).unwrap()
}

/// Exports and imports into the same directory without its structures.
fn round_trip(directory: &Directory, geography: &Geography, format: Format) -> Imported {
    let bytes = export(directory, geography, format, TODAY);
    back(&bytes, Directory { structures: Vec::new(), ..directory.clone() }, geography)
}

fn is_same(directory: &Directory, geography: &Geography, format: Format) -> Result<(), TestCaseError> {
    let Imported { directory: mut found, report } = round_trip(directory, geography, format);
    prop_assert_eq!(report.kept, directory.structures.len(), "{:?}", format);
    let mut expected = directory.structures.clone();
    // New structures come in the order of their ids.
    found.structures.sort_by(|one, other| one.id.cmp(&other.id));
    expected.sort_by(|one, other| one.id.cmp(&other.id));
    for (found, expected) in found.structures.iter().zip(&expected) {
        prop_assert_eq!(found, expected, "{:?}", format);
    }
    Ok(())
}

#[test]
fn the_shipped_places_come_back_as_they_are() {
    let (directory, geography) = (reference::shipped(), reference::geography());
    for format in TABLES {
        is_same(&directory, geography, format).unwrap();
    }
}

/// Words as people write them, with the signs that formats have trouble with.
fn words() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "=1+1",
        "+33",
        "-",
        "@SUM(A1)",
        "'=x",
        "''",
        "a;b",
        "c,d",
        "\"guillemets\"",
        "<b>&amp;</b>",
        "l’été",
        "ŒUVRE",
        "Mission",
        "locale",
        "CIO",
        "012",
        "1e5",
        "10/12",
        "Vrai",
        "#N",
        "a - b",
        "日本",
        "🙂",
        "œ",
        "1,5",
    ]);
    prop::collection::vec(hostile, 1..5).prop_map(|words| words.join(" "))
}

fn hours() -> impl Strategy<Value = Vec<OpeningHours>> {
    let days = prop::sample::subsequence(WEEKDAYS.to_vec(), 1..=7);
    let span = (0..1439_u16).prop_flat_map(|from| (Just(from), from + 1..=1440));
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let opening = (days, span).prop_map(move |(days, (from, to))| OpeningHours {
        days,
        from: time(from),
        to: time(to),
    });
    prop::collection::vec(opening, 0..4)
}

/// A structure of the region, its id to be set.
fn structure(networks: Vec<String>) -> impl Strategy<Value = Structure> {
    let communes = prop::sample::select(vec![
        ("26362", "26000", None),
        ("26281", "26100", None),
        ("01053", "01000", None),
        ("69383", "69003", Some("Lyon")),
        ("38563", "38516", Some("Voiron Cedex")),
        ("69149", "69600", Some("Oullins")),
    ]);
    let contacts = (
        prop::sample::subsequence(
            vec!["04 75 00 00 01", "3949", "+41 22 388 44 00", "02 62 20 00 01"],
            0..=4,
        ),
        prop::sample::subsequence(vec!["accueil@exemple.fr", "Pij@exemple.org", "_a-b@ac-exemple.fr"], 0..=3),
        prop::option::of(Just("https://exemple.fr/a?b=c;d".to_owned())),
    );
    let competence = prop::option::of(
        (
            prop::sample::subsequence(vec!["26362", "01053"], 0..=2),
            prop::sample::subsequence(vec!["01", "26"], 0..=2),
        )
            .prop_map(|(communes, departments)| Competence {
                communes: communes.into_iter().map(str::to_owned).collect(),
                departments: departments.into_iter().map(str::to_owned).collect(),
                territories: Vec::new(),
            }),
    );
    let services = prop::option::of(prop::sample::subsequence(
        vec![Service::Reception, Service::Advice, Service::Support],
        0..=3,
    ));
    let known = (hours(), prop::option::of(words()), prop::option::of(words()), competence, services);
    let confidence = prop::sample::select(vec![Confidence::Low, Confidence::Medium, Confidence::High]);
    let list = (
        prop::option::of(Just("2019-07-28".to_owned())),
        prop::option::of(words()),
        prop::option::of(confidence),
    );
    let checked_on = prop::option::of(Just("2026-02-01".to_owned()));
    let source = (prop::option::of(words()), checked_on, list, any::<bool>());
    let place = (prop::sample::select(networks), words(), prop::collection::vec(words(), 0..5), communes);
    (place, contacts, known, source, any::<bool>()).prop_map(
        |((network, name, lines, (commune, postcode, town)), contacts, known, source, placed)| {
            let (phones, emails, website) = contacts;
            let (hours, hours_note, access, competence, services) = known;
            let (source, checked_on, (as_of, licence, confidence), has_more) = source;
            let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
            let position = match commune {
                "26362" => Some(Position { latitude: 44.933_4, longitude: 4.892, approximate: has_more }),
                "26281" => Some(Position { latitude: 45.046, longitude: 5.052_01, approximate: has_more }),
                _ => None,
            };
            Structure {
                network,
                name,
                address: Address { lines, postcode: postcode.to_owned(), town: town.map(str::to_owned) },
                commune: commune.to_owned(),
                position: position.filter(|_| placed),
                phones: owned(phones),
                emails: owned(emails),
                website,
                hours,
                hours_note,
                access,
                competence,
                services,
                source,
                checked_on,
                as_of,
                licence,
                confidence,
                languages: if has_more { vec!["en".to_owned(), "fsl".to_owned()] } else { Vec::new() },
                closed: if has_more {
                    vec![Closure { from: "2026-08-01".into(), until: "2026-08-15".into() }]
                } else {
                    Vec::new()
                },
                references: if has_more {
                    [("dila".to_owned(), format!("{commune}-{placed}"))].into()
                } else {
                    std::collections::BTreeMap::new()
                },
                ..Structure::default()
            }
        },
    )
}

#[test]
fn any_places_come_back_as_they_are_from_text() {
    any_places_come_back_as_they_are([Format::Csv, Format::GeoJson]);
}

#[test]
fn any_places_come_back_as_they_are_from_workbooks() {
    any_places_come_back_as_they_are([Format::Xlsx, Format::Ods]);
}

fn any_places_come_back_as_they_are(formats: [Format; 2]) {
    let (shipped, geography) = (reference::shipped(), reference::geography());
    let networks: Vec<String> = shipped.edition.networks.iter().map(|network| network.id.clone()).collect();
    // Reading the communes takes most of the time of a case: few cases of many places.
    let mut runner = TestRunner::new(Config {
        cases: crate::cases(4, 24),
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&prop::collection::vec(structure(networks), 1..40), |structures| {
            let mut directory = Directory { structures, ..shipped.clone() };
            for (index, place) in directory.structures.iter_mut().enumerate() {
                place.id = format!("lieu-{index:03}");
                for (source, id) in &mut place.references {
                    *id = format!("{source}-{index}");
                }
            }
            for format in formats {
                is_same(&directory, geography, format)?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn one_corrected_cell_changes_one_field() {
    let (directory, geography) = (reference::shipped(), reference::geography());
    let table = String::from_utf8(export(&directory, geography, Format::Csv, TODAY)).unwrap();
    let again = back(table.as_bytes(), directory.clone(), geography);
    assert_eq!(again.directory, directory, "an export that nobody touched changes nothing");
    assert_eq!(again.report.merged, directory.structures.len());

    let place = directory.structures.iter().find(|place| place.phones.len() == 1).unwrap();
    let line = table.lines().find(|line| line.starts_with(&format!("{};", place.id))).unwrap();
    let corrected = line.replacen(&place.phones[0], "0475000009", 1);
    let after = back(table.replacen(line, &corrected, 1).as_bytes(), directory.clone(), geography);
    let mut expected = directory.clone();
    let changed = expected.structures.iter_mut().find(|other| other.id == place.id).unwrap();
    changed.phones = vec!["04 75 00 00 09".to_owned()];
    changed.correct(Some(place), TODAY);
    assert_eq!(after.directory, expected);
}

#[test]
fn a_place_added_by_hand_is_read_like_any_other() {
    let (directory, geography) = (reference::shipped(), reference::geography());
    let mut table = String::from_utf8(export(&directory, geography, Format::Csv, TODAY)).unwrap();
    let columns = table.lines().next().unwrap().split(';').count();
    let mut cells = vec![""; columns];
    cells[1..9].copy_from_slice(&[
        "",
        "MISSION LOCALE",
        "5 RUE DES ECOLES",
        "",
        "",
        "1000",
        "BOURG EN BRESSE",
        "",
    ]);
    table.push_str(&cells.join(";"));
    let after = back(table.as_bytes(), directory.clone(), geography);
    let added = after.directory.structures.last().unwrap();
    assert_eq!(added.name, "Mission locale de Bourg-en-Bresse");
    assert_eq!(added.address.lines, ["5 rue des Écoles"]);
    assert_eq!(added.commune, "01053");
    assert_eq!(after.report.kept, 1);
}

#[test]
fn a_commune_corrected_without_its_code_is_told() {
    let (directory, geography) = (reference::shipped(), reference::geography());
    let place = directory.structures.iter().find(|place| place.address.town.is_none()).unwrap();
    let name = &geography.current(&place.commune).unwrap().name;
    let other = if name == "Privas" { "Valence" } else { "Privas" };
    let table = String::from_utf8(export(&directory, geography, Format::Csv, TODAY)).unwrap();
    let line = table.lines().find(|line| line.starts_with(&format!("{};", place.id))).unwrap();
    let corrected = line.replacen(&format!(";{name};"), &format!(";{other};"), 1);
    assert_ne!(line, corrected);
    let after = back(table.replacen(line, &corrected, 1).as_bytes(), directory.clone(), geography);
    assert_eq!(after.directory, directory);
    assert_eq!(after.report.finding_count("commune-mismatch"), 1);
}

#[test]
fn the_same_directory_gives_the_same_bytes() {
    let (directory, geography) = (reference::shipped(), reference::geography());
    for format in Format::ALL {
        let once = export(&directory, geography, format, TODAY);
        assert!(!once.is_empty(), "{format:?}");
        assert_eq!(once, export(&directory, geography, format, TODAY), "{format:?}");
        assert_eq!(Format::of_name(format.name()), Some(format));
    }
}
