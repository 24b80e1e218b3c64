use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use super::{Statics, StaticsBuilder};
use crate::find::Stamp;
use crate::manifest::{Manifest, ManifestError};
use crate::name::Algorithm;

/// Statics that can be exchanged while they are used: a new deploy is seen without a restart.
///
/// [`Follower`](super::Follower) sees those in a bucket, and this those in files:
///
/// ```
/// use storage_static::resolve::{LiveStatics, Statics};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("staticfiles.json");
/// # std::fs::write(&path, r#"{"paths": {"a.css": "a.0.css"}, "version": "1.1"}"#)?;
/// let live = LiveStatics::read(Statics::builder(), &path)?;
/// assert_eq!(live.current().url("a.css")?, "/static/a.0.css");
/// // Now and then, on a timer of the application or on a signal:
/// let has_changed = live.refresh()?;
/// assert!(!has_changed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LiveStatics {
    current: RwLock<Arc<Statics>>,
    files: Option<Files>,
}

#[derive(Debug)]
struct Files {
    manifest: PathBuf,
    index: Option<PathBuf>,
    builder: StaticsBuilder,
    known: Mutex<Known>,
}

/// The manifest that was read last.
#[derive(Debug, Default)]
struct Known {
    /// What the file was then; nothing if it was not there, or so new that another change could leave no trace.
    stamp: Option<Stamp>,
    digest: Option<Vec<u8>>,
}

impl LiveStatics {
    /// Those that are given, until others are.
    pub fn new(statics: Statics) -> Self {
        Self { current: RwLock::new(Arc::new(statics)), files: None }
    }

    /// Those of a manifest in a file, which [`refresh`](Self::refresh) looks at again. One that does not exist has no names.
    ///
    /// # Errors
    ///
    /// Those of [`StaticsBuilder::read`].
    pub fn read(builder: StaticsBuilder, manifest: impl AsRef<Path>) -> Result<Self, ManifestError> {
        Self::of(builder, manifest.as_ref().to_owned(), None)
    }

    /// Those of a manifest in a file, and of the index of its deploy in another, which is read whenever the manifest has changed. Where
    /// both are replaced the index goes first.
    ///
    /// # Errors
    ///
    /// Those of [`StaticsBuilder::parse_with_index`], and [`ManifestError::Unreadable`] if one of the files is not there.
    pub fn read_with_index(
        builder: StaticsBuilder,
        manifest: impl AsRef<Path>,
        index: impl AsRef<Path>,
    ) -> Result<Self, ManifestError> {
        Self::of(builder, manifest.as_ref().to_owned(), Some(index.as_ref().to_owned()))
    }

    fn of(builder: StaticsBuilder, manifest: PathBuf, index: Option<PathBuf>) -> Result<Self, ManifestError> {
        let files = Files { manifest, index, builder, known: Mutex::default() };
        let live = Self {
            current: RwLock::new(Arc::new(files.builder.manifest(&Manifest::new()))),
            files: Some(files),
        };
        live.refresh()?;
        Ok(live)
    }

    /// Those of this moment: to be asked for once a page.
    pub fn current(&self) -> Arc<Statics> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Others from now on. Whoever has the earlier ones keeps them.
    pub fn replace(&self, statics: Statics) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(statics);
    }

    /// Reads the files again if the manifest has changed; whether it had. It is one question to the file system if it has not, but in the
    /// two seconds after a change, in which another one could leave no trace in the time of the file.
    ///
    /// # Errors
    ///
    /// A file cannot be read or understood, or is gone, or the two are of different deploys: the earlier statics stay, and the next call
    /// tries again.
    pub fn refresh(&self) -> Result<bool, ManifestError> {
        let Some(files) = &self.files else { return Ok(false) };
        let mut known = files.known.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = files.changed(&mut known)?;
        Ok(changed.map(|statics| self.replace(statics)).is_some())
    }
}

impl Files {
    fn changed(&self, known: &mut Known) -> Result<Option<Statics>, ManifestError> {
        // Before it is read: a change between the two is seen the next time.
        let (stamp, began) = (stamp(&self.manifest)?, SystemTime::now());
        let was_never_there = self.index.is_none() && known.digest.is_none();
        if stamp == known.stamp && (stamp.is_some() || was_never_there) {
            return Ok(None);
        }
        let json = read(&self.manifest)?;
        let mut hasher = Algorithm::Sha256.hasher();
        hasher.update(&json);
        let digest = Some(hasher.digest());
        let statics = match &self.index {
            _ if digest == known.digest => None,
            None => Some(self.builder.parse(&json)?),
            Some(index) => Some(self.builder.parse_with_index(&json, &read(index)?)?),
        };
        *known = Known { stamp: stamp.filter(|stamp| !stamp.is_fresh(began)), digest };
        Ok(statics)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ManifestError> {
    fs::read(path).map_err(|source| unreadable(path, source))
}

fn stamp(path: &Path) -> Result<Option<Stamp>, ManifestError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(Stamp::of(&metadata))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, source: io::Error) -> ManifestError {
    ManifestError::Unreadable { path: path.to_owned(), source }
}
