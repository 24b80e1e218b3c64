use std::fmt;

/// Something about the settings that is allowed, and that somebody should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Nothing says which store to use, so files go to a folder.
    FolderByDefault {
        /// The named storage; `None` for the default one.
        storage: Option<String>,
        /// The folder.
        root: String,
        /// Keys of a server that are set although its endpoint is not: perhaps a part of the environment was lost.
        half_set: Vec<String>,
    },
    /// A key is set whose value changes nothing.
    NoEffect {
        /// The key, by the name that its layer calls it.
        key: String,
        /// Why.
        reason: String,
    },
    /// An environment variable looks like a misspelt one of ours.
    UnknownVariable {
        /// Its name.
        variable: String,
        /// The name that was probably meant.
        nearest: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FolderByDefault { storage, root, half_set } => {
                match storage {
                    None => write!(f, "no store is configured: using the folder {}", root.escape_debug())?,
                    Some(alias) => {
                        write!(
                            f,
                            "no store is configured for `{alias}`: using the folder {}",
                            root.escape_debug()
                        )?;
                    }
                }
                match &half_set[..] {
                    [] => Ok(()),
                    [key] => write!(f, " (although {key} is set, the endpoint is not)"),
                    keys => write!(f, " (although {} are set, the endpoint is not)", keys.join(", ")),
                }
            }
            Self::NoEffect { key, reason } => write!(f, "{key} has no effect: {reason}"),
            Self::UnknownVariable { variable, nearest } => {
                write!(f, "{} is not known; did you mean {nearest}?", variable.escape_debug())
            }
        }
    }
}
