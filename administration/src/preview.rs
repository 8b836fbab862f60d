//! Which snapshot the private link of a draft shows. The public worker serves it.

use crate::admin::Draft;
use crate::archive::unread;
use crate::ledger::{Kept, Ledger, Name, Reading};
use serving::preview::Previewed;
use serving::problem::{Failure, Problem};
use serving::runtime::Env;

/// The snapshot that a draft was compiled to at its last check.
pub(crate) async fn previewed(env: &Env, id: &str, token: &str) -> Result<Previewed, Failure> {
    let ledger = Ledger::open(env).map_err(unread)?;
    let read = ledger.read(&Reading::default().name(Name::Draft(id))).await.map_err(unread)?;
    let draft: Option<Kept<Draft>> = read.get(Name::Draft(id))?;
    let draft =
        draft.map(|kept| kept.value).filter(|draft| draft.is_at(token)).ok_or_else(Problem::not_found)?;
    let snapshot = draft.check.and_then(|check| check.snapshot).ok_or_else(|| {
        let detail = "Ce brouillon a changé depuis son dernier contrôle, ou contient des erreurs : il n’y a pas d’aperçu. Contrôlez-le, puis rechargez cette page.";
        Problem::new(409, "no-preview", detail)
    })?;
    Ok(Previewed { title: draft.title, snapshot })
}
