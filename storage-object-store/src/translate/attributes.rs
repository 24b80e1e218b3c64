//! Attributes of ours as those of `object_store`, and back.

use object_store::{Attribute, AttributeValue, Attributes as Foreign};
use storage_core::attributes::Attributes;
use storage_core::backend::{SaveId, encoded_word};
use storage_core::content_type::DEFAULT_CONTENT_TYPE;
use storage_core::{Error, Result, disposition};

use crate::Backend;
use crate::translate::save_id;

/// What is handed to the backend. The attributes have been validated: nothing in them can break a header.
pub(crate) fn to_foreign(
    attributes: &Attributes,
    storage_class: Option<&str>,
    id: Option<&SaveId>,
    backend: Backend,
) -> Foreign {
    let mut foreign = Foreign::new();
    let mut set = |attribute, value: Option<&str>| {
        if let Some(value) = value {
            foreign.insert(attribute, AttributeValue::from(value.to_owned()));
        }
    };
    // Servers take another default each.
    set(Attribute::ContentType, Some(attributes.content_type.as_deref().unwrap_or(DEFAULT_CONTENT_TYPE)));
    set(Attribute::CacheControl, attributes.cache_control.as_deref());
    set(Attribute::ContentDisposition, attributes.content_disposition.as_deref());
    set(Attribute::ContentEncoding, attributes.content_encoding.as_deref());
    set(Attribute::ContentLanguage, attributes.content_language.as_deref());
    // What is the default everywhere has a name of its own on Azure, whose default depends on the account.
    let is_default = backend == Backend::AzureBlobStorage && storage_class == Some("STANDARD");
    set(Attribute::StorageClass, storage_class.filter(|_| !is_default));
    for (name, value) in &attributes.metadata {
        let value = match backend.has_headers() {
            true => encoded_word::encode(value),
            false => value.into(),
        };
        set(Attribute::Metadata(name.clone().into()), Some(&value));
    }
    set(Attribute::Metadata(save_id::entry(backend).into()), id.map(SaveId::as_str));
    foreign
}

/// What the backend said, without what is our own.
pub(crate) fn from_foreign(foreign: &Foreign, backend: Backend) -> Attributes {
    let mut attributes = Attributes::new();
    for (attribute, value) in foreign {
        let value = value.as_ref();
        match attribute {
            Attribute::ContentType => attributes.content_type = Some(value.to_owned()),
            Attribute::CacheControl => attributes.cache_control = Some(value.to_owned()),
            Attribute::ContentDisposition => attributes.content_disposition = Some(value.to_owned()),
            Attribute::ContentEncoding => attributes.content_encoding = Some(value.to_owned()),
            Attribute::ContentLanguage => attributes.content_language = Some(value.to_owned()),
            Attribute::Metadata(name) if !save_id::is_entry(name) => {
                let value = match backend.has_headers() {
                    true => encoded_word::decode(value),
                    false => value.into(),
                };
                attributes.metadata.insert(name.to_ascii_lowercase(), value.into_owned());
            }
            _ => {}
        }
    }
    attributes
}

/// The id of the write that stored an object with these attributes.
pub(crate) fn has_save_id(foreign: &Foreign, id: &SaveId) -> bool {
    let found = |(attribute, value): (&Attribute, &AttributeValue)| match attribute {
        Attribute::Metadata(name) => save_id::is_entry(name) && value.as_ref() == id.as_str(),
        _ => false,
    };
    foreign.iter().any(found)
}

/// Whether some write of ours, not just any, stored an object with these attributes.
pub(crate) fn is_stamped(foreign: &Foreign) -> bool {
    foreign
        .iter()
        .any(|(attribute, _)| matches!(attribute, Attribute::Metadata(name) if save_id::is_entry(name)))
}

/// What a user of `object_store` hands to a store of ours: the attributes, and the storage class.
///
/// # Errors
///
/// `Unsupported` for an attribute that is not known here; `InvalidInput` for one that no header can hold.
pub(crate) fn accept_foreign(foreign: &Foreign) -> Result<(Attributes, Option<String>)> {
    let mut attributes = Attributes::new();
    let mut storage_class = None;
    for (attribute, value) in foreign {
        let value = value.as_ref().to_owned();
        match attribute {
            Attribute::ContentType => attributes.content_type = Some(value),
            Attribute::CacheControl => attributes.cache_control = Some(value),
            Attribute::ContentDisposition => attributes.content_disposition = Some(ascii_disposition(value)),
            Attribute::ContentEncoding => attributes.content_encoding = Some(value),
            Attribute::ContentLanguage => attributes.content_language = Some(value),
            Attribute::StorageClass => storage_class = Some(value),
            Attribute::Metadata(name) => {
                attributes.metadata.insert(name.to_ascii_lowercase(), value);
            }
            other => return Err(Error::unsupported(format!("the attribute {other:?} is not known"))),
        }
    }
    attributes.validate()?;
    Ok((attributes, storage_class))
}

/// `attachment; filename="ü.pdf"`, which no header can hold, in the form of RFC 6266 §4.3.
fn ascii_disposition(value: String) -> String {
    if value.is_ascii() {
        return value;
    }
    let Some((kind, rest)) = value.split_once("filename=") else { return value };
    let name = rest.trim().trim_matches('"');
    match kind.trim_start().to_ascii_lowercase().starts_with("inline") {
        true => disposition::inline(name),
        false => disposition::attachment(name),
    }
}

/// What a store of ours said, for a user of `object_store`.
pub(crate) fn show(attributes: &Attributes) -> Foreign {
    to_foreign(attributes, None, None, Backend::Memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_back_and_the_save_id_does_not() {
        let attributes = Attributes::new()
            .content_type("text/plain")
            .cache_control("private")
            .content_language("de")
            .metadata("author", "Jürgen");
        let id = SaveId::random().unwrap();
        for backend in [Backend::AmazonS3, Backend::AzureBlobStorage, Backend::Memory] {
            let foreign = to_foreign(&attributes, Some("COLD"), Some(&id), backend);
            assert!(has_save_id(&foreign, &id) && !has_save_id(&foreign, &SaveId::random().unwrap()));
            assert_eq!(from_foreign(&foreign, backend), attributes);
        }
    }

    #[test]
    fn nothing_leaves_that_no_header_can_hold() {
        let attributes = Attributes::new().metadata("author", "Jürgen  😀");
        let foreign = to_foreign(&attributes, None, None, Backend::Other);
        assert!(foreign.iter().all(|(_, value)| value.bytes().all(|byte| (0x20..0x7f).contains(&byte))));
    }

    #[test]
    fn a_foreign_user_gets_names_encoded_and_breaks_refused() {
        let disposition = |value: &'static str| {
            let foreign = Foreign::from_iter([(Attribute::ContentDisposition, value)]);
            accept_foreign(&foreign).map(|(attributes, _)| attributes.content_disposition.unwrap_or_default())
        };
        assert_eq!(
            disposition("attachment; filename=\"Ü.pdf\"").unwrap(),
            "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%9C.pdf"
        );
        assert!(disposition("attachment; filename=\"a\"\r\nX: 1").is_err());
        assert!(disposition("ü").is_err());
        let evil = Foreign::from_iter([(Attribute::Metadata("a b".into()), "x")]);
        assert!(accept_foreign(&evil).is_err());
    }
}
