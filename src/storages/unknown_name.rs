/// A storage or a bucket that nobody has declared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} `{}`; there are: {}", name.escape_debug(), known.join(", "))]
pub struct UnknownName {
    what: &'static str,
    name: String,
    known: Vec<String>,
}

impl UnknownName {
    pub(super) fn bucket<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::new("bucket", name, known)
    }

    pub(super) fn storage<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::new("storage", name, known)
    }

    fn new<'a>(what: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self { what, name: name.to_owned(), known: known.map(str::to_owned).collect() }
    }

    /// The name that was asked for.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names that there are.
    pub fn known(&self) -> &[String] {
        &self.known
    }
}

impl From<UnknownName> for storage_core::Error {
    /// An [`InvalidInput`](storage_core::ErrorKind::InvalidInput) with the same text.
    fn from(error: UnknownName) -> Self {
        Self::invalid_input(error.to_string())
            .with_hint("name it in the settings: buckets in MINIO_PRIVATE_BUCKETS or MINIO_PUBLIC_BUCKETS")
    }
}
