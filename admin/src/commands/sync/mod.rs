//! `sync`: asks the sources that are followed, brings what they say into the directory with what
//! was decided here, and makes a draft of it.

mod draft;
mod limits;

use crate::cli::sync::Sync;
use crate::commands::diff::directory;
use crate::commands::import::check_date;
use crate::commands::mappings;
use crate::commands::validate::counted;
use crate::failure::Failure;
use crate::files::{self, Written};
use crate::history::History;
use crate::output::{self, EXAMPLES, Outcome};
use crate::server::{Call, Server};
use crate::sync::folder::{Body, Folder, Gathered, Memory};
use crate::{clock, dila, reference};
use exchange::import::columns::Mapping;
use exchange::import::dila::Extract;
use exchange::import::typed::Communes;
use exchange::import::{import, import_extract};
use exchange::sync::run::{self, Counts, Run as Told, SourceRun};
use exchange::sync::sources::{Source, Sources};
use exchange::sync::state::State;
use exchange::sync::{Answers, Followed, Reading, follow};
use insight::compare::diff::{Difference, difference};
use insight::report::whereabouts::Whereabouts;
use serde_json::{Value, json};
use shared::directory::Directory;
use shared::finding::{Finding, Severity};
use shared::geography::Geography;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What every source is read with.
struct Run<'a> {
    folder: &'a Folder,
    base: &'a Directory,
    geography: &'a Geography,
    communes: &'a Communes<'a>,
    answers: &'a Answers,
    today: &'a str,
    now: bool,
    silent: bool,
}

/// What became of one source.
struct Read<'a> {
    source: &'a Source,
    state: Option<State>,
    /// What was read, and what came of it.
    done: Option<(Body, Followed)>,
    /// How it was asked.
    contact: Contact,
}

/// How a source was asked.
enum Contact {
    New,
    Same,
    Early,
    Failed(Failure),
}

pub(crate) fn run(
    options: &Sync,
    server: impl FnOnce() -> Result<Server, Failure>,
    all: bool,
    as_json: bool,
) -> Result<Outcome, Failure> {
    let today = options.on.clone().unwrap_or_else(clock::today);
    if let Some(day) = &options.on {
        // A day to come is how a test has three of them; a wrong one is a typing error.
        check_date(Some(day), day)?;
    }
    let sources = read_sources(&options.sources)?;
    if options.publish && sources.publish.is_none() {
        return Err(Failure::usage(
            "no-limits",
            format!(
                "« {} » ne dit pas ce qui peut être publié sans une personne.",
                options.sources.display()
            ),
        )
        .advising("Ajoutez-y une table [publish], avec par exemple « changed = 10 » (lieux sur cent)."));
    }
    let answers = answers(options)?;
    let target = Target::find(options, server)?;
    let base = target.base(options)?;
    check_networks(&sources, &base)?;
    let geography = reference::geography()?;
    let communes = Communes::new(&geography);
    let folder = Folder::open(&options.sources)?;
    let run = Run {
        folder: &folder,
        base: &base,
        geography: &geography,
        communes: &communes,
        answers: &answers,
        today: &today,
        now: options.now,
        silent: as_json,
    };
    let mut after = base.clone();
    let mut read: Vec<Read<'_>> = Vec::with_capacity(sources.sources.len());
    let mut states = Vec::with_capacity(sources.sources.len());
    for source in &sources.sources {
        states.push(folder.memory(source)?.map(|memory| memory.state));
    }
    for (rank, source) in sources.sources.iter().enumerate() {
        // The values of the earlier sources of this run count too.
        let now: Vec<State> =
            read.iter().filter_map(|one| Some(one.done.as_ref()?.1.state(&base, &after))).collect();
        let before = states.iter().enumerate().filter(|(other, _)| *other != rank);
        let others: Vec<&State> = before.filter_map(|(_, state)| state.as_ref()).chain(&now).collect();
        let (one, next) = run.read(source, &others, &after)?;
        read.push(one);
        if let Some(next) = next {
            after = next;
        }
    }
    let findings = shared::validate::findings(&after, &geography, &today);
    let difference = difference(&base, &after);
    let mut report = Report {
        text: format!("{} : {}.\n", options.sources.display(), plural(read.len(), "source", "sources")),
        json: json!({ "on": today, "sources": read.iter().map(Read::json).collect::<Vec<_>>() }),
        refused: read.iter().any(|one| matches!(one.contact, Contact::Failed(_))),
    };
    for one in &read {
        report.text.push_str(&one.text(all));
    }
    report.unanswered(options, &read);
    report.result(&after, &difference, &findings, all);
    let delivery = Delivery {
        base: &base,
        after: &after,
        difference: &difference,
        findings: &findings,
        geography: &geography,
        today: &today,
        folder: &folder,
        twins: read.iter().filter_map(|one| one.done.as_ref()).map(|(_, one)| one.report.twins).sum(),
        limits: sources.publish.as_ref().filter(|_| options.publish),
    };
    let delivered = match &target {
        Target::File(path, _) => delivery.to_file(path, options.force, &mut report),
        Target::Server(server, history) => delivery.to_server(server, history, &mut report),
    };
    if let (Target::Server(server, _), Ok(_)) = (&target, &delivered) {
        tell(server, &told(&read, &report, &findings, &today), &mut report);
    }
    for one in &read {
        let Some((body, followed)) = &one.done else { continue };
        // Of a source that failed nothing new is known, but what a person answered.
        let is_worth = !matches!(one.contact, Contact::Failed(_)) || !followed.report.answered.is_empty();
        if matches!(delivered, Ok(true)) && is_worth {
            folder.store(one.source, body, followed.state(&base, &after))?;
        } else {
            body.discard();
        }
    }
    delivered?;
    Ok(Outcome { text: report.text, json: report.json, refused: report.refused })
}

/// What the run says to the server.
fn told(read: &[Read<'_>], report: &Report, findings: &[Finding], today: &str) -> Told {
    Told {
        on: today.to_owned(),
        sources: read.iter().map(Read::told).collect(),
        draft: report.json["draft"]
            .as_str()
            .filter(|_| report.json["published"].is_null())
            .map(str::to_owned),
        version: report.json["published"]["version"].as_u64(),
        waits: serde_json::from_value(report.json["waits"].clone()).unwrap_or_default(),
        errors: findings.iter().filter(|finding| finding.severity == Severity::Error).count(),
    }
}

/// Tells the server what became of the sources, for who has only its pages. Where that fails, what was
/// done stays done.
fn tell(server: &Server, told: &Told, report: &mut Report) {
    let body = json!(told.clone().cut()).to_string();
    if let Err(failure) = server.ask(Call::put("sources", &body)) {
        report.say(format!(
            "\nLa page « Sources » du serveur ne montre pas cette relecture : {}",
            failure.message
        ));
    }
}

/// Reads the file of sources.
fn read_sources(path: &Path) -> Result<Sources, Failure> {
    let text = String::from_utf8_lossy(&files::read(path)?).into_owned();
    let sources: Sources = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        Failure::refused(
            "sources",
            format!(
                "« {} » n’est pas un fichier de sources : ligne {line}, {}.",
                path.display(),
                error.message()
            ),
        )
        .advising("docs/sources.md en donne un complet, à recopier.")
    })?;
    sources.check()?;
    Ok(sources)
}

fn answers(options: &Sync) -> Result<Answers, Failure> {
    let parse = |list: &[String]| list.iter().map(|text| Answers::parse(text)).collect::<Result<_, _>>();
    Ok(Answers { take: parse(&options.take)?, keep: parse(&options.keep)? })
}

/// Refuses a network that the edition does not have.
fn check_networks(sources: &Sources, base: &Directory) -> Result<(), Failure> {
    for source in &sources.sources {
        mappings::check_networks(&source.mapping(), &base.edition.networks)?;
        for id in &source.networks {
            // What is taken is named by its id, which no mapping checks.
            let is_known = base.edition.networks.iter().any(|network| network.id == *id);
            if !is_known {
                let mapping = Mapping { network: Some(id.clone()), ..Mapping::default() };
                mappings::check_networks(&mapping, &base.edition.networks)?;
                return Err(Failure::usage(
                    "network",
                    format!("« {}, networks » : écrivez l’identifiant du réseau, pas « {id} ».", source.name),
                )
                .advising("« cargo spro networks » liste les identifiants."));
            }
        }
    }
    Ok(())
}

/// Where the result goes, hence where it comes from.
enum Target {
    /// A file, and the server whose directory is completed where no other is.
    File(PathBuf, Option<Server>),
    /// A draft of what is live there.
    Server(Server, History),
}

impl Target {
    fn find(options: &Sync, server: impl FnOnce() -> Result<Server, Failure>) -> Result<Self, Failure> {
        if let Some(path) = &options.out {
            let is_here = options.into.is_some() || options.shipped;
            return Ok(Self::File(path.clone(), if is_here { None } else { Some(server()?) }));
        }
        let server = server()?;
        let (history, _) = History::ask(&server)?;
        Ok(Self::Server(server, history))
    }

    fn base(&self, options: &Sync) -> Result<Directory, Failure> {
        match self {
            Self::File(_, Some(server)) => directory(server, None),
            Self::Server(server, history) => directory(server, Some(&history.live)),
            Self::File(_, None) => match &options.into {
                Some(path) => files::read_directory(path),
                None => reference::shipped(),
            },
        }
    }
}

impl Run<'_> {
    /// Asks a source and reads it into a directory. Only what is no fault of the source stops.
    fn read<'s>(
        &self,
        source: &'s Source,
        others: &[&State],
        before: &Directory,
    ) -> Result<(Read<'s>, Option<Directory>), Failure> {
        if !self.silent {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(StandardError, "« {} »…", source.name);
        }
        let memory: Option<Memory> = self.folder.memory(source)?;
        let state = memory.as_ref().map(|memory| memory.state.clone());
        let gathered = self.folder.gather(source, memory.clone(), self.today, self.now, self.silent);
        let (body, contact) = match gathered {
            Gathered::New(body) => (Some(body), Contact::New),
            Gathered::Same(body) => (Some(body), Contact::Same),
            Gathered::Early(body) => (Some(body), Contact::Early),
            Gathered::Failed(failure, last) => (last, Contact::Failed(failure)),
        };
        let mut read = Read { source, state, done: None, contact };
        let Some(body) = body else { return Ok((read, None)) };
        let failure = match self.follow(&read, &body, others, before) {
            Ok((directory, followed)) => {
                read.done = Some((body, followed));
                return Ok((read, Some(directory)));
            }
            Err(failure) => failure,
        };
        body.discard();
        if !matches!(read.contact, Contact::Failed(_)) {
            read.contact = Contact::Failed(failure);
        }
        // What it sent the last time was taken then.
        let last = memory.filter(|_| body.is_new).and_then(|memory| self.folder.last(source, memory));
        let Some(last) = last else { return Ok((read, None)) };
        let Ok((directory, followed)) = self.follow(&read, &last, others, before) else {
            return Ok((read, None));
        };
        read.done = Some((last, followed));
        Ok((read, Some(directory)))
    }

    fn follow(
        &self,
        read: &Read<'_>,
        body: &Body,
        others: &[&State],
        before: &Directory,
    ) -> Result<(Directory, Followed), Failure> {
        let Read { source, state, .. } = read;
        let options = source.options(&body.memory.as_of);
        let imported = if dila::is_dila(&body.path) {
            let mut extract = Extract::new(before, self.geography, &source.departments);
            dila::read(&body.path, &mut extract, self.silent)?;
            import_extract(extract, before.clone(), self.communes, &options, self.today)?
        } else {
            import(files::read(&body.path)?, before.clone(), self.communes, &options, self.today)?
        };
        let reading = Reading {
            source,
            state: state.as_ref(),
            answers: self.answers,
            base: self.base,
            others,
            geography: self.geography,
            today: self.today,
        };
        Ok(follow(reading, before, imported)?)
    }
}

impl Read<'_> {
    fn text(&self, all: bool) -> String {
        let name = &self.source.name;
        let day = self.done.as_ref().map_or("", |(body, _)| body.memory.as_of.as_str());
        let mut text = match &self.contact {
            Contact::New => format!("\n« {name} » : nouveau contenu, du {day}.\n"),
            Contact::Same => format!("\n« {name} » : rien de nouveau, contenu du {day}.\n"),
            Contact::Early => format!("\n« {name} » : pas encore à relire, contenu du {day}.\n"),
            Contact::Failed(failure) => {
                let still = if self.done.is_some() {
                    format!("Rien ne change de cette source : son contenu du {day} sert encore.")
                } else {
                    "Rien n’a été pris de cette source.".to_owned()
                };
                let message = failure.to_string().replace('\n', "\n  ");
                format!("\n« {name} » : ÉCHEC [{}]\n  {message}\n  {still}\n", failure.code)
            }
        };
        if let Some((_, followed)) = &self.done {
            let most = if all { usize::MAX } else { EXAMPLES };
            let in_full = all || matches!(self.contact, Contact::New);
            text.push_str(&followed.report.to_text(most, in_full));
        }
        text
    }

    /// What it says to the server.
    fn told(&self) -> SourceRun {
        let done = self.done.as_ref();
        SourceRun {
            name: self.source.name.clone(),
            contact: match self.contact {
                Contact::New => run::Contact::New,
                Contact::Same => run::Contact::Same,
                Contact::Early => run::Contact::Early,
                Contact::Failed(_) => run::Contact::Failed,
            },
            as_of: done.map(|(body, _)| body.memory.as_of.clone()),
            failure: match &self.contact {
                Contact::Failed(failure) => Some(failure.message.clone()),
                _ => None,
            },
            counts: done.map(|(_, followed)| Counts::of(&followed.report)),
        }
    }

    fn json(&self) -> Value {
        let contact = match self.contact {
            Contact::New => "new",
            Contact::Same => "same",
            Contact::Early => "early",
            Contact::Failed(_) => "failed",
        };
        let failure = match &self.contact {
            Contact::Failed(failure) => json!({
                "code": failure.code, "message": failure.message, "advice": failure.advice,
            }),
            _ => Value::Null,
        };
        let done = self.done.as_ref();
        json!({
            "name": self.source.name,
            "contact": contact,
            "failure": failure,
            "as_of": done.map(|(body, _)| &body.memory.as_of),
            "report": done.map(|(_, followed)| &followed.report),
        })
    }
}

/// What is said, as it grows.
struct Report {
    text: String,
    json: Value,
    refused: bool,
}

impl Report {
    fn say(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    /// Answers to which there was no question.
    fn unanswered(&mut self, options: &Sync, read: &[Read<'_>]) {
        let answered: Vec<&String> = read
            .iter()
            .filter_map(|one| one.done.as_ref())
            .flat_map(|(_, one)| &one.report.answered)
            .collect();
        for text in options.take.iter().chain(&options.keep) {
            let is_asked = Answers::parse(text)
                .is_ok_and(|(place, field)| answered.contains(&&format!("{place}:{field}")));
            if !is_asked {
                self.say(format!("\nPersonne ne demandait de trancher « {text} » : rien n’en a été fait."));
            }
        }
    }

    /// What came of all sources together.
    fn result(&mut self, after: &Directory, difference: &Difference, findings: &[Finding], all: bool) {
        let count = Counted::of(difference);
        let Counted { added, changed, dated } = count;
        let mut line = format!(
            "\nRÉSULTAT : {} ; {}, {}",
            plural(after.structures.len(), "lieu", "lieux"),
            plural(added, "ajouté", "ajoutés"),
            plural(changed, "changé", "changés"),
        );
        if dated > 0 {
            let _ = write!(line, ", et {dated} dont seules la date ou l’origine changent");
        }
        self.say(format!("{line}."));
        self.say(format!("CONTRÔLE de l’annuaire obtenu : {}.", counted(findings)));
        self.text.push_str(&output::findings(findings, &Whereabouts::of(after), all));
        self.json["places"] = json!(after.structures.len());
        self.json["added"] = json!(added);
        self.json["changed"] = json!(changed);
        self.json["dated"] = json!(dated);
        self.json["findings"] = json!(findings);
    }
}

/// How many places are others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counted {
    added: usize,
    changed: usize,
    /// Those of which nothing changes but what says where the facts are from.
    dated: usize,
}

impl Counted {
    fn of(difference: &Difference) -> Self {
        let origin = ["as_of", "checked_on", "source", "licence", "confidence", "references"];
        let is_dated = |fields: &[insight::compare::diff::Field]| {
            fields.iter().all(|field| origin.contains(&field.name.as_str()))
        };
        let dated = difference.changed.iter().filter(|one| is_dated(&one.fields)).count();
        Self { added: difference.added.len(), changed: difference.changed.len() - dated, dated }
    }

    const fn is_nothing(self) -> bool {
        self.added == 0 && self.changed == 0
    }
}

/// What is delivered, and what decides how.
struct Delivery<'a> {
    base: &'a Directory,
    after: &'a Directory,
    difference: &'a Difference,
    findings: &'a [Finding],
    geography: &'a Geography,
    today: &'a str,
    folder: &'a Folder,
    /// How many new places may be one that is there.
    twins: usize,
    /// The limits of a publication without a person, where it was asked for.
    limits: Option<&'a exchange::sync::sources::Limits>,
}

impl Delivery<'_> {
    fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Writes the directory to a file, and says whether it is there.
    fn to_file(&self, path: &Path, force: bool, report: &mut Report) -> Result<bool, Failure> {
        if self.has_errors() {
            report.refused = true;
            report.say("\nRien n’a été écrit ni retenu : l’annuaire obtenu a des erreurs.");
            return Ok(false);
        }
        let file = files::quoted(path);
        match files::write(path, self.after.to_json(), force)? {
            Written::Yes => report.say(format!(
                "\nÉcrit dans {file}.\nRien n’est encore en ligne. Pour voir ce qui changerait : cargo spro diff {file}\nPour publier : cargo spro publish {file}"
            )),
            Written::Unchanged => report.say(format!("\n{file} contient déjà exactement cela.")),
        }
        report.json["written"] = json!(path.display().to_string());
        Ok(true)
    }
}

/// Standard error, for [`writeln!`] of `fmt`, whose errors nobody is left to read.
struct StandardError;

impl Write for StandardError {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        use std::io::Write as _;
        std::io::stderr().write_all(text.as_bytes()).map_err(|_| std::fmt::Error)
    }
}

/// A count with its noun.
fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count < 2 { one } else { many })
}
