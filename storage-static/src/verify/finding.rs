use std::fmt;

use storage_core::Error;

use crate::graph::Severity;
use crate::references::Position;

/// Something that is not as it should be.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The key of the object that it is about, from the root of the static files.
    pub key: String,
    /// What it is.
    pub wrong: Wrong,
    /// How bad that is.
    pub severity: Severity,
}

/// What is wrong with an object.
#[derive(Debug)]
#[non_exhaustive]
pub enum Wrong {
    /// It is not there.
    Missing {
        /// The name that the manifest has for it; `None` for a compressed variant.
        name: Option<String>,
    },
    /// It cannot be read.
    Unreadable(Error),
    /// Its bytes are other ones than those that were stored.
    OtherBytes {
        /// How many there should be.
        size: u64,
        /// How many there are.
        found: u64,
    },
    /// It has another header than the one that it was stored with.
    OtherHeader {
        /// Its name, in lower case.
        name: String,
        /// The value that it should have; `None` if it should have none.
        expected: Option<String>,
        /// The value that it has.
        found: Option<String>,
    },
    /// It refers to something that is not there.
    LeadsNowhere {
        /// Where that stands.
        position: Position,
        /// What it refers to, from the root of the static files.
        target: String,
    },
}

impl Wrong {
    /// How bad it is: a browser that gets other bytes, or takes them for something else, shows another page.
    pub(super) fn severity(&self) -> Severity {
        match self {
            // Some servers keep no such type.
            Self::OtherHeader { expected, .. } if expected.as_deref() == Some("application/octet-stream") => {
                Severity::Warning
            }
            Self::OtherHeader { name, .. } if name != "content-type" && name != "content-encoding" => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value =
            |value: &Option<String>| value.as_ref().map_or("none".to_owned(), |value| format!("{value:?}"));
        f.write_str(&self.key)?;
        match &self.wrong {
            Wrong::Missing { name: Some(name) } => {
                write!(f, ": it is not in the bucket, and {name} is served by it")
            }
            Wrong::Missing { name: None } => f.write_str(": it is not in the bucket"),
            Wrong::Unreadable(error) => write!(f, ": {error}"),
            Wrong::OtherBytes { size, found } if size == found => {
                f.write_str(": it has other bytes than were stored")
            }
            Wrong::OtherBytes { size, found } => write!(f, ": it has {found} bytes instead of {size}"),
            Wrong::OtherHeader { name, expected, found } => {
                write!(f, ": its {name} is {} instead of {}", value(found), value(expected))
            }
            Wrong::LeadsNowhere { position, target } => {
                write!(f, ":{position}: {target} is not in the bucket")
            }
        }
    }
}
