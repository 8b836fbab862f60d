//! What of a draft is written in words: the table of texts by language, and the one form of all of them,
//! resources and news too.

use super::Asked;
use super::drafts::{in_draft, is_over, steps};
use super::frame::{Page, go_to, send};
use super::parts::{About, Choice, Field, Kind, WrongAt, pager, select, summary, table, to_look_at};
use super::place_read::told;
use super::text_fields::{Document, KINDS, Line, PARTS, Said, Thing, WAS, called, of_fields, typed};
use super::wording::places as counted;
use super::words::date;
use crate::admin::drafts::{Changed, only_open};
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use serving::form::Form;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::{clock, shipped};
use shared::directory::Language;
use shared::percent::encoded as query;
use shared::spelling::fold;
use shared::validate::findings;
use web_sys::Response;

/// How many rows a page shows.
const PER_PAGE: usize = 50;

fn choices<'a>(list: &[(&'a str, &'a str)]) -> Vec<Choice<'a>> {
    list.iter().map(|(value, label)| Choice { value, label }).collect()
}

impl Asked<'_> {
    /// `/admin/drafts/{draft}/texts`.
    pub(super) async fn texts(&self, id: &str) -> Result<Response, Failure> {
        let (draft, directory) = self.of_the_region(id).await?;
        let document = Document::new(directory);
        let path = format!("/admin/drafts/{id}/texts");
        let asked = |name: &str| parameter(self.query, name).unwrap_or_default().trim().to_owned();
        let (words, part) = (asked("q"), asked("part"));
        let found: Vec<(Thing, Vec<Line>)> = document
            .things()
            .into_iter()
            .filter(|thing| part.is_empty() || thing.part == part)
            .map(|thing| (document.lines(&thing), thing))
            .filter(|(lines, _)| has(lines, &words))
            .map(|(lines, thing)| (thing, lines))
            .collect();
        let pages = found.len().div_ceil(PER_PAGE).max(1);
        let page = asked("page").parse().unwrap_or(1).clamp(1, pages);
        let rows: Vec<Vec<Markup>> = found
            .iter()
            .skip((page - 1) * PER_PAGE)
            .take(PER_PAGE)
            .map(|(thing, lines)| row(&path, thing, lines, &document))
            .collect();
        let columns: Vec<&str> = document.languages.iter().map(|language| language.name.as_str()).collect();
        let caption = html! { (counted(found.len(), "texte", "textes")) @if pages > 1 { ", page " (page) " sur " (pages) } };
        let address = |page: usize| format!("{path}?q={}&part={}&page={page}", query(&words), query(&part));
        let (newer, older) = (address(page.saturating_sub(1)), address(page + 1));
        let body = html! {
            (steps(&draft.value, ""))
            @if !is_over(&draft.value) { p {
                a class="button" href={ (path) "/new?kind=news" } { "Ajouter une actualité" } " "
                a class="button" href={ (path) "/new?kind=site" } { "Ajouter une ressource" }
            } }
            form method="get" action=(path) class="card search" role="search" aria-label="Chercher un texte" {
                div class="field" {
                    label for="q" { "Mots" }
                    input id="q" name="q" type="search" value=(words) autocomplete="off";
                }
                (select("part", "Partie", Some("toutes"), &choices(&PARTS), &part, &[]))
                button type="submit" { "Chercher" }
            }
            @if rows.is_empty() { p role="status" { "Rien ne correspond. Essayez avec moins de mots." } }
            @else { (table(&caption, &columns, &rows)) }
            (pager("Pages", (page > 1).then_some((&*newer, "Page précédente")), (page < pages).then_some((&*older, "Page suivante"))))
        };
        let title = format!("Textes du brouillon « {} »", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Saves the form of a text, or takes a resource out.
    pub(super) async fn save_text(&self, id: &str, key: &str) -> Result<Response, Failure> {
        self.text(id, key, Some(Form::read(self.incoming).await?)).await
    }

    /// `/admin/drafts/{draft}/texts/{text}`, or `…/new` for a resource that is not there yet: the form,
    /// and what it saves or takes out.
    pub(super) async fn text(&self, id: &str, key: &str, form: Option<Form>) -> Result<Response, Failure> {
        let (draft, directory) = self.of_the_region(id).await?;
        only_open(&draft.value)?;
        let mut document = Document::new(directory);
        let is_new = key == "new";
        let kind = parameter(self.query, "kind").unwrap_or_default();
        let found = if is_new { document.add_resource(&kind) } else { document.find(key) };
        let done = |code: &str| go_to(&format!("/admin/drafts/{id}/texts?done={code}"), None);
        let is_going = form.as_ref().is_some_and(|form| form.sends("remove"));
        let Some(thing) = found else {
            if is_going {
                return done("text-removed");
            }
            let detail = "Ce texte n’est pas, ou n’est plus, dans ce brouillon.";
            return Err(Problem::new(404, "unknown-text", detail).into());
        };
        let before = document.lines(&thing);
        let (mut shown, mut wrong, mut doubts) = (before.clone(), Said::new(), Said::new());
        let (mut status, mut error) = (200, None);
        if let Some(form) = form {
            let unchanged = document.value.clone();
            (shown, doubts) = typed(&before, &form, &draft.value.changed_by.name);
            let name = called(&shown).to_owned();
            let is_behind = !doubts.is_empty();
            let (what, code) = if is_going && !is_behind {
                document.remove(&thing)?;
                ("ressource retirée", "text-removed")
            } else {
                wrong = document.write(&thing, &before, &shown);
                (if is_new { "ressource ajoutée" } else { "texte modifié" }, "text-saved")
            };
            // A double click adds one.
            let is_there = if is_new {
                document.is_there_twice(&name)
            } else {
                document.value == unchanged && wrong.is_empty()
            };
            if is_there {
                return done(code);
            }
            let made = document.directory();
            let found = match &made {
                Ok(directory) => findings(directory, &shipped::geography()?, &clock::today()),
                Err(finding) => vec![finding.clone()],
            };
            if !is_going {
                of_fields(&found, &thing, &shown, &mut wrong, &mut doubts);
            }
            if let (Err(finding), true) = (&made, wrong.is_empty()) {
                wrong.push((usize::MAX, told(finding)));
            }
            if let Ok(directory) = made
                && wrong.is_empty()
                && !is_behind
            {
                self.desk.replace(draft, &directory, Changed::to(format!("{what} : {name}"))).await?;
                return done(code);
            }
            status = 422;
            if is_behind {
                status = 412;
                error = Some(
                    "Ce brouillon a changé entre-temps. Ce que vous avez écrit est encore là : relisez, puis enregistrez de nouveau.",
                );
            }
        }
        let name = called(&before);
        let title = match &*kind {
            _ if !is_new => format!("Modifier : {name}"),
            "news" => "Ajouter une actualité".to_owned(),
            _ => "Ajouter une ressource".to_owned(),
        };
        let view = View {
            before: if is_new { &[] } else { &before },
            shown: &shown,
            wrong: &wrong,
            doubts: &doubts,
            document: &document,
            may_go: !is_new && thing.may_go(),
        };
        let body = html! { (steps(&draft.value, "")) (in_draft(&draft.value)) (view.html()) };
        let page = Page { title: &title, part: "/admin/drafts", error, ..self.page_of() };
        send(status, &page.html(&body))
    }
}

/// Whether every word that is looked for is among the fields.
fn has(lines: &[Line], words: &str) -> bool {
    let all = lines.iter().map(|line| line.value.as_str()).collect::<Vec<_>>().join(" ");
    match fold(words) {
        // No letter that folds: other scripts are looked for as they are written.
        folded if folded.is_empty() => all.contains(words),
        folded => {
            let all = fold(&all);
            folded.split(' ').all(|word| all.contains(word))
        }
    }
}

/// What the form shows.
struct View<'a> {
    /// What it was written for; nothing where it adds something.
    before: &'a [Line],
    shown: &'a [Line],
    wrong: &'a Said,
    doubts: &'a Said,
    document: &'a Document,
    /// Whether it may be taken out.
    may_go: bool,
}

impl View<'_> {
    fn html(&self) -> Markup {
        let label = |field: &str| {
            self.shown.iter().find(|line| line.key == field).map_or("", |line| line.label.as_str())
        };
        let (wrong, doubts) = (self.at(self.wrong), self.at(self.doubts));
        html! {
            (summary(&wrong, &label))
            (to_look_at(&doubts, &label))
            form method="post" {
                @for line in self.before { input type="hidden" name={ (WAS) (line.key) } value=(line.value); }
                @for group in self.shown.chunk_by(|one, other| one.language.is_some() && one.text() == other.text()) {
                    @if group[0].language.is_some() {
                        fieldset {
                            legend { (group[0].label.split(" – ").next().unwrap_or_default()) }
                            div class="choices" { @for (one, language) in group.iter().zip(&self.document.languages) { (words(one, language, &wrong)) } }
                        }
                    } @else { (line(&group[0], self.document, &wrong)) }
                }
                div class="actions" { button type="submit" { "Enregistrer dans le brouillon" } }
                @if self.may_go {
                    details {
                        summary { "Retirer cette ressource" }
                        p { "En ligne, rien ne change avant la publication ; l’étape peut être annulée." }
                        button type="submit" name="remove" value="1" class="danger" { "Retirer" }
                    }
                }
            }
        }
    }

    fn at<'s>(&'s self, said: &'s Said) -> Vec<WrongAt<'s>> {
        said.iter()
            .map(|(at, sentence)| {
                WrongAt::new(self.shown.get(*at).map_or("", |line| line.key.as_str()), sentence.as_str())
            })
            .collect()
    }
}

/// A row of the table: the words of a thing in each language.
fn row(path: &str, thing: &Thing, lines: &[Line], document: &Document) -> Vec<Markup> {
    let name = called(lines);
    let cell = |(index, language): (usize, &Language)| {
        let own = || lines.iter().filter(|line| line.language == Some(index));
        html! {
            @if index == 0 {
                a href={ (path) "/" (thing.key) } { (name) }
                @for line in own().filter(|line| line.value != name) { p { (line.value) } }
                p class="soft" {
                    (part_name(thing.part))
                    @for line in lines.iter().filter(|line| line.language.is_none() && !line.value.is_empty() && line.key != "kind") { " · " @if line.kind == Kind::Date { (date(&line.value)) } @else { (line.value) } }
                }
            } @else {
                div lang=(language.tag) dir="auto" { @for line in own() { p { (line.value) } } }
                @let lacks = own().any(|line| line.value.is_empty() && lines.iter().any(|french| french.is_french_of(line)));
                @if lacks { span class="tag warn" { "manque" } }
            }
        }
    };
    document.languages.iter().enumerate().map(cell).collect()
}

fn part_name(part: &str) -> &'static str {
    PARTS.iter().find(|(id, _)| *id == part).map_or("", |(_, name)| name)
}

/// The words of one language.
fn words(line: &Line, language: &Language, wrong: &[WrongAt<'_>]) -> Markup {
    let about = About::new(&line.key, false, wrong);
    let rows = (line.value.chars().count() / 60).clamp(1, 5);
    html! {
        div class="field" {
            label for=(line.key) { (language.name) }
            (about.errors())
            textarea id=(line.key) name=(line.key) rows=(rows) lang=(language.tag) dir="auto"
                aria-describedby=[about.described()] aria-invalid=[about.invalid()] { (PreEscaped("\n")) (line.value) }
        }
    }
}

/// A field without language.
fn line(line: &Line, document: &Document, wrong: &[WrongAt<'_>]) -> Markup {
    let Line { key, label, value, kind, .. } = line;
    match key.as_str() {
        "kind" => select("kind", label, None, &choices(&KINDS), value, wrong),
        "territory" => {
            let all = document.value["territories"].as_array().map_or(&[][..], Vec::as_slice);
            let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
            let names: Vec<(String, String)> =
                all.iter().map(|one| (text(&one["id"]), text(&one["name"]))).collect();
            let names: Vec<Choice<'_>> =
                names.iter().map(|(id, name)| Choice { value: id, label: name }).collect();
            select("territory", label, Some("aucun"), &names, value, wrong)
        }
        _ => Field { name: key, label, help: "", value, kind: *kind, required: false }.html(wrong),
    }
}
