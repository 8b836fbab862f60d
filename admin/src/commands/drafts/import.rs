//! `drafts import`: a file goes to the server, which reads it and tells what it did.

use super::{Draft, said};
use crate::cli::desk::ImportDraft;
use crate::clock;
use crate::commands::{import, mappings};
use crate::failure::Failure;
use crate::files;
use crate::output::{self, EXAMPLES, Outcome};
use crate::server::{Call, Server};
use exchange::import::Options;
use insight::report::whereabouts::Whereabouts;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;

pub(super) fn run(asked: &ImportDraft, server: &Server, all: bool) -> Result<Outcome, Failure> {
    import::check_date(asked.checked_on.as_deref(), &clock::today())?;
    // Before anything is sent: a column or a code that is not one stops here.
    let mut changes = Options::default();
    change(&mut changes, asked)?;
    let mut draft = Draft::read(server, &asked.id.id)?;
    let mut answer = Value::Null;
    let mut options = Options::default();
    if let Some(file) = &asked.file {
        let bytes = files::read(file)?;
        let part = |part: Option<&std::ffi::OsStr>| {
            part.map_or_else(String::new, |part| part.to_string_lossy().into_owned())
        };
        options.file = part(file.file_name());
        options.source = asked.source.clone().unwrap_or_else(|| part(file.file_stem()));
        options.checked_on.clone_from(&asked.checked_on);
        let mut query = vec![("name", options.file.as_str()), ("source", &options.source)];
        query.extend(asked.checked_on.as_deref().map(|day| ("checked_on", day)));
        answer = draft.change(server, Call::put_file(&draft.part("file"), &bytes).asking(&query))?;
        draft = Draft::of(server, &answer["draft"])?;
    } else {
        answer["report"] = Value::Null;
        let known = server.ask(Call::get(&draft.part("import")))?;
        options = Options::deserialize(&known["options"]).map_err(|_| server.not_a_guide())?;
        if !has_changes(asked) {
            answer = known;
        }
    }
    if has_changes(asked) {
        change(&mut options, asked)?;
        let body = serde_json::to_string(&options).unwrap_or_default();
        answer = draft.change(server, Call::put(&draft.part("import"), &body))?;
    }
    let id = &asked.id.id;
    let text = format!(
        "{}\nRien n’est encore en ligne. Pour contrôler : cargo spro drafts check {id}\n",
        told(&answer["report"], all)
    );
    Ok(Outcome { text, json: answer, refused: false })
}

/// Whether the file has to be read in another way than by itself.
fn has_changes(asked: &ImportDraft) -> bool {
    let is_other = asked.file.is_none() && (asked.source.is_some() || asked.checked_on.is_some());
    is_other
        || asked.key.is_some()
        || !(asked.column.is_empty()
            && asked.network.is_empty()
            && asked.accept.is_empty()
            && asked.refuse.is_empty())
}

fn change(options: &mut Options, asked: &ImportDraft) -> Result<(), Failure> {
    mappings::say(&mut options.mapping, &asked.column, &asked.network)?;
    if let Some(source) = &asked.source {
        options.source.clone_from(source);
    }
    options.checked_on = asked.checked_on.clone().or_else(|| options.checked_on.take());
    options.key = asked.key.clone().or_else(|| options.key.take());
    import::decide(&mut options.decisions, &asked.accept, &asked.refuse)
}

/// The report as people read it, from what the server tells of it.
fn told(report: &Value, all: bool) -> String {
    let mut text = format!(
        "{}\nFiches lues : {} = {} ajoutées + {} fusionnées + {} refusées. Aucune n’est perdue.\n",
        said(report, "file"),
        report["read"],
        report["kept"],
        report["merged"],
        report["refused"]
    );
    let shown = if all { usize::MAX } else { EXAMPLES };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let columns = list(&report["columns"]);
    if !columns.is_empty() {
        text.push_str("\nCOLONNES\n");
    }
    for column in columns {
        let what = column["field"].as_str().unwrap_or_else(|| {
            if column["is_key"] == true { "clé" } else { column["ignored"].as_str().unwrap_or("ignorée") }
        });
        let _ = writeln!(text, "  « {} » → {what}", said(&column, "title"));
    }
    let repaired: Vec<(String, Value)> =
        report["repaired"].as_object().cloned().unwrap_or_default().into_iter().collect();
    let doubts = list(&report["findings"]).into_iter().map(|group| (said(&group, "code").to_owned(), group));
    for (title, groups, lines) in [("À REGARDER", doubts.collect(), "rows"), ("RÉPARÉ", repaired, "list")]
    {
        if !groups.is_empty() {
            let _ = writeln!(text, "\n{title}");
        }
        for (code, group) in groups {
            let _ = writeln!(text, "\n  {} : {} [{code}]", said(&group, "label"), group["count"]);
            let lines = list(&group[lines]);
            for line in lines.iter().take(shown) {
                let _ = writeln!(text, "    {}", one(line));
            }
            if lines.len() > shown {
                let _ = writeln!(text, "    … et {} de plus (--all pour tout voir)", lines.len() - shown);
            }
        }
    }
    let validation = list(&report["validation"]);
    if !validation.is_empty() {
        text.push_str("\nCONTRÔLE de l’annuaire obtenu\n");
        text.push_str(&output::told_findings(&validation, &Whereabouts::default(), all));
    }
    text
}

/// A repair or a doubt on one line.
fn one(line: &Value) -> String {
    let mut text = match line["row"].as_u64() {
        None | Some(0) => "fichier".to_owned(),
        Some(row) => format!("ligne {row}"),
    };
    if !said(line, "column").is_empty() {
        let _ = write!(text, " · {}", said(line, "column"));
    }
    if let Some(after) = line["after"].as_str() {
        let _ = write!(text, " : « {} » → « {after} »", said(line, "before"));
        return text;
    }
    if !said(line, "value").is_empty() {
        let _ = write!(text, " · « {} »", said(line, "value"));
    }
    let _ = write!(text, " : {}", said(line, "expected"));
    if let Some(repair) = line["repair"].as_str() {
        let _ = write!(text, " (proposition : « {repair} »)");
    }
    text
}
