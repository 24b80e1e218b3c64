use std::sync::Arc;

use crate::options::PutMode;
use crate::outcome::PutOutcome;
use crate::{Body, CopyOptions, ObjectKey, PutOptions, Result, Storage, random};

/// An object stored aside under a random key, to be copied to its place. It is deleted in the end, also when the future that holds
/// it is dropped.
pub(super) struct Staged {
    storage: Arc<dyn Storage>,
    key: ObjectKey,
    is_deleted: bool,
}

impl Staged {
    pub(super) async fn put(storage: &Arc<dyn Storage>, body: Body, options: PutOptions) -> Result<Self> {
        let key = ObjectKey::new(format!(".staged/{}", random::hex()?))?;
        // Also a put that failed or was given up may have stored it: the answer may be what was lost.
        let staged = Self { storage: Arc::clone(storage), key, is_deleted: false };
        match storage.put(&staged.key, body, options.mode(PutMode::Overwrite)).await {
            Ok(_) => Ok(staged),
            Err(error) => {
                staged.discard().await;
                Err(error)
            }
        }
    }

    pub(super) async fn copy_to(&self, to: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        self.storage.copy(&self.key, to, options).await
    }

    /// Deletes what was stored aside. If that fails it is tried once more in the background; whether the save has succeeded does not
    /// depend on it.
    pub(super) async fn discard(mut self) {
        self.is_deleted = self.storage.delete(&self.key).await.is_ok();
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.is_deleted {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (storage, key) = (Arc::clone(&self.storage), self.key.clone());
            runtime.spawn(async move { storage.delete(&key).await });
        }
    }
}
