//! `recommend`: one person or many, a directory on this desk, and the cards that the guide would
//! show.

use crate::desk::{Desk, shipped, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::process::Command;

const YOUNG: [&str; 8] = [
    "--answer",
    "situation=young",
    "--answer",
    "youth=none",
    "--answer",
    "goal=job",
    "--answer",
    "disability=no",
];

fn with(arguments: &[&'static str]) -> Vec<&'static str> {
    [&["recommend"], arguments, &YOUNG[..]].concat()
}

#[test]
fn a_person_reads_where_to_go_why_and_how() {
    let out = Desk::new().succeeds_with(0, &with(&["--commune", "romans sur isere"]));
    for said in [
        "Romans-sur-Isère (26281, Drôme, 26100)",
        "LE LIEU OÙ ALLER D’ABORD\n\n  Mission locale",
        "Pourquoi",
        "Règle        R",
        "Services     accueil et information, conseil, accompagnement",
        "Niveau       1 et 2",
        "km à vol d’oiseau",
        "Adresse",
        "Téléphone    04",
        "Liste du     20",
        "AUSSI UTILE",
        "PAR TÉLÉPHONE OU SUR INTERNET",
        "situation=young",
    ] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    assert!(!out.contains("QUESTIONS ENCORE OUVERTES"), "everything is answered\n{out}");
}

#[test]
fn what_is_not_answered_stays_open_and_says_what_it_might_change() {
    let desk = Desk::new();
    let out = desk.succeeds_with(
        0,
        &["recommend", "--commune", "26281", "--answer", "situation=job-seeker", "--answer", "youth=none"],
    );
    let (_, open) = out.split_once("QUESTIONS ENCORE OUVERTES").expect("open questions");
    assert!(open.contains("profile=rsa :") && open.contains("ce qui peut changer :"), "{out}");
    assert!(open.contains("Conseil départemental") && open.contains("goal=abroad :"), "{out}");
    assert!(!open.contains("situation=young"), "{out}");
    assert!(out.contains("Ne comptent pas\u{a0}: youth"), "{out}");
    // An answer kept to oneself leaves its question open.
    let mut kept = with(&["--commune", "26281"]);
    kept.extend(["--answer", "disability=unsaid"]);
    let out = desk.succeeds_with(0, &kept);
    let (_, open) = out.split_once("QUESTIONS ENCORE OUVERTES").expect("open questions");
    assert!(
        open.contains("disability=yes") && open.contains("Cap emploi") && !open.contains("goal=job"),
        "{out}"
    );
}

#[test]
fn a_commune_is_meant_by_any_of_its_names() {
    let desk = Desk::new();
    let code = |commune: &'static str| {
        desk.json(0, &with(&["--commune", commune]))["commune"]["code"].as_str().unwrap().to_owned()
    };
    for commune in ["26281", "Romans-sur-Isère", "26100 romans", " ROMANS SUR ISÈRE "] {
        assert_eq!(code(commune), "26281", "{commune}");
    }
    // A former code, a former name, a name that begins others, an arrondissement.
    for (commune, expected) in [
        ("01091", "01033"),
        ("chatillon en michaille", "01033"),
        ("valence", "26362"),
        ("Lyon 3ème", "69383"),
    ] {
        assert_eq!(code(commune), expected, "{commune}");
    }
    for (commune, said) in [
        ("saint-martin", "Saint-Martin-d'Hères (38421, Isère, 38400)"),
        ("romns-sur-isere", "Vouliez-vous dire :\n  Romans-sur-Isère (26281"),
        ("Marseille", "Marseille (13055) n’est pas dans la région"),
        ("13055", "Marseille (13055) n’est pas dans la région"),
        ("99999", "ne correspond à « 99999 »"),
    ] {
        let err = desk.fails_with(2, &with(&["--commune", commune]));
        assert!(err.contains(said), "{commune}: {err}");
    }
    assert_eq!(desk.json(2, &with(&["--commune", "zz"]))["error"]["code"], "unknown-commune");
}

#[test]
fn a_wrong_word_is_answered_with_all_that_is_possible() {
    let desk = Desk::new();
    desk.write("answers.json", "[]");
    for (arguments, said) in [
        (&["--answer", "gaol=job"][..], "Vouliez-vous dire « goal » ?"),
        (&["--answer", "gaol=job"], "disability : Avez-vous"),
        (&["--answer", "youth=16_17"], "youth=16-17 : J’ai 16 ou 17 ans"),
        (&["--answer", "goal"], "--answer question=choix"),
        (&["--language", "xx"], "Langues possibles : ar, en, fr"),
        (&["--edition", "1789"], "Éditions livrées : 2016, 2026"),
        (&["--on", "demain"], "« demain » n’est pas une date"),
        (&["--live", "--edition", "2016"], "ne vont pas ensemble"),
    ] {
        let err = desk.fails_with(2, &[&["recommend", "--commune", "26281"], arguments].concat());
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
    assert!(desk.fails_with(2, &["recommend"]).contains("--commune"));
    let err = desk.fails_with(1, &["recommend", "--commune", "26281", "--answers", "answers.json"]);
    assert!(err.contains("n’est pas un objet JSON"), "{err}");
    assert!(
        desk.fails_with(1, &["recommend", "--commune", "26281", "--answers", "none"])
            .contains("n’existe pas")
    );
}

#[test]
fn answers_of_a_file_count_and_those_of_the_command_line_count_more() {
    let desk = Desk::new();
    desk.write("answers.json", json!({ "situation": "pupil", "track": "school" }).to_string());
    let file = ["recommend", "--commune", "26281", "--answers", "answers.json"];
    assert_eq!(desk.json(0, &file)["answers"], json!({ "situation": "pupil", "track": "school" }));
    let answer = desk.json(0, &[&file[..], &["--answer", "track=catholic"]].concat());
    assert_eq!(answer["answers"]["track"], "catholic");
}

#[test]
fn a_file_and_each_shipped_edition_answer_on_any_day() {
    let desk = Desk::new();
    let mut directory: Value = serde_json::from_str(&shipped()).unwrap();
    desk.write("same.json", shipped());
    for rule in directory["edition"]["rules"].as_array_mut().unwrap() {
        if rule["when"] != "always" {
            rule["valid_until"] = json!("2030-12-31");
        }
    }
    desk.write("ends.json", directory.to_string());
    directory["structures"][0]["commune"] = json!("99999");
    desk.write("wrong.json", directory.to_string());

    let raw =
        |arguments: &[&'static str]| text(&desk.run(&[&with(arguments)[..], &["--json"]].concat()).stdout);
    let own = raw(&["--commune", "26281"]);
    assert_eq!(raw(&["--commune", "26281", "--edition", "same.json"]), own);
    assert_eq!(raw(&["--commune", "26281", "--edition", "2026"]), own);
    assert_eq!(own.lines().count(), 1, "as the API writes it");
    let ends = ["--commune", "26281", "--edition", "ends.json", "--on"];
    let rule = |day: &'static str| desk.json(0, &with(&[&ends[..], &[day]].concat()))["main"]["rule"].clone();
    assert_ne!(rule("2030-12-31"), rule("2031-01-01"), "a rule that ends does not count any more");
    let of_2016 = desk.json(0, &["recommend", "--commune", "26281", "--edition", "2016"]);
    assert_eq!(of_2016["edition"], "2016");
    let out = desk.succeeds_with(1, &with(&["--commune", "26281", "--edition", "wrong.json"]));
    assert!(out.contains("ne peut orienter personne") && out.contains("unknown-commune"), "{out}");
}

#[test]
fn a_batch_says_to_each_person_what_they_are_told_alone() {
    let desk = Desk::new();
    let people = [
        ("romans sur isere", vec!["situation=young", "youth=16-17", "goal=job"]),
        ("74010", vec![]),
        ("Lyon 3ème", vec!["situation=unsaid", "goal=train"]),
    ];
    let (mut lines, mut alone) = (String::new(), String::new());
    for (commune, given) in &people {
        let answers: BTreeMap<&str, &str> =
            given.iter().map(|answer| answer.split_once('=').expect("an answer")).collect();
        // Empty lines, and the ends of lines of Windows, trouble nobody.
        let _ = write!(lines, "{}\r\n\n", json!({ "commune": commune, "answers": answers }));
        let mut arguments = vec!["recommend", "--json", "--commune", commune];
        arguments.extend(given.iter().flat_map(|answer| ["--answer", answer]));
        alone += &desk.succeeds_with(0, &arguments);
    }
    assert_eq!(alone.lines().count(), people.len());
    desk.write("people.jsonl", &lines).write("nobody.jsonl", "");
    let file = ["recommend", "--batch", "people.jsonl"];
    assert_eq!(desk.succeeds_with(0, &file), alone);
    assert_eq!(desk.succeeds_with(0, &[&file[..], &["--json"]].concat()), alone);
    assert_eq!(desk.succeeds_with(0, &["recommend", "--batch", "nobody.jsonl"]), "");

    let piped = Command::new(env!("CARGO_BIN_EXE_spro"))
        .args(["recommend", "--batch", "-"])
        .stdin(File::open(desk.path("people.jsonl")).unwrap())
        .output()
        .unwrap();
    assert_eq!(text(&piped.stdout), alone, "{}", text(&piped.stderr));
}

#[test]
fn a_line_of_a_batch_that_cannot_be_answered_is_named_and_nothing_is_said() {
    let desk = Desk::new();
    let somebody = json!({ "commune": "26281", "answers": {} });
    for (line, code, said) in [
        ("nonsense", "batch-line", "Ligne 3 : ce n’est pas une personne écrite en JSON"),
        (r#"{"commune":"26281"}"#, "batch-line", "Ligne 3 : "),
        (r#"{"commune":"26281","answers":{},"on":"2026-11-24"}"#, "batch-line", "Ligne 3 : "),
        (
            r#"{"commune":"Marseille","answers":{}}"#,
            "unknown-commune",
            "Ligne 3 : Marseille (13055) n’est pas",
        ),
        (r#"{"commune":"26281","answers":{"gaol":"x"}}"#, "unknown-question", "« goal »"),
        (
            r#"{"commune":"26281","answers":{"youth":"16_17"}}"#,
            "unknown-choice",
            "youth=16-17 : J’ai 16 ou 17 ans",
        ),
    ] {
        desk.write("people.jsonl", format!("{somebody}\n\n{line}\n{somebody}\n"));
        let batch = ["recommend", "--batch", "people.jsonl"];
        let err = desk.fails_with(1, &batch);
        assert!(err.starts_with("Ligne 3 : ") && err.contains(said), "{line}: {err}");
        assert_eq!(desk.json(1, &batch)["error"]["code"], code, "{line}");
    }
    let err = desk.fails_with(2, &["recommend", "--batch", "people.jsonl", "--commune", "26281"]);
    assert!(err.contains("ne vont pas ensemble"), "{err}");
    assert!(desk.fails_with(1, &["recommend", "--batch", "none"]).contains("n’existe pas"));
    assert!(desk.succeeds_with(0, &["recommend", "--help"]).contains("--batch"));
}
