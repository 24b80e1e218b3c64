use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use storage_core::{Error, Result};

/// How a store speaks to its server: time-outs, connections, trust and retries.
///
/// A server that is dead gives its typed error within 15 seconds by default: connecting is tried again for at most
/// [`RetryOptions::connect_budget`].
#[derive(Clone)]
#[non_exhaustive]
pub struct ClientOptions {
    /// How long one connection may take, TLS and proxy included; default: 3 seconds.
    pub connect_timeout: Duration,
    /// How long a transfer may stand still, in either direction, and how long the server may take to answer; default: 30 seconds. A copy
    /// or the completion of an upload, where the server works before it answers, is given ten times as long. A document, such as a page of a
    /// listing, may take ten times as long in all, however steadily it trickles, and what a refusal says no longer than this.
    pub read_timeout: Duration,
    /// How long one request may take in all, the object's bytes included; default: without limit, since a large object takes its time.
    pub request_timeout: Option<Duration>,
    /// How many idle connections are kept; default: 32.
    pub idle_connections: usize,
    /// How long an idle connection is kept; default: 60 seconds.
    pub idle_timeout: Duration,
    /// Whose certificates are trusted; default: the system's.
    pub ca_bundle: Option<CaBundle>,
    /// An HTTP proxy, `http://[user:password@]host[:port]`; default: none. It is not taken from the environment.
    pub proxy: Option<String>,
    /// What is tried again, and how often.
    pub retry: RetryOptions,
}

/// Certificates to trust instead of the system's.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaBundle {
    /// A file of certificates in PEM.
    File(PathBuf),
    /// The certificates themselves, in PEM.
    Pem(Vec<u8>),
}

/// When a request is sent again.
///
/// Only what is safe is repeated: reads, deletions, whole writes, and creations, which know their own earlier success by the
/// random id that they carry. The wait before each repetition is random between nothing and a bound that doubles from
/// [`backoff`](Self::backoff) to [`max_backoff`](Self::max_backoff); a `Retry-After` of the server, in seconds or as a date, is honoured
/// within the [`budget`](Self::budget), and an error beyond. A time-out is repeated for reads only: of a write the server may be at work
/// still.
///
/// A server that answers `SlowDown` or 429, or names a time in `Retry-After`, is backed off from by all who use the store: nothing is
/// sent until that time has passed, though not for longer than the budget, then one request after the other, at a distance that begins with 20 milliseconds, doubles with
/// each further complaint up to a second, and shrinks with each good answer until requests go as they come again. That holds also
/// where nothing is repeated.
///
/// The budget is that of one request. An object that is stored in parts, a listing of many pages and the like take many, one of which
/// fails them all.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetryOptions {
    /// How often a request is repeated after its first failure; default: 3. 0 repeats nothing.
    pub count: u32,
    /// The bound of the first wait; default: 200 milliseconds.
    pub backoff: Duration,
    /// The bound of all waits; default: 5 seconds.
    pub max_backoff: Duration,
    /// How long failing to connect may go on before no further attempt is made; default: 10 seconds.
    pub connect_budget: Duration,
    /// How long after its beginning a request may be sent once more, waits included; default: 45 seconds. An attempt that has begun may
    /// take as long as the time-outs allow.
    pub budget: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            read_timeout: Duration::from_secs(30),
            request_timeout: None,
            idle_connections: 32,
            idle_timeout: Duration::from_secs(60),
            ca_bundle: None,
            proxy: None,
            retry: RetryOptions::default(),
        }
    }
}

impl Default for RetryOptions {
    fn default() -> Self {
        Self {
            count: 3,
            backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(5),
            connect_budget: Duration::from_secs(10),
            budget: Duration::from_secs(45),
        }
    }
}

impl ClientOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long one connection may take.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a transfer may stand still.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Sets how long one request may take in all.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Sets how many idle connections are kept.
    pub fn idle_connections(mut self, count: usize) -> Self {
        self.idle_connections = count;
        self
    }

    /// Sets how long an idle connection is kept.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Trusts these certificates instead of the system's.
    pub fn ca_bundle(mut self, bundle: CaBundle) -> Self {
        self.ca_bundle = Some(bundle);
        self
    }

    /// Sends everything through this HTTP proxy.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sets what is tried again, and how often.
    pub fn retry(mut self, retry: RetryOptions) -> Self {
        self.retry = retry;
        self
    }

    /// Checks that no time-out is zero, and that no time is out of all bounds.
    pub(crate) fn validate(&self) -> Result<()> {
        let times = [
            ("connect time-out", Some(self.connect_timeout)),
            ("read time-out", Some(self.read_timeout)),
            ("request time-out", self.request_timeout),
        ];
        let bounds = Duration::from_nanos(1)..=LONGEST;
        let waits = [
            ("backoff", self.retry.backoff),
            ("longest backoff", self.retry.max_backoff),
            ("budget to connect", self.retry.connect_budget),
            ("budget of retries", self.retry.budget),
        ];
        if let Some((name, _)) = waits.into_iter().find(|(_, time)| *time > LONGEST) {
            return Err(Error::invalid_input(format!("the {name} must be at most a day")));
        }
        for (name, time) in times {
            if time.is_some_and(|time| !bounds.contains(&time)) {
                return Err(Error::invalid_input(format!(
                    "the {name} must be more than zero and at most a day"
                )));
            }
        }
        Ok(())
    }
}

/// The longest time-out.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

impl RetryOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Repeats nothing.
    pub fn none() -> Self {
        Self::default().count(0)
    }

    /// Sets how often a request is repeated.
    pub fn count(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// Sets the bound of the first wait.
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// Sets the bound of all waits.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Sets how long failing to connect may go on.
    pub fn connect_budget(mut self, budget: Duration) -> Self {
        self.connect_budget = budget;
        self
    }

    /// Sets how long after its beginning a request may be sent once more.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }
}

impl fmt::Debug for ClientOptions {
    /// Leaves out the proxy's address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("idle_connections", &self.idle_connections)
            .field("idle_timeout", &self.idle_timeout)
            .field("ca_bundle", &self.ca_bundle)
            .field("proxy", &self.proxy.as_ref().map(|_| "***"))
            .field("retry", &self.retry)
            .finish()
    }
}

impl fmt::Debug for CaBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Pem(pem) => write!(f, "Pem({} bytes)", pem.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_proxys_password() {
        let shown = format!("{:?}", ClientOptions::new().proxy("http://me:hunter2@proxy"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_time_out_of_zero_is_refused() {
        assert!(ClientOptions::new().validate().is_ok());
        assert!(ClientOptions::new().request_timeout(Duration::ZERO).validate().is_err());
        for retry in
            [RetryOptions::new().budget(Duration::MAX), RetryOptions::new().max_backoff(Duration::MAX)]
        {
            assert!(ClientOptions::new().retry(retry).validate().is_err());
        }
    }
}
