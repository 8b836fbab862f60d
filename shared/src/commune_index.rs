//! Finding one's commune by typing a part of its name or of its postcode.

use crate::around::Centres;
use crate::elsewhere::{Elsewhere, is_department};
use crate::geography::department_of;
use crate::snapshot::TerritoryCard;
use crate::spelling::{fold, in_full};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Of a directory that covers more departments than this, which no region has, the names of all communes
/// would be half a megabyte: everybody reads those of the largest, and a postcode leads to the
/// others of its department ([`Part`]).
pub const MOST_DEPARTMENTS: usize = 20;

/// The names of a region's communes: a piece of the snapshot. Of a directory that is wider, one piece
/// with the largest, and one with all of each department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommuneIndex {
    /// [`crate::snapshot::PIECE_FORMAT`].
    pub format: u8,
    /// The communes, sorted by code.
    pub communes: Vec<CommuneName>,
    /// Where they are, for who lets their device say where it is.
    pub centres: Centres,
    /// The rest of the country, for who lives there.
    pub elsewhere: Elsewhere,
    /// Of a wide directory, the departments whose communes are not all here; in the piece of a
    /// department, that one, with where its places are.
    pub parts: Vec<Part>,
}

/// A department of a directory that is wider than [`MOST_DEPARTMENTS`]: what everybody reads names
/// neither its piece of communes nor that of its places, of which the hashes alone would be as much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its code.
    pub department: String,
    /// What the postcodes of its communes begin with.
    pub postcodes: Vec<String>,
    /// SHA-256, in hex, of its piece of communes; in that piece, of the piece of its places.
    pub hash: String,
}

/// What the field knows of a commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommuneName {
    /// INSEE code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Its postcodes. The whole of a city that has arrondissements has none: its
    /// arrondissements have them.
    pub postcodes: Vec<String>,
    /// The order of magnitude of its population (binary logarithm): larger first among equals.
    pub size: u8,
    /// Other names that people give where they live: communes that have become part of it, its
    /// resorts, quarters and hamlets.
    pub former: Vec<String>,
}

impl CommuneName {
    /// Its department.
    pub fn department(&self) -> &str {
        department_of(&self.code)
    }
}

/// One answer of [`Search::find`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The commune.
    pub commune: &'a CommuneName,
    /// The former name that was typed, where it is not today's.
    pub former: Option<&'a str>,
}

/// What a name may begin with, folded.
const ARTICLES: [&str; 4] = ["l ", "le ", "la ", "les "];

/// How well a name fits what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Exact,
    /// All of it but its article, or with words run together: « abergement de varey »,
    /// « labergementdevarey ».
    Whole,
    Beginning,
    /// The beginning after an article: "abergement" for "L'Abergement".
    AfterArticle,
    /// The beginnings of some of its words, in their order.
    Words,
    /// Words run together: « saint martin dheres ».
    Glued,
    /// But for a letter: « valance ».
    Slip,
    /// But for two.
    Slips,
    /// It does not.
    Not,
}

/// The index with its names folded once, so that a keystroke compares and allocates next to
/// nothing.
#[derive(Debug)]
pub struct Search {
    index: CommuneIndex,
    /// Every folded name, one after the other.
    text: String,
    names: Vec<Name>,
    /// The departments of other regions, searched in the same way; none in such a search itself.
    departments: Option<Box<Search>>,
}

/// A folded name, today's or a former one.
#[derive(Debug)]
struct Name {
    /// Where it ends in [`Search::text`]; it begins where the one before ends.
    end: u32,
    /// The letters that its words begin with: most names are out at first sight.
    initials: u32,
    commune: u32,
    /// 0 for today's name; a former one by its number, from 1.
    former: u32,
}

/// A name that fits.
struct Found<'a> {
    rank: Rank,
    name: &'a Name,
    text: &'a str,
    commune: &'a CommuneName,
}

impl Search {
    /// Folds the names. A few milliseconds for a region.
    pub fn new(mut index: CommuneIndex) -> Self {
        let communes = std::mem::take(&mut index.elsewhere.departments);
        let departments = (!communes.is_empty()).then(|| {
            let (centres, elsewhere, parts) = Default::default();
            Box::new(Self::new(CommuneIndex { format: index.format, communes, centres, elsewhere, parts }))
        });
        let (mut text, mut names) = (String::new(), Vec::new());
        for (commune, entry) in (0..).zip(&index.communes) {
            for (former, name) in (0..).zip(std::iter::once(&entry.name).chain(&entry.former)) {
                let folded = fold(name);
                text.push_str(&folded);
                let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
                names.push(Name { end, initials: initials(&folded), commune, former });
            }
        }
        Self { index, text, names, departments }
    }

    /// Every commune, sorted by code.
    pub fn communes(&self) -> &[CommuneName] {
        &self.index.communes
    }

    /// Where they are.
    pub const fn centres(&self) -> &Centres {
        &self.index.centres
    }

    /// Of a wide directory, whose names have to be read in the place of these to find what is typed: those of
    /// the department of its postcode; everybody's (an empty code) where these are another department's.
    pub fn lacking(&self, typed: &str) -> Option<&str> {
        let folded = fold(typed);
        let (_, postcode) = name_and_postcode(&folded);
        let begins = |beginning: &String| postcode.starts_with(beginning.as_str());
        let part = self.index.parts.iter().find(|part| part.postcodes.iter().any(begins));
        match part {
            Some(part) if self.is_partial() => Some(&part.department),
            None if self.index.parts.len() == 1 => Some(""),
            _ => None,
        }
    }

    /// The department of a commune's code, where its names are a piece of their own; in that piece, where
    /// its places are.
    pub fn part(&self, code: &str) -> Option<&Part> {
        let department = department_of(code);
        self.index.parts.iter().find(|part| part.department == department)
    }

    /// Whether a name that is not here may be that of a commune all the same.
    pub fn is_partial(&self) -> bool {
        self.index.parts.len() > 1
    }

    /// The commune with this code.
    pub fn commune(&self, code: &str) -> Option<&CommuneName> {
        let communes = &self.index.communes;
        communes
            .binary_search_by(|commune| commune.code.as_str().cmp(code))
            .ok()
            .map(|index| &communes[index])
    }

    /// The commune or, outside the region, the department that an answer names.
    pub fn named(&self, code: &str) -> Option<&CommuneName> {
        if is_department(code) { self.departments.as_ref()?.commune(code) } else { self.commune(code) }
    }

    /// The region that a commune or a department is in, where it is not the directory's.
    pub fn region(&self, code: &str) -> Option<&TerritoryCard> {
        self.index.elsewhere.region(department_of(code))
    }

    /// See [`crate::directory::Region::own`].
    pub fn own(&self) -> &[String] {
        &self.index.elsewhere.own
    }

    /// The departments outside the region that fit what was typed, by their name, by a large town or
    /// by a postcode, as [`Self::find`] finds communes.
    pub fn outside(&self, typed: &str, most: usize) -> (Vec<Hit<'_>>, usize) {
        let Some(departments) = &self.departments else { return (Vec::new(), 0) };
        let folded = fold(typed);
        let (_, postcode) = name_and_postcode(&folded);
        // The name beside it is a commune that nobody here knows.
        let of_postcode = departments.communes().iter().find(|department| {
            department.postcodes.iter().any(|beginning| postcode.starts_with(beginning.as_str()))
        });
        match of_postcode {
            Some(commune) => (vec![Hit { commune, former: None }], 1),
            None => departments.find(typed, most),
        }
    }

    /// The communes that fit what was typed, best first, at most `most`, with the number
    /// of all that fit.
    ///
    /// Digits are the beginning of a postcode; the rest is a name, in any spelling. Both
    /// together narrow each other: `26100 rom`. One or two digits after a name may also be
    /// an arrondissement: `lyon 3`, `Lyon 03`, `Lyon 3ème`. What the post shortens is
    /// understood as well: `TOUR DU PIN (LA)`, `ROMANS S/ISERE`.
    pub fn find(&self, typed: &str, most: usize) -> (Vec<Hit<'_>>, usize) {
        self.find_from(typed, most, &|_| false)
    }

    /// The same, those that are `here` before all others.
    pub fn find_from(
        &self,
        typed: &str,
        most: usize,
        here: &dyn Fn(&CommuneName) -> bool,
    ) -> (Vec<Hit<'_>>, usize) {
        let folded = fold(typed);
        let numbered = numbered(&folded);
        let full = in_full(&folded);
        let others = [&numbered, &full].map(|form| form.as_deref().and_then(Wanted::new));
        let forms = [Wanted::new(&folded)].into_iter().chain(others).flatten().collect::<Vec<_>>();
        self.ranked(most, here, &|name, text, commune| {
            forms.iter().filter_map(|form| form.rank(name, text, commune)).min()
        })
    }

    /// The communes whose names are a slip or two of the hand away from what was typed, at most
    /// `most`, in the order of [`Self::find`]: for where that finds none.
    pub fn resembling(&self, typed: &str, most: usize) -> Vec<Hit<'_>> {
        let folded = fold(typed);
        let full = in_full(&folded);
        let (typed, _) = name_and_postcode(full.as_deref().unwrap_or(&folded));
        let typed = without_article(typed);
        // In a short word a slip makes another word.
        let allowed = match typed.len() {
            0..4 => return Vec::new(),
            4..9 => 1,
            _ => 2,
        };
        let rank = |_: &Name, text: &str, _: &CommuneName| match slips(typed, without_article(text)) {
            slips if slips > allowed => None,
            2 => Some(Rank::Slips),
            _ => Some(Rank::Slip),
        };
        self.ranked(most, &|_| false, &rank).0
    }

    fn ranked(
        &self,
        most: usize,
        here: &dyn Fn(&CommuneName) -> bool,
        rank: &dyn Fn(&Name, &str, &CommuneName) -> Option<Rank>,
    ) -> (Vec<Hit<'_>>, usize) {
        let mut best = Best { most, here, hits: Vec::new(), all: 0 };
        let mut start = 0;
        let mut before: Option<Found> = None;
        for name in &self.names {
            let end = name.end as usize;
            let text = self.text.get(start..end).unwrap_or_default();
            start = end;
            let commune = &self.index.communes[name.commune as usize];
            let Some(rank) = rank(name, text, commune) else { continue };
            // A commune's names follow each other, and the best of them counts.
            if let Some(before) = before.as_mut().filter(|before| before.name.commune == name.commune) {
                if rank < before.rank {
                    *before = Found { rank, name, text, commune };
                }
            } else {
                best.take(before.replace(Found { rank, name, text, commune }));
            }
        }
        best.take(before);
        let hits = best.hits.into_iter().map(|Found { name, commune, .. }| Hit {
            commune,
            former: (name.former as usize).checked_sub(1).map(|former| commune.former[former].as_str()),
        });
        (hits.collect(), best.all)
    }
}

fn without_article(name: &str) -> &str {
    ARTICLES.iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name)
}

/// How many letters were left out, added, replaced or exchanged with their neighbour between what was
/// typed and a name, or the beginning of one. What is typed at length is not looked for.
fn slips(typed: &str, name: &str) -> u8 {
    let typed = typed.as_bytes();
    let mut last = [0; 32];
    if typed.len() >= last.len() {
        return u8::MAX;
    }
    for (slips, letters) in last.iter_mut().zip(0..) {
        *slips = letters;
    }
    let mut before = last;
    let mut fewest = u8::MAX;
    let mut previous = 0;
    for (letter, letters) in name.bytes().take(100).zip(1..) {
        let mut row = [letters; 32];
        for (at, wanted) in typed.iter().enumerate() {
            let mut slips = last[at] + u8::from(letter != *wanted);
            if at > 0 && previous == *wanted && typed[at - 1] == letter {
                slips = slips.min(before[at - 1] + 1);
            }
            row[at + 1] = slips.min(last[at + 1] + 1).min(row[at] + 1);
        }
        fewest = fewest.min(row[typed.len()]);
        (before, last, previous) = (last, row, letter);
    }
    fewest
}

/// The first of what was found, in order. A letter alone fits a thousand communes, and only
/// those that are shown need an order.
struct Best<'a, 'here> {
    most: usize,
    here: &'here dyn Fn(&CommuneName) -> bool,
    hits: Vec<Found<'a>>,
    all: usize,
}

impl<'a> Best<'a, '_> {
    fn take(&mut self, found: Option<Found<'a>>) {
        let Some(found) = found else { return };
        self.all += 1;
        // Most of what a letter finds is not among the first: one comparison tells.
        if self.hits.len() == self.most {
            if self.hits.last().is_none_or(|last| self.order(last) < self.order(&found)) {
                return;
            }
            self.hits.pop();
        }
        let place = self.hits.partition_point(|before| self.order(before) < self.order(&found));
        self.hits.insert(place, found);
    }

    /// What comes first is smaller. Today's name goes before a former one: a large new
    /// commune must not hide a small one that bears the name that was typed.
    fn order<'f>(&self, found: &Found<'f>) -> (bool, Rank, bool, Reverse<u8>, &'f str, u32) {
        let Found { rank, name, text, commune } = found;
        (!(self.here)(commune), *rank, name.former > 0, Reverse(commune.size), text, name.commune)
    }
}

/// What was typed, taken apart.
struct Wanted<'a> {
    name: &'a str,
    postcode: &'a str,
    initials: u32,
}

impl<'a> Wanted<'a> {
    /// Takes folded text apart; nothing where there is none.
    fn new(folded: &'a str) -> Option<Self> {
        let (name, postcode) = name_and_postcode(folded);
        let is_empty = name.is_empty() && postcode.is_empty();
        (!is_empty).then(|| Self { name, postcode, initials: initials(name) })
    }

    /// How well a commune fits by one of its names.
    fn rank(&self, name: &Name, text: &str, commune: &CommuneName) -> Option<Rank> {
        // A postcode alone is the commune's, whatever it was called.
        let may_fit = name.initials & self.initials == self.initials
            && (name.former == 0 || !self.name.is_empty())
            && has_postcode(commune, self.postcode);
        may_fit.then(|| rank(text, self.name)).flatten()
    }
}

/// Whether one of its postcodes begins like this. A city whose arrondissements have the
/// postcodes goes by that of its department: people write « 69000 Lyon ». Not by two digits,
/// which stand for an arrondissement: « Marseille 13 ».
fn has_postcode(commune: &CommuneName, postcode: &str) -> bool {
    let is_of_city = || postcode.len() > 2 && postcode.trim_end_matches('0') == commune.department();
    postcode.is_empty()
        || commune.postcodes.iter().any(|code| code.starts_with(postcode))
        || commune.postcodes.is_empty() && is_of_city()
}

/// The letters that words begin with, a bit each; digits share one.
fn initials(folded: &str) -> u32 {
    folded
        .split(' ')
        .filter_map(|word| word.bytes().next())
        .fold(0, |letters, first| letters | 1 << if first < b'a' { 26 } else { first - b'a' })
}

/// What was typed with its small numbers as the names of arrondissements write them: `lyon
/// 3eme`, `lyon 03` and `lyon 3` are `lyon 3e`. Nothing where there is no such number.
fn numbered(folded: &str) -> Option<String> {
    let mut written = String::new();
    let mut changed = false;
    for word in folded.split(' ') {
        if !written.is_empty() {
            written.push(' ');
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let zeros = usize::from(word.starts_with('0'));
        if digits > 2 || digits == zeros {
            written.push_str(word);
        } else {
            let number = &word[zeros..digits];
            written.push_str(number);
            written.push_str(if number == "1" { "er" } else { "e" });
            changed = true;
        }
    }
    changed.then_some(written)
}

/// Takes the postcode apart: it comes before the name or after it, and has two digits at
/// least (« lyon 3 » is a name).
fn name_and_postcode(folded: &str) -> (&str, &str) {
    let is_postcode = |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let (first, after) = folded.split_once(' ').unwrap_or((folded, ""));
    let (before, last) = folded.rsplit_once(' ').unwrap_or(("", folded));
    if is_postcode(first) {
        (after, first)
    } else if is_postcode(last) {
        (before, last)
    } else {
        (folded, "")
    }
}

/// How well a folded name fits the folded text.
fn rank(name: &str, typed: &str) -> Option<Rank> {
    let (name, typed) = (name.as_bytes(), typed.as_bytes());
    let Some(first) = typed.first() else { return Some(Rank::Beginning) };
    // « Lyon 3e » is the whole name for everybody.
    if name.strip_suffix(b" arrondissement") == Some(typed) {
        return Some(Rank::Exact);
    }
    let mut best = Rank::Not;
    for at in 0..name.len() {
        if name[at] != *first || at > 0 && name[at - 1] != b' ' {
            continue;
        }
        let Some((left, glued)) = begins(&name[at..], typed) else { continue };
        let is_whole = left == 0;
        let follows_article = ARTICLES.iter().any(|article| article.as_bytes() == &name[..at]);
        best = best.min(match (at == 0, glued) {
            (true, false) if is_whole => Rank::Exact,
            (true, false) => Rank::Beginning,
            _ if is_whole && (at == 0 || follows_article) => Rank::Whole,
            (false, false) if follows_article => Rank::AfterArticle,
            (false, false) => Rank::Words,
            (_, true) => Rank::Glued,
        });
    }
    if best > Rank::Words && typed.contains(&b' ') {
        let mut words = name.split(|letter| *letter == b' ');
        if typed.split(|letter| *letter == b' ').all(|part| words.any(|word| word.starts_with(part))) {
            best = Rank::Words;
        }
    }
    (best < Rank::Not).then_some(best)
}

/// How much is left of a name that begins with the text, and whether the text's author has
/// left out some of its spaces.
fn begins(name: &[u8], typed: &[u8]) -> Option<(usize, bool)> {
    let mut letters = name.iter();
    let mut glued = false;
    for wanted in typed {
        let mut letter = letters.next()?;
        if *letter == b' ' && *wanted != b' ' {
            glued = true;
            letter = letters.next()?;
        }
        if letter != wanted {
            return None;
        }
    }
    Some((letters.len(), glued))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search() -> Search {
        let commune = |code: &str, name: &str, postcodes: &[&str], size, former: &[&str]| CommuneName {
            code: code.into(),
            name: name.into(),
            postcodes: postcodes.iter().map(|code| (*code).to_owned()).collect(),
            size,
            former: former.iter().map(|name| (*name).to_owned()).collect(),
        };
        Search::new(CommuneIndex {
            format: crate::snapshot::PIECE_FORMAT,
            communes: vec![
                commune("01002", "L'Abergement-de-Varey", &["01640"], 8, &[]),
                commune(
                    "01033",
                    "Valserhône",
                    &["01200"],
                    14,
                    &["Bellegarde-sur-Valserine", "Châtillon-en-Michaille"],
                ),
                commune("26281", "Romans-sur-Isère", &["26100"], 15, &[]),
                commune("26362", "Valence", &["26000"], 16, &[]),
                commune("38421", "Saint-Martin-d'Hères", &["38400"], 15, &[]),
                commune("38422", "Saint-Martin-d'Uriage", &["38410"], 12, &[]),
                commune("69123", "Lyon", &[], 19, &[]),
                commune("69381", "Lyon 1er Arrondissement", &["69001"], 14, &[]),
                commune("69383", "Lyon 3e Arrondissement", &["69003"], 16, &[]),
            ],
            centres: Centres::default(),
            elsewhere: Elsewhere::default(),
            parts: Vec::new(),
        })
    }

    fn check(typed: &str, expect: &[&str]) {
        let search = search();
        let (hits, all) = search.find(typed, 3);
        let codes: Vec<&str> = hits.iter().map(|hit| hit.commune.code.as_str()).collect();
        assert_eq!(codes, expect, "{typed:?}");
        assert!(all >= hits.len());
    }

    #[test]
    fn a_commune_is_found_by_its_spellings() {
        for typed in [
            "Romans-sur-Isère",
            "romans sur isere",
            "ROMANS",
            "rom",
            "26100",
            "261",
            "26100 romans",
            "romans 26100",
        ] {
            check(typed, &["26281"]);
        }
        check("st martin d'heres", &["38421"]);
        check("saint-martin-d’hères", &["38421"]);
        check("abergement", &["01002"]);
        check("martin uriage", &["38422"]);
        for typed in ["labergement", "labergement de varey", "LAbergementdeVarey", "abergement-de-varey"] {
            check(typed, &["01002"]);
        }
        check("saint martin dheres", &["38421"]);
        check("dheres", &["38421"]);
        check("stmartin", &[]);
        check("saint martin", &["38421", "38422"]);
    }

    #[test]
    fn the_exact_name_comes_first_then_the_larger() {
        check("lyon", &["69123", "69383", "69381"]);
        check("val", &["26362", "01033"]);
        check("69003", &["69383"]);
        check("lyon 3", &["69383"]);
    }

    #[test]
    fn an_arrondissement_is_written_in_many_ways() {
        for typed in ["Lyon 3e", "lyon 3", "LYON 03", "Lyon 3ème", "lyon 3eme arrondissement", "69003 lyon 3"]
        {
            check(typed, &["69383"]);
        }
        check("Lyon 1", &["69381"]);
        check("Lyon 1ère", &["69381"]);
        check("69000 lyon", &["69123"]);
        check("romans 26", &["26281"]);
    }

    #[test]
    fn what_is_copied_from_an_envelope_is_understood() {
        for typed in ["ROMANS S/ISERE", "romans s/ isere", "26102 ROMANS S/ ISERE CEDEX", "Romans Cedex"] {
            check(typed, &["26281"]);
        }
        check("ABERGEMENT DE VAREY (L')", &["01002"]);
        check("69423 LYON CEDEX 3", &["69383", "69381"]);
        check("s", &["38421", "38422", "26281"]);
    }

    #[test]
    fn what_is_here_comes_first_and_only_so_many_are_given() {
        let search = search();
        let (hits, all) = search.find_from("s", 2, &|commune| commune.department() == "26");
        let codes: Vec<&str> = hits.iter().map(|hit| hit.commune.code.as_str()).collect();
        assert_eq!((codes, all), (vec!["26281", "38421"], 4));
        assert_eq!(search.find("s", 0), (vec![], 4));
    }

    #[test]
    fn a_former_name_leads_to_todays_commune() {
        check("bellegarde", &["01033"]);
        let search = search();
        assert_eq!(search.find("chatillon", 1).0[0].former, Some("Châtillon-en-Michaille"));
        assert_eq!(search.find("valserhone", 1).0[0].former, None);
    }

    #[test]
    fn nothing_typed_or_nothing_known_finds_nothing() {
        check("", &[]);
        check(" - ", &[]);
        check("75001", &[]);
        check("zzz", &[]);
    }

    #[test]
    fn a_slip_of_the_hand_finds_what_resembles_it() {
        let search = search();
        let near = |typed: &str| {
            assert_eq!(search.find(typed, 1).1, 0, "{typed} fits");
            let hits = search.resembling(typed, 2);
            hits.iter().map(|hit| hit.former.unwrap_or(&hit.commune.name).to_owned()).collect::<Vec<_>>()
        };
        // Replaced, left out, added, exchanged; in the beginning of a name, too.
        for typed in ["valance", "valnce", "valeence", "vlaence", "26000 valance"] {
            assert_eq!(near(typed), ["Valence"], "{typed}");
        }
        assert_eq!(near("romens"), ["Romans-sur-Isère"]);
        assert_eq!(near("st martin d eres"), ["Saint-Martin-d'Hères", "Saint-Martin-d'Uriage"][..1]);
        assert_eq!(near("abergemant de varey"), ["L'Abergement-de-Varey"]);
        assert_eq!(near("belegarde"), ["Bellegarde-sur-Valserine"]);
        for typed in ["", "xyz", "lxo", "grenoble", "99999", "romans sur iserex sur rhone"] {
            assert!(search.resembling(typed, 2).is_empty(), "{typed}");
        }
    }
}
