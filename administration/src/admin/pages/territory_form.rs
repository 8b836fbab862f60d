//! The form of one territory: its fields as people type them, what they mean, and the markup.

use super::parts::{Field, Kind, Wrong, summary, tick, to_look_at};
use super::place_read::{sentence, unreadable};
use super::places::{commune_name, network_name};
use exchange::import::typed::{self, Communes};
use maud::{Markup, html};
use serving::form::Form;
use shared::directory::{Contact, Directory, Label, MAIN_LANGUAGE, Territory};
use shared::finding::Severity;
use shared::geography::Geography;
use shared::validate::findings;
use std::collections::BTreeSet;

/// What the fields hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    name: String,
    organisation: String,
    /// A line a commune.
    communes: String,
    /// A line an intercommunality, whose communes are added.
    intercommunalities: String,
    departments: Vec<String>,
    contact_name: String,
    contact_email: String,
    contact_phone: String,
    contact_website: String,
    granted_on: String,
    not_before: String,
    level_one: Vec<String>,
    level_two: Vec<String>,
    sources: String,
    unverified: String,
}

/// A territory that has nothing yet.
pub(super) fn blank() -> Territory {
    Territory {
        id: String::new(),
        name: String::new(),
        description: None,
        communes: Vec::new(),
        departments: Vec::new(),
        contact: None,
        label: None,
        level_one: Vec::new(),
        level_two: Vec::new(),
        sources: Vec::new(),
        unverified: Vec::new(),
    }
}

fn called(field: &str) -> &'static str {
    match field {
        "name" => "Nom",
        "organisation" => "Organisation",
        "communes" => "Communes",
        "intercommunalities" => "Intercommunalités",
        "departments" => "Départements",
        "contact_email" => "Courriel",
        "contact_phone" => "Téléphone",
        "contact_website" => "Page",
        "granted_on" | "not_before" => "Label",
        _ => "",
    }
}

/// The field of the form that a path within a territory belongs to.
fn field_of(path: &str) -> &'static str {
    let fields = [
        ("name", "name"),
        ("description", "organisation"),
        ("communes", "communes"),
        ("departments", "departments"),
        ("contact.email", "contact_email"),
        ("contact.phone", "contact_phone"),
        ("contact.website", "contact_website"),
        ("contact", "contact_name"),
        ("label.not_before", "not_before"),
        ("label", "granted_on"),
    ];
    fields.into_iter().find(|(start, _)| path.starts_with(start)).map_or("", |(_, field)| field)
}

impl Typed {
    /// The fields of a territory.
    pub(super) fn of(territory: &Territory, geography: &Geography) -> Self {
        let contact = territory.contact.clone().unwrap_or_default();
        let communes: Vec<String> = territory
            .communes
            .iter()
            .map(|code| match commune_name(geography, code) {
                name if name == code => code.clone(),
                name => format!("{name} ({code})"),
            })
            .collect();
        let description = territory.description.as_ref().and_then(|text| text.get(MAIN_LANGUAGE));
        Self {
            name: territory.name.clone(),
            organisation: description.cloned().unwrap_or_default().trim().to_owned(),
            communes: communes.join("\n"),
            intercommunalities: String::new(),
            departments: territory.departments.clone(),
            contact_name: contact.name.unwrap_or_default(),
            contact_email: contact.email.unwrap_or_default(),
            contact_phone: contact.phone.unwrap_or_default(),
            contact_website: contact.website.unwrap_or_default(),
            granted_on: territory.label.as_ref().map(|label| label.granted_on.clone()).unwrap_or_default(),
            not_before: territory
                .label
                .as_ref()
                .and_then(|label| label.not_before.clone())
                .unwrap_or_default(),
            level_one: territory.level_one.clone(),
            level_two: territory.level_two.clone(),
            sources: territory.sources.join("\n"),
            unverified: territory.unverified.join("\n"),
        }
    }

    /// The fields as a browser sent them.
    pub(super) fn from(form: &Form) -> Self {
        let text = |name: &str| form.get(name).replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        let all = |name: &'static str| form.all(name).map(str::to_owned).collect();
        Self {
            name: text("name"),
            organisation: text("organisation"),
            communes: text("communes"),
            intercommunalities: text("intercommunalities"),
            departments: all("departments"),
            contact_name: text("contact_name"),
            contact_email: text("contact_email"),
            contact_phone: text("contact_phone"),
            contact_website: text("contact_website"),
            granted_on: text("granted_on"),
            not_before: text("not_before"),
            level_one: all("level_one"),
            level_two: all("level_two"),
            sources: text("sources"),
            unverified: text("unverified"),
        }
    }

    /// The territory that the fields describe, and what is wrong with them. `was` is the territory as
    /// the document has it: what nobody touched stays as it is there.
    pub(super) fn read(&self, was: &Territory, communes: &Communes<'_>) -> (Territory, Vec<Wrong>) {
        let before = Self::of(was, communes.geography());
        let (mut read, mut wrong) = (was.clone(), Vec::new());
        read.name = typed::plain(&self.name);
        if self.organisation != before.organisation {
            let mut text = read.description.take().unwrap_or_default();
            if self.organisation.is_empty() {
                text.clear();
            } else {
                text.insert(MAIN_LANGUAGE.to_owned(), self.organisation.clone());
            }
            read.description = (!text.is_empty()).then_some(text);
        }
        self.read_members(&before, &mut read, communes, &mut wrong);
        self.read_contact(&before, &mut read, &mut wrong);
        self.read_label(&mut read, &mut wrong);
        read.level_one.clone_from(&self.level_one);
        read.level_two.clone_from(&self.level_two);
        let lines = |text: &str| text.lines().map(typed::plain).filter(|line| !line.is_empty()).collect();
        if self.sources != before.sources {
            read.sources = lines(&self.sources);
        }
        if self.unverified != before.unverified {
            read.unverified = lines(&self.unverified);
        }
        (read, wrong)
    }

    fn read_members(
        &self,
        before: &Self,
        read: &mut Territory,
        communes: &Communes<'_>,
        wrong: &mut Vec<Wrong>,
    ) {
        fn lines(text: &str) -> impl Iterator<Item = &str> {
            text.lines().map(str::trim).filter(|line| !line.is_empty())
        }
        read.departments.clone_from(&self.departments);
        let mut known = BTreeSet::new();
        if self.communes != before.communes {
            read.communes = Vec::new();
            for line in lines(&self.communes) {
                match communes.written(line) {
                    Some(code) => read.communes.push(code),
                    None => wrong.push(Wrong::new("communes", format!("La commune « {line} » n’est pas reconnue. Écrivez son code postal et son nom : 26000 Valence."))),
                }
            }
        }
        for line in lines(&self.intercommunalities) {
            let own = communes.of_intercommunality(line);
            if own.is_empty() {
                wrong.push(Wrong::new("intercommunalities", format!("« {line} » n’est pas une intercommunalité connue. Écrivez son numéro SIREN, ou une de ses communes : 26000 Valence.")));
            }
            read.communes.extend(own);
        }
        read.communes.retain(|code| known.insert(code.clone()));
        if read.communes.is_empty() && read.departments.is_empty() && wrong.is_empty() {
            wrong.push(Wrong::new(
                "communes",
                "Un territoire a au moins une commune, une intercommunalité ou un département.",
            ));
        }
    }

    fn read_contact(&self, before: &Self, read: &mut Territory, wrong: &mut Vec<Wrong>) {
        let mut contact = read.contact.take().unwrap_or_default();
        contact.name = Some(typed::plain(&self.contact_name)).filter(|name| !name.is_empty());
        if self.contact_email != before.contact_email {
            match typed::emails(&self.contact_email) {
                Ok(emails) => contact.email = emails.into_iter().next(),
                Err(values) => wrong.extend(unreadable("contact_email", values)),
            }
        }
        if self.contact_phone != before.contact_phone {
            match typed::phones(&self.contact_phone) {
                Ok(phones) => contact.phone = phones.into_iter().next(),
                Err(values) => wrong.extend(unreadable("contact_phone", values)),
            }
        }
        if self.contact_website != before.contact_website {
            match typed::website(&self.contact_website) {
                Ok(website) => contact.website = website,
                Err(values) => wrong.extend(unreadable("contact_website", values)),
            }
        }
        read.contact = (contact != Contact::default()).then_some(contact);
    }

    fn read_label(&self, read: &mut Territory, wrong: &mut Vec<Wrong>) {
        let mut date = |field: &'static str, text: &str| {
            let read = typed::date(text);
            if read.is_none() && !text.is_empty() {
                wrong.push(Wrong::new(
                    field,
                    format!("« {text} » n’est pas une date. Écrivez par exemple : 24/11/2026."),
                ));
            }
            read
        };
        let (granted_on, not_before) =
            (date("granted_on", &self.granted_on), date("not_before", &self.not_before));
        read.label = granted_on.map(|granted_on| Label { granted_on, not_before });
        if read.label.is_none() && self.granted_on.is_empty() && !self.not_before.is_empty() {
            wrong.push(Wrong::new("granted_on", "Écrivez aussi le dernier jour où il a pu être attribué."));
        }
    }
}

/// What the checks of a publication say of one territory of the directory: errors, and what should be
/// looked at.
pub(super) fn check(
    territory: &Territory,
    directory: &Directory,
    geography: &Geography,
    today: &str,
) -> (Vec<Wrong>, Vec<Wrong>) {
    let mut directory = directory.clone();
    let at = directory.territories.iter().position(|other| other.id == territory.id);
    let at = at.unwrap_or(directory.territories.len());
    if at < directory.territories.len() {
        directory.territories[at] = territory.clone();
    } else {
        directory.territories.push(territory.clone());
    }
    let path = format!("territories[{at}]");
    let (mut errors, mut doubts) = (Vec::new(), Vec::new());
    for finding in findings(&directory, geography, today) {
        let Some(rest) = finding.path.strip_prefix(&path) else { continue };
        let wrong = Wrong::new(field_of(rest.trim_start_matches('.')), sentence(&finding));
        if finding.severity == Severity::Error { errors.push(wrong) } else { doubts.push(wrong) }
    }
    doubts.extend(shared_communes(territory, &directory, geography));
    (errors, doubts)
}

/// The communes that another territory has, too: the first of both holds them.
fn shared_communes(territory: &Territory, directory: &Directory, geography: &Geography) -> Option<Wrong> {
    let others: Vec<(&str, BTreeSet<&str>)> = directory
        .territories
        .iter()
        .filter(|other| other.id != territory.id)
        .map(|other| (other.name.as_str(), other.communes.iter().map(String::as_str).collect()))
        .collect();
    let both: Vec<String> = territory
        .communes
        .iter()
        .filter_map(|code| {
            let (name, _) = others.iter().find(|(_, communes)| communes.contains(code.as_str()))?;
            Some(format!("{} ({name})", commune_name(geography, code)))
        })
        .collect();
    let (some, more) = (both.len().min(5), if both.len() > 5 { "…" } else { "" });
    (!both.is_empty()).then(|| {
        let sentence = format!(
            "Aussi dans un autre territoire, le premier des deux les a : {}{more}",
            both[..some].join(", ")
        );
        Wrong::new("communes", sentence)
    })
}

/// What the form shows.
pub(super) struct View<'a> {
    /// Where it is sent.
    pub(super) action: String,
    pub(super) revision: u64,
    pub(super) is_new: bool,
    pub(super) typed: &'a Typed,
    pub(super) wrong: &'a [Wrong],
    /// What should be looked at, and keeps nobody from saving.
    pub(super) doubts: &'a [Wrong],
    pub(super) directory: &'a Directory,
}

impl View<'_> {
    /// The form with what has to be said above it.
    pub(super) fn html(&self) -> Markup {
        let typed = self.typed;
        let departments = &self.directory.edition.region.departments;
        let has = |list: &[String], id: &str| list.iter().any(|one| one == id);
        html! {
            (summary(self.wrong, &called))
            (to_look_at(self.doubts, &called))
            form method="post" action=(self.action) {
                input type="hidden" name="revision" value=(self.revision);
                h2 { "Le territoire" }
                (self.field("name", "Nom", "Comme on l’appelle sur place : « Drôme des Collines ».", &typed.name, Kind::Line))
                (self.field("organisation", "Organisation", "Comment les réseaux y travaillent ensemble, en une ou deux phrases.", &typed.organisation, Kind::Lines(3)))
                h2 { "Ses communes" }
                (self.field("communes", "Communes", "Une par ligne : 26000 Valence.", &typed.communes, Kind::Lines(6)))
                (self.field("intercommunalities", "Ajouter les communes d’intercommunalités", "Une par ligne : son numéro SIREN, ou une de ses communes (26000 Valence).", &typed.intercommunalities, Kind::Lines(2)))
                fieldset id="departments" {
                    legend { "Départements entiers" }
                    div class="choices" { @for one in departments {
                        (tick("checkbox", "departments", &one.code, &one.name, has(&typed.departments, &one.code)))
                    } }
                }
                h2 { "À qui s’adresser" }
                p class="help" { "Pour une erreur sur un lieu, et pour les rappels. Une page ou une adresse de service, jamais celle d’une personne." }
                (self.field("contact_name", "Service", "", &typed.contact_name, Kind::Line))
                (self.field("contact_email", "Courriel", "", &typed.contact_email, Kind::Line))
                (self.field("contact_phone", "Téléphone", "", &typed.contact_phone, Kind::Line))
                (self.field("contact_website", "Page", "L’adresse complète.", &typed.contact_website, Kind::Url))
                h2 { "Label « Orientation pour tous »" }
                (self.field("granted_on", "Attribué le", "Vide s’il ne l’a pas. Il vaut cinq ans.", &typed.granted_on, Kind::Date))
                (self.field("not_before", "Au plus tôt le", "Seulement si personne ne connaît le jour : « Attribué le » est alors le dernier jour possible.", &typed.not_before, Kind::Date))
                h2 { "Réseaux" }
                (self.networks("level_one", "Reçoivent et informent tout le monde (niveau 1)", &typed.level_one))
                (self.networks("level_two", "Conseillent et accompagnent (niveau 2)", &typed.level_two))
                h2 { "D’où viennent ces informations" }
                (self.field("sources", "Sources", "Une par ligne.", &typed.sources, Kind::Lines(2)))
                (self.field("unverified", "Ce qu’aucune source ne confirme encore", "En quelques mots, un par ligne.", &typed.unverified, Kind::Lines(2)))
                div class="actions" {
                    button type="submit" { "Enregistrer dans le brouillon" }
                    @if !self.is_new { a class="button quiet" href={ (self.action) "/remove" } { "Retirer ce territoire" } }
                }
            }
        }
    }

    fn networks(&self, name: &'static str, legend: &str, chosen: &[String]) -> Markup {
        html! {
            fieldset {
                legend { (legend) }
                div class="choices" { @for network in &self.directory.edition.networks {
                    (tick("checkbox", name, &network.id, &network_name(self.directory, &network.id), chosen.contains(&network.id)))
                } }
            }
        }
    }

    fn field(&self, name: &'static str, label: &str, help: &str, value: &str, kind: Kind) -> Markup {
        Field { name, label, help, value, kind, required: name == "name" }.html(self.wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "\
26003\tAlpha\t26100\t100\t45.0\t5.0\t\t200000001\t
26057\tBeta\t26100\t200\t45.1\t5.0\t\t200000001\t
26281\tGamma\t26100\t300\t45.2\t5.0\t\t\t
";

    fn geography() -> Geography {
        Geography::parse(LINES, "", &|_| true).unwrap()
    }

    fn sent(pairs: &[(&str, &str)]) -> Typed {
        let body: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let limits = serving::limits::Limits::form(10_000, 50);
        Typed::from(&Form::parse(body.join("&").as_bytes(), &limits).unwrap())
    }

    #[test]
    fn a_territory_is_read_from_communes_intercommunalities_and_departments() {
        let geography = geography();
        let communes = Communes::new(&geography);
        let typed = sent(&[
            ("name", "Pays+inventé"),
            ("communes", "26100+Gamma%0D%0AAlpha+(26003)"),
            ("intercommunalities", "200000001"),
            ("contact_email", "accueil@exemple.fr"),
            ("granted_on", "24/11/2025"),
            ("organisation", "Une+charte."),
        ]);
        let (read, wrong) = typed.read(&blank(), &communes);
        assert_eq!(wrong, []);
        assert_eq!(read.communes, ["26281", "26003", "26057"], "each once");
        assert_eq!(
            read.contact.as_ref().and_then(|contact| contact.email.as_deref()),
            Some("accueil@exemple.fr")
        );
        assert_eq!(read.label.as_ref().map(|label| label.granted_on.as_str()), Some("2025-11-24"));
        // Opened and saved as it is, it stays what it is.
        assert_eq!(Typed::of(&read, &geography).read(&read, &communes), (read, vec![]));
        let whole = sent(&[("name", "x"), ("departments", "26")]);
        assert_eq!(whole.read(&blank(), &communes).1, []);
    }

    #[test]
    fn what_is_wrong_is_told_where_it_is() {
        let geography = geography();
        let communes = Communes::new(&geography);
        let fields = |typed: &Typed| -> Vec<&str> {
            typed.read(&blank(), &communes).1.iter().map(|one| one.field).collect()
        };
        assert_eq!(fields(&sent(&[("name", "x")])), ["communes"], "it holds nothing");
        let typed = sent(&[
            ("communes", "26100+Delta"),
            ("intercommunalities", "26100+Gamma"),
            ("contact_email", "accueil"),
            ("contact_phone", "12"),
            ("granted_on", "hier"),
        ]);
        assert_eq!(
            fields(&typed),
            ["communes", "intercommunalities", "contact_email", "contact_phone", "granted_on"]
        );
        assert_eq!(fields(&sent(&[("departments", "26"), ("not_before", "2025-01-01")])), ["granted_on"]);
    }

    #[test]
    fn what_another_territory_has_is_to_be_looked_at() {
        let mut directory =
            Directory::from_json(include_bytes!("../../../../shared/examples/two-places.json")).unwrap();
        let territory = |id: &str, communes: &[&str]| Territory {
            id: id.to_owned(),
            name: format!("Territoire {id}"),
            communes: communes.iter().map(|code| (*code).to_owned()).collect(),
            ..blank()
        };
        directory.territories = vec![territory("a", &["26003"]), territory("b", &["26057"])];
        let geography = geography();
        let doubts = |one: &Territory| check(one, &directory, &geography, "2026-11-30").1;
        assert!(doubts(&territory("b", &["26057"])).is_empty());
        let told = doubts(&territory("b", &["26003", "26057"]));
        assert!(told.iter().any(|one| one.sentence.contains("Alpha (Territoire a)")), "{told:?}");
        let errors = check(
            &Territory { name: String::new(), ..territory("b", &["99999"]) },
            &directory,
            &geography,
            "2026-11-30",
        )
        .0;
        let fields: Vec<&str> = errors.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["communes", "name"]);
    }
}
