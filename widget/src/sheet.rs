//! What the liaison sheet says, line by line: the same lines are shown, printed and copied.
//!
//! Whoever receives the visitor reads French: the sheet can speak another language than the
//! page, hence a voice of its own.

use crate::dom::{El, el, text};
use crate::hours::{said_spans, same_days};
use crate::page::Page;
use crate::place::{address_lines, is_over_a_year, language_name};
use crate::texts::{Key, Texts};
use crate::visit::{OUTSIDE, Visit};
use crate::why::{level_name, service_name};
use shared::directory::{MAIN_LANGUAGE, QuestionKind};
use shared::opening::week;
use shared::recommend::{Card, Recommendation, Target};
use shared::snapshot::{DepartmentPiece, Guide, Place};
use std::rc::Rc;

/// What the result shows, for the sheet to repeat.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) found: Recommendation,
    pub(crate) piece: Rc<DepartmentPiece>,
    pub(crate) today: String,
}

/// Words, and whether they are French in a sheet that is not.
#[derive(Debug, Clone)]
struct Said {
    words: String,
    is_french: bool,
}

/// One line.
#[derive(Debug)]
enum Line {
    Title(Said),
    Heading(Said),
    /// The name of a place, or of what stands for one.
    Name(Said),
    Text(Said),
    /// Something, and what it is.
    Fact(Said, Said),
    /// Room to write on paper.
    Room,
}

/// Who speaks.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'a> {
    pub(crate) page: &'a Page,
    pub(crate) guide: &'a Guide,
    pub(crate) texts: &'a Texts,
}

/// A sheet.
#[derive(Debug)]
pub(crate) struct Lines {
    lines: Vec<Line>,
    /// « {what} : {about} ».
    precision: String,
}

impl Lines {
    /// As nodes.
    pub(crate) fn nodes(&self) -> Vec<El> {
        let mark = |said: &Said, tag: &str, class: &str| {
            let node = text(tag, class, &said.words);
            node.attr_if(said.is_french, "lang", MAIN_LANGUAGE).attr_if(said.is_french, "dir", "auto")
        };
        let node = |line: &Line| match line {
            Line::Title(said) => mark(said, "h3", ""),
            Line::Heading(said) => mark(said, "h4", ""),
            Line::Name(said) => mark(said, "p", "place"),
            Line::Text(said) => mark(said, "p", ""),
            Line::Fact(what, said) => {
                let (before, after) = self.precision.split_once("{about}").unwrap_or_default();
                let before = before.replace("{what}", &what.words);
                el("p").child(&text("span", "what", &before)).child(&mark(said, "bdi", "")).text(after)
            }
            Line::Room => el("div").class("room").children((0..6).map(|_| el("div")).collect()),
        };
        self.lines.iter().map(node).collect()
    }

    /// As text, for a message or a document of the visitor's.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let (before, words) = match line {
                Line::Title(said) | Line::Text(said) => ("", said.words.clone()),
                Line::Heading(said) => ("\n", format!("— {} —", said.words)),
                Line::Name(said) => ("\n", said.words.clone()),
                Line::Fact(what, said) => {
                    ("", self.precision.replace("{what}", &what.words).replace("{about}", &said.words))
                }
                Line::Room => continue,
            };
            out.push_str(before);
            out.push_str(&words);
            out.push('\n');
        }
        out
    }
}

impl Voice<'_> {
    /// The sheet of a visit.
    pub(crate) fn sheet(self, drawn: &Drawn, visit: &Visit) -> Lines {
        let mut lines = vec![Line::Title(self.say(Key::LiaisonTitle, &[]))];
        let date = self.texts.day(Key::LiaisonDate, &drawn.today);
        lines.push(Line::Text(self.say(Key::LiaisonDate, &[("date", &date)])));
        lines.push(Line::Heading(self.say(Key::LiaisonPlace, &[])));
        self.card(&mut lines, &drawn.found.main, drawn);
        if let Some(reception) = &drawn.found.reception {
            lines.push(Line::Heading(self.say(Key::Reception, &[])));
            self.card(&mut lines, reception, drawn);
        }
        if visit.sheet.with_answers {
            lines.push(Line::Heading(self.say(Key::LiaisonAnswers, &[])));
            self.answers(&mut lines, visit);
        }
        lines.push(Line::Heading(self.say(Key::LiaisonMyWords, &[])));
        if visit.sheet.words.trim().is_empty() {
            lines.push(Line::Room);
        } else {
            let own = |words: &str| Line::Text(Said { words: words.to_owned(), is_french: false });
            lines.extend(visit.sheet.words.lines().map(own));
        }
        Lines { lines, precision: self.texts.bare(Key::Precision).to_owned() }
    }

    fn say(self, key: Key, values: &[(&str, &str)]) -> Said {
        let mut words = self.texts.bare(key).to_owned();
        for (name, value) in values {
            words = words.replace(&format!("{{{name}}}"), value);
        }
        Said { words, is_french: self.texts.is_french(key) }
    }

    /// A text of the edition.
    fn told(self, words: &str) -> Said {
        let is_french = self.guide.untranslated.iter().any(|known| known == words);
        Said { words: words.to_owned(), is_french }
    }

    /// What is always in French.
    fn french(self, words: &str) -> Said {
        Said { words: words.to_owned(), is_french: !self.guide.language.starts_with(MAIN_LANGUAGE) }
    }

    fn answers(self, lines: &mut Vec<Line>, visit: &Visit) {
        let answers = visit.answers(self.guide);
        for (index, choice) in visit.answered(self.guide) {
            let question = &self.guide.questions[index];
            if !visit.sheet.shows(question) {
                continue;
            }
            let said = match &question.kind {
                QuestionKind::Choices(choices) => {
                    choices.iter().find(|known| known.id == choice).map(|choice| self.told(&choice.text))
                }
                QuestionKind::Commune if choice == OUTSIDE => Some(self.say(Key::Outside, &[])),
                QuestionKind::Commune => self.page.commune_name(&choice).map(|name| self.french(&name)),
            };
            if let Some(said) = said {
                lines.push(Line::Text(self.told(question.wording(self.guide, &answers))));
                lines.push(Line::Name(said));
            }
        }
    }

    fn card(self, lines: &mut Vec<Line>, card: &Card, drawn: &Drawn) {
        let guide = self.guide;
        let network = card.network(guide);
        let full = network.map(|network| match &network.acronym {
            Some(acronym) => {
                Said { words: format!("{} ({acronym})", network.name), ..self.told(&network.name) }
            }
            None => self.told(&network.name),
        });
        match card.target {
            Target::Place(chosen) => {
                lines.push(Line::Name(self.french(&drawn.piece.places[chosen.place].name)));
                lines.extend(full.map(Line::Text));
            }
            Target::Network => lines.extend(full.map(Line::Name)),
            Target::Remote(index) => lines.push(Line::Name(self.told(&guide.remote_services[index].name))),
        }
        if let Some(rule) = card.rule {
            lines.push(Line::Text(self.told(&guide.rules[rule].reason)));
        }
        lines.push(Line::Text(self.services(card)));
        let (phone, website) = match card.target {
            Target::Place(chosen) => {
                let place = &drawn.piece.places[chosen.place];
                if chosen.competent {
                    lines.push(Line::Text(self.say(Key::Covers, &[])));
                }
                return self.place(lines, place, &drawn.today);
            }
            Target::Network => {
                network.map_or((None, None), |network| (network.phone.as_ref(), network.website.as_ref()))
            }
            Target::Remote(index) => {
                let service = &guide.remote_services[index];
                (service.phone.as_ref(), Some(&service.website))
            }
        };
        self.facts(lines, Key::Phone, phone);
        self.facts(lines, Key::Website, website);
    }

    /// « Vous y trouvez : conseil, accompagnement (niveau 2). »; French where one part is.
    fn services(self, card: &Card) -> Said {
        let names: Vec<Key> = card.services.iter().map(|service| service_name(*service)).collect();
        let level = level_name(&card.services);
        let is_french =
            names.iter().chain([&level, &Key::Offers, &Key::Comma]).any(|key| self.texts.is_french(*key));
        let words = |key| self.texts.words(key, is_french);
        let names: Vec<&str> = names.into_iter().map(words).collect();
        let list = names.join(&format!("{} ", words(Key::Comma)));
        Said {
            words: words(Key::Offers).replace("{services}", &list).replace("{level}", words(level)),
            is_french,
        }
    }

    fn place(self, lines: &mut Vec<Line>, place: &Place, today: &str) {
        self.fact(lines, Key::Address, self.french(&address_lines(place).join(", ")));
        self.facts(lines, Key::Phone, &place.phones);
        self.facts(lines, Key::Email, &place.emails);
        self.facts(lines, Key::Website, &place.website);
        let week = week(&place.hours);
        let rows = same_days(self.texts, &week);
        if !place.hours.is_empty() {
            lines.push(Line::Text(self.say(Key::Hours, &[])));
        }
        for (days, spans) in rows.iter().filter(|(_, spans)| !spans.is_empty()) {
            let is_french = self.texts.is_french(Key::DayRange);
            let days = Said { words: days.clone(), is_french };
            lines.push(Line::Fact(days, Said { words: said_spans(spans), is_french: false }));
        }
        if let Some(note) = &place.hours_note {
            lines.push(Line::Text(self.french(note)));
        }
        if let Some(access) = &place.access {
            self.fact(lines, Key::Access, self.french(access));
        }
        if !place.languages.is_empty() {
            let names: Vec<String> =
                place.languages.iter().map(|tag| language_name(self.texts, tag)).collect();
            let is_french = self.texts.is_french(Key::LanguagesSpoken);
            let comma = format!("{} ", self.texts.words(Key::Comma, is_french));
            self.fact(lines, Key::LanguagesSpoken, Said { words: names.join(&comma), is_french });
        }
        match &place.checked_on {
            None => lines.push(Line::Text(self.say(Key::NeverChecked, &[]))),
            Some(checked) => {
                let date = self.texts.day(Key::CheckedOn, checked);
                lines.push(Line::Text(self.say(Key::CheckedOn, &[("date", &date)])));
                if is_over_a_year(checked, today) {
                    lines.push(Line::Text(self.say(Key::OldRecord, &[])));
                }
            }
        }
    }

    fn fact(self, lines: &mut Vec<Line>, what: Key, said: Said) {
        lines.push(Line::Fact(self.say(what, &[]), said));
    }

    fn facts<'b>(self, lines: &mut Vec<Line>, what: Key, values: impl IntoIterator<Item = &'b String>) {
        for value in values {
            self.fact(lines, what, Said { words: value.clone(), is_french: false });
        }
    }
}
