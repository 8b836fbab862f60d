//! An edition as a drawing: its questions in order, which answers open which question, its
//! rules in order and where they lead, and its remote services. Made from the data alone, in
//! any language of the edition; the same edition always gives the same drawing.
//!
//! One question stands below the other, in their order, so that the drawing reads as the
//! guide goes; a line runs beside them from the answers that open a question to it.

pub mod page;
mod picture;
mod questions;
mod rules;
mod svg;
mod words;

pub use picture::{Frame, Label, Line, Picture};

use crate::report::markup::policy;
use crate::report::measure::Font;
use crate::report::saying::Speaker;
use picture::Style;
use shared::condition::Condition;
use shared::decision::{NetworkIx, TextSlot};
use shared::snapshot::LocalizedGuide;
use words::Words;

/// Around the drawing.
const MARGIN: f32 = 28.0;
/// Within a box.
const PAD: f32 = 10.0;
/// Between two boxes.
const GAP: f32 = 18.0;

const TITLE: Style = Style::new("heading", Font::bold(30.0));
const HEADING: Style = Style::new("heading", Font::bold(20.0));
const LEGEND: Style = Style::new("note", Font::regular(14.0));

/// Who draws: the guide, and the words that the edition does not have.
struct Draughtsman<'a> {
    guide: &'a LocalizedGuide,
    words: &'static Words,
    /// The words are in the language of the guide.
    speaks: bool,
}

impl<'a> Draughtsman<'a> {
    fn new(guide: &'a LocalizedGuide) -> Self {
        let (words, speaks) = Words::of(guide.language());
        Self { guide, words, speaks }
    }

    fn speaker(&self) -> Speaker<'a> {
        Speaker { guide: self.guide, joints: self.words.joints }
    }

    /// A text of the edition, and whether it is in French for want of a translation.
    fn said(&self, text: TextSlot) -> (&'a str, bool) {
        let text = self.guide.text(text);
        (text, self.guide.is_untranslated(text))
    }

    /// A text of the drawing, and whether it is in French for want of a translation.
    const fn own<'b>(&self, text: &'b str) -> (&'b str, bool) {
        (text, !self.speaks)
    }

    /// The name of a network with its short name, and whether it is not translated.
    fn network(&self, network: NetworkIx) -> (String, bool) {
        let network = &self.guide.networks[network.rank()];
        let (name, french) = self.said(network.name);
        let name = match &network.acronym {
            Some(acronym) if !name.contains(acronym.as_str()) => format!("{name} ({acronym})"),
            _ => name.to_owned(),
        };
        (name, french)
    }

    /// The numbers of the questions that a condition speaks of, in their order.
    fn numbers(&self, condition: &Condition) -> Vec<usize> {
        let spoken_of = condition.questions();
        (1..)
            .zip(&self.guide.questions)
            .filter(|(_, question)| spoken_of.contains(&question.id.as_str()))
            .map(|(number, _)| number)
            .collect()
    }

    fn right_to_left(&self) -> bool {
        self.guide
            .languages
            .iter()
            .any(|language| language.tag == self.guide.language() && language.right_to_left)
    }
}

/// The drawing of a guide, before it is written. Its texts run from the left: for a language
/// that runs from the right, the mirror image is what is written.
pub fn picture(guide: &LocalizedGuide) -> Picture {
    let draughtsman = Draughtsman::new(guide);
    let words = draughtsman.words;
    let mut picture = Picture::default();
    let (left, mut below) = (MARGIN, MARGIN);
    let heading = |picture: &mut Picture, style: Style, x: f32, y: f32, width: f32, text: (&str, bool)| {
        picture.paragraph(style, None, (x, y, width), text)
    };
    // How wide it all is depends on the lines beside the questions: they are drawn first.
    let mut sides = Picture::default();
    let (edge, high) = questions::draw(&draughtsman, &mut sides, (left, 0.0));
    let columns = rules::Columns::new(&draughtsman, high);
    let right = edge + 28.0;
    let width = right + columns.width() - left;

    below += heading(&mut picture, TITLE, left, below, width, draughtsman.said(guide.title));
    below += legend(&draughtsman, &mut picture, (left, below + 8.0), width) + 24.0;
    let wide = questions::WIDTH;
    let a = heading(&mut picture, HEADING, left, below, wide, draughtsman.own(words.questions));
    let b = heading(&mut picture, HEADING, right, below, rules::WIDTH, draughtsman.own(words.rules));
    // The way from one column of rules to the next passes above.
    below += a.max(b) + 20.0;
    let (_, questions_end) = questions::draw(&draughtsman, &mut picture, (left, below));
    below = rules::draw(&draughtsman, &mut picture, &columns, (right, below));
    if !guide.remote_services.is_empty() {
        let words = draughtsman.own(words.remote);
        below += 28.0;
        below += heading(&mut picture, HEADING, right, below, columns.width(), words) + 8.0;
        below = rules::remote(&draughtsman, &mut picture, (right, below), columns.width());
    }
    below = below.max(questions_end);
    picture.width = width + 2.0 * MARGIN;
    picture.height = below + MARGIN;
    picture
}

/// What the looks mean, each look beside its meaning.
fn legend(draughtsman: &Draughtsman, picture: &mut Picture, (x, y): (f32, f32), width: f32) -> f32 {
    let words = draughtsman.words;
    let mut below = y;
    let text = width - 60.0;
    for (class, meaning) in
        [("rule", words.legend_main), ("rule adds", words.legend_adds), ("tag doubt", words.unverified)]
    {
        picture.frame(class, None, (x, below + 2.0, 40.0, 14.0));
        below += picture.paragraph(LEGEND, None, (x + 54.0, below, text), draughtsman.own(meaning)) + 4.0;
    }
    let middle = below + 9.0;
    picture.lines.push(Line {
        points: vec![(x, middle), (x + 40.0, middle)],
        arrow: true,
        dots: vec![(x + 8.0, middle)],
        class: "opens o0",
    });
    below += picture.paragraph(LEGEND, None, (x + 54.0, below, text), draughtsman.own(words.legend_opens));
    below - y
}

/// The drawing of a guide, as an SVG document that needs nothing else.
pub fn svg(guide: &LocalizedGuide) -> String {
    written(guide, false)
}

/// The `Content-Security-Policy` under which the drawing does all it does.
pub fn content_security_policy() -> String {
    policy(svg::STYLE)
}

fn written(guide: &LocalizedGuide, within_a_page: bool) -> String {
    let draughtsman = Draughtsman::new(guide);
    let right_to_left = draughtsman.right_to_left();
    let mut picture = picture(guide);
    if right_to_left {
        picture = picture.mirrored();
    }
    let about = svg::About {
        title: guide.text(guide.title),
        description: draughtsman.words.description,
        language: guide.language(),
        right_to_left,
        within_a_page,
    };
    svg::write(&picture, &about)
}
