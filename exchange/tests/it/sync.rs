//! Sources that are followed: what they said, what they say, what was decided here.

use crate::reference;
use exchange::import::import;
use exchange::refusal::Refusal;
use exchange::sync::report::SourceReport;
use exchange::sync::sources::{Every, Source, Sources};
use exchange::sync::state::State;
use exchange::sync::{Answers, Followed, Reading, follow};
use shared::directory::{Directory, Structure};
use std::collections::BTreeMap;

/// A table of two places with a key.
const FIRST: &str = "ID;NOM;ADRESSE;CP;COMMUNE;TEL;MAIL\n\
    a1;Mission locale des Érables;1 rue des Érables;26000;Valence;04 75 00 00 01;accueil@erables.exemple.fr\n\
    a2;CIO des Tilleuls;2 rue des Tilleuls;26000;Valence;04 75 00 00 02;cio@tilleuls.exemple.fr\n";

fn source(name: &str) -> Source {
    serde_json::from_value(serde_json::json!({ "name": name, "address": "lieux.csv", "key": "ID" })).unwrap()
}

fn empty() -> Directory {
    let mut base = reference::shipped();
    base.structures.clear();
    base
}

/// What is remembered of every source, and the last directory that came out.
#[derive(Default)]
struct Desk {
    states: BTreeMap<String, State>,
}

impl Desk {
    fn read(
        &self,
        (source, text): (&Source, &str),
        answers: &Answers,
        (base, before): (&Directory, &Directory),
        earlier: &[State],
        day: &str,
    ) -> Result<(Directory, Followed), Refusal> {
        let imported = import(text.as_bytes(), before.clone(), crate::communes(), &source.options(day), day)?;
        let others = self.states.iter().filter(|(name, _)| **name != source.name);
        let others: Vec<&State> = others.map(|(_, state)| state).chain(earlier).collect();
        let reading = Reading {
            source,
            others: &others,
            state: self.states.get(&source.name),
            answers,
            base,
            geography: reference::geography(),
            today: day,
        };
        follow(reading, before, imported)
    }

    /// Reads sources one after another, as the command does, and remembers them.
    fn run(
        &mut self,
        sources: &[(&Source, &str)],
        answers: &Answers,
        base: &Directory,
        day: &str,
    ) -> (Directory, Vec<SourceReport>) {
        let mut directory = base.clone();
        let mut all = Vec::new();
        for (source, text) in sources {
            let earlier: Vec<State> = all.iter().map(|one: &Followed| one.state(base, &directory)).collect();
            let read = self.read((source, text), answers, (base, &directory), &earlier, day).unwrap();
            let (next, followed) = read;
            directory = next;
            all.push(followed);
        }
        for followed in &all {
            // Through text, as the command keeps it.
            let state = serde_json::to_string(&followed.state(base, &directory)).unwrap();
            self.states.insert(followed.report.source.clone(), serde_json::from_str(&state).unwrap());
        }
        (directory, all.into_iter().map(|followed| followed.report).collect())
    }

    fn day(&mut self, text: &str, base: &Directory, day: &str) -> (Directory, SourceReport) {
        let source = source("liste");
        let (directory, mut report) = self.run(&[(&source, text)], &Answers::default(), base, day);
        (directory, report.remove(0))
    }

    fn refuses(&self, text: &str, base: &Directory) -> Refusal {
        self.refuses_of(&source("liste"), text, base)
    }

    fn refuses_of(&self, source: &Source, text: &str, base: &Directory) -> Refusal {
        self.read((source, text), &Answers::default(), (base, base), &[], "2026-12-02").unwrap_err()
    }
}

fn place<'a>(directory: &'a mut Directory, name: &str) -> &'a mut Structure {
    directory.structures.iter_mut().find(|place| place.name.contains(name)).unwrap()
}

fn phones(directory: &mut Directory, name: &str) -> Vec<String> {
    place(directory, name).phones.clone()
}

const ONE: &str = "2026-12-01";
const TWO: &str = "2026-12-02";
const THREE: &str = "2026-12-03";
const FOUR: &str = "2026-12-04";

fn with_phone(phone: &str) -> String {
    FIRST.replace("04 75 00 00 01", phone)
}

#[test]
fn a_source_that_says_the_same_changes_nothing() {
    let mut desk = Desk::default();
    let (first, report) = desk.day(FIRST, &empty(), ONE);
    assert_eq!((report.added.len(), report.changed.len(), report.questions.len()), (2, 0, 0));
    let place = first.structures[0].clone();
    assert_eq!((place.source.as_deref(), place.as_of.as_deref()), (Some("liste"), Some(ONE)));
    let (second, report) = desk.day(FIRST, &first, ONE);
    assert_eq!(second, first);
    assert!(report.is_quiet() && report.found == 2, "{report:?}");
}

#[test]
fn what_nobody_touched_follows_the_source() {
    let mut desk = Desk::default();
    let (first, _) = desk.day(FIRST, &empty(), ONE);
    let (mut second, report) = desk.day(&with_phone("04 75 00 00 11"), &first, TWO);
    assert_eq!(phones(&mut second, "Érables"), ["04 75 00 00 11"]);
    assert_eq!((report.changed.len(), report.changed[0].field), (1, "phones"));
    assert!(report.questions.is_empty() && report.decided_here.is_empty(), "{report:?}");
}

/// By hand in the file, which leaves no trace, and as `/admin` does it, which leaves one.
#[test]
fn a_correction_stays_until_the_source_changes_that_very_field_and_then_a_person_is_asked() {
    for leaves_a_trace in [false, true] {
        let mut desk = Desk::default();
        let (mut first, _) = desk.day(FIRST, &empty(), ONE);
        let before = place(&mut first, "Érables").clone();
        let here = place(&mut first, "Érables");
        here.phones = vec!["04 75 99 99 99".to_owned()];
        if leaves_a_trace {
            here.correct(Some(&before), ONE);
        }
        // The source changes another field of it.
        let mailed = FIRST.replace("accueil@erables", "contact@erables");
        let (mut second, report) = desk.day(&mailed, &first, TWO);
        assert_eq!(phones(&mut second, "Érables"), ["04 75 99 99 99"]);
        assert_eq!(place(&mut second, "Érables").emails, ["contact@erables.exemple.fr"]);
        assert!(report.questions.is_empty(), "{report:?}");
        assert_eq!((report.decided_here.len(), report.changed.len()), (1, 1), "{report:?}");
        // Then that very field.
        let changed = mailed.replace("04 75 00 00 01", "04 75 00 00 11");
        let (mut third, report) = desk.day(&changed, &second, THREE);
        assert_eq!(phones(&mut third, "Érables"), ["04 75 99 99 99"]);
        let question = &report.questions[0];
        assert_eq!(question.before.as_ref().unwrap()[0], "04 75 00 00 01", "{leaves_a_trace}");
        assert_eq!(
            (&question.now[0], &question.here[0]),
            (&"04 75 00 00 11".into(), &"04 75 99 99 99".into())
        );
        let text = report.to_text(5, true);
        for value in
            ["la source disait : 04 75 00 00 01", "dit maintenant : 04 75 00 00 11", "ici : 04 75 99 99 99"]
        {
            assert!(text.contains(value), "{text}");
        }
        // It is asked until there is an answer.
        let (fourth, report) = desk.day(&changed, &third, FOUR);
        assert_eq!(report.questions.len(), 1, "{report:?}");
        let answer = Answers::parse(&format!("{}:téléphones", report.questions[0].place.id)).unwrap();

        let keeps = Answers { keep: [answer.clone()].into(), ..Answers::default() };
        let mut other = Desk { states: desk.states.clone() };
        let source = source("liste");
        let (mut kept, report) = other.run(&[(&source, &changed)], &keeps, &fourth, FOUR);
        assert!(report[0].questions.is_empty() && report[0].answered.len() == 1, "{report:?}");
        assert_eq!(phones(&mut kept, "Érables"), ["04 75 99 99 99"]);
        let (mut after, report) = other.day(&changed, &kept, FOUR);
        assert!(report.questions.is_empty() && report.decided_here.len() == 1, "{report:?}");
        assert_eq!(phones(&mut after, "Érables"), ["04 75 99 99 99"]);
        // Once more, the source changes it.
        let again = changed.replace("04 75 00 00 11", "04 75 00 00 21");
        assert_eq!(other.day(&again, &after, FOUR).1.questions.len(), 1);

        let answers = Answers { take: [answer].into(), ..Answers::default() };
        let (mut taken, report) = desk.run(&[(&source, &changed)], &answers, &fourth, FOUR);
        assert!(report[0].questions.is_empty() && report[0].answered.len() == 1, "{report:?}");
        assert_eq!(phones(&mut taken, "Érables"), ["04 75 00 00 11"]);
        assert!(place(&mut taken, "Érables").corrections.is_empty());
        let (mut followed, report) = desk.day(&again, &taken, FOUR);
        assert!(report.questions.is_empty(), "{report:?}");
        assert_eq!(phones(&mut followed, "Érables"), ["04 75 00 00 21"]);
    }
}

/// A phone that a person added beside that of the source is a decision too.
#[test]
fn what_a_person_added_is_not_lost_when_the_source_changes() {
    let mut desk = Desk::default();
    let (mut first, _) = desk.day(FIRST, &empty(), ONE);
    place(&mut first, "Érables").phones.push("04 75 99 99 99".to_owned());
    let (second, report) = desk.day(FIRST, &first, TWO);
    assert!(report.is_quiet(), "{report:?}");
    let (mut third, report) = desk.day(&with_phone("04 75 00 00 11"), &second, THREE);
    assert_eq!(phones(&mut third, "Érables"), ["04 75 00 00 01", "04 75 99 99 99"]);
    assert_eq!(report.questions.len(), 1, "{report:?}");
}

#[test]
fn a_draft_that_was_not_published_is_no_decision() {
    let mut desk = Desk::default();
    let (first, _) = desk.day(FIRST, &empty(), ONE);
    let changed = with_phone("04 75 00 00 11");
    for day in [TWO, THREE, FOUR] {
        // What is live is still the first.
        let (mut next, report) = desk.day(&changed, &first, day);
        assert_eq!(phones(&mut next, "Érables"), ["04 75 00 00 11"], "{day}");
        assert_eq!((report.changed.len(), report.questions.len()), (1, 0), "{day} {report:?}");
    }
    // Somebody corrects another place meanwhile: no adoption either.
    let mut live = first;
    place(&mut live, "Tilleuls").phones = vec!["04 75 99 99 99".to_owned()];
    let (mut next, report) = desk.day(&changed, &live, FOUR);
    assert_eq!(phones(&mut next, "Érables"), ["04 75 00 00 11"]);
    assert_eq!(phones(&mut next, "Tilleuls"), ["04 75 99 99 99"]);
    assert_eq!(
        (report.changed.len(), report.decided_here.len(), report.questions.len()),
        (1, 1, 0),
        "{report:?}"
    );
}

#[test]
fn a_place_that_vanished_is_told_every_day_and_stays() {
    let mut desk = Desk::default();
    let (first, _) = desk.day(FIRST, &empty(), ONE);
    let short = FIRST.lines().take(2).collect::<Vec<_>>().join("\n") + "\n";
    let (second, report) = desk.day(&short, &first, TWO);
    assert_eq!((second.structures.len(), report.gone.len()), (2, 1));
    let (third, report) = desk.day(&short, &second, THREE);
    assert_eq!(
        (report.gone[0].place.name.as_str(), report.gone[0].since.as_str()),
        ("CIO des Tilleuls", TWO)
    );
    // It comes back as the same place.
    let (fourth, report) = desk.day(FIRST, &third, FOUR);
    assert_eq!(fourth.structures.len(), 2);
    assert!(report.gone.is_empty() && report.added.is_empty() && report.questions.is_empty(), "{report:?}");
}

#[test]
fn a_place_that_was_removed_here_stays_removed() {
    for key in [Some("ID"), None] {
        let mut desk = Desk::default();
        let source = Source { key: key.map(str::to_owned), ..source("liste") };
        let none = Answers::default();
        let (mut directory, _) = desk.run(&[(&source, FIRST)], &none, &empty(), ONE);
        directory.structures.retain(|place| !place.name.contains("Tilleuls"));
        for day in [TWO, THREE, FOUR] {
            let (next, report) = desk.run(&[(&source, FIRST)], &none, &directory, day);
            assert_eq!(next.structures.len(), 1, "{key:?} {day}");
            assert_eq!(report[0].removed_here.len(), 1, "{key:?} {day} {report:?}");
            directory = next;
        }
    }
}

/// Two sources of the same place: each day they say the same, hence nothing moves; the one that
/// changes is followed.
#[test]
fn two_sources_of_one_place_do_not_push_it_to_and_fro() {
    let mut desk = Desk::default();
    let (one, two) = (source("une"), source("autre"));
    let other = with_phone("04 75 00 00 51");
    let none = Answers::default();
    let (mut directory, _) = desk.run(&[(&one, FIRST), (&two, &other)], &none, &empty(), ONE);
    assert_eq!(
        (directory.structures.len(), phones(&mut directory, "Érables")),
        (2, vec!["04 75 00 00 51".into()])
    );
    for day in [TWO, THREE] {
        let (next, report) = desk.run(&[(&one, FIRST), (&two, &other)], &none, &directory, day);
        assert!(
            report.iter().all(|report| report.is_quiet()
                && report.decided_here.is_empty()
                && report.questions.is_empty()),
            "{report:?}"
        );
        directory = next;
    }
    let changed = with_phone("04 75 00 00 11");
    let (mut next, report) = desk.run(&[(&one, &changed), (&two, &other)], &none, &directory, FOUR);
    assert_eq!(phones(&mut next, "Érables"), ["04 75 00 00 11"], "{report:?}");
    assert!(
        report.iter().all(|report| report.questions.is_empty() && report.decided_here.is_empty()),
        "{report:?}"
    );
    directory = next;
    // A person's value is one of neither.
    place(&mut directory, "Érables").phones = vec!["04 75 99 99 99".to_owned()];
    let again = with_phone("04 75 00 00 61");
    let (mut next, report) = desk.run(&[(&one, &changed), (&two, &again)], &none, &directory, FOUR);
    assert_eq!(phones(&mut next, "Érables"), ["04 75 99 99 99"]);
    let asked: usize = report.iter().map(|report| report.questions.len()).sum();
    assert_eq!(asked, 1, "{report:?}");
}

/// Now one of two sources changes a phone, now the other: the last change is followed.
#[test]
fn the_last_change_of_two_sources_is_followed_without_a_question() {
    let mut desk = Desk::default();
    let (one, two) = (source("une"), source("autre"));
    let none = Answers::default();
    let mut directory = empty();
    let days = [
        (ONE, "01", "51", "51"),
        (TWO, "01", "52", "52"),
        (THREE, "02", "52", "02"),
        (FOUR, "02", "53", "53"),
    ];
    for (day, first, second, expect) in days {
        let (first, second) = (format!("04 75 00 00 {first}"), format!("04 75 00 00 {second}"));
        let (first, second) = (with_phone(&first), with_phone(&second));
        let both = [(&one, first.as_str()), (&two, second.as_str())];
        // One day, the first cannot be read.
        let read = if day == TWO { &both[1..] } else { &both[..] };
        let (mut next, reports) = desk.run(read, &none, &directory, day);
        assert_eq!(phones(&mut next, "Érables"), [format!("04 75 00 00 {expect}")], "{day} {reports:?}");
        let is_settled =
            |report: &SourceReport| report.questions.is_empty() && report.decided_here.is_empty();
        assert!(reports.iter().all(is_settled), "{day} {reports:?}");
        directory = next;
    }
}

/// One source writes the names of its places otherwise: that is no question to anybody.
#[test]
fn two_sources_that_never_agree_are_told_and_not_asked_about() {
    let mut desk = Desk::default();
    let (one, two) = (source("une"), source("autre"));
    let other = FIRST.replace("Mission locale des Érables", "Mission locale - Érables");
    let none = Answers::default();
    let mut directory = empty();
    for day in [ONE, TWO, THREE] {
        let (next, report) = desk.run(&[(&one, FIRST), (&two, &other)], &none, &directory, day);
        assert_eq!(next.structures.len(), 2);
        assert!(
            report.iter().all(|report| report.questions.is_empty() && report.decided_here.is_empty()),
            "{day} {report:?}"
        );
        directory = next;
    }
}

#[test]
fn a_source_that_cannot_be_believed_is_refused() {
    let mut desk = Desk::default();
    let many: String = (0..20).fold(String::new(), |rows, number| {
        rows + &format!(
            "b{number};CIO {number};{number} rue des Tilleuls;26000;Valence;04 75 00 01 {number:02};\n"
        )
    });
    let all = format!("{FIRST}{many}");
    let (directory, _) = desk.day(&all, &empty(), ONE);
    assert!(directory.structures.len() > 20);
    let refusal = desk.refuses(FIRST, &directory);
    assert_eq!(refusal.code, "shrunk-source");
    assert!(refusal.message.contains("que 2 fiches ; il en avait 22"), "{refusal}");
    let retitled = all.replacen("TEL", "VALEUR", 1);
    let refusal = desk.refuses(&retitled.replacen("MAIL", "AUTRE", 1), &directory);
    assert_eq!(refusal.code, "another-schema");
    assert!(refusal.message.contains("« TEL »"), "{refusal}");
    let json = "[{\"ID\": \"a1\", \"NOM\": \"CIO\", \"CP\": \"26000\", \"COMMUNE\": \"Valence\"}]";
    assert_eq!(desk.refuses(json, &directory).code, "another-schema");
    let asked = Source { format: Some("xlsx".to_owned()), ..source("une autre") };
    assert_eq!(desk.refuses_of(&asked, FIRST, &directory).code, "another-schema");
    let elsewhere = Source { departments: vec!["01".to_owned()], ..source("une autre") };
    assert_eq!(desk.refuses_of(&elsewhere, FIRST, &directory).code, "nothing-taken");
}

#[test]
fn only_the_networks_and_departments_that_are_wanted_are_taken_and_the_rest_is_counted() {
    let mut desk = Desk::default();
    let here = Source { networks: vec!["cio".to_owned()], ..source("liste") };
    let (directory, report) = desk.run(&[(&here, FIRST)], &Answers::default(), &empty(), ONE);
    assert_eq!(directory.structures.len(), 1);
    assert_eq!(report[0].left_out.get("réseau mission-locale, non demandé"), Some(&1), "{report:?}");
    assert_eq!(report[0].read, 2);
}

#[test]
fn the_file_of_sources_is_looked_at_before_anything_is_fetched() {
    let sources = |source: serde_json::Value| -> Sources {
        serde_json::from_value(serde_json::json!({ "source": [source] })).unwrap()
    };
    let good = serde_json::json!({ "name": "Liste", "address": "https://exemple.fr/a.csv", "every": "week" });
    let read = sources(good.clone());
    assert!(read.check().is_ok());
    assert_eq!((read.sources[0].every, read.sources[0].every.days()), (Every::Week, 7));
    assert_eq!((read.sources[0].timeout, read.sources[0].least), (60, 50));
    for (field, value, said) in [
        ("name", serde_json::json!("?"), "n’a pas de nom"),
        ("address", serde_json::json!(""), "est vide"),
        ("address", serde_json::json!("ftp://exemple.fr/a.csv"), "« ftp:// » n’est pas lu"),
        ("format", serde_json::json!("pdf"), "« pdf » n’existe pas"),
        ("columns", serde_json::json!({ "TEL": "téléfone" }), "n’est pas un champ"),
        ("decisions", serde_json::json!({ "groups": { "none": "accept" } }), "n’est le code de rien"),
        ("timeout", serde_json::json!(0), "« timeout = 0 »"),
        ("largest", serde_json::json!(0), "« largest = 0 »"),
        ("least", serde_json::json!(101), "« least = 101 »"),
    ] {
        let mut one = good.clone();
        one[field] = value;
        let refusal = sources(one).check().unwrap_err();
        assert!(refusal.message.contains(said), "{field}: {refusal}");
    }
    assert!(Sources::default().check().is_err());
    let twice = Sources { sources: vec![read.sources[0].clone(), read.sources[0].clone()], publish: None };
    assert!(twice.check().unwrap_err().message.contains("deux sources"));
}

/// Two places of a file at one address are a doubt each day; only the day on which one is new is
/// there anything to be taken twice.
#[test]
fn only_a_new_place_may_be_there_twice() {
    let mut desk = Desk::default();
    let double =
        format!("{FIRST}a3;CIO des Tilleuls – antenne;2 rue des Tilleuls;26000;Valence;04 75 00 00 03;\n");
    let (first, report) = desk.day(&double, &empty(), ONE);
    assert_eq!((first.structures.len(), report.twins), (3, 1), "{report:?}");
    let (_, report) = desk.day(&double, &first, TWO);
    assert_eq!((report.found, report.twins), (3, 0), "{report:?}");
    assert!(report.findings.iter().any(|group| group.code == "possible-duplicate"), "{report:?}");
}
