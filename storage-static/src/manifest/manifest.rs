use std::collections::BTreeMap;
use std::path::Path;

use super::ManifestError;
use super::python_json::{push_list, push_text};
use crate::name::Algorithm;

/// The name of a manifest, where Django has it: at the root of what is collected.
pub const MANIFEST_NAME: &str = "staticfiles.json";

const WHAT: &str = "the manifest staticfiles.json";

/// Which path each name is served by; both are paths from the root, with `/`.
///
/// Read are the versions 1.0 and 1.1 that Django's `ManifestStaticFilesStorage` writes; written is 1.1, byte for byte as Django 6.1 does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    paths: BTreeMap<String, String>,
}

#[derive(serde::Deserialize)]
struct Versioned {
    version: Option<serde_json::Value>,
}

#[derive(serde::Deserialize)]
struct Stored {
    #[serde(default)]
    paths: BTreeMap<String, String>,
}

impl Manifest {
    /// Without any name.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads what Django or [`to_json`](Self::to_json) has written. What stands there beside version and paths is ignored.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Broken`] and [`ManifestError::Version`].
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let broken = |source| ManifestError::Broken { what: WHAT, source };
        let Versioned { version } = serde_json::from_slice(json).map_err(broken)?;
        match version {
            Some(serde_json::Value::String(version)) if version == "1.0" || version == "1.1" => {}
            other => {
                let found = other.map(|version| version.to_string());
                return Err(ManifestError::Version { what: WHAT, found, read: "\"1.0\" or \"1.1\"" });
            }
        }
        let Stored { paths } = serde_json::from_slice(json).map_err(broken)?;
        Ok(Self { paths })
    }

    /// Reads a file; one that does not exist is an empty manifest.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse), and [`ManifestError::Unreadable`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ManifestError> {
        let path = path.as_ref();
        match std::fs::read(path) {
            Ok(json) => Self::parse(&json),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::new()),
            Err(source) => Err(ManifestError::Unreadable { path: path.to_owned(), source }),
        }
    }

    /// As Django 6.1 writes it: one line of ASCII, the names sorted, with the [`hash`](Self::hash) at its end.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{\"paths\": {");
        push_list(&mut json, self.iter(), |json, (name, path)| {
            push_text(json, name);
            json.push_str(": ");
            push_text(json, path);
        });
        json.push_str("}, \"version\": \"1.1\", \"hash\": \"");
        json.push_str(&self.hash());
        json.push_str("\"}");
        json
    }

    /// Twelve digits that change when anything changes: as Django has it, of MD5 over the sorted pairs in Python's JSON.
    pub fn hash(&self) -> String {
        let mut json = String::from("[");
        push_list(&mut json, self.iter(), |json, (name, path)| {
            json.push('[');
            push_text(json, name);
            json.push_str(", ");
            push_text(json, path);
            json.push(']');
        });
        json.push(']');
        Algorithm::Md5.of(json.as_bytes()).to_string()
    }

    /// What the name is served by.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.paths.get(name).map(String::as_str)
    }

    /// Says what a name is served by, in place of what was said before.
    pub fn insert(&mut self, name: impl Into<String>, path: impl Into<String>) {
        self.paths.insert(name.into(), path.into());
    }

    /// All names and what they are served by, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.paths.iter().map(|(name, path)| (name.as_str(), path.as_str()))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }
}

impl<N: Into<String>, P: Into<String>> FromIterator<(N, P)> for Manifest {
    fn from_iter<I: IntoIterator<Item = (N, P)>>(pairs: I) -> Self {
        Self { paths: pairs.into_iter().map(|(name, path)| (name.into(), path.into())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Django 6.1.3's `collectstatic` wrote for the files below.
    const DJANGO: &str = include_str!("testdata/django-6.1.3.json");

    #[test]
    fn writes_what_django_writes() {
        let manifest = Manifest::parse(DJANGO.as_bytes()).unwrap();
        assert_eq!(manifest.to_json(), DJANGO);
        assert_eq!(manifest.get("bücher/日本 😀.txt"), Some("bücher/日本 😀.9dd4e461268c.txt"));
        assert!(manifest.len() > 10);
    }

    #[test]
    fn reads_both_versions_and_refuses_others() {
        for version in ["1.0", "1.1"] {
            let json = format!(r#"{{"version": "{version}", "paths": {{"a": "b"}}, "more": [1]}}"#);
            assert_eq!(Manifest::parse(json.as_bytes()).unwrap().get("a"), Some("b"));
        }
        assert!(Manifest::parse(br#"{"version": "1.1"}"#).unwrap().is_empty());
        for json in [r#"{"paths": {}}"#, r#"{"version": "2.0", "paths": 1}"#, r#"{"version": 1.1}"#] {
            let error = Manifest::parse(json.as_bytes()).unwrap_err();
            assert!(matches!(error, ManifestError::Version { .. }), "{json}: {error}");
        }
        for json in ["", "{", "[]", "null", r#"{"version": "1.1", "paths": {"a": 1}}"#, "\u{feff}{}"] {
            let error = Manifest::parse(json.as_bytes()).unwrap_err();
            assert!(matches!(error, ManifestError::Broken { .. }), "{json}: {error}");
        }
        let error = Manifest::parse(br#"{"version": "2.0"}"#).unwrap_err();
        assert!(error.to_string().contains("version \"2.0\", and \"1.0\" or \"1.1\" is read"), "{error}");
    }

    #[test]
    fn an_absent_file_is_empty_and_one_that_cannot_be_read_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Manifest::read(folder.path().join(MANIFEST_NAME)).unwrap().is_empty());
        let error = Manifest::read(folder.path()).unwrap_err();
        assert!(matches!(error, ManifestError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn an_empty_one_is_as_djangos() {
        assert_eq!(Manifest::new().to_json(), r#"{"paths": {}, "version": "1.1", "hash": "d75171398898"}"#);
    }
}
