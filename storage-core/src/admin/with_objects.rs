use crate::body::next;
use crate::key::RawKey;
use crate::list::{ListItem, ListOptions};
use crate::{Error, ErrorKind, Result, Storage};

/// How many keys are deleted at a time: what S3 takes in one request.
const TOGETHER: usize = 1_000;

/// Deletes a bucket with all that is in it: unfinished uploads, every object, and then the bucket. Gives how many objects there were.
///
/// It is not one act: whoever writes meanwhile, or something that cannot be deleted, leaves a bucket with what is left. In a bucket that keeps
/// versions, older ones stay, and the bucket with them.
///
/// # Errors
///
/// [`Unsupported`](ErrorKind::Unsupported) if the store has no bucket that can be deleted;
/// [`PreconditionFailed`](ErrorKind::PreconditionFailed) if something is in it still; the first object that could not be deleted.
pub async fn delete_with_objects(storage: &dyn Storage) -> Result<u64> {
    let admin = storage.bucket_admin().ok_or_else(|| {
        Error::unsupported("this store has no buckets")
            .with_operation("delete_bucket")
            .with_store(storage.name())
    })?;
    if let Ok(mut uploads) = admin.unfinished_uploads("") {
        loop {
            match next(&mut uploads).await {
                Some(Ok(upload)) => admin.abort_upload(&upload).await?,
                None => break,
                // A server that cannot list them deletes them with the bucket.
                Some(Err(error))
                    if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::BucketMissing) =>
                {
                    break;
                }
                Some(Err(error)) => return Err(error),
            }
        }
    }
    let deleted = match delete_all(storage).await {
        Err(error) if error.kind() == ErrorKind::BucketMissing => 0,
        deleted => deleted?,
    };
    admin.delete().await?;
    Ok(deleted)
}

async fn delete_all(storage: &dyn Storage) -> Result<u64> {
    let mut items = storage.list(ListOptions::new());
    let (mut deleted, mut keys) = (0, Vec::new());
    loop {
        let item = next(&mut items).await.transpose()?;
        let is_end = item.is_none();
        keys.extend(item.map(key_of));
        if keys.len() == TOGETHER || is_end && !keys.is_empty() {
            deleted += keys.len() as u64;
            let deletion = storage.delete_many(std::mem::take(&mut keys)).await?;
            if let Some((_, error)) = deletion.failed.into_iter().next() {
                return Err(error);
            }
        }
        if is_end {
            return Ok(deleted);
        }
    }
}

fn key_of(item: ListItem) -> RawKey {
    match item {
        ListItem::Object(object) => RawKey::from(object.key),
        ListItem::Unaddressable(entry) => entry.key,
    }
}
