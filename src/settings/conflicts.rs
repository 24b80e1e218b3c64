//! One bucket that two storages want to be something else: each initialising would undo the other's.

use std::collections::BTreeSet;
use std::path::Path;

use storage_core::BucketName;

use super::key::{self, Key};
use super::layer::full_path;
use super::{Backend, BucketAspects, Endpoint, Fault, PolicyHook, StorageSettings};

/// A storage, with its alias; `None` for the default one.
pub(super) type Named<'a> = (Option<&'a str>, &'a StorageSettings);

/// Where a bucket of some name is the same one.
#[derive(PartialEq)]
enum Place<'a> {
    Server(String),
    Folder(&'a Path),
}

pub(super) fn find(storages: &[Named<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, one) in storages.iter().enumerate() {
        for other in &storages[at + 1..] {
            let is_same_place = place(&one.1.backend).is_some_and(|it| place(&other.1.backend) == Some(it));
            if is_same_place {
                shared(one.1, other.1).for_each(|bucket| of_bucket(bucket, one, other, &mut faults));
            }
        }
    }
    faults
}

fn place(backend: &Backend) -> Option<Place<'_>> {
    match backend {
        Backend::Minio(server) => Some(Place::Server(address(&server.endpoint))),
        Backend::Local(folder) => Some(Place::Folder(&folder.root)),
        Backend::Memory(_) | Backend::ObjectStore(_) => None,
    }
}

/// The same with and without the port that goes without saying.
fn address(endpoint: &Endpoint) -> String {
    let url = endpoint.to_string();
    let port = if endpoint.is_https() { ":443" } else { ":80" };
    url.strip_suffix(port).unwrap_or(&url).to_owned()
}

fn shared<'a>(one: &'a StorageSettings, other: &'a StorageSettings) -> impl Iterator<Item = &'a BucketName> {
    one.buckets.all().filter(|bucket| other.buckets.all().any(|name| name == *bucket))
}

fn of_bucket(bucket: &BucketName, one: &Named<'_>, other: &Named<'_>, faults: &mut Vec<Fault>) {
    let names = [one, other].map(|(alias, _)| alias.unwrap_or("default"));
    let mut fault = |key: &Key, what: &str| {
        faults.push(Fault {
            key: full_path(other.0, key),
            value: None,
            rule: format!(
                "`{bucket}` is one bucket in the storages `{}` and `{}`, and {what}: each initialising would undo the other's",
                names[0], names[1]
            ),
            origin: None,
        });
    };
    let (one, other) = (one.1, other.1);
    let [is_public, is_other_public] = [one, other].map(|storage| storage.buckets.is_public(bucket));
    if is_public != is_other_public {
        let key = if is_other_public { &key::PUBLIC_BUCKETS } else { &key::PRIVATE_BUCKETS };
        let words = |is_public| if is_public { "public" } else { "private" };
        let what = format!("{} in the one, {} in the other", words(is_public), words(is_other_public));
        fault(key, &what);
    }
    let [hook, other_hook] = [one, other].map(|storage| hook(storage, bucket));
    if !is_same_policy(hook, other_hook) {
        fault(&key::POLICY_HOOKS, "their policy hooks differ");
    }
    for (key, is_other) in differing(&one.bucket_aspects, &other.bucket_aspects) {
        if is_other {
            fault(key, "they want it to have something else");
        }
    }
}

fn hook<'a>(storage: &'a StorageSettings, bucket: &BucketName) -> Option<&'a PolicyHook> {
    storage.policy_hooks.iter().find(|hook| hook.bucket == *bucket)
}

fn is_same_policy(one: Option<&PolicyHook>, other: Option<&PolicyHook>) -> bool {
    match (one, other) {
        #[cfg(feature = "policy")]
        (Some(one), Some(other)) => one.read.means_the_same_as(&other.read),
        (one, other) => one == other,
    }
}

/// What both speak of, and differently.
fn differing(one: &BucketAspects, other: &BucketAspects) -> [(&'static Key, bool); 3] {
    fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.is_some() && other.is_some() && one != other
    }
    let origins = |aspects: &BucketAspects| {
        aspects.cors_origins.clone().map(|origins| origins.into_iter().collect::<BTreeSet<_>>())
    };
    let uploads = |aspects: &BucketAspects| {
        aspects.uploads_expire_after_days.map(|days| (days, aspects.uploads_prefix.clone()))
    };
    [
        (&key::CORS_ORIGINS, differ(origins(one), origins(other))),
        (&key::UPLOADS_EXPIRY, differ(uploads(one), uploads(other))),
        (&key::VERSIONING, differ(one.versioning, other.versioning)),
    ]
}
