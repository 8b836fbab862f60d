//! Texts that nobody can read are found before they are published.

use crate::shipped::{DIRECTORY_2026, REGION_2026, TODAY};
use shared::directory::Structure;
use shared::finding::Severity;
use shared::validate::findings;

/// The errors of the shipped directory once its first place is changed.
fn errors(change: &dyn Fn(&mut Structure)) -> Vec<(&'static str, String)> {
    found(Severity::Error, change)
}

fn found(severity: Severity, change: &dyn Fn(&mut Structure)) -> Vec<(&'static str, String)> {
    let mut directory = DIRECTORY_2026.clone();
    change(&mut directory.structures[0]);
    findings(&directory, &REGION_2026, TODAY)
        .into_iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| (finding.code, finding.path))
        .collect()
}

#[test]
fn what_ships_can_be_read() {
    assert_eq!(errors(&|_| ()), []);
}

#[test]
fn hidden_and_endless_texts_are_errors_with_their_place() {
    for name in ["CIO\u{202e}de Valence", "CIO\u{200b}", "CIO\u{0}", "CIO\u{fffe}", "\u{feff}CIO"] {
        let found = errors(&|place| name.clone_into(&mut place.name));
        assert_eq!(found, [("unreadable-character", "structures[0].name".to_owned())], "{name:?}");
    }
    let found = errors(&|place| place.name = "x".repeat(100_000));
    assert_eq!(found, [("text-too-long", "structures[0].name".to_owned())]);
    let found = errors(&|place| place.hours_note = Some("x".repeat(32_768)));
    assert_eq!(found, [("text-too-long", "structures[0].hours_note".to_owned())]);
    assert_eq!(errors(&|place| place.hours_note = Some("Le lundi :\r\nde 9 h à 12 h".into())), []);
}

#[test]
fn a_site_is_one_that_anybody_may_open() {
    let found = |site: &str| errors(&|place| place.website = Some(site.to_owned())).len();
    for good in ["https://cio.exemple.fr/a?b@c", "http://cio.exemple.fr:8080/"] {
        assert_eq!(found(good), 0, "{good}");
    }
    for bad in ["https://moi:secret@cio.exemple.fr/", "https://cio.exemple.fr@evil.example/"] {
        assert_eq!(found(bad), 1, "{bad}");
    }
}

/// Only a warning: a guide may be served inside a network.
#[test]
fn a_site_inside_a_network_is_told() {
    let told = |site: &str| {
        let warnings = found(Severity::Warning, &|place| place.website = Some(site.to_owned()));
        warnings.contains(&("website", "structures[0].website".to_owned()))
    };
    for inside in
        ["http://192.168.1.1/", "https://cio.intranet/", "http://10.0.0.1:8080/x", "https://CIO.Local/"]
    {
        assert!(told(inside), "{inside}");
    }
    assert!(!told("https://cio.exemple.fr/"));
}
