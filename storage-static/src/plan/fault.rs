use std::fmt;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFault {
    /// Two files would have one key, with other bytes each.
    #[error("{one} and {other} would both be stored as {key}, with other content: rename one of them")]
    TwoFiles {
        /// The key.
        key: String,
        /// The name of a file.
        one: String,
        /// The name of the other.
        other: String,
    },
    /// A file would be stored where the manifest or the indexes are.
    #[error("{name} would be stored where the manifest and the indexes of deploys are: rename or ignore it")]
    Reserved {
        /// The name of the file.
        name: String,
    },
    /// A header that no object can be stored with.
    #[error("the header {name} of {glob} cannot be stored with an object: {rule}")]
    BadHeader {
        /// Its name.
        name: String,
        /// The pattern that it is for.
        glob: String,
        /// What is wrong with it.
        rule: &'static str,
    },
    /// What a deploy is called cannot be part of a key.
    #[error(
        "a deploy cannot be called {deploy:?}: letters, digits, `-`, `_`, `.` and `+` can be in its name, 100 at most"
    )]
    BadDeploy {
        /// The name.
        deploy: String,
    },
    /// There is another deploy of that name, whose index would be lost.
    #[error(
        "there is a deploy called {deploy:?} already, of other files: choose another name, or leave it out"
    )]
    DeployExists {
        /// The name.
        deploy: String,
    },
}

/// All reasons why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFaults(pub Vec<PlanFault>);

impl fmt::Display for PlanFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for PlanFaults {}
