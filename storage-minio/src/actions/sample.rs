//! What the unit tests of the actions have in common.

use http::{HeaderName, StatusCode};
use storage_core::ObjectKey;

use crate::client::Answer;

pub(super) fn key() -> ObjectKey {
    "a/ü b.txt".parse().unwrap()
}

pub(super) fn answer(status: u16, headers: &[(&'static str, &str)], document: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: headers.iter().map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap())).collect(),
        document: document.to_owned().into(),
        stream: None,
    }
}
