//! The monthly reminder: a message for each territory about what nobody has checked for
//! long. It is kept for the administration pages; nothing is sent from here.

use crate::archive::{document, storage, unread};
use crate::ledger::{Ledger, Log, Name, Reading, Writing};
use crate::versions::State;
use insight::report::freshness::{Asked, freshness, remind};
use protocol::Who;
use protocol::trail::{Done, Trace};
use serde::{Deserialize, Serialize};
use serving::problem::{Failure, log};
use serving::runtime::Env;
use serving::store::Store;
use serving::{clock, shipped};
use shared::directory::Directory;

/// The last reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reminder {
    /// RFC 3339, UTC.
    pub(crate) made_at: String,
    pub(crate) messages: Vec<Message>,
}

/// A message, ready to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) subject: String,
    /// Whom it is for, its subject and its text.
    pub(crate) document: String,
}

/// The last one that was made.
pub(crate) async fn last(ledger: &Ledger) -> Result<Option<Reminder>, Failure> {
    let read = ledger.read(&Reading::default().name(Name::Reminder)).await.map_err(unread)?;
    Ok(read.get(Name::Reminder)?.map(|kept| kept.value))
}

/// Makes the messages of today, and keeps them instead of the last ones.
pub(crate) async fn make(ledger: &Ledger, store: &Store, by: Option<Who>) -> Result<(), Failure> {
    let live = State::read(ledger, store).await?.live;
    let directory = Directory::from_json(&document(Some(store), &live).await?)
        .map_err(|finding| Failure::ours("the live directory", &finding))?;
    let valid = crate::admin::validated_live(directory)?;
    let found = freshness(&valid, None, &shipped::geography()?, &Asked::default(), &clock::today());
    let messages: Vec<Message> = remind::messages(&found)
        .into_iter()
        .map(|message| Message { document: message.document(), subject: message.subject })
        .collect();
    let made_at = clock::timestamp();
    let trace = Trace {
        at: made_at.clone(),
        by,
        done: Done::Reminded,
        subject: "rappels".to_owned(),
        detail: format!("messages : {}", messages.len()),
    };
    let writing =
        Writing::default().put(Name::Reminder, &Reminder { made_at, messages }).append(Log::Audit, &trace);
    ledger.write(&writing).await.map_err(storage)?;
    Ok(())
}

/// What the schedule asks for. Whatever fails is logged, and comes again next month.
pub(crate) async fn scheduled(env: &Env) {
    if let (Ok(ledger), Ok(store)) = (Ledger::open(env), Store::open(env)) {
        // There is nobody to tell but the log.
        if let Err(Failure::Problem(problem)) = make(&ledger, &store, None).await {
            log("the reminders were not made", &problem.detail());
        }
    }
}
