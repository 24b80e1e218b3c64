//! What keeps an object's version from being deleted:
//! [PutObjectRetention](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html),
//! [PutObjectLegalHold](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html), their GETs, and the headers that do the same
//! with a PUT.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use md5::{Digest as _, Md5};
use storage_core::backend::calendar::{UtcTime, parse_rfc3339};
use storage_core::options::{Retention, RetentionMode};
use storage_core::{Error, ObjectKey, PutOptions, Result};

use super::put_object::CONTENT_MD5;
use super::xml::{Xml, garbled};
use crate::client::{Answer, Request, header_value};

const MODE: HeaderName = HeaderName::from_static("x-amz-object-lock-mode");
const UNTIL: HeaderName = HeaderName::from_static("x-amz-object-lock-retain-until-date");
const LEGAL_HOLD: HeaderName = HeaderName::from_static("x-amz-object-lock-legal-hold");
/// Of a bucket that is created.
pub(crate) const ENABLED: HeaderName = HeaderName::from_static("x-amz-bucket-object-lock-enabled");

/// One of the two documents that lock an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lock {
    parameter: &'static str,
    root: &'static str,
    /// What VersityGW calls the answer.
    other_root: &'static str,
}

pub(crate) const RETENTION: Lock =
    Lock { parameter: "retention", root: "Retention", other_root: "ObjectLockRetention" };
pub(crate) const HOLD: Lock =
    Lock { parameter: "legal-hold", root: "LegalHold", other_root: "ObjectLockLegalHold" };

impl Lock {
    pub(crate) fn read(self, key: &ObjectKey) -> Request {
        Request::object(Method::GET, key).query([(self.parameter, "")])
    }

    fn open(self, answer: &Answer) -> Result<Xml<'_>> {
        Xml::open_as(&answer.document, self.root).or_else(|_| Xml::open_as(&answer.document, self.other_root))
    }

    /// # Errors
    ///
    /// None that a document made here could cause.
    pub(crate) fn write(self, key: &ObjectKey, elements: &str) -> Result<Request> {
        let root = self.root;
        let document =
            format!("<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{elements}</{root}>");
        // Required by S3 for both.
        let digest = STANDARD.encode(Md5::digest(&document));
        Request::object(Method::PUT, key)
            .query([(self.parameter, "")])
            .document(document)
            .header(CONTENT_MD5, &digest)?
            .header(CONTENT_TYPE, "application/xml")
    }
}

/// [GetObjectLockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html)
pub(crate) fn of_bucket() -> Request {
    Request::bucket(Method::GET).query([("object-lock", "")])
}

/// Of the answer to [`of_bucket`].
pub(crate) fn is_enabled(answer: &Answer) -> Result<bool> {
    let mut is_enabled = false;
    let mut xml = Xml::open_as(&answer.document, "ObjectLockConfiguration")?;
    while let Some(name) = xml.child()? {
        match name {
            "ObjectLockEnabled" => is_enabled = xml.text()? == "Enabled",
            _ => xml.skip()?,
        }
    }
    Ok(is_enabled)
}

/// The elements of [`RETENTION`].
///
/// # Errors
///
/// `Unsupported` for a mode that S3 does not know.
pub(crate) fn retention_elements(retention: &Retention) -> Result<String> {
    let (mode, until) = (mode_name(retention.mode)?, UtcTime::of(retention.until));
    Ok(format!("<Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate>"))
}

/// The elements of [`HOLD`].
pub(crate) fn hold_elements(is_held: bool) -> String {
    format!("<Status>{}</Status>", if is_held { "ON" } else { "OFF" })
}

/// `None` for a document that says nothing.
pub(crate) fn retention(answer: &Answer) -> Result<Option<Retention>> {
    let (mut mode, mut until) = (None, None);
    let mut xml = RETENTION.open(answer)?;
    while let Some(name) = xml.child()? {
        let text = xml.text()?;
        match name {
            "Mode" => mode = Some(text.into_owned()),
            "RetainUntilDate" => until = parse_rfc3339(text.trim()),
            _ => {}
        }
    }
    match (mode.as_deref(), until) {
        (Some("GOVERNANCE"), Some(until)) => Ok(Some(Retention::governance(until))),
        (Some("COMPLIANCE"), Some(until)) => Ok(Some(Retention::compliance(until))),
        (None | Some(""), None) => Ok(None),
        _ => Err(garbled("the retention has no mode or no date that is known")),
    }
}

pub(crate) fn is_held(answer: &Answer) -> Result<bool> {
    let mut is_held = false;
    let mut xml = HOLD.open(answer)?;
    while let Some(name) = xml.child()? {
        let text = xml.text()?;
        is_held |= name == "Status" && text == "ON";
    }
    Ok(is_held)
}

/// The headers that lock an object as it is stored.
pub(crate) fn write_headers(options: &PutOptions, headers: &mut HeaderMap) -> Result<()> {
    if let Some(retention) = &options.retention {
        headers.insert(MODE, HeaderValue::from_static(mode_name(retention.mode)?));
        headers.insert(UNTIL, header_value(&UNTIL, &UtcTime::of(retention.until).to_string())?);
    }
    if options.legal_hold {
        headers.insert(LEGAL_HOLD, HeaderValue::from_static("ON"));
    }
    Ok(())
}

/// The same without what would keep the object from being deleted.
pub(crate) fn unlocked(mut headers: HeaderMap) -> HeaderMap {
    for name in [&MODE, &UNTIL, &LEGAL_HOLD] {
        headers.remove(name);
    }
    headers
}

fn mode_name(mode: RetentionMode) -> Result<&'static str> {
    match mode {
        RetentionMode::Governance => Ok("GOVERNANCE"),
        RetentionMode::Compliance => Ok("COMPLIANCE"),
        _ => Err(Error::unsupported("this mode of retention is not known to the S3 store")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::actions::sample;

    #[test]
    fn what_is_written_reads_back() {
        let until = UNIX_EPOCH + Duration::from_millis(2_000_000_000_500);
        let request = RETENTION
            .write(&sample::key(), &retention_elements(&Retention::compliance(until)).unwrap())
            .unwrap();
        assert_eq!((request.method.as_str(), request.query.as_str()), ("PUT", "retention="));
        let document = "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2033-05-18T03:33:20Z</RetainUntilDate></Retention>";
        let read = retention(&sample::answer(200, &[], document)).unwrap().unwrap();
        assert_eq!(read, Retention::compliance(UNIX_EPOCH + Duration::from_secs(2_000_000_000)));
        assert_eq!(retention(&sample::answer(200, &[], "<Retention/>")).unwrap(), None);
        assert!(retention(&sample::answer(200, &[], "<Retention><Mode>X</Mode></Retention>")).is_err());
        for held in [true, false] {
            let document = format!("<LegalHold>{}</LegalHold>", hold_elements(held));
            assert_eq!(is_held(&sample::answer(200, &[], &document)).unwrap(), held);
        }
    }

    #[test]
    fn a_bucket_says_whether_it_locks() {
        let read = |inside: &str| {
            let document = format!("<ObjectLockConfiguration>{inside}</ObjectLockConfiguration>");
            is_enabled(&sample::answer(200, &[], &document)).unwrap()
        };
        let rule = "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode></DefaultRetention></Rule>";
        assert!(read(&format!("<ObjectLockEnabled>Enabled</ObjectLockEnabled>{rule}")));
        assert!(!read(rule) && !read(""));
    }

    #[test]
    fn headers_lock_and_unlock() {
        let options = PutOptions::new().retention(Retention::governance(UNIX_EPOCH)).legal_hold();
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        write_headers(&options, &mut headers).unwrap();
        assert_eq!(headers["x-amz-object-lock-mode"], "GOVERNANCE");
        assert_eq!(headers["x-amz-object-lock-retain-until-date"], "1970-01-01T00:00:00Z");
        assert_eq!(headers["x-amz-object-lock-legal-hold"], "ON");
        assert_eq!(unlocked(headers).len(), 1);
    }
}
