//! Where a key's segments are on disk.
//!
//! A segment is a file or folder of the same name. What cannot be has a name of ours, which begins with `.storage`:
//!
//! - `.storage-object.f`: the object `f` where a folder `f` is in its place;
//! - `.storage-name.f`: a segment that looks like one of our names, or ends in a part;
//! - `.storage-part.f`: a folder with the beginning of a segment too long for one name; the rest is in it.

/// The folder of the store's own, at the root.
pub(crate) const OWN_FOLDER: &str = ".storage";

const OBJECT: &str = ".storage-object.";
const NAME: &str = ".storage-name.";
const PART: &str = ".storage-part.";

/// The longest file name, in bytes, on the usual file systems.
const MAX_NAME_BYTES: usize = 255;

/// How much of a long segment goes into one name.
const PART_BYTES: usize = 200;

/// What a name on disk stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning<'a> {
    /// A whole segment or the last part of one.
    Segment(&'a str),
    /// The same, set aside for a folder of its name.
    SetAside(&'a str),
    /// A folder with the beginning of a segment.
    Part(&'a str),
    /// Ours, and no part of any key.
    Reserved,
}

/// The path of a segment, as a file or a folder: names to be joined.
pub(crate) fn plain(segment: &str) -> Vec<String> {
    if !is_reserved(segment) && segment.len() <= MAX_NAME_BYTES {
        return vec![segment.to_owned()];
    }
    with_prefix(segment, NAME)
}

/// The path of an object that is set aside for a folder of its name.
pub(crate) fn set_aside(segment: &str) -> Vec<String> {
    with_prefix(segment, OBJECT)
}

/// What a name means in a folder of the given key; `in_part` in a folder with the beginning of a segment.
pub(crate) fn meaning(name: &str, in_part: bool) -> Meaning<'_> {
    if let Some(rest) = name.strip_prefix(OBJECT) {
        Meaning::SetAside(rest)
    } else if let Some(rest) = name.strip_prefix(NAME) {
        Meaning::Segment(rest)
    } else if let Some(rest) = name.strip_prefix(PART) {
        Meaning::Part(rest)
    } else if in_part || is_reserved(name) {
        Meaning::Reserved
    } else {
        Meaning::Segment(name)
    }
}

fn with_prefix(segment: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = segment;
    while rest.len() + prefix.len() > MAX_NAME_BYTES {
        let (part, tail) = rest.split_at(floor_char_boundary(rest, PART_BYTES));
        names.push(format!("{PART}{part}"));
        rest = tail;
    }
    names.push(format!("{prefix}{rest}"));
    names
}

fn floor_char_boundary(text: &str, limit: usize) -> usize {
    (0..=limit).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

/// In any spelling: a file system may not tell them apart.
fn is_reserved(name: &str) -> bool {
    let head = name.get(..OWN_FOLDER.len());
    let rest = name.get(OWN_FOLDER.len()..).unwrap_or_default();
    head.is_some_and(|head| head.eq_ignore_ascii_case(OWN_FOLDER))
        && (rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads the names back as a listing does.
    fn read_back(names: &[String]) -> Option<(String, bool)> {
        let mut segment = String::new();
        let (last, parts) = names.split_last()?;
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

    #[test]
    fn an_ordinary_segment_is_a_file_of_its_name() {
        for segment in ["a", "ü.txt", ".hidden", "storage", ".storagex", "a.storage", &"x".repeat(255)] {
            assert_eq!(plain(segment), [segment]);
        }
        assert_eq!(set_aside("f"), [".storage-object.f"]);
    }

    #[test]
    fn names_of_ours_are_escaped_in_any_spelling() {
        for segment in [".storage", ".Storage", ".STORAGE-OBJECT.f", ".storage-part.f", ".storage-"] {
            assert_eq!(plain(segment), [format!(".storage-name.{segment}")]);
        }
        assert_eq!(meaning(".storage", false), Meaning::Reserved);
        assert_eq!(meaning("loose", true), Meaning::Reserved);
    }

    #[test]
    fn a_long_segment_is_cut_between_characters() {
        let segment = format!("a{}", "ü".repeat(450));
        let names = plain(&segment);
        assert_eq!(names.len(), 5);
        assert!(names.iter().all(|name| name.len() <= 255));
        assert_eq!(read_back(&names), Some((segment, false)));
    }

    proptest! {
        #[test]
        fn every_segment_is_read_back_and_fits(segment in "(\\.storage(-(object|name|part)\\.)?)?[a-cü😀.]{1,400}") {
            for (names, aside) in [(plain(&segment), false), (set_aside(&segment), true)] {
                prop_assert!(names.iter().all(|name| name.len() <= 255));
                prop_assert_eq!(read_back(&names), Some((segment.clone(), aside)));
            }
            prop_assert_ne!(plain(&segment), set_aside(&segment));
        }
    }
}
