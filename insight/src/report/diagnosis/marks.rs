//! The marks of the maps: what a class of distance looks like. Colour, shape and size say
//! the same, so that any one of them is enough.

use super::outline::Point;
use shared::geography::Meters;
use std::fmt::Write;

/// How many looks a mark may have: four distances, beyond, and no place at all.
pub(super) const LOOKS: usize = 6;

/// The classes of distance: as many as there are thresholds, then beyond, then no place.
pub(super) struct Classes(Vec<u16>);

impl Classes {
    pub(super) fn new(distances: Vec<u16>) -> Self {
        Self(distances)
    }

    pub(super) const fn count(&self) -> usize {
        self.0.len() + 2
    }

    /// The class of a distance; `None` is no place at all.
    pub(super) fn of(&self, distance: Option<Meters>) -> usize {
        distance.map_or(self.0.len() + 1, |distance| {
            self.0.iter().position(|km| distance <= Meters::from_km(*km)).unwrap_or(self.0.len())
        })
    }

    /// The look of a class.
    pub(super) fn look(&self, class: usize) -> usize {
        let near = LOOKS - 2;
        if class < self.0.len() {
            // Four distances have a look each; more share them, the first and last apart.
            if self.0.len() <= near { class } else { class * near / self.0.len() }
        } else {
            near + class - self.0.len()
        }
    }

    /// As a legend says it (French).
    pub(super) fn french(&self, class: usize) -> String {
        let last = self.0.last().copied().unwrap_or_default();
        match class {
            0 if !self.0.is_empty() => format!("{}\u{a0}km ou moins", self.0[0]),
            class if class < self.0.len() => format!("de {} à {}\u{a0}km", self.0[class - 1], self.0[class]),
            class if class == self.0.len() => format!("plus de {last}\u{a0}km"),
            _ => "aucun lieu".to_owned(),
        }
    }
}

/// The mark of a look at a point, as a path; `size` is about half its width.
pub(super) fn mark(look: usize, (x, y): Point, size: f32, path: &mut String) {
    let n = |value: f32| number(value * size);
    let (x, y) = (number(x), number(y));
    // Writing to a string cannot fail.
    let _ = match look {
        // The round and square caps of a line without length.
        0 | 1 => write!(path, "M{x} {y}h0"),
        2 => write!(path, "M{x} {y}m0-{}l{} {}h-{}z", n(1.15), n(1.15), n(2.05), n(2.3)),
        3 => write!(path, "M{x} {y}m0-{0}l{0} {0}-{0} {0}-{0}-{0}z", n(1.45)),
        4 => write!(path, "M{x} {y}m-{0}-{0}l{1} {1}m0-{1}l-{1} {1}", n(1.1), n(2.2)),
        _ => write!(path, "M{x} {y}m-{0} 0a{0} {0} 0 1 0 {1} 0a{0} {0} 0 1 0-{1} 0", n(1.15), n(2.3)),
    };
}

/// The mark of a class alone, for a legend.
pub(super) fn legend_mark(look: usize) -> String {
    let mut path = String::new();
    mark(look, (10.0, 10.0), 5.0, &mut path);
    format!(
        "<svg class=\"key\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path class=\"m{look}\" stroke-width=\"{}\" d=\"{path}\"/></svg>",
        stroke(look, 5.0)
    )
}

/// The mark of a place alone, for a legend.
pub(super) fn legend_place() -> String {
    let mut path = String::new();
    pin((10.0, 17.0), 7.0, &mut path);
    format!(
        "<svg class=\"key\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><path class=\"pin\" d=\"{path}\"/></svg>"
    )
}

/// The mark of a place, its tip at a point.
pub(super) fn pin((x, y): Point, size: f32, path: &mut String) {
    let n = |value: f32| number(value * size);
    let (x, y) = (number(x), number(y));
    let _ = write!(path, "M{x} {y}l-{0}-{1}a{2} {2} 0 1 1 {3} 0z", n(0.62), n(1.1), n(0.75), n(1.24));
}

/// How thick the line of a mark is.
pub(super) fn stroke(look: usize, size: f32) -> String {
    number(match look {
        0 => size * 1.8,
        1 => size * 1.7,
        4 | 5 => size * 0.62,
        _ => 0.0,
    })
}

/// A number with one decimal at most.
pub(super) fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_has_the_class_that_its_threshold_names() {
        let classes = Classes::new(vec![10, 20, 30, 60]);
        for (meters, class, said) in [
            (Some(0), 0, "10\u{a0}km ou moins"),
            (Some(10_000), 0, "10\u{a0}km ou moins"),
            (Some(10_001), 1, "de 10 à 20\u{a0}km"),
            (Some(60_000), 3, "de 30 à 60\u{a0}km"),
            (Some(60_001), 4, "plus de 60\u{a0}km"),
            (None, 5, "aucun lieu"),
        ] {
            let found = classes.of(meters.map(Meters));
            assert_eq!((found, classes.french(found).as_str()), (class, said), "{meters:?}");
            assert_eq!(classes.look(found), class);
        }
    }

    #[test]
    fn however_many_distances_there_are_too_far_and_nothing_look_the_same() {
        for count in 0_u16..9 {
            let classes = Classes::new((1..=count).map(|km| km * 10).collect());
            let beyond = usize::from(count);
            assert_eq!((classes.look(beyond), classes.look(beyond + 1)), (LOOKS - 2, LOOKS - 1));
            assert!((0..beyond).all(|class| classes.look(class) < LOOKS - 2));
        }
    }
}
