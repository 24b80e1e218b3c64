use std::collections::HashMap;
use std::sync::Arc;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};
use object_store::Result;
use object_store::path::Path;
use storage_core::key::RawKey;
use storage_core::{Error, Storage};

use crate::translate::errors::into_foreign;

/// How many keys are deleted at once.
const AT_ONCE: usize = 1_000;

/// Deletes what comes, as many as are ready at a time. Each location is answered for, in order.
pub(super) fn delete(
    storage: Arc<dyn Storage>,
    locations: BoxStream<'static, Result<Path>>,
) -> BoxStream<'static, Result<Path>> {
    let deleting = locations.ready_chunks(AT_ONCE).then(move |locations| {
        let storage = Arc::clone(&storage);
        async move { stream::iter(delete_chunk(&*storage, locations).await) }
    });
    deleting.flatten().boxed()
}

async fn delete_chunk(storage: &dyn Storage, locations: Vec<Result<Path>>) -> Vec<Result<Path>> {
    let keys = locations.iter().filter_map(|location| Some(RawKey::new(location.as_ref().ok()?)));
    let mut failed: HashMap<String, Error> = match storage.delete_many(keys.collect()).await {
        Ok(deletion) => {
            deletion.failed.into_iter().map(|(key, error)| (key.as_str().to_owned(), error)).collect()
        }
        Err(error) => {
            let mut error = Some(error);
            let each = |location: Result<Path>| {
                let location = location?;
                let error = error.take().unwrap_or_else(|| {
                    Error::new(storage_core::ErrorKind::Other, "it went with a request that failed")
                        .with_key(&location)
                });
                Err(into_foreign(error))
            };
            return locations.into_iter().map(each).collect();
        }
    };
    let each = |location: Result<Path>| {
        let location = location?;
        match failed.remove(location.as_ref()) {
            Some(error) => Err(into_foreign(error)),
            None => Ok(location),
        }
    };
    locations.into_iter().map(each).collect()
}
