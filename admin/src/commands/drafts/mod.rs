//! `drafts`: what is prepared on the server, apart from what is live. Every change names the
//! revision that was just read, so that nobody overwrites what somebody else does meanwhile.

mod import;

use crate::cli::desk::{Drafts, Id};
use crate::clock;
use crate::commands::diff::{self, Compared};
use crate::commands::source::delivered;
use crate::commands::validate::whereabouts;
use crate::failure::Failure;
use crate::files;
use crate::history::History;
use crate::output::{self, Outcome};
use crate::server::{Answer, Call, Server, to_body};
use protocol::drafts::{self, DraftCheck, DraftPublication, DraftRequest, DraftState};
use protocol::versions::Switched;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

pub(crate) fn run(what: Option<&Drafts>, server: &Server, all: bool) -> Result<Outcome, Failure> {
    let Some(what) = what else { return list(server) };
    match what {
        Drafts::Begin { title, territory } => {
            let request = DraftRequest { title: title.clone(), territory: territory.clone() };
            told(server, server.ask(Call::post("drafts", &to_body(&request)))?, "Commencé.")
        }
        Drafts::Show(Id { id }) => told(server, server.ask(Call::get(&format!("drafts/{id}")))?, ""),
        Drafts::Import(options) => import::run(options, server, all),
        Drafts::Replace { id: Id { id }, file } => {
            let document = files::read_directory(file)?.to_json();
            let draft = Draft::read(server, id)?;
            let answer = draft.change(server, Call::put(&draft.part("directory"), &document))?;
            told(server, answer, "Annuaire remplacé.")
        }
        Drafts::Place { id: Id { id }, file, remove } => {
            place(server, id, file.as_deref(), remove.as_deref())
        }
        Drafts::Check(Id { id }) => check(server, id, all),
        Drafts::Diff(Id { id }) => difference(server, id, all),
        Drafts::Preview(Id { id }) => preview(server, id),
        Drafts::Undo(Id { id }) => step(server, id, "undo", "Dernière étape annulée."),
        Drafts::Rebase(Id { id }) => rebase(server, id),
        Drafts::Propose(Id { id }) => step(server, id, "propose", "Proposé à la Région."),
        Drafts::Publish { id: Id { id }, reason, removing, accept_losses } => {
            let (reason, removing, accept_losses) = (reason.clone(), *removing, *accept_losses);
            publish(server, id, &DraftPublication { reason, removing, accept_losses })
        }
        Drafts::Abandon(Id { id }) => {
            let draft = Draft::read(server, id)?;
            told(server, draft.abandon(server)?, "Abandonné.")
        }
        Drafts::Download { id: Id { id }, out, force } => {
            let draft = Draft::read(server, id)?;
            let document = server.ask(Call::get(&draft.part("directory")))?;
            delivered(diff::read(server, &document)?.to_json(), Some(out), *force)
        }
    }
}

/// A draft as the server has just told it.
pub(super) struct Draft {
    pub(super) told: drafts::Draft,
    pub(super) revision: String,
}

impl Draft {
    /// Begins one for the Region.
    pub(super) fn begin(server: &Server, title: &str) -> Result<Self, Failure> {
        let request = DraftRequest { title: title.to_owned(), territory: None };
        Self::of(server, &server.ask(Call::post("drafts", &to_body(&request)))?)
    }

    pub(super) fn read(server: &Server, id: &str) -> Result<Self, Failure> {
        Self::of(server, &server.ask(Call::get(&format!("drafts/{id}")))?)
    }

    /// What an answer says of a draft.
    pub(super) fn of(server: &Server, answer: &Value) -> Result<Self, Failure> {
        let told: drafts::Draft = server.read(answer)?;
        Ok(Self { revision: told.revision.to_string(), told })
    }

    pub(super) fn part(&self, part: &str) -> String {
        format!("drafts/{}/{part}", self.told.id)
    }

    /// Abandons it, where it still is as it was read.
    pub(super) fn abandon(&self, server: &Server) -> Result<Value, Failure> {
        self.change(server, Call::delete(&format!("drafts/{}", self.told.id)))
    }

    /// Changes it, where it still is as it was read.
    pub(super) fn change(&self, server: &Server, call: Call<'_>) -> Result<Value, Failure> {
        let answer = server.call(call.expecting(Some(&self.revision)))?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        Err(self.refusal(server, &answer))
    }

    /// A refusal, with what to do about it for this very draft.
    fn refusal(&self, server: &Server, answer: &Answer) -> Failure {
        let id = &self.told.id;
        let failure = server.refusal(answer);
        let advice = match answer.body["code"].as_str().unwrap_or_default() {
            "draft-changed" => {
                format!("« cargo spro drafts show {id} » montre où il en est ; puis recommencez.")
            }
            "not-live" => format!(
                "Mettez le brouillon à jour avec « cargo spro drafts rebase {id} », regardez « cargo spro drafts diff {id} », puis publiez."
            ),
            "losses-unanswered" => {
                format!("Regardez « cargo spro drafts diff {id} ». Si c’est voulu, ajoutez --accept-losses.")
            }
            "invalid-directory" => format!("« cargo spro drafts check {id} » montre les erreurs."),
            "part-lost" => format!("« cargo spro drafts undo {id} » revient à l’étape d’avant."),
            _ => match answer.body["advice"].as_str() {
                Some(advice) => advice.to_owned(),
                None => return failure,
            },
        };
        failure.advising(advice)
    }
}

fn list(server: &Server) -> Result<Outcome, Failure> {
    let answer = server.ask(Call::get("drafts"))?;
    let drafts::Drafts { drafts } = server.read(&answer)?;
    let mut text = String::new();
    if drafts.is_empty() {
        text.push_str("Aucun brouillon. « cargo spro drafts begin --title TITRE » en commence un.\n");
    }
    for draft in &drafts {
        let _ = writeln!(
            text,
            "{} · {} · {} · {} le {}",
            draft.id,
            draft.title,
            state(draft),
            draft.changed_by.name,
            clock::told(&draft.changed_at)
        );
    }
    Ok(Outcome { text, json: answer, refused: false })
}

fn state(draft: &drafts::Draft) -> String {
    match draft.state {
        DraftState::Open => "en cours".to_owned(),
        DraftState::Proposed => "proposé à la Région".to_owned(),
        DraftState::Published => format!("publié : version {}", draft.version.unwrap_or_default()),
        DraftState::Abandoned => "abandonné".to_owned(),
        DraftState::Other => "dans un état que ce programme ne connaît pas".to_owned(),
    }
}

/// A draft in a few lines, after what was done with it.
fn told(server: &Server, answer: Value, done: &str) -> Result<Outcome, Failure> {
    let draft: drafts::Draft = server.read(&answer)?;
    let mut text = String::new();
    if !done.is_empty() {
        let _ = writeln!(text, "{done}");
    }
    let of = draft
        .territory
        .as_ref()
        .map_or_else(|| "de la Région".to_owned(), |territory| format!("du territoire « {territory} »"));
    let _ = writeln!(
        text,
        "Brouillon {} {of} · {} · {}\n  commencé par {} le {}\n  modifié par {} le {}",
        draft.id,
        draft.title,
        state(&draft),
        draft.begun_by.name,
        clock::told(&draft.begun_at),
        draft.changed_by.name,
        clock::told(&draft.changed_at),
    );
    if let Some(file) = &draft.file {
        let _ = writeln!(text, "  fichier : {}", file.name);
    }
    for step in &draft.steps {
        let _ = writeln!(text, "  étape : {step}");
    }
    if let Some(DraftCheck { today, errors, warnings, .. }) = &draft.check {
        let _ = writeln!(text, "  contrôlé pour le {today} : erreurs {errors}, avertissements {warnings}");
    }
    Ok(Outcome { text, json: answer, refused: false })
}

fn step(server: &Server, id: &str, part: &str, done: &str) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    told(server, draft.change(server, Call::post(&draft.part(part), ""))?, done)
}

fn place(server: &Server, id: &str, file: Option<&Path>, remove: Option<&str>) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    let Some(file) = file else {
        let path = draft.part(&format!("places/{}", remove.unwrap_or_default()));
        return told(server, draft.change(server, Call::delete(&path))?, "Lieu retiré.");
    };
    let text = String::from_utf8_lossy(&files::read(file)?).into_owned();
    let place: Value = serde_json::from_str(&text).unwrap_or_default();
    let Some(name) = place["id"].as_str() else {
        return Err(Failure::refused(
            "not-a-place",
            format!("« {} » n’est pas un lieu : il lui faut au moins « id ».", file.display()),
        )
        .advising("Écrivez-le en JSON, comme dans l’annuaire."));
    };
    let path = draft.part(&format!("places/{name}"));
    told(server, draft.change(server, Call::put(&path, &text))?, "Lieu enregistré.")
}

fn check(server: &Server, id: &str, all: bool) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    let answer = draft.change(server, Call::post(&draft.part("check"), ""))?;
    let findings = answer["findings"].as_array().cloned().unwrap_or_default();
    let errors = findings.iter().filter(|finding| finding["severity"] != "warning").count();
    let mut text = if errors == 0 {
        "Rien ne s’oppose à la publication.\n".to_owned()
    } else {
        format!("Ce brouillon ne peut pas être publié : {errors} à corriger.\n")
    };
    if !findings.is_empty() {
        // A finding says where by rank; people look for a name.
        let document = server.ask(Call::get(&draft.part("directory")))?;
        let whereabouts = whereabouts(document.to_string().as_bytes());
        text.push_str(&output::told_findings(&findings, &whereabouts, all));
    }
    if errors == 0 {
        let _ = writeln!(
            text,
            "\nPour voir ce qui changerait : cargo spro drafts diff {id}\nPour le voir comme les visiteurs : cargo spro drafts preview {id}\nPour publier : cargo spro drafts publish {id}"
        );
    }
    Ok(Outcome { text, json: answer, refused: errors > 0 })
}

fn difference(server: &Server, id: &str, all: bool) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    let document = server.ask(Call::get(&draft.part("directory")))?;
    let after = diff::read(server, &document)?;
    let (history, _) = History::ask(server)?;
    let before = diff::directory(server, Some(&history.live))?;
    let compared = Compared::new(before, after)?;
    let subject = format!("{}, en ligne sur {},", history.told(&history.live), server.address());
    let name = format!("le brouillon « {} »", draft.told.title);
    let mut text = compared.told(&subject, &name, all);
    let is_behind = draft.told.base.as_str() != history.live;
    if is_behind {
        let _ = writeln!(
            text,
            "\nQuelqu’un a publié depuis que ce brouillon a été commencé : cargo spro drafts rebase {id}"
        );
    }
    let mut json = compared.json();
    json["live"] = json!(history.live);
    json["behind"] = json!(is_behind);
    Ok(Outcome { text, json, refused: false })
}

fn preview(server: &Server, id: &str) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    let Some(path) = &draft.told.preview else {
        return Err(Failure::refused(
            "no-preview",
            "Ce brouillon n’a pas d’aperçu : il n’a pas été contrôlé, ou il a des erreurs.",
        )
        .advising(format!("Contrôlez-le : cargo spro drafts check {id}")));
    };
    let link = format!("{}{path}", server.address());
    Ok(Outcome { text: format!("{link}\n"), json: json!({ "preview": link }), refused: false })
}

fn rebase(server: &Server, id: &str) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    let answer = draft.change(server, Call::post(&draft.part("rebase"), ""))?;
    let conflicts = answer["conflicts"].as_array().cloned().unwrap_or_default();
    let mut text = told(server, answer["draft"].clone(), "Mis à jour sur ce qui est en ligne.")?.text;
    if !conflicts.is_empty() {
        let _ = writeln!(text, "\nÀ REGARDER : changés des deux côtés ({})", conflicts.len());
        for conflict in &conflicts {
            let what = if said(conflict, "name").is_empty() { "part" } else { "name" };
            let field = said(conflict, "field");
            let kept = if said(conflict, "kept") == "mine" { "le brouillon" } else { "ce qui est en ligne" };
            let _ = writeln!(
                text,
                "  {}{}{} : {kept} est gardé ; brouillon {}, en ligne {}",
                said(conflict, what),
                if field.is_empty() { "" } else { " · " },
                if field.is_empty() { "" } else { shared::fields::french(field) },
                shared::fields::brief(&conflict["mine"]),
                shared::fields::brief(&conflict["theirs"]),
            );
        }
    }
    Ok(Outcome { text, json: answer, refused: false })
}

fn publish(server: &Server, id: &str, request: &DraftPublication) -> Result<Outcome, Failure> {
    let draft = Draft::read(server, id)?;
    let answer = draft.change(server, Call::post(&draft.part("publish"), &to_body(request)))?;
    let Switched { snapshot, version, unchanged, .. } = server.read(&answer)?;
    let text = if unchanged {
        format!("Déjà en ligne : rien à publier ({snapshot}).\n")
    } else {
        format!(
            "Publié : version {version}, instantané {snapshot}.\nPour revenir en arrière : cargo spro rollback{}\n",
            server.option()
        )
    };
    Ok(Outcome { text, json: answer, refused: false })
}

/// A text of an answer; empty where there is none.
pub(crate) fn said<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
