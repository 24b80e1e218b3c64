mod signed;

use storage_core::{Bucket, Error, ErrorKind, ObjectKey, Result, Visibility};
use storage_static::collect::{CollectError, StaticBucket};
use storage_static::resolve::{Follower, Statics};

use super::{DEFAULT_ALIAS, Storages};

pub use self::signed::SignedStatics;

/// The static files of an application: the bucket that they are collected to, and the URLs that they are served by.
#[derive(Clone, Debug)]
pub struct StaticFiles {
    bucket: Bucket,
}

impl Storages {
    /// The static files of the default storage, in the bucket that the setting `minio.static_files_bucket` names.
    ///
    /// ```
    /// use storage_suite::Storages;
    ///
    /// async fn logo(storages: &Storages) -> Result<String, Box<dyn std::error::Error>> {
    ///     let statics = storages.statics()?.load().await?; // once, at the start
    ///     Ok(statics.url("img/logo.svg")?.into_owned()) // https://files.example.org/static/img/logo.4f1e…c2.svg
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](ErrorKind::InvalidInput) if the setting does not name one of the buckets.
    pub fn statics(&self) -> Result<StaticFiles> {
        self.statics_of(DEFAULT_ALIAS)
    }

    /// Those of a named storage.
    ///
    /// # Errors
    ///
    /// Those of [`statics`](Self::statics); [`UnknownName`](super::UnknownName) if there is no such alias.
    pub fn statics_of(&self, alias: &str) -> Result<StaticFiles> {
        let bucket = self.group(alias)?.statics().cloned().ok_or_else(|| {
            Error::invalid_input("no bucket is meant for static files").with_hint(
                "name one of the buckets in `minio.static_files_bucket` (MINIO_STATIC_FILES_BUCKET)",
            )
        })?;
        Ok(StaticFiles { bucket })
    }
}

impl StaticFiles {
    /// Static files in any bucket.
    pub fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// The bucket.
    pub fn bucket(&self) -> &Bucket {
        &self.bucket
    }

    /// What they are collected to.
    pub fn collector(&self) -> StaticBucket {
        StaticBucket::new(self.bucket.storage().clone())
    }

    /// The names of the deploy that is in the bucket, with the URLs of their files: three requests.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](ErrorKind::Unsupported) for a private bucket: see [`load_signed`](Self::load_signed). Else that nothing was
    /// collected yet, or what keeps the store from answering.
    pub async fn load(&self) -> Result<Statics> {
        let builder = Statics::builder().base_url(self.base_url()?);
        self.collector().statics(builder).await.map_err(error)
    }

    /// What sees new deploys, so that they are served without a restart: [`Follower`] says how.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](ErrorKind::Unsupported) for a private bucket.
    pub fn follower(&self) -> Result<Follower> {
        Ok(Follower::new(self.collector(), Statics::builder().base_url(self.base_url()?)))
    }

    /// The names of the deploy that is in the bucket, for URLs that are signed one by one: of a private bucket.
    ///
    /// # Errors
    ///
    /// That nothing was collected yet, or what keeps the store from answering.
    pub async fn load_signed(&self) -> Result<SignedStatics> {
        let documents = self.collector().documents().await.map_err(error)?;
        Ok(SignedStatics::new(self.bucket.clone(), documents))
    }

    /// What the URLs of public objects begin with.
    fn base_url(&self) -> Result<String> {
        if self.bucket.visibility() != Visibility::Public {
            return Err(Error::unsupported(
                "the bucket of the static files is private: its URLs are signed one by one",
            )
            .with_hint("name it in `minio.public_buckets` (MINIO_PUBLIC_BUCKETS), or have them signed by `load_signed`")
            .with_store(self.bucket.name()));
        }
        let probe = ObjectKey::new("x")?;
        let url = self.bucket.url(&probe)?.to_string();
        Ok(url.strip_suffix('x').unwrap_or(&url).to_owned())
    }
}

fn error(error: CollectError) -> Error {
    match error {
        CollectError::Store { source, .. } => source,
        other => Error::new(ErrorKind::Corrupt, other.to_string()).with_source(other),
    }
}
