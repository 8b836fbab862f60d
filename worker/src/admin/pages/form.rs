//! What a form sends. The runtime reads both ways in which browsers write forms.

use crate::header::announced_length;
use crate::problem::{Failure, Problem, Thrown, log};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FormData, Request};
use worker::wasm_bindgen_futures::JsFuture;

/// The largest form: a file as large as a directory may be, and some fields.
const LARGEST: usize = crate::body::DIRECTORY + 256 * 1024;

/// A file that was sent along.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The fields of a form.
#[derive(Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
}

impl Form {
    /// Reads it.
    pub(crate) async fn read(request: &Request) -> Result<Self, Failure> {
        let header = |name: &str| request.headers().get(name).ok().flatten();
        let length = announced_length(header("content-length").as_deref()).ok_or_else(|| {
            let detail = "Le navigateur n’a pas dit la taille du formulaire. Rien n’a été changé ; essayez avec un autre navigateur.";
            Problem::new(411, "length-required", detail)
        })?;
        if length > LARGEST {
            let limit = crate::body::DIRECTORY / 1024 / 1024;
            let detail = format!(
                "Le fichier dépasse {limit} Mio. Rien n’a été changé. Pour un fichier aussi grand, utilisez la ligne de commande : cargo spro import."
            );
            return Err(Problem::new(413, "too-large", detail).into());
        }
        let data: FormData = JsFuture::from(request.form_data().map_err(unreadable)?)
            .await
            .map_err(unreadable)?
            .unchecked_into();
        let mut form = Self::default();
        for entry in data.entries() {
            let entry: Array = entry.map_err(unreadable)?.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            match entry.get(1).dyn_into::<File>() {
                Ok(file) => {
                    let buffer = JsFuture::from(file.array_buffer()).await.map_err(unreadable)?;
                    let bytes = Uint8Array::new(&buffer).to_vec();
                    form.files.push((name, Upload { name: file.name(), bytes }));
                }
                Err(text) => form.fields.push((name, text.as_string().unwrap_or_default())),
            }
        }
        Ok(form)
    }

    /// The first value of a field; empty where the form has none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field, in the order of the page.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The fields whose name begins so: what follows, and the value.
    pub(crate) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields
            .iter()
            .filter_map(move |(field, value)| Some((field.strip_prefix(prefix)?, value.as_str())))
    }

    /// Whether a box is ticked.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, value)| field == name && !value.is_empty())
    }

    /// A file that was chosen; an empty field is none.
    pub(crate) fn file(&self, name: &str) -> Option<&Upload> {
        let file = self.files.iter().find(|(field, _)| field == name).map(|(_, file)| file)?;
        (!file.name.is_empty() || !file.bytes.is_empty()).then_some(file)
    }
}

#[cold]
#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn unreadable(cause: JsValue) -> Failure {
    log("a form could not be read", &Thrown(&cause));
    let detail = "Le formulaire n’est pas arrivé en entier. Rien n’a été changé ; recommencez.";
    Problem::new(400, "form-unreadable", detail).into()
}
