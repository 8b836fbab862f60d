//! A snapshot: a validated directory cut into immutable pieces, named by its content.
//!
//! | piece | what it holds | who asks for it |
//! |---|---|---|
//! | `guide.{language}` | questions, networks, rules, texts: [`Guide`] | every visit, first |
//! | `about.{language}` | who coordinates what, territories, resources: [`About`] | whoever opens the information panel |
//! | `communes` | the names of the region's communes, and roughly where they are: [`crate::commune_index::CommuneIndex`] | every visit, while the first questions are read |
//! | `department.{code}` | the department's communes and every place that may be recommended there: [`DepartmentPiece`] | once the commune is known |
//!
//! A department's piece also holds places of the neighbours: whoever reads it learns which
//! department was asked for, and nothing else.
//!
//! Every piece exists in two forms: `.bin` ([`crate::wire`], for the element) and `.json` (for
//! people and for partners' programs). The [`Manifest`] lists the content hash of the
//! first, and its own hash is the [`SnapshotId`].

use crate::condition::Condition;
use crate::directory::{
    Address, CepLevel, Closure, Contact, Coordination, Department, Label, Language, Network, OpeningHours,
    Preparation, Question, RemoteService, Resource, Rule, Service, Territory,
};
use crate::geography::Position;
use crate::wire::{Reader, Wire};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// The version of the pieces' format. The element refuses another one and shows its
/// fallback instead of guessing.
pub const PIECE_FORMAT: u8 = 6;

/// What the guide needs before it knows where the visitor lives, in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// [`PIECE_FORMAT`].
    pub format: u8,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// The languages that the visitor may choose.
    pub languages: Vec<Language>,
    /// The texts of this piece that nobody has translated: they are in French, each whole,
    /// and a page must say so to a screen reader. Sorted.
    pub untranslated: Vec<String>,
    /// Id of the edition.
    pub edition: String,
    /// Title of the edition.
    pub title: String,
    /// Name of the region.
    pub region: String,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Whom to tell about an error where no territory says otherwise.
    pub contact: Option<Contact>,
    /// See [`crate::directory::Edition::reach_km`].
    pub reach_km: u16,
    /// The questions.
    pub questions: Vec<Question<String>>,
    /// The networks.
    pub networks: Vec<Network<String>>,
    /// The rules.
    pub rules: Vec<Rule<String>>,
    /// The remote services.
    pub remote_services: Vec<RemoteService<String>>,
    /// The territories, without their communes.
    pub territories: Vec<TerritoryCard>,
    /// What to say on the phone and what to bring.
    #[serde(default)]
    pub preparations: Vec<Preparation<String>>,
    /// What to say, in French, in the order of [`Self::preparations`]: who answers speaks French. None
    /// where the guide does.
    #[serde(default)]
    pub say_in_french: Vec<String>,
}

impl Guide {
    /// What to say and to bring where a card of a network, or of none, leads: its index.
    pub fn preparation(&self, network: Option<&Network<String>>) -> Option<usize> {
        let of = |network: &Network<String>| {
            self.preparations.iter().position(|one| one.networks.contains(&network.id))
        };
        network.and_then(of).or_else(|| self.preparations.iter().position(|one| one.networks.is_empty()))
    }

    /// The network with this id.
    pub fn network(&self, id: &str) -> Option<&Network<String>> {
        self.networks.iter().find(|network| network.id == id)
    }

    /// When somebody answers a network's phone, where a remote service of the same number says it.
    pub fn hours_of(&self, network: &Network<String>) -> Option<&String> {
        let phone = network.phone.as_ref()?;
        let service = self.remote_services.iter().find(|service| service.phone.as_ref() == Some(phone))?;
        service.hours.as_ref()
    }
}

/// What surrounds the guide, in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// [`PIECE_FORMAT`].
    pub format: u8,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// See [`Guide::untranslated`].
    pub untranslated: Vec<String>,
    /// First day on which the edition describes the system.
    pub valid_from: String,
    /// Last day, where it has been superseded.
    pub valid_until: Option<String>,
    /// The levels of the *conseil en évolution professionnelle*.
    pub cep_levels: Vec<CepLevel<String>>,
    /// Who coordinates what.
    pub coordination: Vec<Coordination<String>>,
    /// The territories, without their communes.
    pub territories: Vec<Territory<String>>,
    /// Guides, news, useful sites, papers of the territories.
    pub resources: Vec<Resource<String>>,
    /// Where the places come from, those of most places first: licences ask that it is said.
    pub sources: Vec<PlacesSource>,
}

/// A source of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacesSource {
    /// Its name.
    pub source: String,
    /// Its licence.
    pub licence: Option<String>,
    /// How many places come from it.
    pub places: u16,
}

/// What a page says of a territory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TerritoryCard {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The departments that it lies in.
    pub departments: Vec<String>,
    /// Whom to tell about an error.
    pub contact: Option<Contact>,
    /// Its label.
    pub label: Option<Label>,
}

/// Everything that may be recommended to the people of one department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DepartmentPiece {
    /// [`PIECE_FORMAT`].
    pub format: u8,
    /// The department's code.
    pub code: String,
    /// Ids of the networks that have more places in the department than the directory knows.
    pub partial: Vec<String>,
    /// Its communes, sorted by code.
    pub communes: Vec<CommunePoint>,
    /// The places, sorted by id.
    pub places: Vec<Place>,
}

impl DepartmentPiece {
    /// The index of a commune in [`Self::communes`].
    pub fn commune(&self, code: &str) -> Option<usize> {
        self.communes.binary_search_by(|commune| commune.code.as_str().cmp(code)).ok()
    }
}

/// Where a commune is, and which territory it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommunePoint {
    /// INSEE code.
    pub code: String,
    /// Its centre.
    pub position: Position,
    /// For an arrondissement, the index of the whole city in [`DepartmentPiece::communes`].
    pub city: Option<u16>,
    /// A number that the communes and the places of one intercommunality share in this piece.
    pub intercommunality: Option<u16>,
    /// Index in [`Guide::territories`].
    pub territory: Option<u16>,
}

/// The communes of one department that a place is competent for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// It declares no competence.
    Undeclared,
    /// The whole department.
    Department,
    /// These, as indexes in [`DepartmentPiece::communes`], sorted; possibly none.
    Communes(Vec<u16>),
}

/// One place, as a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Stable id.
    pub id: String,
    /// Id of its network.
    pub network: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// Name of its commune.
    pub commune: String,
    /// Code of its department, whose public holidays and local time are its own.
    pub department: String,
    /// The communes of the piece's department in which it lies, as indexes in
    /// [`DepartmentPiece::communes`], sorted: one, and beside it the arrondissements of a
    /// city that it gives as a whole, or the city of its arrondissement. None for a
    /// neighbour's place.
    pub within: Vec<u16>,
    /// See [`CommunePoint::intercommunality`]; none where no commune of the piece belongs to the
    /// same one.
    pub intercommunality: Option<u16>,
    /// Its position, its commune's centre where it has none of its own.
    pub position: Position,
    /// Phone numbers, the public one first.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Its own page.
    pub website: Option<String>,
    /// Weekly opening hours.
    pub hours: Vec<OpeningHours>,
    /// What the hours do not say.
    pub hours_note: Option<String>,
    /// Days on which it is closed beside that.
    pub closed: Vec<Closure>,
    /// Languages spoken there beside French.
    pub languages: Vec<String>,
    /// The communes of this department that it is there for.
    pub covers: Covers,
    /// Whom it serves, where it is narrower than its network.
    pub serves: Condition,
    /// What it offers.
    pub services: Vec<Service>,
    /// Access for disabled visitors.
    pub access: Option<String>,
    /// See [`crate::directory::Structure::checked_on`].
    pub checked_on: Option<String>,
    /// See [`crate::directory::Structure::is_to_confirm`].
    pub to_confirm: bool,
    /// Where the facts come from.
    pub source: Option<String>,
    /// The day for which the source gives them.
    pub as_of: Option<String>,
    /// The source's licence.
    pub licence: Option<String>,
}

/// Why a piece could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadablePiece {
    /// Cut short, or not a piece.
    Malformed,
    /// Written in a later format.
    UnknownFormat,
}

impl fmt::Display for UnreadablePiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the piece is malformed",
            Self::UnknownFormat => "the piece is in a format that this build does not know",
        })
    }
}

impl std::error::Error for UnreadablePiece {}

/// Reads a piece in its compact form.
pub fn read<T: Wire>(bytes: &[u8]) -> Result<T, UnreadablePiece> {
    // Every piece begins with its format.
    if bytes.first().is_some_and(|format| *format != PIECE_FORMAT) {
        return Err(UnreadablePiece::UnknownFormat);
    }
    let mut reader = Reader::new(bytes);
    let piece = T::read(&mut reader);
    if reader.is_whole() { Ok(piece) } else { Err(UnreadablePiece::Malformed) }
}

/// Writes a piece in its compact form.
pub fn write<T: Wire>(piece: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    piece.write(&mut bytes);
    bytes
}

/// The name of a snapshot: the first 16 bytes of the SHA-256 of its manifest, in hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SnapshotId(String);

impl SnapshotId {
    /// Reads an id received from outside: 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The list of a snapshot's pieces with the hash of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`PIECE_FORMAT`].
    pub format: u8,
    /// Title of the directory.
    pub title: String,
    /// Id of the edition.
    pub edition: String,
    /// How many structures it holds.
    pub structures: u32,
    /// Piece name → SHA-256 of its compact form, in hex.
    pub pieces: BTreeMap<String, String>,
    /// SHA-256 of the document that it was compiled from, in hex; versions from before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

impl Manifest {
    /// The manifest's bytes, whose hash is the snapshot's id.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The id of the snapshot that this manifest describes.
    pub fn id(&self) -> SnapshotId {
        Self::id_of(&self.to_bytes())
    }

    /// The id that these manifest bytes give.
    pub fn id_of(bytes: &[u8]) -> SnapshotId {
        let mut id = hash(bytes);
        id.truncate(32);
        SnapshotId(id)
    }
}

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A compiled snapshot, ready to be stored.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Its name.
    pub id: SnapshotId,
    /// Its list of pieces.
    pub manifest: Manifest,
    /// Piece name → compact form.
    pub pieces: BTreeMap<String, Vec<u8>>,
    /// The document that it was compiled from, as [`crate::directory::Directory::to_json`] writes
    /// it.
    pub document: String,
}

/// The JSON form of a piece, from its compact form; `None` for a name no piece has.
pub fn to_json(name: &str, bytes: &[u8]) -> Option<Result<Vec<u8>, UnreadablePiece>> {
    fn convert<T: Wire + Serialize>(bytes: &[u8]) -> Result<Vec<u8>, UnreadablePiece> {
        serde_json::to_vec(&read::<T>(bytes)?).map_err(|_| UnreadablePiece::Malformed)
    }
    match name.split('.').next() {
        Some("guide") => Some(convert::<Guide>(bytes)),
        Some("about") => Some(convert::<About>(bytes)),
        Some("communes") => Some(convert::<crate::commune_index::CommuneIndex>(bytes)),
        Some("department") => Some(convert::<DepartmentPiece>(bytes)),
        _ => None,
    }
}

/// The name of a guide's piece.
pub fn guide_piece(language: &str) -> String {
    format!("guide.{language}")
}

/// The name of the piece around the guide.
pub fn about_piece(language: &str) -> String {
    format!("about.{language}")
}

/// The name of a department's piece.
pub fn department_piece(code: &str) -> String {
    format!("department.{code}")
}

/// The name of the piece with the communes' names.
pub const COMMUNES_PIECE: &str = "communes";
