//! The commune field, proved: every commune of France, by the spellings people use.
//!
//! A search is built for each region as the product builds it, from a compiled snapshot:
//! a visitor looks among the communes of a region. What is said of all of France at once is
//! tried on one search over the whole country, as if it were a region.
//!
//! *The right one comes first or among its true homonyms*: fewer communes stand before it
//! than bear the very name that was typed. Two names are the same when they fold to the same
//! words; where the typed text runs words together, when they have the same letters.
//!
//! A former code leads to one commune, the one that the official code names. A former *name*
//! that several communes had leads to each of today's communes, which are then homonyms.

use crate::shipped::{DIRECTORY_2026, FORMER_COMMUNES, FRANCE, TODAY};
use shared::commune_index::{CommuneIndex, Search};
use shared::compile::{all_communes, compile};
use shared::directory::Department;
use shared::geography::department_of;
use shared::spelling::fold;
use shared::validate::validate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The regions of France, by their departments; that of the shipped edition first.
const REGIONS: [&str; 18] = [
    "01 03 07 15 26 38 42 43 63 69 73 74",
    "21 25 39 58 70 71 89 90",
    "22 29 35 56",
    "18 28 36 37 41 45",
    "2A 2B",
    "08 10 51 52 54 55 57 67 68 88",
    "02 59 60 62 80",
    "75 77 78 91 92 93 94 95",
    "14 27 50 61 76",
    "16 17 19 23 24 33 40 47 64 79 86 87",
    "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "44 49 53 72 85",
    "04 05 06 13 83 84",
    "971",
    "972",
    "973",
    "974",
    "976",
];

/// The names of resorts, quarters and hamlets that are kept by hand.
const KNOWN_NAMES: &str = include_str!("../../data/known-names.tsv");

#[test]
fn resorts_and_quarters_lead_to_their_commune() {
    let search = Search::new(index(&REGIONS[0].split(' ').collect::<Vec<_>>()));
    let mut known = 0;
    for line in KNOWN_NAMES.lines().filter(|line| !line.starts_with('#')) {
        let [name, code, commune] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert_eq!(search.commune(code).map(|found| found.name.as_str()), Some(commune), "{name}");
        // What a commune is called is nobody else's.
        assert!(search.communes().iter().all(|other| fold(&other.name) != fold(name)), "{name}");
        let (hits, _) = search.find(name, 3);
        assert_eq!((hits[0].commune.code.as_str(), hits[0].former), (code, Some(name)));
        known += 1;
    }
    assert!(known > 40);
}

#[test]
fn slips_of_the_hand_find_the_commune_that_was_meant() {
    let search = Search::new(index(&REGIONS[0].split(' ').collect::<Vec<_>>()));
    for (typed, meant) in [
        ("valance", "Valence"),
        ("villeurbane", "Villeurbanne"),
        ("st etiene", "Saint-Étienne"),
        ("grenobel", "Grenoble"),
        ("vilefranche sur saone", "Villefranche-sur-Saône"),
        ("chambery", "Chambéry"),
        ("aurilac", "Aurillac"),
        ("bourgoin jalieu", "Bourgoin-Jallieu"),
        ("annmasse", "Annemasse"),
        ("vaux en velin", "Vaulx-en-Velin"),
        ("la duchère", "Lyon 9e Arrondissement"),
        ("meribel", "Les Allues"),
        ("clermont fd", "Clermont-Ferrand"),
    ] {
        let (mut hits, all) = search.find(typed, 5);
        if all == 0 {
            hits = search.resembling(typed, 5);
        }
        assert_eq!(hits.first().map(|hit| hit.commune.name.as_str()), Some(meant), "{typed}");
    }
    // Elsewhere is elsewhere: no commune of the region is a slip away from it.
    for elsewhere in ["marseille", "toulouse", "strasbourg", "casablanca"] {
        assert_eq!(
            (search.find(elsewhere, 1).1, search.resembling(elsewhere, 1).len()),
            (0, 0),
            "{elsewhere}"
        );
    }
}

/// The communes' names as a visitor's page gets them, for these departments.
fn index(departments: &[&str]) -> CommuneIndex {
    let mut directory = DIRECTORY_2026.clone();
    directory.structures.clear();
    directory.territories.clear();
    directory.resources.clear();
    directory.edition.region.departments = departments
        .iter()
        .map(|code| Department { code: (*code).to_owned(), name: (*code).to_owned() })
        .collect();
    let valid = validate(directory, &FRANCE, TODAY).unwrap();
    all_communes(&compile(&valid, &FRANCE).pieces).unwrap()
}

/// How a spelling came to be, and whether its words are still apart.
struct Spelling {
    text: String,
    apart: bool,
}

/// The letters of a name without their accents, everything else as it is. Apart from
/// [`fold`], which it tries.
fn without_accents(name: &str) -> String {
    name.chars()
        .map(|letter| match letter {
            'œ' => "oe".to_owned(),
            'Œ' => "Oe".to_owned(),
            'æ' => "ae".to_owned(),
            _ => {
                let plain = [
                    ('a', "àâäá"),
                    ('c', "ç"),
                    ('e', "éèêë"),
                    ('i', "îïí"),
                    ('o', "ôöó"),
                    ('u', "ùûüú"),
                    ('y', "ÿ"),
                    ('A', "ÀÂÄ"),
                    ('C', "Ç"),
                    ('E', "ÉÈÊË"),
                    ('I', "ÎÏ"),
                    ('O', "ÔÖ"),
                    ('U', "ÙÛÜ"),
                ];
                let found = plain.iter().find(|(_, accented)| accented.contains(letter));
                found.map_or(letter, |(plain, _)| *plain).to_string()
            }
        })
        .collect()
}

/// The accents written apart from their letters, as some systems do.
fn with_accents_apart(name: &str) -> String {
    let mut apart = String::new();
    for letter in name.chars() {
        let accent = match letter {
            'é' | 'É' => '\u{301}',
            'è' | 'È' | 'à' | 'ù' => '\u{300}',
            'â' | 'ê' | 'î' | 'Î' | 'ô' | 'Ô' | 'û' => '\u{302}',
            'ë' | 'ï' | 'ü' | 'ÿ' => '\u{308}',
            'ç' => '\u{327}',
            _ => {
                apart.push(letter);
                continue;
            }
        };
        apart.push_str(&without_accents(&letter.to_string()));
        apart.push(accent);
    }
    apart
}

/// A name with « Saint » and « Sainte » cut short, hyphens kept; and spelled out again.
fn saints(name: &str, from: &[(&str, &str)]) -> String {
    let word = |word: &str| {
        let found = from.iter().find(|(long, _)| *long == word);
        found.map_or(word.to_owned(), |(_, short)| (*short).to_owned())
    };
    let parts = name.split('-').map(|part| part.split(' ').map(word).collect::<Vec<_>>().join(" "));
    parts.collect::<Vec<_>>().join("-")
}

const SHORT: [(&str, &str); 4] = [("Saint", "St"), ("Sainte", "Ste"), ("Saints", "Sts"), ("Saintes", "Stes")];
const LONG: [(&str, &str); 4] = [("St", "Saint"), ("Ste", "Sainte"), ("Sts", "Saints"), ("Stes", "Saintes")];

/// A name as lists sort it and the post shortens it: « Roche s/ Foron (La) ».
fn as_lists_sort(name: &str) -> String {
    let name = name.replace("-sur-", " s/ ").replace("-sous-", " s/s ").replace("Notre-Dame-", "N D ");
    let found =
        ["Le ", "La ", "Les ", "L'"].iter().find_map(|article| Some((article, name.strip_prefix(article)?)));
    found.map_or(name.clone(), |(article, rest)| format!("{rest} ({})", article.trim_end()))
}

/// The spellings of a name that differ from each other.
fn spellings(name: &str) -> Vec<Spelling> {
    let hyphenless = name.replace('-', " ");
    let short = saints(name, &SHORT);
    let hasty = without_accents(&saints(&hyphenless, &SHORT)).replace('\'', " ").to_lowercase();
    let apart = [
        name.to_owned(),
        without_accents(name),
        hyphenless,
        name.replace('\'', "’"),
        name.replace('\'', " "),
        saints(&short, &LONG),
        short.replace("St-", "St. "),
        as_lists_sort(&short).to_uppercase(),
        short,
        hasty,
        name.to_uppercase(),
        with_accents_apart(name),
        format!("  {name} "),
    ];
    let mut seen = BTreeSet::new();
    let mut found: Vec<Spelling> = apart
        .into_iter()
        .filter(|text| seen.insert(text.clone()))
        .map(|text| Spelling { text, apart: true })
        .collect();
    if name.contains('\'') {
        let text = name.replace('\'', "");
        found.push(Spelling { text: without_accents(&text).to_lowercase(), apart: false });
        found.push(Spelling { text, apart: false });
    }
    found
}

fn letters(name: &str) -> String {
    fold(name).replace(' ', "")
}

/// Who bears a name in a region: today's names, and with the former ones.
#[derive(Default)]
struct Bearers {
    today: BTreeMap<String, BTreeSet<String>>,
    ever: BTreeMap<String, BTreeSet<String>>,
}

impl Bearers {
    fn of(index: &CommuneIndex) -> Self {
        let mut bearers = Self::default();
        for commune in &index.communes {
            for key in [fold(&commune.name), letters(&commune.name)] {
                bearers.today.entry(key.clone()).or_default().insert(commune.code.clone());
                bearers.ever.entry(key).or_default().insert(commune.code.clone());
            }
            for former in &commune.former {
                for key in [fold(former), letters(former)] {
                    bearers.ever.entry(key).or_default().insert(commune.code.clone());
                }
            }
        }
        bearers
    }
}

/// What was tried, added up over regions.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    communes: usize,
    spellings: usize,
    postcodes: usize,
    former: usize,
    homonyms: usize,
}

/// Where the commune stands among what is found.
#[track_caller]
fn stands(search: &Search, typed: &str, code: &str, before: usize) {
    let (hits, all) = search.find(typed, before.max(20));
    let position = hits.iter().position(|hit| hit.commune.code == code);
    let found: Vec<&str> = hits.iter().map(|hit| hit.commune.name.as_str()).take(8).collect();
    assert!(
        position.is_some_and(|position| position < before),
        "« {typed} » for {code}: at {position:?} where {before} bear that name; {all} found, {found:?}"
    );
}

/// Each `step`-th commune of one region by all its spellings, and its former names.
fn prove(departments: &str, step: usize) -> Counts {
    let departments: Vec<&str> = departments.split(' ').collect();
    let index = index(&departments);
    let bearers = Bearers::of(&index);
    let mut by_postcode: BTreeMap<String, usize> = BTreeMap::new();
    for postcode in index.communes.iter().flat_map(|commune| &commune.postcodes) {
        *by_postcode.entry(postcode.clone()).or_default() += 1;
    }
    let search = Search::new(index);
    let names = search.communes();
    let mut counts = Counts { communes: names.len(), ..Counts::default() };
    for commune in names.iter().step_by(step) {
        for Spelling { text, apart } in spellings(&commune.name) {
            let key = if apart { fold(&commune.name) } else { letters(&commune.name) };
            let before = bearers.today[&key].len();
            stands(&search, &text, &commune.code, before);
            counts.spellings += 1;
            counts.homonyms += usize::from(before > 1);
        }
        let bearing = bearers.today[&fold(&commune.name)].len();
        for postcode in &commune.postcodes {
            stands(&search, postcode, &commune.code, by_postcode[postcode]);
            stands(&search, &format!("{postcode} {}", commune.name), &commune.code, bearing);
            stands(&search, &format!("{} {postcode}", commune.name), &commune.code, bearing);
            counts.postcodes += 3;
        }
    }
    // Deleted and delegated communes.
    let mut former: Vec<_> =
        FRANCE.former().filter(|(_, today)| departments.contains(&department_of(today))).collect();
    // They come in no order: the sample is the same in every run.
    former.sort_unstable();
    for (former, today) in former.into_iter().step_by(step) {
        for Spelling { text, apart } in spellings(former) {
            let key = if apart { fold(former) } else { letters(former) };
            stands(&search, &text, today, bearers.ever[&key].len());
            counts.former += 1;
        }
    }
    counts
}

fn prove_all(regions: &[&str], step: usize) -> Counts {
    let mut all = Counts::default();
    for region in regions {
        let counts = prove(region, step);
        all.communes += counts.communes;
        all.spellings += counts.spellings;
        all.postcodes += counts.postcodes;
        all.former += counts.former;
        all.homonyms += counts.homonyms;
    }
    println!(
        "{} communes by {} spellings ({} of names that several have), {} postcodes with and without the name, {} spellings of former names",
        all.communes, all.spellings, all.homonyms, all.postcodes, all.former
    );
    all
}

#[test]
fn communes_of_each_region_are_found_by_their_spellings() {
    let all = prove_all(&REGIONS, 40);
    assert_eq!(all.communes, FRANCE.communes().len(), "no commune is left out");
    assert!(all.spellings > 3_750 && all.postcodes > 2_500 && all.former > 500, "{all:?}");
    assert!(all.homonyms > 100, "{all:?}");
}

#[test]
#[ignore = "thorough: every commune by every spelling"]
fn every_commune_is_found_by_its_spellings_in_its_region_1() {
    let all = prove_all(&REGIONS[..2], 1);
    assert!(all.spellings > 38_000 && all.postcodes > 22_000 && all.former > 4_100, "{all:?}");
}

#[test]
#[ignore = "thorough: every commune by every spelling"]
fn every_commune_is_found_by_its_spellings_in_its_region_2() {
    let all = prove_all(&REGIONS[2..6], 1);
    assert!(all.spellings > 39_000 && all.postcodes > 23_000 && all.former > 5_500, "{all:?}");
}

#[test]
#[ignore = "thorough: every commune by every spelling"]
fn every_commune_is_found_by_its_spellings_in_its_region_3() {
    let all = prove_all(&REGIONS[6..10], 1);
    assert!(all.spellings > 58_000 && all.postcodes > 35_000 && all.former > 10_500, "{all:?}");
}

#[test]
#[ignore = "thorough: every commune by every spelling"]
fn every_commune_is_found_by_its_spellings_in_its_region_4() {
    let all = prove_all(&REGIONS[10..], 1);
    assert!(all.spellings > 34_000 && all.postcodes > 20_000 && all.former > 4_100, "{all:?}");
}

/// The whole country in one search, as if it were a region.
struct Country {
    search: Search,
    bearers: Bearers,
}

static COUNTRY: LazyLock<Country> = LazyLock::new(|| {
    let all: Vec<&str> = REGIONS.iter().flat_map(|region| region.split(' ')).collect();
    let index = index(&all);
    let bearers = Bearers::of(&index);
    Country { search: Search::new(index), bearers }
});

#[test]
fn a_former_code_leads_to_todays_commune() {
    let mut count = 0;
    for line in FORMER_COMMUNES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let current = FRANCE.current(fields[0]).unwrap_or_else(|| panic!("{line}"));
        // A commune that grew may have kept the code of its seat.
        assert!(current.code == fields[2] || current.code == fields[0], "{line}");
        // Looking a name up reads the whole country: every hundredth.
        if count % 100 == 0 {
            assert!(FRANCE.named(fields[1]).iter().any(|commune| commune.code == fields[2]), "{line}");
        }
        count += 1;
    }
    println!("{count} former codes");
    assert!(count > 4_000);
}

/// A name that several former communes had leads to each of today's.
#[test]
fn a_former_name_of_several_communes_leads_to_each() {
    let search = &COUNTRY.search;
    let mut leads: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (former, today) in FRANCE.former() {
        leads.entry(fold(former)).or_default().insert(today);
    }
    leads.retain(|_, communes| communes.len() > 1);
    for (name, communes) in &leads {
        let (hits, _) = search.find(name, usize::MAX);
        for code in communes {
            let mut of_it = hits.iter().filter(|hit| hit.commune.code == **code);
            let hit = of_it.next().unwrap_or_else(|| panic!("{name}: {code}"));
            assert!(of_it.next().is_none(), "{name}: {code} once");
            let said = hit.former.unwrap_or(&hit.commune.name);
            assert_eq!(fold(said), *name, "{code} says why it is there");
        }
    }
    println!("{} former names that lead to several communes", leads.len());
    assert!(leads.len() > 30);
}

/// As in « Lyon 3ème » on a letter, « LYON 03 » by the post, « Paris 16 » by everybody.
#[test]
fn arrondissements_are_found_as_people_write_them() {
    let search = &COUNTRY.search;
    let mut count = 0;
    for (city, whole, first, arrondissements, postcodes) in [
        ("Paris", "75056", 75_100, 20, 75_000),
        ("Marseille", "13055", 13_200, 16, 13_000),
        ("Lyon", "69123", 69_380, 9, 69_000),
    ] {
        stands(search, city, whole, 1);
        stands(search, &format!("{postcodes} {city}"), whole, 1);
        stands(search, &postcodes.to_string(), whole, 1);
        for number in 1..=arrondissements {
            let code = (first + number).to_string();
            let ordinal = if number == 1 { "1er".to_owned() } else { format!("{number}e") };
            for typed in [
                format!("{city} {ordinal} Arrondissement"),
                format!("{city} {ordinal}"),
                format!("{city} {number}"),
                format!("{city} {number:02}"),
                format!("{city} {number}ème"),
                format!("{city} {number}eme arrondissement"),
                format!("{city}-{number}"),
                format!("{} {}", postcodes + number, city),
                format!("{} {}", city, postcodes + number),
                (postcodes + number).to_string(),
            ] {
                stands(search, &typed, &code, 1);
                count += 1;
            }
        }
    }
    println!("{count} spellings of arrondissements");
}

/// One search over the whole country: each `step`-th commune's own name from one on, and what
/// people make of it.
fn found_at_once(first: usize, step: usize) {
    let Country { search, bearers } = &*COUNTRY;
    let names = search.communes();
    assert_eq!(names.len(), FRANCE.communes().len());
    let mut homonyms = BTreeMap::new();
    for commune in names.iter().skip(first).step_by(step) {
        let folded = fold(&commune.name);
        let before = bearers.today[&folded].len();
        *homonyms.entry(before).or_insert(0) += 1;
        stands(search, &saints(&commune.name, &SHORT).replace('-', " "), &commune.code, before);
    }
    println!(
        "{} communes of France at once; the most common name has {:?}",
        homonyms.values().sum::<usize>(),
        homonyms.keys().max()
    );
    assert!(homonyms.len() > 3, "{homonyms:?}");
}

#[test]
fn communes_are_found_in_all_of_france_at_once() {
    found_at_once(0, 100);
}

#[test]
#[ignore = "thorough: every commune among all of France"]
fn every_commune_is_found_in_all_of_france_at_once_1() {
    found_at_once(0, 2);
}

#[test]
#[ignore = "thorough: every commune among all of France"]
fn every_commune_is_found_in_all_of_france_at_once_2() {
    found_at_once(1, 2);
}
