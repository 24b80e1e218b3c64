use std::collections::BTreeMap;

use config::Value;

use super::embedded::base_url;
use super::parse::{self, Parsed};
use super::reader::Reader;
use super::{Secret, key};

/// Settings of a store that a URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectStoreSettings {
    /// The store's URL: `gs://bucket/prefix`.
    pub url: String,
    /// Its options, by the names that `object_store` gives them. Any of them may be a secret.
    pub options: BTreeMap<String, Secret>,
    /// What the URLs of public objects begin with; the path in the store's bucket follows.
    pub public_base_url: Option<String>,
}

/// Each kind of store: what its URLs begin with, the feature that brings it in, and whether this build has it.
const KINDS: [(&[&str], &str, bool); 6] = [
    (&["memory"], "object-store", cfg!(feature = "object-store")),
    (&["s3", "s3a"], "object-store-aws", cfg!(feature = "object-store-aws")),
    (&["gs"], "object-store-gcp", cfg!(feature = "object-store-gcp")),
    (&["az", "adl", "azure", "abfs", "abfss"], "object-store-azure", cfg!(feature = "object-store-azure")),
    (&["file"], "object-store-fs", cfg!(feature = "object-store-fs")),
    // A host of Amazon, Cloudflare or Azure makes it one of those; `from_url` says so then.
    (&["http", "https"], "object-store-webdav", cfg!(feature = "object-store")),
];

/// Whether the value of `storage.backend` is meant for a URL.
pub(super) fn is_url(value: &Value) -> bool {
    parse::text(value).is_ok_and(|text| text.contains("://"))
}

pub(super) fn url(value: &Value) -> Parsed<String> {
    let text = parse::text(value)?;
    let scheme = text.split("://").next().unwrap_or_default().to_ascii_lowercase();
    let Some((_, feature, is_there)) = KINDS.iter().find(|(schemes, ..)| schemes.contains(&scheme.as_str()))
    else {
        let known: Vec<_> = KINDS
            .iter()
            .filter_map(|(schemes, ..)| schemes.first())
            .map(|scheme| format!("{scheme}://"))
            .collect();
        return Err(format!("a store's URL begins with one of {}", known.join(", ")));
    };
    match is_there {
        true => Ok(text),
        false => Err(format!(
            "this build has no store for {scheme}:// URLs: enable the feature `{feature}` of storage-suite"
        )),
    }
}

/// `None` if no URL is given, or if there is a fault; the reader has it then.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<ObjectStoreSettings> {
    let options = match reader.secret(&key::OPTIONS) {
        Some(text) => options(&text),
        None => Some(BTreeMap::new()),
    };
    if options.is_none() {
        reader.fault(&key::OPTIONS, "it must be name=value,name=value or a JSON object of strings".into());
    }
    let public_base_url =
        reader.read(&key::OBJECTS_BASE_URL, |value| match base_url(&parse::text(value)?)? {
            path if path.starts_with('/') => Err("it must begin with https:// or http://".into()),
            url => Ok(url),
        });
    let is_good = reader.is_good(&key::BACKEND);
    let url = reader.read(&key::BACKEND, |value| match is_good && is_url(value) {
        true => url(value).map(Some),
        false => Ok(None),
    });
    Some(ObjectStoreSettings { url: url.flatten()?, options: options?, public_base_url })
}

/// The options in a text that is secret as a whole.
fn options(text: &Secret) -> Option<BTreeMap<String, Secret>> {
    let text = text.expose().trim();
    let pairs: BTreeMap<String, String> = match text.starts_with('{') {
        true => serde_json::from_str(text).ok()?,
        false => text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                pair.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            })
            .collect::<Option<_>>()?,
    };
    let named = pairs.into_iter().map(|(name, value)| (!name.is_empty()).then(|| (name, Secret::new(value))));
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        let pairs = options(&Secret::new(text))?;
        Some(pairs.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect())
    }

    #[test]
    fn options_are_pairs_or_json() {
        let expected = vec![("a".to_owned(), "1=2".to_owned()), ("b".to_owned(), String::new())];
        assert_eq!(read("a=1=2, b="), Some(expected.clone()));
        assert_eq!(read(r#"{"a": "1=2", "b": ""}"#), Some(expected));
        assert_eq!(read(r#"{"a": "x,y"}"#), Some(vec![("a".to_owned(), "x,y".to_owned())]));
        for bad in ["hunter2", "=x", "{\"a\": 1}", "{"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
