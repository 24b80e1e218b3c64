use std::fmt::Write;
use std::time::Duration;

use serde_json::{Map, Value, json};
use storage_suite::storage_core::options::{Checksum, PutMode};
use storage_suite::storage_core::url::{SignedUpload, UploadOptions};
use storage_suite::storage_core::{ETag, PutOptions};
use storage_suite::{Error, ObjectKey};

use super::digest::{self, Digest};
use super::headers::Headers;
use super::{duration, pair, size, upload_key};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Print a URL that somebody uploads one object to, by PUT
///
/// What is said of the object here, the upload has to say too: the headers are printed, and the store refuses any other. No server is
/// asked. Without --length the upload may be as long as the store takes: for a range there is `storage post-policy`.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage presign-put report.pdf --expires 15m --content-type application/pdf
  storage presign-put --length 48213 --sha256 \"$(sha256sum < cat.jpg | cut -c-64)\"
  storage presign-put --bucket uploads --json | jq -r .key        what `storage accept` takes later
  storage presign-put draft.txt --if-absent --metadata author=me --cache-control no-store

JSON:
  {\"key\", \"method\", \"url\", \"headers\": {\"name\": \"value\"}, \"content_length\", \"expires_in\"}; `fetch` takes method
  and headers as they are, and sets the length itself; the last two are null if not given")]
pub(crate) struct PresignPut {
    /// Key of the object; without one, a random one that nobody can guess
    key: Option<String>,
    /// How long it is valid, 1s to 7d; default: what the settings say, else 7d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expires: Option<Duration>,
    /// Content type that the upload must have; default: any
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Exact length of the upload, in bytes or as 10MiB; default: any
    #[arg(long, value_name = "SIZE", value_parser = size)]
    length: Option<u64>,
    /// SHA-256 of the upload, as 64 hexadecimal digits; the store checks it
    #[arg(long, value_name = "HEX", value_parser = digest::parse::<32>, conflicts_with = "md5")]
    sha256: Option<Digest<32>>,
    /// MD5 of the upload, as 32 hexadecimal digits; the store checks it
    #[arg(long, value_name = "HEX", value_parser = digest::parse::<16>)]
    md5: Option<Digest<16>>,
    #[command(flatten)]
    headers: Headers,
    /// Tags, as name=value, at most 10; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    tag: Vec<(String, String)>,
    #[arg(long, value_name = "CLASS", help = "Storage class, such as STANDARD_IA")]
    storage_class: Option<String>,
    /// Upload only if the key is free
    #[arg(long, conflicts_with = "if_match")]
    if_absent: bool,
    /// Replace only what has this ETag
    #[arg(long, value_name = "ETAG")]
    if_match: Option<String>,
}

pub(crate) fn run(args: &PresignPut, context: &Context<'_>) -> Result<Exit, Failure> {
    let key = upload_key(args.key.as_deref())?;
    let upload = context.bucket.upload_url(&key, options(args)?)?;
    let seconds = args.expires.map(|expiry| expiry.as_secs());
    if !upload.url.as_str().contains("://") {
        context.output.notice("the URL is a path of your site: STORAGE_BASE_URL makes whole ones");
    }
    context.output.result(&to_json(&key, &upload, seconds), || text(&upload))?;
    Ok(Exit::Ok)
}

fn options(args: &PresignPut) -> Result<UploadOptions, Failure> {
    let mut attributes = args.headers.attributes();
    attributes.content_type.clone_from(&args.content_type);
    let mut put = PutOptions::new().attributes(attributes);
    for (name, value) in &args.tag {
        put = put.tag(name, value);
    }
    put.storage_class.clone_from(&args.storage_class);
    put.checksum = match (args.sha256, args.md5) {
        (Some(Digest(digest)), _) => Some(Checksum::Sha256(digest)),
        (_, Some(Digest(digest))) => Some(Checksum::Md5(digest)),
        _ => None,
    };
    if args.if_absent {
        put.mode = PutMode::Create;
    }
    if let Some(etag) = &args.if_match {
        put.mode = PutMode::IfMatch(if_match(etag)?);
    }
    let mut options = UploadOptions::new().put(put);
    options.expires_in = args.expires;
    options.content_length = args.length;
    Ok(options)
}

fn if_match(etag: &str) -> Result<ETag, Failure> {
    match !etag.is_empty() && etag.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(ETag::new(etag)),
        false => Err(Error::invalid_input("an ETag is printable ASCII, without spaces").into()),
    }
}

fn to_json(key: &ObjectKey, upload: &SignedUpload, seconds: Option<u64>) -> Value {
    let headers: Map<_, _> =
        upload.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    json!({
        "key": key.as_str(),
        "method": upload.method,
        "url": upload.url.as_str(),
        "headers": headers,
        "content_length": upload.content_length,
        "expires_in": seconds,
    })
}

/// The request as it has to be sent, and the line that sends it.
fn text(upload: &SignedUpload) -> String {
    let mut text = format!("{} {}\n", upload.method, upload.url);
    for (name, value) in &upload.headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    if let Some(length) = upload.content_length {
        let _ = writeln!(text, "content-length: {length}");
    }
    // A path alone is no address for curl.
    if upload.url.as_str().contains("://") {
        let _ = write!(text, "\n{}", curl(upload));
    }
    text.truncate(text.trim_end().len());
    text
}

/// Curl sets the length by itself.
fn curl(upload: &SignedUpload) -> String {
    let mut line = "curl --fail --upload-file FILE".to_owned();
    for (name, value) in &upload.headers {
        let _ = write!(line, " --header {}", quoted(&format!("{name}: {value}")));
    }
    format!("{line} {}", quoted(upload.url.as_str()))
}

/// One word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_quoted_word() {
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
    }
}
