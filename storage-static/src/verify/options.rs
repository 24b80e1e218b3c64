use std::fmt;
use std::sync::Arc;

use crate::graph::MissingPolicy;

type Watch = Arc<dyn Fn(usize, usize, u64) + Send + Sync>;

/// How a deploy is looked at.
#[derive(Clone)]
pub struct VerifyOptions {
    pub(super) base_path: String,
    pub(super) missing: MissingPolicy,
    pub(super) at_once: usize,
    pub(super) progress: Option<Watch>,
}

impl VerifyOptions {
    /// Served below `/static/`, with the usual policy for what references lead to, 32 requests at a time.
    pub fn new() -> Self {
        Self {
            base_path: "/static/".to_owned(),
            missing: MissingPolicy::default(),
            at_once: 32,
            progress: None,
        }
    }

    /// The path of the URL that static files are served below, which references that begin with `/` are taken from.
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.base_path = path.into();
        self
    }

    /// What is done about references that lead nowhere.
    pub fn missing(mut self, policy: MissingPolicy) -> Self {
        self.missing = policy;
        self
    }

    /// How many files are fetched at a time; at least one.
    pub fn at_once(mut self, requests: usize) -> Self {
        self.at_once = requests.max(1);
        self
    }

    /// Is told, after each object, how many of how many were looked at, and how many bytes they have; it must be quick.
    pub fn progress(mut self, watch: impl Fn(usize, usize, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(watch));
        self
    }
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for VerifyOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyOptions")
            .field("base_path", &self.base_path)
            .field("missing", &self.missing)
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
