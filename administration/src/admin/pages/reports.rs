//! The inbox of errors that visitors report, place by place and field by field.

use super::frame::{Page, go_to, send};
use super::parts::{facts, table};
use super::{Asked, wording};
use crate::admin::territory::stands_in;
use crate::reports::{self, Line, french};
use maud::{Markup, html};
use protocol::rights::Right;
use serving::form::Form;
use serving::host::takes_reports;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::shipped;
use shared::directory::{Directory, Structure};
use shared::error_report::Wrong;
use std::collections::BTreeMap;
use web_sys::Response;

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
    All,
}

impl State {
    const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Open, "open", "à traiter"), (Self::Done, "done", "traités"), (Self::All, "all", "tous")];

    fn shows(self, line: &Line) -> bool {
        match self {
            Self::Open => line.done.is_none(),
            Self::Done => line.done.is_some(),
            Self::All => true,
        }
    }
}

/// A line, and its place where the live directory still has it.
struct Row<'a> {
    line: &'a Line,
    place: Option<&'a Structure>,
}

impl Asked<'_> {
    /// `/admin/reports`.
    pub(super) async fn reports(&self) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let lines = self.own(&directory, reports::all(&self.desk.ledger).await?)?;
        let named = |name: &str| parameter(self.query, name).unwrap_or_default();
        let field = Wrong::parse(&named("field"));
        let wanted = named("state");
        let state =
            State::ALL.iter().find(|(_, code, _)| *code == wanted).map_or(State::Open, |(state, ..)| *state);
        let places: BTreeMap<&str, &Structure> =
            directory.structures.iter().map(|place| (place.id.as_str(), place)).collect();
        let rows: Vec<Row> = lines
            .iter()
            .filter(|line| state.shows(line) && field.is_none_or(|field| line.field == field))
            .map(|line| Row { line, place: places.get(line.place.as_str()).copied() })
            .collect();
        let open = lines.iter().filter(|line| line.done.is_none()).count();
        let may_treat = self.desk.person.role.may(Right::Draft);
        let cells: Vec<Vec<Markup>> = rows.iter().map(|row| cells(row, may_treat)).collect();
        let body = html! {
            p { "Ce que des visiteurs ont signalé d’un lieu, sans rien dire d’eux. Vérifiez auprès du lieu avant de corriger : n’importe qui peut signaler." }
            @if !takes_reports(self.desk.host.env) {
                p { "Les signalements sont désactivés sur ce service : les visiteurs voient le courriel ou le site de qui tient l’annuaire." }
            }
            (facts(&[("à traiter", Some(html! { (open) })), ("en tout", Some(html! { (lines.len()) }))]))
            (choose(field, state))
            @if cells.is_empty() { p { "Rien ici." } }
            @else { (table(&html! { "Signalements" }, &["Lieu", "Ce qui est faux", "Signalé", "Précisions", "État"], &cells)) }
        };
        let page = Page { title: "Signalements", part: "/admin/reports", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Says that a line is done with, or opens it again.
    pub(super) async fn treat_report(&self) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let field = Wrong::parse(form.get("field")).ok_or_else(Problem::not_found)?;
        let (place, is_done) = (form.get("place"), form.get("what") == "done");
        if self.desk.person.role.territory().is_some() {
            let directory = self.desk.parse(&self.desk.live_document().await?)?;
            let lines = reports::all(&self.desk.ledger).await?;
            if !self.own(&directory, lines)?.iter().any(|line| line.place == place && line.field == field) {
                return Err(self.desk.forbidden(place).await);
            }
        }
        reports::set_done(&self.desk.ledger, self.desk.person.who(), place, field, is_done).await?;
        let done = if is_done { "report-done" } else { "report-reopened" };
        go_to(&format!("/admin/reports?done={done}"), None)
    }

    /// The lines that are still open, of those that this person sees.
    pub(super) async fn open_reports(&self, directory: &Directory) -> Result<Vec<Line>, Failure> {
        let mut lines = self.own(directory, reports::all(&self.desk.ledger).await?)?;
        lines.retain(|line| line.done.is_none());
        Ok(lines)
    }

    /// A territory's editor sees the places of the territory.
    fn own(&self, directory: &Directory, mut lines: Vec<Line>) -> Result<Vec<Line>, Failure> {
        if let Some(territory) = self.desk.person.role.territory() {
            let geography = shipped::geography()?;
            let is_own = stands_in(territory, directory, &geography);
            lines.retain(|line| {
                let place = directory.structures.iter().find(|place| place.id == line.place);
                place.is_some_and(&is_own)
            });
        }
        Ok(lines)
    }
}

/// What is above « À revérifier »: the places that visitors have reported.
pub(super) fn reported(directory: &Directory, lines: &[Line]) -> Markup {
    let mut places: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        places.entry(&line.place).or_default().push(line);
    }
    let rows: Vec<Vec<Markup>> = places
        .iter()
        .map(|(id, lines)| {
            let place = directory.structures.iter().find(|place| place.id == **id);
            let fields: Vec<&str> = lines.iter().map(|line| french(line.field)).collect();
            vec![named(id, place), html! { (fields.join(", ")) }]
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "Signalées par des visiteurs (" (rows.len()) ")" }
                (table(&html! { "Signalées par des visiteurs" }, &["Lieu", "Ce qui serait faux"], &rows))
                p { a href="/admin/reports" { "Traiter les signalements" } }
            }
        }
    }
}

fn named(id: &str, place: Option<&Structure>) -> Markup {
    html! {
        @match place {
            Some(place) => { a href={ "/admin/places/" (place.id) } { (place.name) } }
            None => { (id) " (n’est plus dans l’annuaire en ligne)" }
        }
    }
}

fn cells(row: &Row, may_treat: bool) -> Vec<Markup> {
    let Line { place, field, count, first_on, last_on, texts, snapshot, build, done } = row.line;
    vec![
        named(place, row.place),
        html! { (french(*field)) },
        html! {
            (wording::places(*count as usize, "fois", "fois"))
            @if first_on == last_on { ", le " (last_on) } @else { ", du " (first_on) " au " (last_on) }
        },
        html! {
            @for text in texts { p { "« " (text) " »" } }
            p class="soft" { "Fiche lue : " (short(snapshot)) @if build.is_empty() { ", pages sans JavaScript" } @else { ", élément " (short(build)) } }
        },
        html! {
            @if let Some((who, on)) = done { p { "traité le " (on) " par " (who.name) } }
            @if may_treat {
                form method="post" action="/admin/reports" {
                    input type="hidden" name="place" value=(place);
                    input type="hidden" name="field" value=(field.as_str());
                    @if done.is_none() { button type="submit" name="what" value="done" class="quiet" { "C’est traité" } }
                    @else { button type="submit" name="what" value="reopen" class="quiet" { "Rouvrir" } }
                }
            }
        },
    ]
}

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

fn choose(field: Option<Wrong>, state: State) -> Markup {
    html! {
        form method="get" action="/admin/reports" class="card search" {
            div class="field" {
                label for="field" { "Ce qui est faux" }
                select id="field" name="field" {
                    option value="" { "tout" }
                    @for wrong in Wrong::ALL { option value=(wrong.as_str()) selected[field == Some(wrong)] { (french(wrong)) } }
                }
            }
            div class="field" {
                label for="state" { "État" }
                select id="state" name="state" {
                    @for (one, code, name) in State::ALL { option value=(code) selected[state == one] { (name) } }
                }
            }
            button type="submit" { "Afficher" }
        }
    }
}
