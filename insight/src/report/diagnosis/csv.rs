//! The table of all communes, for spreadsheets.
//!
//! RFC 4180 in all but the separator: administrators open it by a double click in a French
//! spreadsheet program, which wants a byte order mark, semicolons and decimal commas, and
//! puts everything in one column otherwise. Programs read the JSON.

use super::Survey;
use super::nearest::Need;
use shared::directory::{MAIN_LANGUAGE, Structure};
use shared::geography::Meters;
use shared::spreadsheet::guarded;
use std::fmt::Write;

/// The needs that have columns; the level Two is the nearer of two of them.
const NEEDS: [(Need, &str); 4] = [
    (Need::Reception, "Accueil"),
    (Need::Advice, "Conseil"),
    (Need::Support, "Accompagnement"),
    (Need::Named, "Lieu prévu par la règle"),
];

impl Survey<'_> {
    /// One line a commune and public. A need that nothing meets has empty cells.
    pub fn csv(&self) -> String {
        let mut csv = String::from("\u{feff}");
        let titles = [
            "Code INSEE",
            "Commune",
            "Département",
            "Territoire",
            "Habitants",
            "Règle",
            "Public",
            "La règle ne fait qu’ajouter",
        ];
        let mut line = Line::default();
        for title in titles {
            line.cell(title);
        }
        for (_, need) in NEEDS {
            for what in ["lieu", "km", "lieu compétent pour la commune"] {
                line.cell(&format!("{need} : {what}"));
            }
        }
        line.end(&mut csv);
        let territories: Vec<_> = self
            .directory
            .territories
            .iter()
            .map(|territory| (territory, super::scope::members(territory, self.geography)))
            .collect();
        for row in self.rows() {
            let commune = row.commune;
            let department = self.directory.edition.region.departments.iter();
            let department = department
                .filter(|department| department.code == commune.department())
                .map(|department| department.name.as_str())
                .next();
            let territory = territories.iter().find(|(_, members)| members.holds(commune));
            for (public, nearest) in self.publics.iter().zip(row.nearest) {
                let mut line = Line::default();
                line.cell(&commune.code);
                line.cell(&commune.name);
                line.cell(department.unwrap_or_default());
                line.cell(territory.map_or("", |(territory, _)| &territory.name));
                line.cell(&commune.population.to_string());
                line.cell(&public.id);
                line.cell(&public.who);
                line.cell(if public.adds { "oui" } else { "non" });
                for (need, _) in NEEDS {
                    let Some(found) = nearest.get(need) else {
                        for _ in 0..3 {
                            line.cell("");
                        }
                        continue;
                    };
                    line.cell(&self.place(&self.directory.structures[found.structure]));
                    line.cell(&kilometres(found.distance));
                    line.cell(if found.competent { "oui" } else { "non" });
                }
                line.end(&mut csv);
            }
        }
        csv
    }

    /// A place by its name and its commune, unless the name says it.
    pub(super) fn place(&self, structure: &Structure) -> String {
        let commune = self.geography.current(&structure.commune).map_or("", |commune| &commune.name);
        if structure.name.contains(commune) {
            return structure.name.clone();
        }
        format!("{} ({commune})", structure.name)
    }

    /// The name of a network in French.
    pub(super) fn network(&self, id: &str) -> String {
        let networks = &self.directory.edition.networks;
        let network = networks.iter().find(|network| network.id == id);
        network.and_then(|network| network.name.get(MAIN_LANGUAGE)).cloned().unwrap_or_else(|| id.to_owned())
    }
}

/// Kilometres with one decimal, as French writes them: `12,3`.
pub(super) fn kilometres(distance: Meters) -> String {
    let tenths = (distance.0 + 50) / 100;
    format!("{},{}", tenths / 10, tenths % 10)
}

/// One line of a table that a French spreadsheet program opens by a double click.
#[derive(Default)]
pub(crate) struct Line {
    text: String,
    cells: usize,
}

impl Line {
    pub(crate) fn cell(&mut self, value: &str) {
        if self.cells > 0 {
            self.text.push(';');
        }
        self.cells += 1;
        let value = guarded(value.to_owned());
        if value.contains([';', '"', '\n', '\r']) {
            let _ = write!(self.text, "\"{}\"", value.replace('"', "\"\""));
        } else {
            self.text.push_str(&value);
        }
    }

    pub(crate) fn end(self, csv: &mut String) {
        csv.push_str(&self.text);
        csv.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_defused() {
        let mut line = Line::default();
        for value in ["a;b", "l’« O »", "dit \"oui\"", "=1+1", "-", "", "deux\nlignes"] {
            line.cell(value);
        }
        let mut csv = String::new();
        line.end(&mut csv);
        assert_eq!(csv, "\"a;b\";l’« O »;\"dit \"\"oui\"\"\";'=1+1;'-;;\"deux\nlignes\"\r\n");
    }

    #[test]
    fn kilometres_are_rounded_and_written_as_french_does() {
        for (meters, said) in [(0, "0,0"), (49, "0,0"), (50, "0,1"), (12_345, "12,3"), (59_960, "60,0")] {
            assert_eq!(kilometres(Meters(meters)), said);
        }
    }
}
