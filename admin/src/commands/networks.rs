//! `networks`: the networks of an edition, with what each offers and where that is from.

use crate::failure::Failure;
use crate::output::Outcome;
use crate::{files, reference};
use serde_json::{Value, json};
use shared::directory::{CepOperator, Directory, Edition, Level, Membership, Network, Service};
use shared::french::{self, words};
use std::fmt::Write;
use std::path::Path;

/// How wide a line is. An address longer than that stays in one piece.
const WIDTH: usize = 80;
/// Where the values begin.
const INDENT: usize = 17;

/// Prints the networks of a file, or of an edition that ships with the program.
pub(crate) fn run(file: Option<&Path>, edition: &str) -> Result<Outcome, Failure> {
    let directory = match file {
        Some(file) => Directory::from_json(&files::read(file)?).map_err(|finding| {
            Failure::refused("not-a-directory", format!("{} : {finding}.", file.display()))
                .advising("« cargo spro validate » montre tout ce qui ne va pas.")
        })?,
        None => reference::edition(edition)?,
    };
    let edition = &directory.edition;
    Ok(Outcome { text: told(edition), json: listed(edition), refused: false })
}

fn listed(edition: &Edition) -> Value {
    let networks: Vec<Value> = edition
        .networks
        .iter()
        .map(|network| {
            let levels: Vec<Level> =
                [Level::One, Level::Two].into_iter().filter(|level| network.has_level(*level)).collect();
            json!({
                "id": network.id,
                "name": network.name,
                "acronym": network.acronym,
                "membership": network.membership,
                "services": network.services,
                "levels": levels,
                "cep_operator": network.cep_operator,
                "public": network.public,
                "website": network.website,
                "phone": network.phone,
                "sources": network.sources,
                "unverified": network.unverified,
                "valid_from": network.valid_from.as_ref().unwrap_or(&edition.valid_from),
                "valid_until": network.valid_until.as_ref().or(edition.valid_until.as_ref()),
            })
        })
        .collect();
    json!({
        "edition": edition.id,
        "title": edition.title,
        "valid_from": edition.valid_from,
        "valid_until": edition.valid_until,
        "networks": networks,
    })
}

fn told(edition: &Edition) -> String {
    let mut text = format!(
        "Édition {} · {}\nValable {}.\nCEP : conseil en évolution professionnelle.\n",
        edition.id,
        words(&edition.title),
        period(Some(&edition.valid_from), edition.valid_until.as_deref())
    );
    for (heading, membership) in [
        ("RÉSEAUX", Membership::Network),
        ("ASSOCIÉS AU PREMIER NIVEAU, SELON LES TERRITOIRES", Membership::Associate),
        ("PARTENAIRES HORS DU SERVICE PUBLIC RÉGIONAL DE L’ORIENTATION", Membership::Partner),
    ] {
        let networks: Vec<&Network> =
            edition.networks.iter().filter(|network| network.membership == membership).collect();
        if !networks.is_empty() {
            let _ = writeln!(text, "\n{heading} : {}", networks.len());
        }
        for network in networks {
            one(&mut text, network, edition);
        }
    }
    text
}

fn one(text: &mut String, network: &Network, edition: &Edition) {
    let acronym = network.acronym.as_ref().map_or(String::new(), |acronym| format!(" ({acronym})"));
    text.push('\n');
    wrap(text, "", 2, &format!("{}{acronym} · {}", words(&network.name), network.id));
    let mut say = |title: &str, value: &str| wrap(text, &format!("    {title}"), INDENT, value);
    say("Niveaux", levels(network));
    say(
        "Services",
        &network.services.iter().map(|service| service_name(*service)).collect::<Vec<_>>().join(", "),
    );
    say("CEP", cep(network.cep_operator));
    say("Public", words(&network.public));
    let contacts: Vec<&str> = network.phone.iter().chain(&network.website).map(String::as_str).collect();
    if !contacts.is_empty() {
        say("Contact", &contacts.join(" · "));
    }
    say(
        "Valable",
        &period(
            network.valid_from.as_deref().or(Some(&edition.valid_from)),
            network.valid_until.as_deref().or(edition.valid_until.as_deref()),
        ),
    );
    for (title, values) in [("Sources", &network.sources), ("Non vérifié", &network.unverified)] {
        for (index, value) in values.iter().enumerate() {
            say(if index == 0 { title } else { "" }, value);
        }
    }
}

/// Appends a title and words, no line wider than [`WIDTH`] unless one word is.
pub(crate) fn wrap(text: &mut String, title: &str, indent: usize, words: &str) {
    let mut line = format!("{title:indent$}");
    let mut is_empty = true;
    for word in words.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = " ".repeat(indent);
            is_empty = true;
        }
        // A title that fills its column keeps a space before the words.
        if !is_empty || line.chars().count() > indent {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(text, "{line}");
}

fn levels(network: &Network) -> &'static str {
    match (network.has_level(Level::One), network.has_level(Level::Two)) {
        (true, true) => "1 et 2",
        (true, false) => "1",
        (false, true) => "2",
        (false, false) => "aucun",
    }
}

pub(crate) const fn service_name(service: Service) -> &'static str {
    match service {
        Service::Reception => "accueil et information",
        Service::Advice => "conseil",
        Service::Support => "accompagnement",
    }
}

const fn cep(operator: CepOperator) -> &'static str {
    match operator {
        CepOperator::No => "non",
        CepOperator::ByLaw => "opérateur désigné par la loi ou par l’État",
        CepOperator::ByRegion => "opérateur agréé par la Région",
    }
}

fn period(from: Option<&str>, until: Option<&str>) -> String {
    match (from.map(date), until.map(date)) {
        (Some(from), Some(until)) => format!("du {from} au {until}"),
        (Some(from), None) => format!("depuis le {from}"),
        (None, Some(until)) => format!("jusqu’au {until}"),
        (None, None) => "sans date".to_owned(),
    }
}

/// A date in words, with a plain space: lines are broken by [`wrap`].
fn date(iso: &str) -> String {
    french::day(iso).replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_said_and_what_is_none_is_left_as_it_is() {
        assert_eq!(date("2015-01-01"), "1er janvier 2015");
        assert_eq!(date("2019-12-31"), "31 décembre 2019");
        assert_eq!((date("2019-13-31"), date("hier")), ("2019-13-31".to_owned(), "hier".to_owned()));
    }

    #[test]
    fn lines_are_cut_between_words_and_a_long_word_stays_whole() {
        let mut text = String::new();
        wrap(&mut text, "    Public", INDENT, &"mot ".repeat(30));
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        let address = format!("https://exemple.fr/{}", "a".repeat(100));
        let mut text = String::new();
        wrap(&mut text, "    Sources", INDENT, &address);
        assert!(text.trim_end().ends_with(&address) && text.lines().count() == 1, "{text}");
    }
}
