//! `worker/openapi.json` describes the types of this crate for everybody else. It is written by hand, in
//! French: each field must be there, and no other.

use crate::access::{Key, Me};
use crate::builds::{KeptBuild, KeptFile};
use crate::drafts::{Draft, DraftCheck, DraftFile, DraftState};
use crate::place_links::{Answered, LinkState, PlaceLink, Said};
use crate::rights::Role;
use crate::trail::{Done, Trace};
use crate::versions::{Action, Switched, Version};
use crate::{Revoked, Who};
use insight::compare::diff::Summary;
use insight::report::quality::QualitySummary;
use serde::Serialize;
use serde_json::{Map, Value, json};
use shared::snapshot::SnapshotId;
use std::collections::{BTreeMap, BTreeSet};

fn schemas() -> Map<String, Value> {
    let description: Value = serde_json::from_str(include_str!("../../worker/openapi.json")).unwrap();
    description["components"]["schemas"].as_object().unwrap().clone()
}

/// Compares the fields of a value that has every one of them with those that are described.
#[track_caller]
fn check(schema: &str, whole: &impl Serialize) {
    let schema = &schemas()[schema];
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    let written = serde_json::to_value(whole).unwrap();
    assert_eq!(fields(&written), fields(&schema["properties"]));
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(!written[required].is_null(), "{required}");
    }
    // The values of an enumeration that the sample has are described.
    for (name, property) in schema["properties"].as_object().unwrap() {
        if let Some(values) = property["enum"].as_array() {
            assert!(values.contains(&written[name]), "{name}: {}", written[name]);
        }
    }
}

fn text() -> String {
    "x".to_owned()
}

fn who() -> Who {
    Who { id: text(), name: text() }
}

fn revoked() -> Revoked {
    Revoked { at: text(), by: who() }
}

fn role() -> Role {
    Role::Territory { territory: text(), may_publish: true }
}

fn snapshot() -> SnapshotId {
    SnapshotId::parse(&"0".repeat(32)).unwrap()
}

#[test]
fn people_and_keys_are_as_described() {
    check("Who", &who());
    check("Me", &Me { id: text(), name: text(), role: role() });
    let (email, last_used_on, key) = (Some(text()), Some(text()), Some(text()));
    let (made_at, made_by) = (text(), who());
    let (id, name, role, revoked) = (text(), text(), role(), Some(revoked()));
    check(
        "Key",
        &Key { id, name, role, email, made_at, made_by, last_used_on, revoked, suspended: true, key },
    );
    check(
        "Trace",
        &Trace { at: text(), by: Some(who()), done: Done::KeyMade, subject: text(), detail: text() },
    );
}

#[test]
fn place_links_are_as_described() {
    for state in [LinkState::Open, LinkState::Revoked, LinkState::Expired, LinkState::Suspended] {
        let answered = Some(Answered { at: text(), said: Said::Corrected, draft: text() });
        check(
            "PlaceLink",
            &PlaceLink {
                place: text(),
                name: text(),
                made_at: text(),
                made_by: who(),
                territory: Some(text()),
                until: text(),
                state,
                revoked: Some(revoked()),
                opened_on: Some(text()),
                answered,
                address: Some(text()),
            },
        );
    }
}

#[test]
fn drafts_are_as_described() {
    for state in [DraftState::Open, DraftState::Proposed, DraftState::Published, DraftState::Abandoned] {
        let draft = Draft {
            id: text(),
            revision: 1,
            title: text(),
            territory: Some(text()),
            begun_by: who(),
            begun_at: text(),
            changed_by: who(),
            changed_at: text(),
            base: snapshot(),
            steps: vec![text()],
            file: Some(DraftFile { name: text(), bytes: 1 }),
            check: Some(DraftCheck { today: text(), snapshot: Some(snapshot()), errors: 0, warnings: 0 }),
            preview: Some(text()),
            state,
            version: Some(1),
        };
        check("Draft", &draft);
    }
}

#[test]
fn versions_and_builds_are_as_described() {
    for action in [Action::Publish, Action::Rollback, Action::Found, Action::Renewed] {
        let version = Version {
            version: 1,
            snapshot: snapshot(),
            published_at: text(),
            by: who(),
            reason: text(),
            title: text(),
            edition: text(),
            structures: 1,
            action,
            changes: Some(Summary::default()),
            quality: Some(QualitySummary::default()),
        };
        check("Version", &version);
    }
    let (version, previous) = (1, snapshot());
    let switched =
        Switched { snapshot: snapshot(), version, previous, unchanged: true, findings: None, draft: None };
    check("Switched", &switched);
    let file = KeptFile { bytes: 1, integrity: text(), until: text() };
    check("KeptFile", &file);
    let files = BTreeMap::from([(text(), file)]);
    check("KeptBuild", &KeptBuild { build: text(), until: text(), kept_at: text(), kept_by: who(), files });
}

/// A command line may be older than its server.
#[test]
fn what_a_newer_server_says_is_read_all_the_same() {
    let version = json!({ "version": 3, "snapshot": snapshot(), "action": "foretold", "mood": "good" });
    let read: Version = serde_json::from_value(version).unwrap();
    assert_eq!((read.version, read.action, read.by), (3, Action::Other, Who::default()));
}
