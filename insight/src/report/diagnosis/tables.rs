//! The tables of the page. Each says in words what the maps and bars show.

use super::areas::{Area, Met};
use super::csv::kilometres;
use super::marks::Classes;
use super::nearest::Need;
use super::page::{km_of, percent};
use super::{AreaKind, Diagnosis, Survey};
use crate::report::markup::Escaped;
use shared::french::{capitalised, grouped};
use shared::spelling::keep_together;
use std::fmt::Write;

/// The most communes that a table lists; all of them are in the CSV.
const LISTED: usize = 600;
/// How many it lists where there are more.
const FARTHEST: usize = 40;

/// How many people each class of distance holds, in the order of the classes.
fn shares(area: &Area, met: &Met) -> Vec<u64> {
    let mut before = 0;
    let mut shares: Vec<u64> = met
        .within
        .iter()
        .map(|within| {
            let share = within.inhabitants - before;
            before = within.inhabitants;
            share
        })
        .collect();
    shares.push(area.inhabitants - before - met.inhabitants_without);
    shares.push(met.inhabitants_without);
    shares
}

/// How a need is met, in words: every class that holds somebody, with its share.
pub(super) fn in_words(area: &Area, met: &Met, classes: &Classes) -> String {
    let said: Vec<String> = shares(area, met)
        .into_iter()
        .enumerate()
        .filter(|(_, people)| *people > 0)
        .map(|(class, people)| {
            format!("{} : {}\u{a0}% des habitants", classes.french(class), percent(people, area.inhabitants))
        })
        .collect();
    let mut words = capitalised(&said.join(" ; "));
    words.push('.');
    keep_together(&words)
}

/// The same as a bar, for the eyes only.
fn bar(area: &Area, met: &Met, classes: &Classes) -> String {
    let mut svg = String::from(
        "<svg class=\"bar\" viewBox=\"0 0 200 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    let mut from = 0.0;
    for (class, people) in shares(area, met).into_iter().enumerate().filter(|(_, people)| *people > 0) {
        #[expect(clippy::cast_precision_loss, reason = "a width of two hundred units")]
        let width = people as f64 / area.inhabitants.max(1) as f64 * 200.0;
        let _ = write!(
            svg,
            "<rect class=\"b{}\" x=\"{from:.1}\" y=\"0\" width=\"{width:.1}\" height=\"12\"/>",
            classes.look(class)
        );
        from += width;
    }
    svg.push_str("</svg>");
    svg
}

/// A cell: the bar, the share within the middle distance, the farthest commune.
fn cell(area: &Area, met: Option<&Met>, classes: &Classes) -> String {
    let Some(met) = met else { return "<td></td>".to_owned() };
    if met.inhabitants_without == area.inhabitants {
        return format!("<td>{}aucun lieu</td>", bar(area, met, classes));
    }
    let share = super::page::middle(met).map_or(String::new(), |within| {
        format!("{}\u{a0}% à {}\u{a0}km ou moins", percent(within.inhabitants, area.inhabitants), within.km)
    });
    let farthest = met.farthest.as_ref().map_or(String::new(), |farthest| {
        format!(
            "<br><span class=\"soft\">jusqu’à {} ({})</span>",
            km_of(farthest.distance),
            Escaped(&farthest.commune)
        )
    });
    let without = if met.communes_without > 0 {
        format!("<br>aucun lieu : {}\u{a0}%", percent(met.inhabitants_without, area.inhabitants))
    } else {
        String::new()
    };
    format!("<td>{}{share}{farthest}{without}</td>", bar(area, met, classes))
}

/// Opens a table that scrolls by itself where it is too wide.
pub(super) fn open(page: &mut String, id: &str, caption: &str, columns: &[(&str, &str)]) {
    let _ = write!(
        page,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-title\">\n<table>\n<caption id=\"{id}-title\">{caption}</caption>\n<thead><tr>"
    );
    for (class, column) in columns {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = write!(page, "<th scope=\"col\"{class}>{column}</th>");
    }
    page.push_str("</tr></thead>\n<tbody>\n");
}

/// Closes it.
pub(super) fn close(page: &mut String) {
    page.push_str("</tbody>\n</table>\n</div>\n");
}

fn who(public: &super::Public) -> String {
    let adds = if public.adds { " <span class=\"tag\">en plus</span>" } else { "" };
    let remote = if public.remote.is_empty() {
        "<br><span class=\"soft\">rien à distance qui soit sûr pour ce public</span>"
    } else {
        ""
    };
    let id = if public.id == super::Public::WITHOUT_RULE { "Sans règle" } else { &public.id };
    format!(
        "<th scope=\"row\" class=\"who\"><b>{}{adds}</b>{}{remote}</th>",
        Escaped(id),
        Escaped(&public.who)
    )
}

/// Every public and what is near for them.
pub(super) fn publics(page: &mut String, diagnosis: &Diagnosis, classes: &Classes) {
    page.push_str("<h2 id=\"publics\">Public par public</h2>\n");
    let columns = [Need::Reception, Need::Advice, Need::Support, Need::Named];
    let titles: Vec<String> = columns.iter().map(|need| capitalised(need.french())).collect();
    let mut heads = vec![("who", "Public")];
    heads.extend(titles.iter().map(|title| ("", title.as_str())));
    open(
        page,
        "publics-table",
        "Part des habitants qui ont un lieu assez proche, selon le public et ce qu’il cherche",
        &heads,
    );
    for public in &diagnosis.publics {
        let _ = write!(page, "<tr>{}", who(public));
        for need in columns {
            page.push_str(&cell(&diagnosis.whole, diagnosis.whole.met(&public.id, need), classes));
        }
        page.push_str("</tr>\n");
    }
    close(page);
}

/// For one commune, the places themselves.
pub(super) fn places_of_a_commune(page: &mut String, survey: &Survey) {
    page.push_str("<h2 id=\"publics\">Public par public</h2>\n");
    for (commune, nearest) in survey.communes() {
        let columns = [Need::Reception, Need::Advice, Need::Support, Need::Named];
        let titles: Vec<String> = columns.iter().map(|need| capitalised(need.french())).collect();
        let mut heads = vec![("who", "Public")];
        heads.extend(titles.iter().map(|title| ("", title.as_str())));
        let caption = format!("Le lieu le plus proche, depuis {}", Escaped(&commune.name));
        open(page, &format!("commune-{}", commune.code), &caption, &heads);
        for (public, nearest) in survey.publics().iter().zip(nearest) {
            let _ = write!(page, "<tr>{}", who(public));
            for need in columns {
                let _ = match nearest.get(need) {
                    None => write!(page, "<td>aucun lieu</td>"),
                    Some(found) => {
                        let name = survey.place(&survey.directory.structures[found.structure]);
                        let structure = &survey.directory.structures[found.structure];
                        let is_here = survey.geography.current(&structure.commune) == Some(commune);
                        let distance = if is_here {
                            "dans la commune".to_owned()
                        } else {
                            format!("{}\u{a0}km", kilometres(found.distance))
                        };
                        let competent = if found.competent { ", compétent pour la commune" } else { "" };
                        write!(
                            page,
                            "<td>{}<br><span class=\"soft\">{distance}{competent}</span></td>",
                            Escaped(&name)
                        )
                    }
                };
            }
            page.push_str("</tr>\n");
        }
        close(page);
    }
}

/// The departments and the territories, where there are several.
pub(super) fn areas(page: &mut String, diagnosis: &Diagnosis, classes: &Classes) {
    for (id, title, areas) in [
        ("departments", "Département par département", &diagnosis.departments),
        ("territories", "Territoire par territoire", &diagnosis.territories),
    ] {
        let is_the_whole = areas.len() == 1 && areas[0].communes == diagnosis.whole.communes;
        if areas.is_empty() || is_the_whole || diagnosis.whole.kind == AreaKind::Commune {
            continue;
        }
        let _ = writeln!(page, "<h2 id=\"{id}\">{title}</h2>");
        let columns = [
            ("", "Nom"),
            ("number", "Lieux"),
            ("number", "Communes"),
            ("number", "Habitants"),
            ("", "Niveau 1 : accueil"),
            ("", "Niveau 2 : conseil ou accompagnement"),
        ];
        open(
            page,
            &format!("{id}-table"),
            "Pour la personne la moins bien servie de chaque commune",
            &columns,
        );
        for area in areas {
            let code = if area.kind == AreaKind::Department {
                format!("{} ", Escaped(&area.code))
            } else {
                String::new()
            };
            let places: usize = area.places.values().sum();
            let _ = write!(
                page,
                "<tr><th scope=\"row\">{code}{}</th><td class=\"number\">{places}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>",
                Escaped(&area.name),
                area.communes,
                grouped(area.inhabitants)
            );
            for need in [Need::Reception, Need::LevelTwo] {
                page.push_str(&cell(area, area.met_for_all(need), classes));
            }
            page.push_str("</tr>\n");
        }
        close(page);
    }
}

/// The communes with their distances, all of them or the farthest, the farthest first.
pub(super) fn communes(page: &mut String, survey: &Survey) {
    let count = survey.scope.communes.len();
    if count < 2 || survey.scope.kind == AreaKind::Commune {
        return;
    }
    let mut rows: Vec<_> = survey
        .rows()
        .map(|row| {
            let one = survey.worst_off(row, Need::Reception);
            let two = survey.worst_off(row, Need::LevelTwo);
            (one, two, row.commune)
        })
        .collect();
    // No place at all is the farthest.
    rows.sort_by_key(|(one, two, commune)| {
        let far =
            |distance: &Option<shared::geography::Meters>| distance.map_or(u32::MAX, |distance| distance.0);
        (std::cmp::Reverse(far(two).max(far(one))), commune.code.clone())
    });
    let shown = if count <= LISTED { count } else { FARTHEST };
    let title = if shown == count { "Toutes les communes" } else { "Les communes les plus éloignées" };
    let _ = writeln!(page, "<h2 id=\"communes\">{title}</h2>");
    if shown < count {
        let _ = writeln!(
            page,
            "<p>{shown} communes sur {}. Le tableau pour tableur les donne toutes, public par public.</p>",
            grouped(u64::try_from(count).unwrap_or(0))
        );
    }
    let columns =
        [("", "Commune"), ("number", "Habitants"), ("number", "Niveau 1 (km)"), ("number", "Niveau 2 (km)")];
    open(
        page,
        "communes-table",
        "Distance du lieu le plus proche, pour la personne la moins bien servie",
        &columns,
    );
    for (one, two, commune) in rows.into_iter().take(shown) {
        let said = |distance: Option<shared::geography::Meters>| {
            distance.map_or_else(|| "aucun".to_owned(), kilometres)
        };
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{} ({})</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            Escaped(&commune.name),
            commune.department(),
            grouped(u64::from(commune.population)),
            said(one),
            said(two)
        );
    }
    close(page);
}
