//! The shipped edition, proved: every reachable set of answers × every commune.

use crate::people::{PAGE_2016, PAGE_2026, Published, answers, valid};
use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, REGION_2026, TODAY};
use shared::compile::compile;
use shared::condition::{Answers, Condition, Truth};
use shared::directory::{Directory, Level, Reach, Role};
use shared::recommend::{Plan, Recommendation, Target, plan, recommend};
use shared::snapshot::{COMMUNES_PIECE, Covers, DepartmentPiece, GUIDE_PIECE, Guide, read};
use shared::validate::validate;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Invariants 2, 3 and 4 for one answer.
fn check(
    guide: &Guide,
    piece: &DepartmentPiece,
    commune: usize,
    plan: &Plan,
    given: &Answers,
    found: &Recommendation,
) {
    let person = || format!("{given:?} in {}", piece.communes[commune].code);
    assert!(found.has_level(Level::One, guide), "no way forward of level One for {}", person());
    for card in found.cards() {
        if let Some(network) = card.network {
            assert_eq!(plan.networks[network], Truth::Match, "wrong door for {}", person());
        }
        if let Target::Place(chosen) = card.target {
            let place = &piece.places[chosen.place];
            assert_eq!(Some(&place.network), card.network(guide).map(|network| &network.id));
            let is_there_for_it = match &place.covers {
                Covers::Undeclared => !chosen.bond.is_competent(),
                Covers::Department => chosen.bond.is_competent(),
                Covers::Communes(communes) => {
                    chosen.bond.is_competent() && communes.contains(&u16::try_from(commune).unwrap())
                }
            };
            assert!(is_there_for_it, "{} is not there for {}", place.id, person());
        }
        assert!(
            card.rule.is_some() || card.network.is_some() || matches!(card.target, Target::Remote(_)),
            "a card without a reason for {}",
            person()
        );
    }
}

/// Level Two wherever the law gives it: every active person has an operator of the CEP,
/// which 2026's rules R3 to R11 name.
fn is_owed_level_two(given: &Answers) -> bool {
    let is = |question: &str, choices: &[&str]| {
        given.get(question).is_some_and(|choice| choices.contains(&choice.as_str()))
    };
    is("situation", &["job-seeker", "young"])
        || is("sector", &["executive", "private", "craft", "trade", "farm", "independent"])
}

/// The people whom the engine tells apart, by their plan. The recommendation depends on the
/// answers only through it, as no shipped place is narrower than its network: one visitor of
/// each plan stands for the others.
static PLANS: LazyLock<HashMap<Plan, Vec<&Answers>>> = LazyLock::new(|| {
    let Published { guide, departments, .. } = &*PAGE_2026;
    let places = departments.iter().flat_map(|piece| &piece.places);
    assert!(places.clone().count() > 0 && places.clone().all(|place| place.serves == Condition::Always));
    let mut plans: HashMap<Plan, Vec<&Answers>> = HashMap::new();
    for given in PAGE_2026.everybody() {
        plans.entry(plan(guide, given, TODAY)).or_default().push(given);
    }
    plans
});

/// Everybody in each `step`-th commune of these departments has a way forward.
fn has_a_way_forward(departments: &[DepartmentPiece], step: usize) {
    let guide = &PAGE_2026.guide;
    let owed: Vec<bool> =
        PLANS.values().map(|people| people.iter().any(|given| is_owed_level_two(given))).collect();
    let mut decided = 0_u64;
    for piece in departments {
        for (index, commune) in piece.communes.iter().enumerate().step_by(step) {
            for ((plan, people), is_owed) in PLANS.iter().zip(&owed) {
                let found = recommend(guide, plan, people[0], piece, &commune.code)
                    .unwrap_or_else(|error| panic!("{error:?} for {:?} in {}", people[0], commune.code));
                check(guide, piece, index, plan, people[0], &found);
                assert!(
                    !is_owed || found.has_level(Level::Two, guide),
                    "no level Two for {:?} in {}",
                    people[0],
                    commune.code
                );
                decided += 1;
            }
        }
    }
    let sets = PAGE_2026.everybody().len();
    println!("{sets} sets of answers in {} plans: {decided} decisions", PLANS.len());
    assert!(sets > 1_000 && PLANS.len() > 50 && decided > 1_000);
}

#[test]
fn every_reachable_set_of_answers_has_a_way_forward_in_communes_of_each_department() {
    let communes: usize = PAGE_2026.departments.iter().map(|piece| piece.communes.len()).sum();
    assert!(communes > 4_000 && PAGE_2026.departments.len() == 12);
    has_a_way_forward(&PAGE_2026.departments, 150);
}

/// All communes, in four parts of three departments.
fn has_a_way_forward_everywhere(part: usize) {
    has_a_way_forward(PAGE_2026.departments.chunks(3).nth(part).unwrap(), 1);
}

#[test]
#[ignore = "thorough: millions of decisions"]
fn every_reachable_set_of_answers_in_every_commune_has_a_way_forward_1() {
    has_a_way_forward_everywhere(0);
}

#[test]
#[ignore = "thorough: millions of decisions"]
fn every_reachable_set_of_answers_in_every_commune_has_a_way_forward_2() {
    has_a_way_forward_everywhere(1);
}

#[test]
#[ignore = "thorough: millions of decisions"]
fn every_reachable_set_of_answers_in_every_commune_has_a_way_forward_3() {
    has_a_way_forward_everywhere(2);
}

#[test]
#[ignore = "thorough: millions of decisions"]
fn every_reachable_set_of_answers_in_every_commune_has_a_way_forward_4() {
    has_a_way_forward_everywhere(3);
}

#[test]
fn the_nearest_place_of_the_whole_region_is_in_the_piece() {
    // A piece holds one department's places and those of its neighbours: nobody may be sent
    // farther than if all the region's places were there.
    let Published { guide, departments, .. } = &*PAGE_2026;
    let reach = u32::from(guide.reach_km) * 1000;
    for piece in departments {
        let mut kept: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for place in &piece.places {
            kept.entry(&place.network).or_default().push(place.position);
        }
        for point in &piece.communes {
            // Of a network of a territory the nearest is not the best: the proof looks for that.
            for network in guide.networks.iter().filter(|network| network.reach == Reach::AnyPlace) {
                let all = DIRECTORY_2026
                    .structures
                    .iter()
                    .filter(|structure| structure.network == network.id && structure.competence.is_none());
                let nearest = all
                    .map(|structure| {
                        let position = structure
                            .position
                            .unwrap_or(REGION_2026.current(&structure.commune).unwrap().position);
                        point.position.distance(position)
                    })
                    .min()
                    .filter(|distance| distance.0 <= reach);
                let Some(nearest) = nearest else { continue };
                let found =
                    kept[network.id.as_str()].iter().map(|position| point.position.distance(*position)).min();
                assert!(found.unwrap() <= nearest, "{} for {}", network.id, point.code);
            }
        }
    }
}

/// A row's name, a person, the main network expected, and networks expected among the others.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static [&'static str]);

#[test]
fn each_row_of_the_table_leads_where_it_says() {
    #[rustfmt::skip]
    let rows: &[Row] = &[
        ("R1", &[("situation", "pupil"), ("for-whom", "child"), ("track", "school"), ("studies", "choose")], "cio", &["info-jeunes", "agence-orientation"]),
        ("R1b", &[("situation", "pupil"), ("track", "vocational-final")], "cio", &["mission-locale"]),
        ("R1b leaving", &[("situation", "pupil"), ("track", "leaving")], "cio", &["mission-locale"]),
        ("R1 catholic", &[("situation", "pupil"), ("track", "catholic")], "cio", &["sio-enseignement-catholique"]),
        ("R2", &[("situation", "student"), ("studies", "choose")], "cio", &["scuio", "info-jeunes"]),
        ("R3", &[("situation", "young"), ("youth", "none"), ("goal", "job")], "mission-locale", &["info-jeunes"]),
        ("R3b", &[("situation", "young"), ("youth", "16-17"), ("goal", "job")], "mission-locale", &["cio"]),
        ("R4", &[("situation", "job-seeker"), ("goal", "job"), ("disability", "yes-26")], "france-travail", &["cap-emploi", "mission-locale"]),
        ("R5", &[("situation", "job-seeker"), ("goal", "job"), ("disability", "yes")], "france-travail", &["cap-emploi"]),
        ("R5 employed", &[("situation", "employed"), ("sector", "private"), ("disability", "yes")], "avenir-actifs", &["cap-emploi"]),
        ("R5 public", &[("situation", "employed"), ("sector", "public"), ("disability", "yes")], "conseiller-mobilite", &["cap-emploi", "mife"]),
        ("R6", &[("situation", "employed"), ("sector", "executive"), ("goal", "review")], "apec", &["mife"]),
        ("R6 seeking", &[("situation", "job-seeker"), ("profile", "executive"), ("goal", "job")], "apec", &["france-travail"]),
        ("R7", &[("situation", "young"), ("youth", "graduate"), ("goal", "job")], "mission-locale", &["apec"]),
        ("R8", &[("situation", "job-seeker"), ("goal", "job")], "france-travail", &["mife"]),
        ("R9", &[("situation", "out"), ("profile", "rsa"), ("goal", "review")], "france-travail", &["conseil-departemental", "maison-emploi", "mife"]),
        ("R10", &[("situation", "employed"), ("sector", "private"), ("goal", "review")], "avenir-actifs", &["mife"]),
        ("R11", &[("situation", "employed"), ("sector", "craft")], "avenir-actifs", &["cma"]),
        ("R11 trade", &[("situation", "employed"), ("sector", "trade")], "avenir-actifs", &["cci"]),
        ("R11 farm", &[("situation", "employed"), ("sector", "farm")], "chambre-agriculture", &["vivea", "msa", "avenir-actifs"]),
        ("R12", &[("situation", "employed"), ("sector", "public")], "conseiller-mobilite", &["mife"]),
        ("R13", &[("situation", "employed"), ("sector", "private"), ("goal", "fund")], "transitions-pro", &["avenir-actifs"]),
        ("R13 no project", &[("situation", "employed"), ("sector", "private"), ("goal", "train")], "avenir-actifs", &["agence-orientation"]),
        ("R14", &[("situation", "retired")], "cio", &[]),
        ("R14 out", &[("situation", "out"), ("profile", "none"), ("goal", "review")], "france-services", &[]),
        ("R15", &[("situation", "unsaid")], "cio", &[]),
        ("apprenticeship", &[("situation", "pupil"), ("studies", "apprenticeship")], "cio", &["cma", "cci"]),
        ("business", &[("situation", "unsaid"), ("goal", "business")], "cma", &["cci", "chambre-agriculture"]),
        ("experience", &[("situation", "employed"), ("sector", "private"), ("goal", "experience")], "avenir-actifs", &["france-vae"]),
        ("abroad", &[("situation", "unsaid"), ("goal", "abroad")], "info-jeunes", &[]),
        ("rights", &[("situation", "job-seeker"), ("goal", "rights")], "cidff", &["france-travail"]),
        ("newcomer", &[("situation", "job-seeker"), ("goal", "newcomer")], "france-travail", &["enic-naric", "refugies-info"]),
        ("followed", &[("situation", "young"), ("youth", "france-travail"), ("goal", "job")], "france-travail", &["mission-locale"]),
        ("followed by the Mission locale", &[("situation", "job-seeker"), ("profile", "mission-locale"), ("goal", "job")], "mission-locale", &["france-travail"]),
        ("followed by Cap emploi", &[("situation", "job-seeker"), ("profile", "cap-emploi"), ("goal", "job")], "cap-emploi", &["france-travail"]),
    ];
    for (row, person, main, others) in rows {
        let told = PAGE_2026.tell(person, "26281");
        assert_eq!(told.main.as_deref(), Some(*main), "{row}");
        for other in *others {
            assert!(told.others.iter().any(|id| id == other), "{row}: {other} is not in {:?}", told.others);
        }
    }
}

#[test]
fn whoever_says_nothing_still_gets_a_place() {
    let told = PAGE_2026.tell(&[("situation", "unsaid"), ("goal", "unsaid")], "26027");
    assert!(told.main.is_some());
}

#[test]
fn a_disability_only_ever_adds() {
    let Published { guide, departments, .. } = &*PAGE_2026;
    let piece = departments.iter().find(|piece| piece.code == "38").unwrap();
    let without: Vec<usize> = guide
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.role == Role::Adds)
        .map(|(index, _)| index)
        .collect();
    assert!(!without.is_empty());
    let mut compared = 0;
    for given in PAGE_2026.everybody() {
        if given.get("disability").is_none_or(|answer| answer != "no") {
            continue;
        }
        let mut with = given.clone();
        with.insert("disability".to_owned(), "yes".to_owned());
        let decide =
            |given: &Answers| recommend(guide, &plan(guide, given, TODAY), given, piece, "38185").unwrap();
        let (before, after) = (decide(given), decide(&with));
        assert_eq!(before.main, after.main, "{given:?}");
        let networks =
            |found: &Recommendation| found.cards().filter_map(|card| card.network).collect::<Vec<_>>();
        let after = networks(&after);
        assert!(networks(&before).iter().all(|network| after.contains(network)), "{given:?}");
        compared += 1;
    }
    assert!(compared > 100);
}

#[test]
fn an_expired_rule_does_not_count() {
    let mut directory = DIRECTORY_2026.clone();
    for rule in directory.edition.rules.iter_mut().filter(|rule| rule.id == "R3") {
        rule.valid_until = Some("2026-01-01".to_owned());
    }
    let valid = validate(directory, &REGION_2026, TODAY).unwrap();
    assert!(valid.warnings().iter().any(|finding| finding.code == "expired"));
    let guide: Guide = read(&compile(&valid, &REGION_2026).pieces[GUIDE_PIECE]).unwrap();
    let given = answers(&[("situation", "young"), ("youth", "none"), ("goal", "job")]);
    let rule = guide.rules.iter().position(|rule| rule.id == "R3").unwrap();
    assert!(!plan(&guide, &given, TODAY).rules.contains(&rule));
    assert!(plan(&guide, &given, "2025-12-31").rules.contains(&rule));
}

#[test]
fn the_same_directory_gives_the_same_snapshot() {
    let valid = valid(DIRECTORY_2026.clone(), TODAY);
    let (once, twice) = (compile(&valid, &REGION_2026), compile(&valid, &REGION_2026));
    assert_eq!(once.id, twice.id);
    assert_eq!(once.pieces, twice.pieces);
    for (name, bytes) in &once.pieces {
        let kind = if name == COMMUNES_PIECE { "communes" } else { "other" };
        println!("{name}: {} bytes ({kind})", bytes.len());
        assert!(shared::snapshot::to_json(name, bytes).unwrap().is_ok());
        assert!(
            read::<Guide>(&bytes[..bytes.len() / 2]).is_err()
                && read::<DepartmentPiece>(&bytes[..bytes.len() / 2]).is_err()
        );
    }
    let mut changed = valid.into_directory();
    changed.structures[0].phones = vec!["04 00 00 00 00".to_owned()];
    let changed = validate(changed, &REGION_2026, TODAY).unwrap();
    assert_ne!(compile(&changed, &REGION_2026).id, once.id);
}

/// Some choices with a drawing and some without would look as if they weighed more.
#[test]
fn a_question_has_a_drawing_beside_each_of_its_choices_or_beside_none() {
    let mut drawn = Vec::new();
    for question in &PAGE_2026.guide.questions {
        let with = question.choices().iter().filter(|choice| choice.pictogram.is_some()).count();
        assert!(with == 0 || with == question.choices().len(), "{}: {with}", question.id);
        if with > 0 {
            drawn.push(question.id.as_str());
        }
    }
    assert_eq!(drawn, ["situation", "studies", "for-whom", "sector", "goal"]);
    for piece in &PAGE_2026.departments {
        for place in &piece.places {
            let network = PAGE_2026.guide.network(&place.network).unwrap();
            assert!(network.pictogram.is_some() || network.id == "autre-partenaire", "{}", network.id);
        }
    }
}

#[test]
fn a_drawing_that_does_not_exist_is_refused_where_it_is_named() {
    let text = DIRECTORY_2026.to_json().replacen(r#""pictogram": "book""#, r#""pictogram": "dragon""#, 1);
    let refused = Directory::from_json(text.as_bytes()).unwrap_err().to_string();
    assert!(refused.contains(".pictogram") && refused.contains("dragon"), "{refused}");
}

/// What a reason says where it is shown beside a place, in each language.
const OF_A_PLACE: [&str; 8] =
    ["ce lieu", "un lieu", "point d’accueil", "this place", "this desk", "المكان", "المكتب", "місце"];

#[test]
fn a_site_or_a_phone_is_never_said_to_receive_anybody() {
    for (page, directory) in [(&PAGE_2026, &*DIRECTORY_2026), (&PAGE_2016, &*DIRECTORY_2016)] {
        let (mut remote, mut receiving) = (0, 0);
        for (index, given) in page.everybody().iter().enumerate() {
            let plan = plan(&page.guide, given, &page.today);
            for piece in &page.departments {
                let commune = &piece.communes[index % piece.communes.len()].code;
                let found = recommend(&page.guide, &plan, given, piece, commune).unwrap();
                for card in found.cards() {
                    let Some(rule) = card.rule.map(|rule| &directory.edition.rules[rule]) else { continue };
                    if matches!(card.target, Target::Place(_)) {
                        receiving += usize::from(rule.role == Role::Receives);
                        continue;
                    }
                    remote += 1;
                    for text in rule.reason.values() {
                        let text = text.to_lowercase();
                        let said = OF_A_PLACE.iter().find(|words| text.contains(*words));
                        assert_eq!(said, None, "{} above a site in {commune}: {text}", rule.id);
                    }
                }
            }
        }
        assert!(remote > 1_000 && receiving > 1_000, "{remote}, {receiving}");
    }
}
