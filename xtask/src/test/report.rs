//! What was run, how it went and where the time went: one row per suite, the slowest tests, and
//! the last line.

use std::fmt::{self, Write as _};

/// How many of the slowest tests are listed.
const SLOWEST: usize = 10;

/// How a suite went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something that is either right or not: formatting, lints, a build.
    Check {
        /// Whether it is right.
        right: bool,
    },
    /// Tests, counted.
    Tests(Count),
}

/// How many tests went how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// How many passed.
    pub(crate) passed: u32,
    /// How many did not.
    pub(crate) failed: u32,
    /// How many were left out.
    pub(crate) skipped: u32,
}

/// One row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Suite {
    /// Its name. Rows of one name are added up.
    pub(crate) name: String,
    /// How it went.
    pub(crate) outcome: Outcome,
    /// Seconds on the clock.
    pub(crate) seconds: f64,
    /// Seconds of processor time.
    pub(crate) processor: f64,
    /// Its tests, each with its seconds on the clock.
    pub(crate) tests: Vec<(String, f64)>,
}

impl Suite {
    /// A check that is right and took no time.
    pub(crate) fn named(name: impl Into<String>) -> Self {
        let outcome = Outcome::Check { right: true };
        Self { name: name.into(), outcome, seconds: 0.0, processor: 0.0, tests: Vec::new() }
    }

    /// A suite of tests that ran none has tested nothing.
    pub(crate) const fn good(&self) -> bool {
        match self.outcome {
            Outcome::Check { right } => right,
            Outcome::Tests(count) => count.failed == 0 && count.passed > 0,
        }
    }

    fn add(&mut self, other: Self) {
        self.outcome = match (self.outcome, other.outcome) {
            (Outcome::Check { right }, Outcome::Check { right: also }) => {
                Outcome::Check { right: right && also }
            }
            (Outcome::Tests(count), Outcome::Check { right })
            | (Outcome::Check { right }, Outcome::Tests(count)) => {
                Outcome::Tests(Count { failed: count.failed + u32::from(!right), ..count })
            }
            (Outcome::Tests(one), Outcome::Tests(other)) => Outcome::Tests(Count {
                passed: one.passed + other.passed,
                failed: one.failed + other.failed,
                skipped: one.skipped + other.skipped,
            }),
        };
        self.seconds += other.seconds;
        self.processor += other.processor;
        self.tests.extend(other.tests);
    }
}

/// Everything that was run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    suites: Vec<Suite>,
    /// Seconds on the clock from the first step to the last.
    pub(crate) seconds: f64,
}

impl Report {
    pub(crate) fn add(&mut self, suite: Suite) {
        match self.suites.iter_mut().find(|known| known.name == suite.name) {
            Some(known) => known.add(suite),
            None => self.suites.push(suite),
        }
    }

    /// Whether nothing was run.
    pub(crate) const fn is_empty(&self) -> bool {
        self.suites.is_empty()
    }

    pub(crate) fn good(&self) -> bool {
        !self.suites.is_empty() && self.suites.iter().all(Suite::good)
    }

    fn slowest(&self) -> Vec<(&str, &str, f64)> {
        let tests = |suite: &'_ Suite| suite.tests.len();
        let mut all = Vec::with_capacity(self.suites.iter().map(tests).sum());
        for suite in &self.suites {
            all.extend(
                suite.tests.iter().map(|(test, seconds)| (suite.name.as_str(), test.as_str(), *seconds)),
            );
        }
        all.sort_by(|one, other| other.2.total_cmp(&one.2));
        all.truncate(SLOWEST);
        all
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<44} {:>7} {:>9} {:>10}", "suite", "tests", "seconds", "processor")?;
        let mut sum = Count::default();
        for suite in &self.suites {
            let mut note = String::new();
            let count = match suite.outcome {
                // A check that is wrong is one failure in the count.
                Outcome::Check { right } => {
                    sum.failed += u32::from(!right);
                    "check".to_owned()
                }
                Outcome::Tests(Count { passed, failed, skipped }) => {
                    if passed + failed == 0 {
                        sum.failed += 1;
                        note.push_str("  ran no test");
                    }
                    sum.passed += passed;
                    sum.failed += failed;
                    sum.skipped += skipped;
                    if failed > 0 {
                        let _ = write!(note, "  {failed} failed");
                    }
                    if skipped > 0 {
                        let _ = write!(note, "  {skipped} skipped");
                    }
                    (passed + failed).to_string()
                }
            };
            let verdict = if suite.good() { "" } else { "  FAIL" };
            let Suite { name, seconds, processor, .. } = suite;
            writeln!(f, "{name:<44} {count:>7} {seconds:>9.1} {processor:>10.1}{verdict}{note}")?;
        }
        let processor: f64 = self.suites.iter().map(|suite| suite.processor).sum();
        writeln!(
            f,
            "{:<44} {:>7} {:>9.1} {processor:>10.1}",
            "the clock, and all processors", "", self.seconds
        )?;
        let slowest = self.slowest();
        if !slowest.is_empty() {
            writeln!(f, "\nslowest tests, seconds on the clock")?;
            for (suite, test, seconds) in slowest {
                writeln!(f, "{seconds:>9.1}  {suite}: {test}")?;
            }
        }
        write!(f, "\n{} passed, {} failed", sum.passed, sum.failed)?;
        if sum.skipped > 0 {
            write!(f, ", {} skipped", sum.skipped)?;
        }
        writeln!(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tests(passed: u32, failed: u32, skipped: u32) -> Outcome {
        Outcome::Tests(Count { passed, failed, skipped })
    }

    fn report(outcomes: &[Outcome]) -> Report {
        let mut report = Report::default();
        for (number, outcome) in outcomes.iter().enumerate() {
            report.add(Suite { outcome: *outcome, ..Suite::named(format!("suite {number}")) });
        }
        report
    }

    #[test]
    fn nothing_run_is_a_failure() {
        assert!(!report(&[]).good());
        assert!(!report(&[tests(0, 0, 3)]).good());
        assert!(!report(&[tests(9, 0, 0), tests(0, 0, 0)]).good());
        assert!(!report(&[tests(9, 1, 0)]).good());
        assert!(!report(&[Outcome::Check { right: false }]).good());
        assert!(report(&[tests(9, 0, 1), Outcome::Check { right: true }]).good());
    }

    #[test]
    fn the_last_line_stands_alone() {
        let text = report(&[tests(9, 1, 2), tests(0, 0, 0), Outcome::Check { right: false }]).to_string();
        assert!(text.ends_with("\n\n9 passed, 3 failed, 2 skipped\n"), "{text}");
        let text = report(&[tests(9, 0, 0)]).to_string();
        assert!(text.ends_with("\n\n9 passed, 0 failed\n"), "{text}");
    }

    #[test]
    fn rows_of_one_name_are_added_up_and_the_slowest_come_first() {
        let mut report = Report::default();
        for (seconds, name) in [(1.0, "quick"), (3.0, "slow")] {
            let tests = vec![(name.to_owned(), seconds)];
            report.add(Suite {
                outcome: self::tests(1, 0, 0),
                seconds,
                processor: 2.0,
                tests,
                ..Suite::named("s")
            });
        }
        let text = report.to_string();
        assert!(text.contains("2       4.0        4.0\n"), "{text}");
        assert!(text.find("s: slow").unwrap() < text.find("s: quick").unwrap(), "{text}");
        report.add(Suite { outcome: Outcome::Check { right: false }, ..Suite::named("s") });
        assert!(!report.good());
    }
}
