use tokio::task::{JoinHandle, spawn_blocking};

use crate::{Error, ErrorKind, Result};

/// A value that is worked on by the blocking threads, one piece of work after the other. When it is dropped, what was begun is ended, and
/// the value dropped there.
pub(super) struct Background<T> {
    value: Option<T>,
    task: Option<JoinHandle<Result<T>>>,
}

impl<T: Send + 'static> Background<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value: Some(value), task: None }
    }

    /// Begins a piece of work as soon as the one before is done; that one's error is returned.
    pub(super) async fn begin(
        &mut self,
        work: impl FnOnce(&mut T) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let mut value = self.done().await?;
        self.task = Some(spawn_blocking(move || {
            work(&mut value)?;
            Ok(value)
        }));
        Ok(())
    }

    /// Ends with a last piece of work.
    pub(super) async fn finish<R: Send + 'static>(
        mut self,
        work: impl FnOnce(T) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let value = self.done().await?;
        on_blocking_thread(move || work(value)).await
    }

    async fn done(&mut self) -> Result<T> {
        if let Some(task) = &mut self.task {
            let done = task.await;
            self.task = None;
            self.value = Some(done.map_err(lost)??);
        }
        self.value.take().ok_or_else(|| Error::new(ErrorKind::Other, "the sweep has failed before"))
    }
}

pub(super) async fn on_blocking_thread<R: Send + 'static>(
    work: impl FnOnce() -> Result<R> + Send + 'static,
) -> Result<R> {
    spawn_blocking(work).await.map_err(lost)?
}

pub(super) fn lost(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Other, "the runtime ended the sweep").with_operation("sweep").with_source(error)
}
