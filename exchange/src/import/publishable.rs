//! One row that cannot be published does not stop the others: it is refused with its reason.

use super::record::Draft;
use shared::directory::{Directory, Structure};
use shared::fields::french;
use shared::finding::{Finding, Severity};
use shared::geography::Geography;
use std::collections::BTreeMap;
use std::mem;

/// So many records are looked at together: as many places more are held meanwhile.
const TOGETHER: usize = 512;

/// Takes out the records that the check of the directory would refuse, and says why in French,
/// by their row. `checked_on` is said of the whole file: no row is to blame for it.
pub(super) async fn take_out(
    drafts: &mut Vec<Draft>,
    directory: &mut Directory,
    geography: &Geography,
    checked_on: Option<&str>,
    today: &str,
    pause: &impl AsyncFn(),
) -> BTreeMap<usize, String> {
    let places = mem::take(&mut directory.structures);
    let mut reasons: BTreeMap<usize, String> = BTreeMap::new();
    for some in drafts.chunks_mut(TOGETHER) {
        // Lent, not copied, under ids that are right: what they are called is settled later.
        let mut aside = Vec::with_capacity(some.len());
        for draft in &mut *some {
            let structure = &mut draft.structure;
            aside.push((
                mem::replace(&mut structure.id, format!("ligne-{}", draft.row)),
                mem::take(&mut structure.references),
                structure.checked_on.take_if(|date| Some(date.as_str()) == checked_on),
            ));
            directory.structures.push(mem::take(structure));
        }
        for finding in shared::validate::findings(directory, geography, today) {
            note(&finding, some, &mut reasons);
        }
        for ((draft, structure), (id, references, of_file)) in
            some.iter_mut().zip(directory.structures.drain(..)).zip(aside)
        {
            let checked_on = of_file.or(structure.checked_on);
            draft.structure = Structure { id, references, checked_on, ..structure };
        }
        pause().await;
    }
    directory.structures = places;
    drafts.retain(|draft| !reasons.contains_key(&draft.row));
    reasons
}

/// Notes what refuses one of these records, if it is that.
fn note(finding: &Finding, drafts: &[Draft], reasons: &mut BTreeMap<usize, String>) {
    if finding.severity != Severity::Error {
        return;
    }
    let place = finding.path.strip_prefix("structures[").and_then(|path| path.split_once("]."));
    let Some((rank, field)) = place else { return };
    let Some(draft) = rank.parse().ok().and_then(|rank: usize| drafts.get(rank)) else { return };
    let field = french(field.split(['.', '[']).next().unwrap_or_default());
    let reason = format!("{field} « {} », il faut {}", finding.value, finding.expected);
    let all = reasons.entry(draft.row).or_insert_with(|| "elle ne peut pas être publiée".to_owned());
    let separator = if all.contains(" : ") { " ; " } else { " : " };
    *all = [all.as_str(), separator, &reason].concat();
}
