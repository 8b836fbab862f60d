//! `publish`: validate here, compare with what is live, then publish on the condition
//! that it still is.

use crate::cli::Publish;
use crate::commands::diff::directory;
use crate::commands::staged;
use crate::commands::validate::{counted, examined, not_published};
use crate::failure::Failure;
use crate::history::History;
use crate::output::{self, Outcome};
use crate::server::{Answer, Call, Server};
use crate::{clock, reference};
use insight::compare::diff::{Difference, Summary, difference};
use insight::compare::review::review;
use insight::report::whereabouts::Whereabouts;
use insight::verify::examine::Examined;
use protocol::versions::Switched;
use serde_json::json;
use shared::finding::Finding;
use shared::geography::Geography;
use shared::snapshot::Snapshot;
use shared::validate::{Valid, validate};
use std::fmt::Write;

pub(crate) fn run(options: &Publish, server: &Server, all: bool) -> Result<Outcome, Failure> {
    let geography = reference::geography()?;
    let (whereabouts, result) = examined(&options.file, &geography)?;
    let Examined { directory: valid, snapshot, findings, .. } = match result {
        Ok(examined) => examined,
        Err(refusal) => {
            let json = json!({
                "published": false,
                "findings": refusal.findings,
                "counter_example": refusal.counter_example,
            });
            let verdict = "annuaire refusé, rien n’a été envoyé";
            return Ok(not_published(&options.file, verdict, &refusal, &whereabouts, json, all));
        }
    };
    let mut text = format!("{} : annuaire valable, {}.\n", options.file.display(), counted(&findings));
    text.push_str(&output::findings(&findings, &whereabouts, all));

    let (history, _) = History::ask(server)?;
    if let Some(expected) = &options.expect
        && history.named(expected)? != history.live
    {
        return Err(history.overtaken());
    }
    let (said, review, losses) = compared((&valid, &snapshot), &geography, &history, server)?;
    text.push_str(&said);
    if !losses.is_empty() && !options.accept_losses {
        let _ = writeln!(
            text,
            "\nRien n’a été envoyé. Si ces pertes sont voulues, la même commande avec --accept-losses publie."
        );
        let json = json!({ "published": false, "findings": findings, "losses": losses });
        return Ok(Outcome { text, json, refused: true });
    }

    let body = serde_json::to_string(valid.directory()).unwrap_or_default();
    let expected = Some(history.live.as_str()).filter(|_| !options.force);
    let mut sent = None;
    let answer = if !options.here {
        let removing = options.removing.map(|count| count.to_string());
        let mut query = vec![("reason", options.reason.as_str())];
        query.extend(removing.as_deref().map(|count| ("removing", count)));
        server.call(Call::post("publish", &body).asking(&query).expecting(expected))?
    } else if history.live == snapshot.id.as_str() && !history.versions.is_empty() && review.0.is_some() {
        // It is live, and the server can read it: nothing has to be sent.
        let body = json!({ "snapshot": snapshot.id, "version": history.versions[0].version, "previous": snapshot.id, "unchanged": true });
        Answer { status: 200, body }
    } else {
        let done = staged::send(server, &snapshot)?;
        let _ = write!(text, "\n{}", done.french());
        sent = Some(done.json());
        staged::publish(server, &snapshot, &options.reason, review.1.as_ref(), options.removing, expected)?
    };
    match answer.status {
        200 if answer.body["snapshot"].is_string() => {
            let switched = server.read(&answer.body)?;
            let mut outcome = published(text, switched, (&valid, &findings), &review, server);
            if options.here {
                outcome.json["sent"] = sent.unwrap_or_else(|| staged::Sent::default().json());
            }
            Ok(outcome)
        }
        422 if answer.body["findings"].is_array() => Ok(refused_there(text, &answer, &whereabouts)),
        // Who went first is worth a question more; without an answer the server's own will do.
        412 => {
            Err(History::ask(server)
                .map_or_else(|_| server.refusal(&answer), |(history, _)| history.overtaken()))
        }
        409 if answer.body["code"] == "removes-many" => Err(server
            .refusal(&answer)
            .advising(format!("Si c’est voulu, ajoutez : --removing {}", answer.body["removed"]))),
        _ => Err(server.refusal(&answer)),
    }
}

/// The difference, and its summary where both directories are in order.
type Changes = (Option<Difference>, Option<Summary>);

/// What the publication changes, and what of it has to be answered. A live version that storage has lost must not stop the publication that mends it:
/// then there is no comparison.
fn compared(
    (valid, snapshot): (&Valid, &Snapshot),
    geography: &Geography,
    history: &History,
    server: &Server,
) -> Result<(String, Changes, Vec<Finding>), Failure> {
    let live = history.told(&history.live);
    match directory(server, Some(&history.live)) {
        Ok(before) => {
            let difference = difference(&before, valid.directory());
            let said = output::difference(&difference, before.structures.len());
            let mut text = format!("\nPar rapport à {live}, en ligne sur {} :\n{said}", server.address());
            if difference.is_empty() {
                return Ok((text, (Some(difference), Some(Summary::default())), Vec::new()));
            }
            // What was live may have errors today: a date that has come.
            let today = clock::today();
            let Ok(before) = validate(before, geography, &today) else {
                return Ok((text, (Some(difference), None), Vec::new()));
            };
            let review = review((&before, None), (valid, Some(snapshot)), geography, &today);
            text.push_str(&output::review(&review, false));
            Ok((text, (Some(difference), Some(review.summary)), review.losses))
        }
        Err(failure) if matches!(failure.code, "server-refused" | "unreadable-directory") => {
            let said = format!("\nPas de comparaison avec {live}. {}\n", failure.message);
            Ok((said, (None, None), Vec::new()))
        }
        Err(failure) => Err(failure),
    }
}

fn published(
    mut text: String,
    switched: Switched,
    (valid, findings): (&Valid, &[Finding]),
    (difference, summary): &Changes,
    server: &Server,
) -> Outcome {
    let Switched { snapshot, version, previous, unchanged, .. } = switched;
    let ending = if unchanged {
        format!("Déjà en ligne : rien à publier ({snapshot}).")
    } else {
        format!(
            "Publié : version {version}, {} lieux, instantané {snapshot}.\nLes visiteurs la voient dès qu’ils rechargent la page. Pour revenir en arrière : cargo spro rollback{}",
            valid.directory().structures.len(),
            server.option()
        )
    };
    let _ = writeln!(text, "\n{ending}");
    let json = json!({
        "published": true,
        "snapshot": snapshot,
        "version": version,
        "previous": previous,
        "unchanged": unchanged,
        "findings": findings,
        "difference": difference,
        "summary": summary,
    });
    Outcome { text, json, refused: false }
}

/// The server has rules that this program does not know yet.
fn refused_there(mut text: String, answer: &Answer, whereabouts: &Whereabouts) -> Outcome {
    let findings = answer.body["findings"].as_array().cloned().unwrap_or_default();
    let _ = writeln!(text, "\nLe serveur refuse cet annuaire ; celui qui est en ligne n’a pas changé.");
    text.push_str(&output::told_findings(&findings, whereabouts, true));
    let counter_example = &answer.body["counter_example"];
    if let Some(told) = counter_example["text"].as_str() {
        let _ = write!(text, "\n{told}");
    }
    let json = json!({ "published": false, "findings": findings, "counter_example": counter_example });
    Outcome { text, json, refused: true }
}
