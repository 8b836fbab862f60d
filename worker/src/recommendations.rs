//! `POST /v1/recommendations`: the same engine as in the element, for partners' servers.
//! Nothing of what is sent here is kept or logged.

use crate::guide_pages;
use crate::live;
use crate::memory::{Live, Source};
use crate::pieces::{self, Lack};
use serving::body;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use shared::said::{Asked, Unanswerable, decide};
use shared::snapshot::{DepartmentPiece, Guide, department_piece};

/// Answers a request for a recommendation, and says where the data came from.
pub(crate) async fn answer(
    host: &Host<'_>,
    sent: &[u8],
    language: Option<&str>,
    today: &str,
) -> Result<(Vec<u8>, Source), Failure> {
    let asked: Asked = body::object(sent, EXPECTED)?;
    let live = live::current(host).await?;
    match said(host, &live, &asked, language, today).await {
        Err(Lack::Unreadable) if live.source == Source::Kv => {}
        other => return Ok((other?, live.source)),
    }
    let live = live::fall_back(&live)?;
    Ok((said(host, &live, &asked, language, today).await?, live.source))
}

const EXPECTED: &str = "Le contenu attendu est un objet avec « answers » (un objet : question → choix) et « commune » (le code INSEE, comme texte), et rien d’autre.";

async fn said(
    host: &Host<'_>,
    live: &Live,
    asked: &Asked,
    language: Option<&str>,
    today: &str,
) -> Result<Vec<u8>, Lack> {
    let language = live.language(language);
    let guide = pieces::localized(host, &live.id, &language).await?;
    let refused = |why: Unanswerable<'_>| refusal(&guide, asked, why);
    if let Some(why) = asked.refusal(&guide) {
        return Err(refused(why).into());
    }
    let Some(department) = asked.department(&guide) else {
        return Err(elsewhere(host, live, asked).await?.into());
    };
    let piece = pieces::bin(host, &live.id, &department_piece(department)).await?;
    let piece: DepartmentPiece = pieces::read(&piece.bytes()?)?;
    let decided = decide(&live.id, &guide, &piece, asked, today).map_err(refused)?;
    serde_json::to_vec(&decided.said()).map_err(|error| Failure::ours("a recommendation", &error).into())
}

/// What is said of a commune that is not in the region: which region it is in and where its guide and
/// its service are, as far as the directory knows.
async fn elsewhere(host: &Host<'_>, live: &Live, asked: &Asked) -> Result<Problem, Lack> {
    let search = guide_pages::search(host, live, &asked.commune).await?;
    let mut problem = unknown_commune(asked);
    if let Some(region) = search.region(&asked.commune) {
        problem = problem.with("region", region.name.as_str());
        if let Some(guide) = region.guide.as_deref() {
            problem = problem.with("guide", guide);
        }
        if let Some(website) = region.contact.as_ref().and_then(|service| service.website.as_deref()) {
            problem = problem.with("service", website);
        }
    }
    Ok(problem)
}

fn unknown_commune(asked: &Asked) -> Problem {
    let detail = "Cette commune n’est pas dans la région de l’annuaire. Donnez le code officiel (INSEE) d’une commune, à cinq caractères, et non son code postal.";
    Problem::new(422, "unknown-commune", detail).with("commune", asked.commune.as_str())
}

fn refusal(guide: &Guide, asked: &Asked, why: Unanswerable<'_>) -> Failure {
    match why {
        Unanswerable::UnknownQuestion { question } => {
            let known: Vec<&str> = guide.questions.iter().map(|question| question.id.as_str()).collect();
            let detail = "Une des réponses ne correspond à aucune question du guide.";
            Problem::new(422, "unknown-question", detail)
                .with("question", question)
                .with("known", known)
                .into()
        }
        Unanswerable::UnknownChoice { question, choice } => {
            let known = guide.questions.iter().find(|known| known.id == question);
            let choices = known.map_or(&[][..], |question| question.choices());
            let known: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
            Problem::new(422, "unknown-choice", "Une des réponses n’est pas un choix de sa question.")
                .with("question", question)
                .with("choice", choice)
                .with("known", known)
                .into()
        }
        Unanswerable::UnknownCommune => unknown_commune(asked).into(),
        Unanswerable::DeadEnd => {
            Failure::ours("a dead end", &"a directory without an open remote service was published")
        }
    }
}
