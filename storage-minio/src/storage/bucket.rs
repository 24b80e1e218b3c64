use storage_core::{Error, ErrorKind, Result};

use super::Store;
use crate::actions::list_objects_v2::{self, Query};
use crate::actions::{create_bucket, head_bucket};
use crate::client::{Exchange, Reading, Request, SMALL_ANSWER};

impl Store {
    pub(super) async fn create_bucket(&self) -> Result<()> {
        match self.client.call(&create_bucket::request(&self.client.region)).await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn bucket_exists(&self) -> Result<bool> {
        let Err(error) = self.client.call(&head_bucket::request()).await else { return Ok(true) };
        match self.explain_bucket(error).await {
            error if error.kind() == ErrorKind::BucketMissing => Ok(false),
            error => Err(error),
        }
    }

    /// Sends a write, and where the bucket is missing and may be created, creates it and sends the write again.
    pub(super) async fn write(&self, request: &Request) -> Exchange {
        let reading = Reading::Document(SMALL_ANSWER);
        let exchange = self.client.exchange(request, reading).await;
        match &exchange.result {
            Err(error) if self.create_bucket_on_save && error.kind() == ErrorKind::BucketMissing => {
                match self.create_bucket().await {
                    // Somebody else may have been faster; whether the bucket is ours to write, the write itself says.
                    Err(error) if !error.is_already_exists() => Exchange { result: Err(error), ..exchange },
                    _ => self.client.exchange(request, reading).await,
                }
            }
            _ => exchange,
        }
    }

    /// Makes more of an error that a HEAD on an object gave. Its answer has no body, so that most servers do not say whether the
    /// key or the bucket is missing, nor why they refuse.
    pub(super) async fn explain(&self, error: Error) -> Error {
        match error.http_status() {
            Some(404)
                if error.code().is_none()
                    && self.client.has_seen_bucket()
                    && !self.client.traits.hides_unknown_access_keys() =>
            {
                error
            }
            _ => self.explain_bucket(error).await,
        }
    }

    /// Asks for a listing of one key, whose refusal has a body.
    async fn explain_bucket(&self, error: Error) -> Error {
        if error.code().is_some() || !matches!(error.http_status(), Some(400..=404)) {
            return error;
        }
        let query = Query { max_keys: Some("1"), ..Query::default() };
        match self.client.call(&list_objects_v2::request(query)).await {
            Ok(_) => error,
            // The bucket is there, but may not be listed; the object itself was answered for.
            Err(reason) if reason.kind() == ErrorKind::PermissionDenied => error,
            Err(reason) => reason,
        }
    }
}
