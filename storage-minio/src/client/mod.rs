//! Requests to one bucket of one server: signed, sent, repeated where that is safe, and their refusals made errors.

mod answer;
mod attempt;
mod backoff;
mod error_code;
mod failure;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod line;
mod minio;
mod options;
mod printable;
mod refusal;
mod request;
mod server_traits;
mod throttle;
mod waiting;
mod words;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use storage_core::clock::Clock;
use storage_core::{BucketName, Error, ErrorKind, Result};
use tokio::time::Instant;

pub(crate) use answer::{Answer, Exchange, Reading, text_of};
pub(crate) use attempt::for_each_block;
pub(crate) use error_code::kind_of_code;
pub(crate) use minio::is_minio;
pub use options::{CaBundle, ClientOptions, RetryOptions};
pub(crate) use printable::printable;
pub(crate) use request::{Condition, Digested, Request, header_value};
pub(crate) use server_traits::ServerTraits;

use crate::addressing::BucketAddress;
use crate::credentials::CredentialCache;
use crate::sign::Signer;
use crate::transport::Transport;
use backoff::Backoff;
use failure::{Again, Failure};
pub(crate) use throttle::Throttle;
use throttle::TooLate;

/// The largest answer that is read whole where an answer has little to say.
pub(crate) const SMALL_ANSWER: u64 = 64 * 1024;

/// The largest listing of 1,000 keys that is read, and more than any can have: a key takes at most 3 KiB there.
pub(crate) const LIST_ANSWER: u64 = 8 * 1024 * 1024;

/// Speaks to one bucket.
pub(crate) struct Client {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) bucket: BucketName,
    pub(crate) address: BucketAddress,
    /// How errors call the server.
    pub(crate) server: Arc<str>,
    pub(crate) signer: Arc<Signer>,
    pub(crate) region: String,
    pub(crate) credentials: Arc<CredentialCache>,
    pub(crate) sign_payload: bool,
    pub(crate) options: ClientOptions,
    pub(crate) clock: Clock,
    /// The server has once answered for the bucket, so that it is known to exist.
    pub(crate) bucket_seen: AtomicBool,
    pub(crate) traits: Arc<ServerTraits>,
    pub(crate) throttle: Arc<Throttle>,
}

impl Client {
    /// Speaks to another bucket of the same server, by the same credentials and connections.
    pub(crate) fn beside(&self, bucket: &BucketName) -> Result<Self> {
        Ok(Self {
            transport: Arc::clone(&self.transport),
            bucket: bucket.clone(),
            address: self.address.beside(bucket)?,
            server: Arc::clone(&self.server),
            signer: Arc::clone(&self.signer),
            region: self.region.clone(),
            credentials: Arc::clone(&self.credentials),
            sign_payload: self.sign_payload,
            options: self.options.clone(),
            clock: self.clock.clone(),
            bucket_seen: AtomicBool::new(false),
            traits: Arc::clone(&self.traits),
            throttle: Arc::clone(&self.throttle),
        })
    }

    /// Speaks to the same bucket through another transport, without repeating anything, and without waiting for a turn.
    pub(crate) fn asking_once(&self, transport: Arc<dyn Transport>, timeout: Duration) -> Self {
        let options = self.options.clone().retry(RetryOptions::none()).request_timeout(timeout);
        Self {
            transport,
            bucket: self.bucket.clone(),
            address: self.address.clone(),
            server: Arc::clone(&self.server),
            signer: Arc::clone(&self.signer),
            region: self.region.clone(),
            credentials: Arc::clone(&self.credentials),
            sign_payload: self.sign_payload,
            options,
            clock: self.clock.clone(),
            bucket_seen: AtomicBool::new(false),
            traits: Arc::clone(&self.traits),
            throttle: Arc::default(),
        }
    }

    /// Sends a request whose answer has at most 64 KiB.
    pub(crate) async fn call(&self, request: &Request) -> Result<Answer> {
        self.exchange(request, Reading::Document(SMALL_ANSWER)).await.result
    }

    /// Sends a request until it is answered, or failed often enough.
    pub(crate) async fn exchange(&self, request: &Request, reading: Reading) -> Exchange {
        let mut repeated = false;
        let payload = match self.payload(request).await {
            Ok(payload) => payload,
            Err(error) => return Exchange { result: Err(error), repeated, reached: false },
        };
        let mut backoff = Backoff::new(&self.options.retry);
        let mut failed: Option<Error> = None;
        loop {
            let deadline = match request.cleans_up {
                true => backoff.deadline() + self.options.retry.budget,
                false => backoff.deadline(),
            };
            if let Err(TooLate) = self.throttle.turn(deadline).await {
                let error = failed.unwrap_or_else(|| self.too_late());
                return Exchange { result: Err(error), repeated, reached: repeated };
            }
            let sent = Instant::now();
            let failure = match self.attempt(request, payload, reading).await {
                Ok(answer) => {
                    self.throttle.answered(sent);
                    self.bucket_seen.store(true, Ordering::Relaxed);
                    return Exchange { result: Ok(answer), repeated, reached: true };
                }
                Err(failure) => failure,
            };
            self.heed(&failure, sent);
            let Some(wait) = backoff.next(&failure, sent.elapsed()) else {
                self.learn_from(&failure.error);
                let reached = repeated || failure.reached;
                return Exchange { result: Err(failure.error), repeated, reached };
            };
            repeated |= failure.reached;
            failed = Some(failure.error);
            tokio::time::sleep(wait).await;
        }
    }

    /// Has all tasks back off if the server asks for it. A refusal for another reason is an answer as good as any.
    fn heed(&self, failure: &Failure, sent: Instant) {
        let wish = match failure.again {
            Again::After(time) => Some(time.min(self.options.retry.budget)),
            _ => None,
        };
        match failure.error.kind() {
            ErrorKind::Throttled => self.throttle.complained(sent, wish),
            _ if wish.is_some() => self.throttle.complained(sent, wish),
            ErrorKind::Unavailable | ErrorKind::Timeout => {}
            _ if failure.error.http_status().is_some() => self.throttle.answered(sent),
            _ => {}
        }
    }

    fn too_late(&self) -> Error {
        let budget = self.options.retry.budget;
        Error::new(
            ErrorKind::Throttled,
            format!("{} asks for fewer requests, and this one had no turn within {budget:?}", self.server),
        )
    }

    pub(crate) fn has_seen_bucket(&self) -> bool {
        self.bucket_seen.load(Ordering::Relaxed)
    }

    fn learn_from(&self, error: &Error) {
        match (error.kind(), error.code()) {
            (ErrorKind::BucketMissing, _) => self.bucket_seen.store(false, Ordering::Relaxed),
            (ErrorKind::NotFound | ErrorKind::AlreadyExists | ErrorKind::PreconditionFailed, Some(_)) => {
                self.bucket_seen.store(true, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.server)
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("options", &self.options)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}
