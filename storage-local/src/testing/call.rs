use storage_core::key::RawKey;
use storage_core::list::ListOptions;
use storage_core::url::{FormKey, FormOptions, UploadOptions};
use storage_core::{CopyOptions, GetOptions, ObjectKey, PutOptions, UrlOptions};

/// One call of a store, with what it was given.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[allow(missing_docs, reason = "fields are the arguments of the methods that the variants are named after")]
pub enum Call {
    /// [`Storage::probe`](storage_core::Storage::probe).
    Probe,
    /// [`Storage::put`](storage_core::Storage::put). The body is not kept here: what was stored is there to be looked at.
    Put { key: ObjectKey, options: PutOptions },
    /// [`Storage::get`](storage_core::Storage::get).
    Get { key: ObjectKey, options: GetOptions },
    /// [`Storage::stat`](storage_core::Storage::stat).
    Stat { key: ObjectKey },
    /// [`Storage::tags`](storage_core::Storage::tags).
    Tags { key: ObjectKey },
    /// [`Storage::delete`](storage_core::Storage::delete).
    Delete { key: ObjectKey },
    /// [`Storage::delete_many`](storage_core::Storage::delete_many).
    DeleteMany { keys: Vec<RawKey> },
    /// [`Storage::list`](storage_core::Storage::list).
    List { options: ListOptions },
    /// [`Storage::list_level`](storage_core::Storage::list_level).
    ListLevel { options: ListOptions },
    /// [`Storage::copy`](storage_core::Storage::copy).
    Copy { from: ObjectKey, to: ObjectKey, options: CopyOptions },
    /// [`Storage::rename`](storage_core::Storage::rename).
    Rename { from: ObjectKey, to: ObjectKey, options: CopyOptions },
    /// [`UrlSigner::public_url`](storage_core::url::UrlSigner::public_url).
    PublicUrl { key: ObjectKey },
    /// [`UrlSigner::signed_url`](storage_core::url::UrlSigner::signed_url).
    SignedUrl { key: ObjectKey, options: UrlOptions },
    /// [`UploadSigner::upload_url`](storage_core::url::UploadSigner::upload_url).
    UploadUrl { key: ObjectKey, options: UploadOptions },
    /// [`UploadSigner::upload_form`](storage_core::url::UploadSigner::upload_form).
    UploadForm { key: FormKey, options: FormOptions },
}

/// What a store can be asked to do. Variants are named after methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "variants are named after the methods")]
pub enum Operation {
    Probe,
    Put,
    Get,
    Stat,
    Tags,
    Delete,
    DeleteMany,
    List,
    ListLevel,
    Copy,
    Rename,
    PublicUrl,
    SignedUrl,
    UploadUrl,
    UploadForm,
}

impl Call {
    /// Which method was called.
    pub fn operation(&self) -> Operation {
        match self {
            Self::Probe => Operation::Probe,
            Self::Put { .. } => Operation::Put,
            Self::Get { .. } => Operation::Get,
            Self::Stat { .. } => Operation::Stat,
            Self::Tags { .. } => Operation::Tags,
            Self::Delete { .. } => Operation::Delete,
            Self::DeleteMany { .. } => Operation::DeleteMany,
            Self::List { .. } => Operation::List,
            Self::ListLevel { .. } => Operation::ListLevel,
            Self::Copy { .. } => Operation::Copy,
            Self::Rename { .. } => Operation::Rename,
            Self::PublicUrl { .. } => Operation::PublicUrl,
            Self::SignedUrl { .. } => Operation::SignedUrl,
            Self::UploadUrl { .. } => Operation::UploadUrl,
            Self::UploadForm { .. } => Operation::UploadForm,
        }
    }

    /// The one object that it is about; of a copy or a move, the source.
    pub fn key(&self) -> Option<&ObjectKey> {
        match self {
            Self::Put { key, .. }
            | Self::Get { key, .. }
            | Self::Stat { key }
            | Self::Tags { key }
            | Self::Delete { key }
            | Self::PublicUrl { key }
            | Self::SignedUrl { key, .. }
            | Self::UploadUrl { key, .. }
            | Self::UploadForm { key: FormKey::Exact(key), .. } => Some(key),
            Self::Copy { from, .. } | Self::Rename { from, .. } => Some(from),
            _ => None,
        }
    }
}

impl Operation {
    /// The method's name, as errors have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Put => "put",
            Self::Get => "get",
            Self::Stat => "stat",
            Self::Tags => "tags",
            Self::Delete => "delete",
            Self::DeleteMany => "delete_many",
            Self::List => "list",
            Self::ListLevel => "list_level",
            Self::Copy => "copy",
            Self::Rename => "rename",
            Self::PublicUrl => "public_url",
            Self::SignedUrl => "signed_url",
            Self::UploadUrl => "upload_url",
            Self::UploadForm => "upload_form",
        }
    }
}
