//! The form of one place in a draft, as markup.

use super::parts::{About, Choice, Field, Wrong, select, summary, tick, to_look_at};
use super::place_fields::{Typed, called, named_field};
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
            (self.fields(&["lines"]))
            h3 { "Le joindre" }
            (self.reaching())
            h3 { "Quand il est ouvert" }
            (self.opening())
        }
    }

    /// The controls of some fields, by name.
    fn fields(&self, names: &[&str]) -> Markup {
        html! {
            @for field in names.iter().filter_map(|name| named_field(name)) {
                (Field {
                    name: field.name,
                    label: field.label,
                    help: field.help,
                    value: self.typed.get(field.name),
                    kind: field.kind,
                    required: matches!(field.name, "name" | "commune"),
                }.html(self.wrong))
            }
        }
    }

    fn what(&self) -> Markup {
        let networks = &self.directory.edition.networks;
        let names: Vec<(&str, String)> =
            networks.iter().map(|one| (one.id.as_str(), network_name(self.directory, &one.id))).collect();
        let choices: Vec<Choice<'_>> =
            names.iter().map(|(id, name)| Choice { value: id, label: name }).collect();
        html! {
            h2 { "Le lieu" }
            (self.fields(&["name"]))
            (select("network", called("network"), Some("choisissez"), &choices, self.typed.get("network"), self.wrong))
        }
    }

    fn where_it_is(&self) -> Markup {
        html! {
            h2 { "Où il se trouve" }
            (self.fields(&["lines", "postcode", "commune", "town"]))
            fieldset {
                legend { "Position sur la carte" }
                p class="help" { "Facultative : sans elle, le centre de la commune sert. En degrés, comme 45,046 et 5,052." }
                (self.fields(&["latitude", "longitude"]))
            }
        }
    }

    fn reaching(&self) -> Markup {
        self.fields(&["phones", "emails", "website", "languages", "access"])
    }

    fn opening(&self) -> Markup {
        html! {
            fieldset {
                legend { "Horaires de la semaine" }
                p class="help" { "Par exemple : 9:00-12:00, 14:00-17:00. Laissez vide les jours fermés." }
                div class="week" { (self.fields(&hours::NAMES)) }
            }
            (self.fields(&["hours_note", "closed"]))
        }
    }

    fn audience(&self) -> Markup {
        let typed = self.typed;
        let about = About::new("for", false, self.wrong);
        let (is_bounded, has_own) = (typed.get("for") == "some", typed.get("offers") == "own");
        let chosen = |list: &str, id: &str| typed.get(list).lines().any(|one| one == id);
        let departments = &self.directory.edition.region.departments;
        let territories = &self.directory.territories;
        html! {
            h2 { "Pour qui il est là" }
            fieldset id="for" aria-describedby=[about.described()] {
                legend { "Compétence géographique" }
                (about.errors())
                (tick("radio", "for", "all", "Il reçoit tout le monde.", !is_bounded))
                (tick("radio", "for", "some", "Il ne reçoit que les habitants choisis ci-dessous.", is_bounded))
                fieldset {
                    legend { "Départements entiers" }
                    div class="choices" { @for one in departments {
                        (tick("checkbox", "departments", &one.code, &one.name, chosen("departments", &one.code)))
                    } }
                    (unknown("departments", typed, |code| departments.iter().any(|one| one.code == code)))
                }
                @if !territories.is_empty() || !typed.get("territories").is_empty() {
                    fieldset {
                        legend { "Territoires entiers" }
                        div class="choices" { @for one in territories {
                            (tick("checkbox", "territories", &one.id, &one.name, chosen("territories", &one.id)))
                        } }
                        (unknown("territories", typed, |id| territories.iter().any(|one| one.id == id)))
                    }
                }
                (self.fields(&["communes"]))
            }
            fieldset {
                legend { "Services" }
                (tick("radio", "offers", "network", "Les mêmes que son réseau.", !has_own))
                (tick("radio", "offers", "own", "Seulement ceux-ci :", has_own))
                div class="choices" { @for (name, service) in words::SERVICES {
                    (tick("checkbox", "services", name, words::service(service), chosen("services", name)))
                } }
            }
            @if self.was.is_some_and(|was| was.serves.is_some()) {
                p class="help" { "Ce lieu a aussi une condition sur le public, que ce formulaire garde telle quelle." }
            }
        }
    }

    fn sources(&self) -> Markup {
        html! {
            h2 { "D’où viennent ces informations" }
            (tick("checkbox", "checked_today", "1", "Je l’ai vérifié aujourd’hui", self.typed.checked_today))
            (self.fields(&["checked_on", "source"]))
            (self.corrections())
            details open[self.wrong.iter().any(|one| one.field == "references")] {
                summary { "Identifiants dans d’autres annuaires" }
                (self.fields(&["references"]))
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
fn unknown(name: &str, typed: &Typed, is_known: impl Fn(&str) -> bool) -> Markup {
    html! { @for one in typed.get(name).lines().filter(|one| !is_known(one)) {
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
