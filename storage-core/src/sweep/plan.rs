use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use futures_core::Stream;

use super::apply::{ApplyOptions, Outcome};
use super::external::Run;
use super::join::{Joined, orphan};
use super::records::Records;
use super::{Counts, Orphan, Refusal, Report};
use crate::key::RawKey;
use crate::{Result, Storage};

/// Orphans, in the order of their keys' bytes.
pub type OrphanStream = Pin<Box<dyn Stream<Item = Result<Orphan>> + Send + 'static>>;

/// Keys that are referred to and whose object is not listed, in the order of their bytes.
pub type MissingStream = Pin<Box<dyn Stream<Item = Result<RawKey>> + Send + 'static>>;

/// What a [`Sweep`](super::Sweep) has found. Nothing is deleted until it is [applied](Self::apply).
///
/// It holds what there is to tell in little memory and in temporary files, which are gone with it and the streams that it gave.
#[derive(Debug)]
pub struct Plan {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) cutoff: SystemTime,
    counts: Counts,
    orphans: Run,
    missing: Run,
    /// In millionths.
    allowed: u32,
}

impl Plan {
    pub(super) fn new(storage: Arc<dyn Storage>, joined: Joined, cutoff: SystemTime, allowed: u32) -> Self {
        let Joined { counts, orphans, missing } = joined;
        Self { storage, cutoff, counts, orphans, missing, allowed }
    }

    /// How many there are of what.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The objects that would be deleted. It can be called any number of times.
    pub fn orphans(&self) -> OrphanStream {
        Box::pin(Records::new(&self.orphans, orphan))
    }

    /// References whose object is not listed: deleted, never stored, or left out by the server (MinIO lists nothing below the key of an object).
    pub fn missing(&self) -> MissingStream {
        let key = |key: &[u8], _: &[u8]| RawKey::from(String::from_utf8_lossy(key).into_owned());
        Box::pin(Records::new(&self.missing, key))
    }

    /// Why it would be refused to delete so much, if it would.
    pub fn refusal(&self) -> Option<Refusal> {
        let Counts { orphans, listed, .. } = self.counts;
        let is_allowed = u128::from(orphans) * 1_000_000 <= u128::from(listed) * u128::from(self.allowed);
        let percent = f64::from(self.allowed) / 10_000.0;
        (!is_allowed).then_some(Refusal::TooMany { orphans, listed, percent })
    }

    /// Deletes the orphans, 1,000 a request. A plan may be applied again, if it was ended early.
    ///
    /// # Errors
    ///
    /// The orphans are more than the maximum share ([`Refusal::TooMany`]): nothing is deleted. Whatever fails later is in the [`Report`].
    pub async fn apply(&self) -> Result<Report> {
        self.apply_with(ApplyOptions::new(), |_| {}).await
    }

    /// The same with options; tells what became of each orphan as soon as it is known.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply).
    pub async fn apply_with(
        &self,
        options: ApplyOptions,
        watch: impl FnMut(&Outcome) + Send,
    ) -> Result<Report> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal.into_error(self.storage.name()));
        }
        super::apply::apply(self, options, watch).await
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { listed, orphans, orphan_bytes, missing, .. } = self.counts;
        write!(f, "{orphans} of {listed} objects are orphans, {orphan_bytes} bytes; ")?;
        write!(f, "{missing} references have no object")
    }
}
