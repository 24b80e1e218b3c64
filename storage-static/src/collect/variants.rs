use bytes::Bytes;
use md5::{Digest as _, Md5};
use storage_core::{CopyOptions, Error, PutOptions, Result};

use super::apply::{Run, Sent};
use super::{attributes, upload};
use crate::graph::hex;
use crate::manifest::IndexedObject;
use crate::plan::{Step, Variant, VariantState};
use crate::variant::Encoding;

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
            VariantState::Headers => self.describe(step, variant).await,
            _ => self.make(step, variant).await,
        }
    }

    async fn make(&self, step: &Step, variant: &Variant) -> Result<Sent> {
        // The file, and what is made of it.
        let _held = self.pace.hold(2 * step.size).await?;
        let content = upload::read(self.graph, step).await?;
        let encoding = variant.encoding;
        let Some(compressed) = upload::blocking(move || compressed(&content, encoding)).await? else {
            return Ok(Sent { made: Some((step.key.clone(), Made::Declined(encoding))), ..Sent::default() });
        };
        let bytes = Bytes::from(compressed);
        let headers = step.variant_headers(encoding);
        let (key, options) =
            (self.bucket.key(&variant.key)?, PutOptions::new().attributes(attributes::of(&headers)));
        let stored =
            self.pace.send(|| self.bucket.storage.put(&key, bytes.clone().into(), options.clone())).await?;
        let md5 = hex(&Md5::digest(&bytes));
        let size = bytes.len() as u64;
        let object = IndexedObject { size, md5, headers, ..IndexedObject::default() };
        Ok(Sent {
            objects: vec![(variant.key.clone(), stored.etag.map(|etag| etag.as_str().to_owned()))],
            bytes: size,
            made: Some((variant.key.clone(), Made::Stored(object))),
            ..Sent::default()
        })
    }

    async fn describe(&self, step: &Step, variant: &Variant) -> Result<Sent> {
        let key = self.bucket.key(&variant.key)?;
        let options = CopyOptions::new().attributes(attributes::of(&step.variant_headers(variant.encoding)));
        let copied = self.pace.send(|| self.bucket.storage.copy(&key, &key, options.clone())).await?;
        let etag = copied.etag.map(|etag| etag.as_str().to_owned());
        Ok(Sent { objects: vec![(variant.key.clone(), etag)], changes_headers: true, ..Sent::default() })
    }
}

#[cfg(feature = "compress")]
fn compressed(content: &[u8], encoding: Encoding) -> Result<Option<Vec<u8>>> {
    crate::variant::compress(content, encoding)
        .map_err(|error| Error::unsupported(error.to_string()).with_source(error))
}

#[cfg(not(feature = "compress"))]
fn compressed(_: &[u8], encoding: Encoding) -> Result<Option<Vec<u8>>> {
    Err(Error::unsupported(format!("this build cannot compress by {encoding}"))
        .with_hint("enable the feature `compress` of storage-static"))
}
