use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::{Statics, StaticsBuilder};
use crate::find::Stamp;
use crate::manifest::ManifestError;

/// Statics that can be exchanged while they are used: a new deploy is seen without a restart.
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
    file: Option<File>,
}

#[derive(Debug)]
struct File {
    path: PathBuf,
    builder: StaticsBuilder,
    /// What the file was when it was read; nothing if it was not there.
    stamp: Mutex<Option<Stamp>>,
}

impl LiveStatics {
    /// Those that are given, until others are.
    pub fn new(statics: Statics) -> Self {
        Self { current: RwLock::new(Arc::new(statics)), file: None }
    }

    /// Those of a manifest in a file, which [`refresh`](Self::refresh) looks at again.
    ///
    /// # Errors
    ///
    /// Those of [`StaticsBuilder::read`].
    pub fn read(builder: StaticsBuilder, manifest: impl AsRef<Path>) -> Result<Self, ManifestError> {
        let path = manifest.as_ref().to_owned();
        // Before it is read: a change between the two is seen the next time.
        let stamp = Mutex::new(stamp(&path));
        let current = RwLock::new(Arc::new(builder.read(&path)?));
        Ok(Self { current, file: Some(File { path, builder, stamp }) })
    }

    /// Those of this moment: to be asked for once a page.
    pub fn current(&self) -> Arc<Statics> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Others from now on. Whoever has the earlier ones keeps them.
    pub fn replace(&self, statics: Statics) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(statics);
    }

    /// Reads the file again if it has changed; whether it had. It is one question to the file system if it has not.
    ///
    /// # Errors
    ///
    /// The manifest cannot be read or understood, or is gone: the earlier statics stay, and the next call tries again.
    pub fn refresh(&self) -> Result<bool, ManifestError> {
        let Some(File { path, builder, stamp: known }) = &self.file else { return Ok(false) };
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = stamp(path);
        if found == *known {
            return Ok(false);
        }
        if found.is_none() {
            let source = std::io::ErrorKind::NotFound.into();
            return Err(ManifestError::Unreadable { path: path.clone(), source });
        }
        self.replace(builder.read(path)?);
        *known = found;
        Ok(true)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata))
}
