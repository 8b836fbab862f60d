//! What was asked on the command line.

use crate::{test, torture};
use lexopt::prelude::*;
use spro_tests::Failure;
use spro_tests::paths::Form;
use std::path::PathBuf;

/// What `cargo xtask` alone, or with `--help`, prints.
pub(crate) const HELP: &str = "\
usage: cargo xtask COMMAND [OPTIONS]

commands:
  run          set up, build quickly, and serve the guide and a partner's page on this machine
  test         set up, build, and run every test, or those that are named
  build        set up, and build what is deployed, into target/spro
  torture      set up, build, and try for long to break everything
  bench        set up, build, and print what a request and a visit cost
  widest       set up, build, and print what all of France in one directory takes
  dist         set up, build, and make the archive for one's own server
  deploy       set up, build, and deploy to Cloudflare
  setup        install what the others need
  screenshots  set up, build, and take the pictures of the documentation
  directory    make the editions of shared/editions/*/, and import shared/data/places
  geography    rebuild the commune reference in shared/data

options of run:
  --watch           rebuild what changes, and reload the partner's page
  --shipped         serve what is deployed, not the quick build
  --port N          the guide's port (8787)
  --partner-port N  the partner's port (8788)
  --directory FILE  publish this directory first
  --no-open         do not open a browser

arguments of test:
  WORD...           only the suites and the browser test files that have one of
                    these words in their names: lints, shared, tests/seen, counters
  --thorough        what is long by nature, too: before a release
  --since REV       only what the difference from this revision can touch

arguments of torture:
  WORD...           only the parts that have one of these words in their names
  --hours N         fuzz for so long, and load a tenth of that; 6 minutes and one
                    otherwise

arguments of bench:
  WORD...           only the parts that have one of these words in their names: costs,
                    keystrokes, slow, compare (the same guide in Preact and by hand)

options of deploy:
  --dry-run         say what would be done, and what would be uploaded
  --region NAME     another region on the same account: the environment of this name in
                    both wrangler.toml

options of geography:
  --places FILE     GeoNames' postal places, as xtask/geography/src/main.rs says how to get them

The tests use the engine of Chromium, in a thorough run the browser; CHROME names another one.";

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Install what is needed.
    Setup,
    /// Build what is deployed.
    Build,
    /// Serve it.
    Run(Run),
    /// Test.
    Test(test::Options),
    /// Try to break it.
    Torture(torture::Options),
    /// Measure the parts that have one of these words in their names; all without any.
    Bench(Vec<String>),
    /// Measure the widest case.
    Widest,
    /// Make the archive.
    Dist,
    /// Deploy, or only say what that would do.
    Deploy {
        /// Whether only to say it.
        dry_run: bool,
        /// Which environment of the configurations, where it is not the first region.
        region: Option<String>,
    },
    /// Take the documentation's pictures.
    Screenshots,
    /// Make the editions of their sources, and import the places that ship.
    Directory,
    /// Rebuild the commune reference from these places.
    Geography(PathBuf),
    /// Print [`HELP`].
    Help,
}

/// Options of `run`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The worker's port.
    pub(crate) port: u16,
    /// The partner's port.
    pub(crate) partner_port: u16,
    /// A directory to publish.
    pub(crate) directory: Option<PathBuf>,
    /// Whether to open a browser.
    pub(crate) open: bool,
    /// Whether to rebuild what changes.
    pub(crate) watch: bool,
    /// Which build to serve.
    pub(crate) form: Form,
}

impl Default for Run {
    fn default() -> Self {
        Self { port: 8787, partner_port: 8788, directory: None, open: true, watch: false, form: Form::Quick }
    }
}

/// Reads the command line, without the program's name.
pub(crate) fn read(arguments: impl IntoIterator<Item: Into<std::ffi::OsString>>) -> Result<Task, Failure> {
    parse(lexopt::Parser::from_args(arguments))
        .map_err(|error| Failure::new(format!("{error}: see `cargo xtask --help`")))
}

fn parse(mut parser: lexopt::Parser) -> Result<Task, lexopt::Error> {
    let Some(first) = parser.next()? else { return Ok(Task::Help) };
    let command = match first {
        Short('h') | Long("help") => return Ok(Task::Help),
        Value(command) => command.string()?,
        other => return Err(other.unexpected()),
    };
    let (mut run, mut test, mut torture) =
        (Run::default(), test::Options::default(), torture::Options::default());
    let (mut places, mut dry_run, mut region, mut parts) = (None, false, None, Vec::new());
    while let Some(argument) = parser.next()? {
        match (command.as_str(), argument) {
            ("run", Long("port")) => run.port = parser.value()?.parse()?,
            ("run", Long("partner-port")) => run.partner_port = parser.value()?.parse()?,
            ("run", Long("directory")) => run.directory = Some(parser.value()?.into()),
            ("run", Long("no-open")) => run.open = false,
            ("geography", Long("places")) => places = Some(PathBuf::from(parser.value()?)),
            ("run", Long("watch")) => run.watch = true,
            ("run", Long("shipped")) => run.form = Form::Shipped,
            ("test", Long("thorough")) => test.thorough = true,
            ("test", Long("since")) => test.since = Some(parser.value()?.string()?),
            ("test", Value(word)) => test.words.push(word.string()?),
            ("torture", Long("hours")) => torture.last(parser.value()?.parse()?),
            ("torture", Value(word)) => torture.words.push(word.string()?),
            ("bench", Value(word)) => parts.push(word.string()?),
            ("deploy", Long("dry-run")) => dry_run = true,
            ("deploy", Long("region")) => region = Some(parser.value()?.string()?),
            (_, Short('h') | Long("help")) => return Ok(Task::Help),
            (_, other) => return Err(other.unexpected()),
        }
    }
    match (command.as_str(), places) {
        ("setup", _) => Ok(Task::Setup),
        ("build", _) => Ok(Task::Build),
        ("run", _) => Ok(Task::Run(run)),
        ("test", _) if test.since.is_some() && !test.words.is_empty() => {
            Err("--since chooses by itself: give it no words".into())
        }
        ("test", _) => Ok(Task::Test(test)),
        ("torture", _) => Ok(Task::Torture(torture)),
        ("widest", _) => Ok(Task::Widest),
        ("dist", _) => Ok(Task::Dist),
        ("deploy", _) => Ok(Task::Deploy { dry_run, region }),
        ("bench", _) => Ok(Task::Bench(parts)),
        ("screenshots", _) => Ok(Task::Screenshots),
        ("directory", None) => Ok(Task::Directory),
        ("geography", Some(places)) => Ok(Task::Geography(places)),
        ("geography", None) => Err("geography needs --places FILE".into()),
        ("help", _) => Ok(Task::Help),
        (other, _) => Err(format!("there is no command `{other}`").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &Task) {
        assert_eq!(read(line.split_whitespace()).as_ref(), Ok(expected), "{line}");
    }

    #[test]
    fn commands_and_options_are_read() {
        check("", &Task::Help);
        check("--help", &Task::Help);
        check("run -h", &Task::Help);
        check("setup", &Task::Setup);
        check("test", &Task::Test(test::Options::default()));
        let words = vec!["shared".to_owned(), "counters".to_owned()];
        check("test shared counters", &Task::Test(test::Options { words, ..test::Options::default() }));
        let since = Some("main".to_owned());
        check(
            "test --thorough --since main",
            &Task::Test(test::Options { thorough: true, since, words: Vec::new() }),
        );
        check("torture", &Task::Torture(torture::Options::default()));
        check(
            "torture --hours 3 fuzz",
            &Task::Torture(torture::Options { fuzzed: 3600, loaded: 1080, words: vec!["fuzz".to_owned()] }),
        );
        check("bench", &Task::Bench(Vec::new()));
        check("bench compare", &Task::Bench(vec!["compare".to_owned()]));
        check("dist", &Task::Dist);
        check("deploy --dry-run", &Task::Deploy { dry_run: true, region: None });
        let region = Some("bretagne".to_owned());
        check("deploy --region bretagne", &Task::Deploy { dry_run: false, region });
        check("widest", &Task::Widest);
        check("run", &Task::Run(Run::default()));
        check(
            "run --port 9000 --partner-port=9001 --directory a.json --no-open",
            &Task::Run(Run {
                port: 9000,
                partner_port: 9001,
                directory: Some("a.json".into()),
                open: false,
                ..Run::default()
            }),
        );
        check("run --watch", &Task::Run(Run { watch: true, ..Run::default() }));
        check("run --shipped", &Task::Run(Run { form: Form::Shipped, ..Run::default() }));
        check("directory", &Task::Directory);
        check("geography --places p.jsonl", &Task::Geography("p.jsonl".into()));
    }

    #[test]
    fn a_mistake_is_told() {
        for (line, told) in [
            ("fly", "there is no command `fly`"),
            ("run --porte 1", "invalid option '--porte'"),
            ("run --port many", "many"),
            ("run --port 70000", "70000"),
            ("build --port 1", "invalid option '--port'"),
            ("run --directory", "missing argument"),
            ("test --since main shared", "give it no words"),
            ("geography", "geography needs --places FILE"),
        ] {
            let failure = read(line.split_whitespace()).unwrap_err().to_string();
            assert!(
                failure.contains(told) && failure.ends_with("see `cargo xtask --help`"),
                "{line}: {failure}"
            );
        }
    }
}
