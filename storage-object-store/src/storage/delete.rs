use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use storage_core::key::RawKey;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::Store;
use super::get::is_no_file;
use crate::translate::errors::translate;
use crate::translate::key_path::{exact, path_of};

/// How many keys go in one request at most
/// ([S3 API, DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)).
const AT_ONCE: usize = 1_000;

impl Store {
    pub(super) async fn delete(&self, key: &ObjectKey) -> Result<()> {
        let path = path_of(key)?;
        let delete = async || self.objects.delete(&path).await.map_err(translate);
        let deleted = match delete().await {
            // Done or not: twice does no harm, and `object_store` repeats it only where the server answered.
            Err(error) if error.is_retryable() && error.http_status().is_none() => delete().await,
            deleted => deleted,
        };
        match deleted {
            Err(error) if !is_gone(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// The keys that are still there, and why.
    pub(super) async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Vec<(RawKey, Error)>> {
        let mut failed = Vec::new();
        let (mut paths, mut seen) = (Vec::new(), HashSet::new());
        for key in keys {
            match exact(key.as_str()) {
                // Some servers have a key that is named twice in one request fail.
                Some(path) if !seen.insert(path.clone()) => {}
                Some(path) => paths.push(path),
                None => failed.push((key, Error::unsupported("object_store cannot address this key"))),
            }
        }
        for chunk in paths.chunks(AT_ONCE) {
            self.delete_chunk(chunk, &mut failed).await?;
        }
        Ok(failed)
    }

    async fn delete_chunk(&self, paths: &[Path], failed: &mut Vec<(RawKey, Error)>) -> Result<()> {
        let asked = stream::iter(paths.to_vec()).map(Ok).boxed();
        let answers: Vec<_> = self.objects.delete_stream(asked).collect().await;
        if answers.len() != paths.len() {
            // One error stands for the whole request.
            let error = answers.into_iter().find_map(Result::err);
            return Err(error.map_or_else(
                || Error::new(ErrorKind::Corrupt, "the store answered for other keys"),
                translate,
            ));
        }
        for (path, answer) in paths.iter().zip(answers) {
            match answer.map_err(translate) {
                Err(error) if !is_gone(&error) => failed.push((RawKey::new(path.as_ref()), error)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether there was nothing to delete. A missing bucket is another thing.
fn is_gone(error: &Error) -> bool {
    error.is_not_found() || is_no_file(error)
}
