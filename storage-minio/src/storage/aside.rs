use std::sync::Arc;

use storage_core::{Error, ObjectKey, Result};
use tokio::runtime::Handle;

use super::Store;
use crate::actions::delete_object;
use crate::actions::metadata::SaveId;
use crate::addressing::copy_source;

/// An object under a random key below `.staged/` in the folder of the key that it is meant for. It is deleted in the end, also when it is
/// dropped.
pub(super) struct Aside {
    store: Arc<Store>,
    pub(super) key: ObjectKey,
    is_there: bool,
}

impl Aside {
    /// The place for what is meant for `key`. It is empty yet.
    pub(super) fn of(store: &Arc<Store>, key: &ObjectKey) -> Result<Self> {
        let id = SaveId::random()?;
        let name = format!(".staged/{}", id.as_str());
        let key = match key.parent() {
            Some(folder) => ObjectKey::new(format!("{folder}/{name}")).or_else(|_| ObjectKey::new(&name))?,
            None => ObjectKey::new(&name)?,
        };
        Ok(Self { store: Arc::clone(store), key, is_there: false })
    }

    /// From here on there may be something to delete.
    pub(super) fn is_stored(&mut self) {
        self.is_there = true;
    }

    /// The value of `x-amz-copy-source`.
    pub(super) fn path(&self) -> String {
        copy_source(&self.store.client.bucket, &self.key)
    }

    /// Deletes it. If that fails it is tried once more in the background.
    pub(super) async fn discard(mut self) {
        let deleted: Result<_, Error> = self.store.client.call(&delete_object::request(&self.key)).await;
        self.is_there = deleted.is_err();
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let (true, Ok(runtime)) = (self.is_there, Handle::try_current()) else { return };
        let (store, request) = (Arc::clone(&self.store), delete_object::request(&self.key));
        runtime.spawn(async move {
            let _ = store.client.call(&request).await;
        });
    }
}
