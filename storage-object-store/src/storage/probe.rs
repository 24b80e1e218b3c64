//! Whether a server honours conditions on writes, found out without harm: on a random key of our own.

use std::sync::Arc;

use futures_util::future::join_all;
use object_store::path::Path;
use object_store::{
    Extensions, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, UpdateVersion,
};
use storage_core::key::PROBED;
use storage_core::{Error, ErrorKind, ObjectKey, Result};

use super::Store;
use super::conditions::Conditions;
use super::upload::Upload;
use crate::completion::Completion;
use crate::translate::errors::translate;
use crate::translate::key_path::path_of;
use storage_core::backend::SaveId;

/// How many write the same new key at once.
const RACERS: usize = 8;

/// For whoever finds one that could not be deleted.
const CONTENT: &str =
    "Written to find out whether this server honours conditions on writes. It may be deleted.\n";

/// An entity tag that the probe does not have.
const OTHER_ETAG: &str = "\"00000000000000000000000000000000\"";

/// What a server did with a write on a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Treatment {
    Stored,
    Refused,
    /// It does not let this write be tried.
    Denied,
}

impl Store {
    pub(super) async fn try_conditions(self: &Arc<Self>) -> Result<Conditions> {
        let key = ObjectKey::new(format!("{}{PROBED}{}", self.probe_folder, SaveId::random()?.as_str()))?;
        let found = self.try_all(&key).await;
        // A write that failed may have been done all the same.
        if !matches!(found, Ok(Conditions::Untried)) && self.delete(&key).await.is_err() {
            let _ = self.delete(&key).await;
        }
        found
    }

    async fn try_all(self: &Arc<Self>, key: &ObjectKey) -> Result<Conditions> {
        let path = path_of(key)?;
        let racing = (0..RACERS).map(|_| self.treatment(&path, PutMode::Create));
        let race: Vec<Treatment> = join_all(racing).await.into_iter().collect::<Result<_>>()?;
        // A lost answer can make one's own success look refused, but never a loss look won.
        let winners = race.iter().filter(|treatment| **treatment == Treatment::Stored).count();
        if winners > 1 {
            return Ok(Conditions::Ignored);
        }
        if race.contains(&Treatment::Denied) {
            return Ok(Conditions::Untried);
        }
        // The key is taken now.
        let completes = match self.completes_conditionally {
            true => self.completion_treatment(key).await?,
            false => self.treatment(&path, PutMode::Create).await?,
        };
        match completes {
            Treatment::Stored => return Ok(Conditions::Ignored),
            Treatment::Denied => return Ok(Conditions::Untried),
            Treatment::Refused => {}
        }
        let other = UpdateVersion { e_tag: Some(OTHER_ETAG.to_owned()), version: None };
        match self.treatment(&path, PutMode::Update(other)).await? {
            Treatment::Refused => Ok(Conditions::Honoured),
            Treatment::Stored | Treatment::Denied => Ok(Conditions::CreateOnly),
        }
    }

    async fn treatment(&self, path: &Path, mode: PutMode) -> Result<Treatment> {
        let options = PutOptions { mode, ..PutOptions::default() };
        treatment_of(self.objects.put_opts(path, CONTENT.into(), options).await.map_err(translate))
    }

    /// An upload in parts onto the taken key.
    async fn completion_treatment(self: &Arc<Self>, key: &ObjectKey) -> Result<Treatment> {
        let mut extensions = Extensions::new();
        extensions.insert(Completion::IfAbsent);
        let options = PutMultipartOptions { extensions, ..PutMultipartOptions::default() };
        let mut upload = match Upload::begin(self, key, options).await {
            Ok(upload) => upload,
            Err(error) => return treatment_of::<()>(Err(error)),
        };
        let sent = upload.part(PutPayload::from(CONTENT))?.await.map_err(translate);
        if let Err(error) = sent {
            upload.abort().await;
            return treatment_of::<()>(Err(error));
        }
        treatment_of(upload.complete().await)
    }
}

fn treatment_of<T>(answered: Result<T>) -> Result<Treatment> {
    match answered {
        Ok(_) => Ok(Treatment::Stored),
        Err(error) => match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed => Ok(Treatment::Refused),
            // Another one writes it just now.
            _ if error.http_status() == Some(409) => Ok(Treatment::Refused),
            ErrorKind::PermissionDenied | ErrorKind::Unsupported | ErrorKind::InvalidInput => {
                Ok(Treatment::Denied)
            }
            _ => Err::<_, Error>(error),
        },
    }
}
