//! One page of a listing.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use s3s::{S3Result, s3_error};

use super::object::Object;

/// What a page is asked for.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pub(crate) prefix: &'a str,
    /// Empty for a flat listing.
    pub(crate) delimiter: &'a str,
    pub(crate) from: Marker,
    pub(crate) limit: usize,
}

const CACHE: &str = "[minio_cache:v2,";
const OF_KEY: &str = "id:1,p:0,s:0";
const OF_PREFIX: &str = "id:1,p:1,s:0";

/// Where a page begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// After this key; the empty key comes before all.
    AfterKey(String),
    /// After everything under this common prefix.
    AfterPrefix(String),
}

/// The entries of a page, each kind in key order.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<(String, Arc<Object>)>,
    pub(crate) prefixes: Vec<String>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<Marker>,
}

impl Page {
    /// Reads one page: the cost is that of its entries, not of the bucket.
    pub(crate) fn read(objects: &BTreeMap<String, Arc<Object>>, query: &Query<'_>) -> Self {
        let mut page = Self::default();
        let mut last = None;
        let mut position = query.from.position(query.prefix);
        while let Some((key, object)) = objects.range::<String, _>((position, Bound::Unbounded)).next() {
            let Some(rest) = key.strip_prefix(query.prefix) else { break };
            if page.objects.len() + page.prefixes.len() == query.limit {
                page.next = last;
                break;
            }
            let cut = if query.delimiter.is_empty() { None } else { rest.find(query.delimiter) };
            let marker = if let Some(cut) = cut {
                let common = &key[..query.prefix.len() + cut + query.delimiter.len()];
                page.prefixes.push(common.to_owned());
                Marker::AfterPrefix(common.to_owned())
            } else {
                page.objects.push((key.clone(), Arc::clone(object)));
                Marker::AfterKey(key.clone())
            };
            position = marker.position(query.prefix);
            last = Some(marker);
        }
        page
    }
}

impl Marker {
    pub(crate) fn start() -> Self {
        Self::AfterKey(String::new())
    }

    /// A continuation token of MinIO's form, in which the number of a pool tells keys from prefixes.
    pub(crate) fn token(&self) -> String {
        let (text, tags) = match self {
            Self::AfterKey(key) => (key, OF_KEY),
            Self::AfterPrefix(prefix) => (prefix, OF_PREFIX),
        };
        STANDARD.encode(format!("{text}{CACHE}{tags}]"))
    }

    /// Reads a token back, or one that asks for a new listing after a key, as MinIO takes it; `InvalidArgument` for what is none.
    pub(crate) fn from_token(token: &str) -> S3Result<Self> {
        let text = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match text.as_deref().and_then(|text| text.strip_suffix(']')?.rsplit_once(CACHE)) {
            Some((key, OF_KEY | "return:")) => Ok(Self::AfterKey(key.to_owned())),
            Some((prefix, OF_PREFIX)) => Ok(Self::AfterPrefix(prefix.to_owned())),
            _ => Err(s3_error!(InvalidArgument, "The continuation token provided is incorrect")),
        }
    }

    fn position(&self, prefix: &str) -> Bound<String> {
        match self {
            Self::AfterKey(key) if key.as_str() < prefix => Bound::Included(prefix.to_owned()),
            Self::AfterKey(key) => Bound::Excluded(key.clone()),
            Self::AfterPrefix(common) => after_all_with(common),
        }
    }
}

/// The first position that no key beginning with `common` can have: its last character raised by one.
fn after_all_with(common: &str) -> Bound<String> {
    let mut chars = common.chars();
    while let Some(last) = chars.next_back() {
        // The code points D800 to DFFF are no characters.
        let next = if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            return Bound::Included(format!("{}{next}", chars.as_str()));
        }
    }
    Bound::Excluded(char::MAX.to_string().repeat(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(keys: &[&str]) -> BTreeMap<String, Arc<Object>> {
        let object = Arc::new(Object::new("x".into(), http::HeaderMap::new()));
        keys.iter().map(|key| ((*key).to_owned(), Arc::clone(&object))).collect()
    }

    /// Walks all pages of `limit` entries and gives keys and prefixes, each in the order seen.
    fn walk(
        objects: &BTreeMap<String, Arc<Object>>,
        prefix: &str,
        delimiter: &str,
        limit: usize,
    ) -> (Vec<String>, Vec<String>) {
        let (mut keys, mut prefixes, mut from) = (Vec::new(), Vec::new(), Marker::start());
        loop {
            let page = Page::read(objects, &Query { prefix, delimiter, from, limit });
            keys.extend(page.objects.into_iter().map(|(key, _)| key));
            prefixes.extend(page.prefixes);
            match page.next {
                Some(next) => from = Marker::from_token(&next.token()).expect("own token"),
                None => return (keys, prefixes),
            }
        }
    }

    #[test]
    fn pages_of_any_size_give_the_same_listing() {
        let objects = bucket(&["a", "a/b", "a/c/d", "a0", "b/", "b//x", "ä/1", "ä/2", "z"]);
        for limit in 1..10 {
            let (keys, prefixes) = walk(&objects, "", "", limit);
            assert_eq!(keys, objects.keys().cloned().collect::<Vec<_>>(), "limit {limit}");
            assert!(prefixes.is_empty());
            let (keys, prefixes) = walk(&objects, "", "/", limit);
            assert_eq!(keys, ["a", "a0", "z"], "limit {limit}");
            assert_eq!(prefixes, ["a/", "b/", "ä/"], "limit {limit}");
            let (keys, prefixes) = walk(&objects, "a/", "/", limit);
            assert_eq!((keys, prefixes), (vec!["a/b".to_owned()], vec!["a/c/".to_owned()]), "limit {limit}");
        }
    }

    #[test]
    fn start_after_inside_a_prefix_still_shows_it() {
        let objects = bucket(&["a/1", "a/2", "b"]);
        let from = Marker::AfterKey("a/1".to_owned());
        let page = Page::read(&objects, &Query { prefix: "", delimiter: "/", from, limit: 10 });
        assert_eq!(page.prefixes, ["a/"]);
        assert_eq!(page.objects.len(), 1);
        assert!(page.next.is_none());
    }

    #[test]
    fn a_full_last_page_names_no_next_one() {
        let objects = bucket(&["a", "b"]);
        let page =
            Page::read(&objects, &Query { prefix: "", delimiter: "", from: Marker::start(), limit: 2 });
        assert_eq!(page.objects.len(), 2);
        assert!(page.next.is_none());
    }

    #[test]
    fn foreign_tokens_are_refused() {
        for token in ["", "!", "eA==", "YVttaW5pb19jYWNoZTp2Mixd"] {
            assert!(Marker::from_token(token).is_err(), "{token}");
        }
        let anew = STANDARD.encode("a/b[minio_cache:v2,return:]");
        assert_eq!(Marker::from_token(&anew).unwrap(), Marker::AfterKey("a/b".to_owned()));
    }
}
