//! The communes of France: the reference against which a directory is checked and
//! compiled. It is data that the caller passes in; nothing here knows a region.

use crate::spelling::fold;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;

/// A distance in metres along the surface, as the crow flies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Meters(pub u32);

impl Meters {
    /// Whole kilometres.
    pub const fn from_km(km: u16) -> Self {
        Self(km as u32 * 1000)
    }
}

impl fmt::Display for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} m", self.0)
    }
}

/// Of latitude, on the mean sphere.
const METERS_PER_DEGREE: f32 = 111_195.0;

/// A position in decimal degrees (WGS 84).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Degrees north, −90 to 90.
    pub latitude: f32,
    /// Degrees east, −180 to 180.
    pub longitude: f32,
    /// Derived from a neighbour, a postcode or the commune: good enough to rank places,
    /// not to draw a route.
    #[serde(default)]
    pub approximate: bool,
}

impl Position {
    /// The distance to another position.
    ///
    /// An equirectangular projection at the mean latitude: within 0.2 % of the great
    /// circle up to 300 km, and a tenth of the code of the haversine in the element.
    pub fn distance(self, other: Self) -> Meters {
        let (east, north) = self.offset(other);
        let squared = north * north + east * east;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "never negative, under 40 million"
        )]
        Meters((squared.sqrt() * METERS_PER_DEGREE) as u32)
    }

    /// How far another position is to the east and to the north, in degrees of latitude.
    fn offset(self, other: Self) -> (f32, f32) {
        let north = other.latitude - self.latitude;
        let east =
            (other.longitude - self.longitude) * cos_degrees(f32::midpoint(self.latitude, other.latitude));
        (east, north)
    }

    /// The same in kilometres.
    pub fn kilometres_to(self, other: Self) -> (f32, f32) {
        let (east, north) = self.offset(other);
        (east * (METERS_PER_DEGREE / 1000.0), north * (METERS_PER_DEGREE / 1000.0))
    }

    /// Whether another position is certainly farther than this: its parallel or its meridian alone is.
    /// Far from exact, and a fraction of the time of [`Self::distance`].
    pub fn is_beyond(self, other: Self, distance: Meters) -> bool {
        // A little less than a degree has, so that rounding never puts a near place away.
        const METERS_PER_DEGREE: f32 = 111_000.0;
        #[expect(clippy::cast_precision_loss, reason = "a reach of some kilometres")]
        let most = distance.0 as f32;
        if (other.latitude - self.latitude).abs() * METERS_PER_DEGREE > most {
            return true;
        }
        // A degree of longitude is the shortest at the higher of both latitudes; a cosine is never less
        // than the first two terms of its series.
        let angle = self.latitude.abs().max(other.latitude.abs()).to_radians();
        (other.longitude - self.longitude).abs() * (1.0 - angle * angle / 2.0) * METERS_PER_DEGREE > most
    }

    /// Whether both numbers are in range and not the null island that a blank cell gives.
    pub fn is_plausible(self) -> bool {
        (-90.0..=90.0).contains(&self.latitude)
            && (-180.0..=180.0).contains(&self.longitude)
            && !(self.latitude.abs() < 0.01 && self.longitude.abs() < 0.01)
    }
}

/// The cosine of an angle in degrees by its series: exact to six digits between −90 and
/// 90, and it keeps the trigonometric tables of the standard library out of the element.
fn cos_degrees(angle: f32) -> f32 {
    let x = angle.to_radians();
    let x2 = x * x;
    1.0 - x2 / 2.0 * (1.0 - x2 / 12.0 * (1.0 - x2 / 30.0 * (1.0 - x2 / 56.0 * (1.0 - x2 / 90.0))))
}

/// One commune, or one municipal arrondissement of Lyon, Marseille or Paris.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// INSEE code, five characters, such as `26281` or `2A004`.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Postcodes, five digits each.
    pub postcodes: Vec<String>,
    /// Inhabitants; 0 where it is not known.
    pub population: u32,
    /// The commune's centre.
    pub position: Position,
    /// SIREN number of its intercommunality, or empty.
    pub intercommunality: String,
    /// For an arrondissement, the code of the whole commune.
    pub parent: Option<String>,
}

impl Commune {
    /// The department's code: two characters, three overseas.
    pub fn department(&self) -> &str {
        department_of(&self.code)
    }

    /// The code of the whole commune: its own, for an arrondissement its city's.
    pub fn city(&self) -> &str {
        self.parent.as_deref().unwrap_or(&self.code)
    }
}

/// The department that an INSEE commune code belongs to.
///
/// ```
/// assert_eq!(shared::geography::department_of("26281"), "26");
/// assert_eq!(shared::geography::department_of("97411"), "974");
/// ```
pub fn department_of(commune: &str) -> &str {
    let length = if commune.starts_with("97") || commune.starts_with("98") { 3 } else { 2 };
    commune.get(..length).unwrap_or(commune)
}

/// Why the reference could not be read. It is our own file: this is a developer's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedGeography {
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for MalformedGeography {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the commune reference is malformed at line {}", self.line)
    }
}

impl std::error::Error for MalformedGeography {}

/// The communes, by code, with the former ones that lead to them.
#[derive(Debug, Clone, Default)]
pub struct Geography {
    communes: Vec<Commune>,
    /// Former code → (former name, today's code).
    former: HashMap<String, (String, String)>,
}

impl Geography {
    /// Reads `communes.tsv` and `former-communes.tsv` (see `shared/data`), keeping the
    /// communes whose department `keep` accepts.
    pub fn parse(
        communes: &str,
        former: &str,
        keep: &dyn Fn(&str) -> bool,
    ) -> Result<Self, MalformedGeography> {
        let mut geography = Self::default();
        for (number, line) in lines(communes) {
            let malformed = MalformedGeography { line: number };
            let mut fields = line.split('\t');
            let mut next = || fields.next().ok_or(malformed);
            let (code, name, postcodes, population) = (next()?, next()?, next()?, next()?);
            let (latitude, longitude, precision, intercommunality, parent) =
                (next()?, next()?, next()?, next()?, next()?);
            if !keep(department_of(code)) {
                continue;
            }
            geography.communes.push(Commune {
                code: code.to_owned(),
                name: name.to_owned(),
                postcodes: postcodes.split(' ').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
                population: population.parse().map_err(|_| malformed)?,
                position: Position {
                    latitude: latitude.parse().map_err(|_| malformed)?,
                    longitude: longitude.parse().map_err(|_| malformed)?,
                    approximate: precision == "~",
                },
                intercommunality: intercommunality.to_owned(),
                parent: Some(parent.to_owned()).filter(|parent| !parent.is_empty()),
            });
        }
        // As they are in the file: then this only looks.
        geography.communes.sort_by(|one, other| one.code.cmp(&other.code));
        for (number, line) in lines(former) {
            let mut fields = line.split('\t');
            let (Some(code), Some(name), Some(today)) = (fields.next(), fields.next(), fields.next()) else {
                return Err(MalformedGeography { line: number });
            };
            if geography.commune(today).is_some() {
                geography.former.insert(code.to_owned(), (name.to_owned(), today.to_owned()));
            }
        }
        Ok(geography)
    }

    /// Every commune, sorted by code.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// The commune with this code.
    pub fn commune(&self, code: &str) -> Option<&Commune> {
        let found = self.communes.binary_search_by(|commune| commune.code.as_str().cmp(code));
        found.ok().map(|index| &self.communes[index])
    }

    /// Today's commune for this code, current or former.
    pub fn current(&self, code: &str) -> Option<&Commune> {
        self.commune(code).or_else(|| self.commune(&self.former.get(code)?.1))
    }

    /// Former communes: (former name, today's code), in no order.
    pub fn former(&self) -> impl Iterator<Item = (&str, &str)> {
        self.former.values().map(|(name, today)| (name.as_str(), today.as_str()))
    }

    /// The communes whose name, or whose former name, folds to the same as this one.
    pub fn named(&self, name: &str) -> Vec<&Commune> {
        let folded = fold(name);
        let mut found: Vec<&Commune> =
            self.communes.iter().filter(|commune| fold(&commune.name) == folded).collect();
        for (former, today) in self.former() {
            if fold(former) == folded {
                found.extend(self.commune(today).filter(|commune| !found.contains(commune)));
            }
        }
        found
    }
}

/// The data lines with their numbers: no comment, no blank.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(latitude: f32, longitude: f32) -> Position {
        Position { latitude, longitude, approximate: false }
    }

    #[test]
    fn distances_agree_with_the_great_circle() {
        // Haversine on a sphere of 6 371 km, worked out apart.
        for (from, to, meters) in [
            (at(45.7640, 4.8357), at(45.1885, 5.7245), 94_193), // Lyon, Grenoble
            (at(45.0460, 5.0520), at(44.7350, 4.5980), 49_780), // Romans-sur-Isère, Privas
            (at(48.8566, 2.3522), at(43.2965, 5.3698), 660_475), // Paris, Marseille
        ] {
            let found = from.distance(to).0;
            assert!(found.abs_diff(meters) * 100 < meters, "{found} m for {meters} m");
        }
        assert_eq!(at(45.0, 5.0).distance(at(45.0, 5.0)), Meters(0));
    }

    #[test]
    fn the_cosine_series_is_close_everywhere() {
        for degrees in -90_i16..=90 {
            let angle = f32::from(degrees);
            assert!((cos_degrees(angle) - angle.to_radians().cos()).abs() < 1e-5, "{angle}");
        }
    }

    #[test]
    fn former_communes_lead_to_todays() {
        let communes = "# comment\n01033\tValserhône\t01200\t16000\t46.11\t5.82\t\t240100891\t\n";
        let former = "01091\tChâtillon-en-Michaille\t01033\n";
        let geography = Geography::parse(communes, former, &|_| true).unwrap();
        assert_eq!(geography.current("01091").unwrap().code, "01033");
        assert_eq!(geography.named("CHATILLON EN MICHAILLE")[0].code, "01033");
        assert_eq!(Geography::parse("01033\tX\n", "", &|_| true).unwrap_err().line, 1);
        assert!(
            Geography::parse(communes, former, &|department| department == "26")
                .unwrap()
                .communes()
                .is_empty()
        );
    }

    /// The engine never asks it, and both the pieces and the proof do: it must not hide a place.
    #[test]
    fn what_is_beyond_is_farther() {
        let reach = Meters::from_km(50);
        let at = |latitude: f32, longitude: f32| Position { latitude, longitude, approximate: false };
        let mut beyond = 0;
        let directions = [(5e-5, 0.0), (0.0, 1e-4), (-3e-5, 5e-5)];
        for (south, (north, east)) in
            [-21.1_f32, 0.0, 41.4, 45.75, 51.0].into_iter().flat_map(|south| directions.map(|to| (south, to)))
        {
            for step in 0..20_000_u16 {
                let step = f32::from(step);
                let (here, there) = (at(south, 4.8), at(south + step * north, 4.8 + step * east));
                if here.is_beyond(there, reach) {
                    beyond += 1;
                    assert!(
                        here.distance(there) > reach && there.is_beyond(here, reach),
                        "{here:?} {there:?}"
                    );
                }
            }
        }
        assert!(beyond > 150_000, "it spares something: {beyond}");
    }
}
