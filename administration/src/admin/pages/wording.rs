//! How the pages word what several of them say.

use serving::clock;
use shared::french::grouped;

/// A count with its noun, grouped by thousands as French writes them.
pub(super) fn places(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as u64), if count < 2 { one } else { many })
}

/// A moment, after « le ».
pub(super) fn moment(at: &str) -> String {
    format!("le {}", clock::told(at))
}

/// What has just been done, from the closed list that an address may name.
pub(super) fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "undone" => "La dernière étape est annulée.",
        "abandoned" => "Le brouillon est abandonné. Ce qui est en ligne n’a pas changé.",
        "proposed" => "Le brouillon est proposé à la Région. Elle le verra dans ses brouillons.",
        "up-to-date" => "Le brouillon part maintenant de la version en ligne. Vos changements sont gardés.",
        "published" => "C’est publié. Les visiteurs le voient dans la minute.",
        "rolled-back" => {
            "La version choisie est de nouveau en ligne. Les visiteurs la voient dans la minute."
        }
        "territory-saved" => "Le territoire est enregistré dans le brouillon.",
        "territory-removed" => "Le territoire est retiré du brouillon.",
        "text-saved" => "C’est enregistré dans le brouillon.",
        "text-removed" => "C’est retiré du brouillon.",
        "place-saved" => "Le lieu est enregistré dans le brouillon.",
        "place-removed" => "Le lieu est retiré du brouillon.",
        "file-read" => "Le fichier a été relu avec vos choix.",
        "report-done" => "Le signalement est traité. Ses précisions sont effacées.",
        "report-reopened" => "Le signalement est de nouveau à traiter.",
        "reminded" => "Les rappels sont préparés.",
        "key-confirmed" => "La clé est confirmée : elle ouvre de nouveau.",
        "place-link-revoked" => "Le lien est retiré : il n’ouvre plus rien. Ce qui a été répondu reste.",
        "key-revoked" => "La clé est retirée : elle n’ouvre plus rien.",
        _ => return None,
    })
}
