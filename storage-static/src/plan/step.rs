use std::fmt;
use std::sync::Arc;

use crate::manifest::Headers;
use crate::variant::Encoding;

/// What happens to one object, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// When.
    pub phase: Phase,
    /// Its key, from the root of the static files.
    pub key: String,
    /// What is to be done.
    pub action: Action,
    /// Why that.
    pub reason: Reason,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Their length.
    pub size: u64,
    /// Their MD5, 32 digits: for `Content-MD5`, and what the `ETag` should be.
    pub md5: String,
    /// The headers that it is stored with.
    pub headers: Headers,
    /// Its compressed variants. They belong to the same phase.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

impl Step {
    /// The variants that are to be made.
    pub fn wanted(&self) -> impl Iterator<Item = &Variant> {
        let is_wanted =
            |variant: &&Variant| matches!(variant.state, VariantState::Wanted | VariantState::Outdated);
        self.variants.iter().filter(is_wanted)
    }

    /// The variants that get other headers only.
    pub fn stale(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.state == VariantState::Headers)
    }

    /// The headers that a variant is stored with.
    pub(crate) fn variant_headers(&self, encoding: Encoding) -> Headers {
        let mut headers = self.headers.clone();
        Arc::make_mut(&mut headers).insert("content-encoding".to_owned(), encoding.token().to_owned());
        headers
    }

    /// Whether nothing is to be done, to variants neither.
    pub fn is_idle(&self) -> bool {
        self.action == Action::Unchanged && self.wanted().chain(self.stale()).next().is_none()
    }
}

/// When something is stored: what is referred to before what refers to it, and plain names, which browsers know, at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Files with fingerprints that refer to no other one.
    Leaves,
    /// Files with fingerprints that do.
    Referrers,
    /// Files with plain names.
    Plain,
    /// Pages with plain names.
    Html,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Nothing: it is as it should be.
    Unchanged,
    /// A copy of the object onto itself, with other headers.
    Headers,
    /// The bytes are stored.
    Upload,
}

/// Why something is done, or not.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
#[non_exhaustive]
pub enum Reason {
    /// There is nothing under the key.
    New,
    /// What is there has another length.
    SizeDiffers {
        /// The length of what is there.
        was: u64,
    },
    /// What is there has another `ETag`, and no index says that it stands for the same content.
    ContentDiffers,
    /// The bytes are there, with other headers.
    HeadersDiffer {
        /// The names of those that differ.
        names: Vec<String>,
    },
    /// The bytes are there; no index says with which headers, and they are to be set all the same.
    HeadersUnknown,
    /// The key has a fingerprint, and what is there has the right length.
    SameName,
    /// The `ETag` is the MD5 of the bytes.
    SameMd5,
    /// The `ETag` is the one that the same bytes had in the deploy before.
    SameAsIndexed,
    /// Of the manifest: the bytes are there, and of another deploy.
    OtherDeploy,
}

impl Reason {
    /// What follows from it.
    pub fn action(&self) -> Action {
        match self {
            Self::New | Self::SizeDiffers { .. } | Self::ContentDiffers | Self::OtherDeploy => Action::Upload,
            Self::HeadersDiffer { .. } | Self::HeadersUnknown => Action::Headers,
            Self::SameName | Self::SameMd5 | Self::SameAsIndexed => Action::Unchanged,
        }
    }
}

/// Where the bytes of an object come from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The file of this name, as it is served: [`Graph::content`](crate::graph::Graph::content).
    Content(String),
    /// The file of this name, as it was found: [`Graph::source`](crate::graph::Graph::source).
    Source(String),
}

impl Origin {
    /// The plain name of the file.
    pub fn name(&self) -> &str {
        match self {
            Self::Content(name) | Self::Source(name) => name,
        }
    }
}

/// A compressed variant of an object.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Variant {
    /// How it is compressed.
    pub encoding: Encoding,
    /// Its key.
    pub key: String,
    /// Whether it is to be made. It has the headers of the object, and `content-encoding`.
    pub state: VariantState,
}

/// Whether a variant is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariantState {
    /// It is: it is not in the bucket. If it saves too little, it is not stored, and
    /// [`IndexedObject::declined`](crate::manifest::IndexedObject::declined) remembers that.
    Wanted,
    /// It is to be made, however little it saves: what is in the bucket is of other content.
    Outdated,
    /// It is in the bucket.
    Present,
    /// It is in the bucket, with other headers: it is copied onto itself.
    Headers,
    /// An earlier deploy has tried: it saves too little.
    Declined,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unchanged => "unchanged",
            Self::Headers => "headers",
            Self::Upload => "upload",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("it is not in the bucket"),
            Self::SizeDiffers { was } => write!(f, "what is there has {was} bytes"),
            Self::ContentDiffers => f.write_str("what is there has other content"),
            Self::HeadersDiffer { names } => write!(f, "its headers differ: {}", names.join(", ")),
            Self::HeadersUnknown => f.write_str("its headers are not known"),
            Self::SameName => f.write_str("its name says what is in it"),
            Self::SameMd5 => f.write_str("its ETag is the MD5"),
            Self::SameAsIndexed => f.write_str("its ETag is that of the deploy before"),
            Self::OtherDeploy => f.write_str("it says which deploy it is of"),
        }
    }
}
