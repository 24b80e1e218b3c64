use std::fmt;

use storage_core::outcome::GetOutcome;
use storage_core::{ETag, Error, ErrorKind, GetOptions};

use super::{Statics, StaticsBuilder};
use crate::collect::{CollectError, StaticBucket};
use crate::manifest::{MANIFEST_NAME, Manifest};

/// Sees new deploys in a bucket: manifest and index, always those of the same deploy.
///
/// It does nothing of its own accord: the application asks it, on a timer or on a signal.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use storage_static::collect::{CollectError, StaticBucket};
/// use storage_static::resolve::{Follower, LiveStatics, Statics};
///
/// async fn follow(bucket: StaticBucket) -> Result<Arc<LiveStatics>, CollectError> {
///     let mut follower = Follower::new(bucket, Statics::builder());
///     let live = Arc::new(LiveStatics::new(follower.load().await?));
///     let followed = live.clone();
///     tokio::spawn(async move {
///         let mut every = tokio::time::interval(Duration::from_secs(30));
///         loop {
///             every.tick().await;
///             match follower.refresh().await {
///                 Ok(Some(statics)) => followed.replace(statics),
///                 Ok(None) => {}
///                 Err(error) => eprintln!("static files stay as they are: {error}"),
///             }
///         }
///     });
///     Ok(live)
/// }
/// ```
pub struct Follower {
    bucket: StaticBucket,
    builder: StaticsBuilder,
    known: Option<Known>,
}

/// The manifest that was read last.
struct Known {
    etag: Option<ETag>,
    hash: String,
}

impl Follower {
    /// Of this bucket; names are resolved as `builder` says, whose own index is not used.
    pub fn new(bucket: StaticBucket, builder: StaticsBuilder) -> Self {
        Self { bucket, builder, known: None }
    }

    /// The names of the deploy that is there: three requests, and one more for each deploy that was rolled back.
    ///
    /// # Errors
    ///
    /// [`CollectError::Store`], with [`NotFound`](ErrorKind::NotFound) if nothing was collected yet; [`CollectError::Index`] for a manifest or
    /// an index that is broken.
    pub async fn load(&mut self) -> Result<Statics, CollectError> {
        self.known = None;
        match self.refresh().await? {
            Some(statics) => Ok(statics),
            None => Err(failed(Error::new(
                ErrorKind::Corrupt,
                "the store says that it was not modified, unasked",
            ))),
        }
    }

    /// The names of the deploy that is there, if it is another than the last time: one request if it is not, which reads nothing where the
    /// store has `ETag`s.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load); the next call tries again.
    pub async fn refresh(&mut self) -> Result<Option<Statics>, CollectError> {
        let key = self.bucket.key(MANIFEST_NAME).map_err(|invalid| failed(invalid.into()))?;
        let mut options = GetOptions::new();
        options.if_none_match = self.known.as_ref().and_then(|known| known.etag.clone());
        let object = match self.bucket.storage().get(&key, options).await.map_err(failed)? {
            GetOutcome::NotModified { .. } => return Ok(None),
            GetOutcome::Object(object) => *object,
        };
        let etag = object.meta().etag.clone();
        let json = object.bytes().await.map_err(failed)?;
        let broken = |source| CollectError::Index { key: MANIFEST_NAME.to_owned(), source };
        let manifest = Manifest::parse(&json).map_err(broken)?;
        let hash = manifest.hash();
        let mut statics = None;
        if self.known.as_ref().is_none_or(|known| known.hash != hash) {
            let (index, _) = self.bucket.index_of(&hash).await?;
            statics = Some(self.builder.clone().with_index(index).manifest(&manifest));
        }
        self.known = Some(Known { etag, hash });
        Ok(statics)
    }
}

fn failed(source: Error) -> CollectError {
    CollectError::Store { doing: "reading the manifest", source }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = self.known.as_ref().map(|known| &known.hash);
        f.debug_struct("Follower")
            .field("bucket", &self.bucket)
            .field("manifest", &hash)
            .finish_non_exhaustive()
    }
}
