use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use futures_util::StreamExt;
use storage_suite::storage_core::{Object, ObjectMeta};
use storage_suite::{Bucket, ObjectKey};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

use crate::failure::Failure;
use crate::progress::{Bar, Bars};

/// Which object goes into which file.
pub(crate) struct Target {
    pub(crate) key: ObjectKey,
    /// The folder that must not be left; `None` if `path` is what the caller said, wherever that leads.
    pub(crate) folder: Option<PathBuf>,
    /// The file, below the folder.
    pub(crate) path: PathBuf,
}

impl Target {
    /// The file as the caller would call it.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.as_deref().map_or_else(|| self.path.clone(), |folder| folder.join(&self.path))
    }
}

/// Reads the object into a temporary file beside the target, and gives it its name when it is whole.
pub(crate) async fn download(
    target: &Target,
    no_clobber: bool,
    bucket: &Bucket,
    bars: &Bars,
) -> Result<ObjectMeta, Failure> {
    let path = resolve(target)?;
    if no_clobber && fs::symlink_metadata(&path).is_ok() {
        return Err(Failure::file(
            &path,
            io::Error::new(io::ErrorKind::AlreadyExists, "it is there already"),
        ));
    }
    let object = bucket.open(&target.key).await?;
    let meta = object.meta().clone();
    let bar = bars.start(target.key.as_str(), Some(meta.size));
    if let Some(folder) = &target.folder {
        make_folders(folder, &target.path)?;
    }
    if target.folder.is_none() && is_device(&path) {
        let file =
            fs::OpenOptions::new().write(true).open(&path).map_err(|error| Failure::file(&path, error))?;
        write(object, file, &path, &bar).await?;
        return Ok(meta);
    }
    let (file, temporary) = temporary_beside(&path)?.into_parts();
    write(object, file, &path, &bar).await?;
    persist(temporary, &path, no_clobber)?;
    Ok(meta)
}

/// The file to write. A link that the caller named is followed; one that lies in a folder is replaced.
fn resolve(target: &Target) -> Result<PathBuf, Failure> {
    if target.folder.is_none() {
        return Ok(fs::canonicalize(&target.path).unwrap_or_else(|_| target.path.clone()));
    }
    let is_plain = |segment: &str| {
        let mut parts = Path::new(segment).components();
        matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
    };
    if target.path.to_str().is_some_and(|path| path.split('/').all(is_plain)) {
        return Ok(target.file());
    }
    let error = io::Error::new(io::ErrorKind::InvalidInput, "the key makes no path here");
    Err(Failure::file(target.file(), error))
}

/// Makes the folders between `root` and the file, and goes through no link on the way.
fn make_folders(root: &Path, file: &Path) -> Result<(), Failure> {
    fs::create_dir_all(root).map_err(|error| Failure::file(root, error))?;
    let mut folder = root.to_owned();
    for name in file.parent().into_iter().flat_map(Path::components) {
        folder.push(name);
        match fs::symlink_metadata(&folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                let error = io::Error::new(
                    io::ErrorKind::NotADirectory,
                    "it is in the way: a link or a file, not a folder",
                );
                return Err(Failure::file(&folder, error));
            }
            Err(_) => match fs::create_dir(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(Failure::file(&folder, error));
                }
                _ => {}
            },
        }
    }
    Ok(())
}

/// What is neither file nor folder is written to, not replaced: /dev/null, /dev/stdout, a named pipe.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// With the permissions of an ordinary new file, not those of a secret one.
fn temporary_beside(path: &Path) -> Result<NamedTempFile, Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".storage-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|error| Failure::file(path, error))
}

async fn write(object: Object, file: fs::File, path: &Path, bar: &Bar) -> Result<(), Failure> {
    let failed = |error| Failure::file(path, error);
    let mut file = tokio::fs::File::from_std(file);
    let mut stream = object.into_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        file.write_all(&chunk).await.map_err(failed)?;
        bar.add(chunk.len() as u64);
    }
    file.flush().await.map_err(failed)
}

fn persist(temporary: TempPath, path: &Path, no_clobber: bool) -> Result<(), Failure> {
    let done = match no_clobber {
        true => temporary.persist_noclobber(path),
        false => temporary.persist(path),
    };
    done.map_err(|error| Failure::file(path, error.error))
}
