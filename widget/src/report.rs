//! « Signaler une erreur »: what is wrong of a place, in two presses. A report says what the visitor had
//! before them and nothing of the visitor; nothing is sent before they press.

use crate::card::Around;
use crate::dom::{El, button, el};
use crate::page::Page;
use crate::speech::Value;
use crate::texts::Key;
use shared::error_report::{LONGEST, Wrong};
use shared::snapshot::Place;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlTextAreaElement;

/// What the worker answers to a text that it refuses.
const REFUSED: f64 = 422.0;

impl Page {
    /// Whether this deployment takes reports.
    pub(crate) fn takes_reports(&self) -> bool {
        !self.source.calls.reporting().is_undefined()
    }
}

impl Around<'_> {
    /// The fields of a place, a button each, and room for a few words; nothing where the deployment takes
    /// no reports.
    pub(crate) fn report(&self, place: &Place) -> Option<El> {
        let page = self.page;
        if !page.takes_reports() {
            return None;
        }
        let words = el("textarea").attr("rows", "2").attr("autocomplete", "off").attr("spellcheck", "false");
        let words = words.attr("maxlength", &LONGEST.to_string()).attr("dir", "auto");
        let label = el("label").class("label").child(&page.say("span", "", Key::ReportText)).child(&words);
        let said = el("p").class("status").attr("role", "status");
        let area: HtmlTextAreaElement = words.element().clone().unchecked_into();
        let answers = [
            page.say("span", "", Key::ReportSent),
            page.say("span", "", Key::ReportRefused),
            page.say("span", "", Key::ReportFailed),
        ];
        let mut fields = el("p").class("wrong");
        for wrong in Wrong::ALL {
            let (calls, snapshot, id) =
                (page.source.calls.clone(), page.source.snapshot.clone(), place.id.clone());
            let (area, said, answers) = (area.clone(), said.clone(), answers.clone());
            let press = move || {
                let sent = calls.report(snapshot.as_str(), &id, wrong.as_str(), &area.value());
                let (area, said, answers) = (area.clone(), said.clone(), answers.clone());
                spawn_local(async move {
                    let status = match sent {
                        Ok(promise) => JsFuture::from(promise).await.ok().and_then(|status| status.as_f64()),
                        Err(_) => None,
                    };
                    let [sent, refused, failed] = answers;
                    said.fill(vec![match status {
                        Some(status) if status < 300.0 => {
                            area.set_value("");
                            sent
                        }
                        Some(REFUSED) => refused,
                        _ => failed,
                    }]);
                });
            };
            fields = fields.child(&button(page.say("button", "button", wrong.name()), "button", press));
        }
        let summary = page.say("summary", "", Key::ReportTitle);
        let summary = summary.child(&page.about(Value::French(&place.name)));
        let what = page.say("p", "", Key::ReportWhat);
        let nodes = vec![summary, what, label, fields, said];
        Some(el("details").class("report").part("more").children(nodes))
    }
}
