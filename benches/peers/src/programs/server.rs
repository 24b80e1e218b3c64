use anyhow::Result;

use super::variable;

/// The bucket that all of them use.
pub(crate) const BUCKET: &str = "bench";

/// The server that all of them speak to.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Its kind: `minio`.
    pub(crate) name: String,
    /// `http://127.0.0.1:9000`.
    pub(crate) endpoint: String,
    pub(super) access_key: String,
    pub(super) secret_key: String,
    pub(super) region: String,
}

impl Server {
    /// # Errors
    /// When the environment does not tell.
    pub(crate) fn from_environment() -> Result<Self> {
        Ok(Self {
            name: variable("STORAGE_TEST_SERVER")?,
            endpoint: variable("STORAGE_TEST_ENDPOINT")?,
            access_key: variable("STORAGE_TEST_ACCESS_KEY")?,
            secret_key: variable("STORAGE_TEST_SECRET_KEY")?,
            region: variable("STORAGE_TEST_REGION")?,
        })
    }

    /// The same server by another address, such as a proxy's.
    pub(crate) fn behind(&self, endpoint: &str) -> Self {
        Self { endpoint: endpoint.to_owned(), ..self.clone() }
    }

    /// The address of an object.
    pub(super) fn url(&self, key: &str) -> String {
        format!("{}/{BUCKET}/{key}", self.endpoint)
    }
}
