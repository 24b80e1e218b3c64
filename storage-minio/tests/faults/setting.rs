//! How often things are repeated, and how often they go wrong.

use std::time::Duration;

use storage_core::ErrorKind;
use storage_minio::RetryOptions;

use super::row::{Outcome, Row};

/// A retry setting against a fault of some length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Nothing is repeated; the fault hits once.
    None,
    /// The default number of repetitions; the fault hits once.
    Default,
    /// The default number of repetitions; the fault stays.
    DefaultAlways,
    /// More repetitions; the fault hits four times.
    Generous,
}

pub(crate) const SETTINGS: &[Setting] =
    &[Setting::None, Setting::Default, Setting::DefaultAlways, Setting::Generous];

/// What must come of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Success,
    /// Success with bytes that are others.
    OtherBytes,
    Failure(ErrorKind),
}

impl Setting {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "no retries",
            Self::Default => "default",
            Self::DefaultAlways => "default, the fault stays",
            Self::Generous => "generous, four faults",
        }
    }

    /// How many requests the fault hits.
    pub(crate) fn hits(self) -> usize {
        match self {
            Self::None | Self::Default => 1,
            Self::DefaultAlways => usize::MAX,
            Self::Generous => 4,
        }
    }

    /// The waits are short, so that the table is quick; the counts are what matters.
    pub(crate) fn options(self, row: &Row) -> RetryOptions {
        let options = RetryOptions::new()
            .backoff(Duration::from_millis(5))
            .max_backoff(Duration::from_millis(20))
            .budget(row.budget);
        match self {
            Self::None => options.count(0),
            Self::Default | Self::DefaultAlways => options,
            // As long as a door takes to be opened.
            Self::Generous if row.is_refused => options.count(10_000),
            Self::Generous => options.count(8),
        }
    }

    pub(crate) fn wanted(self, outcome: Outcome) -> Option<Wanted> {
        Some(match outcome {
            Outcome::Never(_) => return None,
            Outcome::Succeeds => Wanted::Success,
            Outcome::Unnoticed => Wanted::OtherBytes,
            Outcome::Fails(kind) | Outcome::FailsAndLeavesUpload(kind) => Wanted::Failure(kind),
            Outcome::Repeats(kind) | Outcome::RepeatsAndLeavesUploads(kind) => match self {
                Self::Default | Self::Generous => Wanted::Success,
                Self::None | Self::DefaultAlways => Wanted::Failure(kind),
            },
            Outcome::BeginsAgain(kind) => match self {
                Self::None | Self::Default => Wanted::Success,
                Self::DefaultAlways | Self::Generous => Wanted::Failure(kind),
            },
        })
    }
}
