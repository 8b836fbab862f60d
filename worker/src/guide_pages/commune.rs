//! The question that asks where the visitor lives: a field to type in, and where several
//! communes fit what was typed, a choice among them.

use super::page::{Page, Screen};
use super::question::{Step, has_help};
use crate::memory::Live;
use crate::pieces::{self, Lack};
use maud::{Markup, html};
use serving::host::Host;
use shared::commune_index::{CommuneIndex, Search};
use shared::commune_lines::{Line, SHOWN, lines, only};
use shared::options::Options;
use shared::snapshot::{COMMUNES_PIECE, Guide, SnapshotId, communes_piece};
use shared::speech::Value;
use shared::spelling::fold;
use shared::texts::Key;
use std::cell::RefCell;
use std::rc::Rc;

/// What became of what was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) text: String,
    /// The communes that fit, and how many there are.
    lines: Vec<Line>,
    all: usize,
    /// What is missing.
    error: Option<Key>,
}

/// What a visitor did on the page of the commune.
pub(super) enum Found {
    /// Chose one, by its code.
    One(String),
    /// Has to choose, or to type something else.
    Not(Typed),
}

/// Looks for what was typed, unless a line of the list was pressed: `chosen`. `listed` is what the
/// list on the page was for.
pub(super) fn find(
    guide: &Guide,
    options: &Options,
    search: &Search,
    text: &str,
    listed: Option<&str>,
    chosen: Option<&str>,
) -> Found {
    let is_of_list = listed == Some(text);
    if let Some(chosen) = chosen.filter(|chosen| search.named(chosen).is_some()) {
        return Found::One(chosen.to_owned());
    }
    let (lines, all) = lines(search, guide, text, options.territory.as_deref());
    // Here nobody sees a list while typing: « Romans » may be the beginning of Romans-sur-Isère.
    let is_beginning = |line: &Line| {
        let rest = fold(&line.name).strip_prefix(&fold(text)).map(str::to_owned);
        rest.is_some_and(|rest| rest.starts_with(|next: char| !next.is_alphanumeric()))
    };
    if let Some(code) = only(search, text).filter(|_| !is_of_list && !lines.iter().any(is_beginning)) {
        return Found::One(code.to_owned());
    }
    let error = match lines.as_slice() {
        [] if text.is_empty() => Some(Key::CommuneNoneTyped),
        [] => Some(Key::NoCommune),
        _ if is_of_list => Some(Key::CommuneSeveral),
        _ => None,
    };
    Found::Not(Typed { text: text.to_owned(), lines, all, error })
}

impl Page<'_> {
    /// The page, with what became of what was typed.
    pub(super) fn commune(&self, step: &Step, typed: &Typed) -> Screen {
        let (voice, question) = (&self.voice, &self.voice.guide.questions[step.index]);
        let is_choice = !typed.lines.is_empty();
        let described: Vec<&str> = [has_help(question).then_some("help"), typed.error.map(|_| "error")]
            .into_iter()
            .flatten()
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let is_wrong = typed.error.is_some() && !is_choice;
        let field = html! {
            div.field {
                h2.heading { (voice.told(self.wording(question))) }
                (self.help(question))
                label.label for="commune" { (voice.say(Key::CommuneLabel)) }
                @if !is_choice { (self.complaint(typed)) }
                div.combobox {
                    input id="commune" type="text" name="typed" value=(typed.text) maxlength="100"
                        autocomplete="off" autocapitalize="off" spellcheck="false"
                        autofocus[is_wrong] aria-invalid=[is_wrong.then_some("true")]
                        aria-describedby=[described.as_deref().filter(|_| !is_choice)];
                }
                @if is_choice { (self.list(typed)) }
                button.quiet form="go" name="go" value="outside" { (voice.say(Key::CommuneOutside)) }
            }
        };
        Screen { is_error: typed.error.is_some(), ..self.asking(step, &field, true) }
    }

    /// The communes that fit, each a button: of the other form, because Enter in the field presses the
    /// first one of its own.
    fn list(&self, typed: &Typed) -> Markup {
        let voice = &self.voice;
        let (count, shown) = (typed.all.to_string(), SHOWN.to_string());
        let region = ("region", Value::Told(voice.guide.text(voice.guide.region)));
        let counts = [("count", Value::Plain(&count)), ("shown", Value::Plain(&shown)), region];
        let found = match typed.all {
            _ if typed.lines.first().is_some_and(Line::is_outside) => Key::FoundOutside,
            0 => Key::FoundNear,
            all if all > SHOWN => Key::FoundMore,
            _ => Key::Found,
        };
        html! {
            input type="hidden" name="listed" value=(typed.text);
            p.label id="several" { (voice.say(Key::CommuneSeveral)) }
            p.status id="found" { (voice.say_with(found, &counts)) }
            (self.complaint(typed))
            ul.choices role="list" aria-labelledby="several" aria-describedby="found" {
                @for (index, line) in typed.lines.iter().enumerate() {
                    li {
                        button.choice form="go" name="choice" value=(line.code)
                            autofocus[typed.error.is_some() && index == 0]
                            aria-describedby=[typed.error.map(|_| "error")] {
                            span.words {
                                span {
                                    @match &line.former {
                                        Some(former) => {
                                            @let names = [("former", Value::French(former)), ("today", Value::French(&line.name))];
                                            (voice.say_with(Key::Former, &names))
                                        }
                                        None => (voice.name(&line.name)),
                                    }
                                }
                                span.hint { (voice.name(&line.place)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn complaint(&self, typed: &Typed) -> Markup {
        let voice = &self.voice;
        html! {
            @if let Some(error) = typed.error {
                @let key = if typed.lines.is_empty() { error } else { Key::PageChooseOne };
                @let values = [("region", Value::Told(voice.guide.text(voice.guide.region))), ("typed", Value::Typed(&typed.text))];
                p.error id="error" role="alert" { (voice.say_with(key, &values)) }
            }
        }
    }
}

thread_local! {
    /// The names that somebody looked for a commune in, the latest first: by snapshot and piece.
    static SEARCHES: RefCell<Vec<(SnapshotId, String, Rc<Search>)>> = const { RefCell::new(Vec::new()) };
}

/// How many are kept.
const KEPT: usize = 4;

/// The communes of a snapshot, ready to be searched for what was typed, or for a code: of a wide directory,
/// those of its department.
pub(crate) async fn search(host: &Host<'_>, live: &Live, wanted: &str) -> Result<Rc<Search>, Lack> {
    let all = names(host, live, COMMUNES_PIECE.to_owned()).await?;
    match all.lacking(wanted).or_else(|| all.part(wanted).map(|part| part.department.as_str())) {
        Some(department) => names(host, live, communes_piece(department)).await,
        None => Ok(all),
    }
}

async fn names(host: &Host<'_>, live: &Live, piece: String) -> Result<Rc<Search>, Lack> {
    let kept = SEARCHES.with_borrow_mut(|kept| {
        let known = kept.iter().position(|(id, known, _)| *id == live.id && *known == piece)?;
        // Everybody's names are asked for with those of each department: they stay.
        kept[..=known].rotate_right(1);
        Some(Rc::clone(&kept[0].2))
    });
    if let Some(search) = kept {
        return Ok(search);
    }
    let index: CommuneIndex = pieces::read(&pieces::bin(host, &live.id, &piece).await?.bytes()?)?;
    let search = Rc::new(Search::new(index));
    SEARCHES.with_borrow_mut(|kept| {
        kept.insert(0, (live.id.clone(), piece, Rc::clone(&search)));
        kept.truncate(KEPT);
    });
    Ok(search)
}
