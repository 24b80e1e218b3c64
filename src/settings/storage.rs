use std::time::Duration;

use storage_core::url::{MAX_EXPIRY, MIN_EXPIRY};

use super::bucket_aspects::{self, BucketAspects};
use super::buckets::{self, Buckets};
use super::embedded::{self, EmbeddedSettings};
use super::key::{self, Key, Scope};
use super::minio::{self, MinioSettings};
use super::object_store::{self, ObjectStoreSettings};
use super::parse::{self, Bare};
use super::policy_hook::{PolicyHook, policy_hooks};
use super::reader::Reader;
use super::{Note, Origin};

/// Settings of one storage: the default one, or a named one. Named storages share nothing with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageSettings {
    /// Where the files are.
    pub backend: Backend,
    /// Which buckets there are.
    pub buckets: Buckets,
    /// How long a signed URL lives unless a call says otherwise. Default: 7 days.
    pub url_expiry: Duration,
    /// Policies that initialising puts on buckets, in the place of those of their lists.
    pub policy_hooks: Vec<PolicyHook>,
    /// What initialising sets in each bucket beside its policy.
    pub bucket_aspects: BucketAspects,
    /// Whether connecting also initialises the buckets.
    pub consistency_check_on_start: bool,
    /// Stable URLs for the caches of browsers and CDNs.
    pub url_caching: UrlCaching,
}

/// Where the files are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// In a folder.
    Local(EmbeddedSettings),
    /// In memory, until the process ends.
    Memory(EmbeddedSettings),
    /// On a MinIO or any other S3 server.
    Minio(Box<MinioSettings>),
    /// In a store of `object_store` that a URL names.
    ObjectStore(ObjectStoreSettings),
}

/// Signed URLs that stay the same for a while ([`Bucket::with_stable_urls`](storage_core::Bucket::with_stable_urls)). Nothing is cached: it
/// follows from the time at which they are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlCaching {
    /// Default: no.
    pub enabled: bool,
    /// How long a URL stays the same: whole seconds, at least one and less than 7 days; a bare number means seconds. Default: 1 hour.
    pub timeout: Duration,
    /// What names in a shared cache begin with. Without effect: there is no such cache.
    pub prefix: Option<String>,
}

impl UrlCaching {
    /// How long URLs stay the same, if they do.
    pub fn window(&self) -> Option<Duration> {
        self.enabled.then_some(self.timeout)
    }
}

/// Which store to use, and why.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Local,
    Memory,
    Minio,
    ObjectStore,
}

const CHOICES: [(&str, Choice); 3] =
    [("local", Choice::Local), ("memory", Choice::Memory), ("minio", Choice::Minio)];

/// `None` if there is a fault; the reader has it then.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<StorageSettings> {
    let choice = choose(reader);
    let embedded = embedded::read(reader);
    let minio = minio::read(reader, choice == Choice::Minio);
    let object_store = object_store::read(reader);
    let backend = match choice {
        Choice::Local => embedded.map(Backend::Local),
        Choice::Memory => embedded.map(Backend::Memory),
        Choice::Minio => minio.map(|minio| Backend::Minio(Box::new(minio))),
        Choice::ObjectStore => object_store.map(Backend::ObjectStore),
    };
    let buckets = buckets::read(reader, choice == Choice::Minio);
    let url_expiry = reader.read(&key::URL_EXPIRY, url_expiry);
    let policy_hooks = reader.read_all(&key::POLICY_HOOKS, |value| policy_hooks(value, buckets.as_ref()));
    let bucket_aspects = bucket_aspects::read(reader);
    let consistency_check_on_start = reader.read(&key::CHECK_ON_START, parse::boolean);
    reader.read(&key::MULTIPART_UPLOAD, parse::boolean);
    let url_caching = url_caching(reader);
    note_what_has_no_effect(reader, choice);
    Some(StorageSettings {
        backend: backend?,
        buckets: buckets?,
        url_expiry: url_expiry?,
        policy_hooks: policy_hooks.unwrap_or_default(),
        bucket_aspects: bucket_aspects?,
        consistency_check_on_start: consistency_check_on_start?,
        url_caching: url_caching?,
    })
}

/// What `storage.backend` says; without it a server if an endpoint is set, else the folder, with a note.
fn choose(reader: &mut Reader<'_>) -> Choice {
    let choice = match reader.read(&key::BACKEND, choice_of) {
        Some(choice) => choice,
        None if reader.is_set(&key::BACKEND) => Choice::Local,
        None if reader.is_set(&key::ENDPOINT) || reader.is_set(&key::EXTERNAL_ENDPOINT) => Choice::Minio,
        None => {
            note_folder(reader);
            Choice::Local
        }
    };
    check_features(reader, choice);
    choice
}

fn choice_of(value: &config::Value) -> parse::Parsed<Choice> {
    if object_store::is_url(value) {
        return object_store::url(value).map(|_| Choice::ObjectStore);
    }
    parse::choice(value, &CHOICES).map_err(|rule| format!("{rule}, or a URL such as gs://bucket/prefix"))
}

fn note_folder(reader: &mut Reader<'_>) {
    let root = reader.read(&key::ROOT, parse::text).unwrap_or_default();
    let half_set = reader.set_in(Scope::Minio);
    reader.notes.push(Note::FolderByDefault { storage: reader.alias().map(str::to_owned), root, half_set });
}

const NO_MINIO: &str = "this build has no MinIO store: enable the feature `minio` of storage-suite";
const NO_EMBEDDED: &str =
    "this build has no embedded stores: set a MinIO endpoint, or enable the feature `local` of storage-suite";

fn check_features(reader: &mut Reader<'_>, choice: Choice) {
    if !cfg!(feature = "minio") {
        refuse_minio(reader, choice);
    }
    let is_embedded = matches!(choice, Choice::Local | Choice::Memory);
    if !cfg!(feature = "local") && is_embedded && reader.is_good(&key::BACKEND) {
        reader.missing(&key::BACKEND, NO_EMBEDDED);
    }
}

/// Nothing that speaks of a server may end in the folder. Only who has chosen an embedded store may name buckets for it, by their
/// usual keys.
fn refuse_minio(reader: &mut Reader<'_>, choice: Choice) {
    let is_chosen = reader.is_set(&key::BACKEND) && choice != Choice::Minio;
    if choice == Choice::Minio && reader.is_set(&key::BACKEND) {
        reader.fault(&key::BACKEND, NO_MINIO.into());
    }
    for key in key::ALL.into_iter().filter(|key| key.path.starts_with("minio.")) {
        if reader.is_set(key) && (key.scope == Scope::Minio || !is_chosen) {
            reader.fault(key, NO_MINIO.into());
        }
    }
}

fn url_expiry(value: &config::Value) -> parse::Parsed<Duration> {
    let expiry = parse::duration(value, Bare::Hours)?;
    match (MIN_EXPIRY..=MAX_EXPIRY).contains(&expiry) {
        true => Ok(expiry),
        false => Err("a signed URL lives from 1 second to 7 days".into()),
    }
}

fn url_caching(reader: &mut Reader<'_>) -> Option<UrlCaching> {
    let enabled = reader.read(&key::URL_CACHING, parse::boolean);
    let timeout = reader.read(&key::URL_CACHING_TIMEOUT, stable_window);
    let prefix = reader.read(&key::URL_CACHING_PREFIX, parse::text);
    Some(UrlCaching { enabled: enabled?, timeout: timeout?, prefix })
}

fn stable_window(value: &config::Value) -> parse::Parsed<Duration> {
    let window = parse::duration(value, Bare::Seconds)?;
    match (MIN_EXPIRY..MAX_EXPIRY).contains(&window) && window.subsec_nanos() == 0 {
        true => Ok(window),
        false => Err("a URL stays the same for whole seconds, from 1 to less than 7 days".into()),
    }
}

const NO_POLICIES: &str = "this build initialises no buckets: enable the feature `policy` of storage-suite";

fn is_of_policies(key: &Key) -> bool {
    [key::POLICY_HOOKS.path, key::CHECK_ON_START.path].contains(&key.path)
}

/// Notes each key that is set although nothing uses it, yet or with this store.
fn note_what_has_no_effect(reader: &mut Reader<'_>, choice: Choice) {
    let is_told = reader.notes.iter().any(|note| matches!(note, Note::FolderByDefault { .. }));
    let reason = |key: &Key| match (key.without_effect, key.scope, choice) {
        (Some(reason), _, _) => Some(reason),
        _ if is_of_policies(key) && !cfg!(feature = "policy") => Some(NO_POLICIES),
        (None, _, Choice::ObjectStore) if key.path == key::POLICY_HOOKS.path => Some("a URL names the store"),
        (None, Scope::Minio, Choice::Local | Choice::Memory) if !is_told => Some("the store is no server"),
        (None, Scope::Embedded, Choice::Minio) => Some("the store is a server"),
        (None, Scope::Minio | Scope::Embedded, Choice::ObjectStore) => Some("a URL names the store"),
        (None, Scope::ObjectStore, Choice::Local | Choice::Memory | Choice::Minio) => {
            Some("no URL names the store")
        }
        _ => None,
    };
    let notes: Vec<_> = key::ALL
        .iter()
        .filter(|key| reader.is_set(key) && reader.origin(key) != Origin::Default)
        .filter_map(|key| Some(Note::NoEffect { key: reader.name(key), reason: reason(key)?.to_owned() }))
        .collect();
    reader.notes.extend(notes);
}
