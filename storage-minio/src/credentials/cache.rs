use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use storage_core::clock::Clock;
use storage_core::{Error, ErrorKind, Result};
use tokio::sync::Mutex;

use super::{CredentialProvider, Credentials};

/// How long before their end credentials are renewed.
const RENEWED_BEFORE_EXPIRY: Duration = Duration::from_secs(60);

/// The credentials in use: renewed by calls on data, read at any time by whoever signs a URL.
#[derive(Debug)]
pub(crate) struct CredentialCache {
    current: RwLock<Option<Arc<Credentials>>>,
    provider: Option<Arc<dyn CredentialProvider>>,
    /// Held by the one task that asks the provider.
    renewal: Mutex<()>,
    clock: Clock,
}

impl CredentialCache {
    /// Credentials that are never renewed.
    pub(crate) fn fixed(credentials: Credentials, clock: Clock) -> Self {
        Self {
            current: RwLock::new(Some(Arc::new(credentials))),
            provider: None,
            renewal: Mutex::new(()),
            clock,
        }
    }

    /// Credentials that a provider gives; none until it was asked.
    pub(crate) fn provided(provider: Arc<dyn CredentialProvider>, clock: Clock) -> Self {
        Self { current: RwLock::new(None), provider: Some(provider), renewal: Mutex::new(()), clock }
    }

    /// The credentials for a call on data, renewed if need be. A provider that fails does no harm before they have expired.
    ///
    /// # Errors
    ///
    /// The provider's, or [`ErrorKind::Unauthenticated`] if what it gave, or was given once and for all, has expired.
    pub(crate) async fn fresh(&self) -> Result<Arc<Credentials>> {
        let Some(provider) = &self.provider else { return self.snapshot() };
        if let Some(credentials) = self.fresh_enough() {
            return Ok(credentials);
        }
        let renewal = match (self.renewal.try_lock(), self.snapshot()) {
            (Ok(renewal), _) => renewal,
            // Somebody renews them; until then these are good.
            (Err(_), Ok(credentials)) => return Ok(credentials),
            (Err(_), Err(_)) => self.renewal.lock().await,
        };
        if let Some(credentials) = self.fresh_enough() {
            return Ok(credentials);
        }
        let renewed = match provider.credentials().await {
            Ok(credentials) => Arc::new(credentials),
            Err(error) => return self.snapshot().map_err(|_| error),
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(renewed);
        drop(renewal);
        self.snapshot()
    }

    /// The credentials as they are, without waiting for anything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unauthenticated`] if they have expired, or were never asked for.
    pub(crate) fn snapshot(&self) -> Result<Arc<Credentials>> {
        let Some(credentials) = self.current() else {
            return Err(Error::new(ErrorKind::Unauthenticated, "the credential provider was not asked yet")
                .with_hint("make any call on data, which asks it, before the first URL is signed"));
        };
        // Those that do not expire need no clock.
        if credentials.expires_at().is_some() && credentials.has_expired_at(self.clock.now()) {
            let hint = match self.provider {
                Some(_) => "make any call on data, which renews them",
                None => "build the storage with new credentials, or with a provider that renews them",
            };
            return Err(
                Error::new(ErrorKind::Unauthenticated, "the credentials have expired").with_hint(hint)
            );
        }
        Ok(credentials)
    }

    fn fresh_enough(&self) -> Option<Arc<Credentials>> {
        let renewal_due_at = self.clock.now() + RENEWED_BEFORE_EXPIRY;
        self.current().filter(|credentials| !credentials.has_expired_at(renewal_due_at))
    }

    fn current(&self) -> Option<Arc<Credentials>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::SystemTime;

    use super::*;

    const EPOCH: SystemTime = SystemTime::UNIX_EPOCH;

    /// Gives credentials that live for `life` seconds and are named by the number of the call; fails from call `fails_from` on.
    #[derive(Debug)]
    struct Rotating {
        calls: AtomicU64,
        fails_from: u64,
        life: u64,
        clock: Clock,
    }

    #[async_trait::async_trait]
    impl CredentialProvider for Rotating {
        async fn credentials(&self) -> Result<Credentials> {
            tokio::task::yield_now().await;
            let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
            if call >= self.fails_from {
                return Err(Error::new(ErrorKind::Unavailable, "the provider is down"));
            }
            let expires_at = self.clock.now() + Duration::from_secs(self.life);
            Ok(Credentials::new(format!("key{call}"), "secret")?.with_expiry(expires_at))
        }
    }

    struct Fixture {
        seconds: Arc<AtomicU64>,
        provider: Arc<Rotating>,
        cache: Arc<CredentialCache>,
    }

    impl Fixture {
        fn new(life: u64, fails_from: u64) -> Self {
            let seconds = Arc::new(AtomicU64::new(1_000));
            let clock = Clock::from_fn({
                let seconds = Arc::clone(&seconds);
                move || EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst))
            });
            let provider =
                Arc::new(Rotating { calls: AtomicU64::new(0), fails_from, life, clock: clock.clone() });
            let cache = Arc::new(CredentialCache::provided(Arc::clone(&provider) as _, clock));
            Self { seconds, provider, cache }
        }

        fn advance(&self, seconds: u64) {
            self.seconds.fetch_add(seconds, Ordering::SeqCst);
        }

        fn calls(&self) -> u64 {
            self.provider.calls.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn is_renewed_a_minute_before_the_end() {
        let fixture = Fixture::new(3_600, u64::MAX);
        assert_eq!(fixture.cache.fresh().await.unwrap().access_key(), "key1");
        fixture.advance(3_539);
        assert_eq!(fixture.cache.fresh().await.unwrap().access_key(), "key1");
        fixture.advance(1);
        assert_eq!(fixture.cache.snapshot().unwrap().access_key(), "key1");
        assert_eq!(fixture.cache.fresh().await.unwrap().access_key(), "key2");
        assert_eq!(fixture.cache.snapshot().unwrap().access_key(), "key2");
        assert_eq!(fixture.calls(), 2);
    }

    #[tokio::test]
    async fn many_tasks_ask_the_provider_once() {
        let fixture = Fixture::new(3_600, u64::MAX);
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let cache = Arc::clone(&fixture.cache);
                tokio::spawn(async move {
                    cache.fresh().await.map(|credentials| credentials.access_key().to_owned())
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), "key1");
        }
        assert_eq!(fixture.calls(), 1);
    }

    #[tokio::test]
    async fn a_failing_provider_does_no_harm_before_the_end() {
        let fixture = Fixture::new(3_600, 2);
        fixture.cache.fresh().await.unwrap();
        fixture.advance(3_599);
        assert_eq!(fixture.cache.fresh().await.unwrap().access_key(), "key1");
        assert_eq!(fixture.calls(), 2);
        fixture.advance(1);
        assert_eq!(fixture.cache.fresh().await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(fixture.cache.snapshot().unwrap_err().kind(), ErrorKind::Unauthenticated);
    }

    #[tokio::test]
    async fn a_call_dropped_half_way_leaves_the_next_one_free() {
        let fixture = Fixture::new(3_600, u64::MAX);
        {
            let mut call = Box::pin(fixture.cache.fresh());
            let polled = std::future::poll_fn(|context| {
                std::task::Poll::Ready(call.as_mut().poll(context).is_pending())
            });
            assert!(polled.await);
        }
        assert_eq!(fixture.cache.fresh().await.unwrap().access_key(), "key1");
    }

    #[tokio::test]
    async fn nothing_is_signed_without_valid_credentials() {
        let fixture = Fixture::new(0, u64::MAX);
        let error = fixture.cache.snapshot().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert!(error.hint().unwrap().contains("call on data"));
        assert_eq!(fixture.cache.fresh().await.unwrap_err().kind(), ErrorKind::Unauthenticated);

        let expired = Credentials::new("key", "secret").unwrap().with_expiry(EPOCH);
        let cache = CredentialCache::fixed(expired, Clock::system());
        assert_eq!(cache.fresh().await.unwrap_err().kind(), ErrorKind::Unauthenticated);
    }

    #[test]
    fn debug_shows_no_secret() {
        let cache = CredentialCache::fixed(Credentials::new("key", "s3cr3t").unwrap(), Clock::system());
        assert!(!format!("{cache:?}").contains("s3cr3t"));
    }
}
