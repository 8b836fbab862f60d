//! The longest wait of a visitor beside heavy and hostile requests, measured by a second client.

use crate::{TOKEN, memory, milliseconds, now, quantile};
use serde_json::json;
use spro_tests::{Client, Failure, Reply, Setup, Workerd, documents};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use zip::write::SimpleFileOptions;

/// How long a request without a key may make a visitor wait.
const WITHOUT_A_KEY: Duration = Duration::from_millis(50);
/// What the most memory may grow by for one, in MiB.
const GROWTH: f64 = 2.0;
/// Places of one commune, and sheets of one workbook.
const ROWS: usize = 8_000;
const SHEETS: usize = 100_000;
const MIB: usize = 1 << 20;

/// Who sends a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    Anybody,
    Administrator,
    /// An administrator; who waits meanwhile is somebody else whom the administration answers.
    Colleague,
}

/// A worker, with someone who makes it work and someone who visits it.
struct Scene {
    workerd: Workerd,
    good: bool,
}

/// Makes the requests one after the other, and prints how long a visitor waited meanwhile. False
/// when one without a key made visitors wait, took memory, or was not refused.
pub(crate) fn waits() -> Result<bool, Failure> {
    let workerd = Workerd::start(Setup { token: Some(TOKEN.to_owned()), ..Setup::default() })?;
    let mut scene = Scene { workerd, good: true };
    println!(
        "{:<44} {:>6} {:>9} {:>22} {:>9}",
        "beside", "status", "took, ms", "a visitor waited, ms", "MiB more"
    );
    let pause = |_: &Client| {
        #[expect(clippy::disallowed_methods, reason = "this is what is measured: nothing, for a while")]
        thread::sleep(Duration::from_secs(2));
        Ok(None)
    };
    scene.beside("nothing, for two seconds", Sender::Administrator, 0, pause)?;
    scene.beside("nothing once more", Sender::Administrator, 0, pause)?;
    // A small one of each first: what an isolate does once is not the request's.
    let sign_in = |bytes: usize| {
        move |client: &Client| {
            let origin = client.origin().to_owned();
            let body = b"a&".repeat(bytes / 2);
            let kind = "application/x-www-form-urlencoded";
            let request =
                client.post("/admin/sign-in").header("Origin", &origin).header("Content-Type", kind);
            request.body(body).send().map(Some)
        }
    };
    sign_in(100)(&scene.workerd.client())?;
    // The first large body makes an isolate's heap grow once, and the next ones use that.
    scene.beside("the first form of 25 MiB to sign in", Sender::Administrator, 413, sign_in(25 * MIB))?;
    scene.beside("a form of 4 MiB to sign in, no key", Sender::Anybody, 413, sign_in(4 * MIB))?;
    scene.beside("a form of 25 MiB to sign in, no key", Sender::Anybody, 413, sign_in(25 * MIB))?;
    let question = |bytes: usize| {
        move |client: &Client| {
            let body = format!("{{\"answers\":{{\"goal\":\"{}\"}}}}", "a".repeat(bytes));
            let request = client.post("/v1/recommendations").header("Content-Type", "application/json");
            request.body(body).send().map(Some)
        }
    };
    question(10)(&scene.workerd.client())?;
    scene.beside("answers of 10 MiB, no key", Sender::Anybody, 413, question(10 * MIB))?;
    scene.beside("a directory of 20 MiB, no key", Sender::Anybody, 413, |client| {
        client.post("/admin/v1/publish").body(b"[".repeat(20 * MIB)).send().map(Some)
    })?;

    let directory = documents::titled("Waits")?;
    let ask = |client: &Client, path: &str| {
        client.post(&format!("/admin/v1/{path}")).token(TOKEN).json(&json!({})).send()
    };
    scene.beside("a publication", Sender::Administrator, 200, |client| {
        client.post("/admin/v1/publish").token(TOKEN).json(&directory).send().map(Some)
    })?;
    scene.beside("a diagnosis", Sender::Administrator, 200, |client| {
        client.get("/admin/v1/diagnosis").token(TOKEN).send().map(Some)
    })?;
    let draft = |client: &Client| -> Result<String, Failure> {
        let draft = ask(client, "drafts")?.json();
        Ok(format!("drafts/{}", draft["id"].as_str().unwrap_or_default()))
    };
    let send = |client: &Client, draft: &str, name: &str, bytes: Vec<u8>| {
        let path = format!("/admin/v1/{draft}/file?name={name}&checked_on=2026-11-03");
        client.request("PUT", &path).token(TOKEN).body(bytes).send()
    };
    let client = scene.workerd.client();
    let one = draft(&client)?;
    let table = one_commune(ROWS);
    let once_more = (draft(&client)?, table.clone());
    scene.beside("an import of 8 000 rows of one commune", Sender::Administrator, 200, |client| {
        send(client, &one, "places.csv", table).map(Some)
    })?;
    scene.beside("the same, for who asks the administration", Sender::Colleague, 200, |client| {
        send(client, &once_more.0, "places.csv", once_more.1).map(Some)
    })?;
    scene.beside("a check of what it gave", Sender::Administrator, 200, |client| {
        ask(client, &format!("{one}/check")).map(Some)
    })?;
    let other = draft(&client)?;
    let workbook = many_sheets(SHEETS)?;
    scene.beside("a workbook of 100 000 sheets", Sender::Administrator, 422, |client| {
        send(client, &other, "sheets.xlsx", workbook).map(Some)
    })?;
    let hungry = "Nom;CP\r".repeat(2 * MIB).into_bytes();
    scene.beside("14 MiB of rows that say nothing", Sender::Administrator, 422, |client| {
        send(client, &other, "hungry.csv", hungry).map(Some)
    })?;
    Ok(scene.good)
}

impl Scene {
    /// What both workers have, and the most that they had.
    fn memory(&self) -> (f64, f64) {
        let [public, administration] = [self.workerd.process(), self.workerd.administration_process()]
            .map(|process| memory(process).unwrap_or_default());
        (public.0 + administration.0, public.1 + administration.1)
    }

    /// Does something, while a visitor asks without a pause, and prints a line.
    fn beside(
        &mut self,
        name: &str,
        sender: Sender,
        status: u16,
        work: impl FnOnce(&Client) -> Result<Option<Reply>, Failure>,
    ) -> Result<(), Failure> {
        let client = self.workerd.client();
        let asked = if sender == Sender::Colleague { "/embed/doctor" } else { "/v1/first.json?lang=fr" };
        client.get(asked).send()?;
        let before = self.memory();
        let over = AtomicBool::new(false);
        let (reply, took, waits) = thread::scope(|scope| {
            let visitor = scope.spawn(|| visit_until(&self.workerd.client(), asked, &over));
            let begun = now();
            let reply = work(&client);
            let took = begun.elapsed();
            over.store(true, Ordering::Relaxed);
            (reply, took, visitor.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (reply, waits) = (reply?, waits?);
        let after = self.memory();
        let longest = quantile(&waits, 1.0);
        let more = (after.1 - before.1.max(before.0)).max(0.0);
        let said = reply.as_ref().map_or(0, |reply| reply.status);
        let mut line = format!(
            "{name:<44} {said:>6} {:>9} {:>22} {more:>9.1}",
            milliseconds(took),
            format!("{} (p50 {})", milliseconds(longest), milliseconds(quantile(&waits, 0.5)))
        );
        let mut wrong = |what: &str| {
            self.good = false;
            // Writing to a string cannot fail.
            let _ = write!(line, "  {what}");
        };
        if said != status {
            wrong(&format!("not {status}"));
        }
        if sender == Sender::Anybody && longest > WITHOUT_A_KEY {
            wrong(&format!("more than {} ms", WITHOUT_A_KEY.as_millis()));
        }
        if sender == Sender::Anybody && more > GROWTH {
            wrong(&format!("more than {GROWTH} MiB"));
        }
        // A list is read in slices; what comes of it is compared and compressed at once.
        if sender == Sender::Colleague && longest > took * 3 / 4 {
            wrong("longer than three quarters of it");
        }
        println!("{line}");
        Ok(())
    }
}

/// Asks for this until it is over, and returns how long each answer took, in order.
fn visit_until(client: &Client, asked: &str, over: &AtomicBool) -> Result<Vec<Duration>, Failure> {
    let mut waits = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let begun = now();
        let reply = client.get(asked).send()?;
        if reply.status != 200 {
            return Err(Failure::new(format!("a visitor got {}: {}", reply.status, reply.text())));
        }
        waits.push(begun.elapsed());
        // As often as people come; without a pause the visitor would be the load.
        #[expect(clippy::disallowed_methods, reason = "a load is made of requests and of pauses")]
        thread::sleep(Duration::from_millis(2));
    }
    waits.sort_unstable();
    Ok(waits)
}

/// A table of so many places of one commune.
fn one_commune(rows: usize) -> Vec<u8> {
    let mut table = String::from("Nom;CP;Commune;Réseau;Adresse\n");
    for row in 0..rows {
        let _ = writeln!(table, "CIO {row};26000;Valence;CIO;{row} rue Inventée");
    }
    table.into_bytes()
}

/// A workbook whose one sheet has so many names.
fn many_sheets(sheets: usize) -> Result<Vec<u8>, Failure> {
    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let names = (0..sheets).fold(String::new(), |mut names, sheet| {
        let _ = write!(names, r#"<sheet name="S{sheet}" sheetId="{}" r:id="rId1"/>"#, sheet + 1);
        names
    });
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                r#"{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                r#"{HEAD}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>NOM</t></is></c></row></sheetData></worksheet>"#
            ),
        ),
    ];
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("no workbook: {error}"));
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
        archive.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    }
    Ok(archive.finish().map_err(|error| failed(&error))?.into_inner())
}
