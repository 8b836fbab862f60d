//! What the first page says to machines: search engines, and whoever lists the languages. No
//! more than the directory knows.

use super::page::Page;
use maud::{Markup, PreEscaped, html};
use serde_json::{Value as Json, json};
use shared::directory::MAIN_LANGUAGE;
use shared::speech::Value;
use shared::texts::Key;

impl Page<'_> {
    pub(super) fn for_machines(&self) -> Markup {
        let guide = self.voice.guide;
        html! {
            meta name="description" content=(self.description());
            link rel="canonical" href=(self.everywhere(guide.language()));
            @for language in &guide.languages {
                link rel="alternate" hreflang=(language.tag) href=(self.everywhere(&language.tag));
            }
            link rel="alternate" hreflang="x-default" href=(self.everywhere(MAIN_LANGUAGE));
            // Not a script: no policy runs or blocks it.
            script type="application/ld+json" { (PreEscaped(in_script(&self.linked_data()))) }
        }
    }

    fn description(&self) -> String {
        let region = [("region", Value::Told(self.voice.guide.text(self.voice.guide.region)))];
        self.voice.texts.plain(Key::PageDescription, &region)
    }

    /// The address of the first page in a language, whoever shows it.
    fn everywhere(&self, language: &str) -> String {
        match language {
            MAIN_LANGUAGE => format!("{}/", self.origin),
            other => format!("{}/?lang={other}", self.origin),
        }
    }

    /// The page, and the public service that it leads to, in the words of schema.org.
    fn linked_data(&self) -> Json {
        let guide = self.voice.guide;
        let area = |name: &str| json!({ "@type": "AdministrativeArea", "name": name });
        let departments: Vec<Json> =
            guide.departments.iter().map(|department| area(&department.name)).collect();
        let languages: Vec<&str> = guide.languages.iter().map(|language| language.tag.as_str()).collect();
        let service = format!("{}/#service", self.origin);
        let page = self.everywhere(guide.language());
        json!({
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "WebPage",
                    "@id": page,
                    "url": page,
                    "name": self.voice.texts.bare(Key::PageTitle),
                    "description": self.description(),
                    "inLanguage": guide.language(),
                    "isAccessibleForFree": true,
                    "about": { "@id": service },
                },
                {
                    "@type": "GovernmentService",
                    "@id": service,
                    "name": guide.text(guide.title),
                    "areaServed": {
                        "@type": "AdministrativeArea",
                        "name": guide.text(guide.region),
                        "containsPlace": departments,
                    },
                    "availableChannel": {
                        "@type": "ServiceChannel",
                        "serviceUrl": format!("{}/", self.origin),
                        "availableLanguage": languages,
                    },
                },
            ],
        })
    }

    /// Below the guide, so that nobody is ever left without a door: what is open to everybody.
    /// Nothing is known here of who reads.
    pub(super) fn services(&self) -> Markup {
        use shared::condition::Condition;
        let voice = &self.voice;
        html! {
            section.elsewhere aria-labelledby="elsewhere" {
                h2 id="elsewhere" { (voice.say(Key::PageServices)) }
                p { (voice.say(Key::PageServicesIntro)) }
                ul.remote {
                    @for service in &voice.guide.remote_services {
                        @if service.serves == Condition::Always { (voice.remote(service)) }
                    }
                }
            }
        }
    }
}

/// A document that no reader of HTML takes for the end of its element.
fn in_script(document: &Json) -> String {
    document.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_the_element() {
        let written = in_script(&json!({ "name": "</script><script>alert(1)</script><!--" }));
        assert!(!written.contains('<'), "{written}");
        let read: Json = serde_json::from_str(&written).unwrap();
        assert_eq!(read["name"], "</script><script>alert(1)</script><!--");
    }
}
