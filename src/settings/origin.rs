use std::fmt;

/// Which layer a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A settings file, by its path.
    File(String),
    /// An environment variable, by its name.
    Environment(String),
    /// The program itself.
    Code,
}

impl Origin {
    /// The label under which it travels through the `config` crate.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Default => "default".into(),
            Self::File(path) => format!("file:{path}"),
            Self::Environment(variable) => format!("environment:{variable}"),
            Self::Code => "code".into(),
        }
    }

    pub(super) fn from_label(label: Option<&str>) -> Self {
        match label.unwrap_or("default").split_once(':') {
            Some(("file", path)) => Self::File(path.to_owned()),
            Some((_, variable)) => Self::Environment(variable.to_owned()),
            None if label == Some("code") => Self::Code,
            None => Self::Default,
        }
    }

    /// The layer's name, stable, for JSON: `default`, `file`, `environment` or `code`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) => "file",
            Self::Environment(_) => "environment",
            Self::Code => "code",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.escape_debug()),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::Code => f.write_str("code"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_as_a_label() {
        for origin in
            [Origin::Default, Origin::File("a:b.toml".into()), Origin::Environment("X".into()), Origin::Code]
        {
            assert_eq!(Origin::from_label(Some(&origin.label())), origin);
        }
    }
}
