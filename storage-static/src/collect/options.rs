use std::fmt;
use std::sync::Arc;

use super::Progress;
use crate::variant::Effort;

type Watch = Arc<dyn Fn(&Progress) + Send + Sync>;

/// How a plan is carried out.
#[derive(Clone)]
pub struct ApplyOptions {
    pub(super) at_once: usize,
    pub(super) in_bulk: bool,
    pub(super) effort: Effort,
    pub(super) progress: Option<Watch>,
}

impl ApplyOptions {
    /// 32 requests at a time, and small files together where the store takes them so.
    pub fn new() -> Self {
        Self { at_once: 32, in_bulk: true, effort: Effort::default(), progress: None }
    }

    /// How many requests may be under way at a time; at least one. Fewer are, for a while, if the store says that it is too much.
    pub fn at_once(mut self, requests: usize) -> Self {
        self.at_once = requests.max(1);
        self
    }

    /// Sends each file by a request of its own, also where the store takes many in one.
    pub fn one_by_one(mut self) -> Self {
        self.in_bulk = false;
        self
    }

    /// How much time is taken for compressed variants.
    pub fn effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// Is told how far it has come, after each object; it must be quick.
    pub fn progress(mut self, watch: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(watch));
        self
    }
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ApplyOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplyOptions")
            .field("at_once", &self.at_once)
            .field("in_bulk", &self.in_bulk)
            .field("effort", &self.effort)
            .finish_non_exhaustive()
    }
}
