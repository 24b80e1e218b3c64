//! The operations: what is there before, what is done, and what must be there then.

use std::sync::Arc;

use futures_util::TryStreamExt;
use storage_core::key::RawKey;
use storage_core::list::{LevelItem, ListItem, ListOptions};
use storage_core::options::PutMode;
use storage_core::{
    Body, Bucket, CopyOptions, ETag, GetOptions, ObjectKey, PutOptions, Result, Storage, StorageExt,
};
use storage_minio::MinioStorage;

use super::server::{Server, Snapshot};
use super::step::Step;

const SMALL: usize = 1_000;
const LARGE: usize = 150 * 1024;
const TWO_PARTS: usize = 5 * 1024 * 1024 + LARGE;
const RANGE: std::ops::Range<u64> = 100..900;

/// The object that is written or read, and that of a copy's source.
pub(crate) const NAME: &str = "a.txt";
pub(crate) const SOURCE: &str = "from.txt";

/// An operation below a folder of its own.
pub(crate) struct Operation {
    pub(crate) step: Step,
    pub(crate) folder: String,
}

/// What an operation gave that can be compared: the bytes that were read, or what stands for the rest.
pub(crate) type Answer = Vec<u8>;

impl Operation {
    pub(crate) fn key(&self) -> ObjectKey {
        self.of(NAME)
    }

    pub(crate) fn source(&self) -> ObjectKey {
        self.of(SOURCE)
    }

    fn of(&self, name: &str) -> ObjectKey {
        format!("{}/{name}", self.folder).parse().expect("a key")
    }

    /// What is there before.
    pub(crate) fn before(&self) -> Snapshot {
        let objects = match self.step {
            Step::Create | Step::Save | Step::Complete | Step::SaveLarge => vec![],
            Step::CopyLook | Step::CopyWhole | Step::CopyPart | Step::CopyComplete | Step::RenameDelete => {
                vec![(SOURCE, text('s', SMALL))]
            }
            Step::GetLarge => vec![(NAME, text('l', LARGE))],
            Step::DeleteMany => vec![(NAME, text('o', SMALL)), (SOURCE, text('s', SMALL))],
            _ => vec![(NAME, text('o', SMALL))],
        };
        objects.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    }

    /// What is there once it has succeeded, if what it stores is called so.
    pub(crate) fn after(&self, name: &str) -> Snapshot {
        let mut objects = self.before();
        match self.step {
            Step::Delete | Step::DeleteMany => objects.clear(),
            Step::RenameDelete => {
                objects = Snapshot::from([(NAME.to_owned(), text('s', SMALL))]);
            }
            Step::CopyWhole | Step::CopyLook | Step::CopyPart | Step::CopyComplete => {
                objects.insert(NAME.to_owned(), text('s', SMALL));
            }
            step => {
                if let Some(content) = content(step) {
                    objects.insert(name.to_owned(), content);
                }
            }
        }
        objects
    }

    /// What else may be there when it has failed half-way: a move has made its copy.
    pub(crate) fn between(&self) -> Option<Snapshot> {
        let copied = (NAME.to_owned(), text('s', SMALL));
        (self.step == Step::RenameDelete).then(|| self.before().into_iter().chain([copied]).collect())
    }

    /// What it must give.
    pub(crate) fn answer(&self) -> Answer {
        match self.step {
            Step::Get => text('o', SMALL),
            Step::GetRange => text('o', SMALL)[100..900].to_vec(),
            Step::GetLarge => text('l', LARGE),
            Step::Stat => SMALL.to_string().into(),
            Step::Tags => b"team=a".to_vec(),
            Step::List | Step::ListLevel => NAME.into(),
            _ => Vec::new(),
        }
    }

    /// Stores what is there before.
    pub(crate) async fn prepare(&self, server: &Server) -> Result<()> {
        for (name, bytes) in self.before() {
            let mut options = PutOptions::new();
            if self.step == Step::Tags {
                options = options.tag("team", "a");
            }
            if self.step == Step::GetLarge {
                let door = server.closed_door();
                door.open();
                server.behind(&door).build()?.put(&self.of(&name), Body::from(bytes), options).await?;
            } else {
                server.clean.put(&self.of(&name), Body::from(bytes), options).await?;
            }
        }
        Ok(())
    }

    /// Does it.
    pub(crate) async fn run(&self, storage: &Arc<MinioStorage>, before: Option<ETag>) -> Result<Answer> {
        let (key, source) = (self.key(), self.source());
        let prefix = format!("{}/", self.folder);
        let relative = |key: &ObjectKey| key.as_str().trim_start_matches(&prefix).to_owned();
        match self.step {
            Step::Overwrite | Step::Part | Step::CompleteOver | Step::Begin => {
                self.put(storage, PutMode::Overwrite).await
            }
            Step::Create | Step::Complete => self.put(storage, PutMode::Create).await,
            Step::IfMatch => self.put(storage, PutMode::IfMatch(before.expect("an ETag"))).await,
            Step::Save | Step::SaveLarge => {
                let bucket = Bucket::new(Arc::clone(storage) as Arc<dyn Storage>);
                let content = content(self.step).unwrap_or_default();
                let saved = bucket.save(key.as_str(), content).await?;
                Ok(relative(&saved.key).into())
            }
            Step::Get | Step::GetLarge => Ok(storage.read(&key).await?.to_vec()),
            Step::GetRange => {
                let found = storage.get(&key, GetOptions::new().range(RANGE)).await?.into_object()?;
                Ok(found.bytes().await?.to_vec())
            }
            Step::Stat => Ok(storage.stat(&key).await?.size.to_string().into()),
            Step::Tags => {
                let tags = storage.tags(&key).await?;
                Ok(names(tags.iter().map(|(name, value)| format!("{name}={value}"))))
            }
            Step::Delete => storage.delete(&key).await.map(|()| Vec::new()),
            Step::DeleteMany => {
                let keys = [&key, &source].map(|key| RawKey::new(key.as_str())).to_vec();
                storage.delete_many(keys).await?.into_result().map(|()| Vec::new())
            }
            Step::List => {
                let items: Vec<ListItem> =
                    storage.list(ListOptions::new().prefix(&prefix)).try_collect().await?;
                Ok(names(items.iter().map(|item| match item {
                    ListItem::Object(entry) => relative(&entry.key),
                    ListItem::Unaddressable(raw) => format!("{raw:?}"),
                })))
            }
            Step::ListLevel => {
                let items: Vec<LevelItem> =
                    storage.list_level(ListOptions::new().prefix(&prefix)).try_collect().await?;
                Ok(names(items.iter().map(|item| match item {
                    LevelItem::Object(entry) => relative(&entry.key),
                    other => format!("{other:?}"),
                })))
            }
            Step::CopyLook | Step::CopyWhole => {
                storage.copy(&source, &key, CopyOptions::new()).await.map(|_| Vec::new())
            }
            Step::CopyPart | Step::CopyComplete => {
                storage.copy(&source, &key, CopyOptions::new().if_absent()).await.map(|_| Vec::new())
            }
            Step::RenameDelete => storage.rename(&source, &key, CopyOptions::new()).await.map(|_| Vec::new()),
        }
    }

    async fn put(&self, storage: &Arc<MinioStorage>, mode: PutMode) -> Result<Answer> {
        let content = content(self.step).unwrap_or_default();
        let size = content.len() as u64;
        let stored = storage.put(&self.key(), Body::from(content), PutOptions::new().mode(mode)).await?;
        assert_eq!(stored.size, size, "the size that was stored");
        Ok(Vec::new())
    }
}

/// What is stored.
fn content(step: Step) -> Option<Vec<u8>> {
    match step {
        Step::Overwrite | Step::Create | Step::IfMatch | Step::Save => Some(text('n', SMALL)),
        Step::Begin | Step::Complete | Step::CompleteOver | Step::SaveLarge => Some(text('n', LARGE)),
        Step::Part => Some(text('n', TWO_PARTS)),
        _ => None,
    }
}

/// Bytes of which every thousand are others, so that none can be missing or doubled.
fn text(seed: char, size: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size + 16);
    while bytes.len() < size {
        bytes.extend_from_slice(format!("{seed}{:09}", bytes.len()).as_bytes());
    }
    bytes.truncate(size);
    bytes
}

fn names(names: impl Iterator<Item = String>) -> Answer {
    names.collect::<Vec<_>>().join(" ").into()
}
