//! Sources that are followed: what they said, what they say, what was decided here.

use crate::reference;
use exchange::import::import;
use exchange::refusal::Refusal;
use exchange::sync::sources::{Every, Source, Sources};
use exchange::sync::state::State;
use exchange::sync::told::Told;
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
    ) -> (Directory, Vec<Told>) {
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
            self.states.insert(followed.told.source.clone(), serde_json::from_str(&state).unwrap());
        }
        (directory, all.into_iter().map(|followed| followed.told).collect())
    }

    fn day(&mut self, text: &str, base: &Directory, day: &str) -> (Directory, Told) {
        let source = source("liste");
        let (directory, mut told) = self.run(&[(&source, text)], &Answers::default(), base, day);
        (directory, told.remove(0))
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
    let (first, told) = desk.day(FIRST, &empty(), ONE);
    assert_eq!((told.added.len(), told.changed.len(), told.questions.len()), (2, 0, 0));
    let place = first.structures[0].clone();
    assert_eq!((place.source.as_deref(), place.as_of.as_deref()), (Some("liste"), Some(ONE)));
    let (second, told) = desk.day(FIRST, &first, ONE);
    assert_eq!(second, first);
    assert!(told.is_quiet() && told.found == 2, "{told:?}");
}

#[test]
fn what_nobody_touched_follows_the_source() {
    let mut desk = Desk::default();
    let (first, _) = desk.day(FIRST, &empty(), ONE);
    let (mut second, told) = desk.day(&with_phone("04 75 00 00 11"), &first, TWO);
    assert_eq!(phones(&mut second, "Érables"), ["04 75 00 00 11"]);
    assert_eq!((told.changed.len(), told.changed[0].field), (1, "phones"));
    assert!(told.questions.is_empty() && told.kept.is_empty(), "{told:?}");
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
        let (mut second, told) = desk.day(&mailed, &first, TWO);
        assert_eq!(phones(&mut second, "Érables"), ["04 75 99 99 99"]);
        assert_eq!(place(&mut second, "Érables").emails, ["contact@erables.exemple.fr"]);
        assert!(told.questions.is_empty(), "{told:?}");
        assert_eq!((told.kept.len(), told.changed.len()), (1, 1), "{told:?}");
        // Then that very field.
        let changed = mailed.replace("04 75 00 00 01", "04 75 00 00 11");
        let (mut third, told) = desk.day(&changed, &second, THREE);
        assert_eq!(phones(&mut third, "Érables"), ["04 75 99 99 99"]);
        let question = &told.questions[0];
        assert_eq!(question.said.as_ref().unwrap()[0], "04 75 00 00 01", "{leaves_a_trace}");
        assert_eq!(
            (&question.says[0], &question.ours[0]),
            (&"04 75 00 00 11".into(), &"04 75 99 99 99".into())
        );
        let text = told.to_text(5, true);
        for value in
            ["la source disait : 04 75 00 00 01", "dit maintenant : 04 75 00 00 11", "ici : 04 75 99 99 99"]
        {
            assert!(text.contains(value), "{text}");
        }
        // It is asked until there is an answer.
        let (fourth, told) = desk.day(&changed, &third, FOUR);
        assert_eq!(told.questions.len(), 1, "{told:?}");
        let answer = Answers::parse(&format!("{}:téléphones", told.questions[0].place.id)).unwrap();

        let keeps = Answers { keep: [answer.clone()].into(), ..Answers::default() };
        let mut other = Desk { states: desk.states.clone() };
        let source = source("liste");
        let (mut kept, told) = other.run(&[(&source, &changed)], &keeps, &fourth, FOUR);
        assert!(told[0].questions.is_empty() && told[0].answered.len() == 1, "{told:?}");
        assert_eq!(phones(&mut kept, "Érables"), ["04 75 99 99 99"]);
        let (mut after, told) = other.day(&changed, &kept, FOUR);
        assert!(told.questions.is_empty() && told.kept.len() == 1, "{told:?}");
        assert_eq!(phones(&mut after, "Érables"), ["04 75 99 99 99"]);
        // Once more, the source changes it.
        let again = changed.replace("04 75 00 00 11", "04 75 00 00 21");
        assert_eq!(other.day(&again, &after, FOUR).1.questions.len(), 1);

        let answers = Answers { take: [answer].into(), ..Answers::default() };
        let (mut taken, told) = desk.run(&[(&source, &changed)], &answers, &fourth, FOUR);
        assert!(told[0].questions.is_empty() && told[0].answered.len() == 1, "{told:?}");
        assert_eq!(phones(&mut taken, "Érables"), ["04 75 00 00 11"]);
        assert!(place(&mut taken, "Érables").corrections.is_empty());
        let (mut followed, told) = desk.day(&again, &taken, FOUR);
        assert!(told.questions.is_empty(), "{told:?}");
        assert_eq!(phones(&mut followed, "Érables"), ["04 75 00 00 21"]);
    }
}

/// A phone that a person added beside that of the source is a decision too.
#[test]
fn what_a_person_added_is_not_lost_when_the_source_changes() {
    let mut desk = Desk::default();
    let (mut first, _) = desk.day(FIRST, &empty(), ONE);
    place(&mut first, "Érables").phones.push("04 75 99 99 99".to_owned());
    let (second, told) = desk.day(FIRST, &first, TWO);
    assert!(told.is_quiet(), "{told:?}");
    let (mut third, told) = desk.day(&with_phone("04 75 00 00 11"), &second, THREE);
    assert_eq!(phones(&mut third, "Érables"), ["04 75 00 00 01", "04 75 99 99 99"]);
    assert_eq!(told.questions.len(), 1, "{told:?}");
}

#[test]
fn a_draft_that_was_not_published_is_no_decision() {
    let mut desk = Desk::default();
    let (first, _) = desk.day(FIRST, &empty(), ONE);
    let changed = with_phone("04 75 00 00 11");
    for day in [TWO, THREE, FOUR] {
        // What is live is still the first.
        let (mut next, told) = desk.day(&changed, &first, day);
        assert_eq!(phones(&mut next, "Érables"), ["04 75 00 00 11"], "{day}");
        assert_eq!((told.changed.len(), told.questions.len()), (1, 0), "{day} {told:?}");
    }
    // Somebody corrects another place meanwhile: no adoption either.
    let mut live = first;
    place(&mut live, "Tilleuls").phones = vec!["04 75 99 99 99".to_owned()];
    let (mut next, told) = desk.day(&changed, &live, FOUR);
    assert_eq!(phones(&mut next, "Érables"), ["04 75 00 00 11"]);
    assert_eq!(phones(&mut next, "Tilleuls"), ["04 75 99 99 99"]);
    assert_eq!((told.changed.len(), told.kept.len(), told.questions.len()), (1, 1, 0), "{told:?}");
}

#[test]
fn a_place_that_vanished_is_told_every_day_and_stays() {
    let mut desk = Desk::default();
    let (first, _) = desk.day(FIRST, &empty(), ONE);
    let short = FIRST.lines().take(2).collect::<Vec<_>>().join("\n") + "\n";
    let (second, told) = desk.day(&short, &first, TWO);
    assert_eq!((second.structures.len(), told.gone.len()), (2, 1));
    let (third, told) = desk.day(&short, &second, THREE);
    assert_eq!((told.gone[0].place.name.as_str(), told.gone[0].since.as_str()), ("CIO des Tilleuls", TWO));
    // It comes back as the same place.
    let (fourth, told) = desk.day(FIRST, &third, FOUR);
    assert_eq!(fourth.structures.len(), 2);
    assert!(told.gone.is_empty() && told.added.is_empty() && told.questions.is_empty(), "{told:?}");
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
            let (next, told) = desk.run(&[(&source, FIRST)], &none, &directory, day);
            assert_eq!(next.structures.len(), 1, "{key:?} {day}");
            assert_eq!(told[0].removed_here.len(), 1, "{key:?} {day} {told:?}");
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
        let (next, told) = desk.run(&[(&one, FIRST), (&two, &other)], &none, &directory, day);
        assert!(
            told.iter().all(|told| told.is_quiet() && told.kept.is_empty() && told.questions.is_empty()),
            "{told:?}"
        );
        directory = next;
    }
    let changed = with_phone("04 75 00 00 11");
    let (mut next, told) = desk.run(&[(&one, &changed), (&two, &other)], &none, &directory, FOUR);
    assert_eq!(phones(&mut next, "Érables"), ["04 75 00 00 11"], "{told:?}");
    assert!(told.iter().all(|told| told.questions.is_empty() && told.kept.is_empty()), "{told:?}");
    directory = next;
    // A person's value is one of neither.
    place(&mut directory, "Érables").phones = vec!["04 75 99 99 99".to_owned()];
    let again = with_phone("04 75 00 00 61");
    let (mut next, told) = desk.run(&[(&one, &changed), (&two, &again)], &none, &directory, FOUR);
    assert_eq!(phones(&mut next, "Érables"), ["04 75 99 99 99"]);
    let asked: usize = told.iter().map(|told| told.questions.len()).sum();
    assert_eq!(asked, 1, "{told:?}");
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
        let (next, told) = desk.run(&[(&one, FIRST), (&two, &other)], &none, &directory, day);
        assert_eq!(next.structures.len(), 2);
        assert!(told.iter().all(|told| told.questions.is_empty() && told.kept.is_empty()), "{day} {told:?}");
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
    let (directory, told) = desk.run(&[(&here, FIRST)], &Answers::default(), &empty(), ONE);
    assert_eq!(directory.structures.len(), 1);
    assert_eq!(told[0].left_out.get("réseau mission-locale, non demandé"), Some(&1), "{told:?}");
    assert_eq!(told[0].read, 2);
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
    let (first, told) = desk.day(&double, &empty(), ONE);
    assert_eq!((first.structures.len(), told.twins), (3, 1), "{told:?}");
    let (_, told) = desk.day(&double, &first, TWO);
    assert_eq!((told.found, told.twins), (3, 0), "{told:?}");
    assert!(told.findings.iter().any(|group| group.code == "possible-duplicate"), "{told:?}");
}
