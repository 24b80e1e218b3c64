//! A PUT of a tar that MinIO takes apart: each member becomes an object
//! ([MinIO, `PutObjectExtractHandler`](https://github.com/minio/minio/blob/master/cmd/untar.go)). The tar's format is that of
//! [POSIX pax](https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13).

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use storage_core::bulk::BulkObject;
use storage_core::{Error, ObjectKey, Result};

use super::headers;
use crate::client::Request;
use crate::transport::Content;

const AUTO_EXTRACT: HeaderName = HeaderName::from_static("x-amz-meta-snowball-auto-extract");

/// The unit of a tar, in bytes.
const BLOCK: usize = 512;

/// What an octal field of 11 digits holds.
const LARGEST: u64 = (1 << 33) - 1;

/// `key` is where a server that does not take it apart stores the tar.
pub(crate) fn request(key: &ObjectKey, tar: Vec<u8>) -> Request {
    let mut request = Request::object(Method::PUT, key).content(Content::Bytes(tar.into())).patient();
    request.headers.insert(AUTO_EXTRACT, HeaderValue::from_static("true"));
    request
}

/// The objects as a tar; `now` becomes the time of their last change.
///
/// # Errors
///
/// `InvalidInput` for headers that cannot be sent, and for an object of 8 GiB or more.
pub(crate) fn tar(objects: Vec<BulkObject>, now: SystemTime) -> Result<Vec<u8>> {
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let content: usize = objects.iter().map(|object| object.content.len()).sum();
    let mut tar = Vec::with_capacity(content + objects.len() * 4 * BLOCK + 2 * BLOCK);
    // Each is let go as it is written, so that they are not held twice.
    for object in objects {
        let records = records(&object)?;
        // Readers without pax see this name; MinIO takes the one in the records.
        append(&mut tar, b'x', b"PaxHeader", &records, seconds)?;
        append(&mut tar, b'0', b"object", &object.content, seconds)?;
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    Ok(tar)
}

fn records(object: &BulkObject) -> Result<Vec<u8>> {
    let mut described = HeaderMap::new();
    object.attributes.validate()?;
    headers::write_attributes(&object.attributes, &mut described)?;
    let mut records = Vec::new();
    record(&mut records, "path", object.key.as_str().as_bytes());
    for (name, value) in &described {
        record(&mut records, &format!("minio.metadata.{name}"), value.as_bytes());
    }
    Ok(records)
}

/// `LENGTH NAME=VALUE\n`, where the length counts its own digits too.
fn record(records: &mut Vec<u8>, name: &str, value: &[u8]) {
    let rest = name.len() + value.len() + 3;
    let mut length = rest;
    while length != rest + digits(length) {
        length = rest + digits(length);
    }
    records.extend_from_slice(format!("{length} {name}=").as_bytes());
    records.extend_from_slice(value);
    records.push(b'\n');
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |power| power as usize + 1)
}

fn append(tar: &mut Vec<u8>, kind: u8, name: &[u8], content: &[u8], seconds: u64) -> Result<()> {
    let size = content.len() as u64;
    if size > LARGEST {
        return Err(Error::invalid_input("an object in a tar has less than 8 GiB"));
    }
    let mut header = [0; BLOCK];
    header[..name.len()].copy_from_slice(name);
    for (start, value, width) in
        [(100, 0o644, 7), (108, 0, 7), (116, 0, 7), (124, size, 11), (136, seconds.min(LARGEST), 11)]
    {
        octal(&mut header[start..start + width], value);
    }
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    // The sum is taken with its own place blank.
    header[148..156].fill(b' ');
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    octal(&mut header[148..154], sum);
    header[154] = 0;
    tar.extend_from_slice(&header);
    tar.extend_from_slice(content);
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    Ok(())
}

fn octal(field: &mut [u8], value: u64) {
    let digits = format!("{value:0width$o}", width = field.len());
    field.copy_from_slice(digits.as_bytes());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use storage_core::attributes::Attributes;

    use super::*;

    #[test]
    fn a_length_counts_itself() {
        for (value, expected) in
            [(1, "9 path=x\n"), (90, "99 path="), (91, "101 path="), (989, "999 path="), (990, "1001 path=")]
        {
            let mut records = Vec::new();
            record(&mut records, "path", &vec![b'x'; value]);
            assert!(records.starts_with(expected.as_bytes()), "{value}");
            let said: usize = expected.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(records.len(), said);
        }
    }

    /// Byte by byte as POSIX has it.
    #[test]
    fn a_tar_has_its_members_in_blocks() {
        let mut attributes = Attributes::default();
        attributes.content_type = Some("text/css".to_owned());
        let object = BulkObject::new("a/ü.css".parse().unwrap(), "x".repeat(513)).attributes(attributes);
        let tar = tar(vec![object], UNIX_EPOCH + Duration::from_secs(0o17)).unwrap();
        assert_eq!(tar.len(), 7 * BLOCK);
        assert_eq!(&tar[BLOCK..BLOCK + 17], "17 path=a/ü.css\n".as_bytes());
        let records = String::from_utf8_lossy(&tar[BLOCK..2 * BLOCK]).into_owned();
        assert!(records.contains("40 minio.metadata.content-type=text/css\n"), "{records}");
        let member = &tar[2 * BLOCK..3 * BLOCK];
        assert_eq!((&member[124..136], &member[136..148]), (&b"00000001001\0"[..], &b"00000000017\0"[..]));
        assert_eq!((member[156], &member[257..265]), (b'0', &b"ustar\x0000"[..]));
        let blank: u64 = member
            .iter()
            .enumerate()
            .map(|(at, b)| if (148..156).contains(&at) { 32 } else { u64::from(*b) })
            .sum();
        assert_eq!(&member[148..156], format!("{blank:06o}\0 ").as_bytes());
        assert!(tar[3 * BLOCK..3 * BLOCK + 513].iter().all(|byte| *byte == b'x'));
        assert!(tar[3 * BLOCK + 513..].iter().all(|byte| *byte == 0));
    }
}
