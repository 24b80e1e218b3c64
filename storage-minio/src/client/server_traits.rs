use std::sync::atomic::{AtomicBool, Ordering};

use http::HeaderMap;
use http::header::SERVER;

/// What a server's answers have told of it.
#[derive(Debug, Default)]
pub(crate) struct ServerTraits {
    is_seaweedfs: AtomicBool,
    is_versitygw: AtomicBool,
    keeps_tags: AtomicBool,
    encrypts: AtomicBool,
    encrypts_by_customers: AtomicBool,
}

impl ServerTraits {
    pub(super) fn learn_from(&self, headers: &HeaderMap) {
        let Some(server) = headers.get(SERVER) else { return };
        if server.as_bytes().starts_with(b"SeaweedFS") {
            self.is_seaweedfs.store(true, Ordering::Relaxed);
        } else if server.as_bytes().starts_with(b"VERSITYGW") {
            self.is_versitygw.store(true, Ordering::Relaxed);
        }
    }

    /// Whether several conditional completions may succeed for one key, and a conditional copy has to decide instead.
    ///
    /// SeaweedFS 4.48 checks the condition of a CompleteMultipartUpload, but not atomically: of eight racers up to seven succeeded. Its
    /// conditional CopyObject is atomic, which that of other servers is not.
    pub(crate) fn completes_in_races(&self) -> bool {
        self.is_seaweedfs.load(Ordering::Relaxed)
    }

    /// Whether a bare 404 may mean that the access key is unknown, as VersityGW 1.8 answers.
    pub(crate) fn hides_unknown_access_keys(&self) -> bool {
        self.is_versitygw.load(Ordering::Relaxed)
    }

    /// Whether a copy onto itself with other attributes keeps those that are not replaced, as on VersityGW 1.8.
    pub(crate) fn mixes_attributes_of_self_copies(&self) -> bool {
        self.is_versitygw.load(Ordering::Relaxed)
    }

    /// Whether tags were once seen to be known.
    pub(crate) fn keeps_tags(&self) -> bool {
        self.keeps_tags.load(Ordering::Relaxed)
    }

    pub(crate) fn seen_to_keep_tags(&self) {
        self.keeps_tags.store(true, Ordering::Relaxed);
    }

    /// Whether an object was once seen to be encrypted, by the server's keys or by the customer's.
    pub(crate) fn encrypts(&self, by_customer: bool) -> bool {
        self.encryption(by_customer).load(Ordering::Relaxed)
    }

    pub(crate) fn seen_to_encrypt(&self, by_customer: bool) {
        self.encryption(by_customer).store(true, Ordering::Relaxed);
    }

    fn encryption(&self, by_customer: bool) -> &AtomicBool {
        if by_customer { &self.encrypts_by_customers } else { &self.encrypts }
    }
}
