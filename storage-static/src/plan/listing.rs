use std::collections::BTreeMap;

/// What a bucket has below the root of the static files.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Listing {
    objects: BTreeMap<String, Listed>,
}

/// What a listing says of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Listed {
    /// Its length in bytes.
    pub size: u64,
    /// Its `ETag`, if the store lists one; with its quotes or without.
    pub etag: Option<String>,
}

impl Listing {
    /// Of an empty bucket.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object, by its key from the root of the static files.
    pub fn insert(&mut self, key: impl Into<String>, object: Listed) {
        self.objects.insert(key.into(), object);
    }

    /// What is said of an object.
    pub fn get(&self, key: &str) -> Option<&Listed> {
        self.objects.get(key)
    }

    /// All keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.objects.keys().map(String::as_str)
    }
}

impl<K: Into<String>> FromIterator<(K, Listed)> for Listing {
    fn from_iter<I: IntoIterator<Item = (K, Listed)>>(objects: I) -> Self {
        Self { objects: objects.into_iter().map(|(key, object)| (key.into(), object)).collect() }
    }
}

impl Listed {
    /// Whether the `ETag` says that the object has these bytes; of a store that lists none nobody knows it better.
    pub(crate) fn is_md5(&self, md5: &str) -> bool {
        self.bare_etag().is_none_or(|etag| etag == md5)
    }

    /// The `ETag` without quotes, and without the mark of a weak one.
    pub(crate) fn bare_etag(&self) -> Option<&str> {
        self.etag.as_deref().map(bare)
    }
}

/// An `ETag` without its quotes.
pub(super) fn bare(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"')
}
