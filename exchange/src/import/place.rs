//! Where a record is: postcode, position and commune.

use super::clues::{Cedex, Clues, Found, How, envelope};
use super::columns::{Columns, Field};
use super::communes::Places;
use super::home::Home;
use super::repair::{Doubt, Notes, Proposal, Repair, is_space, tidy};
use super::table::Row;
use super::wording::of_commune;
use shared::geography::{Geography, Position};

/// The postcode of a record, with its leading zero.
pub(crate) fn postcode(row: &Row, columns: &Columns, notes: &mut Notes) -> Option<String> {
    let (column, cell) = columns.cell(row, Field::Postcode);
    let Ok(written) = written_postcode(cell) else {
        notes.doubt(Doubt::Postcode, row.number, column, cell, NO_POSTCODE);
        return None;
    };
    let (digits, kind) = written?;
    if digits == cell || notes.mend(kind, row.number, column, cell, &digits) {
        return Some(digits);
    }
    let expected = "la réparation de ce code est refusée : il n’est pas repris";
    notes.doubt(Doubt::Postcode, row.number, column, cell, expected);
    None
}

/// What is wrong with a text that cannot be a postcode, as a French sentence.
pub(crate) const NO_POSTCODE: &str = "ce n’est pas un code postal, qui a cinq chiffres";

/// A text that cannot be a postcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoPostcode;

/// The five digits of a postcode that somebody wrote, and what had to be mended of it where
/// it was not written so; an empty cell has none.
pub(crate) fn written_postcode(cell: &str) -> Result<Option<(String, Repair)>, NoPostcode> {
    let squeezed: String = cell.chars().filter(|letter| !is_space(*letter)).collect();
    let digits = squeezed.strip_prefix("FR").or_else(|| squeezed.strip_prefix('F')).unwrap_or(&squeezed);
    let digits = digits.trim_start_matches('-');
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    match (is_number, digits.len()) {
        (_, 0) => Ok(None),
        (true, 5) => Ok(Some((digits.to_owned(), Repair::PostcodeSpelling))),
        (true, 4) => Ok(Some((format!("0{digits}"), Repair::PostcodeZero))),
        _ => Err(NoPostcode),
    }
}

/// The position of a record: of its columns, else of its geometry.
pub(crate) fn position(row: &Row, columns: &Columns, notes: &mut Notes) -> Option<Position> {
    let (column, latitude) = columns.cell(row, Field::Latitude);
    let (_, longitude) = columns.cell(row, Field::Longitude);
    let (pair_column, pair) = columns.cell(row, Field::LatitudeLongitude);
    let (column, written) = if tidy(latitude).is_empty() && tidy(longitude).is_empty() {
        (pair_column, tidy(pair))
    } else {
        (column, format!("{} ; {}", tidy(latitude), tidy(longitude)))
    };
    if written.is_empty() {
        let (latitude, longitude) = row.point?;
        return plausible(latitude, longitude, row.number, "", notes);
    }
    let separator = if written.contains(';') { ';' } else { ',' };
    let numbers =
        written.split_once(separator).and_then(|(first, second)| Some((decimal(first)?, decimal(second)?)));
    let Some((latitude, longitude)) = numbers else {
        notes.doubt(
            Doubt::PositionUnreadable,
            row.number,
            column,
            &written,
            "ce ne sont pas deux nombres en degrés, comme 45,046 et 5,052",
        );
        return None;
    };
    plausible(latitude, longitude, row.number, column, notes)
}

/// A number with a decimal point or comma.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

fn plausible(latitude: f64, longitude: f64, row: usize, column: &str, notes: &mut Notes) -> Option<Position> {
    // Metropolitan France: latitudes and longitudes never meet, so that an exchange shows.
    let is_metropolitan =
        |north: f64, east: f64| (41.0..=51.5).contains(&north) && (-5.5..=10.0).contains(&east);
    let written = format!("{latitude}, {longitude}");
    let turned = format!("{longitude}, {latitude}");
    let (north, east) = if is_metropolitan(longitude, latitude)
        && notes.mend(Repair::Coordinates, row, column, &written, &turned)
    {
        (longitude, latitude)
    } else {
        (latitude, longitude)
    };
    #[expect(clippy::cast_possible_truncation, reason = "six digits are a tenth of a metre")]
    let position = Position { latitude: north as f32, longitude: east as f32, approximate: false };
    if position.is_plausible() {
        return Some(position);
    }
    notes.doubt(
        Doubt::PositionUnreadable,
        row,
        column,
        &written,
        "aucun lieu n’a cette latitude et cette longitude en degrés (WGS 84)",
    );
    None
}

/// A record, located.
#[derive(Debug, Clone)]
pub(crate) struct Located<'a> {
    /// Its commune, and the town as the post writes it.
    pub(crate) found: Found<'a>,
    /// Its postcode.
    pub(crate) postcode: Option<String>,
    /// Its position, where it can be believed.
    pub(crate) position: Option<Position>,
}

/// Locates a record. The error is the French sentence that refuses it.
pub(crate) fn locate<'a>(
    row: &Row,
    columns: &Columns,
    geography: &'a Geography,
    places: &Places<'a>,
    home: &Home,
    notes: &mut Notes,
) -> Result<Located<'a>, String> {
    let mut postcode = postcode(row, columns, notes);
    let position = position(row, columns, notes);
    let (town_column, town) = columns.cell(row, Field::Town);
    let (code_column, code) = columns.cell(row, Field::CommuneCode);
    let code = code.trim();
    // A code of a department that lost its zero, too.
    let padded = if code.len() == 4 { format!("0{code}") } else { code.to_owned() };
    let is_own = row.given.as_deref().is_some_and(|given| given.is_own);
    let found = if let (true, Some(commune)) = (is_own, geography.current(&padded)) {
        // In a table of ours the code says which commune it is.
        Ok(Found { commune, how: How::Agreed, town: None })
    } else {
        let (postcode, line, home) = (postcode.as_deref(), Some((row, columns)), Some(home));
        places.find(Clues { postcode, town, code: &padded, position, line, home })
    };
    let commune = found.as_ref().ok().map(|found| found.commune);
    if let Some(expected) = places.fault_of_code(&padded, commune) {
        notes.doubt(Doubt::CommuneMismatch, row.number, code_column, code, expected);
    }
    let mut found = found?;
    let after = found.town.clone().unwrap_or_else(|| found.commune.name.clone());
    let tidied = tidy(town);
    let mut mend = |kind, after: &str| notes.mend(kind, row.number, town_column, town, after);
    let is_accepted = match &found.how {
        How::Agreed | How::Completed if tidied != after && !tidied.is_empty() && !is_own => {
            mend(Repair::Commune, &after)
        }
        How::Former => mend(Repair::FormerCommune, &found.commune.name),
        How::Arrondissement => mend(Repair::Arrondissement, &found.commune.name),
        _ => true,
    };
    if !is_accepted {
        // A record needs its commune: what was refused is how its town is written.
        found.town = Some(tidied.clone());
    }
    match &found.how {
        How::Agreed | How::Completed | How::Former | How::Arrondissement => {}
        How::Guessed(why) => {
            let seen = [postcode.as_deref().unwrap_or_default(), &tidied].join(" ");
            notes.doubt(Doubt::CommuneGuessed, row.number, town_column, seen.trim(), why.clone());
        }
        How::Mismatch(why) => {
            let seen = [postcode.as_deref().unwrap_or_default(), &tidied].join(" ");
            notes.doubt(Doubt::CommuneMismatch, row.number, town_column, &seen, why.clone());
        }
    }
    look_for_cedex(row, columns, places, &found, &mut postcode, notes);
    let position = position.filter(|position| {
        let Some((distance, closest)) = places.doubtful_distance(found.commune, *position) else {
            return true;
        };
        notes.doubt(
            Doubt::PositionFar,
            row.number,
            columns.cell(row, Field::Latitude).0,
            &format!("{}, {}", position.latitude, position.longitude),
            format!(
                "cette position est loin {}, à {} km, près {} : le centre de la commune sert à sa place",
                of_commune(&found.commune.name),
                distance.0 / 1000,
                of_commune(&closest.name)
            ),
        );
        false
    });
    Ok(Located { found, postcode, position })
}

/// A postcode that no commune has is a CEDEX, which the post knows, or a slip of the hand:
/// where the town does not say which, somebody has to look.
fn look_for_cedex(
    row: &Row,
    columns: &Columns,
    places: &Places<'_>,
    found: &Found<'_>,
    postcode: &mut Option<String>,
    notes: &mut Notes,
) {
    let Some(written) = postcode.as_deref().filter(|written| !places.has_postcode(written)) else { return };
    if envelope(&tidy(columns.cell(row, Field::Town).1)).cedex != Cedex::No {
        return;
    }
    let commune = found.commune;
    let own = commune.postcodes.join(", ");
    let expected = format!(
        "aucune commune n’a ce code postal : c’est un CEDEX, ou une faute ; {} a {own}",
        commune.name
    );
    let column = columns.cell(row, Field::Postcode).0;
    let (cause, row) = (Doubt::Cedex, row.number);
    if let [only] = &commune.postcodes[..] {
        let proposal = Proposal { cause, row, column, value: written, expected: &expected, repair: only };
        if notes.propose(proposal) {
            *postcode = Some(only.clone());
        }
    } else {
        notes.doubt(cause, row, column, written, expected);
    }
}
