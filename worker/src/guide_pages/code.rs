//! A code to scan with a phone's camera: a place as a contact, in the code itself. It leads nowhere, and
//! nothing of the visitor is in it.
//!
//! The text is a MECARD, which the cameras of both kinds of phones read as a contact and which takes a third
//! of a vCard's room: the fewer squares, the better a bad printer's are read.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};
use shared::snapshot::Place;
use shared::wording::address_lines;
use std::fmt::Write;

/// How many squares of nothing have to surround a code.
const QUIET: i32 = 4;

/// The code of a place, called `name` for who does not see it. Nothing where it is too long for one.
pub(super) fn code(place: &Place, name: &str) -> Markup {
    // The lowest correction that is asked for; what room is left goes to a higher one.
    let Ok(code) = QrCode::encode_text(&contact(place), QrCodeEcc::Low) else { return html! {} };
    let size = code.size() + 2 * QUIET;
    html! {
        svg.code xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(name)
            width={ (size * 4) } height={ (size * 4) } viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            // Dark on light, whatever the page's colours.
            path fill="#fff" d={ "M0 0h" (size) "v" (size) "H0z" } {}
            path fill="#000" d=(squares(&code)) {}
        }
    }
}

/// The dark squares, a rectangle for those that touch in a line.
fn squares(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += i32::try_from(run).unwrap_or_default() + 1;
        }
    }
    path
}

/// A place as a MECARD.
fn contact(place: &Place) -> String {
    let mut card = "MECARD:".to_owned();
    let mut field = |name: &str, value: &str| {
        card.push_str(name);
        card.push(':');
        for character in value.chars().filter(|character| !character.is_control()) {
            if matches!(character, '\\' | ':' | ';' | ',' | '"') {
                card.push('\\');
            }
            card.push(character);
        }
        card.push(';');
    };
    field("N", &place.name);
    for phone in &place.phones {
        field("TEL", phone);
    }
    field("ADR", &address_lines(place).join(" "));
    card.push(';');
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Place {
        serde_json::from_value(serde_json::json!({
            "id": "ml-romans", "network": "mission-locale", "name": name,
            "address": { "lines": ["Hall B; 1, rue du Port"], "postcode": "26100", "town": null },
            "commune": "Romans-sur-Isère", "department": "26", "within": [], "intercommunality": null,
            "position": { "latitude": 45.0, "longitude": 5.0 }, "phones": ["04 75 71 21 90"],
            "emails": [], "website": null, "hours": [], "hours_note": null, "closed": [], "languages": [],
            "covers": "undeclared", "serves": "always", "services": [], "access": null, "checked_on": null,
            "to_confirm": false, "source": null, "as_of": null, "licence": null,
        }))
        .unwrap()
    }

    #[test]
    fn it_holds_the_name_the_phone_and_the_address_and_nothing_else() {
        assert_eq!(
            contact(&place("Mission locale")),
            "MECARD:N:Mission locale;TEL:04 75 71 21 90;ADR:Hall B\\; 1\\, rue du Port 26100 Romans-sur-Isère;;"
        );
        // Nothing of a name becomes a field of its own.
        assert!(
            contact(&place("A;TEL:0000;\\\n\"B\""))
                .starts_with("MECARD:N:A\\;TEL\\:0000\\;\\\\\\\"B\\\";TEL:04")
        );
    }

    /// The drawing is read back square by square.
    #[test]
    fn what_is_drawn_is_the_code_with_room_around_it() {
        let place = place("Mission locale de l’Isère « A & B »");
        let code_of = QrCode::encode_text(&contact(&place), QrCodeEcc::Low).unwrap();
        let path = squares(&code_of);
        let mut dark = std::collections::BTreeSet::new();
        for rectangle in path.split('M').filter(|part| !part.is_empty()) {
            let (corner, rest) = rectangle.split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            let (run, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(back, [run, "z"].concat());
            for step in 0..run.parse().unwrap() {
                assert!(dark.insert((x + step, y)), "no square is drawn twice");
            }
        }
        for y in 0..code_of.size() + 2 * QUIET {
            for x in 0..code_of.size() + 2 * QUIET {
                // Out of the code, the library says light.
                let expected = code_of.get_module(x - QUIET, y - QUIET);
                assert_eq!(dark.contains(&(x, y)), expected, "{x} {y}");
            }
        }
        let drawn = code(&place, "Un code & un nom").into_string();
        assert!(drawn.contains("role=\"img\" aria-label=\"Un code &amp; un nom\"") && drawn.contains(&path));
        assert!(drawn.len() < 12_000, "{} bytes", drawn.len());
    }

    #[test]
    fn what_no_code_can_hold_is_left_out() {
        assert_eq!(code(&place(&"long ".repeat(800)), "x").into_string(), "");
    }
}
