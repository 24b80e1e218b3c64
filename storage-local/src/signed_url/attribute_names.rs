//! Attributes under the names that S3 has for them, in headers and in fields of forms.

use storage_core::attributes::Attributes;

pub(super) const METADATA_PREFIX: &str = "x-amz-meta-";

/// Each attribute that is set: its name as S3 spells it in forms, and its value.
pub(super) fn iter(attributes: &Attributes) -> impl Iterator<Item = (String, &str)> {
    let headers = [
        ("Cache-Control", &attributes.cache_control),
        ("Content-Disposition", &attributes.content_disposition),
        ("Content-Encoding", &attributes.content_encoding),
        ("Content-Language", &attributes.content_language),
        ("Content-Type", &attributes.content_type),
    ];
    let headers = headers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.as_deref()?)));
    let metadata = attributes.metadata.iter();
    headers.chain(metadata.map(|(name, value)| (format!("{METADATA_PREFIX}{name}"), value.as_str())))
}

/// Sets the attribute of this name, in lower case; `false` if there is none such.
pub(super) fn set(attributes: &mut Attributes, name: &str, value: String) -> bool {
    let header = match name {
        "cache-control" => &mut attributes.cache_control,
        "content-disposition" => &mut attributes.content_disposition,
        "content-encoding" => &mut attributes.content_encoding,
        "content-language" => &mut attributes.content_language,
        "content-type" => &mut attributes.content_type,
        _ => {
            let Some(name) = name.strip_prefix(METADATA_PREFIX) else { return false };
            attributes.metadata.insert(name.to_owned(), value);
            return true;
        }
    };
    *header = Some(value);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_set_again() {
        let attributes = Attributes::new()
            .content_type("text/plain")
            .cache_control("private")
            .content_disposition("attachment")
            .content_encoding("gzip")
            .content_language("de")
            .metadata("a", "ü")
            .metadata("b", "");
        let mut again = Attributes::new();
        for (name, value) in iter(&attributes) {
            assert!(set(&mut again, &name.to_ascii_lowercase(), value.to_owned()), "{name}");
        }
        assert_eq!(again, attributes);
        assert!(!set(&mut again, "content-length", "1".to_owned()));
    }
}
