//! What a visitor's form sends: fields that nobody is trusted to have left as they were.

use serving::body::Incoming;
use serving::form;
use serving::problem::{Failure, Problem};

/// An answer's field is this and the id of its question.
pub(super) const ANSWER: &str = "a.";
/// The one field that a form may repeat: the answers to show on the liaison sheet.
pub(super) const SHOW: &str = "show";

/// The fields of a form.
#[derive(Debug, Default)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

/// What a visitor asked for by pressing a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go<'a> {
    /// An answer, or « Continuer ».
    On,
    /// « Retour ».
    Back,
    /// « Modifier », with the question.
    Change(&'a str),
    /// « La commune n’est pas dans la liste ».
    Outside,
    /// Another language, by its tag.
    Language(&'a str),
    /// The liaison sheet.
    Sheet,
    /// Back from there.
    Result,
}

impl Form {
    /// Reads the form of a request.
    pub(super) async fn read(incoming: &Incoming<'_>) -> Result<Self, Failure> {
        Ok(Self::of(&form::Form::read(incoming).await?)?)
    }

    fn of(sent: &form::Form) -> Result<Self, Problem> {
        let mut form = Self::default();
        for (name, value) in sent.fields() {
            // Whoever sends two values means neither of them for certain.
            if name != SHOW && form.get(name).is_some() {
                return Err(form::malformed());
            }
            form.fields.push((name.clone(), value.clone()));
        }
        Ok(form)
    }

    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The answers: question, choice.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(|(field, value)| Some((field.strip_prefix(ANSWER)?, value.as_str())))
    }

    /// The questions whose answer the visitor wants on the liaison sheet.
    pub(super) fn shown(&self) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field == SHOW).map(|(_, value)| value.as_str()).collect()
    }

    /// The button that was pressed; `None` for one that no page of ours has.
    pub(super) fn go(&self) -> Option<Go<'_>> {
        let pressed = self.get("go").unwrap_or("on");
        Some(match pressed.split_once('.') {
            Some(("change", question)) => Go::Change(question),
            Some(("lang", tag)) => Go::Language(tag),
            Some(_) => return None,
            None => match pressed {
                "on" => Go::On,
                "back" => Go::Back,
                "outside" => Go::Outside,
                "sheet" => Go::Sheet,
                "result" => Go::Result,
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Route;

    fn parse(body: &[u8]) -> Result<Form, Problem> {
        Form::of(&form::Form::parse(body, &Route::Page.limits())?)
    }

    fn read(body: &str) -> Form {
        parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form =
            read("lang=ar&a.goal=train&a.for-whom=me&typed=Saint+%C3%89tienne&go=change.goal&show=a&show=b");
        assert_eq!(form.get("typed"), Some("Saint Étienne"));
        assert_eq!(form.answers().collect::<Vec<_>>(), [("goal", "train"), ("for-whom", "me")]);
        assert_eq!(form.go(), Some(Go::Change("goal")));
        assert_eq!(form.shown(), ["a", "b"]);
        assert_eq!(read("go=lang.fr-simple").go(), Some(Go::Language("fr-simple")));
    }

    /// Enter in a field presses no button in some browsers.
    #[test]
    fn no_button_means_to_go_on() {
        assert_eq!(read("choice=x").go(), Some(Go::On));
        assert_eq!(read("").go(), Some(Go::On));
    }

    #[test]
    fn what_no_page_of_ours_sends_is_refused() {
        for body in [&b"a.goal=1&a.goal=2"[..], b"choice=a&choice=b", b"alone", b"a=\xff"] {
            assert!(parse(body).is_err(), "{body:?}");
        }
        for go in ["go=", "go=next.goal", "go=everything"] {
            assert_eq!(read(go).go(), None, "{go}");
        }
    }
}
