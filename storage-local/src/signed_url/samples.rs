//! What the tests of this folder sign with, and how they change what was signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use storage_core::ObjectKey;
use storage_core::clock::Clock;
use storage_core::url::MAX_EXPIRY;

use super::{BaseUrl, Signer, SigningKey};

pub(super) const NOW: u64 = 1_764_000_000;

pub(super) fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(super) fn signer_at(base: &str, store: &str, seconds: u64) -> Signer {
    signer(base, store, b"0123456789abcdef", at(seconds))
}

pub(super) fn signer(base: &str, store: &str, key: &[u8], time: SystemTime) -> Signer {
    let key = SigningKey::given(key).unwrap();
    Signer::new(store, BaseUrl::new(base).unwrap(), key, MAX_EXPIRY, Clock::fixed(time))
}

pub(super) fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

/// The text with one character changed, added, taken away, escaped or in other case, at every place of it.
pub(super) fn changes(text: &str) -> Vec<String> {
    let mut changes: Vec<String> =
        ["&", "#", "&x=1", "&expires=1", "0"].iter().map(|tail| format!("{text}{tail}")).collect();
    for (start, char) in text.char_indices() {
        let (before, from, after) = (&text[..start], &text[start..], &text[start + char.len_utf8()..]);
        for other in [
            "0", "1", "9", "a", "A", "f", "F", "%", "&", "=", "/", "?", "+", "-", ".", "_", "~", "%41", " ",
            "é", "\0", "",
        ] {
            changes.push(format!("{before}{other}{after}"));
            changes.push(format!("{before}{other}{from}"));
        }
        changes.push(format!("{before}{}{after}", char.to_ascii_uppercase()));
        changes.push(format!("{before}{}{after}", char.to_ascii_lowercase()));
        changes.push(format!("{before}%{:02X}{after}", char as u32));
    }
    changes.retain(|changed| changed != text);
    changes
}
