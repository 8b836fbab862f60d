//! Maps drawn by us: communes as marks whose colour, shape and size say how far the nearest
//! place is, on the land worked out from their centres. No tile, no request.

use super::Survey;
use super::areas::Row;
use super::marks::{Classes, LOOKS, mark, number, pin, stroke};
use super::nearest::Need;
use super::outline::{Point, outlines};
use super::scope::AreaKind;
use crate::report::markup::Escaped;
use crate::report::measure::Font;
use shared::directory::Level;
use shared::geography::{Meters, Position};
use std::fmt::Write;

/// The longer side of a map, in units of the drawing.
const SIDE: f32 = 1000.0;
/// Around the outermost communes.
const MARGIN: f32 = 45.0;
/// How far from the centre of a commune its land goes, in kilometres.
const LAND_KM: f32 = 6.5;
/// Places nearer to each other than this share a pin.
const ONE_PIN: f32 = 11.0;
/// How many of the largest communes are named.
const NAMED: usize = 14;

/// What all maps of a survey share.
pub(super) struct Map {
    width: f32,
    height: f32,
    land: String,
    points: Vec<Point>,
    /// The places, with the needs that each meets.
    pins: Vec<(Point, Vec<Need>)>,
    names: String,
    /// Half the width of a mark.
    size: f32,
    units_per_km: f32,
}

impl Map {
    /// Prepares the maps of a survey; `None` for a single commune.
    pub(super) fn new(survey: &Survey) -> Option<Self> {
        let communes = &survey.scope.communes;
        if survey.scope.kind == AreaKind::Commune || communes.len() < 2 {
            return None;
        }
        let bounds = |of: &dyn Fn(Position) -> f32| {
            communes
                .iter()
                .map(|commune| of(commune.position))
                .fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)))
        };
        let (south, north) = bounds(&|position| position.latitude);
        let (west, east) = bounds(&|position| position.longitude);
        // An equirectangular projection: at this size the shapes of a region are right.
        let narrowing = f32::midpoint(south, north).to_radians().cos();
        let (wide, high) = ((east - west) * narrowing, north - south);
        let scale = SIDE / wide.max(high).max(0.01);
        let units_per_km = scale / 111.195;
        let project = |position: Position| {
            let east = (position.longitude - west) * narrowing;
            (east.mul_add(scale, MARGIN), (north - position.latitude).mul_add(scale, MARGIN))
        };
        let (width, height) = (2.0_f32.mul_add(MARGIN, wide * scale), 2.0_f32.mul_add(MARGIN, high * scale));
        let points: Vec<Point> = communes.iter().map(|commune| project(commune.position)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        let size = ((wide * high * scale * scale / points.len() as f32).sqrt() * 0.2).clamp(2.6, 8.0);
        let mut map = Self {
            width,
            height,
            land: String::new(),
            points,
            pins: Vec::new(),
            names: String::new(),
            size,
            units_per_km,
        };
        map.land = map.land(survey);
        map.pins = map.pins(survey, &project);
        // On a narrow screen only few names can be read.
        map.names = map.names(survey, "many", 22.0, NAMED) + &map.names(survey, "few", 44.0, NAMED / 3);
        Some(map)
    }

    fn land(&self, survey: &Survey) -> String {
        let departments = &survey.directory.edition.region.departments;
        let group =
            |code: &str| departments.iter().position(|department| department.code == code).unwrap_or(0);
        let centres: Vec<(Point, usize)> = survey
            .scope
            .communes
            .iter()
            .zip(&self.points)
            .map(|(commune, point)| (*point, group(commune.department())))
            .collect();
        let near = (LAND_KM * self.units_per_km).min(MARGIN - 5.0);
        let mut land = String::new();
        for outlines in outlines(&centres, departments.len(), (self.width, self.height), near) {
            let mut path = String::new();
            for outline in outlines {
                let mut command = 'M';
                for (x, y) in outline {
                    let _ = write!(path, "{command}{} {}", number(x), number(y));
                    command = 'L';
                }
                path.push('Z');
            }
            if !path.is_empty() {
                let _ = write!(land, "<path d=\"{path}\"/>");
            }
        }
        land
    }

    /// The places that count, within the frame: those of the neighbours count too.
    fn pins(&self, survey: &Survey, project: &dyn Fn(Position) -> Point) -> Vec<(Point, Vec<Need>)> {
        let networks = &survey.directory.edition.networks;
        let mut pins: Vec<(Point, Vec<Need>)> = survey
            .directory
            .structures
            .iter()
            .enumerate()
            .filter(|(index, _)| survey.counts(*index))
            .filter_map(|(_, structure)| {
                let commune = survey.geography.current(&structure.commune)?;
                let point = project(structure.position.unwrap_or(commune.position));
                let network = networks.iter().find(|network| network.id == structure.network)?;
                let services = structure.services.as_ref().unwrap_or(&network.services);
                let needs = services
                    .iter()
                    .map(|service| match service.level() {
                        Level::One => Need::Reception,
                        Level::Two => Need::LevelTwo,
                    })
                    .collect();
                let is_inside =
                    (12.0..self.width - 12.0).contains(&point.0) && (20.0..self.height).contains(&point.1);
                is_inside.then_some((point, needs))
            })
            .collect();
        // From north to south, so that a pin stands before those behind it.
        pins.sort_by(|(a, _), (b, _)| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
        pins
    }

    fn pin_path(&self, need: Need) -> String {
        // Pins that would hide each other are one: a city is not a heap.
        let mut points: Vec<Point> = Vec::new();
        for (point, needs) in &self.pins {
            let is_near =
                |other: &Point| (other.0 - point.0).abs() < ONE_PIN && (other.1 - point.1).abs() < ONE_PIN;
            if needs.contains(&need) && !points.iter().any(is_near) {
                points.push(*point);
            }
        }
        let mut path = String::new();
        for point in points {
            pin(point, 15.0, &mut path);
        }
        path
    }

    /// The names of the largest communes, wherever there is room for them in this size.
    fn names(&self, survey: &Survey, class: &str, size: f32, count: usize) -> String {
        let font = Font::bold(size);
        let mut largest: Vec<usize> = (0..self.points.len()).collect();
        // Of a city with arrondissements, the first speaks for all.
        let city_of = |index: usize| {
            let commune = survey.scope.communes[index];
            let city = commune.parent.as_deref().and_then(|code| survey.geography.commune(code));
            city.map_or((commune.population, commune.name.as_str()), |city| {
                (city.population, city.name.as_str())
            })
        };
        largest.sort_by_key(|index| (std::cmp::Reverse(city_of(*index).0), *index));
        let mut boxes: Vec<(f32, f32, f32, f32)> = Vec::new();
        let mut said: Vec<&str> = Vec::new();
        let mut names = format!("<g class=\"names {class}\">");
        for index in largest.into_iter().take(count * 3) {
            let (_, name) = city_of(index);
            let (x, y) = self.points[index];
            let width = font.width(name);
            // On the side with more room.
            let left = if x + 14.0 + width < self.width { x + 14.0 } else { x - 14.0 - width };
            let area = (left - 6.0, y - size, left + width + 6.0, y + size / 2.0);
            let is_free = boxes
                .iter()
                .all(|other| area.2 < other.0 || other.2 < area.0 || area.3 < other.1 || other.3 < area.1);
            if said.contains(&name) || !is_free || left < 4.0 {
                continue;
            }
            let _ = write!(
                names,
                "<text x=\"{}\" y=\"{}\">{}</text>",
                number(left),
                number(y + 2.0),
                Escaped(name)
            );
            boxes.push(area);
            said.push(name);
            if boxes.len() == count {
                break;
            }
        }
        names.push_str("</g>");
        names
    }

    /// The land, once for all maps of the page.
    pub(super) fn definitions(&self) -> String {
        format!(
            "<svg class=\"away\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><g id=\"land\">{}</g></defs></svg>\n",
            self.land
        )
    }

    /// The marks of the communes. `distance` says how far the nearest place is in each.
    pub(super) fn marks(
        &self,
        survey: &Survey,
        classes: &Classes,
        factor: f32,
        distance: &dyn Fn(Row) -> Option<Meters>,
    ) -> String {
        let size = self.size * factor;
        let mut paths = vec![String::new(); LOOKS];
        for (row, point) in survey.rows().zip(&self.points) {
            let look = classes.look(classes.of(distance(row)));
            mark(look, *point, size, &mut paths[look]);
        }
        let mut marks = String::new();
        for (look, path) in paths.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
            let stroke = stroke(look, size);
            let _ = write!(marks, "<path class=\"m{look}\" stroke-width=\"{stroke}\" d=\"{path}\"/>");
        }
        marks
    }

    /// A small map: marks on the land.
    pub(super) fn small(&self, (title, description): (&str, &str), marks: &str) -> String {
        format!(
            "<svg class=\"map\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><desc>{}</desc><use href=\"#land\" class=\"land\"/>{marks}</svg>",
            number(self.width),
            number(self.height),
            Escaped(title),
            Escaped(description)
        )
    }

    /// A large map, with names, a scale and the places that meet a need.
    pub(super) fn large(&self, texts: (&str, &str), marks: &str, need: Need) -> String {
        let more = format!(
            "{marks}<path class=\"pin\" d=\"{}\"/>{}{}",
            self.pin_path(need),
            self.names,
            self.scale()
        );
        self.small(texts, &more)
    }

    /// A bar of a round number of kilometres.
    fn scale(&self) -> String {
        let km = [50_u8, 20, 10, 5, 2, 1]
            .into_iter()
            .find(|km| f32::from(*km) * self.units_per_km < self.width / 4.0)
            .unwrap_or(1);
        let (x, y) = (12.0, self.height - 14.0);
        format!(
            "<g class=\"scale\"><path d=\"M{0} {1}v6h{2}v-6\"/><text x=\"{0}\" y=\"{3}\">{km}\u{a0}km</text></g>",
            number(x),
            number(y),
            number(f32::from(km) * self.units_per_km),
            number(y - 6.0)
        )
    }
}
