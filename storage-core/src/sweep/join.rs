use std::cmp::Ordering;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::external::{Merge, Run, Sorted, Sorter, Spool};
use super::listed::Listed;
use super::{Counts, Orphan};
use crate::Result;

/// Compares a listing with the references, as it comes.
///
/// As long as the listing is in the order of its keys, both are read side by side. From the first key on that is not, the rest is sorted
/// first; whether an object is an orphan does not depend on the order, but what seemed missing until then may be in the rest.
pub(super) struct Join {
    references: Sorted,
    unmatched: Merge,
    cutoff: SystemTime,
    counts: Counts,
    referenced_bytes: u64,
    orphans: Spool,
    orphan_bytes: u64,
    /// Referred to by nothing, but too new to be orphans, or of an unknown age.
    young: Spool,
    young_bytes: u64,
    missing: Spool,
    /// The last object; another line with its key may follow.
    last: Option<Listed>,
    rest: Option<Sorter>,
    folder: Arc<Path>,
    memory: usize,
}

/// What a [`Join`] has found.
pub(super) struct Joined {
    pub(super) counts: Counts,
    pub(super) orphans: Run,
    pub(super) missing: Run,
}

impl Join {
    /// What was last written at `cutoff` or before may be an orphan.
    pub(super) fn new(
        references: Sorted,
        cutoff: SystemTime,
        counts: Counts,
        folder: Arc<Path>,
        memory: usize,
    ) -> Result<Self> {
        Ok(Self {
            unmatched: references.merge()?,
            references,
            cutoff,
            counts,
            referenced_bytes: 0,
            orphans: Spool::new(Arc::clone(&folder)),
            orphan_bytes: 0,
            young: Spool::new(Arc::clone(&folder)),
            young_bytes: 0,
            missing: Spool::new(Arc::clone(&folder)),
            last: None,
            rest: None,
            folder,
            memory,
        })
    }

    pub(super) fn take(&mut self, page: Vec<Listed>) -> Result<()> {
        page.into_iter().try_for_each(|listed| self.take_one(listed))
    }

    fn take_one(&mut self, listed: Listed) -> Result<()> {
        if let Some(rest) = &mut self.rest {
            return rest.push(key(&listed), &listed.encode());
        }
        let order = self.last.as_ref().map_or(Ordering::Less, |last| key(last).cmp(key(&listed)));
        match order {
            Ordering::Less => {
                if let Some(last) = self.last.replace(listed) {
                    self.decide(&last)?;
                }
            }
            Ordering::Equal => keep_newer(&mut self.last, listed),
            Ordering::Greater => {
                let mut rest = Sorter::new(Arc::clone(&self.folder), self.memory);
                rest.push(key(&listed), &listed.encode())?;
                self.rest = Some(rest);
            }
        }
        Ok(())
    }

    /// In order only.
    fn decide(&mut self, listed: &Listed) -> Result<()> {
        let missing = &mut self.missing;
        let is_referenced = self.unmatched.seek(key(listed), |reference| missing.push(reference, &[]))?;
        if is_referenced {
            self.unmatched.advance()?;
        }
        self.count(listed, is_referenced)
    }

    fn count(&mut self, listed: &Listed, is_referenced: bool) -> Result<()> {
        let bytes = match listed.last_modified() {
            _ if is_referenced => {
                self.counts.referenced += 1;
                &mut self.referenced_bytes
            }
            Some(modified) if modified <= self.cutoff => {
                self.counts.orphans += 1;
                self.orphans.push(key(listed), &listed.encode())?;
                &mut self.orphan_bytes
            }
            modified => {
                match modified {
                    Some(_) => self.counts.young += 1,
                    None => self.counts.undated += 1,
                }
                self.young.push(key(listed), &listed.encode())?;
                &mut self.young_bytes
            }
        };
        *bytes = bytes.saturating_add(listed.size);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Joined> {
        if let Some(last) = self.last.take() {
            self.decide(&last)?;
        }
        while let Some(reference) = self.unmatched.key() {
            self.missing.push(reference, &[])?;
            self.unmatched.advance()?;
        }
        let mut missing = self.take_spool(|join| &mut join.missing)?;
        if let Some(rest) = self.rest.take() {
            missing = self.join_rest(&rest.finish()?, &missing)?;
        }
        let mut counts = self.counts;
        let mut reader = missing.reader();
        while reader.advance()? {
            counts.missing += 1;
        }
        counts.listed = counts.referenced + counts.orphans + counts.young + counts.undated;
        counts.orphan_bytes = self.orphan_bytes;
        counts.listed_bytes =
            self.referenced_bytes.saturating_add(self.orphan_bytes).saturating_add(self.young_bytes);
        Ok(Joined { counts, orphans: self.orphans.finish()?, missing })
    }

    /// The part of the listing that was out of order. Returns what is missing after all.
    ///
    /// An object may have been listed before too, and have been written anew in between: what nothing refers to is decided again.
    fn join_rest(&mut self, rest: &Sorted, missing: &Run) -> Result<Run> {
        let orphans = self.take_spool(|join| &mut join.orphans)?;
        let young = self.take_spool(|join| &mut join.young)?;
        self.counts = Counts { orphans: 0, young: 0, undated: 0, ..self.counts };
        (self.orphan_bytes, self.young_bytes) = (0, 0);
        let mut listing = rest.merge_with(&[orphans, young])?;
        let mut references = self.references.merge()?;
        let mut missing = Merge::of(missing)?;
        let mut still_missing = Spool::new(Arc::clone(&self.folder));
        while let Some(listed) = next_object(&mut listing)? {
            let is_referenced = references.seek(key(&listed), |_| Ok(()))?;
            if missing.seek(key(&listed), |reference| still_missing.push(reference, &[]))? {
                missing.advance()?;
            }
            self.count(&listed, is_referenced)?;
        }
        while let Some(reference) = missing.key() {
            still_missing.push(reference, &[])?;
            missing.advance()?;
        }
        still_missing.finish()
    }

    /// What was spooled so far; an empty spool takes its place.
    fn take_spool(&mut self, of: impl Fn(&mut Self) -> &mut Spool) -> Result<Run> {
        let empty = Spool::new(Arc::clone(&self.folder));
        std::mem::replace(of(self), empty).finish()
    }
}

/// Of several lines with one key the newest, which comes last.
fn next_object(listing: &mut Merge) -> Result<Option<Listed>> {
    let mut newest: Option<Listed> = None;
    while let (Some(at), Some(facts)) = (listing.key(), listing.rest()) {
        if newest.as_ref().is_some_and(|newest| key(newest) != at) {
            break;
        }
        newest = Some(Listed::decode(at, facts));
        listing.advance()?;
    }
    Ok(newest)
}

fn key(listed: &Listed) -> &[u8] {
    listed.key.as_str().as_bytes()
}

fn keep_newer(last: &mut Option<Listed>, listed: Listed) {
    if last.as_ref().is_none_or(|last| listed.is_newer_than(last)) {
        *last = Some(listed);
    }
}

/// An orphan, as it was spooled.
pub(super) fn orphan(key: &[u8], rest: &[u8]) -> Orphan {
    let listed = Listed::decode(key, rest);
    let last_modified = listed.last_modified().unwrap_or(SystemTime::UNIX_EPOCH);
    Orphan { key: listed.key, size: listed.size, last_modified }
}
