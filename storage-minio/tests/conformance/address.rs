use std::env;
use std::sync::Arc;

use s3_testserver::TestServer;

/// Where the server is, and what it is. The one inside this process lives as long as this is held.
#[derive(Clone)]
pub(crate) struct Address {
    /// The server's name, as the integration command knows it.
    pub(crate) server: String,
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    _in_process: Option<Arc<TestServer>>,
}

impl Address {
    pub(crate) fn find() -> Self {
        let Ok(endpoint) = env::var("STORAGE_TEST_ENDPOINT") else { return Self::in_process() };
        let variable = |name| env::var(name).expect("all of STORAGE_TEST_… is set if the endpoint is");
        Self {
            server: variable("STORAGE_TEST_SERVER"),
            endpoint,
            region: variable("STORAGE_TEST_REGION"),
            access_key: variable("STORAGE_TEST_ACCESS_KEY"),
            secret_key: variable("STORAGE_TEST_SECRET_KEY"),
            _in_process: None,
        }
    }

    fn in_process() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let server = runtime.block_on(TestServer::start());
        Self {
            server: "in-process".to_owned(),
            endpoint: server.endpoint(),
            region: "us-east-1".to_owned(),
            access_key: server.access_key().to_owned(),
            secret_key: server.secret_key().to_owned(),
            _in_process: Some(Arc::new(server)),
        }
    }
}
