//! The ledger: the small records of administration that must never be written twice at
//! once. Drafts, access keys, sessions, which version is live, and two logs that only grow.
//!
//! KV has no transaction; a Durable Object has, and there is one of it in the world
//! (`administration/js/ledger.js`). Visitors never need it: what they read is in KV.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serving::problem::{Failure, Thrown, log};
use serving::runtime::{Env, Service, bytes_of};
use serving::store::Unreachable;
use shared::fields;
use shared::snapshot::SnapshotId;
use std::fmt;
use wasm_bindgen::JsValue;
use web_sys::RequestInit;

/// The name of a record. The part before the slash says what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name<'a> {
    /// Which version is live.
    Live,
    /// A version that is about to be live.
    Intent,
    /// A draft, by its id.
    Draft(&'a str),
    /// An access key, by its id.
    Key(&'a str),
    /// A signed-in browser, by the hash of its secret.
    Session(&'a str),
    /// Wrong keys of late.
    Attempts,
    /// The pieces of a snapshot that was compiled elsewhere, as they arrive.
    Staged(&'a SnapshotId),
    /// The last reminder of what has to be checked again.
    Reminder,
    /// A build of the element that is kept, by its name.
    Build(&'a str),
    /// What visitors report of a field of a place: `place/field`.
    Report(&'a str),
    /// A value of KV that something may point to (`values`).
    Value(&'a str),
    /// The private link of a place, by the place's id.
    PlaceLink(&'a str),
    /// What the last runs of sources said.
    Sources,
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live => f.write_str("live"),
            Self::Intent => f.write_str("intent"),
            Self::Draft(id) => write!(f, "draft/{id}"),
            Self::Key(id) => write!(f, "key/{id}"),
            Self::Session(hash) => write!(f, "session/{hash}"),
            Self::Attempts => f.write_str("attempts"),
            Self::Staged(snapshot) => write!(f, "staged/{snapshot}"),
            Self::Reminder => f.write_str("reminder"),
            Self::Build(build) => write!(f, "build/{build}"),
            Self::Report(line) => write!(f, "report/{line}"),
            Self::Value(value) => write!(f, "value/{value}"),
            Self::Sources => f.write_str("sources"),
            Self::PlaceLink(place) => write!(f, "place-link/{place}"),
        }
    }
}

/// A log: entries are added, never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// What was live when.
    Versions,
    /// Who did what.
    Audit,
}

impl Log {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Versions => "versions",
            Self::Audit => "audit",
        }
    }
}

/// A record as it is stored, with the revision that the next writing must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept<T> {
    pub(crate) revision: u64,
    pub(crate) value: T,
}

/// An entry of a log. Numbers grow, with gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry<T> {
    pub(crate) number: u64,
    pub(crate) value: T,
}

/// Several readings at once.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Reading {
    names: Vec<String>,
    prefixes: Vec<String>,
    logs: Vec<LogPart>,
}

#[derive(Debug, Serialize)]
struct LogPart {
    log: &'static str,
    before: Option<u64>,
    limit: u32,
}

impl Reading {
    /// Also the record of this name.
    pub(crate) fn name(mut self, name: Name<'_>) -> Self {
        self.names.push(name.to_string());
        self
    }

    /// Also all records of the kind of this name, whatever is behind its slash.
    pub(crate) fn all(mut self, name: Name<'_>) -> Self {
        let name = name.to_string();
        let prefix = name.split_once('/').map_or(name.as_str(), |(kind, _)| kind);
        self.prefixes.push(format!("{prefix}/"));
        self
    }

    /// Also the newest entries of a log; those before a number, where there is one.
    pub(crate) fn log(mut self, log: Log, before: Option<u64>, limit: u32) -> Self {
        self.logs.push(LogPart { log: log.as_str(), before, limit });
        self
    }
}

/// What a reading gave.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Read {
    records: Vec<StoredRecord>,
    entries: Vec<Vec<StoredEntry>>,
}

#[derive(Debug, Deserialize)]
struct StoredRecord {
    name: String,
    revision: u64,
    value: Value,
}

#[derive(Debug, Deserialize)]
struct StoredEntry {
    number: u64,
    value: Value,
}

impl Read {
    /// The record of this name, among those that were read.
    pub(crate) fn get<T: DeserializeOwned>(&self, name: Name<'_>) -> Result<Option<Kept<T>>, Failure> {
        let name = name.to_string();
        let record = self.records.iter().find(|record| record.name == name);
        record.map(|record| kept(record)).transpose()
    }

    /// All records of the kind of this name.
    pub(crate) fn all<T: DeserializeOwned>(&self, name: Name<'_>) -> Result<Vec<Kept<T>>, Failure> {
        Ok(self.named(name)?.into_iter().map(|(_, kept)| kept).collect())
    }

    /// All records of the kind of this name, each with what is behind its slash.
    pub(crate) fn named<T: DeserializeOwned>(
        &self,
        name: Name<'_>,
    ) -> Result<Vec<(String, Kept<T>)>, Failure> {
        let name = name.to_string();
        let kind = name.split_once('/').map_or(name.as_str(), |(kind, _)| kind);
        self.records
            .iter()
            .filter_map(|record| {
                record.name.split_once('/').filter(|(of, _)| *of == kind).map(|(_, own)| (own, record))
            })
            .map(|(own, record)| Ok((own.to_owned(), kept(record)?)))
            .collect()
    }

    /// The entries of the first log that was asked for, newest first.
    pub(crate) fn log<T: DeserializeOwned>(&self) -> Result<Vec<Entry<T>>, Failure> {
        let entries = self.entries.first().map_or(&[][..], Vec::as_slice);
        let read = |entry: &StoredEntry| {
            let value = fields::read(&entry.value)
                .map_err(|error| Failure::ours("an entry of the ledger is unreadable", &error))?;
            Ok(Entry { number: entry.number, value })
        };
        entries.iter().map(read).collect()
    }
}

fn kept<T: DeserializeOwned>(record: &StoredRecord) -> Result<Kept<T>, Failure> {
    let value = fields::read(&record.value)
        .map_err(|error| Failure::ours("a record of the ledger is unreadable", &error))?;
    Ok(Kept { revision: record.revision, value })
}

/// Several writings at once: all of them happen, or none.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Writing {
    expect: Vec<(String, u64)>,
    put: Vec<(String, Value)>,
    remove: Vec<String>,
    append: Vec<(&'static str, Value)>,
}

impl Writing {
    /// Only where this record is at this revision; 0 where it must not be there.
    pub(crate) fn expect(mut self, name: Name<'_>, revision: u64) -> Self {
        self.expect.push((name.to_string(), revision));
        self
    }

    /// Writes a record.
    pub(crate) fn put(mut self, name: Name<'_>, value: &impl Serialize) -> Self {
        self.put.push((name.to_string(), json(value)));
        self
    }

    /// Removes a record.
    pub(crate) fn remove(mut self, name: Name<'_>) -> Self {
        self.remove.push(name.to_string());
        self
    }

    /// Adds to a log.
    pub(crate) fn append(mut self, log: Log, value: &impl Serialize) -> Self {
        self.append.push((log.as_str(), json(value)));
        self
    }
}

/// Our records are plain: nothing in them can fail to be JSON.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// How a writing went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    /// Done; the new revisions, in the order of what was put.
    Done(Vec<u64>),
    /// Nothing was written: somebody else has written one of the expected records.
    Conflict,
}

#[derive(Deserialize)]
struct WriteAnswer {
    #[serde(default)]
    revisions: Vec<u64>,
    #[serde(default)]
    conflicts: Vec<String>,
}

/// The ledger.
pub(crate) struct Ledger(Service);

impl Ledger {
    /// The object that is bound as `LEDGER`.
    pub(crate) fn open(env: &Env) -> Result<Self, Unreachable> {
        let object = env.durable_object("LEDGER", "ledger");
        object.map(Self).map_err(|error| unreachable("the ledger is not bound", &error))
    }

    /// Reads.
    pub(crate) async fn read(&self, reading: &Reading) -> Result<Read, Unreachable> {
        self.ask("read", reading).await
    }

    /// Writes.
    pub(crate) async fn write(&self, writing: &Writing) -> Result<Written, Unreachable> {
        let answer: WriteAnswer = self.ask("write", writing).await?;
        let is_done = answer.conflicts.is_empty();
        Ok(if is_done { Written::Done(answer.revisions) } else { Written::Conflict })
    }

    /// Adds to the counters of a day; those of days before another are forgotten.
    pub(crate) async fn count(
        &self,
        day: &str,
        add: &[(&str, u32)],
        before: &str,
    ) -> Result<(), Unreachable> {
        let body = serde_json::json!({ "day": day, "add": add, "before": before });
        let _: Value = self.ask("count", &body).await?;
        Ok(())
    }

    /// The counters of days, both included: day, name, number.
    pub(crate) async fn counts(
        &self,
        from: &str,
        to: &str,
    ) -> Result<Vec<(String, String, u64)>, Unreachable> {
        self.ask("counts", &serde_json::json!({ "from": from, "to": to })).await
    }

    async fn ask<T: DeserializeOwned>(&self, what: &str, body: &impl Serialize) -> Result<T, Unreachable> {
        let ask = async {
            let unreadable = |error: serde_json::Error| JsValue::from(error.to_string());
            let init = RequestInit::new();
            init.set_method("POST");
            init.set_body(&serde_json::to_string(body).map_err(unreadable)?.into());
            // The host is never looked up: the object is the address.
            let answer = self.0.send(&format!("http://ledger/{what}"), &init).await?;
            serde_json::from_slice(&bytes_of(&answer).await?).map_err(unreadable)
        };
        ask.await.map_err(|error| unreachable("the ledger", &error))
    }
}

#[cold]
fn unreachable(what: &str, cause: &JsValue) -> Unreachable {
    log(what, &Thrown(cause));
    Unreachable
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn readings_and_writings_are_what_the_object_expects() {
        let reading = Reading::default().name(Name::Live).all(Name::Draft("")).log(Log::Audit, Some(7), 50);
        assert_eq!(
            json(&reading),
            json!({"names": ["live"], "prefixes": ["draft/"], "logs": [{"log": "audit", "before": 7, "limit": 50}]})
        );
        let writing = Writing::default()
            .expect(Name::Draft("a"), 3)
            .put(Name::Draft("a"), &json!({"title": "x"}))
            .remove(Name::Session("b"))
            .append(Log::Versions, &json!(1));
        assert_eq!(
            json(&writing),
            json!({
                "expect": [["draft/a", 3]],
                "put": [["draft/a", {"title": "x"}]],
                "remove": ["session/b"],
                "append": [["versions", 1]],
            })
        );
    }

    #[test]
    fn what_was_read_is_found_by_name_and_by_kind() {
        let read: Read = serde_json::from_value(json!({
            "records": [
                {"name": "live", "revision": 4, "value": 1},
                {"name": "key/a", "revision": 2, "value": 2},
                {"name": "key/b", "revision": 3, "value": 3},
            ],
            "entries": [[{"number": 9, "value": "x"}]],
        }))
        .unwrap();
        assert_eq!(read.get::<u32>(Name::Live).unwrap(), Some(Kept { revision: 4, value: 1 }));
        assert_eq!(read.get::<u32>(Name::Intent).unwrap(), None);
        let keys: Vec<u32> = read.all(Name::Key("")).unwrap().into_iter().map(|kept| kept.value).collect();
        assert_eq!(keys, [2, 3]);
        assert_eq!(read.log::<String>().unwrap(), [Entry { number: 9, value: "x".to_owned() }]);
    }
}
