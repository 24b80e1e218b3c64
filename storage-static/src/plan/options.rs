use super::{HeaderRules, PlainKeys};
use crate::variant::Encoding;

/// How a tree is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    pub(super) deploy: String,
    pub(super) created: u64,
    pub(super) plain: PlainKeys,
    pub(super) headers: HeaderRules,
    pub(super) encodings: Vec<Encoding>,
    pub(super) repair_headers: bool,
}

impl PlanOptions {
    /// For a deploy that is called so, and is made at this time, in seconds since 1970-01-01 UTC. Without compressed variants.
    pub fn new(deploy: impl Into<String>, created: u64) -> Self {
        Self {
            deploy: deploy.into(),
            created,
            plain: PlainKeys::default(),
            headers: HeaderRules::default(),
            encodings: Vec::new(),
            repair_headers: false,
        }
    }

    /// Which files are stored by their plain names too.
    pub fn plain(mut self, plain: PlainKeys) -> Self {
        self.plain = plain;
        self
    }

    /// Which headers objects are stored with.
    pub fn headers(mut self, headers: HeaderRules) -> Self {
        self.headers = headers;
        self
    }

    /// Which compressed variants there shall be: of files with fingerprints whose media type is worth it, from 256 bytes on.
    pub fn encodings(mut self, encodings: impl IntoIterator<Item = Encoding>) -> Self {
        self.encodings = encodings.into_iter().collect();
        self.encodings.sort_unstable();
        self.encodings.dedup();
        self
    }

    /// Whether the headers of objects that no index knows are set anew. By default they are taken for right: those that an interrupted
    /// deploy has stored are not touched again.
    pub fn repair_headers(mut self, repair: bool) -> Self {
        self.repair_headers = repair;
        self
    }
}
