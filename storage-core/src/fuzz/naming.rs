//! From the name that a caller gave to a key: always one that is valid, within its limits, in its folder and with its extension.

use crate::naming::{alternative, clean, file_name, shorten};
use crate::{ErrorKind, ObjectKey};

/// Names as browsers, people and attackers give them, each behind a limit of bytes.
pub const SEEDS: &[&[u8]] = &[
    b"\0\x04\xffcats/tom.tar.gz",
    b"\x10\0\xffC:\\fakepath\\tom.jpg",
    b"\xff../../etc/passwd",
    "\u{20}\u{0}\u{0}d/u\u{308}bersicht \u{212a}:x..jpeg".as_bytes(),
    b"\xff\xe2\x84\xaa:x/tom.jpg",
    b"\xff/\0\xff.bashrc",
    "\u{40}\u{0}\u{0}日本語日本語日本語日本語日本語.jpg".as_bytes(),
];

/// The first field is the limit, the rest the name.
pub fn run(data: &[u8]) {
    let (limit, name) = match data.iter().position(|byte| *byte == super::SEPARATOR) {
        Some(end) => (super::number(&data[..end]), &data[end + 1..]),
        None => (1_024, data),
    };
    let limit = 1 + usize::try_from(limit % 1_100).unwrap();
    let name = String::from_utf8_lossy(name);
    if let Some(left) = file_name(&name) {
        assert!(!clean(&left).unwrap().contains('/'), "{left:?}");
    }
    let clean_name = match clean(&name) {
        Ok(clean) => clean,
        Err(error) => return assert_eq!(error.kind(), ErrorKind::InvalidInput),
    };
    assert_eq!(clean(&clean_name).as_deref().ok(), Some(&*clean_name), "cleaning twice");
    shortened(&clean_name, limit);
}

fn shortened(name: &str, limit: usize) {
    let folder = name.rfind('/').map_or(0, |slash| slash + 1);
    let key = match shorten(name, limit) {
        Ok(key) => key,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            // There is room for an extension and some of the stem.
            return assert!(folder + 64 > limit.min(1_024), "{name:?} in {limit}");
        }
    };
    is_beside(&key, name, folder, limit);
    if name.len() <= limit.min(1_024) && name.len() - folder <= 255 {
        assert_eq!(key, name);
    }
    match alternative(&key, limit) {
        Ok(other) => {
            is_beside(&other, name, folder, limit);
            assert_ne!(other, key);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(folder + 72 > limit.min(1_024), "{key} in {limit}");
        }
    }
}

/// In the same folder, not too long, and of the same type.
fn is_beside(key: &ObjectKey, name: &str, folder: usize, limit: usize) {
    assert!(key.as_str().len() <= limit.min(1_024), "{key} in {limit}");
    assert!(key.file_name().len() <= 255, "{key}");
    assert_eq!(key.as_str()[..key.as_str().len() - key.file_name().len()], name[..folder]);
    assert_eq!(clean(key.as_str()).as_deref().ok(), Some(key.as_str()), "{key:?} is no clean name");
    if let Some(content_type) = crate::content_type::from_name(name) {
        assert_eq!(crate::content_type::from_name(key.as_str()), Some(content_type), "{name:?} {key}");
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("naming", run, SEEDS);
}
