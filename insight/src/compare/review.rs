//! Everything that an administrator wants to read before publishing: what differs, what it
//! changes for people, which gaps it opens and closes, what of it has to be answered. The same on
//! the desk and at the edge.

use crate::compare::diff::{Difference, Summary, difference, summary};
use crate::compare::effect::{Effect, effect};
use crate::report::coverage::{coverage, losses};
use crate::report::diagnosis::compare::{Comparison, compare};
use crate::report::diagnosis::{Scope, Survey, Thresholds};
use serde::Serialize;
use shared::compile::compile;
use shared::finding::Finding;
use shared::geography::Geography;
use shared::snapshot::Snapshot;
use shared::validate::Valid;

/// A directory against the one that is live.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// In a few lines, to be kept with the version.
    pub summary: Summary,
    /// What differs.
    pub difference: Difference,
    /// What changes for people; `None` where the two cannot be compared.
    pub effect: Option<Effect>,
    /// Which gaps are new and which are solved; `None` where a region has no commune.
    pub gaps: Option<Comparison>,
    /// What it makes worse for people near places, to be answered by whoever publishes it.
    pub losses: Vec<Finding>,
}

/// Reviews a directory as of `today`, an ISO date. Snapshots that are at hand are not
/// compiled again.
///
/// ```
/// use insight::compare::review::review;
/// # use shared::{directory::Directory, geography::Geography, validate::validate};
/// # let communes = include_str!("../../../shared/examples/communes.tsv");
/// # let geography = Geography::parse(communes, "", &|_| true).unwrap();
/// # let example = include_bytes!("../../../shared/examples/two-places.json");
/// # let directory = Directory::from_json(example).unwrap();
/// let mut changed = directory.clone();
/// changed.structures.remove(0);
/// let before = validate(directory, &geography, "2026-11-24").unwrap();
/// let after = validate(changed, &geography, "2026-11-24").unwrap();
///
/// let found = review((&before, None), (&after, None), &geography, "2026-11-24");
/// assert_eq!(found.summary.removed, 1);
/// assert!(found.effect.is_some_and(|effect| !effect.publics.is_empty()));
/// assert_eq!(found.losses[0].code, "network-without-place");
/// ```
pub fn review(
    (before, old): (&Valid, Option<&Snapshot>),
    (after, new): (&Valid, Option<&Snapshot>),
    geography: &Geography,
    today: &str,
) -> Review {
    let difference = difference(before.directory(), after.directory());
    let compiled = |directory: &Valid, snapshot: Option<&Snapshot>| {
        snapshot.cloned().unwrap_or_else(|| compile(directory, geography))
    };
    let effect = effect(&compiled(before, old), &compiled(after, new), geography, today).ok();
    let survey = |directory| {
        let thresholds = Thresholds::usual(after.directory().edition.reach_km, today);
        Survey::new(directory, geography, &Scope::Region, thresholds, today).ok()
    };
    let gaps = survey(before).zip(survey(after)).map(|(before, after)| compare(&before, &after));
    let covered = |directory| coverage(directory, geography, today);
    let losses = losses((before.directory(), &covered(before)), (after.directory(), &covered(after)), today);
    Review { summary: summary(&difference, effect.as_ref(), gaps.as_ref()), difference, effect, gaps, losses }
}
