use std::cmp::Ordering;
use std::fmt;

use super::Mirrored;
use super::copying::{Carried, carry};
use crate::body::next;
use crate::list::{ListItem, ListOptions, ListStream};
use crate::{ETag, Error, ErrorKind, ObjectEntry, ObjectKey, Result, Storage};

type Watch = Box<dyn FnMut(&Difference) + Send>;

/// What [`Mirrored::repair`] looks at, and what it does about it.
#[derive(Default)]
#[non_exhaustive]
pub struct RepairOptions {
    /// Only keys that begin with this string.
    pub prefix: String,
    /// Whether nothing is changed.
    pub is_dry_run: bool,
    /// Whether what only the second store has is deleted there.
    pub deletes_extra: bool,
    watch: Option<Watch>,
}

/// An object that is not the same in both stores.
#[derive(Debug)]
#[non_exhaustive]
pub enum Difference {
    /// The second store does not have it.
    Missing(ObjectKey),
    /// The second store has another one.
    Other(ObjectKey),
    /// Only the second store has it.
    Extra(ObjectKey),
    /// It differs, and could not be repaired.
    Failed(ObjectKey, Error),
}

/// What a repair found and did, in objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairReport {
    /// The same in both, as far as listings tell.
    pub same: u64,
    /// Missing in the second store.
    pub missing: u64,
    /// Other in the second store.
    pub other: u64,
    /// In the second store only.
    pub extra: u64,
    /// Written to the second store.
    pub copied: u64,
    /// Deleted in the second store.
    pub deleted: u64,
    /// Gone from the first store before they were copied, or back before they were deleted.
    pub overtaken: u64,
    /// What could not be repaired.
    pub failed: u64,
    /// Keys that are no valid [`ObjectKey`] and cannot be compared.
    pub unaddressable: u64,
    /// Bytes written to the second store.
    pub bytes: u64,
}

impl RepairOptions {
    /// All objects; what is missing or differs is copied, nothing is deleted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks only at keys that begin with `prefix`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Changes nothing.
    pub fn dry_run(mut self) -> Self {
        self.is_dry_run = true;
        self
    }

    /// Deletes what only the second store has, if the first, asked again, still does not have it.
    pub fn delete_extra(mut self) -> Self {
        self.deletes_extra = true;
        self
    }

    /// Is told each difference as it is found, in the order of the keys, and each failure.
    pub fn watch(mut self, watch: impl FnMut(&Difference) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }
}

impl fmt::Debug for RepairOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepairOptions")
            .field("prefix", &self.prefix)
            .field("is_dry_run", &self.is_dry_run)
            .field("deletes_extra", &self.deletes_extra)
            .finish_non_exhaustive()
    }
}

impl Mirrored {
    /// Compares both stores by their listings, in bounded memory, and makes the second as the first: what is missing or differs there is
    /// copied, with all that is kept with it, one object after the other. It may run while the stores are used, and be run again.
    ///
    /// Two objects are the same if they have the same size and the same MD5 as ETag. Where an ETag is no MD5, as that of an upload in parts,
    /// they are the same unless the second was written before the first. A listing shows no metadata: objects that differ in
    /// nothing else count as the same.
    ///
    /// # Errors
    ///
    /// A listing failed, or was not in the order of the keys. What was repaired until then stays. A single object that could not be
    /// repaired is no error: it is counted and [shown](RepairOptions::watch).
    pub async fn repair(&self, options: RepairOptions) -> Result<RepairReport> {
        let listing = ListOptions::new().prefix(options.prefix.clone());
        let mut repair = Repair { mirrored: self, options, report: RepairReport::default() };
        let mut first = Sorted::new(self.first.list(listing.clone()), &*self.first);
        let mut second = Sorted::new(self.second.list(listing), &*self.second);
        let mut ours = first.next(&mut repair.report).await?;
        let mut theirs = second.next(&mut repair.report).await?;
        loop {
            let order = match (&ours, &theirs) {
                (None, None) => return Ok(repair.report),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(ours), Some(theirs)) => {
                    ours.key.as_str().as_bytes().cmp(theirs.key.as_str().as_bytes())
                }
            };
            if order.is_le()
                && let Some(entry) = &ours
            {
                repair.mirror(entry, theirs.as_ref().filter(|_| order.is_eq())).await;
            } else if let Some(entry) = &theirs {
                repair.extra(entry).await;
            }
            if order.is_le() {
                ours = first.next(&mut repair.report).await?;
            }
            if order.is_ge() {
                theirs = second.next(&mut repair.report).await?;
            }
        }
    }
}

struct Repair<'a> {
    mirrored: &'a Mirrored,
    options: RepairOptions,
    report: RepairReport,
}

impl Repair<'_> {
    async fn mirror(&mut self, ours: &ObjectEntry, theirs: Option<&ObjectEntry>) {
        match theirs {
            Some(theirs) if !differ(ours, theirs) => {
                self.report.same += 1;
                return;
            }
            Some(_) => {
                self.report.other += 1;
                self.show(&Difference::Other(ours.key.clone()));
            }
            None => {
                self.report.missing += 1;
                self.show(&Difference::Missing(ours.key.clone()));
            }
        }
        if self.options.is_dry_run {
            return;
        }
        match carry(&*self.mirrored.first, &*self.mirrored.second, &ours.key).await {
            Ok(Carried::Stored(bytes)) => {
                self.report.copied += 1;
                self.report.bytes += bytes;
            }
            Ok(Carried::Gone) => self.report.overtaken += 1,
            Err(error) => self.failed(&ours.key, error),
        }
    }

    async fn extra(&mut self, theirs: &ObjectEntry) {
        self.report.extra += 1;
        self.show(&Difference::Extra(theirs.key.clone()));
        if self.options.is_dry_run || !self.options.deletes_extra {
            return;
        }
        // It may have been written to both since the first was listed.
        match self.mirrored.first.stat(&theirs.key).await {
            Ok(_) => self.report.overtaken += 1,
            Err(error) if error.is_not_found() => match self.mirrored.second.delete(&theirs.key).await {
                Ok(()) => self.report.deleted += 1,
                Err(error) => self.failed(&theirs.key, error),
            },
            Err(error) => self.failed(&theirs.key, error),
        }
    }

    fn failed(&mut self, key: &ObjectKey, error: Error) {
        self.report.failed += 1;
        self.show(&Difference::Failed(key.clone(), error));
    }

    fn show(&mut self, difference: &Difference) {
        if let Some(watch) = &mut self.options.watch {
            watch(difference);
        }
    }
}

fn differ(ours: &ObjectEntry, theirs: &ObjectEntry) -> bool {
    if ours.size != theirs.size {
        return true;
    }
    etags_differ(ours.etag.as_ref(), theirs.etag.as_ref()).unwrap_or_else(|| {
        match (ours.last_modified, theirs.last_modified) {
            (Some(ours), Some(theirs)) => theirs < ours,
            _ => false,
        }
    })
}

/// `None` if the tags do not tell: only two that are the content's MD5 do, and two that are equal.
pub(super) fn etags_differ(one: Option<&ETag>, other: Option<&ETag>) -> Option<bool> {
    let is_md5 =
        |tag: &ETag| tag.as_str().len() == 32 && tag.as_str().bytes().all(|byte| byte.is_ascii_hexdigit());
    match (one?, other?) {
        (one, other) if one == other => Some(false),
        (one, other) if is_md5(one) && is_md5(other) => Some(true),
        _ => None,
    }
}

/// The objects of a listing, whose order is checked: merged in another order, much would seem to be missing.
struct Sorted<'a> {
    items: ListStream,
    storage: &'a dyn Storage,
    last: Option<ObjectKey>,
}

impl<'a> Sorted<'a> {
    fn new(items: ListStream, storage: &'a dyn Storage) -> Self {
        Self { items, storage, last: None }
    }

    async fn next(&mut self, report: &mut RepairReport) -> Result<Option<ObjectEntry>> {
        loop {
            let entry = match next(&mut self.items).await.transpose()? {
                None => return Ok(None),
                Some(ListItem::Unaddressable(_)) => {
                    report.unaddressable += 1;
                    continue;
                }
                Some(ListItem::Object(entry)) => entry,
            };
            if self
                .last
                .as_ref()
                .is_some_and(|last| last.as_str().as_bytes() >= entry.key.as_str().as_bytes())
            {
                return Err(Error::new(ErrorKind::Corrupt, "the listing is not in the order of its keys")
                    .with_operation("list")
                    .with_key(&entry.key)
                    .with_store(self.storage.name()));
            }
            self.last = Some(entry.key.clone());
            return Ok(Some(entry));
        }
    }
}
