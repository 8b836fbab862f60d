//! People described by their answers, and what an edition recommends to them.

use crate::shipped::{DIRECTORY_2016, DIRECTORY_2026, REGION_2026, TODAY, of_region};
use shared::compile::compile;
use shared::condition::{Answers, Truth};
use shared::decision::{GuideQuestion, GuideQuestionKind};
use shared::directory::{Competence, Directory, Guarantee, Structure};
use shared::geography::Geography;
use shared::guide::{for_each_reachable, walk};
use shared::recommend::{Card, Recommendation, plan, recommend};
use shared::snapshot::{
    About, DepartmentPiece, LocalizedGuide, about_piece, department_piece, localized, read,
};
use shared::validate::{Valid, validate};
use std::collections::{BTreeMap, HashSet};
use std::sync::{LazyLock, OnceLock};

/// A day on which the edition of 2016 holds.
pub(crate) const THEN: &str = "2016-06-01";

/// What visitors of each edition have before them.
pub(crate) static PAGE_2016: LazyLock<Published> =
    LazyLock::new(|| Published::new(DIRECTORY_2016.clone(), THEN));
pub(crate) static PAGE_2026: LazyLock<Published> =
    LazyLock::new(|| Published::new(DIRECTORY_2026.clone(), TODAY));

/// The communes of the region of the edition of 2016.
static REGION_2016: LazyLock<Geography> = LazyLock::new(|| of_region(&DIRECTORY_2016));

/// The communes of the region of one of the two editions, whatever else was changed in it.
pub(crate) fn region(directory: &Directory) -> &'static Geography {
    match directory.edition.id.as_str() {
        "2016" => &REGION_2016,
        "2026" => &REGION_2026,
        other => panic!("{other} is no shipped edition"),
    }
}

/// The directory, valid on a day.
pub(crate) fn valid(directory: Directory, today: &str) -> Valid {
    let geography = region(&directory);
    validate(directory, geography, today).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// What a visitor's page holds, for the whole region.
pub(crate) struct Published {
    pub(crate) guide: LocalizedGuide,
    pub(crate) about: About,
    pub(crate) departments: Vec<DepartmentPiece>,
    pub(crate) today: String,
    everybody: OnceLock<Vec<Answers>>,
    kinds: OnceLock<Vec<Answers>>,
}

/// What somebody is told.
pub(crate) struct Told {
    /// The network of the main place.
    pub(crate) main: Option<String>,
    /// The networks of the other cards, in their order.
    pub(crate) others: Vec<String>,
    /// The rule that gave the main place.
    pub(crate) rule: Option<String>,
    /// All of it.
    pub(crate) found: Recommendation,
}

impl Told {
    /// Every network that is recommended.
    pub(crate) fn networks(&self) -> Vec<&str> {
        self.main.iter().chain(&self.others).map(String::as_str).collect()
    }
}

pub(crate) fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(question, choice)| ((*question).to_owned(), (*choice).to_owned())).collect()
}

impl Published {
    /// Publishes a directory on a day.
    pub(crate) fn new(directory: Directory, today: &str) -> Self {
        let geography = region(&directory);
        let snapshot = compile(&valid(directory, today), geography);
        let guide = localized(&snapshot.pieces, "fr").unwrap();
        let departments = guide
            .departments
            .iter()
            .map(|department| read(&snapshot.pieces[&department_piece(&department.code)]).unwrap())
            .collect();
        let about = read(&snapshot.pieces[&about_piece("fr")]).unwrap();
        Self {
            guide,
            about,
            departments,
            today: today.to_owned(),
            everybody: OnceLock::new(),
            kinds: OnceLock::new(),
        }
    }

    /// What these answers lead to, whatever is not said being kept to oneself. An answer to
    /// a question that is not asked fails the test.
    pub(crate) fn tell(&self, pairs: &[(&str, &str)], commune: &str) -> Told {
        let given = self.complete(answers(pairs));
        for (question, choice) in pairs {
            assert_eq!(given.get(question).map(String::as_str), Some(*choice), "{question} does not apply");
        }
        self.decide(&given, commune)
    }

    /// What a complete set of answers leads to.
    pub(crate) fn decide(&self, given: &Answers, commune: &str) -> Told {
        let piece = self
            .departments
            .iter()
            .find(|piece| piece.commune(commune).is_some())
            .expect("a commune of the region");
        let plan = plan(&self.guide, given, &self.today);
        let found = recommend(&self.guide, &plan, given, piece, commune).unwrap();
        let id = |card: &Card| card.network(&self.guide).map(|network| network.id.clone());
        Told {
            main: id(&found.main),
            others: found.reception.iter().chain(&found.complements).filter_map(id).collect(),
            rule: found.main.rule.map(|rule| self.guide.rules[rule].id.clone()),
            found,
        }
    }

    fn complete(&self, mut given: Answers) -> Answers {
        loop {
            let walked = walk(&self.guide, &given);
            match walked.next {
                Some(GuideQuestion { id, kind: GuideQuestionKind::Choices(choices), .. }) => {
                    let unsaid = choices.iter().find(|choice| choice.unknown).expect("a way not to answer");
                    given.insert(id.clone(), unsaid.id.clone());
                }
                Some(_) | None => return walked.answers,
            }
        }
    }

    /// Every complete set of answers.
    pub(crate) fn everybody(&self) -> &[Answers] {
        self.everybody.get_or_init(|| {
            let mut all = Vec::new();
            for_each_reachable(&self.guide, &mut |given| all.push(given.clone()));
            all
        })
    }

    /// One set of answers for each that the rules and the networks can tell apart.
    pub(crate) fn somebody_of_each_kind(&self) -> &[Answers] {
        self.kinds.get_or_init(|| {
            let mut seen = HashSet::new();
            let kinds =
                self.everybody().iter().filter(|given| seen.insert(plan(&self.guide, given, &self.today)));
            kinds.cloned().collect()
        })
    }
}

/// The directory with one place of every network, all in one commune and there for all of
/// its department: what the rules alone decide.
pub(crate) fn with_a_place_of_every_network(mut directory: Directory, commune: &str) -> Directory {
    let competence = Competence { departments: vec![commune[..2].to_owned()], ..Competence::default() };
    directory.structures = directory
        .edition
        .networks
        .iter()
        .map(|network| Structure {
            id: network.id.clone(),
            network: network.id.clone(),
            name: network.id.clone(),
            commune: commune.to_owned(),
            phones: vec!["04 00 00 00 00".to_owned()],
            competence: Some(competence.clone()),
            ..Structure::default()
        })
        .collect();
    directory
}

/// Says which promises about networks are not kept, with somebody for whom they are not.
pub(crate) fn broken_promises(page: &Published, guarantees: &[Guarantee], commune: &str) -> Vec<String> {
    let mut broken = BTreeMap::new();
    let mut kept = vec![0_u32; guarantees.len()];
    for given in page.everybody() {
        let told = page.decide(given, commune);
        for (index, promise) in guarantees.iter().enumerate() {
            if promise.when.evaluate(given, &page.guide.questions) != Truth::Match {
                continue;
            }
            kept[index] += 1;
            let networks = told.networks();
            let is_there = |id: &String| networks.contains(&id.as_str());
            let is_kept = (promise.main.is_empty()
                || told.main.iter().any(|main| promise.main.contains(main)))
                && promise.among.iter().all(is_there)
                && !promise.never.iter().any(is_there)
                && promise.level.is_none_or(|level| told.found.has_level(level, &page.guide));
            if !is_kept {
                broken
                    .entry(promise.id.clone())
                    .or_insert_with(|| format!("{}: {given:?} is told {networks:?}", promise.id));
            }
        }
    }
    for (promise, kept) in guarantees.iter().zip(kept) {
        if kept == 0 {
            broken.insert(promise.id.clone(), format!("{}: it is made to nobody", promise.id));
        }
    }
    broken.into_values().collect()
}
