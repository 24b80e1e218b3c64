//! [DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use md5::{Digest, Md5};
use storage_core::key::RawKey;
use storage_core::{Error, ErrorKind, Result};

use super::put_object::CONTENT_MD5;
use super::xml::{Xml, escape};
use crate::client::{Answer, Request, kind_of_code, printable};

/// How many keys one request may name.
pub(crate) const MAX_KEYS: usize = 1_000;

pub(crate) fn request(keys: &[RawKey]) -> Result<Request> {
    let mut document =
        String::from(r#"<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>"#);
    for key in keys {
        document.push_str("<Object><Key>");
        document.push_str(&escape(key.as_str()));
        document.push_str("</Key></Object>");
    }
    document.push_str("</Delete>");
    // Required by S3 for this action.
    let digest = STANDARD.encode(Md5::digest(&document));
    Request::bucket(Method::POST).query([("delete", "")]).document(document).header(CONTENT_MD5, &digest)
}

/// Whether the key can be named in a request. XML 1.0 knows no control characters but tab and line breaks.
pub(crate) fn can_name(key: &RawKey) -> bool {
    let is_text = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    !key.as_str().is_empty() && key.as_str().chars().all(is_text)
}

/// Each key that is still there, and why. A key that did not exist is none.
pub(crate) fn answer(answer: &Answer) -> Result<Vec<(RawKey, Error)>> {
    let mut failed = Vec::new();
    let mut xml = Xml::open_as(&answer.document, "DeleteResult")?;
    while let Some(name) = xml.child()? {
        if name != "Error" {
            xml.skip()?;
            continue;
        }
        let (mut key, mut code, mut message) = (String::new(), String::new(), String::new());
        while let Some(name) = xml.child()? {
            match name {
                "Key" => key = xml.text()?.into_owned(),
                "Code" => code = xml.text()?.into_owned(),
                "Message" => message = xml.text()?.into_owned(),
                _ => xml.skip()?,
            }
        }
        let kind = kind_of_code(&code).unwrap_or(ErrorKind::Other);
        if kind != ErrorKind::NotFound {
            failed
                .push((RawKey::new(key), Error::new(kind, printable(&message)).with_code(printable(&code))));
        }
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::sample;
    use crate::transport::Content;

    #[test]
    fn names_each_key_and_its_own_digest() {
        let request = request(&[RawKey::new("a&b"), RawKey::new("c\r")]).unwrap();
        let Content::Bytes(document) = &request.content else { panic!("no bytes") };
        assert_eq!(
            document,
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet><Object><Key>a&amp;b</Key></Object>\
             <Object><Key>c&#13;</Key></Object></Delete>"
        );
        assert_eq!(request.query.as_str(), "delete=");
        assert_eq!(request.headers["content-md5"], STANDARD.encode(Md5::digest(document)).as_str());
    }

    #[test]
    fn some_keys_cannot_be_named() {
        assert!(can_name(&RawKey::new("a//b\n日本😀")));
        for key in ["", "\u{1}", "a\u{0}", "\u{ffff}"] {
            assert!(!can_name(&RawKey::new(key)), "{key:?}");
        }
    }

    #[test]
    fn reads_who_failed_and_why() {
        let document = "<DeleteResult><Deleted><Key>x</Key></Deleted><Error><Key>a&amp;b</Key><Code>AccessDenied</Code>\
                        <Message>Access Denied.</Message></Error><Error><Key>y</Key><Code>NoSuchKey</Code></Error></DeleteResult>";
        let failed = answer(&sample::answer(200, &[], document)).unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].0.as_str(), failed[0].1.kind()), ("a&b", ErrorKind::PermissionDenied));
        assert!(answer(&sample::answer(200, &[], "<html>")).is_err());
        assert!(answer(&sample::answer(200, &[], "<DeleteResult/>")).unwrap().is_empty());
    }
}
