//! Where a site owner pastes the snippet, and what each place lets through. The facts, with
//! the files and versions that they were read in, are in `docs/cms.md`;
//! `tests/browser/cms.test.mjs` puts every snippet through the filters.

/// What a place lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Passes {
    /// Links.
    Link,
    /// Frames, beside links.
    Frame,
    /// Scripts and custom elements too.
    All,
}

/// How the snippet is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Html,
    /// Between SPIP's `<html>` and `</html>`, which it leaves alone.
    SpipHtml,
    /// SPIP's own way to write a link.
    SpipLink,
    /// What to type into each field of a tool that takes no code.
    Fields,
}

/// A place to paste.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// In addresses.
    pub(super) id: &'static str,
    /// The tool, as its users call it.
    pub(super) tool: &'static str,
    /// The account, block or text format.
    pub(super) place: &'static str,
    pub(super) passes: Passes,
    pub(super) writing: Writing,
    /// Why not everything passes, and what makes it pass.
    pub(super) limit: &'static str,
    /// What to do, step by step.
    pub(super) steps: &'static [&'static str],
}

/// All of them, in the order of the page.
pub(super) const TARGETS: [Target; 10] = [
    Target {
        id: "html",
        tool: "Une page HTML",
        place: "ou tout outil où vous écrivez le HTML vous-même",
        passes: Passes::All,
        writing: Writing::Html,
        limit: "",
        steps: &[
            "Ouvrez le fichier de la page avec votre éditeur de texte.",
            "Collez le code à l’endroit où le guide doit apparaître, entre <body> et </body>.",
            "Enregistrez, mettez le fichier en ligne, puis ouvrez la page dans un navigateur.",
        ],
    },
    Target {
        id: "wordpress",
        tool: "WordPress",
        place: "avec un compte administrateur ou éditeur",
        passes: Passes::All,
        writing: Writing::Html,
        limit: "",
        steps: &[
            "Connectez-vous à l’administration : l’adresse de votre site, suivie de /wp-admin.",
            "Dans le menu, choisissez « Pages », puis ouvrez la page (ou « Ajouter une page »).",
            "Cliquez sur « + » à l’endroit voulu, cherchez « HTML personnalisé » et choisissez ce bloc. N’utilisez ni un bloc « Paragraphe » ni un bloc « Code » : ils affichent le code au lieu du guide.",
            "Collez le code dans le bloc. L’aperçu du bloc peut ne montrer qu’un lien : c’est la page qui compte.",
            "Cliquez sur « Enregistrer » (ou « Publier », ou « Mettre à jour »), puis ouvrez la page.",
            "Si la page ne montre qu’un lien, votre compte n’a pas le droit « unfiltered_html » : choisissez dans la liste « WordPress, sans ce droit », ou demandez à un administrateur de coller le code.",
        ],
    },
    Target {
        id: "wordpress-filtered",
        tool: "WordPress",
        place: "auteur ou contributeur, site d’un réseau (multisite), ou hébergeur qui l’interdit",
        passes: Passes::Link,
        writing: Writing::Html,
        limit: "Sans le droit « unfiltered_html », WordPress retire à l’enregistrement les scripts, les cadres et les balises qu’il ne connaît pas : il reste le lien. Pour le guide lui-même, faites coller le code par un administrateur ou un éditeur du site dans un bloc « HTML personnalisé » ; dans un réseau de sites, par le super-administrateur.",
        steps: &[
            "Ouvrez la page dans l’administration et cliquez sur « + » à l’endroit voulu.",
            "Cherchez « HTML personnalisé », choisissez ce bloc et collez le code.",
            "Enregistrez, puis ouvrez la page : le lien mène au guide.",
        ],
    },
    Target {
        id: "spip",
        tool: "SPIP",
        place: "dans le texte d’un article ou d’une rubrique",
        passes: Passes::All,
        writing: Writing::SpipHtml,
        limit: "",
        steps: &[
            "Connectez-vous à l’espace privé : l’adresse de votre site, suivie de /ecrire.",
            "Ouvrez l’article et cliquez sur « Modifier cet article ».",
            "Dans le champ « Texte », collez le code à l’endroit voulu, avec sa première ligne <html> et sa dernière </html> : elles disent à SPIP de ne rien y changer.",
            "Enregistrez. Dans l’espace privé, SPIP montre le code comme un texte : c’est normal, il n’y lance aucun script.",
            "Cliquez sur « Voir en ligne » : le guide est dans la page publique.",
            "Si la page publique montre elle aussi le code, votre site est réglé en mode « parano » : choisissez dans la liste « SPIP, mode parano ».",
        ],
    },
    Target {
        id: "spip-strict",
        tool: "SPIP",
        place: "mode « parano » ($filtrer_javascript = -1)",
        passes: Passes::Link,
        writing: Writing::SpipLink,
        limit: "Dans ce mode, SPIP affiche les scripts et les cadres comme des textes, même en public. Pour le guide lui-même, demandez au webmestre de coller le code dans un squelette (le fichier HTML de la page), que ce réglage ne touche pas, ou de passer $filtrer_javascript à 0 dans config/mes_options.php.",
        steps: &[
            "Ouvrez l’article dans l’espace privé et cliquez sur « Modifier cet article ».",
            "Dans le champ « Texte », collez le code à l’endroit voulu : c’est un lien écrit comme SPIP les écrit.",
            "Enregistrez et cliquez sur « Voir en ligne ».",
        ],
    },
    Target {
        id: "drupal",
        tool: "Drupal",
        place: "avec le format de texte « HTML complet » (Full HTML)",
        passes: Passes::All,
        writing: Writing::Html,
        limit: "",
        steps: &[
            "Ouvrez le contenu et cliquez sur l’onglet « Modifier ».",
            "Sous le champ « Corps », dans « Format de texte », choisissez « HTML complet » (Full HTML). S’il n’est pas dans la liste, votre rôle n’y a pas droit : choisissez dans la liste « Drupal, HTML de base », ou demandez à un administrateur.",
            "Dans la barre de l’éditeur, cliquez sur « Source ».",
            "Collez le code à l’endroit voulu.",
            "Enregistrez, puis regardez la page.",
        ],
    },
    Target {
        id: "drupal-basic",
        tool: "Drupal",
        place: "avec le format « HTML de base » (Basic HTML)",
        passes: Passes::Link,
        writing: Writing::Html,
        limit: "Ce format ne garde qu’une liste de balises : les scripts, les cadres et les balises nouvelles n’en sont pas, il reste le lien. Pour le guide lui-même, choisissez le format « HTML complet » (Full HTML), ou faites poser par un administrateur un bloc qui l’utilise.",
        steps: &[
            "Ouvrez le contenu et cliquez sur l’onglet « Modifier ».",
            "Dans la barre de l’éditeur, cliquez sur « Source » et collez le code. Si ce bouton n’y est pas, écrivez la phrase du lien, sélectionnez-la et donnez-lui l’adresse avec le bouton « Lien ».",
            "Enregistrez, puis regardez la page.",
        ],
    },
    Target {
        id: "sites-conformes",
        tool: "Sites Conformes",
        place: "ou « Sites Faciles »",
        passes: Passes::Frame,
        writing: Writing::Fields,
        limit: "Ses blocs ne prennent pas de code, mais l’un d’eux prend un cadre (iframe). Le guide y est complet ; sa hauteur ne s’ajuste pas d’elle-même. Nous avons lu son code public et ne l’avons pas essayé.",
        steps: &[
            "Ouvrez la page dans l’administration de votre site et ajoutez un bloc de cadre (« Iframe »).",
            "Recopiez le titre, l’adresse et la hauteur ci-dessus, chacun dans son champ.",
            "Enregistrez ou publiez, puis ouvrez la page : tout le bas de la première question doit se voir. Sinon, augmentez la hauteur.",
        ],
    },
    Target {
        id: "google-sites",
        tool: "Google Sites",
        place: "« Insérer », puis « Intégrer »",
        passes: Passes::Frame,
        writing: Writing::Fields,
        limit: "Google Sites enferme le code dans un cadre à lui : donnez-lui l’adresse du guide. Le guide y est complet ; sa hauteur ne s’ajuste pas d’elle-même. Le code de cet outil n’est pas public, nous ne l’avons pas essayé.",
        steps: &[
            "Ouvrez la page de votre site et cliquez sur « Insérer », puis « Intégrer », puis « Par URL ».",
            "Collez l’adresse ci-dessus, choisissez la page entière plutôt qu’un aperçu, et cliquez sur « Insérer ».",
            "Étirez le cadre à toute la largeur, puis vers le bas jusqu’à la hauteur donnée ci-dessus, en pixels : tout le bas de la première question doit se voir.",
            "Publiez, puis ouvrez la page.",
        ],
    },
    Target {
        id: "frames",
        tool: "Un outil qui n’accepte qu’un cadre",
        place: "Wix, Squarespace, un espace numérique de travail…",
        passes: Passes::Frame,
        writing: Writing::Html,
        limit: "Ces outils retirent les scripts, ou les enferment : seul un cadre (iframe) passe. Le guide y est complet ; sa hauteur ne s’ajuste pas d’elle-même.",
        steps: &[
            "Dans votre outil, choisissez « Intégrer », « Insérer un contenu » ou « iframe ».",
            "Collez le code. Si l’outil ne demande qu’une adresse, donnez-lui celle qui est entre guillemets après src= (avec & à la place de &amp;).",
            "Donnez au cadre toute la largeur, et au moins 700 pixels de haut.",
        ],
    },
];

impl Target {
    /// The one with this id; the first where there is none.
    pub(super) fn find(id: &str) -> &'static Self {
        TARGETS.iter().find(|target| target.id == id).unwrap_or(&TARGETS[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_refused_is_told_why_and_what_works() {
        for target in &TARGETS {
            assert_eq!(target.limit.is_empty(), target.passes == Passes::All, "{}", target.id);
            assert!(!target.steps.is_empty(), "{}", target.id);
            assert_eq!(Target::find(target.id).id, target.id);
        }
        assert_eq!(Target::find("elsewhere").id, "html");
    }
}
