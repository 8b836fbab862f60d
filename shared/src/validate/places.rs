//! Territories, places and resources.

use super::{Check, is_mail_of_a_person, without_persons};
use crate::directory::{
    CORRECTABLE, Competence, ESTABLISHMENT, Label, Resource, ResourceKind, Structure, Territory,
};
use crate::spelling::is_postcode;
use std::collections::BTreeMap;

impl Check<'_> {
    pub(super) fn territory(&mut self, path: &str, territory: &Territory) {
        for (index, code) in territory.communes.iter().enumerate() {
            self.commune(&format!("{path}.communes[{index}]"), code);
        }
        self.departments(&format!("{path}.departments"), &territory.departments);
        if let Some(contact) = &territory.contact {
            self.contact(&format!("{path}.contact"), contact);
        }
        if territory.name.trim().is_empty() {
            self.error("no-name", &format!("{path}.name"), "", "le nom du territoire");
        }
        if let Some(description) = &territory.description {
            self.text(&format!("{path}.description"), description);
        }
        for (list, networks) in [("level_one", &territory.level_one), ("level_two", &territory.level_two)] {
            for (index, id) in networks.iter().enumerate() {
                self.known_network(&format!("{path}.{list}[{index}]"), id);
            }
        }
        if let Some(label) = &territory.label {
            self.label(&format!("{path}.label"), label);
        }
    }

    fn label(&mut self, path: &str, label: &Label) {
        let granted_on = format!("{path}.granted_on");
        self.past_date(&granted_on, Some(&label.granted_on));
        self.date(&format!("{path}.not_before"), label.not_before.as_deref());
        if let Some(earliest) =
            label.not_before.as_deref().filter(|earliest| *earliest > label.granted_on.as_str())
        {
            let expected = "une date d’avant « granted_on », qui est alors la dernière possible";
            self.error("period", &format!("{path}.not_before"), earliest, expected);
        }
        if let Some(expiry) = label.expires_on().filter(|expiry| expiry.as_str() <= self.today) {
            let at_latest = if label.not_before.is_some() { "au plus tard " } else { "" };
            self.warning(
                "expired-label",
                &granted_on,
                &label.granted_on,
                format!(
                    "un label de moins de cinq ans : celui-ci a pris fin {at_latest}le {expiry} et ne compte plus"
                ),
            );
        }
    }

    /// No text of a place names a person.
    fn nobody_named(&mut self, path: &str, structure: &Structure) {
        let lines = structure.address.lines.iter().enumerate();
        let lines = lines.map(|(index, line)| (format!("address.lines[{index}]"), line));
        let notes = [("hours_note", &structure.hours_note), ("access", &structure.access)];
        let notes = notes.into_iter().filter_map(|(name, note)| Some((name.to_owned(), note.as_ref()?)));
        let texts = lines.chain(notes).chain([("name".to_owned(), &structure.name)]);
        for (name, text) in texts {
            if let Some((_, person)) = without_persons(text) {
                let expected = "un texte sur le lieu : celui-ci semble nommer une personne";
                self.warning("name-of-a-person", &format!("{path}.{name}"), &person, expected);
            }
        }
    }

    pub(super) fn structure(&mut self, path: &str, structure: &Structure) {
        self.known_network(&format!("{path}.network"), &structure.network);
        if structure.name.trim().is_empty() {
            self.error("no-name", &format!("{path}.name"), "", "le nom du lieu");
        }
        self.commune(&format!("{path}.commune"), &structure.commune);
        let postcode = &structure.address.postcode;
        if !postcode.is_empty() && !is_postcode(postcode) {
            self.error("postcode", &format!("{path}.address.postcode"), postcode, "cinq chiffres");
        }
        if let Some(position) = structure.position {
            self.position(path, structure, position);
        }
        for (index, phone) in structure.phones.iter().enumerate() {
            self.phone(&format!("{path}.phones[{index}]"), phone);
        }
        for (index, email) in structure.emails.iter().enumerate() {
            let path = format!("{path}.emails[{index}]");
            self.email(&path, email);
            if is_mail_of_a_person(email, structure) {
                let expected = "le courriel du lieu : celui-ci ressemble à celui d’une personne";
                self.warning("mail-of-a-person", &path, email, expected);
            }
        }
        self.nobody_named(path, structure);
        if let Some(website) = &structure.website {
            self.website(&format!("{path}.website"), website);
        }
        self.hours(path, &structure.hours);
        for (index, closure) in structure.closed.iter().enumerate() {
            let path = format!("{path}.closed[{index}]");
            self.date(&format!("{path}.from"), Some(&closure.from));
            self.date(&format!("{path}.until"), Some(&closure.until));
            if closure.until < closure.from {
                self.error("period", &format!("{path}.until"), &closure.until, "une date après « from »");
            }
        }
        for (index, language) in structure.languages.iter().enumerate() {
            self.language_tag(&format!("{path}.languages[{index}]"), language);
        }
        if let Some(serves) = &structure.serves {
            self.condition(&format!("{path}.serves"), serves, self.directory.edition.questions.len());
        }
        if let Some(competence) = &structure.competence {
            if *competence == Competence::default() {
                self.warning(
                    "empty-competence",
                    &format!("{path}.competence"),
                    "",
                    "au moins une commune, un département ou un territoire : ce lieu ne reçoit personne",
                );
            }
            for (index, code) in competence.communes.iter().enumerate() {
                self.commune(&format!("{path}.competence.communes[{index}]"), code);
            }
            self.departments(&format!("{path}.competence.departments"), &competence.departments);
            for (index, id) in competence.territories.iter().enumerate() {
                self.known_territory(&format!("{path}.competence.territories[{index}]"), id);
            }
        }
        self.past_date(&format!("{path}.checked_on"), structure.checked_on.as_deref());
        self.past_date(&format!("{path}.as_of"), structure.as_of.as_deref());
        for (name, correction) in &structure.corrections {
            let path = format!("{path}.corrections.{name}");
            if !CORRECTABLE.contains(&name.as_str()) {
                self.error("unknown-correction", &path, name, "le nom d’un champ qu’une source donne");
            }
            self.past_date(&format!("{path}.on"), Some(&correction.on));
        }
        if structure.phones.is_empty() && structure.emails.is_empty() && structure.website.is_none() {
            self.warning("no-contact", path, "", "un téléphone, un courriel ou un site");
        }
    }

    /// A source calls no two places by one identifier, and none by nothing. A SIRET is of an
    /// establishment, which may have several places.
    pub(super) fn unique_references(&mut self) {
        let mut holders: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for (index, structure) in self.directory.structures.iter().enumerate() {
            for (source, identifier) in &structure.references {
                let path = format!("structures[{index}].references.{source}");
                if source.trim().is_empty() || identifier.trim().is_empty() {
                    self.error("blank-reference", &path, identifier, "le nom d’une source et un identifiant");
                }
                if source == ESTABLISHMENT {
                    continue;
                }
                if let Some(holder) = holders.insert((source, identifier), &structure.id) {
                    self.error(
                        "duplicate-reference",
                        &path,
                        identifier,
                        format!(
                            "un identifiant que cette source ne donne qu’à un lieu : « {holder} » a le même"
                        ),
                    );
                }
            }
        }
    }

    pub(super) fn resource(&mut self, path: &str, resource: &Resource) {
        self.text(&format!("{path}.title"), &resource.title);
        if let Some(description) = &resource.description {
            self.text(&format!("{path}.description"), description);
        }
        match &resource.website {
            Some(website) => self.website(&format!("{path}.website"), website),
            None if resource.kind == ResourceKind::Site => {
                self.error("website", &format!("{path}.website"), "", "l’adresse du site");
            }
            None => {}
        }
        if let Some(source) = &resource.source {
            self.website(&format!("{path}.source"), source);
        }
        self.date(&format!("{path}.published_on"), resource.published_on.as_deref());
        self.period(path, None, resource.valid_until.as_deref());
        if let Some(territory) = &resource.territory {
            self.known_territory(&format!("{path}.territory"), territory);
        }
    }
}
