use super::Origin;

/// One key, what holds for it, and where that came from. Secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its full path, as in the file: `minio.endpoint`, `storages.archive.minio.endpoint`.
    pub key: String,
    /// Its environment variable: `MINIO_ENDPOINT`, `STORAGES__ARCHIVE__MINIO_ENDPOINT`.
    pub variable: String,
    /// What holds; `None` if nothing does, `***` for a secret.
    pub value: Option<String>,
    /// Where the value came from.
    pub origin: Origin,
}

impl serde::Serialize for Entry {
    /// `{"key", "variable", "value", "origin", "source"}`; the last is the file or the variable, else null.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let source = match &self.origin {
            Origin::File(name) | Origin::Environment(name) => Some(name),
            Origin::Default | Origin::Code => None,
        };
        let mut entry = serializer.serialize_struct("Entry", 5)?;
        entry.serialize_field("key", &self.key)?;
        entry.serialize_field("variable", &self.variable)?;
        entry.serialize_field("value", &self.value)?;
        entry.serialize_field("origin", self.origin.as_str())?;
        entry.serialize_field("source", &source)?;
        entry.end()
    }
}
