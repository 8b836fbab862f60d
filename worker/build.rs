//! Validates the directory that is shipped with the worker, compiles it to a snapshot and
//! compresses it: what visitors get when KV has nothing, or nothing good, to say.

use shared::compile::{self, compile};
use shared::directory::{Directory, MAIN_LANGUAGE};
use shared::finding::{Finding, Severity};
use shared::first;
use shared::geography::Geography;
use shared::texts::in_order;
use shared::validate::validate;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

/// The directory to ship instead of ours: a file, relative to the workspace.
const OVERRIDE: &str = "SPRO_DIRECTORY";

/// A build has no clock, so that the same sources give the same bytes. With this date,
/// what has expired is only warned about, and nothing is in the future.
const NO_DAY: &str = "9999-12-31";

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in a workspace");
    println!("cargo::rerun-if-env-changed={OVERRIDE}");
    let directory_file = env::var_os(OVERRIDE)
        .map_or_else(|| workspace.join("shared/editions/2026.json"), |file| workspace.join(file));
    let communes = read(&workspace.join("shared/data/communes.tsv"));
    let former = read(&workspace.join("shared/data/former-communes.tsv"));
    let document = read(&directory_file);
    let element_style = read(&workspace.join("widget/js/style.css"));
    let pages_style = read(&workspace.join("worker/src/guide_pages/pages.css"));
    let texts = texts(&workspace.join("shared/texts"));
    let admin_style = read(&workspace.join("worker/src/admin/pages/pages.css"));
    let embed_style = read(&workspace.join("worker/src/embed/embed.css"));
    let embed_script = read(&workspace.join("worker/src/embed/embed.js"));
    let statement_style = read(&workspace.join("worker/src/accessibility.css"));
    let description = read(&workspace.join("worker/openapi.json"));
    println!("cargo::rerun-if-changed=build.rs");

    let geography = Geography::parse(&communes, &former, &|_| true)
        .unwrap_or_else(|error| fail(&format!("shared/data: {error}")));
    let directory = Directory::from_json(document.as_bytes())
        .unwrap_or_else(|finding| refuse(&directory_file, &[finding]));
    let valid =
        validate(directory, &geography, NO_DAY).unwrap_or_else(|findings| refuse(&directory_file, &findings));
    let snapshot = compile(&valid, &geography);

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut code = String::new();
    let mut embed = |constant: &str, file: &str, bytes: &[u8]| {
        fs::write(out.join(file), bytes).unwrap_or_else(|error| fail(&format!("{file}: {error}")));
        let _ = writeln!(
            code,
            "pub(crate) const {constant}: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"));"
        );
    };
    embed("MANIFEST", "manifest.json", &snapshot.manifest.to_bytes());
    embed("DIRECTORY", "directory.json.br", &compress(snapshot.document.as_bytes()));
    embed("COMMUNES", "communes.tsv.br", &compress(lean(&communes).as_bytes()));
    embed("FORMER", "former-communes.tsv.br", &compress(lean(&former).as_bytes()));
    embed("OPENAPI", "openapi.json.br", &compress(one_line(&description).as_bytes()));
    let mut pieces = String::new();
    for (index, (name, bytes)) in snapshot.pieces.iter().enumerate() {
        let constant = format!("PIECE_{index}");
        embed(&constant, &format!("{name}.br"), &compress(bytes));
        let _ = writeln!(pieces, "    ({name:?}, {constant}),");
    }
    // What `xtask` weighs: what the element reads before its first question.
    let guide = compile::guide(valid.directory(), MAIN_LANGUAGE);
    let first = first::to_json(&first::first(&guide, &snapshot.id, &snapshot.manifest))
        .unwrap_or_else(|error| fail(&format!("first.json: {error}")));
    fs::write(out.join("first.fr.json"), first)
        .unwrap_or_else(|error| fail(&format!("first.fr.json: {error}")));
    let _ = writeln!(code, "pub(crate) const PIECES: &[(&str, &[u8])] = &[\n{pieces}];");
    let _ = writeln!(code, "pub(crate) const SNAPSHOT: &str = {:?};", snapshot.id.as_str());
    // The pages look as the element does: its sheet, and what surrounds it.
    let style = lean_style(&format!("{element_style}{pages_style}"));
    let _ = writeln!(code, "pub(crate) const STYLE: &str = {style:?};");
    let _ = writeln!(code, "pub(crate) const STYLE_HASH: &str = {:?};", style_hash(&style));
    let _ = writeln!(code, "pub(crate) const TEXTS: &[(&str, &str)] = &{texts:?};");
    let _ = writeln!(code, "pub(crate) const ADMIN_STYLE_HASH: &str = {:?};", style_hash(&admin_style));
    let _ = writeln!(code, "pub(crate) const EMBED_STYLE_HASH: &str = {:?};", style_hash(&embed_style));
    let _ = writeln!(code, "pub(crate) const EMBED_SCRIPT_HASH: &str = {:?};", style_hash(&embed_script));
    let hash = style_hash(&statement_style);
    let _ = writeln!(code, "pub(crate) const ACCESSIBILITY_STYLE_HASH: &str = {hash:?};");
    fs::write(out.join("bundled.rs"), code).unwrap_or_else(|error| fail(&format!("bundled.rs: {error}")));
}

/// Reads a file, and has the build start again when it changes.
fn read(file: &Path) -> String {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file).unwrap_or_else(|error| fail(&format!("{}: {error}", file.display())))
}

/// Ends the build with every error of the directory, in one message.
fn refuse(file: &Path, findings: &[Finding]) -> ! {
    let errors: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("  {finding}"))
        .collect();
    fail(&format!(
        "the directory to ship, {}, has {} error(s):\n{}",
        file.display(),
        errors.len(),
        errors.join("\n")
    ))
}

/// Ends the build with one message and no backtrace.
fn fail(message: &str) -> ! {
    eprintln!("{message}");
    process::exit(1);
}

/// What a publication is checked against, without what only imports need: the comments,
/// which say where the data come from, and the intercommunalities, a quarter of the bytes.
fn lean(text: &str) -> String {
    const INTERCOMMUNALITY: usize = 7;
    let mut lean = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        for (index, field) in line.split('\t').enumerate() {
            if index > 0 {
                lean.push('\t');
            }
            if index != INTERCOMMUNALITY {
                lean.push_str(field);
            }
        }
        lean.push('\n');
    }
    lean
}

/// What the guide and its pages say in each language but French, which `shared` has: the tag,
/// then the texts of the element and those of the pages, as [`shared::texts::Texts`] reads them.
fn texts(folder: &Path) -> Vec<(String, String)> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let pages = folder.join("pages");
    let french = (read(&folder.join("fr.txt")), read(&pages.join("fr.txt")));
    let entries = fs::read_dir(folder).unwrap_or_else(|error| fail(&format!("shared/texts: {error}")));
    let mut texts = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "txt") || language == "fr" {
            continue;
        }
        let own = |french: &str, file: &Path| {
            in_order(french, &read(file))
                .unwrap_or_else(|reason| fail(&format!("{}, {reason}", file.display())))
        };
        let (element, page) = (own(&french.0, &path), own(&french.1, &pages.join(format!("{language}.txt"))));
        texts.push((language.clone(), format!("{language}\n{element}\n{page}")));
    }
    texts.sort();
    texts
}

/// A style sheet without what only its authors read.
fn lean_style(sheet: &str) -> String {
    let mut lean = String::new();
    for (index, part) in sheet.split("/*").enumerate() {
        let rest = if index == 0 { part } else { part.split_once("*/").map_or("", |(_, rest)| rest) };
        for word in rest.split_whitespace() {
            if !lean.is_empty() && !lean.ends_with(['{', '}', ';']) && word != "{" {
                lean.push(' ');
            }
            lean.push_str(word);
        }
    }
    lean
}

/// JSON as machines read it.
fn one_line(json: &str) -> String {
    let value: serde_json::Value =
        serde_json::from_str(json).unwrap_or_else(|error| fail(&format!("worker/openapi.json: {error}")));
    value.to_string()
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 9, 24);
    writer.write_all(bytes).and_then(|()| writer.flush()).expect("writing to memory");
    drop(writer);
    compressed
}

fn style_hash(style: &str) -> String {
    use base64::Engine as _;
    let hex = shared::snapshot::hash(style.as_bytes());
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).filter_map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect();
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
