//! The diagnosis as a page: maps and tables in one HTML document that needs nothing else, no
//! script, no request, and prints.

use super::areas::{Area, Met, Row};
use super::map::Map;
use super::marks::{Classes, legend_mark, legend_place};
use super::nearest::Need;
use super::{AreaKind, Diagnosis, Public, Survey};
use super::{state_tables, tables};
use crate::report::markup::{Escaped, policy};
use shared::french::{capitalised, grouped};
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");

/// The `Content-Security-Policy` under which the page does all it does.
pub fn content_security_policy() -> String {
    policy(STYLE)
}

/// The page of a survey, in French. `diagnosis` is the survey's own.
pub fn html(survey: &Survey, diagnosis: &Diagnosis) -> String {
    let classes = Classes::new(diagnosis.thresholds.distances());
    let title = title(&diagnosis.whole);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        Escaped(&content_security_policy()),
        Escaped(&title)
    );
    heading(&mut page, diagnosis, &title);
    page.push_str("<main>\n");
    facts(&mut page, diagnosis);
    if let Some(map) = Map::new(survey) {
        legend(&mut page, &classes);
        maps(&mut page, survey, diagnosis, &classes, &map);
        tables::publics(&mut page, diagnosis, &classes);
        small_maps(&mut page, survey, diagnosis, &classes, &map);
    } else {
        tables::places_of_a_commune(&mut page, survey);
    }
    tables::areas(&mut page, diagnosis, &classes);
    tables::communes(&mut page, survey);
    state_tables::territories(&mut page, survey, diagnosis);
    state_tables::records(&mut page, survey, diagnosis);
    page.push_str("</main>\n");
    method(&mut page, diagnosis);
    page.push_str("</body>\n</html>\n");
    page
}

/// Kilometres that French writes with a word before.
fn title(area: &Area) -> String {
    let kind = match area.kind {
        AreaKind::Region => "région",
        AreaKind::Department => "département",
        AreaKind::Territory => "territoire",
        AreaKind::Commune => "commune",
    };
    format!("Diagnostic territorial : {} ({kind})", area.name)
}

fn heading(page: &mut String, diagnosis: &Diagnosis, title: &str) {
    let _ = write!(
        page,
        "<header>\n<h1>{}</h1>\n<p>{}, au {}. Ce que l’annuaire offre et ce qui lui manque : pour qui, où, et à quelle distance.</p>\n</header>\n",
        Escaped(title),
        Escaped(&diagnosis.title),
        date(&diagnosis.today)
    );
}

fn facts(page: &mut String, diagnosis: &Diagnosis) {
    let whole = &diagnosis.whole;
    let fact = |what: &str, number: u64| format!("<div><dt>{what}</dt><dd>{}</dd></div>\n", grouped(number));
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let _ = write!(
        page,
        "<h2 id=\"facts\">En bref</h2>\n<dl class=\"facts\">\n{}{}{}{}</dl>\n",
        fact("lieux", count(diagnosis.places)),
        fact(if whole.communes < 2 { "commune" } else { "communes" }, count(whole.communes)),
        fact("habitants", whole.inhabitants),
        fact("fiches à compléter ou à vérifier", count(diagnosis.incomplete.len())),
    );
    let mut notes = Vec::new();
    for need in [Need::Reception, Need::LevelTwo] {
        if let Some(met) = whole.met_for_all(need) {
            notes.push(sentence(whole, met));
        }
    }
    let _ = writeln!(page, "<ul>");
    for note in notes {
        let _ = writeln!(page, "<li>{note}</li>");
    }
    let _ = writeln!(page, "</ul>");
}

/// One sentence on how a need is met for whoever is the worst off.
fn sentence(area: &Area, met: &Met) -> String {
    let need = capitalised(met.need.french());
    let middle = middle(met);
    let share = middle.map_or(0, |within| percent(within.inhabitants, area.inhabitants));
    let km = middle.map_or(0, |within| within.km);
    let mut sentence = format!(
        "<strong>{need}</strong> : {share}\u{a0}% des habitants ont, quel que soit leur cas, un lieu à {km}\u{a0}km ou moins."
    );
    if let Some(farthest) = &met.farthest
        && area.communes > 1
    {
        let _ = write!(
            sentence,
            " La commune la plus éloignée : {}, {}.",
            Escaped(&farthest.commune),
            km_of(farthest.distance)
        );
    }
    if met.communes_without > 0 {
        let _ = write!(
            sentence,
            " Dans {} communes, quelqu’un n’a aucun lieu.",
            grouped(u64::try_from(met.communes_without).unwrap_or(0))
        );
    }
    sentence
}

/// The distance that a sentence speaks of: the middle one of those that people tell apart.
pub(super) fn middle(met: &Met) -> Option<super::Within> {
    let near = met.within.len().saturating_sub(1);
    met.within.get(near / 2).copied()
}

fn legend(page: &mut String, classes: &Classes) {
    let _ = writeln!(
        page,
        "<h2 id=\"maps\">À quelle distance est le lieu le plus proche ?</h2>\n<p>Chaque marque est une commune. Sa forme et sa couleur disent à quelle distance de son centre se trouve le lieu le plus proche, pour la personne la moins bien servie : quel que soit le cas, personne n’a plus loin à aller.</p>\n<ul class=\"legend\">"
    );
    for class in 0..classes.count() {
        let _ = writeln!(page, "<li>{}{}</li>", legend_mark(classes.look(class)), classes.french(class));
    }
    let _ = writeln!(page, "<li>{}un lieu, ou plusieurs au même endroit</li>\n</ul>", legend_place());
}

fn maps(page: &mut String, survey: &Survey, diagnosis: &Diagnosis, classes: &Classes, map: &Map) {
    page.push_str(&map.definitions());
    page.push_str("<div class=\"maps\">\n");
    for need in [Need::Reception, Need::LevelTwo] {
        let title = format!("{} : {}", diagnosis.whole.name, need.french());
        let description = diagnosis
            .whole
            .met_for_all(need)
            .map_or(String::new(), |met| tables::in_words(&diagnosis.whole, met, classes));
        let marks = map.marks(survey, classes, 1.0, &|row| survey.worst_off(row, need));
        let svg = map.large((&title, &description), &marks, need);
        let _ = writeln!(
            page,
            "<figure>\n{svg}\n<figcaption><h3>{}</h3>{}</figcaption>\n</figure>",
            capitalised(need.french()),
            description
        );
    }
    page.push_str("</div>\n");
}

/// Small maps: where the place that a rule sends its public to is near. Publics whose maps
/// would be the same share one.
fn small_maps(page: &mut String, survey: &Survey, diagnosis: &Diagnosis, classes: &Classes, map: &Map) {
    page.push_str(
        "<h2 id=\"named\">Le lieu prévu pour chaque public</h2>\n<p>À quelle distance est un lieu du réseau que la règle désigne en premier pour ce public. Mêmes marques que plus haut.</p>\n",
    );
    let mut without = Vec::new();
    let mut drawn: Vec<(String, Vec<&Public>)> = Vec::new();
    for (index, public) in diagnosis.publics.iter().enumerate().filter(|(_, public)| !public.named.is_empty())
    {
        let named = |row: Row| row.nearest[index].get(Need::Named).map(|found| found.distance);
        if survey.rows().all(|row| named(row).is_none()) {
            without.push(public);
            continue;
        }
        let marks = map.marks(survey, classes, 1.5, &named);
        match drawn.iter_mut().find(|(known, publics)| *known == marks && publics[0].named == public.named) {
            Some((_, publics)) => publics.push(public),
            None => drawn.push((marks, vec![public])),
        }
    }
    let networks = |public: &Public| -> String {
        let names: Vec<String> = public.named.iter().map(|id| survey.network(id)).collect();
        names.join(", ")
    };
    page.push_str("<div class=\"maps small\">\n");
    for (marks, publics) in drawn {
        let ids: Vec<&str> = publics.iter().map(|public| public.id.as_str()).collect();
        let title = format!("{} : {}", ids.join(", "), networks(publics[0]));
        let words = diagnosis
            .whole
            .met(&publics[0].id, Need::Named)
            .map_or(String::new(), |met| tables::in_words(&diagnosis.whole, met, classes));
        let svg = map.small((&title, &words), &marks);
        let _ = writeln!(
            page,
            "<figure>\n{svg}\n<figcaption><h3>{}</h3>{}</figcaption>\n</figure>",
            Escaped(&networks(publics[0])),
            Escaped(&ids.join(", "))
        );
    }
    page.push_str("</div>\n");
    if !without.is_empty() {
        page.push_str("<p>Aucun lieu de ces réseaux dans l’annuaire :</p>\n<ul>\n");
        for public in without {
            let _ = writeln!(
                page,
                "<li>{}, prévu pour {} : {}</li>",
                Escaped(&networks(public)),
                Escaped(&public.id),
                Escaped(&public.who)
            );
        }
        page.push_str("</ul>\n");
    }
}

fn method(page: &mut String, diagnosis: &Diagnosis) {
    let _ = write!(
        page,
        "<footer>\n<h2 id=\"method\">Comment lire ce diagnostic</h2>\n<ul>\n\
<li>Les publics sont ceux des règles de l’édition « {} ». Chaque personne compte dans un seul public : la première règle qui lui convient. Les publics marqués « en plus » viennent d’une règle qui ne fait qu’ajouter : ces personnes comptent aussi ailleurs.</li>\n\
<li>Un lieu compte pour un public s’il le reçoit à coup sûr, quelles que soient les autres réponses de la personne. Un lieu réservé à d’autres communes ne compte pas. Quand un réseau a un lieu compétent pour la commune, ses autres lieux ne comptent pas non plus.</li>\n\
<li>Niveau 1 : accueil et information. Niveau 2 : conseil ou accompagnement.</li>\n\
<li>Les distances vont à vol d’oiseau, du centre de la commune au lieu. La route est plus longue, surtout en montagne. Les habitants d’une commune comptent tous à son centre.</li>\n\
<li>Ne comptent pas : les lieux d’un réseau qui n’est plus en vigueur, et ceux qui sont fermés aujourd’hui et encore le {}.</li>\n\
<li>Au-delà de {}\u{a0}km, le guide ne propose un lieu que s’il est compétent pour la commune.</li>\n\
<li>Les limites des départements sont dessinées d’après le centre des communes : elles sont approchées.</li>\n\
</ul>\n</footer>\n",
        Escaped(&diagnosis.edition),
        date(&diagnosis.thresholds.closed_until),
        diagnosis.thresholds.reach_km
    );
}

/// A date as French writes it in figures; the text itself where it is not one.
pub(crate) fn date(iso: &str) -> String {
    let parts: Vec<&str> = iso.split('-').collect();
    match parts[..] {
        [year, month, day] => format!("{}/{}/{}", Escaped(day), Escaped(month), Escaped(year)),
        _ => Escaped(iso).to_string(),
    }
}

/// A distance in whole kilometres; under one, it says so.
pub(crate) fn km_of(distance: shared::geography::Meters) -> String {
    match (distance.0 + 500) / 1000 {
        0 => "moins d’un\u{a0}km".to_owned(),
        km => format!("{km}\u{a0}km"),
    }
}

/// A share in whole per cent; all and nothing only where it is exactly so.
pub fn percent(part: u64, whole: u64) -> u64 {
    match (part, whole) {
        (_, 0) => 0,
        (part, whole) if part == whole => 100,
        (0, _) => 0,
        (part, whole) => ((part * 100 + whole / 2) / whole).clamp(1, 99),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_french_does() {
        assert_eq!(date("2026-11-24"), "24/11/2026");
        assert_eq!(
            (percent(0, 9), percent(9, 9), percent(1, 100_000), percent(99_999, 100_000)),
            (0, 100, 1, 99)
        );
    }
}
