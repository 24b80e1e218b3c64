//! One cell of the table: it is run, and everything about it is checked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use s3_testserver::{Door, Hits};
use storage_core::{Error, ErrorKind, Storage, StorageExt};
use storage_minio::{ClientOptions, MinioStorage, PayloadSigning};
use tokio::task::JoinHandle;

use super::operation::{Answer, NAME, Operation};
use super::row::{Outcome, Row, SHORT, Work};
use super::server::{BUCKET, Server, Snapshot};
use super::setting::{Setting, Wanted};
use super::step::Step;

/// No operation takes longer, whatever happens to it. Far more than any needs, since other programs run too.
const BOUND: Duration = Duration::from_secs(60);

/// How long what goes on in the background may take, such as the abortion of an upload.
const SETTLING: Duration = Duration::from_secs(20);

/// After this time a door is opened that was closed.
const OPENING: Duration = Duration::from_millis(60);

/// How often a cell with a short time-out is run again that a busy machine has kept from telling anything.
const ATTEMPTS: usize = 5;

/// Why a cell is not as it should be.
enum Flaw {
    Wrong(String),
    /// A sound request did not come through in the short time that it was given.
    TooBusy,
}

impl From<String> for Flaw {
    fn from(why: String) -> Self {
        Self::Wrong(why)
    }
}

pub(crate) struct Cell<'a> {
    pub(crate) server: &'a Server,
    pub(crate) row: &'a Row,
    pub(crate) step: Step,
    pub(crate) setting: Setting,
    pub(crate) outcome: Outcome,
    pub(crate) wanted: Wanted,
}

impl Cell<'_> {
    /// Everything that is wrong with it.
    pub(crate) async fn faults(self, folder: String) -> Result<(), String> {
        let what = format!("`{}` with {}", self.step.name(), self.setting.name());
        let mut attempt = 1;
        loop {
            let operation = Operation { step: self.step, folder: format!("{folder}-{attempt}") };
            match self.check(&operation).await {
                Ok(()) => return Ok(()),
                Err(Flaw::TooBusy) if attempt < ATTEMPTS => attempt += 1,
                Err(Flaw::TooBusy) => return Err(format!("{what}: this machine is too busy to tell")),
                Err(Flaw::Wrong(why)) => return Err(format!("{what}: {why}")),
            }
        }
    }

    async fn check(&self, operation: &Operation) -> Result<(), Flaw> {
        let unprepared = |error: Error| format!("cannot be prepared: {error}");
        operation.prepare(self.server).await.map_err(unprepared)?;
        let etag = match self.step {
            Step::IfMatch => {
                let meta = self.server.clean.stat(&operation.key()).await.map_err(unprepared)?;
                meta.etag
            }
            _ => None,
        };
        let door = Arc::new(self.server.closed_door());
        let storage = Arc::new(self.storage(&door).map_err(unprepared)?);
        let hits = self.arm(&door, operation);

        let began = Instant::now();
        let opening = self.open_later(door.clone());
        let running = tokio::time::timeout(BOUND, operation.run(&storage, etag)).await;
        let Ok(result) = running else { return Err(format!("no end within {BOUND:?}").into()) };
        let took = began.elapsed();
        drop(opening);
        let shown = match &result {
            Ok(_) => "success".to_owned(),
            Err(error) => format!("{error:?}"),
        };
        let is_late = result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Timeout);
        if is_late
            && self.row.read_timeout == SHORT
            && hits.as_ref().is_some_and(|hits| self.is_cut_short(hits))
        {
            return Err(Flaw::TooBusy);
        }
        self.check_result(&result, operation).map_err(|why| format!("{why}; {shown} after {took:?}"))?;
        self.check_hits(hits.as_ref(), &door).map_err(|why| format!("{why}; {shown}"))?;
        self.check_state(operation, &result).await.map_err(|why| format!("{why}; {shown}"))?;
        self.check_connection(&storage, &door, operation).await
    }

    /// Whether a request ran into the short time-out that was not meant to.
    fn is_cut_short(&self, hits: &Hits) -> bool {
        hits.count() == 0 || self.wanted == Wanted::Success
    }

    fn storage(&self, door: &Door) -> storage_core::Result<MinioStorage> {
        let options =
            ClientOptions::new().read_timeout(self.row.read_timeout).retry(self.setting.options(self.row));
        let signing = if self.row.is_unsigned { PayloadSigning::Never } else { PayloadSigning::Auto };
        self.server.behind(door).client_options(options).payload_signing(signing).build()
    }

    fn arm(&self, door: &Door, operation: &Operation) -> Option<Hits> {
        if self.row.is_refused {
            return None;
        }
        door.open();
        let (key, source) = (operation.key(), operation.source());
        let mut fault = self.step.fault((self.row.effect)(self.step), key.as_str(), source.as_str());
        fault = fault.times(self.setting.hits());
        if self.row.after_work {
            fault = fault.after_work();
        }
        Some(door.inject(fault))
    }

    /// Lets connections in after a while, where the fault does not stay.
    fn open_later(&self, door: Arc<Door>) -> Option<JoinHandle<()>> {
        let opens = self.row.is_refused && self.setting == Setting::Generous;
        opens.then(|| {
            tokio::spawn(async move {
                tokio::time::sleep(OPENING).await;
                door.open();
            })
        })
    }

    fn check_result(&self, result: &Result<Answer, Error>, operation: &Operation) -> Result<(), String> {
        match (self.wanted, result) {
            (Wanted::Failure(kind), Err(error)) if error.kind() == kind => {
                let text = format!("{error} {error:?}");
                match () {
                    () if self.server.tells_secrets(&text) => Err("it tells secrets".to_owned()),
                    () if error.operation().is_none() || error.store() != Some(BUCKET) => {
                        Err("it does not say what failed".to_owned())
                    }
                    () => Ok(()),
                }
            }
            (Wanted::Success, Ok(answer)) => match *answer == operation.answer() {
                _ if self.saves() => Ok(()),
                true => Ok(()),
                false => Err(format!("{} bytes or a value that are others", answer.len())),
            },
            (Wanted::OtherBytes, Ok(answer)) if self.saves() || answer.len() == operation.answer().len() => {
                Ok(())
            }
            (wanted, _) => Err(format!("it should have been {wanted:?}")),
        }
    }

    fn check_hits(&self, hits: Option<&Hits>, door: &Door) -> Result<(), String> {
        let Some(hits) = hits else { return Ok(()) };
        let repeats_nothing = matches!(self.outcome, Outcome::Fails(_) | Outcome::FailsAndLeavesUpload(_));
        match hits.count() {
            0 => return Err("the fault met no request".to_owned()),
            1 => {}
            count if repeats_nothing || self.setting == Setting::None => {
                return Err(format!("it was repeated {count} times"));
            }
            _ => {}
        }
        let sent = door.requests().all().iter().map(|request| request.sent).max().unwrap_or_default();
        match self.row.most_sent {
            Some(most) if sent > most => Err(format!("{sent} bytes of an answer were taken")),
            _ => Ok(()),
        }
    }

    /// What is there must be what may be there: nothing torn, nothing else, no upload.
    async fn check_state(&self, operation: &Operation, result: &Result<Answer, Error>) -> Result<(), String> {
        let allowed = self.allowed(operation, result);
        let uploads_allowed = match self.outcome {
            Outcome::FailsAndLeavesUpload(_) => 1,
            Outcome::RepeatsAndLeavesUploads(_) => usize::MAX,
            _ => 0,
        };
        let settled = Instant::now() + SETTLING;
        loop {
            let found = self.server.snapshot(&operation.folder).await.map_err(|error| error.to_string())?;
            let uploads = self.server.uploads(operation.key().as_str()).await;
            let is_as_allowed = match self.wanted {
                Wanted::OtherBytes => allowed.iter().any(|allowed| allowed.keys().eq(found.keys())),
                _ => allowed.contains(&found),
            };
            if is_as_allowed && uploads <= uploads_allowed {
                return Ok(());
            }
            if Instant::now() > settled {
                let sizes: Vec<_> = found.iter().map(|(name, bytes)| (name, bytes.len())).collect();
                return Err(format!("there are {sizes:?} and {uploads} uploads"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether it gives the name that it chose.
    fn saves(&self) -> bool {
        matches!(self.step, Step::Save | Step::SaveLarge)
    }

    fn allowed(&self, operation: &Operation, result: &Result<Answer, Error>) -> Vec<Snapshot> {
        match result {
            Ok(answer) if self.saves() => {
                vec![operation.after(&String::from_utf8_lossy(answer))]
            }
            Ok(_) => vec![operation.after(NAME)],
            Err(_) => {
                let mut allowed = vec![operation.before()];
                allowed.extend(operation.between());
                if self.row.work == Work::Done {
                    allowed.push(operation.after(NAME));
                }
                allowed
            }
        }
    }

    /// What came after an answer on its connection is not taken for the next answer.
    async fn check_connection(
        &self,
        storage: &Arc<MinioStorage>,
        door: &Door,
        operation: &Operation,
    ) -> Result<(), Flaw> {
        door.open();
        door.clear_faults();
        let began = Instant::now();
        let mut seen = storage.exists(&operation.key()).await;
        while seen.as_ref().is_err_and(|error| error.kind() == ErrorKind::Throttled)
            && began.elapsed() < SETTLING
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
            seen = storage.exists(&operation.key()).await;
        }
        let there = self.server.clean.exists(&operation.key()).await;
        match (seen, there) {
            (Ok(seen), Ok(there)) if seen == there => Ok(()),
            (Err(error), _) if error.kind() == ErrorKind::Timeout && self.row.read_timeout == SHORT => {
                Err(Flaw::TooBusy)
            }
            (seen, there) => Err(format!("asked again it says {seen:?}, where {there:?} is true").into()),
        }
    }
}
