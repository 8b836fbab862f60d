//! A snapshot: a validated directory cut into immutable pieces, named by its content.
//!
//! | piece | what it holds | who asks for it |
//! |---|---|---|
//! | `guide` | questions, networks, rules, in no language: [`Guide`] | every visit, first |
//! | `texts.{language}` | what the guide says: [`GuideTexts`] | every visit, beside it |
//! | `about.{language}` | who coordinates what, territories, resources: [`About`] | whoever opens the information panel |
//! | `communes` | the names of the region's communes, and roughly where they are: [`crate::commune_index::CommuneIndex`] | every visit, while the first questions are read |
//! | `communes.{code}` | of a directory that is wider than any region, all communes of a department: the same | who types a postcode, or has a result there |
//! | `department.{code}` | the department's communes and every place that may be recommended there: [`DepartmentPiece`] | once the commune is known |
//!
//! A department's piece also holds places of the neighbours: whoever reads it learns which
//! department was asked for, and nothing else.
//!
//! Every piece exists in two forms: `.bin` ([`crate::wire`], for the element) and `.json` (for
//! people and for partners' programs). The [`Manifest`] lists the content hash of the
//! first, and its own hash is the [`SnapshotId`].

use crate::condition::Condition;
use crate::directory::{Address, Closure, Contact, Label, Level, OpeningHours, ResourceKind, Service};
use crate::geography::Position;
use crate::wire::{Reader, Wire};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use crate::decision::{Guide, TerritoryCard};
pub use crate::localized::{GuideTexts, LocalizedGuide};
#[cfg(feature = "document")]
pub use crate::manifest::{Manifest, Snapshot, hash, to_json};

/// The version of the pieces' format. The element refuses another one and shows its
/// fallback instead of guessing.
pub const PIECE_FORMAT: u8 = 8;

/// What surrounds the guide, in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// [`PIECE_FORMAT`].
    pub format: u8,
    /// BCP 47 tag of the texts.
    pub language: String,
    /// The texts of this piece that nobody has translated: they are in French, each whole. Sorted.
    pub untranslated: Vec<String>,
    /// First day on which the edition describes the system.
    pub valid_from: String,
    /// Last day, where it has been superseded.
    pub valid_until: Option<String>,
    /// The levels of the *conseil en évolution professionnelle*.
    pub cep_levels: Vec<AboutLevel>,
    /// Who coordinates what.
    pub coordination: Vec<AboutPart>,
    /// The territories, without their communes.
    pub territories: Vec<AboutTerritory>,
    /// Guides, news, useful sites, papers of the territories.
    pub resources: Vec<AboutResource>,
    /// Where the places come from, those of most places first: licences ask that it is said.
    pub sources: Vec<PlacesSource>,
}

/// A level of the *conseil en évolution professionnelle*: see [`crate::directory::CepLevel`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AboutLevel {
    /// Its number in the specification.
    pub number: u8,
    /// Its name there.
    pub name: String,
    /// What one gets.
    pub description: String,
    /// Where it falls among the levels of the SPRO.
    pub level: Level,
    /// The page that says so.
    pub source: String,
}

/// Who coordinates what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AboutPart {
    /// Stable id.
    pub id: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// The page that says so.
    pub source: String,
}

/// A territory, without its communes: see [`crate::directory::Territory`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AboutTerritory {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it works together.
    pub description: Option<String>,
    /// Whole departments that belong to it.
    pub departments: Vec<String>,
    /// Whom to tell about an error.
    pub contact: Option<Contact>,
    /// The label « Orientation pour tous », where it was granted.
    pub label: Option<Label>,
    /// Networks that receive and inform everybody there (level One), by id.
    pub level_one: Vec<String>,
    /// Networks that advise and support there (level Two), by id.
    pub level_two: Vec<String>,
    /// Where the facts come from.
    pub sources: Vec<String>,
}

/// A guide, a piece of news, a useful site, or a paper of a territory: see
/// [`crate::directory::Resource`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AboutResource {
    /// Stable id.
    pub id: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Its title.
    pub title: String,
    /// What one finds there.
    pub description: Option<String>,
    /// Where it is; a paper whose page is gone has none.
    pub website: Option<String>,
    /// The territory whose paper it is, by id.
    pub territory: Option<String>,
    /// When it was published.
    pub published_on: Option<String>,
    /// Last day on which it is shown.
    pub valid_until: Option<String>,
    /// The page that the fact comes from, where it is not `website`.
    pub source: Option<String>,
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

/// Everything that may be recommended to the people of one department.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// It declares no competence.
    #[default]
    Undeclared,
    /// The whole department.
    Department,
    /// These, as indexes in [`DepartmentPiece::communes`], sorted; possibly none.
    Communes(Vec<u16>),
}

/// One place, as a page shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
pub struct SnapshotId(pub(crate) String);

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

/// The name of the piece that decides.
pub const GUIDE_PIECE: &str = "guide";

/// The name of the piece with the guide's words in a language.
pub fn texts_piece(language: &str) -> String {
    format!("texts.{language}")
}

/// Reads the guide in a language from the pieces of a snapshot.
///
/// # Errors
/// The name of the piece that cannot be read, and why.
pub fn localized(
    pieces: &BTreeMap<String, Vec<u8>>,
    language: &str,
) -> Result<LocalizedGuide, (String, UnreadablePiece)> {
    fn piece<T: Wire>(
        pieces: &BTreeMap<String, Vec<u8>>,
        name: &str,
    ) -> Result<T, (String, UnreadablePiece)> {
        let bytes = pieces.get(name).map(Vec::as_slice).unwrap_or_default();
        read(bytes).map_err(|why| (name.to_owned(), why))
    }
    let guide: Guide = piece(pieces, GUIDE_PIECE)?;
    let name = texts_piece(language);
    let texts = piece(pieces, &name)?;
    LocalizedGuide::new(Arc::new(guide), texts).map_err(|why| (name, why))
}

/// The name of the piece around the guide.
pub fn about_piece(language: &str) -> String {
    format!("about.{language}")
}

/// The name of a department's piece.
pub fn department_piece(code: &str) -> String {
    format!("department.{code}")
}

/// The name of the piece with all communes of a department, of a directory that is wide.
pub fn communes_piece(department: &str) -> String {
    [COMMUNES_PIECE, ".", department].concat()
}

/// The name of the piece with the communes' names.
pub const COMMUNES_PIECE: &str = "communes";
