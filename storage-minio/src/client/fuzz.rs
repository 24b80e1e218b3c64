//! Refusals: whatever a server says, it is one error that can be shown, and its kind is what its code or its status means.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use storage_core::ErrorKind;

use super::error_code::{kind_of_code, kind_of_status};
use super::failure::Again;
use super::printable::printable;
use super::refusal::{Refusal, is_error_document};
use super::request::{Condition, Request};

/// A document, a status, and values of headers.
pub const SEEDS: &[&[u8]] = &[
    b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>k</Key><RequestId>17A</RequestId></Error>\xff404\xff3\xffThu, 01 Jan 1970 00:01:00 GMT",
    b"<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong; expecting 'eu'</Message><Region>eu-central-1</Region></Error>\xff400",
    b"<Error><Code>SignatureDoesNotMatch</Code><Message>X-Amz-Signature=0123456789abcdef</Message></Error>\xff403\xff\xffMon, 23 Nov 2026 15:04:05 GMT",
    b"<Error><Code>SlowDown</Code></Error>\xff503\xff120",
    b"<Error><Code>PermanentRedirect</Code></Error>\xff301\xff\xff\xffeu-west-1\xffhttps://user:pw@other.example/x?X-Amz-Signature=1\xffAccessDenied",
    b"<html><body>502 Bad Gateway</body></html>\xff502\xff18446744073709551615",
    b"<Error><Code>PreconditionFailed</Code><Message>\x1b[2J\xe2\x80\xae</Message>\xff412",
    b"<!DOCTYPE e [<!ENTITY a \"aaaaaaaa\">]><Error><Code>&a;</Code></Error>\xff500",
];

/// Seconds since 1970 of the request.
const NOW: u64 = 1_000_000;

/// Fields separated by a byte that no UTF-8 has.
pub fn run(data: &[u8]) {
    let mut fields = data.split(|byte| *byte == 0xff);
    let mut next = || fields.next().unwrap_or_default();
    let document = next();
    let status = std::str::from_utf8(next()).ok().and_then(|text| text.parse().ok());
    let status =
        status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut headers = HeaderMap::new();
    for name in
        ["retry-after", "date", "x-amz-bucket-region", "location", "x-minio-error-code", "x-amz-request-id"]
    {
        if let Ok(value) = HeaderValue::from_bytes(next()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    for (method, condition) in [
        (Method::GET, Condition::Other),
        (Method::HEAD, Condition::Other),
        (Method::PUT, Condition::Absent),
        (Method::PUT, Condition::Present),
    ] {
        refused(document, status, &headers, &Request::object(method, "k").condition(condition));
    }
    let _ = is_error_document(document);
    if let Ok(code) = std::str::from_utf8(document)
        && !code.is_empty()
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        coded(code, status);
    }
}

fn refused(document: &[u8], status: StatusCode, headers: &HeaderMap, request: &Request) {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let failure = Refusal { status, headers, document, now, region: "us-east-1" }.into_failure(request);
    let error = &failure.error;
    assert_eq!(error.http_status(), Some(status.as_u16()));
    assert!(failure.reached);
    let shown =
        format!("{error} {} {}", error.code().unwrap_or_default(), error.request_id().unwrap_or_default());
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(shown.len() < 6_000, "{} bytes", shown.len());
    assert!(!shown.to_ascii_lowercase().contains("signature="), "{shown}");
    // "Not found" is said only by a store that answered so.
    if error.kind() == ErrorKind::NotFound {
        let is_bare = status == StatusCode::NOT_FOUND && request.method == Method::HEAD;
        assert!(
            is_bare || error.code().is_some_and(|code| kind_of_code(code) == Some(ErrorKind::NotFound)),
            "{error}"
        );
    }
    if error.kind() == ErrorKind::AlreadyExists && request.condition != Condition::Absent {
        assert!(error.code().is_some(), "{error}");
    }
    if failure.again != Again::No {
        assert!(error.is_retryable(), "{error}");
    }
}

/// A document with this code alone.
fn coded(code: &str, status: StatusCode) {
    let document = format!("<Error><Resource>/</Resource><Code>{code}</Code><HostId/></Error>");
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let refusal =
        Refusal { status, headers: &HeaderMap::new(), document: document.as_bytes(), now, region: "" };
    let error = refusal.into_failure(&Request::object(Method::GET, "k")).error;
    // Digits may be part of what nobody is to see.
    match code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => assert_eq!(error.code(), Some(&code[..code.len().min(300)])),
        false => assert_eq!(error.code(), Some(&*printable(code))),
    }
    if !status.is_redirection() {
        let expected = kind_of_code(code).unwrap_or_else(|| kind_of_status(status.as_u16()));
        assert_eq!(error.kind(), expected, "{error}");
    }
}

#[cfg(test)]
#[test]
fn fuzz() {
    fuzz_engine::check("error_xml", run, SEEDS);
}
