//! What the doctor says, in plain French.

use super::advice::{Examination, Need, Rung};
use super::pasted::Fault;
use super::reach::Unreached;

/// Why a page could not be read.
pub(super) fn unreached(why: Unreached) -> String {
    match why {
        Unreached::NotAnAddress => "Ce n’est pas l’adresse d’une page. Elle commence par https:// ou http://, comme https://www.ma-mairie.fr/emploi.".to_owned(),
        Unreached::NotPublic => "Cette adresse n’est pas publique : elle mène à l’intérieur d’un réseau, où nous n’allons pas. Collez la politique de sécurité de la page ci-dessous, ou ouvrez la page avec ?spro-doctor à la fin de son adresse.".to_owned(),
        Unreached::ToNotPublic => "Cette page renvoie vers une adresse qui n’est pas publique : nous n’y allons pas.".to_owned(),
        Unreached::TooManyHops => "Cette page renvoie d’adresse en adresse sans s’arrêter. Donnez celle où le navigateur finit par arriver.".to_owned(),
        Unreached::Status(status) => format!("Le site a répondu par l’erreur {status}. La page doit être ouverte à tout le monde, sans mot de passe ; sinon, ouvrez-la avec ?spro-doctor à la fin de son adresse."),
        Unreached::NotAPage => "Cette adresse ne donne pas une page web, mais un fichier d’une autre sorte.".to_owned(),
        Unreached::TooSlow => "Le site n’a pas répondu en huit secondes. Réessayez plus tard.".to_owned(),
        Unreached::Failed => "Le site ne répond pas. Vérifiez l’adresse ; si la page s’ouvre chez vous, son serveur nous refuse peut-être.".to_owned(),
    }
}

/// What a visitor gets.
pub(super) fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Element => "Le guide s’affiche dans la page.",
        Rung::Frame => "Le guide s’affiche dans un cadre, au lieu de la page elle-même.",
        Rung::Link => "Seul le lien s’affiche, au lieu du guide.",
    }
}

/// What stands in the way.
pub(super) fn blocked(need: Need, directive: &str) -> String {
    let what = match need {
        Need::Loader if directive == "sandbox" => "ne laisse aucun script s’exécuter",
        Need::Loader => "refuse notre script",
        Need::Script => "accepte le premier de nos scripts, mais pas celui qu’il appelle",
        Need::Wasm => "refuse WebAssembly, dont le guide a besoin pour choisir le lieu dans la page",
        Need::Data => "refuse que le guide lise ses questions et ses lieux",
        Need::Frame => "refuse le cadre qui prendrait la place du guide",
    };
    format!("« {directive} » {what}.")
}

/// What to do about the nonce.
pub(super) fn nonce(found: &Examination) -> Option<&'static str> {
    found.wants_nonce.then_some("Cette politique (« strict-dynamic ») ne regarde pas l’adresse d’un script, mais son nonce. Ajoutez à notre balise <script> le même attribut nonce=\"…\" que votre site met sur les siennes : il change à chaque page servie, c’est donc votre outil ou votre modèle de page qui doit l’écrire.")
}

/// What is not as it was given, and what to do.
pub(super) fn fault(fault: &Fault, origin: &str) -> String {
    match fault {
        Fault::Nothing => "Le guide n’est pas dans cette page. Collez-y le code, enregistrez, et vérifiez que c’est bien l’adresse de la page publique.".to_owned(),
        Fault::ShownAsText => "La page montre le code comme un texte. Dans votre outil, collez-le dans un bloc HTML, ou du côté « Source », et non dans un paragraphe.".to_owned(),
        Fault::OnlyTheLink => "Il ne reste que le lien : votre outil a retiré le script et la balise à l’enregistrement. La page « Le code à coller » dit, pour chaque outil, quel compte ou quel format les garde.".to_owned(),
        Fault::NoScript => format!("La balise <spro-guide> est là, mais pas le script. Ajoutez avant elle : <script async crossorigin src=\"{origin}/spro-guide.js\"></script>"),
        Fault::NoElement => "Le script est là, mais pas la balise <spro-guide>. Collez le code en entier.".to_owned(),
        Fault::HeldBack { written } => format!("Un outil de votre site retient le script : sa balise porte {written}, que les navigateurs n’exécutent pas. C’est ce que font un bandeau de cookies ou une extension qui retarde le JavaScript : jusque-là, les personnes ne voient que le lien. Ajoutez « spro-guide.js » à ce que cet outil laisse tel quel (avec Rocket Loader de Cloudflare : data-cfasync=\"false\" sur la balise). Le guide ne pose pas de cookie : il n’a pas à attendre un accord."),
        Fault::MapAfter => format!("La page a une « import map » (<script type=\"importmap\">) après notre script, qui est un module : Firefox et les navigateurs d’avant 2025 refusent alors cette map, et les scripts de la page qui en ont besoin s’arrêtent. Écrivez notre balise sans type=\"module\" : <script async crossorigin src=\"{origin}/spro-guide.js\"></script>, ou collez-la après la map."),
        Fault::OtherServer { origin: other } => format!("Le script vient de {other}. Le guide est servi ici, à {origin} : reprenez le code."),
        Fault::Insecure => "La page est en https et l’adresse du script en http : les navigateurs le refusent. Écrivez https.".to_owned(),
        Fault::IntegrityOfRolling => "Le script toujours à jour a un attribut integrity : il ne s’exécutera plus à la prochaine version. Retirez cet attribut, ou prenez le code de la version figée.".to_owned(),
        Fault::PinnedWithoutIntegrity => "Le script d’une version figée n’a pas son empreinte (integrity) : reprenez le code.".to_owned(),
        Fault::OtherBuild { build } => format!("La page tient à la version {build}, qui n’est plus celle d’aujourd’hui. Elle marche deux ans après sa parution : prenez un code neuf avant."),
        Fault::NoLinkInside => "Il n’y a pas de lien dans la balise <spro-guide>. Remettez-le : c’est ce que voient les personnes chez qui le guide ne peut pas s’afficher.".to_owned(),
        Fault::UnknownAttribute { name, nearest: Some(nearest) } => format!("L’attribut « {name} » n’existe pas. Vouliez-vous écrire « {nearest} » ?"),
        Fault::UnknownAttribute { name, nearest: None } => format!("L’attribut « {name} » n’existe pas : il ne fait rien."),
        Fault::UnknownValue { name, value, known } => {
            let known: Vec<String> = known.iter().map(|value| format!("« {value} »")).collect();
            format!("{name}=\"{value}\" n’est pas connu. Ce qui l’est : {}, ou rien.", known.join(", "))
        }
        Fault::NotACommune { value } => format!("commune=\"{value}\" n’est pas le code d’une commune (INSEE, cinq caractères). La page « Le code à coller » le trouve par le nom ou le code postal."),
    }
}

/// Faults with which the guide is there all the same.
pub(super) const fn is_minor(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::IntegrityOfRolling
            | Fault::PinnedWithoutIntegrity
            | Fault::OtherBuild { .. }
            | Fault::NoLinkInside
            | Fault::UnknownAttribute { .. }
            | Fault::UnknownValue { .. }
            | Fault::NotACommune { .. }
            | Fault::OtherServer { .. }
            | Fault::MapAfter
    )
}
