//! « À revérifier »: the records that nobody has checked for long, those that matter most
//! first, with whom to ask and who is responsible. As JSON, as a table ([`csv`]), as a page
//! that prints ([`page::html`]) and as messages that are ready to be sent
//! ([`remind::messages`]); sending is not our business.

mod csv;
pub mod page;
pub mod remind;

use crate::compare::effect::{Served, mains};
use crate::report::diagnosis::members;
use crate::report::quality;
use serde::Serialize;
use shared::compile::compile;
use shared::directory::{Contact, MAIN_LANGUAGE, Structure};
use shared::geography::{Geography, department_of};
use shared::snapshot::Snapshot;
use shared::validate::Valid;

/// How old a check may be, and which records are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// In months.
    pub months: i32,
    /// The same for a place with a closure that is going on or begins within
    /// [`Self::SOON_DAYS`]: its hours and what it says of itself are about to change.
    pub months_if_closing: i32,
    /// Only the places that stand in this territory, by id.
    pub territory: Option<String>,
    /// Only those of this network, by id.
    pub network: Option<String>,
    /// Only those of this department, by code.
    pub department: Option<String>,
}

impl Asked {
    /// How many days ahead a closure is soon.
    pub const SOON_DAYS: i32 = 60;
}

impl Default for Asked {
    fn default() -> Self {
        Self { months: 12, months_if_closing: 6, territory: None, network: None, department: None }
    }
}

/// The records to check again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Freshness {
    /// Title of the directory.
    pub title: String,
    /// The day.
    pub today: String,
    /// How many months a check is good for.
    pub months: i32,
    /// A record that was last checked before this day is to be checked again.
    pub since: String,
    /// How many records were looked at.
    pub records: usize,
    /// The territories, and last what stands in none: only those with something to check.
    pub groups: Vec<Group>,
}

/// The records of one territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The territory's id; `None` for what stands in no territory.
    pub territory: Option<String>,
    /// Its name, or that of the region.
    pub name: String,
    /// Who is responsible: the territory's contact, else the region's.
    pub contact: Option<Contact>,
    /// How many of its records were looked at.
    pub records: usize,
    /// Those to check again: first those that are the main place in the most communes, then
    /// those that were checked the longest ago.
    pub stale: Vec<Stale>,
}

/// A record to check again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stale {
    /// When it was last true for somebody: checked, or published in a list; `None` is never.
    pub checked_on: Option<String>,
    /// It is closed, or about to be: it has to be checked more often.
    pub is_closing: bool,
    /// Whom it is the main place for.
    pub main_for: Served,
    /// Its quality, out of 100.
    pub quality: u8,
    /// Name of its network (French).
    pub network_name: String,
    /// Name of its commune.
    pub commune_name: String,
    /// The record.
    pub record: Structure,
}

impl Freshness {
    /// All the records to check again, group after group.
    pub fn stale(&self) -> impl Iterator<Item = &Stale> {
        self.groups.iter().flat_map(|group| &group.stale)
    }
}

/// Lists what is to be checked again as of `today`, an ISO date. A snapshot that is at hand
/// is not compiled again.
pub fn freshness(
    directory: &Valid,
    snapshot: Option<&Snapshot>,
    geography: &Geography,
    asked: &Asked,
    today: &str,
) -> Freshness {
    let compiled = snapshot.is_none().then(|| compile(directory, geography));
    // Without an answer every record matters as much as the others.
    let served = snapshot
        .or(compiled.as_ref())
        .and_then(|snapshot| mains(snapshot, geography, today).ok())
        .unwrap_or_default();
    let directory = directory.directory();
    let (since, since_if_closing) =
        (months_before(today, asked.months), months_before(today, asked.months_if_closing));
    let soon = days_after(today, Asked::SOON_DAYS);
    let region = &directory.edition.region;
    let french = |text: &shared::directory::Text| text.get(MAIN_LANGUAGE).cloned().unwrap_or_default();
    let mut groups: Vec<Group> = directory
        .territories
        .iter()
        .map(|territory| Group {
            territory: Some(territory.id.clone()),
            name: territory.name.clone(),
            contact: territory.contact.clone().or_else(|| region.contact.clone()),
            records: 0,
            stale: Vec::new(),
        })
        .collect();
    groups.push(Group {
        territory: None,
        name: french(&region.name),
        contact: region.contact.clone(),
        records: 0,
        stale: Vec::new(),
    });
    let territories: Vec<_> = directory.territories.iter().map(|one| members(one, geography)).collect();
    let mut records = 0;
    for structure in &directory.structures {
        let commune = geography.current(&structure.commune);
        let territory = commune.and_then(|commune| territories.iter().position(|one| one.holds(commune)));
        let group = &mut groups[territory.unwrap_or(territories.len())];
        let is_asked = asked.network.as_ref().is_none_or(|network| *network == structure.network)
            && asked.department.as_ref().is_none_or(|code| code == department_of(&structure.commune))
            && asked.territory.as_ref().is_none_or(|id| group.territory.as_ref() == Some(id));
        if !is_asked {
            continue;
        }
        records += 1;
        group.records += 1;
        let is_closing =
            structure.closed.iter().any(|closure| closure.from <= soon && closure.until.as_str() >= today);
        let limit = if is_closing { since_if_closing.as_str().max(&since) } else { &since };
        if structure.latest().is_some_and(|latest| latest.as_str() >= limit) {
            continue;
        }
        let network = directory.edition.networks.iter().find(|network| network.id == structure.network);
        group.stale.push(Stale {
            checked_on: structure.latest().cloned(),
            is_closing,
            main_for: served.get(&structure.id).copied().unwrap_or_default(),
            quality: quality::score(structure, directory, geography, today).score,
            network_name: network.map(|network| french(&network.name)).unwrap_or_default(),
            commune_name: commune.map(|commune| commune.name.clone()).unwrap_or_default(),
            record: structure.clone(),
        });
    }
    groups.retain(|group| !group.stale.is_empty());
    for group in &mut groups {
        group.stale.sort_by(|a, b| {
            let key = |one: &Stale| (std::cmp::Reverse(one.main_for.communes), one.checked_on.clone());
            (key(a), &a.record.id).cmp(&(key(b), &b.record.id))
        });
    }
    let title = directory.title.clone();
    Freshness { title, today: today.to_owned(), months: asked.months, since, records, groups }
}

/// The day some months before, as an ISO date; the text itself where it is not one.
pub fn months_before(today: &str, months: i32) -> String {
    shifted(today, jiff::Span::new().months(-months.clamp(0, 1200)))
}

fn days_after(today: &str, days: i32) -> String {
    shifted(today, jiff::Span::new().days(days))
}

fn shifted(today: &str, span: jiff::Span) -> String {
    today
        .parse::<jiff::civil::Date>()
        .and_then(|date| date.checked_add(span))
        .map_or_else(|_| today.to_owned(), |date| date.to_string())
}
