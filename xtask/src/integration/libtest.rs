//! Reading what a test binary prints: Rust's own test runner's lines, or those of libtest-mimic.

use anyhow::{Result, bail, ensure};

/// One test and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// With the beginning of its message.
    Failed(String),
    /// With the reason why it did not run.
    Skipped(String),
}

impl Outcome {
    /// Whether it ran at all.
    pub(crate) fn ran(&self) -> bool {
        !matches!(self, Self::Skipped(_))
    }

    /// Whether it ran and did not pass.
    pub(crate) fn failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

/// How much of the message of a failed test is kept.
const MESSAGE_LINES: usize = 3;

/// The lines read so far.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    cases: Vec<Case>,
    /// Passed, failed and ignored, from the last line.
    totals: Option<[usize; 3]>,
    /// The failed case whose message is being printed, and how many lines of it are kept.
    message_of: Option<(usize, usize)>,
}

impl Transcript {
    /// Takes in the next line.
    pub(super) fn read(&mut self, line: &str) {
        if let Some(totals) = line.strip_prefix("test result: ") {
            self.totals = Some(["passed", "failed", "ignored"].map(|what| count(totals, what)));
            self.message_of = None;
        } else if let Some(case) = case(line) {
            self.cases.push(case);
        } else if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" ----")) {
            let name = name.strip_suffix(" stdout").unwrap_or(name);
            self.message_of = self.cases.iter().position(|case| case.name == name).map(|at| (at, 0));
        } else if line == "failures:" || line.starts_with("stack backtrace:") || line.starts_with("note: ") {
            self.message_of = None;
        } else {
            self.read_message(line.trim());
        }
    }

    fn read_message(&mut self, line: &str) {
        if let Some((at, kept)) = &mut self.message_of
            && *kept < MESSAGE_LINES
            && !line.is_empty()
            && let Outcome::Failed(message) = &mut self.cases[*at].outcome
        {
            if !message.is_empty() {
                message.push(' ');
            }
            message.push_str(line);
            *kept += 1;
        }
    }

    /// All cases, once the test binary has ended.
    ///
    /// # Errors
    /// When it died before its totals, these do not agree with its lines, or it failed although every test passed.
    pub(super) fn finish(self, succeeded: bool) -> Result<Vec<Case>> {
        let Some(totals) = self.totals else { bail!("it ended without its totals") };
        let lines = [
            self.cases.iter().filter(|case| case.outcome == Outcome::Passed).count(),
            self.cases.iter().filter(|case| matches!(case.outcome, Outcome::Failed(_))).count(),
            self.cases.iter().filter(|case| !case.outcome.ran()).count(),
        ];
        ensure!(lines == totals, "its lines say {lines:?} passed, failed and skipped, its totals {totals:?}");
        ensure!(succeeded || totals[1] > 0, "it failed, though no test did");
        Ok(self.cases)
    }
}

/// `test NAME ... OUTCOME`, where the outcome of a skipped test is `ignored, REASON` or `ignored (REASON)`.
fn case(line: &str) -> Option<Case> {
    let (name, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let outcome = if let Some(reason) = outcome.strip_prefix("ignored") {
        let reason = reason.trim_start_matches(',').trim();
        let reason = reason.strip_prefix('(').and_then(|reason| reason.strip_suffix(')')).unwrap_or(reason);
        Outcome::Skipped(if reason.is_empty() { "no reason given" } else { reason }.to_owned())
    } else if outcome == "ok" || outcome.starts_with("ok ") {
        Outcome::Passed
    } else if outcome.starts_with("FAILED") {
        Outcome::Failed(String::new())
    } else {
        return None;
    };
    Some(Case { name: name.trim_end().to_owned(), outcome })
}

/// The number before `what` in `ok. 5 passed; 0 failed; …`.
fn count(totals: &str, what: &str) -> usize {
    let words: Vec<_> = totals.split([' ', ';', '.']).filter(|word| !word.is_empty()).collect();
    let number = words.windows(2).find(|pair| pair[1] == what).map(|pair| pair[0].parse());
    number.and_then(Result::ok).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Transcript {
        let mut transcript = Transcript::default();
        text.lines().for_each(|line| transcript.read(line));
        transcript
    }

    fn named(name: &str, outcome: Outcome) -> Case {
        Case { name: name.to_owned(), outcome }
    }

    #[test]
    fn rusts_own_runner_is_understood() {
        let text = "\nrunning 4 tests\ntest put::small ... ok\ntest put::large ... FAILED\n\
                    test copy::if_absent ... ignored, the server overwrites\ntest bare ... ignored\n\nfailures:\n\n\
                    ---- put::large stdout ----\n\nthread 'put::large' panicked at a.rs:1:2:\nleft is 1\nstack backtrace:\n   0: a\n\n\
                    failures:\n    put::large\n\n\
                    test result: FAILED. 1 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        let message = "thread 'put::large' panicked at a.rs:1:2: left is 1";
        let expected = [
            named("put::small", Outcome::Passed),
            named("put::large", Outcome::Failed(message.into())),
            named("copy::if_absent", Outcome::Skipped("the server overwrites".into())),
            named("bare", Outcome::Skipped("no reason given".into())),
        ];
        assert_eq!(read(text).finish(false).unwrap(), expected);
    }

    #[test]
    fn libtest_mimic_is_understood() {
        let text = "running 2 tests\ntest get::range    ... ok\ntest list          ... ignored (no such ability)\n\
                    test put ... FAILED\n\nfailures:\n\n---- put ----\nboom\n\n\nfailures:\n    put\n\n\
                    test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.2s\n";
        let expected = [
            named("get::range", Outcome::Passed),
            named("list", Outcome::Skipped("no such ability".into())),
            named("put", Outcome::Failed("boom".into())),
        ];
        assert_eq!(read(text).finish(false).unwrap(), expected);
    }

    #[test]
    fn a_runner_that_died_is_an_error() {
        assert!(read("running 2 tests\ntest a ... ok\n").finish(false).is_err());
        assert!(read("").finish(true).is_err());
    }

    #[test]
    fn totals_that_do_not_agree_are_an_error() {
        let text = "test a ... printed by the test\nok\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured\n";
        assert!(read(text).finish(true).is_err());
    }

    #[test]
    fn a_failure_without_a_failed_test_is_an_error() {
        let text = "test a ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored\n";
        assert!(read(text).finish(true).is_ok());
        assert!(read(text).finish(false).is_err());
    }
}
