use std::error::Error;
use std::fmt::Debug;
use std::panic::Location;

use storage_core::ErrorKind;

/// What a case comes to.
pub(crate) type Outcome<T = ()> = Result<T, Stop>;

/// Why a case did not run to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The store did something wrong.
    Failed(String),
    /// The store lacks what the case needs, which no ability says beforehand.
    CannotRun(String),
}

impl Stop {
    /// A failure, with the place that it was noticed at.
    #[track_caller]
    pub(crate) fn failed(message: impl AsRef<str>) -> Self {
        let place = Location::caller();
        Self::Failed(format!("{} ({}:{})", message.as_ref(), place.file(), place.line()))
    }

    pub(crate) fn cannot_run(reason: impl Into<String>) -> Self {
        Self::CannotRun(reason.into())
    }
}

impl<E: Error> From<E> for Stop {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::failed(chain(&error))
    }
}

/// An error and its sources on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// The error of a call that must fail with this kind.
#[track_caller]
pub(crate) fn refused<T: Debug>(
    result: storage_core::Result<T>,
    kind: ErrorKind,
) -> Outcome<storage_core::Error> {
    refused_as(result, &[kind])
}

/// The error of a call that must fail with one of these kinds.
#[track_caller]
pub(crate) fn refused_as<T: Debug>(
    result: storage_core::Result<T>,
    kinds: &[ErrorKind],
) -> Outcome<storage_core::Error> {
    match result {
        Err(error) if kinds.contains(&error.kind()) => Ok(error),
        Err(error) => {
            Err(Stop::failed(format!("refused as {}, expected {kinds:?}: {}", error.kind(), chain(&error))))
        }
        Ok(value) => {
            let value: String = format!("{value:?}").chars().take(300).collect();
            Err(Stop::failed(format!("succeeded, expected {kinds:?}: {value}")))
        }
    }
}

/// Compares bytes, and tells where they differ instead of printing them.
#[track_caller]
pub(crate) fn same_bytes(got: &[u8], expected: &[u8]) -> Outcome {
    if got == expected {
        return Ok(());
    }
    let at = got.iter().zip(expected).position(|(a, b)| a != b).unwrap_or(got.len().min(expected.len()));
    Err(Stop::failed(format!(
        "the bytes differ from offset {at} on: got {} bytes, expected {}",
        got.len(),
        expected.len()
    )))
}

/// Fails the case unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::outcome::Stop::failed(format!($($message)+)));
        }
    };
}

/// Fails the case unless both are equal: first what was got, then what is expected.
macro_rules! ensure_eq {
    ($got:expr, $expected:expr, $($message:tt)+) => {
        match (&$got, &$expected) {
            (got, expected) => {
                if *got != *expected {
                    let what = format!($($message)+);
                    return Err($crate::outcome::Stop::failed(format!("{what}: got {got:?}, expected {expected:?}")));
                }
            }
        }
    };
}

pub(crate) use {ensure, ensure_eq};
