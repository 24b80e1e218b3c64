use std::fmt;

use crate::{Effect, StatementId};

/// What a policy says to a request, and by which statement; `Display` says it in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Whether a statement allows or denies it; without any it is denied, too.
    pub effect: Option<Effect>,
    /// The statement that decides.
    pub statement: Option<StatementId>,
    /// What could not be judged. A statement that denies is then taken to apply, and one that allows is not.
    pub doubts: Vec<Doubt>,
}

/// What in a statement could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubt {
    /// In which statement.
    pub statement: StatementId,
    /// What it is, such as an operator that nobody knows.
    pub reason: String,
}

impl Decision {
    /// Whether the request is allowed: a statement allows it, and none denies it.
    pub fn is_allowed(&self) -> bool {
        self.effect == Some(Effect::Allow)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.effect, &self.statement) {
            (Some(Effect::Allow), Some(statement)) => write!(f, "allowed by {statement}")?,
            (Some(Effect::Deny), Some(statement)) => write!(f, "denied by {statement}")?,
            _ => f.write_str("denied, as no statement allows it")?,
        }
        self.doubts.iter().try_for_each(|doubt| write!(f, "; {doubt}"))
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not be judged: {}", self.statement, self.reason)
    }
}
