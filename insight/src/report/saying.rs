//! Conditions in words, with the texts of the questions they speak of: for administrators,
//! who read whom a rule is for. The element never needs it.

use shared::condition::{AnswerIs, Condition};
use shared::decision::{GuideChoice, GuideQuestion};
use shared::localized::LocalizedGuide;
use shared::spelling::fold;

/// The small words that join the parts of a condition, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joints {
    /// Between parts that must all hold.
    pub and: &'static str,
    /// Between parts of which one is enough.
    pub or: &'static str,
    /// Before what must not hold.
    pub not: &'static str,
    /// What holds for everybody.
    pub everybody: &'static str,
    /// What holds for nobody.
    pub nobody: &'static str,
    /// Around the words of a choice.
    pub quotes: (&'static str, &'static str),
}

impl Joints {
    /// In French.
    pub const FRENCH: Self = Self {
        and: "et",
        or: "ou",
        not: "sauf",
        everybody: "Tout le monde",
        nobody: "Personne",
        quotes: ("«\u{a0}", "\u{a0}»"),
    };
}

/// A condition without what does not change it: no part of one, no part within the same
/// kind of part, no double negation.
pub fn simple(condition: &Condition) -> Condition {
    let parts = |parts: &[Condition], all: bool| -> Condition {
        let mut flat = Vec::new();
        for part in parts.iter().map(simple) {
            match part {
                Condition::All(inner) if all => flat.extend(inner),
                Condition::Any(inner) if !all => flat.extend(inner),
                Condition::Always if all => {}
                Condition::Always => return Condition::Always,
                part => flat.push(part),
            }
        }
        match (flat.len(), all) {
            (0, true) => Condition::Always,
            (1, _) => flat.remove(0),
            (_, true) => Condition::All(flat),
            (_, false) => Condition::Any(flat),
        }
    };
    match condition {
        Condition::Always | Condition::Answer(_) => condition.clone(),
        Condition::All(inner) => parts(inner, true),
        Condition::Any(inner) => parts(inner, false),
        Condition::Not(inner) => match simple(inner) {
            Condition::Not(twice) => *twice,
            inner => Condition::Not(Box::new(inner)),
        },
    }
}

/// Says conditions with the words of some questions.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// The guide whose questions they are.
    pub guide: &'a LocalizedGuide,
    /// The joints of that language.
    pub joints: Joints,
}

impl Speaker<'_> {
    /// A condition as one sentence: `« Au collège ou au lycée » et « 16 ou 17 ans »`.
    pub fn sentence(&self, condition: &Condition) -> String {
        self.say(&simple(condition), false)
    }

    fn say(&self, condition: &Condition, within: bool) -> String {
        let joined = |parts: &[Condition], joint: &str, none: &str| {
            let mut said: Vec<String> = Vec::new();
            for part in parts.iter().map(|part| self.say(part, true)) {
                // Two questions may offer the same sentence.
                if !said.contains(&part) {
                    said.push(part);
                }
            }
            match said.len() {
                0 => none.to_owned(),
                1 => said.remove(0),
                _ if within => format!("({})", said.join(&format!(" {joint} "))),
                _ => said.join(&format!(" {joint} ")),
            }
        };
        match condition {
            Condition::Always => self.joints.everybody.to_owned(),
            Condition::Answer(test) => self.answer(test, within),
            Condition::All(parts) => joined(parts, self.joints.and, self.joints.everybody),
            Condition::Any(parts) => joined(parts, self.joints.or, self.joints.nobody),
            Condition::Not(part) => format!("{} {}", self.joints.not, self.say(part, true)),
        }
    }

    /// A test of one answer, with its question where the choices do not speak for themselves.
    fn answer(&self, test: &AnswerIs, within: bool) -> String {
        let choices = self.choices(test);
        let Some(question) = self.question(&test.question) else { return choices };
        if test.is.iter().any(|id| self.needs_its_question(question, id)) {
            let said = format!("{} {choices}", self.guide.text(question.text));
            if within && test.is.len() > 1 { format!("({said})") } else { said }
        } else if within && test.is.len() > 1 {
            format!("({choices})")
        } else {
            choices
        }
    }

    /// The choices of a test, each in quotes.
    pub fn choices(&self, test: &AnswerIs) -> String {
        let (open, close) = self.joints.quotes;
        let said: Vec<String> = test
            .is
            .iter()
            .map(|id| {
                let words = self
                    .choice(&test.question, id)
                    .map_or(id.as_str(), |choice| self.guide.text(choice.text));
                format!("{open}{words}{close}")
            })
            .collect();
        match said.split_last() {
            None => self.joints.nobody.to_owned(),
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} {} {last}", others.join(", "), self.joints.or),
        }
    }

    fn question(&self, id: &str) -> Option<&GuideQuestion> {
        self.guide.questions.iter().find(|question| question.id == id)
    }

    fn choice(&self, question: &str, id: &str) -> Option<&GuideChoice> {
        self.question(question)?.choices().iter().find(|choice| choice.id == id)
    }

    /// "Yes", "yes, a little" and "I prefer not to say" mean nothing without what was asked:
    /// another question has a choice that begins alike. Where that one asks in the same words, the
    /// choices are whole sentences.
    fn needs_its_question(&self, question: &GuideQuestion, id: &str) -> bool {
        let Some(choice) = question.choices().iter().find(|choice| choice.id == id) else { return false };
        let beginning =
            |choice: &GuideChoice| fold(self.guide.text(choice.text).split(',').next().unwrap_or_default());
        let own = beginning(choice);
        self.guide
            .questions
            .iter()
            .filter(|other| {
                other.id != question.id && self.guide.text(other.text) != self.guide.text(question.text)
            })
            .flat_map(GuideQuestion::choices)
            .any(|other| beginning(other) == own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::directory::Directory;

    fn check(condition: serde_json::Value, expect: &str) {
        let question = |id: &str, text: &str, choices: &[(&str, &str)]| {
            let choice = |(id, text): &(&str, &str)| json!({"id": id, "text": {"fr": text}});
            let choices: Vec<_> = choices.iter().map(choice).collect();
            json!({"id": id, "text": {"fr": text}, "kind": {"choices": choices}})
        };
        let example = include_bytes!("../../../shared/examples/two-places.json");
        let mut directory = Directory::from_json(example).unwrap();
        directory.edition.questions = serde_json::from_value(json!([
            question("age", "Quel âge ?", &[("young", "Jeune"), ("old", "Âgé")]),
            question("cadre", "Cadre ?", &[("yes", "Oui"), ("no", "Non")]),
            question("seen", "Suivi ?", &[("yes", "Oui, ici"), ("not", "Pas encore")]),
            question("son", "Vrai ?", &[("known", "On me connaît"), ("none", "Rien")]),
            question("daughter", "Vrai ?", &[("known", "On me connaît"), ("none", "Rien")]),
        ]))
        .unwrap();
        let condition: Condition = serde_json::from_value(condition).unwrap();
        let guide = shared::compile::localized(&directory, "fr");
        let said = Speaker { guide: &guide, joints: Joints::FRENCH }.sentence(&condition);
        assert_eq!(said.replace('\u{a0}', " "), expect);
    }

    #[test]
    fn a_condition_is_said_in_the_words_of_its_questions() {
        let age = |choices: &[&str]| json!({"answer": {"question": "age", "is": choices}});
        let executive = json!({"answer": {"question": "cadre", "is": ["yes"]}});
        check(json!("always"), "Tout le monde");
        check(age(&["young"]), "« Jeune »");
        check(age(&["young", "old"]), "« Jeune » ou « Âgé »");
        // "Oui" begins a choice of two questions: it needs its own.
        check(executive.clone(), "Cadre ? « Oui »");
        check(json!({"all": [age(&["old"]), executive]}), "« Âgé » et Cadre ? « Oui »");
        check(
            json!({"all": [age(&["young", "old"]), {"any": [executive, age(&["old"])]}]}),
            "(« Jeune » ou « Âgé ») et (Cadre ? « Oui » ou « Âgé »)",
        );
        check(json!({"not": age(&["old"])}), "sauf « Âgé »");
        // Two questions of the same words, and their same sentence, once.
        let known = |question: &str| json!({"answer": {"question": question, "is": ["known"]}});
        check(json!({"any": [known("son"), known("daughter")]}), "« On me connaît »");
    }

    #[test]
    fn what_changes_nothing_is_not_said() {
        let old = json!({"answer": {"question": "age", "is": ["old"]}});
        check(json!({"all": [{"all": ["always", {"any": [old]}]}]}), "« Âgé »");
        check(json!({"not": {"not": old}}), "« Âgé »");
        check(json!({"any": ["always", old]}), "Tout le monde");
        check(json!({"all": []}), "Tout le monde");
        check(json!({"any": []}), "Personne");
    }
}
