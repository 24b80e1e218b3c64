use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use storage_core::backend::Inquiry;
use storage_core::{Error, ErrorKind, ObjectKey, Result};
use tokio::time::Instant;

use super::Store;
use super::conditions::{Conditions, Way};
use crate::actions::head_bucket;
use crate::builder::ConditionalWrites;

/// How long it holds that something could not be tried: who denied it may have been told to allow it.
const DENIAL_HOLDS: Duration = Duration::from_secs(60);

const UNANSWERED: &str = "whether the server honours conditions on writes could not be found out";

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
    inquiry: Inquiry<Known>,
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

    /// Asks the server once, however many want to know.
    pub(super) async fn conditions(self: &Arc<Self>, way: Way) -> Result<Conditions> {
        let known = || self.known(way).map(|conditions| self.just_now(conditions));
        let ask = || {
            let store = Arc::clone(self);
            async move { store.find_out(way).await }
        };
        let store = Arc::clone(self);
        let keep = move |found: &Known| *lock(&store.conditions.fact(way).known) = Some(*found);
        let inquiry = &self.conditions.fact(way).inquiry;
        inquiry.answer(UNANSWERED, known, ask, keep).await.map(|known| known.conditions)
    }

    /// What holds for as long as it is looked at.
    fn just_now(&self, conditions: Conditions) -> Known {
        Known { conditions, generation: self.client.traits.generation(), until: None }
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
