use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use storage_core::health::{Health, HealthOptions, HealthReport, HealthState, Question};
use storage_core::{Error, ErrorKind, Result};

use super::LocalStorage;
use super::disk::blocking::blocking;
use super::session::{Session, Store};
use super::writing::temp::TempFile;

/// Alive is a folder that is there; ready is one in which a file can be made.
#[async_trait]
impl Health for LocalStorage {
    async fn check(&self, options: HealthOptions) -> HealthReport {
        let begin = Instant::now();
        let store = Arc::clone(&self.store);
        let looked = blocking(move || look(&store, options.question));
        let (state, detail) = match tokio::time::timeout(options.timeout, looked).await {
            Ok(Ok(())) => (HealthState::Up, None),
            Ok(Err(error)) => (state_of(&error), Some(error.with_store(&self.store.name).to_string())),
            // A network's file system hangs.
            Err(_) => {
                (HealthState::TimedOut, Some(format!("no answer within {} ms", options.timeout.as_millis())))
            }
        };
        HealthReport::new(state, begin.elapsed()).with_detail(detail)
    }
}

fn look(store: &Arc<Store>, question: Question) -> Result<()> {
    let session = Session::open(store)?;
    match question {
        Question::Liveness => Ok(()),
        _ => TempFile::create_secret(&session).map(drop),
    }
}

fn state_of(error: &Error) -> HealthState {
    match error.kind() {
        // The disk is full, or no more files can be opened.
        ErrorKind::Unavailable => HealthState::Unhealthy,
        _ => HealthState::of(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn says_that_the_folder_is_gone() {
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("photos");
        let storage = LocalStorage::open(&root).unwrap();
        for options in [HealthOptions::readiness(), HealthOptions::liveness()] {
            assert_eq!(storage.check(options.clone()).await.state, HealthState::Up);
            std::fs::rename(&root, parent.path().join("away")).unwrap();
            let report = storage.check(options).await;
            assert_eq!(report.state, HealthState::BucketMissing);
            assert!(report.detail.unwrap().contains("the store's folder is gone"));
            std::fs::rename(parent.path().join("away"), &root).unwrap();
        }
        let left = std::fs::read_dir(root.join(".storage/tmp")).unwrap().count();
        assert_eq!(left, 0, "a check leaves nothing");
    }

    #[test]
    fn a_full_disk_is_no_lack_of_a_network() {
        let full = super::super::disk::faults::fault(rustix::io::Errno::NOSPC.into());
        assert_eq!(state_of(&full), HealthState::Unhealthy);
        let denied = super::super::disk::faults::fault(rustix::io::Errno::ROFS.into());
        assert_eq!(state_of(&denied), HealthState::Forbidden);
    }
}
