//! What an import mended, and what it only points at: a closed list of each, with the
//! stable code that scripts read and the sentence that people read.

use super::decision::{Decision, Decisions};
use super::pair::Pair;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $label:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $label] $variant,)* }

        impl $name {
            /// The stable code, for scripts.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The title of the group, for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }
    };
}

codes! {
    /// A repair that is certain: the value before says what the value after has to be.
    Repair {
        PostcodeZero = "postcode-leading-zero", "Code postal : zéro de tête rétabli";
        PostcodeSpelling = "postcode-spelling", "Code postal : caractères en trop retirés";
        PhoneSecond = "phone-second-number", "Téléphone : plusieurs numéros dans une cellule, séparés";
        PhoneStray = "phone-stray-character", "Téléphone : caractère parasite retiré";
        PhoneZero = "phone-leading-zero", "Téléphone : zéro de tête rétabli";
        PhoneSpelling = "phone-spelling", "Téléphone : écriture unifiée";
        EmailStray = "email-stray-character", "Courriel : caractère parasite retiré";
        EmailSecond = "email-second-address", "Courriel : plusieurs adresses dans une cellule, séparées";
        EmailCase = "email-domain-case", "Courriel : domaine remis en minuscules";
        WebsiteScheme = "website-scheme", "Site : « https:// » ajouté";
        Space = "stray-space", "Espace ou saut de ligne en trop retiré";
        Markup = "markup", "Balises HTML retirées";
        Encoding = "encoding", "Accents abîmés par un mauvais encodage, rétablis";
        Capitals = "capitals", "Nom : accents et minuscules rétablis";
        Glued = "glued-words", "Nom : mots collés séparés";
        Building = "building-moved", "Nom : bâtiment déplacé dans l’adresse";
        NameCompleted = "name-completed", "Nom : complété par la commune";
        AddressCapitals = "address-capitals", "Adresse : accents et minuscules rétablis";
        AddressForm = "address-form", "Adresse : boîte postale et numéros écrits comme La Poste";
        Commune = "commune-spelling", "Commune : nom officiel rétabli";
        Arrondissement = "commune-arrondissement", "Commune : arrondissement trouvé";
        FormerCommune = "former-commune", "Commune : ancien nom rattaché à la commune actuelle";
        Coordinates = "coordinates-swapped", "Position : latitude et longitude remises dans l’ordre";
        Metres = "position-metres", "Position : mètres (Lambert 93) convertis en degrés, dans tout le fichier";
        Competence = "competence-from-name", "Compétence : départements lus dans le nom";
    }
}

codes! {
    /// A doubt: somebody has to look.
    Doubt {
        Unclassified = "network-unknown", "Réseau non reconnu : à classer";
        TwoNetworks = "network-ambiguous", "Deux réseaux : un seul est retenu";
        CommuneMismatch = "commune-mismatch", "Code postal, code INSEE et commune en désaccord";
        CommuneGuessed = "commune-guessed", "Commune déduite de ce que la ligne dit";
        Postcode = "postcode-unreadable", "Code postal illisible, non repris";
        PositionFar = "position-far", "Position loin de la commune, non reprise";
        PositionUnreadable = "position-unreadable", "Position illisible, non reprise";
        Phone = "phone-unreadable", "Téléphone qui ne peut pas exister, non repris";
        PhoneRemark = "phone-remark", "Téléphone : fax ou précision, non repris";
        PhoneMobile = "phone-mobile", "Téléphone mobile : peut-être celui d’une personne";
        SharedPhone = "phone-shared", "Même téléphone pour deux lieux éloignés";
        PersonMail = "email-person", "Courriel d’une personne, non repris";
        PersonMailPerhaps = "email-person-perhaps", "Courriel : peut-être celui d’une personne";
        PersonName = "name-of-a-person", "Nom d’une personne dans un texte, non repris";
        Email = "email-unreadable", "Courriel illisible, non repris";
        EmailDomain = "email-domain", "Courriel : domaine douteux";
        Website = "website-unreadable", "Site illisible, non repris";
        NoContact = "no-contact", "Ni téléphone, ni courriel, ni site";
        Twin = "possible-duplicate", "Peut-être le même lieu";
        SourceChanged = "source-changed", "Une personne l’a corrigé, et la source a changé depuis";
        Conflict = "conflict", "Désaccord avec l’annuaire, qui garde sa valeur (si le fichier est plus récent, dites quel jour il a été vérifié)";
        Corrected = "correction-kept", "Correction gardée : la source n’a pas changé";
        Competence = "competence-outside", "Département hors de la région, non repris";
        ClaimedTwice = "claimed-twice", "Communes qui ont deux lieux compétents";
        ClaimedByNone = "claimed-by-none", "Communes sans lieu compétent";
        Cedex = "cedex", "Code postal qu’aucune commune n’a : gardé pour le courrier";
        Hours = "hours-contradict", "Horaires qui se contredisent : gardés comme texte";
        HoursWithin = "hours-within", "Heures comprises dans d’autres : les plus courtes sont retenues";
        HoursAsText = "hours-as-text", "Horaires non lus : gardés comme texte";
        StreetNumber = "street-number", "Numéro de rue douteux, non repris";
        SharedAddress = "address-shared", "Même adresse pour deux lieux";
        NoStreet = "no-street", "Aucun lieu n’a de rue";
        Key = "key-missing", "Clé absente : la ligne est reconnue par son nom, son adresse et son téléphone";
        KeyTwice = "key-twice", "Clé en double : elle ne compte que pour la première ligne";
        Confidence = "confidence-unreadable", "Confiance illisible, non reprise";
        Siret = "siret", "SIRET qui ne peut pas exister";
        ColumnGuessed = "column-guessed", "Colonne devinée d’après ses cellules, à confirmer";
        Mapping = "mapping-unknown-title", "Correspondance retenue : titre absent du fichier";
        Outside = "outside-region", "Lieux hors de la région, mis de côté";
        NotRead = "part-not-read", "Partie du fichier non reprise";
        Accents = "accents", "Accents ou mots collés à relire : mots inconnus du programme";
        OddSign = "odd-sign", "Signe qu’aucun mot français n’a : encodage à vérifier";
        FormulaError = "formula-error", "Formule en erreur : cellule comptée comme vide";
        SheetNotRead = "sheet-not-read", "Feuille du classeur non lue";
        BlankRow = "blank-row", "Ligne vide, ignorée";
        AboveHeader = "above-header", "Ligne au-dessus des titres de colonnes, ignorée";
        Refused = "row-refused", "Ligne refusée";
    }
}

/// Whether this is the code of a group of repairs or of doubts.
pub fn is_code(code: &str) -> bool {
    Repair::ALL.iter().any(|kind| kind.code() == code) || Doubt::ALL.iter().any(|cause| cause.code() == code)
}

/// How a repair stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Accepted {
    /// It is certain, and nobody refused it.
    Default,
    /// Somebody accepted it.
    Chosen,
    /// Somebody refused it: the cell is as it was, or left out where it cannot be valid.
    Refused,
}

/// One repair, in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// What a decision calls it: its code, row and column.
    pub id: String,
    /// The row, as a spreadsheet program numbers it.
    pub row: usize,
    /// The column's title.
    pub column: String,
    /// The value as it was.
    pub before: String,
    /// The value as it is now, or would be where it was refused.
    pub after: String,
    /// How it stands.
    pub accepted: Accepted,
}

/// One doubt, in its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Doubtful {
    /// What a decision calls it: its code, row and column.
    pub id: String,
    /// The row, as a spreadsheet program numbers it; 0 where the whole file is meant.
    pub row: usize,
    /// The column's title; empty where the whole row is meant.
    pub column: String,
    /// The value as it was.
    pub value: String,
    /// What to look at, as a French sentence.
    pub expected: String,
    /// A value that would be right, where one can be proposed: taken once it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
    /// Whether somebody refused the proposal, and has nothing more to look at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// Two records that may be one place, side by side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<Box<Pair>>,
}

/// Everything an import has to say, as it goes along, and what was decided about it.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Repairs by kind.
    pub repairs: BTreeMap<Repair, Vec<Mended>>,
    /// Proposals that somebody accepted, by what they were about.
    pub chosen: BTreeMap<Doubt, Vec<Mended>>,
    /// Doubts by cause.
    pub doubts: BTreeMap<Doubt, Vec<Doubtful>>,
    /// What was decided.
    pub decisions: Decisions,
    /// How many of one code, row and column there are.
    ids: HashMap<String, usize>,
}

/// Something to look at, with a value that would be right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proposal<'a> {
    /// Why.
    pub(crate) cause: Doubt,
    /// The row.
    pub(crate) row: usize,
    /// The column's title.
    pub(crate) column: &'a str,
    /// The value as it was.
    pub(crate) value: &'a str,
    /// What to look at.
    pub(crate) expected: &'a str,
    /// The value that would be right.
    pub(crate) repair: &'a str,
}

impl Notes {
    /// Notes that follow these decisions.
    pub(crate) fn following(decisions: &Decisions) -> Self {
        Self { decisions: decisions.clone(), ..Self::default() }
    }

    /// Asks whether a repair may be made, and notes it. Nothing is mended without asking.
    #[must_use = "a repair that was refused must not be made"]
    pub(crate) fn mend(&mut self, kind: Repair, row: usize, column: &str, before: &str, after: &str) -> bool {
        let id = self.id(kind.code(), row, column);
        let accepted = match self.decisions.of(kind.code(), &id) {
            None => Accepted::Default,
            Some(Decision::Accept) => Accepted::Chosen,
            Some(Decision::Refuse) => Accepted::Refused,
        };
        let (before, after) = (before.to_owned(), after.to_owned());
        let mended = Mended { id, row, column: column.to_owned(), before, after, accepted };
        self.repairs.entry(kind).or_default().push(mended);
        accepted != Accepted::Refused
    }

    /// Notes a doubt.
    pub(crate) fn doubt(
        &mut self,
        cause: Doubt,
        row: usize,
        column: &str,
        value: &str,
        expected: impl Into<String>,
    ) {
        let id = self.id(cause.code(), row, column);
        self.doubts.entry(cause).or_default().push(Doubtful {
            id,
            row,
            column: column.to_owned(),
            value: value.to_owned(),
            expected: expected.into(),
            repair: None,
            refused: false,
            pair: None,
        });
    }

    /// Notes a doubt with a value that would be right, and says whether somebody accepted
    /// it: it then counts among the repairs, and is to be taken.
    #[must_use = "a proposal that was accepted is to be taken"]
    pub(crate) fn propose(&mut self, proposal: Proposal<'_>) -> bool {
        self.propose_pair(proposal, None)
    }

    /// The same for two records that may be one place.
    #[must_use = "a proposal that was accepted is to be taken"]
    pub(crate) fn propose_pair(&mut self, proposal: Proposal<'_>, pair: Option<Pair>) -> bool {
        let Proposal { cause, row, column, value, expected, repair } = proposal;
        let id = self.id(cause.code(), row, column);
        let decision = self.decisions.of(cause.code(), &id);
        let column = column.to_owned();
        if decision == Some(Decision::Accept) {
            let (before, after) = (value.to_owned(), repair.to_owned());
            let mended = Mended { id, row, column, before, after, accepted: Accepted::Chosen };
            self.chosen.entry(cause).or_default().push(mended);
            return true;
        }
        self.doubts.entry(cause).or_default().push(Doubtful {
            id,
            row,
            column,
            value: value.to_owned(),
            expected: expected.to_owned(),
            repair: Some(repair.to_owned()),
            refused: decision.is_some(),
            pair: pair.map(Box::new),
        });
        false
    }

    /// The id of the next repair or doubt of this code, row and column: the second and
    /// later ones are numbered.
    fn id(&mut self, code: &str, row: usize, column: &str) -> String {
        let id = format!("{code}:{row}:{column}");
        let count = self.ids.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { format!("{id}:{count}") }
    }
}

/// A cell without stray spaces: no-break spaces and line breaks count as spaces, runs of
/// them as one.
pub(crate) fn tidy(cell: &str) -> String {
    cell.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// White space, and the invisible characters that copy and paste leaves behind.
pub(crate) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}')
}

/// A text whose UTF-8 was once read as Windows-1252 (`Ã©` for `é`), or its Windows-1252 as
/// Latin-1 (an invisible sign for `’`), put right; nothing where it was not.
pub(crate) fn undo_double_encoding(cell: &str) -> Option<String> {
    let is_invisible = |letter: char| ('\u{80}'..'\u{a0}').contains(&letter);
    if cell.contains(is_invisible) {
        let meant = |letter: char| match u8::try_from(letter) {
            Ok(byte) if is_invisible(letter) => {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.into_owned()
            }
            _ => letter.to_string(),
        };
        return Some(cell.chars().map(meant).collect()).filter(|text: &String| text != cell);
    }
    if !cell.contains(['Ã', 'Â', 'â']) {
        return None;
    }
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(cell);
    if unmappable {
        return None;
    }
    let text = std::str::from_utf8(&bytes).ok()?;
    (text != cell).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_spaces_are_spaces() {
        assert_eq!(tidy("\u{feff} 04\u{a0}74 \n 00\u{202f}11\u{200b}"), "04 74 00 11");
        assert_eq!(tidy(" \n"), "");
    }

    #[test]
    fn only_text_encoded_twice_is_put_right() {
        assert_eq!(undo_double_encoding("MÃ©tiers de lâ€™IsÃ¨re").as_deref(), Some("Métiers de l’Isère"));
        assert_eq!(undo_double_encoding("L\u{92}été à 20 \u{80}").as_deref(), Some("L’été à 20 €"));
        for fine in ["Métiers", "Â", "Théâtre", "PÂTÉ", "abc"] {
            assert_eq!(undo_double_encoding(fine), None, "{fine}");
        }
    }
}
