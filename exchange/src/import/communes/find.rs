//! Finding the commune of a record from its code, its postcode, its town and its position.

use super::called::{Names, fits, number_of, written};
use super::choose::{at_point, label};
use super::{Named, Places, is_one_place};
use crate::import::clues::{Cedex, Clues, Envelope, Found, How, envelope};
use crate::import::repair::tidy;
use shared::geography::Commune;
use shared::spelling::fold;

/// A commune and how it was found, before its town is written.
type Way<'a> = (&'a Commune, How);

impl<'a> Places<'a> {
    /// Finds the commune. The error says why none could be, as a French sentence.
    pub(crate) fn find(&self, clues: Clues<'_>) -> Result<Found<'a>, String> {
        let Envelope { town, cedex, .. } = envelope(&tidy(clues.town));
        let (mut commune, mut how) = self.find_whole(clues, &town)?;
        if let Some((part, unsure)) = self.part(commune, clues, cedex) {
            commune = part;
            how = match (how, unsure) {
                (How::Agreed, Some(why)) => How::Guessed(why),
                (How::Agreed, None) => How::Arrondissement,
                (how, _) => how,
            };
        }
        let former = if how == How::Former { self.former_name(&town) } else { None };
        let name = former.unwrap_or_else(|| self.town_of(commune));
        let town = match cedex {
            // Who writes an arrondissement in full means it.
            Cedex::No if fold(&town) == fold(&commune.name) => None,
            Cedex::No => Some(name).filter(|name| *name != commune.name).map(str::to_owned),
            Cedex::Plain => Some(format!("{name} Cedex")),
            Cedex::Numbered(number) => Some(format!("{name} Cedex {number:02}")),
        };
        Ok(Found { commune, how, town })
    }

    /// The arrondissement of a city that the clues speak of, and what makes it unsure.
    fn part(&self, whole: &Commune, clues: Clues<'_>, cedex: Cedex) -> Option<(&'a Commune, Option<String>)> {
        let parts: Vec<&'a Commune> =
            self.parts.get(whole.code.as_str())?.iter().map(|index| self.commune(*index)).collect();
        let numbered =
            |commune: &&&Commune| number_of(commune).is_some_and(|number| Cedex::Numbered(number) == cedex);
        let said = parts
            .iter()
            .find(|commune| {
                clues.postcode.is_some_and(|postcode| commune.postcodes.iter().any(|own| own == postcode))
            })
            .or_else(|| parts.iter().find(numbered));
        if let Some(said) = said {
            return Some((said, None));
        }
        let point = at_point(&parts, clues.position?)?;
        let (part, name) = (point.commune, &point.commune.name);
        let unsure = point.rival.map(|_| format!("{name} est retenu : {}", point.why()));
        Some((part, unsure))
    }

    fn find_whole(&self, clues: Clues<'_>, town: &str) -> Result<Way<'a>, String> {
        // Who types a code types it where a name would stand.
        let town = if self.has_code(clues) && fold(town) == fold(clues.code) { "" } else { town };
        let names = self.names(town);
        // In the column of INSEE codes people write postcodes, too.
        let postcode = clues.postcode.or_else(|| Some(clues.code).filter(|_| !self.has_code(clues)));
        let of_postcode = postcode.map_or_else(Vec::new, |postcode| self.of_postcode(postcode));
        if let Some(way) = self.by_code(clues, town, &names, &of_postcode) {
            return Ok(way);
        }

        // The name and the postcode agree, or the postcode is a CEDEX of the department.
        let agreeing: Vec<Named> = names
            .list
            .iter()
            .copied()
            .filter(|named| {
                let commune = self.commune(named.index);
                of_postcode.iter().any(|other| other.code == commune.code)
                    || (of_postcode.is_empty() && is_in_department(commune, clues.postcode))
            })
            .collect();
        let communes: Vec<&Commune> = agreeing.iter().map(|named| self.commune(named.index)).collect();
        if let Some((commune, why)) = self.choose(&communes, clues) {
            let is_former = agreeing
                .iter()
                .any(|named| named.is_former && self.commune(named.index).code == commune.code);
            return Ok(match communes.len() {
                1 if !names.is_whole && postcode.is_none() => {
                    let why = format!("déduite d’une partie de ce nom : {}", label(commune));
                    (commune, How::Guessed(why))
                }
                1 if is_former => (commune, How::Former),
                1 => (commune, How::Agreed),
                many => {
                    let name = label(commune);
                    (
                        commune,
                        How::Guessed(format!("{many} communes portent ce nom ; {name} est retenue : {why}")),
                    )
                }
            });
        }

        // The town is written in short, or with a hamlet: one commune of the postcode fits.
        let fitting = self.fitting(town, clues.postcode, &of_postcode);
        match (self.choose(&fitting, clues), fitting.len()) {
            (Some((commune, _)), 1) => return Ok((commune, How::Completed)),
            (Some((commune, why)), many) => {
                let name = label(commune);
                let why = format!("{many} communes peuvent porter ce nom court ; {name} est retenue : {why}");
                return Ok((commune, How::Guessed(why)));
            }
            (None, _) => {}
        }
        self.settle(clues, &names, of_postcode)
    }

    /// Whether the clues have the code of a commune, of today or of once.
    fn has_code(&self, clues: Clues<'_>) -> bool {
        self.geography.current(clues.code).is_some()
    }

    /// The commune of the INSEE code, where the name or the postcode agrees with it or where
    /// nothing else says anything. A code of five digits is easily a postcode.
    fn by_code(
        &self,
        clues: Clues<'_>,
        town: &str,
        called: &Names,
        of_postcode: &[&'a Commune],
    ) -> Option<Way<'a>> {
        let coded = self.geography.current(clues.code)?;
        let is_coded = |commune: &Commune| is_one_place(commune, coded);
        let found = called.list.iter().find(|found| is_coded(self.commune(found.index)));
        let has_postcode = of_postcode.iter().any(|commune| is_coded(commune));
        // Another commune that has this very name and this postcode is rather meant.
        let may_be_short = called.list.is_empty() || of_postcode.is_empty() || has_postcode;
        let is_fitting = found.is_some() || (may_be_short && fits(&written(town), &fold(&coded.name)));
        let name = label(coded);
        let how = match (is_fitting, has_postcode) {
            (true, false) if !of_postcode.is_empty() => How::Mismatch(format!(
                "{name}, comme le disent le nom et le code INSEE, n’a pas ce code postal"
            )),
            (true, _) => match found {
                Some(found) if found.is_former => How::Former,
                Some(_) => How::Agreed,
                None => How::Completed,
            },
            (false, true) if town.is_empty() => How::Agreed,
            (false, true) => How::Mismatch(format!(
                "{name} est retenue, comme le disent le code postal et le code INSEE : le nom est autre"
            )),
            (false, false) if !called.list.is_empty() || !of_postcode.is_empty() => return None,
            (false, false) if town.is_empty() => How::Agreed,
            (false, false) => How::Mismatch(format!(
                "{name} est retenue, comme le dit le code INSEE : aucune commune ne porte ce nom"
            )),
        };
        Some((coded, how))
    }

    /// The communes of the postcode, or of the department of a CEDEX, that a town in short or
    /// with a hamlet may be.
    fn fitting(&self, town: &str, postcode: Option<&str>, of_postcode: &[&'a Commune]) -> Vec<&'a Commune> {
        let written = written(town);
        let is_fitting =
            |commune: &&'a Commune| commune.parent.is_none() && fits(&written, &fold(&commune.name));
        let Some(postcode) = postcode.filter(|_| of_postcode.is_empty()) else {
            return of_postcode.iter().copied().filter(is_fitting).collect();
        };
        departments(postcode)
            .iter()
            .filter_map(|department| self.by_department.get(department))
            .flatten()
            .map(|index| self.commune(*index))
            .filter(is_fitting)
            .collect()
    }

    /// Nothing agrees: the position decides between what there is.
    fn settle(
        &self,
        clues: Clues<'_>,
        called: &Names,
        of_postcode: Vec<&'a Commune>,
    ) -> Result<Way<'a>, String> {
        // The end of what is written is no town where nothing agrees with it.
        let named: Vec<&Commune> = if called.is_whole {
            called.list.iter().map(|named| self.commune(named.index)).collect()
        } else {
            Vec::new()
        };
        if named.is_empty() && of_postcode.is_empty() {
            return self.by_text_or_point(clues);
        }
        if named.is_empty() {
            return self.by_postcode(clues, &of_postcode);
        }
        let candidates: Vec<&Commune> = named.iter().copied().chain(of_postcode).collect();
        if let Some(point) = clues.position.and_then(|position| at_point(&candidates, position)) {
            let name = &point.commune.name;
            let why = match point.rival {
                None => format!("la position est à {name} : cette commune est retenue"),
                Some(_) => format!("{name} est retenue : {}", point.why()),
            };
            return Ok((point.commune, How::Mismatch(why)));
        }
        let named = self.of_the_postcode(named, clues, &candidates)?;
        let Some((commune, why)) = self.choose(&named, clues) else {
            return Err("plusieurs communes sont possibles, et aucune position ne dit laquelle".to_owned());
        };
        let why = because(&why);
        Ok((commune, How::Mismatch(format!("la commune écrite est retenue : {}{why}", commune.name))))
    }

    /// Of several communes of one name, those in the department of a postcode that none of them has,
    /// where it is of another region: the one of the region is then not meant. An error where the
    /// department has none: nobody's place is moved into the region because its name comes there too.
    fn of_the_postcode(
        &self,
        named: Vec<&'a Commune>,
        clues: Clues<'_>,
        candidates: &[&Commune],
    ) -> Result<Vec<&'a Commune>, String> {
        let Some((home, postcode)) = clues.home.zip(clues.postcode).filter(|_| named.len() > 1) else {
            return Ok(named);
        };
        let own = departments(postcode);
        let is_elsewhere = own.iter().any(|one| self.by_department.contains_key(one))
            && !candidates[named.len()..].iter().any(|commune| home.has(commune))
            && !own.iter().any(|one| home.has_department(one));
        if !is_elsewhere || !home.has_region() {
            return Ok(named);
        }
        let there: Vec<&Commune> =
            named.iter().copied().filter(|commune| is_in_department(commune, clues.postcode)).collect();
        if there.is_empty() {
            return Err(format!(
                "{} communes portent ce nom, aucune n’a le code postal {postcode}, qui est hors de la région : corrigez le nom ou le code postal",
                named.len()
            ));
        }
        Ok(there)
    }

    /// Only the postcode says something: one of its communes that the row names elsewhere, or
    /// that the position is in.
    fn by_postcode(&self, clues: Clues<'_>, of_postcode: &[&'a Commune]) -> Result<Way<'a>, String> {
        let left = self.named_in(of_postcode, clues);
        let chosen = match (&left[..], clues.position) {
            ([only], _) => Some((*only, String::new())),
            (_, Some(position)) => at_point(&left, position).map(|point| (point.commune, point.why())),
            (_, None) => None,
        };
        let Some((commune, why)) = chosen else {
            return Err("plusieurs communes ont ce code postal, et rien ne dit laquelle".to_owned());
        };
        let why = format!("déduite du code postal : {}{}", commune.name, because(&why));
        Ok((commune, How::Guessed(why)))
    }

    /// The columns for places say nothing: a postcode or a town in the rest of the row does,
    /// else the position.
    fn by_text_or_point(&self, clues: Clues<'_>) -> Result<Way<'a>, String> {
        let written = self.written(clues);
        if let Some((commune, why)) = self.choose(&written, clues) {
            let why = format!("déduite du texte de la ligne : {}{}", label(commune), because(&why));
            return Ok((commune, How::Guessed(why)));
        }
        let around = clues.position.map_or_else(Vec::new, |position| self.around(position));
        let Some((commune, why)) = self.choose(&around, clues) else {
            return Err(
                "la commune n’existe pas, et ni le code postal ni la position ne disent laquelle".to_owned()
            );
        };
        let name = label(commune);
        let why = if why.is_empty() {
            format!("déduite de la position : {name}")
        } else {
            format!("{name} est retenue : {why}")
        };
        Ok((commune, How::Guessed(why)))
    }
}

/// A reason after what it is the reason of.
fn because(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(" ({why})") }
}

/// Whether a commune is in the department of a postcode.
fn is_in_department(commune: &Commune, postcode: Option<&str>) -> bool {
    postcode.is_none_or(|postcode| departments(postcode).contains(&commune.department()))
}

/// The departments of a postcode.
fn departments(postcode: &str) -> [&str; 3] {
    let two = postcode.get(..2).unwrap_or_default();
    let three = postcode.get(..3).unwrap_or_default();
    if two == "20" { ["2A", "2B", ""] } else { [two, three, ""] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::geography::Position;

    fn check(postcode: &str, town: &str, position: Option<(f32, f32)>, code: &str, how: &str, written: &str) {
        let places = crate::import::communes::indexed();
        let position =
            position.map(|(latitude, longitude)| Position { latitude, longitude, approximate: false });
        let postcode = Some(postcode).filter(|postcode| !postcode.is_empty());
        let found = places.find(Clues { postcode, town, position, ..Clues::default() }).unwrap();
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
        check("69000", "LYON", Some((45.7755, 4.8275)), "69384", "part", "Lyon");
        check("69000", "LYON", Some((45.7797, 4.8205)), "69384", "guessed", "Lyon");
        check("69007", "LYON 07", None, "69387", "agreed", "Lyon");
        check("13002", "Marseille 2ème", None, "13202", "agreed", "Marseille");
        check("69003", "Lyon 3e Arrondissement", None, "69383", "agreed", "");
    }

    #[test]
    fn towns_are_written_as_the_post_writes_them() {
        check("43150", "MONASTIER S/GAZEILLE (LE)", None, "43135", "agreed", "");
        check("38080", "Isle d'Abeau (L')", None, "38193", "agreed", "");
        check("42800", "ST MARTIN LA PLAINE CEDEX", None, "42259", "agreed", "Saint-Martin-la-Plaine Cedex");
        check("38220", "N.-D. DE MESAGE", None, "38279", "agreed", "");
        check("63037", "CLERMONT-FD CEDEX 1 CS 40 001", None, "63113", "agreed", "Clermont-Ferrand Cedex 01");
        check("74801", "ROCHE S/FORON (LA) CEDEX BP 12", None, "74224", "agreed", "La Roche-sur-Foron Cedex");
        check("38110", "TOUR DU PIN", None, "38509", "completed", "");
        check("69690", "Oullins", None, "69149", "mismatch", "");
    }

    #[test]
    fn the_end_of_what_is_written_is_no_town() {
        // Saône is in the Doubs; nothing here says so.
        let places = crate::import::communes::indexed();
        for (postcode, town) in [("69653", "VILLEFRANCH S/SAONE"), ("69653", "Machin s / Saône")] {
            let found = places.find(Clues { postcode: Some(postcode), town, ..Clues::default() });
            assert!(found.is_err(), "{town}");
        }
        check("69653", "VILLEFRANCHE S/SAONE CEDEX", None, "69264", "agreed", "Villefranche-sur-Saône Cedex");
    }

    #[test]
    fn a_code_counts_where_something_agrees_or_nothing_else_is_there() {
        let places = crate::import::communes::indexed();
        let check = |postcode: &str, town, code, expect: &str, is_sure: bool| {
            let postcode = Some(postcode).filter(|postcode| !postcode.is_empty());
            let found = places.find(Clues { postcode, town, code, ..Clues::default() }).unwrap();
            let sure = !matches!(found.how, How::Guessed(_) | How::Mismatch(_));
            assert_eq!(
                (found.commune.code.as_str(), sure),
                (expect, is_sure),
                "{town} {code} {:?}",
                found.how
            );
        };
        check("", "", "26362", "26362", true);
        check("26000", "Valence", "26362", "26362", true);
        check("26000", "", "26362", "26362", true);
        check("", "Valence", "26362", "26362", true);
        check("", "Romans", "26281", "26281", true);
        check("69003", "Lyon", "69383", "69383", true);
        check("69003", "Lyon", "69123", "69383", true);
        // 01500 is no code; 69500 is the postcode of Bron, 69029.
        check("", "Bron", "69500", "69029", true);
        check("", "", "69500", "69029", false);
        // 42005 is Andrézieux-Bouthéon.
        check("42000", "Saint-Étienne", "42005", "42218", true);
        check("26000", "Privas", "07186", "07186", false);
        check("07000", "Valence", "07186", "07186", false);
        check("", "Les Granges Neuves", "26362", "26362", false);
        // A name in short is not another's whole name.
        check("69800", "Saint-Priest", "42275", "69290", true);
    }

    #[test]
    fn a_disagreement_is_settled_by_the_position_and_told() {
        check("26000", "PRIVAS", Some((44.735, 4.598)), "07186", "mismatch", "");
        check("26000", "PRIVAS", None, "07186", "mismatch", "");
        check("26000", "NULLE-PART", None, "26362", "guessed", "");
        check("", "", Some((44.735, 4.598)), "07186", "guessed", "");
        // Coublevie's centre is nearer, and Voiron four times as large.
        check("38500", "", Some((45.3600, 5.6010)), "38563", "guessed", "");
    }

    #[test]
    fn nothing_at_all_is_an_error() {
        assert!(
            crate::import::communes::indexed()
                .find(Clues { town: "NULLE-PART", ..Clues::default() })
                .is_err()
        );
    }
}
