//! Choosing between several communes that a record may mean, and saying why.

use super::{DOUBTFUL, Places, nearest};
use crate::import::clues::Clues;
use shared::geography::{Commune, Meters, Position};
use shared::spelling::fold;
use shared::spelling::is_postcode;

/// Where the second commune is less than so many times as far, for its size, a point is
/// between the two. Of 1 283 published places, most of those in the second one are so.
const BETWEEN: f32 = 2.0;

/// More degrees north or south than [`DOUBTFUL`] has.
const REACH: f32 = 0.1;

/// One of several communes, and why: « la seule de la région ».
pub(super) type Choice<'a> = (&'a Commune, String);

/// A commune with its department: several have one name.
pub(super) fn label(commune: &Commune) -> String {
    format!("{} ({})", commune.name, commune.department())
}

impl<'a> Places<'a> {
    /// The one of several communes that the clues speak for: the row's words, its position,
    /// then what is known of the file and the region, and at last the size. The reason is
    /// empty where there is only one.
    pub(super) fn choose(&self, communes: &[&'a Commune], clues: Clues<'_>) -> Option<Choice<'a>> {
        if communes.len() < 2 {
            return communes.first().map(|only| (*only, String::new()));
        }
        let mut left = self.named_in(communes, clues);
        if let [only] = left[..] {
            return Some((only, "la ligne la nomme".to_owned()));
        }
        if let Some(position) = clues.position {
            let point = at_point(&left, position)?;
            return Some((point.commune, point.why()));
        }
        let is_of = |department: Option<&str>, commune: &Commune| department == Some(commune.department());
        if let Some(home) = clues.home {
            narrow(&mut left, |commune| home.has(commune));
            if let [only] = left[..] {
                return Some((only, "la seule de la région".to_owned()));
            }
            let phone = home.of_phone(clues.phone());
            narrow(&mut left, |commune| is_of(phone, commune));
            if let ([only], Some(department)) = (&left[..], phone) {
                return Some((only, format!("le téléphone est du département {department}")));
            }
            let rows = home.of_rows();
            narrow(&mut left, |commune| is_of(rows, commune));
            if let ([only], Some(department)) = (&left[..], rows) {
                let why = format!("la plupart des autres lignes sont du département {department}");
                return Some((only, why));
            }
        }
        let largest = left.iter().rev().max_by_key(|commune| commune.population)?;
        Some((largest, "la plus peuplée".to_owned()))
    }

    /// The communes that a row's text names with a postcode: one of that postcode whose name
    /// follows it, else those near the position.
    pub(super) fn written(&self, clues: Clues<'_>) -> Vec<&'a Commune> {
        let text = clues.text();
        let mut rest = text.as_str();
        while let Some((word, after)) = rest.split_once(' ') {
            rest = after;
            if !is_postcode(word) {
                continue;
            }
            let communes = self.of_postcode(word);
            let mut found: Vec<&Commune> = communes
                .iter()
                .copied()
                .filter(|commune| after.starts_with(&format!("{} ", fold(self.town_of(commune)))))
                .collect();
            if let (true, Some(position)) = (found.is_empty(), clues.position) {
                found = communes;
                found.retain(|commune| commune.position.distance(position) <= DOUBTFUL);
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// The communes that a point may be in: those whose centre is near, the arrondissements of
    /// a city rather than the whole; the nearest one where none is.
    pub(super) fn around(&self, position: Position) -> Vec<&'a Commune> {
        let all = self.geography.communes();
        let near = |commune: &&Commune| {
            (commune.position.latitude - position.latitude).abs() < REACH
                && commune.position.distance(position) <= DOUBTFUL
                && !self.parts.contains_key(commune.code.as_str())
        };
        let found: Vec<&Commune> = all.iter().filter(near).collect();
        if found.is_empty() { nearest(all, position).into_iter().collect() } else { found }
    }

    /// What the post calls a commune: an arrondissement by its city.
    pub(super) fn town_of(&self, commune: &'a Commune) -> &'a str {
        let whole = commune.parent.as_ref().and_then(|parent| self.geography.commune(parent));
        &whole.unwrap_or(commune).name
    }

    /// Those that the row's text names, by the longest of the names; all where it names none.
    pub(super) fn named_in(&self, communes: &[&'a Commune], clues: Clues<'_>) -> Vec<&'a Commune> {
        let text = clues.text();
        let named = |commune: &&'a Commune| {
            let name = fold(self.town_of(commune));
            if name.len() > 2 && text.contains(&format!(" {name} ")) { name.len() } else { 0 }
        };
        let longest = communes.iter().map(&named).max().unwrap_or_default();
        communes.iter().copied().filter(|commune| named(commune) == longest).collect()
    }
}

/// Keeps some of them, where there are some.
fn narrow<'a>(left: &mut Vec<&'a Commune>, is_kept: impl Fn(&'a Commune) -> bool) {
    let kept: Vec<&Commune> = left.iter().copied().filter(|commune| is_kept(commune)).collect();
    if !kept.is_empty() {
        *left = kept;
    }
}

/// The commune that a point is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point<'a> {
    /// It.
    pub(super) commune: &'a Commune,
    /// A neighbour that it may as well be in.
    pub(super) rival: Option<&'a Commune>,
    /// Whether its centre is near enough for sizes to count.
    is_near: bool,
}

impl Point<'_> {
    /// Why this commune, as the end of a French sentence.
    pub(super) fn why(&self) -> String {
        match self.rival {
            Some(rival) => {
                format!("un point entre {} et {}, à vérifier", label(self.commune), label(rival))
            }
            None if self.is_near => "d’après la position et la taille des communes".to_owned(),
            None => "la plus proche de la position".to_owned(),
        }
    }
}

/// Finds the commune that a point is in. The reference knows no outlines, only centres: a large
/// town reaches further than a village, hence a distance counts for less the more people live
/// there. On published places that errs half as often as the nearest centre.
pub(super) fn at_point<'a>(communes: &[&'a Commune], position: Position) -> Option<Point<'a>> {
    #[expect(clippy::cast_precision_loss, reason = "at most ten kilometres, and some million people")]
    let score = |commune: &Commune, distance: Meters| {
        distance.0.max(CENTRE) as f32 / (commune.population.max(1) as f32).sqrt()
    };
    let mut near: Vec<(f32, &Commune)> = Vec::new();
    for commune in communes {
        let distance = commune.position.distance(position);
        if distance <= DOUBTFUL {
            near.push((score(commune, distance), commune));
        }
    }
    near.sort_by(|one, other| one.0.total_cmp(&other.0));
    let rival = match near[..] {
        [(own, _), (other, rival), ..] if other < own * BETWEEN => Some(rival),
        _ => None,
    };
    let is_near = !near.is_empty();
    let commune = match near.first() {
        Some((_, commune)) => commune,
        None => nearest(communes.iter().copied(), position)?,
    };
    Some(Point { commune, rival, is_near })
}

/// Within this of a centre, in metres, nothing is nearer.
const CENTRE: u32 = 50;
