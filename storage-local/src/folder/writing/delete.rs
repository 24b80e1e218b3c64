use std::sync::Arc;

use storage_core::key::RawKey;
use storage_core::outcome::Deletion;
use storage_core::{Error, Result};

use super::touched::Touched;
use crate::folder::disk::faults::fault;
use crate::folder::place::find::spot_at;
use crate::folder::place::layout;
use crate::folder::session::{Session, Store, split};

pub(crate) fn delete(store: &Arc<Store>, key: &str) -> Result<()> {
    let session = Session::open(store)?;
    let mut touched = Touched::new(store.durability);
    session.remove_object(key, &mut touched)?;
    touched.sync()
}

/// Deletes what is there of these keys. Each folder is written to the disk once, not once per key.
pub(crate) fn delete_many(store: &Arc<Store>, keys: Vec<RawKey>) -> Result<Deletion> {
    let session = Session::open(store)?;
    let mut touched = Touched::new(store.durability);
    let mut failed = Vec::new();
    for key in keys {
        if let Err(error) = session.remove_raw(&key, &mut touched) {
            let error = error.with_operation("delete_many").with_key(&key).with_store(&store.name);
            failed.push((key, error));
        }
    }
    touched.sync()?;
    Ok(Deletion::new(failed))
}

impl Session {
    /// Removes a file whatever its name is, if the key can say it.
    fn remove_raw(&self, key: &RawKey, touched: &mut Touched) -> Result<()> {
        let removed = self.remove_object(key.as_str(), touched)?;
        // A listing shows a name that is no UTF-8 with this character in place of what cannot be said.
        if !removed && key.as_str().contains('\u{fffd}') {
            return Err(Error::unsupported("a name that is not UTF-8 can be deleted by hand only"));
        }
        Ok(())
    }

    /// Removes the object, its record and the folders that it leaves empty; `false` if there is none.
    fn remove_object(&self, key: &str, touched: &mut Touched) -> Result<bool> {
        let Some((parents, segment)) = split(key) else { return Ok(false) };
        let _lock = self.lock()?;
        let Some(parent) = self.parent(&parents).map_err(fault)? else { return Ok(false) };
        let mut removed = false;
        // What was set aside first: it must not come to light when the file before it goes.
        for names in [layout::set_aside(segment), layout::plain(segment)] {
            if let Some(spot) = spot_at(&parent, &names).map_err(fault)? {
                spot.dir.remove(&spot.name).map_err(fault)?;
                self.remove_record(key, &spot.identity);
                touched.add(&spot.dir);
                removed = true;
            }
        }
        if removed {
            self.tidy(key, touched);
        }
        Ok(removed)
    }
}
