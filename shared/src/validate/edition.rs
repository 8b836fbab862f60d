//! The edition: questions, networks, rules, guarantees, services at a distance.

use super::Check;
use crate::condition::Condition;
use crate::directory::{Edition, Level, MAIN_LANGUAGE, QuestionKind, Role};
use crate::elsewhere;

impl Check<'_> {
    pub(super) fn edition(&mut self, edition: &Edition) {
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
        for (index, id) in edition.region.own.iter().enumerate() {
            let is_known = edition.networks.iter().any(|network| network.id == *id)
                || edition.remote_services.iter().any(|service| service.id == *id);
            if !is_known {
                let expected = "un réseau ou un service à distance de l’édition";
                self.error("unknown-network", &format!("edition.region.own[{index}]"), id, expected);
            }
        }
        for (code, guide) in &edition.region.guides {
            let path = format!("edition.region.guides.{code}");
            if !elsewhere::regions().any(|[known, ..]| known == code) {
                self.error("unknown-region", &path, code, "le code officiel d’une région (INSEE)");
            }
            self.website(&path, guide);
        }
        if edition.reach_km == 0 {
            self.error("reach", "edition.reach_km", "0", "une distance en kilomètres, plus grande que zéro");
        }
        self.questions(edition);
        self.networks(edition);
        self.rules(edition);
        self.remote_services(edition);
        self.guarantees(edition);
        self.surroundings(edition);
    }

    pub(super) fn questions(&mut self, edition: &Edition) {
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

    pub(super) fn networks(&mut self, edition: &Edition) {
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
                        "",
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

    pub(super) fn rules(&mut self, edition: &Edition) {
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
            let limits = rule.preference.iter().flat_map(|preference| &preference.times_as_far);
            for limit in limits {
                let path = format!("{path}.preference.times_as_far");
                self.known_network(&path, &limit.network);
                if limit.times == 0 {
                    self.error("no-times", &path, "0", "au moins une fois");
                }
            }
            for id in &rule.complements {
                self.known_network(&format!("{path}.complements"), id);
            }
            self.period(&path, rule.valid_from.as_deref(), rule.valid_until.as_deref());
        }
        self.unique("edition.rules", edition.rules.iter().map(|rule| rule.id.as_str()));
        if !edition.rules.iter().any(|rule| rule.role != Role::Adds && rule.when == Condition::Always) {
            self.error(
                "no-last-rule",
                "edition.rules",
                "",
                "une dernière règle pour tout le monde (« when » : always)",
            );
        }
    }

    pub(super) fn remote_services(&mut self, edition: &Edition) {
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
            self.period(&path, service.valid_from.as_deref(), service.valid_until.as_deref());
        }
        self.unique(
            "edition.remote_services",
            edition.remote_services.iter().map(|service| service.id.as_str()),
        );
        let open_to_all = edition.remote_services.iter().any(|service| {
            service.serves == Condition::Always
                // Who lives outside the region needs one too.
                && !edition.region.own.contains(&service.id)
                && service.has_level(Level::One)
                && service.valid_until.as_deref().is_none_or(|until| self.today <= until)
        });
        if !open_to_all {
            self.error(
                "dead-end",
                "edition.remote_services",
                "",
                "au moins un service à distance d’accueil (reception) ouvert à tout le monde : sans lui, une commune sans lieu proche serait une impasse",
            );
        }
    }

    fn guarantees(&mut self, edition: &Edition) {
        for (index, guarantee) in edition.guarantees.iter().enumerate() {
            let path = format!("edition.guarantees[{index}]");
            self.text(&format!("{path}.text"), &guarantee.text);
            self.condition(&format!("{path}.when"), &guarantee.when, edition.questions.len());
            self.website(&format!("{path}.source"), &guarantee.source);
            let lists = [
                ("main", &guarantee.main),
                ("received", &guarantee.received),
                ("among", &guarantee.among),
                ("nearest", &guarantee.nearest),
                ("within", &guarantee.within),
                ("never", &guarantee.never),
            ];
            for (list, networks) in lists {
                for (which, id) in networks.iter().enumerate() {
                    self.known_network(&format!("{path}.{list}[{which}]"), id);
                }
            }
            for (which, place) in guarantee.imagined.iter().enumerate() {
                self.known_network(&format!("{path}.imagined[{which}]"), &place.network);
            }
            for (which, id) in guarantee.because.iter().enumerate() {
                if !edition.rules.iter().any(|rule| rule.id == *id) {
                    self.error(
                        "unknown-rule",
                        &format!("{path}.because[{which}]"),
                        id,
                        "une règle de l’édition",
                    );
                }
            }
            if let Some(question) = &guarantee.only_adds {
                self.additive_question(&format!("{path}.only_adds"), question);
            }
            let promises_nothing = lists.iter().all(|(_, networks)| networks.is_empty())
                && guarantee.because.is_empty()
                && guarantee.level.is_none()
                && guarantee.only_adds.is_none();
            if promises_nothing {
                self.error(
                    "empty-guarantee",
                    &path,
                    &guarantee.id,
                    "une promesse : « main », « received », « among », « nearest », « within », « because », « never », « level » ou « only_adds »",
                );
            }
        }
        self.unique("edition.guarantees", edition.guarantees.iter().map(|guarantee| guarantee.id.as_str()));
    }

    /// A question that only adds can be left without an answer, and no other depends on it.
    fn additive_question(&mut self, path: &str, id: &str) {
        let questions = &self.directory.edition.questions;
        let declines = |kind: &QuestionKind| match kind {
            QuestionKind::Choices(choices) => choices.iter().any(|choice| choice.unknown),
            QuestionKind::Commune => false,
        };
        if !questions.iter().any(|question| question.id == id && declines(&question.kind)) {
            self.error(
                "only-adds",
                path,
                id,
                "une question de l’édition, avec un choix pour ne pas répondre",
            );
        } else if questions.iter().any(|question| question.ask_if.questions().contains(&id)) {
            self.error("only-adds", path, id, "une question dont aucune autre ne dépend (« ask_if »)");
        }
    }

    /// The languages, the levels of the CEP, and who coordinates what.
    fn surroundings(&mut self, edition: &Edition) {
        for (index, language) in edition.languages.iter().enumerate() {
            let path = format!("edition.languages[{index}]");
            self.language_tag(&format!("{path}.tag"), &language.tag);
            if language.name.trim().is_empty() {
                self.error("no-name", &format!("{path}.name"), "", "le nom de la langue, dans cette langue");
            }
        }
        self.unique("edition.languages", edition.languages.iter().map(|language| language.tag.as_str()));
        if edition.languages.first().is_some_and(|language| language.tag != MAIN_LANGUAGE) {
            self.error(
                "languages",
                "edition.languages[0].tag",
                &edition.languages[0].tag,
                "le français (fr) en premier",
            );
        }
        for (index, level) in edition.cep_levels.iter().enumerate() {
            let path = format!("edition.cep_levels[{index}]");
            self.text(&format!("{path}.name"), &level.name);
            self.text(&format!("{path}.description"), &level.description);
            self.website(&format!("{path}.source"), &level.source);
        }
        for (index, preparation) in edition.preparations.iter().enumerate() {
            let path = format!("edition.preparations[{index}]");
            self.text(&format!("{path}.say"), &preparation.say);
            self.text(&format!("{path}.bring"), &preparation.bring);
            for (which, id) in preparation.networks.iter().enumerate() {
                self.known_network(&format!("{path}.networks[{which}]"), id);
            }
            // Of two for one network, and of two for all, visitors read the first.
            let earlier = &edition.preparations[..index];
            let is_taken = |id: &String| earlier.iter().any(|one| one.networks.contains(id));
            let is_read = preparation.networks.iter().any(|id| !is_taken(id))
                || preparation.networks.is_empty() && earlier.iter().all(|one| !one.networks.is_empty());
            if !is_read {
                self.warning(
                    "never-said",
                    &path,
                    &preparation.id,
                    "des réseaux dont aucune préparation d’avant ne parle : personne ne lit celle-ci",
                );
            }
        }
        self.unique("edition.preparations", edition.preparations.iter().map(|one| one.id.as_str()));
        for (index, part) in edition.coordination.iter().enumerate() {
            let path = format!("edition.coordination[{index}]");
            self.text(&format!("{path}.who"), &part.who);
            self.text(&format!("{path}.what"), &part.what);
            self.website(&format!("{path}.source"), &part.source);
        }
        self.unique("edition.coordination", edition.coordination.iter().map(|part| part.id.as_str()));
    }
}
