use std::fs::File;
use std::future::Future;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use clap::ValueEnum;

use super::{object_store, ours, plain};
use crate::harness::{Meter, Usage};

/// How many objects are there before.
const BEFORE: usize = 1_000;

/// Who stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Peer {
    Ours,
    Plain,
    ObjectStore,
}

impl Peer {
    pub(super) const ALL: [Self; 3] = [Self::Ours, Self::Plain, Self::ObjectStore];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Plain => "plain tokio::fs",
            Self::ObjectStore => "object_store LocalFileSystem",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Action {
    SaveDurably,
    Save,
    Open,
}

/// One contestant's share of `local`, in a process of its own.
#[derive(Debug, clap::Args)]
pub(crate) struct Storing {
    pub(super) peer: Peer,
    pub(super) action: Action,
    pub(super) folder: PathBuf,
    pub(super) size: usize,
    pub(super) count: usize,
}

/// Keeps objects in a folder.
pub(super) trait Store {
    fn save(&self, name: String, content: Bytes) -> impl Future<Output = Result<()>>;

    /// Reads all of an object and says how long it is.
    fn read(&self, name: String) -> impl Future<Output = Result<usize>>;
}

impl Storing {
    /// How this program is told to do it.
    pub(super) fn arguments(&self) -> Vec<std::ffi::OsString> {
        let name = |value: Option<clap::builder::PossibleValue>| {
            value.map(|value| value.get_name().to_owned().into())
        };
        let mut words = vec!["storing".into()];
        words.extend(name(self.peer.to_possible_value()));
        words.extend(name(self.action.to_possible_value()));
        words.push(self.folder.clone().into());
        words.extend([self.size, self.count].map(|number| number.to_string().into()));
        words
    }

    /// Prints what one object took.
    ///
    /// # Errors
    /// When an object cannot be stored or read.
    pub(crate) fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let usage = runtime.block_on(async {
            match self.peer {
                Peer::Ours => self.measure(|is_durable| ours::store(&self.folder, is_durable)).await,
                Peer::Plain => self.measure(|is_durable| plain::store(&self.folder, is_durable)).await,
                Peer::ObjectStore => {
                    self.measure(|is_durable| object_store::store(&self.folder, is_durable)).await
                }
            }
        })?;
        println!("{}", serde_json::to_string(&usage)?);
        Ok(())
    }

    async fn measure<S: Store>(&self, open: impl Fn(bool) -> Result<S>) -> Result<Usage> {
        // A folder in use: what is made once is there.
        let quick = open(false)?;
        for number in 0..BEFORE {
            quick.save(format!("before-{number:04}.jpg"), Bytes::from_static(b"x")).await?;
        }
        let store = open(self.action == Action::SaveDurably)?;
        let content = Bytes::from(vec![b'x'; self.size]);
        if self.action == Action::Open {
            self.save_all(&quick, &content).await?;
        }
        settle(&self.folder)?;
        let meter = Meter::start();
        match self.action {
            Action::Save | Action::SaveDurably => self.save_all(&store, &content).await?,
            Action::Open => self.read_all(&store).await?,
        }
        let usage = meter.stop();
        settle(&self.folder)?;
        let count = u32::try_from(self.count)?;
        Ok(Usage { wall: usage.wall / count, cpu: usage.cpu / count, ..usage })
    }

    async fn save_all(&self, store: &impl Store, content: &Bytes) -> Result<()> {
        for number in 0..self.count {
            store.save(format!("{number:06}.jpg"), content.clone()).await?;
        }
        Ok(())
    }

    async fn read_all(&self, store: &impl Store) -> Result<()> {
        for number in 0..self.count {
            let length = store.read(format!("{number:06}.jpg")).await?;
            ensure!(length == self.size, "{length} bytes were read, and {} are there", self.size);
        }
        Ok(())
    }
}

/// Waits until all that was written is on the disk, so that nobody pays for others.
fn settle(folder: &Path) -> Result<()> {
    rustix::fs::syncfs(File::open(folder)?).context("the file system does not settle")
}
