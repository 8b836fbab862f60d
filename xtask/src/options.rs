//! What was asked on the command line.

use lexopt::prelude::*;
use spro_tests::Failure;
use std::path::PathBuf;

/// What `cargo xtask` alone, or with `--help`, prints.
pub(crate) const HELP: &str = "\
usage: cargo xtask COMMAND [OPTIONS]

commands:
  run          set up, build, and serve the guide and a partner's page on this machine
  test         set up, build, and run every test, or those that are named
  build        set up, and build what is deployed, into target/spro
  bench        set up, build, and print what a request and a visit cost
  setup        install what the others need
  screenshots  set up, build, and take the pictures of the documentation
  geography    rebuild the commune reference in shared/data

options of run:
  --port N          the guide's port (8787)
  --partner-port N  the partner's port (8788)
  --directory FILE  publish this directory first
  --no-open         do not open a browser

arguments of test:
  WORD...           only the suites and the browser test files that have one of
                    these words in their names: lints, shared, tests/seen, counters

options of geography:
  --places FILE     GeoNames' postal places, as xtask/src/geography.rs says how to get them

The browser of the tests is the first Chromium found, or the one that CHROME names.";

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Install what is needed.
    Setup,
    /// Build what is deployed.
    Build,
    /// Serve it.
    Run(Run),
    /// Test everything, or what has one of these words in its name.
    Test(Vec<String>),
    /// Measure.
    Bench,
    /// Take the documentation's pictures.
    Screenshots,
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
}

impl Default for Run {
    fn default() -> Self {
        Self { port: 8787, partner_port: 8788, directory: None, open: true }
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
    let (mut run, mut places, mut words) = (Run::default(), None, Vec::new());
    while let Some(argument) = parser.next()? {
        match (command.as_str(), argument) {
            ("run", Long("port")) => run.port = parser.value()?.parse()?,
            ("run", Long("partner-port")) => run.partner_port = parser.value()?.parse()?,
            ("run", Long("directory")) => run.directory = Some(parser.value()?.into()),
            ("run", Long("no-open")) => run.open = false,
            ("geography", Long("places")) => places = Some(PathBuf::from(parser.value()?)),
            ("test", Value(word)) => words.push(word.string()?),
            (_, Short('h') | Long("help")) => return Ok(Task::Help),
            (_, other) => return Err(other.unexpected()),
        }
    }
    match (command.as_str(), places) {
        ("setup", _) => Ok(Task::Setup),
        ("build", _) => Ok(Task::Build),
        ("run", _) => Ok(Task::Run(run)),
        ("test", _) => Ok(Task::Test(words)),
        ("bench", _) => Ok(Task::Bench),
        ("screenshots", _) => Ok(Task::Screenshots),
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
        check("test", &Task::Test(Vec::new()));
        check("test shared counters", &Task::Test(vec!["shared".into(), "counters".into()]));
        check("run", &Task::Run(Run::default()));
        check(
            "run --port 9000 --partner-port=9001 --directory a.json --no-open",
            &Task::Run(Run { port: 9000, partner_port: 9001, directory: Some("a.json".into()), open: false }),
        );
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
