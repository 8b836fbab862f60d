//! What a form sends: pairs of names and values, in the way in which browsers write them.

use crate::body::Incoming;
use crate::header::{boundary, is_form};
use crate::limits::Limits;
use crate::problem::{Failure, Problem, Thrown, log};
use crate::query::decode;
use js_sys::futures::JsFuture;
use js_sys::{Array, Uint8Array};
use memchr::memmem;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FormData, Headers, Response, ResponseInit};

/// A file that was sent along.
pub struct Upload {
    /// Its name, as the browser gives it.
    pub name: String,
    /// Its content.
    pub bytes: Rc<Vec<u8>>,
}

/// The fields of a form.
#[derive(Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
}

impl Form {
    /// Reads it, within what its route allows.
    pub async fn read(incoming: &Incoming<'_>) -> Result<Self, Failure> {
        let kind = incoming.header("content-type");
        if is_form(kind.as_deref()) {
            return Ok(Self::parse(&incoming.bytes().await?, &incoming.limits)?);
        }
        let Some(boundary) = boundary(kind.as_deref()).filter(|_| incoming.limits.files > 0) else {
            let detail = "Cette page attend son propre formulaire. Ce qui a été envoyé n’en est pas un.";
            return Err(Problem::new(415, "not-a-form", detail).into());
        };
        let body = incoming.bytes().await?;
        // Each field stands after a boundary, and one ends the last.
        let delimiter = format!("--{boundary}");
        let parts = memmem::find_iter(&body, &delimiter).take(incoming.limits.fields + 2).count();
        if parts > incoming.limits.fields + 1 {
            return Err(too_many(&incoming.limits).into());
        }
        Self::in_parts(&body, kind.as_deref().unwrap_or_default(), &incoming.limits).await
    }

    /// The fields of a body, from `name=value&…`.
    pub fn parse(body: &[u8], limits: &Limits) -> Result<Self, Problem> {
        let separators = memchr::memchr_iter(b'&', body).take(limits.fields).count();
        if separators >= limits.fields {
            return Err(too_many(limits));
        }
        let body = std::str::from_utf8(body).map_err(|_| malformed())?;
        let mut form = Self::default();
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(malformed)?;
            form.fields.push((decode(name), decode(value)));
        }
        Ok(form)
    }

    /// The fields of a body with files: the runtime reads them.
    async fn in_parts(body: &[u8], kind: &str, limits: &Limits) -> Result<Self, Failure> {
        let headers = Headers::new().map_err(unreadable)?;
        headers.set("content-type", kind).map_err(unreadable)?;
        let init = ResponseInit::new();
        init.set_headers(&headers);
        let carrier = Response::new_with_opt_js_u8_array_and_init(Some(&Uint8Array::from(body)), &init)
            .map_err(unreadable)?;
        let data: FormData = JsFuture::from(carrier.form_data().map_err(unreadable)?)
            .await
            .map_err(unreadable)?
            .unchecked_into();
        let mut form = Self::default();
        for entry in data.entries() {
            let entry: Array = entry.map_err(unreadable)?.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            match entry.get(1).dyn_into::<File>() {
                Ok(_) if form.files.len() == limits.files => return Err(too_many(limits).into()),
                Ok(file) => {
                    let buffer = JsFuture::from(file.array_buffer()).await.map_err(unreadable)?;
                    let bytes = Rc::new(Uint8Array::new(&buffer).to_vec());
                    form.files.push((name, Upload { name: file.name(), bytes }));
                }
                Err(text) => form.fields.push((name, text.as_string().unwrap_or_default())),
            }
        }
        Ok(form)
    }

    /// All fields, in the order of the page.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The first value of a field; empty where the form has none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field, in the order of the page.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The fields whose name begins so: what follows, and the value.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields
            .iter()
            .filter_map(move |(field, value)| Some((field.strip_prefix(prefix)?, value.as_str())))
    }

    /// Whether it has this field, filled in or not.
    pub fn sends(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, value)| field == name && !value.is_empty())
    }

    /// A file that was chosen; an empty field is none.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        let file = self.files.iter().find(|(field, _)| field == name).map(|(_, file)| file)?;
        (!file.name.is_empty() || !file.bytes.is_empty()).then_some(file)
    }
}

fn too_many(limits: &Limits) -> Problem {
    let files = if limits.files > 0 { ", et un seul fichier" } else { "" };
    let detail = format!(
        "Le formulaire a trop de champs : la limite est de {} champs{files}. Rien n’a été changé.",
        limits.fields
    );
    Problem::new(413, "too-many-fields", detail)
}

/// The form is not one that our page has written.
pub fn malformed() -> Problem {
    let detail = "Le formulaire n’est pas arrivé comme la page l’a écrit. Rien n’a été changé ; recommencez.";
    Problem::new(400, "malformed-form", detail)
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn unreadable(cause: JsValue) -> Failure {
    log("a form could not be read", &Thrown(&cause));
    malformed().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { bytes: 1024, fields: 3, files: 0 };

    fn read(body: &[u8]) -> Result<Vec<(String, String)>, u16> {
        Form::parse(body, &LIMITS).map(|form| form.fields).map_err(|problem| problem.status)
    }

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form = Form::parse(b"key=a%2Bb&name=Saint+%C3%89tienne&column%3AVille=commune", &LIMITS).unwrap();
        assert_eq!(form.get("key"), "a+b");
        assert_eq!(form.get("name"), "Saint Étienne");
        assert_eq!(form.under("column:").collect::<Vec<_>>(), [("Ville", "commune")]);
        assert!(form.has("key") && !form.has("x"));
    }

    #[test]
    fn fields_are_counted_before_they_are_decoded() {
        assert_eq!(read(b"a=1&b=2&c=3").unwrap().len(), 3);
        assert_eq!(read(b"a=1&b=2&c=3&d=4"), Err(413));
        assert_eq!(read(&b"a&".repeat(500)), Err(413));
        assert_eq!(read(&b"&".repeat(500)), Err(413));
    }

    #[test]
    fn what_no_browser_writes_is_refused() {
        assert_eq!(read(b"alone"), Err(400));
        assert_eq!(read(b"a=\xff"), Err(400));
        assert_eq!(read(b"").unwrap(), []);
    }
}
