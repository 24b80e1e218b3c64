use std::fmt;
use std::future::Future;

use futures_util::future::BoxFuture;
use storage_core::capability::{Ability, Capabilities};

use crate::outcome::Outcome;
use crate::sandbox::Sandbox;

type Run = Box<dyn Fn(Sandbox) -> BoxFuture<'static, Outcome> + Send + Sync>;

/// One thing that every store does, or every store with certain abilities.
pub(crate) struct Case {
    name: String,
    needs: Vec<Ability>,
    without: Option<Ability>,
    run: Run,
}

impl Case {
    pub(crate) fn new<F, Fut>(name: impl Into<String>, run: F) -> Self
    where
        F: Fn(Sandbox) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Outcome> + Send + 'static,
    {
        Self {
            name: name.into(),
            needs: Vec::new(),
            without: None,
            run: Box::new(move |store| Box::pin(run(store))),
        }
    }

    /// The case runs only on a store that has the ability.
    pub(crate) fn needs(mut self, ability: Ability) -> Self {
        self.needs.push(ability);
        self
    }

    /// The case runs only on a store that lacks the ability.
    pub(crate) fn without(mut self, ability: Ability) -> Self {
        self.without = Some(ability);
        self
    }

    /// Puts the case into a topic: `topic::name`.
    pub(crate) fn within(mut self, topic: &str) -> Self {
        self.name = format!("{topic}::{}", self.name);
        self
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Why the case cannot run on a store with these abilities.
    pub(crate) fn obstacle(&self, capabilities: Capabilities) -> Option<String> {
        let missing = self.needs.iter().find(|ability| !capabilities.has(**ability));
        match (missing, self.without) {
            (Some(ability), _) => Some(format!("needs: {}", ability.describe())),
            (None, Some(ability)) if capabilities.has(ability) => {
                Some(format!("only for a store that cannot {}", ability.describe()))
            }
            _ => None,
        }
    }

    pub(crate) fn run(&self, store: Sandbox) -> BoxFuture<'static, Outcome> {
        (self.run)(store)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A case that is named after its function.
macro_rules! case {
    ($function:ident) => {
        $crate::case::Case::new(stringify!($function), $function)
    };
}

pub(crate) use case;
