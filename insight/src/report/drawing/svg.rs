//! Writing a picture as SVG.

use super::picture::{Frame, Label, Line, Picture};
use crate::report::markup::Escaped;
use std::fmt::Write;

/// The style sheet inside the drawing.
pub(super) const STYLE: &str = include_str!("drawing.css");

/// What goes around the picture.
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) language: &'a str,
    pub(super) right_to_left: bool,
    /// It stands within a page that has the style sheet.
    pub(super) within_a_page: bool,
}

pub(super) fn write(picture: &Picture, about: &About) -> String {
    let (width, height) = (number(picture.width), number(picture.height));
    let direction = if about.right_to_left { " class=\"guide rtl\"" } else { " class=\"guide\"" };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"{direction} viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"guide-title guide-desc\" lang=\"{0}\" xml:lang=\"{0}\">\n<title id=\"guide-title\">{1}</title>\n<desc id=\"guide-desc\">{2}</desc>\n",
        Escaped(about.language),
        Escaped(about.title),
        Escaped(about.description)
    );
    if !about.within_a_page {
        let _ = writeln!(svg, "<style>{STYLE}</style>");
    }
    let _ = writeln!(svg, "<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>");
    for frame in &picture.frames {
        write_frame(&mut svg, frame);
    }
    for line in &picture.lines {
        write_line(&mut svg, line);
    }
    for label in &picture.labels {
        write_label(&mut svg, label);
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_frame(svg: &mut String, frame: &Frame) {
    let round = match frame.class {
        "badge" => frame.width / 2.0,
        class if class.starts_with("tag") || class == "network" || class == "other" => {
            (frame.height / 2.0).min(13.0)
        }
        class if class.starts_with("row") => 4.0,
        _ => 8.0,
    };
    let _ = writeln!(
        svg,
        "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
        frame.class,
        number(frame.x),
        number(frame.y),
        number(frame.width),
        number(frame.height),
        number(round)
    );
}

fn write_line(svg: &mut String, line: &Line) {
    let mut path = String::new();
    let mut command = 'M';
    for (x, y) in &line.points {
        let _ = write!(path, "{command}{} {}", number(*x), number(*y));
        command = 'L';
    }
    if line.arrow
        && let [.., before, end] = line.points[..]
    {
        let (along_x, along_y) = (sign(end.0 - before.0), sign(end.1 - before.1));
        for side in [-4.0_f32, 4.0] {
            let x = (-7.0_f32).mul_add(along_x, end.0) + side * along_y;
            let y = (-7.0_f32).mul_add(along_y, end.1) + side * along_x;
            let _ = write!(path, "M{} {}L{} {}", number(x), number(y), number(end.0), number(end.1));
        }
    }
    let _ = writeln!(svg, "<path class=\"{}\" d=\"{path}\"/>", line.class);
    for (x, y) in &line.dots {
        let _ = writeln!(
            svg,
            "<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>",
            line.class,
            number(*x),
            number(*y)
        );
    }
}

fn write_label(svg: &mut String, label: &Label) {
    let lang = if label.french { " lang=\"fr\" xml:lang=\"fr\"" } else { "" };
    let centred = if label.centred { " text-anchor=\"middle\"" } else { "" };
    let _ = writeln!(
        svg,
        "<text class=\"{}\" x=\"{}\" y=\"{}\" font-size=\"{}\"{centred}{lang}>{}</text>",
        label.class,
        number(label.x),
        number(label.y),
        number(label.font.size),
        Escaped(&label.text)
    );
}

fn sign(value: f32) -> f32 {
    if value.abs() < 0.01 { 0.0 } else { value.signum() }
}

/// A number with one decimal at most.
fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
