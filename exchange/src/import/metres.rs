//! Positions in metres. Public lists of addresses carry those of the official map, Lambert 93
//! (EPSG:2154), beside degrees or instead of them.

use super::columns::{Column, Columns, Field, recognise};
use super::place::decimal;
use super::repair::{Notes, Repair};
use super::table::{Row, Table};
use shared::geography::Position;

/// From this share on, of a hundred cells, columns hold positions.
const MOST: usize = 80;

/// How many rows are looked at.
const LOOKED_AT: usize = 200;

/// Of several columns for a latitude and a longitude, leaves out those that cannot be
/// positions in degrees where others are.
pub(crate) fn choose(list: &mut [Column], table: &Table) {
    let of = |field: Field| -> Vec<usize> {
        let is_it = |column: &Column| {
            column.field.is_none() && column.ignored.is_none() && recognise(&column.title) == Some(field)
        };
        (0..list.len()).filter(|index| is_it(&list[*index])).collect()
    };
    let is_chosen = |field: Field| list.iter().any(|column| column.field == Some(field));
    if is_chosen(Field::Latitude) || is_chosen(Field::Longitude) {
        return;
    }
    let pairs: Vec<[usize; 2]> = of(Field::Latitude)
        .into_iter()
        .zip(of(Field::Longitude))
        .map(|(north, east)| [north, east])
        .collect();
    let share = |pair: &[usize; 2], is: &dyn Fn(f64, f64) -> bool| -> usize {
        let numbers = table.rows.iter().take(LOOKED_AT).filter_map(|row| cells(row, *pair));
        let (mut all, mut found) = (0, 0);
        for (north, east) in numbers {
            all += 1;
            found += usize::from(north.zip(east).is_some_and(|(north, east)| is(north, east)));
        }
        (found * 100).checked_div(all).unwrap_or_default()
    };
    let in_degrees = pairs.iter().find(|pair| share(pair, &is_degrees) >= MOST);
    let has_other =
        !of(Field::LatitudeLongitude).is_empty() || table.rows.iter().any(|row| row.point.is_some());
    if in_degrees.is_none() && !has_other {
        return;
    }
    for pair in pairs.iter().filter(|pair| Some(*pair) != in_degrees) {
        let is_map = |north: f64, east: f64| is_lambert(east, north);
        let ignored = if share(pair, &is_map) >= MOST {
            "en mètres (Lambert 93) : les degrés d’une autre colonne servent"
        } else {
            "une autre colonne dit déjà la même chose"
        };
        for index in pair {
            list[*index].ignored = Some(ignored);
        }
    }
}

/// Writes positions in metres in degrees, for the whole file at once.
pub(crate) fn convert(table: &mut Table, columns: &Columns, notes: &mut Notes) {
    let at = |field: Field| columns.list.iter().position(|column| column.field == Some(field));
    let pair = at(Field::Latitude).zip(at(Field::Longitude)).map(|(north, east)| [north, east]);
    let column = pair.map_or("", |[north, _]| columns.list[north].title.as_str());
    let mut may_convert = None;
    for row in &mut table.rows {
        let written =
            pair.and_then(|pair| cells(row, pair)).map_or(row.point, |(north, east)| north.zip(east));
        let Some((north, east)) = written else { continue };
        // Where the two titles are exchanged, the numbers say which is which.
        let found = [(east, north), (north, east)].into_iter().find(|(x, y)| is_lambert(*x, *y));
        let Some((x, y)) = found else { continue };
        let (north, east) = degrees(x, y);
        let after = [north, east].map(|number| format!("{number:.6}"));
        let is_accepted = *may_convert.get_or_insert_with(|| {
            notes.mend(Repair::Metres, row.number, column, &format!("{x} ; {y}"), &after.join(" ; "))
        });
        if !is_accepted {
            return;
        }
        match pair.filter(|pair| cells(row, *pair).is_some()) {
            Some(pair) => {
                for (index, after) in pair.into_iter().zip(after) {
                    row.cells[index] = after;
                }
            }
            None => row.point = Some((north, east)),
        }
    }
}

/// The numbers of two cells; nothing where both are blank.
fn cells(row: &Row, [north, east]: [usize; 2]) -> Option<(Option<f64>, Option<f64>)> {
    let (north, east) = (row.cells.get(north)?.trim(), row.cells.get(east)?.trim());
    (!north.is_empty() || !east.is_empty()).then(|| (decimal(north), decimal(east)))
}

#[expect(clippy::cast_possible_truncation, reason = "only looked at")]
fn is_degrees(north: f64, east: f64) -> bool {
    Position { latitude: north as f32, longitude: east as f32, approximate: false }.is_plausible()
}

/// Whether two numbers are metres east and north on the official map of metropolitan France.
fn is_lambert(x: f64, y: f64) -> bool {
    (0.0..=1_300_000.0).contains(&x) && (6_000_000.0..=7_200_000.0).contains(&y)
}

/// Latitude and longitude of a point in Lambert 93: the inverse conic projection of the
/// IGN's note NTG 71, with its constants.
fn degrees(x: f64, y: f64) -> (f64, f64) {
    /// Exponent of the projection.
    const N: f64 = 0.725_607_765_053_267_3;
    /// Its constant, in metres.
    const C: f64 = 11_754_255.426_096;
    /// The pole of the projection, in metres.
    const POLE: (f64, f64) = (700_000.0, 12_655_612.049_876);
    /// First eccentricity of the ellipsoid GRS 80.
    const E: f64 = 0.081_819_191_042_815_8;
    let (east, north) = (x - POLE.0, POLE.1 - y);
    let isometric = -(east.hypot(north) / C).ln() / N;
    let mut latitude = 0.0_f64;
    // Each round gains more than two digits.
    for _ in 0..8 {
        let sine = E * latitude.sin();
        let growth = isometric + E * sine.atanh();
        latitude = 2.0 * growth.exp().atan() - std::f64::consts::FRAC_PI_2;
    }
    (latitude.to_degrees(), 3.0 + (east.atan2(north) / N).to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_become_the_degrees_of_the_official_transformation() {
        // Worked out apart, with PROJ.
        for ((x, y), (north, east)) in [
            ((700_000.0, 6_600_000.0), (46.5, 3.0)),
            ((648_952.58, 6_977_867.25), (49.897_442_982, 2.290_084_043)),
            ((1_230_000.0, 6_100_000.0), (41.808_401_584, 9.370_005_292)),
            ((150_000.0, 6_850_000.0), (48.516_296_614, -4.458_322_613)),
        ] {
            let (latitude, longitude) = degrees(x, y);
            assert!((latitude - north).abs() < 1e-8, "{x} {y}: {latitude} for {north}");
            assert!((longitude - east).abs() < 1e-8, "{x} {y}: {longitude} for {east}");
        }
    }
}
