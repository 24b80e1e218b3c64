use anyhow::{Context, Result};

use super::Running;
use crate::workspace::Workspace;

/// A server of our own for other commands than this one. It ends with this value.
pub(crate) struct OwnServer(Running);

impl OwnServer {
    /// Gets and starts the server of that name.
    ///
    /// # Errors
    /// When its program cannot be had, ends, or does not answer in time.
    pub(crate) fn start(name: &str, workspace: &Workspace) -> Result<Self> {
        let servers = super::wanted(&[name.to_owned()], workspace)?;
        let server = servers.first().with_context(|| format!("there is no server `{name}`"))?;
        Ok(Self(super::start(*server, workspace)?))
    }

    /// The environment in which it is found: `STORAGE_TEST_ENDPOINT` and the like.
    pub(crate) fn variables(&self) -> [(&'static str, &str); 5] {
        self.0.target.variables()
    }
}
