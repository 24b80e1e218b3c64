use storage_core::{Error, ErrorKind, StorageExt as _};

use super::{CollectError, StaticBucket};
use crate::manifest::{Index, MANIFEST_NAME, Manifest};
use crate::plan::INDEX_FOLDER;
use crate::resolve::{Statics, StaticsBuilder};

/// What names are resolved by.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Documents {
    /// The manifest.
    pub manifest: Manifest,
    /// The index that is of it, if there is one.
    pub index: Option<Index>,
    /// Calls of the store that it took to read them.
    pub requests: u64,
}

impl StaticBucket {
    /// The names of the deploy that is in the bucket, as `builder` says: the manifest, and its index for integrity values, preloads and variants.
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`], with [`NotFound`](ErrorKind::NotFound) if nothing was collected yet; [`CollectError::Index`] for a manifest or
    /// an index that is broken.
    pub async fn statics(&self, builder: StaticsBuilder) -> Result<Statics, CollectError> {
        let Documents { manifest, index, .. } = self.documents().await?;
        Ok(match index {
            Some(index) => builder.index(index).manifest(&manifest),
            None => builder.manifest(&manifest),
        })
    }

    /// The manifest that is there and its index, for whoever keeps them elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`statics`](Self::statics).
    pub async fn documents(&self) -> Result<Documents, CollectError> {
        let json = self.document(MANIFEST_NAME, "reading the manifest").await?;
        let broken = |source| CollectError::Index { key: MANIFEST_NAME.to_owned(), source };
        let manifest = Manifest::parse(&json).map_err(broken)?;
        let (index, reads) = self.index_of(&manifest.hash()).await?;
        Ok(Documents { manifest, index, requests: 1 + reads })
    }

    /// The index of a manifest: most often the newest, after a rollback an older one.
    pub(crate) async fn index_of(&self, manifest_hash: &str) -> Result<(Option<Index>, u64), CollectError> {
        let everything = self.list(&format!("{INDEX_FOLDER}/")).await?;
        let (mut broken, mut reads) = (None, everything.pages);
        for (_, key) in everything.indexes {
            reads += 1;
            match self.index(&key, "looking for the index of the deploy").await {
                Ok(Some(index)) if index.manifest_hash == manifest_hash => {
                    return Ok((Some(index), reads));
                }
                Ok(_) => {}
                Err(error @ CollectError::Index { .. }) => broken = Some(error),
                Err(error) => return Err(error),
            }
        }
        // It may be the one.
        broken.map_or(Ok((None, reads)), Err)
    }

    /// `None` if it is gone: somebody prunes.
    pub(super) async fn index(&self, key: &str, doing: &'static str) -> Result<Option<Index>, CollectError> {
        match self.document(key, doing).await {
            Ok(json) => Index::parse(&json)
                .map(Some)
                .map_err(|source| CollectError::Index { key: key.to_owned(), source }),
            Err(CollectError::Store { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn document(&self, key: &str, doing: &'static str) -> Result<bytes::Bytes, CollectError> {
        let read = match self.key(key) {
            Ok(place) => self.storage.read(&place).await,
            Err(invalid) => Err(Error::from(invalid)),
        };
        read.map_err(|source| CollectError::Store { doing, source })
    }
}
