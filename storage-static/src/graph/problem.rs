use std::fmt;

use crate::references::{Kind, NoteKind, Position};

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The site would be broken: nothing is to be deployed.
    Error,
}

/// Something about a reference, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The path of the file in which it is.
    pub file: String,
    /// Where in the file.
    pub position: Position,
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub what: What,
}

/// What a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum What {
    /// A reference to a file that is not there. It stays as it is.
    Missing {
        /// What kind of reference.
        kind: Kind,
        /// The path that it comes to.
        target: String,
        /// Paths that may have been meant; looked for where it is no source map.
        nearest: Vec<String>,
        /// How the only nearest path differs, where that is all.
        difference: Option<Difference>,
    },
    /// A reference with more `../` than there are folders. It stays as it is.
    ClimbsOut {
        /// What kind of reference.
        kind: Kind,
    },
    /// Something in the file that its author may want to know of.
    Note(NoteKind),
    /// In Django's style: a reference that Django does not rewrite. What it points at is served by its plain name too.
    MissedByDjango {
        /// What kind of reference.
        kind: Kind,
        /// The path of the file.
        target: String,
    },
    /// In Django's style: Django takes this for a reference to a file, which is not there, and would stop.
    TakenByDjango {
        /// The path that it comes to.
        target: String,
    },
    /// In Django's style: this is rewritten to the name that the file would have if nothing in it was rewritten. Nothing is served by that name.
    NamedByDjango {
        /// The path of the file.
        target: String,
    },
}

/// How a path that is there differs from one that is not, if that is all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// In capital and small letters.
    Case,
    /// In the normal form of Unicode.
    NormalForm,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.position, self.severity, self.what)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { kind, target, nearest, difference } => {
                write!(f, "{kind} refers to {target}, which is not there")?;
                match (nearest.as_slice(), difference) {
                    ([], _) => Ok(()),
                    ([only], Some(Difference::Case)) => {
                        write!(f, "; but {only} is, with other capital letters")
                    }
                    ([only], Some(Difference::NormalForm)) => {
                        write!(f, "; but {only} is, in another normal form of Unicode")
                    }
                    (nearest, _) => write!(f, "; the nearest are {}", nearest.join(", ")),
                }
            }
            Self::ClimbsOut { kind } => {
                write!(f, "{kind} climbs above the root of static files, and stays as it is")
            }
            Self::Note(note) => note.fmt(f),
            Self::MissedByDjango { kind, target } => {
                write!(f, "Django does not rewrite this {kind}: {target} is served by its plain name too")
            }
            Self::TakenByDjango { target } => {
                write!(f, "Django takes this for a reference to {target}, which is not there, and would stop")
            }
            Self::NamedByDjango { target } => {
                write!(
                    f,
                    "Django names {target} here by what it was before it was rewritten: nothing is served by that name"
                )
            }
        }
    }
}
