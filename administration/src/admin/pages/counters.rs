//! How much the guide is used: anonymous numbers, drawn by the server.

use super::Asked;
use super::frame::{Page, send};
use super::parts::table;
use crate::admin::counters::{Names, group, table as file};
use crate::counters::shown::{By, COUNTERS, FEW, ROUNDED_TO, Row, Shown, Span, csv};
use maud::{Markup, html};
use serving::host::counts_visits;
use serving::problem::Failure;
use serving::query::parameter;
use std::fmt::Write as _;
use web_sys::Response;

/// The drawing: its size, and what is left around the line.
const WIDTH: u64 = 720;
const HEIGHT: u64 = 240;
const LEFT: u64 = 80;
const RIGHT: u64 = 16;
const TOP: u64 = 16;
const BOTTOM: u64 = 32;

impl Asked<'_> {
    /// `/admin/counters`.
    pub(super) async fn counters(&self) -> Result<Response, Failure> {
        let (span, rows) = self.desk.counted(self.query).await?;
        let names = Names::of(self.desk.parse(&self.desk.live_document().await?)?);
        let of =
            parameter(self.query, "of").filter(|of| !of.is_empty()).unwrap_or_else(|| "begin".to_owned());
        let (counter, id) = of.split_once('/').unwrap_or((&of, ""));
        let drawn = rows.iter().find(|row| row.counter == counter && row.id == id);
        let is_on = counts_visits(self.desk.host.env);
        let body = html! {
            p { "Combien de visites, quelles questions, vers quels réseaux et quels territoires. Rien sur les personnes, ni sur les pages où le guide est posé." }
            @if !is_on { (off()) }
            p class="soft" {
                "Les nombres sont arrondis à " (ROUNDED_TO) " près, et ceux de moins de " (FEW) " ne sont pas montrés. "
                "Ils sont un ordre de grandeur : les navigateurs qui demandent à ne pas être suivis ne comptent pas, et quelques visites peuvent se perdre."
            }
            (choose(&span, &rows, &names, &of))
            @if rows.is_empty() {
                p { "Rien n’a été compté entre ces dates." }
            } @else {
                p { a href={ "/admin/counters.csv?" (self.query) } { "Télécharger tous ces nombres (CSV, pour un tableur)" } }
                @let title = format!("{} : {}", group(counter), names.name(counter, id));
                h2 { (title) }
                @match drawn {
                    Some(row) => {
                        (curve(&span, row, &title))
                        (numbers(&span, row, &title))
                    }
                    None => p { "Rien de tel n’a été compté entre ces dates." },
                }
                @for counter in COUNTERS.iter().skip(1) { (whole(counter, &rows, &names)) }
            }
        };
        let page = Page { title: "Fréquentation", part: "/admin/counters", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/counters.csv`.
    pub(super) async fn counters_table(&self) -> Result<Response, Failure> {
        let (span, rows) = self.desk.counted(self.query).await?;
        let names = Names::of(self.desk.parse(&self.desk.live_document().await?)?);
        file(&csv(&span, &rows, |row| names.both(row)))
    }
}

fn off() -> Markup {
    html! {
        div class="message" {
            p { strong { "Les compteurs sont éteints" } " : le guide n’envoie rien, et rien n’est compté." }
            p { "Pour les allumer, qui déploie le service donne à la variable " code { "COUNTERS" } " la valeur " code { "on" } "." }
        }
    }
}

fn choose(span: &Span, rows: &[Row], names: &Names, of: &str) -> Markup {
    let date = |id: &str, label: &str, value: &str| {
        html! {
            div class="field" {
                label for=(id) { (label) }
                input id=(id) name=(id) type="date" value=(value);
            }
        }
    };
    html! {
        form method="get" action="/admin/counters" class="card search" {
            (date("from", "Du", &span.from.iso()))
            (date("to", "Au", &span.to.iso()))
            div class="field" {
                label for="by" { "Par" }
                select id="by" name="by" {
                    option value="day" selected[span.by == By::Day] { "jour" }
                    option value="week" selected[span.by == By::Week] { "semaine" }
                }
            }
            div class="field" {
                label for="of" { "Dessiner" }
                select id="of" name="of" {
                    option value="begin" selected[of == "begin"] { (group("begin")) }
                    @for counter in COUNTERS.iter().skip(1) {
                        @let own: Vec<&Row> = rows.iter().filter(|row| row.counter == **counter).collect();
                        @if !own.is_empty() {
                            optgroup label=(group(counter)) {
                                @for row in own {
                                    @let value = format!("{}/{}", row.counter, row.id);
                                    option value=(value) selected[of == value] { (names.name(&row.counter, &row.id)) }
                                }
                            }
                        }
                    }
                }
            }
            button type="submit" { "Afficher" }
        }
    }
}

fn said(number: Shown) -> Markup {
    html! { @match number.number() { Some(number) => (number), None => { "moins de " (FEW) } } }
}

/// The line: what is too small to be shown lies on the ground.
fn curve(span: &Span, row: &Row, title: &str) -> Markup {
    let periods = span.periods();
    let most = row.numbers.iter().filter_map(|number| number.number()).max().unwrap_or_default();
    let top = scale(most);
    let last = u64::try_from(periods.len().saturating_sub(1)).unwrap_or_default().max(1);
    let x = |index: u64| LEFT + index * (WIDTH - LEFT - RIGHT) / last;
    let y = |number: u64| HEIGHT - BOTTOM - number * (HEIGHT - TOP - BOTTOM) / top;
    let mut path = String::new();
    for (index, number) in (0..).zip(&row.numbers) {
        // Writing to a string cannot fail.
        let _ = write!(
            path,
            "{}{} {} ",
            if index == 0 { 'M' } else { 'L' },
            x(index),
            y(number.number().unwrap_or_default())
        );
    }
    let of = if span.by == By::Week { "par semaine" } else { "par jour" };
    let label = format!("{title}, {of} : au plus {most}. Les nombres sont dans le tableau qui suit.");
    let days = [periods.first(), periods.last()].map(|day| day.map(|day| day.iso()).unwrap_or_default());
    html! {
        svg class="curve" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
            @for number in [0, top / 2, top] {
                path class="grid" d={ "M" (LEFT) " " (y(number)) "H" (WIDTH - RIGHT) } {}
                text x=(LEFT - 8) y=(y(number) + 5) text-anchor="end" { (number) }
            }
            text x=(LEFT) y=(HEIGHT - 8) { (days[0]) }
            text x=(WIDTH - RIGHT) y=(HEIGHT - 8) text-anchor="end" { (days[1]) }
            path class="line" d=(path.trim_end()) {}
            @for (index, number) in (0..).zip(&row.numbers) {
                circle cx=(x(index)) cy=(y(number.number().unwrap_or_default())) r="3" {}
            }
        }
    }
}

/// A round number, even, that is not below.
fn scale(most: u64) -> u64 {
    let mut power = 10;
    loop {
        if let Some(top) = [1, 2, 5].into_iter().map(|times| times * power).find(|top| *top >= most) {
            return top;
        }
        power *= 10;
    }
}

fn numbers(span: &Span, row: &Row, title: &str) -> Markup {
    let first = if span.by == By::Week { "Semaine du" } else { "Jour" };
    let rows: Vec<Vec<Markup>> = span
        .periods()
        .into_iter()
        .zip(&row.numbers)
        .rev()
        .map(|(day, number)| vec![html! { (day.iso()) }, said(*number)])
        .collect();
    html! {
        details {
            summary { "Les nombres de ce dessin" }
            (table(&html! { (title) }, &[first, "Nombre"], &rows))
        }
    }
}

/// What was counted of one kind over the whole time.
fn whole(counter: &str, rows: &[Row], names: &Names) -> Markup {
    let mut own: Vec<&Row> = rows.iter().filter(|row| row.counter == counter).collect();
    // Questions stay in the order of their ids: how many are shown is no ranking.
    own.sort_by_key(|row| (std::cmp::Reverse(row.whole.number().unwrap_or_default()), row.id.clone()));
    let lines: Vec<Vec<Markup>> =
        own.iter().map(|row| vec![html! { (names.name(counter, &row.id)) }, said(row.whole)]).collect();
    html! {
        @if !lines.is_empty() {
            h2 { (group(counter)) }
            (table(&html! { (group(counter)) ", sur toute la durée" }, &["Quoi", "Nombre"], &lines))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::opening::Day;

    fn span() -> Span {
        Span::read("2026-11-23", "2026-11-25", "day", Day(0)).unwrap()
    }

    #[test]
    fn the_line_stays_in_its_frame_and_says_what_it_shows() {
        let numbers = [0, 1, 1_234].map(Shown::of).to_vec();
        let row = Row { counter: "begin".into(), id: String::new(), numbers, whole: Shown::of(1_235) };
        let drawn = curve(&span(), &row, "Visites <b>").into_string();
        // On the ground, on the ground, and near the top: 2 000 is the round number above.
        assert!(drawn.contains("d=\"M80 208 L392 208 L704 90\""), "{drawn}");
        assert!(drawn.contains("Visites &lt;b&gt;, par jour : au plus 1235."), "{drawn}");
        assert!(!drawn.contains("style="), "the policy lets no style attribute in");
    }

    #[test]
    fn a_scale_is_round_and_never_zero() {
        for (most, top) in [(0, 10), (10, 10), (15, 20), (21, 50), (51, 100), (101, 200)] {
            assert_eq!(scale(most), top, "{most}");
        }
    }
}
