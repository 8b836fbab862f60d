//! French spelling for words that a file writes in capitals: accents, capitals, hyphens.
//!
//! Everything the program knows about words is in one table, `data/words.tsv`, and in the
//! reference of communes. A text that has lower-case letters was written by somebody who
//! cared: it is left as it is.

use super::communes::Places;
use super::wording::{may_miss_an_accent, ordinal};
use super::words::{Kind, Words};
use shared::french::capitalised;
use shared::geography::Commune;
use shared::spelling::fold;

/// How many words the longest phrase of the table, or the longest name of a commune, has.
const LONGEST_PHRASE: usize = 8;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    /// The name of a place: common nouns in lower case.
    Name,
    /// A line of its address: capitals after the kind of street.
    Address,
}

/// A text, spelled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spelled {
    /// The text.
    pub(crate) text: String,
    /// Words that no table knows and that may miss an accent.
    pub(crate) doubtful: Vec<String>,
}

/// Whether a text is written in capitals only.
pub(crate) fn is_shouted(text: &str) -> bool {
    let upper = text.chars().filter(|letter| letter.is_uppercase()).count();
    upper >= 2 && !text.chars().any(char::is_lowercase)
}

/// A word and what separates it from the one before.
struct Token<'a> {
    separator: &'a str,
    word: &'a str,
}

fn tokens(text: &str) -> (Vec<Token<'_>>, &str) {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let word = &rest[start..];
        let length = word.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(word.len());
        tokens.push(Token { separator: &rest[..start], word: &word[..length] });
        rest = &word[length..];
    }
    (tokens, rest)
}

/// Spells texts near a commune.
#[derive(Clone, Copy)]
pub(crate) struct Speller<'a> {
    /// The table of words.
    pub(crate) words: &'a Words,
    /// The communes, for their names.
    pub(crate) places: &'a Places<'a>,
    /// Where the text is about.
    pub(crate) near: &'a Commune,
    /// Acronyms that the record gives itself.
    pub(crate) acronyms: &'a [String],
}

impl Speller<'_> {
    /// Spells a text that is written in capitals; leaves any other as it is.
    pub(crate) fn spell(&self, text: &str, context: Context) -> Spelled {
        if !is_shouted(text) {
            return Spelled { text: text.to_owned(), doubtful: Vec::new() };
        }
        let (tokens, end) = tokens(text);
        let mut spelled = Spelled::default();
        let (mut after_street, mut after_building) = (false, false);
        let mut index = 0;
        while index < tokens.len() {
            let token = &tokens[index];
            let starts = index == 0 || breaks(token.separator);
            if starts {
                after_street = false;
            }
            // "D' AUBENAS": no space after an apostrophe.
            let separator =
                if token.separator == "' " || token.separator == "’ " { "’" } else { token.separator };
            spelled.text.push_str(separator);
            let before = if starts || index == 0 { String::new() } else { fold(tokens[index - 1].word) };
            let (count, form, kind) = match self.phrase(&tokens[index..], context, starts, &before) {
                Some(found) => found,
                None if is_preposition(&tokens, index) => (1, "à".to_owned(), Some(Kind::Small)),
                None => (1, self.word(token.word, &mut spelled.doubtful), None),
            };
            // A kind of street begins a line or follows a number; anywhere else it is part of
            // a name: "Purple Square", "rue du Clos".
            let follows =
                |words: &[&str]| index > 0 && words.contains(&fold(tokens[index - 1].word).as_str());
            let opens_street = starts
                || follows(&["bis", "ter", "quater", "grande", "petite", "vieille"])
                || (index > 0
                    && (tokens[index - 1].word.len() == 1
                        || tokens[index - 1].word.starts_with(|c: char| c.is_ascii_digit())));
            let is_street = kind == Some(Kind::Street) && opens_street && !after_street;
            let lower = match kind {
                None | Some(Kind::Name) => false,
                Some(Kind::Small) => true,
                Some(Kind::Street) => is_street || context == Context::Name,
                Some(Kind::Common) if matches!(form.as_str(), "bis" | "ter" | "quater") => true,
                Some(Kind::Common) => context == Context::Name,
                Some(_) => !(context == Context::Address && after_street),
            };
            // "Immeuble Le Cèdre": the article belongs to the building's own name.
            let is_title = after_building && matches!(form.as_str(), "le" | "la" | "les");
            // "Centre Isère", "Haut Pilat": part of the name that follows.
            let is_part = matches!(form.as_str(), "centre" | "haut" | "haute" | "grand" | "grande")
                && tokens.get(index + count).is_some_and(|next| {
                    !breaks(next.separator)
                        && matches!(
                            self.phrase(&tokens[index + count..], context, false, ""),
                            Some((_, _, Some(Kind::Name)))
                        )
                });
            let capital = starts || !lower || is_title || is_part;
            spelled.text.push_str(&if capital { capitalised(&form) } else { form });
            after_street |= is_street;
            after_building = kind == Some(Kind::Building);
            index += count;
        }
        spelled.text.push_str(end);
        spelled.text = spelled.text.replace('\'', "’");
        spelled
    }

    /// The longest phrase or word that the table or the communes know here: how many
    /// tokens, its form, its kind.
    fn phrase(
        &self,
        tokens: &[Token<'_>],
        context: Context,
        starts: bool,
        before: &str,
    ) -> Option<(usize, String, Option<Kind>)> {
        let reach = 1 + tokens[1..].iter().take_while(|token| !breaks(token.separator)).count();
        for count in (1..=reach.min(LONGEST_PHRASE)).rev() {
            let words: Vec<&str> = tokens[..count].iter().map(|token| token.word).collect();
            let folded = fold(&words.join(" "));
            // The place's own commune, or one after "de", before the common noun that it
            // also is: Moulins.
            let has_article_before = matches!(before, "des" | "les" | "du" | "la" | "le" | "l");
            let is_own = folded == fold(&self.near.name) && !has_article_before;
            let own = is_own.then_some(self.near.name.as_str());
            let after_de = matches!(before, "de" | "d") && folded.len() > 3;
            let named = own.or_else(|| self.places.name_near(&folded, self.near).filter(|_| after_de));
            if let Some(name) = named.filter(|_| context == Context::Name) {
                return Some((count, name.to_owned(), Some(Kind::Name)));
            }
            if let Some((kind, form)) = self.words.form(&folded)
                && !(count == 1 && words[0].chars().count() == 1 && !is_elided(tokens))
            {
                let kind = if context == Context::Address {
                    self.kind_in_address(&folded, kind, form)
                } else {
                    kind
                };
                let form = self.words.form_of_kind(&folded, kind).unwrap_or(form);
                return Some((count, form.to_owned(), Some(kind)));
            }
            let has_article = ["la ", "le ", "les ", "l "].iter().any(|article| folded.starts_with(article));
            let is_name_here = folded.len() >= 3
                && !folded.starts_with(|first: char| first.is_ascii_digit())
                && !(context == Context::Address && has_article && !starts);
            if is_name_here && let Some(name) = self.places.name_near(&folded, self.near) {
                return Some((count, name.to_owned(), Some(Kind::Name)));
            }
        }
        None
    }

    /// In an address the kind of street comes before any other reading of a word, and a
    /// common noun before an acronym.
    fn kind_in_address(&self, folded: &str, kind: Kind, form: &str) -> Kind {
        if self.words.is(folded, Kind::Street) {
            Kind::Street
        } else if self.words.is(folded, Kind::Plain) && is_shouted(form) {
            Kind::Plain
        } else {
            kind
        }
    }

    /// A word that no table knows.
    fn word(&self, word: &str, doubtful: &mut Vec<String>) -> String {
        if let Some(ordinal) = ordinal(word) {
            return ordinal;
        }
        if word.chars().count() == 1 {
            return word.to_owned();
        }
        let has_digit = word.chars().any(|letter| letter.is_ascii_digit());
        let has_vowel = fold(word).contains(['a', 'e', 'i', 'o', 'u', 'y']);
        if has_digit || !has_vowel || self.acronyms.iter().any(|acronym| acronym == word) {
            return word.to_owned();
        }
        if let Some(part) = self.places.word_near(&fold(word), self.near) {
            return part.to_owned();
        }
        let title = capitalised(&word.to_lowercase());
        if may_miss_an_accent(word) {
            doubtful.push(title.clone());
        }
        title
    }
}

/// Whether what stands before a word begins a new part of the text.
fn breaks(separator: &str) -> bool {
    separator.contains([',', '/', '(', '\n', ':', '–']) || separator.contains(" - ")
}

/// Whether the first token is an article cut by an apostrophe: `L'`, `D'`.
fn is_elided(tokens: &[Token<'_>]) -> bool {
    tokens.get(1).is_some_and(|next| next.separator.starts_with(['\'', '’']))
}

/// Whether a lone `A` is the preposition `à`, and not the letter of a building.
fn is_preposition(tokens: &[Token<'_>], index: usize) -> bool {
    const LETTERED: &[&str] = &[
        "batiment", "bat", "point", "hall", "entree", "escalier", "porte", "bloc", "place", "immeuble",
        "villa",
    ];
    let long = |token: Option<&Token<'_>>| token.is_some_and(|token| token.word.chars().count() > 1);
    tokens[index].word == "A"
        && index > 0
        && long(tokens.get(index - 1))
        && long(tokens.get(index + 1))
        && tokens
            .get(index + 1)
            .is_some_and(|next| next.separator == " " && !next.word.starts_with(|c: char| c.is_ascii_digit()))
        && tokens[index].separator == " "
        && !LETTERED.contains(&fold(tokens[index - 1].word).as_str())
        && !tokens[index - 1].word.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::communes;

    fn check(near: &str, text: &str, context: Context, expect: &str) {
        let geography = crate::reference::geography();
        let places = communes::indexed();
        let words = Words::new();
        let near = geography.commune(near).unwrap();
        let speller = Speller { words: &words, places, near, acronyms: &[] };
        assert_eq!(speller.spell(text, context).text, expect);
    }

    #[test]
    fn names_get_their_accents_and_lower_case() {
        let name = |near, text, expect| check(near, text, Context::Name, expect);
        name("26362", "ESPACE DE LA DROME PROVENCALE", "Espace de la Drôme provençale");
        name("26281", "POINT INFORMATION JEUNESSE", "Point information jeunesse");
        name("01053", "CMA DE L'AIN – POINT B", "CMA de l’Ain – Point B");
        name("69256", "MAISON DE VAULX EN VELIN", "Maison de Vaulx-en-Velin");
        name("38421", "ESPACE DE ST MARTIN D'HERES", "Espace de Saint-Martin-d’Hères");
        name("69123", "CENTRE D'AIDE A LA DECISION", "Centre d’aide à la décision");
        name("03321", "CENTRE DE MOULINS YZEURE", "Centre de Moulins Yzeure");
        name("03190", "CENTRE DES MOULINS", "Centre des moulins");
        name("07186", "ANTENNE CENTRE ARDECHE", "Antenne Centre Ardèche");
        name("69123", "Association de l'Entraide", "Association de l'Entraide");
    }

    #[test]
    fn address_lines_are_written_as_on_an_envelope() {
        let line = |near, text, expect| check(near, text, Context::Address, expect);
        line("01053", "6 BOULEVARD DU BUIS", "6 boulevard du Buis");
        line("26362", "27 COURS DES ECOLES", "27 cours des Écoles");
        line("26362", "9 TER CHEMIN DES SPORTS", "9 ter chemin des Sports");
        line("26362", "RUE DES ACACIAS", "Rue des Acacias");
        line("26362", "COURS DE L'HOTEL DE VILLE", "Cours de l’Hôtel de Ville");
        line("74010", "7 RUE DU 11EME BCA", "7 rue du 11e BCA");
        line("07324", "PLACE DU MOULIN A VENT", "Place du Moulin à Vent");
        line("26362", "2 PLACE A. BERNARD", "2 place A. Bernard");
        line("26362", "BATIMENT A", "Bâtiment A");
        line("26362", "MAISON DE L'INTERCOMMUNALITE", "Maison de l’intercommunalité");
        line("26362", "CS 40017", "CS 40017");
        line("26362", "13 RUE DU CLOS MARTINET", "13 rue du Clos Martinet");
        line("26362", "46 GRANDE RUE", "46 Grande rue");
        line("69123", "PURPLE SQUARE", "Purple Square");
        line("69123", "ACCES A LA POSTE", "Accès à la poste");
        line("26362", "IMMEUBLE LE CEDRE", "Immeuble Le Cèdre");
    }
}
