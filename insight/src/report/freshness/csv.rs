//! The list as a table to fill in, with titles that the import recognises: it can come back
//! as it is, and the identifier says which record each line is about.

use super::{Freshness, Group, Stale};
use crate::report::diagnosis::Line;
use shared::directory::Structure;
use shared::french;

const TITLES: [&str; 16] = [
    "Identifiant",
    "Nom",
    "Réseau",
    "Adresse",
    "Code postal",
    "Commune",
    "Code INSEE",
    "Téléphone",
    "Courriel",
    "Site",
    "Horaires",
    "Vérifié le",
    "Vérification précédente",
    "Source de la fiche",
    "Communes dont c’est le premier lieu",
    "Qualité sur 100",
];

impl Freshness {
    /// All of it.
    pub fn csv(&self) -> String {
        table(self.stale())
    }
}

impl Group {
    /// The table of one territory.
    pub fn csv(&self) -> String {
        table(self.stale.iter())
    }
}

fn table<'a>(stale: impl Iterator<Item = &'a Stale>) -> String {
    let mut csv = String::from("\u{feff}");
    let mut titles = Line::default();
    for title in TITLES {
        titles.cell(title);
    }
    titles.end(&mut csv);
    for one in stale {
        let record = &one.record;
        let mut line = Line::default();
        for cell in [
            record.id.as_str(),
            &record.name,
            &record.network,
            &record.address.lines.join("\n"),
            &record.address.postcode,
            &one.commune_name,
            &record.commune,
            &record.phones.join(" ; "),
            &record.emails.join(" ; "),
            record.website.as_deref().unwrap_or_default(),
            &hours(record),
            // Whoever has checked writes the day here.
            "",
            one.checked_on.as_deref().unwrap_or_default(),
            record.source.as_deref().unwrap_or_default(),
            &one.main_for.communes.to_string(),
            &one.quality.to_string(),
        ] {
            line.cell(cell);
        }
        line.end(&mut csv);
    }
    csv
}

/// The hours on one line, as people write them.
pub(super) fn hours(record: &Structure) -> String {
    let weekly = record.hours.iter().map(|hours| {
        let days: Vec<&str> = hours.days.iter().map(|day| french::weekday(*day)).collect();
        format!("{} {}-{}", days.join(", "), hours.from, hours.to)
    });
    weekly.chain(record.hours_note.clone()).collect::<Vec<_>>().join(" ; ")
}
