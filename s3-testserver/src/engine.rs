//! The threads that a server runs on.

use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A runtime of its own, so that it serves tests of any runtime, and blocked ones too. It ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) runtime: Handle,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Engine {
    pub(crate) fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_io().enable_time().build();
        let runtime = runtime.expect("threads for the test server");
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            // Either way it is the end.
            let _ = runtime.block_on(stopped);
            runtime.shutdown_timeout(Duration::from_secs(5));
        };
        let thread = std::thread::Builder::new().name("s3-testserver".to_owned()).spawn(run);
        Self { runtime: handle, running: Some((stop, thread.expect("a thread for the test server"))) }
    }

    /// Ends every task, and returns when they have ended.
    pub(crate) fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // A panic of the thread has been printed there.
            let _ = thread.join();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}
