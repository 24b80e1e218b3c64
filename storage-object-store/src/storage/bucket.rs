use std::sync::atomic::Ordering;

use futures_util::StreamExt;
use object_store::list::PaginatedListOptions;
use storage_core::{Error, ErrorKind, ObjectKey};

use super::{Listing, Store};
use crate::Backend;
use crate::translate::errors::translate;
use crate::translate::key_path::path_of;

impl Store {
    /// Makes more of the error of a read. The answer to a HEAD has no body, so that most servers do not say whether the key or the bucket is
    /// missing, nor why they refuse: a listing of one key does. It asks for what begins as the key does, so that nothing odd that lies elsewhere
    /// stands in its way.
    pub(super) async fn explain(&self, key: &ObjectKey, error: Error) -> Error {
        // A folder, which has no content: that is an answer.
        if self.backend == Backend::WebDav && error.http_status() == Some(405) {
            return Error::new(ErrorKind::NotFound, "").with_http_status(405);
        }
        if !self.backend.has_buckets() || error.code().is_some() {
            return error;
        }
        match error.kind() {
            ErrorKind::NotFound if !self.has_seen_bucket.load(Ordering::Relaxed) => {}
            ErrorKind::PermissionDenied => {}
            _ => return error,
        }
        let listed = match &self.listing {
            Listing::Pages(pages) => {
                let options = PaginatedListOptions { max_keys: Some(1), ..PaginatedListOptions::default() };
                pages.list_paginated(Some(key.as_str()), options).await.map(drop)
            }
            Listing::Levels => {
                let folder = path_of(key).ok();
                self.objects.list(folder.as_ref()).next().await.transpose().map(drop)
            }
        };
        match listed.map_err(translate) {
            Ok(()) => {
                self.see_bucket();
                error
            }
            // What stands in a listing's way says nothing about this object: the bucket may not be listed, or holds an odd key.
            Err(reason) if matches!(reason.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => {
                error
            }
            Err(reason) => reason,
        }
    }

    /// Some answer came out of the bucket: it is there.
    pub(super) fn see_bucket(&self) {
        self.has_seen_bucket.store(true, Ordering::Relaxed);
    }
}
