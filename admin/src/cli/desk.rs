//! The options of what administrators do together: keys, drafts, the trail.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What can be done with access keys.
#[derive(Subcommand, Debug)]
pub(crate) enum Keys {
    /// Crée une clé d’accès, et l’affiche : c’est la seule fois
    Make(MakeKey),
    /// Retire une clé d’accès : elle n’ouvre plus rien
    Revoke {
        /// L’identifiant de la clé
        #[arg(value_name = "CLÉ")]
        id: String,
    },
}

/// What can be done with the private links of places.
#[derive(Subcommand, Debug)]
pub(crate) enum PlaceLinks {
    /// Crée le lien privé de chaque lieu, à la place de celui d’avant, et l’affiche : c’est la seule fois
    Make {
        /// Les lieux, par leurs identifiants
        #[arg(value_name = "LIEU", required = true)]
        places: Vec<String>,
    },
    /// Retire le lien privé d’un lieu : il n’ouvre plus rien
    Revoke {
        /// Le lieu, par son identifiant
        #[arg(value_name = "LIEU")]
        place: String,
    },
}

/// What can be done with the territories of a draft.
#[derive(Subcommand, Debug)]
pub(crate) enum Territories {
    /// Ajoute un territoire à un brouillon, ou change celui de cet identifiant ; ce qui n’est pas dit reste
    Set(Box<SetTerritory>),
    /// Retire un territoire d’un brouillon, si rien ne le nomme plus
    Remove {
        /// L’identifiant du brouillon
        #[arg(value_name = "BROUILLON")]
        draft: String,
        /// L’identifiant du territoire
        #[arg(value_name = "TERRITOIRE")]
        territory: String,
    },
}

/// The options of `territories set`.
#[derive(Args, Debug)]
pub(crate) struct SetTerritory {
    /// L’identifiant du brouillon
    #[arg(value_name = "BROUILLON")]
    pub(crate) draft: String,
    /// L’identifiant du territoire : des lettres sans accent, des chiffres, des tirets
    #[arg(value_name = "TERRITOIRE")]
    pub(crate) territory: String,
    /// Son nom
    #[arg(long, value_name = "NOM")]
    pub(crate) name: Option<String>,
    /// Une commune : "26000 Valence" ou son code INSEE ; autant de fois qu’il faut. Avec --intercommunality, remplace toutes celles d’avant
    #[arg(long, value_name = "COMMUNE")]
    pub(crate) commune: Vec<String>,
    /// Les communes d’une intercommunalité : son numéro SIREN, ou une de ses communes ; autant de fois qu’il faut
    #[arg(long, value_name = "SIREN")]
    pub(crate) intercommunality: Vec<String>,
    /// Un département entier, par son code ; autant de fois qu’il faut. Remplace tous ceux d’avant
    #[arg(long, value_name = "CODE")]
    pub(crate) department: Vec<String>,
    /// Comment les réseaux y travaillent ensemble, en une ou deux phrases
    #[arg(long, value_name = "TEXTE")]
    pub(crate) organisation: Option<String>,
    /// Le service à qui s’adresser
    #[arg(long, value_name = "NOM")]
    pub(crate) contact_name: Option<String>,
    /// Son courriel, jamais celui d’une personne
    #[arg(long, value_name = "COURRIEL")]
    pub(crate) contact_email: Option<String>,
    /// Son téléphone
    #[arg(long, value_name = "TÉLÉPHONE")]
    pub(crate) contact_phone: Option<String>,
    /// Sa page
    #[arg(long, value_name = "ADRESSE")]
    pub(crate) contact_website: Option<String>,
    /// Le jour où le label « Orientation pour tous » a été attribué, écrit 2026-11-24
    #[arg(long, value_name = "DATE")]
    pub(crate) granted_on: Option<String>,
    /// D’où viennent ces informations ; autant de fois qu’il faut. Remplace toutes celles d’avant
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Vec<String>,
    /// Ce qu’aucune source ne confirme encore ; autant de fois qu’il faut. Remplace tout ce qui l’était
    #[arg(long, value_name = "TEXTE")]
    pub(crate) unverified: Vec<String>,
}

/// The options of `keys make`.
#[derive(Args, Debug)]
pub(crate) struct MakeKey {
    /// À qui est la clé : une personne ou un service
    #[arg(long, value_name = "NOM")]
    pub(crate) name: String,
    /// Ce qu’elle permet : region (tout), territory (les lieux d’un territoire) ou reader (lire)
    #[arg(long, value_name = "RÔLE", value_enum, hide_possible_values = true)]
    pub(crate) role: Role,
    /// Le territoire, par son identifiant
    #[arg(long, value_name = "TERRITOIRE", required_if_eq("role", "territory"))]
    pub(crate) territory: Option<String>,
    /// Le territoire publie ses lieux lui-même ; sinon il les propose à la Région
    #[arg(long, requires = "territory")]
    pub(crate) may_publish: bool,
    /// L’adresse par laquelle Cloudflare Access connaît la personne
    #[arg(long, value_name = "ADRESSE")]
    pub(crate) email: Option<String>,
}

/// What a key is for.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Region,
    Territory,
    Reader,
}

/// The options of `audit`.
#[derive(Args, Debug)]
pub(crate) struct Audit {
    /// Combien de lignes, les plus récentes d’abord ; sinon 50, et toutes avec --csv ou --all
    #[arg(long, value_name = "NOMBRE", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Où écrire le journal, en tableau
    #[arg(long, value_name = "FICHIER")]
    pub(crate) csv: Option<PathBuf>,
    /// Remplace le fichier de --csv s’il existe
    #[arg(long, requires = "csv")]
    pub(crate) force: bool,
}

/// What can be done with drafts.
#[derive(Subcommand, Debug)]
pub(crate) enum Drafts {
    /// Commence un brouillon, à partir de ce qui est en ligne
    Begin {
        /// Son titre
        #[arg(long, value_name = "TITRE")]
        title: String,
        /// Le territoire dont il change les lieux ; sinon c’est un brouillon de la Région
        #[arg(long, value_name = "TERRITOIRE")]
        territory: Option<String>,
    },
    /// Montre où en est un brouillon
    Show(Id),
    /// Importe un fichier dans un brouillon ; sans fichier, relit le dernier autrement
    Import(ImportDraft),
    /// Remplace tout l’annuaire d’un brouillon
    Replace {
        #[command(flatten)]
        id: Id,
        /// L’annuaire (JSON)
        #[arg(value_name = "ANNUAIRE")]
        file: PathBuf,
    },
    /// Ajoute, modifie ou retire un lieu d’un brouillon
    Place {
        #[command(flatten)]
        id: Id,
        /// Le lieu (JSON), comme dans l’annuaire
        #[arg(value_name = "LIEU", required_unless_present = "remove")]
        file: Option<PathBuf>,
        /// Le lieu à retirer, par son identifiant
        #[arg(long, value_name = "IDENTIFIANT", conflicts_with = "file")]
        remove: Option<String>,
    },
    /// Contrôle un brouillon, comme avant une publication
    Check(Id),
    /// Compare un brouillon à ce qui est en ligne
    Diff(Id),
    /// Donne le lien privé qui montre le guide tel que le brouillon le ferait
    Preview(Id),
    /// Annule la dernière étape d’un brouillon
    Undo(Id),
    /// Met un brouillon à jour sur ce qui est en ligne, quand quelqu’un a publié entre-temps
    Rebase(Id),
    /// Propose un brouillon à la Région
    Propose(Id),
    /// Publie un brouillon
    Publish {
        #[command(flatten)]
        id: Id,
        /// Pourquoi, pour l’historique ; sinon le titre du brouillon
        #[arg(long, value_name = "TEXTE", default_value = "", hide_default_value = true)]
        reason: String,
        /// Combien de lieux la publication retire, quand c’est plus d’un sur dix
        #[arg(long, value_name = "NOMBRE")]
        removing: Option<usize>,
        /// Publie même si des réseaux perdent leur dernier lieu, ou trop de monde près de leurs lieux
        #[arg(long)]
        accept_losses: bool,
    },
    /// Abandonne un brouillon
    Abandon(Id),
    /// Écrit l’annuaire d’un brouillon dans un fichier
    Download {
        #[command(flatten)]
        id: Id,
        /// Où l’écrire
        #[arg(long, value_name = "FICHIER")]
        out: PathBuf,
        /// Remplace le fichier s’il existe
        #[arg(long)]
        force: bool,
    },
}

/// Which draft.
#[derive(Args, Debug)]
pub(crate) struct Id {
    /// L’identifiant du brouillon
    #[arg(value_name = "BROUILLON")]
    pub(crate) id: String,
}

/// The options of `drafts import`.
#[derive(Args, Debug)]
pub(crate) struct ImportDraft {
    #[command(flatten)]
    pub(crate) id: Id,
    /// Le tableau (CSV, XLSX, ODS), la carte (GeoJSON) ou data·inclusion (JSON)
    #[arg(value_name = "FICHIER")]
    pub(crate) file: Option<PathBuf>,
    /// D’où viennent les fiches ; sinon le nom du fichier
    #[arg(long, value_name = "NOM")]
    pub(crate) source: Option<String>,
    /// Le jour où les fiches ont été vérifiées, écrit 2026-11-24
    #[arg(long, value_name = "DATE")]
    pub(crate) checked_on: Option<String>,
    /// Ce que contient une colonne, par exemple "Tél. accueil=téléphone" ; autant de fois qu’il faut
    #[arg(long, value_name = "TITRE=CHAMP")]
    pub(crate) column: Vec<String>,
    /// Le réseau de tous les lieux du fichier, ou celui d’une valeur de sa colonne ou d’un nom, par exemple "Atelier des Tilleuls=Mission locale" ; « autre-partenaire » n’est jamais proposé ; autant de fois qu’il faut
    #[arg(long, value_name = "[TEXTE=]RÉSEAU")]
    pub(crate) network: Vec<String>,
    /// La colonne qui dit quel lieu est quel lieu
    #[arg(long, value_name = "TITRE")]
    pub(crate) key: Option<String>,
    /// Accepte une réparation ou une proposition (CODE:LIGNE:COLONNE), ou toutes celles d’un groupe (CODE)
    #[arg(long, value_name = "CODE")]
    pub(crate) accept: Vec<String>,
    /// Refuse une réparation ou une proposition, ou toutes celles d’un groupe
    #[arg(long, value_name = "CODE")]
    pub(crate) refuse: Vec<String>,
}
