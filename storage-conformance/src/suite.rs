use std::fmt;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Conclusion, Failed, Trial};

use crate::case::Case;
use crate::cases;
use crate::factory::{Factory, IntoStorage, erase};
use crate::outcome::{Outcome, Stop};
use crate::runner;

const DEFAULT_DEADLINE: Duration = Duration::from_secs(120);

/// Runs every case on the store that `factory` makes, prints the results as the standard harness does, and ends the process with status
/// 101 if a case failed or none could run. The command line is read from the process's arguments.
pub fn run<F, Fut, Kind>(factory: F)
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output: IntoStorage<Kind>> + Send + 'static,
{
    exit_unless_green(&Arguments::from_args(), vec![Suite::new(factory)]);
}

/// Runs every case on several stores, as [`run`] does on one.
///
/// ```no_run
/// use storage_conformance::Suite;
/// # use storage_core::{Error, Result, Storage};
/// # async fn memory() -> Result<Box<dyn Storage>> { Err(Error::unsupported("")) }
/// # async fn folder() -> Result<Box<dyn Storage>> { Err(Error::unsupported("")) }
///
/// storage_conformance::run_all([
///     Suite::new(memory).named("memory"),
///     Suite::new(folder).named("folder").expect_gap("odd_keys::backslash", "it separates folders on Windows"),
/// ]);
/// ```
pub fn run_all(suites: impl IntoIterator<Item = Suite>) {
    exit_unless_green(&Arguments::from_args(), suites.into_iter().collect());
}

/// All cases, and the store that they run on.
pub struct Suite {
    name: Option<String>,
    factory: Factory,
    deadline: Duration,
    gaps: Vec<Gap>,
}

/// A case that a store is known to fail.
struct Gap {
    case: String,
    reason: String,
    how: Certainty,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Always,
    /// Luck decides, so that the case would tell nothing.
    AtTimes,
}

impl Suite {
    /// The suite on the store that `factory` makes. It is called once for each case.
    pub fn new<F, Fut, Kind>(factory: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoStorage<Kind>> + Send + 'static,
    {
        Self { name: None, factory: erase(factory), deadline: DEFAULT_DEADLINE, gaps: Vec::new() }
    }

    /// Puts the store's name before that of each case: `memory::put::stores_what_it_is_given`.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets how long a case may take; default: 120 seconds.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Declares that the store fails a case, for instance `odd_keys::backslash`, and why.
    ///
    /// The case is run all the same. It is shown as ignored with the reason if it fails, and fails if it passes: then the gap has closed
    /// and the declaration goes. A name that no case has fails too.
    pub fn expect_gap(mut self, case: impl Into<String>, reason: impl Into<String>) -> Self {
        self.gaps.push(Gap { case: case.into(), reason: reason.into(), how: Certainty::Always });
        self
    }

    /// Leaves out a case that the store fails at times, and says why: a race that the store's server loses on some days.
    ///
    /// The case is not run, and shown as ignored with the reason. A name that no case has fails.
    pub fn leave_out(mut self, case: impl Into<String>, reason: impl Into<String>) -> Self {
        self.gaps.push(Gap { case: case.into(), reason: reason.into(), how: Certainty::AtTimes });
        self
    }

    fn into_trials(self) -> Vec<Trial> {
        let mut gaps = self.gaps;
        let mut trials = Vec::new();
        for case in cases::all() {
            let gap =
                gaps.iter().position(|gap| gap.case == case.name()).map(|index| gaps.swap_remove(index));
            let name = full_name(self.name.as_deref(), case.name());
            let (factory, deadline) = (self.factory.clone(), self.deadline);
            trials.push(Trial::ignorable_test(name, move || run_case(&case, &factory, deadline, gap)));
        }
        for gap in gaps {
            let name = full_name(self.name.as_deref(), &gap.case);
            trials.push(Trial::test(name, || {
                Err("a gap is declared for it, but there is no such case".into())
            }));
        }
        trials
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite")
            .field("name", &self.name)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

fn full_name(store: Option<&str>, case: &str) -> String {
    store.map_or_else(|| case.to_owned(), |store| format!("{store}::{case}"))
}

fn run_case(
    case: &Case,
    factory: &Factory,
    deadline: Duration,
    gap: Option<Gap>,
) -> Result<Completion, Failed> {
    match gap {
        Some(gap) if gap.how == Certainty::AtTimes => {
            Ok(Completion::ignored_with(format!("known gap: at times: {}", gap.reason)))
        }
        gap => judge(runner::run(case, factory, deadline), gap),
    }
}

fn judge(outcome: Outcome, gap: Option<Gap>) -> Result<Completion, Failed> {
    match (outcome, gap) {
        (Ok(()), None) => Ok(Completion::Completed),
        (Ok(()), Some(gap)) => {
            Err(format!("the gap has closed, remove its declaration: {}", gap.reason).into())
        }
        (Err(Stop::CannotRun(reason)), _) => Ok(Completion::ignored_with(reason)),
        (Err(Stop::Failed(_)), Some(gap)) => {
            Ok(Completion::ignored_with(format!("known gap: {}", gap.reason)))
        }
        (Err(Stop::Failed(message)), None) => Err(message.into()),
    }
}

#[allow(
    clippy::exit,
    reason = "the status is all that a test's `main` has to say, and `run` is all of that `main`"
)]
fn exit_unless_green(arguments: &Arguments, suites: Vec<Suite>) {
    if conclude(arguments, suites) != ExitCode::SUCCESS {
        std::process::exit(101);
    }
}

/// Runs all suites. They are gone when it returns, with whatever the factories hold.
fn conclude(arguments: &Arguments, suites: Vec<Suite>) -> ExitCode {
    let trials = suites.into_iter().flat_map(Suite::into_trials).collect();
    let conclusion = libtest_mimic::run(arguments, trials);
    if nothing_ran(arguments, &conclusion) {
        report_that_nothing_ran();
        return ExitCode::from(101);
    }
    conclusion.exit_code()
}

/// Whether everything was to run and nothing could.
fn nothing_ran(arguments: &Arguments, conclusion: &Conclusion) -> bool {
    let selected =
        arguments.list || arguments.filter.is_some() || !arguments.skip.is_empty() || arguments.ignored;
    !selected && conclusion.num_passed + conclusion.num_failed == 0
}

#[allow(clippy::print_stderr, reason = "a test harness speaks to the terminal")]
fn report_that_nothing_ran() {
    eprintln!("error: no case could run; a check that did not run is not green");
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage_core::Error;

    fn gap() -> Gap {
        Gap { case: "topic::case".to_owned(), reason: "not yet".to_owned(), how: Certainty::Always }
    }

    fn reason(judged: Result<Completion, Failed>) -> Option<String> {
        match judged {
            Ok(Completion::Ignored { reason }) => reason,
            _ => None,
        }
    }

    fn message(judged: Result<Completion, Failed>) -> Option<String> {
        judged.err().and_then(|failed| failed.message().map(str::to_owned))
    }

    #[test]
    fn a_gap_is_ignored_while_it_is_there_and_fails_when_it_has_closed() {
        assert_eq!(
            reason(judge(Err(Stop::failed("wrong")), Some(gap()))).as_deref(),
            Some("known gap: not yet")
        );
        let closed = message(judge(Ok(()), Some(gap()))).unwrap_or_default();
        assert!(closed.contains("has closed") && closed.contains("not yet"), "{closed}");
    }

    #[test]
    fn what_cannot_run_is_ignored_with_its_reason_and_never_passed() {
        assert_eq!(reason(judge(Err(Stop::cannot_run("needs: x")), None)).as_deref(), Some("needs: x"));
        assert_eq!(
            reason(judge(Err(Stop::cannot_run("needs: x")), Some(gap()))).as_deref(),
            Some("needs: x")
        );
        assert!(
            message(judge(Err(Stop::failed("wrong")), None)).is_some_and(|text| text.starts_with("wrong"))
        );
    }

    #[test]
    fn a_case_that_is_left_out_is_ignored_with_its_reason_and_does_not_run() {
        let no_store =
            erase(|| async { Err::<Box<dyn storage_core::Storage>, _>(Error::unsupported("it ran")) });
        let case = cases::all().remove(0);
        let left_out = Gap { how: Certainty::AtTimes, ..gap() };
        let ran = run_case(&case, &no_store, DEFAULT_DEADLINE, Some(left_out));
        assert_eq!(reason(ran).as_deref(), Some("known gap: at times: not yet"));
    }

    #[test]
    fn a_gap_that_no_case_has_fails() {
        let suite =
            || Suite::new(|| async { Err::<Box<dyn storage_core::Storage>, _>(Error::unsupported("")) });
        let cases = suite().into_trials().len();
        let trials = suite().named("memory").expect_gap("odd_keys::misspelt", "x").into_trials();
        assert_eq!(trials.len(), cases + 1);
        assert_eq!(trials[cases].name(), "memory::odd_keys::misspelt");
    }

    #[test]
    fn nothing_that_ran_is_a_failure_unless_a_part_was_asked_for() {
        let conclusion = |num_passed, num_failed| Conclusion {
            num_filtered_out: 0,
            num_passed,
            num_failed,
            num_ignored: 3,
            num_measured: 0,
        };
        let all = Arguments::default();
        assert!(nothing_ran(&all, &conclusion(0, 0)));
        assert!(!nothing_ran(&all, &conclusion(1, 0)));
        assert!(!nothing_ran(&all, &conclusion(0, 1)));
        let filtered = Arguments { filter: Some("put".to_owned()), ..Arguments::default() };
        assert!(!nothing_ran(&filtered, &conclusion(0, 0)));
        let listed = Arguments { list: true, ..Arguments::default() };
        assert!(!nothing_ran(&listed, &conclusion(0, 0)));
    }
}
