//! The communes by their names, postcodes and positions.

mod called;
mod choose;
mod find;

use super::clues::envelope;
use super::wording::of_commune;
use shared::geography::{Commune, Geography, Meters, Position};
use shared::spelling::{fold, in_full};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Beyond this from its commune's centre, a position that is much nearer to another
/// commune is doubtful. The largest communes of the country are some 30 km across.
const DOUBTFUL: Meters = Meters(10_000);

/// From this many letters on, a word of a commune's name says which it is.
const LONG_WORD: usize = 5;

/// Within this, a name in a text is likely to be that of a commune.
const NEARBY: Meters = Meters(60_000);

type Words = HashMap<String, Vec<(String, usize)>>;

/// A commune under one of its names.
#[derive(Debug, Clone, Copy)]
struct Named {
    index: usize,
    is_former: bool,
}

/// The communes by name and postcode.
pub(crate) struct Places<'a> {
    geography: &'a Geography,
    by_name: HashMap<String, Vec<Named>>,
    by_postcode: HashMap<&'a str, Vec<usize>>,
    by_department: HashMap<&'a str, Vec<usize>>,
    former_names: HashMap<String, &'a str>,
    /// Long words of names, folded → as the names write them, and whose they are: only names in
    /// capitals ask for them.
    words: OnceLock<Words>,
    /// Whole communes → their arrondissements.
    parts: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Places<'a> {
    /// Indexes the communes.
    pub(crate) fn new(geography: &'a Geography) -> Self {
        let mut by_name: HashMap<String, Vec<Named>> = HashMap::new();
        let mut by_postcode: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_department: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut parts: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut index_of: HashMap<&str, usize> = HashMap::new();
        for (index, commune) in geography.communes().iter().enumerate() {
            index_of.insert(&commune.code, index);
            by_name.entry(fold(&commune.name)).or_default().push(Named { index, is_former: false });
            by_department.entry(commune.department()).or_default().push(index);
            for postcode in &commune.postcodes {
                by_postcode.entry(postcode).or_default().push(index);
            }
            if let Some(parent) = &commune.parent {
                parts.entry(parent).or_default().push(index);
            }
        }
        let mut former_names = HashMap::new();
        for (name, today) in geography.former() {
            let Some(index) = index_of.get(today).copied() else { continue };
            former_names.insert(fold(name), name);
            let names = by_name.entry(fold(name)).or_default();
            if !names.iter().any(|named| named.index == index) {
                names.push(Named { index, is_former: true });
            }
        }
        for names in by_name.values_mut() {
            names.sort_by_key(|named| named.index);
        }
        Self { geography, by_name, by_postcode, by_department, former_names, words: OnceLock::new(), parts }
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| words(self.geography))
    }

    fn commune(&self, index: usize) -> &'a Commune {
        &self.geography.communes()[index]
    }

    /// The official name, current or former, of a commune that folds to these words and
    /// is not far from another.
    pub(crate) fn name_near(&self, folded: &str, near: &Commune) -> Option<&'a str> {
        let named = self.by_name.get(folded)?;
        let named = named
            .iter()
            .find(|named| self.commune(named.index).position.distance(near.position) <= NEARBY)?;
        if named.is_former {
            self.former_names.get(folded).copied()
        } else {
            Some(&self.commune(named.index).name)
        }
    }

    /// A word as the name of a commune not far from another writes it.
    pub(crate) fn word_near(&self, folded: &str, near: &Commune) -> Option<&str> {
        let list = self.words().get(folded)?;
        let is_near = |index: usize| self.commune(index).position.distance(near.position) <= NEARBY;
        list.iter().find(|(_, index)| is_near(*index)).map(|(word, _)| word.as_str())
    }

    /// Whether a commune has this name today, or had it, however an envelope writes it.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        !self.named(&envelope(name).town).is_empty()
    }

    /// The communes of this name, in short or in full.
    fn named(&self, name: &str) -> &[Named] {
        let folded = fold(name);
        let found = self.by_name.get(&folded).or_else(|| self.by_name.get(&in_full(&folded)?));
        found.map_or(&[], Vec::as_slice)
    }

    /// The communes that have this postcode.
    pub(crate) fn of_postcode(&self, postcode: &str) -> Vec<&'a Commune> {
        let list = self.by_postcode.get(postcode);
        list.into_iter().flatten().map(|index| self.commune(*index)).collect()
    }

    /// Whether a place of the country has this postcode; CEDEX codes belong to none.
    pub(crate) fn has_postcode(&self, postcode: &str) -> bool {
        self.by_postcode.contains_key(postcode)
    }

    /// Whether a town, with or without a CEDEX, is the name of other communes only.
    pub(crate) fn is_of_another(&self, town: &str, commune: &Commune) -> bool {
        let named = self.named(&envelope(town).town);
        !named.is_empty()
            && !named.iter().any(|named| {
                let code = &self.commune(named.index).code;
                *code == commune.code || Some(code) == commune.parent.as_ref()
            })
    }

    /// What is wrong with an INSEE code of a record in this commune, as a French sentence: it is
    /// another commune's, or nobody's. A blank one is not wrong.
    pub(crate) fn fault_of_code(&self, code: &str, commune: Option<&Commune>) -> Option<String> {
        let of_code = self.of_postcode(code);
        let Some(coded) = self.geography.current(code) else {
            let what = match of_code.first() {
                Some(first) => format!("c’est le code postal {}", of_commune(&first.name)),
                None => "le code postal et le nom ont servi à sa place".to_owned(),
            };
            return (!code.is_empty()).then(|| format!("ce n’est pas un code INSEE de commune : {what}"));
        };
        let commune = commune.filter(|commune| !is_one_place(commune, coded))?;
        let is_own_postcode = of_code.iter().any(|other| is_one_place(other, commune));
        let aside = if is_own_postcode { ", et un code postal de la première" } else { "" };
        let (own, other) = (of_commune(&commune.name), of_commune(&coded.name));
        Some(format!(
            "la fiche est {own}, dont le code INSEE est {} : {code} est celui {other}{aside}",
            commune.code
        ))
    }

    /// How far a position is from its commune, where that is too far to be believed: more
    /// than ten kilometres, and another commune much nearer.
    pub(crate) fn doubtful_distance(
        &self,
        commune: &Commune,
        position: Position,
    ) -> Option<(Meters, &'a Commune)> {
        let distance = commune.position.distance(position);
        if distance <= DOUBTFUL {
            return None;
        }
        let closest = nearest(self.geography.communes(), position)?;
        let is_doubtful = closest.position.distance(position).0 < distance.0 / 3;
        is_doubtful.then_some((distance, closest))
    }
}

fn words(geography: &Geography) -> Words {
    let index_of: HashMap<&str, usize> = geography
        .communes()
        .iter()
        .enumerate()
        .map(|(index, commune)| (commune.code.as_str(), index))
        .collect();
    let mut words = Words::new();
    let today = geography.communes().iter().map(|commune| (commune.name.as_str(), commune.code.as_str()));
    for (name, code) in today.chain(geography.former()) {
        let Some(index) = index_of.get(code).copied() else { continue };
        for word in name.split([' ', '-', '\'']).filter(|word| word.len() >= LONG_WORD) {
            if word.starts_with(char::is_uppercase) {
                words.entry(fold(word)).or_default().push((word.to_owned(), index));
            }
        }
    }
    // Former communes come in no order.
    for list in words.values_mut() {
        list.sort_unstable();
    }
    words
}

/// Whether two are one commune, or one is an arrondissement of the other.
fn is_one_place(one: &Commune, other: &Commune) -> bool {
    one.code == other.code
        || one.parent.as_ref() == Some(&other.code)
        || other.parent.as_ref() == Some(&one.code)
}

fn nearest<'a>(communes: impl IntoIterator<Item = &'a Commune>, position: Position) -> Option<&'a Commune> {
    communes.into_iter().min_by_key(|commune| commune.position.distance(position))
}

/// The region's communes, indexed once for all tests of this crate.
#[cfg(test)]
pub(crate) fn indexed() -> &'static Places<'static> {
    static PLACES: std::sync::LazyLock<Places<'static>> =
        std::sync::LazyLock::new(|| Places::new(crate::reference::geography()));
    &PLACES
}
