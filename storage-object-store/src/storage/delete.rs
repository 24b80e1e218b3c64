use std::collections::HashSet;
use std::future::Future;

use futures_util::{StreamExt, stream};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use storage_core::key::RawKey;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::Store;
use super::get::is_no_file;
use crate::Backend;
use crate::translate::errors::translate;
use crate::translate::key_path::{exact, path_of};

/// How many keys go in one request at most
/// ([S3 API, DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)).
const AT_ONCE: usize = 1_000;

impl Store {
    pub(super) async fn delete(&self, key: &ObjectKey) -> Result<()> {
        let path = path_of(key)?;
        if self.is_dav_folder(&path).await? {
            return Ok(());
        }
        match twice(|| async { self.objects.delete(&path).await.map_err(translate) }).await {
            Err(error) if !is_gone(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether there is a folder of this name, and something in it: a `WebDAV` server would delete all of that
    /// ([RFC 4918 §9.6.1](https://www.rfc-editor.org/rfc/rfc4918#section-9.6.1)).
    async fn is_dav_folder(&self, path: &Path) -> Result<bool> {
        if self.backend != Backend::WebDav {
            return Ok(false);
        }
        match self.objects.list_with_delimiter(Some(path)).await.map_err(translate) {
            Ok(level) => Ok(!level.objects.is_empty() || !level.common_prefixes.is_empty()),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
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
        if self.backend == Backend::WebDav {
            let mut files = Vec::new();
            for path in paths {
                match self.is_dav_folder(&path).await {
                    Ok(true) => {}
                    Ok(false) => files.push(path),
                    Err(error) => failed.push((RawKey::new(path.as_ref()), error)),
                }
            }
            paths = files;
        }
        for chunk in paths.chunks(AT_ONCE) {
            self.delete_chunk(chunk, &mut failed).await?;
        }
        Ok(failed)
    }

    async fn delete_chunk(&self, paths: &[Path], failed: &mut Vec<(RawKey, Error)>) -> Result<()> {
        let deleting = || async {
            let asked = stream::iter(paths.to_vec()).map(Ok).boxed();
            let answers: Vec<_> = self.objects.delete_stream(asked).collect().await;
            let answers: Vec<Result<Path>> =
                answers.into_iter().map(|answer| answer.map_err(translate)).collect();
            let broke = |answer: &Result<Path>| matches!(answer, Err(error) if is_lost(error));
            match answers.iter().any(broke) {
                false => Ok(answers),
                true => Err(answers),
            }
        };
        let answers = match deleting().await {
            Ok(answers) => answers,
            Err(_) => deleting().await.unwrap_or_else(|answers| answers),
        };
        if answers.len() != paths.len() {
            // One error stands for the whole request.
            let error = answers.into_iter().find_map(Result::err);
            return Err(
                error.unwrap_or_else(|| Error::new(ErrorKind::Corrupt, "the store answered for other keys"))
            );
        }
        for (path, answer) in paths.iter().zip(answers) {
            match answer {
                Err(error) if !is_gone(&error) => failed.push((RawKey::new(path.as_ref()), error)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Deletes again where the answer was lost: twice does no harm, and `object_store` repeats a deletion only where the server answered.
async fn twice<Fut: Future<Output = Result<()>> + Send>(delete: impl Fn() -> Fut + Send) -> Result<()> {
    match delete().await {
        Err(error) if is_lost(&error) => delete().await,
        deleted => deleted,
    }
}

fn is_lost(error: &Error) -> bool {
    error.is_retryable() && error.http_status().is_none()
}

/// Whether there was nothing to delete. A missing bucket is another thing.
fn is_gone(error: &Error) -> bool {
    error.is_not_found() || is_no_file(error)
}
