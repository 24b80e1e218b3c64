//! Where keys are on the disk: below the root, not among what is ours, no two at one place, and found again by a listing.

use storage_core::ObjectKey;

use crate::folder::listing::frame::Scope;
use crate::folder::place::layout::{Meaning, OWN_FOLDER, meaning, plain, set_aside};

/// Two keys each, and what a listing begins with and behind.
pub const SEEDS: &[&[u8]] = &[
    b"cats/tom.jpg\0cats/Tom.jpg\0cats/\0cats/a",
    b".storage/records/x\0.STORAGE\0.s\0.storage/records",
    b".storage-object.f\0f\0\0f",
    b".storage-part.aa/.storage-name.x\0.storage-part.aa.storage-name.x\0.storage-part.\0a",
    "日本/üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü/a\0a-b/c\0a/\0a.".as_bytes(),
];

/// The longest file name of the usual file systems.
const MAX_NAME: usize = 255;

/// Fields separated by NUL, which no key has.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut fields = text.split('\0');
    let mut next = || fields.next().unwrap_or_default();
    let (one, other, prefix, after) = (ObjectKey::new(next()), ObjectKey::new(next()), next(), next());
    for key in [&one, &other].into_iter().flatten() {
        key.segments().for_each(segment);
        listed(key.as_str(), prefix, after);
    }
    if let (Ok(one), Ok(other)) = (one, other) {
        let is_same = one == other;
        assert_eq!(places(&one) == places(&other), is_same, "{one} {other}");
        let [one, other] = [places(&one), places(&other)];
        assert!(is_same || (!other.contains(&one[0]) && !other.contains(&one[1])));
    }
}

/// The two places where the object may be.
fn places(key: &ObjectKey) -> [String; 2] {
    let (parent, name) = key.as_str().rsplit_once('/').unwrap_or(("", key.as_str()));
    let folder: Vec<String> =
        parent.split('/').filter(|segment| !segment.is_empty()).flat_map(plain).collect();
    [plain(name), set_aside(name)].map(|names| [folder.clone(), names].concat().join("/"))
}

fn segment(segment: &str) {
    for (names, is_aside) in [(plain(segment), false), (set_aside(segment), true)] {
        for name in &names {
            assert!((1..=MAX_NAME).contains(&name.len()), "{name}");
            assert!(
                !name.contains('/') && name != "." && name != ".." && !name.eq_ignore_ascii_case(OWN_FOLDER),
                "{name}"
            );
        }
        assert_eq!(read_back(&names), Some((segment.to_owned(), is_aside)), "{names:?}");
    }
}

/// What a listing makes of the names.
fn read_back(names: &[String]) -> Option<(String, bool)> {
    let (last, parts) = names.split_last()?;
    let mut segment = String::new();
    for part in parts {
        let Meaning::Part(text) = meaning(part, !segment.is_empty()) else { return None };
        segment.push_str(text);
    }
    match meaning(last, !parts.is_empty()) {
        Meaning::Segment(text) => Some((segment + text, false)),
        Meaning::SetAside(text) => Some((segment + text, true)),
        Meaning::Part(_) | Meaning::Reserved => None,
    }
}

/// A listing that wants the key looks into each folder on the way to it.
fn listed(key: &str, prefix: &str, after: &str) {
    let scope =
        Scope { prefix: prefix.to_owned(), after: Some(after.to_owned()).filter(|after| !after.is_empty()) };
    let is_wanted = key.starts_with(prefix) && (after.is_empty() || key > after);
    assert_eq!(scope.wants_object(key), is_wanted);
    if !is_wanted {
        return;
    }
    assert!(key.starts_with(&scope.top()));
    for (slash, _) in key.match_indices('/').filter(|(slash, _)| *slash >= scope.top().len()) {
        assert!(scope.wants_below(&key[..=slash]), "{key} by {scope:?}");
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("layout", run, SEEDS);
}
