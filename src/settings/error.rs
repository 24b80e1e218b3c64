use std::fmt;

use super::Origin;

/// All that is wrong with the settings, at once.
///
/// `Display` has one line for each fault. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    faults: Vec<Fault>,
}

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The key, by the name that its layer calls it: `MINIO_ENDPOINT` or `minio.endpoint`.
    pub key: String,
    /// The bad value; `None` if there is none, or if it is or may be a secret.
    pub value: Option<String>,
    /// The rule that is broken.
    pub rule: String,
    /// Where the value came from; `None` if there is none.
    pub origin: Option<Origin>,
}

impl SettingsError {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { faults }
    }

    /// Each fault. There is at least one.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl std::error::Error for SettingsError {}

impl From<SettingsError> for storage_core::Error {
    /// An [`InvalidInput`](storage_core::ErrorKind::InvalidInput) with the same text.
    fn from(error: SettingsError) -> Self {
        Self::invalid_input(error.to_string())
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.faults[..] {
            [fault] => write!(f, "bad settings: {fault}"),
            faults => {
                write!(f, "bad settings, {} faults:", faults.len())?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key.escape_debug())?;
        if let Some(value) = &self.value {
            write!(f, " is `{value}`")?;
        }
        match &self.origin {
            Some(Origin::File(path)) => write!(f, " (in {})", path.escape_debug())?,
            Some(Origin::Environment(_)) => f.write_str(" (in the environment)")?,
            Some(Origin::Code) => f.write_str(" (in code)")?,
            Some(Origin::Default) | None => {}
        }
        write!(f, ": {}", self.rule)
    }
}
