use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use storage_suite::storage_core::options::{Checksum, PutMode};
use storage_suite::storage_core::url::{UploadTerms, UrlGrant, UrlRefusal};
use storage_suite::{Bucket, Error, ErrorKind};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::time::rfc_3339;

/// Check a URL that the folder signed
///
/// Prints what it allows, or says why it must be refused. A server checks its own URLs.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage verify-url \"$(storage url cat.jpg)\"
  storage verify-url \"$(storage url cat.jpg --method head)\" --method HEAD
  storage verify-url \"$UPLOAD_URL\" --method PUT --header content-type:image/png --header content-length:48213

JSON:
  {\"key\", \"method\", \"expires_at\", \"response\": {\"response-cache-control\": …}}, and \"upload\" with what may be
  uploaded; for a refused URL an error whose code says why")]
pub(crate) struct VerifyUrl {
    /// The URL, or its path and query
    url: String,
    /// The method that the request would have
    #[arg(long, default_value = "GET")]
    method: String,
    /// A header that the request would have; may be repeated
    #[arg(long, value_name = "NAME:VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("a header is given as NAME:VALUE")?;
    let name = name.trim().parse().map_err(|_| "that is no name of a header")?;
    let value = HeaderValue::from_str(value.trim()).map_err(|_| "a value of a header is printable ASCII")?;
    Ok((name, value))
}

pub(crate) fn run(args: &VerifyUrl, context: &Context<'_>) -> Result<Exit, Failure> {
    let path = path_and_query(&args.url);
    let mut headers = HeaderMap::new();
    for (name, value) in &args.header {
        headers.append(name, value.clone());
    }
    let mut refusal = None;
    for bucket in buckets(context) {
        let Some(verifier) = bucket.storage().url_verifier() else { continue };
        match verifier.verify_url(&args.method, path, &headers) {
            Ok(grant) => return report(&grant, context),
            Err(UrlRefusal::UnknownPath) => refusal = refusal.or(Some((UrlRefusal::UnknownPath, bucket))),
            Err(reason) => return Err(refused(reason, bucket).into()),
        }
    }
    match refusal {
        Some((reason, bucket)) => Err(refused(reason, bucket).into()),
        None => Err(Error::unsupported("the server checks its URLs itself: ask it for the object")
            .with_operation("verify_url")
            .with_store(context.bucket.name())
            .into()),
    }
}

/// The bucket that the command line names, else all.
fn buckets<'a>(context: &'a Context<'_>) -> Box<dyn Iterator<Item = &'a Bucket> + 'a> {
    match context.is_named {
        true => Box::new(std::iter::once(&context.bucket)),
        false => Box::new(context.storages.buckets()),
    }
}

/// What a web server sees of a URL.
fn path_and_query(url: &str) -> &str {
    let rest = url.split_once("://").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap_or(url)
}

fn report(grant: &UrlGrant, context: &Context<'_>) -> Result<Exit, Failure> {
    let expires = grant.expires_at.map(rfc_3339);
    let response: serde_json::Map<_, _> =
        grant.response.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let method = grant.method.as_str();
    let mut json =
        json!({"key": grant.key.as_str(), "method": method, "expires_at": expires, "response": response});
    if let Some(terms) = &grant.upload {
        json["upload"] = upload(terms);
    }
    context.output.result(&json, || {
        let until = expires.as_deref().map(|time| format!(" until {time}")).unwrap_or_default();
        format!("good: {method} {}{until}", context.output.shown(grant.key.as_str()))
    })?;
    Ok(Exit::Ok)
}

/// What may be uploaded. Lengths without a bound are left out, as is what nobody demanded.
fn upload(terms: &UploadTerms) -> Value {
    let put = &terms.put;
    let attributes = &put.attributes;
    let (mode, etag) = match &put.mode {
        PutMode::Create => ("create", None),
        PutMode::IfMatch(etag) => ("if-match", Some(etag.as_str())),
        _ => ("overwrite", None),
    };
    let checksum = match put.checksum {
        Some(Checksum::Md5(_)) => Some("md5"),
        Some(Checksum::Sha256(_)) => Some("sha256"),
        _ => None,
    };
    let mut json = json!({
        "min_length": (terms.min_length > 0).then_some(terms.min_length),
        "max_length": (terms.max_length < u64::MAX).then_some(terms.max_length),
        "content_type": attributes.content_type,
        "cache_control": attributes.cache_control,
        "content_disposition": attributes.content_disposition,
        "content_encoding": attributes.content_encoding,
        "content_language": attributes.content_language,
        "metadata": attributes.metadata,
        "tags": put.tags,
        "checksum": checksum,
        "mode": mode,
        "etag": etag,
    });
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    json
}

fn refused(reason: UrlRefusal, bucket: &Bucket) -> Error {
    Error::new(ErrorKind::PermissionDenied, reason.to_string())
        .with_operation("verify_url")
        .with_store(bucket.name())
        .with_code(code(reason))
        .with_hint("make a new one with `storage url`")
}

fn code(reason: UrlRefusal) -> &'static str {
    match reason {
        UrlRefusal::UnknownPath => "unknown_path",
        UrlRefusal::Malformed => "malformed",
        UrlRefusal::Unsigned => "unsigned",
        UrlRefusal::SignatureMismatch => "signature_mismatch",
        UrlRefusal::Expired => "expired",
        UrlRefusal::MethodNotAllowed => "method_not_allowed",
        UrlRefusal::HeaderMismatch => "header_mismatch",
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use storage_suite::storage_core::PutOptions;

    use super::*;

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let (name, value) = header("Content-Type: text/plain; a:b").unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("content-type", "text/plain; a:b"));
        for bad in ["", "content-type", "a b:c", ":x", "a:b\nc"] {
            assert!(header(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_may_be_uploaded_is_told_without_what_nobody_demanded() {
        let put =
            PutOptions::new().content_type("image/png").metadata("a", "b").mode(PutMode::IfMatch("e".into()));
        let terms = UploadTerms::new(put.checksum(Checksum::Sha256([1; 32]))).with_length(0, 9);
        let expected = json!({
            "max_length": 9, "content_type": "image/png", "metadata": {"a": "b"}, "tags": {}, "checksum": "sha256",
            "mode": "if-match", "etag": "e",
        });
        assert_eq!(upload(&terms), expected);
        let anything = json!({"metadata": {}, "tags": {}, "mode": "overwrite"});
        assert_eq!(upload(&UploadTerms::new(PutOptions::new())), anything);
    }

    #[test]
    fn a_server_sees_path_and_query() {
        assert_eq!(path_and_query("https://host:1/files/a?b=://c"), "/files/a?b=://c");
        assert_eq!(path_and_query("/files/a?b"), "/files/a?b");
        assert_eq!(path_and_query("https://host"), "https://host");
    }
}
