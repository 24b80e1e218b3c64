use std::time::Duration;

use clap::ValueEnum;
use serde_json::json;
use storage_suite::storage_core::url::{ResponseOverrides, UrlMethod};
use storage_suite::{FileUrl, ObjectKey, UrlOptions};

use super::{duration, pair};
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
  curl -O \"$(storage url cat.jpg)\"")]
pub(crate) struct Url {
    /// Keys of the objects
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// How long it is valid, 1s to 7d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expires: Option<Duration>,
    /// Have browsers save it under this file name
    #[arg(long, value_name = "NAME")]
    download_as: Option<String>,
    /// What it may be used for
    #[arg(long, value_enum, default_value_t)]
    method: Method,
    /// A header that the answer shall have: cache-control, content-disposition, content-encoding, content-language, content-type
    /// or expires; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    response: Vec<(String, String)>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Method {
    #[default]
    Get,
    Head,
}

pub(crate) fn run(args: Url, context: &Context<'_>) -> Result<Exit, Failure> {
    let options = options(&args)?;
    let mut exit = Exit::Ok;
    for key in &args.keys {
        match url(key, &options, context) {
            Ok((key, url)) => {
                let seconds = options.expires_in.map(|expiry| expiry.as_secs());
                let json = json!({"key": key.as_str(), "url": url.as_str(), "method": name(options.method), "expires_in": seconds});
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
    options.method = match args.method {
        Method::Get => UrlMethod::Get,
        Method::Head => UrlMethod::Head,
    };
    Ok(match &args.download_as {
        Some(name) => options.download_as(name),
        None => options,
    })
}

pub(super) fn name(method: UrlMethod) -> &'static str {
    match method {
        UrlMethod::Head => "HEAD",
        _ => "GET",
    }
}
