//! From the fields of the form to a place. What somebody has not touched stays exactly as it
//! is in the document, even where the form would write it in another way: opening and saving
//! a place changes nothing.

use super::parts::{Wrong, WrongAt};
use super::place_typed::Typed;
use super::{hours, words};
use exchange::import::typed::{self, Communes, Unreadable};
use shared::directory::{Closure, Competence, Directory, Structure};
use shared::finding::{Finding, Severity};
use shared::french::capitalised;
use shared::geography::{Geography, Position};
use shared::validate::findings;
use std::collections::BTreeMap;

/// What a place is read against.
pub(super) struct Around<'a> {
    pub(super) directory: &'a Directory,
    pub(super) geography: &'a Geography,
    /// An ISO date.
    pub(super) today: &'a str,
    communes: Communes<'a>,
}

impl<'a> Around<'a> {
    pub(super) const fn new(directory: &'a Directory, geography: &'a Geography, today: &'a str) -> Self {
        Self { directory, geography, today, communes: Communes::new(geography) }
    }

    pub(super) const fn communes(&self) -> &Communes<'a> {
        &self.communes
    }

    /// What the checks of a publication say of one place of the directory.
    pub(super) fn check(&self, place: &Structure) -> Vec<(Severity, Wrong)> {
        let mut directory = self.directory.clone();
        let at = directory.structures.iter().position(|other| other.id == place.id);
        let at = at.unwrap_or(directory.structures.len());
        if at < directory.structures.len() {
            directory.structures[at] = place.clone();
        } else {
            directory.structures.push(place.clone());
        }
        let path = format!("structures[{at}]");
        findings(&directory, self.geography, self.today)
            .into_iter()
            .filter_map(|finding| {
                let rest = finding.path.strip_prefix(&path)?;
                let field = field_of(rest.trim_start_matches('.'));
                Some((finding.severity, Wrong::new(field, sentence(&finding))))
            })
            .collect()
    }
}

/// The field of the form that a path within a place belongs to.
fn field_of(path: &str) -> &'static str {
    let name = path.split(['.', '[']).next().unwrap_or_default();
    match name {
        "address" if path.contains("postcode") => "postcode",
        "address" => "lines",
        "position" => "latitude",
        "hours" => "monday",
        "competence" => "for",
        other => {
            let fields = [
                "name",
                "network",
                "commune",
                "phones",
                "emails",
                "website",
                "closed",
                "languages",
                "checked_on",
                "references",
            ];
            fields.into_iter().find(|field| *field == other).unwrap_or("")
        }
    }
}

/// What a finding of a field says, where the field is named already.
pub(super) fn told(finding: &Finding) -> String {
    let seen = if finding.value.is_empty() {
        String::new()
    } else {
        format!("« {} » ne convient pas. ", finding.value)
    };
    let repair =
        finding.repair.as_ref().map_or_else(String::new, |repair| format!(" Proposition : {repair}."));
    format!("{seen}Il faut : {}.{repair}", finding.expected)
}

pub(super) fn sentence(finding: &Finding) -> String {
    let about = finding.path.split_once("].").map_or("", |(_, field)| field);
    let about = if field_of(about).is_empty() && !about.is_empty() {
        format!("{} : ", shared::fields::french(about.split(['.', '[']).next().unwrap_or(about)))
    } else {
        String::new()
    };
    about + &told(finding)
}

pub(super) fn unreadable(field: &str, values: Vec<Unreadable>) -> Vec<WrongAt<'_>> {
    let told = |one: Unreadable| {
        let meant =
            one.proposal.map_or_else(String::new, |proposal| format!(" Vouliez-vous dire « {proposal} » ?"));
        WrongAt::new(
            field,
            format!("« {} » ne convient pas. {}.{meant}", one.value, capitalised(&one.expected)),
        )
    };
    values.into_iter().map(told).collect()
}

/// Keeps a value that was read, or what is wrong with it.
fn settle<T, E>(
    into: &mut T,
    read: Result<T, E>,
    wrong: &mut Vec<Wrong>,
    told: impl FnOnce(E) -> Vec<Wrong>,
) {
    match read {
        Ok(value) => *into = value,
        Err(error) => wrong.extend(told(error)),
    }
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Typed {
    /// The place that the fields describe, and what is wrong with them. `was` is the place as
    /// the document has it.
    pub(super) fn read(&self, was: &Structure, around: &Around<'_>) -> (Structure, Vec<Wrong>) {
        let before = Self::of(was, around.geography);
        let mut place = was.clone();
        let mut wrong = Vec::new();
        if self.name != before.name {
            place.name = typed::plain(&self.name);
        }
        place.network.clone_from(&self.network);
        if self.lines != before.lines {
            place.address.lines =
                self.lines.lines().map(typed::plain).filter(|line| !line.is_empty()).collect();
        }
        self.read_contacts(&before, &mut place, &mut wrong);
        self.read_position(&before, &mut place, &mut wrong);
        self.read_commune(&before, &mut place, around, &mut wrong);
        self.read_hours(&before, &mut place, &mut wrong);
        self.read_audience(&before, &mut place, around, &mut wrong);
        self.read_sources(&before, &mut place, around, &mut wrong);
        place.corrections.retain(|name, _| !self.released.contains(name));
        (place, wrong)
    }

    fn read_contacts(&self, before: &Self, place: &mut Structure, wrong: &mut Vec<Wrong>) {
        if self.phones != before.phones {
            let told = |values| unreadable("phones", values);
            settle(&mut place.phones, typed::phones(&self.phones), wrong, told);
        }
        if self.emails != before.emails {
            let told = |values| unreadable("emails", values);
            settle(&mut place.emails, typed::emails(&self.emails), wrong, told);
        }
        if self.website != before.website {
            let told = |values| unreadable("website", values);
            settle(&mut place.website, typed::website(&self.website), wrong, told);
        }
        if self.access != before.access {
            place.access = optional(&self.access);
        }
        if self.languages != before.languages {
            let names = self.languages.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty());
            let read: Result<Vec<String>, String> =
                names.map(|name| words::language_code(name).ok_or_else(|| name.to_owned())).collect();
            settle(&mut place.languages, read, wrong, |name| {
                let sentence = format!(
                    "La langue « {name} » n’est pas connue ici. Écrivez son nom en français ou son code, par exemple : anglais, arabe, uk."
                );
                vec![Wrong::new("languages", sentence)]
            });
        }
    }

    fn read_position(&self, before: &Self, place: &mut Structure, wrong: &mut Vec<Wrong>) {
        let (latitude, longitude) = (&self.latitude, &self.longitude);
        if (latitude, longitude) == (&before.latitude, &before.longitude) {
            return;
        }
        if latitude.is_empty() && longitude.is_empty() {
            place.position = None;
            return;
        }
        let number =
            |text: &str| text.replace(',', ".").parse::<f32>().ok().filter(|number| number.is_finite());
        if let (Some(latitude), Some(longitude)) = (number(latitude), number(longitude)) {
            place.position = Some(Position { latitude, longitude, approximate: false });
        } else {
            let sentence = "Il faut deux nombres en degrés, par exemple 45,046 et 5,052, ou rien du tout.";
            wrong.push(Wrong::new("latitude", sentence));
        }
    }

    fn read_commune(
        &self,
        before: &Self,
        place: &mut Structure,
        around: &Around<'_>,
        wrong: &mut Vec<Wrong>,
    ) {
        if self.postcode != before.postcode {
            let read = typed::postcode(&self.postcode).map(Option::unwrap_or_default);
            settle(&mut place.address.postcode, read, wrong, |value| unreadable("postcode", vec![value]));
        }
        if self.town != before.town {
            place.address.town = optional(&typed::plain(&self.town));
        }
        if self.commune.is_empty() {
            wrong.push(Wrong::new("commune", "Écrivez le nom de la commune."));
            return;
        }
        if self.commune == before.commune && self.postcode == before.postcode {
            return;
        }
        let postcode = Some(place.address.postcode.as_str()).filter(|postcode| !postcode.is_empty());
        match around.communes().find(postcode, &self.commune, place.position) {
            Ok(town) => {
                place.commune = town.code;
                if self.town == before.town {
                    place.address.town = town.written;
                }
            }
            Err(why) => {
                let shown = postcode.unwrap_or("sans code postal");
                let sentence = format!(
                    "« {} » ({shown}) : {why}. Vérifiez le nom et le code postal, ou écrivez le code INSEE de la commune.",
                    self.commune
                );
                wrong.push(Wrong::new("commune", sentence));
            }
        }
    }

    fn read_hours(&self, before: &Self, place: &mut Structure, wrong: &mut Vec<Wrong>) {
        if self.hours != before.hours {
            settle(&mut place.hours, hours::read(&self.hours), wrong, |days| {
                let told = |(day, sentence): (usize, String)| Wrong::new(hours::DAYS[day].0, sentence);
                days.into_iter().map(told).collect()
            });
        }
        if self.hours_note != before.hours_note {
            place.hours_note = optional(&self.hours_note);
        }
        if self.closed != before.closed {
            let lines = self.closed.lines().map(typed::plain).filter(|line| !line.is_empty());
            let read: Result<Vec<Closure>, String> = lines.map(|line| closure(&line).ok_or(line)).collect();
            settle(&mut place.closed, read, wrong, |line| {
                let sentence = format!(
                    "« {line} » n’est pas une fermeture. Écrivez par exemple : 01/08/2026 au 15/08/2026."
                );
                vec![Wrong::new("closed", sentence)]
            });
        }
    }

    fn read_audience(
        &self,
        before: &Self,
        place: &mut Structure,
        around: &Around<'_>,
        wrong: &mut Vec<Wrong>,
    ) {
        let (own, old) = (
            (self.is_bounded, &self.departments, &self.territories, &self.communes),
            (before.is_bounded, &before.departments, &before.territories, &before.communes),
        );
        if own != old {
            let mut communes = place.competence.take().unwrap_or_default().communes;
            if self.communes != before.communes {
                let lines = self.communes.lines().map(str::trim).filter(|line| !line.is_empty());
                let read: Result<Vec<String>, String> = lines
                    .map(|line| around.communes().written(line).ok_or_else(|| line.to_owned()))
                    .collect();
                settle(&mut communes, read, wrong, |line| {
                    let sentence = format!(
                        "La commune « {line} » n’est pas reconnue. Écrivez son code postal et son nom : 26000 Valence."
                    );
                    vec![Wrong::new("communes", sentence)]
                });
            }
            place.competence = self.is_bounded.then(|| Competence {
                communes,
                departments: self.departments.clone(),
                territories: self.territories.clone(),
            });
        }
        if (self.has_own_services, &self.services) != (before.has_own_services, &before.services) {
            let own = words::SERVICES.iter().filter(|(name, _)| self.services.iter().any(|own| own == name));
            place.services = self.has_own_services.then(|| own.map(|(_, service)| *service).collect());
        }
    }

    fn read_sources(
        &self,
        before: &Self,
        place: &mut Structure,
        around: &Around<'_>,
        wrong: &mut Vec<Wrong>,
    ) {
        if self.checked_today {
            place.checked_on = Some(around.today.to_owned());
        } else if self.checked_on.is_empty() {
            place.checked_on = None;
        } else if self.checked_on != before.checked_on {
            let read = typed::date(&self.checked_on).map(Some).ok_or(());
            settle(&mut place.checked_on, read, wrong, |()| {
                let sentence =
                    format!("« {} » n’est pas une date. Écrivez par exemple : 24/11/2026.", self.checked_on);
                vec![Wrong::new("checked_on", sentence)]
            });
        }
        if self.source != before.source {
            place.source = optional(&typed::plain(&self.source));
        }
        if self.references != before.references {
            let lines = self.references.lines().map(str::trim).filter(|line| !line.is_empty());
            let read: Result<BTreeMap<String, String>, String> = lines
                .map(|line| {
                    let (source, id) = line.split_once('=').ok_or_else(|| line.to_owned())?;
                    Ok((source.trim().to_owned(), id.trim().to_owned()))
                })
                .collect();
            settle(&mut place.references, read, wrong, |line| {
                let sentence = format!(
                    "« {line} » n’est pas un identifiant. Écrivez le nom de la source, le signe = et l’identifiant."
                );
                vec![Wrong::new("references", sentence)]
            });
        }
    }
}

/// « 01/08/2026 au 15/08/2026 », or one day.
fn closure(line: &str) -> Option<Closure> {
    let line = line.strip_prefix("du ").unwrap_or(line);
    let (from, until) = line.split_once(" au ").or_else(|| line.split_once(" - ")).unwrap_or((line, line));
    Some(Closure { from: typed::date(from)?, until: typed::date(until)? })
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
