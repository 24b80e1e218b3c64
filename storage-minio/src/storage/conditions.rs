use std::sync::Arc;

use storage_core::capability::{Ability, Capabilities};
use storage_core::{Error, Result};

use super::Store;
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

/// The kinds of writes on a condition. Servers that honour it on one may ignore it on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// `PutObject`, on both conditions.
    Put,
    /// `CompleteMultipartUpload` with `If-None-Match`.
    CreateInParts,
    /// `CompleteMultipartUpload` with `If-Match`.
    ReplaceInParts,
    /// `CopyObject` with `If-None-Match`.
    Copy,
}

/// What decides whether a large object gets its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Completion,
    Copy,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::Put, Self::CreateInParts, Self::ReplaceInParts, Self::Copy];
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

    /// What was said of writes this way.
    pub(super) fn said(said: ConditionalWrites, way: Way) -> Option<Self> {
        match (said, way) {
            (ConditionalWrites::Auto, _) => None,
            (ConditionalWrites::CreateOnly, Way::Put) => Some(Self::CreateOnly),
            (ConditionalWrites::Ignored, _) | (ConditionalWrites::CreateOnly, Way::ReplaceInParts) => {
                Some(Self::Ignored)
            }
            (ConditionalWrites::Honoured | ConditionalWrites::CreateOnly, _) => Some(Self::Honoured),
        }
    }

    /// The abilities that need a server which honours conditions.
    pub(crate) const DEPENDENT: [Ability; 3] =
        [Ability::CreateIfAbsent, Ability::PutIfMatch, Ability::CopyIfAbsent];

    /// That a server cannot do `what`, and what to do about it.
    fn refusal(self, what: &str) -> Error {
        let (why, hint) = match self {
            Self::Untried => (
                "is not known to honour",
                "writing below `.probe/`, by which it is found out, was denied: allow it, or say what the server does by \
                 `MinioStorageBuilder::conditional_writes` (`MINIO_CONDITIONAL_WRITES`)",
            ),
            _ => (
                "ignores",
                "let the collision rule rename or replace; if the server honours conditions, say so by \
                 `MinioStorageBuilder::conditional_writes` (`MINIO_CONDITIONAL_WRITES`)",
            ),
        };
        Error::unsupported(format!("this server {why} conditions on writes, and so cannot {what}"))
            .with_hint(hint)
    }
}

impl Store {
    /// What the server can do, as far as it is known.
    pub(super) fn known_capabilities(&self) -> Capabilities {
        let known =
            self.known(Way::Put).map_or(self.capabilities, |conditions| conditions.limit(self.capabilities));
        let is_refused = |way| self.known(way).is_some_and(|conditions| conditions != Conditions::Honoured);
        match is_refused(Way::CreateInParts) && is_refused(Way::Copy) {
            true => known.without(Ability::CopyIfAbsent),
            false => known,
        }
    }

    pub(super) async fn probed_capabilities(self: &Arc<Self>) -> Result<Capabilities> {
        self.conditions(Way::Put).await?;
        Ok(self.known_capabilities())
    }

    /// The same for an object of this size: a large one is not created as a small one is.
    pub(super) async fn probed_capabilities_for(self: &Arc<Self>, size: Option<u64>) -> Result<Capabilities> {
        let able = self.probed_capabilities().await?;
        let is_small = size.is_some_and(|size| size <= able.single_put_limit);
        if is_small || !able.has(Ability::CreateIfAbsent) {
            return Ok(able);
        }
        let is_refused = |way| self.known(way).is_some_and(|conditions| conditions != Conditions::Honoured);
        let able = match is_refused(Way::ReplaceInParts) {
            true => able.without(Ability::PutIfMatch),
            false => able,
        };
        Ok(match self.decision_on_new().await? {
            Ok(_) => able,
            Err(_) => able.without(Ability::CreateIfAbsent).without(Ability::CopyIfAbsent),
        })
    }

    /// # Errors
    ///
    /// `Unsupported` if the server ignores the condition that the ability needs; what kept it from being found out.
    pub(super) async fn require_condition(self: &Arc<Self>, ability: Ability) -> Result<()> {
        let conditions = self.conditions(Way::Put).await?;
        match conditions.allows(ability) {
            true => Ok(()),
            false => Err(conditions.refusal(ability.describe())),
        }
    }

    /// As [`require_condition`](Self::require_condition), by what is known so far: nobody is asked, and what is not known is allowed.
    pub(super) fn require_known_condition(&self, ability: Ability) -> Result<()> {
        match self.known(Way::Put) {
            Some(conditions) if !conditions.allows(ability) => Err(conditions.refusal(ability.describe())),
            _ => Ok(()),
        }
    }

    /// What has to decide about a large object, or a copy, whose key must be free.
    ///
    /// # Errors
    ///
    /// `Unsupported` if nothing can; what kept it from being found out.
    pub(super) async fn require_decision_on_new(self: &Arc<Self>) -> Result<Decision> {
        let refused = "create a large object, or copy one, only if its key is free";
        self.decision_on_new().await?.map_err(|conditions| conditions.refusal(refused))
    }

    async fn decision_on_new(self: &Arc<Self>) -> Result<Result<Decision, Conditions>> {
        if self.conditions(Way::CreateInParts).await? == Conditions::Honoured {
            return Ok(Ok(Decision::Completion));
        }
        Ok(match self.conditions(Way::Copy).await? {
            Conditions::Honoured => Ok(Decision::Copy),
            refused => Err(refused),
        })
    }

    /// # Errors
    ///
    /// `Unsupported` if the server does not replace a large object on a condition, or not atomically (`SeaweedFS` 4.48 does not); what kept
    /// it from being found out.
    pub(super) async fn require_replacing_in_parts(self: &Arc<Self>) -> Result<()> {
        match self.conditions(Way::ReplaceInParts).await? {
            Conditions::Honoured => Ok(()),
            refused => Err(refused.refusal("overwrite a large object only if its ETag matches")),
        }
    }
}
