//! The compact form of the snapshot's pieces.
//!
//! Fields one after the other, in the order of their declaration, without names: numbers as
//! LEB128 (seven bits a byte, least first), floats as four bytes (least first), texts and
//! lists behind their length, options and variants behind one byte. A piece begins with its
//! format ([`crate::snapshot::PIECE_FORMAT`]), which changes with any of this.
//!
//! A library would do as well (postcard has nearly this format). Measured in the element,
//! code generated through serde weighs 7 KB of brotli more, because every field has its own
//! way out when it cannot be read. Here a reader that meets nonsense remembers it and goes
//! on with blanks, and whoever asked learns it once, at the end.

use crate::condition::{AnswerIs, Condition};
use crate::decision::{
    Guide, GuideChoice, GuideNetwork, GuidePick, GuidePreference, GuidePreparation, GuideQuestion,
    GuideQuestionKind, GuideRule, GuideService, GuideTimesAsFar, GuideVariant, NetworkIx, TerritoryCard,
    TextSlot,
};
use crate::directory::{
    Address, CepOperator, Closure, Contact, Department, Label, Language, Level, Membership, OpeningHours,
    Reach, ResourceKind, Role, Service, Weekday,
};
use crate::geography::Position;
use crate::localized::GuideTexts;
use crate::snapshot::{
    About, AboutLevel, AboutPart, AboutResource, AboutTerritory, CommunePoint, Covers, DepartmentPiece,
    Place, PlacesSource,
};

/// How deep a condition may be nested in another. Deeper, the piece is refused: a page must
/// not run out of stack.
const DEEPEST: u8 = 32;

/// Something that has a compact form.
pub trait Wire: Sized {
    /// Appends the compact form.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads it back, or a blank once the reader is broken.
    fn read(from: &mut Reader) -> Self;
}

/// Reads a piece from its beginning to its end.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    depth: u8,
    is_broken: bool,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, depth: 0, is_broken: false }
    }

    /// Whether everything was read, and all of it made sense.
    pub const fn is_whole(&self) -> bool {
        !self.is_broken && self.bytes.is_empty()
    }

    /// Gives up: nothing more is read.
    #[cold]
    #[inline(never)]
    fn break_off(&mut self) {
        self.is_broken = true;
        self.bytes = &[];
    }

    #[inline(never)]
    fn byte(&mut self) -> u8 {
        if let Some((first, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            *first
        } else {
            self.break_off();
            0
        }
    }

    #[inline(never)]
    fn number(&mut self) -> u32 {
        let mut number = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte();
            let bits = u32::from(byte & 0x7f);
            if bits.checked_shl(shift).is_none_or(|shifted| shifted >> shift != bits) {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return number;
            }
        }
        self.break_off();
        0
    }

    /// A length, which cannot be more than what is left: every item takes a byte at least.
    #[inline(never)]
    fn length(&mut self) -> usize {
        let length = self.number() as usize;
        if length > self.bytes.len() {
            self.break_off();
            return 0;
        }
        length
    }

    #[inline(never)]
    fn text(&mut self) -> String {
        let length = self.length();
        let (text, rest) = self.bytes.split_at(length);
        if let Ok(text) = std::str::from_utf8(text) {
            self.bytes = rest;
            text.to_owned()
        } else {
            self.break_off();
            String::new()
        }
    }
}

#[inline(never)]
fn write_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits and the mark that more follow")]
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "seven bits are left")]
    out.push(number as u8);
}

#[expect(clippy::cast_possible_truncation, reason = "no list and no text of a piece has four billion items")]
fn write_length(length: usize, out: &mut Vec<u8>) {
    write_number(length as u32, out);
}

impl Wire for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }
    fn read(from: &mut Reader) -> Self {
        from.byte()
    }
}

impl Wire for u16 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(u32::from(*self), out);
    }
    fn read(from: &mut Reader) -> Self {
        Self::try_from(from.number()).unwrap_or_else(|_| {
            from.break_off();
            0
        })
    }
}

impl Wire for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(*self, out);
    }
    fn read(from: &mut Reader) -> Self {
        from.number()
    }
}

impl Wire for NetworkIx {
    fn write(&self, out: &mut Vec<u8>) {
        write_length(self.rank(), out);
    }
    fn read(from: &mut Reader) -> Self {
        Self::new(from.number() as usize)
    }
}

impl Wire for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn read(from: &mut Reader) -> Self {
        let byte = from.byte();
        if byte > 1 {
            from.break_off();
        }
        byte == 1
    }
}

impl Wire for f32 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }
    fn read(from: &mut Reader) -> Self {
        let bytes = [from.byte(), from.byte(), from.byte(), from.byte()];
        Self::from_le_bytes(bytes)
    }
}

impl Wire for String {
    fn write(&self, out: &mut Vec<u8>) {
        write_length(self.len(), out);
        out.extend(self.as_bytes());
    }
    fn read(from: &mut Reader) -> Self {
        from.text()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn read(from: &mut Reader) -> Self {
        bool::read(from).then(|| T::read(from))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        write_length(self.len(), out);
        for item in self {
            item.write(out);
        }
    }
    fn read(from: &mut Reader) -> Self {
        let mut items = Self::new();
        for _ in 0..from.length() {
            items.push(T::read(from));
            if from.is_broken {
                break;
            }
        }
        items
    }
}

/// The fields of a structure, all of them: one that is forgotten does not compile.
macro_rules! fields {
    ($($type:ty: $($name:ident)+;)+) => {$(
        impl Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                $(self.$name.write(out);)+
            }
            fn read(from: &mut Reader) -> Self {
                Self { $($name: Wire::read(from)),+ }
            }
        }
    )+};
}

/// The values of a code list, by number.
macro_rules! codes {
    ($($type:ty: $first:ident = 0 $(, $name:ident = $code:literal)*;)+) => {$(
        impl Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(match self {
                    Self::$first => 0,
                    $(Self::$name => $code,)*
                });
            }
            fn read(from: &mut Reader) -> Self {
                match from.byte() {
                    0 => Self::$first,
                    $($code => Self::$name,)*
                    _ => {
                        from.break_off();
                        Self::$first
                    }
                }
            }
        }
    )+};
}

fields! {
    Guide: format languages slots edition title region departments contact reach_km questions networks rules remote_services territories preparations;
    GuideTexts: format language untranslated texts say_in_french;
    TextSlot: text;
    About: format language untranslated valid_from valid_until cep_levels coordination territories resources sources;
    PlacesSource: source licence places;
    TerritoryCard: id name departments contact label guide;
    DepartmentPiece: format code partial communes places;
    CommunePoint: code position city intercommunality territory;
    Place: id network name address commune department within intercommunality position phones emails website hours hours_note closed languages covers serves services access checked_on to_confirm source as_of licence;
    crate::commune_index::CommuneIndex: format communes centres elsewhere parts;
    crate::commune_index::Part: department postcodes hash;
    crate::elsewhere::Elsewhere: departments regions own;
    crate::around::Centres: extents norths easts;
    crate::around::Extent: communes south west north east;
    crate::commune_index::CommuneName: code name postcodes size former;
    Department: code name;
    Language: tag name right_to_left;
    AboutLevel: number name description level source;
    AboutPart: id who what source;
    AboutTerritory: id name description departments contact label level_one level_two sources;
    AboutResource: id kind title description website territory published_on valid_until source;
    GuideQuestion: id text variants help ask_if optional kind;
    GuideVariant: when text;
    GuideChoice: id text help unknown pictogram;
    GuideNetwork: id name acronym pictogram description public serves services membership cep_operator reach website phone valid_from valid_until;
    GuideRule: id when role pick preference complements reason source verified valid_from valid_until;
    GuidePreference: farther_km times_as_far next_door_km;
    GuideTimesAsFar: network times;
    GuidePreparation: id networks say bring;
    GuideService: id name description website phone hours serves services checked_on valid_from valid_until;
    Contact: name email phone website;
    Label: granted_on not_before;
    Address: lines postcode town;
    OpeningHours: days from to;
    Closure: from until;
    Position: latitude longitude approximate;
    AnswerIs: question is;
}

codes! {
    Service: Reception = 0, Advice = 1, Support = 2;
    Level: One = 0, Two = 1;
    Membership: Network = 0, Associate = 1, Partner = 2;
    ResourceKind: Guide = 0, Framework = 1, Collection = 2, News = 3, Site = 4, Diagnosis = 5, ActionPlan = 6;
    CepOperator: No = 0, ByLaw = 1, ByRegion = 2;
    Reach: AnyPlace = 0, DeclaredOnly = 1, Territory = 2;
    Role: Main = 0, Adds = 1, Receives = 2;
    Weekday: Monday = 0, Tuesday = 1, Wednesday = 2, Thursday = 3, Friday = 4, Saturday = 5, Sunday = 6;
}

impl Wire for Condition {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Always => out.push(0),
            Self::Answer(test) => {
                out.push(1);
                test.write(out);
            }
            Self::All(parts) => {
                out.push(2);
                parts.write(out);
            }
            Self::Any(parts) => {
                out.push(3);
                parts.write(out);
            }
            Self::Not(part) => {
                out.push(4);
                part.as_ref().write(out);
            }
        }
    }
    fn read(from: &mut Reader) -> Self {
        from.depth += 1;
        if from.depth > DEEPEST {
            from.break_off();
        }
        let condition = match from.byte() {
            0 => Self::Always,
            1 => Self::Answer(Wire::read(from)),
            2 => Self::All(Wire::read(from)),
            3 => Self::Any(Wire::read(from)),
            4 => Self::Not(Box::new(Wire::read(from))),
            _ => {
                from.break_off();
                Self::Always
            }
        };
        from.depth -= 1;
        condition
    }
}

impl Wire for GuideQuestionKind {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Commune => out.push(0),
            Self::Choices(choices) => {
                out.push(1);
                choices.write(out);
            }
        }
    }
    fn read(from: &mut Reader) -> Self {
        if bool::read(from) { Self::Choices(Wire::read(from)) } else { Self::Commune }
    }
}

impl Wire for GuidePick {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(matches!(self, Self::NearestOf(_))));
        let (Self::InOrder(networks) | Self::NearestOf(networks)) = self;
        networks.write(out);
    }
    fn read(from: &mut Reader) -> Self {
        if bool::read(from) { Self::NearestOf(Wire::read(from)) } else { Self::InOrder(Wire::read(from)) }
    }
}

impl Wire for Covers {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Undeclared => out.push(0),
            Self::Department => out.push(1),
            Self::Communes(communes) => {
                out.push(2);
                communes.write(out);
            }
        }
    }
    fn read(from: &mut Reader) -> Self {
        match from.byte() {
            0 => Self::Undeclared,
            1 => Self::Department,
            2 => Self::Communes(Wire::read(from)),
            _ => {
                from.break_off();
                Self::Undeclared
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Wire + PartialEq + std::fmt::Debug>(value: &T, bytes: &[u8]) {
        let mut out = Vec::new();
        value.write(&mut out);
        assert_eq!(out, bytes, "{value:?}");
        let mut reader = Reader::new(&out);
        assert_eq!(T::read(&mut reader), *value);
        assert!(reader.is_whole());
        for cut in 0..out.len() {
            let mut reader = Reader::new(&out[..cut]);
            let _ = T::read(&mut reader);
            assert!(!reader.is_whole(), "{value:?} cut after {cut} bytes");
        }
    }

    #[test]
    fn the_format_is_what_it_says() {
        check(&7_u8, &[7]);
        check(&0_u16, &[0]);
        check(&127_u16, &[127]);
        check(&128_u16, &[0x80, 1]);
        check(&u16::MAX, &[0xff, 0xff, 3]);
        check(&true, &[1]);
        check(&1.5_f32, &[0, 0, 0xc0, 0x3f]);
        check(&"été".to_owned(), &[5, 0xc3, 0xa9, b't', 0xc3, 0xa9]);
        check(&Some(vec![1_u16, 300]), &[1, 2, 1, 0xac, 2]);
        check(&None::<String>, &[0]);
        check(&Weekday::Sunday, &[6]);
        check(&Covers::Communes(vec![2]), &[2, 1, 2]);
        check(&GuidePick::NearestOf(vec![NetworkIx::new(300)]), &[1, 1, 0xac, 2]);
        check(&TextSlot { text: u32::MAX }, &[0xff, 0xff, 0xff, 0xff, 0xf]);
        check(&Condition::Not(Box::new(Condition::Always)), &[4, 0]);
    }

    #[test]
    fn nonsense_is_refused() {
        fn refuse<T: Wire>(bytes: &[u8]) {
            let mut reader = Reader::new(bytes);
            let _ = T::read(&mut reader);
            assert!(!reader.is_whole(), "{bytes:?}");
        }
        refuse::<bool>(&[2]);
        refuse::<Weekday>(&[7]);
        refuse::<Condition>(&[9]);
        refuse::<Covers>(&[3]);
        refuse::<String>(&[1, 0xff]);
        refuse::<String>(&[200, 1, 0]);
        refuse::<u16>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        refuse::<u16>(&[0xff, 0xff, 0xff, 0xff, 0x7f]);
        refuse::<u16>(&[0x80, 0x80, 4]);
        refuse::<u8>(&[1, 1]);
        refuse::<Vec<String>>(&[0xff, 0xff, 0xff, 0x7f, 0]);
        // Deeper than any stack should go.
        refuse::<Condition>(&vec![4; 100_000]);
    }
}
