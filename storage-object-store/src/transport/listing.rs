//! Names in a server's listing that no path can hold, put into a form that one can: else one of them makes `object_store` fail the
//! whole listing, or give another key than the one that is there.

use ::http::Method;
use bytes::Bytes;
use object_store::client::HttpRequest;

use super::service::parameter;
use super::xml::unescape;
use crate::translate::raw_name::escape;

/// A listing of S3, Google Cloud Storage or Azure.
pub(super) struct Listing {
    /// `object_store` takes an object of Azure for a folder if its name is the prefix that was asked for, and leaves it out.
    lost_name: Option<String>,
}

impl Listing {
    /// What a request asks for, if that is a listing.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        let has = |name, value| parameter(request.uri(), name).as_deref() == Some(value);
        if request.method() != Method::GET {
            return None;
        }
        if has("comp", "list") {
            return Some(Self { lost_name: parameter(request.uri(), "prefix") });
        }
        has("list-type", "2").then_some(Self { lost_name: None })
    }

    /// One of which this name would be lost.
    #[cfg(any(test, fuzzing))]
    pub(super) fn asked_for(lost_name: Option<String>) -> Self {
        Self { lost_name }
    }

    /// The document with every name escaped that would be lost or break it; `None` if there is none.
    pub(super) fn escape_names(&self, document: &Bytes) -> Option<Bytes> {
        escape_odd_names(document, self.lost_name.as_deref())
    }
}

fn escape_odd_names(document: &Bytes, lost_name: Option<&str>) -> Option<Bytes> {
    let text = std::str::from_utf8(document).ok()?;
    let mut changed = String::new();
    let mut copied = 0;
    let mut position = 0;
    while let Some(found) = text[position..].find('<') {
        let start = position + found + 1;
        position = start;
        let Some((name, is_folder)) = ELEMENTS.iter().find_map(|(element, is_folder)| {
            text[start..].strip_prefix(element)?.strip_prefix('>').map(|_| (*element, *is_folder))
        }) else {
            continue;
        };
        // Azure has the names of both kinds in an element of one name.
        let is_folder = is_folder || text[..start - 1].trim_end().ends_with("<BlobPrefix>");
        let content = start + name.len() + 1;
        let Some(length) = text[content..].find('<') else { break };
        position = content + length;
        let raw = unescape(&text[content..position]);
        // A folder's `/` at its end is no part of its path.
        let path = if is_folder { raw.strip_suffix('/').unwrap_or(&raw) } else { &raw };
        let is_lost = !is_folder && lost_name == Some(path);
        if let Some(escaped) = escape(path, is_lost).filter(|_| !raw.is_empty()) {
            changed.push_str(&text[copied..content]);
            changed.push_str(&escaped);
            changed.push_str(if is_folder { "/" } else { "" });
            copied = position;
        }
    }
    (copied > 0).then(|| {
        changed.push_str(&text[copied..]);
        changed.into()
    })
}

/// The elements that hold a name, and whether it is that of a folder.
const ELEMENTS: [(&str, bool); 3] = [("Key", false), ("Prefix", true), ("Name", false)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::raw_name;

    fn names(document: &str) -> Vec<String> {
        let escaped = escape_odd_names(&Bytes::from(document.to_owned()), None)
            .map_or_else(|| document.to_owned(), |bytes| String::from_utf8(bytes.to_vec()).unwrap());
        let between = |text: &str, name: &str| -> Vec<String> {
            let opening = format!("<{name}>");
            text.split(&opening).skip(1).map(|piece| piece.split('<').next().unwrap().to_owned()).collect()
        };
        let plain = |name: String| raw_name::unescape(name.strip_suffix('/').unwrap_or(&name));
        let keys = between(&escaped, "Key").into_iter().map(|key| raw_name::unescape(&key));
        keys.chain(between(&escaped, "Prefix").into_iter().map(plain)).collect()
    }

    #[test]
    fn odd_names_are_escaped_and_the_rest_stays() {
        let document = "<?xml version=\"1.0\"?><ListBucketResult><Contents><Key>a//b&amp;c</Key><Size>1</Size></Contents>\
                        <Contents><Key>a/</Key></Contents><Contents><Key>plain/ü</Key></Contents>\
                        <CommonPrefixes><Prefix>x/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>y//</Prefix></CommonPrefixes>\
                        </ListBucketResult>";
        assert_eq!(names(document), ["a//b&c", "a/", "plain/ü", "x", "y/"]);
        let escaped = escape_odd_names(&Bytes::from_static(document.as_bytes()), None).unwrap();
        let escaped = std::str::from_utf8(&escaped).unwrap();
        assert!(
            escaped.contains("<Key>plain/ü</Key>") && escaped.contains("<Prefix>x/</Prefix>"),
            "{escaped}"
        );
        assert!(!escaped.contains("a//b") && !escaped.contains("y//"));
    }

    #[test]
    fn odd_names_of_azure_are_escaped_too() {
        let document = "<EnumerationResults><Blobs><Blob><Name>a//b</Name></Blob><Blob><Name>a/</Name></Blob>\
                        <BlobPrefix><Name>x/</Name></BlobPrefix><BlobPrefix><Name>y//</Name></BlobPrefix></Blobs></EnumerationResults>";
        let escaped = escape_odd_names(&Bytes::from_static(document.as_bytes()), None).unwrap();
        let escaped = std::str::from_utf8(&escaped).unwrap();
        assert!(escaped.contains("<BlobPrefix><Name>x/</Name></BlobPrefix>"), "{escaped}");
        for odd in ["<Name>a//b<", "<Name>a/<", "<Name>y//<"] {
            assert!(!escaped.contains(odd), "{odd} in {escaped}");
        }
        assert_eq!(escaped.matches("<Name>").count(), 4, "{escaped}");
    }

    #[test]
    fn an_object_of_azure_whose_name_is_the_prefix_is_escaped() {
        let document = Bytes::from_static(
            b"<EnumerationResults><Blobs><Blob><Name>a</Name></Blob><Blob><Name>ab</Name></Blob></Blobs></EnumerationResults>",
        );
        let escaped = Listing { lost_name: Some("a".to_owned()) }.escape_names(&document).unwrap();
        let escaped = String::from_utf8(escaped.to_vec()).unwrap();
        assert!(!escaped.contains("<Name>a<") && escaped.contains("<Name>ab<"), "{escaped}");
        let name = escaped.split("<Name>").nth(1).unwrap().split('<').next().unwrap();
        assert_eq!(raw_name::unescape(name), "a");
        assert_eq!(Listing { lost_name: None }.escape_names(&document), None);
    }

    #[test]
    fn a_plain_listing_is_not_copied() {
        for document in [
            "<ListBucketResult><Prefix></Prefix><Contents><Key>a</Key></Contents></ListBucketResult>",
            "",
            "<Key>",
        ] {
            assert_eq!(escape_odd_names(&Bytes::from_static(document.as_bytes()), None), None, "{document}");
        }
    }
}
