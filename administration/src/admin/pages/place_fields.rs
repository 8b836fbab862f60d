//! The fields of the form of a place, and what somebody has typed into them. The form, the page of a
//! place's private link, what two people change at once and the readers ([`super::place_read`]) all go
//! by this table.

use super::parts::Kind;
use super::{hours, words};
use serving::form::Form;
use shared::directory::{Closure, Competence, Service, Structure};
use shared::geography::{Geography, Position};
use std::collections::BTreeMap;

/// A field of the form.
pub(super) struct PlaceField {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) label: &'static str,
    /// What to write there.
    pub(super) help: &'static str,
    of: Of,
}

/// Who says what a field holds.
#[derive(PartialEq, Eq)]
enum Of {
    /// Administrators.
    Ours,
    /// The people of the place, too: where in its commune it is, how it is reached, when it is open.
    Theirs,
}

/// Writes the table of the fields, a line each.
macro_rules! fields {
    ($($name:literal $kind:expr, $label:literal, $help:literal, $of:ident;)*) => {
        &[$(PlaceField { name: $name, kind: $kind, label: $label, help: $help, of: Of::$of },)*]
    };
}

#[rustfmt::skip]
static FIELDS: &[PlaceField] = fields! {
    "name" Kind::Line, "Nom", "Comme sur la porte, sans capitales : « Mission locale du Pays inventé ».", Ours;
    "network" Kind::Line, "Réseau", "", Ours;
    "lines" Kind::Lines(3), "Adresse", "Bâtiment, rue et numéro, boîte postale : une ligne pour chacun, sans la ville.", Theirs;
    "postcode" Kind::Line, "Code postal", "", Ours;
    "commune" Kind::Line, "Commune", "Son nom suffit, avec le code postal. Pour lever un doute, vous pouvez écrire son code INSEE.", Ours;
    "town" Kind::Line, "Ville écrite par La Poste, si elle est différente", "Par exemple « Valence Cedex 9 ».", Ours;
    "latitude" Kind::Line, "Latitude", "", Ours;
    "longitude" Kind::Line, "Longitude", "", Ours;
    "phones" Kind::Lines(2), "Téléphones", "Un par ligne, celui du public d’abord.", Theirs;
    "emails" Kind::Lines(2), "Courriels", "Un par ligne. L’adresse du lieu, jamais celle d’une personne.", Theirs;
    "website" Kind::Url, "Site", "L’adresse complète de sa page.", Theirs;
    "languages" Kind::Line, "Langues parlées, en plus du français", "Séparées par des virgules : anglais, arabe, langue des signes française.", Theirs;
    "access" Kind::Lines(2), "Accès pour les personnes handicapées", "En une phrase.", Theirs;
    "monday" Kind::Line, "Lundi", "", Theirs;
    "tuesday" Kind::Line, "Mardi", "", Theirs;
    "wednesday" Kind::Line, "Mercredi", "", Theirs;
    "thursday" Kind::Line, "Jeudi", "", Theirs;
    "friday" Kind::Line, "Vendredi", "", Theirs;
    "saturday" Kind::Line, "Samedi", "", Theirs;
    "sunday" Kind::Line, "Dimanche", "", Theirs;
    "hours_note" Kind::Line, "Remarque sur les horaires", "Ce que la semaine ne dit pas : « sur rendez-vous le vendredi ».", Theirs;
    "closed" Kind::Lines(2), "Fermetures", "Une par ligne : 01/08/2026 au 15/08/2026. Les jours fériés sont connus.", Theirs;
    "for" Kind::Line, "Compétence géographique", "", Ours;
    "departments" Kind::Ticks, "Départements entiers", "", Ours;
    "territories" Kind::Ticks, "Territoires entiers", "", Ours;
    "communes" Kind::Lines(3), "Communes", "Une par ligne : 26000 Valence.", Ours;
    "offers" Kind::Line, "Services", "", Ours;
    "services" Kind::Ticks, "Services", "", Ours;
    "checked_on" Kind::Date, "Sinon, dernière vérification", "", Ours;
    "source" Kind::Line, "Source", "Une page, un fichier, un appel.", Ours;
    "references" Kind::Lines(2), "Identifiants", "Un par ligne : le nom de la source = l’identifiant.", Ours;
};

/// What each field holds for a place.
fn of_place(place: &Structure, geography: &Geography) -> BTreeMap<&'static str, String> {
    let named = |code: &str| geography.current(code).map(|commune| commune.name.clone());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let either = |which: bool, yes: &str, no: &str| if which { yes } else { no }.to_owned();
    let degrees = |of: fn(&Position) -> f32| place.position.as_ref().map(|one| of(one).to_string());
    let lines = |lines: &mut dyn Iterator<Item = String>| lines.collect::<Vec<_>>().join("\n");
    let Competence { communes, departments, territories } = place.competence.clone().unwrap_or_default();
    let commune = |code: &String| named(code).map_or_else(|| code.clone(), |name| format!("{name} ({code})"));
    let offered = |service: &Service| place.services.iter().flatten().any(|own| own == service);
    let services = words::SERVICES.iter().filter(|(_, service)| offered(service));
    let languages: Vec<&str> = place.languages.iter().map(|code| words::language(code)).collect();
    let week = hours::NAMES.into_iter().zip(hours::lines(&place.hours));
    let others = [
        ("name", place.name.clone()),
        ("network", place.network.clone()),
        ("lines", place.address.lines.join("\n")),
        ("postcode", place.address.postcode.clone()),
        ("commune", named(&place.commune).unwrap_or_else(|| place.commune.clone())),
        ("town", text(&place.address.town)),
        ("latitude", degrees(|one| one.latitude).unwrap_or_default()),
        ("longitude", degrees(|one| one.longitude).unwrap_or_default()),
        ("phones", place.phones.join("\n")),
        ("emails", place.emails.join("\n")),
        ("website", text(&place.website)),
        ("languages", languages.join(", ")),
        ("access", text(&place.access)),
        ("hours_note", text(&place.hours_note)),
        ("closed", lines(&mut place.closed.iter().map(closure))),
        ("for", either(place.competence.is_some(), "some", "all")),
        ("departments", departments.join("\n")),
        ("territories", territories.join("\n")),
        ("communes", lines(&mut communes.iter().map(commune))),
        ("offers", either(place.services.is_some(), "own", "network")),
        ("services", lines(&mut services.map(|(name, _)| (*name).to_owned()))),
        ("checked_on", text(&place.checked_on)),
        ("source", text(&place.source)),
        ("references", lines(&mut place.references.iter().map(|(source, id)| format!("{source} = {id}")))),
    ];
    week.chain(others).collect()
}

/// The field of this name.
pub(super) fn named_field(name: &str) -> Option<&'static PlaceField> {
    FIELDS.iter().find(|field| field.name == name)
}

/// What errors call a field.
pub(super) fn called(name: &str) -> &'static str {
    match name {
        "latitude" => "Position",
        "languages" => "Langues",
        "for" => "Compétence",
        "checked_on" => "Vérification",
        _ => named_field(name).map_or("", |field| field.label),
    }
}

/// What the fields of the form hold. A list of ticks is a text with a line each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    texts: BTreeMap<&'static str, String>,
    /// « Je l’ai vérifié aujourd’hui ».
    pub(super) checked_today: bool,
    /// The fields of which the next import may take the file's value again.
    pub(super) released: Vec<String>,
}

impl Typed {
    /// The fields of a place.
    pub(super) fn of(place: &Structure, geography: &Geography) -> Self {
        let texts = of_place(place, geography);
        Self { texts: cleaned(|field| texts.get(field.name).cloned().unwrap_or_default()), ..Self::default() }
    }

    /// The fields of a place that is not there yet.
    pub(super) fn blank() -> Self {
        Self { checked_today: true, ..Self::default() }
    }

    /// The fields as a browser sent them.
    pub(super) fn from(form: &Form) -> Self {
        let sent = |field: &PlaceField| {
            if field.kind == Kind::Ticks {
                form.all(field.name).collect::<Vec<_>>().join("\n")
            } else {
                form.get(field.name).to_owned()
            }
        };
        let released = form.all("released").map(str::to_owned).collect();
        Self { texts: cleaned(sent), checked_today: form.has("checked_today"), released }
    }

    /// What a field holds.
    pub(super) fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// Those fields that the people of the place may change, as a page shows them, to be sent along with
    /// what is typed.
    pub(super) fn shown(&self) -> String {
        let theirs: BTreeMap<&str, &str> = theirs().map(|name| (name, self.get(name))).collect();
        serde_json::to_string(&theirs).unwrap_or_default()
    }

    /// The same with what the people of the place have typed into those fields, as a browser sent it.
    /// What they did not touch stays what it is now, whatever their page showed.
    pub(super) fn corrected(self, form: &Form) -> Self {
        let sent = Self::from(form);
        let shown: BTreeMap<String, String> =
            serde_json::from_slice(form.get("was").as_bytes()).unwrap_or_default();
        let (mut typed, mut was) = (self.clone(), self.clone());
        for name in theirs() {
            if form.sends(name) {
                typed.texts.insert(name, sent.get(name).to_owned());
            }
            if let Some(shown) = shown.get(name) {
                was.texts.insert(name, shown.clone());
            }
        }
        typed.onto(&was, &self)
    }

    /// The same typing, where somebody else has changed the place from `was` to `now`
    /// meanwhile: what was not touched here is what it is now.
    pub(super) fn onto(mut self, was: &Self, now: &Self) -> Self {
        for (name, text) in &mut self.texts {
            if text == was.get(name) {
                now.get(name).clone_into(text);
            }
        }
        self
    }
}

#[cfg(test)]
impl Typed {
    /// Types a text into a field.
    pub(super) fn set(&mut self, name: &str, text: &str) {
        self.texts.insert(named_field(name).unwrap().name, text.to_owned());
    }
}

/// The text of each field. Browsers end lines in their own way, and people leave spaces: neither is a
/// change, nor is the order of ticks.
fn cleaned(of: impl Fn(&PlaceField) -> String) -> BTreeMap<&'static str, String> {
    let clean = |field: &PlaceField| {
        let text = of(field).replace("\r\n", "\n").replace('\r', "\n");
        let mut lines: Vec<&str> = text.trim().lines().collect();
        if field.kind == Kind::Ticks {
            lines.sort_unstable();
            lines.dedup();
        }
        lines.join("\n")
    };
    FIELDS.iter().map(|field| (field.name, clean(field))).collect()
}

/// The names of the fields that the people of the place may change.
fn theirs() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(|field| field.of == Of::Theirs).map(|field| field.name)
}

/// « 01/08/2026 au 15/08/2026 », or one day.
fn closure(closure: &Closure) -> String {
    let Closure { from, until } = closure;
    if from == until { french(from) } else { format!("{} au {}", french(from), french(until)) }
}

fn french(iso: &str) -> String {
    match iso.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}
