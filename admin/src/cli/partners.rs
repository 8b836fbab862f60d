//! The options of what is done for the sites that show the guide.

use clap::Args;
use std::path::PathBuf;

/// The options of `watch`.
#[derive(Args, Debug)]
pub(crate) struct Watch {
    /// Les pages : des adresses (https://…), ou des fichiers avec une adresse par ligne ou dans la première colonne
    #[arg(value_name = "PAGE", required = true)]
    pub(crate) pages: Vec<String>,
    /// Le résultat d’une autre fois, pour dire ce qui a changé
    #[arg(long, value_name = "FICHIER")]
    pub(crate) since: Option<PathBuf>,
    /// Où écrire le résultat (JSON), pour la prochaine fois
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
    /// Combien de secondes une page a pour montrer le guide ; sinon 20
    #[arg(long, value_name = "SECONDES", default_value_t = 20, hide_default_value = true)]
    pub(crate) timeout: u64,
}

/// What the help of `watch` says at its end.
pub(crate) const WATCH_HELP: &str = "Il faut un navigateur Chromium ou Chrome : celui qui est installé, ou celui de la variable CHROME.\nRien n’est pressé ni répondu dans les pages, et les compteurs ne comptent pas cette visite.\nCode de sortie 1 si une page est moins bien que la dernière fois, ou ne montre rien.";

/// The options of `keep`.
#[derive(Args, Debug)]
pub(crate) struct Keep {
    /// Le dossier des fichiers qui sont déployés ; sinon target/spro/assets, ou assets dans l’archive
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) folder: Option<PathBuf>,
    /// Liste les versions qui sont gardées, sans rien envoyer
    #[arg(long)]
    pub(crate) list: bool,
}

/// What the help of `keep` says at its end.
pub(crate) const KEEP_HELP: &str = "À faire après chaque déploiement : un déploiement remplace les fichiers d’avant, et des pages partenaires en ont épinglé.\nSeuls les octets qui sont déployés à ce moment sont gardés. La clé d’accès de la Région est nécessaire.";
