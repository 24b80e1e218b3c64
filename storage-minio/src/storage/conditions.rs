use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use storage_core::capability::{Ability, Capabilities};
use storage_core::{Error, ErrorKind, Result};
use tokio::sync::watch;

use super::Store;
use crate::actions::head_bucket;
use crate::builder::ConditionalWrites;

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

impl Conditions {
    /// What of these abilities is left.
    fn limit(self, capabilities: Capabilities) -> Capabilities {
        Self::DEPENDENT
            .into_iter()
            .filter(|ability| !self.allows(*ability))
            .fold(capabilities, Capabilities::without)
    }

    fn allows(self, ability: Ability) -> bool {
        match self {
            Self::Honoured => true,
            Self::CreateOnly => ability != Ability::PutIfMatch,
            Self::Ignored | Self::Untried => !Self::DEPENDENT.contains(&ability),
        }
    }

    /// The abilities that need a server which honours conditions.
    pub(crate) const DEPENDENT: [Ability; 3] =
        [Ability::CreateIfAbsent, Ability::PutIfMatch, Ability::CopyIfAbsent];

    /// What to do where one is missing.
    fn hint(self) -> &'static str {
        match self {
            Self::Untried => {
                "writing below `.probe/`, by which it is found out, was denied: allow it, or say what the server does by \
                 `MinioStorageBuilder::conditional_writes` (`MINIO_CONDITIONAL_WRITES`)"
            }
            _ => {
                "let the collision rule rename or replace; if the server honours conditions, say so by \
                 `MinioStorageBuilder::conditional_writes` (`MINIO_CONDITIONAL_WRITES`)"
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
type Asking = watch::Receiver<Option<Result<Conditions, Arc<Error>>>>;

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
    /// What the server can do, as far as it is known.
    pub(super) fn known_capabilities(&self) -> Capabilities {
        self.known_conditions().map_or(self.capabilities, |conditions| conditions.limit(self.capabilities))
    }

    pub(super) async fn probed_capabilities(self: &Arc<Self>) -> Result<Capabilities> {
        Ok(self.conditions().await?.limit(self.capabilities))
    }

    /// # Errors
    ///
    /// `Unsupported` if the server ignores the condition that the ability needs; what kept it from being found out.
    pub(super) async fn require_condition(self: &Arc<Self>, ability: Ability) -> Result<()> {
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

    fn known_conditions(&self) -> Option<Conditions> {
        let told = || self.client.traits.honours_conditions().then_some(Conditions::Honoured);
        self.conditions.known.get().copied().or_else(told)
    }

    /// Asks the server once, however many want to know. It is asked in a task of its own, so that what is written for it is deleted also
    /// when nobody waits any more.
    async fn conditions(self: &Arc<Self>) -> Result<Conditions> {
        if let Some(known) = self.known_conditions() {
            return Ok(known);
        }
        let mut asking = self.asking();
        let answer = match asking.wait_for(Option::is_some).await {
            Ok(answer) => answer.clone(),
            Err(_) => None,
        };
        match answer {
            Some(Ok(conditions)) => Ok(conditions),
            Some(Err(error)) => Err(not_found_out(&error)),
            None => {
                Err(Error::new(ErrorKind::Other, "the task that asked the server was ended")
                    .with_retryable(true))
            }
        }
    }

    /// The one who asks now, or a new one after a failure.
    fn asking(self: &Arc<Self>) -> Asking {
        let mut current = self.conditions.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asking) = &*current
            && asking.has_changed().is_ok()
            && !matches!(&*asking.borrow(), Some(Err(_)))
        {
            return asking.clone();
        }
        let (answer, asking) = watch::channel(None);
        let store = Arc::clone(self);
        tokio::spawn(async move {
            let found = store.find_out().await;
            if let Ok(conditions) = found {
                let _ = store.conditions.known.set(conditions);
            }
            let _ = answer.send(Some(found.map_err(Arc::new)));
        });
        *current = Some(asking.clone());
        asking
    }

    async fn find_out(self: &Arc<Self>) -> Result<Conditions> {
        let traits = &self.client.traits;
        if !traits.has_answered() {
            let asked = self.client.call(&head_bucket::request()).await;
            // A refusal tells as much as an answer; what the credentials lack, the write itself will say.
            if let Err(error) = asked
                && !traits.honours_conditions()
                && error.is_retryable()
            {
                return Err(error);
            }
        }
        match traits.honours_conditions() {
            true => Ok(Conditions::Honoured),
            false => self.try_conditions().await,
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
