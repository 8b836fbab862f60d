//! The right side of the drawing: the rules in order, with where they lead; and the remote
//! services below.

use super::picture::{Line, Picture, Style};
use super::{Draughtsman, GAP, PAD};
use crate::report::measure::Font;
use crate::report::saying::simple;
use shared::condition::Condition;
use shared::decision::{GuidePick, GuideRule};
use shared::directory::Role;

/// How wide a rule is.
pub(super) const WIDTH: f32 = 640.0;
/// How far a rule that only adds is set back.
const INDENT: f32 = 48.0;
/// How wide the right half of a rule is: where it leads.
const OUTCOME: f32 = 300.0;
/// How wide a remote service is, and how many stand side by side.
const SERVICE: f32 = 310.0;

const ID: Style = Style::new("title", Font::bold(17.0));
const PART: Style = Style::new("choice", Font::regular(14.5));
const NOTE: Style = Style::new("note", Font::regular(13.0));
const TAG: Style = Style::new("tag-text", Font::regular(13.0));
const NETWORK: Style = Style::new("network-text", Font::bold(14.0));
const OTHER: Style = Style::new("choice", Font::regular(14.0));
const BADGE: f32 = 20.0;

/// Between two columns of rules, with room for the way from one to the next.
const GUTTER: f32 = 44.0;

/// How the rules are spread over columns: the rules that begin each.
pub(super) struct Columns(Vec<usize>);

impl Columns {
    /// Spreads the rules so that the columns are about as high as `height`, and as high as
    /// each other.
    pub(super) fn new(draughtsman: &Draughtsman, height: f32) -> Self {
        let rules = &draughtsman.guide.rules;
        let mut scratch = Picture::default();
        let heights: Vec<f32> = rules
            .iter()
            .map(|rule| card(draughtsman, &mut scratch, rule, (0.0, 0.0, WIDTH - indent(rule))) + GAP)
            .collect();
        let total: f32 = heights.iter().sum();
        let mut columns = 1.0_f32;
        while total / columns > height * 1.15 && columns < 4.0 {
            columns += 1.0;
        }
        let mut starts = vec![0];
        let mut filled = 0.0;
        let mut before = 0.0;
        for (index, height) in heights.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "four at most")]
            let goal = total / columns * starts.len() as f32;
            // A rule goes where most of it fits.
            if before + height / 2.0 > goal && filled > 0.0 {
                starts.push(index);
                filled = 0.0;
            }
            filled += height;
            before += height;
        }
        Self(starts)
    }

    /// How wide the columns are together.
    pub(super) fn width(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "four at most")]
        let columns = self.0.len() as f32;
        columns.mul_add(WIDTH + GUTTER, -GUTTER)
    }
}

fn indent(rule: &GuideRule) -> f32 {
    if rule.role == Role::Adds { INDENT } else { 0.0 }
}

/// Draws the rules from `(x, y)` down; returns how far down they go.
pub(super) fn draw(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    columns: &Columns,
    (x, y): (f32, f32),
) -> f32 {
    let (mut left, mut below, mut lowest) = (x, y, y);
    // Where the last main rule ended: the next one is read only where it does not hold.
    let mut before: Option<(f32, f32)> = None;
    for (index, rule) in draughtsman.guide.rules.iter().enumerate() {
        if index > 0 && columns.0.contains(&index) {
            (left, below) = (left + WIDTH + GUTTER, y);
        }
        let indent = indent(rule);
        let bottom = card(draughtsman, picture, rule, (left + indent, below, WIDTH - indent));
        if rule.role != Role::Adds {
            let chain = left + INDENT / 2.0;
            let points = match before {
                Some((from, end)) if from < chain => {
                    let (turn, above) = (from + WIDTH - INDENT / 2.0 + GUTTER / 2.0, y - 12.0);
                    vec![
                        (from, end),
                        (from, end + 12.0),
                        (turn, end + 12.0),
                        (turn, above),
                        (chain, above),
                        (chain, below),
                    ]
                }
                Some((_, end)) => vec![(chain, end), (chain, below)],
                None => Vec::new(),
            };
            if !points.is_empty() {
                picture.lines.push(Line { points, arrow: true, dots: Vec::new(), class: "order" });
            }
            before = Some((chain, bottom));
        }
        lowest = lowest.max(bottom);
        below = bottom + GAP;
    }
    lowest
}

fn card(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    rule: &GuideRule,
    (x, y, width): (f32, f32, f32),
) -> f32 {
    let class = if rule.role == Role::Adds { "rule adds" } else { "rule" };
    let card = picture.frame(class, None, (x, y, width, 0.0));
    let left = width - OUTCOME - 3.0 * PAD - 34.0;
    let mut below = y + PAD;
    below += tags(draughtsman, picture, card, rule, (x + PAD, below, left));
    below += parts(draughtsman, picture, card, &simple(&rule.when), (x + PAD, below, left));
    let middle = y + PAD + 28.0;
    let outcome = x + width - PAD - OUTCOME;
    picture.lines.push(Line {
        points: vec![(x + PAD + left + 8.0, middle), (outcome - 4.0, middle)],
        arrow: true,
        dots: Vec::new(),
        class: "leads",
    });
    let led = leads(draughtsman, picture, card, rule, (outcome, y + PAD));
    below = below.max(y + PAD + led);
    let bottom = below + PAD - 4.0;
    picture.frames[card].height = bottom - y;
    bottom
}

/// The rule's id, and what is special about it.
fn tags(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    card: usize,
    rule: &GuideRule,
    (x, y, width): (f32, f32, f32),
) -> f32 {
    let words = draughtsman.words;
    let height = picture.paragraph(ID, Some(card), (x, y, width), (&rule.id, false));
    let mut tags: Vec<(String, &'static str)> = Vec::new();
    if rule.role == Role::Adds {
        tags.push((words.adds.to_owned(), "tag"));
    }
    if rule.role == Role::Receives {
        tags.push((words.receives.to_owned(), "tag"));
    }
    if let Some(farther) = rule.preference.as_ref().and_then(|preference| preference.farther_km) {
        tags.push((words.farther.replace("{km}", &farther.to_string()), "tag"));
    }
    if !rule.verified {
        tags.push((words.unverified.to_owned(), "tag doubt"));
    }
    if let Some(from) = &rule.valid_from {
        tags.push((format!("{} {from}", words.from), "tag"));
    }
    if let Some(until) = &rule.valid_until {
        tags.push((format!("{} {until}", words.until), "tag"));
    }
    // After the id where there is room, below it where there is none.
    let (mut at, mut below, mut row) = (x + ID.font.width(&rule.id) + 12.0, y, height.max(22.0));
    for (text, class) in tags {
        // A hair more than the text, so that rounding does not break its line.
        let wide = (TAG.font.width(&text) + 19.0).min(width);
        if at + wide > x + width {
            (at, below, row) = (x, below + row + 4.0, 0.0);
        }
        let high = TAG.height(&text, wide - 18.0) + 4.0;
        let frame = picture.frame(class, Some(card), (at, below, wide, high));
        let said = (text.as_str(), !draughtsman.speaks);
        picture.paragraph(TAG, Some(frame), (at + 9.0, below + 2.0, wide - 18.0), said);
        at += wide + 8.0;
        row = row.max(high);
    }
    below - y + row + 4.0
}

/// The parts of a condition, one below the other, each with the number of its question.
fn parts(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    card: usize,
    condition: &Condition,
    (x, y, width): (f32, f32, f32),
) -> f32 {
    let joints = draughtsman.words.joints;
    let (list, joint) = match condition {
        Condition::All(parts) if !parts.is_empty() => (parts.as_slice(), joints.and),
        Condition::Any(parts) if !parts.is_empty() => (parts.as_slice(), joints.or),
        single => (std::slice::from_ref(single), ""),
    };
    let mut below = y;
    for (index, part) in list.iter().enumerate() {
        let numbers = draughtsman.numbers(part);
        let mut said = if index > 0 { format!("{joint} ") } else { String::new() };
        match part {
            Condition::Answer(test) => said.push_str(&draughtsman.speaker().choices(test)),
            other => said.push_str(&draughtsman.speaker().sentence(other)),
        }
        let mut at = x;
        for number in numbers.iter().take(4) {
            picture.badge(Some(card), (at, below), *number, BADGE);
            at += BADGE + 4.0;
        }
        let indent = at - x + if numbers.is_empty() { 0.0 } else { 4.0 };
        let height =
            picture.paragraph(PART, Some(card), (x + indent, below + 1.0, width - indent), (&said, false));
        below += height.max(BADGE) + 5.0;
    }
    below - y
}

/// Where a rule leads; returns how high that is.
fn leads(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    card: usize,
    rule: &GuideRule,
    (x, y): (f32, f32),
) -> f32 {
    let words = draughtsman.words;
    let title = match (&rule.pick, rule.role) {
        (GuidePick::NearestOf(_), _) => words.nearest_of,
        (GuidePick::InOrder(_), Role::Main) => words.main,
        (GuidePick::InOrder(_), Role::Adds) => words.adds,
        (GuidePick::InOrder(_), Role::Receives) => words.receives,
    };
    let mut below = y;
    below += picture.paragraph(NOTE, Some(card), (x, below, OUTCOME), draughtsman.own(title)) + 2.0;
    let is_ordered = matches!(rule.pick, GuidePick::InOrder(_));
    for (index, network) in rule.pick.networks().iter().enumerate() {
        let (name, french) = draughtsman.network(*network);
        let text = if index > 0 && is_ordered { format!("{} {name}", words.otherwise) } else { name };
        below += pill(picture, card, "network", NETWORK, (x, below), (&text, french)) + 4.0;
    }
    if !rule.complements.is_empty() {
        below += 2.0;
        below += picture.paragraph(NOTE, Some(card), (x, below, OUTCOME), draughtsman.own(words.complements))
            + 2.0;
        for network in &rule.complements {
            let (name, french) = draughtsman.network(*network);
            below += pill(picture, card, "other", OTHER, (x, below), (&name, french)) + 4.0;
        }
    }
    below - y
}

fn pill(
    picture: &mut Picture,
    card: usize,
    class: &'static str,
    style: Style,
    (x, y): (f32, f32),
    text: (&str, bool),
) -> f32 {
    let inner = OUTCOME - 20.0;
    let height = style.height(text.0, inner) + 8.0;
    let frame = picture.frame(class, Some(card), (x, y, OUTCOME, height));
    picture.paragraph(style, Some(frame), (x + 10.0, y + 4.0, inner), text);
    height
}

/// Draws the remote services in rows from `(x, y)` down, as many side by side as fit in
/// `width`; returns how far down they go.
pub(super) fn remote(
    draughtsman: &Draughtsman,
    picture: &mut Picture,
    (x, y): (f32, f32),
    width: f32,
) -> f32 {
    let inner = 2.0_f32.mul_add(-PAD, SERVICE);
    let (mut at, mut below, mut row) = (x, y, 0.0_f32);
    for service in &draughtsman.guide.remote_services {
        if at > x && at + SERVICE > x + width {
            (at, below, row) = (x, below + row + GAP, 0.0);
        }
        let card = picture.frame("service", None, (at, below, SERVICE, 0.0));
        let mut down = below + PAD;
        down += picture.paragraph(ID, Some(card), (at + PAD, down, inner), draughtsman.said(service.name));
        let offered: Vec<&str> =
            service.services.iter().map(|service| draughtsman.words.services[*service as usize]).collect();
        down += picture.paragraph(
            NOTE,
            Some(card),
            (at + PAD, down, inner),
            draughtsman.own(&offered.join(", ")),
        );
        let whom =
            format!("{} {}", draughtsman.words.for_whom, draughtsman.speaker().sentence(&service.serves));
        down += picture.paragraph(PART, Some(card), (at + PAD, down + 2.0, inner), (&whom, false));
        let height = down + PAD - below;
        picture.frames[card].height = height;
        row = row.max(height);
        at += SERVICE + GAP;
    }
    below + row
}
