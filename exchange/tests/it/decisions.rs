//! What administrators decide about a file: repairs, proposals, columns, keys. The same file
//! with the same decisions gives the same directory.

use crate::reference;
use exchange::export::{Format, export};
use exchange::import::columns::{Field, Mapping, Why};
use exchange::import::decision::{Decision, Decisions};
use exchange::import::repair::Accepted;
use exchange::import::{Imported, Options, import};
use shared::directory::{Directory, Structure};

const TODAY: &str = "2026-11-24";

fn empty() -> Directory {
    let mut base = reference::shipped();
    base.structures.clear();
    base
}

fn read_into(text: &str, base: Directory, options: &Options) -> Imported {
    let imported = import(text.as_bytes(), base, crate::communes(), options, TODAY).unwrap();
    let report = &imported.report;
    assert_eq!(report.read, report.kept + report.merged + report.refused, "a record is lost");
    imported
}

fn read(text: &str, options: &Options) -> Imported {
    read_into(text, empty(), options)
}

fn options() -> Options {
    Options { file: "lieux.csv".into(), source: "lieux".into(), ..Options::default() }
}

fn deciding(decisions: &[(&str, Decision)]) -> Options {
    let mut all = Decisions::default();
    for (code_or_id, decision) in decisions {
        all.decide(code_or_id, *decision);
    }
    Options { decisions: all, ..options() }
}

fn place<'a>(imported: &'a Imported, name: &str) -> &'a Structure {
    let is_called = |place: &&Structure| place.name.to_lowercase().contains(&name.to_lowercase());
    let found = imported.directory.structures.iter().find(is_called);
    found.unwrap_or_else(|| panic!("no {name} in {:?}", imported.directory.structures))
}

const SHOUTED: &str = "NOM;CP;COMMUNE;TEL;MAIL\n\
    MISSION LOCALE DES ERABLES;1000;BOURG-EN-BRESSE;04.74.00.00.01;accueil@exemple.fr\n\
    CIO DES TILLEULS;26000;VALENCE;04.75.00.00.02;cio@exemple,fr\n";

#[test]
fn what_is_certain_is_mended_and_what_is_proposed_is_not() {
    let imported = read(SHOUTED, &options());
    let place = place(&imported, "Érables");
    assert_eq!(
        (place.address.postcode.as_str(), &place.phones[..]),
        ("01000", &["04 74 00 00 01".into()][..])
    );
    let doubt =
        &imported.report.findings.iter().find(|group| group.code == "email-unreadable").unwrap().rows[0];
    assert_eq!(
        (doubt.id.as_str(), doubt.repair.as_deref()),
        ("email-unreadable:3:MAIL", Some("cio@exemple.fr"))
    );
    assert!(!doubt.refused);
}

#[test]
fn a_refused_repair_leaves_the_cell_or_leaves_it_out_and_says_so() {
    let imported = read(
        SHOUTED,
        &deciding(&[
            ("capitals", Decision::Refuse),
            ("phone-spelling:2:TEL", Decision::Refuse),
            ("postcode-leading-zero", Decision::Refuse),
        ]),
    );
    let place = place(&imported, "ERABLES");
    assert_eq!(place.name, "MISSION LOCALE DES ERABLES");
    assert!(place.phones.is_empty(), "a phone with full stops cannot be published");
    assert_eq!(place.address.postcode, "", "nor can a postcode of four digits");
    let report = &imported.report;
    assert_eq!(report.finding_count("phone-unreadable"), 1);
    assert_eq!(report.finding_count("postcode-unreadable"), 1);
    assert_eq!(report.repaired_count("phone-spelling"), 1, "the other row's is mended");
    let capitals = report.repaired.iter().find(|group| group.code == "capitals").unwrap();
    assert_eq!(capitals.count, 0, "it counts what was made");
    assert!(capitals.list.iter().all(|mended| mended.accepted == Accepted::Refused), "and shows the rest");
    assert_eq!(self::place(&imported, "tilleuls").phones, ["04 75 00 00 02"]);
}

#[test]
fn one_is_decided_against_its_group() {
    let imported =
        read(SHOUTED, &deciding(&[("capitals", Decision::Refuse), ("capitals:3:NOM", Decision::Accept)]));
    assert_eq!(place(&imported, "ERABLES").name, "MISSION LOCALE DES ERABLES");
    assert_eq!(place(&imported, "tilleuls").name, "CIO des tilleuls");
}

#[test]
fn every_repair_can_be_refused_and_nothing_is_lost() {
    let text = include_str!("../cases/repairs.csv");
    let mended = read(text, &options());
    let refusals: Vec<(&str, Decision)> =
        mended.report.repaired.iter().map(|group| (group.code, Decision::Refuse)).collect();
    assert!(refusals.len() > 15, "the case has most kinds of repairs");
    let refused = read(text, &deciding(&refusals));
    assert_eq!(refused.report.read, mended.report.read);
    let made: Vec<&str> =
        refused.report.repaired.iter().filter(|group| group.count > 0).map(|group| group.code).collect();
    assert!(made.is_empty(), "{made:?}");
    let errors = refused.report.validation.iter().filter(|finding| finding.path.starts_with("structures"));
    assert_eq!(errors.filter(|finding| finding.code != "no-contact").count(), 0, "never silently wrong");
}

#[test]
fn an_accepted_proposal_is_taken_and_counts_among_the_repairs() {
    let imported = read(SHOUTED, &deciding(&[("email-unreadable:3:MAIL", Decision::Accept)]));
    assert_eq!(place(&imported, "Tilleuls").emails, ["cio@exemple.fr"]);
    let chosen = imported.report.repaired.iter().find(|group| group.code == "email-unreadable").unwrap();
    assert_eq!((chosen.count, chosen.list[0].accepted), (1, Accepted::Chosen));
    assert_eq!(imported.report.finding_count("email-unreadable"), 0);
}

#[test]
fn an_unknown_network_is_the_nearest_one_once_somebody_says_so() {
    let text = "NOM;RESEAU;CP;COMMUNE;TEL\nEspace des Érables;Misson locale;26000;Valence;04 75 00 00 01\n";
    let doubtful = read(text, &options());
    assert_eq!(doubtful.directory.structures[0].network, "autre-partenaire");
    let doubt =
        &doubtful.report.findings.iter().find(|group| group.code == "network-unknown").unwrap().rows[0];
    assert_eq!((doubt.column.as_str(), doubt.repair.as_deref()), ("RESEAU", Some("Mission locale")));
    let settled = read(text, &deciding(&[("network-unknown", Decision::Accept)]));
    assert_eq!(settled.directory.structures[0].network, "mission-locale");
}

const TWINS: &str = "NOM;RESEAU;ADRESSE;CP;COMMUNE;TEL\n\
    Espace des Érables;mission-locale;5 rue du Lac;26000;Valence;04 75 00 00 01\n\
    Antenne du Lac;mission-locale;5 rue du Lac;26000;Valence;04 75 00 00 02\n";

#[test]
fn two_records_are_shown_side_by_side_and_one_place_once_somebody_says_so() {
    let imported = read(TWINS, &options());
    assert_eq!(imported.report.kept, 2);
    let doubt =
        &imported.report.findings.iter().find(|group| group.code == "possible-duplicate").unwrap().rows[0];
    let pair = doubt.pair.as_deref().unwrap();
    assert_eq!((pair.here.row, pair.there.row), (Some(3), Some(2)));
    assert_eq!(pair.here.address, "5 rue du Lac, 26000 Valence");
    assert_eq!(pair.here.phones, ["04 75 00 00 02"]);
    let merged = read(TWINS, &deciding(&[(&doubt.id, Decision::Accept)]));
    assert_eq!((merged.report.kept, merged.report.merged), (1, 1));
    let apart = read(TWINS, &deciding(&[(&doubt.id, Decision::Refuse)]));
    assert_eq!(apart.report.kept, 2);
    let doubt =
        &apart.report.findings.iter().find(|group| group.code == "possible-duplicate").unwrap().rows[0];
    assert!(doubt.refused, "nobody has to look again");
}

#[test]
fn one_name_at_one_address_is_asked_about_even_where_the_list_has_it_twice() {
    let text = "Id;Nom;RESEAU;ADRESSE;CP;COMMUNE;TEL;MAIL\n\
        a-1;Espace des Érables;mission-locale;5 rue du Lac;26000;Valence;04 75 00 00 01;accueil@erables.example.fr\n\
        a-2;Espace des Érables;mission-locale;5 rue du Lac;26000;Valence;04 75 00 00 02;accuiel@erables.example.fr\n\
        a-3;Espace du Roc;mission-locale;9 place du Roc;26000;Valence;04 75 00 00 03;accueil@erables.example.fr\n";
    let by_id = Options { key: Some("Id".into()), ..options() };
    let asked = read(text, &by_id);
    assert_eq!(asked.report.kept, 3, "the list says that they are three");
    let names: Vec<&str> = asked.directory.structures.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        ["Espace des Érables", "Espace des Érables", "Espace du Roc"],
        "one street tells nobody apart"
    );
    let group = asked.report.findings.iter().find(|group| group.code == "possible-duplicate").unwrap();
    let said: Vec<&str> = group.rows.iter().map(|row| row.expected.as_str()).collect();
    assert!(said[0].contains("le même nom et la même adresse"), "{said:?}");
    assert!(said[1].contains("le même courriel"), "{said:?}");
    let mut decided = by_id.clone();
    decided.decisions.decide(&group.rows[0].id, Decision::Accept);
    let merged = read(text, &decided);
    assert_eq!((merged.report.kept, merged.report.merged), (2, 1));
    let one = place(&merged, "Érables");
    assert_eq!(one.phones, ["04 75 00 00 01", "04 75 00 00 02"], "a place has several numbers");
    assert_eq!(one.emails, ["accueil@erables.example.fr"], "of one day, the first row stays");
    assert_eq!(one.references["lieux"], "a-1");
    let conflict = &merged.report.findings.iter().find(|group| group.code == "conflict").unwrap().rows;
    assert_eq!(conflict.len(), 1);
    assert_eq!(conflict[0].repair.as_deref(), Some("accuiel@erables.example.fr"), "the other is proposed");
    let again = read_into(text, merged.directory.clone(), &decided);
    assert_eq!(again.directory, merged.directory, "the same again gives the same again");
}

#[test]
fn a_national_number_makes_nothing_one_place() {
    let text = "Nom;RESEAU;ADRESSE;CP;COMMUNE;TEL\n\
        France Travail du Lac;france-travail;5 rue du Lac;26000;Valence;3949\n\
        France Travail du Roc;france-travail;9 place du Roc;26000;Valence;3949\n";
    let both = read(text, &options());
    assert_eq!((both.report.kept, both.report.finding_count("possible-duplicate")), (2, 0));
    let first: String = text.split_inclusive('\n').take(2).collect();
    let second = text.replace(first.lines().nth(1).unwrap(), "").replace("\n\n", "\n");
    let imported = read_into(&second, read(&first, &options()).directory, &options());
    assert_eq!((imported.report.kept, imported.report.merged), (1, 0), "the other agency");
}

#[test]
fn a_place_that_moved_is_the_same_once_somebody_says_so() {
    let first = read(TWINS.lines().take(2).collect::<Vec<_>>().join("\n").as_str(), &options());
    let moved = "NOM;RESEAU;ADRESSE;CP;COMMUNE;TEL\n\
        Maison des Tilleuls;mission-locale;9 place du Parc;26000;Valence;04 75 00 00 09\n";
    let doubtful = read_into(moved, first.directory.clone(), &options());
    assert_eq!(doubtful.directory.structures.len(), 2);
    let same = deciding(&[("possible-duplicate", Decision::Accept), ("conflict", Decision::Accept)]);
    let settled = read_into(moved, first.directory, &same);
    assert_eq!(settled.directory.structures.len(), 1);
    assert_eq!(settled.directory.structures[0].address.lines, ["9 place du Parc"]);
    assert_eq!(settled.directory.structures[0].phones, ["04 75 00 00 09"]);
}

#[test]
fn columns_are_guessed_from_their_cells_and_named_by_people() {
    let text = "A;B;C;D;E\n\
        Mission locale des Érables;26000;04 75 00 00 01;2026-01-31;bleu\n\
        CIO des Tilleuls;1000;04 74 00 00 02;2026-02-01;vert\n";
    let guessed = read(text, &options());
    let fields: Vec<_> = guessed.report.columns.iter().map(|column| (column.field, column.why)).collect();
    let content = Some(Why::Content);
    assert_eq!(
        fields,
        [
            (Some(Field::Name), content),
            (Some(Field::Postcode), content),
            (Some(Field::Phone), content),
            (None, None),
            (None, None),
        ]
    );
    let column = &guessed.report.columns[1];
    assert_eq!(column.reason.as_deref(), Some("100 % des cellules ressemblent à des codes postaux"));
    assert_eq!(column.samples, ["26000", "1000"]);
    assert_eq!(guessed.report.columns[3].suggested, Some(Field::CheckedOn), "never taken for granted");
    assert_eq!(guessed.report.columns[4].ignored, Some("titre inconnu"));

    let columns = [("d", Some(Field::CheckedOn)), ("C", None), ("Z", Some(Field::Town))];
    let columns = columns.map(|(title, field)| (title.to_owned(), field)).into();
    let named = read(text, &Options { mapping: Mapping { columns, ..Mapping::default() }, ..options() });
    assert_eq!(named.report.columns[3].why, Some(Why::Chosen));
    let place = place(&named, "Érables");
    assert_eq!((place.checked_on.as_deref(), place.phones.len()), (Some("2026-01-31"), 0));
    let vain =
        &named.report.findings.iter().find(|group| group.code == "mapping-unknown-title").unwrap().rows;
    assert_eq!(vain[0].value, "Z", "what was said of a title that is not there is told");
}

#[test]
fn a_guessed_network_waits_for_somebody_and_never_outweighs_a_name() {
    let text = "Nom;CP;Commune;Tél;Étiquette\n\
        Le Kiosque;26000;Valence;0475000001;Mission locale\n\
        CIO des Tilleuls;26000;Valence;0475000002;Mission locale\n\
        Mission locale du Lac;26400;Crest;0475000003;Mission locale\n";
    let guessed = read(text, &options());
    let network = |imported: &Imported, name: &str| place(imported, name).network.clone();
    assert_eq!(network(&guessed, "Kiosque"), "autre-partenaire");
    assert_eq!(network(&guessed, "Tilleuls"), "cio");
    let column = &guessed.report.columns[4];
    assert_eq!((column.field, column.suggested), (None, Some(Field::Network)));
    let group = guessed.report.findings.iter().find(|group| group.code == "column-guessed").unwrap();
    assert_eq!(group.rows[0].repair.as_deref(), Some("réseau"));

    let accepted = read(text, &deciding(&[(&group.rows[0].id, Decision::Accept)]));
    assert_eq!(network(&accepted, "Kiosque"), "mission-locale");
    assert_eq!(network(&accepted, "Tilleuls"), "cio", "the name is heard first");
    assert_eq!(accepted.report.finding_count("network-ambiguous"), 1, "and they differ");
    assert_eq!(accepted.report.finding_count("column-guessed"), 0);
}

#[test]
fn a_guessed_commune_is_read_and_put_to_somebody() {
    let text = "Nom;Où;Tél\nCIO A;Valence;0475000001\nCIO B;Crest;0475000002\n";
    let guessed = read(text, &options());
    assert_eq!((guessed.report.kept, guessed.report.finding_count("column-guessed")), (2, 1));
    let refused = read(text, &deciding(&[("column-guessed", Decision::Refuse)]));
    assert_eq!((refused.report.kept, refused.report.columns[1].field), (0, None));
}

#[test]
fn a_list_in_the_column_of_networks_is_none() {
    let text = "Nom;Réseau;CP;Commune;Tél\n\
        Le Kiosque;Aide CAF, aide France Travail, impôts;26000;Valence;0475000001\n\
        CIO des Tilleuls;Mission locale;26400;Crest;0475000002\n";
    let imported = read(text, &options());
    assert_eq!(place(&imported, "Kiosque").network, "autre-partenaire");
    assert_eq!(place(&imported, "Tilleuls").network, "mission-locale", "the file says so");
    assert_eq!(imported.report.finding_count("network-ambiguous"), 1);
}

#[test]
fn a_newer_name_is_taken_and_told_and_any_other_is_proposed() {
    let titles = "NOM;RESEAU;ADRESSE;CP;COMMUNE;TEL;VERIFIE LE\n";
    let row = |name: &str, date: &str| {
        format!("{titles}{name};mission-locale;5 rue du Lac;26000;Valence;04 75 00 00 01;{date}\n")
    };
    let first = read(&row("Mission locale des Érables", "2026-03-01"), &options());
    let newer = row("Mission locale du Parc", "2026-06-01");
    let renamed = read_into(&newer, first.directory.clone(), &options());
    assert_eq!(renamed.directory.structures[0].name, "Mission locale du Parc");
    let told = renamed.report.to_text(true);
    assert!(told.contains("nom : Mission locale des Érables → Mission locale du Parc"), "{told}");

    for date in ["2026-03-01", "2026-01-01", ""] {
        let other = row("Mission locale du Parc", date);
        let kept = read_into(&other, first.directory.clone(), &options());
        assert_eq!(kept.directory.structures[0].name, "Mission locale des Érables", "{date}");
        let group = kept.report.findings.iter().find(|group| group.code == "conflict").unwrap();
        assert_eq!(group.rows[0].repair.as_deref(), Some("Mission locale du Parc"), "{date}");
        let accepted =
            read_into(&other, first.directory.clone(), &deciding(&[("conflict", Decision::Accept)]));
        assert_eq!(accepted.directory.structures[0].name, "Mission locale du Parc", "{date}");
    }
    let written = row("MISSION LOCALE - DES ÉRABLES", "2026-03-01");
    let same = read_into(&written, first.directory, &options());
    assert_eq!(same.report.finding_count("conflict"), 0, "the same name written otherwise");
}

#[test]
fn what_differs_of_a_place_is_taken_from_a_newer_row_or_proposed() {
    let row = |address: &str, postcode: &str, hours: &str, date: &str| {
        format!(
            "NOM;RESEAU;ADRESSE;CP;COMMUNE;TEL;HORAIRES;VERIFIE LE\n\
             Mission locale des Érables;mission-locale;{address};{postcode};Valence;04 75 00 00 01;{hours};{date}\n"
        )
    };
    let first = read(&row("5 rue du Lac", "26000", "lundi 9h-12h", "2026-03-01"), &options());
    let into = |text: &str| read_into(text, first.directory.clone(), &options());
    let same = into(&row("5 RUE DU LAC", "26000", "lundi 9h-12h", "2026-03-01"));
    assert_eq!(same.report.finding_count("conflict"), 0, "nothing differs");

    let other = row("Espace Exemple - 5 rue du Lac", "26009", "sur rendez-vous", "2026-06-01");
    let newer = into(&other);
    let place = &newer.directory.structures[0];
    assert_eq!(place.address.lines, ["Espace Exemple", "5 rue du Lac"]);
    assert_eq!(place.address.postcode, "26009");
    assert_eq!(newer.report.finding_count("conflict"), 1, "a note beside hours may contradict them");
    let older = into(&other.replace("2026-06-01", "2026-01-01"));
    assert_eq!(older.directory.structures, first.directory.structures);
    assert_eq!(older.report.finding_count("conflict"), 2);
}

const KEYED: &str = "ID;NOM;ADRESSE;CP;COMMUNE;TEL\n\
    12;Mission locale des Érables;5 rue du Lac;26000;Valence;04 75 00 00 01\n\
    13;CIO des Tilleuls;6 rue du Lac;26000;Valence;04 75 00 00 02\n";

#[test]
fn a_key_finds_a_place_again_whatever_else_changed() {
    let proposed = read(KEYED, &options()).report.key.unwrap();
    assert_eq!((proposed.column.as_str(), proposed.chosen), ("ID", false), "proposed, not used");

    let keyed = Options { key: Some("id".into()), ..options() };
    let first = read(KEYED, &keyed);
    assert_eq!(place(&first, "Érables").references["lieux"], "12");
    let again = read_into(KEYED, first.directory.clone(), &keyed);
    assert_eq!(again.directory, first.directory, "twice changes nothing");

    let changed = "ID;NOM;ADRESSE;CP;COMMUNE;TEL\n\
        12;Mission locale du Parc;9 place du Parc;38000;Grenoble;04 76 00 00 09\n\
        13;CIO des Tilleuls;6 rue du Lac;26000;Valence;04 75 00 00 02\n";
    let updated = read_into(changed, first.directory.clone(), &keyed);
    assert_eq!((updated.report.kept, updated.report.merged), (0, 2));
    let (before, after) = (place(&first, "Érables"), place(&updated, "Parc"));
    assert_eq!(after.id, before.id);
    assert_eq!((after.commune.as_str(), &after.phones[..]), ("38185", &["04 76 00 00 09".into()][..]));
    let without = read_into(changed, first.directory, &options());
    assert_eq!(without.report.kept, 1, "without the key it is another place");
}

#[test]
fn keys_that_tell_nothing_are_told() {
    let text = "SIRET;NOM;CP;COMMUNE;TEL\n\
        73282932000074;Mission locale des Érables;26000;Valence;04 75 00 00 01\n\
        73282932000074;CIO des Tilleuls;26000;Valence;04 75 00 00 02\n\
        ;Cap emploi du Lac;26000;Valence;04 75 00 00 03\n\
        73282932000075;CIDFF du Parc;26000;Valence;04 75 00 00 04\n";
    let imported = read(text, &Options { key: Some("SIRET".into()), ..options() });
    let report = &imported.report;
    let counts = ["key-twice", "key-missing", "siret"].map(|code| report.finding_count(code));
    assert_eq!((counts, report.kept), ([1, 1, 1], 4));
    assert!(report.validation.iter().all(|finding| finding.code != "duplicate-reference"));
    let refusal = import(
        text.as_bytes(),
        empty(),
        crate::communes(),
        &Options { key: Some("X".into()), ..options() },
        TODAY,
    );
    assert_eq!(refusal.unwrap_err().code, "unknown-key");
}

#[test]
fn places_that_the_file_no_longer_has_are_listed_and_stay_unless_asked() {
    let first = read(KEYED, &options());
    let shorter = KEYED.lines().take(2).collect::<Vec<_>>().join("\n");
    let silent = read_into(&shorter, first.directory.clone(), &options());
    assert!(silent.report.missing.is_empty());
    let told = read_into(&shorter, first.directory.clone(), &Options { report_missing: true, ..options() });
    assert_eq!((told.report.missing.len(), told.directory.structures.len()), (1, 2));
    assert!(told.report.missing[0].name.contains("Tilleuls") && !told.report.missing[0].removed);
    let removed =
        read_into(&shorter, first.directory.clone(), &Options { remove_missing: true, ..options() });
    assert_eq!((removed.report.missing.len(), removed.directory.structures.len()), (1, 1));
    assert!(removed.report.missing[0].removed);
    let other = Options { source: "un autre".into(), remove_missing: true, ..options() };
    assert_eq!(
        read_into(&shorter, first.directory, &other).directory.structures.len(),
        2,
        "of this source only"
    );
}

#[test]
fn our_own_document_is_read_by_its_ids() {
    let first = read(KEYED, &options());
    let mut corrected = first.directory.clone();
    corrected.structures[0].phones = vec!["04 75 00 00 99".into()];
    corrected.structures[1].id = "un-autre".into();
    let imported = read_into(&corrected.to_json(), first.directory.clone(), &options());
    assert_eq!((imported.report.format, imported.report.kept, imported.report.merged), ("directory", 1, 1));
    assert_eq!(imported.directory.structures[0].phones, ["04 75 00 00 99"]);
    let fields: Vec<&str> =
        imported.report.records[0].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["phones"]);
    corrected.structures[1].id = corrected.structures[0].id.clone();
    corrected.structures[0].network = "inconnu".into();
    let refused = read_into(&corrected.to_json(), first.directory, &options());
    assert_eq!((refused.report.refused, refused.report.merged), (1, 1), "{:?}", refused.report.records);
}

#[test]
fn hours_are_read_and_contradictions_told() {
    let text = "NOM;CP;COMMUNE;TEL;HORAIRES\n\
        Mission locale des Érables;26000;Valence;04 75 00 00 01;lundi au vendredi 9h-12h et 14h-17h\n\
        CIO des Tilleuls;26000;Valence;04 75 00 00 02;lundi 17h-9h\n";
    let imported = read(text, &options());
    let open = place(&imported, "Érables");
    let spans: Vec<_> = open.hours.iter().map(|hours| (hours.days.len(), hours.from.as_str())).collect();
    assert_eq!((spans, &open.hours_note), (vec![(5, "09:00"), (5, "14:00")], &None));
    assert_eq!(place(&imported, "Tilleuls").hours_note.as_deref(), Some("lundi 17h-9h"));
    assert_eq!(imported.report.finding_count("hours-contradict"), 1);
}

#[test]
fn like_rows_are_told_on_one_line() {
    let row = |number: usize| format!("Lieu {number};26000;Valence;04 75 00 00 0{number};HS\n");
    let text = "NOM;CP;COMMUNE;TEL;MAIL\n".to_owned() + &(1..=6).map(row).collect::<String>();
    let told = read(&text, &options()).report.to_text(false);
    assert!(told.contains("lignes 2–7 · MAIL · « HS »"), "{told}");
}

#[test]
fn what_a_person_typed_stays_until_a_person_takes_the_value_of_the_file() {
    let list = |phone: &str, name: &str| format!("Id;Nom;CP;Commune;Tél\nA1;{name};26000;Valence;{phone}\n");
    let dated =
        |day: &str| Options { key: Some("Id".to_owned()), checked_on: Some(day.to_owned()), ..options() };
    let first = read(&list("0475000001", "CIO des Tilleuls"), &dated("2026-01-01"));
    let mut directory = first.directory;
    let before = directory.structures[0].clone();
    directory.structures[0].phones = vec!["04 75 00 00 09".to_owned()];
    directory.structures[0].correct(Some(&before), "2026-02-01");

    // A later file says the same as before: its other news is taken, the correction stays.
    let text = list("0475000001", "CIO du Lac");
    let same = read_into(&text, directory.clone(), &dated("2026-03-01"));
    let place = &same.directory.structures[0];
    assert_eq!((place.name.as_str(), &place.phones[..]), ("CIO du Lac", &["04 75 00 00 09".to_owned()][..]));
    assert_eq!((same.report.corrections, same.report.finding_count("correction-kept")), (1, 1));
    assert!(same.report.to_text(false).contains("1 correction gardée"));

    // The source has changed since: somebody is asked, and may take its value.
    let text = list("0475000005", "CIO des Tilleuls");
    let changed = read_into(&text, directory.clone(), &dated("2026-03-01"));
    assert_eq!(changed.directory.structures[0].phones, ["04 75 00 00 09"]);
    let asked = changed.report.findings.iter().find(|group| group.code == "source-changed").unwrap();
    assert!(asked.rows[0].expected.contains("04 75 00 00 01"), "{}", asked.rows[0].expected);
    let accepting = Options {
        decisions: deciding(&[("source-changed", Decision::Accept)]).decisions,
        ..dated("2026-03-01")
    };
    let accepted = read_into(&text, directory.clone(), &accepting);
    let place = &accepted.directory.structures[0];
    assert_eq!((&place.phones[..], place.corrections.len()), (&["04 75 00 00 05".to_owned()][..], 0));
    assert_eq!(accepted.report.corrections, 0);

    // What a person has released is the file's again; a field that they emptied stays empty.
    let mut released = directory.clone();
    released.structures[0].corrections.clear();
    let released = read_into(&text, released, &dated("2026-03-01"));
    assert_eq!(released.directory.structures[0].phones, ["04 75 00 00 05"]);
    directory.structures[0].phones.clear();
    let emptied = read_into(&text, directory.clone(), &dated("2026-03-01"));
    assert_eq!(emptied.directory.structures[0].phones, [""; 0]);
}

#[test]
fn a_document_that_does_not_know_a_correction_waits_for_a_person() {
    let first = read("Nom;CP;Commune;Tél\nCIO du Lac;26000;Valence;0475000001\n", &options());
    let exported = first.directory.to_json();
    let mut directory = first.directory;
    let before = directory.structures[0].clone();
    directory.structures[0].phones = vec!["04 75 00 00 09".to_owned()];
    directory.structures[0].correct(Some(&before), "2026-02-01");
    let corrected = directory.to_json();
    let kept = read_into(&exported, directory.clone(), &options());
    assert_eq!(kept.directory, directory);
    assert_eq!(kept.report.corrections, 1);
    let accepted =
        read_into(&exported, directory.clone(), &deciding(&[("source-changed", Decision::Accept)]));
    assert_eq!(accepted.directory.structures[0], before);
    let itself = read_into(&corrected, directory.clone(), &options());
    assert_eq!((itself.directory, itself.report.corrections), (directory, 0));
}

#[test]
fn a_table_of_ours_that_somebody_corrected_holds_corrections() {
    let first = read("Nom;CP;Commune;Tél\nCIO du Lac;26000;Valence;0475000001\n", &options());
    let table = export(&first.directory, reference::geography(), Format::Csv, TODAY);
    let table = String::from_utf8(table).unwrap();
    let again = read_into(&table, first.directory.clone(), &options());
    assert_eq!(again.directory, first.directory, "what nobody touched is no correction");
    let typed = table.replace("04 75 00 00 01", "04 75 00 00 09");
    let corrected = read_into(&typed, first.directory, &options());
    let place = &corrected.directory.structures[0];
    assert_eq!(place.phones, ["04 75 00 00 09"]);
    assert_eq!(place.corrections.keys().collect::<Vec<_>>(), ["phones"]);
}

#[test]
fn networks_are_chosen_for_a_value_for_a_name_or_for_the_whole_file() {
    let text = "Nom;CP;Commune;Réseau\n\
        Le Kiosque;26000;Valence;Espace des possibles\n\
        La Halle;26400;Crest;Espace des possibles\n\
        L’Atelier;26000;Valence;\n\
        CIO du Lac;26000;Valence;\n";
    let network = |imported: &Imported, name: &str| place(imported, name).network.clone();
    let unknown = read(text, &options());
    assert_eq!(unknown.report.finding_count("network-unknown"), 3);
    let say = |network: Option<&str>, networks: &[(&str, &str)]| {
        let networks = networks.iter().map(|(text, id)| ((*text).to_owned(), (*id).to_owned())).collect();
        let mapping = Mapping { network: network.map(str::to_owned), networks, ..Mapping::default() };
        read(text, &Options { mapping, ..options() })
    };
    let mife = "Maison de l’information sur la formation et l’emploi";
    let said = say(None, &[("ESPACE DES POSSIBLES", mife), ("l'atelier", "autre-partenaire")]);
    for (name, expect) in
        [("Kiosque", "mife"), ("Halle", "mife"), ("Atelier", "autre-partenaire"), ("CIO", "cio")]
    {
        assert_eq!(network(&said, name), expect, "{name}");
    }
    assert_eq!(said.report.finding_count("network-unknown"), 0, "nothing is left to say");
    let whole = say(Some("info-jeunes"), &[("L’Atelier", "mife")]);
    for (name, expect) in [("Kiosque", "info-jeunes"), ("Atelier", "mife"), ("CIO", "info-jeunes")] {
        assert_eq!(network(&whole, name), expect, "{name}");
    }
    let vain = say(Some("inconnu"), &[]);
    assert_eq!(network(&vain, "CIO"), "cio");
    assert_eq!(vain.report.finding_count("mapping-unknown-title"), 1, "it is told");
}

#[test]
fn places_outside_the_region_are_set_aside_and_counted() {
    let text = "Nom;CP;Commune\n\
        CIO du Lac;26000;Valence\n\
        CIO du Port;13001;Marseille\n\
        CIO de la Rade;13600;La Ciotat\n\
        CIO de la Seine;75011;Paris\n";
    let imported = import(text.as_bytes(), empty(), crate::communes(), &options(), TODAY).unwrap();
    let report = &imported.report;
    assert_eq!(imported.directory.structures.len(), 1);
    assert_eq!(report.read, report.kept + report.left_out.values().sum::<usize>());
    assert_eq!(
        report.left_out.iter().map(|(why, count)| (why.as_str(), *count)).collect::<Vec<_>>(),
        [("hors de la région, département 13", 2), ("hors de la région, département 75", 1)]
    );
    let group = report.findings.iter().find(|group| group.code == "outside-region").unwrap();
    assert_eq!((group.count, group.rows[0].value.as_str()), (1, "3 lieux"));
    let wanted = deciding(&[("outside-region", Decision::Accept)]);
    let kept = read(text, &wanted);
    assert_eq!(kept.directory.structures.len(), 4);
}

#[test]
fn a_town_of_several_names_stays_in_the_region_of_its_postcode() {
    // Saint-Julien is the name of communes of the Rhône, the Côte-d’Or, the Hérault and others.
    let text = "Nom;CP;Commune\n\
        CIO du Lac;69640;Saint-Julien\n\
        CIO du Port;21000;Saint-Julien\n\
        CIO de la Rade;75011;Saint-Julien\n\
        CIO de la Cour;75995;Saint-Julien Cedex\n\
        CIO du Roc;69999;Saint-Julien\n";
    let imported = import(text.as_bytes(), empty(), crate::communes(), &options(), TODAY).unwrap();
    let communes: Vec<&str> = imported.directory.structures.iter().map(|one| one.commune.as_str()).collect();
    assert_eq!(communes, ["69215", "69215"], "the last one has a postcode of its department that nobody has");
    let report = &imported.report;
    assert_eq!(report.left_out.get("hors de la région, département 21"), Some(&1));
    assert_eq!(report.refused, 2);
    let reasons: Vec<&String> = report.records.iter().filter_map(|record| record.reason.as_ref()).collect();
    assert!(reasons[0].contains("75011") && reasons[0].contains("hors de la région"), "{reasons:?}");
}

/// A directory with two Missions locales, and what a table of communes makes of it.
fn claims(text: &str) -> Imported {
    let places = "Nom;CP;Commune;Tél\n\
        Mission locale du Lac;26000;Valence;0475000001\n\
        Mission locale du Roc;26400;Crest;0475000002\n";
    let base = read(places, &options()).directory;
    read_into(text, base, &options())
}

#[test]
fn a_table_of_communes_becomes_the_competence_of_its_places() {
    let imported = claims(
        "Code INSEE;Commune;Mission locale\n\
         26362;Valence;mission locale du lac\n\
         26108;Crest;Mission locale du Roc\n\
         ;Die;Mission locale du Roc\n\
         26113;Die;Mission locale du Lac\n\
         ;Nulle-Part;Mission locale du Lac\n\
         26001;Solaure;Mission locale de la Lune\n",
    );
    let communes = |name: &str| place(&imported, name).competence.clone().unwrap_or_default().communes;
    assert_eq!(communes("Lac"), ["26113", "26362"]);
    assert_eq!(communes("Roc"), ["26108", "26113"]);
    let report = &imported.report;
    assert_eq!((report.format, report.merged, report.refused), ("competence", 4, 2));
    let group = |code: &str| &report.findings.iter().find(|group| group.code == code).unwrap().rows;
    assert_eq!(group("claimed-twice")[0].value, "1 commune : Die");
    assert!(group("claimed-by-none")[0].value.ends_with('…'), "the rest of the Drôme");
    assert!(report.records[5].reason.as_ref().unwrap().contains("Mission locale de la Lune"));
    assert_eq!(report.networks.values().sum::<usize>(), 2, "two places, however many communes");
}

#[test]
fn a_list_of_places_is_no_table_of_communes() {
    let imported = claims("Nom;CP;Commune;Tél\nMission locale du Lac;26000;Valence;0475000009\n");
    assert_eq!(imported.report.format, "csv");
    assert_eq!(place(&imported, "Lac").competence, None);
    // Nor is one in which a row stands twice, or which says where its places are.
    for text in [
        "Nom;Commune;CP\nMission locale du Lac;Valence;26000\nMission locale du Lac;Valence;26000\n",
        "Nom;Commune;Latitude;Longitude\nMission locale du Lac;Valence;44,93;4,89\nMission locale du Lac;Crest;44,73;5,02\n",
    ] {
        let imported = claims(text);
        assert_eq!((imported.report.format, &place(&imported, "Lac").competence), ("csv", &None), "{text}");
    }
}

#[test]
fn the_mail_of_a_person_is_left_out_and_a_mobile_is_asked_about() {
    let text = "Nom;CP;Commune;Tél;Mail\n\
        CIO du Lac;26000;Valence;0475000001;marie.dupont@exemple.fr\n\
        CIO Marie-Curie;26400;Crest;0612345678;marie.curie@exemple.fr\n";
    let imported = read(text, &options());
    let lake = place(&imported, "Lac");
    assert_eq!((lake.emails.len(), lake.phones.len()), (0, 1));
    let school = place(&imported, "Curie");
    assert_eq!(
        (&school.emails[..], &school.phones[..]),
        (&["marie.curie@exemple.fr".to_owned()][..], &["06 12 34 56 78".to_owned()][..])
    );
    let group = |code: &str| imported.report.findings.iter().find(|group| group.code == code).unwrap();
    assert_eq!(group("email-person").rows[0].repair.as_deref(), Some("marie.dupont@exemple.fr"));
    assert_eq!((group("phone-mobile").count, group("phone-mobile").rows[0].row), (1, 3));
    let decided = [("email-person", Decision::Accept), ("phone-mobile", Decision::Accept)];
    let decided = read(text, &deciding(&decided));
    assert_eq!(place(&decided, "Lac").emails, ["marie.dupont@exemple.fr"]);
    assert_eq!(place(&decided, "Curie").phones, [""; 0]);
}

#[test]
fn a_mail_that_may_be_a_person_s_is_kept_and_asked_about() {
    let text = "Nom;CP;Commune;Tél;Mail\n\
        CIO du Lac;26000;Valence;0475000001;jdupont@exemple.fr\n\
        CIO du Roc;26400;Crest;0475000002;crest@exemple.fr\n\
        CIO du Pic;26150;Die;0475000003;marie-claire@exemple.fr\n";
    let imported = read(text, &options());
    assert_eq!(place(&imported, "Lac").emails, ["jdupont@exemple.fr"]);
    assert_eq!(place(&imported, "Pic").emails, [""; 0]);
    let group = imported.report.findings.iter().find(|group| group.code == "email-person-perhaps").unwrap();
    assert_eq!((group.count, group.rows[0].row), (1, 2));
    let decided = read(text, &deciding(&[("email-person-perhaps", Decision::Accept)]));
    assert_eq!(place(&decided, "Lac").emails, [""; 0]);
}

#[test]
fn the_name_of_a_person_is_left_out_of_every_text() {
    let text = "Nom;Adresse;CP;Commune;Tél;Horaires;Précisions sur les horaires\n\
        CIO du Lac - Mme Durand;À l’attention de M. Petit, 1 rue du Parc;26000;Valence;0475000001;;Sur rendez-vous, demander Marie Durand\n\
        CIO Pierre-Curie;2 rue Madame Roland;26400;Crest;0475000002;;Sur rendez-vous\n";
    let imported = read(text, &options());
    let lake = place(&imported, "Lac");
    assert_eq!(
        (lake.name.as_str(), &lake.address.lines[..]),
        ("CIO du Lac", &["1 rue du Parc".to_owned()][..])
    );
    assert_eq!(lake.hours_note.as_deref(), Some("Sur rendez-vous"));
    assert_eq!(place(&imported, "Curie").address.lines, ["2 rue Madame Roland"]);
    let group = imported.report.findings.iter().find(|group| group.code == "name-of-a-person").unwrap();
    let values: Vec<&str> = group.rows.iter().map(|row| row.value.as_str()).collect();
    assert_eq!(values, ["Mme Durand", "À l’attention de M. Petit", "demander Marie Durand"]);
    assert!(group.rows.iter().all(|row| row.row == 2));
    let decided = read(text, &deciding(&[("name-of-a-person", Decision::Accept)]));
    assert_eq!(place(&decided, "Lac").hours_note.as_deref(), Some("Sur rendez-vous, demander Marie Durand"));
}

#[test]
fn one_address_for_two_networks_is_told_once() {
    let text = "Nom;Adresse;CP;Commune;Tél\n\
        CIO du Lac;1 rue du Parc;26000;Valence;0475000001\n\
        Mission locale du Lac;1, rue du Parc;26000;Valence;0475000002\n\
        Cap emploi du Roc;2 rue du Parc;26000;Valence;0475000003\n";
    let imported = read(text, &options());
    let group = imported.report.findings.iter().find(|group| group.code == "address-shared").unwrap();
    assert_eq!(group.count, 1);
    assert!(group.rows[0].expected.contains("ligne 2") && group.rows[0].expected.contains("ligne 3"));
}

#[test]
fn the_other_of_two_networks_can_be_taken() {
    let text = "Nom;CP;Commune;Tél\nMission locale et maison de l'emploi du Lac;26000;Valence;0475000001\n";
    let found = read(text, &options());
    assert_eq!(place(&found, "Lac").network, "mission-locale");
    let other = read(text, &deciding(&[("network-ambiguous", Decision::Accept)]));
    assert_eq!(place(&other, "Lac").network, "maison-emploi");
}
