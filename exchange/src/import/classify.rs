//! Which network a row is of: what its column says, what its name says, and what to do where
//! they differ.

use super::columns::Field;
use super::names;
use super::network::{FALLBACK, Recognised};
use super::record::Desk;
use super::repair::{Doubt, Notes, Proposal, tidy};
use super::table::Row;

impl Desk<'_> {
    /// The network: what the file's own column says, else what the name says; the other way
    /// round where nobody said that the column holds it.
    pub(super) fn network(
        &self,
        row: &Row,
        name: &names::Name,
        acronym: &str,
        tidied: &str,
        column: &str,
        notes: &mut Notes,
    ) -> Result<Option<Recognised>, String> {
        let (network_column, cell) = self.columns.cell(row, Field::Network);
        let by_column = self.networks.of_cell(cell);
        let by_name = self.networks.recognise(&name.unglued).or_else(|| self.networks.recognise(tidied));
        let is_own = row.given.as_deref().is_some_and(|given| given.is_own);
        let value = if tidy(cell).is_empty() { &name.text } else { &tidy(cell) };
        let said = self.mapping.network_of(value).filter(|_| !is_own);
        if let Some(id) = said.and_then(|network| self.networks.meant(network)) {
            // The words of its name may say more of the same network: its departments.
            return Ok(by_name.filter(|found| found.network == id).or_else(|| Some(Recognised::of_id(id))));
        }
        let differ =
            by_column.as_ref().zip(by_name.as_ref()).filter(|(one, other)| one.network != other.network);
        let name_first = self.columns.is_guessed(Field::Network);
        if let Some((said, named)) = differ.filter(|_| !is_own) {
            let (kept, other) = if name_first { (named, said) } else { (said, named) };
            let proposal = Proposal {
                cause: Doubt::TwoNetworks,
                row: row.number,
                column: network_column,
                value: &name.text,
                expected: &format!(
                    "« {} » est retenu : la colonne dit « {} », le nom « {} »",
                    self.networks.called(&kept.network),
                    self.networks.called(&said.network),
                    self.networks.called(&named.network)
                ),
                repair: self.networks.called(&other.network),
            };
            if notes.propose(proposal) {
                return Ok(Some(other.clone()));
            }
        }
        let (first, second) = if name_first { (by_name, by_column) } else { (by_column, by_name) };
        let found = first.or(second).or_else(|| self.networks.recognise(acronym));
        if let Some(Recognised { network, other: Some(other), .. }) = &found {
            let proposal = Proposal {
                cause: Doubt::TwoNetworks,
                row: row.number,
                column,
                value: &name.text,
                expected: &format!(
                    "« {} » est retenu, et « {} » est aussi dans le nom",
                    self.networks.called(network),
                    self.networks.called(other)
                ),
                repair: self.networks.called(other),
            };
            if notes.propose(proposal) {
                return Ok(Some(Recognised::of_id(other)));
            }
        }
        if found.as_ref().is_none_or(|found| found.network == FALLBACK) {
            if let Some(near) = self.nearest_network(row, cell, name, column, notes) {
                return Ok(Some(near));
            }
            if !self.networks.has(FALLBACK) {
                return Err(format!(
                    "réseau non reconnu, et l’édition n’a pas de réseau « {FALLBACK} » pour l’accueillir"
                ));
            }
        }
        Ok(found)
    }

    /// The network whose name is nearest to what the file says, where somebody accepted it.
    fn nearest_network(
        &self,
        row: &Row,
        cell: &str,
        name: &names::Name,
        name_column: &str,
        notes: &mut Notes,
    ) -> Option<Recognised> {
        let tidied = tidy(cell);
        let (column, value) = if tidied.is_empty() {
            (name_column, name.text.as_str())
        } else {
            (self.columns.cell(row, Field::Network).0, tidied.as_str())
        };
        let meanwhile = "en attendant, ce lieu n’est pas proposé aux visiteurs";
        let cause = Doubt::Unclassified;
        let near = self.networks.nearest(value).or_else(|| self.networks.nearest(&name.unglued));
        let Some((id, _)) = near else {
            notes.doubt(
                cause,
                row.number,
                column,
                value,
                format!("aucun réseau n’est reconnu ; {meanwhile}"),
            );
            return None;
        };
        let called = self.networks.called(id);
        let expected =
            format!("aucun réseau ne s’appelle ainsi, c’est sans doute « {called} » ; {meanwhile}");
        let row = row.number;
        let proposal = Proposal { cause, row, column, value, expected: &expected, repair: called };
        notes.propose(proposal).then(|| Recognised::of_id(id))
    }
}
