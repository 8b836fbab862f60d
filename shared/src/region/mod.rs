//! How a directory is made of what is national, written once, and of the small file of a region.
//!
//! `shared/editions/{edition}/national.json` is a directory in whose texts a region has no name: a
//! placeholder in braces stands for a field of the region's file, by its path (`{name}`,
//! `{agency.website}`), in the language of the text around it.
//!
//! | written | means |
//! |---|---|
//! | `"{path}"` | the field itself, whatever it is |
//! | `"{path?}"` | the same, and nothing where the region has none |
//! | `["{path*}"]` | the items of a list of the region |
//! | `{"if": "path", …}` in a list | an item for regions that have this field |
//! | `{"unless": "path", …}` | an item for the others |
//! | `{"if": "path", "value": "…"}` | the same for an item that is no object |
//! | `"words"` | names for what is said in several places, which placeholders may use |
//! | `{"department": "*"}` among what a network is expected to have | one item for each department |
//!
//! A network or a rule that a region does not have is taken out of every list that names it, and a
//! rule that then leads nowhere, or a guarantee that promises nothing, goes too.
//!
//! The file of a region then has the last word on the networks that it knows more of (`networks`),
//! and adds what it alone has (`own`), each item `before` another or at the end.

mod fill;
mod ordered;

use crate::directory::{Contact, Department, Directory, ExpectedPlaces, IsoDate, Territory, Text};
use crate::finding::Finding;
use crate::reading;
use fill::Words;
use ordered::Json;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file of a region.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// INSEE code, such as `53`.
    pub code: String,
    /// The edition that the facts below are of, such as `2026`.
    pub edition: String,
    /// Its name as part of the name of a file: `la-reunion`.
    pub slug: String,
    /// Its official name. A language that writes it in other letters has its own; the others have
    /// the French one.
    pub name: Text,
    /// Other names that people type.
    #[serde(default)]
    pub also: Vec<String>,
    /// Its name after « les métiers et les formations »: « de Bretagne », « des Hauts-de-France ».
    pub of: String,
    /// Its council, which is not called a Region everywhere.
    pub council: Council,
    /// Its departments.
    pub departments: Vec<Department>,
    /// Whom to tell about an error.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// The agency or service that informs on careers and training for the Region.
    #[serde(default)]
    pub agency: Option<Agency>,
    /// Who gives the *conseil en évolution professionnelle* to employees and the self-employed.
    #[serde(default)]
    pub cep_operator: Option<CepOperator>,
    /// What is known here of a national network, by its id. One that is not in every region is in
    /// the directory only where it is named here.
    #[serde(default)]
    pub networks: BTreeMap<String, KnownHere>,
    /// What only this region has.
    #[serde(default)]
    pub own: Own,
    /// Its territories.
    #[serde(default)]
    pub territories: Vec<Territory>,
    /// See [`crate::directory::Region::guides`].
    #[serde(default)]
    pub guides: BTreeMap<String, String>,
}

/// How a regional council is called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Council {
    /// « La » or « Le », as at the beginning of a sentence.
    pub article: String,
    /// « Région Bretagne », « Collectivité de Corse ».
    pub name: String,
}

/// The agency or service of a region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// What people know it as.
    pub name: String,
    /// Its site.
    pub website: String,
    /// Folded words by which an import recognises it in a name.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// The page that says so.
    pub source: String,
}

/// The operator of the *conseil en évolution professionnelle* of a region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CepOperator {
    /// The id of its network, which places bear: it must stay the same.
    pub id: String,
    /// Its name in a sentence, without an article.
    pub name: String,
    /// Its name in this region, where a card shows it.
    pub full_name: String,
    /// Its site in this region.
    pub website: String,
    /// Its phone.
    #[serde(default)]
    pub phone: Option<String>,
    /// When somebody answers.
    #[serde(default)]
    pub hours: Option<Text>,
    /// Folded words by which an import recognises it in a name.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// What no source confirms yet.
    #[serde(default)]
    pub unverified: Vec<String>,
    /// When somebody last checked.
    #[serde(default)]
    pub checked_on: Option<IsoDate>,
}

/// What a region knows of a national network. The lists are added to the national ones.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownHere {
    /// How many places it has here, by department.
    #[serde(default)]
    pub expected: Vec<ExpectedPlaces>,
    /// Its site here, instead of the national one.
    #[serde(default)]
    pub website: Option<String>,
    /// Its phone here, instead of the national one.
    #[serde(default)]
    pub phone: Option<String>,
    /// More folded words by which an import recognises it.
    #[serde(default)]
    pub recognised_by: Vec<String>,
    /// Where this comes from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What no source confirms yet.
    #[serde(default)]
    pub unverified: Vec<String>,
}

/// Items as in a directory, each with the id of the national one that it stands `before`, where it
/// is not at the end.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    /// Networks.
    #[serde(default)]
    pub networks: Vec<serde_json::Value>,
    /// Rules.
    #[serde(default)]
    pub rules: Vec<serde_json::Value>,
    /// What these rules promise.
    #[serde(default)]
    pub guarantees: Vec<serde_json::Value>,
    /// Sites and phone lines.
    #[serde(default)]
    pub remote_services: Vec<serde_json::Value>,
    /// Who coordinates what.
    #[serde(default)]
    pub coordination: Vec<serde_json::Value>,
    /// Guides, news and sites.
    #[serde(default)]
    pub resources: Vec<serde_json::Value>,
}

/// The fields of a network that a region may know, in the order in which a network has them.
const KNOWN_HERE: [&str; 6] = ["expected", "website", "phone", "recognised_by", "sources", "unverified"];

/// The lists of a guarantee that name networks; `because` names rules.
const NAMING: [&str; 7] = ["main", "received", "among", "nearest", "within", "never", "because"];

impl Region {
    /// Reads the file of a region.
    ///
    /// # Errors
    /// One finding, as [`Directory::from_json`] has it.
    pub fn from_json(json: &[u8]) -> Result<Self, Finding> {
        reading::document(json)
    }
}

/// The directory of a region, without places.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    document: Json,
}

/// Makes the directory of a region of the national document and of the region's file.
///
/// # Errors
/// The first thing that cannot be: a document that cannot be read, a placeholder that the region's
/// file has nothing for, a network that it knows and that is not national, an item to stand before
/// another that is not there.
///
/// ```
/// use shared::region::compose;
///
/// let national = include_bytes!("../../editions/2026/national.json");
/// let made = compose(national, include_bytes!("../../editions/2026/53.json")).unwrap();
/// let directory = made.directory().unwrap();
/// assert_eq!(directory.edition.region.name["uk"], "Бретань (Bretagne)");
/// assert!(directory.structures.is_empty());
/// ```
pub fn compose(national: &[u8], region: &[u8]) -> Result<Composed, Finding> {
    Region::from_json(region)?;
    let (mut document, region): (Json, Json) = (reading::document(national)?, reading::document(region)?);
    let words = document.take("words").unwrap_or(Json::Null);
    let mut words = Words::new(&region, words.items())?;
    let mut document = words.fill(&document, None, "")?.unwrap_or(Json::Null);
    if let Some(edition) = document.get_mut("edition") {
        add(edition, "networks", &region)?;
        for list in ["rules", "guarantees", "remote_services", "coordination"] {
            add(edition, list, &region)?;
        }
        know(edition, &region)?;
        leave_out(edition, words.left_out);
    }
    add(&mut document, "resources", &region)?;
    let composed = Composed { document };
    composed.directory()?;
    Ok(composed)
}

impl Composed {
    /// The directory.
    ///
    /// # Errors
    /// One finding, where the national document or an item of the region is no part of a directory.
    pub fn directory(&self) -> Result<Directory, Finding> {
        Directory::from_json(self.to_json().as_bytes())
    }

    /// The document, in the order in which its sources are written.
    pub fn to_json(&self) -> String {
        self.document.pretty()
    }

    /// A directory with the edition, the territories and the resources of this one: its title and
    /// its places stay.
    ///
    /// # Errors
    /// One finding, where it is no directory.
    pub fn over(&self, directory: &[u8]) -> Result<String, Finding> {
        Directory::from_json(directory)?;
        let mut renewed: Json = reading::document(directory)?;
        for (part, later) in [
            ("edition", &["territories", "structures", "resources"][..]),
            ("territories", &["structures", "resources"]),
            ("resources", &[]),
        ] {
            match self.document.get(part) {
                Some(value) => renewed.set(part, value.clone(), later),
                None => drop(renewed.take(part)),
            }
        }
        Ok(renewed.pretty())
    }
}

/// Adds what only the region has to a list.
fn add(to: &mut Json, list: &str, region: &Json) -> Result<(), Finding> {
    for item in region.at(&format!("own.{list}")).map(Json::items).unwrap_or_default() {
        let mut item = item.clone();
        let before = item.take("before");
        let before = before.as_ref().and_then(Json::text);
        let Some(items) = to.list_mut(list) else {
            to.set(list, Json::List(vec![item]), &[]);
            continue;
        };
        let place = match before {
            None => items.len(),
            Some(id) => items.iter().position(|other| other.word("id") == id).ok_or_else(|| {
                let path = format!("own.{list}[{}].before", item.word("id"));
                Finding::error("unknown-id", path, id, "l’identifiant d’un élément de la même liste")
            })?,
        };
        items.insert(place, item);
    }
    Ok(())
}

/// Puts into the networks what the region knows of them.
fn know(edition: &mut Json, region: &Json) -> Result<(), Finding> {
    let departments = region.get("departments").map(Json::items).unwrap_or_default();
    let Some(networks) = edition.list_mut("networks") else { return Ok(()) };
    for network in networks.iter_mut() {
        if let Some(expected) = network.list_mut("expected") {
            *expected = expected.iter().flat_map(|one| in_each(one, departments)).collect();
        }
    }
    for (id, known) in region.get("networks").map(Json::fields).unwrap_or_default() {
        let network = networks.iter_mut().find(|network| network.word("id") == id).ok_or_else(|| {
            Finding::error("unknown-network", format!("networks.{id}"), id, "un réseau de l’édition")
        })?;
        for (at, field) in KNOWN_HERE.iter().enumerate() {
            let Some(value) = known.get(field) else { continue };
            let value = match (network.get(field), value) {
                (Some(Json::List(national)), Json::List(here)) => {
                    Json::List(national.iter().chain(here).cloned().collect())
                }
                _ => value.clone(),
            };
            network.set(field, value, &KNOWN_HERE[at + 1..]);
        }
    }
    Ok(())
}

/// What a network is expected to have in a department; in each, where it is written for all.
fn in_each(expected: &Json, departments: &[Json]) -> Vec<Json> {
    if expected.word("department") != "*" {
        return vec![expected.clone()];
    }
    let codes = departments.iter().map(|department| department.word("code").to_owned());
    codes
        .map(|code| {
            let mut one = expected.clone();
            one.set("department", Json::Text(code), &[]);
            one
        })
        .collect()
}

/// Takes the networks and rules that the region does not have out of what names them, and what then
/// leads nowhere or promises nothing.
fn leave_out(edition: &mut Json, mut gone: Vec<String>) {
    if let Some(rules) = edition.list_mut("rules") {
        rules.retain_mut(|rule| {
            strike(rule, "complements", &gone);
            if let Some(far) = rule.get_mut("preference").and_then(|limits| limits.list_mut("times_as_far")) {
                far.retain(|limit| !is_gone(limit.get("network"), &gone));
            }
            let pick = rule.get_mut("pick");
            let leads = !pick
                .is_some_and(|pick| ["in_order", "nearest_of"].iter().any(|list| strike(pick, list, &gone)));
            if !leads {
                gone.push(rule.word("id").to_owned());
            }
            leads
        });
    }
    if let Some(guarantees) = edition.list_mut("guarantees") {
        guarantees.retain_mut(|guarantee| {
            let imagined = guarantee.get("imagined").map(Json::items).unwrap_or_default();
            if imagined.iter().any(|place| is_gone(place.get("network"), &gone)) {
                return false;
            }
            for list in NAMING {
                // An empty list would be read as none: any network may be.
                if strike(guarantee, list, &gone) {
                    guarantee.take(list);
                }
            }
            NAMING.iter().chain(&["level", "only_adds"]).any(|promise| guarantee.get(promise).is_some())
        });
    }
}

/// Takes ids out of a list; whether that leaves nothing of it.
fn strike(owner: &mut Json, list: &str, gone: &[String]) -> bool {
    owner.list_mut(list).is_some_and(|items| {
        let before = items.len();
        items.retain(|item| !is_gone(Some(item), gone));
        items.is_empty() && before > 0
    })
}

fn is_gone(id: Option<&Json>, gone: &[String]) -> bool {
    id.and_then(Json::text).is_some_and(|id| gone.iter().any(|one| one == id))
}
