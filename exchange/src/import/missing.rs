//! Places that came from a source once, and that its file no longer has.

use super::Options;
use super::report::{Gone, Report};
use shared::directory::{Directory, Structure};
use std::collections::HashSet;

/// Lists the places of the same source that no record of the file is, where somebody asked
/// for it; takes them out only where somebody asked for that.
pub(super) fn look(directory: &mut Directory, options: &Options, report: &mut Report) {
    if !(options.report_missing || options.remove_missing) || options.source.is_empty() {
        return;
    }
    let present: HashSet<&str> = report.records.iter().filter_map(|record| record.id.as_deref()).collect();
    let is_gone = |structure: &Structure| {
        let is_of_source = structure.source.as_deref() == Some(options.source.as_str())
            || structure.references.contains_key(&options.source);
        is_of_source && !present.contains(structure.id.as_str())
    };
    report.missing = directory
        .structures
        .iter()
        .filter(|structure| is_gone(structure))
        .map(|structure| Gone {
            id: structure.id.clone(),
            name: structure.name.clone(),
            removed: options.remove_missing,
        })
        .collect();
    if options.remove_missing {
        directory.structures.retain(|structure| !is_gone(structure));
    }
}
