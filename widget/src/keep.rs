//! What a visitor keeps of a place: its file for the address book of a phone, its hours for the
//! calendar, and its lines as a text. All are made here, and nothing is sent.

use crate::card::Around;
use crate::dom::{El, button, el};
use crate::speech::Value;
use crate::texts::Key;
use shared::calendar_file::{self, calendar_file};
use shared::contact_file::{TYPE, contact_file, file_name};
use shared::snapshot::Place;
use shared::wording::{address_lines, encoded};
use wasm_bindgen_futures::{JsFuture, spawn_local};

impl Around<'_> {
    /// « Enregistrer le contact » and « Copier ». The hours that are copied are those that `details` shows.
    pub(crate) fn keep(&self, place: &Place, details: &El) -> El {
        let page = self.page;
        let network = page.guide.network(&place.network).map_or("", |network| page.guide.name_of(network));
        let save = file(page.say("a", "quiet", Key::SaveContact), TYPE, &contact_file(place, network));
        let save = save.attr("download", &file_name(place));
        let hours = calendar_file(place, self.today).map(|hours| {
            let save = file(page.say("a", "quiet", Key::SaveHours), calendar_file::TYPE, &hours);
            save.attr("download", &calendar_file::file_name(place))
        });
        let said = el("span").class("hint").attr("role", "status");
        let copy = {
            let (calls, said, details) = (page.source.calls.clone(), said.clone(), details.clone());
            let done = [page.say("span", "", Key::CopyFailed), page.say("span", "", Key::Copied)];
            let lines = lines(place);
            button(page.say("button", "quiet", Key::Copy), "button quiet", move || {
                let asked = calls.copy(&with_hours(&lines, &details));
                let (said, done) = (said.clone(), done.clone());
                spawn_local(async move {
                    let is_done = match asked {
                        Ok(promise) => JsFuture::from(promise).await.is_ok(),
                        Err(_) => false,
                    };
                    said.fill(vec![done[usize::from(is_done)].clone()]);
                });
            })
        };
        let about = || page.about(Value::French(&place.name));
        let (save, copy) = (save.child(&about()), copy.child(&about()));
        let mut line = el("p").class("keep").child(&save).text(" ");
        if let Some(hours) = hours {
            line = line.child(&hours.child(&about())).text(" ");
        }
        line.child(&copy).text(" ").child(&said)
    }
}

/// A link that holds a file: a phone offers to add it, and nothing has to be freed afterwards.
fn file(link: El, mime: &str, text: &str) -> El {
    link.part("button quiet").attr("href", &["data:", mime, ",", &encoded(text)].concat())
}

/// A place as lines.
fn lines(place: &Place) -> String {
    let mut lines = vec![place.name.clone()];
    lines.append(&mut address_lines(place));
    lines.extend_from_slice(&place.phones);
    lines.extend_from_slice(&place.emails);
    lines.extend_from_slice(place.website.as_slice());
    lines.join("\n")
}

/// The same with its week, as it can be read.
fn with_hours(lines: &str, details: &El) -> String {
    match details.element().query_selector(".week") {
        Ok(Some(week)) => [lines, &El::of(week).html().inner_text()].join("\n"),
        _ => lines.to_owned(),
    }
}
