//! What a page's policies let the element do, as told; `tests/browser/doctor.test.mjs` serves
//! the same cases to a real browser, as they are and mended.

use super::address::Address;
use super::advice::{Need, examine};
use super::policy::Policy;
use super::tags::tags;
use serde::Deserialize;

const GUIDE: &str = "https://guide.example";

/// One page. `GUIDE` stands for the origin of the guide.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    policies: Vec<String>,
    nonce: Option<String>,
    rung: String,
    #[serde(default)]
    wants_nonce: bool,
    mended: Vec<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&include_str!("../../tests/cases/policies.json").replace("GUIDE", GUIDE)).unwrap()
}

#[test]
fn every_case_is_told_and_mended() {
    let address = |url| Address::parse(url).unwrap();
    let (guide, page) = (address(GUIDE), address("https://mairie.example/emploi"));
    for case in cases() {
        let policies: Vec<Policy> = case.policies.iter().map(|text| Policy::parse(text)).collect();
        let nonce = case.nonce.as_deref().unwrap_or_default();
        let tag =
            tags(&format!("<script type=module nonce=\"{nonce}\" src=\"{GUIDE}/spro-guide.js\"></script>"))
                .remove(0);
        let found = examine(&policies, &guide, &page, Some(&tag));
        assert_eq!(found.rung.code(), case.rung, "{}", case.name);
        assert_eq!(found.wants_nonce, case.wants_nonce, "{}", case.name);
        let mended: Vec<String> = found.mended.iter().map(Policy::text).collect();
        assert_eq!(mended, case.mended, "{}", case.name);
        // Every line that is proposed is in the policy that it gives, and every line that it
        // takes the place of is in the one that is there.
        for change in &found.changes {
            let has = |policy: &Policy, line: &str| policy.text().split("; ").any(|known| known == line);
            assert!(has(&found.mended[change.policy], &change.after), "{}: {change:?}", case.name);
            let before = change.before.as_deref();
            assert!(
                before.is_none_or(|line| has(&policies[change.policy], line)),
                "{}: {change:?}",
                case.name
            );
        }
        // Once mended, only a nonce or the frame may still be missing.
        let again = examine(&found.mended, &guide, &page, Some(&tag));
        assert!(again.changes.is_empty(), "{}: {:?}", case.name, again.changes);
        let only_the_frame = again.blocked.iter().all(|blocked| blocked.need == Need::Frame);
        assert_eq!(only_the_frame, !case.wants_nonce, "{}: {:?}", case.name, again.blocked);
    }
}

#[test]
fn the_frame_has_a_line_of_its_own() {
    let address = |url| Address::parse(url).unwrap();
    let policy = Policy::parse("default-src 'self'; script-src 'self' https://guide.example");
    let found = examine(&[policy], &address(GUIDE), &address("https://mairie.example/"), None);
    let lines: Vec<&str> = found.frame_changes.iter().map(|change| change.after.as_str()).collect();
    assert_eq!(lines, ["frame-src 'self' https://guide.example"]);
}
