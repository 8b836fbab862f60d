//! What goes wrong with a source, in the words of administrators: the only place that has them.

use super::fetch::Fault;
use crate::failure::Failure;

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let (code, message) = match &fault {
            Fault::Malformed => (
                "malformed-address",
                "Ce n’est pas une adresse, ou elle renvoie vers ce qui n’en est pas une.".to_owned(),
            ),
            Fault::NoName => ("no-such-host", "Ce nom de serveur est introuvable.".to_owned()),
            Fault::NoConnection(why) => ("no-connection", format!("La connexion a échoué ({why}).")),
            Fault::Certificate => ("certificate", "Le certificat du serveur n’est pas valable.".to_owned()),
            Fault::Late(patience) => {
                ("too-slow", format!("Le serveur n’a pas tout envoyé en {} secondes.", patience.as_secs()))
            }
            Fault::Inside(host) => (
                "redirect-inside",
                format!(
                    "L’adresse renvoie vers « {host} », à l’intérieur d’un réseau : elle n’a pas été suivie."
                ),
            ),
            Fault::Hops => ("redirect-loop", "L’adresse renvoie de page en page, sans fin.".to_owned()),
            Fault::Status(status @ (404 | 410)) => {
                ("source-gone", format!("Il n’y a plus rien à cette adresse (réponse {status})."))
            }
            Fault::Status(status @ (401 | 403)) => {
                ("source-forbidden", format!("Le serveur refuse de donner ce fichier (réponse {status})."))
            }
            Fault::Status(status) => {
                ("source-ailing", format!("Le serveur ne peut pas répondre (réponse {status})."))
            }
            Fault::Large(largest) => {
                ("too-large", format!("Le fichier dépasse {} Mio, la limite de cette source.", largest >> 20))
            }
            Fault::Cut { came, all: Some(all) } => (
                "cut-source",
                format!("Le fichier est coupé : {came} octets sont venus, sur {all} annoncés."),
            ),
            Fault::Cut { came, all: None } => (
                "cut-source",
                format!("Le fichier est coupé : la connexion s’est fermée après {came} octets."),
            ),
            Fault::Encoded(encoding) => (
                "encoded-source",
                format!("Le serveur envoie un fichier compressé (« {encoding} ») sans qu’on l’ait demandé."),
            ),
            Fault::Disk(why) => ("cannot-write", format!("Le fichier ne peut pas être écrit ici ({why}).")),
        };
        let advice = match fault {
            Fault::Late(_) => {
                "S’il est seulement lent, donnez-lui plus de temps : « timeout = 300 », en secondes. Ce qui est venu sera repris la prochaine fois."
            }
            Fault::Inside(_) => "Si c’est voulu, écrivez cette adresse-là pour la source.",
            Fault::Status(401 | 403 | 404 | 410) | Fault::Malformed | Fault::NoName | Fault::Hops => {
                "Ouvrez l’adresse dans un navigateur, et écrivez celle du fichier."
            }
            Fault::Large(_) => {
                "Si c’est bien le bon fichier, donnez-lui plus de place : « largest = 512 », en Mio."
            }
            _ => return Self::refused(code, message),
        };
        Self::refused(code, message).advising(advice)
    }
}
