use storage_core::{Error, ErrorKind, Result};
use tokio::task::{JoinError, spawn_blocking};

/// Runs `work` on one of tokio's blocking threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    joined(spawn_blocking(work).await)
}

/// What a blocking thread came to. Only a runtime that is shut down keeps it from coming to its end.
pub(crate) fn joined<T>(result: Result<Result<T>, JoinError>) -> Result<T> {
    result.unwrap_or_else(|error| {
        Err(Error::new(ErrorKind::Unavailable, "the runtime is shutting down").with_source(error))
    })
}
