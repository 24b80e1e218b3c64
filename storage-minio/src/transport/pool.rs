use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use http::Uri;
use http::uri::{Authority, Scheme};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::connection::Connection;

/// Where a connection leads to: `https://host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) scheme: Scheme,
    pub(super) authority: Authority,
}

impl Host {
    /// `None` for an address that is not absolute.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        Some(Self { scheme: uri.scheme()?.clone(), authority: uri.authority()?.clone() })
    }
}

/// Connections on which nothing is sent at the moment. The one that was used last is taken first, so that those which are not needed
/// grow old and are closed.
pub(super) struct Pool {
    idle: Mutex<Idle>,
    /// How many are kept for one host and runtime.
    capacity: usize,
    timeout: Duration,
}

#[derive(Default)]
struct Idle {
    /// Those that wait the longest come first.
    connections: Vec<Waiting>,
    /// Closes what has waited too long. It ends when nothing waits, or with the runtime that it was started on.
    sweeper: Option<JoinHandle<()>>,
}

struct Waiting {
    host: Host,
    until: Instant,
    connection: Box<Connection>,
}

impl Pool {
    pub(super) fn new(capacity: usize, timeout: Duration) -> Arc<Self> {
        Arc::new(Self { idle: Mutex::default(), capacity, timeout })
    }

    /// One of those that were opened on this runtime. Must be called from within a tokio runtime.
    pub(super) fn take(&self, host: &Host) -> Option<Box<Connection>> {
        let runtime = Handle::current().id();
        let mut idle = self.lock();
        let is_fit = |waiting: &Waiting| waiting.host == *host && waiting.connection.runtime == runtime;
        let index = idle.connections.iter().rposition(is_fit)?;
        let waiting = idle.connections.remove(index);
        drop(idle);
        (waiting.until > Instant::now()).then_some(waiting.connection)
    }

    /// Keeps a connection, unless there are enough of them. Must be called from within a tokio runtime.
    pub(super) fn put(self: &Arc<Self>, host: Host, connection: Box<Connection>) {
        let until = Instant::now() + self.timeout;
        let is_alike =
            |waiting: &&Waiting| waiting.host == host && waiting.connection.runtime == connection.runtime;
        let mut idle = self.lock();
        let count = idle.connections.iter().filter(is_alike).count();
        if count < self.capacity {
            idle.connections.push(Waiting { host, until, connection });
            if idle.sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
                idle.sweeper = Some(tokio::spawn(sweep(Arc::downgrade(self), until)));
            }
        }
    }

    /// Closes what has waited too long. When to look again, if something still waits.
    fn close_expired(&self) -> Option<Instant> {
        let now = Instant::now();
        let mut idle = self.lock();
        let count = idle.connections.iter().take_while(|waiting| waiting.until <= now).count();
        let expired: Vec<_> = idle.connections.drain(..count).collect();
        let next = idle.connections.first().map(|waiting| waiting.until);
        if next.is_none() {
            idle.sweeper = None;
        }
        drop(idle);
        drop(expired);
        next
    }

    fn lock(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn sweep(pool: Weak<Pool>, mut next: Instant) {
    loop {
        sleep_until(next).await;
        // Without a pool there is nothing to close.
        let Some(later) = pool.upgrade().and_then(|pool| pool.close_expired()) else { return };
        next = later;
    }
}
