//! What administrators look at of the live directory: its coverage, its diagnosis, and its
//! drawing.

use insight::report::coverage;
use insight::report::diagnosis::{Scope, Survey, Thresholds, page};
use insight::report::drawing;
use serde_json::json;
use serving::answer::{Field, JSON, NOT_KEPT, once};
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::{clock, shipped};
use shared::directory::{Directory, MAIN_LANGUAGE};
use shared::validate::Valid;
use web_sys::Response;

const HTML: &str = "text/html; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8; header=present";
const SVG: &str = "image/svg+xml; charset=utf-8";

/// What the live directory has, in the form that the query asks for.
pub(crate) fn coverage(directory: &Valid, query: &str) -> Result<Response, Failure> {
    let form = Form::read(query)?;
    let today = clock::today();
    let covered = coverage::coverage(directory, &shipped::geography()?, &today);
    let concerns = coverage::concerns(directory.directory(), &today);
    match form {
        Form::Json => {
            let mut json = json!(covered);
            json["concerns"] = json!(concerns);
            let bytes = serde_json::to_vec(&json).map_err(|error| Failure::ours("a coverage", &error))?;
            document(&bytes, JSON, None)
        }
        Form::Csv => document(covered.csv().as_bytes(), CSV, None),
        Form::Html => {
            let policy = coverage::page::content_security_policy();
            document(coverage::page::html(&covered, &concerns).as_bytes(), HTML, Some(&policy))
        }
    }
}

/// The diagnosis of the live directory, in the form and for the part that the query asks for.
/// On a page, `back` is where its reader came from.
pub(crate) fn diagnosis(directory: &Valid, query: &str, back: Option<&str>) -> Result<Response, Failure> {
    let asked = DiagnosisAsked::read(query)?;
    let geography = shipped::geography()?;
    let today = clock::today();
    let thresholds = Thresholds::usual(directory.directory().edition.reach_km, &today);
    let survey = Survey::new(directory, &geography, &asked.scope, thresholds, &today)
        .map_err(|unknown| Problem::new(422, "unknown-area", unknown.to_string()))?;
    match asked.form {
        Form::Json => {
            let bytes = serde_json::to_vec(&survey.diagnosis())
                .map_err(|error| Failure::ours("a diagnosis", &error))?;
            document(&bytes, JSON, None)
        }
        Form::Csv => document(survey.csv().as_bytes(), CSV, None),
        Form::Html => {
            let mut page = page::html(&survey, &survey.diagnosis());
            if let Some(back) = back {
                let link = format!(
                    "<body>\n<nav><a href=\"{back}\">Revenir au choix du diagnostic, dans l’administration</a></nav>\n"
                );
                page = page.replacen("<body>\n", &link, 1);
            }
            document(page.as_bytes(), HTML, Some(&page::content_security_policy()))
        }
    }
}

/// The live edition as a drawing, alone or on a page.
pub(crate) fn drawing(directory: &Directory, query: &str, on_a_page: bool) -> Result<Response, Failure> {
    let language = parameter(query, "lang").unwrap_or_else(|| MAIN_LANGUAGE.to_owned());
    let is_known = directory.edition.languages.iter().any(|known| known.tag == language);
    if !is_known && language != MAIN_LANGUAGE {
        let detail = "L’édition en ligne n’est pas proposée dans cette langue.";
        return Err(Problem::new(422, "unknown-language", detail).into());
    }
    let guide = shared::compile::localized(directory, &language);
    if on_a_page {
        let policy = drawing::page::content_security_policy();
        document(drawing::page::html(&guide).as_bytes(), HTML, Some(&policy))
    } else {
        document(drawing::svg(&guide).as_bytes(), SVG, Some(&drawing::content_security_policy()))
    }
}

fn document(body: &[u8], kind: &str, policy: Option<&str>) -> Result<Response, Failure> {
    let mut fields: Vec<Field> = vec![("content-type", kind), ("cache-control", NOT_KEPT)];
    if let Some(policy) = policy {
        fields.push(("content-security-policy", policy));
        fields.push(("referrer-policy", "no-referrer"));
    }
    once(200, body, &fields)
}

/// How a diagnosis or a coverage may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Html,
}

impl Form {
    fn read(query: &str) -> Result<Self, Failure> {
        match parameter(query, "format").as_deref() {
            None | Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some("html") => Ok(Self::Html),
            Some(_) => {
                let detail = "Les formats possibles sont json, csv et html.";
                Err(Problem::new(422, "unknown-format", detail).into())
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct DiagnosisAsked {
    scope: Scope,
    form: Form,
}

impl DiagnosisAsked {
    fn read(query: &str) -> Result<Self, Failure> {
        let scopes: Vec<Scope> = [
            parameter(query, "department").map(Scope::Department),
            parameter(query, "territory").map(Scope::Territory),
            parameter(query, "commune").map(Scope::Commune),
        ]
        .into_iter()
        .flatten()
        .collect();
        let scope = match <[Scope; 1]>::try_from(scopes) {
            Ok([scope]) => scope,
            Err(none) if none.is_empty() => Scope::Region,
            Err(_) => {
                let detail = "Demandez un département, un territoire ou une commune, pas plusieurs.";
                return Err(Problem::new(422, "several-areas", detail).into());
            }
        };
        Ok(Self { scope, form: Form::read(query)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_one_part_and_one_form() {
        let read = |query| DiagnosisAsked::read(query).ok().map(|asked| (asked.scope, asked.form));
        assert_eq!(read(""), Some((Scope::Region, Form::Json)));
        assert_eq!(read("department=26&format=csv"), Some((Scope::Department("26".into()), Form::Csv)));
        assert_eq!(read("format=html&commune=26281"), Some((Scope::Commune("26281".into()), Form::Html)));
        assert_eq!(read("territory=a%20b"), Some((Scope::Territory("a b".into()), Form::Json)));
        assert_eq!(read("department=26&commune=26281"), None);
        assert_eq!(read("format=pdf"), None);
    }
}
