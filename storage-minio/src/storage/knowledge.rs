use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use storage_core::{Error, ErrorKind, ObjectKey, Result};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::Store;
use super::conditions::{Conditions, Way};
use crate::actions::head_bucket;
use crate::builder::ConditionalWrites;

/// How long it holds that something could not be tried: who denied it may have been told to allow it.
const DENIAL_HOLDS: Duration = Duration::from_secs(60);

/// How often the one who asks says that it still does.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// After which silence of the one who asks another one does: its runtime may be blocked, or not be driven any more.
const SILENCE: Duration = Duration::from_secs(5);

/// How many askers are waited for.
const ASKERS: usize = 3;

/// How many objects are remembered that could not be deleted.
const MOST_LEFT: usize = 16;

/// What is known of a server's conditions, for the life of a store, or until another server answers.
#[derive(Debug)]
pub(crate) struct Knowledge {
    said: ConditionalWrites,
    facts: [Fact; Way::ALL.len()],
    /// What probes had to leave behind when they were cut off.
    left: Mutex<Vec<ObjectKey>>,
}

#[derive(Debug, Default)]
struct Fact {
    known: Mutex<Option<Known>>,
    asking: Mutex<Option<Asking>>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    conditions: Conditions,
    /// Of the server that it was found of.
    generation: u32,
    until: Option<Instant>,
}

/// What was found out, and whether it is a matter of permissions, which may change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    pub(super) conditions: Conditions,
    pub(super) is_denial: bool,
}

impl Finding {
    pub(super) const UNTRIED: Self = Self { conditions: Conditions::Untried, is_denial: true };

    pub(super) const fn lasting(conditions: Conditions) -> Self {
        Self { conditions, is_denial: false }
    }
}

type Answer = Option<Result<Conditions, Arc<Error>>>;

/// The one who asks, for all who wait; a failure is told to all of them.
type Asking = watch::Receiver<Answer>;

impl Knowledge {
    pub(crate) fn said(said: ConditionalWrites) -> Self {
        Self { said, facts: Default::default(), left: Mutex::default() }
    }

    fn fact(&self, way: Way) -> &Fact {
        &self.facts[way as usize]
    }

    /// Remembers an object that could not be deleted.
    pub(super) fn leave(&self, key: ObjectKey) {
        let mut left = lock(&self.left);
        if left.len() < MOST_LEFT {
            left.push(key);
        }
    }

    pub(super) fn take_left(&self) -> Vec<ObjectKey> {
        std::mem::take(&mut *lock(&self.left))
    }
}

impl Store {
    /// By what was said, by what the server's answers have told, or by what was found out.
    pub(super) fn known(&self, way: Way) -> Option<Conditions> {
        let traits = &self.client.traits;
        if matches!(way, Way::CreateInParts | Way::ReplaceInParts) && traits.completes_in_races() {
            return Some(Conditions::Ignored);
        }
        if let Some(said) = Conditions::said(self.conditions.said, way) {
            return Some(said);
        }
        if traits.honours_conditions(way) {
            return Some(Conditions::Honoured);
        }
        let known = (*lock(&self.conditions.fact(way).known))?;
        let holds =
            known.generation == traits.generation() && known.until.is_none_or(|until| Instant::now() < until);
        holds.then_some(known.conditions)
    }

    /// Asks the server once, however many want to know. It is asked in a task of its own, so that what is written for it is deleted also
    /// when nobody waits any more.
    pub(super) async fn conditions(self: &Arc<Self>, way: Way) -> Result<Conditions> {
        let mut silent = None;
        for _ in 0..ASKERS {
            if let Some(known) = self.known(way) {
                return Ok(known);
            }
            let mut asking = self.asking(way, silent.as_ref());
            match heard(&mut asking).await {
                Some(Ok(conditions)) => return Ok(conditions),
                Some(Err(error)) => return Err(not_found_out(&error)),
                None => silent = Some(asking),
            }
        }
        Err(Error::new(
            ErrorKind::Unavailable,
            "the tasks that asked the server for its conditions were cut off",
        ))
    }

    /// The one who asks now, or a new one after a failure, or in place of a silent one.
    fn asking(self: &Arc<Self>, way: Way, silent: Option<&Asking>) -> Asking {
        let mut current = lock(&self.conditions.fact(way).asking);
        if let Some(asking) = &*current
            && asking.has_changed().is_ok()
            && !silent.is_some_and(|silent| silent.same_channel(asking))
        {
            return asking.clone();
        }
        let (answer, asking) = watch::channel(None);
        *current = Some(asking.clone());
        drop(current);
        tokio::spawn(Arc::clone(self).ask(way, answer, asking.clone()));
        asking
    }

    async fn ask(self: Arc<Self>, way: Way, answer: watch::Sender<Answer>, asking: Asking) {
        let mut finding = pin!(self.find_out(way));
        let found = loop {
            match timeout(SIGN_OF_LIFE, &mut finding).await {
                Ok(found) => break found,
                Err(_) => answer.send_modify(|_| ()),
            }
        };
        let fact = self.conditions.fact(way);
        // Somebody else asks by now who did not hear of this one for long, and what was found may be of long ago.
        let is_current = lock(&fact.asking).as_ref().is_some_and(|current| current.same_channel(&asking));
        if let (Ok(known), true) = (&found, is_current) {
            *lock(&fact.known) = Some(*known);
        }
        answer.send_replace(Some(found.map(|known| known.conditions).map_err(Arc::new)));
    }

    async fn find_out(self: &Arc<Self>, way: Way) -> Result<Known> {
        let traits = &self.client.traits;
        if !traits.has_answered() {
            let asked = self.client.call(&head_bucket::request()).await;
            // A refusal tells as much as an answer; what the credentials lack, the write itself will say.
            if let Err(error) = asked
                && self.known(way).is_none()
                && error.is_retryable()
            {
                return Err(error);
            }
        }
        let generation = traits.generation();
        let found = match self.known(way) {
            Some(known) => Finding::lasting(known),
            None => self.try_conditions(way).await?,
        };
        if traits.generation() != generation {
            return Err(Error::new(ErrorKind::Unavailable, "another server answers at this address by now"));
        }
        let until = found.is_denial.then(|| Instant::now() + DENIAL_HOLDS);
        Ok(Known { conditions: found.conditions, generation, until })
    }
}

/// The answer, or nothing if the one who asks was cut off or is silent.
async fn heard(asking: &mut Asking) -> Answer {
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
fn not_found_out(error: &Arc<Error>) -> Error {
    let mut told =
        Error::new(error.kind(), "whether the server honours conditions on writes could not be found out")
            .with_retryable(error.is_retryable());
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
