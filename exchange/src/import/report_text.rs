//! The report as people read it: the summary, then each group, its like rows on one line.

use super::columns::{Column, Why};
use super::identity::Key;
use super::merge::Field;
use super::repair::{Accepted, Doubtful, Mended};
use super::report::{COMPETENCE, Group, Record, Report, lines, plural};
use super::week;
use shared::fields::{self, french};
use std::collections::HashMap;
use std::fmt::Write;

/// How many examples a group shows unless all are asked for.
const EXAMPLES: usize = 5;

impl Report {
    /// The report as people read it: the summary, then each group with examples.
    pub fn to_text(&self, all: bool) -> String {
        let mut text = String::new();
        self.summary(&mut text);
        self.column_lines(&mut text);
        let shown = if all { usize::MAX } else { EXAMPLES };
        if !self.findings.is_empty() {
            let total: usize = self.findings.iter().map(|group| group.count).sum();
            say(&mut text, format_args!("\nÀ REGARDER ({total})"));
            for group in &self.findings {
                text.push('\n');
                doubts(&mut text, group, shown);
            }
            if self.findings.iter().any(|group| group.rows.iter().any(|doubt| doubt.repair.is_some())) {
                text.push_str(HOW_TO_DECIDE);
            }
        }
        self.missing_lines(&mut text, shown);
        if !self.repaired.is_empty() {
            let total: usize = self.repaired.iter().map(|repairs| repairs.count).sum();
            say(&mut text, format_args!("\nRÉPARÉ ({total})"));
            for repairs in &self.repaired {
                say(&mut text, format_args!("\n  {} : {} [{}]", repairs.label, repairs.count, repairs.code));
                let list = together(repairs.list.iter().map(|mended| (mended.row, mended_line(mended))));
                examples(&mut text, &list, shown);
            }
        }
        self.merged_lines(&mut text, shown);
        text
    }

    fn summary(&self, text: &mut String) {
        let postcodes = self.repaired_count("postcode-leading-zero");
        say(text, format_args!("{}", self.file));
        let left_out: usize = self.left_out.values().sum();
        let others = if left_out > 0 { format!(" + {left_out} laissées de côté") } else { String::new() };
        say(
            text,
            format_args!(
                "Fiches lues : {} = {} ajoutées + {} fusionnées + {} refusées{others}. Aucune n’est perdue.",
                self.read, self.kept, self.merged, self.refused
            ),
        );
        let repaired: usize = self.repaired.iter().map(|repairs| repairs.count).sum();
        let doubts: usize = self.findings.iter().map(|group| group.count).sum();
        let of_postcodes = match postcodes {
            0 => String::new(),
            count => format!(", dont {}", plural(count, "code postal", "codes postaux")),
        };
        say(
            text,
            format_args!(
                "{}{of_postcodes} ; {}.",
                plural(repaired, "réparation", "réparations"),
                plural(doubts, "point à regarder", "points à regarder")
            ),
        );
        if self.corrections > 0 {
            let kept = plural(self.corrections, "correction gardée", "corrections gardées");
            say(
                text,
                format_args!(
                    "{kept} : ce qu’une personne a écrit reste, jusqu’à ce qu’une personne prenne la valeur du fichier."
                ),
            );
        }
        let networks: Vec<String> = self
            .networks
            .iter()
            .map(|(id, count)| format!("{} : {count}", self.called.get(id).unwrap_or(id)))
            .collect();
        say(text, format_args!("Réseaux : {}.", networks.join(", ")));
        if left_out > 0 {
            let mut types: Vec<(&String, &usize)> = self.left_out.iter().collect();
            types.sort_by_key(|(kind, count)| (usize::MAX - **count, *kind));
            let types: Vec<String> = types.iter().map(|(kind, count)| format!("{kind} : {count}")).collect();
            say(text, format_args!("Laissées de côté, par type : {}.", types.join(", ")));
        }
    }

    fn column_lines(&self, text: &mut String) {
        let read_as = match (self.encoding, self.separator) {
            (Some(encoding), Some('\t')) => format!("CSV, {encoding}, séparateur tabulation"),
            (Some(encoding), Some(separator)) => format!("CSV, {encoding}, séparateur « {separator} »"),
            _ => match (self.format, &self.sheet) {
                ("directory", _) => {
                    say(text, format_args!("\nAnnuaire : ses lieux sont reconnus à leur identifiant."));
                    return;
                }
                (COMPETENCE, _) => {
                    say(
                        text,
                        format_args!(
                            "\nTable de compétence : chaque ligne donne une commune à un lieu de l’annuaire."
                        ),
                    );
                    return;
                }
                ("ods", Some(sheet)) => format!("ODS, feuille « {sheet} »"),
                (_, Some(sheet)) => format!("XLSX, feuille « {sheet} »"),
                ("json", _) => "JSON, une fiche par objet".to_owned(),
                ("inclusion", _) => "data·inclusion".to_owned(),
                ("dila", _) => "base de données locales de la DILA".to_owned(),
                _ => "GeoJSON".to_owned(),
            },
        };
        say(text, format_args!("\nCOLONNES ({read_as})"));
        for column in &self.columns {
            say(text, format_args!("  {}", column_line(column)));
        }
        let days: Vec<String> = self
            .columns
            .iter()
            .filter(|column| column.field.is_some_and(|field| week::DAYS.contains(&field)))
            .map(|column| format!("« {} »", column.title))
            .collect();
        if !days.is_empty() {
            say(
                text,
                format_args!("  Une semaine : {} donnent les horaires, jour par jour.", days.join(", ")),
            );
        }
        match &self.key {
            Some(Key { column, chosen: true, .. }) => {
                say(
                    text,
                    format_args!("  Clé : « {column} » dit quel lieu est quel lieu, d’un fichier à l’autre."),
                );
            }
            Some(Key { column, .. }) => say(
                text,
                format_args!(
                    "  Clé possible : --key \"{column}\", pour que le prochain fichier mette à jour les mêmes lieux."
                ),
            ),
            None => {}
        }
    }

    fn merged_lines(&self, text: &mut String, shown: usize) {
        let changed: Vec<&Record> = self.records.iter().filter(|record| !record.fields.is_empty()).collect();
        if self.merged == 0 {
            return;
        }
        say(text, format_args!("\nFUSIONNÉ ({}), dont {} avec un changement", self.merged, changed.len()));
        for record in changed.iter().take(shown) {
            let told = |field: &Field| {
                format!(
                    "{} : {} → {}",
                    french(&field.name),
                    fields::shown(&field.name, &field.before),
                    fields::shown(&field.name, &field.after)
                )
            };
            let fields: Vec<String> = record.fields.iter().map(told).collect();
            say(text, format_args!("    ligne {} → {} · {}", record.row, record.name, fields.join(" ; ")));
        }
        more(text, changed.len(), shown);
    }

    fn missing_lines(&self, text: &mut String, shown: usize) {
        if self.missing.is_empty() {
            return;
        }
        let count = self.missing.len();
        let done = if self.missing.iter().any(|gone| gone.removed) { "retirés" } else { "gardés" };
        say(text, format_args!("\nABSENTS DU FICHIER, de la même source ({count}), {done}"));
        for gone in self.missing.iter().take(shown) {
            say(text, format_args!("    {}", gone.name));
        }
        more(text, count, shown);
    }
}

/// How to decide, for those who type commands.
const HOW_TO_DECIDE: &str = "\n  Pour prendre une proposition : --accept CODE (toutes celles d’un groupe) ou --accept CODE:LIGNE:COLONNE (une seule). Pour refuser une réparation : --refuse, de même.\n";

fn column_line(column: &Column) -> String {
    let mut line = format!("« {} » → ", column.title);
    match (column.field, column.why) {
        (Some(field), why) => {
            line.push_str(field.label());
            line.push_str(match why {
                Some(Why::Chosen) => " (choisi)",
                Some(Why::Content) => " (d’après le contenu)",
                _ => "",
            });
        }
        (None, _) if column.is_key => line.push_str("clé"),
        (None, _) => {
            let _ = write!(line, "ignorée : {}", column.ignored.unwrap_or_default());
        }
    }
    if let (Some(reason), true) = (&column.reason, column.why != Some(Why::Title)) {
        let _ = write!(line, " ; {reason}");
    }
    if let Some(field) = column.suggested {
        let _ = write!(line, " (pour la prendre : --column \"{}={}\")", column.title, field.label());
    }
    if column.why != Some(Why::Title) && !column.samples.is_empty() {
        let _ = write!(line, " · {}", column.samples.join(" | "));
    }
    line
}

/// Like lines told once, with all their rows.
fn together(list: impl Iterator<Item = (usize, (String, String))>) -> Vec<(Vec<usize>, String, String)> {
    let mut told: Vec<(Vec<usize>, String, String)> = Vec::new();
    let mut place_of: HashMap<(String, String), usize> = HashMap::new();
    for (row, said) in list {
        if let Some(place) = place_of.get(&said) {
            told[*place].0.push(row);
        } else {
            place_of.insert(said.clone(), told.len());
            told.push((vec![row], said.0, said.1));
        }
    }
    told
}

fn examples(text: &mut String, list: &[(Vec<usize>, String, String)], shown: usize) {
    for (rows, said, below) in list.iter().take(shown) {
        let place = match rows[..] {
            [0] => "fichier".to_owned(),
            [row] => format!("ligne {row}"),
            _ => {
                let mut sorted = rows.clone();
                sorted.sort_unstable();
                sorted.dedup();
                format!("lignes {}", lines(&sorted))
            }
        };
        say(text, format_args!("    {place}{said}{below}"));
    }
    more(text, list.len(), shown);
}

fn mended_line(mended: &Mended) -> (String, String) {
    let state = match mended.accepted {
        Accepted::Default => "",
        Accepted::Chosen => " (accepté)",
        Accepted::Refused => " (refusé : pas fait)",
    };
    let column = if mended.column.is_empty() { String::new() } else { format!(" · {}", mended.column) };
    (
        format!("{column} : « {} » → « {} »{state}", visible(&mended.before), visible(&mended.after)),
        String::new(),
    )
}

/// What a doubt says, and what is shown below it.
/// The doubts of one cause: their title, then so many of them.
pub(crate) fn doubts(text: &mut String, group: &Group, shown: usize) {
    say(text, format_args!("  {} : {} [{}]", group.label, group.count, group.code));
    let list = together(group.rows.iter().map(|doubt| (doubt.row, doubt_line(doubt))));
    examples(text, &list, shown);
}

fn doubt_line(doubt: &Doubtful) -> (String, String) {
    let mut line = String::new();
    if !doubt.column.is_empty() {
        let _ = write!(line, " · {}", doubt.column);
    }
    if !doubt.value.is_empty() {
        let _ = write!(line, " · « {} »", visible(&doubt.value));
    }
    let _ = write!(line, " : {}", doubt.expected);
    if let Some(repair) = &doubt.repair {
        let state = if doubt.refused { " refusée" } else { "" };
        let _ = write!(line, " (proposition{state} : « {repair} »)");
    }
    let mut below = String::new();
    if let Some(pair) = &doubt.pair {
        for side in [&pair.here, &pair.there] {
            let _ = write!(below, "\n      {} · {} · {}", side.name, side.address, side.phones.join(", "));
        }
        if let Some(metres) = pair.metres {
            let _ = write!(below, "\n      à {metres} m l’un de l’autre");
        }
    }
    (line, below)
}

fn more(text: &mut String, count: usize, shown: usize) {
    if count > shown {
        say(text, format_args!("    … et {} de plus (--all pour tout voir)", count - shown));
    }
}

/// Line breaks and no-break spaces as signs that can be seen.
fn visible(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "").replace('\u{a0}', "⍽")
}

/// Writing to a string cannot fail.
fn say(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}
