use storage_core::{Bucket, Error, ErrorKind, FileUrl, ObjectKey, Result, UrlOptions};
use storage_static::collect::Documents;
use storage_static::manifest::Manifest;
use storage_static::resolve::Statics;

/// Static files of a private bucket: each URL is signed, and works for a while.
///
/// What CSS and JavaScript refer to has no signature of its own: such files work behind a proxy that signs, or have no references.
#[derive(Debug)]
pub struct SignedStatics {
    bucket: Bucket,
    manifest: Manifest,
    /// For integrity values, and the nearest names of one that is not there.
    statics: Statics,
}

impl SignedStatics {
    pub(super) fn new(bucket: Bucket, documents: Documents) -> Self {
        let Documents { manifest, index, .. } = documents;
        let builder = match index {
            Some(index) => Statics::builder().index(index),
            None => Statics::builder(),
        };
        let statics = builder.manifest(&manifest);
        Self { bucket, manifest, statics }
    }

    /// The URL of a file, signed as the bucket's are by default. No server is asked.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](ErrorKind::InvalidInput) with the nearest names, if there is no such file; those of [`Bucket::url`].
    pub fn url(&self, name: &str) -> Result<FileUrl> {
        self.bucket.url(&self.key(name)?)
    }

    /// The same, signed otherwise.
    ///
    /// # Errors
    ///
    /// Those of [`url`](Self::url).
    pub fn url_with(&self, name: &str, options: UrlOptions) -> Result<FileUrl> {
        self.bucket.url_with(&self.key(name)?, options)
    }

    /// The value for an `integrity` attribute: of styles and scripts.
    pub fn integrity(&self, name: &str) -> Option<&str> {
        self.statics.integrity(name)
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.manifest.iter().map(|(name, _)| name)
    }

    fn key(&self, name: &str) -> Result<ObjectKey> {
        match (self.manifest.get(name), self.statics.url(name)) {
            (Some(served), _) => Ok(ObjectKey::new(served)?),
            (None, Err(unknown)) => {
                Err(Error::new(ErrorKind::InvalidInput, unknown.to_string()).with_source(unknown))
            }
            (None, Ok(_)) => {
                Err(Error::invalid_input(format!("{name} has a query or a fragment, which cannot be signed")))
            }
        }
    }
}
