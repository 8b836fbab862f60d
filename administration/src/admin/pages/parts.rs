//! What several pages are made of: fields with their help and errors, tables that a phone
//! shows as cards, links to further pages.

use maud::{Markup, PreEscaped, html};

/// What is wrong with a field, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrongAt<'a> {
    /// The name of the field; empty where the whole form is meant.
    pub(super) field: &'a str,
    pub(super) sentence: String,
}

/// The same, of a form whose fields are known beforehand.
pub(super) type Wrong = WrongAt<'static>;

impl<'a> WrongAt<'a> {
    pub(super) fn new(field: &'a str, sentence: impl Into<String>) -> Self {
        Self { field, sentence: sentence.into() }
    }
}

/// The errors of a form, each leading to its field, which `label` calls by its name; nothing
/// where the sentence names it.
pub(super) fn summary<'l>(wrong: &[WrongAt<'_>], label: &dyn Fn(&str) -> &'l str) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div class="message error" role="alert" aria-labelledby="summary" {
                h2 id="summary" {
                    @if wrong.len() == 1 { "Une chose est à corriger" }
                    @else { (wrong.len()) " choses sont à corriger" }
                }
                p { "Rien n’est enregistré pour l’instant. Ce que vous avez écrit est encore là." }
                ul {
                    @for one in wrong {
                        li {
                            @if one.field.is_empty() { (one.sentence) }
                            @else { a href={ "#" (one.field) } { (named(one, label)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What should be looked at and keeps nobody from saving, each leading to its field.
pub(super) fn to_look_at<'l>(doubts: &[WrongAt<'_>], label: &dyn Fn(&str) -> &'l str) -> Markup {
    html! {
        @if !doubts.is_empty() {
            div class="message warn" {
                h2 { "À regarder" }
                p { "Cela n’empêche pas d’enregistrer." }
                ul { @for doubt in doubts {
                    li { @if doubt.field.is_empty() { (doubt.sentence) } @else { a href={ "#" (doubt.field) } { (named(doubt, label)) } } }
                } }
            }
        }
    }
}

/// What is wrong, with the name of its field before it.
fn named<'l>(one: &WrongAt<'_>, label: &dyn Fn(&str) -> &'l str) -> String {
    match label(one.field) {
        "" => one.sentence.clone(),
        label => format!("{label} : {}", one.sentence),
    }
}

/// How a control takes what is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    /// A line whose keyboard has what an address of a page needs.
    Url,
    Date,
    /// Several lines, so many of them shown.
    Lines(u8),
    /// Boxes to tick, which are written by themselves ([`tick`]): as a text a line each.
    Ticks,
}

/// A field with one control.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    /// What to write there; empty where the label says it all.
    pub(super) help: &'a str,
    pub(super) value: &'a str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

impl Field<'_> {
    /// The control, with what belongs to it.
    pub(super) fn html(&self, wrong: &[WrongAt<'_>]) -> Markup {
        let Self { name, label, help, value, kind, required } = *self;
        let about = About::new(name, !help.is_empty(), wrong);
        let (described, invalid) = (about.described(), about.invalid());
        html! {
            div class="field" {
                label for=(name) { (label) @if required { span class="soft" { " (obligatoire)" } } }
                @if !help.is_empty() { p class="help" id={ (name) "-help" } { (help) } }
                (about.errors())
                @match kind {
                    Kind::Lines(rows) => {
                        // A line break right after the tag is not part of the text.
                        textarea id=(name) name=(name) rows=(rows) aria-describedby=[described] aria-invalid=[invalid] { (PreEscaped("\n")) (value) }
                    }
                    Kind::Ticks => {}
                    Kind::Line | Kind::Url | Kind::Date => {
                        input id=(name) name=(name) value=(value)
                            type=(if kind == Kind::Date { "date" } else { "text" })
                            inputmode=[(kind == Kind::Url).then_some("url")]
                            autocomplete="off" aria-describedby=[described] aria-invalid=[invalid]
                            aria-required=[required.then_some("true")];
                    }
                }
            }
        }
    }
}

/// The help and the errors of a field, for whatever has them beside it.
pub(super) struct About<'a> {
    name: &'a str,
    has_help: bool,
    wrong: Vec<&'a str>,
}

impl<'a> About<'a> {
    pub(super) fn new(name: &'a str, has_help: bool, wrong: &'a [WrongAt<'_>]) -> Self {
        let own = wrong.iter().filter(|one| one.field == name).map(|one| one.sentence.as_str());
        Self { name, has_help, wrong: own.collect() }
    }

    /// The value of `aria-describedby`.
    pub(super) fn described(&self) -> Option<String> {
        let help = self.has_help.then(|| format!("{}-help", self.name));
        let error = (!self.wrong.is_empty()).then(|| format!("{}-error", self.name));
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// The value of `aria-invalid`.
    pub(super) fn invalid(&self) -> Option<&'static str> {
        (!self.wrong.is_empty()).then_some("true")
    }

    /// The errors, to be put right before the control.
    pub(super) fn errors(&self) -> Markup {
        html! {
            @if !self.wrong.is_empty() {
                p class="field-error" id={ (self.name) "-error" } {
                    strong { "Erreur : " }
                    (self.wrong.join(" "))
                }
            }
        }
    }
}

/// A choice of a list.
pub(super) struct Choice<'a> {
    pub(super) value: &'a str,
    pub(super) label: &'a str,
}

/// A list to choose from; an empty value first, where it has a name.
pub(super) fn select(
    name: &str,
    label: &str,
    none: Option<&str>,
    choices: &[Choice<'_>],
    chosen: &str,
    wrong: &[WrongAt<'_>],
) -> Markup {
    let about = About::new(name, false, wrong);
    html! {
        div class="field" {
            label for=(name) { (label) }
            (about.errors())
            select id=(name) name=(name) aria-describedby=[about.described()] aria-invalid=[about.invalid()] {
                @if let Some(none) = none { option value="" { (none) } }
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
                }
                @let is_known = chosen.is_empty() || choices.iter().any(|choice| choice.value == chosen);
                @if !is_known { option value=(chosen) selected { (chosen) " (inconnu)" } }
            }
        }
    }
}

/// A box to tick, or a round one to choose among others of its name.
pub(super) fn tick(kind: &str, name: &str, value: &str, label: &str, is_ticked: bool) -> Markup {
    html! {
        label class="choice" {
            input type=(kind) name=(name) value=(value) checked[is_ticked];
            span { (label) }
        }
    }
}

/// A table that narrow windows show as cards. The roles keep it a table for those who do not
/// see it, whatever the style sheet makes of it.
pub(super) fn table(caption: &Markup, columns: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        table class="list stack" role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (index, cell) in row.iter().enumerate() {
                            @let column = columns.get(index).copied().unwrap_or_default();
                            @if index == 0 {
                                th scope="row" role="rowheader" data-label=(column) { (cell) }
                            } @else {
                                td role="cell" data-label=(column) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Facts, each under its name. Those without a value are left out.
pub(super) fn facts(facts: &[(&str, Option<Markup>)]) -> Markup {
    html! {
        dl class="record" {
            @for (name, value) in facts {
                @if let Some(value) = value { div { dt { (name) } dd { (value) } } }
            }
        }
    }
}

/// Links to what comes before and after.
pub(super) fn pager(label: &str, newer: Option<(&str, &str)>, older: Option<(&str, &str)>) -> Markup {
    html! {
        @if newer.is_some() || older.is_some() {
            nav class="pager" aria-label=(label) {
                @if let Some((address, words)) = newer { a href=(address) { "← " (words) } }
                @if let Some((address, words)) = older { a href=(address) { (words) " →" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_what_is_wrong_where_it_is_and_above() {
        let wrong = [Wrong::new("phones", "« <12> » ne convient pas.")];
        let field = |name| Field {
            name,
            label: "Téléphones",
            help: "Un par ligne.",
            value: "<12>",
            kind: Kind::Lines(2),
            required: false,
        };
        let html = field("phones").html(&wrong).into_string();
        assert!(
            html.contains(r#"aria-describedby="phones-help phones-error" aria-invalid="true""#),
            "{html}"
        );
        assert!(html.contains("&lt;12&gt;") && !html.contains("<12>"), "{html}");
        assert!(!field("emails").html(&wrong).into_string().contains("aria-invalid"));
        let summary = summary(&wrong, &|_| "Téléphones").into_string();
        assert!(summary.contains(r##"<a href="#phones">Téléphones : « "##), "{summary}");
    }
}
