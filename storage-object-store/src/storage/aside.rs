use std::sync::Arc;

use object_store::ObjectStoreExt;
use storage_core::key::STAGED;
use storage_core::{ObjectKey, Result};
use tokio::runtime::Handle;

use super::Store;
use crate::translate::key_path::path_of;
use storage_core::backend::SaveId;

/// An object under a random key below `.staged/` in the folder of the key that it is meant for. It is deleted in the end, also when it is
/// dropped.
pub(super) struct Aside {
    store: Arc<Store>,
    pub(super) key: ObjectKey,
    is_deleted: bool,
}

impl Aside {
    /// The place for what is meant for `key`.
    pub(super) fn of(store: &Arc<Store>, key: &ObjectKey) -> Result<Self> {
        let name = format!("{STAGED}{}", SaveId::random()?.as_str());
        let key = match key.parent() {
            Some(folder) => ObjectKey::new(format!("{folder}/{name}")).or_else(|_| ObjectKey::new(&name))?,
            None => ObjectKey::new(&name)?,
        };
        Ok(Self { store: Arc::clone(store), key, is_deleted: false })
    }

    /// Deletes it. If that fails it is tried once more in the background.
    pub(super) async fn discard(mut self) {
        self.is_deleted = self.store.delete(&self.key).await.is_ok();
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if self.is_deleted {
            return;
        }
        if let (Ok(path), Ok(runtime)) = (path_of(&self.key), Handle::try_current()) {
            let store = Arc::clone(&self.store);
            runtime.spawn(async move {
                let _ = store.objects.delete(&path).await;
            });
        }
    }
}
