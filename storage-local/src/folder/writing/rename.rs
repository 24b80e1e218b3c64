use std::sync::Arc;

use storage_core::outcome::PutOutcome;
use storage_core::{CopyOptions, Error, ErrorKind, ObjectKey, Result};

use super::commit::taken_or_fault;
use super::copy::{check_attributes, check_source, copy, record, taken};
use super::touched::Touched;
use super::upload::outcome;
use crate::folder::place::find::{Found, Spot};
use crate::folder::session::{Session, Store};

/// Moves the file itself, under the store's lock, so that the object is in one place at any moment. It keeps its time.
pub(crate) fn rename(
    store: &Arc<Store>,
    from: &ObjectKey,
    to: &ObjectKey,
    options: &CopyOptions,
) -> Result<PutOutcome> {
    if from == to {
        return copy(store, from, to, options);
    }
    check_attributes(options)?;
    Session::open(store)?.rename(from, to, options)
}

impl Session {
    fn rename(&self, from: &ObjectKey, to: &ObjectKey, options: &CopyOptions) -> Result<PutOutcome> {
        let mut touched = Touched::new(self.store.durability);
        let lock = self.lock()?;
        let renamed = self.rename_locked(from, to, options, &mut touched);
        match &renamed {
            Ok(_) => self.tidy(from.as_str(), &mut touched),
            Err(_) => self.tidy(to.as_str(), &mut touched),
        }
        drop(lock);
        let outcome = renamed?;
        touched.sync()?;
        Ok(outcome)
    }

    fn rename_locked(
        &self,
        from: &ObjectKey,
        to: &ObjectKey,
        options: &CopyOptions,
        touched: &mut Touched,
    ) -> Result<PutOutcome> {
        let source = |session: &Self| session.find(from)?.ok_or_else(|| Error::not_found(from));
        check_source(&source(self)?, options)?;
        let target = self.spot(to.as_str())?;
        if options.if_absent && target.is_some() {
            return Err(taken(to));
        }
        let place = self.make_room(to.as_str(), target.as_ref(), touched)?;
        // Making room may have set the source aside: it is looked for again.
        let found = source(self)?;
        let Found { spot: Spot { dir, name, identity, .. }, .. } = &found;
        let etag = found.etag();
        let record = record(&found, from, options, etag.clone());
        let mut pending = self.create_record(to.as_str(), identity, &record)?;
        if pending.is_none() {
            // Left by a crash, or by a file that a person put there with the very time of this one.
            self.remove_record(to.as_str(), identity);
            pending = self.create_record(to.as_str(), identity, &record)?;
        }
        let pending = pending
            .ok_or_else(|| Error::new(ErrorKind::Unavailable, "a record of the target cannot be replaced"))?;
        self.sync_record(&pending)?;
        let moved = match target {
            None => dir.rename_if_absent(name, &place.dir, &place.name),
            Some(_) => dir.rename(name, &place.dir, &place.name),
        };
        moved.map_err(taken_or_fault)?;
        pending.keep();
        touched.add(dir);
        self.remove_record(from.as_str(), identity);
        if let Some(old) = target.filter(|old| old.identity != *identity) {
            self.remove_record(to.as_str(), &old.identity);
        }
        Ok(outcome(identity.size, etag))
    }
}
