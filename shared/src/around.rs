//! Which commune a position is in, worked out on the visitor's device from what the commune field has
//! loaded already.
//!
//! No outline of a commune is among the data: the commune whose centre is nearest is proposed, and the
//! visitor sees its name before anything else happens.

use crate::commune_index::{CommuneName, Search};
use crate::geography::{Meters, Position};
use serde::{Deserialize, Serialize};

/// A device that knows its position no better is of no use: in a town a commune is not wider.
pub const ACCURATE: Meters = Meters::from_km(2);
/// Who is farther from every centre is outside the region. The widest communes, in the mountains,
/// reach about as far.
const NEAR: Meters = Meters::from_km(10);
/// The cells of an extent in each direction, from 0.
const CELLS: f32 = 255.0;

/// Where the communes of an index are, in its order: two bytes each, within the extent of their
/// department, hence to some 300 m.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Centres {
    /// The extents of the departments, in the order of the communes.
    pub extents: Vec<Extent>,
    /// For each commune, how far north it is in its extent: 0 at the southern edge, 255 at the northern.
    pub norths: Vec<u8>,
    /// For each commune, how far east: 0 at the western edge, 255 at the eastern.
    pub easts: Vec<u8>,
}

/// The rectangle that holds the centres of communes that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// How many communes.
    pub communes: u16,
    /// The parallels and meridians of its edges, in decimal degrees (WGS 84).
    pub south: f32,
    /// See [`Self::south`].
    pub west: f32,
    /// See [`Self::south`].
    pub north: f32,
    /// See [`Self::south`].
    pub east: f32,
}

impl Extent {
    fn position(&self, north: u8, east: u8) -> Position {
        let between = |low: f32, high: f32, cell: u8| low + (high - low) * f32::from(cell) / CELLS;
        Position {
            latitude: between(self.south, self.north, north),
            longitude: between(self.west, self.east, east),
            approximate: true,
        }
    }
}

impl Centres {
    /// The centres of communes, those of a department one after the other.
    pub fn of(departments: &[Vec<Position>]) -> Self {
        let mut centres = Self::default();
        for positions in departments {
            let span = |value: &dyn Fn(&Position) -> f32| {
                let values = positions.iter().map(value);
                (values.clone().fold(f32::MAX, f32::min), values.fold(f32::MIN, f32::max))
            };
            let (south, north) = span(&|position| position.latitude);
            let (west, east) = span(&|position| position.longitude);
            let communes = u16::try_from(positions.len()).unwrap_or(u16::MAX);
            centres.extents.push(Extent { communes, south, west, north, east });
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
            let cell = |value: f32, low: f32, high: f32| {
                // A single centre has an extent without a width.
                if high > low { ((value - low) / (high - low) * CELLS).round() as u8 } else { 0 }
            };
            for position in positions {
                centres.norths.push(cell(position.latitude, south, north));
                centres.easts.push(cell(position.longitude, west, east));
            }
        }
        centres
    }

    /// The centres, in order.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        let extents = self.extents.iter().flat_map(|extent| (0..extent.communes).map(move |_| extent));
        let cells = self.norths.iter().zip(&self.easts);
        extents.zip(cells).map(|(extent, (north, east))| extent.position(*north, *east))
    }
}

impl Search {
    /// The commune whose centre is nearest to a position; none where it is outside the region. Of a
    /// city with arrondissements, one of those.
    pub fn around(&self, here: Position) -> Option<&CommuneName> {
        // A device may say anything.
        if !here.is_plausible() {
            return None;
        }
        let centres = self.communes().iter().zip(self.centres().positions());
        let (commune, distance) = centres
            // Without a postcode it is a city as a whole.
            .filter(|(commune, _)| !commune.postcodes.is_empty())
            .map(|(commune, centre)| (commune, here.distance(centre)))
            .min_by_key(|(_, distance)| *distance)?;
        (distance <= NEAR).then_some(commune)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commune_index::CommuneIndex;
    use crate::snapshot::PIECE_FORMAT;

    const fn at(latitude: f32, longitude: f32) -> Position {
        Position { latitude, longitude, approximate: false }
    }

    const VALENCE: Position = at(44.9256, 4.9095);
    const ROMANS: Position = at(45.0556, 5.0356);
    const LYON: Position = at(45.758, 4.8351);
    const LYON_3E: Position = at(45.7536, 4.8694);

    fn search() -> Search {
        let commune = |code: &str, postcode: &[&str]| CommuneName {
            code: code.to_owned(),
            name: code.to_owned(),
            postcodes: postcode.iter().map(|code| (*code).to_owned()).collect(),
            size: 1,
            former: Vec::new(),
        };
        Search::new(CommuneIndex {
            format: PIECE_FORMAT,
            communes: vec![
                commune("26281", &["26100"]),
                commune("26362", &["26000"]),
                commune("69123", &[]),
                commune("69383", &["69003"]),
            ],
            centres: Centres::of(&[vec![ROMANS, VALENCE], vec![LYON, LYON_3E]]),
            elsewhere: crate::elsewhere::Elsewhere::default(),
            parts: Vec::new(),
        })
    }

    #[test]
    fn the_nearest_centre_is_the_commune() {
        let search = search();
        let code = |here| search.around(here).map(|commune| commune.code.as_str());
        assert_eq!(code(at(45.05, 5.03)), Some("26281"));
        assert_eq!(code(at(44.93, 4.90)), Some("26362"));
        // The city as a whole is no answer, however near its centre is.
        assert_eq!(code(LYON), Some("69383"));
    }

    #[test]
    fn who_is_far_from_every_commune_is_outside() {
        let search = search();
        assert_eq!(search.around(at(43.2965, 5.3698)), None);
        assert_eq!(search.around(at(0.0, 0.0)), None);
        // A device may say anything.
        assert_eq!(search.around(at(f32::NAN, 5.0)), None);
    }

    #[test]
    fn what_is_written_small_is_read_where_it_was() {
        let department = vec![ROMANS, VALENCE, at(44.35, 4.77), at(45.3, 5.8)];
        let centres = Centres::of(&[department.clone(), vec![LYON]]);
        let read: Vec<Position> = centres.positions().collect();
        assert_eq!(read.len(), 5);
        for (written, read) in department.iter().zip(&read) {
            assert!(written.distance(*read) < Meters(350), "{written:?} {read:?}");
        }
        assert!(LYON.distance(read[4]) < Meters(2));
    }
}
