//! What a directory has beside what there should be, and what somebody has to answer for.

use crate::shipped::{DIRECTORY_2026, REGION_2026, TODAY};
use insight::compare::review::review;
use insight::report::coverage::{
    Coverage, Leaving, NetworkCoverage, concerns, coverage, departures_told, losses, markdown, page,
};
use insight::verify::examine::examine;
use shared::directory::{
    Competence, Confidence, Directory, ExpectedPlaces, OpeningHours, Pick, Reach, Structure, Weekday,
};
use shared::finding::{Finding, Severity};
use shared::geography::Geography;
use shared::validate::{Valid, validate};

/// Alpha and Beta are 11 km apart; Gamma and Delta are farther. Epsilon is near Alpha and in
/// another department. The city is far from all, and counted through its arrondissements.
fn geography() -> Geography {
    let communes = "\
07001\tEpsilon\t07100\t50\t45.05\t4.95\t\t200000002\t
07019\tDelta\t07100\t400\t44.8\t4.9\t\t200000002\t
26003\tAlpha\t26100\t100\t45.0\t5.0\t\t200000001\t
26057\tBeta\t26100\t200\t45.1\t5.0\t\t200000001\t
26281\tGamma\t26100\t250\t45.3\t5.0\t\t200000001\t
26362\tVille\t26000\t500\t46.0\t5.5\t\t200000003\t
26901\tVille 1er Arrondissement\t26000\t200\t46.0\t5.5\t\t200000003\t26362
26902\tVille 2e Arrondissement\t26000\t300\t46.01\t5.5\t\t200000003\t26362
";
    Geography::parse(communes, "", &|_| true).unwrap()
}

const INHABITANTS: u64 = 1500;

fn place(id: &str, network: &str, commune: &str) -> Structure {
    Structure {
        id: id.to_owned(),
        network: network.to_owned(),
        name: format!("Lieu {id}"),
        commune: commune.to_owned(),
        phones: vec!["04 75 00 00 01".to_owned()],
        ..Structure::default()
    }
}

fn directory(structures: Vec<Structure>) -> Directory {
    let mut directory = DIRECTORY_2026.clone();
    directory.edition.region.departments.retain(|one| ["26", "07"].contains(&one.code.as_str()));
    directory.structures = structures;
    directory.territories.clear();
    directory
}

fn valid(directory: Directory) -> Valid {
    validate(directory, &geography(), TODAY).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn covered(directory: Directory) -> Coverage {
    coverage(&valid(directory), &geography(), TODAY)
}

fn network<'a>(coverage: &'a Coverage, id: &str) -> &'a NetworkCoverage {
    coverage.networks.iter().find(|network| network.id == id).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_places_of_each_source_are_counted_with_their_weeks() {
    let of = |id: &str, source: &str, has_week: bool| {
        let week =
            OpeningHours { days: vec![Weekday::Monday], from: "09:00".to_owned(), to: "12:00".to_owned() };
        Structure {
            source: Some(source.to_owned()).filter(|source| !source.is_empty()),
            licence: (source == "Liste").then(|| "Licence Ouverte 2.0".to_owned()),
            hours: if has_week { vec![week] } else { Vec::new() },
            ..place(id, "cio", "26003")
        }
    };
    let places = vec![of("a", "Liste", true), of("b", "Liste", false), of("c", "", true)];
    let covered = covered(directory(places));
    let told: Vec<_> = covered
        .sources
        .iter()
        .map(|one| (one.name(), one.places.count, one.places.with_week, one.licences.len()))
        .collect();
    assert_eq!(told, [("Liste", 2, 1, 1), ("sans source", 1, 1, 0)]);
    assert_eq!((covered.places.count, covered.places.with_week), (3, 2));
    let written = markdown::table(&covered);
    assert!(written.contains("| Liste | 2 | 1 |") && written.contains("| Ensemble | 3 | 2 |"), "{written}");
}

#[test]
fn people_are_reached_by_a_place_that_is_near_and_everybody_once() {
    let found = covered(directory(vec![place("one", "apec", "26003"), place("two", "apec", "26362")]));
    assert_eq!(found.inhabitants, INHABITANTS, "the city is counted through its arrondissements");
    // Alpha, Beta, Epsilon and both arrondissements; Gamma is 33 km away, Delta 23 km.
    let apec = network(&found, "apec");
    assert_eq!((apec.reached, found.percent(apec)), (100 + 200 + 50 + 500, 57));
    assert_eq!(network(&found, "cio").reached, 0);
    let picked: Vec<&str> = found.picked().iter().map(|network| network.id.as_str()).collect();
    assert_eq!(picked.last(), Some(&"apec"), "those that reach the fewest come first");
    assert!(!picked.contains(&"autre-partenaire"), "no rule leads there");
}

#[test]
fn a_place_reaches_nobody_where_the_network_s_contact_comes_first_or_some_are_turned_away() {
    // For a network of a territory, Alpha's place is not Epsilon's: another department.
    let found = covered(directory(vec![place("one", "cio", "26003")]));
    assert_eq!(network(&found, "cio").reached, 100 + 200);
    let mut without_contact = directory(vec![place("one", "cio", "26003")]);
    let cio = without_contact.edition.networks.iter_mut().find(|network| network.id == "cio").unwrap();
    (cio.website, cio.phone) = (None, None);
    assert_eq!(network(&covered(without_contact), "cio").reached, 100 + 200 + 50, "nothing comes first");

    let narrow = |id: &str, commune: &str| Structure {
        serves: serde_json::from_str(r#"{"answer": {"question": "situation", "is": ["pupil"]}}"#).unwrap(),
        ..place(id, "cio", commune)
    };
    let found = covered(directory(vec![narrow("one", "26003"), place("two", "cio", "26057")]));
    assert_eq!(network(&found, "cio").reached, 100 + 200, "Alpha's others go to Beta, 11 km away");
    assert_eq!(network(&covered(directory(vec![narrow("one", "26003")])), "cio").reached, 0);
}

#[test]
fn whoever_is_sent_to_another_department_is_listed_with_the_reason() {
    let told = |directory: Directory| {
        let covered = covered(directory);
        let departures: Vec<_> = covered
            .departures
            .iter()
            .map(|one| (one.network.clone(), one.from.clone(), one.communes.join("+"), one.why))
            .collect();
        (departures, departures_told(&covered).join("\n"))
    };
    let near = || place("one", "cio", "26003");
    let (departures, said) = told(directory(vec![near(), place("two", "apec", "26003")]));
    assert_eq!(departures, [], "its own contact comes before, and Apec has no territory");
    assert!(said.starts_with("Personne : "), "{said}");

    let declared = Structure {
        competence: Some(Competence { departments: vec!["07".to_owned()], ..Competence::default() }),
        ..near()
    };
    let (departures, said) = told(directory(vec![declared]));
    let of = |communes: &str, why| ("cio".to_owned(), "07".to_owned(), communes.to_owned(), why);
    assert_eq!(departures, [of("Epsilon+Delta", Leaving::Declared)]);
    assert!(said.contains("du département 07 à Lieu one (26) : 2 communes, ce lieu déclare"), "{said}");

    let mut without_contact = directory(vec![near()]);
    let cio = without_contact.edition.networks.iter_mut().find(|network| network.id == "cio").unwrap();
    (cio.website, cio.phone) = (None, None);
    let (departures, said) = told(without_contact);
    assert_eq!(departures, [of("Epsilon+Delta", Leaving::NothingElse)]);
    assert!(said.contains("aucun lieu du réseau"), "{said}");
}

#[test]
fn places_stand_beside_what_there_should_be_with_their_age_and_what_confirms_them() {
    let dated = |id: &str, as_of: &str, confidence: Option<Confidence>| Structure {
        as_of: Some(as_of.to_owned()),
        confidence,
        ..place(id, "cio", "26003")
    };
    let mut all = directory(vec![
        dated("a", "2015-09-09", Some(Confidence::Low)),
        dated("b", "2019-07-28", Some(Confidence::Medium)),
        dated("c", "2024-08-01", Some(Confidence::High)),
        Structure { checked_on: Some("2026-01-02".to_owned()), ..dated("d", "2019-07-28", None) },
        place("e", "cio", "07019"),
    ]);
    let cio = all.edition.networks.iter_mut().find(|network| network.id == "cio").unwrap();
    let expected = |department: &str, places| ExpectedPlaces { department: department.to_owned(), places };
    cio.expected = vec![expected("26", Some(4)), expected("07", None)];
    let found = covered(all);
    let cio = network(&found, "cio");
    let departments: Vec<(&str, String, bool)> =
        cio.departments.iter().map(|one| (one.department.as_str(), one.french(), one.lacks)).collect();
    assert_eq!(
        departments,
        [("07", "1, il en manque".to_owned(), true), ("26", "4 sur 4".to_owned(), false)]
    );
    assert_eq!((cio.places.count, cio.places.to_confirm, cio.outside), (5, 2, 0));
    assert_eq!(cio.places_told(), "5 lieux, il en manque dans 1 département");
    let days = &cio.places.dates;
    assert_eq!(
        [&days.oldest, &days.median, &days.newest].map(|day| day.as_deref().unwrap()),
        ["2015-09-09", "2019-07-28", "2026-01-02"]
    );
    assert_eq!(days.undated, 1);
    let confirmed = cio.places.confirmed.parts().map(|(count, _, _)| count);
    assert_eq!(confirmed, [1, 1, 1, 1, 1]);
    assert_eq!(confirmed.iter().sum::<usize>(), cio.places.count);
    assert_eq!(network(&found, "apec").places_told(), "aucun lieu : son site ou son téléphone");
}

#[test]
fn an_edition_without_any_place_passes_and_says_so() {
    let examined = examine(directory(Vec::new()), &geography(), TODAY).unwrap();
    let said = examined.proof.to_string();
    assert!(
        said.contains("avec les lieux que cet annuaire contient") && said.contains("ne dit pas"),
        "{said}"
    );
    let found = concerns(examined.directory.directory(), TODAY);
    for concern in &found {
        let said =
            examined.findings.iter().filter(|one| (one.code, &one.path) == (concern.code, &concern.path));
        assert_eq!(said.count(), 1, "for whoever publishes, and once: {concern}");
    }
    assert!(found.iter().all(|finding| finding.severity == Severity::Warning));
    let code = |id: &str| {
        let networks = &examined.directory.directory().edition.networks;
        let rank = networks.iter().position(|network| network.id == id).unwrap();
        let path = format!("edition.networks[{rank}]");
        found.iter().find(|finding| finding.path == path).map(|finding| finding.code)
    };
    assert_eq!(code("mission-locale"), Some("network-without-place"));
    assert_eq!(code("cite-des-metiers"), Some("network-without-place"));
    assert_eq!(code("autre-partenaire"), Some("unused-network"));
    let mut out_of_reach = directory(Vec::new());
    let mut networks = out_of_reach.edition.networks.iter_mut();
    networks.find(|network| network.id == "cite-des-metiers").unwrap().website = None;
    assert!(codes(&concerns(&out_of_reach, TODAY)).contains(&"network-out-of-reach"));
    // Places that nobody is sent to are no better than none.
    let mut undeclared = directory(vec![place("one", "maison-emploi", "26003")]);
    let mut networks = undeclared.edition.networks.iter_mut();
    networks.find(|network| network.id == "maison-emploi").unwrap().reach = Reach::DeclaredOnly;
    assert!(codes(&concerns(&undeclared, TODAY)).contains(&"places-never-proposed"));
    assert_eq!(network(&covered(undeclared.clone()), "maison-emploi").reached, 0);
    let mut declared = undeclared;
    declared.structures[0].competence =
        Some(Competence { communes: vec!["26003".to_owned()], ..Competence::default() });
    assert!(!codes(&concerns(&declared, TODAY)).contains(&"places-never-proposed"));
    assert_eq!(network(&covered(declared), "maison-emploi").reached, 100);

    let with_one = directory(vec![place("one", "mission-locale", "26003")]);
    assert!(!concerns(&with_one, TODAY).iter().any(|finding| finding.value.contains("ission locale")));
}

#[test]
fn what_people_lose_has_to_be_answered_and_nothing_else() {
    let full = directory(vec![
        place("one", "apec", "26003"),
        place("two", "apec", "26362"),
        place("three", "cio", "26003"),
    ]);
    let losses_of = |old: &Directory, new: &Directory| {
        losses((old, &covered(old.clone())), (new, &covered(new.clone())), TODAY)
    };
    let without = |id: &str| {
        let mut directory = full.clone();
        directory.structures.retain(|structure| structure.id != id);
        directory
    };
    assert_eq!(losses_of(&full, &full), [], "what was already lacking was answered before");
    assert_eq!(losses_of(&without("two"), &full), [], "more is no loss");
    let fallen = losses_of(&full, &without("two"));
    assert_eq!(codes(&fallen), ["coverage-fall"], "{fallen:?}");
    assert!(
        fallen[0].expected.contains("23\u{a0}%") && fallen[0].expected.contains("57\u{a0}%"),
        "{fallen:?}"
    );
    // The last place: said once, as what it is.
    let vanished = losses_of(&full, &without("three"));
    assert_eq!(codes(&vanished), ["network-without-place"]);
    // Five points are not more than five: 75 of 1500 people.
    let mut near = full.clone();
    near.structures.push(place("four", "cio", "07001"));
    let before = covered(near.clone());
    assert_eq!(network(&before, "cio").reached, 350);
    assert_eq!(losses_of(&near, &full), [], "50 people are three points");

    let (before, after) = (valid(full.clone()), valid(without("two")));
    let reviewed = review((&before, None), (&after, None), &geography(), TODAY);
    assert_eq!(reviewed.losses, fallen);
    // A network that the rules no longer name is no fall: it is never proposed.
    let mut unnamed = full.clone();
    for rule in &mut unnamed.edition.rules {
        rule.complements.retain(|network| network != "apec");
        let (Pick::InOrder(list) | Pick::NearestOf(list)) = &mut rule.pick;
        list.retain(|network| network != "apec");
    }
    unnamed.edition.rules.retain(|rule| !rule.pick.networks().is_empty());
    let gone = losses((&full, &covered(full.clone())), (&unnamed, &covered(full.clone())), TODAY);
    assert_eq!(codes(&gone), ["unused-network"]);
}

#[test]
fn the_table_the_page_and_the_markdown_say_the_same() {
    let mut all = directory(vec![place("one", "apec", "26003"), place("two", "cio", "07019")]);
    all.title = "A | <b>".to_owned();
    let found = covered(all.clone());
    let csv = found.csv();
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 1 + found.networks.len() * 3, "the whole and two departments");
    let columns = lines[0].split(';').count();
    assert!(lines.iter().all(|line| line.split(';').count() == columns), "{csv}");
    assert!(lines[0].contains("Habitants à 20 km ou moins"), "{csv}");
    let apec =
        lines.iter().find(|line| line.starts_with("apec;") && line.contains("Toute la région")).unwrap();
    assert!(apec.contains(";1;;non;350;23;"), "{apec}");

    let html = page::html(&found, &concerns(&all, TODAY));
    assert!(!html.contains("<b>") && html.contains("&lt;b&gt;") && !html.contains("<script"));
    assert!(html.contains("default-src &#39;none&#39;"));
    assert!(
        html.contains("aucun lieu : son site ou son téléphone") && html.contains("qu’un lieu existe encore")
    );

    let text = markdown::table(&found);
    assert!(text.starts_with("# Couverture : A \\| <b>\n"), "{text}");
    for written in [&text, &html] {
        assert!(written.contains("Hors de son département") && written.contains("Personne : "));
    }
    assert!(!text.contains(TODAY) && !text.contains("24/11/2026"), "the same tomorrow");
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<usize> = text.lines().filter(|line| line.starts_with('|')).map(bars).collect();
    // Two tables of networks, and one of sources with their sum.
    assert_eq!(rows.len(), 2 * (2 + found.networks.len()) + 3 + found.sources.len());
    assert!(rows.iter().all(|count| [7, 6, 4].contains(count)), "{text}");
}

/// The shipped directory says of itself what it lacks.
#[test]
fn the_shipped_directory_is_not_whole_and_says_so() {
    let valid = validate(DIRECTORY_2026.clone(), &REGION_2026, TODAY).unwrap();
    let found = coverage(&valid, &REGION_2026, TODAY);
    assert_eq!(found.places.count, DIRECTORY_2026.structures.len());
    assert!(found.inhabitants > 8_000_000 && found.inhabitants < 8_500_000, "{}", found.inhabitants);
    assert!(found.networks.iter().all(|network| network.reached <= found.inhabitants));
    assert!(found.networks.iter().any(|network| network.departments.iter().any(|one| one.lacks)));
    assert_eq!(found.departures, [], "nobody leaves their department");
    assert!(found.percent(network(&found, "france-services")) > 90, "in every canton");
    assert_eq!(network(&found, "avenir-actifs").places.count, 0);
}
