//! « Signaler une erreur »: what a visitor reports of a place goes to the inbox of the administration.
//! Nothing is written here, and nothing of the visitor is passed on. Off with `REPORTS = "off"`.
//!
//! Whoever has no key may write here, hence three limits: bytes (`Route::limits`), reports of a client
//! and reports of all ([`Flood`]). The inbox has a line for each place and field and grows no farther.

mod flood;

use crate::guide_pages::{self, Told};
use crate::{behind, contact};
use flood::Flood;
use serde_json::Value;
use serving::answer::{self, Field, NOT_KEPT, OPEN};
use serving::body::{Incoming, object};
use serving::clock;
use serving::form::Form;
use serving::header::is_form;
use serving::host::{Host, takes_reports};
use serving::network::Network;
use serving::problem::{Failure, Problem};
use serving::query::is_name;
use shared::error_report::{ErrorReport, LONGEST, Refused, Wrong, refused};
use shared::texts::Key;
use std::cell::RefCell;
use web_sys::Response;

/// What a report is expected to be, for whoever sends something else.
const EXPECTED: &str = "Le contenu attendu est un objet avec « place », « field » (phone, hours, address, closed ou other), « snapshot » et, si besoin, « text » et « build ».";

thread_local! {
    /// What came of late, in this isolate.
    static FLOOD: RefCell<Flood> = RefCell::default();
}

/// Answers `POST /v1/reports`: to a program, and to the form of a page with a page. Where reports are
/// off there is nothing here.
pub(crate) async fn answer(host: &Host<'_>, incoming: &Incoming<'_>) -> Result<Response, Failure> {
    if !takes_reports(host.env) {
        return Err(Problem::not_found().into());
    }
    if !is_form(incoming.header("content-type").as_deref()) {
        let report: ErrorReport = object(&incoming.bytes().await?, EXPECTED)?;
        pass_on(host, incoming, report).await?;
        let mut fields: Vec<Field> = vec![("cache-control", NOT_KEPT)];
        fields.extend(OPEN);
        return answer::empty(204, &fields);
    }
    let form = Form::read(incoming).await?;
    let language = form.get("lang").to_owned();
    let passed = match of_form(&form) {
        Some(report) => pass_on(host, incoming, report).await,
        None => Err(malformed().into()),
    };
    let told = match passed {
        Ok(()) => Told { status: 200, key: Key::ReportSent, headers: Vec::new() },
        Err(Failure::Problem(problem)) => Told {
            status: problem.status,
            key: if problem.is("text-refused") { Key::ReportRefused } else { Key::ReportFailed },
            headers: problem.headers,
        },
        Err(Failure::Ours) => Told { status: 500, key: Key::ReportFailed, headers: Vec::new() },
    };
    guide_pages::told(host, &language, told).await
}

fn malformed() -> Problem {
    Problem::new(422, "malformed-request", EXPECTED)
}

/// The form of a page.
fn of_form(form: &Form) -> Option<ErrorReport> {
    Some(ErrorReport {
        place: form.get("place").to_owned(),
        field: Wrong::parse(form.get("field"))?,
        text: form.get("text").to_owned(),
        snapshot: form.get("snapshot").to_owned(),
        build: String::new(),
    })
}

/// Checks a report and hands it to the administration.
async fn pass_on(host: &Host<'_>, incoming: &Incoming<'_>, mut report: ErrorReport) -> Result<(), Failure> {
    let client = match Network::of(host.env, incoming.request) {
        Network::Known(name) => Some(name),
        Network::Unknown => None,
    };
    FLOOD.with_borrow_mut(|flood| flood.take(client, clock::now())).map_err(too_many)?;
    let is_hash = |text: &str| is_name(text) && text.len() <= 64;
    if !is_hash(&report.snapshot) || !(report.build.is_empty() || is_hash(&report.build)) {
        return Err(malformed().into());
    }
    report.text = report.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(why) = refused(&report.text) {
        let detail = match why {
            Refused::TooLong => format!("La précision dépasse {LONGEST} caractères."),
            Refused::LeadsToSomebody => {
                "La précision ne doit contenir ni numéro de téléphone, ni courriel, ni lien.".to_owned()
            }
        };
        return Err(Problem::new(422, "text-refused", detail).into());
    }
    contact::find(host, &report.place).await?;
    let document =
        serde_json::to_value(&report).map_err(|error| Failure::ours("a report of an error", &error))?;
    send(host, &document).await
}

async fn send(host: &Host<'_>, document: &Value) -> Result<(), Failure> {
    behind::report(host.env, &document.to_string()).await.map_err(|_| {
        let detail = "Le signalement n’a pas pu être enregistré pour le moment. Réessayez plus tard.";
        Problem::unavailable("reports-unavailable", detail).into()
    })
}

fn too_many(seconds: u32) -> Failure {
    let detail = "Trop de signalements à la suite. Réessayez plus tard.";
    Problem::new(429, "too-many-reports", detail).header("Retry-After", seconds.to_string()).into()
}
