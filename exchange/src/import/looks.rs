//! What cells look like: phones, postcodes, positions, hours.

use super::columns::Field;
use super::communes::Places;
use super::contact::{is_address, is_page};
use super::network::Networks;
use super::phones::is_phone_like;
use super::record::date;
use super::words::Words;
use crate::hours;
use shared::geography::Geography;
use shared::spelling::fold;
use std::collections::BTreeSet;

/// From this share on, of a hundred cells, a column looks like something.
const MOST: usize = 80;

/// Whether a cell is something.
type Is<'a> = dyn Fn(&str) -> bool + 'a;

/// The share of the cells, of a hundred, that are something.
type Share<'a> = dyn Fn(&Is<'_>) -> usize + 'a;

/// What looking at cells needs to know.
pub(crate) struct Looks<'a> {
    /// The communes.
    pub(crate) geography: &'a Geography,
    /// The communes, by name and postcode.
    pub(crate) places: &'a Places<'a>,
    /// The networks of the edition.
    pub(crate) networks: &'a Networks,
    /// The table of words.
    pub(crate) words: &'a Words,
}

impl Looks<'_> {
    /// What most of these cells look like, and why, as a French sentence. No cell is blank.
    pub(crate) fn guess(&self, cells: &[String]) -> Option<(Field, String)> {
        let share = |is: &Is<'_>| {
            let count = cells.iter().filter(|cell| is(cell)).count();
            (count * 100).checked_div(cells.len()).unwrap_or_default()
        };
        let looks: [(Field, &str, &Is<'_>); 9] = [
            (Field::Email, "des courriels", &|cell| cell.contains('@') && is_address(cell)),
            (Field::Website, "des adresses de sites", &|cell| {
                (cell.starts_with("http") || cell.starts_with("www.")) && is_page(cell)
            }),
            (Field::LatitudeLongitude, "des positions, latitude et longitude", &is_pair),
            (Field::Latitude, "des latitudes de France", &|cell| is_degrees(cell, 41.0, 51.5)),
            (Field::Longitude, "des longitudes de France", &|cell| is_degrees(cell, -5.5, 10.0)),
            (Field::CheckedOn, "des dates : à choisir si ce sont celles de la vérification", &|cell| {
                date(cell).is_some()
            }),
            (Field::Hours, "des horaires", &|cell| !hours::read(cell).week.is_empty()),
            (Field::Phone, "des numéros de téléphone", &is_phone_like),
            (Field::Town, "des noms de communes", &|cell| self.places.has_name(cell)),
        ];
        let said = |what: &str, share: usize| format!("{share} % des cellules ressemblent à {what}");
        let codes = self.codes(&share).map(|(field, what, share)| (field, said(what, share)));
        let usual = || {
            looks.iter().find_map(|(field, what, is)| {
                let share = share(is);
                (share >= MOST).then(|| (*field, said(what, share)))
            })
        };
        codes.or_else(usual).or_else(|| self.networks_or_names(cells, &share))
    }

    /// Postcodes and INSEE codes have one form: what exists tells them apart.
    fn codes(&self, share: &Share<'_>) -> Option<(Field, &'static str, usize)> {
        let padded = |cell: &str| if cell.len() == 4 { format!("0{cell}") } else { cell.to_owned() };
        let is_short = |cell: &str| matches!(cell.len(), 4 | 5);
        let postcodes = share(&|cell| is_short(cell) && self.places.has_postcode(&padded(cell)));
        let codes = share(&|cell| is_short(cell) && self.geography.current(&padded(cell)).is_some());
        if postcodes >= MOST && postcodes >= codes {
            Some((Field::Postcode, "des codes postaux", postcodes))
        } else if codes >= MOST {
            Some((Field::CommuneCode, "des codes INSEE de communes", codes))
        } else {
            None
        }
    }

    /// The words of networks: the same few again and again are networks, all different are
    /// the names of places.
    fn networks_or_names(&self, cells: &[String], share: &Share<'_>) -> Option<(Field, String)> {
        let known = share(&|cell| self.networks.of_id(cell).or(self.networks.of_name(cell)).is_some());
        if known >= MOST {
            return Some((Field::Network, format!("{known} % des cellules sont des noms de réseaux")));
        }
        let different = cells.iter().map(|cell| fold(cell)).collect::<BTreeSet<_>>().len();
        let (field, what, named) = if different * 2 > cells.len() {
            (Field::Name, "des noms de lieux", share(&|cell| self.networks.recognise(cell).is_some()))
        } else {
            (Field::Network, "des noms de réseaux", share(&|cell| self.networks.of_cell(cell).is_some()))
        };
        (named >= MOST).then(|| (field, format!("{named} % des cellules ressemblent à {what}")))
    }
}

/// Whether most of these comments are about hours, and why, as a French sentence.
pub(crate) fn comment(cells: &[String]) -> Option<(Field, String)> {
    let about = cells.iter().filter(|cell| speaks_of_hours(cell)).count();
    let share = (about * 100).checked_div(cells.len()).unwrap_or_default();
    let reason = || format!("{share} % des cellules parlent de jours, d’horaires ou de rendez-vous");
    (share >= MOST).then(|| (Field::HoursNote, reason()))
}

fn speaks_of_hours(cell: &str) -> bool {
    const WORDS: &[&str] = &[
        "rdv",
        "rendez",
        "horaire",
        "horaires",
        "ouvert",
        "ouverte",
        "ouverture",
        "ferme",
        "fermee",
        "fermeture",
        "permanence",
        "permanences",
        "matin",
        "matins",
        "midi",
    ];
    let is_hour = |word: &str| word.strip_suffix('h').is_some_and(|hour| hour.parse::<u8>().is_ok());
    let is_day = |word: &str| word.len() > 4 && hours::day(word).is_some();
    fold(cell).split(' ').any(|word| WORDS.contains(&word) || is_hour(word) || is_day(word))
}

/// A number of degrees with decimals, between two others.
fn is_degrees(cell: &str, from: f64, to: f64) -> bool {
    let decimals = cell.split_once(['.', ',']).map_or(0, |(_, decimals)| decimals.len());
    decimals >= 2 && cell.replace(',', ".").parse().is_ok_and(|number: f64| (from..=to).contains(&number))
}

/// A latitude and a longitude.
fn is_pair(cell: &str) -> bool {
    let separator = if cell.contains(';') { ';' } else { ',' };
    cell.split_once(separator).is_some_and(|(north, east)| {
        is_degrees(north.trim(), 41.0, 51.5) && is_degrees(east.trim(), -5.5, 10.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::communes;

    fn check(cells: &[&str], expect: Option<Field>) {
        let geography = crate::reference::geography();
        let places = communes::indexed();
        let networks = Networks::new(&crate::reference::shipped().edition.networks);
        let looks = Looks { geography, places, networks: &networks, words: &Words::new() };
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        assert_eq!(looks.guess(&cells).map(|(field, _)| field), expect, "{cells:?}");
    }

    #[test]
    fn comments_about_hours_are_known() {
        let of = |cells: &[&str]| {
            let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            comment(&cells).map(|(field, _)| field)
        };
        assert_eq!(of(&["Le jeudi sur RDV", "Permanence dès 9h", "Fermé en août"]), Some(Field::HoursNote));
        assert_eq!(of(&["Rappeler Mme X", "Ouvert le mardi"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn cells_say_what_they_are() {
        check(&["26000", "1000", "38000"], Some(Field::Postcode));
        check(&["26362", "1053", "38185"], Some(Field::CommuneCode));
        check(&["04 75 00 00 01", "0475000002", "475000003"], Some(Field::Phone));
        check(&["accueil@exemple.fr", "pij@exemple.fr"], Some(Field::Email));
        check(&["www.exemple.fr", "https://exemple.fr/a"], Some(Field::Website));
        check(&["45.0463", "44,9321"], Some(Field::Latitude));
        check(&["5.0521", "4,8911"], Some(Field::Longitude));
        check(&["45.0463, 5.0521"], Some(Field::LatitudeLongitude));
        check(&["24/11/2026", "2026-11-24"], Some(Field::CheckedOn));
        check(&["Lun-Ven 9h-12h", "lundi 14h-17h"], Some(Field::Hours));
        check(&["Valence", "GRENOBLE", "Bourg en Bresse"], Some(Field::Town));
        check(&["mission-locale", "cio", "cio"], Some(Field::Network));
        check(&["Mission locale", "Mission locale", "Mission locale", "CIO"], Some(Field::Network));
        check(&["Mission locale des Érables", "CIO des Tilleuls", "CIO du Lac"], Some(Field::Name));
        check(&["CAF, Pôle emploi, impôts", "CAF, Pôle emploi, impôts", "CAF, Pôle emploi, impôts"], None);
        check(&["bleu", "vert"], None);
        check(&["1", "2", "3"], None);
        check(&[], None);
    }
}
