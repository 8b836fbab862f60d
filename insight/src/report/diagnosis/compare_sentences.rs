//! What a comparison of two diagnoses says in French: the one place where it is worded.

use super::compare::{AreaGaps, Communes, Comparison, Gap, RecordChange};
use super::records::Lack;
use shared::french::{capitalised, grouped};

/// The most important changes for the whole, the worse before the better: what concerns
/// whoever is the worst off, then one public after another, at most `most` of each kind.
pub fn headline(comparison: &Comparison, most: usize) -> Vec<String> {
    let Some(whole) = comparison.areas.first() else { return Vec::new() };
    let mut worse = changes(whole, comparison.near_km, true);
    let mut better = changes(whole, comparison.near_km, false);
    worse.truncate(most);
    better.truncate(most);
    worse.into_iter().chain(better).collect()
}

/// Every gap of an area that is new, or every one that is solved, the largest first.
pub fn changes(area: &AreaGaps, near_km: u16, new: bool) -> Vec<String> {
    let mut told: Vec<((bool, usize), String)> = Vec::new();
    for gap in &area.gaps {
        let (without, far) =
            if new { (&gap.new_without, &gap.new_far) } else { (&gap.solved_without, &gap.solved_far) };
        let rank = |communes: &Communes| (gap.public.is_none(), communes.communes);
        if without.communes > 0 {
            told.push((rank(without), sentence(gap, without, new, None)));
        }
        if far.communes > 0 {
            told.push((rank(far), sentence(gap, far, new, Some(near_km))));
        }
    }
    told.sort_by(|(a, _), (b, _)| b.cmp(a));
    told.into_iter().map(|(_, sentence)| sentence).collect()
}

fn sentence(gap: &Gap, communes: &Communes, new: bool, near_km: Option<u16>) -> String {
    let many = communes.communes > 1;
    let count = grouped(u64::try_from(communes.communes).unwrap_or(u64::MAX));
    let verb = match (new, many) {
        (true, true) => "n’ont plus aucun lieu",
        (true, false) => "n’a plus aucun lieu",
        (false, true) => "ont désormais un lieu",
        (false, false) => "a désormais un lieu",
    };
    let distance = near_km.map_or_else(
        || if new { " proposé par le guide".to_owned() } else { " que le guide propose".to_owned() },
        |km| format!(" à {km}\u{a0}km ou moins"),
    );
    let more = if communes.communes > communes.examples.len() { ", …" } else { "" };
    format!(
        "{count} commune{} {verb}{distance} ({}{more}). {} ; pour : {}",
        if many { "s" } else { "" },
        communes.examples.join(", "),
        capitalised(gap.need.french()),
        gap.who
    )
}

/// What changes for a record.
pub fn record(change: &RecordChange) -> String {
    let names =
        |lacks: &[Lack]| -> String { lacks.iter().map(|lack| of_one(*lack)).collect::<Vec<_>>().join(", ") };
    let mut parts = Vec::new();
    if !change.new.is_empty() {
        parts.push(format!("manque désormais : {}", names(&change.new)));
    }
    if !change.solved.is_empty() {
        parts.push(format!("ne manque plus : {}", names(&change.solved)));
    }
    format!("{} ({}) : {}", change.name, change.commune, parts.join(" ; "))
}

const fn of_one(lack: Lack) -> &'static str {
    match lack {
        Lack::Expired => "un réseau en vigueur",
        Lack::Closed => "un lieu ouvert (fermé pour longtemps)",
        Lack::Check => "une vérification de moins d’un an",
        Lack::Phone => "un téléphone",
        Lack::Hours => "des horaires",
        Lack::Position => "une position exacte",
    }
}
