use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use storage_core::options::{CustomerKey, PutMode};
use storage_core::outcome::PutOutcome;
use storage_core::{ETag, Error, ObjectKey, Result};
use tokio::sync::oneshot;

use super::Store;
use super::lost_answer::{Reach, Stamped};
use crate::actions::metadata::SaveId;
use crate::actions::upload_part::PartId;
use crate::actions::{abort_multipart_upload, complete_multipart_upload, create_multipart_upload};
use crate::client::{Reading, SMALL_ANSWER};

/// How long a failure is held back for the sake of cleaning up.
pub(super) const CLEANING_WAIT: Duration = Duration::from_secs(3);

/// When an upload is aborted for the second time: parts that were on their way may have arrived after the first
/// ([S3 API, AbortMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html)).
const ABORT_AGAIN: Duration = Duration::from_secs(2);

/// A multipart upload that is under way. Dropped before it is complete, it is aborted, so that its parts take no space.
pub(super) struct Upload {
    pub(super) store: Arc<Store>,
    pub(super) key: ObjectKey,
    id: String,
    is_open: bool,
}

/// How an upload is to end.
pub(super) struct Completion<'a> {
    /// The tags of the parts 1, 2, 3 and so on.
    pub(super) parts: &'a [ETag],
    pub(super) size: u64,
    pub(super) mode: &'a PutMode,
    /// What the object's headers were stamped with.
    pub(super) save_id: &'a SaveId,
    pub(super) customer_key: Option<&'a CustomerKey>,
}

impl Upload {
    /// `headers` describe the object that is to be.
    ///
    /// It is begun in a task of its own: if the caller loses interest meanwhile, the upload comes into being and is aborted.
    pub(super) async fn begin(store: &Arc<Store>, key: &ObjectKey, headers: HeaderMap) -> Result<Self> {
        let (store, key) = (Arc::clone(store), key.clone());
        let beginning = tokio::spawn(async move {
            let request = create_multipart_upload::request(&key, headers);
            let id = create_multipart_upload::answer(&store.write(&request).await.result?)?;
            store.client.traits.learn_from_upload(&id);
            Ok(Self { store, key, id, is_open: true })
        });
        beginning.await.map_err(Error::from_body)?
    }

    pub(super) fn part(&self, number: u32) -> PartId<'_> {
        PartId { key: &self.key, upload: &self.id, number }
    }

    /// Makes the parts an object, or aborts the upload.
    pub(super) async fn complete(mut self, how: Completion<'_>) -> Result<PutOutcome> {
        let request = complete_multipart_upload::request(&self.key, &self.id, how.parts, how.mode)?;
        let exchange = self.store.client.exchange(&request, Reading::Document(SMALL_ANSWER)).await;
        let reach = Reach::of(&exchange);
        let answered =
            exchange.result.and_then(|answer| complete_multipart_upload::answer(&answer, how.size));
        let stamped =
            Stamped { key: &self.key, save_id: how.save_id, size: how.size, customer_key: how.customer_key };
        let settled = self.store.settle(answered, reach, stamped).await;
        match settled {
            Ok(_) => self.is_open = false,
            Err(_) => self.abort().await,
        }
        settled
    }

    /// Aborts the upload. Whether that succeeds or not, the caller has a more telling error to report, and gets it soon: with a dead
    /// server the attempt goes on in the background.
    pub(super) async fn abort(mut self) {
        if let Some(aborting) = self.abort_in_background() {
            let _ = tokio::time::timeout(CLEANING_WAIT, aborting).await;
        }
    }

    fn abort_in_background(&mut self) -> Option<oneshot::Receiver<()>> {
        if !std::mem::take(&mut self.is_open) {
            return None;
        }
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        let store = Arc::clone(&self.store);
        let request = abort_multipart_upload::request(&self.key, &self.id).cleaning_up();
        let (done, is_done) = oneshot::channel();
        runtime.spawn(async move {
            let _ = store.client.call(&request).await;
            // Whoever waits for it may have gone.
            let _ = done.send(());
            tokio::time::sleep(ABORT_AGAIN).await;
            let _ = store.client.call(&request).await;
        });
        Some(is_done)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        drop(self.abort_in_background());
    }
}
