use std::sync::{Arc, OnceLock};

use storage_core::backend::Inquiry;
use storage_core::capability::{Ability, Capabilities};
use storage_core::{Error, Result};

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

const UNANSWERED: &str = "whether the server honours conditions on writes could not be found out";

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
    inquiry: Inquiry<Conditions>,
}

impl Knowledge {
    pub(crate) fn said(said: ConditionalWrites) -> Self {
        let known = match said {
            ConditionalWrites::Auto => OnceLock::new(),
            ConditionalWrites::Honoured => OnceLock::from(Conditions::Honoured),
            ConditionalWrites::Ignored => OnceLock::from(Conditions::Ignored),
        };
        Self { known, inquiry: Inquiry::default() }
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

    /// Asks the server once, however many want to know.
    async fn conditions(self: &Arc<Self>) -> Result<Conditions> {
        let known = || self.conditions.known.get().copied();
        let ask = || {
            let store = Arc::clone(self);
            async move { store.try_conditions().await }
        };
        let store = Arc::clone(self);
        let keep = move |found: &Conditions| {
            let _ = store.conditions.known.set(*found);
        };
        self.conditions.inquiry.answer(UNANSWERED, known, ask, keep).await
    }
}
