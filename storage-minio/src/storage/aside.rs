use std::sync::Arc;

use storage_core::key::STAGED;
use storage_core::{ObjectKey, Result};

use super::Store;
use super::upload::CLEANING_WAIT;
use crate::actions::delete_object;
use crate::actions::metadata::SaveId;
use crate::addressing::copy_source;

/// An object under a random key below `.staged/` in the folder of the key that it is meant for. Whoever completes it deletes it in the end.
pub(super) struct Aside {
    store: Arc<Store>,
    pub(super) key: ObjectKey,
}

impl Aside {
    /// The place for what is meant for `key`. It is empty yet.
    pub(super) fn of(store: &Arc<Store>, key: &ObjectKey) -> Result<Self> {
        let id = SaveId::random()?;
        let name = format!("{STAGED}{}", id.as_str());
        let key = match key.parent() {
            Some(folder) => ObjectKey::new(format!("{folder}/{name}")).or_else(|_| ObjectKey::new(&name))?,
            None => ObjectKey::new(&name)?,
        };
        Ok(Self { store: Arc::clone(store), key })
    }

    /// The value of `x-amz-copy-source`.
    pub(super) fn path(&self) -> String {
        copy_source(&self.store.client.bucket, &self.key)
    }

    /// Deletes it, in two attempts. Whether the save has succeeded does not depend on it: with a dead server they go on in the background.
    pub(super) async fn discard(self) {
        let deleting = tokio::spawn(async move {
            let request = delete_object::request(&self.key).cleaning_up();
            if self.store.client.call(&request).await.is_err() {
                let _ = self.store.client.call(&request).await;
            }
        });
        let _ = tokio::time::timeout(CLEANING_WAIT, deleting).await;
    }
}
