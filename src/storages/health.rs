use std::time::Instant;

use futures_util::future::join_all;
use storage_core::health::{HealthOptions, HealthReport, HealthState, Question};
use storage_core::{Bucket, Error, ErrorKind, Storage};

use super::Storages;

/// How one bucket is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BucketHealth {
    /// The storage that it is of.
    pub alias: String,
    /// The bucket.
    pub bucket: String,
    /// How it is.
    pub report: HealthReport,
}

impl Storages {
    /// Asks every bucket of every storage how it is, all at once, so that it takes as long as the slowest and never longer than the options
    /// allow. Failures are reports, in the order of the aliases and names.
    ///
    /// ```
    /// use storage_suite::Storages;
    /// use storage_suite::storage_core::health::HealthOptions;
    ///
    /// async fn is_ready(storages: &Storages) -> bool {
    ///     storages.health(&HealthOptions::readiness()).await.iter().all(|bucket| bucket.report.is_up())
    /// }
    /// ```
    pub async fn health(&self, options: &HealthOptions) -> Vec<BucketHealth> {
        let asked = self.groups.iter().flat_map(|(alias, group)| {
            group.buckets().map(move |bucket| async move {
                BucketHealth {
                    alias: alias.clone(),
                    bucket: bucket.name().to_owned(),
                    report: report(bucket, options).await,
                }
            })
        });
        join_all(asked).await
    }
}

/// A store that has no check of its own is asked for an object that nobody has.
async fn report(bucket: &Bucket, options: &HealthOptions) -> HealthReport {
    if let Some(health) = bucket.storage().health() {
        return health.check(options.clone()).await;
    }
    let begin = Instant::now();
    let (state, detail) = match tokio::time::timeout(options.timeout, bucket.exists(super::PROBED)).await {
        Ok(Ok(_)) => (HealthState::Up, None),
        Ok(Err(error)) if options.question == Question::Liveness && is_an_answer(&error) => {
            (HealthState::Up, None)
        }
        Ok(Err(error)) => (HealthState::of(&error), Some(error.to_string())),
        Err(_) => {
            (HealthState::TimedOut, Some(format!("no answer within {} ms", options.timeout.as_millis())))
        }
    };
    HealthReport::new(state, begin.elapsed()).with_detail(detail)
}

/// Whether somebody answered, with a refusal perhaps.
fn is_an_answer(error: &Error) -> bool {
    error.http_status().is_some()
        || matches!(
            error.kind(),
            ErrorKind::NotFound
                | ErrorKind::BucketMissing
                | ErrorKind::PermissionDenied
                | ErrorKind::Unauthenticated
                | ErrorKind::ClockSkewed
                | ErrorKind::WrongRegion
                | ErrorKind::Throttled
                | ErrorKind::RangeNotSatisfiable
        )
}
