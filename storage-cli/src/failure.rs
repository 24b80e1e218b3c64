use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

use serde_json::{Value, json};
use storage_suite::{Error, ErrorKind, SettingsError};

use crate::exit::Exit;
use crate::output::escaped;

/// Why a command, or one part of it, failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file or whatever else on this side it is about.
    subject: Option<String>,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Storage(Error),
    Settings(SettingsError),
    Usage(String),
    File(io::Error),
    Output(io::Error),
    Interrupted,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { subject: None, cause: Cause::Usage(message.into()) }
    }

    /// A file or folder of this machine could not be read or written.
    pub(crate) fn file(path: impl AsRef<Path>, error: io::Error) -> Self {
        Self { subject: Some(escaped(&path.as_ref().display().to_string())), cause: Cause::File(error) }
    }

    pub(crate) fn output(error: io::Error) -> Self {
        Self { subject: None, cause: Cause::Output(error) }
    }

    pub(crate) fn interrupted() -> Self {
        Self { subject: None, cause: Cause::Interrupted }
    }

    /// Says which file of this machine it is about.
    pub(crate) fn on(mut self, path: &Path) -> Self {
        self.subject.get_or_insert_with(|| escaped(&path.display().to_string()));
        self
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(&self.cause, Cause::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn is_output(&self) -> bool {
        matches!(&self.cause, Cause::Output(_))
    }

    pub(crate) fn exit(&self) -> Exit {
        match &self.cause {
            Cause::Storage(error) => Exit::of(error.kind()),
            Cause::Settings(_) | Cause::Usage(_) => Exit::Usage,
            Cause::File(error) if error.kind() == io::ErrorKind::AlreadyExists => Exit::Conflict,
            Cause::File(_) | Cause::Output(_) => Exit::Other,
            Cause::Interrupted => Exit::Interrupted,
        }
    }

    fn kind(&self) -> &'static str {
        match &self.cause {
            Cause::Storage(error) => error.kind().as_str(),
            Cause::Settings(_) => "settings",
            Cause::Usage(_) => "usage",
            Cause::File(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                ErrorKind::AlreadyExists.as_str()
            }
            Cause::File(_) | Cause::Output(_) => "file",
            Cause::Interrupted => "interrupted",
        }
    }

    pub(crate) fn hint(&self) -> Option<&str> {
        match &self.cause {
            Cause::Storage(error) if error.kind() == ErrorKind::NotFound => {
                Some(error.hint().unwrap_or("`storage ls --recursive` shows what there is"))
            }
            // What the server's client says is for programmers. The folder's hint fits.
            Cause::Storage(error)
                if error.kind() == ErrorKind::BucketMissing && error.http_status().is_some() =>
            {
                Some(
                    "check the bucket's name, or set MINIO_BUCKET_CHECK_ON_SAVE=yes: the first put then creates it",
                )
            }
            Cause::Storage(error) => error.hint(),
            Cause::Settings(_) => Some("`storage config --help` tells where settings come from"),
            Cause::Usage(_) => Some("`storage --help` shows how it is used"),
            Cause::File(_) | Cause::Output(_) | Cause::Interrupted => None,
        }
    }

    /// `{"error": {…}}`, always with the same keys.
    pub(crate) fn to_json(&self) -> Value {
        let error = match &self.cause {
            Cause::Storage(error) => Some(error),
            _ => None,
        };
        json!({"error": {
            "kind": self.kind(),
            "message": self.to_string(),
            "key": error.and_then(Error::key),
            "operation": error.and_then(Error::operation),
            "store": error.and_then(Error::store),
            "code": error.and_then(Error::code),
            "http_status": error.and_then(Error::http_status),
            "request_id": error.and_then(Error::request_id),
            "hint": self.hint(),
        }})
    }
}

impl fmt::Display for Failure {
    /// The failure and its causes, joined by colons.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(subject) = &self.subject {
            write!(f, "{subject}: ")?;
        }
        match &self.cause {
            Cause::Settings(error) => write!(f, "{error}"),
            Cause::Usage(message) => f.write_str(message),
            Cause::File(error) => write!(f, "{error}"),
            Cause::Output(error) => write!(f, "the output could not be written: {error}"),
            Cause::Interrupted => f.write_str("interrupted"),
            Cause::Storage(error) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { subject: None, cause: Cause::Storage(error) }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self { subject: None, cause: Cause::Settings(error) }
    }
}
