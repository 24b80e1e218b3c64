//! Keys and bucket names: what is accepted follows the written rules, comes back as it was, and its parts make the whole.

use crate::key::{MAX_KEY_BYTES, RawKey};
use crate::{BucketName, ObjectKey};

/// Names that are good, and names that are nearly so.
pub const SEEDS: &[&[u8]] = &[
    b"2026-11-23/tom.jpg",
    "bücher/日本/x.tar.gz".as_bytes(),
    b"a/../b",
    b"./a//b/",
    b".storage/records",
    b"my-bucket.example-0",
    b"192.168.5.4",
    b"xn--abc-s3alias.mrap--ol-s3--x-s3",
];

/// Takes the input for a name.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    object_key(&text);
    let bucket = BucketName::new(&text);
    assert_eq!(bucket.is_ok(), is_bucket_name(&text), "{text:?}");
    match bucket {
        Ok(name) => assert_eq!(name.to_string().parse(), Ok(name)),
        Err(error) => is_short_line(&error.to_string()),
    }
}

fn object_key(text: &str) {
    let key = ObjectKey::new(text);
    let raw = RawKey::new(text);
    assert_eq!(key.is_ok(), is_key(text), "{text:?}");
    assert_eq!(raw.to_object_key(), key);
    assert!(!raw.to_string().contains(char::is_control));
    let key = match key {
        Ok(key) => key,
        Err(error) => return is_short_line(&error.to_string()),
    };
    assert_eq!(key.as_str(), text);
    assert_eq!(key.to_string().parse().as_ref(), Ok(&key));
    assert_eq!(key.segments().collect::<Vec<_>>().join("/"), text);
    match key.parent() {
        None => assert_eq!(key.file_name(), text),
        Some(parent) => assert_eq!(ObjectKey::new(parent).unwrap().join(key.file_name()).as_ref(), Ok(&key)),
    }
    if let Some(extension) = key.extension() {
        assert!(key.file_name().ends_with(&format!(".{extension}")) && !extension.contains(['.', '/']));
    }
    let cut = text.len() / 2;
    if let Some(name) = text.get(cut..)
        && let Ok(joined) = key.join(name)
    {
        assert_eq!(joined.as_str(), format!("{text}/{name}"));
    }
}

/// The rules of [`ObjectKey`], byte by byte.
fn is_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_control = bytes.iter().any(|byte| *byte < 0x20 || *byte == 0x7f)
        || bytes.windows(2).any(|pair| pair[0] == 0xc2 && (0x80..0xa0).contains(&pair[1]));
    (1..=MAX_KEY_BYTES).contains(&bytes.len())
        && !has_control
        && bytes.split(|byte| *byte == b'/').all(|segment| !matches!(segment, b"" | b"." | b".."))
}

/// The rules of [`BucketName`], as S3's user guide has them.
fn is_bucket_name(text: &str) -> bool {
    let is_letter_or_digit = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    let bytes = text.as_bytes();
    let labels: Vec<&str> = text.split('.').collect();
    let is_address =
        labels.len() == 4 && labels.iter().all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| is_letter_or_digit(byte) || matches!(byte, b'.' | b'-'))
        && [bytes.first(), bytes.last()].into_iter().flatten().all(is_letter_or_digit)
        && !labels.contains(&"")
        && !is_address
        && !["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|prefix| text.starts_with(prefix))
        && !["-s3alias", "--ol-s3", ".mrap", "--x-s3"].iter().any(|suffix| text.ends_with(suffix))
}

fn is_short_line(message: &str) {
    assert!(message.len() < 2_000 && !message.contains(char::is_control), "{message}");
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("keys", run, SEEDS);
}
