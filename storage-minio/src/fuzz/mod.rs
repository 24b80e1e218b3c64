//! Fuzz targets: functions that panic on an input that shows a fault. Compiled for tests, which run them briefly, and for fuzzers only.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a target says what is wrong by a panic"
)]

pub mod addresses;
pub mod answers;
pub mod dates;
pub mod list_xml;
pub mod metadata;

pub use crate::client::fuzz as error_xml;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::client::Answer;

/// The fields of an input as texts: they are separated by a byte that no UTF-8 has.
fn fields(data: &[u8]) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    data.split(|byte| *byte == 0xff).map(String::from_utf8_lossy)
}

/// A successful answer with this document.
fn answer(document: &[u8], headers: HeaderMap) -> Answer {
    Answer { status: StatusCode::OK, headers, document: Bytes::copy_from_slice(document), stream: None }
}

/// Text as a foreign server may write it: all that is not plain as a reference, or plain text in a section of its own.
fn xml(text: &str, in_section: bool) -> String {
    if in_section && !text.contains("]]>") && !text.contains('\r') {
        return format!("<![CDATA[{text}]]>");
    }
    let escaped = |c: char| match c {
        c if c.is_ascii_alphanumeric() => c.to_string(),
        '<' => "&lt;".to_owned(),
        '&' => "&amp;".to_owned(),
        c if u32::from(c) % 2 == 0 => format!("&#{};", u32::from(c)),
        c => format!("&#x{:x};", u32::from(c)),
    };
    text.chars().map(escaped).collect()
}

/// Whether XML 1.0 has each character.
fn is_xml(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
}
