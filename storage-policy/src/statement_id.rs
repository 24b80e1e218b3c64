use std::fmt;

use crate::Statement;

/// Which statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct StatementId {
    /// Its place, counted from 0.
    pub index: usize,
    /// Its name, if it has one that is not empty.
    pub sid: Option<String>,
}

impl StatementId {
    pub(crate) fn new(index: usize, statement: &Statement) -> Self {
        Self { index, sid: statement.sid.clone().filter(|sid| !sid.is_empty()) }
    }
}

/// As errors of reading say it: `Statement[0]`, and its name.
impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Statement[{}]", self.index)?;
        self.sid.as_ref().map_or(Ok(()), |sid| write!(f, " `{sid}`"))
    }
}
