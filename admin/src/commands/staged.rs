//! `publish --here`: what was compiled on this desk, sent value by value. Each request costs
//! the server next to nothing, where a publication in one request costs it more than a free
//! plan gives, and a whole country more values than one request may write.

use crate::failure::Failure;
use crate::server::{Answer, Call, Server, to_body};
use insight::compare::diff::Summary;
use protocol::versions::{Missing, StagedPublication};
use serde_json::{Value, json};
use shared::snapshot::{Snapshot, to_json};
use std::io::Write as _;

/// As thorough as the server compresses what it stores.
const QUALITY: u32 = 9;
/// The same, of what visitors read.
const SMALLEST: u32 = 10;
/// The largest window that every reader of brotli takes.
const WINDOW: u32 = 24;
/// The name of the document among the values.
const DIRECTORY: &str = "directory";
/// After how many values progress is told again.
const STEP: usize = 20;

/// What was sent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sent {
    values: usize,
    bytes: usize,
    /// How many were there already.
    known: usize,
}

impl Sent {
    /// As administrators read it.
    pub(crate) fn french(self) -> String {
        let s = if self.values < 2 { "" } else { "s" };
        let known = if self.known > 0 {
            format!(" ; {} étaient déjà arrivées d’un envoi précédent", self.known)
        } else {
            String::new()
        };
        format!("{} valeur{s} envoyée{s}, {} Kio{known}.", self.values, self.bytes.div_ceil(1024))
    }

    /// For scripts.
    pub(crate) fn json(self) -> Value {
        json!({ "values": self.values, "bytes": self.bytes, "already_there": self.known })
    }
}

/// Sends what the server lacks of a snapshot, a value after another.
/// What has arrived stays: the same command again only sends the rest.
pub(crate) fn send(server: &Server, snapshot: &Snapshot) -> Result<Sent, Failure> {
    let base = format!("snapshots/{}", snapshot.id);
    let again = |failure: Failure| {
        failure.advising(
            "La version en ligne n’a pas changé. Relancez la même commande : seul ce qui manque sera envoyé.",
        )
    };
    let manifest = snapshot.manifest.to_bytes();
    let begun = server.ask(Call::put(&base, &String::from_utf8_lossy(&manifest)))?;
    let Missing { missing } = server.read(&begun)?;
    let all = 2 * snapshot.pieces.len() + 1;
    let mut sent = Sent { known: all.saturating_sub(missing.len()), ..Sent::default() };
    for (rank, name) in missing.iter().enumerate() {
        let plain = value(snapshot, name).ok_or_else(|| {
            Failure::refused(
                "unknown-value",
                format!("Le serveur demande « {name} », que ce programme ne connaît pas."),
            )
            .advising("Mettez cargo spro et le serveur à la même version.")
        })?;
        let is_piece = name.rsplit_once('.').is_some_and(|(_, form)| form == "bin");
        let bytes = compressed(&plain, if is_piece { SMALLEST } else { QUALITY });
        let path = format!("{base}/values/{name}");
        server.ask(Call::put_file(&path, &bytes)).map_err(again)?;
        sent.values += 1;
        sent.bytes += bytes.len();
        if (rank + 1) % STEP == 0 {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr(), "Envoi : {} valeurs sur {}", rank + 1, missing.len());
        }
    }
    Ok(sent)
}

/// Makes live what has arrived whole, where `expected` still is.
pub(crate) fn publish(
    server: &Server,
    snapshot: &Snapshot,
    reason: &str,
    summary: Option<&Summary>,
    removing: Option<usize>,
    expected: Option<&str>,
) -> Result<Answer, Failure> {
    let path = format!("snapshots/{}/publish", snapshot.id);
    let reason = reason.to_owned();
    let body = to_body(&StagedPublication { reason, summary: summary.cloned(), removing });
    server.call(Call::post(&path, &body).expecting(expected))
}

/// One value as it was compiled.
fn value(snapshot: &Snapshot, name: &str) -> Option<Vec<u8>> {
    if name == DIRECTORY {
        return Some(snapshot.document.as_bytes().to_vec());
    }
    let (piece, form) = name.rsplit_once('.')?;
    let compact = snapshot.pieces.get(piece)?;
    match form {
        "bin" => Some(compact.clone()),
        "json" => to_json(piece, compact)?.ok(),
        _ => None,
    }
}

fn compressed(bytes: &[u8], quality: u32) -> Vec<u8> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, WINDOW);
    // Writing to memory cannot fail.
    let _ = writer.write_all(bytes);
    writer.into_inner()
}
