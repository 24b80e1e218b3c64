use storage_core::options::Retention;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::Store;
use crate::actions::object_lock::{self, HOLD, Lock, RETENTION};
use crate::client::Answer;

impl Store {
    pub(super) async fn retention(&self, key: &ObjectKey) -> Result<Option<Retention>> {
        Ok(self.read_lock(RETENTION, key, object_lock::retention).await?.flatten())
    }

    pub(super) async fn put_retention(&self, key: &ObjectKey, retention: &Retention) -> Result<()> {
        self.write_lock(RETENTION, key, &object_lock::retention_elements(retention)?).await
    }

    pub(super) async fn legal_hold(&self, key: &ObjectKey) -> Result<bool> {
        Ok(self.read_lock(HOLD, key, object_lock::is_held).await?.unwrap_or_default())
    }

    pub(super) async fn put_legal_hold(&self, key: &ObjectKey, is_held: bool) -> Result<()> {
        self.write_lock(HOLD, key, &object_lock::hold_elements(is_held)).await
    }

    /// Asks whether the bucket locks objects before the first is sent: servers store one all the same, and then refuse it or say nothing.
    ///
    /// # Errors
    ///
    /// `Unsupported` if it does not. Whatever else keeps the server from answering is left to the write itself.
    pub(super) async fn check_locks_are_kept(&self) -> Result<()> {
        if self.client.traits.locks() {
            return Ok(());
        }
        match self.client.call(&object_lock::of_bucket()).await {
            Ok(answer) if object_lock::is_enabled(&answer)? => {
                self.client.traits.seen_to_lock();
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Unsupported || is_absent(&error) => {
                Err(lacking().with_source(error))
            }
            Err(_) => Ok(()),
            Ok(_) => Err(lacking()),
        }
    }

    /// `None` if the server says that the object has no such lock.
    async fn read_lock<T>(
        &self,
        lock: Lock,
        key: &ObjectKey,
        answer: impl Fn(&Answer) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.client.call(&lock.read(key)).await {
            Ok(found) => answer(&found).map(Some),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.explained(error).await),
        }
    }

    async fn write_lock(&self, lock: Lock, key: &ObjectKey, elements: &str) -> Result<()> {
        match self.client.call(&lock.write(key, elements)?).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explained(error).await),
        }
    }

    /// Servers call a request invalid if the bucket does not lock objects, and MinIO also if a lock forbids it.
    async fn explained(&self, error: Error) -> Error {
        if !matches!(error.code(), Some("InvalidRequest" | "InvalidBucketObjectLockConfiguration")) {
            return error;
        }
        match self.check_locks_are_kept().await {
            Err(lacking) => lacking,
            Ok(()) => {
                Error::new(ErrorKind::PermissionDenied, "a lock can only be made longer").with_source(error)
            }
        }
    }
}

fn lacking() -> Error {
    Error::unsupported("this bucket does not lock objects")
        .with_hint("object lock is turned on when a bucket is created")
}

/// Of the object, or of its bucket: servers do not tell the two apart.
fn is_absent(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            "NoSuchObjectLockConfiguration"
                | "ObjectLockConfigurationNotFoundError"
                | "NoSuchObjectLegalHold"
        )
    )
}
