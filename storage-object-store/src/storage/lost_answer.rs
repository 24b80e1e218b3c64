//! Writes whose answer was lost, or was that of a repetition: one look at the object tells what became of them.

use std::time::Duration;

use object_store::{Attribute, Attributes};
use storage_core::outcome::PutOutcome;
use storage_core::{Error, ErrorKind, ObjectKey, Result};
use tokio::time::timeout;

use super::Store;
use super::attempts::Reach;
use super::get::Head;
use crate::translate::attributes;
use storage_core::backend::SaveId;

/// How long a failed write is held back to find out what became of it.
const LOOK_TIME: Duration = Duration::from_secs(10);

/// How a write of one's own is known again.
pub(super) enum Stamp<'a> {
    /// By the id in its metadata.
    SaveId(&'a SaveId),
    /// A copy is known as the equal of its source. One that somebody else made of the same source at the same moment cannot be told from it; the
    /// key then holds what both meant it to hold.
    CopyOf(&'a Head),
}

impl Stamp<'_> {
    fn is_on(&self, found: &Head) -> bool {
        match self {
            Self::SaveId(id) => attributes::has_save_id(&found.attributes, id),
            Self::CopyOf(source) => {
                let same_attributes = described(&source.attributes) == described(&found.attributes);
                let is_stamped = attributes::is_stamped(&source.attributes);
                same_attributes
                    && source.meta.size == found.meta.size
                    && (is_stamped || (source.meta.e_tag.is_some() && source.meta.e_tag == found.meta.e_tag))
            }
        }
    }
}

/// A store may give a copy another storage class, but nothing else.
fn described(attributes: &Attributes) -> Attributes {
    let mut described = attributes.clone();
    described.remove(&Attribute::StorageClass);
    described
}

impl Store {
    /// Makes more of a failed write: where it may have been done, a look at the object tells. What stays unclear is never said to be taken,
    /// or the caller would store a second copy under another name.
    pub(super) async fn settle(
        &self,
        error: Error,
        reach: Reach,
        key: &ObjectKey,
        stamp: Option<Stamp<'_>>,
    ) -> Result<PutOutcome> {
        let Some(stamp) = stamp.filter(|_| reach.is_unclear(&error)) else { return Err(error) };
        match timeout(LOOK_TIME, self.head(key)).await {
            Ok(Ok(found)) if stamp.is_on(&found) => Ok(PutOutcome::new(found.meta.size)
                .with_etag(self.etag_form.read(found.meta.e_tag.as_deref()))
                .with_version(found.meta.version)),
            Ok(Ok(_)) => Err(error),
            Ok(Err(failed)) if failed.is_not_found() => Err(error),
            _ if !is_refused_condition(error.kind()) => Err(error),
            Ok(Err(failed)) => Err(failed),
            Err(_) => Err(Error::new(
                ErrorKind::Timeout,
                format!("whether the object was stored was not answered for {LOOK_TIME:?}"),
            )),
        }
    }
}

/// Whether a condition did not hold, as it does not after one's own earlier success either.
fn is_refused_condition(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed)
}

/// What a conditional copy's failure means: that its condition did not hold is that the key is taken.
pub(super) fn taken_if_refused(error: Error) -> Error {
    match error.kind() {
        ErrorKind::PreconditionFailed => Error::new(ErrorKind::AlreadyExists, ""),
        _ => error,
    }
}
