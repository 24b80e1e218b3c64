use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::{Error, ErrorKind, Result};

/// How often the one who asks says that it still does.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// After which silence of the one who asks another one does: its runtime may be blocked, or not be driven any more.
const SILENCE: Duration = Duration::from_secs(5);

/// How many askers are waited for.
const ASKERS: usize = 3;

/// A question to a server that one task asks, however many wait for the answer.
///
/// It is asked in a task of its own, so that what it writes for the answer is deleted also when nobody waits any more. A failure is told to all
/// who wait, and whoever comes then asks anew.
pub struct Inquiry<T> {
    asking: Arc<Mutex<Option<Asking<T>>>>,
}

type Answer<T> = Option<Result<T, Arc<Error>>>;

type Asking<T> = watch::Receiver<Answer<T>>;

impl<T: Clone + Send + Sync + 'static> Inquiry<T> {
    /// What `known` gives, if it gives anything; else what the one who asks has found out. `ask` makes what finds it out, and `keep` is given
    /// what it found, unless somebody else asks by then because it was silent for long.
    ///
    /// # Errors
    ///
    /// What kept it from being found out; `unanswered` says then what was asked. Panics outside of a tokio runtime.
    pub async fn answer<F>(
        &self,
        unanswered: &'static str,
        known: impl Fn() -> Option<T> + Send + Sync,
        ask: impl Fn() -> F + Send + Sync,
        keep: impl FnOnce(&T) + Clone + Send + Sync + 'static,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut silent = None;
        for _ in 0..ASKERS {
            if let Some(known) = known() {
                return Ok(known);
            }
            let mut asking = self.asking(silent.as_ref(), &ask, &keep);
            match heard(&mut asking).await {
                Some(Ok(found)) => return Ok(found),
                Some(Err(error)) => return Err(told(&error, unanswered)),
                None => silent = Some(asking),
            }
        }
        Err(Error::new(ErrorKind::Unavailable, unanswered)
            .with_source(Error::new(ErrorKind::Unavailable, "the tasks that asked the server were cut off")))
    }

    /// The one who asks now, or a new one after an end, or in place of a silent one.
    fn asking<F>(
        &self,
        silent: Option<&Asking<T>>,
        ask: &impl Fn() -> F,
        keep: &(impl FnOnce(&T) + Clone + Send + 'static),
    ) -> Asking<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut current = lock(&self.asking);
        if let Some(asking) = &*current
            && asking.has_changed().is_ok()
            && !silent.is_some_and(|silent| silent.same_channel(asking))
        {
            return asking.clone();
        }
        let (answer, asking) = watch::channel(None);
        *current = Some(asking.clone());
        drop(current);
        tokio::spawn(work(ask(), keep.clone(), answer, asking.clone(), Arc::clone(&self.asking)));
        asking
    }
}

async fn work<T: Send + Sync>(
    asked: impl Future<Output = Result<T>> + Send,
    keep: impl FnOnce(&T) + Send,
    answer: watch::Sender<Answer<T>>,
    asking: Asking<T>,
    current: Arc<Mutex<Option<Asking<T>>>>,
) {
    let mut asked = pin!(asked);
    let found = loop {
        match timeout(SIGN_OF_LIFE, &mut asked).await {
            Ok(found) => break found,
            Err(_) => answer.send_modify(|_| ()),
        }
    };
    // Somebody else asks by now who did not hear of this one for long, and what was found may be of long ago.
    let is_current = lock(&current).as_ref().is_some_and(|current| current.same_channel(&asking));
    if let (Ok(found), true) = (&found, is_current) {
        keep(found);
    }
    answer.send_replace(Some(found.map_err(Arc::new)));
}

/// The answer, or nothing if the one who asks was cut off or is silent.
async fn heard<T: Clone + Send + Sync>(asking: &mut Asking<T>) -> Answer<T> {
    loop {
        let answer = asking.borrow_and_update().clone();
        if answer.is_some() {
            return answer;
        }
        if !matches!(timeout(SILENCE, asking.changed()).await, Ok(Ok(()))) {
            return None;
        }
    }
}

/// The same failure for another one who waited.
fn told(error: &Arc<Error>, unanswered: &'static str) -> Error {
    let mut told = Error::new(error.kind(), unanswered).with_retryable(error.is_retryable());
    if let Some(status) = error.http_status() {
        told = told.with_http_status(status);
    }
    if let Some(code) = error.code() {
        told = told.with_code(code);
    }
    if let Some(hint) = error.hint() {
        told = told.with_hint(hint.to_owned());
    }
    told.with_source(Arc::clone(error))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Default for Inquiry<T> {
    fn default() -> Self {
        Self { asking: Arc::default() }
    }
}

impl<T> fmt::Debug for Inquiry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inquiry").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Clone, Default)]
    struct Question {
        inquiry: Arc<Inquiry<u32>>,
        known: Arc<OnceLock<u32>>,
        asked: Arc<AtomicU32>,
    }

    impl Question {
        async fn answer(&self, takes: Duration, found: Result<u32, ErrorKind>) -> Result<u32> {
            let keep = Arc::clone(&self.known);
            let ask = || {
                let asked = Arc::clone(&self.asked);
                async move {
                    asked.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(takes).await;
                    found.map_err(|kind| Error::new(kind, "no").with_code("SlowDown"))
                }
            };
            let known = || self.known.get().copied();
            let keep = move |found: &u32| {
                let _ = keep.set(*found);
            };
            self.inquiry.answer("it is not known", known, ask, keep).await
        }

        /// Several want to know at once.
        async fn answers(&self, takes: Duration, found: Result<u32, ErrorKind>) -> Vec<Result<u32>> {
            let mut asking = tokio::task::JoinSet::new();
            for _ in 0..32 {
                let question = self.clone();
                asking.spawn(async move { question.answer(takes, found).await });
            }
            asking.join_all().await
        }

        fn asked(&self) -> u32 {
            self.asked.load(Ordering::SeqCst)
        }
    }

    /// Longer than a silence is borne with: the signs of life count.
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn one_asks_and_all_wait() {
        let question = Question::default();
        let answers = question.answers(LONG, Ok(7)).await;
        assert!(answers.into_iter().all(|answer| answer.unwrap() == 7));
        assert_eq!(question.asked(), 1);
        assert_eq!(question.answer(LONG, Ok(8)).await.unwrap(), 7);
        assert_eq!(question.asked(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_to_all_and_the_next_one_asks_anew() {
        let question = Question::default();
        for error in question.answers(LONG, Err(ErrorKind::Throttled)).await {
            let error = error.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::Throttled, Some("SlowDown")));
            assert_eq!(error.message(), "it is not known");
            assert!(error.is_retryable());
        }
        assert_eq!(question.asked(), 1);
        assert_eq!(question.answer(LONG, Ok(7)).await.unwrap(), 7);
        assert_eq!(question.asked(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_found_out_also_when_nobody_waits_any_more() {
        let question = Question::default();
        assert!(timeout(Duration::from_secs(2), question.answer(LONG, Ok(7))).await.is_err());
        tokio::time::sleep(LONG).await;
        assert_eq!((question.known.get(), question.asked()), (Some(&7), 1));
    }

    /// The runtime of the first one who asks is not driven.
    #[tokio::test(start_paused = true)]
    async fn another_one_asks_in_place_of_one_that_is_cut_off_or_silent() {
        for is_dropped in [true, false] {
            let question = Question::default();
            let other = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            {
                let _entered = other.enter();
                let mut asking = pin!(question.answer(LONG, Ok(1)));
                let mut context = std::task::Context::from_waker(std::task::Waker::noop());
                assert!(asking.as_mut().poll(&mut context).is_pending());
            }
            let kept = if is_dropped {
                other.shutdown_background();
                None
            } else {
                Some(other)
            };
            assert_eq!(question.answer(LONG, Ok(7)).await.unwrap(), 7);
            assert_eq!((question.known.get(), question.asked()), (Some(&7), 1));
            if let Some(other) = kept {
                other.shutdown_background();
            }
        }
    }
}
