//! What became of each case on each server.

use std::fmt::Write;

use super::libtest::{Case, Outcome};
use crate::table;

/// All results, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Report {
    servers: Vec<String>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) server: String,
    pub(super) suite: String,
    pub(super) case: Case,
}

/// How many passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Report {
    /// Takes in the cases of one suite on one server.
    pub(crate) fn add(&mut self, server: &str, suite: &str, cases: Vec<Case>) {
        if !self.servers.iter().any(|known| known == server) {
            self.servers.push(server.to_owned());
        }
        let entry = |case| Entry { server: server.to_owned(), suite: suite.to_owned(), case };
        self.entries.extend(cases.into_iter().map(entry));
    }

    /// Takes in that something could not run at all, which is a failure; the first line of `why` is kept.
    pub(crate) fn broken(&mut self, server: &str, suite: &str, why: &str) {
        let outcome = Outcome::Failed(why.lines().next().unwrap_or_default().to_owned());
        self.add(server, suite, vec![Case { name: "could not run".to_owned(), outcome }]);
    }

    /// How many failures there are so far.
    pub(crate) fn failed(&self) -> usize {
        self.tally(|_| true).failed
    }

    /// Whether something ran, and nothing failed.
    pub(crate) fn passed(&self) -> bool {
        let total = self.tally(|_| true);
        total.passed > 0 && total.failed == 0
    }

    fn tally(&self, which: impl Fn(&Entry) -> bool) -> Tally {
        let mut tally = Tally::default();
        for entry in self.entries.iter().filter(|entry| which(entry)) {
            match entry.case.outcome {
                Outcome::Passed => tally.passed += 1,
                Outcome::Failed(_) => tally.failed += 1,
                Outcome::Skipped(_) => tally.skipped += 1,
            }
        }
        tally
    }

    /// For the terminal: a table of case groups and servers, each case that did not pass with its reason, and
    /// the totals as the last line.
    pub(crate) fn terminal(&self) -> String {
        let mut groups: Vec<String> = self.entries.iter().map(Entry::group).collect();
        groups.sort();
        groups.dedup();
        let heading = std::iter::once("cases".to_owned()).chain(self.servers.iter().cloned()).collect();
        let mut rows: Vec<Vec<String>> = vec![heading];
        for group in groups {
            let cell = |server: &String| {
                self.tally(|entry| entry.server == *server && entry.group() == group).in_short()
            };
            let cells: Vec<_> = self.servers.iter().map(cell).collect();
            rows.push(std::iter::once(group.clone()).chain(cells).collect());
        }
        let mut text = table::render(&rows);
        text.push('\n');
        for entry in &self.entries {
            let (word, reason) = match &entry.case.outcome {
                Outcome::Passed => continue,
                Outcome::Failed(reason) => ("FAILED", reason),
                Outcome::Skipped(reason) => ("skipped", reason),
            };
            let _ =
                writeln!(text, "{word} on {}: {} {}: {reason}", entry.server, entry.suite, entry.case.name);
        }
        let total = self.tally(|_| true);
        let _ =
            writeln!(text, "\n{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
        text
    }

    /// The servers, in the order in which they were tested.
    pub(super) fn servers(&self) -> &[String] {
        &self.servers
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl Entry {
    /// The suite, and the part of the case's name before its first `::`.
    pub(super) fn group(&self) -> String {
        match self.case.name.split_once("::") {
            Some((group, _)) => format!("{} {group}", self.suite),
            None => self.suite.clone(),
        }
    }
}

impl Tally {
    fn in_short(self) -> String {
        let parts = [(self.passed, "ok"), (self.failed, "FAILED"), (self.skipped, "skipped")];
        let parts: Vec<_> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        if parts.is_empty() { "-".to_owned() } else { parts.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, outcome: Outcome) -> Case {
        Case { name: name.to_owned(), outcome }
    }

    fn report() -> Report {
        let mut report = Report::default();
        let skipped = || Outcome::Skipped("it overwrites".into());
        let cases = vec![
            case("put::a", Outcome::Passed),
            case("put::b", Outcome::Passed),
            case("copy::c", skipped()),
        ];
        report.add("minio", "conformance", cases);
        report.add("minio", "end-to-end", vec![case("pictures", Outcome::Passed)]);
        let cases = vec![case("put::a", Outcome::Failed("boom".into())), case("put::b", skipped())];
        report.add("seaweedfs", "conformance", cases);
        report
    }

    #[test]
    fn the_terminal_shows_groups_reasons_and_totals() {
        let expected = "\
cases             minio      seaweedfs
conformance copy  1 skipped  -
conformance put   2 ok       1 FAILED, 1 skipped
end-to-end        1 ok       -

skipped on minio: conformance copy::c: it overwrites
FAILED on seaweedfs: conformance put::a: boom
skipped on seaweedfs: conformance put::b: it overwrites

3 passed, 1 failed, 2 skipped
";
        assert_eq!(report().terminal(), expected);
    }

    #[test]
    fn nothing_run_is_not_passed() {
        let mut report = Report::default();
        assert!(!report.passed());
        report.add("minio", "conformance", vec![case("a", Outcome::Skipped("x".into()))]);
        assert!(!report.passed());
        report.add("minio", "conformance", vec![case("b", Outcome::Passed)]);
        assert!(report.passed());
        report.broken("seaweedfs", "server", "it did not start\nlog");
        assert!(!report.passed());
        assert!(report.terminal().ends_with("1 passed, 1 failed, 1 skipped\n"));
    }
}
