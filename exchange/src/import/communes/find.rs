//! Finding the commune of a record from its postcode, its town and its position.

use super::{Named, Places, nearest};
use crate::import::clues::{Cedex, Clues, Found, How, without_cedex};
use crate::import::repair::tidy;
use shared::geography::{Commune, Position};
use shared::spelling::fold;

impl<'a> Places<'a> {
    /// Finds the commune. The error says why none could be, as a French sentence.
    pub(crate) fn find(&self, clues: Clues<'_>) -> Result<Found<'a>, String> {
        let (town, cedex) = without_cedex(&tidy(clues.town));
        let mut found = self.find_whole(clues, &town)?;
        let whole = found.commune;
        if let Some(part) = self.part(whole, clues, cedex) {
            found.commune = part;
            if found.how == How::Agreed {
                found.how = How::Arrondissement;
            }
            found.town = Some(whole.name.clone());
        }
        if found.how == How::Former {
            found.town = self.former_names.get(&fold(&town)).map(|name| (*name).to_owned());
        }
        let name = found.town.clone().unwrap_or_else(|| whole.name.clone());
        match cedex {
            Cedex::No => {}
            Cedex::Plain => found.town = Some(format!("{name} Cedex")),
            Cedex::Numbered(number) => found.town = Some(format!("{name} Cedex {number:02}")),
        }
        Ok(found)
    }

    /// The arrondissement of a city that the clues speak of.
    fn part(&self, whole: &Commune, clues: Clues<'_>, cedex: Cedex) -> Option<&'a Commune> {
        let parts: Vec<&'a Commune> =
            self.parts.get(whole.code.as_str())?.iter().map(|index| self.commune(*index)).collect();
        let numbered = |commune: &&&Commune| {
            let digits: String = commune.name.chars().filter(char::is_ascii_digit).collect();
            digits.parse().is_ok_and(|number| Cedex::Numbered(number) == cedex)
        };
        parts
            .iter()
            .find(|commune| {
                clues.postcode.is_some_and(|postcode| commune.postcodes.iter().any(|own| own == postcode))
            })
            .or_else(|| parts.iter().find(numbered))
            .copied()
            .or_else(|| nearest(&parts, clues.position?))
    }

    fn find_whole(&self, clues: Clues<'_>, town: &str) -> Result<Found<'a>, String> {
        let found = |commune: &'a Commune, how| Ok(Found { commune, how, town: None });
        if let Some(commune) = self.geography.current(clues.code.trim()) {
            return found(commune, How::Agreed);
        }
        let names = self.names(town);
        let of_postcode: Vec<&'a Commune> = clues
            .postcode
            .and_then(|postcode| self.by_postcode.get(postcode))
            .map_or_else(Vec::new, |list| list.iter().map(|index| self.commune(*index)).collect());
        let in_department = |commune: &Commune| {
            clues.postcode.is_none_or(|postcode| {
                let department = commune.department();
                postcode.starts_with(department)
                    || (department.starts_with('2') && postcode.starts_with("20"))
            })
        };

        // The name and the postcode agree, or the postcode is a CEDEX of the department.
        let agreeing: Vec<Named> = names
            .iter()
            .copied()
            .filter(|named| {
                let commune = self.commune(named.index);
                of_postcode.iter().any(|other| other.code == commune.code)
                    || (of_postcode.is_empty() && in_department(commune))
            })
            .collect();
        if let Some(named) = self.choose(&agreeing, clues.position) {
            let how = if named.is_former { How::Former } else { How::Agreed };
            if agreeing.len() == 1 {
                return found(self.commune(named.index), how);
            }
            let why = format!(
                "{} communes portent ce nom ; la plus proche de la position est retenue",
                agreeing.len()
            );
            return found(self.commune(named.index), How::Guessed(why));
        }

        // The town is written in short, or with a hamlet: one commune of the postcode fits.
        let around: Vec<&'a Commune> = if of_postcode.is_empty() && clues.postcode.is_some() {
            self.geography.communes().iter().filter(|commune| in_department(commune)).collect()
        } else {
            of_postcode.clone()
        };
        let folded = fold(town);
        let begins = |long: &str, short: &str| {
            short.len() >= 3 && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
        };
        let fitting: Vec<&'a Commune> = around
            .into_iter()
            .filter(|commune| {
                let name = fold(&commune.name);
                commune.parent.is_none() && (begins(&name, &folded) || begins(&folded, &name))
            })
            .collect();
        match fitting[..] {
            [commune] => return found(commune, How::Completed),
            [] => {}
            _ => {
                if let Some(commune) = clues.position.and_then(|position| nearest(&fitting, position)) {
                    let why = "plusieurs communes peuvent porter ce nom court ; la plus proche de la position est retenue";
                    return found(commune, How::Guessed(why.to_owned()));
                }
            }
        }
        self.settle(clues, &names, &of_postcode)
    }

    /// Nothing agrees: the position decides between what there is.
    fn settle(
        &self,
        clues: Clues<'_>,
        names: &[Named],
        of_postcode: &[&'a Commune],
    ) -> Result<Found<'a>, String> {
        let found = |commune: &'a Commune, how| Ok(Found { commune, how, town: None });
        let mut candidates: Vec<&'a Commune> = names.iter().map(|named| self.commune(named.index)).collect();
        let has_name = !candidates.is_empty();
        candidates.extend(of_postcode);
        if let Some(commune) = clues.position.and_then(|position| nearest(&candidates, position)) {
            let how = if has_name {
                How::Mismatch(format!("la position est à {} : cette commune est retenue", commune.name))
            } else {
                How::Guessed(format!("déduite du code postal et de la position : {}", commune.name))
            };
            return found(commune, how);
        }
        match (&candidates[..], names) {
            ([commune], _) if !has_name => {
                found(commune, How::Guessed(format!("déduite du code postal : {}", commune.name)))
            }
            (_, [only]) => {
                let commune = self.commune(only.index);
                found(commune, How::Mismatch(format!("la commune écrite est retenue : {}", commune.name)))
            }
            ([], _) => {
                let whole: Vec<&'a Commune> =
                    self.geography.communes().iter().filter(|commune| commune.parent.is_none()).collect();
                match clues.position.and_then(|position| nearest(&whole, position)) {
                    Some(commune) => {
                        found(commune, How::Guessed(format!("déduite de la position : {}", commune.name)))
                    }
                    None => {
                        Err("la commune n’existe pas, et ni le code postal ni la position ne disent laquelle"
                            .to_owned())
                    }
                }
            }
            _ => Err("plusieurs communes sont possibles, et aucune position ne dit laquelle".to_owned()),
        }
    }

    /// The communes of this name; of its parts where a hyphen joins a hamlet and a town.
    fn names(&self, town: &str) -> Vec<Named> {
        let whole = self.by_name.get(&fold(town)).cloned().unwrap_or_default();
        if !whole.is_empty() {
            return whole;
        }
        let mut named = Vec::new();
        for part in town.split([',', '/', '(', ')']).flat_map(|part| part.split(" - ")) {
            for found in self.by_name.get(&fold(part)).into_iter().flatten() {
                // "Seynod - Annecy": a former commune and today's are one place.
                match named.iter_mut().find(|other: &&mut Named| other.index == found.index) {
                    Some(other) => other.is_former &= found.is_former,
                    None => named.push(*found),
                }
            }
        }
        named
    }

    fn choose(&self, named: &[Named], position: Option<Position>) -> Option<Named> {
        match (named, position) {
            ([], _) => None,
            ([one], _) => Some(*one),
            (several, Some(position)) => several
                .iter()
                .copied()
                .min_by_key(|named| self.commune(named.index).position.distance(position)),
            (several, None) => {
                several.iter().copied().find(|named| !named.is_former).or_else(|| several.first().copied())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(postcode: &str, town: &str, position: Option<(f32, f32)>, code: &str, how: &str, written: &str) {
        let places = super::super::indexed();
        let position =
            position.map(|(latitude, longitude)| Position { latitude, longitude, approximate: false });
        let postcode = Some(postcode).filter(|postcode| !postcode.is_empty());
        let found = places.find(Clues { postcode, town, code: "", position }).unwrap();
        let kind = match found.how {
            How::Agreed => "agreed",
            How::Former => "former",
            How::Arrondissement => "part",
            How::Completed => "completed",
            How::Guessed(_) => "guessed",
            How::Mismatch(_) => "mismatch",
        };
        let town_of = found.town.as_deref().unwrap_or("");
        assert_eq!((found.commune.code.as_str(), kind, town_of), (code, how, written), "{postcode:?} {town}");
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        check("26000", "VALENCE", None, "26362", "agreed", "");
        check("38120", " ST-EGREVE", None, "38382", "agreed", "");
        check("42601", "MONTBRISON", None, "42147", "agreed", "");
        check("26100", "ROMANS", None, "26281", "completed", "");
        check("69200", "VENISSIEUX-LE-BAS", None, "69259", "completed", "");
    }

    #[test]
    fn former_communes_keep_their_name_for_the_post() {
        check("69600", "OULLINS", None, "69149", "former", "Oullins");
        check("74600", "SEYNOD - ANNECY", None, "74010", "agreed", "");
    }

    #[test]
    fn cedex_is_for_the_post_only() {
        check("38516", "VOIRON CEDEX", None, "38563", "agreed", "Voiron Cedex");
        check("73019", "CHAMBERY CEDEX  9", None, "73065", "agreed", "Chambéry Cedex 09");
    }

    #[test]
    fn a_city_with_arrondissements_is_never_the_whole_city() {
        check("69003", "LYON", None, "69383", "part", "Lyon");
        check("69365", "LYON CEDEX 07", None, "69387", "part", "Lyon Cedex 07");
        check("69000", "LYON", Some((45.7797, 4.8205)), "69384", "part", "Lyon");
    }

    #[test]
    fn a_disagreement_is_settled_by_the_position_and_told() {
        check("26000", "PRIVAS", Some((44.735, 4.598)), "07186", "mismatch", "");
        check("26000", "PRIVAS", None, "07186", "mismatch", "");
        check("26000", "NULLE-PART", None, "26362", "guessed", "");
        check("", "", Some((44.735, 4.598)), "07186", "guessed", "");
    }

    #[test]
    fn nothing_at_all_is_an_error() {
        assert!(super::super::indexed().find(Clues { town: "NULLE-PART", ..Clues::default() }).is_err());
    }
}
