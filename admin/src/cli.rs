//! The commands and their options.

#![expect(clippy::doc_markdown, reason = "the comments of the arguments are the help that people read")]

pub(crate) mod desk;
pub(crate) mod partners;
pub(crate) mod region;
pub(crate) mod sync;

use crate::commands;
use crate::commands::source::Source;
use crate::failure::Failure;
use crate::output::{self, Outcome};
use crate::reference;
use crate::server::{LOCAL, Server};
use clap::error::{ContextKind, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

const TEMPLATE: &str = "{about}\n\nUtilisation : {usage}\n\n{all-args}{after-help}";

/// A file, an edition of the program, or what is live.
#[derive(Args, Debug)]
pub(crate) struct Read {
    /// L’annuaire (JSON) ; sinon celui qui est en ligne
    #[arg(value_name = "FICHIER")]
    file: Option<PathBuf>,
    /// L’édition livrée avec le programme, au lieu d’un fichier : 2016 ou 2026
    #[arg(long, value_name = "ÉDITION", conflicts_with = "file", value_parser = clap::builder::PossibleValuesParser::new(reference::editions()), hide_possible_values = true)]
    edition: Option<String>,
}

/// L’annuaire du guide d’orientation : contrôler, importer, comparer, publier.
#[derive(Parser, Debug)]
#[command(
    name = "cargo spro",
    bin_name = "cargo spro",
    version,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    arg_required_else_help = true,
    subcommand_help_heading = "Commandes",
    subcommand_value_name = "COMMANDE",
    after_help = "Codes de sortie : 0 tout va bien · 1 des erreurs ou un refus · 2 commande mal écrite · 3 serveur injoignable"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
    /// Affiche la version du programme
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Args, Debug)]
struct Common {
    /// Répond par un objet JSON, pour les scripts
    #[arg(long, global = true)]
    json: bool,
    /// Montre tout, au lieu de cinq exemples par groupe
    #[arg(long, global = true)]
    all: bool,
    /// Adresse du serveur ; sinon la variable SPRO_SERVER, sinon http://127.0.0.1:8787
    #[arg(long, global = true, value_name = "ADRESSE", env = "SPRO_SERVER", hide_env = true, num_args = 0..=1, default_missing_value = LOCAL)]
    server: Option<String>,
    /// Fichier du jeton d’administration ; sinon la variable SPRO_TOKEN, sinon .spro/admin-token
    #[arg(long, global = true, value_name = "FICHIER")]
    token_file: Option<PathBuf>,
    /// Affiche cette aide
    #[arg(short = 'h', long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Prépare l’annuaire d’une région : son fichier, un annuaire prêt à publier, les sources à suivre
    #[command(after_help = region::NEW_HELP)]
    New(region::New),
    /// Refait un annuaire de ce qui est national et du fichier de sa région ; ses lieux restent
    Compose(region::Compose),
    /// Contrôle un annuaire : toutes les erreurs d’un coup, avec leur place
    Validate {
        /// L’annuaire (JSON)
        #[arg(value_name = "FICHIER")]
        file: PathBuf,
    },
    /// Importe un tableau (CSV, GeoJSON) dans un annuaire, répare ce qui est certain et montre le reste
    Import(Import),
    /// Relit les sources que l’on suit, et prépare un brouillon de ce qu’elles ont changé
    #[command(after_help = sync::SYNC_HELP)]
    Sync(sync::Sync),
    /// Écrit les lieux d’un annuaire dans un tableau, une carte ou un fichier de données ouvertes
    Export(Export),
    /// Compare un annuaire à celui qui est en ligne, ou à un autre fichier
    Diff {
        /// L’annuaire (JSON)
        #[arg(value_name = "FICHIER")]
        file: PathBuf,
        /// Compare à ce fichier au lieu du serveur
        #[arg(long, value_name = "FICHIER")]
        against: Option<PathBuf>,
    },
    /// Publie un annuaire, après contrôle et comparaison
    Publish(Publish),
    /// Dit à qui est la clé d’accès, et ce qu’elle permet
    Whoami,
    /// Liste les clés d’accès, en crée, en retire
    Keys {
        #[command(subcommand)]
        what: Option<desk::Keys>,
    },
    /// Liste les liens privés des lieux, en crée, en retire
    PlaceLinks {
        #[command(subcommand)]
        what: Option<desk::PlaceLinks>,
    },
    /// Liste les territoires en ligne ; en ajoute, en change, en retire dans un brouillon
    Territories {
        #[command(subcommand)]
        what: Option<desk::Territories>,
    },
    /// Liste les brouillons, en commence, en contrôle, en publie
    Drafts {
        #[command(subcommand)]
        what: Option<desk::Drafts>,
    },
    /// Montre le journal : qui a fait quoi, quand
    Audit(desk::Audit),
    /// Liste les versions publiées
    Versions,
    /// Remet en ligne une version d’avant
    Rollback {
        /// La version, par son numéro ou son identifiant ; sinon celle d’avant
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        /// Pourquoi, pour l’historique
        #[arg(long, value_name = "TEXTE", default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Dit ce qui manque dans un annuaire, ou dans celui qui est en ligne : où, pour qui, à quelle distance
    Diagnose(Diagnose),
    /// Dit quels lieux un annuaire a, à côté de ceux qu’il devrait avoir : réseau par réseau, leur âge, ce qui les confirme
    Coverage(Coverage),
    /// Liste les fiches que personne n’a vérifiées depuis longtemps, celles qui comptent le plus d’abord
    Freshness(Freshness),
    /// Écrit les messages qui demandent à chaque territoire de revérifier ses fiches, avec un tableau à remplir
    #[command(after_help = REMIND_HELP)]
    Remind(Remind),
    /// Vérifie que les adresses de sites d’un annuaire mènent encore quelque part
    Links(Links),
    /// Ouvre des pages partenaires dans un navigateur, et dit comment chacune montre le guide
    #[command(after_help = partners::WATCH_HELP)]
    Watch(partners::Watch),
    /// Garde deux ans les fichiers de la version déployée, pour les pages qui les ont épinglés
    #[command(after_help = partners::KEEP_HELP)]
    Keep(partners::Keep),
    /// Dessine les questions et les règles d’une édition
    Draw(Draw),
    /// Liste les réseaux d’une édition : services, niveaux, conseil en évolution professionnelle, sources
    Networks {
        /// L’annuaire (JSON) ; sinon celui d’une édition livrée avec le programme
        #[arg(value_name = "FICHIER")]
        file: Option<PathBuf>,
        /// L’édition : 2016 ou 2026 ; sinon 2026
        #[arg(long, value_name = "ÉDITION", conflicts_with = "file", value_parser = clap::builder::PossibleValuesParser::new(reference::editions()), hide_possible_values = true)]
        edition: Option<String>,
    },
    /// Prouve qu’avec les lieux de l’annuaire aucune personne ne rencontre d’impasse ni de mauvaise porte, et dit quelle part des habitants a un lieu près de chez elle
    Prove {
        /// L’annuaire (JSON) ; sinon celui d’une édition livrée avec le programme
        #[arg(value_name = "FICHIER")]
        file: Option<PathBuf>,
        /// L’édition : 2016 ou 2026 ; sinon 2026
        #[arg(long, value_name = "ÉDITION", conflicts_with = "file", value_parser = clap::builder::PossibleValuesParser::new(reference::editions()), hide_possible_values = true)]
        edition: Option<String>,
        /// Le jour, écrit 2026-11-24 ; sinon aujourd’hui
        #[arg(long, value_name = "DATE")]
        on: Option<String>,
    },
    /// Dit où le guide enverrait une personne, et pourquoi
    Recommend(Recommend),
    /// Dit quels textes manquent dans une langue, et en fait un tableau pour les traduire
    Texts(Texts),
    /// Affiche le schéma JSON de l’annuaire
    Schema,
}

/// The options of `recommend`.
#[derive(Args, Debug)]
pub(crate) struct Recommend {
    /// Où elle habite : le nom de la commune, son code postal ou son code officiel (INSEE)
    #[arg(long, value_name = "COMMUNE", required_unless_present = "batch")]
    pub(crate) commune: Option<String>,
    /// Une de ses réponses, par exemple situation=young ; autant de fois qu’il faut
    #[arg(long, value_name = "QUESTION=CHOIX")]
    pub(crate) answer: Vec<String>,
    /// Un fichier JSON de réponses, « question : choix » ; celles de --answer comptent plus
    #[arg(long, value_name = "FICHIER")]
    pub(crate) answers: Option<PathBuf>,
    /// Un fichier de beaucoup de personnes, une par ligne : {"commune": "26281", "answers": {"situation": "young"}} ; ou - pour l’entrée standard ; répond à chacune par la ligne de --json
    #[arg(long, value_name = "FICHIER", conflicts_with_all = ["commune", "answer", "answers"])]
    pub(crate) batch: Option<PathBuf>,
    /// Une édition livrée avec le programme, ou un annuaire (JSON) ; sinon 2026
    #[arg(long, value_name = "ÉDITION", default_value = reference::CURRENT_EDITION, hide_default_value = true)]
    pub(crate) edition: String,
    /// L’annuaire qui est en ligne
    #[arg(long, conflicts_with = "edition")]
    pub(crate) live: bool,
    /// La langue des textes de l’annuaire
    #[arg(long, value_name = "LANGUE", default_value = shared::directory::MAIN_LANGUAGE, hide_default_value = true)]
    pub(crate) language: String,
    /// Le jour, écrit 2026-11-24 ; sinon aujourd’hui
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
}

/// The options of `texts`.
#[derive(Args, Debug)]
pub(crate) struct Texts {
    /// L’annuaire (JSON) ; sinon celui qui est livré avec le programme
    #[arg(value_name = "FICHIER")]
    pub(crate) file: Option<PathBuf>,
    /// La langue, écrite comme dans l’annuaire : en, ar, fr-simple ; sinon un résumé de toutes
    #[arg(long, value_name = "LANGUE")]
    pub(crate) language: Option<String>,
    /// Où écrire le tableau (CSV) : chemin, français, traduction, état
    #[arg(long, value_name = "FICHIER", requires = "language")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
}

/// The options of `import`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Import {
    /// Le tableau (CSV, XLSX, ODS), la carte (GeoJSON), data·inclusion (JSON) ou l’archive de la DILA (.tar.bz2)
    #[arg(value_name = "FICHIER")]
    pub(crate) file: PathBuf,
    /// De l’archive de la DILA, ce département seulement, par son code ; autant de fois qu’il faut ; sinon ceux de la région
    #[arg(long, value_name = "CODE")]
    pub(crate) department: Vec<String>,
    /// L’annuaire à compléter ; sinon celui qui est en ligne
    #[arg(long, value_name = "ANNUAIRE")]
    pub(crate) into: Option<PathBuf>,
    /// Complète l’annuaire livré avec le programme, au lieu de celui qui est en ligne
    #[arg(long, conflicts_with = "into")]
    pub(crate) shipped: bool,
    /// Où écrire l’annuaire ; sinon rien n’est écrit
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
    /// Écrit même si des lignes sont refusées
    #[arg(long)]
    pub(crate) accept_refused: bool,
    /// Le jour où les fiches ont été vérifiées, écrit 2026-11-24
    #[arg(long, value_name = "DATE")]
    pub(crate) checked_on: Option<String>,
    /// D’où viennent les fiches ; sinon le nom du fichier
    #[arg(long, value_name = "NOM")]
    pub(crate) source: Option<String>,
    /// Ce que contient une colonne, par exemple "Tél. accueil=téléphone" ; "Titre=" la laisse de côté ; autant de fois qu’il faut
    #[arg(long, value_name = "TITRE=CHAMP")]
    pub(crate) column: Vec<String>,
    /// Le réseau de tous les lieux du fichier, ou celui d’une valeur de sa colonne ou d’un nom, par exemple "Atelier des Tilleuls=Mission locale" ; « autre-partenaire » n’est jamais proposé ; autant de fois qu’il faut
    #[arg(long, value_name = "[TEXTE=]RÉSEAU")]
    pub(crate) network: Vec<String>,
    /// Reprend les colonnes et réseaux retenus sous ce nom, et y retient ceux de --column et --network
    #[arg(long, value_name = "NOM")]
    pub(crate) mapping: Option<String>,
    /// Le fichier des colonnes retenues ; sinon .spro/mappings.json
    #[arg(long, value_name = "FICHIER", requires = "mapping")]
    pub(crate) mappings: Option<PathBuf>,
    /// La colonne qui dit quel lieu est quel lieu, pour mettre à jour les mêmes la prochaine fois
    #[arg(long, value_name = "TITRE")]
    pub(crate) key: Option<String>,
    /// Accepte une réparation ou une proposition (CODE:LIGNE:COLONNE), ou toutes celles d’un groupe (CODE)
    #[arg(long, value_name = "CODE")]
    pub(crate) accept: Vec<String>,
    /// Refuse une réparation ou une proposition, ou toutes celles d’un groupe
    #[arg(long, value_name = "CODE")]
    pub(crate) refuse: Vec<String>,
    /// Un fichier JSON de décisions ; celles de --accept et --refuse comptent plus
    #[arg(long, value_name = "FICHIER")]
    pub(crate) decisions: Option<PathBuf>,
    /// Dit quels lieux de la même source ne sont plus dans le fichier
    #[arg(long)]
    pub(crate) missing: bool,
    /// Les retire de l’annuaire, en les disant
    #[arg(long)]
    pub(crate) remove_missing: bool,
}

/// The options of `export`.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// csv (un tableau pour un tableur français), xlsx, ods, geojson (une carte), inclusion (data·inclusion v1) ou json (l’annuaire entier) ; sinon ce que dit le nom du fichier de --out, sinon csv
    #[arg(long, value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(exchange::export::Format::ALL.map(exchange::export::Format::name)), hide_possible_values = true)]
    pub(crate) format: Option<String>,
    /// Où écrire ; sinon le fichier est affiché
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
}

/// The options of `diagnose`.
#[derive(Args, Debug)]
pub(crate) struct Diagnose {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// Ce département seulement, par son code
    #[arg(long, value_name = "CODE", group = "scope")]
    pub(crate) department: Option<String>,
    /// Ce territoire seulement, par son identifiant
    #[arg(long, value_name = "TERRITOIRE", group = "scope")]
    pub(crate) territory: Option<String>,
    /// Cette commune seulement, par son code INSEE
    #[arg(long, value_name = "CODE", group = "scope")]
    pub(crate) commune: Option<String>,
    /// text, json, csv (une ligne par commune et par public, pour un tableur) ou html (une page avec des cartes)
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) format: DiagnosisFormat,
    /// Où écrire le diagnostic ; sinon il est affiché
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
}

/// The options of `coverage`.
#[derive(Args, Debug)]
pub(crate) struct Coverage {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// text, json, csv (une ligne par réseau et par département, pour un tableur), html (une page à imprimer) ou markdown
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) format: CoverageFormat,
    /// Où écrire le tableau ; sinon il est affiché
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
}

/// How the coverage is written.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum CoverageFormat {
    #[default]
    Text,
    Json,
    Csv,
    Html,
    Markdown,
}

/// How `remind` is run by a scheduler.
const REMIND_HELP: &str = "Rien n’est envoyé : qui le planifie envoie les fichiers. Par exemple, le premier lundi de chaque mois à 7 h (crontab) :\n  0 7 1-7 * 1  [ \"$(date +\\%u)\" = 1 ] && cargo spro remind --server https://guide.exemple.fr --out /chemin/rappels --force";

/// The options of `freshness`.
#[derive(Args, Debug)]
pub(crate) struct Freshness {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// Ce territoire seulement, par son identifiant
    #[arg(long, value_name = "TERRITOIRE")]
    pub(crate) territory: Option<String>,
    /// Ce réseau seulement, par son identifiant
    #[arg(long, value_name = "RÉSEAU")]
    pub(crate) network: Option<String>,
    /// Ce département seulement, par son code
    #[arg(long, value_name = "CODE")]
    pub(crate) department: Option<String>,
    /// Depuis combien de mois ; sinon 12, et 6 pour un lieu dont une fermeture approche
    #[arg(long, value_name = "MOIS", default_value_t = 12, hide_default_value = true)]
    pub(crate) months: u16,
    /// text, csv (un tableau à remplir, qui s’importe à nouveau) ou html (une page à imprimer)
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) format: FreshnessFormat,
    /// Où écrire la liste ; sinon elle est affichée
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
}

/// How a list of records to check is written.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum FreshnessFormat {
    #[default]
    Text,
    Csv,
    Html,
}

/// The options of `remind`.
#[derive(Args, Debug)]
pub(crate) struct Remind {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// Le dossier où écrire les messages et leurs tableaux ; il est créé s’il manque
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) out: PathBuf,
    /// Depuis combien de mois ; sinon 12
    #[arg(long, value_name = "MOIS", default_value_t = 12, hide_default_value = true)]
    pub(crate) months: u16,
    /// Écrit aussi à chaque lieu en ligne qui a un courriel, avec un lien privé à la place de celui d’avant
    #[arg(long, conflicts_with_all = ["file", "edition"])]
    pub(crate) places: bool,
    /// Remplace les messages d’avant
    #[arg(long)]
    pub(crate) force: bool,
}

/// The options of `links`.
#[derive(Args, Debug)]
pub(crate) struct Links {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// Où écrire le tableau de toutes les adresses (CSV)
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
    /// Combien de secondes un site a pour répondre ; sinon 20
    #[arg(long, value_name = "SECONDES", default_value_t = 20, hide_default_value = true)]
    pub(crate) timeout: u64,
}

/// The options of `draw`.
#[derive(Args, Debug)]
pub(crate) struct Draw {
    /// What is read.
    #[command(flatten)]
    pub(crate) read: Read,
    /// La langue des textes, telle que l’édition l’écrit : fr, en…
    #[arg(long, value_name = "LANGUE", default_value = "fr", hide_default_value = true)]
    pub(crate) language: String,
    /// svg (le dessin) ou html (une page avec le dessin, et une liste qui dit la même chose)
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) format: DrawingFormat,
    /// Où écrire le dessin ; sinon il est affiché
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
    /// Remplace le fichier de --out s’il existe
    #[arg(long)]
    pub(crate) force: bool,
}

/// How a drawing is written.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DrawingFormat {
    #[default]
    Svg,
    Html,
}

/// How a diagnosis is written.
#[derive(ValueEnum, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DiagnosisFormat {
    #[default]
    Text,
    Json,
    Csv,
    Html,
}

/// The options of `publish`.
#[derive(Args, Debug)]
pub(crate) struct Publish {
    /// L’annuaire (JSON)
    #[arg(value_name = "FICHIER")]
    pub(crate) file: PathBuf,
    /// Pourquoi, pour l’historique
    #[arg(long, value_name = "TEXTE", default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    /// La version qui doit être en ligne (numéro ou identifiant), sinon rien n’est publié
    #[arg(long, value_name = "VERSION", conflicts_with = "force")]
    pub(crate) expect: Option<String>,
    /// Publie même si quelqu’un a publié entre-temps
    #[arg(long)]
    pub(crate) force: bool,
    /// Combien de lieux la publication retire, quand c’est plus d’un sur dix
    #[arg(long, value_name = "NOMBRE")]
    pub(crate) removing: Option<usize>,
    /// Publie même si des réseaux perdent leur dernier lieu, ou trop de monde près de leurs lieux
    #[arg(long)]
    pub(crate) accept_losses: bool,
    /// Prépare tout ici et l’envoie morceau par morceau : pour un serveur gratuit, ou un annuaire national
    #[arg(long)]
    pub(crate) here: bool,
}

/// Runs the command line and returns the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let as_json = arguments.iter().any(|argument| argument == "--json");
    let command = dressed(Arguments::command());
    let parsed =
        command.try_get_matches_from(arguments).and_then(|matches| Arguments::from_arg_matches(&matches));
    let code = match parsed {
        Ok(arguments) => {
            let as_json = arguments.common.json;
            output::print(carry_out(arguments), as_json)
        }
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp => {
                output::print(Ok(Outcome { text: french_headings(&error), ..Outcome::default() }), false)
            }
            ErrorKind::DisplayVersion => {
                output::print(Ok(Outcome { text: error.to_string(), ..Outcome::default() }), false)
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                output::print(Err(Failure::usage("no-command", french_headings(&error))), as_json)
            }
            _ => output::print(Err(usage(&error)), as_json),
        },
    };
    ExitCode::from(code)
}

/// A command and those below it, with the help in French.
fn dressed(command: clap::Command) -> clap::Command {
    command
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("Commandes")
        .subcommand_value_name("COMMANDE")
        .mut_subcommands(dressed)
}

fn carry_out(arguments: Arguments) -> Result<Outcome, Failure> {
    let common = arguments.common;
    let server = || server(&common);
    let all = common.all;
    match arguments.command {
        Command::New(options) => commands::new::run(&options),
        Command::Compose(options) => commands::compose::run(&options, all),
        Command::Validate { file } => commands::validate::run(&file, all),
        Command::Import(options) => commands::import::run(&options, server, all, common.json),
        Command::Sync(options) => commands::sync::run(&options, server, all, common.json),
        Command::Export(options) => {
            with_source(&options.read, &common, |source| commands::export::run(&options, source))
        }
        Command::Diff { file, against: Some(other) } => commands::diff::files(&file, &other, all),
        Command::Diff { file, against: None } => commands::diff::live(&file, &server()?, all),
        Command::Publish(options) => commands::publish::run(&options, &server()?, all),
        Command::Whoami => commands::access::who_am_i(&server()?),
        Command::Keys { what: None } => commands::access::list(&server()?),
        Command::Keys { what: Some(desk::Keys::Make(options)) } => {
            commands::access::make(&options, &server()?)
        }
        Command::Keys { what: Some(desk::Keys::Revoke { id }) } => commands::access::revoke(&id, &server()?),
        Command::PlaceLinks { what } => commands::place_links::run(what.as_ref(), &server()?),
        Command::Territories { what } => commands::territories::run(what.as_ref(), &server()?),
        Command::Drafts { what } => commands::drafts::run(what.as_ref(), &server()?, all),
        Command::Audit(options) => commands::access::audit(&options, &server()?, all),
        Command::Versions => commands::versions::list(&server()?, all),
        Command::Rollback { to, reason } => commands::versions::roll_back(&server()?, to.as_deref(), &reason),
        Command::Diagnose(options) => {
            with_source(&options.read, &common, |source| commands::diagnose::run(&options, source, all))
        }
        Command::Coverage(options) => {
            with_source(&options.read, &common, |source| commands::coverage::run(&options, source, all))
        }
        Command::Freshness(options) => {
            with_source(&options.read, &common, |source| commands::freshness::list(&options, source, all))
        }
        Command::Remind(options) => {
            with_source(&options.read, &common, |source| commands::freshness::remind(&options, source, all))
        }
        Command::Links(options) => {
            with_source(&options.read, &common, |source| commands::links::run(&options, source, all))
        }
        Command::Watch(options) => commands::watch::run(&options),
        Command::Keep(options) => commands::keep::run(&options, &server()?),
        Command::Draw(options) => {
            with_source(&options.read, &common, |source| commands::draw::run(&options, source, all))
        }
        Command::Networks { file, edition } => {
            commands::networks::run(file.as_deref(), edition.as_deref().unwrap_or(reference::CURRENT_EDITION))
        }
        Command::Prove { file, edition, on } => {
            let edition = edition.as_deref().unwrap_or(reference::CURRENT_EDITION);
            commands::prove::run(file.as_deref(), edition, on.as_deref(), all)
        }
        Command::Recommend(options) => commands::recommend::run(&options, server, all, common.json),
        Command::Texts(options) => commands::texts::run(&options, all),
        Command::Schema => Ok(commands::schema::run()),
    }
}

/// Carries out a command on a file, an edition of the program, or what is live.
fn with_source(
    read: &Read,
    common: &Common,
    run: impl FnOnce(&Source) -> Result<Outcome, Failure>,
) -> Result<Outcome, Failure> {
    match (read.file.as_deref(), read.edition.as_deref()) {
        (Some(file), _) => run(&Source::File(file)),
        (None, Some(edition)) => run(&Source::Edition(edition)),
        (None, None) => run(&Source::Live(&server(common)?)),
    }
}

/// The server that the options name.
fn server(common: &Common) -> Result<Server, Failure> {
    Server::new(common.server.as_deref().unwrap_or(LOCAL), common.token_file.as_deref())
}

/// The help, with the space that French wants before a colon.
fn french_headings(help: &clap::Error) -> String {
    let mut text = help.to_string();
    for heading in ["Commandes", "Arguments", "Options"] {
        text = text.replace(&format!("\n{heading}:\n"), &format!("\n{heading} :\n"));
    }
    text
}

/// What is wrong with the arguments, in French.
fn usage(error: &clap::Error) -> Failure {
    let said = |kind: ContextKind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("La commande « {} » n’existe pas.", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => {
            format!("L’argument « {} » n’est pas attendu ici.", said(ContextKind::InvalidArg))
        }
        ErrorKind::MissingRequiredArgument => format!("Il manque : {}.", said(ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => "Il manque une commande.".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
            if said(ContextKind::InvalidValue).is_empty() =>
        {
            format!("Il manque une valeur à « {} ».", said(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!(
                "« {} » ne convient pas à « {} ».",
                said(ContextKind::InvalidValue),
                said(ContextKind::InvalidArg)
            )
        }
        ErrorKind::ArgumentConflict => {
            format!(
                "« {} » et « {} » ne vont pas ensemble.",
                said(ContextKind::InvalidArg),
                said(ContextKind::PriorArg)
            )
        }
        _ => "La commande n’est pas comprise.".to_owned(),
    };
    Failure::usage("usage", message)
        .advising("« cargo spro --help » montre les commandes, « cargo spro COMMANDE --help » leurs options.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
