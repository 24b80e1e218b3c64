//! One stored object.

use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;
use s3s::crypto::{Checksum as _, Md5};

/// Bytes and what is said about them; never changed in place, so that a reader keeps what it began with.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) bytes: Bytes,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) modified: SystemTime,
    /// What goes out with every GET and HEAD, byte for byte as it came in.
    pub(crate) headers: HeaderMap,
    /// `x-amz-checksum-*`, shown only to those who ask.
    pub(crate) checksums: HeaderMap,
    pub(crate) tags: Vec<(String, String)>,
}

impl Object {
    /// A new object of now, whose ETag is the MD5 of its bytes.
    pub(crate) fn new(bytes: Bytes, headers: HeaderMap) -> Self {
        let etag = hex(&Md5::checksum(&bytes));
        Self {
            bytes,
            etag,
            modified: SystemTime::now(),
            headers,
            checksums: HeaderMap::new(),
            tags: Vec::new(),
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}
