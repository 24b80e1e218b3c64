use clap::ValueEnum;
use storage_suite::Collision;

/// What to do if a name is taken.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(super) enum OnCollision {
    /// Take another name: `root_XXXXXXX.ext`
    #[default]
    Rename,
    /// Replace what is there
    Replace,
    /// Fail
    Reject,
}

impl From<OnCollision> for Collision {
    fn from(choice: OnCollision) -> Self {
        match choice {
            OnCollision::Rename => Self::Rename,
            OnCollision::Replace => Self::Replace,
            OnCollision::Reject => Self::Reject,
        }
    }
}
