//! What an upload has to be like: parameters of its URL, by the names that S3 has for the headers, and the headers of the request.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::{HeaderMap, HeaderValue, header};
use storage_core::options::{Checksum, PutMode};
use storage_core::url::{UploadOptions, UploadTerms, UrlRefusal};
use storage_core::{ETag, Error, PutOptions, Result};

use super::address::{decode, encode};
use super::attribute_names::{self, METADATA_PREFIX};

/// As by [`write`], each name once.
type Demands = BTreeMap<String, String>;

/// What would change the object, or when it is stored: on S3 it would be honoured, so that it is not ignored here.
const NOT_IGNORED: [&str; 7] = [
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-range",
    "if-match",
    "if-none-match",
];

/// What the options demand.
pub(super) fn write(options: &UploadOptions) -> Result<Demands> {
    let put = &options.put;
    let mut demands: Demands = attribute_names::iter(&put.attributes)
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut demand = |name: &str, value: String| drop(demands.insert(name.to_owned(), value));
    if let Some(bytes) = options.content_length {
        demand("content-length", bytes.to_string());
    }
    match &put.mode {
        PutMode::Overwrite => {}
        PutMode::Create => demand("if-none-match", "*".to_owned()),
        PutMode::IfMatch(etag) if is_plain(etag) => demand("if-match", etag.quoted()),
        PutMode::IfMatch(_) => {
            return Err(Error::invalid_input(
                "the ETag of the condition is no printable ASCII, or holds a quote",
            ));
        }
        _ => return Err(Error::unsupported("a put mode of a later version")),
    }
    match &put.checksum {
        None => {}
        Some(Checksum::Md5(digest)) => demand("content-md5", BASE64.encode(digest)),
        Some(Checksum::Sha256(digest)) => demand("x-amz-checksum-sha256", BASE64.encode(digest)),
        Some(_) => return Err(Error::unsupported("a digest of a later version")),
    }
    if !put.tags.is_empty() {
        let tags = put.tags.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        demand("x-amz-tagging", tags.collect::<Vec<_>>().join("&"));
    }
    Ok(demands)
}

/// The headers that the client has to send. Lengths it sends by itself.
pub(super) fn headers(demands: &Demands) -> Vec<(String, String)> {
    let demands = demands.iter().filter(|(name, _)| *name != "content-length");
    demands.map(|(name, value)| (name.clone(), header_value(name, value).into_owned())).collect()
}

/// What is granted, if the headers are as demanded.
pub(super) fn verify(demands: &Demands, headers: &HeaderMap) -> Result<UploadTerms, UrlRefusal> {
    for (name, value) in demands {
        let sent = the_only(headers, name)?.ok_or(UrlRefusal::HeaderMismatch)?;
        if sent.as_bytes() != header_value(name, value).as_bytes() {
            return Err(UrlRefusal::HeaderMismatch);
        }
    }
    let is_demanded = |name: &str| demands.contains_key(name);
    let is_ignored = |name: &str| !NOT_IGNORED.contains(&name) && !name.starts_with("x-amz-");
    if !headers.keys().all(|name| is_ignored(name.as_str()) || is_demanded(name.as_str())) {
        return Err(UrlRefusal::HeaderMismatch);
    }
    let mut terms = read(demands).ok_or(UrlRefusal::Malformed)?;
    if terms.put.attributes.content_type.is_none()
        && let Some(chosen) = the_only(headers, header::CONTENT_TYPE.as_str())?
    {
        let chosen = chosen.to_str().map_err(|_| UrlRefusal::HeaderMismatch)?;
        terms.put = terms.put.content_type(chosen);
        terms.put.validate().map_err(|_| UrlRefusal::HeaderMismatch)?;
    }
    Ok(terms)
}

/// The reverse of [`write`].
fn read(demands: &Demands) -> Option<UploadTerms> {
    let mut put = PutOptions::new();
    let mut length = (0, u64::MAX);
    for (name, value) in demands {
        put = match name.as_str() {
            "content-length" => {
                let bytes = value.parse().ok()?;
                length = (bytes, bytes);
                put
            }
            "if-none-match" => put.mode(PutMode::Create),
            "if-match" => put.mode(PutMode::IfMatch(ETag::new(value))),
            "content-md5" => put.checksum(Checksum::Md5(digest(value)?)),
            "x-amz-checksum-sha256" => put.checksum(Checksum::Sha256(digest(value)?)),
            "x-amz-tagging" => value.split('&').try_fold(put, |put, tag| {
                let (name, value) = tag.split_once('=')?;
                Some(put.tag(decode(name)?, decode(value)?))
            })?,
            name => attribute_names::set(&mut put.attributes, name, value.clone()).then_some(put)?,
        };
    }
    Some(UploadTerms::new(put).with_length(length.0, length.1))
}

fn digest<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

fn is_plain(etag: &ETag) -> bool {
    !etag.as_str().is_empty() && etag.as_str().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
}

/// A header that may be there once at most.
fn the_only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>, UrlRefusal> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(UrlRefusal::HeaderMismatch),
    }
}

/// Metadata that would not arrive as it is travels as one encoded word ([RFC 2047](https://www.rfc-editor.org/rfc/rfc2047)), as on S3:
/// browsers send Latin-1 at most.
fn header_value<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    let arrives = !value.is_empty() && value.is_ascii() && !value.contains("  ") && !value.contains("=?");
    match arrives || !name.starts_with(METADATA_PREFIX) {
        true => value.into(),
        false => format!("=?UTF-8?B?{}?=", BASE64.encode(value)).into(),
    }
}
