//! One place as the fields of a form: texts that people read and write.

use super::{hours, words};
use serving::form::Form;
use shared::directory::{Closure, Structure};
use shared::geography::Geography;
use std::collections::BTreeMap;

/// What the fields of the form hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) network: String,
    pub(super) lines: String,
    pub(super) postcode: String,
    /// The name of the commune, or its INSEE code.
    pub(super) commune: String,
    pub(super) town: String,
    pub(super) latitude: String,
    pub(super) longitude: String,
    pub(super) phones: String,
    pub(super) emails: String,
    pub(super) website: String,
    /// A line a day, from Monday.
    pub(super) hours: [String; 7],
    pub(super) hours_note: String,
    /// A line a closure.
    pub(super) closed: String,
    pub(super) languages: String,
    pub(super) access: String,
    /// Whether it is there for some communes only.
    pub(super) is_bounded: bool,
    pub(super) departments: Vec<String>,
    pub(super) territories: Vec<String>,
    /// A line a commune.
    pub(super) communes: String,
    /// Whether it offers something else than its network.
    pub(super) has_own_services: bool,
    pub(super) services: Vec<String>,
    pub(super) checked_on: String,
    /// « Je l’ai vérifié aujourd’hui ».
    pub(super) checked_today: bool,
    pub(super) source: String,
    /// A line a source: « name = identifier ».
    pub(super) references: String,
    /// The fields of which the next import may take the file's value again.
    pub(super) released: Vec<String>,
}

impl Typed {
    /// The fields of a place.
    pub(super) fn of(place: &Structure, geography: &Geography) -> Self {
        let competence = place.competence.clone().unwrap_or_default();
        let called = |code: &str| geography.current(code).map(|commune| commune.name.clone());
        let communes: Vec<String> = competence
            .communes
            .iter()
            .map(|code| called(code).map_or_else(|| code.clone(), |name| format!("{name} ({code})")))
            .collect();
        let languages: Vec<&str> = place.languages.iter().map(|code| words::language(code)).collect();
        let references: Vec<String> =
            place.references.iter().map(|(source, id)| format!("{source} = {id}")).collect();
        let services = place.services.as_deref().unwrap_or_default();
        let services = words::SERVICES.iter().filter(|(_, service)| services.contains(service));
        let mut typed = Self {
            name: place.name.clone(),
            network: place.network.clone(),
            lines: place.address.lines.join("\n"),
            postcode: place.address.postcode.clone(),
            commune: called(&place.commune).unwrap_or_else(|| place.commune.clone()),
            town: place.address.town.clone().unwrap_or_default(),
            latitude: place.position.map(|position| position.latitude.to_string()).unwrap_or_default(),
            longitude: place.position.map(|position| position.longitude.to_string()).unwrap_or_default(),
            phones: place.phones.join("\n"),
            emails: place.emails.join("\n"),
            website: place.website.clone().unwrap_or_default(),
            hours: hours::lines(&place.hours),
            hours_note: place.hours_note.clone().unwrap_or_default(),
            closed: place.closed.iter().map(closure).collect::<Vec<_>>().join("\n"),
            languages: languages.join(", "),
            access: place.access.clone().unwrap_or_default(),
            is_bounded: place.competence.is_some(),
            departments: competence.departments,
            territories: competence.territories,
            communes: communes.join("\n"),
            has_own_services: place.services.is_some(),
            services: services.map(|(name, _)| (*name).to_owned()).collect(),
            checked_on: place.checked_on.clone().unwrap_or_default(),
            checked_today: false,
            source: place.source.clone().unwrap_or_default(),
            references: references.join("\n"),
            released: Vec::new(),
        };
        typed.clean();
        typed
    }

    /// The fields as a browser sent them.
    pub(super) fn from(form: &Form) -> Self {
        let text = |name: &str| form.get(name).to_owned();
        let all = |name: &'static str| form.all(name).map(str::to_owned).collect();
        let mut typed = Self {
            name: text("name"),
            network: text("network"),
            lines: text("lines"),
            postcode: text("postcode"),
            commune: text("commune"),
            town: text("town"),
            latitude: text("latitude"),
            longitude: text("longitude"),
            phones: text("phones"),
            emails: text("emails"),
            website: text("website"),
            hours: hours::DAYS.map(|(day, _)| text(day)),
            hours_note: text("hours_note"),
            closed: text("closed"),
            languages: text("languages"),
            access: text("access"),
            is_bounded: form.get("for") == "some",
            departments: all("departments"),
            territories: all("territories"),
            communes: text("communes"),
            has_own_services: form.get("offers") == "own",
            services: all("services"),
            checked_on: text("checked_on"),
            checked_today: form.has("checked_today"),
            source: text("source"),
            references: text("references"),
            released: all("released"),
        };
        typed.clean();
        typed
    }

    /// What the people of the place may say of it by themselves: where in its commune it is, how it is
    /// reached, when it is open. Each field under its name.
    fn offered(&mut self) -> [(&'static str, &mut String); 15] {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = &mut self.hours;
        let day = |number: usize| hours::DAYS[number].0;
        [
            ("lines", &mut self.lines),
            ("phones", &mut self.phones),
            ("emails", &mut self.emails),
            ("website", &mut self.website),
            ("hours_note", &mut self.hours_note),
            ("closed", &mut self.closed),
            ("languages", &mut self.languages),
            ("access", &mut self.access),
            (day(0), monday),
            (day(1), tuesday),
            (day(2), wednesday),
            (day(3), thursday),
            (day(4), friday),
            (day(5), saturday),
            (day(6), sunday),
        ]
    }

    /// Those fields as a page shows them, to be sent along with what is typed.
    pub(super) fn shown(mut self) -> String {
        let fields: BTreeMap<&str, String> =
            self.offered().into_iter().map(|(name, value)| (name, value.clone())).collect();
        serde_json::to_string(&fields).unwrap_or_default()
    }

    /// The same with what the people of the place have typed into those fields, as a browser sent it.
    /// What they did not touch stays what it is now, whatever their page showed.
    pub(super) fn corrected(self, form: &Form) -> Self {
        let (mut sent, mut was) = (Self::from(form), self.clone());
        let mut typed = self.clone();
        for ((name, own), (_, sent)) in typed.offered().into_iter().zip(sent.offered()) {
            if form.sends(name) {
                own.clone_from(sent);
            }
        }
        let shown: BTreeMap<String, String> =
            serde_json::from_slice(form.get("was").as_bytes()).unwrap_or_default();
        for (name, own) in was.offered() {
            if let Some(shown) = shown.get(name) {
                own.clone_from(shown);
            }
        }
        typed.onto(&was, &self)
    }

    /// The same typing, where somebody else has changed the place from `was` to `now`
    /// meanwhile: what was not touched here is what it is now.
    pub(super) fn onto(mut self, was: &Self, now: &Self) -> Self {
        macro_rules! untouched {
            ($($field:ident),*) => {
                $(if self.$field == was.$field { self.$field.clone_from(&now.$field); })*
            };
        }
        untouched!(
            name,
            network,
            lines,
            postcode,
            commune,
            town,
            latitude,
            longitude,
            phones,
            emails,
            website,
            hours,
            hours_note,
            closed,
            languages,
            access,
            is_bounded,
            departments,
            territories,
            communes,
            has_own_services,
            services,
            checked_on,
            source,
            references
        );
        self
    }

    /// Browsers end lines in their own way, and people leave spaces: neither is a change.
    fn clean(&mut self) {
        let texts = [
            &mut self.name,
            &mut self.network,
            &mut self.lines,
            &mut self.postcode,
            &mut self.commune,
            &mut self.town,
            &mut self.latitude,
            &mut self.longitude,
            &mut self.phones,
            &mut self.emails,
            &mut self.website,
            &mut self.hours_note,
            &mut self.closed,
            &mut self.languages,
            &mut self.access,
            &mut self.communes,
            &mut self.checked_on,
            &mut self.source,
            &mut self.references,
        ];
        for text in texts.into_iter().chain(&mut self.hours) {
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            plain.trim().clone_into(text);
        }
        for list in [&mut self.departments, &mut self.territories] {
            list.sort();
            list.dedup();
        }
    }
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
