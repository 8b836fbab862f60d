//! Looking for places: in what is live, and in a draft. A live place as people read it.

use super::drafts::{is_over, steps};
use super::frame::{Page, go_to, send};
use super::parts::{Choice, facts, pager, select, table};
use super::place_links::link_button;
use super::wording::places as counted;
use super::{Asked, hours, words};
use crate::admin::drafts::{Draft, DraftState, LONGEST_TITLE};
use crate::admin::territory::stands_in;
use crate::ledger::Kept;
use insight::report::quality::{Quality, score};
use maud::{Markup, html};
use protocol::rights::Right;
use serving::problem::{Failure, Problem};
use serving::query::parameter;
use serving::{clock, shipped};
use shared::directory::{Directory, MAIN_LANGUAGE, Structure};
use shared::french;
use shared::geography::{Geography, department_of};
use shared::percent::encoded as query;
use shared::spelling::fold;
use web_sys::Response;

/// How many places a page shows.
const PER_PAGE: usize = 50;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Search {
    words: String,
    network: String,
    department: String,
    /// From 1.
    page: usize,
}

impl Search {
    fn read(query: &str) -> Self {
        let text = |name: &str| parameter(query, name).unwrap_or_default().trim().to_owned();
        Self {
            words: text("q"),
            network: text("network"),
            department: text("department"),
            page: text("page").parse().unwrap_or(1).max(1),
        }
    }

    /// The address of a page of the same search.
    fn address(&self, path: &str, page: usize) -> String {
        let (words, network, department) =
            (query(&self.words), query(&self.network), query(&self.department));
        format!("{path}?q={words}&network={network}&department={department}&page={page}")
    }

    /// The places that have every word in their name, network, address or commune, by name.
    fn find<'a>(&self, directory: &'a Directory, geography: &Geography) -> Vec<&'a Structure> {
        let folded = fold(&self.words);
        let wanted: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let digits: String = self.words.chars().filter(char::is_ascii_digit).collect();
        let mut found: Vec<&Structure> = directory
            .structures
            .iter()
            .filter(|place| self.network.is_empty() || place.network == self.network)
            .filter(|place| self.department.is_empty() || department_of(&place.commune) == self.department)
            .filter(|place| {
                let words = fold(&searched(directory, geography, place));
                let is_phone =
                    digits.len() >= 6 && place.phones.iter().any(|phone| plain(phone).contains(&digits));
                is_phone || wanted.iter().all(|word| words.contains(word))
            })
            .collect();
        found.sort_by_cached_key(|place| (fold(&place.name), place.id.clone()));
        found
    }
}

fn plain(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// What of a place words are looked for in.
fn searched(directory: &Directory, geography: &Geography, place: &Structure) -> String {
    let address = &place.address;
    [
        place.name.as_str(),
        &place.id,
        &network_name(directory, &place.network),
        &address.lines.join(" "),
        &address.postcode,
        address.town.as_deref().unwrap_or_default(),
        commune_name(geography, &place.commune),
    ]
    .join(" ")
}

/// The French name of a network.
pub(super) fn network_name(directory: &Directory, id: &str) -> String {
    let network = directory.edition.networks.iter().find(|network| network.id == id);
    network.and_then(|network| network.name.get(MAIN_LANGUAGE)).cloned().unwrap_or_else(|| id.to_owned())
}

/// The name of a commune; its code where there is none of that code.
pub(super) fn commune_name<'a>(geography: &'a Geography, code: &'a str) -> &'a str {
    geography.current(code).map_or(code, |commune| commune.name.as_str())
}

/// When a place was checked, and whether that is long ago.
fn checked(place: &Structure, today: &str) -> Markup {
    html! {
        @match place.checked_on.as_deref() {
            Some(day) => {
                (words::date(day))
                @if day < words::a_year_before(today).as_str() { " " span class="tag warn" { "à revérifier" } }
            }
            None => { "jamais " span class="tag warn" { "à revérifier" } }
        }
    }
}

/// How good a record is, and what would make it better.
fn quality(quality: &Quality) -> Markup {
    html! {
        details {
            summary { "Qualité de la fiche : " (quality.score) " sur 100" }
            ul {
                @for part in &quality.parts {
                    li { (part.criterion.french()) " : " (part.points) " sur " (part.weight) @if !part.why.is_empty() { " – " (part.why) } }
                }
            }
        }
    }
}

impl Asked<'_> {
    /// `/admin/places`.
    pub(super) async fn places(&self) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let lead = html! { p { "Les lieux qui sont en ligne en ce moment. Ouvrez-en un pour le lire ou le modifier." } };
        let list = self.list("/admin/places", &directory, &shipped::geography()?);
        let page = Page { title: "Lieux en ligne", part: "/admin/places", ..self.page_of() };
        send(200, &page.html(&html! { (lead) (list) }))
    }

    /// `/admin/drafts/{draft}/places`.
    pub(super) async fn draft_places(&self, id: &str) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        let path = format!("/admin/drafts/{id}/places");
        let body = html! {
            (steps(&draft.value, ""))
            @if !is_over(&draft.value) { p { a class="button" href={ (path) "/new" } { "Ajouter un lieu" } } }
            (self.list(&path, &directory, &shipped::geography()?))
        };
        let title = format!("Lieux du brouillon « {} »", draft.value.title);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    fn list(&self, path: &str, directory: &Directory, geography: &Geography) -> Markup {
        let search = Search::read(self.query);
        let found = search.find(directory, geography);
        let pages = found.len().div_ceil(PER_PAGE).max(1);
        let page = search.page.min(pages);
        let today = clock::today();
        let rows: Vec<Vec<Markup>> = found
            .iter()
            .skip((page - 1) * PER_PAGE)
            .take(PER_PAGE)
            .map(|place| {
                vec![
                    html! { a href={ (path) "/" (place.id) } { (place.name) } },
                    html! { (commune_name(geography, &place.commune)) " (" (department_of(&place.commune)) ")" },
                    html! { (network_name(directory, &place.network)) },
                    html! { @match place.phones.first() { Some(phone) => (phone), None => "aucun" } },
                    checked(place, &today),
                ]
            })
            .collect();
        let caption = html! {
            (counted(found.len(), "lieu", "lieux"))
            @if pages > 1 { ", page " (page) " sur " (pages) }
        };
        let newer = search.address(path, page.saturating_sub(1));
        let older = search.address(path, page + 1);
        html! {
            (form(path, &search, directory))
            @if rows.is_empty() {
                p role="status" { "Aucun lieu ne correspond. Essayez avec moins de mots." }
            } @else {
                (table(&caption, &["Lieu", "Commune", "Réseau", "Téléphone", "Vérifié"], &rows))
            }
            (pager("Pages", (page > 1).then_some((&*newer, "Page précédente")), (page < pages).then_some((&*older, "Page suivante"))))
        }
    }

    /// `/admin/places/{id}`.
    pub(super) async fn place(&self, id: &str) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let geography = shipped::geography()?;
        let place = live(&directory, id)?;
        let role = &self.desk.person.role;
        let is_foreign = role.territory().is_some_and(|own| !stands_in(own, &directory, &geography)(place));
        let may_edit = role.may(Right::Draft) && !is_foreign;
        let drafts = if may_edit { self.desk.drafts().await? } else { Vec::new() };
        let open: Vec<&Kept<Draft>> = drafts.iter().filter(|draft| !is_over(&draft.value)).take(5).collect();
        let body = html! {
            (record(place, &directory, &geography, &clock::today()))
            (quality(&score(place, &directory, &geography, &clock::today())))
            @if may_edit {
                form method="post" action={ "/admin/places/" (place.id) "/edit" } {
                    button type="submit" { "Modifier ce lieu" }
                }
                p class="help" { "Cela commence un brouillon. Rien n’est en ligne avant la publication." }
                (link_button(place))
                p class="help" { "Un lien privé montre cette fiche au lieu, qui la confirme ou la corrige dans un brouillon. Il remplace celui d’avant." }
                @if !open.is_empty() {
                    p { "Ou le modifier dans un brouillon en cours :" }
                    ul { @for draft in open {
                        li { a href={ "/admin/drafts/" (draft.value.id) "/places/" (place.id) } { (draft.value.title) } }
                    } }
                }
            }
            @if is_foreign { p { "Ce lieu n’est pas dans votre territoire : vous pouvez le lire, pas le modifier." } }
            p { a href="/admin/places" { "Revenir à la liste des lieux" } }
        };
        let page = Page { title: &place.name, part: "/admin/places", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// `/admin/places/{id}/edit`: begins a draft, and leads to the form in it.
    pub(super) async fn edit_place(&self, id: &str) -> Result<Response, Failure> {
        let directory = self.desk.parse(&self.desk.live_document().await?)?;
        let place = live(&directory, id)?;
        let own = self.desk.person.role.territory();
        if own.is_some_and(|own| {
            shipped::geography().is_ok_and(|geography| !stands_in(own, &directory, &geography)(place))
        }) {
            return Err(self.desk.forbidden(id).await);
        }
        let title: String = format!("Modifier : {}", place.name).chars().take(LONGEST_TITLE).collect();
        // A double click, or somebody who came back: the same draft again, where it is untouched.
        let drafts = self.desk.drafts().await?;
        let begun = drafts.into_iter().find(|draft| {
            let Draft { title: other, begun_by, document, state, .. } = &draft.value;
            *other == title
                && begun_by.id == self.desk.person.id
                && document.is_none()
                && *state == DraftState::Open
        });
        let draft = match begun {
            Some(draft) => draft,
            None => self.desk.begin(&title, None).await?,
        };
        go_to(&format!("/admin/drafts/{}/places/{id}", draft.value.id), None)
    }
}

fn live<'a>(directory: &'a Directory, id: &str) -> Result<&'a Structure, Failure> {
    directory.structures.iter().find(|place| place.id == id).ok_or_else(|| {
        Problem::new(404, "unknown-place", "Ce lieu n’est pas dans l’annuaire en ligne.").into()
    })
}

fn form(path: &str, search: &Search, directory: &Directory) -> Markup {
    let names: Vec<(String, String)> = directory
        .edition
        .networks
        .iter()
        .map(|network| (network.id.clone(), network_name(directory, &network.id)))
        .collect();
    let networks: Vec<Choice<'_>> =
        names.iter().map(|(id, name)| Choice { value: id, label: name }).collect();
    let departments = &directory.edition.region.departments;
    let departments: Vec<Choice<'_>> =
        departments.iter().map(|one| Choice { value: &one.code, label: &one.name }).collect();
    html! {
        form method="get" action=(path) class="card search" role="search" aria-label="Chercher un lieu" {
            div class="field" {
                label for="q" { "Nom, commune, code postal ou téléphone" }
                input id="q" name="q" type="search" value=(search.words) autocomplete="off";
            }
            (select("network", "Réseau", Some("tous"), &networks, &search.network, &[]))
            (select("department", "Département", Some("tous"), &departments, &search.department, &[]))
            button type="submit" { "Chercher" }
        }
    }
}

/// A place, as administrators read it.
pub(super) fn record(place: &Structure, directory: &Directory, geography: &Geography, today: &str) -> Markup {
    facts(&told(place, directory, geography, today))
}

/// A place, as its people read it: nothing of where the directory has it from.
pub(super) fn known_of(
    place: &Structure,
    directory: &Directory,
    geography: &Geography,
    today: &str,
) -> Markup {
    let mut told = told(place, directory, geography, today);
    told.retain(|(name, _)| !matches!(*name, "Position" | "Public" | "Source" | "Identifiants ailleurs"));
    facts(&told)
}

/// What there is to say of a place, each under its name.
fn told(
    place: &Structure,
    directory: &Directory,
    geography: &Geography,
    today: &str,
) -> Vec<(&'static str, Option<Markup>)> {
    let lines = |lines: Vec<String>| {
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        (!lines.is_empty()).then(|| html! { @for line in &lines { (line) br; } })
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| html! { (text) });
    let commune = commune_name(geography, &place.commune);
    let town = place.address.town.as_deref().unwrap_or(commune);
    let mut address = place.address.lines.clone();
    address.push(format!("{} {town}", place.address.postcode).trim().to_owned());
    let week = hours::DAYS
        .iter()
        .zip(hours::lines(&place.hours))
        .map(|((_, name), line)| if line.is_empty() { String::new() } else { format!("{name} : {line}") });
    let closed: Vec<String> = place
        .closed
        .iter()
        .map(|one| format!("du {} au {}", french::day(&one.from), french::day(&one.until)))
        .collect();
    let languages: Vec<&str> = place.languages.iter().map(|code| words::language(code)).collect();
    let services: Vec<&str> =
        place.services.iter().flatten().map(|service| words::service(*service)).collect();
    let position = place.position.map(|position| {
        let approximate = if position.approximate { " (approximative)" } else { "" };
        html! { (position.latitude) ", " (position.longitude) (approximate) }
    });
    let website = place.website.as_ref().map(|website| {
        let is_page = website.starts_with("https://") || website.starts_with("http://");
        html! { @if is_page { a href=(website) rel="noreferrer" { (website) } } @else { (website) } }
    });
    let references: Vec<String> =
        place.references.iter().map(|(source, id)| format!("{source} : {id}")).collect();
    let serves =
        place.serves.as_ref().map(|_| html! { "une partie du public de son réseau, selon les réponses" });
    vec![
        ("Réseau", Some(html! { (network_name(directory, &place.network)) })),
        ("Adresse", lines(address)),
        ("Commune", Some(html! { (commune) " (" (place.commune) ")" })),
        ("Position", position),
        ("Téléphone", lines(place.phones.clone())),
        ("Courriel", lines(place.emails.clone())),
        ("Site", website),
        ("Horaires", lines(week.collect())),
        ("Remarque sur les horaires", text(&place.hours_note)),
        ("Fermé", lines(closed)),
        ("Langues parlées", (!languages.is_empty()).then(|| html! { (languages.join(", ")) })),
        ("Accès", text(&place.access)),
        ("Compétence", Some(html! { (covers(place, directory, geography)) })),
        ("Public", serves),
        ("Services", (!services.is_empty()).then(|| html! { (services.join(", ")) })),
        ("Vérifié", Some(checked(place, today))),
        ("Source", text(&place.source)),
        ("Identifiants ailleurs", lines(references)),
    ]
}

/// Whom a place is there for, in words.
fn covers(place: &Structure, directory: &Directory, geography: &Geography) -> String {
    let Some(competence) = &place.competence else { return "tout le monde".to_owned() };
    let departments = competence.departments.iter().map(|code| {
        let known = directory.edition.region.departments.iter().find(|one| one.code == *code);
        known.map_or_else(|| code.clone(), |one| one.name.clone())
    });
    let territories = competence.territories.iter().map(|id| {
        let known = directory.territories.iter().find(|one| one.id == *id);
        known.map_or_else(|| id.clone(), |one| one.name.clone())
    });
    let communes = competence.communes.iter().map(|code| commune_name(geography, code).to_owned());
    let all: Vec<String> = departments.chain(territories).chain(communes).collect();
    if all.is_empty() { "personne".to_owned() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Directory {
        Directory::from_json(include_bytes!("../../../../shared/editions/2026.json")).unwrap()
    }

    #[test]
    fn places_are_found_by_what_people_know_of_them() {
        let communes = include_str!("../../../../shared/data/communes.tsv");
        let geography = Geography::parse(communes, "", &|_| true).unwrap();
        let directory = shipped();
        let all = directory.structures.len();
        let found = |query: &str| Search::read(query).find(&directory, &geography);
        assert_eq!(found("").len(), all);
        let valence = found("q=VALENCE");
        assert!(!valence.is_empty() && valence.len() < all);
        assert_eq!(found("q=valence+mission").len(), found("q=mission%20Valence").len());
        assert!(found("q=valence&network=cio").iter().all(|place| place.network == "cio"));
        assert!(found("department=07").iter().all(|place| place.commune.starts_with("07")));
        let by_phone = directory.structures.iter().find(|place| !place.phones.is_empty()).unwrap();
        let digits = plain(&by_phone.phones[0]);
        assert!(found(&format!("q={digits}")).iter().any(|place| place.id == by_phone.id));
        assert!(found("q=nulle-part-au-monde").is_empty());
    }

    #[test]
    fn a_search_is_kept_from_page_to_page() {
        let search = Search::read("q=Saint-%C3%89tienne+%26+co&network=cio&page=3");
        assert_eq!((search.words.as_str(), search.page), ("Saint-Étienne & co", 3));
        assert_eq!(Search::read(search.address("", 3).trim_start_matches('?')), search);
        assert_eq!(Search::read("page=0").page, 1);
        assert_eq!(Search::read("page=x").page, 1);
    }

    #[test]
    fn a_record_is_text_whatever_somebody_wrote() {
        let geography = Geography::default();
        let mut place = Structure { name: "x".into(), commune: "<b>".into(), ..Structure::default() };
        place.website = Some("javascript:alert(1)".into());
        place.address.lines = vec!["<img src=x>".into()];
        let html = record(&place, &shipped(), &geography, "2026-11-24").into_string();
        assert!(
            !html.contains("<b>") && !html.contains("<img") && !html.contains("href=\"javascript"),
            "{html}"
        );
    }
}
