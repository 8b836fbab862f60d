//! The guide as pages, at `/`: the same questions, texts and engine as the element, one
//! question a page, for who has no JavaScript and for the frames of partners' pages.
//!
//! A page is a form. What was answered travels in its fields, by POST: it is in no address, no
//! log and no cookie, and nothing of it is kept here from one page to the next. What a host
//! page asks for ([`Options`]) comes in the address and is no answer.
//!
//! The element is on the first page only, around the first question: with JavaScript it takes
//! its place, and answers no longer leave the page.

mod act;
mod card;
mod code;
mod commune;
mod form;
mod intl;
mod kept;
mod metadata;
mod page;
mod place;
mod preview;
mod problem;
mod question;
mod result;
mod send;
mod sheet;
mod speech;
#[cfg(test)]
mod tests;
mod told;
mod why;

pub(crate) use commune::search;

pub(crate) use preview::preview;
pub(crate) use told::{Told, told};

use crate::memory::{self, Live, Source};
use crate::pieces::{self, Lack};
use crate::{Asked, live};
use form::Form;
use intl::Edge;
use page::{Page, Screen};
use question::Step;
use send::Kind;
use serving::answer::Ready;
use serving::body::Incoming;
use serving::host::Host;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::{clock, shipped};
use shared::decision::GuideQuestionKind;
use shared::options::Options;
use shared::snapshot::LocalizedGuide;
use shared::texts::Texts;
use shared::visit::Visit;
use speech::Voice;
use std::rc::Rc;
use web_sys::Response;

/// The first page that the isolate has ready, if it has.
pub(crate) fn at_hand(origin: &str, query: &str) -> Option<Rc<Ready>> {
    if !is_plain(query) {
        return None;
    }
    let live = memory::fresh(clock::now())?;
    kept::find(&live, origin, &live.language(parameter(query, "lang").as_deref()))
}

/// Whether an address asks for nothing but a language.
fn is_plain(query: &str) -> bool {
    !is_framed(parameter(query, "frame").as_deref())
        && Options::read(|name| parameter(query, name)) == Options::default()
}

fn is_framed(frame: Option<&str>) -> bool {
    frame.is_some_and(|frame| frame == "1")
}

/// Answers a request for the guide as a page. Whatever fails is a page too.
pub(crate) async fn answer(
    host: &Host<'_>,
    incoming: &Incoming<'_>,
    method: &str,
    asked: &Asked<'_>,
) -> Result<Response, Failure> {
    let answered =
        if method == "POST" { visit(host, incoming, asked.brotli).await } else { first(host, asked).await };
    let problem = match answered {
        Ok(response) => return Ok(response),
        Err(Failure::Problem(problem)) => *problem,
        Err(Failure::Ours) => Problem::internal(),
    };
    problem::page(&problem)
}

/// Runs `draw` on the live snapshot; where that turns out to be damaged, on the shipped one.
async fn on_live<T>(host: &Host<'_>, draw: impl AsyncFn(Rc<Live>) -> Result<T, Lack>) -> Result<T, Failure> {
    let live = live::current(host).await?;
    match draw(Rc::clone(&live)).await {
        Err(Lack::Unreadable) if live.source == Source::Kv => {}
        other => return Ok(other?),
    }
    Ok(draw(live::fall_back(&live)?).await?)
}

/// The first page: the same for everybody whom the same host page sends.
async fn first(host: &Host<'_>, asked: &Asked<'_>) -> Result<Response, Failure> {
    let options = Options::read(|name| parameter(asked.query, name));
    let framed = is_framed(parameter(asked.query, "frame").as_deref());
    let wanted = parameter(asked.query, "lang");
    let build = if framed { serving::assets::build(host.env).await } else { None };
    let ready = on_live(host, async |live| {
        let language = live.language(wanted.as_deref());
        let is_plain = is_plain(asked.query);
        let origin = host.cache.origin;
        if let Some(ready) = kept::find(&live, origin, &language).filter(|_| is_plain) {
            return Ok(ready);
        }
        let guide = guide(host, &live, &language).await?;
        let mut visit = Visit::new(&guide);
        visit.prefill(options.commune.as_deref());
        let html = first_page(&guide, &options, framed, origin, build.as_deref(), &visit);
        let ready = send::ready(&html, Kind::First, framed, &language, live.source.as_str())?;
        Ok(if is_plain { kept::keep(&live, origin, &language, ready) } else { Rc::new(ready) })
    })
    .await?;
    ready.answer(asked.brotli, asked.if_none_match)
}

fn first_page(
    guide: &LocalizedGuide,
    options: &Options,
    framed: bool,
    origin: &str,
    build: Option<&str>,
    visit: &Visit,
) -> String {
    let step = Step::of(visit.screen(guide));
    let asked = step.as_ref().map(|step| guide.questions[step.index].id.as_str());
    let page = Page { voice: voice(guide), options, framed, origin, build, visit, asked, is_first: true };
    let screen = step.map(|step| page.question(&step));
    // Validation refuses a guide that asks nothing.
    let nothing = || Screen { title: String::new(), is_error: false, body: maud::html! {} };
    page.html(&screen.unwrap_or_else(nothing))
}

impl Page<'_> {
    /// A question that nothing was typed for yet.
    fn question(&self, step: &Step) -> Screen {
        match &self.voice.guide.questions[step.index].kind {
            GuideQuestionKind::Choices(choices) => self.choices(step, choices),
            GuideQuestionKind::Commune => self.commune(step, &commune::Typed::default()),
        }
    }
}

/// A page of a visit.
async fn visit(host: &Host<'_>, incoming: &Incoming<'_>, brotli: bool) -> Result<Response, Failure> {
    let form = Form::read(incoming).await?;
    let framed = is_framed(form.get("frame"));
    let build = if framed { serving::assets::build(host.env).await } else { None };
    let around = act::Request { host, form: &form, framed, build: build.as_deref(), today: clock::today() };
    let (html, language, source) = on_live(host, async |live| around.page(&live).await).await?;
    send::ready(&html, Kind::Visit, framed, &language, source.as_str())?.answer(brotli, None)
}

/// The guide in a language that the snapshot has.
async fn guide(host: &Host<'_>, live: &Live, language: &str) -> Result<LocalizedGuide, Lack> {
    pieces::localized(host, &live.id, language).await
}

fn voice(guide: &LocalizedGuide) -> Voice<'_> {
    Voice { guide, texts: Texts::of_pages(guide.language(), &shipped::texts(guide.language()), &Edge) }
}
