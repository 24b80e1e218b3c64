use super::listing::bare;
use super::{Listed, Reason};
use crate::manifest::{Headers, IndexedObject};

/// What an object shall be.
pub(super) struct Wanted<'a> {
    /// Whether its key stands for its bytes.
    pub(super) is_named_by_content: bool,
    pub(super) size: u64,
    pub(super) md5: &'a str,
    pub(super) headers: &'a Headers,
}

/// Compares what shall be with what there is, and with what the deploy before knew of it.
pub(super) fn compare(
    wanted: &Wanted<'_>,
    listed: Option<&Listed>,
    indexed: Option<&IndexedObject>,
    repair_headers: bool,
) -> Reason {
    let Some(listed) = listed else { return Reason::New };
    if listed.size != wanted.size {
        return Reason::SizeDiffers { was: listed.size };
    }
    let etag = listed.bare_etag();
    let is_md5 = etag.is_some_and(|etag| etag.eq_ignore_ascii_case(wanted.md5));
    let is_as_indexed = indexed.is_some_and(|indexed| {
        let same_etag = indexed.etag.as_deref().map(bare).is_some_and(|known| Some(known) == etag);
        same_etag && indexed.size == wanted.size && indexed.md5 == wanted.md5
    });
    let same = match (wanted.is_named_by_content, is_md5, is_as_indexed) {
        (true, ..) => Reason::SameName,
        (_, true, _) => Reason::SameMd5,
        (.., true) => Reason::SameAsIndexed,
        (false, false, false) => return Reason::ContentDiffers,
    };
    match indexed.map(|indexed| differing(&indexed.headers, wanted.headers)) {
        Some(names) if !names.is_empty() => Reason::HeadersDiffer { names },
        None if repair_headers => Reason::HeadersUnknown,
        _ => same,
    }
}

fn differing(one: &Headers, other: &Headers) -> Vec<String> {
    let mut names: Vec<_> =
        one.keys().chain(other.keys()).filter(|name| one.get(*name) != other.get(*name)).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_known_by_name_or_md5_or_index() {
        let headers = Headers::new([("a".to_owned(), "b".to_owned())].into());
        let listed =
            |size, etag: &str| Some(Listed { size, etag: (!etag.is_empty()).then(|| etag.to_owned()) });
        let known = |etag: &str, md5: &str, headers: &Headers| {
            Some(IndexedObject {
                size: 3,
                md5: md5.to_owned(),
                etag: Some(etag.to_owned()),
                headers: headers.clone(),
                ..IndexedObject::default()
            })
        };
        let other = Headers::new([("c".to_owned(), "d".to_owned())].into());
        let differ = Reason::HeadersDiffer { names: vec!["a".to_owned(), "c".to_owned()] };
        for (by_name, listed, known, repair, reason) in [
            (true, None, None, false, Reason::New),
            (true, listed(4, "ab"), None, false, Reason::SizeDiffers { was: 4 }),
            (true, listed(3, ""), None, false, Reason::SameName),
            (true, listed(3, ""), None, true, Reason::HeadersUnknown),
            (true, listed(3, ""), known("x", "ab", &headers), true, Reason::SameName),
            (true, listed(3, ""), known("x", "ab", &other), false, differ.clone()),
            (false, listed(3, "\"AB\""), None, false, Reason::SameMd5),
            (false, listed(3, "W/\"ab\""), None, false, Reason::SameMd5),
            (false, listed(3, ""), known("x", "ab", &headers), false, Reason::ContentDiffers),
            (false, listed(3, "x-2"), None, false, Reason::ContentDiffers),
            (false, listed(3, "\"x-2\""), known("x-2", "ab", &headers), false, Reason::SameAsIndexed),
            (false, listed(3, "x-2"), known("x-2", "cd", &headers), false, Reason::ContentDiffers),
            (false, listed(3, "x-3"), known("x-2", "ab", &headers), false, Reason::ContentDiffers),
            (false, listed(3, "ab"), known("x-2", "ab", &other), false, differ),
        ] {
            let wanted = Wanted { is_named_by_content: by_name, size: 3, md5: "ab", headers: &headers };
            assert_eq!(compare(&wanted, listed.as_ref(), known.as_ref(), repair), reason);
        }
    }
}
