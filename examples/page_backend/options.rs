use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use storage_suite::storage_core::options::Checksum;
use storage_suite::storage_core::url::{FormOptions, FormSuccess, UploadOptions, UrlMethod};
use storage_suite::storage_core::{AcceptOptions, PutOptions};
use storage_suite::{Error, Result, UrlOptions};

/// How long all that is signed lives, in seconds.
const EXPIRY: Duration = Duration::from_secs(600);

/// Options of a URL.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Reading {
    #[serde(default)]
    pub(crate) age: u64,
    method: Option<String>,
    download_as: Option<String>,
    content_type: Option<String>,
    /// In seconds.
    stable_for: Option<u64>,
}

impl Reading {
    pub(crate) fn url(self) -> Result<UrlOptions> {
        let mut options = UrlOptions::new().expires_in(EXPIRY);
        if let Some(name) = self.method {
            let method = UrlMethod::from_name(&name);
            options = options.method(method.ok_or_else(|| Error::invalid_input("no method of a URL"))?);
        }
        if let Some(name) = self.download_as {
            options = options.download_as(name);
        }
        if let Some(value) = self.content_type {
            options = options.response_content_type(value);
        }
        if let Some(seconds) = self.stable_for {
            options = options.stable_for(Duration::from_secs(seconds));
        }
        Ok(options)
    }
}

/// Options of an upload by PUT.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Uploading {
    #[serde(default)]
    pub(crate) age: u64,
    content_type: Option<String>,
    content_length: Option<u64>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    /// The content's SHA-256 as hexadecimal digits.
    sha256: Option<String>,
}

impl Uploading {
    pub(crate) fn upload(self) -> Result<UploadOptions> {
        let mut put = PutOptions::new();
        if let Some(value) = self.content_type {
            put = put.content_type(value);
        }
        for (name, value) in self.metadata {
            put = put.metadata(name, value);
        }
        if let Some(digits) = self.sha256 {
            put = put.checksum(Checksum::Sha256(digest(&digits)?));
        }
        let mut options = UploadOptions::new().expires_in(EXPIRY).put(put);
        if let Some(bytes) = self.content_length {
            options = options.content_length(bytes);
        }
        Ok(options)
    }
}

fn digest(digits: &str) -> Result<[u8; 32]> {
    let bad = || Error::invalid_input("no SHA-256");
    let bytes: Vec<u8> = (0..digits.len())
        .step_by(2)
        .map(|at| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect::<Option<_>>()
        .ok_or_else(bad)?;
    bytes.try_into().map_err(|_| bad())
}

/// Conditions of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Form {
    #[serde(default)]
    pub(crate) age: u64,
    max_length: Option<u64>,
    content_type: Option<String>,
    content_type_prefix: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    status: Option<u16>,
    redirect: Option<String>,
}

impl Form {
    pub(crate) fn form(self) -> FormOptions {
        let mut options = FormOptions::new().expires_in(EXPIRY);
        if let Some(bytes) = self.max_length {
            options = options.max_length(bytes);
        }
        if let Some(value) = self.content_type {
            options = options.content_type(value);
        }
        if let Some(prefix) = self.content_type_prefix {
            options = options.content_type_prefix(prefix);
        }
        for (name, value) in self.metadata {
            options = options.metadata(name, value);
        }
        options.success(match (self.redirect, self.status) {
            (Some(url), _) => FormSuccess::Redirect(url),
            (None, Some(200)) => FormSuccess::Ok,
            (None, Some(201)) => FormSuccess::Created,
            (None, _) => FormSuccess::NoContent,
        })
    }
}

/// What an upload has to be like.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Accepting {
    max_length: Option<u64>,
    #[serde(default)]
    content_types: Vec<String>,
}

impl Accepting {
    pub(crate) fn accept(self) -> AcceptOptions {
        let options = AcceptOptions::new().content_types(self.content_types);
        match self.max_length {
            Some(bytes) => options.max_length(bytes),
            None => options,
        }
    }
}
