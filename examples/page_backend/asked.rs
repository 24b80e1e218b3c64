use std::path::PathBuf;

use serde::Deserialize;

use crate::options::{Accepting, Form, Reading, Uploading};

/// What a line asks for.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Asked {
    /// Stores a file of this machine as the application itself would.
    Save {
        name: String,
        file: PathBuf,
        #[serde(default)]
        inline: bool,
        cache_control: Option<String>,
    },
    /// A signed URL of what was saved or accepted.
    Url {
        key: String,
        #[serde(default)]
        options: Reading,
    },
    /// An upload by PUT to a key of its own.
    UploadUrl {
        #[serde(default)]
        options: Uploading,
    },
    /// A form to a key of its own, or to any below that.
    UploadForm {
        #[serde(default)]
        below: bool,
        #[serde(default)]
        options: Form,
    },
    /// A page that has static files of that bucket, for a browser that accepts these encodings.
    StaticPage { bucket: String, accept_encoding: String },
    /// What was uploaded there; `null` if nothing was.
    Uploaded { key: String },
    /// Takes an upload in, or rejects it.
    Accept {
        key: String,
        name: String,
        #[serde(default)]
        options: Accepting,
    },
}

impl Asked {
    /// How many seconds ago it shall have been asked.
    pub(crate) fn age(&self) -> u64 {
        match self {
            Self::Url { options, .. } => options.age,
            Self::UploadUrl { options } => options.age,
            Self::UploadForm { options, .. } => options.age,
            Self::Save { .. } | Self::StaticPage { .. } | Self::Uploaded { .. } | Self::Accept { .. } => 0,
        }
    }
}
