//! One row that cannot be published does not stop the others: it is refused with its reason.

use super::record::Draft;
use shared::directory::Directory;
use shared::fields::french;
use shared::finding::Severity;
use shared::geography::Geography;
use std::collections::BTreeMap;

/// Takes out the records that the check of the directory would refuse, and says why in French,
/// by their row. `checked_on` is said of the whole file: no row is to blame for it.
pub(super) fn take_out(
    drafts: &mut Vec<Draft>,
    directory: &mut Directory,
    geography: &Geography,
    checked_on: Option<&str>,
    today: &str,
) -> BTreeMap<usize, String> {
    // The records alone, under ids that are right: what they are called is settled later.
    let records = drafts.iter().map(|draft| {
        let mut structure = draft.structure.clone();
        structure.id = format!("ligne-{}", draft.row);
        structure.references.clear();
        structure.checked_on = structure.checked_on.filter(|date| Some(date.as_str()) != checked_on);
        structure
    });
    let places = std::mem::replace(&mut directory.structures, records.collect());
    let findings = shared::validate::findings(directory, geography, today);
    directory.structures = places;
    let mut reasons: BTreeMap<usize, String> = BTreeMap::new();
    for finding in findings.into_iter().filter(|finding| finding.severity == Severity::Error) {
        let place = finding.path.strip_prefix("structures[").and_then(|path| path.split_once("]."));
        let Some((rank, field)) = place else { continue };
        let Some(draft) = rank.parse().ok().and_then(|rank: usize| drafts.get(rank)) else { continue };
        let field = french(field.split(['.', '[']).next().unwrap_or_default());
        let reason = format!("{field} « {} », il faut {}", finding.value, finding.expected);
        let all = reasons.entry(draft.row).or_insert_with(|| "elle ne peut pas être publiée".to_owned());
        let separator = if all.contains(" : ") { " ; " } else { " : " };
        *all = [all.as_str(), separator, &reason].concat();
    }
    drafts.retain(|draft| !reasons.contains_key(&draft.row));
    reasons
}
