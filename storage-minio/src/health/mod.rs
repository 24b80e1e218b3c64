//! Whether the server is up, and if not, why not.

mod listening;

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use http::header::{DATE, SERVER};
use http::{HeaderMap, Method};
use storage_core::health::{ClockSkew, Health, HealthOptions, HealthReport, HealthState, Question};
use storage_core::{Error, Result};
use tokio::time::{Instant, timeout};

use crate::MinioStorage;
use crate::actions::head_bucket;
use crate::actions::list_objects_v2::{self, Query};
use crate::client::{Client, Request, is_minio, printable, text_of};
use crate::storage::needs_explanation;
use crate::transport::{TransportError, TransportFault};
use listening::Listening;

/// What MinIO answers with 503 while too few of its nodes are there to write
/// ([MinIO, "Healthcheck API"](https://github.com/minio/minio/blob/master/docs/metrics/healthcheck/README.md)).
const MINIO_CLUSTER: &str = "/minio/health/cluster";

#[async_trait]
impl Health for MinioStorage {
    /// One HEAD of the bucket, which these credentials need `s3:ListBucket` for; one GET more where its answer gives no reason, and one
    /// where the server is MinIO, which says by it whether it can write.
    async fn check(&self, options: HealthOptions) -> HealthReport {
        let begin = Instant::now();
        let heard = Arc::new(Listening::new(Arc::clone(&self.store().client.transport)));
        let own = &self.store().client;
        let client = own.asking_once(Arc::clone(&heard) as _, options.timeout);
        // What is no answer of S3 tells neither its name nor its time.
        let pages = own.asking_once(Arc::clone(&own.transport), options.timeout);
        let asked = timeout(options.timeout, ask(&client, &pages, &heard, options.question)).await;
        let headers = heard.headers();
        let (state, detail) = match asked {
            Ok(Ok(())) => (HealthState::Up, None),
            Ok(Err(error)) => (state_of(&error, headers.as_ref(), client.clock.now()), Some(words(&error))),
            Err(_) => {
                let waited = format!("no answer within {} ms", options.timeout.as_millis());
                (HealthState::TimedOut, Some(waited))
            }
        };
        let server = headers.as_ref().and_then(|headers| headers.get(SERVER));
        let server = server.map(|server| printable(&text_of(server.as_bytes())).replacen('/', " ", 1));
        HealthReport::new(state, begin.elapsed()).with_server(server).with_detail(detail)
    }
}

async fn ask(client: &Client, pages: &Client, heard: &Listening, question: Question) -> Result<()> {
    let answer = client.call(&head_bucket::request()).await;
    if question == Question::Liveness && heard.headers().is_some() {
        return Ok(());
    }
    match answer {
        Ok(_) => {}
        Err(error) if needs_explanation(&error) => {
            let query = Query { max_keys: Some("1"), ..Query::default() };
            client.call(&list_objects_v2::request(query)).await?;
        }
        Err(error) => return Err(error),
    }
    match heard.headers().is_some_and(|headers| is_minio(&headers)) {
        true => can_write(pages).await,
        false => Ok(()),
    }
}

async fn can_write(pages: &Client) -> Result<()> {
    match pages.call(&Request::page(Method::GET, MINIO_CLUSTER)).await {
        Err(error) if error.http_status() == Some(503) => {
            Err(Error::new(error.kind(), "too few of its nodes or drives are there to write")
                .with_http_status(503))
        }
        // A proxy may keep this page to itself.
        _ => Ok(()),
    }
}

fn state_of(error: &Error, headers: Option<&HeaderMap>, now: SystemTime) -> HealthState {
    let failed = std::error::Error::source(error).and_then(|source| source.downcast_ref::<TransportError>());
    match failed.map(TransportError::fault) {
        Some(TransportFault::Resolve) => HealthState::Unresolved,
        Some(TransportFault::Tls) => HealthState::TlsFailed,
        Some(TransportFault::ConnectTimeout) => HealthState::TimedOut,
        Some(TransportFault::Connect) if failed.is_some_and(is_refused) => HealthState::Refused,
        Some(_) => HealthState::Unreachable,
        None => match HealthState::of(error) {
            HealthState::ClockSkewed(_) => HealthState::ClockSkewed(headers.and_then(|said| skew(said, now))),
            state => state,
        },
    }
}

fn is_refused(error: &TransportError) -> bool {
    error.io_kind() == Some(io::ErrorKind::ConnectionRefused)
}

/// How far this clock is from the server's, whole seconds.
fn skew(headers: &HeaderMap, now: SystemTime) -> Option<ClockSkew> {
    let theirs = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let whole = |by: Duration| Duration::from_secs(by.as_secs());
    Some(match now.duration_since(theirs) {
        Ok(ahead) => ClockSkew::Ahead(whole(ahead)),
        Err(behind) => ClockSkew::Behind(whole(behind.duration())),
    })
}

/// What failed, with its cause.
fn words(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
