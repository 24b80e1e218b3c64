use std::collections::BTreeMap;

use storage_core::capability::Ability;
use storage_core::options::CustomerKey;
use storage_core::outcome::PutOutcome;
use storage_core::{Error, ErrorKind, GetOptions, ObjectKey, ObjectMeta, Result};

use super::Store;
use super::bucket::needs_explanation;
use crate::actions::metadata::{self, SaveId};
use crate::actions::{get_object, get_object_tagging, head_object, headers};
use crate::client::{Answer, Reading};

/// What is under a key after a write whose answer says too little.
pub(super) enum Found {
    /// What was written.
    Own(PutOutcome),
    Another,
    Nothing,
}

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
            Err(error) => Err(self.explain(error, key, customer_key).await),
        }
    }

    /// Makes more of a refusal without a reason: asks for the object's first byte, whose refusal has a document.
    async fn explain(&self, error: Error, key: &ObjectKey, customer_key: Option<&CustomerKey>) -> Error {
        let is_clear = self.client.has_seen_bucket() && !self.client.traits.hides_unknown_access_keys();
        if !needs_explanation(&error) || (error.is_not_found() && is_clear) {
            return error;
        }
        match self.ask_object(key, customer_key).await {
            Err(reason) if reason.kind() != ErrorKind::RangeNotSatisfiable => reason,
            // It is there, and was all along or is now: only an S3 server can say which.
            _ if error.http_status() == Some(404) && !error.is_not_found() => Error::new(
                ErrorKind::Unavailable,
                "the server answers a GET, but not a HEAD of the same object",
            )
            .with_http_status(404),
            _ => error,
        }
    }

    async fn ask_object(&self, key: &ObjectKey, customer_key: Option<&CustomerKey>) -> Result<()> {
        let mut first = GetOptions::new().range(0..1);
        first.customer_key = customer_key.cloned();
        // Its bytes are of no interest; the connection goes with them.
        self.client.exchange(&get_object::request(key, &first)?, Reading::Stream).await.result.map(drop)
    }

    /// Which object is under the key: the one that was written with this id is there though its write's answer was lost.
    pub(super) async fn found_after_write(
        &self,
        key: &ObjectKey,
        save_id: &SaveId,
        size: u64,
        customer_key: Option<&CustomerKey>,
    ) -> Result<Found> {
        match self.head(key, customer_key).await {
            Ok(answer) if metadata::holds(&answer.headers, save_id) => Ok(Found::Own(
                PutOutcome::new(size)
                    .with_etag(headers::read_etag(&answer.headers))
                    .with_version(headers::read_version(&answer.headers)),
            )),
            Ok(_) => Ok(Found::Another),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(error),
        }
    }
}
