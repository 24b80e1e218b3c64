use std::any::Any;
use std::time::Duration;

use crate::factory::BoxError;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::case::Case;
use crate::factory::Factory;
use crate::outcome::{Outcome, Stop, chain};
use crate::sandbox::Sandbox;

/// How long clean-up and the end of blocking tasks may take.
const GRACE: Duration = Duration::from_secs(30);

/// Runs one case on a store of its own.
pub(crate) fn run(case: &Case, factory: &Factory, deadline: Duration) -> Outcome {
    let runtime = runtime()?;
    let outcome = runtime.block_on(run_in_sandbox(case, factory, deadline));
    runtime.shutdown_timeout(GRACE);
    outcome
}

fn runtime() -> Outcome<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

async fn run_in_sandbox(case: &Case, factory: &Factory, deadline: Duration) -> Outcome {
    let storage = match timeout(deadline, factory()).await {
        Ok(Ok(storage)) => storage,
        Ok(Err(error)) => return Err(factory_failed(error)),
        Err(_) => return Err(late("the factory", deadline)),
    };
    let capabilities = match timeout(deadline, storage.probe()).await {
        Ok(Ok(capabilities)) => capabilities,
        Ok(Err(error)) => {
            return Err(Stop::Failed(format!(
                "what the store can do was not to be found out: {}",
                chain(&error)
            )));
        }
        Err(_) => return Err(late("finding out what the store can do", deadline)),
    };
    if let Some(obstacle) = case.obstacle(capabilities) {
        return Err(Stop::CannotRun(obstacle));
    }
    let sandbox = Sandbox::new(storage)?;
    let outcome = run_to_deadline(case, sandbox.clone(), deadline).await;
    let cleared = timeout(GRACE, sandbox.clear()).await;
    match (outcome, cleared) {
        (Ok(()), Ok(Err(error))) => {
            Err(Stop::Failed(format!("the case could not clean up: {}", chain(&error))))
        }
        (Ok(()), Err(_)) => Err(late("cleaning up", GRACE)),
        (outcome, _) => outcome,
    }
}

/// Runs the case as a task, so that a panic in it is a failure and what it stored is still deleted.
async fn run_to_deadline(case: &Case, sandbox: Sandbox, deadline: Duration) -> Outcome {
    let mut task = tokio::spawn(case.run(sandbox));
    match timeout(deadline, &mut task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => match error.try_into_panic() {
            Ok(panic) => Err(Stop::Failed(format!("panicked: {}", panic_message(panic.as_ref())))),
            Err(error) => Err(Stop::Failed(error.to_string())),
        },
        Err(_) => {
            task.abort();
            Err(late("the case", deadline))
        }
    }
}

fn late(what: &str, deadline: Duration) -> Stop {
    Stop::Failed(format!("{what} did not end within {deadline:?}"))
}

fn factory_failed(error: BoxError) -> Stop {
    Stop::Failed(format!("the factory gave no store: {}", chain(error.as_ref())))
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}
