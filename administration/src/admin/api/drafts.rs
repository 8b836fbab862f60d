//! What the API does with drafts.

use super::{Answer, Asked, FIELDS, as_json};
use crate::admin::desk::Answered;
use crate::admin::drafts::{self, Changed, overtaken};
use crate::admin::{short, unreadable};
use crate::ledger::Kept;
use crate::publication::listed;
use exchange::import::Options;
use protocol::drafts::{Draft, DraftCheck, DraftFile, DraftPublication, DraftRequest, DraftState, Drafts};
use protocol::versions::Switched;
use serde_json::json;
use serving::answer;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use shared::directory::{Directory, Structure, Territory};
use std::rc::Rc;

impl Asked<'_> {
    pub(super) async fn drafts(&self) -> Answer {
        as_json(&Drafts { drafts: self.desk.drafts().await?.into_iter().map(shown).collect() })
    }

    pub(super) async fn begin(&self) -> Answer {
        let DraftRequest { title, territory } = self.object().await?;
        as_json(&shown(self.desk.begin(&title, territory).await?))
    }

    pub(super) async fn draft(&self, id: &str) -> Answer {
        as_json(&shown(self.desk.draft(id).await?))
    }

    /// A draft at the revision that the precondition names.
    async fn unchanged(&self, id: &str) -> Result<Kept<drafts::Draft>, Failure> {
        let draft = self.desk.draft(id).await?;
        if self.precondition.allows(&draft.revision.to_string()) { Ok(draft) } else { Err(overtaken()) }
    }

    pub(super) async fn abandon(&self, id: &str) -> Answer {
        as_json(&shown(self.desk.abandon(self.unchanged(id).await?).await?))
    }

    pub(super) async fn draft_directory(&self, id: &str) -> Answer {
        let document = self.desk.document(&self.desk.draft(id).await?.value).await?;
        answer::once(200, &document, &FIELDS)
    }

    pub(super) async fn replace_directory(&self, id: &str) -> Answer {
        let draft = self.unchanged(id).await?;
        let body = self.incoming.bytes().await?;
        let directory = Directory::from_json(&body).map_err(|finding| unreadable(&finding))?;
        let changed = Changed::to("annuaire remplacé en entier");
        as_json(&shown(self.desk.replace(draft, &directory, changed).await?))
    }

    /// Brings a file into a draft.
    pub(super) async fn bring_in(&self, id: &str) -> Answer {
        let draft = self.unchanged(id).await?;
        let name = parameter(self.query, "name").unwrap_or_else(|| "fichier".to_owned());
        let options = Options {
            file: name.clone(),
            source: parameter(self.query, "source").unwrap_or_else(|| name.clone()),
            checked_on: parameter(self.query, "checked_on"),
            ..Options::default()
        };
        let bytes = Rc::new(self.incoming.bytes().await?);
        let (draft, report) = self.desk.bring_in(draft, &name, bytes, options).await?;
        as_json(&json!({ "draft": shown(draft), "report": report }))
    }

    /// How the file of a draft is read, and what reading it said.
    pub(super) async fn import(&self, id: &str) -> Answer {
        let draft = self.desk.draft(id).await?.value;
        let report = self.desk.report(&draft).await?;
        let options = draft.import.as_ref().map(|import| &import.options);
        as_json(&json!({ "options": options, "report": report }))
    }

    pub(super) async fn read_again(&self, id: &str) -> Answer {
        let draft = self.unchanged(id).await?;
        let (draft, report) = self.desk.read_again(draft, self.object().await?).await?;
        as_json(&json!({ "draft": shown(draft), "report": report }))
    }

    pub(super) async fn findings(&self, id: &str) -> Answer {
        let draft = self.desk.draft(id).await?.value;
        as_json(&json!({ "check": draft.check, "findings": self.desk.findings(&draft).await? }))
    }

    pub(super) async fn draft_difference(&self, id: &str) -> Answer {
        let draft = self.desk.draft(id).await?.value;
        let compared = self.desk.against_live(&draft).await?;
        let comparison = self.desk.comparison(&draft).await?;
        as_json(
            &json!({ "live": compared.live, "difference": compared.difference, "comparison": comparison }),
        )
    }

    pub(super) async fn check(&self, id: &str) -> Answer {
        let (draft, findings) = self.desk.check(self.unchanged(id).await?).await?;
        as_json(&json!({ "draft": shown(draft), "findings": listed(&findings) }))
    }

    pub(super) async fn undo(&self, id: &str) -> Answer {
        as_json(&shown(self.desk.undo(self.unchanged(id).await?).await?))
    }

    pub(super) async fn rebase(&self, id: &str) -> Answer {
        let (draft, conflicts) = self.desk.bring_up_to_date(self.unchanged(id).await?).await?;
        as_json(&json!({ "draft": shown(draft), "conflicts": conflicts }))
    }

    pub(super) async fn propose(&self, id: &str) -> Answer {
        as_json(&shown(self.desk.propose(self.unchanged(id).await?).await?))
    }

    pub(super) async fn publish_draft(&self, id: &str) -> Answer {
        let draft = self.unchanged(id).await?;
        let DraftPublication { reason, removing, accept_losses } = self.object().await?;
        let answered = Answered { removing, accept_losses };
        let (draft, switched) = self.desk.publish_draft(draft, short(reason), answered).await?;
        as_json(&Switched { draft: Some(shown(draft)), ..switched })
    }

    pub(super) async fn write_place(&self, id: &str, place: &str) -> Answer {
        let draft = self.unchanged(id).await?;
        let sent: Structure = self.object().await?;
        if sent.id != place {
            return Err(other_id("L’identifiant du lieu doit être celui de l’adresse."));
        }
        self.place(draft, place, Some(sent)).await
    }

    pub(super) async fn remove_place(&self, id: &str, place: &str) -> Answer {
        self.place(self.unchanged(id).await?, place, None).await
    }

    async fn place(&self, draft: Kept<drafts::Draft>, id: &str, changed: Option<Structure>) -> Answer {
        as_json(&shown(self.desk.write_place(draft, id, changed).await?))
    }

    pub(super) async fn write_territory(&self, id: &str, of: &str) -> Answer {
        let draft = self.unchanged(id).await?;
        let sent: Territory = self.object().await?;
        if sent.id != of {
            return Err(other_id("L’identifiant du territoire doit être celui de l’adresse."));
        }
        self.territory(draft, of, Some(sent)).await
    }

    pub(super) async fn remove_territory(&self, id: &str, of: &str) -> Answer {
        self.territory(self.unchanged(id).await?, of, None).await
    }

    async fn territory(&self, draft: Kept<drafts::Draft>, id: &str, changed: Option<Territory>) -> Answer {
        as_json(&shown(self.desk.change_territory(draft, id, changed).await?))
    }
}

fn other_id(detail: &str) -> Failure {
    Problem::new(422, "other-id", detail).into()
}

/// A draft as the API shows it.
fn shown(draft: Kept<drafts::Draft>) -> Draft {
    let revision = draft.revision;
    let drafts::Draft { id, title, territory, begun_by, begun_at, changed_by, changed_at, .. } = draft.value;
    let drafts::Draft { base, before, import, check, token, state, .. } = draft.value;
    let (state, version) = match state {
        drafts::DraftState::Open => (DraftState::Open, None),
        drafts::DraftState::Proposed => (DraftState::Proposed, None),
        drafts::DraftState::Published(version) => (DraftState::Published, Some(version)),
        drafts::DraftState::Abandoned => (DraftState::Abandoned, None),
    };
    let is_compiled = check.as_ref().is_some_and(|check| check.snapshot.is_some());
    Draft {
        preview: is_compiled.then(|| format!("/preview/{id}/{token}/")),
        id,
        revision,
        title,
        territory,
        begun_by,
        begun_at,
        changed_by,
        changed_at,
        base,
        steps: before.into_iter().map(|step| step.done).collect(),
        file: import.map(|drafts::Import { name, bytes, .. }| DraftFile { name, bytes }),
        check: check.map(|drafts::Check { today, snapshot, errors, warnings, .. }| DraftCheck {
            today,
            snapshot,
            errors,
            warnings,
        }),
        state,
        version,
    }
}
