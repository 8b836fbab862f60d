//! Sentences with something to fill in. Half of one is never said in French: a sentence is
//! French whole where it, or a text of ours among its values, has no translation.

use crate::texts::{Key, Texts};

/// What fills a `{placeholder}` of a sentence.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A number, or words that were made for this sentence.
    Plain(&'a str),
    /// A name of the country.
    French(&'a str),
    /// A text of the edition.
    Told(&'a str),
    /// What somebody typed, in whatever letters.
    Typed(&'a str),
    /// Another text of ours. The whole sentence is French where one of its parts is.
    Text(Key, Values<'a>),
    /// Texts of ours, as a list; likewise.
    List(&'a [Key]),
}

/// Values by the name of their placeholder.
pub type Values<'a> = &'a [(&'a str, Value<'a>)];

/// A part of a sentence, for whoever writes it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words in the language of the sentence.
    Words(&'a str),
    /// See [`Value::French`].
    French(&'a str),
    /// See [`Value::Told`].
    Told(&'a str),
    /// See [`Value::Typed`].
    Typed(&'a str),
}

impl Texts {
    /// Whether a sentence is said in French for want of a translation.
    pub fn sentence_is_french(&self, key: Key, values: Values) -> bool {
        self.is_french(key)
            || values.iter().any(|(_, value)| match value {
                Value::Text(key, values) => self.sentence_is_french(*key, values),
                Value::List(keys) => keys.iter().any(|key| self.is_french(*key)),
                _ => false,
            })
    }

    /// Calls `put` with each part of a sentence, in order.
    pub fn fill(&self, key: Key, values: Values, is_french: bool, put: &mut dyn FnMut(Part)) {
        let mut parts = self.words(key, is_french).split('{');
        put(Part::Words(parts.next().unwrap_or_default()));
        for part in parts {
            let (name, after) = part.split_once('}').unwrap_or_default();
            match values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value) {
                Some(Value::Plain(words)) => put(Part::Words(words)),
                Some(Value::French(words)) => put(Part::French(words)),
                Some(Value::Told(words)) => put(Part::Told(words)),
                Some(Value::Typed(words)) => put(Part::Typed(words)),
                Some(Value::Text(key, values)) => self.fill(key, values, is_french, put),
                Some(Value::List(keys)) => {
                    let words: Vec<&str> = keys.iter().map(|key| self.words(*key, is_french)).collect();
                    put(Part::Words(&words.join(&self.comma(is_french))));
                }
                None => {}
            }
            put(Part::Words(after));
        }
    }

    /// What separates the items of a list.
    pub fn comma(&self, in_french: bool) -> String {
        format!("{} ", self.words(Key::Comma, in_french))
    }

    /// A sentence as plain text, for a title or an attribute.
    pub fn plain(&self, key: Key, values: Values) -> String {
        let mut said = String::new();
        self.fill(key, values, self.sentence_is_french(key, values), &mut |part| match part {
            Part::Words(words) | Part::French(words) | Part::Told(words) | Part::Typed(words) => {
                said.push_str(words);
            }
        });
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{Plain, in_order};

    fn texts(own: &str) -> Texts {
        let own = in_order(include_str!("../texts/fr.txt"), own).unwrap();
        Texts::new("en", &format!("en\n{own}"), &Plain)
    }

    #[test]
    fn a_sentence_is_french_whole_where_a_part_of_it_is() {
        let texts = texts(
            "offers = There: {services}.\nservice_advice = advice\ndistance_from = {distance} from {commune}",
        );
        let values = [("services", Value::List(&[Key::ServiceAdvice]))];
        assert_eq!(texts.plain(Key::Offers, &values), "There: advice.");
        let values = [("services", Value::List(&[Key::ServiceAdvice, Key::ServiceSupport]))];
        assert_eq!(texts.plain(Key::Offers, &values), "Vous y trouvez\u{a0}: conseil, accompagnement.");
        let commune = ("commune", Value::French("Annecy"));
        let values = [("distance", Value::Text(Key::DistanceHere, &[])), commune];
        assert_eq!(
            texts.plain(Key::DistanceFrom, &values),
            "dans votre commune à vol d’oiseau (depuis Annecy)"
        );
    }

    #[test]
    fn what_is_filled_in_keeps_what_it_is() {
        let texts = texts("");
        let mut parts = Vec::new();
        let values = [("region", Value::Told("Une région")), ("typed", Value::Typed("<b>"))];
        texts.fill(Key::NoCommune, &values, true, &mut |part| parts.push(format!("{part:?}")));
        assert!(parts.contains(&"Told(\"Une région\")".to_owned()), "{parts:?}");
        assert!(parts.contains(&"Typed(\"<b>\")".to_owned()), "{parts:?}");
    }
}
