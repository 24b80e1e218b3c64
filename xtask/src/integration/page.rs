//! The page of the documentation that says what each server does: `docs/servers.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::libtest::Outcome;
use super::report::{Entry, Report};
use crate::servers;

const HEAD: &str = "\
# Servers

What the behaviour suite (`storage-conformance`) and the end-to-end tests found on real servers. Written by a run in which nothing failed:

```sh
cargo xtask integration --server all --write-table docs/servers.md
```

";

const LEGEND: &str = "\
*yes*: as promised. *gap*: the server does otherwise than S3; the reason stands above, and the test fails when the gap closes. *cannot*: the
server lacks an ability, and the call is refused with a typed error. *-*: does not apply.

";

/// What a case came to, for a reader.
enum Verdict<'a> {
    Yes,
    /// With its reason.
    Gap(&'a str),
    /// With the ability that it lacks.
    Cannot(&'a str),
    NotApplicable,
    Failed,
}

impl<'a> Verdict<'a> {
    /// The words are those of the conformance suite.
    fn of(outcome: &'a Outcome) -> Self {
        let reason = match outcome {
            Outcome::Passed => return Self::Yes,
            Outcome::Failed(_) => return Self::Failed,
            Outcome::Skipped(reason) => reason.as_str(),
        };
        match (reason.strip_prefix("known gap: "), reason.strip_prefix("needs: ")) {
            (Some(gap), _) => Self::Gap(gap),
            // Asked of a store that is no S3 server.
            (_, Some("a store that verifies its own URLs")) => Self::NotApplicable,
            // What follows was the server's answer in that run.
            (_, Some(ability)) => Self::Cannot(ability.split(": ").next().unwrap_or(ability)),
            _ if reason.starts_with("only for a store that cannot ") => Self::NotApplicable,
            _ => Self::Cannot(reason),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Gap(_) => "gap",
            Self::Cannot(_) => "cannot",
            Self::NotApplicable => "-",
            Self::Failed => "**failed**",
        }
    }
}

/// The page.
pub(super) fn page(report: &Report) -> String {
    let mut text = HEAD.to_owned();
    write_summary(&mut text, report);
    write_differences(&mut text, report);
    write_cases(&mut text, report);
    text
}

fn write_heading(text: &mut String, first: &str, report: &Report) {
    let _ = writeln!(text, "| {first} | {} |", report.servers().join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(report.servers().len()));
}

/// How many cases of each group are as promised.
fn write_summary(text: &mut String, report: &Report) {
    text.push_str("## Summary\n\nCases that are as promised, of those that apply.\n\n");
    write_heading(text, "cases", report);
    let groups: BTreeSet<_> = report.entries().iter().map(Entry::group).collect();
    for group in groups {
        let cells = report.servers().iter().map(|server| {
            let entries = report.entries().iter().filter(|it| it.server == *server && it.group() == group);
            in_short(entries.map(|entry| Verdict::of(&entry.case.outcome)))
        });
        let cells: Vec<_> = cells.collect();
        let _ = writeln!(text, "| {group} | {} |", cells.join(" | "));
    }
    text.push('\n');
}

fn in_short<'a>(verdicts: impl Iterator<Item = Verdict<'a>>) -> String {
    let (mut yes, mut all) = (0, 0);
    for verdict in verdicts {
        all += usize::from(!matches!(verdict, Verdict::NotApplicable));
        yes += usize::from(matches!(verdict, Verdict::Yes));
    }
    match (yes, all) {
        (_, 0) => "-".to_owned(),
        (yes, all) if yes == all => format!("all {all}"),
        (yes, all) => format!("{yes} of {all}"),
    }
}

/// Each gap with its reason, and what a server cannot do at all.
fn write_differences(text: &mut String, report: &Report) {
    text.push_str("## What each server does otherwise\n");
    for server in report.servers() {
        let _ = writeln!(text, "\n{}\n", heading(server, servers::version(server)));
        let (mut gaps, mut lacks) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, usize>::new());
        for entry in report.entries().iter().filter(|entry| entry.server == *server) {
            match Verdict::of(&entry.case.outcome) {
                Verdict::Gap(reason) => gaps.entry(reason).or_default().push(entry.case.name.as_str()),
                Verdict::Cannot(ability) => *lacks.entry(ability).or_default() += 1,
                _ => {}
            }
        }
        for (reason, cases) in &gaps {
            let _ = writeln!(text, "- {reason}: `{}`", cases.join("`, `"));
        }
        for (ability, count) in &lacks {
            let cases = if *count == 1 { "case" } else { "cases" };
            let _ = writeln!(text, "- cannot: {ability} ({count} {cases})");
        }
        if gaps.is_empty() && lacks.is_empty() {
            text.push_str("Nothing.\n");
        }
    }
    text.push('\n');
}

/// How a server's part of the page begins.
pub(crate) fn heading(server: &str, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("### {server} {version}"),
        None => format!("### {server}"),
    }
}

fn write_cases(text: &mut String, report: &Report) {
    text.push_str("## All cases\n\n");
    text.push_str(LEGEND);
    write_heading(text, "case", report);
    let mut cases: BTreeMap<(&str, &str), BTreeMap<&str, &Outcome>> = BTreeMap::new();
    for Entry { server, suite, case } in report.entries() {
        cases.entry((suite, &case.name)).or_default().insert(server, &case.outcome);
    }
    for ((suite, name), outcomes) in cases {
        let word = |server: &String| outcomes.get(server.as_str()).map_or("", |it| Verdict::of(it).word());
        let words: Vec<_> = report.servers().iter().map(word).collect();
        let _ = writeln!(text, "| {suite} `{name}` | {} |", words.join(" | "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integration::libtest::Case;

    fn report() -> Report {
        let case = |name: &str, outcome: Option<&str>| Case {
            name: name.to_owned(),
            outcome: outcome.map_or(Outcome::Passed, |reason| Outcome::Skipped(reason.to_owned())),
        };
        let cases = |gap: Option<&str>, lack: Option<&str>| {
            vec![
                case("put::a", None),
                case("put::b", gap),
                case("copy::c", lack),
                case("urls::d", Some("needs: a store that verifies its own URLs")),
                case("urls::e", Some("only for a store that cannot make signed URLs")),
            ]
        };
        let mut report = Report::default();
        report.add("minio", "conformance", cases(None, None));
        report.add(
            "garage",
            "conformance",
            cases(Some("known gap: It drops them"), Some("needs: copy if absent: put `x` failed")),
        );
        report.add("garage", "end-to-end", vec![case("pictures", None)]);
        report
    }

    #[test]
    fn the_page_begins_with_what_matters() {
        let minio = servers::version("minio").unwrap();
        let expected = format!(
            "{HEAD}\
## Summary

Cases that are as promised, of those that apply.

| cases | minio | garage |
|---|---|---|
| conformance copy | all 1 | 0 of 1 |
| conformance put | all 2 | 1 of 2 |
| conformance urls | - | - |
| end-to-end | - | all 1 |

## What each server does otherwise

### minio {minio}

Nothing.

### garage 2.5.0

- It drops them: `put::b`
- cannot: copy if absent (1 case)

## All cases

{LEGEND}\
| case | minio | garage |
|---|---|---|
| conformance `copy::c` | yes | cannot |
| conformance `put::a` | yes | yes |
| conformance `put::b` | yes | gap |
| conformance `urls::d` | - | - |
| conformance `urls::e` | - | - |
| end-to-end `pictures` |  | yes |
"
        );
        assert_eq!(page(&report()), expected);
    }
}
