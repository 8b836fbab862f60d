//! From the fields of the form to a place. What somebody has not touched stays exactly as it
//! is in the document, even where the form would write it in another way: opening and saving
//! a place changes nothing.

use super::parts::{Kind, Wrong, WrongAt};
use super::place_fields::{Typed, named_field};
use super::{hours, words};
use exchange::import::typed::{self, Communes, Unreadable};
use shared::directory::{Closure, Competence, Directory, Structure};
use shared::finding::{Finding, Severity};
use shared::french::capitalised;
use shared::geography::{Geography, Position};
use shared::validate::findings;

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
        other => named_field(other).filter(|field| field.kind != Kind::Ticks).map_or("", |field| field.name),
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

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The lines of a text that say something.
fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(typed::plain).filter(|line| !line.is_empty())
}

/// A form that is being read.
struct Reading<'a, 'g> {
    typed: &'a Typed,
    /// What the form would hold, had nobody typed anything.
    before: Typed,
    place: Structure,
    around: &'a Around<'g>,
    wrong: Vec<Wrong>,
}

/// Fields, and what reads them back into a place where one of them was changed; in any case where none
/// is named.
type Reader = (&'static [&'static str], fn(&mut Reading<'_, '_>));

/// The readers in their order, which is that of the errors.
static READERS: [Reader; 18] = [
    (&["name"], |r| r.place.name = typed::plain(r.get("name"))),
    (&["network"], |r| r.place.network = r.get("network").to_owned()),
    (&["lines"], |r| r.place.address.lines = lines(r.get("lines")).collect()),
    (&["phones"], |r| {
        let read = typed::phones(r.get("phones")).map_err(|values| unreadable("phones", values));
        r.settle(read, |place| &mut place.phones);
    }),
    (&["emails"], |r| {
        let read = typed::emails(r.get("emails")).map_err(|values| unreadable("emails", values));
        r.settle(read, |place| &mut place.emails);
    }),
    (&["website"], |r| {
        let read = typed::website(r.get("website")).map_err(|values| unreadable("website", values));
        r.settle(read, |place| &mut place.website);
    }),
    (&["access"], |r| r.place.access = optional(r.get("access"))),
    (&["languages"], |r| r.languages()),
    (&["latitude", "longitude"], |r| r.position()),
    (&["postcode"], |r| {
        let read = typed::postcode(r.get("postcode")).map(Option::unwrap_or_default);
        let read = read.map_err(|value| unreadable("postcode", vec![value]));
        r.settle(read, |place| &mut place.address.postcode);
    }),
    (&["town"], |r| r.place.address.town = optional(&typed::plain(r.get("town")))),
    (&[], |r| r.commune()),
    (&hours::NAMES, |r| r.hours()),
    (&["hours_note"], |r| r.place.hours_note = optional(r.get("hours_note"))),
    (&["closed"], |r| r.closed()),
    (&["for", "departments", "territories", "communes"], |r| r.competence()),
    (&["offers", "services"], |r| r.services()),
    (&[], |r| r.sources()),
];

impl Typed {
    /// The place that the fields describe, and what is wrong with them. `was` is the place as
    /// the document has it.
    pub(super) fn read(&self, was: &Structure, around: &Around<'_>) -> (Structure, Vec<Wrong>) {
        let before = Self::of(was, around.geography);
        let mut reading = Reading { typed: self, before, place: was.clone(), around, wrong: Vec::new() };
        for (names, read) in &READERS {
            if names.is_empty() || reading.is_changed(names) {
                read(&mut reading);
            }
        }
        let Reading { mut place, wrong, .. } = reading;
        place.corrections.retain(|name, _| !self.released.contains(name));
        (place, wrong)
    }
}

impl<'a> Reading<'a, '_> {
    fn get(&self, name: &str) -> &'a str {
        self.typed.get(name)
    }

    fn is_changed(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name) != self.before.get(name))
    }

    /// Takes a value that was read into the place, or what is wrong with it.
    fn settle<T>(&mut self, read: Result<T, Vec<Wrong>>, into: fn(&mut Structure) -> &mut T) {
        match read {
            Ok(value) => *into(&mut self.place) = value,
            Err(wrong) => self.wrong.extend(wrong),
        }
    }

    fn languages(&mut self) {
        let names =
            self.get("languages").split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty());
        let read = names.map(|name| {
            words::language_code(name).ok_or_else(|| {
                let sentence = format!(
                    "La langue « {name} » n’est pas connue ici. Écrivez son nom en français ou son code, par exemple : anglais, arabe, uk."
                );
                vec![Wrong::new("languages", sentence)]
            })
        });
        self.settle(read.collect(), |place| &mut place.languages);
    }

    fn position(&mut self) {
        let (latitude, longitude) = (self.get("latitude"), self.get("longitude"));
        if latitude.is_empty() && longitude.is_empty() {
            self.place.position = None;
            return;
        }
        let number =
            |text: &str| text.replace(',', ".").parse::<f32>().ok().filter(|number| number.is_finite());
        if let (Some(latitude), Some(longitude)) = (number(latitude), number(longitude)) {
            self.place.position = Some(Position { latitude, longitude, approximate: false });
        } else {
            let sentence = "Il faut deux nombres en degrés, par exemple 45,046 et 5,052, ou rien du tout.";
            self.wrong.push(Wrong::new("latitude", sentence));
        }
    }

    /// The commune, which nobody has to name by its code; and its town, as envelopes write it.
    fn commune(&mut self) {
        let typed = self.get("commune");
        if typed.is_empty() {
            self.wrong.push(Wrong::new("commune", "Écrivez le nom de la commune."));
            return;
        }
        if !self.is_changed(&["commune", "postcode"]) {
            return;
        }
        let postcode = Some(self.place.address.postcode.as_str()).filter(|postcode| !postcode.is_empty());
        match self.around.communes().find(postcode, typed, self.place.position) {
            Ok(town) => {
                self.place.commune = town.code;
                if !self.is_changed(&["town"]) {
                    self.place.address.town = town.written;
                }
            }
            Err(why) => {
                let shown = postcode.unwrap_or("sans code postal");
                let sentence = format!(
                    "« {typed} » ({shown}) : {why}. Vérifiez le nom et le code postal, ou écrivez le code INSEE de la commune."
                );
                self.wrong.push(Wrong::new("commune", sentence));
            }
        }
    }

    fn hours(&mut self) {
        let read = hours::read(&hours::NAMES.map(|name| self.get(name).to_owned())).map_err(|days| {
            days.into_iter().map(|(day, sentence)| Wrong::new(hours::NAMES[day], sentence)).collect()
        });
        self.settle(read, |place| &mut place.hours);
    }

    fn closed(&mut self) {
        let read = lines(self.get("closed")).map(|line| {
            closure(&line).ok_or_else(|| {
                let sentence = format!(
                    "« {line} » n’est pas une fermeture. Écrivez par exemple : 01/08/2026 au 15/08/2026."
                );
                vec![Wrong::new("closed", sentence)]
            })
        });
        self.settle(read.collect(), |place| &mut place.closed);
    }

    fn competence(&mut self) {
        let mut communes = self.place.competence.take().unwrap_or_default().communes;
        if self.is_changed(&["communes"]) {
            let read: Result<Vec<String>, Wrong> = lines(self.get("communes"))
                .map(|line| {
                    self.around.communes().written(&line).ok_or_else(|| {
                        let sentence = format!(
                            "La commune « {line} » n’est pas reconnue. Écrivez son code postal et son nom : 26000 Valence."
                        );
                        Wrong::new("communes", sentence)
                    })
                })
                .collect();
            match read {
                Ok(read) => communes = read,
                Err(wrong) => self.wrong.push(wrong),
            }
        }
        let list = |name| self.get(name).lines().map(str::to_owned).collect();
        let (departments, territories) = (list("departments"), list("territories"));
        self.place.competence =
            (self.get("for") == "some").then_some(Competence { communes, departments, territories });
    }

    fn services(&mut self) {
        let ticked = self.get("services");
        let own = words::SERVICES.iter().filter(|(name, _)| ticked.lines().any(|one| one == *name));
        self.place.services =
            (self.get("offers") == "own").then(|| own.map(|(_, service)| *service).collect());
    }

    fn sources(&mut self) {
        let checked_on = self.get("checked_on");
        if self.typed.checked_today {
            self.place.checked_on = Some(self.around.today.to_owned());
        } else if checked_on.is_empty() {
            self.place.checked_on = None;
        } else if self.is_changed(&["checked_on"]) {
            let read = typed::date(checked_on).map(Some).ok_or_else(|| {
                let sentence =
                    format!("« {checked_on} » n’est pas une date. Écrivez par exemple : 24/11/2026.");
                vec![Wrong::new("checked_on", sentence)]
            });
            self.settle(read, |place| &mut place.checked_on);
        }
        if self.is_changed(&["source"]) {
            self.place.source = optional(&typed::plain(self.get("source")));
        }
        if self.is_changed(&["references"]) {
            let read = self.get("references").lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
                let (source, id) = line.split_once('=').ok_or_else(|| {
                    let sentence = format!(
                        "« {line} » n’est pas un identifiant. Écrivez le nom de la source, le signe = et l’identifiant."
                    );
                    vec![Wrong::new("references", sentence)]
                })?;
                Ok((source.trim().to_owned(), id.trim().to_owned()))
            });
            self.settle(read.collect(), |place| &mut place.references);
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
