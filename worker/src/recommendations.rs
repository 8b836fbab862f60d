//! `POST /v1/recommendations`: the same engine as in the element, for partners' servers.
//! Nothing of what is sent here is kept or logged.

use crate::memory::{Live, Source};
use crate::pieces::{self, Host, Lack};
use crate::problem::{Failure, Problem};
use crate::{body, live};
use serde::{Deserialize, Serialize};
use shared::condition::Answers;
use shared::directory::{Level, Network, QuestionKind, RemoteService, Service};
use shared::geography::department_of;
use shared::guide::walk;
use shared::recommend::{Card, NoRecommendation, Recommendation, Target, plan, recommend};
use shared::snapshot::{DepartmentPiece, Guide, Place, TerritoryCard, department_piece, guide_piece};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    answers: BTreeMap<String, String>,
    commune: String,
}

/// Answers a request for a recommendation, and says where the data came from.
pub(crate) async fn answer(
    host: &Host<'_>,
    sent: &[u8],
    language: Option<&str>,
    today: &str,
) -> Result<(Vec<u8>, Source), Failure> {
    let asked: Asked = body::object(sent, EXPECTED)?;
    let live = live::current(host).await?;
    match decide(host, &live, &asked, language, today).await {
        Err(Lack::Unreadable) if live.source == Source::Kv => {}
        other => return Ok((other?, live.source)),
    }
    let live = live::fall_back(&live)?;
    Ok((decide(host, &live, &asked, language, today).await?, live.source))
}

const EXPECTED: &str = "Le contenu attendu est un objet avec « answers » (un objet : question → choix) et « commune » (le code INSEE, comme texte), et rien d’autre.";

async fn decide(
    host: &Host<'_>,
    live: &Live,
    asked: &Asked,
    language: Option<&str>,
    today: &str,
) -> Result<Vec<u8>, Lack> {
    let language = live.language(language);
    let guide: Guide = pieces::read(&pieces::bin(host, &live.id, &guide_piece(&language)).await?.bytes()?)?;
    let mut given = check(&guide, &asked.answers)?;
    // The commune is an answer like the others to the walk through the questions.
    for question in guide.questions.iter().filter(|question| question.kind == QuestionKind::Commune) {
        given.insert(question.id.clone(), asked.commune.clone());
    }
    let department = department_of(&asked.commune);
    if !guide.departments.iter().any(|known| known.code == department) {
        return Err(unknown_commune(asked).into());
    }
    let piece = pieces::bin(host, &live.id, &department_piece(department)).await?;
    let piece: DepartmentPiece = pieces::read(&piece.bytes()?)?;

    let walk = walk(&guide, &given);
    let plan = plan(&guide, &walk.answers, today);
    let recommendation = match recommend(&guide, &plan, &walk.answers, &piece, &asked.commune) {
        Ok(recommendation) => recommendation,
        Err(NoRecommendation::UnknownCommune) => return Err(unknown_commune(asked).into()),
        Err(NoRecommendation::DeadEnd) => {
            return Err(Failure::ours(
                "a dead end",
                &"a directory without an open remote service was published",
            )
            .into());
        }
    };
    let said = Said { guide: &guide, piece: &piece };
    let territory = piece
        .commune(&asked.commune)
        .and_then(|commune| piece.communes[commune].territory)
        .and_then(|territory| guide.territories.get(usize::from(territory)));
    let ignored: Vec<&String> = asked.answers.keys().filter(|id| !walk.answers.contains_key(id)).collect();
    let answer = Answer {
        snapshot: live.id.as_str(),
        edition: &guide.edition,
        language: &guide.language,
        commune: SaidCommune { code: &asked.commune, department, territory },
        answers: &walk.answers,
        ignored,
        next: walk.next.map(|question| question.id.as_str()),
        main: said.card(&recommendation.main),
        reception: recommendation.reception.as_ref().map(|card| said.card(card)),
        complements: recommendation.complements.iter().map(|card| said.card(card)).collect(),
        remote_services: said.remote_services(&recommendation),
        undetermined: said.undetermined(&recommendation),
    };
    serde_json::to_vec(&answer).map_err(|error| Failure::ours("a recommendation", &error).into())
}

/// The answers, if each is a choice of a question.
fn check(guide: &Guide, answers: &BTreeMap<String, String>) -> Result<Answers, Lack> {
    for (id, answer) in answers {
        let Some(question) = guide.questions.iter().find(|question| question.id == *id) else {
            let known: Vec<&str> = guide.questions.iter().map(|question| question.id.as_str()).collect();
            let problem = Problem::new(
                422,
                "unknown-question",
                "Une des réponses ne correspond à aucune question du guide.",
            )
            .with("question", id.as_str())
            .with("known", known);
            return Err(Failure::from(problem).into());
        };
        if let QuestionKind::Choices(choices) = &question.kind
            && !question.accepts(answer)
        {
            let known: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
            let problem =
                Problem::new(422, "unknown-choice", "Une des réponses n’est pas un choix de sa question.")
                    .with("question", id.as_str())
                    .with("choice", answer.as_str())
                    .with("known", known);
            return Err(Failure::from(problem).into());
        }
    }
    Ok(answers.clone().into_iter().collect())
}

fn unknown_commune(asked: &Asked) -> Failure {
    let detail = "Cette commune n’est pas dans la région de l’annuaire. Donnez le code officiel (INSEE) d’une commune, à cinq caractères, et non son code postal.";
    Problem::new(422, "unknown-commune", detail).with("commune", asked.commune.as_str()).into()
}

#[derive(Serialize)]
struct Answer<'a> {
    snapshot: &'a str,
    edition: &'a str,
    language: &'a str,
    commune: SaidCommune<'a>,
    /// The answers that counted.
    answers: &'a Answers,
    /// Questions that were answered and do not apply, or come after one that was not.
    ignored: Vec<&'a String>,
    /// The question that would make the recommendation more precise.
    next: Option<&'a str>,
    main: SaidCard<'a>,
    reception: Option<SaidCard<'a>>,
    complements: Vec<SaidCard<'a>>,
    remote_services: Vec<SaidRemote<'a>>,
    undetermined: Vec<SaidUndetermined<'a>>,
}

#[derive(Serialize)]
struct SaidCommune<'a> {
    code: &'a str,
    department: &'a str,
    territory: Option<&'a TerritoryCard>,
}

#[derive(Serialize)]
struct SaidUndetermined<'a> {
    network: &'a str,
    name: &'a str,
    missing: &'a [String],
}

/// A recommendation in words: its indexes are of no use to a caller.
struct Said<'a> {
    guide: &'a Guide,
    piece: &'a DepartmentPiece,
}

#[derive(Serialize)]
struct SaidCard<'a> {
    kind: &'static str,
    rule: Option<&'a str>,
    reason: Option<&'a str>,
    levels: Vec<Level>,
    services: &'a [Service],
    network: Option<SaidNetwork<'a>>,
    place: Option<SaidPlace<'a>>,
    remote_service: Option<SaidRemote<'a>>,
}

#[derive(Serialize)]
struct SaidNetwork<'a> {
    id: &'a str,
    name: &'a str,
    acronym: Option<&'a str>,
    description: &'a str,
    public: &'a str,
    website: Option<&'a str>,
    phone: Option<&'a str>,
}

#[derive(Serialize)]
struct SaidPlace<'a> {
    #[serde(flatten)]
    place: &'a Place,
    /// As the crow flies, from the commune's centre.
    distance_m: u32,
    /// One of the two positions is approximate.
    distance_is_approximate: bool,
    /// The place is there for the commune; otherwise it is the nearest.
    competent: bool,
}

#[derive(Serialize)]
struct SaidRemote<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    website: &'a str,
    phone: Option<&'a str>,
    hours: Option<&'a str>,
    services: &'a [Service],
}

impl<'a> Said<'a> {
    fn card(&self, card: &'a Card) -> SaidCard<'a> {
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
                    competent: chosen.competent,
                };
                ("place", Some(place), None)
            }
            Target::Network => ("network", None, None),
            Target::Remote(service) => ("remote", None, Some(remote(&self.guide.remote_services[service]))),
        };
        SaidCard {
            kind,
            rule: rule.map(|rule| rule.id.as_str()),
            reason: rule.map(|rule| rule.reason.as_str()),
            levels,
            services: &card.services,
            network: card.network(self.guide).map(network),
            place,
            remote_service,
        }
    }

    fn remote_services(&self, recommendation: &Recommendation) -> Vec<SaidRemote<'a>> {
        recommendation
            .remote_services
            .iter()
            .map(|index| remote(&self.guide.remote_services[*index]))
            .collect()
    }

    fn undetermined(&self, recommendation: &'a Recommendation) -> Vec<SaidUndetermined<'a>> {
        let said = recommendation.undetermined.iter().map(|undetermined| {
            let network = &self.guide.networks[undetermined.network];
            SaidUndetermined { network: &network.id, name: &network.name, missing: &undetermined.missing }
        });
        said.collect()
    }
}

fn network(network: &Network<String>) -> SaidNetwork<'_> {
    SaidNetwork {
        id: &network.id,
        name: &network.name,
        acronym: network.acronym.as_deref(),
        description: &network.description,
        public: &network.public,
        website: network.website.as_deref(),
        phone: network.phone.as_deref(),
    }
}

fn remote(service: &RemoteService<String>) -> SaidRemote<'_> {
    SaidRemote {
        id: &service.id,
        name: &service.name,
        description: &service.description,
        website: &service.website,
        phone: service.phone.as_deref(),
        hours: service.hours.as_deref(),
        services: &service.services,
    }
}
