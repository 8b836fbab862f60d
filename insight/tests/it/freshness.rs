//! The records that nobody has checked for long, and the messages that ask for it.

use crate::shipped::{DIRECTORY_2026, TODAY};
use insight::report::freshness::{Asked, Freshness, freshness, page, remind};
use shared::directory::{Closure, Contact, Directory, Structure, Territory};
use shared::geography::Geography;
use shared::validate::validate;
use std::collections::BTreeMap;

fn geography() -> Geography {
    let communes = "\
26003\tAlpha\t26100\t100\t45.0\t5.0\t\t\t
26057\tBeta\t26100\t200\t45.1\t5.0\t\t\t
26281\tGamma\t26100\t300\t45.2\t5.0\t\t\t
07019\tDelta\t07100\t400\t44.8\t4.9\t\t\t
";
    Geography::parse(communes, "", &|_| true).unwrap()
}

fn place(id: &str, network: &str, commune: &str, checked_on: Option<&str>) -> Structure {
    Structure {
        id: id.to_owned(),
        network: network.to_owned(),
        name: format!("Lieu {id}"),
        commune: commune.to_owned(),
        phones: vec!["04 75 00 00 01".to_owned()],
        checked_on: checked_on.map(str::to_owned),
        ..Structure::default()
    }
}

fn directory() -> Directory {
    let mut directory = DIRECTORY_2026.clone();
    directory.edition.region.departments.retain(|one| ["26", "07"].contains(&one.code.as_str()));
    directory.structures = vec![
        place("recent", "cio", "26003", Some("2026-11-01")),
        // Both are old; the second is the only place of its network near three communes.
        place("aside", "conseil-departemental", "26003", Some("2024-01-01")),
        place("old", "mission-locale", "26057", Some("2025-11-23")),
        place("never", "apec", "07019", None),
        place("limit", "cma", "26281", Some("2025-11-24")),
    ];
    directory.territories = vec![Territory {
        id: "nord".to_owned(),
        name: "Nord <Drôme>".to_owned(),
        description: None,
        communes: vec!["26003".to_owned(), "26057".to_owned()],
        departments: Vec::new(),
        contact: Some(Contact { email: Some("nord@exemple.fr".to_owned()), ..Contact::default() }),
        label: None,
        level_one: Vec::new(),
        level_two: Vec::new(),
        sources: Vec::new(),
        unverified: Vec::new(),
    }];
    directory
}

fn listed(directory: Directory, asked: &Asked) -> Freshness {
    let geography = geography();
    let valid = validate(directory, &geography, TODAY).unwrap_or_else(|findings| panic!("{findings:#?}"));
    freshness(&valid, None, &geography, asked, TODAY)
}

fn ids(freshness: &Freshness) -> BTreeMap<Option<String>, Vec<String>> {
    let of = |group: &insight::report::freshness::Group| {
        group.stale.iter().map(|one| one.record.id.clone()).collect()
    };
    freshness.groups.iter().map(|group| (group.territory.clone(), of(group))).collect()
}

#[test]
fn what_matters_most_comes_first_and_each_has_who_is_responsible() {
    let found = listed(directory(), &Asked::default());
    let (nord, rest) = (Some("nord".to_owned()), None);
    assert_eq!(
        ids(&found),
        BTreeMap::from([
            (nord, vec!["old".to_owned(), "aside".to_owned()]),
            (rest, vec!["never".to_owned()])
        ])
    );
    assert_eq!((found.records, found.since.as_str()), (5, "2025-11-24"));
    assert_eq!(found.groups[0].records, 3);
    let old = &found.groups[0].stale[0];
    assert!(old.main_for.communes >= 3 && old.main_for.inhabitants >= 600, "{:?}", old.main_for);
    assert_eq!(found.groups[0].stale[1].main_for.communes, 0, "it declares no commune");
    assert_eq!(found.groups[0].contact.as_ref().unwrap().email.as_deref(), Some("nord@exemple.fr"));
}

#[test]
fn it_can_be_asked_for_a_part_and_for_another_age() {
    let only = |asked: Asked| ids(&listed(directory(), &asked)).into_values().flatten().collect::<Vec<_>>();
    let default = Asked::default;
    assert_eq!(only(Asked { months: 24, ..default() }), ["never", "aside"]);
    assert_eq!(only(Asked { network: Some("apec".to_owned()), ..default() }), ["never"]);
    assert_eq!(only(Asked { department: Some("26".to_owned()), ..default() }), ["old", "aside"]);
    assert_eq!(only(Asked { territory: Some("nord".to_owned()), ..default() }), ["old", "aside"]);
    // A closure that is near asks for a check within six months.
    let mut closing = directory();
    closing.structures[4].checked_on = Some("2026-04-01".to_owned());
    closing.structures[4].closed =
        vec![Closure { from: "2026-12-20".to_owned(), until: "2027-01-05".to_owned() }];
    assert!(ids(&listed(closing.clone(), &default()))[&None].contains(&"limit".to_owned()));
    closing.structures[4].closed[0].from = "2027-06-01".to_owned();
    closing.structures[4].closed[0].until = "2027-07-01".to_owned();
    assert!(!ids(&listed(closing, &default()))[&None].contains(&"limit".to_owned()));
}

#[test]
fn a_message_can_be_sent_as_it_is_and_its_table_comes_back() {
    let found = listed(directory(), &Asked::default());
    let messages = remind::messages(&found);
    assert_eq!(messages.len(), 2);
    let nord = &messages[0];
    assert_eq!(nord.subject, "Nord <Drôme> : 2 fiches à revérifier");
    assert_eq!(nord.file, "a-verifier-nord.csv");
    let document = nord.document();
    assert!(document.starts_with("À : nord@exemple.fr\nObjet : Nord"), "{document}");
    for said in ["1. Lieu old", "dernière vérification : 23/11/2025", "« Vérifié le »", "a-verifier-nord.csv"]
    {
        assert!(document.contains(said), "{said}: {document}");
    }
    assert!(messages[1].text.contains("hors des territoires") && messages[1].text.contains("jamais"));
    let lines: Vec<&str> = nord.csv.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert!(lines[0].starts_with("Identifiant;Nom;Réseau;Adresse;Code postal;Commune;Code INSEE;Téléphone;"));
    assert!(
        lines[1].starts_with("old;Lieu old;mission-locale;;;Beta;26057;04 75 00 00 01;;;;;2025-11-23;"),
        "{}",
        lines[1]
    );
}

#[test]
fn a_place_is_asked_by_itself_with_its_link() {
    let mut directory = directory();
    let place = &mut directory.structures[2];
    place.emails = vec!["accueil@exemple.fr".to_owned()];
    place.name = "Lieu\nÀ : tous@exemple.fr".to_owned();
    let contact = Contact { email: Some("nord@exemple.fr".to_owned()), ..Contact::default() };
    let invitation = remind::Invitation {
        directory: "Annuaire",
        contact: Some(&contact),
        record: &directory.structures[2],
        commune_name: "Beta",
        address: "https://guide.exemple.fr/place/old/0a",
        until: "2026-12-24",
    };
    let message = invitation.message();
    assert_eq!(
        (message.place.as_str(), message.to.as_slice()),
        ("old", &["accueil@exemple.fr".to_owned()][..])
    );
    let document = message.document();
    assert!(
        document.starts_with("À : accueil@exemple.fr\nObjet : Lieu À : tous@exemple.fr : votre"),
        "{document}"
    );
    for said in [
        "\nhttps://guide.exemple.fr/place/old/0a\n",
        "jusqu’au 24/12/2026",
        "juste le 23/11/2025",
        "téléphone : 04 75 00 00 01",
        "Une question : nord@exemple.fr",
    ] {
        assert!(document.contains(said), "{said}: {document}");
    }
    // Those that no message reaches are the rest.
    let found = listed(directory, &Asked::default());
    let all: usize = found.stale().count();
    let without = found.without_email();
    assert_eq!(without.stale().count(), all - 1);
    assert!(!without.csv().contains("old;") && without.csv().contains("never;"));
}

#[test]
fn a_name_cannot_add_a_header_or_markup() {
    let mut other = directory();
    other.territories[0].name = "Nord\nÀ : tous@exemple.fr".to_owned();
    other.structures[1].name = "<script>alert(1)</script>".to_owned();
    let found = listed(other, &Asked::default());
    let document = remind::messages(&found)[0].document();
    assert_eq!(document.lines().filter(|line| line.starts_with("À :")).count(), 1, "{document}");
    let html = page::html(&found);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    assert!(html.contains("default-src &#39;none&#39;") || html.contains("default-src 'none'"));
}
