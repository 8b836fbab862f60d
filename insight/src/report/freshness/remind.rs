//! The reminder: one plain message for each territory that has records to check again, and
//! one for the region for what stands in none; and one for a place itself, with its private
//! link ([`Invitation`]). Whoever calls this sends it, or not.

use super::csv::hours;
use super::{Freshness, Group, Stale};
use crate::report::diagnosis::page::date;
use serde::Serialize;
use shared::directory::{Contact, Structure};
use shared::french::grouped;
use std::fmt::Write;

/// A message that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The territory's id; `None` for the region.
    pub territory: Option<String>,
    /// Whom it is for; `None` where the directory names nobody.
    pub to: Option<Contact>,
    /// Its subject (French).
    pub subject: String,
    /// Its text (French, plain).
    pub text: String,
    /// The name under which the table goes with it.
    pub file: String,
    /// The table to fill in and to import again.
    pub csv: String,
}

impl Message {
    /// The message with its headers, as a file that a person reads or a program sends. What
    /// the directory says is on one line each: nobody can add a header through a name.
    pub fn document(&self) -> String {
        let to =
            self.to.as_ref().map_or_else(|| "(personne n’est indiqué dans l’annuaire)".to_owned(), reached);
        format!("À : {to}\nObjet : {}\nPièce jointe : {}\n\n{}", self.subject, self.file, self.text)
    }
}

/// What is asked of the people of a place: to look at its record, through its private link.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Title of the directory.
    pub directory: &'a str,
    /// Who answers their questions.
    pub contact: Option<&'a Contact>,
    /// The record.
    pub record: &'a Structure,
    /// Name of its commune.
    pub commune_name: &'a str,
    /// The whole address of the link.
    pub address: &'a str,
    /// The last day on which it opens, an ISO date.
    pub until: &'a str,
}

/// A message for a place that is ready to be sent. It holds what opens the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceMessage {
    /// The id of the place.
    pub place: String,
    /// The addresses of the place; none where the directory knows none.
    pub to: Vec<String>,
    /// Its subject (French).
    pub subject: String,
    /// Its text (French, plain).
    pub text: String,
}

impl PlaceMessage {
    /// The message with its headers, as [`Message::document`] has them.
    pub fn document(&self) -> String {
        let to = self.to.iter().map(|address| one_line(address)).collect::<Vec<_>>().join(", ");
        format!("À : {to}\nObjet : {}\n\n{}", self.subject, self.text)
    }
}

impl Invitation<'_> {
    /// The message.
    pub fn message(&self) -> PlaceMessage {
        let Self { record, address, .. } = self;
        let name = one_line(&record.name);
        let checked = match record.latest() {
            Some(day) => format!("Sa fiche était juste le {}.", date_of(day)),
            None => "Personne n’a encore vérifié sa fiche.".to_owned(),
        };
        let mut text = format!(
            "Bonjour,\n\nL’annuaire « {} » oriente des personnes vers votre lieu : {name}. {checked}\n\n\
             Ouvrez ce lien, regardez la fiche, puis dites « C’est toujours juste » ou corrigez-la. Deux minutes suffisent, sans compte ni mot de passe :\n\n{address}\n\n\
             Ce lien est celui de votre lieu : ne le publiez pas. Il ouvre la fiche jusqu’au {}. Une personne relit votre réponse avant qu’elle ne soit en ligne.\n\n\
             Ce que dit la fiche aujourd’hui\n",
            one_line(self.directory),
            date_of(self.until),
        );
        text.push_str(&facts(record, self.commune_name));
        if let Some(contact) = self.contact {
            let _ = write!(text, "\nUne question : {}\n", reached(contact));
        }
        text.push_str("\nMerci.\n");
        PlaceMessage {
            place: record.id.clone(),
            to: record.emails.clone(),
            subject: format!("{name} : votre fiche est-elle toujours juste ?"),
            text,
        }
    }
}

impl Freshness {
    /// The same with only the places that no message reaches: the directory knows no e-mail address
    /// of theirs.
    #[must_use]
    pub fn without_email(&self) -> Self {
        let mut only = self.clone();
        for group in &mut only.groups {
            group.stale.retain(|stale| stale.record.emails.is_empty());
        }
        only.groups.retain(|group| !group.stale.is_empty());
        only
    }
}

/// A contact on one line: nobody can add a header through a name.
fn reached(contact: &Contact) -> String {
    let parts = [&contact.name, &contact.email, &contact.phone, &contact.website];
    parts.into_iter().flatten().map(|part| one_line(part)).collect::<Vec<_>>().join(", ")
}

/// The messages, in the order of the territories, that of the region last.
pub fn messages(freshness: &Freshness) -> Vec<Message> {
    freshness
        .groups
        .iter()
        .map(|group| {
            let stem = group.territory.as_deref().unwrap_or("region");
            let file = format!("a-verifier-{stem}.csv");
            Message {
                territory: group.territory.clone(),
                to: group.contact.clone(),
                subject: format!("{} : {} à revérifier", one_line(&group.name), records(group.stale.len())),
                text: text(freshness, group, &file),
                file,
                csv: group.csv(),
            }
        })
        .collect()
}

fn text(freshness: &Freshness, group: &Group, file: &str) -> String {
    let count = group.stale.len();
    let place = match group.territory {
        Some(_) => format!("du territoire « {} »", one_line(&group.name)),
        None => format!("de la région « {} », hors des territoires,", one_line(&group.name)),
    };
    let mut text = format!(
        "Bonjour,\n\nDans l’annuaire « {} », {} {place} {} : personne ne l’a fait depuis le {}, ou une fermeture approche.\n\n",
        one_line(&freshness.title),
        records(count),
        if count < 2 { "est à revérifier" } else { "sont à revérifier" },
        date_of(&freshness.since),
    );
    text.push_str("Comment faire\n");
    let _ = write!(
        text,
        "  1. Ouvrez le tableau joint, {file}, avec un tableur.\n  2. Pour chaque lieu, appelez ou regardez sa page, et corrigez ce qui a changé.\n  3. Écrivez le jour de la vérification dans la colonne « Vérifié le », par exemple {}.\n  4. Laissez la colonne « Identifiant » telle quelle, et renvoyez le tableau : il est importé à nouveau, sans créer de doublon.\n\n",
        freshness.today
    );
    text.push_str("Les fiches, celles qui orientent le plus de monde d’abord\n");
    for (rank, stale) in group.stale.iter().enumerate() {
        let _ = write!(text, "\n  {}. {}\n{}", rank + 1, one_line(&stale.record.name), details(stale));
    }
    text.push_str("\nMerci.\n");
    text
}

/// A fact of a record on a line of its own; nothing where there is none.
fn line(details: &mut String, what: &str, said: &str) {
    if !said.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(details, "     {what} : {}", one_line(said));
    }
}

/// What a visitor reads of a place.
fn facts(record: &Structure, commune_name: &str) -> String {
    let mut details = String::new();
    let address = [record.address.lines.join(", "), record.address.postcode.clone(), commune_name.to_owned()];
    let address: Vec<String> = address.into_iter().filter(|part| !part.is_empty()).collect();
    line(&mut details, "adresse", &address.join(", "));
    line(&mut details, "téléphone", &record.phones.join(", "));
    line(&mut details, "courriel", &record.emails.join(", "));
    line(&mut details, "site", record.website.as_deref().unwrap_or_default());
    line(&mut details, "horaires", &hours(record));
    details
}

fn details(stale: &Stale) -> String {
    let record = &stale.record;
    let mut details = facts(record, &stale.commune_name);
    let mut line = |what: &str, said: &str| line(&mut details, what, said);
    line("dernière vérification", &stale.checked_on.as_deref().map_or("jamais".to_owned(), date_of));
    line("source", record.source.as_deref().unwrap_or_default());
    if stale.is_closing {
        line("attention", "une fermeture est en cours ou approche");
    }
    if stale.main_for.communes > 0 {
        let communes = if stale.main_for.communes < 2 { "commune" } else { "communes" };
        let count = grouped(u64::try_from(stale.main_for.communes).unwrap_or(u64::MAX));
        let people = grouped(stale.main_for.inhabitants);
        line("premier lieu proposé dans", &format!("{count} {communes} ({people} habitants)"));
    }
    details
}

fn records(count: usize) -> String {
    format!("{count} fiche{}", if count < 2 { "" } else { "s" })
}

/// A date in figures, for plain text. Dates of a valid directory have nothing to escape.
fn date_of(iso: &str) -> String {
    date(iso)
}

/// A text without line breaks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
