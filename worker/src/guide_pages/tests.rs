//! The pages without a server: what is said, escaped and kept.

use super::act::replayed;
use super::page::Page;
use super::question::Step;
use super::speech::Voice;
use shared::compile::localized;
use shared::directory::Directory;
use shared::options::Options;
use shared::snapshot::LocalizedGuide;
use shared::texts::{Plain, Texts, in_order};
use shared::visit::Visit;
use std::fs;
use std::path::Path;

fn shipped(language: &str) -> LocalizedGuide {
    let directory = Directory::from_json(include_bytes!("../../../shared/editions/2026.json")).unwrap();
    localized(&directory, language)
}

/// The texts of a language as the bundle has them; nothing for French, which is compiled in.
fn texts_of(language: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/texts");
    let ordered = |folder: &Path| {
        let read = |language: &str| fs::read_to_string(folder.join(format!("{language}.txt"))).unwrap();
        in_order(&read("fr"), &read(language)).unwrap()
    };
    if language == "fr" {
        return String::new();
    }
    format!("{language}\n{}\n{}", ordered(&folder), ordered(&folder.join("pages")))
}

fn page(guide: &LocalizedGuide, options: &Options, framed: bool, visit: &Visit, is_first: bool) -> String {
    let texts = Texts::of_pages(guide.language(), &texts_of(guide.language()), &Plain);
    let voice = Voice { guide, texts };
    let origin = "https://guide.exemple.fr";
    let step = Step::of(visit.screen(guide)).unwrap();
    let asked = Some(guide.questions[step.index].id.as_str());
    let page =
        Page { voice, options, framed, origin, build: Some("0123456789abcdef"), visit, asked, is_first };
    page.html(&page.question(&step))
}

fn first(guide: &LocalizedGuide, options: &Options, framed: bool) -> String {
    page(guide, options, framed, &Visit::new(guide), true)
}

#[test]
fn the_first_page_asks_and_leads_on_without_a_script() {
    let html = first(&shipped("fr"), &Options::default(), false);
    assert!(html.contains(r#"<form method="post" action="/">"#));
    assert!(html.contains(r#"<input type="hidden" name="asked" value="situation">"#));
    assert!(html.contains(r#"<spro-guide lang="fr" frame="none">"#));
    assert!(html.contains(r#"<a class="quiet language" href="/?lang=ar""#));
    assert!(html.contains("https://www.auvergnerhonealpes-orientation.fr"));
    // Not what is for some people only.
    assert!(!html.contains("https://www.apec.fr"));
}

#[test]
fn a_framed_page_has_the_guide_alone() {
    let html = first(&shipped("fr"), &Options::default(), true);
    for absent in ["<h1", "<footer", "<spro-guide", "spro-guide.js", "wasm"] {
        assert!(!html.contains(absent), "{absent}");
    }
    assert!(html.contains(r#"<script type="module" src="/0123456789abcdef/frame.js"></script>"#));
    assert!(html.contains(r#"<input type="hidden" name="frame" value="1">"#));
    assert!(html.contains(r#"href="/?lang=uk&amp;frame=1""#));
}

#[test]
fn every_language_has_its_page_and_names_the_others() {
    for (language, direction) in
        [("fr", "ltr"), ("fr-simple", "ltr"), ("en", "ltr"), ("ar", "rtl"), ("uk", "ltr")]
    {
        let guide = shipped(language);
        let html = first(&guide, &Options::default(), false);
        assert!(html.contains(&format!(r#"<html lang="{language}" dir="{direction}">"#)), "{language}");
        let query = if language == "fr" { String::new() } else { format!("?lang={language}") };
        let canonical = format!(r#"<link rel="canonical" href="https://guide.exemple.fr/{query}">"#);
        assert!(html.contains(&canonical), "{language}");
        assert_eq!(html.matches(r#"<link rel="alternate""#).count(), 6, "{language}");
        // Not one text of ours is said in French.
        let own = html.split("<main").nth(1).unwrap();
        assert!(
            language.starts_with("fr") || !own.contains(r#"<span lang="fr" dir="ltr">C’est"#),
            "{language}"
        );
        let title = html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert_eq!(title == "Trouver le lieu qui peut m’aider à m’orienter", language == "fr", "{title}");
    }
}

#[test]
fn what_the_host_asks_for_goes_on_and_cannot_break_out() {
    let hostile = r#""><script>alert(1)</script>"#;
    let options = Options::read(|name| match name {
        "territory" | "network" => Some(hostile.to_owned()),
        "commune" => Some("26281".to_owned()),
        "theme" => Some("dark".to_owned()),
        _ => None,
    });
    for framed in [false, true] {
        let html = first(&shipped("fr"), &options, framed);
        assert!(!html.contains("<script>alert"), "{framed}");
        assert!(html.contains(r#"name="territory" value="&quot;&gt;&lt;script&gt;"#));
        assert!(html.contains(r#"data-theme="dark""#));
        assert!(html.contains("commune=26281"));
    }
}

#[test]
fn the_structured_data_say_what_the_directory_says() {
    let guide = shipped("en");
    let html = first(&guide, &Options::default(), false);
    let data = html.split(r#"<script type="application/ld+json">"#).nth(1).unwrap();
    let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    let (page, service) = (&data["@graph"][0], &data["@graph"][1]);
    assert_eq!(page["inLanguage"], "en");
    assert_eq!(page["url"], "https://guide.exemple.fr/?lang=en");
    assert_eq!(service["name"], guide.text(guide.title));
    assert_eq!(service["areaServed"]["name"], guide.text(guide.region));
    let departments = service["areaServed"]["containsPlace"].as_array().unwrap();
    assert_eq!(departments.len(), guide.departments.len());
}

/// Enter in a field presses the first button of its form: it must be the one that goes on. Where nothing
/// is typed, the answers are the buttons, and the one given before is marked.
#[test]
fn the_first_button_of_a_form_goes_on() {
    let guide = shipped("fr");
    let mut visit = Visit::new(&guide);
    visit.answer("situation", "retired".to_owned());
    let own = |visit: &Visit| -> Vec<String> {
        let html = page(&guide, &Options::default(), false, visit, false);
        let form = html.split(r#"<form method="post" action="/">"#).nth(1).unwrap();
        let form = form.split("</form>").next().unwrap().to_owned();
        let buttons = form.split("<button").skip(1).filter(|button| !button.contains(r#"form="go""#));
        buttons.map(str::to_owned).collect()
    };
    let goals = own(&visit);
    assert!(goals.len() > 3 && goals.iter().all(|button| button.contains(r#"name="choice""#)), "{goals:?}");
    visit.answer("goal", "review".to_owned());
    let commune = own(&visit);
    assert!(commune.len() == 1 && commune[0].contains("Continuer"), "{commune:?}");
    visit.change("goal");
    let given: Vec<String> =
        own(&visit).into_iter().filter(|button| button.contains(r#"aria-current="true""#)).collect();
    assert!(given.len() == 1 && given[0].contains(r#"value="review""#), "{given:?}");
    let html = page(&guide, &Options::default(), false, &visit, false);
    assert!(html.contains(r#"<form id="go" method="post" action="/">"#));
    // Pages of a visit have no element and no script.
    assert!(!html.contains("<spro-guide") && !html.contains("<script"));
}

#[test]
fn answers_that_the_guide_does_not_have_are_refused() {
    let guide = shipped("fr");
    let options = Options::default();
    let answered = |pairs: &[(&str, &str)]| replayed(&guide, &options, pairs.iter().copied()).is_ok();
    assert!(answered(&[("goal", "train"), ("commune", "26281")]));
    assert!(answered(&[("commune", "-")]));
    for wrong in [("goal", "steal"), ("colour", "red"), ("commune", "Romans"), ("commune", ""), ("", "")] {
        assert!(!answered(&[wrong]), "{wrong:?}");
    }
}
