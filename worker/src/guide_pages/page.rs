//! What every page of the guide has around it, and what it says of itself to machines.

use super::speech::Voice;
use crate::style::STYLE;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use shared::options::Options;
use shared::speech::Value;
use shared::texts::Key;
use shared::visit::Visit;
use shared::wording::encoded;

/// A page of a visit.
pub(super) struct Page<'a> {
    pub(super) voice: Voice<'a>,
    /// What the host page asked for; nothing of it is an answer.
    pub(super) options: &'a Options,
    /// Shown in a partner's page, without what surrounds the guide.
    pub(super) framed: bool,
    /// Where the guide is served, without a final slash.
    pub(super) origin: &'a str,
    /// The folder of the build, where a framed page finds the script that tells its height.
    pub(super) build: Option<&'a str>,
    /// Who asks, so far.
    pub(super) visit: &'a Visit,
    /// The question on the page.
    pub(super) asked: Option<&'a str>,
    /// Nothing was asked or answered yet: it is a page for everybody.
    pub(super) is_first: bool,
}

/// What is on a page.
pub(super) struct Screen {
    /// What it is about.
    pub(super) title: String,
    /// Something is missing: the title says so.
    pub(super) is_error: bool,
    pub(super) body: Markup,
}

impl Page<'_> {
    /// The whole page.
    pub(super) fn html(&self, screen: &Screen) -> String {
        let voice = &self.voice;
        let page = html! {
            (DOCTYPE)
            html lang=(voice.guide.language()) dir=(voice.direction()) data-theme=[&self.options.theme] {
                (self.head(screen))
                body.framed[self.framed] {
                    @if self.framed {
                        main id="main" { (self.section(&screen.body)) }
                    } @else {
                        a.skip href="#main" { (voice.say(Key::PageSkip)) }
                        main id="main" tabindex="-1" {
                            h1 { (voice.say(Key::PageTitle)) }
                            @if self.is_first { (self.element(&screen.body)) }
                            @else { (self.section(&screen.body)) }
                            @if self.is_first { (self.services()) }
                        }
                        footer {
                            p { (voice.told(voice.guide.text(voice.guide.title))) }
                            p { a href="/accessibilite" hreflang="fr" { (voice.say(Key::PageAccessibility)) } }
                            p { a href="/embed" hreflang="fr" { (voice.say(Key::PageEmbed)) } }
                        }
                    }
                }
            }
        };
        page.into_string()
    }

    fn head(&self, screen: &Screen) -> Markup {
        let voice = &self.voice;
        let site = voice.texts.bare(Key::PageTitle);
        let titled = if self.is_first {
            site.to_owned()
        } else {
            let values = [("what", Value::Plain(&screen.title)), ("title", Value::Plain(site))];
            voice.texts.plain(Key::PageTitled, &values)
        };
        let title = if screen.is_error {
            voice.texts.plain(Key::PageError, &[("what", Value::Plain(&titled))])
        } else {
            titled
        };
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
                @if self.is_first { (self.for_machines()) }
                @if self.framed || !self.is_first { meta name="robots" content="noindex"; }
                @if let (true, Some(build)) = (self.framed, self.build) {
                    script type="module" src={ "/" (build) "/frame.js" } {}
                } @else if self.is_first && !self.framed {
                    script type="module" async src="/spro-guide.js" {}
                }
            }
        }
    }

    /// The guide, where a page of the element has its own.
    fn section(&self, body: &Markup) -> Markup {
        let (voice, options) = (&self.voice, self.options);
        html! {
            section.guide
                lang=(voice.guide.language()) dir=(voice.direction()) aria-label=(voice.texts.bare(Key::Title))
                data-theme=[&options.theme] data-look=[&options.look] data-layout=[&options.layout] {
                (self.languages())
                div.screen { (body) }
                p.privacy { (voice.say(Key::PagePrivacy)) }
                @if !self.is_first { form id="go" method="post" action="/" { (self.hidden()) } }
            }
        }
    }

    /// The guide inside the element: with JavaScript the element takes its place, and answers
    /// stay in the page.
    fn element(&self, body: &Markup) -> Markup {
        let options = self.options;
        let level = options.pairs().find(|(name, _)| *name == "level").map(|(_, level)| level);
        html! {
            spro-guide lang=(self.voice.guide.language()) frame="none"
                territory=[&options.territory] commune=[&options.commune] network=[&options.network]
                level=[level] theme=[&options.theme] look=[&options.look] layout=[&options.layout] {
                (self.section(body))
            }
        }
    }

    /// Links before anything is answered; buttons that keep the answers afterwards.
    fn languages(&self) -> Markup {
        let guide = self.voice.guide;
        html! {
            @if guide.languages.len() > 1 {
                div.languages role="group" translate="no" aria-label=(self.voice.texts.bare(Key::LanguageLabel)) {
                    @for language in &guide.languages {
                        @let direction = if language.right_to_left { "rtl" } else { "ltr" };
                        @let current = (language.tag == guide.language()).then_some("true");
                        @if self.is_first {
                            a.quiet.language href=(self.address(&language.tag)) lang=(language.tag) hreflang=(language.tag)
                                dir=(direction) aria-current=[current] { (language.name) }
                        } @else {
                            button.quiet.language form="go" name="go" value={ "lang." (language.tag) }
                                lang=(language.tag) dir=(direction) aria-current=[current] { (language.name) }
                        }
                    }
                }
            }
        }
    }

    /// The first page in a language, for the same host page.
    pub(super) fn address(&self, language: &str) -> String {
        let mut query = Vec::new();
        if language != shared::directory::MAIN_LANGUAGE {
            query.push(format!("lang={}", encoded(language)));
        }
        if self.framed {
            query.push("frame=1".to_owned());
        }
        query.extend(self.options.pairs().map(|(name, value)| format!("{name}={}", encoded(value))));
        if query.is_empty() { "/".to_owned() } else { format!("/?{}", query.join("&")) }
    }

    /// What a form carries from one page to the next, since nothing is kept anywhere.
    pub(super) fn hidden(&self) -> Markup {
        html! {
            input type="hidden" name="lang" value=(self.voice.guide.language());
            @if self.framed { input type="hidden" name="frame" value="1"; }
            @for (name, value) in self.options.pairs() {
                input type="hidden" name=(name) value=(value);
            }
            @for (question, choice) in self.visit.given() {
                input type="hidden" name={ "a." (question) } value=(choice);
            }
            @if let Some(asked) = self.asked { input type="hidden" name="asked" value=(asked); }
        }
    }

    /// « Retour », which must not be what Enter presses.
    pub(super) fn back(&self) -> Markup {
        html! { button.button.back form="go" name="go" value="back" { (self.voice.say(Key::Back)) } }
    }

    /// « Recommencer », which takes nothing along.
    pub(super) fn restart(&self) -> Markup {
        let address = self.address(self.voice.guide.language());
        html! { a.button.restart href=(address) { (self.voice.say(Key::Restart)) } }
    }
}
