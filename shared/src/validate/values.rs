//! What every kind of value has to look like.

use super::Check;
use super::public_host::is_public_host;
use crate::condition::Condition;
use crate::directory::{Contact, MAIN_LANGUAGE, OpeningHours, QuestionKind, Structure, Text, is_date};
use crate::finding::Finding;
use crate::geography::Meters;
use std::collections::BTreeSet;

/// Further than this from its commune's centre, a position is doubtful. The largest
/// communes of France are some 30 km across.
const DOUBTFUL: Meters = Meters(20_000);

/// Whether a phone number is written as a directory has it: ten digits, a short number, or
/// an international one that begins with +, and nothing but spaces between.
pub fn is_phone(phone: &str) -> bool {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let plain = phone.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'+');
    let fits = match phone.strip_prefix('+') {
        Some(_) => (8..=15).contains(&digits),
        None => digits == 10 && phone.starts_with('0') || digits == 4 || digits == 6 || digits == 2,
    };
    plain && fits
}

impl Check<'_> {
    pub(super) fn error(&mut self, code: &'static str, path: &str, value: &str, expected: impl Into<String>) {
        self.findings.push(Finding::error(code, path, value, expected));
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        path: &str,
        value: &str,
        expected: impl Into<String>,
    ) {
        self.findings.push(Finding::warning(code, path, value, expected));
    }

    pub(super) fn unique<'b>(&mut self, list: &str, ids: impl Iterator<Item = &'b str>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            let path = format!("{list}[{index}].id");
            let is_plain = |byte: u8| {
                byte.is_ascii_lowercase()
                    || byte.is_ascii_uppercase()
                    || byte.is_ascii_digit()
                    || byte == b'-'
            };
            if id.is_empty() || !id.bytes().all(is_plain) {
                self.error(
                    "id",
                    &path,
                    id,
                    "un identifiant fait de lettres sans accent, de chiffres et de tirets",
                );
            }
            if !seen.insert(id) {
                self.error(
                    "duplicate-id",
                    &path,
                    id,
                    "un identifiant que rien d’autre ne porte dans cette liste",
                );
            }
        }
    }

    pub(super) fn text(&mut self, path: &str, text: &Text) {
        if text.get(MAIN_LANGUAGE).is_none_or(|french| french.trim().is_empty()) {
            self.error("missing-french", path, "", "un texte en français, dans le champ « fr »");
        }
        for (language, words) in text {
            if words.trim().is_empty() && language != MAIN_LANGUAGE {
                self.warning(
                    "blank-text",
                    &format!("{path}.{language}"),
                    "",
                    "un texte, ou pas de champ du tout",
                );
            }
        }
    }

    pub(super) fn date(&mut self, path: &str, date: Option<&str>) {
        let Some(date) = date else { return };
        if !is_date(date) {
            self.error("date", path, date, "une date du calendrier, écrite année-mois-jour : 2026-11-24");
        }
    }

    pub(super) fn past_date(&mut self, path: &str, date: Option<&str>) {
        self.date(path, date);
        if date.is_some_and(|date| date > self.today) {
            self.error("future-date", path, date.unwrap_or_default(), "une date passée");
        }
    }

    pub(super) fn period(&mut self, path: &str, from: Option<&str>, until: Option<&str>) {
        self.date(&format!("{path}.valid_from"), from);
        self.date(&format!("{path}.valid_until"), until);
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            self.error("period", &format!("{path}.valid_until"), until, "une date après « valid_from »");
        }
        if until.is_some_and(|until| until < self.today) {
            self.warning(
                "expired",
                &format!("{path}.valid_until"),
                until.unwrap_or_default(),
                "un fait encore valable : celui-ci ne compte plus",
            );
        }
    }

    pub(super) fn website(&mut self, path: &str, website: &str) {
        let host = website.strip_prefix("https://").or_else(|| website.strip_prefix("http://"));
        let is_url = host.is_some_and(|host| {
            host.split('/')
                .next()
                .is_some_and(|name| name.contains('.') && !name.starts_with('.') && !name.ends_with('.'))
                && !host.contains(char::is_whitespace)
        });
        if !is_url {
            self.error("website", path, website, "une adresse complète, qui commence par https://");
            return;
        }
        let authority = host.unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            self.error("website", path, website, "une adresse sans nom ni mot de passe devant le site");
            return;
        }
        let name = match authority.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => authority,
        };
        if !is_public_host(&name.to_lowercase()) {
            self.warning(
                "website",
                path,
                website,
                "un site que tout le monde peut ouvrir, pas celui d’un réseau interne",
            );
        }
    }

    pub(super) fn phone(&mut self, path: &str, phone: &str) {
        if !is_phone(phone) {
            self.error(
                "phone",
                path,
                phone,
                "un numéro à dix chiffres, un numéro court, ou un numéro qui commence par +",
            );
        }
    }

    pub(super) fn email(&mut self, path: &str, email: &str) {
        if !is_email(email) {
            self.error("email", path, email, "une adresse de la forme accueil@exemple.fr");
        }
    }

    pub(super) fn hours(&mut self, path: &str, hours: &[OpeningHours]) {
        let is_time = |text: &str| {
            text.split_once(':').is_some_and(|(hour, minute)| {
                // 24:00 is the end of the day, and nothing is later.
                hour.len() == 2
                    && minute.len() == 2
                    && hour.parse().is_ok_and(|hour: u8| hour < 24 || hour == 24 && minute == "00")
                    && minute.parse().is_ok_and(|minute: u8| minute < 60)
            })
        };
        for (index, opening) in hours.iter().enumerate() {
            let path = format!("{path}.hours[{index}]");
            if opening.days.is_empty() {
                self.error("hours", &format!("{path}.days"), "", "au moins un jour");
            }
            let written = format!("{}–{}", opening.from, opening.to);
            if !is_time(&opening.from) || !is_time(&opening.to) {
                self.error("hours", &path, &written, "deux heures, écrites 09:00");
            } else if opening.to <= opening.from {
                self.error("hours", &path, &written, "une fermeture après l’ouverture, le même jour");
            }
        }
    }

    pub(super) fn position(
        &mut self,
        path: &str,
        structure: &Structure,
        position: crate::geography::Position,
    ) {
        let written = format!("{}, {}", position.latitude, position.longitude);
        let path = format!("{path}.position");
        if !position.is_plausible() {
            self.error("position", &path, &written, "une latitude et une longitude en degrés");
            return;
        }
        let Some(commune) = self.geography.current(&structure.commune) else { return };
        let distance = commune.position.distance(position);
        if distance > DOUBTFUL {
            let swapped = crate::geography::Position {
                latitude: position.longitude,
                longitude: position.latitude,
                approximate: false,
            };
            let expected =
                format!("une position à {} : celle-ci est à {} km", commune.name, distance.0 / 1000);
            let mut finding = Finding::warning("far-position", path, written, expected);
            if commune.position.distance(swapped) <= DOUBTFUL {
                finding = finding.with_repair(format!("{}, {}", swapped.latitude, swapped.longitude));
            }
            self.findings.push(finding);
        }
    }

    pub(super) fn known_network(&mut self, path: &str, id: &str) {
        let networks = &self.directory.edition.networks;
        if !networks.iter().any(|network| network.id == id) {
            let known: Vec<&str> = networks.iter().map(|network| network.id.as_str()).collect();
            let expected = format!("un réseau de l’édition : {}", known.join(", "));
            self.error("unknown-network", path, id, expected);
        }
    }

    pub(super) fn commune(&mut self, path: &str, code: &str) {
        if self.geography.current(code).is_none() {
            self.error(
                "unknown-commune",
                path,
                code,
                "le code officiel (INSEE) d’une commune, à cinq caractères",
            );
        }
    }

    pub(super) fn departments(&mut self, path: &str, departments: &[String]) {
        for (index, code) in departments.iter().enumerate() {
            if !self.directory.edition.region.departments.iter().any(|department| department.code == *code) {
                self.error(
                    "unknown-department",
                    &format!("{path}[{index}]"),
                    code,
                    "un département de la région de l’édition",
                );
            }
        }
    }

    pub(super) fn contact(&mut self, path: &str, contact: &Contact) {
        if let Some(email) = &contact.email {
            self.email(&format!("{path}.email"), email);
        }
        if let Some(phone) = &contact.phone {
            self.phone(&format!("{path}.phone"), phone);
        }
        if let Some(website) = &contact.website {
            self.website(&format!("{path}.website"), website);
        }
    }

    pub(super) fn condition(&mut self, path: &str, condition: &Condition, before: usize) {
        let questions = &self.directory.edition.questions;
        let mut found = Vec::new();
        condition.for_each_answer(&mut |test| {
            let Some(position) = questions.iter().position(|question| question.id == test.question) else {
                found.push((
                    "unknown-question",
                    test.question.clone(),
                    "l’identifiant d’une question de l’édition".to_owned(),
                ));
                return;
            };
            if position >= before {
                found.push((
                    "later-question",
                    test.question.clone(),
                    "une question posée avant celle-ci".to_owned(),
                ));
            }
            if test.is.is_empty() {
                found.push(("no-choice", test.question.clone(), "au moins un choix dans « is »".to_owned()));
            }
            let QuestionKind::Choices(choices) = &questions[position].kind else {
                found.push((
                    "commune-condition",
                    test.question.clone(),
                    "une question à choix : la commune se règle par la compétence des lieux".to_owned(),
                ));
                return;
            };
            for choice in test.is.iter().filter(|id| !choices.iter().any(|choice| choice.id == **id)) {
                let known: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
                found.push((
                    "unknown-choice",
                    choice.clone(),
                    format!("un choix de la question « {} » : {}", test.question, known.join(", ")),
                ));
            }
        });
        for (code, value, expected) in found {
            self.error(code, path, &value, expected);
        }
    }

    pub(super) fn known_territory(&mut self, path: &str, id: &str) {
        if !self.directory.territories.iter().any(|territory| territory.id == *id) {
            self.error("unknown-territory", path, id, "un territoire de l’annuaire");
        }
    }

    /// The form of a BCP 47 tag: subtags of one to eight letters or digits.
    pub(super) fn language_tag(&mut self, path: &str, tag: &str) {
        let is_subtag = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !(tag.split('-').all(is_subtag)
            && tag.split('-').next().is_some_and(|first| (2..=3).contains(&first.len())))
        {
            self.error("language", path, tag, "un code de langue, par exemple en, ar, uk ou fr-simple");
        }
    }
}

/// Whether a text is an e-mail address.
pub fn is_email(email: &str) -> bool {
    email.split_once('@').is_some_and(|(name, host)| {
        let is_plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>,;:\\\"[]@".contains(&byte))
        };
        is_plain(name)
            && is_plain(host)
            && host.contains('.')
            && host.ends_with(|last: char| last.is_ascii_alphabetic())
    })
}
