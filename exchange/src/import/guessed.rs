//! Columns that were guessed from their cells and decide who is sent where: they are put to
//! a person, because a wrong one sends people to the wrong place.

use super::columns::{Columns, Field, Why};
use super::decision::Decision;
use super::repair::{Doubt, Notes, Proposal};

/// Proposes each of them. Where nobody said anything, a network is not taken from such a
/// column, because the names of the places say it too; a commune is, because each row checks
/// it against its postcode and its position.
pub(super) fn put_to_a_person(columns: &mut Columns, notes: &mut Notes) {
    for column in &mut columns.list {
        let (Some(field), Some(Why::Content)) = (column.field, column.why) else { continue };
        let meanwhile = match field {
            Field::Network => "en attendant, elle n’est pas lue : les noms des lieux disent le réseau",
            Field::Town | Field::CommuneCode => "en attendant, elle est lue ainsi",
            _ => continue,
        };
        let reason = column.reason.as_deref().unwrap_or_default();
        let expected = format!("dites ce que contient cette colonne : {reason} ; {meanwhile}");
        let value = column.samples.join(" | ");
        let id = format!("{}:0:{}", Doubt::ColumnGuessed.code(), column.title);
        let accepted = notes.propose(Proposal {
            cause: Doubt::ColumnGuessed,
            row: 0,
            column: &column.title,
            value: &value,
            expected: &expected,
            repair: field.label(),
        });
        let is_refused = notes.decisions.of(Doubt::ColumnGuessed.code(), &id) == Some(Decision::Refuse);
        if is_refused || !accepted && field == Field::Network {
            (column.field, column.why, column.suggested) = (None, None, Some(field));
            column.ignored = Some("devinée d’après son contenu, pas acceptée");
        }
    }
}
