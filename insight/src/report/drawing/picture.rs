//! A drawing before it is written: boxes, texts and lines with their places, so that a test
//! can see that nothing overlaps and every text fits.

use crate::report::measure::Font;

/// A rectangle. Lengths are in units of the drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Left side.
    pub x: f32,
    /// Upper side.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// Index of the frame that it is within.
    pub within: Option<usize>,
    /// Its look.
    pub class: &'static str,
}

/// A text on one line.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where it begins.
    pub x: f32,
    /// Its base line.
    pub y: f32,
    /// What it says.
    pub text: String,
    /// In what size.
    pub font: Font,
    /// Its look.
    pub class: &'static str,
    /// It is centred on `x`.
    pub centred: bool,
    /// Index of the frame that it is within.
    pub within: Option<usize>,
    /// It is in French because nobody has translated it.
    pub french: bool,
}

/// A line with right angles.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its corners.
    pub points: Vec<(f32, f32)>,
    /// It ends with an arrow.
    pub arrow: bool,
    /// Dots where something joins it.
    pub dots: Vec<(f32, f32)>,
    /// Its look.
    pub class: &'static str,
}

/// A whole drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// In units of the drawing.
    pub width: f32,
    /// In units of the drawing.
    pub height: f32,
    /// The rectangles, outer ones first.
    pub frames: Vec<Frame>,
    /// The texts.
    pub labels: Vec<Label>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// How a paragraph looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) font: Font,
    pub(super) class: &'static str,
    /// From one base line to the next.
    pub(super) leading: f32,
}

impl Style {
    pub(super) const fn new(class: &'static str, font: Font) -> Self {
        Self { font, class, leading: font.size * 1.32 }
    }

    /// How high a text is at this width.
    pub(super) fn height(self, text: &str, width: f32) -> f32 {
        self.font.wrap(text, width).iter().map(|_| self.leading).sum()
    }
}

impl Picture {
    /// Adds a frame and returns its index.
    pub(super) fn frame(
        &mut self,
        class: &'static str,
        within: Option<usize>,
        (x, y, width, height): (f32, f32, f32, f32),
    ) -> usize {
        self.frames.push(Frame { x, y, width, height, within, class });
        self.frames.len() - 1
    }

    /// Writes a paragraph whose upper left corner is given and returns its height.
    pub(super) fn paragraph(
        &mut self,
        style: Style,
        within: Option<usize>,
        (x, y, width): (f32, f32, f32),
        (text, french): (&str, bool),
    ) -> f32 {
        let mut below = 0.0;
        for line in style.font.wrap(text, width) {
            // The base line stands at about four fifths of the line.
            let base = style.font.size.mul_add(0.98, y + below);
            self.labels.push(Label {
                x,
                y: base,
                text: line,
                font: style.font,
                class: style.class,
                centred: false,
                within,
                french,
            });
            below += style.leading;
        }
        below
    }

    /// A round mark with a number in it.
    pub(super) fn badge(&mut self, within: Option<usize>, (x, y): (f32, f32), number: usize, size: f32) {
        let frame = self.frame("badge", within, (x, y, size, size));
        let font = Font::bold(size * 0.55);
        self.labels.push(Label {
            x: x + size / 2.0,
            y: font.size.mul_add(0.36, y + size / 2.0),
            text: number.to_string(),
            font,
            class: "number",
            centred: true,
            within: Some(frame),
            french: false,
        });
    }

    /// The mirror image, for languages that are written from right to left.
    pub(super) fn mirrored(mut self) -> Self {
        for frame in &mut self.frames {
            frame.x = self.width - frame.x - frame.width;
        }
        for label in &mut self.labels {
            label.x = self.width - label.x;
        }
        for line in &mut self.lines {
            for point in line.points.iter_mut().chain(&mut line.dots) {
                point.0 = self.width - point.0;
            }
        }
        self
    }
}
