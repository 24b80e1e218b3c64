use thiserror::Error;

/// A text that is no policy: where, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a policy, line {line} column {column}{}: {message}", if path.is_empty() { String::new() } else { format!(" (at {path})") })]
#[non_exhaustive]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in bytes.
    pub column: usize,
    /// Which element, such as `Statement[0].Effect`; empty for the document as a whole.
    pub path: String,
    /// What is wrong, and what was expected.
    pub message: String,
}

/// A policy that no server takes, as it has too many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the policy has {bytes} bytes, and a bucket takes at most {max}", max = crate::MAX_BYTES)]
#[non_exhaustive]
pub struct TooLarge {
    /// How many it has.
    pub bytes: usize,
}
