use std::fmt;
use std::sync::Arc;

/// What becomes of a name that there is no file for.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Miss {
    /// An error that names the nearest.
    #[default]
    Error,
    /// The URL of the plain name, and once for each name a warning (feature `tracing`), or what
    /// [`StaticsBuilder::on_unknown`](super::StaticsBuilder::on_unknown) does instead.
    Plain,
    /// The URL that a function gives, or an error if it gives none; see [`by`](Self::by).
    By(Arc<Other>),
}

/// Another way to make a URL of a name.
pub(super) type Other = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Miss {
    /// The URL that this function gives for the name, query and fragment included.
    pub fn by(other: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self::By(Arc::new(other))
    }
}

impl fmt::Debug for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "Error",
            Self::Plain => "Plain",
            Self::By(_) => "By(…)",
        })
    }
}

/// A name that there is no static file for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no static file {name}{}", shown(nearest))]
pub struct UnknownName {
    /// The name, without query and fragment.
    pub name: String,
    /// Names that may have been meant, the nearest first.
    pub nearest: Vec<String>,
}

fn shown(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        nearest => format!("; the nearest are {}", nearest.join(", ")),
    }
}
