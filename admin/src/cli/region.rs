//! The options of what makes the directory of a region.

use clap::Args;
use std::path::PathBuf;

/// The options of `new`.
#[derive(Args, Debug)]
pub(crate) struct New {
    /// La région : son code officiel (INSEE) ou son nom, par exemple 53 ou Bretagne
    #[arg(long, value_name = "RÉGION")]
    pub(crate) region: String,
    /// Le dossier où écrire, créé s’il manque ; sinon le nom de la région, dans ce dossier
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace les fichiers du dossier s’ils existent
    #[arg(long)]
    pub(crate) force: bool,
}

/// What the help of `new` says at its end.
pub(crate) const NEW_HELP: &str = "Rien n’est envoyé. Le guide marche aussitôt avec les sites et téléphones nationaux ; les lieux viennent ensuite de « cargo spro sync » ou « cargo spro import ».\ndocs/une-autre-region.md mène de cette commande à un guide publié, en dix minutes.";

/// The options of `compose`.
#[derive(Args, Debug)]
pub(crate) struct Compose {
    /// Le fichier de la région (JSON), que « cargo spro new » écrit
    #[arg(value_name = "RÉGION")]
    pub(crate) region: PathBuf,
    /// L’annuaire à refaire : son titre et ses lieux restent ; sinon un annuaire sans lieux
    #[arg(long, value_name = "ANNUAIRE")]
    pub(crate) into: Option<PathBuf>,
    /// Ce qui est national (JSON) ; sinon celui du programme, de l’édition que nomme la région
    #[arg(long, value_name = "FICHIER")]
    pub(crate) national: Option<PathBuf>,
    /// Où écrire l’annuaire ; sinon il est affiché
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}
