use std::sync::Arc;

use crate::options::PutMode;
use crate::outcome::PutOutcome;
use crate::{Body, CopyOptions, ObjectKey, PutOptions, Result, Storage, random};

/// An object stored aside under a random key. Unless it is moved to its place, it is deleted again, also when the
/// future that holds it is dropped.
pub(super) struct Staged {
    storage: Arc<dyn Storage>,
    key: ObjectKey,
    is_moved: bool,
}

impl Staged {
    pub(super) async fn put(storage: &Arc<dyn Storage>, body: Body, options: PutOptions) -> Result<Self> {
        let key = ObjectKey::new(format!(".staged/{}", random::hex()?))?;
        let staged = Self { storage: Arc::clone(storage), key, is_moved: false };
        storage.put(&staged.key, body, options.mode(PutMode::Overwrite)).await?;
        Ok(staged)
    }

    pub(super) async fn move_to(&mut self, key: &ObjectKey, options: CopyOptions) -> Result<PutOutcome> {
        let moved = self.storage.rename(&self.key, key, options).await?;
        self.is_moved = true;
        Ok(moved)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.is_moved {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (storage, key) = (Arc::clone(&self.storage), self.key.clone());
            runtime.spawn(async move { storage.delete(&key).await });
        }
    }
}
