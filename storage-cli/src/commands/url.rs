use std::time::Duration;

use clap::ValueEnum;
use serde_json::json;
use storage_suite::storage_core::url::{ResponseOverrides, UrlMethod};
use storage_suite::{FileUrl, ObjectKey, UrlOptions};

use super::{duration, file_name, pair};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Print the URL of objects
///
/// Plain for a public bucket, signed for a private one or if an option asks for more. No server is asked, and the object need not
/// exist. On the folder it is the path that a web application serves it under.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  storage url cat.jpg
  storage url report.pdf --expires 1h --download-as 'Übersicht 2026.pdf'
  storage url notes.txt --response content-type=text/plain
  storage url cat.jpg --expires 1d --stable 1h       the same URL for an hour, for caches
  storage url cat.jpg --method delete --expires 5m
  curl -O \"$(storage url cat.jpg)\"

JSON:
  {\"key\", \"url\", \"method\", \"expires_in\", \"stable_for\"} for each key; the last two in seconds, null if not given")]
pub(crate) struct Url {
    /// Keys of the objects
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// How long it is valid, 1s to 7d; default: what the settings say, else 7d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expires: Option<Duration>,
    /// Make it the same, byte for byte, within each window of this length, 1s to less than 7d, so that it can be cached; with --expires
    /// at most 7d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    stable: Option<Duration>,
    /// What it may be used for; to upload there is `storage presign-put`
    #[arg(long, value_enum, default_value_t)]
    method: Method,
    /// Have browsers save it under this file name
    #[arg(long, value_name = "NAME", value_parser = file_name)]
    download_as: Option<String>,
    /// A header that the answer shall have: cache-control, content-disposition, content-encoding, content-language, content-type
    /// or expires; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    response: Vec<(String, String)>,
    /// A version of the object, where the store keeps several
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,
    /// A further parameter of the query, which is signed too; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    query: Vec<(String, String)>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Method {
    #[default]
    Get,
    Head,
    Delete,
    #[value(hide = true)]
    Put,
}

pub(crate) fn run(args: Url, context: &Context<'_>) -> Result<Exit, Failure> {
    let options = options(&args)?;
    let mut exit = Exit::Ok;
    for key in &args.keys {
        match url(key, &options, context) {
            Ok((key, url)) => {
                let seconds = options.expires_in.map(|expiry| expiry.as_secs());
                let stable = options.stable_for.map(|window| window.as_secs());
                let json = json!({
                    "key": key.as_str(), "url": url.as_str(), "method": options.method.as_str(), "expires_in": seconds,
                    "stable_for": stable,
                });
                context.output.result(&json, || url.to_string())?;
            }
            Err(failure) => exit = exit.and(context.output.failure(&failure)),
        }
    }
    Ok(exit)
}

fn url(key: &str, options: &UrlOptions, context: &Context<'_>) -> Result<(ObjectKey, FileUrl), Failure> {
    let key = ObjectKey::new(key).map_err(storage_suite::Error::from)?;
    let url = match *options == UrlOptions::new() {
        true => context.bucket.url(&key)?,
        false => context.bucket.url_with(&key, options.clone())?,
    };
    Ok((key, url))
}

fn options(args: &Url) -> Result<UrlOptions, Failure> {
    let mut response = ResponseOverrides::default();
    for (name, value) in &args.response {
        let name = name.to_ascii_lowercase();
        if !response.set(&format!("response-{name}"), value.clone()) {
            return Err(Failure::usage(format!("--response {name}: no such header can be asked for")));
        }
    }
    let mut options = UrlOptions::new().response(response);
    options.expires_in = args.expires;
    options.stable_for = args.stable;
    options.version.clone_from(&args.version_id);
    options.method = match args.method {
        Method::Get => UrlMethod::Get,
        Method::Head => UrlMethod::Head,
        Method::Delete => UrlMethod::Delete,
        Method::Put => {
            return Err(Failure::usage(
                "--method put: an upload has headers to send too; `storage presign-put` prints both",
            ));
        }
    };
    for (name, value) in &args.query {
        if options.query.insert(name.clone(), value.clone()).is_some() {
            return Err(Failure::usage(format!("--query gives `{name}` twice")));
        }
    }
    match &args.download_as {
        Some(_) if options.response.content_disposition.is_some() => Err(Failure::usage(
            "--download-as and --response content-disposition say the same; give one of them",
        )),
        Some(name) => Ok(options.download_as(name)),
        None => Ok(options),
    }
}
