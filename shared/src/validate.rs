//! Everything that can be wrong with a directory, said at once.

use crate::condition::Condition;
use crate::directory::{
    Competence, Contact, Directory, Edition, FORMAT, Level, MAIN_LANGUAGE, OpeningHours, QuestionKind, Role,
    Structure, Territory, Text,
};
use crate::finding::{Finding, Severity};
use crate::geography::{Geography, Meters};
use std::collections::BTreeSet;

/// Further than this from its commune's centre, a position is doubtful. The largest
/// communes of France are some 30 km across.
const DOUBTFUL: Meters = Meters(20_000);

/// A directory without errors. Only [`validate`] makes one, so that nothing else has to
/// check again.
#[derive(Debug, Clone)]
pub struct Valid {
    directory: Directory,
    warnings: Vec<Finding>,
}

impl Valid {
    /// The directory.
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What somebody should look at all the same.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// Gives the directory back.
    pub fn into_directory(self) -> Directory {
        self.directory
    }
}

/// Validates a directory against the communes that exist. `today` is an ISO date.
///
/// # Errors
/// Every finding, errors and warnings, in the order of the document.
pub fn validate(directory: Directory, geography: &Geography, today: &str) -> Result<Valid, Vec<Finding>> {
    let findings = findings(&directory, geography, today);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        Err(findings)
    } else {
        Ok(Valid { directory, warnings: findings })
    }
}

/// The findings alone, for those who want to go on with the document.
pub fn findings(directory: &Directory, geography: &Geography, today: &str) -> Vec<Finding> {
    let mut check = Check { findings: Vec::new(), directory, geography, today };
    if directory.format != FORMAT {
        check.error(
            "format",
            "format",
            &directory.format.to_string(),
            format!("cette version lit le format {FORMAT}"),
        );
    }
    check.edition(&directory.edition);
    for (index, territory) in directory.territories.iter().enumerate() {
        check.territory(&format!("territories[{index}]"), territory);
    }
    check.unique("territories", directory.territories.iter().map(|territory| territory.id.as_str()));
    for (index, structure) in directory.structures.iter().enumerate() {
        check.structure(&format!("structures[{index}]"), structure);
    }
    check.unique("structures", directory.structures.iter().map(|structure| structure.id.as_str()));
    for (index, resource) in directory.resources.iter().enumerate() {
        let path = format!("resources[{index}]");
        check.text(&format!("{path}.title"), &resource.title);
        check.website(&format!("{path}.website"), &resource.website);
        check.date(&format!("{path}.published_on"), resource.published_on.as_deref());
    }
    check.unique("resources", directory.resources.iter().map(|resource| resource.id.as_str()));
    check.findings
}

struct Check<'a> {
    findings: Vec<Finding>,
    directory: &'a Directory,
    geography: &'a Geography,
    today: &'a str,
}

impl Check<'_> {
    fn error(&mut self, code: &'static str, path: &str, value: &str, expected: impl Into<String>) {
        self.findings.push(Finding::error(code, path, value, expected));
    }

    fn warning(&mut self, code: &'static str, path: &str, value: &str, expected: impl Into<String>) {
        self.findings.push(Finding::warning(code, path, value, expected));
    }

    fn unique<'b>(&mut self, list: &str, ids: impl Iterator<Item = &'b str>) {
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

    fn text(&mut self, path: &str, text: &Text) {
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

    fn date(&mut self, path: &str, date: Option<&str>) {
        let Some(date) = date else { return };
        let is_date = date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok();
        if !is_date {
            self.error("date", path, date, "une date du calendrier, écrite année-mois-jour : 2026-11-24");
        }
    }

    fn past_date(&mut self, path: &str, date: Option<&str>) {
        self.date(path, date);
        if date.is_some_and(|date| date > self.today) {
            self.error("future-date", path, date.unwrap_or_default(), "une date passée");
        }
    }

    fn website(&mut self, path: &str, website: &str) {
        let host = website.strip_prefix("https://").or_else(|| website.strip_prefix("http://"));
        let is_url = host.is_some_and(|host| {
            host.split('/')
                .next()
                .is_some_and(|name| name.contains('.') && !name.starts_with('.') && !name.ends_with('.'))
                && !host.contains(char::is_whitespace)
        });
        if !is_url {
            self.error("website", path, website, "une adresse complète, qui commence par https://");
        }
    }

    fn condition(&mut self, path: &str, condition: &Condition, before: usize) {
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

    fn edition(&mut self, edition: &Edition<Text>) {
        self.text("edition.title", &edition.title);
        self.text("edition.region.name", &edition.region.name);
        self.date("edition.valid_from", Some(&edition.valid_from));
        self.date("edition.valid_until", edition.valid_until.as_deref());
        if edition.valid_until.as_deref().is_some_and(|until| until < self.today) {
            self.warning(
                "expired-edition",
                "edition.valid_until",
                edition.valid_until.as_deref().unwrap_or_default(),
                "une édition encore valable",
            );
        }
        if let Some(contact) = &edition.region.contact {
            self.contact("edition.region.contact", contact);
        }
        if edition.region.departments.is_empty() {
            self.error("no-department", "edition.region.departments", "", "au moins un département");
        }
        for (index, department) in edition.region.departments.iter().enumerate() {
            if !self.geography.communes().iter().any(|commune| commune.department() == department.code) {
                self.error(
                    "unknown-department",
                    &format!("edition.region.departments[{index}].code"),
                    &department.code,
                    "le code d’un département français",
                );
            }
        }
        if edition.reach_km == 0 {
            self.error("reach", "edition.reach_km", "0", "une distance en kilomètres, plus grande que zéro");
        }
        self.questions(edition);
        self.networks(edition);
        self.rules(edition);
        self.remote_services(edition);
    }

    fn questions(&mut self, edition: &Edition<Text>) {
        for (index, question) in edition.questions.iter().enumerate() {
            let path = format!("edition.questions[{index}]");
            self.text(&format!("{path}.text"), &question.text);
            if let Some(help) = &question.help {
                self.text(&format!("{path}.help"), help);
            }
            self.condition(&format!("{path}.ask_if"), &question.ask_if, index);
            for (which, variant) in question.variants.iter().enumerate() {
                self.condition(&format!("{path}.variants[{which}].when"), &variant.when, index);
                self.text(&format!("{path}.variants[{which}].text"), &variant.text);
            }
            if let QuestionKind::Choices(choices) = &question.kind {
                if choices.len() < 2 {
                    self.error("few-choices", &format!("{path}.kind"), "", "au moins deux choix");
                }
                for (which, choice) in choices.iter().enumerate() {
                    self.text(&format!("{path}.kind.choices[{which}].text"), &choice.text);
                }
                self.unique(&format!("{path}.kind.choices"), choices.iter().map(|choice| choice.id.as_str()));
            }
        }
        self.unique("edition.questions", edition.questions.iter().map(|question| question.id.as_str()));
        let communes = edition.questions.iter().filter(|question| question.kind == QuestionKind::Commune);
        match communes.clone().count() {
            1 if communes.clone().all(|question| question.ask_if == Condition::Always) => {}
            1 => self.error(
                "commune-not-asked",
                "edition.questions",
                "",
                "une question sur la commune, posée à tout le monde",
            ),
            count => self.error(
                "commune-question",
                "edition.questions",
                &count.to_string(),
                "une question sur la commune, et une seule",
            ),
        }
    }

    fn networks(&mut self, edition: &Edition<Text>) {
        let all = edition.questions.len();
        for (index, network) in edition.networks.iter().enumerate() {
            let path = format!("edition.networks[{index}]");
            self.text(&format!("{path}.name"), &network.name);
            self.text(&format!("{path}.description"), &network.description);
            self.text(&format!("{path}.public"), &network.public);
            self.condition(&format!("{path}.serves"), &network.serves, all);
            if network.services.is_empty() {
                self.error("no-service", &format!("{path}.services"), "", "au moins un service");
            }
            match &network.website {
                Some(website) => self.website(&format!("{path}.website"), website),
                None if network.phone.is_none() => {
                    self.warning(
                        "no-contact",
                        &path,
                        &network.id,
                        "un site ou un téléphone national, pour les communes sans lieu proche",
                    );
                }
                None => {}
            }
            if let Some(phone) = &network.phone {
                self.phone(&format!("{path}.phone"), phone);
            }
            self.period(&path, network.valid_from.as_deref(), network.valid_until.as_deref());
        }
        self.unique("edition.networks", edition.networks.iter().map(|network| network.id.as_str()));
    }

    fn period(&mut self, path: &str, from: Option<&str>, until: Option<&str>) {
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

    fn known_network(&mut self, path: &str, id: &str) {
        let networks = &self.directory.edition.networks;
        if !networks.iter().any(|network| network.id == id) {
            let known: Vec<&str> = networks.iter().map(|network| network.id.as_str()).collect();
            let expected = format!("un réseau de l’édition : {}", known.join(", "));
            self.error("unknown-network", path, id, expected);
        }
    }

    fn rules(&mut self, edition: &Edition<Text>) {
        for (index, rule) in edition.rules.iter().enumerate() {
            let path = format!("edition.rules[{index}]");
            self.condition(&format!("{path}.when"), &rule.when, edition.questions.len());
            self.text(&format!("{path}.reason"), &rule.reason);
            self.website(&format!("{path}.source"), &rule.source);
            if rule.pick.networks().is_empty() {
                self.error("no-network", &format!("{path}.pick"), "", "au moins un réseau");
            }
            for id in rule.pick.networks() {
                self.known_network(&format!("{path}.pick"), id);
            }
            for id in &rule.complements {
                self.known_network(&format!("{path}.complements"), id);
            }
            self.period(&path, rule.valid_from.as_deref(), rule.valid_until.as_deref());
        }
        self.unique("edition.rules", edition.rules.iter().map(|rule| rule.id.as_str()));
        if !edition.rules.iter().any(|rule| rule.role == Role::Main && rule.when == Condition::Always) {
            self.error(
                "no-last-rule",
                "edition.rules",
                "",
                "une dernière règle pour tout le monde (« when » : always)",
            );
        }
    }

    fn remote_services(&mut self, edition: &Edition<Text>) {
        for (index, service) in edition.remote_services.iter().enumerate() {
            let path = format!("edition.remote_services[{index}]");
            self.text(&format!("{path}.name"), &service.name);
            self.text(&format!("{path}.description"), &service.description);
            self.website(&format!("{path}.website"), &service.website);
            if let Some(phone) = &service.phone {
                self.phone(&format!("{path}.phone"), phone);
            }
            self.condition(&format!("{path}.serves"), &service.serves, edition.questions.len());
            self.past_date(&format!("{path}.checked_on"), service.checked_on.as_deref());
        }
        self.unique(
            "edition.remote_services",
            edition.remote_services.iter().map(|service| service.id.as_str()),
        );
        let open_to_all = edition
            .remote_services
            .iter()
            .any(|service| service.serves == Condition::Always && service.has_level(Level::One));
        if !open_to_all {
            self.error(
                "dead-end",
                "edition.remote_services",
                "",
                "au moins un service à distance d’accueil (reception) ouvert à tout le monde : sans lui, une commune sans lieu proche serait une impasse",
            );
        }
    }

    fn commune(&mut self, path: &str, code: &str) {
        if self.geography.current(code).is_none() {
            self.error(
                "unknown-commune",
                path,
                code,
                "le code officiel (INSEE) d’une commune, à cinq caractères",
            );
        }
    }

    fn territory(&mut self, path: &str, territory: &Territory) {
        for (index, code) in territory.communes.iter().enumerate() {
            self.commune(&format!("{path}.communes[{index}]"), code);
        }
        self.departments(&format!("{path}.departments"), &territory.departments);
        if let Some(contact) = &territory.contact {
            self.contact(&format!("{path}.contact"), contact);
        }
        if let Some(label) = &territory.label {
            self.date(&format!("{path}.label.granted_on"), Some(&label.granted_on));
        }
    }

    fn contact(&mut self, path: &str, contact: &Contact) {
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

    fn departments(&mut self, path: &str, departments: &[String]) {
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

    fn structure(&mut self, path: &str, structure: &Structure) {
        self.known_network(&format!("{path}.network"), &structure.network);
        if structure.name.trim().is_empty() {
            self.error("no-name", &format!("{path}.name"), "", "le nom du lieu");
        }
        self.commune(&format!("{path}.commune"), &structure.commune);
        let postcode = &structure.address.postcode;
        let is_postcode = postcode.len() == 5 && postcode.bytes().all(|byte| byte.is_ascii_digit());
        if !postcode.is_empty() && !is_postcode {
            self.error("postcode", &format!("{path}.address.postcode"), postcode, "cinq chiffres");
        }
        if let Some(position) = structure.position {
            self.position(path, structure, position);
        }
        for (index, phone) in structure.phones.iter().enumerate() {
            self.phone(&format!("{path}.phones[{index}]"), phone);
        }
        for (index, email) in structure.emails.iter().enumerate() {
            self.email(&format!("{path}.emails[{index}]"), email);
        }
        if let Some(website) = &structure.website {
            self.website(&format!("{path}.website"), website);
        }
        self.hours(path, &structure.hours);
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
                if !self.directory.territories.iter().any(|territory| territory.id == *id) {
                    self.error(
                        "unknown-territory",
                        &format!("{path}.competence.territories[{index}]"),
                        id,
                        "un territoire de l’annuaire",
                    );
                }
            }
        }
        self.past_date(&format!("{path}.checked_on"), structure.checked_on.as_deref());
        if structure.phones.is_empty() && structure.emails.is_empty() && structure.website.is_none() {
            self.warning("no-contact", path, &structure.name, "un téléphone, un courriel ou un site");
        }
    }

    fn position(&mut self, path: &str, structure: &Structure, position: crate::geography::Position) {
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

    fn phone(&mut self, path: &str, phone: &str) {
        let digits = phone.bytes().filter(u8::is_ascii_digit).count();
        let plain = phone.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'+');
        let fits = match phone.strip_prefix('+') {
            Some(_) => (8..=15).contains(&digits),
            None => digits == 10 && phone.starts_with('0') || digits == 4 || digits == 6 || digits == 2,
        };
        if !(plain && fits) {
            self.error(
                "phone",
                path,
                phone,
                "un numéro à dix chiffres, un numéro court, ou un numéro qui commence par +",
            );
        }
    }

    fn email(&mut self, path: &str, email: &str) {
        let fits = email.split_once('@').is_some_and(|(name, host)| {
            let is_plain = |text: &str| {
                !text.is_empty()
                    && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>,;:\\\"[]@".contains(&byte))
            };
            is_plain(name)
                && is_plain(host)
                && host.contains('.')
                && host.ends_with(|last: char| last.is_ascii_alphabetic())
        });
        if !fits {
            self.error("email", path, email, "une adresse de la forme accueil@exemple.fr");
        }
    }

    fn hours(&mut self, path: &str, hours: &[OpeningHours]) {
        let is_time = |text: &str| {
            text.split_once(':').is_some_and(|(hour, minute)| {
                hour.len() == 2
                    && minute.len() == 2
                    && hour.parse().is_ok_and(|hour: u8| hour <= 24)
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
}
