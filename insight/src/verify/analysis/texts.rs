//! Texts that some visitors cannot read: not translated, or with an acronym that nothing
//! spells out.
//!
//! An acronym is a word of two to twelve capitals in a French text, other than a Roman
//! number. It is spelled out when a parenthesis, a colon or « veut dire » follows it (« CIO
//! (centre d’information et d’orientation) »), or when a parenthesis begins with it (« revenu
//! de solidarité active (RSA) »): in the same text, or in one that is always shown with it (a
//! choice and its help, who coordinates and what). Beside that, a network's short name is
//! explained by its full name wherever a card shows both together: in the network's own
//! texts, and in the reason of a rule that picks the network.

use shared::directory::{Directory, MAIN_LANGUAGE, QuestionKind, Text};
use shared::finding::Finding;
use std::collections::BTreeMap;

/// A text that visitors read.
struct Read<'a> {
    path: String,
    text: &'a Text,
    /// The networks whose full and short names are shown beside it.
    beside: Vec<&'a str>,
    /// A text that is always shown with it, and may explain it.
    with: Option<&'a Text>,
}

pub(super) fn texts(directory: &Directory, findings: &mut Vec<Finding>) {
    let read = every_text(directory);
    let declared: Vec<&str> =
        directory.edition.languages.iter().map(|language| language.tag.as_str()).collect();
    let first = |paths: &[&str]| {
        let more = if paths.len() > 3 { ", …" } else { "" };
        format!("{}{more}", paths.iter().take(3).copied().collect::<Vec<_>>().join(", "))
    };
    for tag in declared.iter().filter(|tag| **tag != MAIN_LANGUAGE) {
        let missing: Vec<&str> = read
            .iter()
            // One that is blank is told by the validation.
            .filter(|read| !read.text.contains_key(*tag))
            .map(|read| read.path.as_str())
            .collect();
        if !missing.is_empty() {
            findings.push(Finding::warning(
                "untranslated",
                first(&missing),
                *tag,
                format!(
                    "{} texte{} sur {} à traduire : en attendant, le visiteur les lit en français",
                    missing.len(),
                    if missing.len() > 1 { "s" } else { "" },
                    read.len()
                ),
            ));
        }
    }
    let mut undeclared: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for read in &read {
        for tag in read.text.keys().filter(|tag| *tag != MAIN_LANGUAGE && !declared.contains(&tag.as_str())) {
            undeclared.entry(tag).or_default().push(&read.path);
        }
    }
    for (tag, paths) in undeclared {
        findings.push(Finding::warning(
            "undeclared-language",
            first(&paths),
            tag,
            format!(
                "une langue de « edition.languages » : {} dans cette langue, que personne ne peut choisir",
                counted(paths.len())
            ),
        ));
    }
    acronyms(directory, &read, findings);
}

fn counted(texts: usize) -> String {
    format!("{texts} texte{}", if texts > 1 { "s" } else { "" })
}

fn acronyms(directory: &Directory, read: &[Read], findings: &mut Vec<Finding>) {
    let short_names = |id: &str| {
        let network = directory.edition.networks.iter().find(|network| network.id == id);
        network.and_then(|network| network.acronym.as_deref()).unwrap_or_default()
    };
    let mut unexplained: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for read in read {
        for (tag, words) in read.text.iter().filter(|(tag, _)| tag.split('-').next() == Some(MAIN_LANGUAGE)) {
            // Easy-to-read French explains at its own places; its paths would double these.
            if tag != MAIN_LANGUAGE && read.text.get(MAIN_LANGUAGE) == Some(words) {
                continue;
            }
            for acronym in capitals(words) {
                let is_beside =
                    read.beside.iter().any(|id| words_of(short_names(id)).any(|name| name == acronym));
                let is_with = read
                    .with
                    .and_then(|text| text.get(tag))
                    .is_some_and(|words| is_spelled_out(words, acronym));
                if !is_beside && !is_with && !is_spelled_out(words, acronym) {
                    let paths = unexplained.entry(acronym.to_owned()).or_default();
                    if paths.last() != Some(&read.path.as_str()) {
                        paths.push(&read.path);
                    }
                }
            }
        }
    }
    for (acronym, paths) in unexplained {
        let also = if paths.len() > 1 {
            format!(" (et {} de plus)", counted(paths.len() - 1))
        } else {
            String::new()
        };
        findings.push(Finding::warning(
            "acronym",
            paths[0],
            acronym.clone(),
            format!(
                "le sens de ce sigle, par exemple « {acronym} (…) », à chaque texte où il est seul{also}"
            ),
        ));
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words of a text that look like acronyms, each once.
fn capitals(text: &str) -> Vec<&str> {
    let is_acronym = |word: &&str| {
        let letters = word.chars().count();
        (2..=12).contains(&letters)
            && word.chars().all(char::is_uppercase)
            && !word.chars().all(|letter| "IVX".contains(letter))
    };
    let mut found: Vec<&str> = Vec::new();
    for word in words_of(text).filter(is_acronym) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Whether the same text says what the acronym means, or what the name means that it begins
/// (« GDF Suez (le gaz) »).
fn is_spelled_out(text: &str, acronym: &str) -> bool {
    const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];
    text.match_indices(acronym).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + acronym.len()..]);
        let is_alone = before.ends_with('(') && after.starts_with([')', ',', ' ', '\u{a0}']);
        let mut rest = after.trim_start_matches(SPACES);
        while rest.starts_with(char::is_uppercase) {
            rest = rest.trim_start_matches(char::is_alphanumeric).trim_start_matches(SPACES);
        }
        is_alone || rest.starts_with(['(', ':']) || rest.starts_with("veut dire")
    })
}

/// Every text of the directory that visitors read.
fn every_text(directory: &Directory) -> Vec<Read<'_>> {
    let edition = &directory.edition;
    let mut read: Vec<Read> = Vec::new();
    for (index, question) in edition.questions.iter().enumerate() {
        let QuestionKind::Choices(choices) = &question.kind else { continue };
        for (which, choice) in choices.iter().enumerate() {
            let path = format!("edition.questions[{index}].kind.choices[{which}]");
            let (text, help) = (&choice.text, choice.help.as_ref());
            read.push(Read { path: format!("{path}.text"), text, beside: Vec::new(), with: help });
            if let Some(help) = help {
                read.push(Read {
                    path: format!("{path}.help"),
                    text: help,
                    beside: Vec::new(),
                    with: Some(text),
                });
            }
        }
    }
    let mut together: Vec<Read> = Vec::new();
    let mut add = |path: String, text| read.push(Read { path, text, beside: Vec::new(), with: None });
    add("edition.title".to_owned(), &edition.title);
    add("edition.region.name".to_owned(), &edition.region.name);
    for (index, question) in edition.questions.iter().enumerate() {
        let path = format!("edition.questions[{index}]");
        add(format!("{path}.text"), &question.text);
        for (which, variant) in question.variants.iter().enumerate() {
            add(format!("{path}.variants[{which}].text"), &variant.text);
        }
        question.help.iter().for_each(|help| add(format!("{path}.help"), help));
    }
    for (index, service) in edition.remote_services.iter().enumerate() {
        let path = format!("edition.remote_services[{index}]");
        add(format!("{path}.name"), &service.name);
        add(format!("{path}.description"), &service.description);
        service.hours.iter().for_each(|hours| add(format!("{path}.hours"), hours));
    }
    for (index, level) in edition.cep_levels.iter().enumerate() {
        add(format!("edition.cep_levels[{index}].name"), &level.name);
        add(format!("edition.cep_levels[{index}].description"), &level.description);
    }
    for (index, one) in edition.preparations.iter().enumerate() {
        for (field, text, with) in [("say", &one.say, &one.bring), ("bring", &one.bring, &one.say)] {
            let path = format!("edition.preparations[{index}].{field}");
            together.push(Read { path, text, beside: Vec::new(), with: Some(with) });
        }
    }
    for (index, part) in edition.coordination.iter().enumerate() {
        for (field, text, with) in [("who", &part.who, &part.what), ("what", &part.what, &part.who)] {
            let path = format!("edition.coordination[{index}].{field}");
            together.push(Read { path, text, beside: Vec::new(), with: Some(with) });
        }
    }
    for (index, territory) in directory.territories.iter().enumerate() {
        territory.description.iter().for_each(|text| add(format!("territories[{index}].description"), text));
    }
    for (index, resource) in directory.resources.iter().enumerate() {
        add(format!("resources[{index}].title"), &resource.title);
        resource.description.iter().for_each(|text| add(format!("resources[{index}].description"), text));
    }
    read.append(&mut together);
    for (index, network) in edition.networks.iter().enumerate() {
        for (field, text) in
            [("name", &network.name), ("description", &network.description), ("public", &network.public)]
        {
            let path = format!("edition.networks[{index}].{field}");
            read.push(Read { path, text, beside: vec![&network.id], with: None });
        }
    }
    for (index, rule) in edition.rules.iter().enumerate() {
        let beside = rule.pick.networks().iter().map(String::as_str).collect();
        read.push(Read {
            path: format!("edition.rules[{index}].reason"),
            text: &rule.reason,
            beside,
            with: None,
        });
    }
    read
}
