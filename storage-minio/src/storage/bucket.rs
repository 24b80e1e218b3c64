use storage_core::admin::Creation;
use storage_core::{Error, ErrorKind, Result};

use super::Store;
use crate::actions::create_bucket::{self, Kind};
use crate::actions::head_bucket;
use crate::actions::list_objects_v2::{self, Query};
use crate::client::{Exchange, Reading, Request, SMALL_ANSWER};

impl Store {
    pub(super) async fn create_bucket(&self) -> Result<Creation> {
        self.create_bucket_as(Kind::Plain).await
    }

    pub(super) async fn create_bucket_as(&self, kind: Kind) -> Result<Creation> {
        match self.client.call(&create_bucket::request(&self.client.region, kind)).await {
            Ok(_) => Ok(Creation::Created),
            Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => Ok(Creation::Existed),
            // Some servers do not say whose it is.
            Err(error)
                if error.is_already_exists() && self.bucket_exists().await.is_ok_and(|exists| exists) =>
            {
                Ok(Creation::Existed)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn bucket_exists(&self) -> Result<bool> {
        let Err(error) = self.client.call(&head_bucket::request()).await else { return Ok(true) };
        let reason = match needs_explanation(&error) {
            true => self.ask_bucket().await,
            false => Err(error),
        };
        match reason {
            Ok(()) => Ok(true),
            Err(reason) if reason.kind() == ErrorKind::BucketMissing => Ok(false),
            Err(reason) => Err(reason),
        }
    }

    /// Sends a write, and where the bucket is missing and may be created, creates it and sends the write again.
    pub(super) async fn write(&self, request: &Request) -> Exchange {
        let reading = Reading::Document(SMALL_ANSWER);
        let exchange = self.client.exchange(request, reading).await;
        match &exchange.result {
            Err(error) if self.create_bucket_on_save && error.kind() == ErrorKind::BucketMissing => {
                match Box::pin(self.create_bucket()).await {
                    // Somebody else may have been faster; whether the bucket is ours to write, the write itself says.
                    Err(error) if !error.is_already_exists() => Exchange { result: Err(error), ..exchange },
                    _ => self.client.exchange(request, reading).await,
                }
            }
            _ => exchange,
        }
    }

    /// Asks for a listing of one key, whose refusal has a document.
    async fn ask_bucket(&self) -> Result<()> {
        let query = Query { max_keys: Some("1"), ..Query::default() };
        self.client.call(&list_objects_v2::request(query)).await.map(drop)
    }
}

/// Whether a HEAD was refused without a reason. Its answer has no document, so that most servers do not say whether the key or the bucket is
/// missing, nor why they refuse, and not even whether they are S3 servers.
pub(crate) fn needs_explanation(error: &Error) -> bool {
    error.code().is_none() && matches!(error.http_status(), Some(400..=404))
}
