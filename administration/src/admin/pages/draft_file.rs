//! The file of a draft: what its columns were taken for, what was repaired, what somebody
//! has to look at. Every choice is a field of one form; sending it reads the file again.

use super::drafts::{is_over, steps};
use super::frame::{Page, go_to, send};
use super::places::network_name;
use super::wording::places;
use super::{Asked, revision};
use exchange::import::columns::{Column, Field};
use exchange::import::decision::Decision;
use exchange::import::pair::Side;
use exchange::import::repair::{Accepted, Doubtful, Mended};
use exchange::import::report::{Group, Repairs, Report, lines};
use exchange::import::{NEVER_PROPOSED, Options};
use maud::{Markup, html};
use serving::form::Form;
use serving::problem::Failure;
use shared::directory::{Directory, Network};
use shared::french::capitalised;
use std::collections::BTreeMap;
use web_sys::Response;

/// The code of places whose network nobody knows.
const UNCLASSIFIED: &str = "network-unknown";

/// The groups that only a person can decide: they are open when the page is.
const OPEN: [&str; 3] = ["row-refused", UNCLASSIFIED, "source-changed"];

/// How many repairs or doubts of a kind can be decided one by one on the page. The others
/// are listed by the command line, and follow the decision about their group.
const SHOWN: usize = 60;

impl Asked<'_> {
    /// `/admin/drafts/{id}/import`.
    pub(super) async fn file_page(&self, id: &str) -> Result<Response, Failure> {
        let draft = self.desk.draft(id).await?;
        let report = self.desk.report(&draft.value).await?;
        let options = draft.value.import.as_ref().map(|import| import.options.clone()).unwrap_or_default();
        let path = format!("/admin/drafts/{id}");
        let directory = self.desk.parse(&self.desk.document(&draft.value).await?)?;
        let networks = network_names(&directory);
        let body = html! {
            (steps(&draft.value, ""))
            (summary(&report))
            @if is_over(&draft.value) { p { "Ce brouillon est terminé : le fichier ne peut plus être relu." } }
            form method="post" action={ (path) "/import" } {
                (revision(&draft))
                (columns(&report, &options))
                (whole_file(&networks, &options))
                h2 { "À regarder" }
                @if report.findings.is_empty() { p { "Rien." } }
                @for group in &report.findings { (doubtful(group, &networks, &options)) }
                @if !options.mapping.networks.is_empty() && report.finding_count(UNCLASSIFIED) == 0 {
                    details {
                        summary { "Réseaux choisis : " (options.mapping.networks.len()) }
                        (unclassified(&[], &networks, &options))
                    }
                }
                (missing(&report, &options))
                h2 { "Réparé" }
                @if report.repaired.is_empty() { p { "Rien n’avait besoin d’être réparé." } }
                @for repairs in &report.repaired { (repaired(repairs, &options)) }
                @if !is_over(&draft.value) {
                    div class="actions card" {
                        button type="submit" { "Relire le fichier avec ces choix" }
                        a class="button quiet" href=(path) { "Revenir au brouillon" }
                    }
                }
            }
            (records(&report))
            @if !is_over(&draft.value) {
                form method="post" action={ (path) "/check" } {
                    (revision(&draft))
                    p { "Quand le fichier est lu comme vous le voulez :" }
                    button type="submit" { "Contrôler le brouillon" }
                }
            }
        };
        let title = format!("Fichier : {}", report.file);
        let page = Page { title: &title, part: "/admin/drafts", ..self.page_of() };
        send(200, &page.html(&body))
    }

    /// Reads the file again, as the form says.
    pub(super) async fn read_file_again(&self, id: &str) -> Result<Response, Failure> {
        let form = Form::read(self.incoming).await?;
        let draft = self.at_revision(id, &form).await?;
        let before = draft.value.import.as_ref().map(|import| import.options.clone()).unwrap_or_default();
        self.desk.read_again(draft, chosen(before, &form)).await?;
        go_to(&format!("/admin/drafts/{id}/import?done=file-read"), None)
    }
}

/// What the form says, on top of what was said before.
fn chosen(mut options: Options, form: &Form) -> Options {
    for (title, field) in form.under("column:") {
        match field {
            // As it was guessed.
            "guess" => {
                options.mapping.columns.remove(title);
            }
            "" => {
                options.mapping.columns.insert(title.to_owned(), None);
            }
            code => {
                if let Some(field) = Field::parse(code) {
                    options.mapping.columns.insert(title.to_owned(), Some(field));
                }
            }
        }
    }
    options.mapping.network = Some(form.get("network").to_owned()).filter(|id| !id.is_empty());
    for (value, id) in form.under("network:") {
        if id.is_empty() {
            options.mapping.networks.remove(value);
        } else {
            options.mapping.networks.insert(value.to_owned(), id.to_owned());
        }
    }
    options.key = Some(form.get("key").to_owned()).filter(|title| !title.is_empty());
    options.report_missing = form.has("report_missing") || form.has("remove_missing");
    options.remove_missing = form.has("remove_missing");
    for (code, decision) in form.under("group:") {
        decide(&mut options.decisions.groups, code, decision);
    }
    for (id, decision) in form.under("item:") {
        decide(&mut options.decisions.items, id, decision);
    }
    options
}

fn decide(list: &mut BTreeMap<String, Decision>, name: &str, decision: &str) {
    match decision {
        "accept" => list.insert(name.to_owned(), Decision::Accept),
        "refuse" => list.insert(name.to_owned(), Decision::Refuse),
        _ => list.remove(name),
    };
}

fn summary(report: &Report) -> Markup {
    let left_out: usize = report.left_out.values().sum();
    html! {
        div class="message done" {
            p {
                strong { (report.read) " fiches lues = " (report.kept) " ajoutées + " (report.merged) " fusionnées + " (report.refused) " refusées" @if left_out > 0 { " + " (left_out) " laissées de côté" } "." }
                " Aucune n’est perdue : chacune est comptée, et celles qui ont été lues sont dans la liste en bas de cette page."
            }
            @if left_out > 0 {
                p { "Laissées de côté, par type : " @for (index, (kind, count)) in report.left_out.iter().enumerate() { @if index > 0 { ", " } (kind) " : " (count) } "." }
            }
        }
        @if report.corrections > 0 {
            div class="message" { p { strong { (places(report.corrections, "correction gardée", "corrections gardées")) } " : ce qu’une personne a écrit reste. Les valeurs du fichier sont ci-dessous, à prendre une par une ou toutes." } }
        }
        @if report.refused > 0 {
            div class="message warn" { p { (places(report.refused, "ligne est refusée", "lignes sont refusées")) " : voir « Ligne refusée » ci-dessous. Le reste du fichier est dans le brouillon." } }
        }
    }
}

fn columns(report: &Report, options: &Options) -> Markup {
    html! {
        @if !report.columns.is_empty() {
            h2 { "Colonnes" }
            div class="scroll" tabindex="0" role="group" aria-label="Tableau, à faire défiler sur un petit écran" {
                table class="list" {
                    caption { "Ce que chaque colonne contient" }
                    thead { tr { th scope="col" { "Colonne" } th scope="col" { "Exemples" } th scope="col" { "Contient" } } }
                    tbody { @for (number, column) in report.columns.iter().enumerate() { (column_row(number, column, options)) } }
                }
            }
            (key(report, options))
        }
    }
}

fn column_row(number: usize, column: &Column, options: &Options) -> Markup {
    let chosen = options.mapping.columns.get(&column.title);
    let id = format!("column-{number}");
    let guess = column.field.map_or("laisser de côté", Field::label);
    html! {
        tr {
            th scope="row" { label for=(id) { @if column.title.is_empty() { "(sans titre)" } @else { (column.title) } } }
            td class="soft" { (column.samples.join(" · ")) }
            td {
                select id=(id) name={ "column:" (column.title) } {
                    option value="guess" selected[chosen.is_none()] { "Deviné : " (guess) }
                    option value="" selected[chosen == Some(&None)] { "Laisser de côté" }
                    @for field in Field::all() {
                        option value=(field.code()) selected[chosen == Some(&Some(field))] { (field.label()) }
                    }
                }
                @if let Some(reason) = &column.reason { p class="help" { (reason) } }
                @if let Some(ignored) = column.ignored { p class="help" { "Laissée de côté : " (ignored) "." } }
                @if let Some(field) = column.suggested { p class="help" { "Peut-être : " (field.label()) "." } }
            }
        }
    }
}

fn key(report: &Report, options: &Options) -> Markup {
    html! {
        label for="key" { "Colonne qui identifie les lieux (facultatif)" }
        p class="help" id="key-help" {
            "Avec elle, le même lieu est retrouvé la prochaine fois, même si son nom et son adresse ont changé."
            @if let Some(key) = report.key.as_ref().filter(|key| !key.chosen) {
                " « " (key.column) " » conviendrait" @if let Some(reason) = &key.reason { " : " (reason) } "."
            }
        }
        select id="key" name="key" aria-describedby="key-help" {
            option value="" { "Aucune" }
            @for column in &report.columns {
                option value=(column.title) selected[options.key.as_deref() == Some(column.title.as_str())] { (column.title) }
            }
        }
    }
}

/// Yes, no, or as it is by itself, for all of a kind.
fn for_all(code: &str, options: &Options, usual: &str) -> Markup {
    let decided = options.decisions.groups.get(code).copied();
    html! {
        fieldset {
            legend { "Pour toutes" }
            (choice(&format!("group:{code}"), "", usual, decided.is_none()))
            (choice(&format!("group:{code}"), "accept", "Tout accepter", decided == Some(Decision::Accept)))
            (choice(&format!("group:{code}"), "refuse", "Tout refuser", decided == Some(Decision::Refuse)))
        }
    }
}

fn choice(name: &str, value: &str, text: &str, is_chosen: bool) -> Markup {
    html! { label class="choice" { input type="radio" name=(name) value=(value) checked[is_chosen]; span { (text) } } }
}

/// The same for one of them.
fn for_one(id: &str, what: &str, options: &Options, usual: &str) -> Markup {
    let decided = options.decisions.items.get(id).copied();
    html! {
        select name={ "item:" (id) } aria-label=(what) {
            option value="" selected[decided.is_none()] { (usual) }
            option value="accept" selected[decided == Some(Decision::Accept)] { "Accepter" }
            option value="refuse" selected[decided == Some(Decision::Refuse)] { "Refuser" }
        }
    }
}

fn repaired(repairs: &Repairs, options: &Options) -> Markup {
    html! {
        details {
            summary { (repairs.label) " : " (repairs.count) @if repairs.count < repairs.list.len() { " sur " (repairs.list.len()) } }
            (for_all(repairs.code, options, "Comme proposé : réparé"))
            div class="scroll" tabindex="0" role="group" aria-label="Tableau, à faire défiler sur un petit écran" {
                table class="list" {
                    thead { tr { th scope="col" { "Ligne" } th scope="col" { "Colonne" } th scope="col" { "Dans le fichier" } th scope="col" { "Réparé" } th scope="col" { "Choix" } } }
                    tbody { @for mended in repairs.list.iter().take(SHOWN) { (mended_row(mended, options)) } }
                }
            }
            (more(repairs.list.len()))
        }
    }
}

fn mended_row(mended: &Mended, options: &Options) -> Markup {
    let what = format!("Ligne {}, {}", mended.row, mended.column);
    html! {
        tr {
            td class="number" { (mended.row) }
            td { (mended.column) }
            td { del { (mended.before) } }
            td { @if mended.accepted == Accepted::Refused { span class="tag" { "refusé" } " " (mended.after) } @else { ins { (mended.after) } } }
            td { (for_one(&mended.id, &what, options, "Comme le groupe")) }
        }
    }
}

/// The networks that a place may be of: their ids, and what people call them.
type Networks = Vec<(String, String)>;

fn network_names(directory: &Directory) -> Networks {
    let name = |network: &Network| match network.id.as_str() {
        NEVER_PROPOSED => "Ne pas proposer aux visiteurs".to_owned(),
        id => network_name(directory, id),
    };
    directory.edition.networks.iter().map(|network| (network.id.clone(), name(network))).collect()
}

fn network_choices(networks: &Networks, chosen: Option<&String>) -> Markup {
    html! { @for (id, name) in networks { option value=(id) selected[chosen == Some(id)] { (name) } } }
}

/// The network of a file that has one only.
fn whole_file(networks: &Networks, options: &Options) -> Markup {
    html! {
        label for="network" { "Réseau de tous les lieux du fichier (facultatif)" }
        p class="help" id="network-help" { "Si le fichier est la liste d’un seul réseau, dites lequel." }
        select id="network" name="network" aria-describedby="network-help" {
            option value="" { "Le lire dans le fichier" }
            (network_choices(networks, options.mapping.network.as_ref()))
        }
    }
}

/// What the file says of networks that nobody knows, each once, with the list to choose from. What
/// was chosen stays on the page, so that it can be changed.
fn unclassified(rows: &[Doubtful], networks: &Networks, options: &Options) -> Markup {
    let mut values: BTreeMap<&str, Vec<usize>> =
        options.mapping.networks.keys().map(|value| (value.as_str(), Vec::new())).collect();
    for doubt in rows {
        values.entry(&doubt.value).or_default().push(doubt.row);
    }
    html! {
        p { "Choisissez le réseau de chacun. En attendant, ils ne sont pas proposés aux visiteurs." }
        @for (number, (value, rows)) in values.iter().take(SHOWN).enumerate() {
            @let id = format!("network-{number}");
            div class="card" {
                label for=(id) { "« " (value) " »" }
                @if !rows.is_empty() { p class="help" { @if rows.len() == 1 { "Ligne " } @else { "Lignes " } (lines(rows)) } }
                select id=(id) name={ "network:" (value) } {
                    option value="" { "À classer" }
                    (network_choices(networks, options.mapping.networks.get(*value)))
                }
            }
        }
        (more(values.len()))
    }
}

fn doubtful(group: &Group, networks: &Networks, options: &Options) -> Markup {
    let can_decide = group.rows.iter().any(|doubt| doubt.repair.is_some());
    html! {
        details open[OPEN.contains(&group.code)] {
            summary { (group.label) " : " (group.count) }
            @if can_decide { (for_all(group.code, options, "À décider une par une")) }
            @if group.code == UNCLASSIFIED { (unclassified(&group.rows, networks, options)) }
            @else {
                @for doubt in group.rows.iter().take(SHOWN) { (doubt_block(doubt, options)) }
                (more(group.rows.len()))
            }
        }
    }
}

fn doubt_block(doubt: &Doubtful, options: &Options) -> Markup {
    let place = match (doubt.row, doubt.column.as_str()) {
        (0, _) => "Fichier".to_owned(),
        (row, "") => format!("Ligne {row}"),
        (row, column) => format!("Ligne {row}, {column}"),
    };
    html! {
        div class="card" {
            p { strong { (place) } @if !doubt.value.is_empty() { " : « " (doubt.value) " »" } }
            p { (capitalised(&doubt.expected)) @if !doubt.expected.ends_with(['?', '.']) { "." } }
            @if let Some(pair) = &doubt.pair {
                div class="pair" { (side("Dans le fichier", &pair.here)) (side(if pair.there.row.is_some() { "Autre ligne du fichier" } else { "Dans l’annuaire" }, &pair.there)) }
                @if let Some(metres) = pair.metres { p class="soft" { "À " (metres) " m l’un de l’autre." } }
            }
            @if let Some(repair) = &doubt.repair {
                p { "Proposition : « " ins { (repair) } " »" @if doubt.refused { " " span class="tag" { "refusée" } } }
                (for_one(&doubt.id, &place, options, "Ne rien décider"))
            }
        }
    }
}

fn side(title: &str, side: &Side) -> Markup {
    html! {
        div {
            h3 { (title) @if let Some(row) = side.row { ", ligne " (row) } }
            p { strong { (side.name) } br; (side.address) @if !side.phones.is_empty() { br; (side.phones.join(" · ")) } }
        }
    }
}

fn missing(report: &Report, options: &Options) -> Markup {
    html! {
        h2 { "Lieux de la même source qui ne sont plus dans le fichier" }
        label class="choice" {
            input type="checkbox" name="report_missing" value="yes" checked[options.report_missing];
            span { "Les chercher" }
        }
        label class="choice" {
            input type="checkbox" name="remove_missing" value="yes" checked[options.remove_missing];
            span { "Les chercher, et les retirer du brouillon" }
        }
        @if options.report_missing && report.missing.is_empty() { p { "Il n’y en a pas." } }
        @if !report.missing.is_empty() {
            ul { @for gone in &report.missing { li { (gone.name) @if gone.removed { " " span class="tag warn" { "retiré" } } } } }
        }
    }
}

fn records(report: &Report) -> Markup {
    let french = |outcome: &str| {
        match outcome {
            "kept" => "ajoutée",
            "merged" => "fusionnée",
            "refused" => "refusée",
            other => other,
        }
        .to_owned()
    };
    html! {
        details {
            summary { "Toutes les lignes (" (report.records.len()) ")" }
            div class="scroll" tabindex="0" role="group" aria-label="Tableau, à faire défiler sur un petit écran" {
                table class="list" {
                    thead { tr { th scope="col" { "Ligne" } th scope="col" { "Nom" } th scope="col" { "Devenue" } th scope="col" { "Précisions" } } }
                    tbody {
                        @for record in &report.records {
                            tr {
                                td class="number" { (record.row) }
                                td { (record.name) }
                                td { (french(record.outcome)) }
                                td {
                                    @if let Some(reason) = &record.reason { (reason) }
                                    @for (number, field) in record.fields.iter().enumerate() { @if number > 0 { ", " } (shared::fields::french(&field.name)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn more(count: usize) -> Markup {
    html! {
        @if count > SHOWN { p class="soft" { "… et " (count - SHOWN) " de plus, qui suivent le choix du groupe." } }
    }
}
