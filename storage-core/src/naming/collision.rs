use super::split::{join, split};
use crate::{ObjectKey, Result, random};

/// What saving does when the name is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Collision {
    /// Take another name: `tom.jpg` becomes `tom_x7gh20k.jpg`. What is there stays.
    #[default]
    Rename,
    /// Replace what is there, atomically.
    Replace,
    /// Fail with [`AlreadyExists`](crate::ErrorKind::AlreadyExists). What is there stays.
    Reject,
}

/// Letters and digits of a random suffix: 36⁷ ≈ 78 billion names. The store tells if even that name is taken.
const SUFFIX_LENGTH: usize = 7;

/// Where the store cannot tell, no two names may ever meet: 36¹⁶ ≈ 2⁸³.
const UNIQUE_SUFFIX_LENGTH: usize = 16;

/// Another name beside a taken one: `root_XXXXXXX.ext`.
pub(crate) fn alternative(key: &ObjectKey, max_bytes: usize) -> Result<ObjectKey> {
    with_suffix(key, SUFFIX_LENGTH, max_bytes)
}

/// A name that nobody has and nobody will have, for a store that overwrites what is there.
pub(crate) fn unique(key: &ObjectKey, max_bytes: usize) -> Result<ObjectKey> {
    with_suffix(key, UNIQUE_SUFFIX_LENGTH, max_bytes)
}

/// Another name beside a taken one that everybody finds who knows the number.
#[cfg(feature = "sniff")]
pub(crate) fn suffixed(key: &ObjectKey, number: u128, max_bytes: usize) -> Result<ObjectKey> {
    with_word(key, &random::word_of(number, SUFFIX_LENGTH), max_bytes)
}

fn with_suffix(key: &ObjectKey, length: usize, max_bytes: usize) -> Result<ObjectKey> {
    with_word(key, &random::word(length)?, max_bytes)
}

fn with_word(key: &ObjectKey, word: &str, max_bytes: usize) -> Result<ObjectKey> {
    let (folder, stem, extension) = split(key.as_str());
    join(folder, stem, &format!("_{word}"), extension, max_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_keeps_folder_and_extension() {
        let key: ObjectKey = "a/tom.tar.gz".parse().unwrap();
        let other = alternative(&key, 1_024).unwrap();
        let middle =
            other.as_str().strip_prefix("a/tom_").and_then(|rest| rest.strip_suffix(".tar.gz")).unwrap();
        assert_eq!(middle.len(), 7);
        assert!(middle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        assert_ne!(other, alternative(&key, 1_024).unwrap());
        assert_eq!(unique(&key, 1_024).unwrap().as_str().len(), "a/tom_.tar.gz".len() + 16);
    }

    #[test]
    fn an_alternative_fits_the_limit() {
        let key: ObjectKey = format!("{}.jpg", "ü".repeat(125)).parse().unwrap();
        let other = alternative(&key, 1_024).unwrap();
        assert!(other.as_str().len() <= 255 && split(other.as_str()).2 == ".jpg", "{other}");
    }
}
