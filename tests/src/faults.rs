//! What a test can do to the KV namespace while the worker is serving from it.

use crate::{Client, Failure};
use serde_json::{Map, Value, json};

/// The faults that are on; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Every reading answers with an error.
    pub fail_reads: bool,
    /// Only this many more writings succeed.
    pub writes_left: Option<u32>,
    /// Every operation waits this long first.
    pub delay_ms: Option<u32>,
    /// Readings of the keys that contain this text give the first half of their value.
    pub truncate: Option<String>,
    /// One writing never ends.
    pub hold: Option<Hold>,
}

/// A writing that never ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Which one, counted from 0 since the faults were set.
    pub writing: u32,
    /// Whether the store has the value by then, and only its answer is missing.
    pub stored: bool,
}

impl Faults {
    /// Nothing can be read or written.
    pub fn down() -> Self {
        Self { fail_reads: true, writes_left: Some(0), ..Self::default() }
    }

    fn to_json(&self) -> Value {
        let mut json = Map::new();
        if self.fail_reads {
            json.insert("fail_reads".to_owned(), json!(true));
        }
        if let Some(writes) = self.writes_left {
            json.insert("writes_left".to_owned(), json!(writes));
        }
        if let Some(delay) = self.delay_ms {
            json.insert("delay_ms".to_owned(), json!(delay));
        }
        if let Some(keys) = &self.truncate {
            json.insert("truncate".to_owned(), json!(keys));
        }
        if let Some(Hold { writing, stored }) = &self.hold {
            json.insert("hold".to_owned(), json!({ "writing": writing, "stored": stored }));
        }
        Value::Object(json)
    }
}

/// The switchboard of one faulty KV.
#[derive(Debug, Clone)]
pub struct Switchboard {
    client: Client,
}

impl Switchboard {
    pub(crate) const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Where it is, for tests that are not written in Rust.
    pub fn origin(&self) -> &str {
        self.client.origin()
    }

    /// Replaces the faults, and forgets which operations were asked.
    pub fn set(&self, faults: &Faults) -> Result<(), Failure> {
        let reply = self.client.post("/").json(&faults.to_json()).send()?;
        if reply.status == 200 {
            Ok(())
        } else {
            Err(Failure::new(format!("the faulty KV refused the faults: {}", reply.text())))
        }
    }

    /// Whether a writing is being held now.
    pub fn is_holding(&self) -> Result<bool, Failure> {
        Ok(self.client.get("/").send()?.json()["held"] == true)
    }

    /// What the worker asked of the KV since the faults were last set, in order, as
    /// `GET key`.
    pub fn operations(&self) -> Result<Vec<String>, Failure> {
        let reply = self.client.get("/").send()?.json();
        let operations = reply["operations"].as_array().cloned().unwrap_or_default();
        Ok(operations.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }
}
