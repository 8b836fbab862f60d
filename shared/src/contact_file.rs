//! A place as a file for the address book of a phone: a vCard.
//!
//! Version 3.0 ([RFC 2426](https://www.rfc-editor.org/rfc/rfc2426)), which every phone reads; texts are
//! escaped and lines folded as in [RFC 6350](https://www.rfc-editor.org/rfc/rfc6350), sections 3.2 and 3.4,
//! which did not change. It holds what is public of the place, and nothing of the visitor.

use crate::snapshot::Place;
use crate::wording::decimal;

/// The longest line, in octets, without its end.
const LINE: usize = 75;

/// The type of such a file.
pub const TYPE: &str = "text/vcard; charset=utf-8";

/// The file of a place, whose network is called `network`.
///
/// ```
/// use shared::contact_file::contact_file;
/// use shared::{compile::compile, directory::Directory, geography::Geography, validate::validate};
/// use shared::snapshot::{DepartmentPiece, department_piece, read};
///
/// let geography = Geography::parse(include_str!("../examples/communes.tsv"), "", &|_| true).unwrap();
/// let directory = Directory::from_json(include_bytes!("../examples/two-places.json")).unwrap();
/// let valid = validate(directory, &geography, "2026-11-24").unwrap();
/// let pieces = compile(&valid, &geography).pieces;
/// let piece: DepartmentPiece = read(&pieces[&department_piece("26")]).unwrap();
///
/// let file = contact_file(&piece.places[0], "Réseau");
/// assert!(file.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:"));
/// assert!(file.ends_with("\r\nEND:VCARD\r\n"));
/// ```
#[must_use]
pub fn contact_file(place: &Place, network: &str) -> String {
    let mut file = String::new();
    let mut line = |name: &str, value: &str| fold(&[name, ":", value].concat(), &mut file);
    line("BEGIN", "VCARD");
    line("VERSION", "3.0");
    line("FN", &escaped(&place.name));
    // An organisation has no first name; without this line some phones show nothing.
    line("N", ";;;;");
    line("ORG", &escaped(network));
    line("X-ABShowAs", "COMPANY");
    for phone in &place.phones {
        line("TEL;TYPE=WORK,VOICE", &escaped(phone));
    }
    for email in &place.emails {
        line("EMAIL;TYPE=WORK", &escaped(email));
    }
    let town = place.address.town.as_ref().unwrap_or(&place.commune);
    let street = escaped(&place.address.lines.join("\n"));
    let address = [";;", &street, ";", &escaped(town), ";;", &escaped(&place.address.postcode), ";France"];
    line("ADR;TYPE=WORK", &address.concat());
    if !place.position.approximate {
        let position = [&decimal(place.position.latitude), ";", &*decimal(place.position.longitude)];
        line("GEO", &position.concat());
    }
    if let Some(website) = &place.website {
        // An address is no text: nothing of it is escaped.
        line("URL", website);
    }
    line("END", "VCARD");
    file
}

/// What the file is called.
#[must_use]
pub fn file_name(place: &Place) -> String {
    [place.id.as_str(), ".vcf"].concat()
}

/// A text as a value: what has a meaning there is announced by a backslash.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ',' | ';' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Writes a line, in parts that are short enough: each that goes on begins with a space. No letter is
/// cut, and nothing of a name ends a line.
pub(crate) fn fold(line: &str, file: &mut String) {
    let mut length = 0;
    for character in line.chars().filter(|character| !character.is_control()) {
        length += character.len_utf8();
        if length > LINE {
            file.push_str("\r\n ");
            length = 1 + character.len_utf8();
        }
        file.push(character);
    }
    file.push_str("\r\n");
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::condition::Condition;
    use crate::directory::Address;
    use crate::geography::Position;
    use crate::snapshot::Covers;

    /// A place without hours.
    pub(crate) fn place(name: &str) -> Place {
        Place {
            id: "ml-romans".to_owned(),
            network: "mission-locale".to_owned(),
            name: name.to_owned(),
            address: Address {
                lines: vec!["Maison de l’emploi; hall B".to_owned(), "1, rue du Port".to_owned()],
                postcode: "26100".to_owned(),
                town: None,
            },
            commune: "Romans-sur-Isère".to_owned(),
            department: "26".to_owned(),
            within: Vec::new(),
            intercommunality: None,
            position: Position { latitude: 45.0461, longitude: 5.0517, approximate: false },
            phones: vec!["04 75 71 21 90".to_owned()],
            emails: vec!["accueil@exemple.fr".to_owned()],
            website: Some("https://www.exemple.fr/a;b,c".to_owned()),
            hours: Vec::new(),
            hours_note: None,
            closed: Vec::new(),
            languages: Vec::new(),
            covers: Covers::Undeclared,
            serves: Condition::Always,
            services: Vec::new(),
            access: None,
            checked_on: None,
            to_confirm: false,
            source: None,
            as_of: None,
            licence: None,
        }
    }

    #[test]
    fn a_file_has_what_an_address_book_asks_for() {
        assert_eq!(
            contact_file(&place("Mission locale"), "Missions locales"),
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mission locale\r\nN:;;;;\r\nORG:Missions locales\r\n\
             X-ABShowAs:COMPANY\r\nTEL;TYPE=WORK,VOICE:04 75 71 21 90\r\nEMAIL;TYPE=WORK:accueil@exemple.fr\r\n\
             ADR;TYPE=WORK:;;Maison de l’emploi\\; hall B\\n1\\, rue du Port;Romans-sur-I\r\n \
             sère;;26100;France\r\n\
             GEO:45.0461;5.0517\r\nURL:https://www.exemple.fr/a;b,c\r\nEND:VCARD\r\n"
        );
        assert_eq!(file_name(&place("A")), "ml-romans.vcf");
    }

    #[test]
    fn no_position_is_given_that_is_only_a_commune_s_centre() {
        let mut place = place("A");
        place.position.approximate = true;
        assert!(!contact_file(&place, "B").contains("GEO"));
    }

    /// A name may hold anything: it must stay one value of one line.
    #[test]
    fn nothing_of_a_name_becomes_a_line_of_its_own() {
        let name = "A\\B;C,D\r\nTEL:0000\u{85}\u{2028}é".repeat(9);
        let file = contact_file(&place(&name), "R\nURL:https://mal.exemple");
        assert!(file.split("\r\n").all(|line| line.len() <= LINE), "{file}");
        assert!(!file.replace("\r\n", "").contains(['\r', '\n', '\u{85}']));
        let unfolded = file.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.trim_end().split("\r\n").collect();
        assert_eq!(lines.iter().filter(|line| line.starts_with("TEL")).count(), 1, "{unfolded}");
        assert_eq!(lines.iter().filter(|line| line.starts_with("URL")).count(), 1, "{unfolded}");
        // What is read back is what was written, but for what ends lines.
        let read = lines[2].strip_prefix("FN:").unwrap();
        let read = read.replace("\\\\", "\0").replace("\\n", "\n").replace('\\', "").replace('\0', "\\");
        assert_eq!(read, name.replace(['\r', '\u{85}'], ""));
    }
}
