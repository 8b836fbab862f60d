//! The draft that a run makes on the server, and its publication where nobody has to look.

use super::{Counted, Delivery, Report, plural};
use crate::commands::drafts::Draft;
use crate::failure::Failure;
use crate::history::History;
use crate::output;
use crate::server::{Call, Server, to_body};
use crate::sync::folder::LastDraft;
use insight::report::whereabouts::Whereabouts;
use protocol::drafts::{DraftPublication, DraftState};
use protocol::versions::Switched;
use serde_json::json;

impl Delivery<'_> {
    /// Makes a draft of the directory, and says whether what the run found is to be remembered.
    pub(super) fn to_server(
        &self,
        server: &Server,
        history: &History,
        report: &mut Report,
    ) -> Result<bool, Failure> {
        if self.has_errors() {
            report.refused = true;
            report.say(
                "\nAucun brouillon n’a été fait, rien n’a été retenu : l’annuaire obtenu a des erreurs.",
            );
            return Ok(false);
        }
        let last = self.folder.draft()?.filter(|last| last.server == server.address());
        let last = last.and_then(|last| Some((Draft::read(server, &last.id).ok()?, last.revision)));
        let last =
            last.filter(|(draft, _)| matches!(draft.told.state, DraftState::Open | DraftState::Proposed));
        let count = Counted::of(self.difference);
        if self.difference.is_empty() || count.is_nothing() && self.limits.is_none() {
            report.say("\nRien ne change pour les visiteurs : aucun brouillon n’a été fait.");
            replace(server, last, report);
            return Ok(true);
        }
        let title = format!(
            "Sources du {} : {}, {}",
            self.today,
            plural(count.added, "lieu ajouté", "lieux ajoutés"),
            plural(count.changed, "lieu changé", "lieux changés")
        );
        let begun = Draft::begin(server, &title)?;
        if begun.told.base.as_str() != history.live {
            begun.abandon(server)?;
            return Err(Failure::refused(
                "precondition-failed",
                "Quelqu’un a publié pendant que les sources étaient lues. Rien n’a été changé.",
            )
            .advising("Relancez la même commande."));
        }
        let id = begun.told.id.clone();
        let document = self.after.to_json();
        let told = begun.change(server, Call::put(&begun.part("directory"), &document))?;
        let filled = Draft::of(server, &told)?;
        let checked = filled.change(server, Call::post(&filled.part("check"), ""))?;
        let draft = Draft::of(server, &checked["draft"])?;
        let made = LastDraft {
            server: server.address().to_owned(),
            id: id.clone(),
            revision: draft.revision.clone(),
        };
        self.folder.store_draft(&made)?;
        replace(server, last, report);
        report.json["draft"] = json!(id);
        let findings = checked["findings"].as_array().cloned().unwrap_or_default();
        let is_refused = findings.iter().any(|finding| finding["severity"] != "warning");
        if is_refused {
            report.refused = true;
            report.json["draft_findings"] = json!(findings);
            report.say("\nLe serveur trouve des erreurs dans le brouillon :");
            report.text.push_str(&output::told_findings(&findings, &Whereabouts::of(self.after), true));
        } else if let Some(limits) = self.limits {
            let why = self.beyond(limits);
            if why.is_empty() {
                return publish(server, &draft, &title, report);
            }
            report.refused = true;
            report.say("\nPAS PUBLIÉ : une personne doit regarder.");
            for reason in &why {
                report.say(format!("  − {reason}"));
            }
            report.json["waits"] = json!(why);
        }
        report.say(format!(
            "\nLe brouillon {id} attend. Rien n’est encore en ligne.\nPour le voir : cargo spro drafts diff {id}{option}\nPour publier : cargo spro drafts publish {id}{option}",
            option = server.option()
        ));
        Ok(true)
    }
}

/// Publishes a draft that nobody has to look at first.
fn publish(server: &Server, draft: &Draft, title: &str, report: &mut Report) -> Result<bool, Failure> {
    let reason = format!("{title} (publié seul, dans les limites du fichier des sources)");
    let body = to_body(&DraftPublication { reason, ..DraftPublication::default() });
    let answer = draft.change(server, Call::post(&draft.part("publish"), &body))?;
    let Switched { version, snapshot, .. } = server.read(&answer)?;
    report.say(format!(
        "\nPublié sans attendre : version {version}, instantané {snapshot}.\nPour revenir en arrière : cargo spro rollback{}",
        server.option()
    ));
    report.json["published"] = answer;
    Ok(true)
}

/// Abandons the draft of the last run, which this one holds as well, unless a person has worked
/// on it.
fn replace(server: &Server, last: Option<(Draft, String)>, report: &mut Report) {
    let Some((draft, revision)) = last else { return };
    let id = &draft.told.id;
    if draft.revision != revision {
        report.say(format!(
            "\nLe brouillon {id} d’une fois d’avant reste : quelqu’un y a travaillé. Publiez-le, ou abandonnez-le."
        ));
    } else if draft.abandon(server).is_ok() {
        report.say(format!("\nLe brouillon {id} de la dernière fois est remplacé."));
    }
}
