//! What a command prints: one JSON object for scripts, or French text for people.

use crate::failure::Failure;
use insight::compare::diff::Difference;
use insight::compare::effect::sentences;
use insight::compare::review::Review;
use insight::report::diagnosis::compare_sentences;
use insight::report::whereabouts::Whereabouts;
use insight::report::wish::wish;
use serde_json::{Value, json};
use shared::fields::{self, french, french_part};
use shared::finding::{Finding, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// How many examples a group shows unless all are asked for.
pub const EXAMPLES: usize = 5;

/// How many sentences an effect takes unless all are asked for.
const HEADLINE: usize = 3;

/// What a command came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// For people.
    pub text: String,
    /// For scripts; null where the text is for them too, JSON written to the letter.
    pub json: Value,
    /// Whether something was found or refused: exit code 1.
    pub refused: bool,
}

/// What our texts tell people to type, where the source is and in the archive of
/// `cargo xtask dist`.
const COMMANDS: [(&str, &str); 2] =
    [("cargo spro", "spro"), ("cargo xtask run", "npx workerd serve guide.capnp")];

/// Prints what a command came to and returns the exit code.
pub fn print(result: Result<Outcome, Failure>, as_json: bool) -> u8 {
    match result {
        Ok(outcome) => {
            let text = if as_json && !outcome.json.is_null() {
                pretty(&outcome.json)
            } else {
                typed(&outcome.text, from_source())
            };
            write_out(&text);
            u8::from(outcome.refused)
        }
        Err(failure) => {
            if as_json {
                let message = typed(&failure.message, from_source());
                let advice = failure.advice.as_deref().map(|advice| typed(advice, from_source()));
                let error = json!({ "code": failure.code, "message": message, "advice": advice });
                write_out(&pretty(&json!({ "error": error })));
            } else {
                // Nobody is left to tell when standard error is closed.
                let _ = writeln!(std::io::stderr(), "{}", typed(&failure.to_string(), from_source()));
            }
            failure.exit_code()
        }
    }
}

/// Whether cargo started this process, which it says in `CARGO`: otherwise it was called by its
/// own name, as by an administrator who has the archive and no source.
fn from_source() -> bool {
    std::env::var_os("CARGO").is_some()
}

/// A text in which every command can be typed as it stands.
fn typed(text: &str, from_source: bool) -> String {
    if from_source {
        return text.to_owned();
    }
    COMMANDS.iter().fold(text.to_owned(), |text, (there, here)| text.replace(there, here))
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A reader that closes the pipe early (`| head`) is not an error of ours.
fn write_out(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Findings grouped by severity and code, errors first, with examples.
pub fn findings(findings: &[Finding], whereabouts: &Whereabouts, all: bool) -> String {
    let mut groups: BTreeMap<(bool, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        groups.entry((finding.severity == Severity::Warning, finding.code)).or_default().push(finding);
    }
    let mut text = String::new();
    for ((is_warning, code), list) in groups {
        let kind = if is_warning { "attention" } else { "ERREUR" };
        let _ = writeln!(text, "\n  {kind} : {} [{code}]", list.len());
        let shown = if all { list.len() } else { EXAMPLES };
        for finding in list.iter().take(shown) {
            let _ = writeln!(text, "    {}", line(finding, whereabouts));
        }
        if list.len() > shown {
            let _ = writeln!(text, "    … et {} de plus (--all pour tout voir)", list.len() - shown);
        }
    }
    text
}

/// The same of findings that a server tells.
pub(crate) fn told_findings(findings: &[Value], whereabouts: &Whereabouts, all: bool) -> String {
    let said = |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    let mut text = String::new();
    for (kind, is_warning) in [("ERREUR", false), ("attention", true)] {
        let list: Vec<&Value> =
            findings.iter().filter(|finding| (finding["severity"] == "warning") == is_warning).collect();
        let shown = if all { list.len() } else { EXAMPLES };
        for finding in list.iter().take(shown) {
            let place = place(&said(finding, "path"), &said(finding, "value"), whereabouts);
            let wish = wish(&said(finding, "code"), !is_warning, &said(finding, "expected"));
            let _ = write!(text, "  {kind} · {place}{wish}");
            if let Some(repair) = finding["repair"].as_str() {
                let _ = write!(text, " (proposition : « {repair} »)");
            }
            text.push('\n');
        }
        if list.len() > shown {
            let _ = writeln!(text, "  … et {} de plus (--all pour tout voir)", list.len() - shown);
        }
    }
    text
}

/// A finding on one line, without its severity.
pub fn line(finding: &Finding, whereabouts: &Whereabouts) -> String {
    let wish = wish(finding.code, finding.severity == Severity::Error, &finding.expected);
    let mut line = place(&finding.path, &finding.value, whereabouts) + &wish;
    if let Some(repair) = &finding.repair {
        let _ = write!(line, " (proposition : « {repair} »)");
    }
    line
}

/// Where something is and what is there, up to the colon; a name once.
pub fn place(path: &str, value: &str, whereabouts: &Whereabouts) -> String {
    let mut place = whereabouts.french(path);
    if !value.is_empty() && !whereabouts.says(path, value) {
        let separator = if place.is_empty() { "" } else { " · " };
        let _ = write!(place, "{separator}« {value} »");
    }
    if !place.is_empty() {
        place.push_str(" : ");
    }
    place
}

/// A difference in three lines, a fourth where the edition differs, and a warning where
/// most of what was there goes.
pub fn difference(difference: &Difference, places_before: usize) -> String {
    if difference.is_empty() {
        return "  rien ne change\n".to_owned();
    }
    let names = |list: &mut dyn Iterator<Item = &str>| {
        let names: Vec<&str> = list.collect();
        let shown: Vec<&str> = names.iter().copied().take(3).collect();
        let more = if names.len() > 3 { ", …" } else { "" };
        if names.is_empty() { String::new() } else { format!(" : {}{more}", shown.join(", ")) }
    };
    let mut text = String::new();
    let added = names(&mut difference.added.iter().map(|named| named.name.as_str()));
    let removed = names(&mut difference.removed.iter().map(|named| named.name.as_str()));
    let changed = names(&mut difference.changed.iter().map(|changed| changed.name.as_str()));
    let _ = writeln!(text, "  + lieux ajoutés   {:>5}{added}", difference.added.len());
    let _ = writeln!(text, "  − lieux retirés   {:>5}{removed}", difference.removed.len());
    let _ = writeln!(text, "  ~ lieux modifiés  {:>5}{changed}", difference.changed.len());
    if !difference.parts.is_empty() {
        let parts: Vec<&str> = difference.parts.iter().map(|part| french_part(part)).collect();
        let _ = writeln!(text, "  ~ autres parties : {}", parts.join(", "));
    }
    let removed = difference.removed.len();
    if removed * 2 > places_before {
        let _ = writeln!(
            text,
            "  ATTENTION : {removed} des {places_before} lieux disparaissent. Est-ce bien le bon fichier ?"
        );
    }
    text
}

/// Each change of a difference on its own line.
pub fn difference_in_full(difference: &Difference, all: bool) -> String {
    let mut text = String::new();
    let shown = if all { usize::MAX } else { EXAMPLES };
    let mut section = |title: &str, lines: Vec<String>| {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{title} ({})", lines.len());
        for line in lines.iter().take(shown) {
            let _ = writeln!(text, "  {line}");
        }
        if lines.len() > shown {
            let _ = writeln!(text, "  … et {} de plus (--all pour tout voir)", lines.len() - shown);
        }
    };
    let named = |list: &[insight::compare::diff::Named]| {
        list.iter().map(|named| format!("{} ({})", named.name, named.id)).collect()
    };
    section("AJOUTÉS", named(&difference.added));
    section("RETIRÉS", named(&difference.removed));
    let changed = difference.changed.iter().map(|changed| {
        let fields: Vec<String> = changed
            .fields
            .iter()
            .map(|field| {
                format!(
                    "{} : {} → {}",
                    french(&field.name),
                    fields::shown(&field.name, &field.before),
                    fields::shown(&field.name, &field.after)
                )
            })
            .collect();
        format!("{} ({})\n      {}", changed.name, changed.id, fields.join("\n      "))
    });
    section("MODIFIÉS", changed.collect());
    let elements = difference.elements.iter().map(|element| {
        let (part, change) = (french_part(element.part), element.change.french());
        if element.id.is_empty() {
            return format!("{part} : {change}");
        }
        let fields = if element.fields.is_empty() {
            String::new()
        } else {
            format!(" ({})", element.fields.join(", "))
        };
        format!("{part} : {change} {}{fields} « {} »", element.id, shortened(&element.name))
    });
    section("AUTRES PARTIES", elements.collect());
    text
}

/// The beginning of a text.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    let end = beginning.rfind(' ').unwrap_or(beginning.len());
    format!("{}…", &beginning[..end])
}

/// What a publication changes for people, and which gaps it opens and closes.
pub fn review(review: &Review, all: bool) -> String {
    let mut text = String::new();
    let shown = if all { usize::MAX } else { HEADLINE };
    let more = |text: &mut String, total: usize| {
        if total > shown {
            let _ = writeln!(text, "  … et {} de plus (--all pour tout voir)", total - shown);
        }
    };
    if let Some(effect) = &review.effect {
        let _ = writeln!(text, "\nEFFET SUR LES PERSONNES\n  {}", sentences::overall(effect));
        let publics = sentences::largest(effect);
        for public in publics.iter().take(shown) {
            let _ = writeln!(text, "  {}", sentences::sentence(public));
            for example in public.examples.iter().take(if all { usize::MAX } else { 2 }) {
                let _ = writeln!(text, "      {}", sentences::example(example));
            }
        }
        more(&mut text, publics.len());
        if all {
            for department in &effect.by_department {
                let (name, changed, communes) = (&department.name, department.changed, department.communes);
                let _ = writeln!(text, "  {} {name} : {changed} communes sur {communes}", department.code);
            }
        }
    }
    if !review.losses.is_empty() {
        let _ = writeln!(text, "\nÀ RÉPONDRE AVANT DE PUBLIER");
        for loss in &review.losses {
            let _ = writeln!(text, "  − {} : il faudrait {}", loss.value, loss.expected);
        }
    }
    let Some(gaps) = review.gaps.as_ref().filter(|gaps| !gaps.is_empty()) else { return text };
    let _ = writeln!(text, "\nCE QUI MANQUE, ET CE QUI NE MANQUE PLUS");
    for area in gaps.areas.iter().take(if all { usize::MAX } else { 1 }) {
        for (sign, is_new) in [('−', true), ('+', false)] {
            let told = compare_sentences::changes(area, gaps.near_km, is_new);
            for sentence in told.iter().take(shown) {
                let _ = writeln!(text, "  {sign} {} : {sentence}", area.name);
            }
            more(&mut text, told.len());
        }
    }
    for (sign, networks) in [
        ("− plus aucun lieu", &gaps.networks_left_without_place),
        ("+ un premier lieu", &gaps.networks_with_a_first_place),
    ] {
        if !networks.is_empty() {
            let called = |id: &String| gaps.network_names.get(id).unwrap_or(id).clone();
            let names: Vec<String> = networks.iter().map(called).collect();
            let _ = writeln!(text, "  {sign} : {}", names.join(", "));
        }
    }
    for label in &gaps.labels {
        let (sign, said) = if label.after { ('+', "compte désormais") } else { ('−', "ne compte plus") };
        let _ = writeln!(text, "  {sign} le label de {} {said}", label.name);
    }
    for record in gaps.records.iter().take(shown) {
        let _ = writeln!(text, "  fiche {}", compare_sentences::record(record));
    }
    more(&mut text, gaps.records.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_no_source_is_told_no_command_of_cargo() {
        let text = "Pour publier : cargo spro publish a.json ; en local : cargo xtask run";
        assert_eq!(typed(text, true), text);
        assert_eq!(
            typed(text, false),
            "Pour publier : spro publish a.json ; en local : npx workerd serve guide.capnp"
        );
    }

    #[test]
    fn a_finding_names_the_place_it_is_about() {
        let places = Whereabouts::of_places(vec!["Mission locale".to_owned(), String::new()]);
        let said = |path: &str, value: &str| line(&Finding::error("x", path, value, "autre chose"), &places);
        assert_eq!(
            said("structures[0].phones[2]", "04"),
            "Mission locale, téléphones · « 04 » : il faut autre chose"
        );
        assert_eq!(said("structures[0]", "Mission locale"), "Mission locale : il faut autre chose");
        assert_eq!(said("structures[1]", ""), "structures[1] : il faut autre chose");
        assert_eq!(said("structures[7].name", ""), "structures[7].name : il faut autre chose");
        assert_eq!(said(".", ""), "il faut autre chose");
        assert_eq!(said(".", "v"), "« v » : il faut autre chose");
    }
}
