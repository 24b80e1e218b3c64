use futures_util::TryStreamExt as _;
use storage_core::list::{ListItem, ListOptions};
use storage_core::{Error, ErrorKind, StorageExt as _};

use super::{CollectError, StaticBucket};
use crate::manifest::{Index, MANIFEST_NAME, Manifest};
use crate::plan::INDEX_FOLDER;
use crate::resolve::{Statics, StaticsBuilder};

impl StaticBucket {
    /// The names of the deploy that is in the bucket, as `builder` says: the manifest, and its index for integrity values, preloads and variants.
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`], with [`NotFound`](ErrorKind::NotFound) if nothing was collected yet; [`CollectError::Index`] for a manifest or
    /// an index that is broken.
    pub async fn statics(&self, builder: StaticsBuilder) -> Result<Statics, CollectError> {
        let json = self.document(MANIFEST_NAME, "reading the manifest").await?;
        let broken = |source| CollectError::Index { key: MANIFEST_NAME.to_owned(), source };
        let manifest = Manifest::parse(&json).map_err(broken)?;
        Ok(match self.index_of(&manifest.hash()).await? {
            Some(index) => builder.index(index).manifest(&manifest),
            None => builder.manifest(&manifest),
        })
    }

    /// The index of a manifest: most often the newest, after a rollback an older one.
    async fn index_of(&self, manifest_hash: &str) -> Result<Option<Index>, CollectError> {
        const DOING: &str = "looking for the index of the deploy";
        let failed = |source| CollectError::Store { doing: DOING, source };
        let folder = ListOptions::new().prefix(format!("{}{INDEX_FOLDER}/", self.prefix));
        let items: Vec<_> = self.storage.list(folder).try_collect().await.map_err(failed)?;
        for item in items.iter().rev() {
            let ListItem::Object(object) = item else { continue };
            let key = object.key.as_str().strip_prefix(&self.prefix).unwrap_or_default();
            if let Some(index) = self.index(key, DOING).await?
                && index.manifest_hash == manifest_hash
            {
                return Ok(Some(index));
            }
        }
        Ok(None)
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
