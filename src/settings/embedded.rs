use std::path::PathBuf;

use super::Secret;
use super::key;
use super::parse::{self, Parsed};
use super::reader::Reader;

/// Settings of the folder and of the memory store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmbeddedSettings {
    /// The folder that holds one sub-folder for each bucket; relative to the working directory. The memory store has none.
    /// Default: `./storage`, and `./storage-NAME` for the named storage NAME.
    pub root: PathBuf,
    /// What the objects' URLs begin with, a path or an absolute URL, without a `/` at the end unless it is `/`. The bucket's
    /// name and the key follow. Default: `/files`, and `/files-NAME` for the named storage NAME.
    pub base_url: String,
    /// What URLs are signed with, at least 16 bytes. `None`: a key that the folder keeps for itself, or that lives as long as
    /// the memory store.
    pub signing_key: Option<Secret>,
    /// Whether a write is on the disk when it returns. Default: full.
    pub durability: Durability,
}

/// What a write to the folder waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// Until content and name are on the disk (`fsync`): what was stored survives a power cut.
    #[default]
    Full,
    /// For nothing: a power cut may lose the last writes. A crash of the program alone does not.
    None,
}

const DURABILITIES: [(&str, Durability); 2] = [("full", Durability::Full), ("none", Durability::None)];

/// The least length of a signing key, in bytes.
const SHORTEST_KEY: usize = 16;

pub(super) fn read(reader: &mut Reader<'_>) -> Option<EmbeddedSettings> {
    let root = reader.read(&key::ROOT, parse::text).map(PathBuf::from);
    let base_url = reader.read(&key::BASE_URL, |value| base_url(&parse::text(value)?));
    let signing_key = reader.secret(&key::SIGNING_KEY);
    if signing_key.as_ref().is_some_and(|key| key.expose().len() < SHORTEST_KEY) {
        reader.fault(&key::SIGNING_KEY, format!("it must have at least {SHORTEST_KEY} bytes"));
    }
    let durability = reader.read(&key::DURABILITY, |value| parse::choice(value, &DURABILITIES));
    Some(EmbeddedSettings { root: root?, base_url: base_url?, signing_key, durability: durability? })
}

pub(super) fn base_url(text: &str) -> Parsed<String> {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or(lower.strip_prefix("http://"));
    let rule = match rest {
        _ if !text.bytes().all(|b| b.is_ascii_graphic()) => Some("it must be percent-encoded ASCII"),
        _ if text.contains(['?', '#', '@', '"', '<', '>', '\\']) => {
            Some("it may have no query, fragment or user")
        }
        Some("") => Some("it has no host"),
        Some(rest) if rest.starts_with('/') => Some("it has no host"),
        None if !text.starts_with('/') || text.starts_with("//") => {
            Some("it must be a path such as /files, or begin with https:// or http://")
        }
        _ if has_odd_segment(rest.unwrap_or(text)) => Some("its path may have no empty, `.` or `..` segment"),
        _ => None,
    };
    match rule {
        Some(rule) => Err(rule.into()),
        None if text == "/" => Ok(text.to_owned()),
        None => Ok(text.trim_end_matches('/').to_owned()),
    }
}

/// In what follows the first `/`, but for the end.
fn has_odd_segment(text: &str) -> bool {
    text.trim_end_matches('/').split('/').skip(1).any(|segment| matches!(segment, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_a_path_or_absolute() {
        for (text, expected) in
            [("/files/", "/files"), ("/", "/"), ("https://cdn.example.org/f", "https://cdn.example.org/f")]
        {
            assert_eq!(base_url(text), Ok(expected.to_owned()));
        }
        for text in [
            "files",
            "//host/x",
            "https://",
            "http:///x",
            "ftp://x",
            "/f?x",
            "/f#x",
            "https://u@h",
            "/ü",
            "/a b",
            "/a//b",
            "/a/../b",
            "https://h/.",
        ] {
            assert!(base_url(text).is_err(), "{text}");
        }
    }
}
