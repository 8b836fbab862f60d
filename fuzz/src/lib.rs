//! What is fuzzed: a function for each target, which holds for any bytes or panics.
//!
//! `cargo xtask torture` runs them all. One alone, from the top of the repository:
//!
//! ```text
//! RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none TARGET
//! ```
//!
//! No sanitizer: no line of ours is `unsafe`. What is found is a file in `fuzz/artifacts`; its
//! bytes become a test beside what they broke.

use exchange::import::dila::Extract;
use exchange::import::typed::Communes;
use exchange::import::{Options, import, import_extract};
use shared::commune_index::CommuneIndex;
use shared::compile::compile;
use shared::condition::Answers;
use shared::decision::GuideQuestionKind;
use shared::directory::{Directory, Level};
use shared::geography::Geography;
use shared::guide::walk;
use shared::recommend::{NoRecommendation, plan, recommend};
use shared::said::{Asked, decide};
use shared::snapshot::{
    About, DepartmentPiece, Guide, GuideTexts, LocalizedGuide, Snapshot, SnapshotId, localized, read, to_json, write,
};
use shared::validate::validate;
use shared::wire::Wire;
use std::sync::LazyLock;

const TODAY: &str = "2026-11-24";
const COMMUNES: &str = include_str!("../../shared/data/communes.tsv");
const FORMER_COMMUNES: &str = include_str!("../../shared/data/former-communes.tsv");

/// What the shipped directory compiles to; of one department, its communes and its places in the
/// shipped edition: an import goes through all of them for each file.
struct Shipped {
    directory: Directory,
    department: Geography,
    id: SnapshotId,
    guide: LocalizedGuide,
    pieces: Vec<DepartmentPiece>,
}

static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| {
    let mut directory =
        Directory::from_json(include_bytes!("../../shared/editions/2026.json")).expect("it ships");
    let france = geography(|_| true);
    let valid = validate(directory.clone(), &france, TODAY).expect("it is valid");
    let snapshot: Snapshot = compile(&valid, &france);
    let department = geography(|department| department == "26");
    directory.structures.retain(|place| department.current(&place.commune).is_some());
    Shipped {
        department,
        guide: localized(&snapshot.pieces, "fr").expect("a guide"),
        pieces: snapshot
            .pieces
            .iter()
            .filter(|(name, _)| name.starts_with("department."))
            .map(|(_, bytes)| read(bytes).expect("a department"))
            .collect(),
        id: snapshot.id.clone(),
        directory,
    }
});

fn geography(wanted: impl Fn(&str) -> bool) -> Geography {
    Geography::parse(COMMUNES, FORMER_COMMUNES, &wanted).expect("they ship")
}

/// The compact form of each piece: refused, or read, written and read again as the same.
pub fn pieces(data: &[u8]) {
    fn one<T: Wire + PartialEq + std::fmt::Debug>(bytes: &[u8], name: &str) {
        let Ok(piece) = read::<T>(bytes) else { return };
        let again = write(&piece);
        let back: T = read(&again).expect("what was written is read");
        // Compared as written: no number equals itself that is none.
        assert_eq!(write(&back), again);
        let _ = to_json(name, bytes);
    }
    one::<Guide>(data, "guide");
    one::<GuideTexts>(data, "texts.fr");
    one::<CommuneIndex>(data, "communes");
    one::<DepartmentPiece>(data, "department.26");
    one::<About>(data, "about.fr");
    // What a damaged guide or department says is decided on all the same.
    if let Ok(guide) = read::<Guide>(data) {
        let answers = Answers::default();
        let walk = walk(&guide, &answers);
        drop(plan(&guide, &walk.answers, TODAY));
    }
    if let Ok(piece) = read::<DepartmentPiece>(data) {
        let guide = &SHIPPED.guide;
        let answers = Answers::default();
        let plan = plan(guide, &answers, TODAY);
        for commune in piece.communes.iter().take(4) {
            drop(recommend(guide, &plan, &answers, &piece, &commune.code));
        }
    }
}

/// A directory: refused with its findings, or compiled to pieces that are read back, and written
/// as a document that says the same.
pub fn directory(data: &[u8]) {
    let Ok(directory) = Directory::from_json(data) else { return };
    let text = directory.to_json();
    assert_eq!(Directory::from_json(text.as_bytes()).as_ref(), Ok(&directory));
    if let Ok(valid) = validate(directory, &SHIPPED.department, TODAY) {
        let snapshot = compile(&valid, &SHIPPED.department);
        for (name, bytes) in &snapshot.pieces {
            assert!(matches!(to_json(name, bytes), Some(Ok(_))), "{name} is not read back");
        }
    }
}

/// Answers, as a partner's server sends them and as a visitor gives them, in any commune: a
/// recommendation with a place or a service, or one reason why there is none.
pub fn decision(data: &[u8]) {
    let shipped = &*SHIPPED;
    if let Ok(asked) = serde_json::from_slice::<Asked>(data) {
        for piece in &shipped.pieces {
            if let Ok(decided) = decide(&shipped.id, &shipped.guide, piece, &asked, TODAY) {
                drop(serde_json::to_string(&decided.said()));
            }
        }
    }
    let mut bytes = data.iter().copied();
    let mut next = || usize::from(bytes.next().unwrap_or_default());
    let piece = &shipped.pieces[next() % shipped.pieces.len()];
    let commune = &piece.communes[(next() * 256 + next()) % piece.communes.len()].code;
    let mut given = Answers::default();
    for question in &shipped.guide.questions {
        match &question.kind {
            GuideQuestionKind::Commune => drop(given.insert(question.id.clone(), commune.clone())),
            GuideQuestionKind::Choices(choices) => {
                // One more than there are: not answered.
                if let Some(choice) = choices.get(next() % (choices.len() + 1)) {
                    given.insert(question.id.clone(), choice.id.clone());
                }
            }
        }
    }
    let walk = walk(&shipped.guide, &given);
    let plan = plan(&shipped.guide, &walk.answers, TODAY);
    match recommend(&shipped.guide, &plan, &walk.answers, piece, commune) {
        // Who has answered everything is never left without a first door.
        Ok(found) => assert!(walk.next.is_some() || found.has_level(Level::One, &shipped.guide), "{given:?}"),
        Err(none) => assert_eq!(none, NoRecommendation::UnknownCommune, "{given:?} in {commune}"),
    }
}

/// A file that a partner sends: refused, or a report that adds up, and the same a second time.
pub fn file(data: &[u8]) {
    let options = Options { file: "fuzzed".into(), report_missing: true, ..Options::default() };
    let shipped = &*SHIPPED;
    let communes = Communes::new(&shipped.department);
    let once = |bytes: &[u8]| import(bytes, shipped.directory.clone(), &communes, &options, TODAY);
    if let Ok(imported) = once(data) {
        let report = &imported.report;
        let left_out: usize = report.left_out.values().sum();
        assert_eq!(report.read, report.kept + report.merged + report.refused + left_out);
        assert_eq!(report.read, report.records.len() + left_out);
        assert_eq!(once(data).expect("it was read").report, *report);
        drop(report.to_text(true));
    }
}

/// The DILA's document: what is wanted of it is read as any table is.
pub fn archive(data: &[u8]) {
    let shipped = &*SHIPPED;
    let mut extract = Extract::new(&shipped.directory, &shipped.department, &[]);
    if extract.read_from(data, &mut |_| ()).is_ok() {
        let options = Options { file: "fuzzed".into(), ..Options::default() };
        let communes = Communes::new(&shipped.department);
        drop(import_extract(extract, shipped.directory.clone(), &communes, &options, TODAY));
    }
}

/// A request: its address, a field of its header, and its body.
pub fn request(data: &[u8]) {
    #[cfg(fuzzing)]
    {
        edge::fuzzed::request(data);
        administration::fuzzed::request(data);
    }
    // Only a fuzzer's build has the entry.
    #[cfg(not(fuzzing))]
    let _ = data;
}
