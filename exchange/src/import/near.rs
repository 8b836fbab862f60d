//! Records and places that could be one, found without comparing all with all: a file may have
//! thousands of places in one commune.

use super::merge::SAME_PLACE;
use super::phones::is_national;
use shared::geography::Position;
use std::collections::HashMap;
use std::hash::Hash;

/// A network and a commune.
pub(crate) type Area<'a> = (&'a str, &'a str);

/// What a record is called, and its street: two records with the same are one record.
pub(crate) type Label<'a> = (&'a str, &'a str);

/// The sides of a cell of the grid, in degrees: not less than [`SAME_PLACE`] from south to north.
const CELL: f32 = 0.0005;
/// How many cells [`SAME_PLACE`] may span, to the north and, up to 63 degrees north, to the east.
const SPAN: (i32, i32) = (1, 2);
/// So many of those in one cell are looked at.
const IN_A_CELL: usize = 64;
/// So many of those with the same sign are looked at: more are not told apart by it.
const WITH_A_SIGN: usize = 1024;

/// What makes a record one of its own: its label, and what its source calls it, where it does.
type Own<'a> = (Label<'a>, &'a str);

/// Whether two records are called differently: by their label, or by the source of both.
fn differ(one: Own<'_>, other: Own<'_>) -> bool {
    one.0 != other.0 || !one.1.is_empty() && !other.1.is_empty() && one.1 != other.1
}

/// The first records with a sign: as many as it takes to find one that is called otherwise.
#[derive(Debug, Default)]
struct Firsts<'a>(Vec<(usize, Own<'a>)>);

impl<'a> Firsts<'a> {
    fn add(&mut self, index: usize, own: Own<'a>) {
        if self.0.len() < 2 && self.0.iter().all(|(_, known)| differ(*known, own)) {
            // Most signs are of one record: a list of its own would have room for four.
            self.0.reserve_exact(1);
            self.0.push((index, own));
        }
    }

    /// The first one that is called otherwise.
    fn other(&self, own: Own<'_>) -> Option<usize> {
        self.0.iter().find(|(_, known)| differ(*known, own)).map(|(index, _)| *index)
    }
}

/// Records that were seen, by what another one may have in common with them.
#[derive(Debug, Default)]
pub(crate) struct Seen<'a> {
    by_name: HashMap<(Area<'a>, &'a str), Firsts<'a>>,
    by_street: HashMap<(Area<'a>, &'a str), Firsts<'a>>,
    /// By a phone or a mail.
    by_contact: HashMap<(Area<'a>, &'a str), Firsts<'a>>,
    cells: Cells<'a, Own<'a>>,
}

/// What is known of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signs<'a> {
    pub(crate) area: Area<'a>,
    pub(crate) label: Label<'a>,
    /// What its source calls it; empty where it does not.
    pub(crate) identifier: &'a str,
    pub(crate) phones: &'a [String],
    pub(crate) emails: &'a [String],
    pub(crate) position: Option<Position>,
}

impl<'a> Seen<'a> {
    pub(crate) fn add(&mut self, index: usize, signs: &Signs<'a>) {
        let Signs { area, label, identifier, phones, emails, position } = *signs;
        let own = (label, identifier);
        self.by_name.entry((area, label.0)).or_default().add(index, own);
        if !label.1.is_empty() {
            self.by_street.entry((area, label.1)).or_default().add(index, own);
        }
        for contact in contacts(phones, emails) {
            self.by_contact.entry((area, contact)).or_default().add(index, own);
        }
        if let Some(position) = position {
            self.cells.add(area, position, index, own);
        }
    }

    /// The first record that is called otherwise and has the name in common.
    pub(crate) fn by_name(&self, signs: &Signs<'_>) -> Option<usize> {
        self.by_name.get(&(signs.area, signs.label.0))?.other((signs.label, signs.identifier))
    }

    /// The first record that is called otherwise and has the street, a phone, a mail or the position
    /// in common.
    pub(crate) fn by_contact(&self, signs: &Signs<'_>) -> Option<usize> {
        let Signs { area, label, identifier, phones, emails, position } = *signs;
        let own = (label, identifier);
        let street = self.by_street.get(&(area, label.1)).and_then(|firsts| firsts.other(own));
        let reached = contacts(phones, emails)
            .filter_map(|contact| self.by_contact.get(&(area, contact.as_str()))?.other(own))
            .min();
        let here = position.and_then(|position| {
            self.cells
                .around(area, position)
                .filter(|(_, known)| differ(*known, own))
                .map(|(index, _)| index)
                .min()
        });
        street.into_iter().chain(reached).chain(here).min()
    }
}

/// The phones and mails that speak of one place: a network's national number does not.
fn contacts<'a>(phones: &'a [String], emails: &'a [String]) -> impl Iterator<Item = &'a String> {
    phones.iter().filter(|phone| !is_national(phone)).chain(emails)
}

/// What stands in the cells of a grid, by area.
#[derive(Debug)]
struct Cells<'a, T>(HashMap<(Area<'a>, Cell), Vec<Here<T>>>);

/// What stands in a cell: its index, where it is, and what it is.
type Here<T> = (usize, Position, T);

/// A cell: how many there are south and west of it.
type Cell = (i32, i32);

impl<T> Default for Cells<'_, T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<'a, T: Copy + PartialEq> Cells<'a, T> {
    fn add(&mut self, area: Area<'a>, position: Position, index: usize, value: T) {
        let list = self.0.entry((area, cell(position))).or_default();
        let is_known = |known: &Here<T>| known.2 == value && known.1 == position;
        if list.len() < IN_A_CELL && !list.iter().any(is_known) {
            list.push((index, position, value));
        }
    }

    /// Those within [`SAME_PLACE`].
    fn around(&self, area: Area<'a>, position: Position) -> impl Iterator<Item = (usize, T)> {
        let (north, east) = cell(position);
        let cells = (-SPAN.0..=SPAN.0)
            .flat_map(move |up| (-SPAN.1..=SPAN.1).map(move |right| (north + up, east + right)));
        cells
            .filter_map(move |cell| self.0.get(&(area, cell)))
            .flatten()
            .filter(move |(_, there, _)| position.distance(*there) <= SAME_PLACE)
            .map(|(index, _, value)| (*index, *value))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "degrees: at most 360 000 cells")]
fn cell(position: Position) -> Cell {
    ((position.latitude / CELL).floor() as i32, (position.longitude / CELL).floor() as i32)
}

/// The places of a directory, by what a record may have in common with them.
#[derive(Debug, Default)]
pub(crate) struct Places<'a> {
    by_label: Lists<(Area<'a>, &'a str, &'a str)>,
    by_street: Lists<(Area<'a>, &'a str)>,
    by_phone: Lists<(Area<'a>, &'a str)>,
    by_name: Lists<(Area<'a>, &'a str)>,
    cells: Cells<'a, usize>,
}

impl<'a> Places<'a> {
    pub(crate) fn add(&mut self, place: usize, signs: &Signs<'a>) {
        let Signs { area, label, phones, position, .. } = *signs;
        if !label.1.is_empty() {
            self.by_label.add((area, label.0, label.1), place);
            self.by_street.add((area, label.1), place);
        }
        self.by_name.add((area, label.0), place);
        for phone in phones {
            self.by_phone.add((area, phone), place);
        }
        if let Some(position) = position {
            self.cells.add(area, position, place, place);
        }
    }

    /// Those with this name and this street that are not taken.
    pub(crate) fn by_label(&mut self, signs: &Signs<'a>, taken: &[bool]) -> Vec<usize> {
        self.by_label.get(&(signs.area, signs.label.0, signs.label.1), taken)
    }

    /// Those with this street.
    pub(crate) fn by_street(&mut self, signs: &Signs<'a>, taken: &[bool]) -> Vec<usize> {
        self.by_street.get(&(signs.area, signs.label.1), taken)
    }

    /// Those with this name.
    pub(crate) fn by_name(&mut self, signs: &Signs<'a>, taken: &[bool]) -> Vec<usize> {
        self.by_name.get(&(signs.area, signs.label.0), taken)
    }

    /// Those with one of these phones, or here.
    pub(crate) fn by_phone_or_position(&mut self, signs: &Signs<'a>, taken: &[bool]) -> Vec<usize> {
        let Signs { area, phones, position, .. } = *signs;
        let mut found: Vec<usize> =
            phones.iter().flat_map(|phone| self.by_phone.get(&(area, phone.as_str()), taken)).collect();
        if let Some(position) = position {
            let here = self.cells.around(area, position).map(|(place, _)| place);
            found.extend(here.filter(|place| !taken[*place]));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Places by key, each list in their order.
#[derive(Debug)]
pub(crate) struct Lists<K>(HashMap<K, List>);

#[derive(Debug, Default)]
struct List {
    all: Vec<usize>,
    /// All before this one are taken.
    first: usize,
}

impl<K> Default for Lists<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Lists<K> {
    pub(crate) fn add(&mut self, key: K, place: usize) {
        self.0.entry(key).or_default().all.push(place);
    }

    /// Those of a key that are not taken.
    pub(crate) fn get(&mut self, key: &K, taken: &[bool]) -> Vec<usize> {
        let left = self.left(key, taken);
        left.iter().copied().take(WITH_A_SIGN).filter(|place| !taken[*place]).collect()
    }

    /// The first of a key that is not taken.
    pub(crate) fn first(&mut self, key: &K, taken: &[bool]) -> Option<usize> {
        self.left(key, taken).first().copied()
    }

    fn left(&mut self, key: &K, taken: &[bool]) -> &[usize] {
        let Some(List { all, first }) = self.0.get_mut(key) else { return &[] };
        while all.get(*first).is_some_and(|place| taken[*place]) {
            *first += 1;
        }
        &all[*first..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area<'_> = ("cio", "26362");

    fn at(latitude: f32, longitude: f32) -> Position {
        Position { latitude, longitude, approximate: false }
    }

    fn signs<'a>(label: Label<'a>, phones: &'a [String], position: Option<Position>) -> Signs<'a> {
        Signs { area: AREA, label, identifier: "", phones, emails: &[], position }
    }

    #[test]
    fn a_record_meets_the_first_that_is_called_otherwise() {
        let phone = ["04 75 00 00 01".to_owned()];
        let mut seen = Seen::default();
        seen.add(0, &signs(("a", "1 rue x"), &[], None));
        seen.add(1, &signs(("b", "1 rue x"), &phone, None));
        seen.add(2, &signs(("a", "2 rue y"), &[], Some(at(45.0, 5.0))));
        let by_contact = |one: Signs<'_>| seen.by_contact(&one);
        assert_eq!(by_contact(signs(("a", "1 rue x"), &[], None)), Some(1), "its own label does not count");
        assert_eq!(by_contact(signs(("c", "1 rue x"), &[], None)), Some(0));
        assert_eq!(by_contact(signs(("c", ""), &phone, None)), Some(1));
        assert_eq!(by_contact(signs(("c", ""), &[], Some(at(45.0003, 5.0003)))), Some(2), "some 40 m away");
        assert_eq!(by_contact(signs(("c", ""), &[], Some(at(45.001, 5.0)))), None, "some 110 m away");
        assert_eq!(seen.by_name(&signs(("a", "9 rue z"), &[], None)), Some(0));
        assert_eq!(seen.by_name(&signs(("b", "1 rue x"), &[], None)), None);
        let elsewhere =
            Signs { area: ("cio", "69123"), ..signs(("c", "1 rue x"), &phone, Some(at(45.0, 5.0))) };
        assert_eq!(by_contact(elsewhere), None);
        // Of one name and street, only those that their source calls differently are asked about.
        let called = |identifier| Signs { identifier, ..signs(("d", "4 rue v"), &[], None) };
        seen.add(3, &called("x"));
        assert_eq!(seen.by_contact(&called("x")), None);
        assert_eq!(seen.by_contact(&called("")), None);
        assert_eq!(seen.by_contact(&called("y")), Some(3));
        let mail = ["accueil@exemple.fr".to_owned()];
        let reached = |street| Signs { emails: &mail, ..signs(("e", street), &[], None) };
        seen.add(4, &reached("5 rue u"));
        assert_eq!(seen.by_contact(&reached("6 rue t")), Some(4));
    }

    #[test]
    fn a_cell_hides_no_neighbour() {
        // Every direction, across the borders of cells.
        for (north, east) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.7, 0.7), (-0.7, -0.7)] {
            for step in 0..40_u8 {
                let here = at(45.0 + f32::from(step) * 0.00005, 5.0);
                let there = at(here.latitude + north * 0.0004, here.longitude + east * 0.0005);
                let mut cells = Cells::default();
                cells.add(AREA, there, 7, 7_usize);
                let is_near = here.distance(there) <= SAME_PLACE;
                assert_eq!(cells.around(AREA, here).next().is_some(), is_near, "{here:?} {there:?}");
            }
        }
    }

    #[test]
    fn taken_places_are_passed_over() {
        let mut lists = Lists::default();
        for place in 0..5 {
            lists.add("x", place);
        }
        assert_eq!(lists.get(&"x", &[true, true, false, true, false]), [2, 4]);
        assert!(lists.get(&"y", &[]).is_empty());
    }
}
