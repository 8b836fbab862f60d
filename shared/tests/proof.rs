//! Both shipped editions, proved: every reachable set of answers × every commune.

use shared::directory::Directory;
use shared::geography::Geography;
use shared::proof::{Proof, prove};
use shared::validate::{Valid, validate};
use std::sync::LazyLock;

const TODAY: &str = "2026-11-24";
const EDITION_2016: &[u8] = include_bytes!("../editions/2016.json");
const EDITION_2026: &[u8] = include_bytes!("../editions/2026.json");

static FRANCE: LazyLock<Geography> = LazyLock::new(|| {
    Geography::parse(
        include_str!("../data/communes.tsv"),
        include_str!("../data/former-communes.tsv"),
        &|_| true,
    )
    .unwrap()
});

fn valid(directory: Directory) -> Valid {
    validate(directory, &FRANCE, TODAY).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn proved(document: &[u8]) -> Proof {
    let proof = prove(&valid(Directory::from_json(document).unwrap()), &FRANCE, TODAY);
    println!("{proof}");
    assert!(proof.counter_example.is_none(), "{proof}");
    proof
}

#[test]
fn nobody_meets_a_dead_end_or_a_wrong_door_in_2026() {
    let proof = proved(EDITION_2026);
    assert!(proof.communes > 4_000 && proof.sets > 50_000 && proof.cases > 200_000_000);
    assert!(proof.guarantees > 20 && proof.instead_of.is_none());
}

#[test]
fn nobody_meets_a_dead_end_or_a_wrong_door_in_2016() {
    let proof = proved(EDITION_2016);
    assert!(proof.communes > 2_000 && proof.sets > 1_000 && proof.guarantees > 20);
    assert_eq!((proof.day.as_str(), proof.instead_of.as_deref()), ("2019-12-31", Some(TODAY)));
}
