//! `spro new` and `spro compose`: the directory of any region, without a server, then with one as
//! docs/une-autre-region.md says it.

use crate::desk::{Desk, TOKEN, shipped};
use exchange::sync::sources::Sources;
use serde_json::{Value, json};
use spro_tests::{Setup, Workerd};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(desk: &Desk, name: &str) -> Value {
    serde_json::from_slice(&fs::read(desk.path(name)).unwrap()).unwrap()
}

#[test]
fn a_region_is_found_by_its_code_or_its_name_however_it_is_typed() {
    let desk = Desk::new();
    for (typed, code, folder) in [
        ("53", "53", "bretagne"),
        ("Bretagne", "53", "bretagne"),
        ("region bretagne", "53", "bretagne"),
        ("OCCITANIE", "76", "occitanie"),
        ("Ile de France", "11", "ile-de-france"),
        ("réunion", "04", "la-reunion"),
        ("La Réunion", "04", "la-reunion"),
        ("provence alpes cote d'azur", "93", "provence-alpes-cote-d-azur"),
        ("PACA", "93", "provence-alpes-cote-d-azur"),
        ("Collectivité de Corse", "94", "corse"),
    ] {
        let made = desk.json(0, &["new", "--region", typed]);
        assert_eq!(made["region"], code, "{typed}");
        assert!(desk.path(folder).join("annuaire.json").exists(), "{typed}");
    }
}

#[test]
fn what_is_no_region_is_said_with_the_nearest_and_all() {
    let desk = Desk::new();
    for (typed, said) in [
        ("Bretagn", "Vouliez-vous dire Bretagne (53) ?"),
        ("ocitanie", "Vouliez-vous dire Occitanie (76) ?"),
        ("35", "un département, Ille-et-Vilaine : sa région est Bretagne (53)."),
        ("finistere", "un département, Finistère : sa région est Bretagne (53)."),
        ("xyz", "n’est aucune des 18 régions.\n"),
        ("", "n’est aucune des 18 régions.\n"),
        ("1", "n’est aucune des 18 régions.\n"),
    ] {
        let err = desk.fails_with(2, &["new", "--region", typed]);
        assert!(err.contains(said), "{typed}: {err}");
        assert!(err.contains("01 Guadeloupe, ") && err.contains(", 94 Corse"), "{err}");
    }
    assert_eq!(desk.json(2, &["new", "--region", "35"])["error"]["code"], "unknown-region");
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn the_files_of_a_region_are_never_replaced_unless_asked() {
    let desk = Desk::new();
    let told = desk.succeeds_with(0, &["new", "--region", "53"]);
    for said in [
        "Bretagne (région 53) : 4 départements",
        "22 Côtes-d’Armor, 29 Finistère",
        "cep_operator",
        "networks.transitions-pro : ",
        "cargo spro compose bretagne/region.json --into bretagne/annuaire.json",
        "cargo spro sync bretagne/sources.toml",
        "cargo spro publish bretagne/annuaire.json",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let kept = |name: &str| fs::read_to_string(desk.path("bretagne").join(name)).unwrap();
    let before = ["region.json", "annuaire.json", "sources.toml"].map(kept);
    assert!(desk.succeeds_with(0, &["new", "--region", "53"]).contains("déjà là"));

    desk.write("bretagne/sources.toml", "mine");
    fs::remove_file(desk.path("bretagne/region.json")).unwrap();
    let err = desk.fails_with(1, &["new", "--region", "53"]);
    assert!(err.contains("sources.toml") && err.contains("--force"), "{err}");
    assert_eq!(kept("sources.toml"), "mine");
    assert!(!desk.path("bretagne/region.json").exists(), "all or nothing");
    desk.succeeds_with(0, &["new", "--region", "53", "--force"]);
    assert_eq!(["region.json", "annuaire.json", "sources.toml"].map(kept), before);

    let corsica = desk.json(0, &["new", "--region", "94", "--out", "a/b c"]);
    assert!(corsica["missing"].as_array().unwrap().contains(&json!("agency")), "{corsica}");
    assert!(read(&desk, "a/b c/annuaire.json")["title"].as_str().unwrap().contains("Corse"));
    // The region that ships has all that is known: nothing is to be completed.
    let made = desk.json(0, &["new", "--region", "84"]);
    assert_eq!(made["missing"], json!([]));
    let (made, shipped): (Value, Value) =
        (read(&desk, "auvergne-rhone-alpes/annuaire.json"), serde_json::from_str(&shipped()).unwrap());
    assert_eq!((&made["edition"], &made["resources"]), (&shipped["edition"], &shipped["resources"]));
    assert_eq!(made["structures"], json!([]));
}

#[test]
fn a_directory_made_again_names_what_its_region_now_has_and_keeps_its_places() {
    let desk = Desk::new();
    desk.succeeds_with(0, &["new", "--region", "53"]);
    desk.write(
        "lieux.csv",
        "Nom;Réseau;Adresse;Code postal;Commune;Téléphone\nCIO inventé;CIO;1 rue Inventée;35000;Rennes;0200000001\n",
    );
    let into = ["--into", "bretagne/annuaire.json", "--out", "bretagne/annuaire.json", "--force"];
    desk.succeeds_with(0, &[&["import", "lieux.csv"], &into[..]].concat());
    let mut region = read(&desk, "bretagne/region.json");
    region["agency"] = json!({
        "name": "Agence des Ajoncs", "website": "https://ajoncs.exemple.fr", "source": "https://ajoncs.exemple.fr"
    });
    desk.write("bretagne/region.json", region.to_string());
    let compose = [&["compose", "bretagne/region.json"], &into[..]].concat();
    assert!(desk.succeeds_with(0, &compose).contains("Écrit dans"));
    let text = fs::read_to_string(desk.path("bretagne/annuaire.json")).unwrap();
    assert!(text.contains("Agence des Ajoncs") && text.contains("CIO inventé"));
    assert!(desk.succeeds_with(0, &compose).contains("exactement cela"), "it is made once");

    // What cannot be is said, and nothing is written.
    region["agency"]["website"] = json!("ajoncs");
    desk.write("bretagne/region.json", region.to_string());
    let told = desk.succeeds_with(1, &compose);
    assert!(told.contains("rien n’est écrit") && told.contains("ajoncs"), "{told}");
    region["agence"] = json!(null);
    desk.write("bretagne/region.json", region.to_string());
    let err = desk.fails_with(1, &compose);
    assert!(err.contains("agence") && err.contains("docs/une-autre-region.md"), "{err}");
    assert_eq!(fs::read_to_string(desk.path("bretagne/annuaire.json")).unwrap(), text);
    let err = desk.fails_with(1, &["compose", "lieux.csv"]);
    assert!(err.contains("lieux.csv"), "{err}");
}

/// What `sync` follows for every region can be read, and is of networks that there are.
#[test]
fn the_sources_of_every_region_can_be_followed() {
    let desk = Desk::new();
    for code in [
        "01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93",
        "94",
    ] {
        desk.succeeds_with(0, &["new", "--region", code, "--out", code]);
        let text = fs::read_to_string(desk.path(code).join("sources.toml")).unwrap();
        assert!(!text.contains(['{', '}']), "{text}");
        let sources: Sources = toml::from_str(&text).unwrap();
        sources.check().unwrap();
        // What a person has to give an address to is right, too, once it is no remark.
        let all: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = ") || rest.starts_with('['))
                    .unwrap_or(line)
                    .to_owned()
                    + "\n"
            })
            .collect();
        let all: Sources = toml::from_str(&all).unwrap();
        all.check().unwrap();
        assert_eq!((sources.sources.len(), all.sources.len()), (2, 4));
        let directory = read(&desk, &format!("{code}/annuaire.json"));
        let networks = directory["edition"]["networks"].as_array().unwrap();
        let networks: BTreeSet<&str> = networks.iter().filter_map(|network| network["id"].as_str()).collect();
        for source in &all.sources {
            for id in source.networks.iter().chain(&source.network) {
                assert!(networks.contains(id.as_str()), "{code}: {id}");
            }
        }
    }
}

/// The commands of the ten minutes, as they are written.
fn ten_minutes() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/une-autre-region.md");
    let text = fs::read_to_string(path).unwrap();
    let block = text.split("```sh\n").nth(1).unwrap().split("```").next().unwrap().to_owned();
    let words = |line: &str| -> Vec<String> {
        // A quoted text is one word.
        let parts = line.split('"').enumerate();
        parts
            .flat_map(|(index, part)| match index % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
                _ => vec![part.to_owned()],
            })
            .collect()
    };
    block.lines().filter_map(|line| line.strip_prefix("cargo spro ")).map(words).collect()
}

#[test]
fn ten_minutes_lead_from_the_name_of_a_region_to_its_published_guide() {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() }).unwrap();
    let (origin, desk) = (workerd.origin(), Desk::new());
    let commands = ten_minutes();
    let verbs: Vec<&str> = commands.iter().map(|command| command[0].as_str()).collect();
    assert_eq!(verbs, ["new", "compose", "sync", "validate", "publish"]);
    for command in &commands {
        // No test asks a public list: one of this machine stands for them.
        if command[0] == "sync" {
            desk.write("bretagne/liste.csv", "NOM;ADRESSE;CP;COMMUNE;TEL\nMission locale des Ajoncs;1 rue des Ajoncs;35000;Rennes;02 99 00 00 01\n");
            desk.write("bretagne/sources.toml", "[[source]]\nname = \"Liste\"\naddress = \"liste.csv\"\n");
        }
        let command: Vec<String> = command.iter().map(|word| word.replace("https://HOST", &origin)).collect();
        desk.succeeds_with(0, &command.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let guide = workerd.client().get("/v1/guide").send().unwrap().json();
    let said = guide.to_string();
    assert!(said.contains("Bretagne") && !said.contains("Auvergne-Rhône-Alpes"), "{said}");

    let person = |commune: &str, answer: &str| {
        desk.json(0, &["recommend", "--live", "--commune", commune, "--answer", answer, "--server", &origin])
    };
    let place = person("35238", "situation=young").to_string();
    assert!(place.contains("Mission locale des Ajoncs"), "{place}");
    // Nobody is far from a way forward where no place is known.
    let remote = person("29019", "situation=job-seeker").to_string();
    assert!(remote.contains("https://www.francetravail.fr") && !remote.contains("Rhône"), "{remote}");
}
