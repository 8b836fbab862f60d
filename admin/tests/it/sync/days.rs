//! Three days of five sources: a correction by hand, a phone that changes, a place that vanishes, a
//! file that comes cut. `SPRO_BLESS=1 cargo test -p spro-admin --test it sync` writes the expected
//! reports and places again.

use super::site::{Page, Site};
use super::{TABLE, desk, directory, one, read, remembered, sync};
use crate::desk::Desk;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/sync").join(name)
}

fn text_of(name: &str) -> String {
    fs::read_to_string(case(name)).unwrap()
}

fn expect(name: &str, is: &str) {
    let path = case(name);
    if std::env::var_os("SPRO_BLESS").is_some() {
        fs::write(&path, is).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == is, "{name}: SPRO_BLESS=1 writes it\n{is}");
}

/// Runs a day, and compares its report and the places that came out.
fn day(desk: &Desk, number: usize, code: i32) {
    let day = format!("2026-12-0{number}");
    let report = desk.succeeds_with(code, &sync(&day, &["--all"]));
    expect(&format!("day-{number}.expected.txt"), &report);
    let places = serde_json::to_string_pretty(&read(desk, "base.json")["structures"]).unwrap() + "\n";
    expect(&format!("day-{number}.expected.json"), &places);
}

#[test]
fn three_days_of_five_sources() {
    let desk = Desk::new();
    let site = Site::new();
    desk.write("sources.toml", text_of("sources.toml").replace("HOST", &site.address));
    let base: Value = serde_json::from_str(&text_of("base.places.json")).unwrap();
    desk.write("base.json", directory(&base));
    let files =
        ["missions-locales.csv", "orientation.json", "inclusion.json", "france-services.csv", "dila.json"];
    for file in files {
        site.put(&format!("/{file}"), Page::File(text_of(file).into_bytes(), "\"one\""));
    }
    day(&desk, 1, 0);
    assert_eq!(site.seen().len(), 5);

    // A person corrects a phone in the file, which leaves no trace in it.
    let mut corrected = read(&desk, "base.json");
    let places = corrected["structures"].as_array_mut().unwrap();
    let saules = places.iter_mut().find(|place| place["name"] == "Mission locale des Saules").unwrap();
    saules["phones"] = json!(["04 75 99 99 99"]);
    desk.write("base.json", corrected.to_string());

    // The source changes that phone and another, and a place is gone.
    let second = text_of("missions-locales.csv")
        .replace("04 75 00 00 02", "04 75 00 00 22")
        .replace("accueil@erables", "contact@erables");
    site.put("/missions-locales.csv", Page::File(second.into_bytes(), "\"two\""));
    let changed = text_of("orientation.json").replace("0475000003", "0475000033");
    site.put("/orientation.json", Page::File(changed.into_bytes(), "\"two\""));
    let mut services: Vec<String> = text_of("france-services.csv").lines().map(str::to_owned).collect();
    services.retain(|line| !line.contains("Cyprès"));
    site.put("/france-services.csv", Page::File((services.join("\n") + "\n").into_bytes(), "\"two\""));
    day(&desk, 2, 0);
    let seen = site.seen();
    assert!(seen.contains(&"/dila.json if-none-match=\"one\"".to_owned()), "{seen:?}");

    // A file comes cut: all is as it was.
    let before = (read(&desk, "base.json"), remembered(&desk));
    let third = text_of("missions-locales.csv").replace("04 75 00 00 01", "04 75 00 00 31").into_bytes();
    site.put("/missions-locales.csv", Page::Cut(third.clone(), "\"three\"", third.len() - 40));
    day(&desk, 3, 1);
    assert_eq!(read(&desk, "base.json"), before.0);
    let of_list = |all: Vec<(String, String)>| -> Vec<(String, String)> {
        all.into_iter().filter(|(name, _)| name.starts_with("missions")).collect()
    };
    assert!(of_list(remembered(&desk)) == of_list(before.1), "what is remembered of it");

    // The next time it is whole, and only what was missing is fetched.
    site.seen();
    site.put("/missions-locales.csv", Page::File(third.clone(), "\"three\""));
    let report = desk.succeeds_with(0, &sync("2026-12-04", &[]));
    assert!(report.contains("04 75 00 00 31"), "{report}");
    let asked = format!("/missions-locales.csv if-range=\"three\" range=bytes={}-", third.len() - 40);
    assert!(site.seen().contains(&asked), "{asked}");
}

#[test]
fn what_breaks_off_is_resumed_in_the_same_run() {
    let (desk, site) = (desk(), Site::new());
    desk.write("sources.toml", one(&format!("{}/a.csv", site.address), ""));
    site.put("/a.csv", Page::CutOnce(TABLE.into(), "\"a\"", 60));
    let report = desk.json(0, &sync("2026-12-01", &[]));
    assert_eq!(report["added"], 2);
    assert_eq!(site.seen(), ["/a.csv", "/a.csv if-range=\"a\" range=bytes=60-"]);
}

#[test]
fn a_source_is_asked_as_often_as_its_file_says() {
    let (desk, site) = (desk(), Site::new());
    desk.write("sources.toml", one(&format!("{}/a.csv", site.address), "every = \"week\""));
    site.put("/a.csv", Page::File(TABLE.into(), "\"a\""));
    for (day, more, asked) in [
        ("2026-12-01", &[][..], "new"),
        ("2026-12-07", &[], "early"),
        ("2026-12-07", &["--now"], "same"),
        ("2026-12-08", &[], "early"),
        ("2026-12-14", &[], "same"),
    ] {
        let report = desk.json(0, &sync(day, more));
        assert_eq!(
            (&report["sources"][0]["contact"], &report["places"]),
            (&json!(asked), &json!(2)),
            "{day}"
        );
        assert_eq!(site.seen().len(), usize::from(asked != "early"), "{day}");
    }
}

#[test]
fn a_question_is_answered_on_the_command_line() {
    let (desk, site) = (desk(), Site::new());
    desk.write("sources.toml", one(&format!("{}/a.csv", site.address), ""));
    site.put("/a.csv", Page::File(TABLE.into(), "\"a\""));
    desk.succeeds_with(0, &sync("2026-12-01", &[]));
    let mut corrected = read(&desk, "base.json");
    corrected["structures"][1]["phones"] = json!(["04 75 99 99 99"]);
    desk.write("base.json", corrected.to_string());
    site.put("/a.csv", Page::File(TABLE.replace("00 00 01", "00 00 11").into(), "\"b\""));
    let report = desk.succeeds_with(0, &sync("2026-12-02", &[]));
    let answer = "mission-locale-26000-valence:phones";
    assert!(report.contains(&format!("pour prendre : --take \"{answer}\"")), "{report}");
    let wrong = desk.fails_with(1, &sync("2026-12-02", &["--take", "mission-locale-26000-valence"]));
    assert!(wrong.contains("LIEU:CHAMP"), "{wrong}");
    let report = desk.succeeds_with(0, &sync("2026-12-02", &["--take", answer, "--keep", "none:phones"]));
    assert!(report.contains("Personne ne demandait de trancher « none:phones »"), "{report}");
    assert_eq!(read(&desk, "base.json")["structures"][1]["phones"], json!(["04 75 00 00 11"]));
}

#[test]
fn a_local_file_is_followed_too() {
    let desk = desk();
    fs::create_dir(desk.path("here")).unwrap();
    desk.write("here/sources.toml", one("liste.csv", "")).write("here/liste.csv", TABLE);
    let command = |day| {
        vec!["sync", "here/sources.toml", "--into", "base.json", "--out", "base.json", "--force", "--on", day]
    };
    desk.succeeds_with(0, &command("2026-12-01"));
    desk.write("here/liste.csv", TABLE.replace("00 00 01", "00 00 11"));
    desk.succeeds_with(0, &command("2026-12-02"));
    assert_eq!(read(&desk, "base.json")["structures"][1]["phones"], json!(["04 75 00 00 11"]));
    fs::remove_file(desk.path("here/liste.csv")).unwrap();
    let report = desk.succeeds_with(1, &command("2026-12-03"));
    assert!(report.contains("n’existe pas") && report.contains("sert encore"), "{report}");
    assert_eq!(read(&desk, "base.json")["structures"].as_array().unwrap().len(), 2);
}

/// The file in the documentation is read as it is written there, but for its addresses, which
/// nobody asks here.
#[test]
fn the_file_of_the_documentation_is_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/sources.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let file = rest.split_once("```").unwrap().0;
    let here: Vec<String> =
        file.lines()
            .map(|line| {
                if line.starts_with("address = ") { "address = \"none\"".to_owned() } else { line.to_owned() }
            })
            .collect();
    let desk = desk();
    desk.write("sources.toml", here.join("\n"));
    let report = desk.json(1, &sync("2026-12-01", &[]));
    let sources = report["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 5);
    assert!(sources.iter().all(|source| source["failure"]["code"] == "no-such-file"), "{report}");
}
