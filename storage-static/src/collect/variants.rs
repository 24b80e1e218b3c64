use bytes::Bytes;
use md5::{Digest as _, Md5};
use storage_core::{CopyOptions, Error, PutOptions, Result};

use super::run::{Run, Sent};
use super::{attributes, upload};
use crate::buffers::Buffers;
use crate::graph::hex;
use crate::manifest::IndexedObject;
use crate::plan::{Step, Variant, VariantState};
use crate::variant::{Effort, Encoding, is_worth_it};

/// What has become of a variant, for the index.
pub(super) enum Made {
    Stored(IndexedObject),
    /// It would save too little.
    Declined(Encoding),
}

impl Run<'_> {
    /// Makes and stores a variant, or gives the one that is there its headers.
    pub(super) async fn variant(&self, step: &Step, variant: &Variant) -> Result<Sent> {
        match variant.state {
            VariantState::Headers => self.describe_variant(step, variant).await,
            _ => self.make(step, variant).await,
        }
    }

    async fn make(&self, step: &Step, variant: &Variant) -> Result<Sent> {
        // The file, and what is made of it.
        let _held = self.pace.hold(2 * step.size).await?;
        let encoding = variant.encoding;
        let Some(compressed) = self.compress(step, variant).await? else {
            let made = Some((step.key.clone(), Made::Declined(encoding)));
            return Ok(Sent { files: 1, made, ..Sent::default() });
        };
        let bytes = Bytes::from(compressed);
        let headers = step.variant_headers(encoding);
        let md5 = hex(&Md5::digest(&bytes));
        let key = self.bucket.key(&variant.key)?;
        let mut options = PutOptions::new().attributes(attributes::of(&headers));
        options.checksum = upload::checksum(self.bucket, &md5);
        let stored =
            self.pace.send(|| self.bucket.storage.put(&key, bytes.clone().into(), options.clone())).await?;
        let size = bytes.len() as u64;
        let object = IndexedObject { size, md5, headers, ..IndexedObject::default() };
        Ok(Sent {
            objects: vec![(variant.key.clone(), stored.etag.map(|etag| etag.as_str().to_owned()))],
            files: 1,
            bytes: size,
            requests: 1,
            made: Some((variant.key.clone(), Made::Stored(object))),
            ..Sent::default()
        })
    }

    async fn describe_variant(&self, step: &Step, variant: &Variant) -> Result<Sent> {
        let key = self.bucket.key(&variant.key)?;
        let options = CopyOptions::new().attributes(attributes::of(&step.variant_headers(variant.encoding)));
        let copied = self.pace.send(|| self.bucket.storage.copy(&key, &key, options.clone())).await?;
        let etag = copied.etag.map(|etag| etag.as_str().to_owned());
        let objects = vec![(variant.key.clone(), etag)];
        Ok(Sent { objects, files: 1, requests: 1, changes_headers: true, ..Sent::default() })
    }

    /// `None` if it would save too little, unless something else has to be replaced by it.
    async fn compress(&self, step: &Step, variant: &Variant) -> Result<Option<Vec<u8>>> {
        // In memory of its own: it may be much more than a batch.
        let content = upload::read(self.graph, &[step], &Buffers::default()).await?.concat();
        let (encoding, effort) = (variant.encoding, self.effort);
        let is_replaced = variant.state == VariantState::Outdated;
        let _turn = self.pace.turn_to_compute().await?;
        let compressed = upload::blocking(move || {
            let compressed = compressed(&content, encoding, effort)?;
            Ok((is_replaced || is_worth_it(&content, &compressed)).then_some(compressed))
        });
        compressed.await
    }
}

#[cfg(feature = "compress")]
fn compressed(content: &[u8], encoding: Encoding, effort: Effort) -> Result<Vec<u8>> {
    crate::variant::compress_always(content, encoding, effort)
        .map_err(|error| Error::unsupported(error.to_string()).with_source(error))
}

#[cfg(not(feature = "compress"))]
fn compressed(_: &[u8], encoding: Encoding, _: Effort) -> Result<Vec<u8>> {
    Err(Error::unsupported(format!("this build cannot compress by {encoding}"))
        .with_hint("enable the feature `compress` of storage-static"))
}
