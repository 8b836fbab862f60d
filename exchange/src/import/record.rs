//! One row, read as one structure.

use super::address;
use super::clues::envelope;
use super::columns::{Columns, Field, Mapping};
use super::communes::Places;
use super::contact::{Cell, emails, website};
use super::given::Given;
use super::home::Home;
use super::markup;
use super::names::{self, before_commune, is_bare};
use super::network::{FALLBACK, Networks, Recognised};
use super::phones::phones;
use super::place::{Located, locate};
use super::repair::{Doubt, Notes, Proposal, Repair, is_space, tidy};
use super::spelling::{Speller, is_shouted};
use super::street;
use super::table::Row;
use super::times;
use super::wording::of_commune;
use super::words::Words;
use crate::hours;
use shared::directory::is_date;
use shared::directory::{Address, Competence, Confidence, Department, Structure};
use shared::french::capitalised;
use shared::geography::{Commune, Geography};
use shared::spelling::fold;
use shared::validate::{
    hours_without_persons, is_mail_of_a_person, may_be_mail_of_a_person, without_persons,
};
use std::collections::BTreeMap;

/// What reading a row needs to know.
pub(crate) struct Desk<'a> {
    /// The columns of the table.
    pub(crate) columns: &'a Columns,
    /// What people said of them, and of the networks.
    pub(crate) mapping: &'a Mapping,
    /// The communes.
    pub(crate) geography: &'a Geography,
    /// The communes, by name and postcode.
    pub(crate) places: &'a Places<'a>,
    /// Where the file's places are.
    pub(crate) home: &'a Home,
    /// The table of words.
    pub(crate) words: &'a Words,
    /// The networks of the edition.
    pub(crate) networks: &'a Networks,
    /// The departments of the edition's region.
    pub(crate) departments: &'a [Department],
    /// The day the whole file was checked, where the administrator said it.
    pub(crate) checked_on: Option<&'a str>,
    /// The day for which the whole file speaks.
    pub(crate) as_of: Option<&'a str>,
    /// The licence of the whole file.
    pub(crate) licence: Option<&'a str>,
    /// Where the file comes from.
    pub(crate) source: &'a str,
}

/// A row that became a structure, not yet placed in the directory.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// Its row.
    pub(crate) row: usize,
    /// The structure, without its id.
    pub(crate) structure: Structure,
    /// The commune's name, for the id and for completing the name.
    pub(crate) commune_name: String,
    /// The postcode that the id is made of: never a CEDEX.
    pub(crate) id_postcode: String,
    /// What its name says besides the network and the commune.
    pub(crate) key: String,
    /// Its street, folded.
    pub(crate) address_key: String,
    /// It is a structure that an export of ours wrote: it has its id, and its name stays.
    pub(crate) is_own: bool,
}

impl Desk<'_> {
    /// Reads a row. The error is the French sentence that refuses it.
    pub(crate) fn read(&self, row: &Row, notes: &mut Notes) -> Result<Draft, String> {
        if let Some(fault) = &row.fault {
            return Err(fault.clone());
        }
        let (name_column, raw_name) = self.columns.cell(row, Field::Name);
        let own = row.given.as_deref().filter(|given| given.is_own);
        let mut tidied = match own {
            Some(_) => tidy(raw_name),
            None => tidy(raw_name).replace("' ", "'").replace("’ ", "’"),
        };
        if tidied.is_empty() {
            return Err("le nom est vide".to_owned());
        }
        let located = locate(row, self.columns, self.geography, self.places, self.home, notes)?;
        if tidied != raw_name && !notes.mend(Repair::Space, row.number, name_column, raw_name, &tidied) {
            raw_name.clone_into(&mut tidied);
        }

        let acronym = tidy(self.columns.cell(row, Field::Acronym).1);
        let acronyms: Vec<String> = acronym
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.len() > 1)
            .map(str::to_owned)
            .collect();
        let commune = located.found.commune;
        let speller = Speller { words: self.words, places: self.places, near: commune, acronyms: &acronyms };
        let mut name = match own {
            // What a directory calls a place is right, and so is what somebody corrected in it.
            Some(_) => {
                names::Name { text: tidied.clone(), unglued: tidied.clone(), ..names::Name::default() }
            }
            None => names::name(&tidied, &acronym, self.networks, speller, true),
        };
        if name.was_glued && !notes.mend(Repair::Glued, row.number, name_column, &tidied, &name.text) {
            name = names::name(&tidied, &acronym, self.networks, speller, false);
        }
        let may_restore = !is_shouted(&tidied)
            || name.text == tidied
            || notes.mend(Repair::Capitals, row.number, name_column, &tidied, &name.text);
        if !may_restore {
            name.text.clone_from(&name.unglued);
        }
        let recognised = self.network(row, &name, &acronym, &tidied, name_column, notes)?;
        let network = recognised.as_ref().map_or(FALLBACK, |found| found.network.as_str()).to_owned();
        let kind = before_commune(&name.text, &commune.name).unwrap_or(&name.text);
        if own.is_none()
            && network != FALLBACK
            && !names::has_commune(kind, &commune.name)
            && is_bare(kind, recognised.as_ref(), self.networks, speller)
        {
            let completed = format!("{kind} {}", of_commune(&commune.name));
            if notes.mend(Repair::NameCompleted, row.number, name_column, &name.text, &completed) {
                name.text = completed;
            }
        }

        let lines = match own {
            Some(own) => own.structure.address.lines.clone(),
            None => self.address(row, &mut name, name_column, speller, notes),
        };
        if !name.doubtful.is_empty() {
            let seen = [name.text.as_str(), &lines.join(", ")].join(", ");
            notes.doubt(
                Doubt::Accents,
                row.number,
                "",
                &name.doubtful.join(", "),
                format!("ces mots sont inconnus du programme : relisez « {seen} »"),
            );
        }
        let competence = recognised.as_ref().and_then(|found| {
            self.competence(row, found, &name.unglued, name_column, commune.department(), notes)
        });
        let mut structure = Structure {
            network,
            name: if own.is_some() { name.text } else { capitalised(&name.text) },
            commune: commune.code.clone(),
            position: located.position,
            competence,
            source: self
                .text(row, Field::Source)
                .or_else(|| Some(self.source.to_owned()).filter(|source| !source.is_empty())),
            licence: self.text(row, Field::Licence).or_else(|| self.licence.map(str::to_owned)),
            references: self.references(row),
            ..self.contacts(row, notes)
        };
        if let Some(given) = row.given.as_deref() {
            given.apply(&mut structure);
        }
        if let Some(note) = structure.hours_note.as_ref().filter(|_| !row.is_own())
            && let Some(text) = markup::without(note)
            && notes.mend(Repair::Markup, row.number, "", note, &text)
        {
            structure.hours_note = Some(hours::one_line(&text)).filter(|text| !text.is_empty());
        }
        let mut draft = self.draft(row.number, structure, &located, lines);
        if own.is_none() {
            self.leave_persons_out(row, &mut draft.structure, notes);
        }
        if let Some(own) = own {
            draft.is_own = true;
            draft.structure.address.town = self.own_town(row, own, commune, notes);
        }
        Ok(draft)
    }

    /// Takes the mails and names of persons away, and asks about mobiles: they are the only number
    /// of many a small place.
    fn leave_persons_out(&self, row: &Row, structure: &mut Structure, notes: &mut Notes) {
        self.leave_names_out(row, structure, notes);
        let (mails, phones) = (std::mem::take(&mut structure.emails), std::mem::take(&mut structure.phones));
        let column = self.columns.cell(row, Field::Email).0;
        let is_of_a_place = |mail: &String| {
            let proposal = Proposal {
                cause: Doubt::PersonMail,
                row: row.number,
                column,
                value: mail,
                expected: "cette adresse semble être celle d’une personne : donnez celle du lieu, comme accueil@exemple.fr, ou acceptez-la",
                repair: mail,
            };
            if is_mail_of_a_person(mail, structure) {
                return notes.propose(proposal);
            }
            let proposal = Proposal {
                cause: Doubt::PersonMailPerhaps,
                expected: "est-ce bien l’adresse du lieu, et non celle d’une personne ? En attendant, elle est reprise",
                repair: "ne pas la reprendre",
                ..proposal
            };
            !may_be_mail_of_a_person(mail, structure, |word| self.places.has_name(word))
                || !notes.propose(proposal)
        };
        let mails = mails.into_iter().filter(is_of_a_place).collect();
        let column = self.columns.cell(row, Field::Phone).0;
        let is_kept = |phone: &String| {
            let proposal = Proposal {
                cause: Doubt::PhoneMobile,
                row: row.number,
                column,
                value: phone,
                expected: "est-ce bien le numéro du lieu, et non celui d’une personne ? En attendant, il est repris",
                repair: "ne pas le reprendre",
            };
            !phone.starts_with("06") && !phone.starts_with("07") || !notes.propose(proposal)
        };
        let phones = phones.into_iter().filter(is_kept).collect();
        (structure.emails, structure.phones) = (mails, phones);
    }

    /// Takes the parts of texts that name a person away.
    fn leave_names_out(&self, row: &Row, structure: &mut Structure, notes: &mut Notes) {
        let mut leave_out = |text: &mut String, field: Field, is_hours: bool| {
            let in_hours = || hours_without_persons(text).filter(|_| is_hours);
            let Some((left, person)) = without_persons(text).or_else(in_hours) else { return };
            let proposal = Proposal {
                cause: Doubt::PersonName,
                row: row.number,
                column: self.columns.cell(row, field).0,
                value: &person,
                expected: "ce passage nomme une personne : il est laissé de côté",
                repair: text,
            };
            if !notes.propose(proposal) {
                *text = left;
            }
        };
        leave_out(&mut structure.name, Field::Name, false);
        structure.address.lines.iter_mut().for_each(|line| leave_out(line, Field::AddressLine, false));
        structure.address.lines.retain(|line| !line.is_empty());
        for (note, is_hours) in [(&mut structure.hours_note, true), (&mut structure.access, false)] {
            if let Some(text) = note {
                leave_out(text, Field::HoursNote, is_hours);
            }
            *note = note.take().filter(|text| !text.is_empty());
        }
    }

    fn draft(
        &self,
        row: usize,
        mut structure: Structure,
        located: &Located<'_>,
        lines: Vec<String>,
    ) -> Draft {
        let commune = located.found.commune;
        let postcode = located.postcode.clone().unwrap_or_default();
        let id_postcode = match commune.postcodes.first() {
            Some(first) if !self.places.has_postcode(&postcode) => first.clone(),
            _ => postcode.clone(),
        };
        let key = names::key(&structure.name, &structure.network, &commune.name, self.networks, self.words);
        let address_key = address::key(&lines, self.words);
        structure.address = Address { lines, postcode, town: located.found.town.clone() };
        // Most places have one of each, and a list has room for four as it begins.
        for list in [&mut structure.phones, &mut structure.emails, &mut structure.address.lines] {
            list.shrink_to_fit();
        }
        let commune_name = commune.name.clone();
        Draft { row, structure, commune_name, id_postcode, key, address_key, is_own: false }
    }

    /// The town of a row of ours, where it is not the commune's name. The code says which
    /// commune it is; a name that is another commune's was corrected without it.
    fn own_town(&self, row: &Row, own: &Given, commune: &Commune, notes: &mut Notes) -> Option<String> {
        let town = own.structure.address.town.as_ref().filter(|town| **town != commune.name)?;
        if self.places.is_of_another(town, commune) {
            notes.doubt(
                Doubt::CommuneMismatch,
                row.number,
                self.columns.cell(row, Field::Town).0,
                town,
                format!(
                    "ce nom est celui d’une autre commune que {} ({}) : corrigez le nom ou le code INSEE",
                    commune.name, commune.code
                ),
            );
            return None;
        }
        Some(town.clone())
    }

    /// What the source itself calls the place, where the administrator said which column
    /// tells it.
    fn references(&self, row: &Row) -> BTreeMap<String, String> {
        let cell = self.columns.key.and_then(|column| row.cells.get(column));
        let identifier = cell.map(|cell| tidy(cell)).filter(|identifier| !identifier.is_empty());
        identifier.map(|identifier| (self.source.to_owned(), identifier)).into_iter().collect()
    }

    fn address(
        &self,
        row: &Row,
        name: &mut names::Name,
        name_column: &str,
        speller: Speller<'_>,
        notes: &mut Notes,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        for (column, cell) in street::cells(row, self.columns, self.words, notes) {
            for line in address::lines(row.number, column, &cell, speller, &mut name.doubtful, notes) {
                if !address::has_line(&lines, &line) {
                    lines.push(line);
                }
            }
        }
        let (column, town) = self.columns.cell(row, Field::Town);
        let town = tidy(town);
        if let Some(boxed) = envelope(&town).boxed {
            for line in address::lines(row.number, column, &boxed, speller, &mut name.doubtful, notes) {
                let is_new = !address::has_line(&lines, &line);
                if is_new && notes.mend(Repair::AddressForm, row.number, column, &town, &line) {
                    lines.push(line);
                }
            }
        }
        if let Some(building) = &name.building {
            let mut silent = Notes::default();
            let mut own =
                address::lines(row.number, name_column, building, speller, &mut name.doubtful, &mut silent);
            own.retain(|line| !address::has_line(&lines, line));
            let after = if own.is_empty() { "déjà dans l’adresse".to_owned() } else { own.join(" ; ") };
            if notes.mend(Repair::Building, row.number, name_column, building, &after) {
                own.append(&mut lines);
                lines = own;
            } else {
                name.text = format!("{} – {building}", name.text);
            }
        }
        lines
    }

    fn contacts(&self, row: &Row, notes: &mut Notes) -> Structure {
        let mut structure = Structure::default();
        for (column, text) in self.columns.cells(row, Field::Phone) {
            for phone in phones(Cell { row: row.number, column, text }, notes) {
                if !structure.phones.contains(&phone) {
                    structure.phones.push(phone);
                }
            }
        }
        for (column, text) in self.columns.cells(row, Field::Email) {
            for email in emails(Cell { row: row.number, column, text }, notes) {
                if !structure.emails.contains(&email) {
                    structure.emails.push(email);
                }
            }
        }
        let (column, text) = self.columns.cell(row, Field::Website);
        structure.website = website(Cell { row: row.number, column, text }, notes);
        // What was given as hours is not read again from a cell.
        if !row.is_own() {
            times::read(row, self.columns, &mut structure, notes);
        }
        let own_date = self.columns.cell(row, Field::CheckedOn).1.trim_matches(is_space);
        let own_day = date(self.columns.cell(row, Field::AsOf).1.trim_matches(is_space));
        structure.as_of = own_day.or_else(|| self.as_of.map(str::to_owned));
        let (column, text) = self.columns.cell(row, Field::Confidence);
        structure.confidence = confidence(text);
        if structure.confidence.is_none() && !tidy(text).is_empty() {
            notes.doubt(
                Doubt::Confidence,
                row.number,
                column,
                &tidy(text),
                "une confiance est haute, moyenne ou basse",
            );
        }
        // A list that has a day of its own says nothing of a check.
        let of_the_file = self.checked_on.filter(|_| structure.as_of.is_none());
        structure.checked_on = date(own_date).or_else(|| of_the_file.map(str::to_owned));
        if structure.phones.is_empty() && structure.emails.is_empty() && structure.website.is_none() {
            notes.doubt(
                Doubt::NoContact,
                row.number,
                "",
                "",
                "personne ne pourra joindre ce lieu avant d’y aller : trouvez un de ces trois contacts",
            );
        }
        structure
    }

    /// A cell as it is, where it says something.
    fn text(&self, row: &Row, field: Field) -> Option<String> {
        Some(tidy(self.columns.cell(row, field).1)).filter(|text| !text.is_empty())
    }

    /// What the name declares with certainty: the numbers of departments of the region,
    /// the place's own among them.
    fn competence(
        &self,
        row: &Row,
        recognised: &Recognised,
        unglued: &str,
        column: &str,
        own: &str,
        notes: &mut Notes,
    ) -> Option<Competence> {
        if recognised.pattern.is_empty() {
            return None;
        }
        let departments = names::departments(unglued, recognised);
        if departments.is_empty() {
            return None;
        }
        let is_known = |code: &String| self.departments.iter().any(|department| department.code == *code);
        let written = departments.join(", ");
        if !departments.iter().all(is_known) || !departments.iter().any(|code| code == own) {
            notes.doubt(
                Doubt::Competence,
                row.number,
                column,
                &written,
                "un lieu n’est compétent que dans des départements de la région, dont le sien",
            );
            return None;
        }
        notes
            .mend(Repair::Competence, row.number, column, unglued, &written)
            .then(|| Competence { departments, ..Competence::default() })
    }
}

/// How sure a record is, as people and our own tables write it.
pub(crate) fn confidence(text: &str) -> Option<Confidence> {
    match fold(text).as_str() {
        "haute" | "forte" | "elevee" | "high" => Some(Confidence::High),
        "moyenne" | "medium" => Some(Confidence::Medium),
        "basse" | "faible" | "low" => Some(Confidence::Low),
        _ => None,
    }
}

/// A date as people write it, `24/11/2026` or ISO; nothing where it is not one.
pub(crate) fn date(text: &str) -> Option<String> {
    let iso = match text.split('/').collect::<Vec<_>>()[..] {
        [day, month, year] => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => text.get(..10).unwrap_or(text).to_owned(),
    };
    is_date(&iso).then_some(iso)
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, expect) in [
            ("24/11/2026", Some("2026-11-24")),
            ("1/2/2026", Some("2026-02-01")),
            ("2026-11-24", Some("2026-11-24")),
            ("2026-11-24T08:00:00", Some("2026-11-24")),
            ("31/02/2026", None),
            ("hier", None),
            ("", None),
        ] {
            assert_eq!(super::date(text).as_deref(), expect, "{text}");
        }
    }
}
