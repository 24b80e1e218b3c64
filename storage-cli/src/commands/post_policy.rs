use std::time::Duration;

use serde_json::{Value, json};
use storage_suite::storage_core::url::{FormKey, FormOptions, FormSuccess, UploadForm};
use storage_suite::{Error, ObjectKey};

use super::headers::Headers;
use super::{duration, pair, size, upload_key};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Print a form that a browser uploads one object with, and the conditions that the store holds it to
///
/// As JSON for a script, or as --html. No server is asked. Whatever is uploaded is what the uploader says it is: take it by
/// `storage accept`, which looks into it.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage post-policy --bucket uploads --max-length 5MiB --content-type 'image/*' --expires 10m
  storage post-policy cat.jpg --content-type image/jpeg --html > form.html
  storage post-policy --below inbox --max-length 1GiB --redirect https://example.org/thanks
  storage post-policy notes.txt --success 201 --metadata author=me --json | jq .fields

JSON:
  {\"key\", \"below\", \"method\", \"url\", \"fields\": [[\"name\", \"value\"], …], \"expires_in\"}, and \"html\" with --html;
  a script appends the fields to a FormData in this order, then the file, as `file`")]
pub(crate) struct PostPolicy {
    /// Key of the object; without one, a random one that nobody can guess
    #[arg(conflicts_with = "below")]
    key: Option<String>,
    /// Take any key below this folder: the file's own name is used
    #[arg(long, value_name = "FOLDER")]
    below: Option<String>,
    /// How long it is valid, 1s to 7d; default: what the settings say, else 7d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expires: Option<Duration>,
    /// Content type of the upload: exactly, or a kind such as image/* or */*; default: none may be named
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The fewest bytes, or as 10KiB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "0")]
    min_length: u64,
    /// The most bytes, or as 10MiB; at most 5GiB
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "5GiB")]
    max_length: u64,
    #[command(flatten)]
    headers: Headers,
    /// Status of the answer to a successful upload
    #[arg(long, value_name = "STATUS", default_value = "204", value_parser = ["200", "201", "204"])]
    success: String,
    /// Send the browser to this absolute URL after a successful upload
    #[arg(long, value_name = "URL", conflicts_with = "success")]
    redirect: Option<String>,
    /// A further field that must be sent exactly so; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    field: Vec<(String, String)>,
    /// A further field whose value must begin so, and which the script adds; may be repeated
    #[arg(long, value_name = "NAME=PREFIX", value_parser = pair)]
    field_prefix: Vec<(String, String)>,
    /// Print an HTML form; with --json it is the JSON's `html`
    #[arg(long)]
    html: bool,
}

pub(crate) fn run(args: &PostPolicy, context: &Context<'_>) -> Result<Exit, Failure> {
    let key = match &args.below {
        Some(folder) => FormKey::Below(ObjectKey::new(folder.trim_end_matches('/')).map_err(Error::from)?),
        None => FormKey::Exact(upload_key(args.key.as_deref())?),
    };
    let options = options(args)?;
    if args.html {
        check_html(&options)?;
    }
    let form = context.bucket.upload_form(&key, options)?;
    let json = to_json(&form, args);
    context.output.result(&json, || match args.html {
        true => form.to_html().trim_end().to_owned(),
        false => format!("{json:#}"),
    })?;
    Ok(Exit::Ok)
}

fn options(args: &PostPolicy) -> Result<FormOptions, Failure> {
    let mut options = FormOptions::new().min_length(args.min_length).max_length(args.max_length);
    options.expires_in = args.expires;
    options.attributes = args.headers.attributes();
    match args.content_type.as_deref() {
        Some("*/*") => options.content_type_prefix = Some(String::new()),
        Some(kind) if kind.contains('*') => options.content_type_prefix = Some(prefix_of(kind)?),
        exact => options.attributes.content_type = exact.map(str::to_owned),
    }
    options.fields = unique("--field", &args.field)?;
    options.field_prefixes = unique("--field-prefix", &args.field_prefix)?;
    options.success = match (&args.redirect, args.success.as_str()) {
        (Some(url), _) => FormSuccess::Redirect(url.clone()),
        (None, "200") => FormSuccess::Ok,
        (None, "201") => FormSuccess::Created,
        (None, _) => FormSuccess::NoContent,
    };
    Ok(options)
}

/// `image/` of `image/*`.
fn prefix_of(kind: &str) -> Result<String, Failure> {
    match kind.strip_suffix('*') {
        Some(prefix) if prefix.len() > 1 && prefix.find(['/', '*']) == Some(prefix.len() - 1) => {
            Ok(prefix.to_owned())
        }
        _ => Err(Failure::usage(format!("--content-type {kind}: a kind is written as image/* or */*"))),
    }
}

fn unique<C: FromIterator<(String, String)>>(option: &str, pairs: &[(String, String)]) -> Result<C, Failure> {
    let is_twice =
        |(at, (name, _)): (usize, &(String, String))| pairs[..at].iter().any(|(known, _)| known == name);
    match pairs.iter().enumerate().any(is_twice) {
        true => Err(Failure::usage(format!("{option} gives a name twice"))),
        false => Ok(pairs.iter().cloned().collect()),
    }
}

/// HTML alone sends no field of which only the beginning is known: every upload would be refused.
fn check_html(options: &FormOptions) -> Result<(), Failure> {
    match options.content_type_prefix.is_some() || !options.field_prefixes.is_empty() {
        true => Err(Failure::usage(
            "--html: a form without a script cannot fill in a kind of content type or a --field-prefix; name the exact type, or \
             leave it to `storage accept --type`",
        )),
        false => Ok(()),
    }
}

fn to_json(form: &UploadForm, args: &PostPolicy) -> Value {
    let (key, below) = match &form.key {
        FormKey::Exact(key) => (Some(key.as_str()), None),
        FormKey::Below(folder) => (None, Some(folder.as_str())),
        _ => (None, None),
    };
    let mut json = json!({
        "key": key,
        "below": below,
        "method": form.method,
        "url": form.url.as_str(),
        "fields": form.fields,
        "expires_in": args.expires.map(|expiry| expiry.as_secs()),
    });
    if args.html {
        json["html"] = form.to_html().into();
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_what_comes_before_the_slash() {
        assert_eq!(prefix_of("image/*").ok().as_deref(), Some("image/"));
        for bad in ["*", "image*", "/*", "*/png", "image/*x", "image/p*", "image/**", "a/b/*"] {
            assert!(prefix_of(bad).is_err(), "{bad}");
        }
    }
}
