//! A PUT of a tar that MinIO takes apart: each member becomes an object
//! ([MinIO, `PutObjectExtractHandler`](https://github.com/minio/minio/blob/master/cmd/untar.go)). The tar's format is that of
//! [POSIX pax](https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13).

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{BufMut as _, Bytes, BytesMut};
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

/// Content of this length or more is sent from where it is; what is shorter is copied between the headers, since each piece costs a call of
/// the operating system.
const LONG: usize = 16 * 1024;

/// How much memory is taken at once for headers and short content, in bytes.
const PIECE: usize = 64 * 1024;

/// `key` is where a server that does not take it apart stores the tar. It has no `Content-MD5`: MinIO (of 2026-02) takes a tar apart whatever
/// that says.
pub(crate) fn request(key: &ObjectKey, tar: Vec<Bytes>) -> Request {
    let mut request = Request::object(Method::PUT, key).content(Content::Blocks(tar.into())).patient();
    request.headers.insert(AUTO_EXTRACT, HeaderValue::from_static("true"));
    request
}

/// The objects as a tar, in pieces; `now` becomes the time of their last change.
///
/// # Errors
///
/// `InvalidInput` for headers that cannot be sent, and for an object of 8 GiB or more.
pub(crate) fn tar(objects: Vec<BulkObject>, now: SystemTime) -> Result<Vec<Bytes>> {
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let mut tar = Pieces::default();
    // What is copied is let go, so that it is not held twice.
    for object in objects {
        let records = records(&object)?;
        // Readers without pax see this name; MinIO takes the one in the records.
        tar.append(b'x', b"PaxHeader", records.into(), seconds)?;
        tar.append(b'0', b"object", object.content, seconds)?;
    }
    tar.open.put_bytes(0, 2 * BLOCK);
    Ok(tar.finish())
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

/// A tar that grows.
#[derive(Default)]
struct Pieces {
    done: Vec<Bytes>,
    open: BytesMut,
}

impl Pieces {
    fn append(&mut self, kind: u8, name: &[u8], content: Bytes, seconds: u64) -> Result<()> {
        let size = content.len();
        self.write(&header(kind, name, size as u64, seconds)?);
        if size < LONG {
            self.write(&content);
        } else {
            self.close();
            self.done.push(content);
        }
        self.open.put_bytes(0, size.next_multiple_of(BLOCK) - size);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.open.capacity() - self.open.len() < bytes.len() {
            self.close();
            self.open.reserve(PIECE);
        }
        self.open.extend_from_slice(bytes);
    }

    /// What memory is left of the piece is that of the next.
    fn close(&mut self) {
        if !self.open.is_empty() {
            self.done.push(self.open.split().freeze());
        }
    }

    fn finish(mut self) -> Vec<Bytes> {
        self.close();
        self.done
    }
}

fn header(kind: u8, name: &[u8], size: u64, seconds: u64) -> Result<[u8; BLOCK]> {
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
    Ok(header)
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
        let tar = tar(vec![object], UNIX_EPOCH + Duration::from_secs(0o17)).unwrap().concat();
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

    /// Read as a tar is read: from header to header.
    #[test]
    fn long_content_is_not_copied_and_short_content_takes_little_memory() {
        let sizes = [LONG, 0, 3, LONG - 1, LONG + 1, 7, 3 * PIECE, 511, 512, 513];
        let contents: Vec<_> =
            (0..=u8::MAX).map(|n| Bytes::from(vec![n; sizes[usize::from(n) % sizes.len()]])).collect();
        let object = |(n, content): (usize, &Bytes)| {
            BulkObject::new(format!("a/{n}").parse().unwrap(), content.clone())
        };
        let pieces = tar(contents.iter().enumerate().map(object).collect(), UNIX_EPOCH).unwrap();
        let copied: Vec<_> = contents.iter().filter(|content| content.len() < LONG).collect();
        let is_there = |content: &&Bytes| pieces.iter().any(|piece| piece.as_ptr() == content.as_ptr());
        assert!(contents.iter().filter(|content| content.len() >= LONG).all(|content| is_there(&content)));
        let framing = contents.len() * 4 * BLOCK + copied.iter().map(|content| content.len()).sum::<usize>();
        assert!(pieces.len() < 2 * (contents.len() - copied.len()) + 2 * framing / PIECE, "{}", pieces.len());

        let tar = pieces.concat();
        let mut at = 0;
        let mut member = || {
            let size = std::str::from_utf8(&tar[at + 124..at + 135]).unwrap();
            let (start, size) = (at + BLOCK, usize::from_str_radix(size, 8).unwrap());
            at = start + size.next_multiple_of(BLOCK);
            &tar[start..start + size]
        };
        for (n, content) in contents.iter().enumerate() {
            assert!(String::from_utf8_lossy(member()).contains(&format!(" path=a/{n}\n")));
            assert!(member() == content, "the {n}. is another");
        }
        assert_eq!(tar.len() - at, 2 * BLOCK);
        assert!(tar[at..].iter().all(|byte| *byte == 0));
    }
}
