//! The form of a place, both ways, without a browser.

use super::*;
use proptest::prelude::*;
use serving::form::Form;
use shared::directory::{OpeningHours, Service, Weekday};

fn geography() -> Geography {
    let communes = include_str!("../../../../shared/data/communes.tsv");
    let former = include_str!("../../../../shared/data/former-communes.tsv");
    Geography::parse(communes, former, &|department| ["26", "69", "38"].contains(&department)).unwrap()
}

fn shipped() -> Directory {
    Directory::from_json(include_bytes!("../../../../shared/editions/2026.json")).unwrap()
}

fn place() -> Structure {
    let mut place = Structure {
        id: "cio-26000-valence".into(),
        network: "cio".into(),
        name: "CIO inventé".into(),
        commune: "26362".into(),
        phones: vec!["04 75 00 00 01".into()],
        ..Structure::default()
    };
    place.address.postcode = "26000".into();
    place
}

/// Reads a form of which some fields were changed.
fn change(was: &Structure, with: impl FnOnce(&mut Typed)) -> (Structure, Vec<(&'static str, String)>) {
    let (directory, geography) = (shipped(), geography());
    let around = Around::new(&directory, &geography, "2026-11-24");
    let mut typed = Typed::of(was, &geography);
    with(&mut typed);
    let (place, wrong) = typed.read(was, &around);
    (place, wrong.into_iter().map(|one| (one.field, one.sentence)).collect())
}

#[test]
fn every_shipped_place_survives_being_opened_and_saved() {
    let (directory, geography) = (shipped(), geography());
    let around = Around::new(&directory, &geography, "2026-11-24");
    assert!(!directory.structures.is_empty());
    for place in &directory.structures {
        assert_eq!(Typed::of(place, &geography).read(place, &around), (place.clone(), Vec::new()));
    }
}

#[test]
fn what_is_typed_is_written_as_everywhere() {
    let (changed, wrong) = change(&place(), |typed| {
        typed.set("phones", "0475000002\n04.75.00.00.03");
        typed.set("emails", "Accueil@Exemple.FR");
        typed.set("website", "www.exemple.fr");
        typed.set("closed", "du 1/8/2026 au 15/8/2026\n24/12/2026");
        typed.set("languages", "Anglais, langue des signes française");
        typed.set("latitude", "44,93");
        typed.set("longitude", "4.89");
        typed.checked_today = true;
        typed.set("references", "data·inclusion = abc=1");
    });
    assert_eq!(wrong, []);
    assert_eq!(changed.phones, ["04 75 00 00 02", "04 75 00 00 03"]);
    assert_eq!(changed.emails, ["Accueil@exemple.fr"]);
    assert_eq!(changed.website.as_deref(), Some("https://www.exemple.fr"));
    assert_eq!(changed.closed.len(), 2);
    assert_eq!(
        (changed.closed[0].from.as_str(), changed.closed[0].until.as_str()),
        ("2026-08-01", "2026-08-15")
    );
    assert_eq!(changed.closed[1].from, changed.closed[1].until);
    assert_eq!(changed.languages, ["en", "fsl"]);
    assert!((changed.position.unwrap().latitude - 44.93).abs() < 1e-6);
    assert_eq!(changed.checked_on.as_deref(), Some("2026-11-24"));
    assert_eq!(changed.references["data·inclusion"], "abc=1");
}

#[test]
fn nobody_types_the_code_of_a_commune() {
    let (moved, wrong) = change(&place(), |typed| {
        typed.set("commune", "romans sur isere");
        typed.set("postcode", "26100");
    });
    assert_eq!((moved.commune.as_str(), moved.address.postcode.as_str()), ("26281", "26100"));
    assert_eq!(wrong, []);
    let (lyon, _) = change(&place(), |typed| {
        typed.set("commune", "Lyon");
        typed.set("postcode", "69003");
    });
    assert_eq!((lyon.commune.as_str(), lyon.address.town.as_deref()), ("69383", Some("Lyon")));
    let (unmoved, wrong) = change(&place(), |typed| typed.set("commune", "Nulle-Part"));
    assert_eq!((unmoved.commune.as_str(), wrong[0].0), ("26362", "commune"));
    let (covers, wrong) = change(&place(), |typed| {
        typed.set("for", "some");
        typed.set("communes", "Valence (26362)\n26100 Romans-sur-Isère\n26281");
    });
    assert_eq!(
        (covers.competence.unwrap().communes, wrong),
        (vec!["26362".into(), "26281".into(), "26281".into()], vec![])
    );
}

#[test]
fn each_error_is_at_its_field_and_keeps_the_rest() {
    let (changed, wrong) = change(&place(), |typed| {
        typed.set("name", "CIO renommé");
        typed.set("phones", "04 75");
        typed.set("emails", "accueil");
        typed.set("website", "voir page");
        typed.set("postcode", "26");
        typed.set("latitude", "nord");
        typed.set("wednesday", "le matin");
        typed.set("closed", "août");
        typed.set("languages", "elfique");
        typed.set("checked_on", "hier");
        typed.set("references", "abc");
        typed.set("for", "some");
        typed.set("communes", "Nulle-Part");
    });
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| *field).collect();
    let expected = [
        "phones",
        "emails",
        "website",
        "languages",
        "latitude",
        "postcode",
        "wednesday",
        "closed",
        "communes",
        "checked_on",
        "references",
    ];
    assert_eq!(fields, expected, "{wrong:?}");
    assert_eq!((changed.name.as_str(), changed.phones), ("CIO renommé", place().phones));
}

#[test]
fn the_checks_of_a_publication_are_shown_at_their_fields() {
    let (directory, geography) = (shipped(), geography());
    let around = Around::new(&directory, &geography, "2026-11-24");
    let mut wrong = place();
    wrong.network = "reseau-inconnu".into();
    wrong.name = " ".into();
    wrong.checked_on = Some("2027-01-01".into());
    wrong.phones = vec!["12345".into()];
    let told: Vec<&str> = around.check(&wrong).iter().map(|(_, one)| one.field).collect();
    assert_eq!(told, ["network", "name", "phones", "checked_on"]);
    let mut alone = place();
    alone.phones.clear();
    assert_eq!(around.check(&alone)[0].0, Severity::Warning);
    assert_eq!(around.check(&place()), []);
}

prop_compose! {
    fn any_place()(
        name in "[A-Za-zéÉ’<>&\"]{1,20}",
        lines in prop::collection::vec("[1-9] rue [a-z<&]{1,9}", 0..3),
        days in prop::sample::subsequence(shared::opening::WEEKDAYS.to_vec(), 1..7),
        from in 0_u16..700,
        length in 1_u16..700,
        phone in 10_000_000_u32..99_999_999,
        latitude in 41.0_f32..51.0,
        services in prop::option::of(prop::sample::subsequence(vec![Service::Reception, Service::Advice, Service::Support], 0..=3)),
        communes in prop::option::of(prop::sample::subsequence(vec!["26362", "26281", "38185"], 0..=3)),
        access in prop::option::of("[a-zé]{1,9}\n[a-z]{1,9}"),
        closed in prop::bool::ANY,
    ) -> Structure {
        let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let mut place = place();
        place.name = name;
        place.address.lines = lines;
        let days: Vec<Weekday> = days;
        place.hours = vec![OpeningHours { days, from: time(from), to: time(from + length) }];
        let digits = format!("04{phone}");
        place.phones = vec![(0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect::<Vec<_>>().join(" ")];
        place.position = Some(Position { latitude, longitude: 4.5, approximate: false });
        place.services = services;
        place.competence = communes.map(|communes| Competence {
            communes: communes.into_iter().map(str::to_owned).collect(),
            departments: vec!["26".into()],
            territories: vec![],
        });
        place.access = access;
        if closed {
            place.closed = vec![Closure { from: "2026-08-01".into(), until: "2026-08-15".into() }];
        }
        place
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The fields of a place, typed into an empty form, give the same place: nothing that the
    /// form shows is lost on the way.
    #[test]
    fn a_place_typed_anew_is_the_same(place in any_place()) {
        let (directory, geography) = (shipped(), geography());
        let around = Around::new(&directory, &geography, "2026-11-24");
        let blank = Structure { id: place.id.clone(), ..Structure::default() };
        let (again, wrong) = Typed::of(&place, &geography).read(&blank, &around);
        // A number that no plan has is told, never kept.
        prop_assume!(wrong.iter().all(|one| one.field != "phones"));
        prop_assert_eq!(wrong, vec![]);
        prop_assert_eq!(again, place);
    }
}

#[test]
fn what_is_released_is_no_correction_any_more() {
    let source = place();
    let mut corrected = Structure { phones: vec!["04 75 00 00 09".into()], ..source.clone() };
    corrected.correct(Some(&source), "2026-11-24");
    let (saved, _) = change(&corrected, |_| ());
    assert_eq!(saved, corrected);
    let (released, wrong) = change(&corrected, |typed| typed.released = vec!["phones".into()]);
    assert_eq!((released.corrections.len(), released.phones, wrong), (0, corrected.phones, vec![]));
}

/// The page of a private link may be open for days.
#[test]
fn what_its_people_did_not_touch_stays_what_it_is_now() {
    let (was, geography) = (place(), geography());
    let page = Typed::of(&was, &geography).shown();
    let mut now = was.clone();
    now.phones = vec!["04 75 00 00 02".into()];
    now.hours_note = Some("Le matin".into());
    let form = |pairs: &[(&str, &str)]| {
        let written = shared::percent::encoded;
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", written(value))).collect();
        let limits = serving::limits::Limits::form(100_000, 50);
        Form::parse(pairs.join("&").as_bytes(), &limits).unwrap()
    };
    let typed = |pairs: &[(&str, &str)]| Typed::of(&now, &geography).corrected(&form(pairs));
    // The old number is still in the form; only the page was touched.
    let sent = [
        ("was", page.as_str()),
        ("phones", "04 75 00 00 01"),
        ("hours_note", ""),
        ("website", "https://exemple.fr"),
    ];
    let read = typed(&sent);
    assert_eq!((read.get("phones"), read.get("hours_note")), ("04 75 00 00 02", "Le matin"));
    assert_eq!(read.get("website"), "https://exemple.fr");
    // What both changed is what its people say, and what they may not say is not taken.
    let mut read = typed(&[
        ("was", &page),
        ("phones", "04 75 00 00 03"),
        ("name", "Autre"),
        ("commune", "Lyon"),
        ("for", "some"),
    ]);
    let own = Typed::of(&now, &geography);
    assert_eq!(read.get("phones"), "04 75 00 00 03");
    read.set("phones", own.get("phones"));
    assert_eq!(read, own);
    assert_ne!(own.shown(), page, "somebody who says that it is still true has to look again");
}
