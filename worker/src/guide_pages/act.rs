//! What a visitor's form does: the answers are replayed, the button pressed, and the next page
//! written. Nothing is trusted and nothing is kept.

use super::card::Around;
use super::commune::{self, Found, Typed};
use super::form::{Form, Go};
use super::page::{Page, Screen};
use super::question::Step;
use super::sheet::{IN_FRENCH, Sheet};
use super::{guide, voice};
use crate::memory::{Live, Source};
use crate::pieces::{self, Lack};
use serving::host::{Host, takes_reports};
use serving::problem::{Failure, Problem};
use shared::commune_index::Search;
use shared::condition::Answers;
use shared::decision::{GuideQuestion, GuideQuestionKind};
use shared::directory::MAIN_LANGUAGE;
use shared::elsewhere::is_department;
use shared::geography::department_of;
use shared::options::{Options, is_commune_code};
use shared::recommend::{plan, recommend};
use shared::snapshot::{DepartmentPiece, Guide, department_piece};
use shared::texts::Key;
use shared::visit::{self, OUTSIDE, Visit, nowhere};
use std::rc::Rc;

/// A form, and where it came in.
pub(super) struct Request<'a> {
    pub(super) host: &'a Host<'a>,
    pub(super) form: &'a Form,
    pub(super) framed: bool,
    pub(super) build: Option<&'a str>,
    /// Today, as an ISO date.
    pub(super) today: String,
}

/// What the page is about, once the button has done what it does.
struct State {
    visit: Visit,
    /// What became of what was typed for a commune.
    typed: Option<Typed>,
    /// The communes, where the visitor's has to be named.
    search: Option<Rc<Search>>,
}

impl Request<'_> {
    /// The next page, its language, and where its data came from.
    pub(super) async fn page(&self, live: &Live) -> Result<(String, String, Source), Lack> {
        let go = self.form.go().ok_or_else(unknown)?;
        let language = live.language(match go {
            Go::Language(tag) => Some(tag),
            _ => self.form.get("lang"),
        });
        let guide = guide(self.host, live, &language).await?;
        let options = Options::read(|name| self.form.get(name).map(str::to_owned));
        let state = self.act(live, &guide, &options, go).await?;
        let screen = state.visit.screen(&guide);
        let step = Step::of(screen.clone());
        let page = Page {
            voice: voice(&guide),
            options: &options,
            framed: self.framed,
            origin: self.host.cache.origin,
            build: self.build,
            visit: &state.visit,
            asked: step.as_ref().map(|step| guide.questions[step.index].id.as_str()),
            is_first: false,
        };
        let screen = match (screen, step) {
            (visit::Screen::Result(answers), _) => {
                self.result(live, &page, &answers, state.search.as_deref(), go).await?
            }
            (_, Some(step)) => match &state.typed {
                Some(typed) => page.commune(&step, typed),
                None => page.question(&step),
            },
            (visit::Screen::Question { .. }, None) => return Err(unknown().into()),
        };
        Ok((page.html(&screen), language, live.source))
    }

    /// Replays the answers, and does what the button does.
    async fn act(&self, live: &Live, guide: &Guide, options: &Options, go: Go<'_>) -> Result<State, Lack> {
        let asked = self.form.get("asked").map(|id| question(guide, id)).transpose()?;
        let mut visit = replayed(guide, options, self.form.answers())?;
        let mut typed = None;
        if let Some(asked) = asked {
            visit.change(&asked.id);
        }
        match (go, asked) {
            (Go::On, Some(asked)) => match (&asked.kind, self.form.get("choice")) {
                (GuideQuestionKind::Commune, chosen) => {
                    let text = self.form.get("typed").unwrap_or_default().trim();
                    let search = commune::search(self.host, live, chosen.unwrap_or(text)).await?;
                    match commune::find(guide, options, &search, text, self.form.get("listed"), chosen) {
                        Found::One(code) => visit.answer(&asked.id, code),
                        Found::Not(found) => typed = Some(found),
                    }
                }
                (GuideQuestionKind::Choices(_), Some(choice)) if asked.accepts(choice) => {
                    visit.answer(&asked.id, choice.to_owned());
                }
                (GuideQuestionKind::Choices(_), Some(_)) => return Err(unknown().into()),
                // Pressed nothing: it is asked again.
                (GuideQuestionKind::Choices(_), None) => {}
            },
            (Go::Outside, Some(GuideQuestion { id, kind: GuideQuestionKind::Commune, .. })) => {
                visit.answer(id, OUTSIDE.to_owned());
            }
            (Go::Outside, _) => return Err(unknown().into()),
            (Go::Back, _) => visit.back(guide),
            (Go::Change(id), _) => visit.change(&question(guide, id)?.id),
            (Go::On, None) | (Go::Language(_) | Go::Sheet | Go::Result, _) => {}
        }
        let search = self.check_commune(live, guide, options, &visit).await?;
        Ok(State { visit, typed, search })
    }

    /// The commune must be one of the region, unless it is the host page that has named it: the
    /// result then says that it is not.
    async fn check_commune(
        &self,
        live: &Live,
        guide: &Guide,
        options: &Options,
        visit: &Visit,
    ) -> Result<Option<Rc<Search>>, Lack> {
        let is_commune = |id: &str| {
            guide
                .questions
                .iter()
                .any(|question| question.id == id && question.kind == GuideQuestionKind::Commune)
        };
        let Some((_, code)) = visit.given().find(|(id, code)| is_commune(id) && *code != OUTSIDE) else {
            return Ok(None);
        };
        let search = commune::search(self.host, live, code).await?;
        if search.named(code).is_none() && options.commune.as_deref() != Some(code) {
            return Err(unknown().into());
        }
        Ok(Some(search))
    }

    /// The result for these answers, or the sheet that repeats it.
    async fn result(
        &self,
        live: &Live,
        page: &Page<'_>,
        answers: &Answers,
        search: Option<&Search>,
        go: Go<'_>,
    ) -> Result<Screen, Lack> {
        let guide = page.voice.guide;
        let commune = page.visit.commune(answers);
        let name = search.and_then(|search| search.named(commune)).map(|commune| commune.name.as_str());
        let elsewhere = search.and_then(|search| search.region(commune));
        let piece = self.department(live, guide, commune).await?;
        let is_known = piece.commune(commune).is_some();
        let notice = notice(commune, is_known, elsewhere.is_some());
        let (piece, commune) = if is_known { (piece, commune) } else { (nowhere(), OUTSIDE) };
        let mut plan = plan(guide, answers, &self.today);
        if let (Some(search), Some(_)) = (search, elsewhere) {
            plan.without(guide, search.own());
        }
        // Publishing proves that there always is a recommendation.
        let mut found = recommend(guide, &plan, answers, &piece, commune)
            .map_err(|none| Failure::ours("a dead end", &format!("{none:?}")))?;
        page.options.order(guide, &mut found);
        let around = Around {
            voice: &page.voice,
            snapshot: &live.id,
            piece: &piece,
            commune,
            name,
            today: &self.today,
            answers,
            plan: &plan,
            found: &found,
            reports: takes_reports(self.host.env),
        };
        if go != Go::Sheet {
            return Ok(page.result(&around, &found, (notice, elsewhere), name));
        }
        let in_french = self.form.get(IN_FRENCH).is_some() && guide.language() != MAIN_LANGUAGE;
        let french = if in_french { Some(super::guide(self.host, live, MAIN_LANGUAGE).await?) } else { None };
        let french = french.as_ref().map(|french| Page { voice: voice(french), ..*page });
        let (shown, french) = (self.form.shown(), french.as_ref());
        let sheet = Sheet { around: &around, found: &found, commune: name, shown: &shown, french };
        Ok(page.sheet(&sheet))
    }

    /// The places for a commune; none where it is not in the region.
    async fn department(&self, live: &Live, guide: &Guide, commune: &str) -> Result<DepartmentPiece, Lack> {
        let code = department_of(commune);
        if !guide.departments.iter().any(|department| department.code == code) {
            return Ok(nowhere());
        }
        let piece = pieces::bin(self.host, &live.id, &department_piece(code)).await?;
        Ok(pieces::read(&piece.bytes()?)?)
    }
}

/// What stands in the way of a better result. `commune` is the visitor's answer, `is_known` whether its
/// department's piece has it.
fn notice(commune: &str, is_known: bool, is_elsewhere: bool) -> Option<Key> {
    match commune {
        // The piece for who is nowhere knows it.
        OUTSIDE => Some(Key::OutsideRegion),
        _ if is_known => None,
        _ if is_elsewhere => Some(Key::Elsewhere),
        _ => Some(Key::UnknownCommune),
    }
}

/// The visit that some answers make.
pub(super) fn replayed<'f>(
    guide: &Guide,
    options: &Options,
    answers: impl Iterator<Item = (&'f str, &'f str)>,
) -> Result<Visit, Problem> {
    let mut visit = Visit::new(guide);
    visit.prefill(options.commune.as_deref());
    for (id, choice) in answers {
        let question = question(guide, id)?;
        let is_answer = match question.kind {
            GuideQuestionKind::Commune => {
                choice == OUTSIDE || is_commune_code(choice) || is_department(choice)
            }
            GuideQuestionKind::Choices(_) => question.accepts(choice),
        };
        if !is_answer {
            return Err(unknown());
        }
        visit.answer(&question.id, choice.to_owned());
    }
    Ok(visit)
}

fn question<'g>(guide: &'g Guide, id: &str) -> Result<&'g GuideQuestion, Problem> {
    guide.questions.iter().find(|question| question.id == id).ok_or_else(unknown)
}

/// The form says something that no page of the live guide has. What it says is not repeated.
fn unknown() -> Problem {
    let detail = "Une des réponses ne correspond à aucune question du guide. Il a peut-être changé pendant votre visite.";
    Problem::new(400, "unknown-answer", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_outside_the_region_is_told_so() {
        let outside = nowhere().commune(OUTSIDE).is_some();
        assert_eq!(notice(OUTSIDE, outside, false), Some(Key::OutsideRegion));
        assert_eq!(notice("26281", true, false), None);
        assert_eq!(notice("35", false, true), Some(Key::Elsewhere));
        assert_eq!(notice("35238", false, true), Some(Key::Elsewhere));
        assert_eq!(notice("26999", false, false), Some(Key::UnknownCommune));
    }
}
