use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use http::header::SERVER;
use http::{HeaderMap, HeaderName, StatusCode};

use super::minio::is_minio;
use crate::storage::Way;

const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// The oldest SeaweedFS whose conditional writes were seen to be atomic; 3.96 ignored conditions.
const SEAWEEDFS: (u32, u32) = (4, 48);

/// What a server's answers have told of it. It is forgotten when another server answers.
#[derive(Debug, Default)]
pub(crate) struct ServerTraits {
    /// The endpoint is one of Amazon's, so that `Server: AmazonS3` can be believed; others call themselves that too.
    is_amazon: bool,
    /// Of the name that the server gives itself; 0 before any answer.
    identity: AtomicU64,
    /// How often another server has answered.
    generation: AtomicU32,
    /// One bit for each [`Trait`].
    seen: AtomicU32,
}

#[derive(Clone, Copy)]
enum Trait {
    HonoursInPut,
    HonoursInParts,
    HonoursInCopy,
    IsSeaweedFs,
    IsVersityGw,
    IsMinio,
    KeepsTags,
    Encrypts,
    EncryptsByCustomers,
    Locks,
}

impl ServerTraits {
    /// Nothing is known yet of the server with this host name.
    pub(crate) fn of_host(host: &str) -> Self {
        let is_amazon = [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|domain| host.ends_with(domain));
        Self { is_amazon, ..Self::default() }
    }

    pub(super) fn learn_from(&self, status: StatusCode, headers: &HeaderMap) {
        let name = headers.get(SERVER);
        self.recognise(identity_of(name.map_or(&[], |name| name.as_bytes())), status, headers);
        if is_minio(headers) {
            self.has_seen(Trait::IsMinio);
        }
        let Some(server) = name.and_then(|server| server.to_str().ok()) else { return };
        if server.starts_with("SeaweedFS") {
            self.has_seen(Trait::IsSeaweedFs);
        } else if server.starts_with("VERSITYGW") {
            self.has_seen(Trait::IsVersityGw);
        }
        for known in self.known_to_honour(server, headers) {
            self.has_seen(*known);
        }
    }

    /// Forgets everything if it is not the server that answered before. What a proxy says by itself is no answer of a server.
    fn recognise(&self, identity: u64, status: StatusCode, headers: &HeaderMap) {
        let known = self.identity.load(Ordering::Relaxed);
        if known == identity {
            return;
        }
        let is_genuine =
            status.is_success() || status == StatusCode::NOT_MODIFIED || headers.contains_key(REQUEST_ID);
        if known == 0 || is_genuine {
            let before = self.identity.swap(identity, Ordering::Relaxed);
            if before != 0 && before != identity {
                self.seen.store(0, Ordering::Relaxed);
                self.generation.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// SeaweedFS behind a proxy that drops its name: only its ids of uploads are a SHA-1 and a UUID.
    pub(crate) fn learn_from_upload(&self, id: &str) {
        let is_hex = |text: &str, digits| {
            text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        if id.split_once('_').is_some_and(|(sha1, uuid)| is_hex(sha1, 40) && is_hex(uuid, 32)) {
            self.has_seen(Trait::IsSeaweedFs);
        }
    }

    /// By name, and by what only those versions send that have conditional writes: MinIO got `If-None-Match: *` in 2024-05 and the rate
    /// limit's header in 2024-08.
    fn known_to_honour(&self, server: &str, headers: &HeaderMap) -> &'static [Trait] {
        match server {
            "MinIO" if headers.contains_key(RATE_LIMIT) => &[Trait::HonoursInPut, Trait::HonoursInParts],
            "AmazonS3" if self.is_amazon => &[Trait::HonoursInPut, Trait::HonoursInParts],
            _ if seaweedfs_version(server).is_some_and(|version| version >= SEAWEEDFS) => {
                &[Trait::HonoursInPut, Trait::HonoursInCopy]
            }
            _ => &[],
        }
    }

    /// Whether any answer came yet, a refusal too.
    pub(crate) fn has_answered(&self) -> bool {
        self.identity.load(Ordering::Relaxed) != 0
    }

    /// Another one after each change of servers.
    pub(crate) fn generation(&self) -> u32 {
        self.generation.load(Ordering::Relaxed)
    }

    /// Whether the server is one that is known to honour conditions on these writes.
    pub(crate) fn honours_conditions(&self, way: Way) -> bool {
        self.is_seen(match way {
            Way::Put => Trait::HonoursInPut,
            Way::CreateInParts | Way::ReplaceInParts => Trait::HonoursInParts,
            Way::Copy => Trait::HonoursInCopy,
        })
    }

    /// Whether several conditional completions may succeed for one key, and a conditional copy has to decide instead: SeaweedFS 4.48 checks
    /// the condition of a CompleteMultipartUpload, but not atomically, so that of eight racers up to seven succeeded. Its conditional
    /// CopyObject is atomic, which other servers ignore.
    pub(crate) fn completes_in_races(&self) -> bool {
        self.is_seen(Trait::IsSeaweedFs)
    }

    /// Whether a bucket has no CORS, although the server says only that there is none: MinIO has one rule for all buckets.
    pub(crate) fn lacks_cors(&self) -> bool {
        self.is_seen(Trait::IsMinio)
    }

    /// Whether the server aborts unfinished uploads after a day, and forgets what a lifecycle rule says of them, as MinIO.
    pub(crate) fn aborts_uploads_by_itself(&self) -> bool {
        self.is_seen(Trait::IsMinio)
    }

    /// Whether the server leaves out keys of a listing that it does not remember, as MinIO.
    pub(crate) fn forgets_listings(&self) -> bool {
        self.is_seen(Trait::IsMinio)
    }

    /// Whether the server may take a tar apart. Of one that has not answered yet nobody knows.
    pub(crate) fn may_extract(&self) -> bool {
        !self.has_answered() || self.is_seen(Trait::IsMinio)
    }

    /// Whether a bare 404 may mean that the access key is unknown, as VersityGW 1.8 answers.
    pub(crate) fn hides_unknown_access_keys(&self) -> bool {
        self.is_seen(Trait::IsVersityGw)
    }

    /// Whether the key that a form names may hold `..`, as on VersityGW 1.8 over a folder, and so lead out of what its policy allows.
    pub(crate) fn takes_dots_for_folders(&self) -> bool {
        self.is_seen(Trait::IsVersityGw)
    }

    /// Whether a copy onto itself with other attributes keeps those that are not replaced, as on VersityGW 1.8.
    pub(crate) fn mixes_attributes_of_self_copies(&self) -> bool {
        self.is_seen(Trait::IsVersityGw)
    }

    /// Whether tags were once seen to be known.
    pub(crate) fn keeps_tags(&self) -> bool {
        self.is_seen(Trait::KeepsTags)
    }

    pub(crate) fn seen_to_keep_tags(&self) {
        self.has_seen(Trait::KeepsTags);
    }

    /// Whether an object was once seen to be encrypted, by the server's keys or by the customer's.
    pub(crate) fn encrypts(&self, by_customer: bool) -> bool {
        self.is_seen(Trait::encryption(by_customer))
    }

    pub(crate) fn seen_to_encrypt(&self, by_customer: bool) {
        self.has_seen(Trait::encryption(by_customer));
    }

    /// Whether an object was once seen to be locked.
    pub(crate) fn locks(&self) -> bool {
        self.is_seen(Trait::Locks)
    }

    pub(crate) fn seen_to_lock(&self) {
        self.has_seen(Trait::Locks);
    }

    fn is_seen(&self, it: Trait) -> bool {
        self.seen.load(Ordering::Relaxed) & it.bit() != 0
    }

    fn has_seen(&self, it: Trait) {
        if !self.is_seen(it) {
            self.seen.fetch_or(it.bit(), Ordering::Relaxed);
        }
    }
}

impl Trait {
    const fn bit(self) -> u32 {
        1 << self as u32
    }

    const fn encryption(by_customer: bool) -> Self {
        if by_customer { Self::EncryptsByCustomers } else { Self::Encrypts }
    }
}

/// FNV-1a of the name, and never 0.
fn identity_of(name: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    name.iter().fold(0xcbf2_9ce4_8422_2325, step) | 1
}

/// Of `SeaweedFS 8000GB 4.48`, the last word.
fn seaweedfs_version(server: &str) -> Option<(u32, u32)> {
    let mut words = server.strip_prefix("SeaweedFS ")?.split(' ');
    let (major, minor) = words.next_back()?.split_once('.')?;
    let minor = minor.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn seen(host: &str, headers: &[(HeaderName, &'static str)]) -> ServerTraits {
        let traits = ServerTraits::of_host(host);
        assert!(!traits.has_answered());
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        traits.learn_from(StatusCode::OK, &headers.collect());
        assert!(traits.has_answered());
        traits
    }

    #[test]
    fn servers_that_honour_conditions_are_known_by_version_and_not_by_name_alone() {
        for (host, headers, is_known) in [
            ("minio", vec![(SERVER, "MinIO"), (RATE_LIMIT, "100")], true),
            ("minio", vec![(SERVER, "MinIO")], false),
            ("minio", vec![(SERVER, "nginx"), (RATE_LIMIT, "100")], false),
            ("weed", vec![(SERVER, "SeaweedFS 8000GB 4.48")], true),
            ("weed", vec![(SERVER, "SeaweedFS 8000GB 5.0")], true),
            ("weed", vec![(SERVER, "SeaweedFS 30GB 4.101")], true),
            ("weed", vec![(SERVER, "SeaweedFS 30GB 3.96")], false),
            ("weed", vec![(SERVER, "SeaweedFS 30GB 4.9")], false),
            ("weed", vec![(SERVER, "SeaweedFS")], false),
            ("versity", vec![(SERVER, "VERSITYGW")], false),
            ("s3.eu-west-1.amazonaws.com", vec![(SERVER, "AmazonS3")], true),
            ("mock.example.org", vec![(SERVER, "AmazonS3")], false),
            ("s3.amazonaws.com.example.org", vec![(SERVER, "AmazonS3")], false),
            ("garage", vec![], false),
        ] {
            assert_eq!(seen(host, &headers).honours_conditions(Way::Put), is_known, "{host} {headers:?}");
        }
    }

    #[test]
    fn each_way_to_write_is_a_matter_of_its_own() {
        let known = |headers: &[(HeaderName, &'static str)]| {
            let traits = seen("host", headers);
            Way::ALL.map(|way| traits.honours_conditions(way))
        };
        assert_eq!(known(&[(SERVER, "MinIO"), (RATE_LIMIT, "100")]), [true, true, true, false]);
        assert_eq!(known(&[(SERVER, "SeaweedFS 30GB 4.48")]), [true, false, false, true]);
    }

    #[test]
    fn another_server_is_not_taken_for_the_one_before() {
        let told = |server: &'static str, with: Option<HeaderName>| {
            let name = (!server.is_empty()).then(|| (SERVER, HeaderValue::from_static(server)));
            name.into_iter()
                .chain(with.map(|with| (with, HeaderValue::from_static("1"))))
                .collect::<HeaderMap>()
        };
        let traits = ServerTraits::default();
        traits.learn_from(StatusCode::OK, &told("MinIO", Some(RATE_LIMIT)));
        traits.seen_to_keep_tags();
        // What a proxy says by itself tells nothing of the server behind it.
        traits.learn_from(StatusCode::BAD_GATEWAY, &told("nginx", None));
        traits.learn_from(StatusCode::NOT_FOUND, &told("MinIO", None));
        assert!(traits.honours_conditions(Way::Put) && traits.keeps_tags());
        assert_eq!(traits.generation(), 0);
        // Garage gives itself no name.
        traits.learn_from(StatusCode::OK, &told("", None));
        assert!(!traits.honours_conditions(Way::Put) && !traits.keeps_tags());
        traits.learn_from(StatusCode::FORBIDDEN, &told("MinIO", Some(REQUEST_ID)));
        assert_eq!(traits.generation(), 2);
    }

    #[test]
    fn seaweedfs_is_known_by_name_or_by_its_ids() {
        assert!(seen("weed", &[(SERVER, "SeaweedFS 30GB 3.96")]).completes_in_races());
        assert!(!seen("minio", &[(SERVER, "MinIO")]).completes_in_races());
        for (id, is_seaweedfs) in [
            ("1cf1f856e0d33c8a394780ba3877c0685339b2ca_94e5f32529244de5903aecffb5d5a8a4", true),
            ("1cf1f856e0d33c8a394780ba3877c0685339b2c_94e5f32529244de5903aecffb5d5a8a4", false),
            ("1CF1F856E0D33C8A394780BA3877C0685339B2CA_94e5f32529244de5903aecffb5d5a8a4", false),
            ("ZTZjMjg5NWEtY2RmMy00MTE5LTlmNDEtOGFjZWM5MDYxYzljLmE0", false),
            ("1cf1f856e0d33c8a394780ba3877c0685339b2ca94e5f32529244de5903aecff", false),
        ] {
            let traits = ServerTraits::default();
            traits.learn_from_upload(id);
            assert_eq!(traits.completes_in_races(), is_seaweedfs, "{id}");
        }
    }
}
