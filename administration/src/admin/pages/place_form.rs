//! The form of one place in a draft, as markup.

use super::parts::{About, Choice, Field, Kind, Wrong, select, summary, tick, to_look_at};
use super::place_typed::Typed;
use super::places::network_name;
use super::{hours, words};
use insight::compare::diff;
use maud::{Markup, html};
use shared::directory::{Correction, Directory, Structure};
use shared::french;

/// What the form shows.
pub(super) struct View<'a> {
    /// Where it is sent.
    pub(super) action: String,
    pub(super) revision: u64,
    /// The place as the draft has it; none where it is a new one.
    pub(super) was: Option<&'a Structure>,
    pub(super) typed: &'a Typed,
    pub(super) wrong: &'a [Wrong],
    /// What should be looked at, and keeps nobody from saving.
    pub(super) doubts: &'a [Wrong],
    pub(super) directory: &'a Directory,
}

/// What the form calls a field.
fn called(field: &str) -> &'static str {
    match field {
        "name" => "Nom",
        "network" => "Réseau",
        "lines" => "Adresse",
        "postcode" => "Code postal",
        "commune" => "Commune",
        "latitude" => "Position",
        "phones" => "Téléphones",
        "emails" => "Courriels",
        "website" => "Site",
        "languages" => "Langues",
        "closed" => "Fermetures",
        "for" => "Compétence",
        "communes" => "Communes",
        "checked_on" => "Vérification",
        "references" => "Identifiants",
        day => hours::DAYS.iter().find(|(name, _)| *name == day).map_or("", |(_, name)| *name),
    }
}

impl View<'_> {
    /// The form with what has to be said above it.
    pub(super) fn html(&self) -> Markup {
        let was = self.was.and_then(|was| serde_json::to_string(was).ok()).unwrap_or_default();
        html! {
            (self.summary())
            (to_look_at(self.doubts, &called))
            form method="post" action=(self.action) {
                input type="hidden" name="revision" value=(self.revision);
                input type="hidden" name="was" value=(was);
                (self.what())
                (self.where_it_is())
                h2 { "Le joindre" }
                (self.reaching())
                h2 { "Quand il est ouvert" }
                (self.opening())
                (self.audience())
                (self.sources())
                div class="actions" {
                    button type="submit" { "Enregistrer dans le brouillon" }
                    @if self.was.is_some() { a class="button quiet" href={ (self.action) "/remove" } { "Retirer ce lieu" } }
                }
            }
        }
    }

    /// What is wrong, each leading to its field.
    pub(super) fn summary(&self) -> Markup {
        summary(self.wrong, &called)
    }

    /// The fields that the people of the place correct by themselves.
    pub(super) fn own(&self) -> Markup {
        html! {
            h3 { "Où il se trouve" }
            (self.street())
            h3 { "Le joindre" }
            (self.reaching())
            h3 { "Quand il est ouvert" }
            (self.opening())
        }
    }

    fn field(&self, name: &'static str, label: &str, help: &str, value: &str, kind: Kind) -> Markup {
        Field { name, label, help, value, kind, required: matches!(name, "name" | "commune") }
            .html(self.wrong)
    }

    fn line(&self, name: &'static str, label: &str, help: &str, value: &str) -> Markup {
        self.field(name, label, help, value, Kind::Line)
    }

    fn what(&self) -> Markup {
        let networks = &self.directory.edition.networks;
        let names: Vec<(&str, String)> =
            networks.iter().map(|one| (one.id.as_str(), network_name(self.directory, &one.id))).collect();
        let choices: Vec<Choice<'_>> =
            names.iter().map(|(id, name)| Choice { value: id, label: name }).collect();
        html! {
            h2 { "Le lieu" }
            (self.line("name", "Nom", "Comme sur la porte, sans capitales : « Mission locale du Pays inventé ».", &self.typed.name))
            (select("network", "Réseau", Some("choisissez"), &choices, &self.typed.network, self.wrong))
        }
    }

    fn street(&self) -> Markup {
        self.field(
            "lines",
            "Adresse",
            "Bâtiment, rue et numéro, boîte postale : une ligne pour chacun, sans la ville.",
            &self.typed.lines,
            Kind::Lines(3),
        )
    }

    fn where_it_is(&self) -> Markup {
        let typed = self.typed;
        html! {
            h2 { "Où il se trouve" }
            (self.street())
            (self.line("postcode", "Code postal", "", &typed.postcode))
            (self.line("commune", "Commune", "Son nom suffit, avec le code postal. Pour lever un doute, vous pouvez écrire son code INSEE.", &typed.commune))
            (self.line("town", "Ville écrite par La Poste, si elle est différente", "Par exemple « Valence Cedex 9 ».", &typed.town))
            fieldset {
                legend { "Position sur la carte" }
                p class="help" { "Facultative : sans elle, le centre de la commune sert. En degrés, comme 45,046 et 5,052." }
                (self.line("latitude", "Latitude", "", &typed.latitude))
                (self.line("longitude", "Longitude", "", &typed.longitude))
            }
        }
    }

    fn reaching(&self) -> Markup {
        let typed = self.typed;
        html! {
            (self.field("phones", "Téléphones", "Un par ligne, celui du public d’abord.", &typed.phones, Kind::Lines(2)))
            (self.field("emails", "Courriels", "Un par ligne. L’adresse du lieu, jamais celle d’une personne.", &typed.emails, Kind::Lines(2)))
            (self.field("website", "Site", "L’adresse complète de sa page.", &typed.website, Kind::Url))
            (self.line("languages", "Langues parlées, en plus du français", "Séparées par des virgules : anglais, arabe, langue des signes française.", &typed.languages))
            (self.field("access", "Accès pour les personnes handicapées", "En une phrase.", &typed.access, Kind::Lines(2)))
        }
    }

    fn opening(&self) -> Markup {
        let typed = self.typed;
        html! {
            fieldset {
                legend { "Horaires de la semaine" }
                p class="help" { "Par exemple : 9:00-12:00, 14:00-17:00. Laissez vide les jours fermés." }
                div class="week" {
                    @for ((day, name), line) in hours::DAYS.iter().zip(&typed.hours) { (self.line(day, name, "", line)) }
                }
            }
            (self.line("hours_note", "Remarque sur les horaires", "Ce que la semaine ne dit pas : « sur rendez-vous le vendredi ».", &typed.hours_note))
            (self.field("closed", "Fermetures", "Une par ligne : 01/08/2026 au 15/08/2026. Les jours fériés sont connus.", &typed.closed, Kind::Lines(2)))
        }
    }

    fn audience(&self) -> Markup {
        let typed = self.typed;
        let about = About::new("for", false, self.wrong);
        let chosen = |list: &[String], id: &str| list.iter().any(|one| one == id);
        let departments = &self.directory.edition.region.departments;
        let territories = &self.directory.territories;
        html! {
            h2 { "Pour qui il est là" }
            fieldset id="for" aria-describedby=[about.described()] {
                legend { "Compétence géographique" }
                (about.errors())
                (tick("radio", "for", "all", "Il reçoit tout le monde.", !typed.is_bounded))
                (tick("radio", "for", "some", "Il ne reçoit que les habitants choisis ci-dessous.", typed.is_bounded))
                fieldset {
                    legend { "Départements entiers" }
                    div class="choices" { @for one in departments {
                        (tick("checkbox", "departments", &one.code, &one.name, chosen(&typed.departments, &one.code)))
                    } }
                    (unknown("departments", &typed.departments, |code| departments.iter().any(|one| one.code == code)))
                }
                @if !territories.is_empty() || !typed.territories.is_empty() {
                    fieldset {
                        legend { "Territoires entiers" }
                        div class="choices" { @for one in territories {
                            (tick("checkbox", "territories", &one.id, &one.name, chosen(&typed.territories, &one.id)))
                        } }
                        (unknown("territories", &typed.territories, |id| territories.iter().any(|one| one.id == id)))
                    }
                }
                (self.field("communes", "Communes", "Une par ligne : 26000 Valence.", &typed.communes, Kind::Lines(3)))
            }
            fieldset {
                legend { "Services" }
                (tick("radio", "offers", "network", "Les mêmes que son réseau.", !typed.has_own_services))
                (tick("radio", "offers", "own", "Seulement ceux-ci :", typed.has_own_services))
                div class="choices" { @for (name, service) in words::SERVICES {
                    (tick("checkbox", "services", name, words::service(service), chosen(&typed.services, name)))
                } }
            }
            @if self.was.is_some_and(|was| was.serves.is_some()) {
                p class="help" { "Ce lieu a aussi une condition sur le public, que ce formulaire garde telle quelle." }
            }
        }
    }

    fn sources(&self) -> Markup {
        let typed = self.typed;
        html! {
            h2 { "D’où viennent ces informations" }
            (tick("checkbox", "checked_today", "1", "Je l’ai vérifié aujourd’hui", typed.checked_today))
            (self.field("checked_on", "Sinon, dernière vérification", "", &typed.checked_on, Kind::Date))
            (self.line("source", "Source", "Une page, un fichier, un appel.", &typed.source))
            (self.corrections())
            details open[self.wrong.iter().any(|one| one.field == "references")] {
                summary { "Identifiants dans d’autres annuaires" }
                (self.field("references", "Identifiants", "Un par ligne : le nom de la source = l’identifiant.", &typed.references, Kind::Lines(2)))
            }
        }
    }
}

impl View<'_> {
    /// What a person typed, which imports leave alone.
    fn corrections(&self) -> Markup {
        let corrections = self.was.map(|was| &was.corrections).filter(|corrections| !corrections.is_empty());
        html! {
            @if let Some(corrections) = corrections {
                fieldset {
                    legend { "Corrigé par une personne" }
                    p class="help" { "Un import ne change pas ces champs. Cochez ceux que le prochain fichier peut de nouveau remplir." }
                    @for (name, correction) in corrections {
                        (tick("checkbox", "released", name, &released(name, correction), self.typed.released.contains(name)))
                    }
                }
            }
        }
    }
}

/// A corrected field in a sentence.
fn released(name: &str, correction: &Correction) -> String {
    let on = french::day(&correction.on);
    let field = shared::fields::french(name);
    if correction.instead_of.is_null() {
        format!("{field}, écrit le {on}")
    } else {
        format!("{field}, corrigé le {on} ; avant : {}", words::value(name, &correction.instead_of))
    }
}

/// What is ticked but no longer in the lists: shown, so that it is neither lost nor hidden.
fn unknown(name: &str, chosen: &[String], is_known: impl Fn(&str) -> bool) -> Markup {
    html! { @for one in chosen.iter().filter(|one| !is_known(one)) {
        (tick("checkbox", name, one, &format!("{one} (inconnu)"), true))
    } }
}

/// What somebody else has changed of a place meanwhile.
pub(super) fn changed_by_others(by: &str, was: &Structure, now: Option<&Structure>) -> Markup {
    let Some(now) = now else {
        return html! {
            div class="message warn" role="alert" {
                h2 { "Ce lieu a été retiré entre-temps" }
                p { (by) " a changé ce brouillon pendant que vous écriviez. Votre saisie est encore là : l’enregistrer remettra le lieu." }
            }
        };
    };
    let changed = diff::changed(was, now).map(|changed| changed.fields).unwrap_or_default();
    html! {
        div class="message warn" role="alert" {
            h2 { "Quelqu’un d’autre a changé ce lieu entre-temps" }
            p { (by) " a changé ce brouillon pendant que vous écriviez. Rien de ce que vous avez écrit n’est perdu : relisez, puis enregistrez de nouveau." }
            div class="scroll" tabindex="0" role="region" aria-label="Ce qui a changé" {
                table class="list" {
                    caption { "Ce qui a changé" }
                    thead { tr { th scope="col" { "Champ" } th scope="col" { "Avant" } th scope="col" { "Maintenant" } } }
                    tbody { @for field in &changed {
                        tr {
                            th scope="row" { (shared::fields::french(&field.name)) }
                            td { (words::value(&field.name, &field.before)) }
                            td { (words::value(&field.name, &field.after)) }
                        }
                    } }
                }
            }
        }
    }
}
