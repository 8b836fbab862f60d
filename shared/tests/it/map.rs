//! The picture of where a place is says what the distance and the directory say.

use crate::people::PAGE_2026;
use crate::shipped::REGION_2026;
use shared::map::{Label, Map};
use shared::recommend::{Target, plan, recommend};
use shared::texts::Key;
use shared::wording::distance;

const DIRECTIONS: [Key; 8] = [
    Key::MapNorth,
    Key::MapNorthEast,
    Key::MapEast,
    Key::MapSouthEast,
    Key::MapSouth,
    Key::MapSouthWest,
    Key::MapWest,
    Key::MapNorthWest,
];

/// The points of a path, each as from the left and from the top.
fn points(path: &str) -> Vec<(f64, f64)> {
    let numbers = |point: &str| {
        let point = point.strip_suffix("h.01").unwrap_or(point);
        let (x, y) = point.split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    path.split(['M', 'L']).filter(|point| !point.is_empty()).map(numbers).collect()
}

fn length(path: &str) -> f64 {
    let points = points(path);
    let [(x, y), (to_x, to_y)] = points[..] else { panic!("two ends of {path}") };
    f64::hypot(to_x - x, to_y - y)
}

/// Half of what the widest usual letters of a name take.
fn half(name: &str) -> f64 {
    4.5 * f64::from(u32::try_from(name.len()).unwrap())
}

#[test]
fn a_picture_agrees_with_the_distance_and_the_direction_and_nothing_leaves_it() {
    let page = &*PAGE_2026;
    let (mut drawn, mut with_others) = (0, 0);
    for piece in &page.departments {
        for (commune, given) in
            piece.communes.iter().step_by(9).zip(page.everybody().iter().step_by(7).cycle())
        {
            let plan = plan(&page.guide, given, &page.today);
            let found = recommend(&page.guide, &plan, given, piece, &commune.code).unwrap();
            let name = REGION_2026.commune(&commune.code).unwrap().name.as_str();
            let map = Map::new(piece, &commune.code, Some(name), &found);
            let Target::Place(chosen) = found.main.target else {
                assert_eq!(map, None);
                continue;
            };
            let is_here = distance(piece, &commune.code, chosen) == Key::DistanceHere;
            let who = format!("{} {}", commune.code, piece.places[chosen.place].id);
            assert_eq!(map.is_none(), is_here, "{who}");
            let Some(map) = map else { continue };
            drawn += 1;

            for (class, path) in &map.paths {
                for (x, y) in points(path) {
                    assert!(
                        (1.0..=319.0).contains(&x) && (1.0..=195.0).contains(&y),
                        "{who}: {class} {path}"
                    );
                }
            }
            let place = &piece.places[chosen.place];
            let scale = format!("{} km", map.scale);
            let mut named = vec![scale.as_str(), name, &place.commune];
            named.dedup();
            assert_eq!(
                map.labels.iter().map(|label| label.text.as_str()).collect::<Vec<_>>(),
                named,
                "{who}"
            );
            let at = |label: &Label| (label.x.parse::<f64>().unwrap(), label.y.parse::<f64>().unwrap());
            for (index, label) in map.labels.iter().enumerate() {
                let ((x, y), wide) = (at(label), half(&label.text));
                assert!(
                    x - wide >= -1.0 && x + wide <= 321.0 && (14.0..=192.0).contains(&y),
                    "{who}: {label:?}"
                );
                for other in &map.labels[..index] {
                    let (other_x, other_y) = at(other);
                    let apart = (x - other_x).abs() - wide - half(&other.text);
                    assert!((y - other_y).abs() >= 14.0 || apart >= 0.0, "{who}: {label:?} on {other:?}");
                }
            }
            let [_, (_, others), (_, lines), (_, home), (_, there)] = &map.paths;
            let (way, scale) = lines.split_at(lines.rfind('M').unwrap());
            assert_eq!(points(way), [points(home), points(there)].concat(), "{who}");
            with_others += u32::from(!others.is_empty());
            // A pixel at each end is rounded.
            let metre = length(scale) / f64::from(map.scale) / 1000.0;
            let metres = f64::from(chosen.distance.0);
            let off = length(way) / metre - metres;
            assert!(off.abs() < 4.0 / metre + metres * 0.05, "{who}: {off} m");

            let (from, to) = (commune.position, piece.places[chosen.place].position);
            let north = f64::from(to.latitude - from.latitude);
            let east = f64::from(to.longitude - from.longitude) * f64::from(from.latitude).to_radians().cos();
            let eighths = east.atan2(north).to_degrees().rem_euclid(360.0) / 45.0;
            let near = |key: &Key| *key == map.direction;
            let said =
                DIRECTIONS.iter().position(near).map_or(0.0, |index| f64::from(u8::try_from(index).unwrap()));
            let off = (eighths - said).rem_euclid(8.0).min((said - eighths).rem_euclid(8.0));
            assert!(off < 0.53, "{who}: {:?} for {eighths}", map.direction);
        }
    }
    assert!(drawn > 150 && with_others > 50, "{drawn}, {with_others} with others");
}
