use storage_core::key::RawKey;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::Store;
use crate::actions::list_objects_v2::{self, Query};
use crate::actions::{delete_object, delete_objects};
use crate::client::{LIST_ANSWER, Reading};

impl Store {
    pub(super) async fn delete(&self, key: &str) -> Result<()> {
        match self.client.call(&delete_object::request(key)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Each key that is still there, and why.
    pub(super) async fn delete_many(&self, keys: Vec<RawKey>) -> Result<Vec<(RawKey, Error)>> {
        let (together, alone): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_plain);
        let mut failed = Vec::new();
        for (index, chunk) in together.chunks(delete_objects::MAX_KEYS).enumerate() {
            match self.delete_chunk(chunk).await {
                Ok(keys) => failed.extend(keys),
                // Nothing is deleted yet: the call as a whole has failed.
                Err(error) if index == 0 => return Err(error),
                Err(error) => failed.extend(chunk.iter().map(|key| (key.clone(), again(&error)))),
            }
        }
        for key in alone {
            if let Err(error) = self.delete_odd(&key).await {
                failed.push((key, error));
            }
        }
        Ok(failed)
    }

    async fn delete_chunk(&self, keys: &[RawKey]) -> Result<Vec<(RawKey, Error)>> {
        let request = delete_objects::request(keys)?;
        let answer = self.client.exchange(&request, Reading::Document(LIST_ANSWER)).await.result?;
        delete_objects::answer(&answer)
    }

    /// Deletes a key that a server may take for another: for `a//b` some delete `a/b`. Only one that lists the key has it.
    async fn delete_odd(&self, key: &RawKey) -> Result<()> {
        if !self.lists(key).await? {
            return Ok(());
        }
        match delete_objects::can_name(key) {
            true => match self.delete_chunk(std::slice::from_ref(key)).await?.into_iter().next() {
                Some((_, error)) => Err(error),
                None => Ok(()),
            },
            false => self.delete(key.as_str()).await,
        }
    }

    /// Asks by a prefix that no server can mistake: one that takes `a//` for `a/` would confirm what it does not have. Odd keys come
    /// first below their prefix, unless it has a thousand that begin with a mark such as `!` or `-`.
    async fn lists(&self, key: &RawKey) -> Result<bool> {
        if key.as_str().is_empty() {
            return Ok(false);
        }
        let request =
            list_objects_v2::request(Query { prefix: plain_parent(key.as_str()), ..Query::default() });
        let answer = self.client.exchange(&request, Reading::Document(LIST_ANSWER)).await.result?;
        let page = list_objects_v2::answer(&answer)?;
        match page.objects.iter().any(|object| object.key == key.as_str()) {
            false if page.continuation.is_some() => {
                Err(Error::unsupported("whether the server has this very key cannot be told"))
            }
            found => Ok(found),
        }
    }
}

/// The folder before the first segment that is odd, or before the last.
fn plain_parent(key: &str) -> &str {
    let mut end = 0;
    for segment in key.split('/') {
        let next = end + segment.len() + 1;
        if matches!(segment, "" | "." | "..") || next > key.len() {
            break;
        }
        end = next;
    }
    &key[..end]
}

/// Whether the key means the same to every server: a valid one, or the marker of a folder.
fn is_plain(key: &RawKey) -> bool {
    let name = key.as_str();
    delete_objects::can_name(key) && ObjectKey::new(name.strip_suffix('/').unwrap_or(name)).is_ok()
}

/// The same error for another key.
fn again(error: &Error) -> Error {
    let mut again = Error::new(error.kind(), error.message().to_owned()).with_retryable(error.is_retryable());
    if let Some(status) = error.http_status() {
        again = again.with_http_status(status);
    }
    if let Some(code) = error.code() {
        again = again.with_code(code);
    }
    if let Some(id) = error.request_id() {
        again = again.with_request_id(id);
    }
    again
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_has_no_odd_segments() {
        for (key, parent) in [
            ("a//b", "a/"),
            ("/a", ""),
            ("../a", ""),
            ("a/b/../c", "a/b/"),
            ("a/\u{1}", "a/"),
            ("\u{1}", ""),
            ("a/", "a/"),
        ] {
            assert_eq!(plain_parent(key), parent, "{key}");
        }
    }
}
