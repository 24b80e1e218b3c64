use storage_core::capability::{Ability, Capabilities};

const MIB: u64 = 1024 * 1024;

/// What kind of server or store is behind an `ObjectStore`. It decides what is claimed to be possible.
///
/// `object_store` tells nobody what a store can do, so this has to be said; [`from_url`](crate::from_url) knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// `object_store::memory::InMemory`.
    Memory,
    /// `object_store::local::LocalFileSystem`. It keeps no attributes: nothing but content.
    LocalFolder,
    /// Amazon S3, Cloudflare R2, MinIO and other S3 servers that heed `If-None-Match` and `If-Match`.
    AmazonS3,
    /// Google Cloud Storage.
    GoogleCloudStorage,
    /// Azure Blob Storage. Names of metadata must be identifiers there: letters, digits and `_`.
    AzureBlobStorage,
    /// A `WebDAV` server. It keeps no attributes but the content type, and knows no condition on writes but on copies.
    WebDav,
    /// Any other store, of which nothing is taken for granted: no condition on writes, but attributes.
    #[default]
    Other,
}

impl Backend {
    /// What such a store can do, unless [it is said otherwise](crate::ObjectStoreStorageBuilder::with_ability).
    pub fn capabilities(self) -> Capabilities {
        let of = |abilities: &[Ability]| {
            abilities.iter().fold(Capabilities::none(), |set, ability| set.with(*ability))
        };
        match self {
            Self::Memory => of(&[
                Ability::Attributes,
                Ability::CreateIfAbsent,
                Ability::PutIfMatch,
                Ability::CopyIfAbsent,
                Ability::KeyBelowKey,
                Ability::LongSegments,
            ]),
            Self::LocalFolder => of(&[Ability::CreateIfAbsent, Ability::CopyIfAbsent]),
            // `object_store` copies under a condition only with a header of one server (R2), or without the attributes. Servers that keep
            // objects in files, as MinIO does, cannot name them as they like.
            Self::AmazonS3 => of(&[
                Ability::Attributes,
                Ability::CreateIfAbsent,
                Ability::PutIfMatch,
                Ability::StorageClass,
                Ability::KeyBelowKey,
            ]),
            Self::GoogleCloudStorage | Self::AzureBlobStorage => of(&[
                Ability::Attributes,
                Ability::CreateIfAbsent,
                Ability::PutIfMatch,
                Ability::CopyIfAbsent,
                Ability::StorageClass,
                Ability::KeyBelowKey,
                Ability::LongSegments,
            ]),
            Self::WebDav => of(&[Ability::CopyIfAbsent]),
            Self::Other => of(&[Ability::Attributes, Ability::KeyBelowKey, Ability::LongSegments]),
        }
    }

    /// Whether content can go in parts.
    pub(crate) fn has_parts(self) -> bool {
        self != Self::WebDav
    }

    /// Whether attributes travel in HTTP headers, as they may also do in a store of which nothing is known.
    pub(crate) fn has_headers(self) -> bool {
        self != Self::Memory
    }

    /// Whether a name of metadata must be an identifier
    /// ([Azure, "Naming and referencing metadata"](https://learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#metadata-names)).
    pub(crate) fn metadata_names_are_identifiers(self) -> bool {
        self == Self::AzureBlobStorage
    }

    /// Whether a request may be sent twice, so that a conditional write may meet its own earlier success.
    pub(crate) fn repeats_requests(self) -> bool {
        !matches!(self, Self::Memory | Self::LocalFolder | Self::WebDav)
    }

    /// Whether a condition on a write names a version instead of an entity tag.
    pub(crate) fn has_generations(self) -> bool {
        self == Self::GoogleCloudStorage
    }

    /// Whether an answer of 404 can mean that the bucket is missing.
    pub(crate) fn has_buckets(self) -> bool {
        matches!(self, Self::AmazonS3 | Self::GoogleCloudStorage | Self::AzureBlobStorage)
    }

    /// Whether entity tags are in quotes when they are handed to the store; `None` if that has to be found out.
    pub(crate) fn quotes_etags(self) -> Option<bool> {
        match self {
            Self::Other => None,
            _ => Some(true),
        }
    }

    /// The largest object that the server copies by one request.
    pub(crate) fn copy_limit(self) -> u64 {
        match self {
            // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
            Self::AmazonS3 => 5 * 1024 * MIB,
            _ => u64::MAX,
        }
    }
}
