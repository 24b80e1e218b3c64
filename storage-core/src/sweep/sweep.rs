use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::background::{Background, on_blocking_thread};
use super::external::Sorted;
use super::join::{Join, Joined};
use super::listed::Listed;
use super::plan::Plan;
use super::references::{Collected, Intake, References};
use super::{Counts, Refusal};
use crate::body::next;
use crate::clock::Clock;
use crate::list::ListOptions;
use crate::{Error, Result, Storage};

/// As many objects as one request lists
/// ([S3 API, "ListObjectsV2"](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)).
const PAGE: usize = 1_000;

/// A million is everything.
const MILLION: u32 = 1_000_000;

/// Where to look for orphans, and what may count as one.
#[derive(Clone, Debug)]
pub struct Sweep {
    storage: Arc<dyn Storage>,
    prefix: String,
    min_age: Duration,
    max_share: f64,
    allows_no_references: bool,
    memory: usize,
    folder: PathBuf,
    clock: Clock,
}

impl Sweep {
    /// The minimum age unless told otherwise.
    pub const MIN_AGE: Duration = Duration::from_secs(24 * 3_600);
    /// The maximum share unless told otherwise.
    pub const MAX_SHARE: f64 = 0.25;
    /// The memory for sorting unless told otherwise, in bytes.
    pub const MEMORY: usize = 16 * 1024 * 1024;

    /// All objects of a store, as [`Bucket::storage`](crate::Bucket::storage) gives it.
    pub fn new(storage: &Arc<dyn Storage>) -> Self {
        Self {
            storage: Arc::clone(storage),
            prefix: String::new(),
            min_age: Self::MIN_AGE,
            max_share: Self::MAX_SHARE,
            allows_no_references: false,
            memory: Self::MEMORY,
            folder: std::env::temp_dir(),
            clock: Clock::system(),
        }
    }

    /// Only keys that begin with this string; for a folder it ends with `/`. References that do not are ignored.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long ago an orphan was last written, at least; 24 hours unless told otherwise. It must be longer than the longest upload, and than
    /// it takes from an upload to the commit of its reference.
    pub fn min_age(mut self, age: Duration) -> Self {
        self.min_age = age;
        self
    }

    /// Which share of the objects below the prefix may be deleted, as a fraction: 0.25 unless told otherwise, 1.0 for all.
    pub fn max_share(mut self, share: f64) -> Self {
        self.max_share = share;
        self
    }

    /// There may be no reference at all below the prefix, so that everything old is an orphan. Otherwise that is refused.
    pub fn allow_no_references(mut self) -> Self {
        self.allows_no_references = true;
        self
    }

    /// How many bytes references may take in memory; 16 MiB unless told otherwise, and a gigabyte at most. More of them are sorted in
    /// temporary files. The same again is taken for a listing that is out of order.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Where temporary files go; the system's folder for them unless told otherwise, which on some systems is memory.
    pub fn temporary_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// What ages are measured with. It is asked once, before the references are read.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Reads the references and lists the objects, one after the other, and changes nothing. Dropping it ends it.
    ///
    /// # Errors
    ///
    /// The references cannot be read or are no keys ([`InvalidInput`](crate::ErrorKind::InvalidInput)); there are none
    /// ([`Refusal::NoReferences`]); the listing fails; temporary files cannot be written.
    pub async fn plan(&self, mut references: References) -> Result<Plan> {
        let allowed = self.allowed_share()?;
        let now = self.clock.now();
        let as_of = references.open().await?.map_or(now, |as_of| as_of.min(now));
        let cutoff = as_of.checked_sub(self.min_age).unwrap_or(SystemTime::UNIX_EPOCH);
        let Collected { sorted, counts } = self.collect(references).await?;
        if counts.references == 0 && !self.allows_no_references {
            return Err(Refusal::NoReferences { outside: counts.outside }.into_error(self.storage.name()));
        }
        let joined = self.list(sorted, cutoff, counts).await?;
        Ok(Plan::new(Arc::clone(&self.storage), joined, cutoff, allowed))
    }

    /// In millionths, as fractions such as 0.29 are not exact.
    fn allowed_share(&self) -> Result<u32> {
        if !(0.0..=1.0).contains(&self.max_share) {
            return Err(
                Error::invalid_input("the maximum share is not between 0 and 1").with_operation("sweep")
            );
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1")]
        let millionths = (self.max_share * f64::from(MILLION)).round() as u32;
        Ok(millionths)
    }

    /// While some are sorted, the next are read.
    async fn collect(&self, mut references: References) -> Result<Collected> {
        let intake = Intake::new(&self.prefix, references.separator(), self.folder(), self.memory);
        let mut intake = Background::new(intake);
        while let Some(chunk) = references.next().await? {
            intake.begin(|intake| intake.take(chunk)).await?;
        }
        intake.finish(Intake::finish).await
    }

    /// While one page is compared, the next is read.
    async fn list(&self, references: Sorted, cutoff: SystemTime, counts: Counts) -> Result<Joined> {
        let (folder, memory) = (self.folder(), self.memory);
        let join = move || Join::new(references, cutoff, counts, folder, memory);
        let mut join = Background::new(on_blocking_thread(join).await?);
        let mut items = self.storage.list(ListOptions::new().prefix(self.prefix.as_str()));
        let mut page = Vec::with_capacity(PAGE);
        while let Some(item) = next(&mut items).await {
            page.push(Listed::from(item?));
            if page.len() == PAGE {
                let full = std::mem::replace(&mut page, Vec::with_capacity(PAGE));
                join.begin(|join| join.take(full)).await?;
            }
        }
        join.finish(|mut join| {
            join.take(page)?;
            join.finish()
        })
        .await
    }

    fn folder(&self) -> Arc<Path> {
        self.folder.as_path().into()
    }
}
