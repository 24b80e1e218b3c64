use std::future::Future;
use std::pin::pin;

use futures_util::{Stream, StreamExt};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// How many transfers run at a time unless told otherwise.
pub(crate) const JOBS: u16 = 4;

/// Does all of it, at most `jobs` at a time. Each failure is reported and does not keep the rest from being tried; only an output
/// that nobody takes ends everything.
pub(crate) async fn each<T, F>(
    output: &Output,
    items: impl Stream<Item = Result<T, Failure>> + Send,
    jobs: u16,
    act: impl Fn(T) -> F + Send + Sync,
) -> Result<Exit, Failure>
where
    T: Send,
    F: Future<Output = Result<(), Failure>> + Send,
{
    let act = &act;
    let running = items
        .map(|item| async move {
            match item {
                Ok(item) => act(item).await,
                Err(failure) => Err(failure),
            }
        })
        .buffer_unordered(usize::from(jobs));
    let mut running = pin!(running);
    let mut exit = Exit::Ok;
    while let Some(done) = running.next().await {
        match done {
            Ok(()) => {}
            Err(failure) if failure.is_output() => return Err(failure),
            Err(failure) => exit = exit.and(output.failure(&failure)),
        }
    }
    Ok(exit)
}
