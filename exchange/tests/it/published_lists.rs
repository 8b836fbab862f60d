//! Lists as others publish them: hours in a column for each day and with remarks, streets in
//! several columns, markup, persons beside places.

use crate::reference;
use exchange::import::columns::{Column, Field};
use exchange::import::decision::{Decision, Decisions};
use exchange::import::{Imported, Options, import};
use shared::directory::Structure;

fn read_with(text: &str, options: &Options) -> Imported {
    let mut base = reference::shipped();
    base.structures.clear();
    let imported = import(text.as_bytes(), base, crate::communes(), options, "2026-11-24").unwrap();
    let report = &imported.report;
    assert_eq!(report.read, report.kept + report.merged + report.refused, "a record is lost");
    imported
}

fn read(text: &str) -> Imported {
    read_with(text, &Options { file: "lieux.csv".into(), ..Options::default() })
}

fn place<'a>(imported: &'a Imported, town: &str) -> &'a Structure {
    let geography = reference::geography();
    let is_there =
        |place: &&Structure| geography.current(&place.commune).is_some_and(|found| found.name == town);
    imported.directory.structures.iter().find(is_there).unwrap()
}

fn column<'a>(imported: &'a Imported, title: &str) -> &'a Column {
    imported.report.columns.iter().find(|column| column.title == title).unwrap()
}

/// The week in short: `0 09:00-12:00`, days from 0 for Monday.
fn week(place: &Structure) -> String {
    let one = |hours: &shared::directory::OpeningHours| {
        let days: String = hours.days.iter().map(|day| (*day as usize).to_string()).collect();
        format!("{days} {}-{}", hours.from, hours.to)
    };
    place.hours.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn told(imported: &Imported, code: &str) -> Vec<(usize, String, String)> {
    let groups = imported.report.findings.iter().filter(|group| group.code == code);
    let rows = groups.flat_map(|group| &group.rows);
    rows.map(|row| (row.row, row.column.clone(), row.value.clone())).collect()
}

#[test]
fn columns_with_the_names_of_days_are_a_week() {
    let imported = read(
        "Nom;CP;Commune;Tel;h_mardi;h_mercredi;Horaires Jeudi matin;Horaires Jeudi après-midi;prise_rdv;Remarques\n\
         Mission locale;26000;Valence;04 75 00 00 01;8h30-12h / 14h-17h;-;8h30-12h;14h-16h;Oui;\n\
         CIO;38000;Grenoble;04 76 00 00 02;8h30-12h // sur rdv : 14h-15h;fermé;9h-11h (semaines paires);;Non;Le jeudi sur RDV\n",
    );
    let valence = place(&imported, "Valence");
    assert_eq!(week(valence), "13 08:30-12:00, 3 14:00-16:00, 1 14:00-17:00");
    assert_eq!(valence.hours_note.as_deref(), Some("Rendez-vous possible"));
    let grenoble = place(&imported, "Grenoble");
    assert_eq!(week(grenoble), "1 08:30-12:00");
    let note = "Mardi : sur rdv 14h-15h. Jeudi : 9h-11h (semaines paires). Le jeudi sur RDV";
    assert_eq!(grenoble.hours_note.as_deref(), Some(note));
    let unread = (3, "Horaires Jeudi matin".to_owned(), "Jeudi : 9h-11h (semaines paires)".to_owned());
    assert_eq!(told(&imported, "hours-as-text"), [unread]);
    let text = imported.report.to_text(true);
    assert!(text.contains("Une semaine : « h_mardi », « h_mercredi », « Horaires Jeudi matin »"), "{text}");
    // One day alone may be anything.
    let imported = read("Nom;CP;Commune;Tel;mar\nCIO;26000;Valence;04 75 00 00 01;12\n");
    assert_eq!(column(&imported, "mar").field, None);
}

#[test]
fn short_titles_side_by_side_are_a_week() {
    for titles in [
        "Lu;Ma;Me;Je;Ve;Sa",
        "L;M;M;J;V;S",
        "L;Ma;Me;J;V;S",
        "Mon;Tue;Wed;Thu;Fri;Sat",
        "lu.;ma.;me.;je.;ve.;sa.",
    ] {
        let text =
            format!("Nom;CP;Commune;{titles}\nCIO du Lac;26000;Valence;9h-12h;9h-12h;fermé;9h-12h;9h-12h;\n");
        let imported = read(&text);
        assert_eq!(week(place(&imported, "Valence")), "0134 09:00-12:00", "{titles}");
    }
    // Two letters alone are no days.
    let imported = read("Nom;CP;Commune;Ma;Me\nCIO du Lac;26000;Valence;9h-12h;9h-12h\n");
    assert_eq!(week(place(&imported, "Valence")), "");
}

#[test]
fn the_beginning_and_the_end_of_a_day_may_have_columns_of_their_own() {
    let imported = read(
        "Nom;CP;Commune;Tel;Lundi ouverture;Lundi fermeture;mardi_debut_matin;mardi_fin_matin;mardi_debut_am;mardi_fin_am\n\
         CIO;26000;Valence;04 75 00 00 01;09:00;12:00;8h30;12h;;\n\
         CIO;38000;Grenoble;04 76 00 00 02;;;8h30;12h;13h30;17h\n",
    );
    assert_eq!(week(place(&imported, "Valence")), "1 08:30-12:00, 0 09:00-12:00");
    assert_eq!(week(place(&imported, "Grenoble")), "1 08:30-12:00, 1 13:30-17:00");
    assert!(told(&imported, "hours-as-text").is_empty());
}

#[test]
fn hours_within_hours_are_certain_and_the_longer_ones_a_perhaps() {
    let imported = read(
        "Nom;CP;Commune;Tel;h_lundi;h_mardi;h_jeudi\n\
         Mission locale;26000;Valence;04 75 00 00 01;10:00 - 12:00 / 10:00 - 18:00 / 13:30 - 18:00;13:30 - 18:00 / 10:00 - 12:00 / 10:00 - 18:00;00:00 - 00:00 / 13:30 - 16:00\n\
         CIO;38000;Grenoble;04 76 00 00 02;10:00 - 13:00 / 12:00 - 18:00;9h-12h;\n",
    );
    let valence = place(&imported, "Valence");
    assert_eq!(week(valence), "01 10:00-12:00, 3 13:30-16:00, 01 13:30-18:00");
    assert_eq!(valence.hours_note.as_deref(), Some("Lundi et mardi : peut-être ouvert de 10:00 à 18:00"));
    let monday = (2, "h_lundi".to_owned(), "10:00 - 12:00 / 10:00 - 18:00 / 13:30 - 18:00".to_owned());
    assert_eq!(told(&imported, "hours-within"), [monday], "once for the row");
    let grenoble = place(&imported, "Grenoble");
    assert_eq!(week(grenoble), "1 09:00-12:00");
    assert_eq!(grenoble.hours_note.as_deref(), Some("Lundi : 10:00 - 13:00 / 12:00 - 18:00"));
    assert_eq!(told(&imported, "hours-contradict").len(), 1);
}

#[test]
fn a_mobile_takes_the_place_of_a_known_number_only_where_somebody_says_so() {
    let before = "Nom;Voie;CP;Commune;Tel\nMission locale;3 rue du Buis;26000;Valence;04 75 00 00 01\n";
    let known = read(before).directory;
    let after = "Nom;Voie;CP;Commune;Tel;Courriel\nMission locale;3 rue du Buis;26000;Valence;06 10 00 00 02;accueil@exemple.fr\n";
    let again = |decisions| {
        let options = Options { decisions, checked_on: Some("2026-11-20".into()), ..Options::default() };
        import(after.as_bytes(), known.clone(), crate::communes(), &options, "2026-11-24").unwrap()
    };
    let imported = again(Decisions::default());
    let valence = place(&imported, "Valence");
    assert_eq!((&valence.phones[..], valence.emails.len()), (&["04 75 00 00 01".to_owned()][..], 1));
    assert_eq!(told(&imported, "conflict"), [(2, "téléphones".to_owned(), "04 75 00 00 01".to_owned())]);
    let mut decisions = Decisions::default();
    decisions.decide("conflict", Decision::Accept);
    assert_eq!(place(&again(decisions), "Valence").phones, ["06 10 00 00 02"]);
}

#[test]
fn a_commune_of_common_words_is_said_once() {
    let imported = read("Nom;CP;Commune;Tel\nFrance services Val-d'Arc;73220;Val-d'Arc;04 79 00 00 01\n");
    assert_eq!(place(&imported, "Val-d'Arc").name, "France services Val-d'Arc");
}

#[test]
fn hours_that_are_not_read_are_counted_and_shown() {
    let imported = read(
        "Nom;CP;Commune;Tel;Horaires\n\
         Mission locale;26000;Valence;04 75 00 00 01;mardi et jeudi 9h-12h, avec ou sans rendez-vous\n\
         CIO;38000;Grenoble;04 76 00 00 02;\"<p>mardi 9h-12h</p><p>un <b>samedi</b> sur deux</p>\"\n\
         CIO;38200;Vienne;04 74 00 00 03;Sur rendez-vous\n",
    );
    let valence = place(&imported, "Valence");
    assert_eq!(week(valence), "13 09:00-12:00");
    assert_eq!(valence.hours_note.as_deref(), Some("Avec ou sans rendez-vous"));
    let note = "mardi 9h-12h ; un samedi sur deux";
    assert_eq!(place(&imported, "Grenoble").hours_note.as_deref(), Some(note));
    assert_eq!(told(&imported, "hours-as-text"), [(3, "Horaires".to_owned(), note.to_owned())]);
    assert_eq!(imported.report.repaired_count("markup"), 1);
}

#[test]
fn hours_beside_a_person_are_read_and_the_person_is_listed() {
    let imported = read(
        "Nom;CP;Commune;Tel;Horaires\n\
         Mission locale;26000;Valence;04 75 00 00 01;Lundi 9h-12h avec Mme Durand, mardi 14h-17h (M. Petit)\n\
         CIO;38000;Grenoble;04 76 00 00 02;mardi et jeudi 9h-12h Marie DURAND\n\
         CIO;38200;Vienne;04 74 00 00 03;\"mardi 9h-12h, semaines paires\nMme Roche\"\n",
    );
    let valence = place(&imported, "Valence");
    assert_eq!((week(valence).as_str(), &valence.hours_note), ("0 09:00-12:00, 1 14:00-17:00", &None));
    assert_eq!(week(place(&imported, "Grenoble")), "13 09:00-12:00");
    let vienne = place(&imported, "Vienne");
    assert_eq!(
        (vienne.hours.len(), vienne.hours_note.as_deref()),
        (0, Some("mardi 9h-12h, semaines paires")),
        "what is no week stays a text, without the name"
    );
    let names: Vec<String> =
        told(&imported, "name-of-a-person").into_iter().map(|(_, _, value)| value).collect();
    assert_eq!(names, ["avec Mme Durand, M. Petit", "Marie DURAND", "Mme Roche"]);
    let unread = (4, "Horaires".to_owned(), "mardi 9h-12h, semaines paires".to_owned());
    assert_eq!(told(&imported, "hours-as-text"), [unread], "of Vienne alone, as visitors read it");

    let by_day = read(
        "Nom;CP;Commune;Tel;Lundi;Mardi\n\
         CIO;26000;Valence;04 75 00 00 01;9h-12h (Mme Durand);14h-17h Paul Petit\n",
    );
    assert_eq!(week(place(&by_day, "Valence")), "0 09:00-12:00, 1 14:00-17:00");
    assert_eq!(place(&by_day, "Valence").hours_note, None);
    assert_eq!(
        told(&by_day, "name-of-a-person"),
        [(2, "Lundi".to_owned(), "Mme Durand".to_owned()), (2, "Mardi".to_owned(), "Paul Petit".to_owned())]
    );
}

#[test]
fn no_markup_reaches_a_visitor() {
    let imported = read(
        "Nom;Adresse;CP;Commune;Tel;Horaires\n\
         \"<b>Mission locale</b> des M&eacute;tiers\";\"Hall&nbsp;C<br>9 rue du Buis\";26000;Valence;<p>04 75 00 00 01</p>;\n",
    );
    let place = place(&imported, "Valence");
    assert!(place.name.starts_with("Mission locale des Métiers"), "{}", place.name);
    assert_eq!(place.address.lines, ["Hall C", "9 rue du Buis"]);
    assert_eq!(place.phones, ["04 75 00 00 01"]);
    assert_eq!(imported.report.repaired_count("markup"), 3);
}

#[test]
fn an_address_beside_its_complement_is_two_lines() {
    let imported = read(
        "Nom;Adresse;Bâtiment;BP;CP;Commune;Tel\n\
         Mission locale;9 rue du Buis;Immeuble Le Cèdre;BP 7;26000;Valence;04 75 00 00 01\n\
         CIO;3 quai du Port;;;38000;Grenoble;04 76 00 00 02\n",
    );
    assert_eq!(place(&imported, "Valence").address.lines, ["Immeuble Le Cèdre", "9 rue du Buis", "BP 7"]);
    assert_eq!(place(&imported, "Grenoble").address.lines, ["3 quai du Port"]);
    let again = "Nom;Adresse;Adresse 1;Adresse 2;CP;Commune;Tel\n\
         Mission locale;9 RUE DU BUIS BP 7 26000 VALENCE;9 rue du Buis;BP 7;26000;Valence;04 75 00 00 01\n";
    let imported = read(again);
    assert_eq!(place(&imported, "Valence").address.lines, ["9 rue du Buis", "BP 7"]);
    assert_eq!(column(&imported, "Adresse").ignored, Some("reprend les autres colonnes de l’adresse"));
}

const STREETS: &str = "Nom;N°;Rue;Type de voie;CP;Commune;Tel\n\
    Mission locale;9 ter;du Buis;rue;26000;Valence;04 75 00 00 01\n\
    CIO;2026-03-01;Impasse du Port;impasse;38000;Grenoble;04 76 00 00 02\n\
    CIO;;Pré Vert;;38200;Vienne;04 74 00 00 03\n";

#[test]
fn a_street_in_several_columns_is_one_line() {
    let imported = read(STREETS);
    assert_eq!(column(&imported, "N°").field, Some(Field::StreetNumber));
    assert_eq!(place(&imported, "Valence").address.lines, ["9 ter rue du Buis"]);
    assert_eq!(place(&imported, "Grenoble").address.lines, ["Impasse du Port"], "a date is no number");
    assert_eq!(place(&imported, "Vienne").address.lines, ["Pré Vert"]);
    assert_eq!(told(&imported, "street-number"), [(3, "N°".to_owned(), "2026-03-01".to_owned())]);
    let mut decisions = Decisions::default();
    decisions.decide("street-number", Decision::Accept);
    let imported = read_with(STREETS, &Options { decisions, ..Options::default() });
    assert_eq!(place(&imported, "Grenoble").address.lines, ["1-3 Impasse du Port"]);
}

#[test]
fn a_file_whose_streets_are_not_read_is_told() {
    let imported = read("Nom;Localisation;CP;Commune;Tel\nCIO;9 rue du Buis;26000;Valence;04 75 00 00 01\n");
    assert_eq!(told(&imported, "no-street"), [(0, "Localisation".to_owned(), String::new())]);
    assert!(told(&read(STREETS), "no-street").is_empty());
}

#[test]
fn what_is_of_a_person_is_left_out() {
    let imported = read(
        "Structures*;Nom;Prénom;CP;Villes*;Téléphones;Courriel (directrice);Portable du conseiller;Fax\n\
         Mission locale;Exemple;Ada;26000;Valence;04 75 00 00 01;ada@exemple.fr;06 10 00 00 02;04 75 00 00 03\n",
    );
    let place = place(&imported, "Valence");
    assert_eq!((&place.phones[..], place.emails.is_empty()), (&["04 75 00 00 01".to_owned()][..], true));
    assert!(place.name.starts_with("Mission locale"), "{}", place.name);
    for title in ["Nom", "Prénom", "Courriel (directrice)", "Portable du conseiller"] {
        assert_eq!(column(&imported, title).ignored, Some("parle d’une personne, et non du lieu"), "{title}");
    }
    assert_eq!(column(&imported, "Fax").field, None);
}

#[test]
fn a_row_that_cannot_be_published_is_refused_and_the_others_go_on() {
    let long = "très ".repeat(60);
    let imported = read(&format!(
        "Nom;CP;Commune;Tel\nMission locale {long}loin;26000;Valence;04 75 00 00 01\nCIO;38000;Grenoble;+687 25 62 00\n",
    ));
    assert_eq!((imported.report.kept, imported.report.refused), (1, 1));
    assert_eq!(place(&imported, "Grenoble").phones, ["+687 25 62 00"]);
    let reason = imported.report.records[0].reason.clone().unwrap();
    assert!(reason.starts_with("elle ne peut pas être publiée : nom « "), "{reason}");
    assert!(imported.report.validation.iter().all(|finding| finding.code == "no-contact"));
}
