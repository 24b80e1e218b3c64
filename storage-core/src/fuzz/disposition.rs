//! `Content-Disposition`: whatever the file's name is, the header can be sent, and who reads it by the RFCs gets that name.

use std::borrow::Cow;

use crate::disposition::{attachment, inline};
use crate::{PutOptions, UrlOptions};

/// File names, harmless and not.
pub const SEEDS: &[&[u8]] = &[
    b"cat.jpg",
    "Übersicht 1 (neu)*.pdf".as_bytes(),
    b"a\"; filename=evil.exe\r\nX: 1",
    b"..\\..\\boot.ini",
    b"100%25.txt'en'UTF-8''x",
    "\u{202e}gpj.exe 😀".as_bytes(),
];

/// Takes the input for a file's name.
pub fn run(data: &[u8]) {
    let name = String::from_utf8_lossy(data);
    let expected: String =
        name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    for (kind, value) in [("attachment", attachment(&name)), ("inline", inline(&name))] {
        assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{value}");
        assert_eq!(read(kind, &value), Some(Cow::Borrowed(&*expected)), "{value}");
        let sendable = PutOptions::new().content_disposition(value.as_str()).attributes.validate();
        assert_eq!(sendable.is_ok(), value.len() <= 4_096, "{value}");
    }
    assert!(UrlOptions::new().download_as(&name).validate().is_ok());
}

/// The file's name by [RFC 6266 §4.1](https://www.rfc-editor.org/rfc/rfc6266#section-4.1): `filename*` before `filename`.
fn read<'v>(kind: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let mut rest = value.strip_prefix(kind)?;
    let (mut plain, mut extended) = (None, None);
    while !rest.is_empty() {
        rest = rest.strip_prefix("; ")?;
        if let Some(quoted) = rest.strip_prefix("filename=\"") {
            let (text, after) = quoted.split_once('"')?;
            // A backslash would begin an escape.
            plain = (plain.is_none() && !text.contains('\\')).then_some(text);
            rest = after;
        } else {
            let encoded = rest.strip_prefix("filename*=UTF-8''")?;
            let end = encoded.find(';').unwrap_or(encoded.len());
            extended = extended.is_none().then(|| decode(&encoded[..end]))?;
            rest = &encoded[end..];
        }
    }
    extended.map(Cow::Owned).or(Some(Cow::Borrowed(plain.unwrap_or_default())))
}

/// `value-chars` of [RFC 8187 §3.2.1](https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1).
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) => byte,
            _ => return None,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("disposition", run, SEEDS);
}
