use storage_suite::storages::DEFAULT_ALIAS;
use storage_suite::{Bucket, Settings, Storages};

use crate::cli::Global;
use crate::failure::Failure;
use crate::output::Output;

/// What every command on a store needs.
pub(crate) struct Context<'a> {
    pub(crate) storages: Storages,
    pub(crate) bucket: Bucket,
    /// Of the storage that the bucket is in.
    pub(crate) alias: String,
    pub(crate) output: &'a Output,
    /// Whether the command line names a storage or a bucket.
    pub(crate) is_named: bool,
    is_one_bucket: bool,
}

impl<'a> Context<'a> {
    pub(crate) fn open(global: &Global, output: &'a Output) -> Result<Self, Failure> {
        let settings = load(global)?;
        for note in settings.notes() {
            output.notice(&note.to_string());
        }
        let storages = Storages::new(settings)?;
        let alias = global.storage.as_deref().unwrap_or(DEFAULT_ALIAS);
        let bucket = match &global.bucket {
            Some(name) => storages.bucket_of(alias, name),
            None => storages.storage(alias),
        };
        let bucket = bucket.map_err(storage_suite::Error::from)?.clone();
        let is_named = global.storage.is_some() || global.bucket.is_some();
        let is_one_bucket = global.bucket.is_some();
        Ok(Self { storages, bucket, alias: alias.to_owned(), output, is_named, is_one_bucket })
    }

    /// Whether the command line names a bucket.
    pub(crate) fn is_one_bucket(&self) -> bool {
        self.is_one_bucket
    }

    /// Whether the command line leaves this bucket of its storage in.
    pub(crate) fn is_meant(&self, bucket: &str) -> bool {
        !self.is_one_bucket || self.bucket.name() == bucket
    }
}

pub(crate) fn load(global: &Global) -> Result<Settings, Failure> {
    let mut builder = Settings::builder();
    if let Some(path) = &global.config {
        builder = builder.file(path);
    }
    Ok(builder.load()?)
}
