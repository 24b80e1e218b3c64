//! How a store is described.

mod build;
mod conditional_writes;
mod faults;
mod payload_signing;
mod read_verification;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use storage_core::capability::Ability;
use storage_core::clock::Clock;
use storage_core::url::MAX_EXPIRY;

pub use conditional_writes::ConditionalWrites;
pub use payload_signing::PayloadSigning;
pub use read_verification::ReadVerification;

use crate::addressing::Addressing;
use crate::client::ClientOptions;
use crate::credentials::CredentialProvider;
use crate::transport::Transport;

const MIB: u64 = 1024 * 1024;

/// Describes a [`MinioStorage`](crate::MinioStorage). Endpoint, credentials and bucket must be given.
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct MinioStorageBuilder {
    endpoint: Option<String>,
    external_endpoint: Option<String>,
    public_base_url: Option<String>,
    region: String,
    bucket: Option<String>,
    access: Access,
    session_token: Option<String>,
    addressing: Addressing,
    payload_signing: PayloadSigning,
    read_verification: ReadVerification,
    client_options: ClientOptions,
    transport: Option<Arc<dyn Transport>>,
    multipart_threshold: u64,
    part_size: u64,
    create_bucket_on_save: bool,
    conditional_writes: ConditionalWrites,
    /// What was said of abilities, the last word counts.
    abilities: Vec<(Ability, Said)>,
    url_expiry: Duration,
    clock: Clock,
}

/// What was said of an ability.
#[derive(Clone, Copy)]
enum Said {
    There,
    Lacking,
}

#[derive(Clone)]
enum Access {
    Missing,
    Keys(String, String),
    Provider(Arc<dyn CredentialProvider>),
}

impl MinioStorageBuilder {
    pub(crate) fn new() -> Self {
        Self {
            endpoint: None,
            external_endpoint: None,
            public_base_url: None,
            region: "us-east-1".to_owned(),
            bucket: None,
            access: Access::Missing,
            session_token: None,
            addressing: Addressing::default(),
            payload_signing: PayloadSigning::default(),
            read_verification: ReadVerification::default(),
            client_options: ClientOptions::default(),
            transport: None,
            multipart_threshold: 10 * MIB,
            part_size: 10 * MIB,
            create_bucket_on_save: false,
            conditional_writes: ConditionalWrites::default(),
            // Most servers keep objects in files, whose names have at most 255 bytes.
            abilities: vec![(Ability::LongSegments, Said::Lacking)],
            url_expiry: MAX_EXPIRY,
            clock: Clock::system(),
        }
    }

    /// Sets the server's address as this program reaches it: `http://127.0.0.1:9000`.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Sets the server's address as those reach it who are given signed URLs; default: the endpoint.
    pub fn external_endpoint(mut self, url: impl Into<String>) -> Self {
        self.external_endpoint = Some(url.into());
        self
    }

    /// Sets what the URLs of public objects begin with, such as a CDN's address; default: the external endpoint and the bucket.
    pub fn public_base_url(mut self, url: impl Into<String>) -> Self {
        self.public_base_url = Some(url.into());
        self
    }

    /// Sets the region that requests are signed for; default: `us-east-1`. The server is never asked for it.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// Sets the bucket.
    pub fn bucket(mut self, name: impl Into<String>) -> Self {
        self.bucket = Some(name.into());
        self
    }

    /// Sets the access key and the secret key.
    pub fn credentials(mut self, access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        self.access = Access::Keys(access_key.into(), secret_key.into());
        self
    }

    /// Sets the session token that belongs to temporary credentials.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.session_token = Some(token.into());
        self
    }

    /// Takes the credentials from `provider`, which is asked again before they expire.
    pub fn credential_provider(mut self, provider: Arc<dyn CredentialProvider>) -> Self {
        self.access = Access::Provider(provider);
        self
    }

    /// Sets where the bucket's name stands in a URL; default: in the path.
    pub fn addressing(mut self, addressing: Addressing) -> Self {
        self.addressing = addressing;
        self
    }

    /// Sets when the content of a write is hashed into its signature; default: without TLS only.
    pub fn payload_signing(mut self, when: PayloadSigning) -> Self {
        self.payload_signing = when;
        self
    }

    /// Sets when content that is read is compared with its `ETag`; default: without TLS only.
    pub fn read_verification(mut self, when: ReadVerification) -> Self {
        self.read_verification = when;
        self
    }

    /// Sets time-outs, connections, trust and retries.
    pub fn client_options(mut self, options: ClientOptions) -> Self {
        self.client_options = options;
        self
    }

    /// Sends requests by a transport of one's own. Of the [`ClientOptions`] only the read and request time-outs and the retries hold
    /// then.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets the size in bytes above which an object is stored in parts; default: 10 MiB, at most 5 GiB. What comes from a stream is
    /// held in memory up to this size.
    pub fn multipart_threshold(mut self, bytes: u64) -> Self {
        self.multipart_threshold = bytes;
        self
    }

    /// Sets the size of a part in bytes; default: 10 MiB, 5 MiB to 5 GiB. Objects that would have more than 10,000 parts get larger
    /// ones. Storing from a stream holds up to four parts in memory.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes;
        self
    }

    /// Has a write that finds the bucket missing create it. Only that one write pays for it.
    pub fn create_bucket_on_save(mut self) -> Self {
        self.create_bucket_on_save = true;
        self
    }

    /// Sets whether the server honours conditions on writes; default: it is found out. Creating, replacing and copying on a condition need
    /// it; where it does not hold they are refused before they are sent.
    pub fn conditional_writes(mut self, conditional_writes: ConditionalWrites) -> Self {
        self.conditional_writes = conditional_writes;
        self
    }

    /// Says that the server cannot do something. Calls that need it are refused before they are sent, where else the server might
    /// ignore what they ask. [`Ability::LongSegments`] is taken to be lacking unless [`with_ability`](Self::with_ability) says otherwise;
    /// what depends on conditions is said by [`conditional_writes`](Self::conditional_writes) alone.
    pub fn without_ability(mut self, ability: Ability) -> Self {
        self.abilities.push((ability, Said::Lacking));
        self
    }

    /// Says that the server can do something.
    pub fn with_ability(mut self, ability: Ability) -> Self {
        self.abilities.push((ability, Said::There));
        self
    }

    /// Sets how long a signed URL lives whose options do not say, 1 second to 7 days; default: 7 days.
    pub fn url_expiry(mut self, expiry: Duration) -> Self {
        self.url_expiry = expiry;
        self
    }

    /// Sets the clock that requests and URLs are signed by; default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }
}

impl fmt::Debug for MinioStorageBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MinioStorageBuilder")
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("addressing", &self.addressing)
            .field("client_options", &self.client_options)
            .finish_non_exhaustive()
    }
}
