//! A recommendation in words, for those who have no page to draw it on: what
//! `POST /v1/recommendations` answers, and what `cargo spro recommend` prints.
//!
//! One place builds it, so that the two cannot come to differ. The element does not link
//! this module: it draws a [`Recommendation`] by itself.

use crate::bond::Bond;
use crate::condition::Answers;
use crate::decision::{Guide, GuideNetwork, GuideQuestionKind, GuideService};
use crate::directory::{Level, Service};
use crate::geography::department_of;
use crate::guide::walk;
use crate::recommend::{Card, NoRecommendation, Recommendation, Target, plan, recommend};
use crate::snapshot::{DepartmentPiece, LocalizedGuide, Place, SnapshotId, TerritoryCard};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Question id → choice id.
    pub answers: BTreeMap<String, String>,
    /// INSEE code of a commune.
    pub commune: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswerable<'a> {
    /// The guide asks no such question.
    UnknownQuestion {
        /// What was given for one.
        question: &'a str,
    },
    /// The question has no such choice.
    UnknownChoice {
        /// The question.
        question: &'a str,
        /// What was given for one of its choices.
        choice: &'a str,
    },
    /// The commune is not in the region of the directory.
    UnknownCommune,
    /// Validation refuses the directories for which this could happen.
    DeadEnd,
}

impl Asked {
    /// The first answer that is not a choice of a question of the guide, if there is one.
    pub fn refusal(&self, guide: &Guide) -> Option<Unanswerable<'_>> {
        self.answers.iter().find_map(|(id, choice)| {
            let Some(question) = guide.questions.iter().find(|question| question.id == *id) else {
                return Some(Unanswerable::UnknownQuestion { question: id });
            };
            let is_wrong = question.kind != GuideQuestionKind::Commune && !question.accepts(choice);
            is_wrong.then_some(Unanswerable::UnknownChoice { question: id, choice })
        })
    }

    /// The code of the commune's department, if the guide's region has it.
    pub fn department(&self, guide: &Guide) -> Option<&str> {
        let department = department_of(&self.commune);
        guide.departments.iter().any(|known| known.code == department).then_some(department)
    }
}

/// A decision, with what its indexes point into.
#[derive(Debug)]
pub struct Decided<'a> {
    snapshot: &'a SnapshotId,
    guide: &'a LocalizedGuide,
    piece: &'a DepartmentPiece,
    asked: &'a Asked,
    answers: Answers,
    next: Option<&'a str>,
    recommendation: Recommendation,
}

/// Decides. `piece` is that of [`Asked::department`], `today` an ISO date.
///
/// # Errors
/// See [`Unanswerable`].
pub fn decide<'a>(
    snapshot: &'a SnapshotId,
    guide: &'a LocalizedGuide,
    piece: &'a DepartmentPiece,
    asked: &'a Asked,
    today: &str,
) -> Result<Decided<'a>, Unanswerable<'a>> {
    if let Some(refusal) = asked.refusal(guide) {
        return Err(refusal);
    }
    let mut given: Answers = asked.answers.clone().into_iter().collect();
    // The commune is an answer like the others to the walk through the questions.
    for question in guide.questions.iter().filter(|question| question.kind == GuideQuestionKind::Commune) {
        given.insert(question.id.clone(), asked.commune.clone());
    }
    let walk = walk(guide, &given);
    let plan = plan(guide, &walk.answers, today);
    let recommendation =
        recommend(guide, &plan, &walk.answers, piece, &asked.commune).map_err(|none| match none {
            NoRecommendation::UnknownCommune => Unanswerable::UnknownCommune,
            NoRecommendation::DeadEnd => Unanswerable::DeadEnd,
        })?;
    let next = walk.next.map(|question| question.id.as_str());
    Ok(Decided { snapshot, guide, piece, asked, answers: walk.answers, next, recommendation })
}

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct Answer<'a> {
    /// The snapshot that it comes from.
    pub snapshot: &'a str,
    /// Id of the edition.
    pub edition: &'a str,
    /// BCP 47 tag of the texts.
    pub language: &'a str,
    /// Where the visitor lives.
    pub commune: SaidCommune<'a>,
    /// The answers that counted.
    pub answers: &'a Answers,
    /// Questions that were answered and do not apply, or come after one that was not.
    pub ignored: Vec<&'a str>,
    /// The question that would make the recommendation more precise.
    pub next: Option<&'a str>,
    /// Where to go first.
    pub main: SaidCard<'a>,
    /// See [`Recommendation::reception`].
    pub reception: Option<SaidCard<'a>>,
    /// What may also help.
    pub complements: Vec<SaidCard<'a>>,
    /// Remote services open to the visitor.
    pub remote_services: Vec<SaidRemote<'a>>,
    /// Networks that might serve the visitor.
    pub undetermined: Vec<SaidUndetermined<'a>>,
}

/// The visitor's commune.
#[derive(Debug, Serialize)]
pub struct SaidCommune<'a> {
    /// INSEE code.
    pub code: &'a str,
    /// Its department.
    pub department: &'a str,
    /// Its territory.
    pub territory: Option<&'a TerritoryCard>,
}

/// A network that might serve the visitor.
#[derive(Debug, Serialize)]
pub struct SaidUndetermined<'a> {
    /// Its id.
    pub network: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Ids of the questions whose answer would tell.
    pub missing: &'a [String],
}

/// One thing that is recommended: its indexes are of no use to a caller.
#[derive(Debug, Serialize)]
pub struct SaidCard<'a> {
    /// `place`, `network` or `remote`.
    pub kind: &'static str,
    /// Id of the rule that led here.
    pub rule: Option<&'a str>,
    /// Its sentence.
    pub reason: Option<&'a str>,
    /// The levels of what is offered.
    pub levels: Vec<Level>,
    /// What is offered.
    pub services: &'a [Service],
    /// The network.
    pub network: Option<SaidNetwork<'a>>,
    /// The place, where there is one.
    pub place: Option<SaidPlace<'a>>,
    /// The remote service, where it is one.
    pub remote_service: Option<SaidRemote<'a>>,
}

/// A network.
#[derive(Debug, Serialize)]
pub struct SaidNetwork<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its usual short name.
    pub acronym: Option<&'a str>,
    /// What one finds there.
    pub description: &'a str,
    /// Whom it serves.
    pub public: &'a str,
    /// Its national site.
    pub website: Option<&'a str>,
    /// Its national phone number.
    pub phone: Option<&'a str>,
}

/// A place with where it is from the visitor.
#[derive(Debug, Serialize)]
pub struct SaidPlace<'a> {
    /// The place.
    #[serde(flatten)]
    pub place: &'a Place,
    /// In metres, as the crow flies, from the commune's centre.
    pub distance_m: u32,
    /// One of the two positions is approximate.
    pub distance_is_approximate: bool,
    /// The place is there for the commune; otherwise it is the nearest.
    pub competent: bool,
    /// How it belongs to the commune.
    pub bond: Bond,
}

/// A remote service.
#[derive(Debug, Serialize)]
pub struct SaidRemote<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What one finds there.
    pub description: &'a str,
    /// Its site.
    pub website: &'a str,
    /// Its phone number.
    pub phone: Option<&'a str>,
    /// When somebody answers.
    pub hours: Option<&'a str>,
    /// What it offers.
    pub services: &'a [Service],
}

impl Decided<'_> {
    /// The decision in words.
    pub fn said(&self) -> Answer<'_> {
        let Self { guide, piece, asked, recommendation, .. } = self;
        let territory = piece
            .commune(&asked.commune)
            .and_then(|commune| piece.communes[commune].territory)
            .and_then(|territory| guide.territories.get(usize::from(territory)));
        let undetermined = recommendation.undetermined.iter().map(|open| {
            let network = &guide.networks[open.network];
            let name = guide.name_of(network);
            SaidUndetermined { network: &network.id, name, missing: &open.missing }
        });
        let is_ignored = |id: &&String| !self.answers.contains_key(id);
        Answer {
            snapshot: self.snapshot.as_str(),
            edition: &guide.edition,
            language: guide.language(),
            commune: SaidCommune {
                code: &asked.commune,
                department: department_of(&asked.commune),
                territory,
            },
            answers: &self.answers,
            ignored: asked.answers.keys().filter(is_ignored).map(String::as_str).collect(),
            next: self.next,
            main: self.card(&recommendation.main),
            reception: recommendation.reception.as_ref().map(|card| self.card(card)),
            complements: recommendation.complements.iter().map(|card| self.card(card)).collect(),
            remote_services: recommendation
                .remote_services
                .iter()
                .map(|index| self.remote(&guide.remote_services[*index]))
                .collect(),
            undetermined: undetermined.collect(),
        }
    }

    fn card<'c>(&'c self, card: &'c Card) -> SaidCard<'c> {
        let rule = card.rule.map(|rule| &self.guide.rules[rule]);
        let mut levels: Vec<Level> = card.services.iter().map(|service| service.level()).collect();
        levels.sort();
        levels.dedup();
        let (kind, place, remote_service) = match card.target {
            Target::Place(chosen) => {
                let place = SaidPlace {
                    place: &self.piece.places[chosen.place],
                    distance_m: chosen.distance.0,
                    distance_is_approximate: chosen.approximate,
                    competent: chosen.bond.is_competent(),
                    bond: chosen.bond,
                };
                ("place", Some(place), None)
            }
            Target::Network => ("network", None, None),
            Target::Remote(service) => {
                ("remote", None, Some(self.remote(&self.guide.remote_services[service])))
            }
        };
        SaidCard {
            kind,
            rule: rule.map(|rule| rule.id.as_str()),
            reason: rule.map(|rule| self.guide.text(rule.reason)),
            levels,
            services: &card.services,
            network: card.network(self.guide).map(|network| self.network(network)),
            place,
            remote_service,
        }
    }

    fn network<'c>(&'c self, network: &'c GuideNetwork) -> SaidNetwork<'c> {
        SaidNetwork {
            id: &network.id,
            name: self.guide.name_of(network),
            acronym: network.acronym.as_deref(),
            description: self.guide.text(network.description),
            public: self.guide.text(network.public),
            website: network.website.as_deref(),
            phone: network.phone.as_deref(),
        }
    }

    fn remote<'c>(&'c self, service: &'c GuideService) -> SaidRemote<'c> {
        SaidRemote {
            id: &service.id,
            name: self.guide.text(service.name),
            description: self.guide.text(service.description),
            website: &service.website,
            phone: service.phone.as_deref(),
            hours: service.hours.map(|hours| self.guide.text(hours)),
            services: &service.services,
        }
    }
}
