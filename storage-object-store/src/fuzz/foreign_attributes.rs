//! Attributes that a user of `object_store` hands over: what is taken keeps the rules, and comes back as it was through a store of any kind.

use object_store::{Attribute, Attributes};

use crate::Backend;
use crate::translate::attributes::{accept_foreign, from_foreign, to_foreign};

/// A disposition, a content type, then names and values of metadata, behind bytes that no UTF-8 has.
pub const SEEDS: &[&[u8]] = &[
    "attachment; filename=\"Ü.pdf\"".as_bytes(),
    b"inline; filename=a\xfftext/html\xffauthor\xffJ\xc3\xbcrgen\xffn\xff",
    b"\xff\xffa b\xffx\r\nEvil: 1\xffb\xff=?UTF-8?Q?x?=\xffc\xffa  b",
];

/// Takes the input for attributes.
pub fn run(data: &[u8]) {
    let mut fields =
        data.split(|byte| *byte == 0xff).map(|field| String::from_utf8_lossy(field).into_owned());
    let mut foreign = Attributes::new();
    for attribute in [Attribute::ContentDisposition, Attribute::ContentType] {
        if let Some(value) = fields.next().filter(|value| !value.is_empty()) {
            foreign.insert(attribute, value.into());
        }
    }
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        foreign.insert(Attribute::Metadata(name.into()), value.into());
    }
    let Ok((mut taken, class)) = accept_foreign(&foreign) else { return };
    taken.content_type.get_or_insert_with(|| "application/octet-stream".to_owned());
    for backend in [Backend::AmazonS3, Backend::AzureBlobStorage, Backend::Memory] {
        let sent = to_foreign(&taken, class.as_deref(), None, backend);
        for (attribute, value) in &sent {
            let is_header = value.bytes().all(|byte| (0x20..0x7f).contains(&byte) || byte == b'\t');
            assert!(is_header || !backend.has_headers(), "{attribute:?} {value:?}");
        }
        let mut expected = taken.clone();
        expected.metadata.retain(|name, _| !crate::translate::save_id::is_entry(name));
        assert_eq!(from_foreign(&sent, backend), expected);
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("foreign_attributes", run, SEEDS);
}
