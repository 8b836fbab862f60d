//! A recommendation as a person reads it: the cards of the element, on a terminal.

use super::whom;
use crate::commands::networks::{service_name, wrap};
use shared::bond::Bond;
use shared::commune_index::CommuneName;
use shared::condition::{Condition, Truth};
use shared::decision::{GuideNetwork, GuideQuestionKind};
use shared::directory::{Level, OpeningHours, Service};
use shared::french;
use shared::guide::Walk;
use shared::said::{Answer, SaidCard, SaidPlace, SaidRemote};
use shared::snapshot::LocalizedGuide;
use shared::spelling::keep_together;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Where the values begin.
const INDENT: usize = 17;

/// What is told.
pub(super) struct Told<'a> {
    pub(super) guide: &'a LocalizedGuide,
    pub(super) answer: &'a Answer<'a>,
    pub(super) walk: &'a Walk<'a>,
    pub(super) commune: Option<&'a CommuneName>,
    pub(super) today: &'a str,
}

impl Told<'_> {
    /// All of it.
    pub(super) fn text(&self) -> String {
        let (guide, answer) = (self.guide, self.answer);
        let commune =
            self.commune.map_or(answer.commune.code.to_owned(), |commune| whom::told(guide, commune));
        let mut text = format!("{} · édition {}\n", guide.text(guide.title), guide.edition);
        let _ = writeln!(text, "Pour une personne de {commune}, le {}.", self.today);
        let said: Vec<String> =
            answer.answers.iter().filter_map(|(question, choice)| self.said(question, choice)).collect();
        if !said.is_empty() {
            let _ = writeln!(text, "Elle a répondu :");
            for line in said {
                wrap(&mut text, "", 2, &line);
            }
        }
        if !answer.ignored.is_empty() {
            let why = answer.next.map_or("ces questions ne se posent pas à elle".to_owned(), |next| {
                format!("répondez d’abord à « {next} », ou ces questions ne se posent pas à elle")
            });
            let ignored = format!("Ne comptent pas : {} ({why}).", answer.ignored.join(", "));
            wrap(&mut text, "", 0, &keep_together(&ignored));
        }

        let is_place = answer.main.place.is_some();
        text.push_str(if is_place {
            "\nLE LIEU OÙ ALLER D’ABORD\n"
        } else {
            "\nLE SERVICE À CONTACTER D’ABORD\n"
        });
        self.card(&mut text, &answer.main);
        if let Some(reception) = &answer.reception {
            text.push_str("\nPOUR ÊTRE REÇU PRÈS DE CHEZ SOI\n");
            self.card(&mut text, reception);
        }
        if !answer.complements.is_empty() {
            let _ = writeln!(text, "\nAUSSI UTILE : {}", answer.complements.len());
            for card in &answer.complements {
                self.card(&mut text, card);
            }
        }
        if !answer.remote_services.is_empty() {
            text.push_str("\nPAR TÉLÉPHONE OU SUR INTERNET\n");
            for service in &answer.remote_services {
                remote(&mut text, service);
            }
        }
        self.open(&mut text);
        text
    }

    /// An answer in words.
    fn said(&self, question: &str, choice: &str) -> Option<String> {
        let question = self.guide.questions.iter().find(|known| known.id == question)?;
        let choice = question.choices().iter().find(|known| known.id == choice)?;
        let wording = self.guide.wording(question, self.answer.answers);
        Some(format!("{wording} {} ({}={})", self.guide.text(choice.text), question.id, choice.id))
    }

    fn card(&self, text: &mut String, card: &SaidCard<'_>) {
        let network = card.network.as_ref();
        let full = network.map(|network| match network.acronym {
            Some(acronym) => format!("{} ({acronym})", network.name),
            None => network.name.to_owned(),
        });
        let (name, id) = match (&card.place, &card.remote_service) {
            (Some(place), _) => (place.place.name.clone(), place.place.id.as_str()),
            (None, Some(service)) => (service.name.to_owned(), service.id),
            (None, None) => {
                (full.clone().unwrap_or_default(), network.map(|network| network.id).unwrap_or_default())
            }
        };
        text.push('\n');
        wrap(text, "", 2, &format!("{name} · {id}"));
        let mut say = |title: &str, value: &str| wrap(text, &format!("    {title}"), INDENT, value);
        if let (Some(_), Some(full)) = (&card.place, &full) {
            say("Réseau", full);
        }
        let rule = self.guide.rules.iter().find(|rule| Some(rule.id.as_str()) == card.rule);
        match (rule, network) {
            (Some(rule), _) => {
                say("Pourquoi", self.guide.text(rule.reason));
                say("Règle", &format!("{} · {}", rule.id, rule.source));
            }
            (None, Some(network)) => say("Pourquoi", network.public),
            (None, None) => {}
        }
        say("Services", &services(card.services));
        say("Niveau", level(&card.levels));
        if let Some(place) = &card.place {
            reach(&mut say, place);
            return;
        }
        if let Some(service) = &card.remote_service {
            say("Description", service.description);
        }
        let contacts: Vec<&str> = match (&card.remote_service, network) {
            (Some(service), _) => service.phone.into_iter().chain([service.website]).collect(),
            (None, Some(network)) => network.phone.into_iter().chain(network.website).collect(),
            (None, None) => Vec::new(),
        };
        say("Contact", &contacts.join(" · "));
    }

    /// The questions that are still open, and what each might change.
    fn open(&self, text: &mut String) {
        let answers = self.answer.answers;
        let questions = &self.guide.questions;
        let is_open = |condition: &Condition| condition.evaluate(answers, questions) == Truth::Undetermined;
        let mut is_first = true;
        for question in questions {
            let GuideQuestionKind::Choices(choices) = &question.kind else { continue };
            let is_kept = self.answer.undetermined.iter().any(|open| open.missing.contains(&question.id));
            let may_be_asked = !answers.contains_key(&question.id)
                && question.ask_if.evaluate(answers, questions) != Truth::NoMatch
                && self.walk.next.is_some();
            if !(is_kept || may_be_asked) {
                continue;
            }
            if std::mem::take(&mut is_first) {
                text.push_str("\nQUESTIONS ENCORE OUVERTES\n");
            }
            let depends = |condition: &Condition| {
                is_open(condition) && condition.questions().contains(&question.id.as_str())
            };
            let networks = &self.guide.networks;
            let mut opened: Vec<usize> = Vec::new();
            for rule in self.guide.rules.iter().filter(|rule| depends(&rule.when)) {
                opened.extend(rule.pick.networks().iter().map(|network| network.rank()));
            }
            opened.extend((0..networks.len()).filter(|rank| depends(&networks[*rank].serves)));
            let by_id = opened.iter().map(|rank| (networks[*rank].id.as_str(), &networks[*rank]));
            let by_id: BTreeMap<&str, &GuideNetwork> = by_id.collect();
            let names: Vec<&str> = by_id.values().map(|network| self.guide.name_of(network)).collect();
            text.push('\n');
            wrap(text, "", 2, self.guide.wording(question, answers));
            for choice in choices {
                wrap(
                    text,
                    "",
                    4,
                    &format!("{}={} : {}", question.id, choice.id, self.guide.text(choice.text)),
                );
            }
            let may = if names.is_empty() {
                "ce qui peut changer : les questions qui suivent".to_owned()
            } else {
                format!("ce qui peut changer : {}", names.join(" ; "))
            };
            wrap(text, "", 4, &may);
        }
    }
}

/// How to reach a place, and how sure that is.
fn reach(say: &mut dyn FnMut(&str, &str), said: &SaidPlace<'_>) {
    let place = said.place;
    let about = if said.distance_is_approximate { "environ " } else { "" };
    let distance = match said.distance_m {
        0..1000 => "moins de 1 km".to_owned(),
        metres => format!("{about}{:.1} km", f64::from(metres) / 1000.0).replace('.', ","),
    };
    let why = match said.bond {
        Bond::Competent => "ce lieu est là pour la commune",
        Bond::Commune => "le plus proche de la commune qui soit connu",
        Bond::Intercommunality => "le plus proche de l’intercommunalité qui soit connu",
        Bond::Department => "le plus proche du département qui soit connu",
        Bond::Distance => "le plus proche qui soit connu",
    };
    say("Distance", &format!("{distance} à vol d’oiseau ; {why}"));
    let town = place.address.town.as_deref().unwrap_or(&place.commune);
    let mut address: Vec<&str> = place.address.lines.iter().map(String::as_str).collect();
    let last = format!("{} {town}", place.address.postcode);
    address.push(last.trim());
    say("Adresse", &address.join(", "));
    for (title, values) in [("Téléphone", &place.phones), ("Courriel", &place.emails)] {
        if !values.is_empty() {
            say(title, &values.join(" · "));
        }
    }
    if let Some(website) = &place.website {
        say("Site", website);
    }
    for opening in &place.hours {
        say("Horaires", &hours(opening));
    }
    if let Some(note) = &place.hours_note {
        say("Horaires", note);
    }
    if let Some(access) = &place.access {
        say("Accès", access);
    }
    let source = place.source.as_ref().map_or(String::new(), |source| format!(" · {source}"));
    if let Some(as_of) = &place.as_of {
        let doubt = if place.to_confirm { " ; à confirmer par téléphone" } else { "" };
        say("Liste du", &format!("{as_of}{source}{doubt}"));
    }
    if place.as_of.is_none() || place.checked_on.is_some() {
        let checked = place.checked_on.as_deref().unwrap_or("date inconnue : téléphoner avant de venir");
        say("Vérifié", &format!("{checked}{source}"));
    }
}

fn remote(text: &mut String, service: &SaidRemote<'_>) {
    text.push('\n');
    wrap(text, "", 2, &format!("{} · {}", service.name, service.id));
    let mut say = |title: &str, value: &str| wrap(text, &format!("    {title}"), INDENT, value);
    say("Description", service.description);
    say("Services", &services(service.services));
    let contacts: Vec<&str> = service.phone.into_iter().chain([service.website]).collect();
    say("Contact", &contacts.join(" · "));
    if let Some(hours) = service.hours {
        say("Horaires", hours);
    }
}

fn services(services: &[Service]) -> String {
    services.iter().map(|service| service_name(*service)).collect::<Vec<_>>().join(", ")
}

fn level(levels: &[Level]) -> &'static str {
    match levels {
        [Level::One] => "1 : accueil et information, pour tout le monde",
        [Level::Two] => "2 : conseil et accompagnement",
        [_, _, ..] => "1 et 2 : accueil et information ; conseil et accompagnement",
        [] => "inconnu",
    }
}

fn hours(opening: &OpeningHours) -> String {
    let days: Vec<&str> = opening.days.iter().map(|day| french::weekday(*day)).collect();
    format!("{} : {} – {}", days.join(", "), opening.from, opening.to)
}
