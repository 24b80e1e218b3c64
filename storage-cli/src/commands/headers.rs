use storage_suite::storage_core::attributes::Attributes;
use storage_suite::storage_core::disposition;

use super::{file_name, pair};

/// What an object is stored with beside its content type, for commands that say it of an upload.
#[derive(clap::Args)]
pub(super) struct Headers {
    /// Cache-Control header
    #[arg(long, value_name = "VALUE")]
    cache_control: Option<String>,
    /// Content-Disposition header; a file name in it has to be encoded: --download-as does
    #[arg(long, value_name = "VALUE", conflicts_with = "download_as")]
    content_disposition: Option<String>,
    /// Have browsers save the object under this file name, whatever its key is
    #[arg(long, value_name = "NAME", value_parser = file_name)]
    download_as: Option<String>,
    /// Content-Encoding header
    #[arg(long, value_name = "VALUE")]
    content_encoding: Option<String>,
    /// Content-Language header
    #[arg(long, value_name = "VALUE")]
    content_language: Option<String>,
    /// User metadata, as name=value, at most 1,920 bytes in all; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
}

impl Headers {
    pub(super) fn attributes(&self) -> Attributes {
        let mut attributes = Attributes::new();
        attributes.cache_control.clone_from(&self.cache_control);
        attributes.content_disposition = match &self.download_as {
            Some(name) => Some(disposition::attachment(name)),
            None => self.content_disposition.clone(),
        };
        attributes.content_encoding.clone_from(&self.content_encoding);
        attributes.content_language.clone_from(&self.content_language);
        self.metadata.iter().fold(attributes, |attributes, (name, value)| attributes.metadata(name, value))
    }
}
