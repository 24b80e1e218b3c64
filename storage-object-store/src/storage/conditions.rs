use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use storage_core::capability::{Ability, Capabilities};
use storage_core::{Error, ErrorKind, Result};

use super::Store;
use crate::ConditionalWrites;

/// What becomes of the conditions on writes at a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conditions {
    Honoured,
    /// `If-None-Match` is honoured, `If-Match` is not.
    CreateOnly,
    Ignored,
    /// It could not be tried: a write that does no harm was denied.
    Untried,
}

/// The abilities that need a server which honours conditions.
const DEPENDENT: [Ability; 3] = [Ability::CreateIfAbsent, Ability::PutIfMatch, Ability::CopyIfAbsent];

impl Conditions {
    /// What of these abilities is left.
    fn limit(self, capabilities: Capabilities) -> Capabilities {
        let lost = DEPENDENT.into_iter().filter(|ability| !self.allows(*ability));
        lost.fold(capabilities, Capabilities::without)
    }

    fn allows(self, ability: Ability) -> bool {
        match self {
            Self::Honoured => true,
            Self::CreateOnly => ability != Ability::PutIfMatch,
            Self::Ignored | Self::Untried => !DEPENDENT.contains(&ability),
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Untried => {
                "writing below `.probe/`, by which it is found out, was denied: allow it, or say what the server does by the option \
                 `conditional_writes`"
            }
            _ => {
                "let the collision rule rename or replace; if the server honours conditions, say so by the option `conditional_writes`"
            }
        }
    }
}

/// What is known of a server's conditions, for the life of a store.
#[derive(Debug, Default)]
pub(crate) struct Knowledge {
    known: OnceLock<Conditions>,
    asking: Mutex<Option<Asking>>,
}

/// The one who asks, for all who wait; a failure is told to all of them.
type Asking = Shared<BoxFuture<'static, Result<Conditions, Arc<Error>>>>;

impl Knowledge {
    pub(crate) fn said(said: ConditionalWrites) -> Self {
        let known = match said {
            ConditionalWrites::Auto => OnceLock::new(),
            ConditionalWrites::Honoured => OnceLock::from(Conditions::Honoured),
            ConditionalWrites::Ignored => OnceLock::from(Conditions::Ignored),
        };
        Self { known, asking: Mutex::default() }
    }
}

impl Store {
    /// What the store can do, as far as it is known.
    pub(super) fn known_capabilities(&self) -> Capabilities {
        self.conditions
            .known
            .get()
            .map_or(self.capabilities, |conditions| conditions.limit(self.capabilities))
    }

    pub(super) async fn probed_capabilities(self: &Arc<Self>) -> Result<Capabilities> {
        Ok(self.conditions().await?.limit(self.capabilities))
    }

    /// # Errors
    ///
    /// `Unsupported` if the store is said to lack the ability, or its server ignores the condition that it needs; what kept that from being
    /// found out.
    pub(super) async fn require(self: &Arc<Self>, ability: Ability) -> Result<()> {
        if !self.capabilities.has(ability) {
            return Err(Error::unsupported(format!("this store cannot {}", ability.describe())));
        }
        if !DEPENDENT.contains(&ability) {
            return Ok(());
        }
        let conditions = self.conditions().await?;
        if conditions.allows(ability) {
            return Ok(());
        }
        let why = match conditions {
            Conditions::Untried => "is not known to honour",
            _ => "ignores",
        };
        let error = format!("this server {why} conditions on writes, and so cannot {}", ability.describe());
        Err(Error::unsupported(error).with_hint(conditions.hint()))
    }

    /// Asks the server once, however many want to know. It is asked in a task of its own, so that what is written for it is deleted also
    /// when nobody waits any more.
    async fn conditions(self: &Arc<Self>) -> Result<Conditions> {
        if let Some(known) = self.conditions.known.get() {
            return Ok(*known);
        }
        self.asking().await.map_err(|error| not_found_out(&error))
    }

    /// The one who asks now, or a new one after a failure.
    fn asking(self: &Arc<Self>) -> Asking {
        let mut current = self.conditions.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asking) = &*current
            && !matches!(asking.peek(), Some(Err(_)))
        {
            return asking.clone();
        }
        let store = Arc::clone(self);
        let task = tokio::spawn(async move {
            let found = store.try_conditions().await;
            if let Ok(conditions) = found {
                let _ = store.conditions.known.set(conditions);
            }
            found.map_err(Arc::new)
        });
        let asking = async move {
            match task.await {
                Ok(found) => found,
                Err(error) => {
                    let ended = Error::new(ErrorKind::Other, "the task that asked the server was ended");
                    Err(Arc::new(ended.with_retryable(true).with_source(error)))
                }
            }
        };
        let asking = asking.boxed().shared();
        *current = Some(asking.clone());
        asking
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
