use std::fmt;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::tree::Tree;
use crate::harness::{run, run_and_read};
use crate::programs::Storage;

/// A state in which a tree meets a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The bucket is empty.
    Fresh,
    /// It was just collected.
    Unchanged,
    /// The same, but all files have new times.
    NewTimes,
}

/// What was modified less than two seconds before it is read, `storage` reads again the next time.
const SETTLED: Duration = Duration::from_millis(2_100);

impl Phase {
    pub(super) const ALL: [Self; 3] = [Self::Fresh, Self::Unchanged, Self::NewTimes];

    /// Brings about the state. It is the caller's to go through the phases in order.
    ///
    /// # Errors
    /// When the bucket cannot be made, or a file not be touched.
    pub(super) fn prepare(self, storage: &Storage<'_>, tree: &Tree, bucket: &str) -> Result<()> {
        match self {
            Self::Fresh => {
                tree.forget(bucket)?;
                run(storage.on_public(&[bucket.to_owned()])?.arg("init"))?;
            }
            Self::Unchanged => {}
            Self::NewTimes => {
                tree.touch()?;
                std::thread::sleep(SETTLED);
            }
        }
        Ok(())
    }
}

/// How many objects are in the bucket, of a tree that was collected to it.
///
/// # Errors
/// When there are fewer than the tree has files.
pub(super) fn objects(storage: &Storage<'_>, tree: &Tree, bucket: &str) -> Result<usize> {
    let mut list = storage.on_public(&[bucket.to_owned()])?;
    let (_, listing) = run_and_read(list.args(["--bucket", bucket, "ls", "--recursive"]))?;
    let (there, wanted) = (listing.lines().count(), tree.files());
    ensure!(there >= wanted, "{there} objects are there, of {wanted} files");
    Ok(there)
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fresh => "to an empty bucket",
            Self::Unchanged => "nothing has changed",
            Self::NewTimes => "all files have new times",
        })
    }
}
