//! The anonymous counters as administrators ask for them.

use super::api::as_json;
use super::desk::Desk;
use crate::archive::unread;
use crate::counters::shown::{COUNTERS, FEW, ROUNDED_TO, Row, Span, csv, rows};
use serde_json::{Value, json};
use serving::answer::{self, Field, NOT_KEPT};
use serving::clock;
use serving::host::counts_visits;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use shared::directory::{Directory, MAIN_LANGUAGE, Text};
use shared::opening::Day;
use web_sys::Response;

impl Desk<'_> {
    /// The counters that a query asks for.
    pub(crate) async fn counted(&self, query: &str) -> Result<(Span, Vec<Row>), Failure> {
        let asked = |name: &str| parameter(query, name).unwrap_or_default();
        let today = Day::parse(&clock::today()).unwrap_or(Day(0));
        let span = Span::read(&asked("from"), &asked("to"), &asked("by"), today)
            .map_err(|wrong| Problem::new(422, "malformed-span", wrong))?;
        let (from, to) = (span.first().iso(), span.last().iso());
        let stored = self.ledger.counts(&from, &to).await.map_err(unread)?;
        Ok((span, rows(&span, &stored)))
    }
}

/// `GET /admin/v1/counters`.
pub(crate) async fn counted(desk: &Desk<'_>, query: &str) -> Result<Response, Failure> {
    let (span, rows) = desk.counted(query).await?;
    match parameter(query, "format").as_deref() {
        None | Some("json") => {}
        Some("csv") => {
            let names = Names::of(desk.parse(&desk.live_document().await?)?);
            return table(&csv(&span, &rows, |row| names.both(row)));
        }
        Some(_) => {
            return Err(Problem::new(422, "unknown-format", "Les formats possibles sont json et csv.").into());
        }
    }
    let told = |row: &Row| {
        let numbers: Vec<Option<u64>> = row.numbers.iter().map(|number| number.number()).collect();
        json!({ "counter": row.counter, "id": row.id, "numbers": numbers, "whole": row.whole.number() })
    };
    as_json(&json!({
        "on": counts_visits(desk.host.env),
        "by": span.by.as_str(),
        "periods": span.periods().into_iter().map(shared::opening::Day::iso).collect::<Vec<_>>(),
        "hidden_below": FEW,
        "rounded_to": ROUNDED_TO,
        "counters": rows.iter().map(told).collect::<Vec<Value>>(),
    }))
}

/// Sends them as a file for a spreadsheet program.
pub(crate) fn table(csv: &str) -> Result<Response, Failure> {
    let fields: [Field; 3] = [
        ("content-type", "text/csv; charset=utf-8; header=present"),
        ("content-disposition", "attachment; filename=\"frequentation.csv\""),
        ("cache-control", NOT_KEPT),
    ];
    answer::once(200, csv.as_bytes(), &fields)
}

/// What the counters are called: the words of the live directory.
pub(crate) struct Names(Directory);

impl Names {
    pub(crate) const fn of(live: Directory) -> Self {
        Self(live)
    }

    /// What a counter counts, and which of them.
    pub(crate) fn both(&self, row: &Row) -> (String, String) {
        (group(&row.counter).to_owned(), self.name(&row.counter, &row.id))
    }

    /// Which of the counters of a kind; its id where the live directory no longer has it.
    pub(crate) fn name(&self, counter: &str, id: &str) -> String {
        let french = |text: &Text| text.get(MAIN_LANGUAGE).cloned();
        let edition = &self.0.edition;
        let name = match (counter, id) {
            ("begin", _) => Some("toutes".to_owned()),
            ("rung", "element") => Some("dans l’élément".to_owned()),
            ("rung", "frame") => Some("dans le cadre de secours".to_owned()),
            ("rung", "page") => Some("dans les pages sans JavaScript".to_owned()),
            ("outcome", "place") => Some("vers un lieu".to_owned()),
            ("outcome", "remote") => Some("vers un service à distance".to_owned()),
            ("network", "-") => Some("aucun réseau".to_owned()),
            ("territory", "-") => Some("hors des territoires de l’annuaire".to_owned()),
            ("language", tag) => {
                let language = edition.languages.iter().find(|language| language.tag == tag);
                language
                    .map(|language| language.name.clone())
                    .or_else(|| (tag == MAIN_LANGUAGE).then(|| "Français".to_owned()))
            }
            ("step", id) => {
                edition.questions.iter().find(|one| one.id == id).and_then(|one| french(&one.text))
            }
            ("network", id) => {
                edition.networks.iter().find(|one| one.id == id).and_then(|one| french(&one.name))
            }
            ("territory", id) => {
                self.0.territories.iter().find(|one| one.id == id).map(|one| one.name.clone())
            }
            _ => None,
        };
        name.unwrap_or_else(|| id.to_owned())
    }
}

/// What a counter counts.
pub(crate) fn group(counter: &str) -> &'static str {
    match COUNTERS.iter().position(|known| *known == counter) {
        Some(0) => "Visites commencées",
        Some(1) => "Visites par langue",
        Some(2) => "Visites par façon d’afficher le guide",
        Some(3) => "Questions affichées",
        Some(4) => "Résultats affichés",
        Some(5) => "Résultats par réseau du premier lieu",
        Some(6) => "Résultats par territoire de la commune",
        _ => "Autre",
    }
}
