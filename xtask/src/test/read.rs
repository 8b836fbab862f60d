//! What test programs print, read.

use super::report::{Count, Outcome};
use serde_json::Value;
use std::fmt::Write as _;

/// What a program of tests did.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Ran {
    /// How its tests went.
    pub(super) count: Count,
    /// Each test with its seconds.
    pub(super) tests: Vec<(String, f64)>,
    /// What tests that passed had to say: how many cases they ran, or what they did without.
    pub(super) said: Vec<String>,
    /// What tests that failed printed.
    pub(super) failures: String,
}

impl Ran {
    /// How it went, where the program itself may have died: that is a failure, too.
    pub(super) const fn outcome(&self, died: bool) -> Outcome {
        let Count { passed, failed, skipped } = self.count;
        let failed = if died && failed == 0 { 1 } else { failed };
        Outcome::Tests(Count { passed, failed, skipped })
    }
}

/// Reads what one of Rust's test programs printed with `--format json`: a line for each event.
pub(super) fn libtest(printed: &str) -> Ran {
    let mut ran = Ran::default();
    for event in printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let name = || event["name"].as_str().unwrap_or_default().to_owned();
        let output = event["stdout"].as_str().unwrap_or_default();
        match (event["type"].as_str(), event["event"].as_str()) {
            (Some("test"), Some("ok")) => {
                ran.count.passed += 1;
                ran.tests.push((name(), event["exec_time"].as_f64().unwrap_or(0.0)));
                ran.said.extend(output.lines().map(str::to_owned));
            }
            (Some("test"), Some("failed")) => {
                ran.count.failed += 1;
                ran.tests.push((name(), event["exec_time"].as_f64().unwrap_or(0.0)));
                let _ = writeln!(ran.failures, "---- {} ----\n{output}", name());
            }
            (Some("test"), Some("ignored")) => ran.count.skipped += 1,
            _ => {}
        }
    }
    ran
}

/// Reads the lines of `reporter.mjs`.
pub(super) fn node(printed: &str) -> Ran {
    let mut ran = Ran::default();
    for line in printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if let Some(said) = line["said"].as_str() {
            ran.said.push(said.to_owned());
        }
        match line["outcome"].as_str() {
            Some("passed") => ran.count.passed += 1,
            Some("failed") => ran.count.failed += 1,
            Some("skipped") => ran.count.skipped += 1,
            _ => continue,
        }
        let name = line["name"].as_str().unwrap_or_default().to_owned();
        ran.tests.push((name, line["seconds"].as_f64().unwrap_or(0.0)));
    }
    ran
}

/// Reads the closing lines of the examples in the documentation, which rustdoc runs and which
/// have no other form: the sums of all `test result` lines.
pub(super) fn examples(printed: &str) -> Ran {
    let mut ran = Ran::default();
    for line in printed.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        // "ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s"
        let words: Vec<&str> = line.split([' ', ';']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<u32>() else { continue };
            match pair[1] {
                "passed" => ran.count.passed += count,
                "failed" => ran.count.failed += count,
                "ignored" => ran.count.skipped += count,
                _ => {}
            }
        }
    }
    ran
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn count(passed: u32, failed: u32, skipped: u32) -> Count {
        Count { passed, failed, skipped }
    }

    #[test]
    fn rusts_events_are_counted() {
        // « timeout » only says that a test takes long: it ends all the same.
        let printed = r#"{ "type": "suite", "event": "started", "test_count": 3 }
{ "type": "test", "event": "started", "name": "a::b" }
{ "type": "test", "name": "a::b", "event": "ok", "exec_time": 1.5, "stdout": "12 cases\n" }
{ "type": "test", "name": "c", "event": "failed", "exec_time": 0.1, "stdout": "panicked" }
{ "type": "test", "event": "timeout", "name": "a::b" }
{ "type": "test", "name": "d", "event": "ignored", "message": "thorough: all of them" }
not JSON
{ "type": "suite", "event": "failed", "passed": 1, "failed": 1, "ignored": 1 }
"#;
        let ran = libtest(printed);
        assert_eq!(ran.count, count(1, 1, 1));
        assert_eq!(ran.tests, [("a::b".to_owned(), 1.5), ("c".to_owned(), 0.1)]);
        assert_eq!(
            (ran.said.as_slice(), ran.failures.as_str()),
            (&["12 cases".to_owned()][..], "---- c ----\npanicked\n")
        );
        assert_eq!(libtest("Killed").outcome(true), Outcome::Tests(count(0, 1, 0)));
        assert_eq!(ran.outcome(true), Outcome::Tests(count(1, 1, 1)), "a failure that was counted is one");
    }

    #[test]
    fn nodes_lines_are_counted() {
        let printed = r#"{"said":"7 requests"}
{"outcome":"passed","name":"a visit","seconds":0.5}
{"outcome":"failed","name":"another","seconds":1}
{"outcome":"skipped","name":"a third","seconds":0}
"#;
        let ran = node(printed);
        assert_eq!((ran.count, ran.said.as_slice()), (count(1, 1, 1), &["7 requests".to_owned()][..]));
        assert_eq!(ran.tests[0], ("a visit".to_owned(), 0.5));
    }

    #[test]
    fn results_of_examples_are_summed() {
        let printed = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                       test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out\n";
        assert_eq!(examples(printed).count, count(5, 4, 1));
        assert_eq!(examples("Killed").count, count(0, 0, 0));
    }
}
