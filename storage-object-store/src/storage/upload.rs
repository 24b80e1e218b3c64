use std::sync::Arc;
use std::time::Duration;

use object_store::{MultipartUpload, PutMultipartOptions, PutPayload, PutResult, UploadPart};
use storage_core::{Error, ObjectKey, Result};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::Store;
use crate::translate::errors::translate;
use crate::translate::key_path::path_of;

/// How long a failure is held back for the sake of cleaning up.
const ABORT_WAIT: Duration = Duration::from_secs(3);

/// An upload in parts that is under way. Dropped before it is complete, it is aborted, so that its parts take no space.
pub(super) struct Upload(Option<Box<dyn MultipartUpload>>);

impl Upload {
    /// It is begun in a task of its own: if the caller loses interest meanwhile, the upload comes into being and is aborted.
    pub(super) async fn begin(
        store: &Arc<Store>,
        key: &ObjectKey,
        options: PutMultipartOptions,
    ) -> Result<Self> {
        let (store, path) = (Arc::clone(store), path_of(key)?);
        let beginning = tokio::spawn(async move {
            let upload =
                store.folder_kept(|| store.objects.put_multipart_opts(&path, options.clone())).await?;
            store.see_bucket();
            Ok(Self(Some(upload)))
        });
        beginning.await.map_err(Error::from_body)?
    }

    /// The next part, which is sent while the future is polled. Parts are in the order of the calls.
    pub(super) fn part(&mut self, payload: PutPayload) -> Result<UploadPart> {
        match &mut self.0 {
            Some(upload) => Ok(upload.put_part(payload)),
            None => Err(Error::invalid_input("the upload is at its end")),
        }
    }

    /// Makes the parts an object, or aborts the upload.
    pub(super) async fn complete(mut self) -> Result<PutResult> {
        let Some(upload) = &mut self.0 else { return Err(Error::invalid_input("the upload is at its end")) };
        match upload.complete().await {
            Ok(stored) => {
                self.0 = None;
                Ok(stored)
            }
            Err(error) => {
                let error = translate(error);
                self.abort().await;
                Err(error)
            }
        }
    }

    /// Aborts the upload. Whether that succeeds or not, the caller has a more telling error to report, and gets it soon: with a dead
    /// server the attempt goes on in the background.
    pub(super) async fn abort(mut self) {
        if let Some(aborting) = self.abort_in_background() {
            let _ = tokio::time::timeout(ABORT_WAIT, aborting).await;
        }
    }

    fn abort_in_background(&mut self) -> Option<JoinHandle<()>> {
        let mut upload = self.0.take()?;
        let runtime = Handle::try_current().ok()?;
        Some(runtime.spawn(async move {
            let _ = upload.abort().await;
        }))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        drop(self.abort_in_background());
    }
}
