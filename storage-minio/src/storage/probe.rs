//! Races for a random key, by which it is found out whether a server honours conditions on writes, and atomically.

use std::sync::Arc;

use futures_util::future::{join_all, try_join_all};
use storage_core::key::PROBED;
use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{ETag, Error, ErrorKind, ObjectKey, PutOptions, Result};

use super::Store;
use super::conditions::{Conditions, Way};
use super::knowledge::Finding;
use super::upload::{Completion, Upload};
use crate::actions::metadata::SaveId;
use crate::actions::{copy_object, delete_object, headers, put_object, upload_part};
use crate::addressing::copy_source;
use crate::transport::Content;

/// For whoever finds one that could not be deleted.
const CONTENT: &str =
    "Written to find out whether this server honours conditions on writes. It may be deleted.\n";

/// How many race for one key. Exactly one may win.
const RACERS: usize = 8;

/// What a server did with a write on a condition.
enum Treatment {
    Stored(Option<ETag>),
    Refused,
    /// It may have been refused for its own earlier success.
    RefusedAgain,
    /// These credentials may not write it.
    Denied,
    /// The server knows no such write.
    Unknown,
}

/// What came of a race.
enum Outcome {
    /// One has won. Where its answer was lost, its `ETag` is not known.
    One(Option<ETag>),
    Several,
    /// One should have won and did not, or some were let and others not.
    None,
    /// Nobody was let.
    Denied,
    Unknown,
}

/// A key of a probe's own. Whatever way the probe ends, it is deleted, or left for the next probe to delete.
struct ProbeKey {
    store: Arc<Store>,
    key: Option<ObjectKey>,
}

impl ProbeKey {
    fn random(store: &Arc<Store>) -> Result<Self> {
        let key = ObjectKey::new(format!("{PROBED}{}", SaveId::random()?.as_str()))?;
        Ok(Self { store: Arc::clone(store), key: Some(key) })
    }

    /// Deletes it, and what earlier probes had to leave behind.
    async fn delete(mut self) {
        let mut keys = self.store.conditions.take_left();
        keys.extend(self.key.clone());
        for key in keys {
            let request = delete_object::request(&key).cleaning_up();
            if self.store.client.call(&request).await.is_err()
                && self.store.client.call(&request).await.is_err()
            {
                self.store.conditions.leave(key);
            }
        }
        self.key = None;
    }

    /// Nothing was written.
    fn forget(mut self) {
        self.key = None;
    }
}

impl Drop for ProbeKey {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.store.conditions.leave(key);
        }
    }
}

impl Store {
    pub(super) async fn try_conditions(self: &Arc<Self>, way: Way) -> Result<Finding> {
        let probe = ProbeKey::random(self)?;
        let Some(key) = probe.key.clone() else { return Ok(Finding::UNTRIED) };
        let found = match way {
            Way::Put => self.try_put(&key).await,
            Way::CreateInParts => self.try_parts(&key, &PutMode::Create).await.map(Some),
            Way::ReplaceInParts => self.try_replacing_in_parts(&key).await.map(Some),
            Way::Copy => self.try_copy(&key).await.map(Some),
        };
        match found {
            // There is nothing to delete where nothing may be written.
            Ok(None) => probe.forget(),
            // A write that failed may have been done all the same.
            _ => probe.delete().await,
        }
        Ok(found?.unwrap_or(Finding::UNTRIED))
    }

    /// Several create it at once; then several replace what the first one has stored. Nothing comes of it where nothing may be written.
    async fn try_put(&self, key: &ObjectKey) -> Result<Option<Finding>> {
        let created = match self.race_to_put(key, &PutMode::Create).await? {
            Outcome::One(etag) => etag,
            Outcome::Several => return Ok(Some(Finding::lasting(Conditions::Ignored))),
            Outcome::None => return Ok(Some(Finding::UNTRIED)),
            Outcome::Denied | Outcome::Unknown => return Ok(None),
        };
        let etag = match created {
            Some(etag) => etag,
            None => match headers::read_etag(&self.head(key, None).await?.headers) {
                Some(etag) => etag,
                None => return Ok(Some(Finding::lasting(Conditions::CreateOnly))),
            },
        };
        Ok(Some(match self.race_to_put(key, &PutMode::IfMatch(etag)).await? {
            Outcome::One(_) => Finding::lasting(Conditions::Honoured),
            Outcome::Several | Outcome::None | Outcome::Unknown => Finding::lasting(Conditions::CreateOnly),
            Outcome::Denied => Finding { conditions: Conditions::CreateOnly, is_denial: true },
        }))
    }

    async fn race_to_put(&self, key: &ObjectKey, mode: &PutMode) -> Result<Outcome> {
        // What replaces must have another `ETag` than what was created.
        let first = if *mode == PutMode::Create { 0 } else { RACERS };
        let racers = first..first + RACERS;
        outcome_of(join_all(racers.map(|racer| self.put_probe(key, racer, mode.clone()))).await)
    }

    async fn put_probe(&self, key: &ObjectKey, racer: usize, mode: PutMode) -> Result<Treatment> {
        let options = PutOptions::new().content_type("text/plain").mode(mode);
        let content = content_of(racer);
        let size = content.len();
        let request = put_object::request(key, content, &options, None)?;
        let exchange = self.write(&request).await;
        treatment(exchange.result.and_then(|answer| put_object::answer(&answer, size)), exchange.repeated)
    }

    async fn try_replacing_in_parts(self: &Arc<Self>, key: &ObjectKey) -> Result<Finding> {
        match self.put_probe(key, RACERS, PutMode::Overwrite).await? {
            Treatment::Stored(Some(etag)) => self.try_parts(key, &PutMode::IfMatch(etag)).await,
            _ => Ok(Finding::UNTRIED),
        }
    }

    /// Several uploads of one part each are completed at once.
    async fn try_parts(self: &Arc<Self>, key: &ObjectKey, mode: &PutMode) -> Result<Finding> {
        let begun = try_join_all((0..RACERS).map(|racer| self.begin_probe(key, racer))).await;
        let uploads = match begun {
            Ok(uploads) => uploads,
            Err(error) => {
                treatment(Err(error), false)?;
                return Ok(Finding::UNTRIED);
            }
        };
        if self.client.traits.completes_in_races() {
            // The ids of the uploads have told so just now.
            join_all(uploads.into_iter().map(|(upload, ..)| upload.abort())).await;
            return Ok(Finding::lasting(Conditions::Ignored));
        }
        let completing = uploads.into_iter().map(|(upload, save_id, etag)| async move {
            let parts = [etag];
            let size = content_of(0).len();
            let how = Completion { parts: &parts, size, mode, save_id: &save_id, customer_key: None };
            treatment(upload.complete(how).await, false)
        });
        outcome_of(join_all(completing).await).map(only_one)
    }

    async fn begin_probe(self: &Arc<Self>, key: &ObjectKey, racer: usize) -> Result<(Upload, SaveId, ETag)> {
        let save_id = SaveId::random()?;
        let described = headers::describing(&PutOptions::new().content_type("text/plain"), Some(&save_id))?;
        let upload = Upload::begin(self, key, described).await?;
        let request = upload_part::request(upload.part(1), content_of(racer), None, None)?;
        let etag = upload_part::answer(&self.client.call(&request).await?)?;
        Ok((upload, save_id, etag))
    }

    /// Several copies of one object are made at once.
    async fn try_copy(self: &Arc<Self>, key: &ObjectKey) -> Result<Finding> {
        let source = ProbeKey::random(self)?;
        let Some(from) = source.key.clone() else { return Ok(Finding::UNTRIED) };
        let found = match self.put_probe(&from, 0, PutMode::Overwrite).await {
            Ok(Treatment::Stored(_)) => self.race_to_copy(&from, key).await.map(only_one),
            Ok(_) => Ok(Finding::UNTRIED),
            Err(error) => Err(error),
        };
        source.delete().await;
        found
    }

    async fn race_to_copy(&self, from: &ObjectKey, to: &ObjectKey) -> Result<Outcome> {
        let path = copy_source(&self.client.bucket, from);
        let copying = (0..RACERS).map(|racer| {
            let path = &path;
            async move {
                let save_id = SaveId::random()?;
                // Each makes an object of its own.
                let options =
                    PutOptions::new().content_type("text/plain").metadata("racer", racer.to_string());
                let described = headers::describing(&options, Some(&save_id))?;
                let request = copy_object::request_if_absent(to, path, None, Some(described))?;
                let size = content_of(0).len();
                treatment(self.copy_if_absent(&request, to, &save_id, size).await, false)
            }
        });
        outcome_of(join_all(copying).await)
    }
}

/// Another content for each racer, and so another `ETag`, but of the same size.
fn content_of(racer: usize) -> Content {
    Content::Bytes(format!("{CONTENT}{racer:02}\n").into())
}

fn treatment(answered: Result<PutOutcome>, repeated: bool) -> Result<Treatment> {
    let error = match answered {
        Ok(stored) => return Ok(Treatment::Stored(stored.etag)),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed if repeated => Ok(Treatment::RefusedAgain),
        ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed => Ok(Treatment::Refused),
        ErrorKind::PermissionDenied => Ok(Treatment::Denied),
        ErrorKind::Unsupported | ErrorKind::InvalidInput => Ok(Treatment::Unknown),
        _ => Err(error),
    }
}

fn outcome_of(treatments: Vec<Result<Treatment>>) -> Result<Outcome> {
    let (mut winners, mut is_unclear) = (Vec::new(), false);
    let (mut hindrance, mut failure): (Option<Outcome>, Option<Error>) = (None, None);
    for treatment in treatments {
        match treatment {
            Ok(Treatment::Stored(etag)) => winners.push(etag),
            Ok(Treatment::Refused) => {}
            Ok(Treatment::RefusedAgain) => is_unclear = true,
            Ok(Treatment::Denied) => hindrance = Some(Outcome::Denied),
            Ok(Treatment::Unknown) => hindrance = hindrance.or(Some(Outcome::Unknown)),
            Err(error) => failure = Some(error),
        }
    }
    match (winners.len(), failure, hindrance) {
        // Two are enough, whatever became of the others.
        (2.., _, _) => Ok(Outcome::Several),
        (_, Some(error), _) => Err(error),
        (0, None, Some(hindrance)) if !is_unclear => Ok(hindrance),
        (1, None, None) => Ok(Outcome::One(winners.pop().flatten())),
        (0, None, None) if is_unclear => Ok(Outcome::One(None)),
        (_, None, _) => Ok(Outcome::None),
    }
}

fn only_one(outcome: Outcome) -> Finding {
    match outcome {
        Outcome::One(_) => Finding::lasting(Conditions::Honoured),
        Outcome::Several | Outcome::None => Finding::lasting(Conditions::Ignored),
        Outcome::Denied | Outcome::Unknown => Finding::UNTRIED,
    }
}
