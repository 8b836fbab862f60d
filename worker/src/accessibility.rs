//! `/accessibilite`: the accessibility statement, in the form that the RGAA prescribes.
//!
//! The form, and what « non conforme » means where nobody has audited anything, are those of
//! <https://accessibilite.numerique.gouv.fr/obligations/declaration-accessibilite/>;
//! docs/accessibility.md says what a deployment has to add. Who answers for the service is the
//! contact of the live edition's region.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serving::answer::{Field, REVALIDATED, SOURCE};
use serving::csp::source_hash;
use shared::directory::Contact;
use shared::snapshot::LocalizedGuide;
use std::sync::LazyLock;

const STYLE: &str = include_str!("accessibility.css");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| source_hash(STYLE));

/// The day on which this text was written: what was tested is what it says of that day.
const WRITTEN: (&str, &str) = ("2026-11-27", "27 novembre 2026");

/// What the tests of the project do at each change, without a person looking.
const TESTED: [&str; 7] = [
    "axe-core ne trouve aucune erreur dans les états de l’élément (questions, liste des communes, erreurs de saisie, résultat, fiche de liaison, informations), en clair et en sombre, dans Chromium et, là où ils sont installés, dans Firefox et WebKitGTK ;",
    "axe-core ne trouve aucune erreur dans les pages du guide, dans cette page, dans la page qui aide à poser le guide et dans les pages d’administration ;",
    "tout se fait au clavier seul : choisir, chercher sa commune, revenir, changer une réponse, imprimer ; l’ordre du parcours et la place du focus sont vérifiés ;",
    "rien ne déborde ni ne se coupe dans une fenêtre de 320 pixels de large, ce qui est aussi l’effet d’un agrandissement à 400 % ;",
    "les contrastes du texte sont ceux du niveau AA, en clair et en sombre ;",
    "le nombre de communes proposées, le changement de question et les erreurs sont annoncés dans une zone que les lecteurs d’écran lisent ; une erreur est liée à son champ ;",
    "le guide existe sans JavaScript, et chaque page dit sa langue, ainsi que celle des mots d’une autre langue.",
];

/// What no program can decide.
const TO_AUDIT: [&str; 5] = [
    "un parcours entier par une personne avec NVDA et Firefox, JAWS et Chrome, VoiceOver et Safari, TalkBack et Chrome ;",
    "les 106 critères du RGAA, un par un, sur un échantillon de pages, par une personne formée ;",
    "le guide posé dans les pages de partenaires, dont le style et la structure l’entourent ;",
    "la clarté des questions et des réponses, en français facile à lire aussi, avec des personnes concernées ;",
    "la commande vocale, les loupes d’écran et les contacteurs.",
];

/// Nothing but the one style sheet.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        *STYLE_HASH
    )
}

/// What goes around the page.
pub(crate) fn with_fields<T>(source: &str, make: impl FnOnce(&[Field]) -> T) -> T {
    let policy = policy();
    make(&[
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", "fr"),
        ("cache-control", REVALIDATED),
        ("content-security-policy", &policy),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=31536000"),
        (SOURCE, source),
    ])
}

/// The statement for a guide.
pub(crate) fn html(guide: &LocalizedGuide) -> String {
    let contact = guide.contact.as_ref();
    let entity =
        contact.and_then(|contact| contact.name.as_deref()).unwrap_or("L’organisme qui déploie ce guide");
    let page = html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Déclaration d’accessibilité – Guide d’orientation" }
                meta name="description" content="État de conformité du guide d’orientation avec le RGAA, ce qui a été testé, et à qui signaler une difficulté.";
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { nav aria-label="Retour" { a href="/" { "Revenir au guide d’orientation" } } }
                main {
                    h1 { "Déclaration d’accessibilité" }
                    p { (entity) " s’engage à rendre le guide d’orientation accessible, conformément à l’article 47 de la loi n°\u{a0}2005-102 du 11 février 2005." }
                    p { "À cette fin, un schéma pluriannuel et un plan d’action de l’année doivent être publiés. Leur adresse n’est pas encore indiquée ici : vous pouvez les demander au contact ci-dessous." }
                    p { "Cette déclaration s’applique au guide d’orientation (" (guide.text(guide.region)) ") : l’élément que des sites partenaires affichent, les pages du guide, la page qui aide à le poser et les pages d’administration." }
                    (conformity())
                    (tests())
                    (contents())
                    (establishment())
                    (feedback(entity, contact))
                    (appeal())
                }
            }
        }
    };
    page.into_string()
}

fn conformity() -> Markup {
    html! {
        h2 { "État de conformité" }
        p { strong { "Accessibilité : non conforme." } }
        p {
            "Le guide d’orientation n’est pas en conformité avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1, car il n’existe aucun résultat d’audit en cours de validité permettant de mesurer le respect des critères. "
            "Des contrôles automatiques ne remplacent pas un audit : ils ne décident que d’une partie des critères."
        }
    }
}

fn tests() -> Markup {
    html! {
        h2 { "Résultats des tests" }
        p { "Aucun audit de conformité n’a été réalisé par une personne : aucun pourcentage de critères respectés ne peut être donné." }
        h3 { "Ce qui est contrôlé automatiquement, à chaque changement" }
        ul { @for tested in TESTED { li { (tested) } } }
        h3 { "Ce qu’une personne doit encore vérifier" }
        ul { @for left in TO_AUDIT { li { (left) } } }
    }
}

fn contents() -> Markup {
    html! {
        h2 { "Contenus non accessibles" }
        h3 { "Non-conformités" }
        p { "En l’absence d’audit, elles ne sont pas connues. Par hypothèse, aucun contenu n’est tenu pour accessible." }
        h3 { "Dérogations pour charge disproportionnée" }
        p { "Aucune n’est invoquée." }
        h3 { "Contenus non soumis à l’obligation d’accessibilité" }
        p { "Les pages des sites partenaires et les sites vers lesquels le guide renvoie ne relèvent pas de cette déclaration." }
    }
}

fn establishment() -> Markup {
    html! {
        h2 { "Établissement de cette déclaration d’accessibilité" }
        p { "Cette déclaration a été établie le " time datetime=(WRITTEN.0) { (WRITTEN.1) } "." }
        h3 { "Technologies utilisées" }
        p { "HTML5, CSS, JavaScript, WebAssembly, SVG, WAI-ARIA." }
        h3 { "Agents utilisateurs, technologies d’assistance et outils utilisés" }
        p { "Les contrôles automatiques utilisent Chromium, Firefox ESR et WebKitGTK sous Linux, et axe-core. Aucune technologie d’assistance n’a encore été utilisée par une personne." }
        h3 { "Pages contrôlées automatiquement" }
        ul {
            li { "l’élément, dans des pages de partenaires de toutes sortes ;" }
            li { "le guide en pages, sans JavaScript et avec ;" }
            li { "la déclaration d’accessibilité ;" }
            li { "la page qui aide à poser le guide ;" }
            li { "les pages d’administration, le diagnostic territorial et le guide dessiné." }
        }
    }
}

fn feedback(entity: &str, contact: Option<&Contact>) -> Markup {
    let reachable = contact.filter(|one| one.email.is_some() || one.phone.is_some() || one.website.is_some());
    html! {
        h2 id="contact" { "Retour d’information et contact" }
        p { "Si vous n’arrivez pas à accéder à un contenu ou à un service, vous pouvez le signaler pour être orienté vers une alternative accessible ou obtenir le contenu sous une autre forme." }
        @match reachable {
            Some(contact) => {
                p { "À qui vous adresser : " strong { (entity) } "." }
                ul {
                    @if let Some(email) = &contact.email {
                        li { "Envoyer un message : " a href={ "mailto:" (email) } { (email) } }
                    }
                    @if let Some(phone) = &contact.phone {
                        @let dialled: String = phone.chars().filter(|c| !c.is_whitespace()).collect();
                        li { "Téléphoner : " a href={ "tel:" (dialled) } { (phone) } }
                    }
                    @if let Some(website) = &contact.website {
                        li { "Contacter " (entity) " : " a href=(website) rel="noreferrer" { (website) } }
                    }
                }
            }
            None => p { "L’organisme qui déploie ce guide n’a pas encore indiqué comment le joindre." },
        }
    }
}

fn appeal() -> Markup {
    const FORM: &str = "https://formulaire.defenseurdesdroits.fr/";
    const DELEGATES: &str = "https://www.defenseurdesdroits.fr/saisir/delegues";
    html! {
        h2 { "Voies de recours" }
        p { "Cette procédure est à utiliser dans le cas suivant : vous avez signalé au responsable du service un défaut d’accessibilité qui vous empêche d’accéder à un contenu ou à un des services, et vous n’avez pas obtenu de réponse satisfaisante. Vous pouvez :" }
        ul {
            li { a href=(FORM) rel="noreferrer" { "écrire un message au Défenseur des droits" } " ;" }
            li { a href=(DELEGATES) rel="noreferrer" { "contacter le délégué du Défenseur des droits dans votre région" } " ;" }
            li {
                "envoyer un courrier par la poste (gratuit, ne pas mettre de timbre) :"
                address { "Défenseur des droits" br; "Libre réponse 71120" br; "75342 Paris CEDEX 07" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::compile::localized;
    use shared::directory::Directory;
    use std::sync::Arc;

    fn shipped() -> LocalizedGuide {
        localized(&Directory::from_json(include_bytes!("../../shared/editions/2026.json")).unwrap(), "fr")
    }

    #[test]
    fn the_statement_has_the_parts_of_the_official_form_in_their_order() {
        let html = html(&shipped());
        let mut rest = html.as_str();
        for heading in [
            "<h1>Déclaration d’accessibilité</h1>",
            "<h2>État de conformité</h2>",
            "aucun résultat d’audit en cours de validité",
            "<h2>Résultats des tests</h2>",
            "<h2>Contenus non accessibles</h2>",
            "<h2>Établissement de cette déclaration d’accessibilité</h2>",
            "Retour d’information et contact</h2>",
            "<h2>Voies de recours</h2>",
            "Défenseur des droits",
        ] {
            let at = rest.find(heading).unwrap_or_else(|| panic!("{heading} is missing, or too early"));
            rest = &rest[at..];
        }
        assert!(html.contains("Via Compétences s’engage"), "the edition's contact answers for it");
    }

    #[test]
    fn a_contact_that_is_missing_or_hostile_is_said_as_it_is() {
        let mut guide = shipped();
        Arc::make_mut(&mut guide.guide).contact = Some(Contact {
            name: Some("<b>Région</b>".into()),
            email: Some("x@exemple.fr".into()),
            phone: Some("04 00 00 00 01".into()),
            website: None,
        });
        let told = html(&guide);
        assert!(told.contains("&lt;b&gt;Région&lt;/b&gt; s’engage") && !told.contains("<b>"), "{told}");
        assert!(told.contains("href=\"mailto:x@exemple.fr\"") && told.contains("href=\"tel:0400000001\""));
        Arc::make_mut(&mut guide.guide).contact = None;
        let told = html(&guide);
        assert!(told.contains("L’organisme qui déploie ce guide s’engage"));
        assert!(told.contains("n’a pas encore indiqué comment le joindre"));
    }

    #[test]
    fn the_policy_names_the_style_sheet() {
        assert!(policy().contains(&source_hash(STYLE)) && !policy().contains("script-src"));
    }
}
