//! Who is asking: the answers and the commune, as somebody typed them.

use crate::failure::Failure;
use crate::files;
use shared::commune_index::{CommuneName, Hit, Search};
use shared::geography::{Commune, Geography};
use shared::said::Unanswerable;
use shared::snapshot::LocalizedGuide;
use shared::spelling::fold;
use std::collections::BTreeMap;
use std::path::Path;

/// How many communes a message lists.
const LISTED: usize = 8;
/// Below this, two names do not resemble each other (Jaro and Winkler, 0 to 1).
const RESEMBLES: f64 = 0.85;

/// The answers of a file and those of the command line, which count more.
pub(super) fn answers(given: &[String], file: Option<&Path>) -> Result<BTreeMap<String, String>, Failure> {
    let mut answers: BTreeMap<String, String> = match file {
        Some(file) => serde_json::from_slice(&files::read(file)?).map_err(|_| {
            Failure::refused(
                "answers-file",
                format!("« {} » n’est pas un objet JSON « question : choix ».", file.display()),
            )
            .advising("Par exemple : {\"situation\": \"young\", \"goal\": \"job\"}")
        })?,
        None => BTreeMap::new(),
    };
    for pair in given {
        let (question, choice) = pair.split_once('=').ok_or_else(|| {
            Failure::usage("answer", format!("« {pair} » n’est pas une réponse."))
                .advising("Écrivez --answer question=choix, par exemple --answer situation=young.")
        })?;
        answers.insert(question.trim().to_owned(), choice.trim().to_owned());
    }
    Ok(answers)
}

/// The code of the commune that somebody means by its code, today's or a former one, its
/// name in any spelling, or its postcode.
pub(super) fn commune(
    search: &Search,
    geography: &Geography,
    guide: &LocalizedGuide,
    typed: &str,
) -> Result<String, Failure> {
    let typed = typed.trim();
    if let Some(commune) = search.commune(typed) {
        return Ok(commune.code.clone());
    }
    if let Some(today) = geography.current(typed) {
        return search
            .commune(&today.code)
            .map(|commune| commune.code.clone())
            .ok_or_else(|| elsewhere(guide, search, today));
    }
    let (hits, all) = search.find(typed, usize::MAX);
    let name = fold(typed);
    let bears_it = |hit: &&Hit| fold(hit.former.unwrap_or(&hit.commune.name)) == name;
    let bearing: Vec<&CommuneName> = hits.iter().filter(bears_it).map(|hit| hit.commune).collect();
    let today: Vec<&CommuneName> =
        bearing.iter().copied().filter(|commune| fold(&commune.name) == name).collect();
    let found: Vec<&CommuneName> = hits.iter().map(|hit| hit.commune).collect();
    match (found.as_slice(), today.as_slice(), bearing.as_slice()) {
        ([only], _, _) | (_, [only], _) | (_, [], [only]) => Ok(only.code.clone()),
        ([], _, _) => Err(unknown(search, geography, guide, typed)),
        _ => {
            let shown: Vec<String> = found.iter().take(LISTED).map(|commune| told(guide, commune)).collect();
            let more =
                if all > LISTED { format!("\n  … et {} de plus", all - LISTED) } else { String::new() };
            Err(Failure::usage(
                "ambiguous-commune",
                format!("Plusieurs communes correspondent à « {typed} » :{}{more}", listed(&shown)),
            )
            .advising("Donnez le code de la vôtre, par exemple --commune 26281."))
        }
    }
}

fn unknown(search: &Search, geography: &Geography, guide: &LocalizedGuide, typed: &str) -> Failure {
    if let Some(commune) = geography.named(typed).first() {
        return elsewhere(guide, search, commune);
    }
    let failure = Failure::usage(
        "unknown-commune",
        format!("Aucune commune de la région {} ne correspond à « {typed} ».", guide.text(guide.region)),
    );
    let near = search.resembling(typed, LISTED);
    let shown: Vec<String> = near.iter().map(|hit| told(guide, hit.commune)).collect();
    if shown.is_empty() {
        failure.advising("Donnez son nom, son code postal ou son code officiel (INSEE), par exemple 26281.")
    } else {
        failure.advising(format!("Vouliez-vous dire :{}", listed(&shown)))
    }
}

/// What is said of a commune of another region, with the guide of that region where it is known.
fn elsewhere(guide: &LocalizedGuide, search: &Search, commune: &Commune) -> Failure {
    let failure = outside(guide, &format!("{} ({})", commune.name, commune.code));
    let Some(region) = search.region(&commune.code) else { return failure };
    let Some(guide) = &region.guide else { return failure };
    failure.advising(format!("Le guide de sa région, {} : {guide}", region.name))
}

fn outside(guide: &LocalizedGuide, commune: &str) -> Failure {
    let departments: Vec<String> =
        guide.departments.iter().map(|known| format!("{} ({})", known.name, known.code)).collect();
    Failure::usage(
        "unknown-commune",
        format!("{commune} n’est pas dans la région {}.", guide.text(guide.region)),
    )
    .advising(format!("Ses départements : {}.", departments.join(", ")))
}

/// « Romans-sur-Isère (26281, Drôme, 26100) ».
pub(super) fn told(guide: &LocalizedGuide, commune: &CommuneName) -> String {
    let department = guide.departments.iter().find(|known| known.code == commune.department());
    let mut place = vec![commune.code.as_str()];
    place.extend(department.map(|department| department.name.as_str()));
    place.extend(commune.postcodes.iter().map(String::as_str));
    format!("{} ({})", commune.name, place.join(", "))
}

fn listed(lines: &[String]) -> String {
    lines.iter().fold(String::new(), |list, line| list + "\n  " + line)
}

/// What is wrong with the question, in French, with all that is possible.
pub(super) fn refusal(guide: &LocalizedGuide, why: Unanswerable<'_>) -> Failure {
    match why {
        Unanswerable::UnknownQuestion { question } => {
            let known: Vec<&str> = guide.questions.iter().map(|known| known.id.as_str()).collect();
            let lines: Vec<String> = guide
                .questions
                .iter()
                .map(|known| format!("{} : {}", known.id, guide.text(known.text)))
                .collect();
            Failure::usage("unknown-question", format!("Le guide n’a pas de question « {question} »."))
                .advising(format!("{}Questions possibles :{}", meant(question, &known), listed(&lines)))
        }
        Unanswerable::UnknownChoice { question, choice } => {
            let found = guide.questions.iter().find(|known| known.id == question);
            let choices = found.map_or(&[][..], |found| found.choices());
            let known: Vec<&str> = choices.iter().map(|known| known.id.as_str()).collect();
            let lines: Vec<String> = choices
                .iter()
                .map(|known| format!("{question}={} : {}", known.id, guide.text(known.text)))
                .collect();
            Failure::usage(
                "unknown-choice",
                format!("« {choice} » n’est pas un choix de la question « {question} »."),
            )
            .advising(format!("{}Choix possibles :{}", meant(choice, &known), listed(&lines)))
        }
        Unanswerable::UnknownCommune => outside(guide, "Cette commune"),
        Unanswerable::DeadEnd => Failure::refused(
            "dead-end",
            "Cet annuaire n’a rien à proposer à cette personne : aucun lieu, aucun service à distance.",
        ),
    }
}

/// « Vouliez-vous dire … ? », where one of the known words resembles the given one.
fn meant(given: &str, known: &[&str]) -> String {
    let scored = known.iter().map(|known| (strsim::jaro_winkler(known, given), known));
    match scored.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((score, known)) if score >= RESEMBLES => format!("Vouliez-vous dire « {known} » ? "),
        _ => String::new(),
    }
}
