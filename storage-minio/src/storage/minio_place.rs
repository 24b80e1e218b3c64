//! Where a listing goes on, on MinIO.
//!
//! MinIO lists into a cache, and its tokens are a key and the cache's number: base64 of `a/b[minio_cache:v2,id:…,p:0,s:0]`. Without that cache,
//! after a restart or when it is asked for what comes after a key, it (of 2026-02) leaves out keys, and says that the listing ends there: where
//! the name of a folder is the beginning of another's, as `media/` and `media-2024/`, and that one holds more than a page. A token that asks for a
//! new cache is always answered in full.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// In less time no server starts anew.
const RESTART: Duration = Duration::from_secs(2);

/// Where a listing goes on: after a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MinioPlace {
    key: String,
    /// The number of the cache that knows what follows, if there is one yet.
    cache: Option<String>,
}

impl MinioPlace {
    /// What a token of MinIO means; `None` for one of another kind.
    pub(super) fn read(token: &str) -> Option<Self> {
        let token = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
        let (key, tags) = token.strip_suffix(']')?.rsplit_once("[minio_cache:v2,")?;
        let cache = tags.split(',').find_map(|tag| tag.strip_prefix("id:"));
        Some(Self { key: key.to_owned(), cache: cache.map(str::to_owned) })
    }

    /// The token that stands for what comes after a key, whatever the server remembers.
    pub(super) fn after(key: &str) -> String {
        STANDARD.encode(format!("{key}[minio_cache:v2,return:]"))
    }

    /// The token by which to ask again, if a page that began here was read without the cache, or may have been.
    pub(super) fn again(&self, next: Option<&str>, is_empty: bool, took: Duration) -> Option<String> {
        let known = self.cache.as_ref()?;
        let is_doubtful = match next {
            Some(next) => Self::read(next).is_some_and(|next| next.cache.as_ref() != Some(known)),
            // It was said that there is more. In so much time the server may have been started anew.
            None => is_empty || took >= RESTART,
        };
        is_doubtful.then(|| Self::after(&self.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> String {
        STANDARD.encode(text)
    }

    fn place(key: &str, cache: Option<&str>) -> MinioPlace {
        MinioPlace { key: key.to_owned(), cache: cache.map(str::to_owned) }
    }

    #[test]
    fn tokens_are_read_as_minio_writes_them() {
        for (text, expected) in [
            ("a/ü[minio_cache:v2,id:0d25,p:0,s:1]", Some(place("a/ü", Some("0d25")))),
            ("a[minio_cache:v2,return:]", Some(place("a", None))),
            (
                "a[minio_cache:v2,id:1,][minio_cache:v2,id:2,p:0,s:0]",
                Some(place("a[minio_cache:v2,id:1,]", Some("2"))),
            ),
            ("a[minio_cache:v3,id:0d25,p:0,s:1]", None),
            ("a/b", None),
        ] {
            assert_eq!(MinioPlace::read(&token(text)), expected, "{text}");
        }
        assert_eq!(MinioPlace::read("no base64"), None);
        assert_eq!(MinioPlace::read(&MinioPlace::after("a/b")), Some(place("a/b", None)));
    }

    #[test]
    fn what_was_read_without_the_cache_is_asked_for_again() {
        let (quick, slow) = (Duration::from_millis(40), RESTART);
        let of = |cache: &str| token(&format!("c[minio_cache:v2,id:{cache},p:0,s:0]"));
        let (same, other, none) = (of("1"), of("2"), MinioPlace::after("c"));
        for (next, is_empty, took, again) in [
            (Some(&same), false, slow, false),
            (Some(&other), false, quick, true),
            (Some(&none), false, quick, true),
            (None, false, quick, false),
            (None, false, slow, true),
            (None, true, quick, true),
        ] {
            let asked = place("b", Some("1")).again(next.map(String::as_str), is_empty, took);
            assert_eq!(asked, again.then(|| MinioPlace::after("b")), "{next:?} {is_empty} {took:?}");
            assert_eq!(place("b", None).again(next.map(String::as_str), is_empty, took), None);
        }
    }
}
