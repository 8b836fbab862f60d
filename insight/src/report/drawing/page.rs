//! The drawing on a page, with the list that says the same in words.

use super::{Draughtsman, written};
use crate::report::markup::{Escaped, policy};
use shared::decision::{GuidePick, GuideRule, NetworkIx, TextSlot};
use shared::directory::Role;
use shared::snapshot::LocalizedGuide;
use std::fmt::Write;

const STYLE: &str = concat!(include_str!("drawing.css"), include_str!("page.css"));

/// The `Content-Security-Policy` under which the page does all it does.
pub fn content_security_policy() -> String {
    policy(STYLE)
}

/// The page of a guide, in its language.
pub fn html(guide: &LocalizedGuide) -> String {
    let draughtsman = Draughtsman::new(guide);
    let words = draughtsman.words;
    let direction = if draughtsman.right_to_left() { " dir=\"rtl\"" } else { "" };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\"{direction}>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{2}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{2}</h1>\n<div class=\"sheet\" tabindex=\"0\" role=\"region\" aria-labelledby=\"guide-title\">\n{3}</div>\n",
        Escaped(guide.language()),
        Escaped(&content_security_policy()),
        Escaped(guide.text(guide.title)),
        written(guide, true)
    );
    let heading = |page: &mut String, text: &str| {
        let (text, french) = draughtsman.own(text);
        let _ = writeln!(page, "<h2{}>{}</h2>", lang(french), Escaped(text));
    };
    heading(&mut page, words.questions);
    questions(&draughtsman, &mut page);
    heading(&mut page, words.rules);
    rules(&draughtsman, &mut page);
    if !guide.remote_services.is_empty() {
        heading(&mut page, words.remote);
        remote(&draughtsman, &mut page);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

const fn lang(french: bool) -> &'static str {
    if french { " lang=\"fr\"" } else { "" }
}

fn said(draughtsman: &Draughtsman, tag: &str, text: TextSlot) -> String {
    let (text, french) = draughtsman.said(text);
    format!("<{tag}{}>{}</{tag}>", lang(french), Escaped(text))
}

fn questions(draughtsman: &Draughtsman, page: &mut String) {
    page.push_str("<ol>\n");
    for question in &draughtsman.guide.questions {
        let _ = write!(page, "<li>{}", said(draughtsman, "strong", question.text));
        if question.optional {
            let _ = write!(page, " ({})", Escaped(draughtsman.words.optional));
        }
        if question.ask_if != shared::condition::Condition::Always {
            let asked = draughtsman.speaker().sentence(&question.ask_if);
            let _ = write!(page, "<p>{} {}</p>", draughtsman.words.asked_if, Escaped(&asked));
        }
        page.push_str("\n<ul>\n");
        for choice in question.choices() {
            let _ = writeln!(page, "{}", said(draughtsman, "li", choice.text));
        }
        if question.choices().is_empty() {
            let _ = writeln!(page, "<li>{}</li>", draughtsman.words.a_commune);
        }
        page.push_str("</ul>\n</li>\n");
    }
    page.push_str("</ol>\n");
}

fn rules(draughtsman: &Draughtsman, page: &mut String) {
    page.push_str("<ol>\n");
    for rule in &draughtsman.guide.rules {
        let whom = draughtsman.speaker().sentence(&rule.when);
        let _ = write!(
            page,
            "<li><strong>{}</strong>{}<p>{} {}</p><p>{}</p>",
            Escaped(&rule.id),
            Escaped(&marks(draughtsman, rule)),
            draughtsman.words.for_whom,
            Escaped(&whom),
            leads(draughtsman, rule)
        );
        let _ = writeln!(page, "{}</li>", said(draughtsman, "p", rule.reason));
    }
    page.push_str("</ol>\n");
}

/// What is special about a rule, in brackets.
fn marks(draughtsman: &Draughtsman, rule: &GuideRule) -> String {
    let words = draughtsman.words;
    let mut marks = Vec::new();
    if rule.role == Role::Adds {
        marks.push(words.adds.to_owned());
    }
    if rule.role == Role::Receives {
        marks.push(words.receives.to_owned());
    }
    if let Some(farther) = rule.preference.as_ref().and_then(|preference| preference.farther_km) {
        marks.push(words.farther.replace("{km}", &farther.to_string()));
    }
    if !rule.verified {
        marks.push(words.unverified.to_owned());
    }
    marks.extend(rule.valid_from.iter().map(|from| format!("{} {from}", words.from)));
    marks.extend(rule.valid_until.iter().map(|until| format!("{} {until}", words.until)));
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

fn leads(draughtsman: &Draughtsman, rule: &GuideRule) -> String {
    let words = draughtsman.words;
    let names = |networks: &[NetworkIx], joint: &str| {
        let names: Vec<String> = networks
            .iter()
            .map(|network| {
                let (name, french) = draughtsman.network(*network);
                format!("<span{}>{}</span>", lang(french), Escaped(&name))
            })
            .collect();
        names.join(joint)
    };
    let mut text = match &rule.pick {
        GuidePick::NearestOf(networks) => format!("{}\u{a0}: {}", words.nearest_of, names(networks, ", ")),
        GuidePick::InOrder(networks) => {
            let title = match rule.role {
                Role::Main => words.main,
                Role::Adds => words.adds,
                Role::Receives => words.receives,
            };
            format!("{title}\u{a0}: {}", names(networks, &format!(", {} ", words.otherwise)))
        }
    };
    if !rule.complements.is_empty() {
        let _ = write!(text, ". {}\u{a0}: {}", words.complements, names(&rule.complements, ", "));
    }
    text
}

fn remote(draughtsman: &Draughtsman, page: &mut String) {
    page.push_str("<ul>\n");
    for service in &draughtsman.guide.remote_services {
        let offered: Vec<&str> =
            service.services.iter().map(|service| draughtsman.words.services[*service as usize]).collect();
        let whom = draughtsman.speaker().sentence(&service.serves);
        let _ = writeln!(
            page,
            "<li>{} ({})<p>{} {}</p></li>",
            said(draughtsman, "strong", service.name),
            Escaped(&offered.join(", ")),
            draughtsman.words.for_whom,
            Escaped(&whom)
        );
    }
    page.push_str("</ul>\n");
}
