use std::collections::BTreeMap;

use storage_core::capability::Ability;
use storage_core::options::CustomerKey;
use storage_core::outcome::PutOutcome;
use storage_core::{ErrorKind, ObjectKey, ObjectMeta, Result};

use super::Store;
use crate::actions::metadata::SaveId;
use crate::actions::{get_object_tagging, head_object, headers};
use crate::client::Answer;

impl Store {
    pub(super) async fn stat(&self, key: &ObjectKey) -> Result<ObjectMeta> {
        head_object::answer(&self.head(key, None).await?, key.clone())
    }

    pub(super) async fn tags(&self, key: &ObjectKey) -> Result<BTreeMap<String, String>> {
        self.require(Ability::Tags)?;
        get_object_tagging::answer(&self.client.call(&get_object_tagging::request(key)).await?)
    }

    pub(super) async fn head(&self, key: &ObjectKey, customer_key: Option<&CustomerKey>) -> Result<Answer> {
        match self.client.call(&head_object::request(key, customer_key)?).await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.explain(error).await),
        }
    }

    /// Whether the object under the key is the one that was written with this id: the write succeeded, though its answer was lost.
    pub(super) async fn own_success(
        &self,
        key: &ObjectKey,
        save_id: &SaveId,
        size: u64,
        customer_key: Option<&CustomerKey>,
    ) -> Result<Option<PutOutcome>> {
        match self.head(key, customer_key).await {
            Ok(answer) if save_id.is_in(&answer.headers) => Ok(Some(
                PutOutcome::new(size)
                    .with_etag(headers::read_etag(&answer.headers))
                    .with_version(headers::read_version(&answer.headers)),
            )),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
