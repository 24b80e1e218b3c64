use std::collections::BTreeMap;
use std::path::Path;

use config::{ConfigError, Map, Source, Value};

use super::key::Key;
use super::text_file::read_text;
use super::{Fault, Origin};

/// The values that one layer sets, by their full paths: `minio.endpoint`, `storages.archive.minio.endpoint`.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    values: BTreeMap<String, Value>,
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.values.clone().into_iter().collect())
    }
}

impl Layer {
    pub(super) fn set(&mut self, path: String, origin: &Origin, value: Value) {
        self.values.insert(path, Value::new(Some(&origin.label()), value.kind));
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.values.contains_key(path)
    }

    /// The aliases of named storages that it sets something of.
    pub(super) fn aliases(&self) -> impl Iterator<Item = &str> {
        self.values.keys().filter_map(|path| split_alias(path).0)
    }
}

/// `storages.archive.minio.endpoint` is the alias `archive` and the key `minio.endpoint`.
pub(super) fn split_alias(path: &str) -> (Option<&str>, &str) {
    match path.strip_prefix("storages.").and_then(|rest| rest.split_once('.')) {
        Some((alias, key)) => (Some(alias), key),
        None => (None, path),
    }
}

/// The full path of a key of the storage with this alias.
pub(super) fn full_path(alias: Option<&str>, key: &Key) -> String {
    match alias {
        Some(alias) => format!("storages.{alias}.{}", key.path),
        None => key.path.to_owned(),
    }
}

pub(super) const ALIAS_RULE: &str = "a storage's alias is made of lower-case letters, digits and single `_` between \
                                     them, begins with a letter, and is not `default`, whose keys stand at the top";

pub(super) fn is_alias(alias: &str) -> bool {
    alias != "default"
        && alias.starts_with(|c: char| c.is_ascii_lowercase())
        // In a variable's name `__` stands after it.
        && !alias.contains("__")
        && !alias.ends_with('_')
        && alias.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A secret out of a file, without the line break at its end.
pub(super) fn read_secret(key: &str, path: &str, origin: &Origin) -> Result<String, Fault> {
    const LARGEST: u64 = 64 << 10;
    let fault = |rule: String| Fault {
        key: key.to_owned(),
        value: Some(path.escape_debug().to_string()),
        rule,
        origin: Some(origin.clone()),
    };
    let text = read_text(Path::new(path), LARGEST).map_err(fault)?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() { Err(fault("the file is empty".into())) } else { Ok(text.to_owned()) }
}
