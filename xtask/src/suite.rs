//! What was run and how it went: one row per suite, and the last line.

use std::fmt::{self, Write as _};

/// How a suite went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A check that is either right or not: formatting, lints.
    Check {
        /// Whether it is right.
        right: bool,
    },
    /// Tests, counted.
    Tests {
        /// How many passed.
        passed: u32,
        /// How many did not.
        failed: u32,
        /// How many were left out.
        skipped: u32,
    },
}

/// One row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Suite {
    /// Its name.
    pub(crate) name: String,
    /// How it went.
    pub(crate) outcome: Outcome,
    /// How long it took.
    pub(crate) seconds: f64,
}

impl Suite {
    /// A suite of tests that ran none has tested nothing.
    pub(crate) const fn good(&self) -> bool {
        match self.outcome {
            Outcome::Check { right } => right,
            Outcome::Tests { passed, failed, .. } => failed == 0 && passed > 0,
        }
    }
}

/// Everything that was run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    suites: Vec<Suite>,
}

impl Report {
    pub(crate) fn add(&mut self, suite: Suite) {
        self.suites.push(suite);
    }

    pub(crate) fn good(&self) -> bool {
        !self.suites.is_empty() && self.suites.iter().all(Suite::good)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<44} {:>7} {:>9}", "suite", "tests", "seconds")?;
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for suite in &self.suites {
            let count = match suite.outcome {
                Outcome::Check { .. } => "check".to_owned(),
                Outcome::Tests { passed, failed, .. } => (passed + failed).to_string(),
            };
            let mut note = String::new();
            match suite.outcome {
                // A check that is wrong is one failure in the count.
                Outcome::Check { right } => failed += u32::from(!right),
                Outcome::Tests { passed: 0, failed: 0, .. } => {
                    failed += 1;
                    note.push_str("  ran no test");
                }
                Outcome::Tests { passed: good, failed: bad, skipped: left_out } => {
                    passed += good;
                    failed += bad;
                    skipped += left_out;
                    if bad > 0 {
                        let _ = write!(note, "  {bad} failed");
                    }
                    if left_out > 0 {
                        let _ = write!(note, "  {left_out} skipped");
                    }
                }
            }
            let verdict = if suite.good() { "" } else { "  FAIL" };
            writeln!(f, "{:<44} {count:>7} {:>9.1}{verdict}{note}", suite.name, suite.seconds)?;
        }
        write!(f, "\n{passed} passed, {failed} failed")?;
        if skipped > 0 {
            write!(f, ", {skipped} skipped")?;
        }
        writeln!(f)
    }
}

/// Reads what one of Rust's test programs printed: the sums of all its `test result` lines.
pub(crate) fn read_libtest(printed: &str) -> Outcome {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for line in printed.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        // "ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s"
        let words: Vec<&str> = line.split([' ', ';']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<u32>() else { continue };
            match pair[1] {
                "passed" => passed += count,
                "failed" => failed += count,
                "ignored" => skipped += count,
                _ => {}
            }
        }
    }
    Outcome::Tests { passed, failed, skipped }
}

/// Reads the closing lines of what Node's test runner printed as TAP.
pub(crate) fn read_tap(printed: &str) -> Outcome {
    let count = |name: &str| {
        let line = printed.lines().rev().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name));
        line.and_then(|count| count.trim().parse::<u32>().ok()).unwrap_or(0)
    };
    Outcome::Tests {
        passed: count("pass "),
        failed: count("fail ") + count("cancelled "),
        skipped: count("skipped ") + count("todo "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn tests(passed: u32, failed: u32, skipped: u32) -> Outcome {
        Outcome::Tests { passed, failed, skipped }
    }

    fn report(outcomes: &[Outcome]) -> Report {
        let mut report = Report::default();
        for outcome in outcomes {
            report.add(Suite { name: "a suite".to_owned(), outcome: *outcome, seconds: 1.0 });
        }
        report
    }

    #[test]
    fn results_are_summed() {
        let printed = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                       test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out\n";
        assert_eq!(read_libtest(printed), tests(5, 4, 1));
        assert_eq!(read_libtest("Killed"), tests(0, 0, 0));
        let printed = "ok 1 - fail 9\n# tests 4\n# suites 0\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n";
        assert_eq!(read_tap(printed), tests(2, 1, 1));
        assert_eq!(read_tap(""), tests(0, 0, 0));
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
}
