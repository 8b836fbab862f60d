//! Outlines of departments from the centres of their communes: nobody gives us the borders,
//! and a map without any is a cloud of points.
//!
//! The plane is cut into small squares. Each belongs to the group of the nearest centre, or
//! to the outside where none is near and no group lies around it. The border of a group's
//! squares, its corners cut twice, is its outline.

use std::collections::BTreeMap;

/// A point of the drawing.
pub(super) type Point = (f32, f32);

/// How many squares the longer side has.
const SQUARES: f32 = 120.0;

/// The closed outlines of each group, in the order of the groups. `land` is how wide and high
/// it all is; `near` is how far from a
/// centre the land still goes, in the units of the points.
pub(super) fn outlines(
    centres: &[(Point, usize)],
    groups: usize,
    land: Point,
    near: f32,
) -> Vec<Vec<Vec<Point>>> {
    let side = land.0.max(land.1) / SQUARES;
    // A ring of outside all around, so that every outline closes.
    let margin = (near / side).ceil() + 2.0;
    let count = |length: f32| to_index((length / side).ceil() + 2.0 * margin);
    let (wide, high) = (count(land.0), count(land.1));
    let grid = Grid { side, margin, wide, high };
    let squares = grid.fill(centres, near);
    (0..groups)
        .map(|group| grid.trace(&squares, group).iter().map(|outline| smooth(outline)).collect())
        .collect()
}

struct Grid {
    side: f32,
    margin: f32,
    wide: usize,
    high: usize,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred at most, never negative"
)]
fn to_index(value: f32) -> usize {
    value.max(0.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
const fn to_float(value: usize) -> f32 {
    value as f32
}

impl Grid {
    /// The corner of a square.
    fn corner(&self, x: usize, y: usize) -> Point {
        ((to_float(x) - self.margin) * self.side, (to_float(y) - self.margin) * self.side)
    }

    /// The group of each square.
    fn fill(&self, centres: &[(Point, usize)], near: f32) -> Vec<Option<usize>> {
        // Centres by the square they are in: only the squares around are looked at.
        let mut buckets: BTreeMap<(usize, usize), Vec<(Point, usize)>> = BTreeMap::new();
        let bucket = |at: f32| to_index(at / near + 1.0);
        for centre in centres {
            buckets.entry((bucket(centre.0.0), bucket(centre.0.1))).or_default().push(*centre);
        }
        let nearest = |point: Point, among: &mut dyn Iterator<Item = &(Point, usize)>| {
            among
                .map(|(centre, group)| ((centre.0 - point.0).powi(2) + (centre.1 - point.1).powi(2), *group))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        };
        let middle = |x: usize, y: usize| {
            let corner = self.corner(x, y);
            (corner.0 + self.side / 2.0, corner.1 + self.side / 2.0)
        };
        let mut squares = vec![None; self.wide * self.high];
        for y in 0..self.high {
            for x in 0..self.wide {
                let point = middle(x, y);
                let (column, row) = (bucket(point.0), bucket(point.1));
                let mut around = (column.saturating_sub(1)..=column + 1)
                    .flat_map(|column| (row.saturating_sub(1)..=row + 1).map(move |row| (column, row)))
                    .filter_map(|key| buckets.get(&key))
                    .flatten();
                squares[y * self.wide + x] = nearest(point, &mut around)
                    .filter(|(squared, _)| *squared <= near * near)
                    .map(|(_, group)| group);
            }
        }
        // Holes are land: mountains, where centres are far from each other.
        let outside = self.outside(&squares);
        for y in 0..self.high {
            for x in 0..self.wide {
                let index = y * self.wide + x;
                if squares[index].is_none() && !outside[index] {
                    squares[index] = nearest(middle(x, y), &mut centres.iter()).map(|(_, group)| group);
                }
            }
        }
        squares
    }

    /// The empty squares that can be reached from the edge.
    fn outside(&self, squares: &[Option<usize>]) -> Vec<bool> {
        let mut outside = vec![false; squares.len()];
        let mut waiting = vec![0];
        while let Some(index) = waiting.pop() {
            if outside[index] || squares[index].is_some() {
                continue;
            }
            outside[index] = true;
            let (x, y) = (index % self.wide, index / self.wide);
            waiting.extend((x > 0).then(|| index - 1));
            waiting.extend((x + 1 < self.wide).then_some(index + 1));
            waiting.extend((y > 0).then(|| index - self.wide));
            waiting.extend((y + 1 < self.high).then_some(index + self.wide));
        }
        outside
    }

    /// The borders of a group as closed lines along the squares, the group on their right.
    fn trace(&self, squares: &[Option<usize>], group: usize) -> Vec<Vec<Point>> {
        let is_in = |x: isize, y: isize| {
            let inside = |at: isize, length: usize| usize::try_from(at).ok().filter(|at| *at < length);
            match (inside(x, self.wide), inside(y, self.high)) {
                (Some(x), Some(y)) => squares[y * self.wide + x] == Some(group),
                _ => false,
            }
        };
        // Corner → where the border goes from there: two ways where squares touch by a corner.
        let mut ways: BTreeMap<(isize, isize), Vec<(isize, isize)>> = BTreeMap::new();
        let (wide, high) = (self.wide.cast_signed(), self.high.cast_signed());
        for y in 0..high {
            for x in (0..wide).filter(|x| is_in(*x, y)) {
                let mut way = |from, to| ways.entry(from).or_default().push(to);
                if !is_in(x, y - 1) {
                    way((x, y), (x + 1, y));
                }
                if !is_in(x + 1, y) {
                    way((x + 1, y), (x + 1, y + 1));
                }
                if !is_in(x, y + 1) {
                    way((x + 1, y + 1), (x, y + 1));
                }
                if !is_in(x - 1, y) {
                    way((x, y + 1), (x, y));
                }
            }
        }
        let mut outlines = Vec::new();
        while let Some(start) = ways.keys().next().copied() {
            let mut outline = Vec::new();
            let mut at = start;
            while let Some(next) = ways.get_mut(&at).and_then(Vec::pop) {
                if ways.get(&at).is_some_and(Vec::is_empty) {
                    ways.remove(&at);
                }
                outline.push(self.corner(at.0.unsigned_abs(), at.1.unsigned_abs()));
                at = next;
            }
            outlines.push(outline);
        }
        outlines
    }
}

/// The middles of the steps, their corners cut twice: a staircase becomes a slope.
fn smooth(outline: &[Point]) -> Vec<Point> {
    let between = |a: Point, b: Point, t: f32| ((b.0 - a.0).mul_add(t, a.0), (b.1 - a.1).mul_add(t, a.1));
    let pairs = |points: &[Point]| -> Vec<(Point, Point)> {
        points.iter().copied().zip(points.iter().copied().cycle().skip(1)).collect()
    };
    let mut points: Vec<Point> = pairs(outline).into_iter().map(|(a, b)| between(a, b, 0.5)).collect();
    // Straight runs need no points on them.
    let mut straight = points.clone();
    straight.clear();
    let count = points.len();
    for index in 0..count {
        let (before, here, after) =
            (points[(index + count - 1) % count], points[index], points[(index + 1) % count]);
        let turn = (here.0 - before.0) * (after.1 - here.1) - (here.1 - before.1) * (after.0 - here.0);
        if turn.abs() > f32::EPSILON {
            straight.push(here);
        }
    }
    points = straight;
    for _ in 0..2 {
        points = pairs(&points)
            .into_iter()
            .flat_map(|(a, b)| [between(a, b, 0.25), between(a, b, 0.75)])
            .collect();
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surface(outline: &[Point]) -> f32 {
        outline
            .iter()
            .zip(outline.iter().cycle().skip(1))
            .map(|(a, b)| a.0.mul_add(b.1, -(b.0 * a.1)))
            .sum::<f32>()
            / 2.0
    }

    #[test]
    fn two_groups_share_the_plane_along_the_middle() {
        let mut centres = Vec::new();
        for x in 0_u8..10 {
            for y in 0_u8..10 {
                let point = (f32::from(x).mul_add(10.0, 5.0), f32::from(y).mul_add(10.0, 5.0));
                centres.push((point, usize::from(x >= 5)));
            }
        }
        let outlines = outlines(&centres, 2, (100.0, 100.0), 8.0);
        for group in &outlines {
            assert_eq!(group.len(), 1, "one outline, without holes");
            let surface = surface(&group[0]);
            assert!((4500.0..6500.0).contains(&surface), "about half a square of 100 by 100: {surface}");
        }
        let right = outlines[0][0].iter().map(|point| point.0).fold(f32::MIN, f32::max);
        let left = outlines[1][0].iter().map(|point| point.0).fold(f32::MAX, f32::min);
        assert!((right - 50.0).abs() < 2.0 && (left - 50.0).abs() < 2.0, "{right} and {left}");
    }

    #[test]
    fn a_hole_is_land_and_an_island_is_not_lost() {
        let mut centres: Vec<(Point, usize)> = Vec::new();
        for step in 0_u8..40 {
            let angle = f32::from(step) / 40.0 * std::f32::consts::TAU;
            centres.push(((30.0_f32.mul_add(angle.cos(), 40.0), 30.0_f32.mul_add(angle.sin(), 40.0)), 0));
        }
        centres.push(((150.0, 40.0), 0));
        let outlines = outlines(&centres, 1, (200.0, 80.0), 8.0);
        assert_eq!(outlines[0].len(), 2, "the ring without its hole, and the island");
    }
}
