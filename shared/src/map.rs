//! A picture of where a place is, drawn from what a department's piece holds anyway: the centres of
//! its communes, and the places. No tile, hence no request that would tell where somebody lives.
//!
//! It is a few strings, which the element and the worker's pages put into the same SVG.

use crate::geography::Position;
use crate::recommend::{Recommendation, Target};
use crate::snapshot::DepartmentPiece;
use crate::texts::Key;
use crate::wording;

/// What the picture is drawn in, as an attribute of its `svg`.
pub const VIEW_BOX: &str = "0 0 320 196";

const MIDDLE: (f32, f32) = (160.0, 90.0);
/// What the way from the commune to the place has for itself, in pixels.
const WAY: (f32, f32) = (230.0, 120.0);
/// The least that it is in kilometres: nearer, a centre says too little.
const LEAST: f32 = 3.0;
/// How far from the middle something else is still in view; below is the scale.
const VIEW: (f32, f32) = (156.0, 72.0);
/// The longest scale in pixels, and where it begins.
const SCALE: f32 = 100.0;
const CORNER: (f32, f32) = (8.0, 186.0);
/// How far a name's line of writing is from its dot, above and below, and half of the widest letters.
const ABOVE: f32 = 12.0;
const BELOW: f32 = 23.0;
const HALF_LETTER: f32 = 4.5;

/// A picture, north at its top: what it shows is said beside it.
///
/// The line of the department is not among it. The device knows the centres of communes only: in the
/// mountains they are 5 to 10 km apart, and a line drawn around them (tried with 4, 5 and 6 km around
/// each) has bays and holes that no department has. The dots of its communes end where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// From back to front: a class, and SVG path data. Dots are communes and places, lines the way and
    /// the scale.
    pub paths: [(&'static str, String); 5],
    /// The names of both ends of the way, and the length of the scale.
    pub labels: Vec<Label>,
    /// Kilometres of the scale.
    pub scale: u16,
    /// In which direction the place is.
    pub direction: Key,
}

/// Words in the picture, around the middle of their line. In French, whoever reads: names are names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// In pixels.
    pub x: String,
    /// In pixels.
    pub y: String,
    /// What is written.
    pub text: String,
}

impl Map {
    /// The way from a commune, by its code and its name, to the first place of its recommendation,
    /// with those of the other cards. Nothing without a place, or where it is in the commune, which
    /// is only a centre here.
    pub fn new(
        piece: &DepartmentPiece,
        commune: &str,
        name: Option<&str>,
        found: &Recommendation,
    ) -> Option<Self> {
        let Target::Place(chosen) = found.main.target else { return None };
        if wording::distance(piece, commune, chosen) == Key::DistanceHere {
            return None;
        }
        let home = piece.communes[piece.commune(commune)?].position;
        let place = &piece.places[chosen.place];
        let there = place.position;
        let (east, north) = home.kilometres_to(there);
        let size = (WAY.0 / east.abs().max(LEAST)).min(WAY.1 / north.abs().max(LEAST / 2.0));
        // Halfway between the two is in the middle.
        let dot = |path: &mut String, position: Position| {
            let (to_east, to_north) = home.kilometres_to(position);
            let (x, y) = ((to_east - east / 2.0) * size, (north / 2.0 - to_north) * size);
            let at = (MIDDLE.0 + x, MIDDLE.1 + y);
            if x.abs() < VIEW.0 && y.abs() < VIEW.1 {
                // A line as short as can be: its round or square ends are the dot.
                point(path, "M", at, "h.01");
            }
            at
        };
        let [mut ground, mut others, mut lines, mut from, mut to] = [const { String::new() }; 5];
        for commune in &piece.communes {
            dot(&mut ground, commune.position);
        }
        for card in found.reception.iter().chain(&found.complements) {
            if let Target::Place(other) = card.target {
                dot(&mut others, piece.places[other.place].position);
            }
        }
        let (a, b) = (dot(&mut from, home), dot(&mut to, there));
        point(&mut lines, "M", a, "");
        point(&mut lines, "L", b, "");
        let scale = [50, 20, 10, 5, 2].into_iter().find(|km| f32::from(*km) * size <= SCALE).unwrap_or(1);
        let end = (CORNER.0 + f32::from(scale) * size, CORNER.1);
        point(&mut lines, "M", CORNER, "");
        point(&mut lines, "L", end, "");
        let mut labels = vec![label(&[&scale.to_string(), " km"], (end.0 + 30.0, end.1 + 5.0))];
        // Each on the outer side of the way. In one's own commune there is one name for both.
        let (offset, other_offset) = if north < 0.0 { (-ABOVE, BELOW) } else { (BELOW, -ABOVE) };
        if let Some(name) = name {
            labels.push(label(&[name], (a.0, a.1 + offset)));
        }
        if name != Some(place.commune.as_str()) {
            labels.push(label(&[&place.commune], (b.0, b.1 + other_offset)));
        }
        Some(Self {
            paths: [("ground", ground), ("others", others), ("lines", lines), ("home", from), ("there", to)],
            labels,
            scale,
            direction: DIRECTIONS[sign(north, east)][sign(east, north)],
        })
    }
}

/// From the south to the north, and from the west to the east. Nothing is in the middle.
const DIRECTIONS: [[Key; 3]; 3] = [
    [Key::MapSouthWest, Key::MapSouth, Key::MapSouthEast],
    [Key::MapWest, Key::MapEast, Key::MapEast],
    [Key::MapNorthWest, Key::MapNorth, Key::MapNorthEast],
];

/// Whether a length is negative, counts for nothing beside another, or is positive.
fn sign(along: f32, across: f32) -> usize {
    /// The tangent of what is halfway between two directions.
    const HALFWAY: f32 = 2.414;
    if along.abs() * HALFWAY < across.abs() {
        1
    } else if along < 0.0 {
        0
    } else {
        2
    }
}

/// Words around a point, moved sideways where they would leave the picture.
fn label(words: &[&str], (x, y): (f32, f32)) -> Label {
    let text = words.concat();
    #[expect(clippy::cast_precision_loss, reason = "the length of a name")]
    let half = text.len() as f32 * HALF_LETTER;
    Label { x: pixels(x.max(half).min(2.0 * MIDDLE.0 - half)), y: pixels(y), text }
}

/// A number of SVG. Whole: printing others brings kilobytes into the element.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside of the picture")]
fn pixels(length: f32) -> String {
    (length as usize).to_string()
}

/// Adds a point to a path.
#[inline(never)]
fn point(path: &mut String, before: &str, (x, y): (f32, f32), after: &str) {
    for part in [before, &pixels(x), " ", &pixels(y), after] {
        path.push_str(part);
    }
}
