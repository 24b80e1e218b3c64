//! An unfinished multipart upload.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use s3s::crypto::{Checksum as _, Md5};
use s3s::{S3Result, s3_error};

use super::object::{Object, hex};

/// The smallest part that is not the last one: 5 MiB
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
const MIN_PART: usize = 5 * 1024 * 1024;

/// What was said at the start, and the parts so far.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) key: String,
    pub(crate) started: SystemTime,
    pub(crate) headers: HeaderMap,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) parts: BTreeMap<i32, Part>,
}

/// One part.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) bytes: Bytes,
    pub(crate) md5: [u8; 16],
}

impl Part {
    /// Without quotes.
    pub(crate) fn etag(&self) -> String {
        hex(&self.md5)
    }
}

impl Upload {
    /// The object that the named parts make, in the order in which they are named.
    ///
    /// # Errors
    /// `MalformedXML` for no parts at all, `InvalidPartOrder`, `InvalidPart` for one that is missing or has another
    /// ETag, `EntityTooSmall` for one that is too small and not the last.
    pub(crate) fn assemble(&self, wanted: &[(i32, String)]) -> S3Result<Object> {
        if wanted.is_empty() {
            return Err(s3_error!(MalformedXML, "You must specify at least one part"));
        }
        if wanted.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return Err(s3_error!(InvalidPartOrder));
        }
        let mut whole = BytesMut::new();
        let mut digests = Md5::new();
        for (position, (number, etag)) in wanted.iter().enumerate() {
            let part = match self.parts.get(number) {
                Some(part) if part.etag() == *etag => part,
                _ => return Err(s3_error!(InvalidPart, "part {number} could not be found")),
            };
            if part.bytes.len() < MIN_PART && position + 1 < wanted.len() {
                return Err(s3_error!(EntityTooSmall, "part {number} is smaller than 5 MiB"));
            }
            whole.extend_from_slice(&part.bytes);
            digests.update(&part.md5);
        }
        Ok(Object {
            bytes: whole.freeze(),
            etag: format!("{}-{}", hex(&digests.finalize()), wanted.len()),
            modified: SystemTime::now(),
            headers: self.headers.clone(),
            checksums: HeaderMap::new(),
            tags: self.tags.clone(),
        })
    }
}
