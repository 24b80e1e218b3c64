use std::collections::BTreeMap;

use super::headers::{Headers, read_objects};
use super::{Manifest, ManifestError};
use crate::references::Kind;
use crate::variant::Encoding;

/// The version of the index that is written, and the only one that is read.
pub const INDEX_VERSION: u32 = 1;

const WHAT: &str = "the index of a deploy";

/// What is known of one deploy beyond its manifest: kept beside it, one for each deploy.
///
/// It is plain data, as JSON with a version of its own. A later version may add fields; these are ignored by an earlier one if the
/// version is the same.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Index {
    /// [`INDEX_VERSION`].
    version: u32,
    /// What the deploy is called.
    pub deploy: String,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created: u64,
    /// The hash of its manifest, which it belongs to.
    pub manifest_hash: String,
    /// The deploy that was live when it was made: that one was published. `None` if there was none, or it was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What is known of each name of the manifest.
    pub files: BTreeMap<String, IndexedFile>,
    /// What was stored, by its key (from the root of the static files).
    #[serde(deserialize_with = "read_objects")]
    pub objects: BTreeMap<String, IndexedObject>,
}

/// What is known of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndexedFile {
    /// The path that it is served by, where that is not its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served: Option<String>,
    /// The value of an `integrity` attribute (`sha384-…`); of styles and scripts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<String>,
    /// What it refers to directly, by the paths that they are served by, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// What a bundler made it from: names that it can be asked for by too, as `src/main.ts`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// That one file refers to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Dependency {
    /// The name that is referred to.
    pub name: String,
    /// By what.
    pub kind: Kind,
    /// The query of the reference, from the `?` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// What is known of a stored object.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndexedObject {
    /// Its length in bytes.
    pub size: u64,
    /// MD5 of its bytes, 32 digits.
    pub md5: String,
    /// The `ETag` that the store gave it, where that is not its MD5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The headers that it was stored with.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub headers: Headers,
    /// The encodings in which it was found to be hardly any shorter: it has no such variants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<Encoding>,
}

fn is_empty(headers: &Headers) -> bool {
    headers.is_empty()
}

#[derive(serde::Deserialize)]
struct Versioned {
    version: Option<serde_json::Value>,
}

impl Index {
    /// Without any file. `created` is in seconds since 1970-01-01 UTC.
    pub fn new(deploy: impl Into<String>, created: u64, manifest_hash: impl Into<String>) -> Self {
        Self {
            version: INDEX_VERSION,
            deploy: deploy.into(),
            created,
            manifest_hash: manifest_hash.into(),
            replaces: None,
            files: BTreeMap::new(),
            objects: BTreeMap::new(),
        }
    }

    /// The manifest of the deploy; `None` if the index does not say what each name was served by, as that of an earlier version.
    pub fn manifest(&self) -> Option<Manifest> {
        let served =
            self.files.iter().map(|(name, file)| (name.as_str(), file.served.as_deref().unwrap_or(name)));
        let manifest: Manifest = served.collect();
        self.is_of(&manifest).then_some(manifest)
    }

    /// Whether it is the index of the deploy that has this manifest.
    pub fn is_of(&self, manifest: &Manifest) -> bool {
        self.manifest_hash == manifest.hash()
    }

    /// Reads what [`to_json`](Self::to_json) has written.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Broken`] and [`ManifestError::Version`].
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let broken = |source| ManifestError::Broken { what: WHAT, source };
        let Versioned { version } = serde_json::from_slice(json).map_err(broken)?;
        if version.as_ref().and_then(serde_json::Value::as_u64) != Some(u64::from(INDEX_VERSION)) {
            let found = version.map(|version| version.to_string());
            return Err(ManifestError::Version { what: WHAT, found, read: "1" });
        }
        serde_json::from_slice(json).map_err(broken)
    }

    /// As JSON without white space; the same for the same content.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let mut index = Index::new("2026-11-24T08-00-00Z-a1b2", 1_795_507_200, "0123456789ab");
        let file = IndexedFile {
            served: Some("a.0.css".to_owned()),
            integrity: Some("sha384-x".to_owned()),
            dependencies: vec![
                Dependency { name: "a.png".to_owned(), kind: Kind::CssUrl, query: Some("?v=4".to_owned()) },
                Dependency { name: "b.js".to_owned(), kind: Kind::JsDynamicImport, query: None },
            ],
            sources: vec!["src/a.scss".to_owned()],
        };
        index.files.insert("a.css".to_owned(), file);
        index.files.insert("a.png".to_owned(), IndexedFile::default());
        let headers = Headers::new(BTreeMap::from([("cache-control".to_owned(), "no-cache".to_owned())]));
        let object = IndexedObject {
            size: 3,
            md5: "0".repeat(32),
            etag: Some("e-2".to_owned()),
            headers,
            declined: Vec::new(),
        };
        index.objects.insert("a.0.css".to_owned(), object);
        index
    }

    #[test]
    fn is_written_in_this_form() {
        let expected = concat!(
            r#"{"version":1,"deploy":"2026-11-24T08-00-00Z-a1b2","created":1795507200,"manifest_hash":"0123456789ab","#,
            r#""files":{"a.css":{"served":"a.0.css","integrity":"sha384-x","dependencies":[{"name":"a.png","kind":"url()","query":"?v=4"},"#,
            r#"{"name":"b.js","kind":"import()"}],"sources":["src/a.scss"]},"a.png":{}},"objects":{"a.0.css":{"size":3,"#,
            r#""md5":"00000000000000000000000000000000","etag":"e-2","headers":{"cache-control":"no-cache"}}}}"#
        );
        assert_eq!(index().to_json(), expected);
        assert_eq!(Index::parse(expected.as_bytes()).unwrap(), index());
    }

    #[test]
    fn holds_the_manifest() {
        let mut index = index();
        assert_eq!(index.manifest(), None, "the hash is another");
        let manifest: Manifest = [("a.css", "a.0.css"), ("a.png", "a.png")].into_iter().collect();
        index.manifest_hash = manifest.hash();
        assert_eq!(index.manifest(), Some(manifest));
    }

    #[test]
    fn another_version_is_said() {
        for json in [r#"{"version":2,"new":1}"#, r#"{"version":"1"}"#, "{}"] {
            assert!(matches!(Index::parse(json.as_bytes()), Err(ManifestError::Version { .. })), "{json}");
        }
        for json in ["", "[1]", r#"{"version":1}"#] {
            assert!(matches!(Index::parse(json.as_bytes()), Err(ManifestError::Broken { .. })), "{json}");
        }
    }
}
