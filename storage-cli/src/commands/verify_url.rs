use http::HeaderMap;
use serde_json::json;
use storage_suite::storage_core::url::{UrlGrant, UrlRefusal};
use storage_suite::{Bucket, Error, ErrorKind};

use super::url::name;
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
  storage verify-url \"$(storage url cat.jpg --method head)\" --method HEAD")]
pub(crate) struct VerifyUrl {
    /// The URL, or its path and query
    url: String,
    /// The method that the request would have
    #[arg(long, default_value = "GET")]
    method: String,
}

pub(crate) fn run(args: &VerifyUrl, context: &Context<'_>) -> Result<Exit, Failure> {
    let path = path_and_query(&args.url);
    let mut refusal = None;
    for bucket in buckets(context) {
        let Some(verifier) = bucket.storage().url_verifier() else { continue };
        match verifier.verify_url(&args.method, path, &HeaderMap::new()) {
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
    let method = name(grant.method);
    let json =
        json!({"key": grant.key.as_str(), "method": method, "expires_at": expires, "response": response});
    context.output.result(&json, || {
        let until = expires.as_deref().map(|time| format!(" until {time}")).unwrap_or_default();
        format!("good: {method} {}{until}", context.output.shown(grant.key.as_str()))
    })?;
    Ok(Exit::Ok)
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
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_sees_path_and_query() {
        assert_eq!(path_and_query("https://host:1/files/a?b=://c"), "/files/a?b=://c");
        assert_eq!(path_and_query("/files/a?b"), "/files/a?b");
        assert_eq!(path_and_query("https://host"), "https://host");
    }
}
