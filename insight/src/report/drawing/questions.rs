//! The left side of the drawing: the questions in order, and which answers open which.

use super::picture::{Line, Picture, Style};
use super::{Draughtsman, GAP, PAD};
use crate::report::measure::Font;
use shared::condition::{AnswerIs, Condition};
use shared::decision::GuideQuestion;

/// How wide a question is.
pub(super) const WIDTH: f32 = 450.0;
/// From one line of an opened question to the next.
const LANE: f32 = 15.0;
/// Looks of those lines, one after the other.
const LOOKS: [&str; 6] = ["opens o0", "opens o1", "opens o2", "opens o3", "opens o4", "opens o5"];

const TITLE: Style = Style::new("title", Font::bold(17.0));
const NOTE: Style = Style::new("note", Font::regular(13.0));
const CHOICE: Style = Style::new("choice", Font::regular(14.5));
const UNKNOWN: Style = Style::new("choice unknown", Font::regular(14.5));
/// Between two choices.
const SPACE: f32 = 4.0;
/// The round number before a question.
const BADGE: f32 = 24.0;

/// Where a question came to stand.
struct Placed {
    /// The middle of its title, where it is entered from.
    entry: f32,
    top: f32,
    bottom: f32,
    /// The middles of its choices, in order.
    choices: Vec<f32>,
}

/// Draws the questions from `(x, y)` down; returns how far they go to the right and down.
pub(super) fn draw(draughtsman: &Draughtsman, picture: &mut Picture, (x, y): (f32, f32)) -> (f32, f32) {
    let questions = &draughtsman.guide.questions;
    let mut placed: Vec<Placed> = Vec::new();
    let mut below = y;
    let openers = all_openers(questions);
    for index in 0..questions.len() {
        let opens = |choice: usize| openers.iter().flatten().any(|from| *from == (index, choice));
        let place = card(draughtsman, picture, index, &opens, (x, below));
        below = place.bottom + GAP;
        placed.push(place);
    }
    for (before, after) in placed.iter().zip(placed.iter().skip(1)) {
        let middle = x + WIDTH / 2.0;
        let points = vec![(middle, before.bottom), (middle, after.top)];
        picture.lines.push(Line { points, arrow: true, dots: Vec::new(), class: "order" });
    }
    let right = lanes(&openers, picture, &placed, x + WIDTH);
    (right, below - GAP)
}

fn card(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    index: usize,
    opens: &dyn Fn(usize) -> bool,
    (x, y): (f32, f32),
) -> Placed {
    let question = &draughtsman.guide.questions[index];
    let inner = 2.0_f32.mul_add(-PAD, WIDTH);
    let card = picture.frame("question", None, (x, y, WIDTH, 0.0));
    let mut below = y + PAD;
    picture.badge(Some(card), (x + PAD, below - 2.0), index + 1, BADGE);
    let (at, width) = (x + PAD + BADGE + 8.0, inner - BADGE - 8.0);
    let (text, french) = draughtsman.said(question.text);
    let title =
        if question.optional { format!("{text} ({})", draughtsman.words.optional) } else { text.to_owned() };
    let title = picture.paragraph(TITLE, Some(card), (at, below, width), (&title, french));
    let entry = y + PAD + BADGE / 2.0 - 2.0;
    below += title.max(BADGE);
    if question.ask_if != Condition::Always {
        let asked =
            format!("{} {}", draughtsman.words.asked_if, draughtsman.speaker().sentence(&question.ask_if));
        below += picture.paragraph(NOTE, Some(card), (x + PAD, below, inner), (&asked, false));
    }
    below += 4.0;
    let (middles, end) = rows(draughtsman, picture, card, question, opens, (x + PAD, below, inner));
    let bottom = end + PAD;
    picture.frames[card].height = bottom - y;
    Placed { entry, top: y, bottom, choices: middles }
}

/// The choices, two side by side where both are short. One that opens a question stands at
/// the right edge, where its line begins. Returns their middles, and where they end.
fn rows(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    card: usize,
    question: &GuideQuestion,
    opens: &dyn Fn(usize) -> bool,
    (x, y, width): (f32, f32, f32),
) -> (Vec<f32>, f32) {
    let choices = question.choices();
    let half = (width - SPACE) / 2.0;
    let mut middles = Vec::new();
    let mut below = y;
    let row = |picture: &mut Picture, style: Style, (x, y, width): (f32, f32, f32), said: (&str, bool)| {
        let height = style.height(said.0, width - 16.0) + 5.0;
        let class = if style.class == UNKNOWN.class { "row unknown" } else { "row" };
        let frame = picture.frame(class, Some(card), (x, y, width, height));
        picture.paragraph(style, Some(frame), (x + 8.0, y + 2.5, width - 16.0), said);
        height
    };
    if choices.is_empty() {
        let words = draughtsman.own(draughtsman.words.a_commune);
        below += row(picture, UNKNOWN, (x, below, width), words) + SPACE;
    }
    let style = |index: usize| if choices[index].unknown { UNKNOWN } else { CHOICE };
    let is_short =
        |index: usize| style(index).font.width(draughtsman.said(choices[index].text).0) <= half - 17.0;
    let mut index = 0;
    while index < choices.len() {
        let is_pair = index + 1 < choices.len() && !opens(index) && is_short(index) && is_short(index + 1);
        let cells = if is_pair { vec![(x, half), (x + half + SPACE, half)] } else { vec![(x, width)] };
        let mut high = 0.0_f32;
        for (x, width) in cells {
            let said = draughtsman.said(choices[index].text);
            let height = row(picture, style(index), (x, below, width), said);
            middles.push(below + height / 2.0);
            high = high.max(height);
            index += 1;
        }
        below += high + SPACE;
    }
    (middles, below - SPACE)
}

/// The answers that a condition needs or helps it: by question, the choices that make one of
/// its tests hold.
fn openers(
    condition: &Condition,
    questions: &[GuideQuestion],
    positive: bool,
    into: &mut Vec<(usize, usize)>,
) {
    match condition {
        Condition::Always => {}
        Condition::Answer(AnswerIs { question, is }) => {
            let Some(source) = questions.iter().position(|candidate| candidate.id == *question) else {
                return;
            };
            for (index, choice) in questions[source].choices().iter().enumerate() {
                // Somebody who keeps the answer for themselves does not open a "not" either.
                let opens = if positive {
                    is.contains(&choice.id)
                } else {
                    !is.contains(&choice.id) && !choice.unknown
                };
                if opens && !into.contains(&(source, index)) {
                    into.push((source, index));
                }
            }
        }
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                openers(part, questions, positive, into);
            }
        }
        Condition::Not(part) => openers(part, questions, !positive, into),
    }
}

/// For each question, the answers that open it: question and choice, by rank.
fn all_openers(questions: &[GuideQuestion]) -> Vec<Vec<(usize, usize)>> {
    questions
        .iter()
        .enumerate()
        .map(|(target, question)| {
            let mut from = Vec::new();
            openers(&question.ask_if, questions, true, &mut from);
            // An edition that speaks of later questions is refused; a drawing need not fail.
            from.retain(|(source, _)| *source < target);
            from
        })
        .collect()
}

/// One line for each question that has to be opened: it begins at the first answer that
/// opens it, a dot marks each, and it ends with an arrow at the question. Lines whose ways
/// overlap run beside each other. Returns how far they go to the right.
fn lanes(openers: &[Vec<(usize, usize)>], picture: &mut Picture, placed: &[Placed], edge: f32) -> f32 {
    let mut taken: Vec<f32> = Vec::new();
    for (target, from) in openers.iter().enumerate() {
        let rows: Vec<f32> = from.iter().map(|(source, choice)| placed[*source].choices[*choice]).collect();
        let Some(first) = rows.iter().copied().reduce(f32::min) else { continue };
        let end = placed[target].entry;
        let lane = taken.iter().position(|until| *until + 6.0 < first).unwrap_or_else(|| {
            taken.push(f32::MIN);
            taken.len() - 1
        });
        taken[lane] = end;
        #[expect(clippy::cast_precision_loss, reason = "a few lanes")]
        let x = LANE.mul_add(lane as f32, edge + 22.0);
        let class = LOOKS[target % LOOKS.len()];
        for row in &rows {
            let points = vec![(edge - PAD, *row), (x, *row)];
            picture.lines.push(Line { points, arrow: false, dots: vec![(x, *row)], class });
        }
        picture.lines.push(Line {
            points: vec![(x, first), (x, end), (edge, end)],
            arrow: true,
            dots: Vec::new(),
            class,
        });
    }
    #[expect(clippy::cast_precision_loss, reason = "a few lanes")]
    let lanes = taken.len() as f32;
    LANE.mul_add(lanes, edge + 22.0)
}
