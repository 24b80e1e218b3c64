use std::sync::atomic::{AtomicBool, Ordering};

use http::HeaderMap;
use http::header::SERVER;

/// What a server's answers have told of it.
#[derive(Debug, Default)]
pub(crate) struct ServerTraits {
    completes_in_races: AtomicBool,
}

impl ServerTraits {
    /// SeaweedFS 4.48 checks the condition of a CompleteMultipartUpload, but not atomically: of eight racers up to seven succeeded. Its
    /// conditional CopyObject is atomic, which that of other servers is not.
    pub(super) fn learn_from(&self, headers: &HeaderMap) {
        let is_seaweedfs = |value: &http::HeaderValue| value.as_bytes().starts_with(b"SeaweedFS");
        if headers.get(SERVER).is_some_and(is_seaweedfs) {
            self.completes_in_races.store(true, Ordering::Relaxed);
        }
    }

    /// Whether several conditional completions may succeed for one key, and a conditional copy has to decide instead.
    pub(crate) fn completes_in_races(&self) -> bool {
        self.completes_in_races.load(Ordering::Relaxed)
    }
}
