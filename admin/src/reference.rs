//! What the program ships with: the communes of France, the directories of both editions, and what
//! the directory of any region is made of.

use crate::failure::Failure;
use shared::directory::Directory;
use shared::finding::Finding;
use shared::geography::Geography;
use shared::region::Region;
use shared::spelling::fold;

const COMMUNES: &str = include_str!("../../shared/data/communes.tsv");
const FORMER_COMMUNES: &str = include_str!("../../shared/data/former-communes.tsv");
const EDITIONS: [(&str, &str); 2] = [
    ("2016", include_str!("../../shared/editions/2016.json")),
    ("2026", include_str!("../../shared/editions/2026.json")),
];
/// What is national, by edition.
const NATIONAL: [(&str, &str); 2] = [
    ("2016", include_str!("../../shared/editions/2016/national.json")),
    ("2026", include_str!("../../shared/editions/2026/national.json")),
];
/// The file of each region of today, by its INSEE code.
const REGIONS: [&str; 18] = [
    include_str!("../../shared/editions/2026/01.json"),
    include_str!("../../shared/editions/2026/02.json"),
    include_str!("../../shared/editions/2026/03.json"),
    include_str!("../../shared/editions/2026/04.json"),
    include_str!("../../shared/editions/2026/06.json"),
    include_str!("../../shared/editions/2026/11.json"),
    include_str!("../../shared/editions/2026/24.json"),
    include_str!("../../shared/editions/2026/27.json"),
    include_str!("../../shared/editions/2026/28.json"),
    include_str!("../../shared/editions/2026/32.json"),
    include_str!("../../shared/editions/2026/44.json"),
    include_str!("../../shared/editions/2026/52.json"),
    include_str!("../../shared/editions/2026/53.json"),
    include_str!("../../shared/editions/2026/75.json"),
    include_str!("../../shared/editions/2026/76.json"),
    include_str!("../../shared/editions/2026/84.json"),
    include_str!("../../shared/editions/2026/93.json"),
    include_str!("../../shared/editions/2026/94.json"),
];
/// The open lists that have places of every region, with `{region}` for its name.
pub(crate) const SOURCES: &str = include_str!("../../shared/editions/2026/sources.toml");
/// How much a name must resemble that of a region to be proposed, 1 being the same.
const RESEMBLANCE: f64 = 0.8;

/// The edition that a new directory starts from.
pub const CURRENT_EDITION: &str = "2026";

/// Every commune of France, and the former ones.
pub fn geography() -> Result<Geography, Failure> {
    Geography::parse(COMMUNES, FORMER_COMMUNES, &|_| true).map_err(|error| {
        Failure::refused(
            "broken-reference",
            format!("La liste des communes du programme est abîmée : {error}."),
        )
    })
}

/// The ids of the editions that ship with the program, the oldest first.
pub fn editions() -> impl Iterator<Item = &'static str> {
    EDITIONS.iter().map(|(id, _)| *id)
}

/// What is national in an edition: a document with placeholders.
pub fn national(edition: &str) -> Result<&'static str, Failure> {
    NATIONAL.iter().find(|(id, _)| *id == edition).map(|(_, document)| *document).ok_or_else(|| {
        let known: Vec<&str> = editions().collect();
        Failure::refused(
            "unknown-edition",
            format!("L’édition « {edition} » n’existe pas. Il y a : {}.", known.join(", ")),
        )
    })
}

/// The regions of today, by their INSEE codes, each with its file.
pub fn regions() -> Result<Vec<(Region, &'static str)>, Failure> {
    REGIONS
        .iter()
        .map(|file| Ok((Region::from_json(file.as_bytes()).map_err(|finding| broken(&finding))?, *file)))
        .collect()
}

/// The region that an INSEE code or a name means, with its file. Accents, hyphens and capitals do
/// not matter.
pub fn region(wanted: &str) -> Result<(Region, &'static str), Failure> {
    let folded = fold(wanted);
    let wanted_name = folded.strip_prefix("region ").unwrap_or(&folded);
    let mut regions = regions()?;
    let is_it =
        |region: &Region| region.code == wanted.trim() || names(region).any(|name| fold(name) == wanted_name);
    if let Some(place) = regions.iter().position(|(region, _)| is_it(region)) {
        return Ok(regions.swap_remove(place));
    }
    let named = |region: &Region| format!("{} ({})", french_name(region), region.code);
    let all: Vec<String> =
        regions.iter().map(|(region, _)| format!("{} {}", region.code, french_name(region))).collect();
    let department = regions.iter().find_map(|(region, _)| {
        let is_it = |code: &str, name: &str| code == wanted.trim() || fold(name) == wanted_name;
        let department = region.departments.iter().find(|one| is_it(&one.code, &one.name))?;
        Some(format!(" C’est un département, {} : sa région est {}.", department.name, named(region)))
    });
    let alike = |region: &Region| {
        names(region).map(|name| strsim::jaro_winkler(&fold(name), wanted_name)).fold(0.0, f64::max)
    };
    let nearest = regions.iter().map(|(region, _)| (alike(region), region));
    let nearest = nearest
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .filter(|(likeness, _)| *likeness >= RESEMBLANCE)
        .map(|(_, region)| format!(" Vouliez-vous dire {} ?", named(region)));
    Err(Failure::usage(
        "unknown-region",
        format!(
            "« {wanted} » n’est aucune des {} régions.{}",
            regions.len(),
            department.or(nearest).unwrap_or_default()
        ),
    )
    .advising(format!("Donnez un code ou un nom : {}.", all.join(", "))))
}

/// The official French name of a region.
pub fn french_name(region: &Region) -> &str {
    region.name.get(shared::directory::MAIN_LANGUAGE).map_or("", String::as_str)
}

/// What people may type for a region.
fn names(region: &Region) -> impl Iterator<Item = &str> {
    [french_name(region), region.council.name.as_str()]
        .into_iter()
        .chain(region.also.iter().map(String::as_str))
}

fn broken(finding: &Finding) -> Failure {
    Failure::refused(
        "broken-reference",
        format!("Une région livrée avec le programme est abîmée : {finding}."),
    )
}

/// The directory shipped with the program: that of [`CURRENT_EDITION`].
pub fn shipped() -> Result<Directory, Failure> {
    edition(CURRENT_EDITION)
}

/// The directory of one of [`editions`].
pub fn edition(id: &str) -> Result<Directory, Failure> {
    let (_, document) = EDITIONS.iter().find(|(edition, _)| *edition == id).ok_or_else(|| {
        let known: Vec<&str> = editions().collect();
        Failure::refused(
            "unknown-edition",
            format!("L’édition « {id} » n’existe pas. Il y a : {}.", known.join(", ")),
        )
    })?;
    Directory::from_json(document.as_bytes()).map_err(|finding| {
        Failure::refused(
            "broken-reference",
            format!("L’annuaire livré avec le programme est abîmé : {finding}."),
        )
    })
}

/// The JSON Schema of the directory document. Its committed copy is
/// `shared/editions/directory.schema.json`.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Directory)).unwrap_or_default();
    text.push('\n');
    text
}
