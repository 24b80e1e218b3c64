//! One line of the table: a fault, and what each operation makes of it.

use std::time::Duration;

use s3_testserver::Effect;
use storage_core::ErrorKind;

use super::step::Step;

/// A fault and its outcomes.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) effect: fn(Step) -> Effect,
    pub(crate) after_work: bool,
    pub(crate) work: Work,
    /// Whether connections are refused at first, instead of anything that happens to a request.
    pub(crate) is_refused: bool,
    /// Whether content goes without a hash of it.
    pub(crate) is_unsigned: bool,
    pub(crate) read_timeout: Duration,
    /// How long a request may be repeated, and the longest pause that the server can ask for.
    pub(crate) budget: Duration,
    /// The most that the server may get rid of before the client hangs up, in bytes.
    pub(crate) most_sent: Option<u64>,
    outcomes: Vec<(Vec<Step>, Outcome)>,
}

/// What the server may have done when an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Nothing.
    Undone,
    /// All of it, though nobody was told.
    Done,
}

/// What becomes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It succeeds, however little is repeated.
    Succeeds,
    /// It fails at once, however much might be repeated.
    Fails(ErrorKind),
    /// It is repeated: it succeeds if the fault ends in time, and fails like this if not.
    Repeats(ErrorKind),
    /// The operation begins again, though not for ever.
    BeginsAgain(ErrorKind),
    /// It fails at once, and leaves an upload behind that holds nothing.
    FailsAndLeavesUpload(ErrorKind),
    /// It is repeated, and every attempt leaves an upload behind that holds nothing.
    RepeatsAndLeavesUploads(ErrorKind),
    /// It succeeds, and nothing but TLS could have told that the bytes are others.
    Unnoticed,
    /// The fault cannot meet this request, for this reason.
    Never(&'static str),
}

/// Long enough that no slow machine makes a fault of its own.
const PATIENT: Duration = Duration::from_secs(30);

/// For faults that are noticed by waiting.
pub(crate) const SHORT: Duration = Duration::from_millis(500);

impl Row {
    /// A fault without outcomes yet, before the server does anything.
    pub(crate) fn new(name: &'static str, effect: fn(Step) -> Effect) -> Self {
        Self {
            name,
            effect,
            after_work: false,
            work: Work::Undone,
            is_refused: false,
            is_unsigned: false,
            read_timeout: PATIENT,
            budget: Duration::from_secs(120),
            most_sent: None,
            outcomes: Vec::new(),
        }
    }

    /// The server does its work first.
    pub(crate) fn after_work(mut self) -> Self {
        self.after_work = true;
        self.work_is_done()
    }

    /// The fault lies in the answer, so that the work is done by then.
    pub(crate) fn work_is_done(mut self) -> Self {
        self.work = Work::Done;
        self
    }

    pub(crate) fn refused(mut self) -> Self {
        self.is_refused = true;
        self
    }

    pub(crate) fn unsigned(mut self) -> Self {
        self.is_unsigned = true;
        self
    }

    pub(crate) fn read_timeout(mut self, time: Duration) -> Self {
        self.read_timeout = time;
        self
    }

    pub(crate) fn budget(mut self, time: Duration) -> Self {
        self.budget = time;
        self
    }

    pub(crate) fn most_sent(mut self, bytes: u64) -> Self {
        self.most_sent = Some(bytes);
        self
    }

    /// Declares an outcome; what is declared later holds.
    pub(crate) fn is(mut self, outcome: Outcome, steps: &[Step]) -> Self {
        self.outcomes.push((steps.to_vec(), outcome));
        self
    }

    /// What was declared. A step that was forgotten fails the test.
    pub(crate) fn outcome(&self, step: Step) -> Outcome {
        let declared = self.outcomes.iter().rev().find(|(steps, _)| steps.contains(&step));
        declared.unwrap_or_else(|| panic!("{}: no outcome of `{}`", self.name, step.name())).1
    }
}
