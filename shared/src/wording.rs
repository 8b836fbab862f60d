//! Which of our texts says what, and the words and addresses that a card is made of: what the
//! element and the worker's pages say alike.

use crate::decision::GuideNetwork;
use crate::directory::{Closure, Contact, Service};
use crate::opening::{Day, Span, Week};
use crate::recommend::Chosen;
use crate::snapshot::{DepartmentPiece, Guide, Place, SnapshotId};
use crate::spelling::fold;
use crate::texts::{Key, Texts};

/// What a service is called.
pub const fn service_name(service: Service) -> Key {
    match service {
        Service::Reception => Key::ServiceReception,
        Service::Advice => Key::ServiceAdvice,
        Service::Support => Key::ServiceSupport,
    }
}

/// What one gets from a service.
pub const fn service_meaning(service: Service) -> Key {
    match service {
        Service::Reception => Key::ServiceReceptionMeaning,
        Service::Advice => Key::ServiceAdviceMeaning,
        Service::Support => Key::ServiceSupportMeaning,
    }
}

/// Where the visitor is among the questions. Most of those depend on answers to come: far from
/// the end, the bound would frighten for nothing.
pub const fn step(remaining: usize) -> Key {
    match remaining {
        0 => Key::StepLast,
        1 => Key::StepThenOne,
        2..=4 => Key::StepThenSome,
        _ => Key::StepPlain,
    }
}

/// How a place belongs to the visitor's commune.
pub fn belonging(piece: &DepartmentPiece, chosen: Chosen) -> Key {
    if chosen.bond.is_competent() {
        Key::Covers
    } else if piece.places[chosen.place].department == piece.code {
        Key::Nearest
    } else {
        Key::NearestBeyond
    }
}

/// How far a place is. Between two points of one commune of which one is only a centre, no number
/// is true.
pub fn distance(piece: &DepartmentPiece, commune: &str, chosen: Chosen) -> Key {
    let is_here = |within: &u16| piece.communes[usize::from(*within)].code == commune;
    match chosen.distance.0 {
        metres
            if (metres < 1_000 || chosen.approximate)
                && piece.places[chosen.place].within.iter().any(is_here) =>
        {
            Key::DistanceHere
        }
        0..1_000 => Key::DistanceBelow1km,
        _ if chosen.approximate => Key::DistanceAbout,
        _ => Key::Distance,
    }
}

/// Whether a card's title says already which network it is of.
pub fn says_network(title: &str, network: &str) -> bool {
    fold(title).starts_with(&fold(network))
}

/// Whether people call a network by its short name: one that is a word, as « Apec », and no list
/// of names.
pub fn is_usual(network: &GuideNetwork) -> bool {
    network.acronym.as_ref().is_some_and(|acronym| !acronym.contains(' '))
}

/// The part of an address that people recognise.
pub fn host(address: &str) -> &str {
    let host = address.split('/').nth(2).unwrap_or(address);
    host.strip_prefix("www.").unwrap_or(host)
}

/// The address of a link that calls.
pub fn calling(phone: &str) -> String {
    let digits = phone.chars().filter(|character| character.is_ascii_digit() || *character == '+');
    format!("tel:{}", digits.collect::<String>())
}

/// The lines of an address, the town last.
pub fn address_lines(place: &Place) -> Vec<String> {
    let town = place.address.town.as_deref().unwrap_or(&place.commune);
    let mut lines = place.address.lines.clone();
    lines.push(format!("{} {town}", place.address.postcode));
    lines
}

/// A map that shows the way: by position where it is exact, by address otherwise. Followed
/// only when the visitor asks, and then it is the visitor who goes there.
pub fn itinerary(place: &Place) -> String {
    let position = place.position;
    if position.approximate {
        let lines = address_lines(place);
        // The last two are the street and the town.
        let address = lines[lines.len().saturating_sub(2)..].join(", ");
        format!("https://www.openstreetmap.org/search?query={}", encoded(&address))
    } else {
        let (latitude, longitude) = (decimal(position.latitude), decimal(position.longitude));
        format!("https://www.openstreetmap.org/directions?to={latitude},{longitude}")
    }
}

/// Degrees with four decimals, some ten metres. Through an integer: printing floats in general
/// takes 4 KB of the element.
pub fn decimal(degrees: f32) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a latitude or a longitude, under two million")]
    let tenths_of_thousandths = (degrees * 10_000.0) as i32;
    let sign = if tenths_of_thousandths < 0 { "-" } else { "" };
    let size = tenths_of_thousandths.unsigned_abs();
    format!("{sign}{}.{:04}", size / 10_000, size % 10_000)
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // By hand: printing numbers in general is a part of every visitor's download.
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    encoded
}

/// How old a record is, as a sentence with its date, and what to do about that. `today` is an ISO
/// date.
pub fn freshness<'a>(place: &'a Place, today: &str) -> (Key, Option<&'a String>, Option<Key>) {
    let checked = place.checked_on.as_ref();
    let (key, latest) = if place.as_of.as_ref() > checked {
        (Key::ListedOn, place.as_of.as_ref())
    } else {
        (Key::CheckedOn, checked)
    };
    let Some(date) = latest else { return (Key::NeverChecked, None, None) };
    let advice = match (place.to_confirm, is_over_a_year(date, today)) {
        (true, _) => Some(Key::ToConfirm),
        (false, true) => Some(Key::OldRecord),
        (false, false) => None,
    };
    (key, latest, advice)
}

/// Whether nobody knows that a record is still true. `today` is an ISO date.
pub fn is_doubtful(place: &Place, today: &str) -> bool {
    let (_, date, advice) = freshness(place, today);
    date.is_none() || advice.is_some()
}

/// Where the facts of a place come from, with their licence.
pub fn place_source(place: &Place) -> Option<String> {
    let mut source = place.source.clone()?;
    if let Some(licence) = &place.licence {
        source = [source.as_str(), licence].join(", ");
    }
    Some(source)
}

/// Whether more than a year lies between two ISO dates.
fn is_over_a_year(checked: &str, today: &str) -> bool {
    let a_year_later = |date: &str| -> Option<String> {
        let (year, rest) = date.split_once('-')?;
        Some(format!("{:04}-{rest}", year.parse::<u16>().ok()? + 1))
    };
    a_year_later(checked).is_none_or(|limit| limit.as_str() < today)
}

/// Whether a closure is still to be announced.
pub fn is_to_come(period: &Closure, today: Day) -> bool {
    Day::parse(&period.until).is_some_and(|until| until >= today)
}

/// The days that follow each other with the same hours, named, with those hours.
pub fn same_days<'a>(texts: &Texts, week: &'a Week) -> Vec<(String, &'a [Span])> {
    let mut rows = Vec::new();
    let mut first = 0;
    while first < week.len() {
        let mut last = first;
        while last + 1 < week.len() && week[last + 1] == week[first] {
            last += 1;
        }
        let name = |day: usize| texts.weekday(Key::DayRange, day);
        let days = if first == last {
            name(first)
        } else {
            texts.bare(Key::DayRange).replace("{first}", &name(first)).replace("{last}", &name(last))
        };
        rows.push((days, &*week[first]));
        first = last + 1;
    }
    rows
}

/// Whom to tell that a place of somebody's results is wrong.
pub fn contact<'a>(guide: &'a Guide, piece: &DepartmentPiece, commune: &str) -> Option<&'a Contact> {
    let territory = piece.commune(commune).and_then(|index| piece.communes[index].territory);
    territory
        .and_then(|index| guide.territories.get(usize::from(index))?.contact.as_ref())
        .or(guide.contact.as_ref())
}

/// Where to say that a record is wrong: a mail that is begun, or a page, and whether it is a
/// mail. Nothing of it goes through us, and none of the visitor's answers is in it.
pub fn report(
    texts: &Texts,
    contact: &Contact,
    place: &Place,
    snapshot: &SnapshotId,
) -> Option<(String, bool)> {
    let Some(email) = &contact.email else { return Some((contact.website.clone()?, false)) };
    let fill = |key| {
        let text = texts.bare(key).replace("{name}", &place.name).replace("{id}", &place.id);
        text.replace('\u{a0}', " ")
    };
    // The record as it was read, for who will look for the error.
    let body = format!("{}\r\n\r\n\r\n[{} {snapshot}]", fill(Key::ReportBody), place.id);
    let (subject, body) = (encoded(&fill(Key::ReportSubject)), encoded(&body));
    Some((format!("mailto:{email}?subject={subject}&body={body}"), true))
}

/// How many of the cards that may also help are open, of so many: a result ends within three screens
/// of a phone, and nobody opens a list for a single line more.
#[must_use]
pub const fn open_complements(all: usize) -> usize {
    if all > 4 { 3 } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_old_after_a_year() {
        assert!(!is_over_a_year("2025-11-24", "2026-11-24"));
        assert!(is_over_a_year("2025-11-23", "2026-11-24"));
        assert!(is_over_a_year("2015-01-15", "2026-11-24"));
        assert!(!is_over_a_year("2026-11-01", "2026-11-24"));
        assert!(is_over_a_year("yesterday", "2026-11-24"));
    }

    #[test]
    fn coordinates_are_written_in_decimal_degrees() {
        assert_eq!(decimal(45.05), "45.0500");
        assert_eq!(decimal(-0.5), "-0.5000");
        assert_eq!(decimal(4.0001), "4.0001");
    }

    #[test]
    fn a_part_of_an_address_holds_nothing_that_means_something_there() {
        assert_eq!(
            encoded("1 rue & place, l’Éty\r\n"),
            "1%20rue%20%26%20place%2C%20l%E2%80%99%C3%89ty%0D%0A"
        );
        assert_eq!(encoded("a-b_c.d~9"), "a-b_c.d~9");
    }

    #[test]
    fn a_number_is_dialled_without_what_makes_it_readable() {
        assert_eq!(calling("+33 (0)4 75.23"), "tel:+3304 7523".replace(' ', ""));
        assert_eq!(host("https://www.exemple.fr/a"), "exemple.fr");
    }
}
