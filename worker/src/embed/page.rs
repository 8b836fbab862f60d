//! `/embed`: the generator. A form whose choices are in the address, so that it works without
//! JavaScript and a link leads back to it; with JavaScript the same page is asked for again at
//! each change and its parts are put in place.

use super::choices::{Choices, Commune, Kind};
use super::colours::CHOICES;
use super::policies;
use super::snippet::{Pinned, Source, elsewhere, has_colours, snippet};
use super::target::{Passes, TARGETS, Writing};
use maud::{Markup, html};
use serving::site;
use shared::snapshot::LocalizedGuide;

/// What the page is made from.
pub(super) struct Generator<'a> {
    pub(super) choices: &'a Choices,
    pub(super) guide: &'a LocalizedGuide,
    pub(super) origin: &'a str,
    /// The query that the page was asked for with.
    pub(super) query: &'a str,
    /// The fixed version of today, where the build says it.
    pub(super) pinned: Option<Pinned>,
}

impl Generator<'_> {
    /// The whole page.
    pub(super) fn html(&self) -> String {
        let body = html! {
            p { "Choisissez, copiez, collez : le guide est sur votre site. Vous n’aurez plus à y revenir. Une question ? " a href="/embed/guide" { "Le guide complet des sites" } " y répond, avec un exemple de chaque réglage." }
            div class="columns" {
                form method="get" action="/embed" id="choices" {
                    (self.site())
                    (self.kind())
                    (self.people())
                    (self.look())
                    (self.version())
                    button type="submit" { "Mettre à jour le code" }
                }
                div {
                    p id="said" role="status" {}
                    section id="code" aria-labelledby="code-title" { (self.code()) }
                    section id="how" aria-labelledby="how-title" { (self.how()) }
                    section id="preview" aria-labelledby="preview-title" { (self.preview()) }
                }
            }
        };
        site::page("Mettre le guide sur votre site", "/embed", &body)
    }

    fn site(&self) -> Markup {
        html! {
            fieldset {
                legend { "Où collez-vous le guide ?" }
                @for target in &TARGETS {
                    (choice("site", target.id, target.tool, target.place, self.choices.target.id == target.id))
                }
            }
        }
    }

    fn kind(&self) -> Markup {
        let asked = self.choices.asked;
        html! {
            fieldset {
                legend { "Que montrez-vous ?" }
                (choice("kind", "element", "Le guide dans la page", "conseillé : à vos couleurs, à la bonne hauteur ; il se change de lui-même en cadre, puis en lien, là où votre site l’empêche", asked == Kind::Element))
                (choice("kind", "frame", "Le guide dans un cadre", "une page à nous dans la vôtre", asked == Kind::Frame))
                (choice("kind", "link", "Un simple lien", "vers le guide sur notre site", asked == Kind::Link))
            }
        }
    }

    fn people(&self) -> Markup {
        let Self { choices, guide, .. } = self;
        let chosen = choices.territory.as_deref().unwrap_or_default();
        html! {
            fieldset {
                legend { "Pour qui ?" }
                label for="territory" { "Territoire" }
                p class="help" id="territory-help" { "Ses communes viennent en premier. Les autres restent possibles." }
                select id="territory" name="territory" aria-describedby="territory-help" {
                    option value="" { "Toute la région : " (guide.text(guide.region)) }
                    optgroup label="Départements" {
                        @for department in &guide.departments {
                            option value=(department.code) selected[department.code == chosen] { (department.name) " (" (department.code) ")" }
                        }
                    }
                    @if !guide.territories.is_empty() {
                        optgroup label="Territoires" {
                            @for territory in &guide.territories {
                                option value=(territory.id) selected[territory.id == chosen] { (territory.name) }
                            }
                        }
                    }
                }
                (self.list())
                (self.commune())
                label for="lang" { "Langue au départ" }
                p class="help" id="lang-help" { "Le visiteur peut en changer." }
                select id="lang" name="lang" aria-describedby="lang-help" {
                    option value="" { "Français" }
                    @for language in guide.languages.iter().filter(|language| language.tag != "fr") {
                        option value=(language.tag) lang=(language.tag) selected[choices.language.as_ref() == Some(&language.tag)] { (language.name) }
                    }
                }
            }
        }
    }

    fn list(&self) -> Markup {
        let list = &self.choices.listed;
        html! {
            label for="communes" { "Liste de communes (facultatif)" }
            p class="help" id="list-help" { "Au lieu d’un territoire, ou avec lui : des noms ou des codes postaux, séparés par des virgules. Elles viennent en premier." }
            input id="communes" name="communes" type="text" value=(list.typed) autocomplete="off" aria-describedby="list-help listed";
            div id="listed" {
                @if !list.communes.is_empty() {
                    p class="help" {
                        "En premier : "
                        @for (index, commune) in list.communes.iter().enumerate() {
                            @if index > 0 { ", " } (commune.name) " (" (commune.department()) ")"
                        }
                        "."
                    }
                }
                @if !list.refused.is_empty() {
                    p class="field-error" { strong { "Erreur : " } "laissé de côté, faute d’une seule commune de ce nom dans la région : " (list.refused.join(", ")) ". Écrivez le nom entier ou le code postal." }
                }
            }
        }
    }

    fn commune(&self) -> Markup {
        let Choices { typed, commune, .. } = self.choices;
        let is_unknown = *commune == Commune::Unknown;
        let described = if is_unknown { "commune-help commune-error" } else { "commune-help" };
        html! {
            label for="commune" { "Commune de départ (facultatif)" }
            p class="help" id="commune-help" { "Son nom ou son code postal. Le visiteur peut en changer." }
            input id="commune" name="commune" type="text" value=(typed) autocomplete="off" aria-describedby=(described) aria-invalid=[is_unknown.then_some("true")];
            div id="found" {
                @match commune {
                    Commune::None => {}
                    Commune::Unknown => {
                        p class="field-error" id="commune-error" { strong { "Erreur : " } "aucune commune de la région n’a ce nom ni ce code postal. Le code ci-contre n’en donne pas." }
                    }
                    Commune::One(commune) => {
                        p class="help" { "Commune retenue : " strong { (commune.name) } " (" (commune.department()) ")." }
                        // What was picked stays picked until another text is typed.
                        input type="hidden" name="pick" value=(commune.code);
                    }
                    Commune::Several(some, all) => {
                        fieldset class="pick" {
                            legend { (all) " communes correspondent. Laquelle ?" }
                            @for commune in some {
                                (choice("pick", &commune.code, &commune.name, &commune.postcodes.join(", "), false))
                            }
                            @if *all > some.len() { p class="help" { "Pour une autre, écrivez plus de lettres." } }
                        }
                    }
                }
            }
        }
    }

    fn look(&self) -> Markup {
        let choices = self.choices;
        html! {
            fieldset {
                legend { "Quel aspect ?" }
                label for="theme" { "Couleurs" }
                select id="theme" name="theme" {
                    option value="" { "Comme la page : claires ou sombres" }
                    option value="light" selected[choices.theme == Some("light")] { "Toujours claires" }
                    option value="dark" selected[choices.theme == Some("dark")] { "Toujours sombres" }
                }
                fieldset class="pick" {
                    legend { "Vos couleurs" }
                    @for ((name, label, _), colour) in CHOICES.iter().zip(choices.colours.in_force()) {
                        label class="colour" for=(name) { input id=(name) name=(name) type="color" value=(colour.hex()); " " (label) }
                    }
                    (self.contrast())
                }
                label for="look" { "Style" }
                select id="look" name="look" {
                    option value="" { "Habituel" }
                    option value="dsfr" selected[choices.is_dsfr] { "Système de design de l’État (DSFR)" }
                }
                label for="layout" { "Disposition" }
                select id="layout" name="layout" {
                    option value="" { "Complète" }
                    option value="compact" selected[choices.is_compact] { "Compacte, pour une colonne étroite" }
                }
            }
        }
    }

    /// How the chosen colours can be read.
    fn contrast(&self) -> Markup {
        let Choices { colours, is_dsfr, theme, .. } = self.choices;
        html! {
            div id="contrast" {
                p class="help" { "Contraste, 4,5 au moins pour que tout le monde lise :" }
                ul class="help" {
                    @for pair in colours.pairs() {
                        li {
                            (pair.what) " : " strong { (pair.tenths / 10) "," (pair.tenths % 10) } ", "
                            @if pair.is_readable { "lisible" } @else { "trop faible : le guide corrige de lui-même, l’aperçu montre comment" }
                        }
                    }
                }
                @if colours.is_chosen() {
                    @if *is_dsfr { p class="help" { "Le style de l’État garde ses couleurs." } }
                    @else if self.choices.kind() != Kind::Element { p class="help" { "Un cadre et un lien gardent nos couleurs : les vôtres ne valent que pour le guide dans la page." } }
                    @else if theme.is_none() { p class="help" { "Là où la page est sombre, le guide garde ses couleurs sombres." } }
                }
            }
        }
    }

    fn version(&self) -> Markup {
        let is_pinned = self.choices.is_pinned;
        html! {
            fieldset {
                legend { "Quelle version ?" }
                (choice("version", "", "Toujours à jour", "conseillé : rien à faire ; le script vérifie lui-même ce qu’il charge", !is_pinned))
                (choice("version", "pinned", "Figée", "pour un site qui exige des fichiers qui ne changent jamais, avec leur empreinte (integrity)", is_pinned))
            }
        }
    }

    fn code(&self) -> Markup {
        let choices = self.choices;
        let wants_pin =
            choices.is_pinned && choices.target.passes == Passes::All && choices.kind() != Kind::Link;
        let pinned = self.pinned.as_ref().filter(|_| wants_pin);
        let source = Source { origin: self.origin, pinned, elsewhere: elsewhere(self.guide) };
        let text = snippet(choices, source);
        html! {
            h2 id="code-title" { "Le code à coller" }
            @if choices.kind() != choices.asked {
                div class="message warn" id="refusal" {
                    p { strong { (refused(choices.asked)) } " " (choices.target.limit) }
                    p { "Voici ce qui marche là où vous collez :" }
                }
            } @else if choices.target.passes == Passes::Frame {
                p { (choices.target.limit) }
            }
            @if choices.is_pinned {
                (self.pinning(wants_pin))
            }
            label for="snippet" { (choices.target.tool) " : " (given(choices.kind())) }
            textarea id="snippet" readonly rows=(rows(&text)) spellcheck="false" autocapitalize="none" dir="ltr" { "\n" (text) }
            p class="help" id="by-hand" { "Cliquez dans le cadre, puis Ctrl + A et Ctrl + C." }
            @if has_colours(choices) {
                p class="help" { "Si la politique de sécurité de votre site interdit les styles écrits dans une balise, mettez ce qui est dans style=\"…\" dans votre feuille de style : spro-guide { … }." }
            }
            @if source.elsewhere.is_some() && choices.kind() != Kind::Link && choices.target.writing != Writing::Fields {
                p class="help" { "Gardez les deux liens : ils se voient quand le guide ne peut pas s’afficher. Le second mène à un service qui ne dépend pas de notre serveur." }
            }
        }
    }

    fn pinning(&self, wants_pin: bool) -> Markup {
        html! {
            div class="message" id="pinning" {
                @if !wants_pin {
                    p { "Un lien et un cadre n’ont rien à figer : le choix « Figée » n’y change rien." }
                } @else if self.pinned.is_some() {
                    p {
                        strong { "Ce que figer coûte. " }
                        "Nous gardons cette version deux ans. D’ici là, revenez ici prendre un code neuf et remplacez l’ancien : sans cela, votre page ne montrera plus que le lien. Les corrections du guide n’arriveront chez vous qu’à ce moment-là ; les lieux, eux, restent à jour."
                    }
                } @else {
                    p { strong { "Il n’y a pas de version figée sur ce serveur." } " Voici la version toujours à jour." }
                }
            }
        }
    }

    fn how(&self) -> Markup {
        let target = self.choices.target;
        html! {
            h2 id="how-title" { "Comment faire : " (target.tool) }
            ol { @for step in target.steps { li { (step) } } }
            (policies(self.choices, self.origin))
        }
    }

    fn preview(&self) -> Markup {
        let address = if self.query.is_empty() {
            "/embed/preview".to_owned()
        } else {
            format!("/embed/preview?{}", self.query)
        };
        html! {
            h2 id="preview-title" { "Aperçu" }
            p class="help" { "Le code ci-dessus, dans une page vide. Essayez-le : rien n’est gardé." }
            iframe class=[(self.choices.kind() == Kind::Link).then_some("low")] src=(address) title="Aperçu du guide tel qu’il sera dans votre page" loading="lazy" {}
        }
    }
}

/// How many lines a snippet takes on a narrow screen, or nearly.
fn rows(text: &str) -> usize {
    const WIDTH: usize = 44;
    text.lines().map(|line| line.chars().count().div_ceil(WIDTH).max(1)).sum::<usize>() + 1
}

/// A round button, with what it means.
fn choice(name: &str, value: &str, label: &str, more: &str, is_chosen: bool) -> Markup {
    html! {
        label class="choice" {
            input type="radio" name=(name) value=(value) checked[is_chosen];
            span { (label) @if !more.is_empty() { " " span class="more" { (more) } } }
        }
    }
}

const fn refused(asked: Kind) -> &'static str {
    match asked {
        Kind::Element => "Le guide dans la page ne passe pas ici.",
        Kind::Frame => "Un cadre ne passe pas ici.",
        Kind::Link => "Ce lien ne passe pas ici.",
    }
}

const fn given(kind: Kind) -> &'static str {
    match kind {
        Kind::Element => "le guide dans la page",
        Kind::Frame => "le guide dans un cadre",
        Kind::Link => "un lien vers le guide",
    }
}
