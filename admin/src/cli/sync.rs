//! The options of `sync`.

use clap::Args;
use std::path::PathBuf;

/// The options of `sync`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Sync {
    /// Le fichier des sources (TOML) ; sinon sources.toml
    #[arg(value_name = "SOURCES", default_value = "sources.toml", hide_default_value = true)]
    pub(crate) sources: PathBuf,
    /// L’annuaire à compléter ; sinon celui qui est en ligne
    #[arg(long, value_name = "ANNUAIRE", requires = "out")]
    pub(crate) into: Option<PathBuf>,
    /// Complète l’annuaire livré avec le programme, au lieu de celui qui est en ligne
    #[arg(long, conflicts_with = "into", requires = "out")]
    pub(crate) shipped: bool,
    /// Où écrire l’annuaire obtenu, au lieu d’en faire un brouillon sur le serveur
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
    /// Relit toutes les sources, même celles dont ce n’est pas encore le jour
    #[arg(long)]
    pub(crate) now: bool,
    /// Prend la valeur de la source, pour une question du compte rendu ; autant de fois qu’il faut
    #[arg(long, value_name = "LIEU:CHAMP")]
    pub(crate) take: Vec<String>,
    /// Garde la valeur d’ici, jusqu’à ce que la source change encore ; autant de fois qu’il faut
    #[arg(long, value_name = "LIEU:CHAMP")]
    pub(crate) keep: Vec<String>,
    /// Publie sans attendre une personne, si tout est dans les limites de [publish] ; sinon le brouillon attend
    #[arg(long, conflicts_with = "out")]
    pub(crate) publish: bool,
    /// Le jour, écrit 2026-11-24 ; sinon aujourd’hui
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
}

/// What the help of `sync` says at its end.
pub(crate) const SYNC_HELP: &str = "Ce que chaque source a dit la dernière fois est retenu dans le dossier .spro-sync, à côté du fichier des sources : gardez-le.\nUne source qui ne répond pas ou dont le fichier ne va pas ne change rien : sa dernière lecture sert encore, et le code de sortie est 1.\nRien n’est retiré de l’annuaire sans une personne. docs/sources.md donne un fichier complet, et de quoi planifier la commande.";
