use std::sync::Arc;

use storage_core::Visibility;
use storage_core::admin::{CorsRule, LifecycleRule};
use storage_policy::{Access, Policy, Preset};

use super::{Aspect, ProvisionOptions, Task};
use crate::settings::{BucketAspects, PolicyHook};
use crate::storages::group::Group;

/// What a bucket shall have beside its policy.
#[derive(Debug, Default)]
pub(super) struct WantedAspects {
    pub(super) cors: Wish<CorsRule>,
    pub(super) uploads: Wish<LifecycleRule>,
    pub(super) versioning: Option<bool>,
}

/// A rule of ours that a bucket shall have.
#[derive(Debug, Default)]
pub(super) enum Wish<T> {
    /// Nobody asked: it is neither read nor touched.
    #[default]
    None,
    Absent,
    Present(T),
}

impl<T> Wish<T> {
    pub(super) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub(super) fn rule(&self) -> Option<&T> {
        match self {
            Self::None | Self::Absent => None,
            Self::Present(rule) => Some(rule),
        }
    }
}

impl WantedAspects {
    fn new(aspects: &BucketAspects) -> Self {
        let rule = LifecycleRule::new(UPLOADS_RULE).prefix(&aspects.uploads_prefix);
        Self {
            cors: match aspects.cors_origins.as_deref() {
                None => Wish::None,
                Some([]) => Wish::Absent,
                Some(origins) => Wish::Present(CorsRule::direct_uploads(origins)),
            },
            uploads: match aspects.uploads_expire_after_days {
                None => Wish::None,
                Some(0) => Wish::Absent,
                Some(days) => Wish::Present(rule.expire_after_days(days).abort_uploads_after_days(days)),
            },
            versioning: aspects.versioning,
        }
    }
}

/// What the rule for direct uploads is called.
pub(super) const UPLOADS_RULE: &str = "direct-uploads";

/// What a bucket shall be.
pub(super) struct Wanted {
    pub(super) visibility: Visibility,
    /// `None` for a bucket that has no policy.
    pub(super) policy: Option<Policy>,
    /// Whether the policy is that of a hook.
    pub(super) is_hook: bool,
}

/// One task for each bucket that is meant, with its place in the report.
pub(super) fn tasks<'a>(
    groups: impl IntoIterator<Item = (&'a String, &'a Group)>,
    options: &ProvisionOptions,
) -> Vec<(usize, Task)> {
    let mut tasks = Vec::new();
    for (alias, group) in groups {
        for (name, bucket) in group.named_buckets().filter(|(name, _)| options.is_meant(alias, name)) {
            let hook = group.policy_hooks().iter().find(|hook| hook.bucket.as_str() == name);
            let task = Task {
                alias: alias.clone(),
                bucket: name.to_owned(),
                storage: Arc::clone(bucket.storage()),
                wanted: Wanted::new(name, bucket.visibility(), hook),
                aspects: group.bucket_aspects().map(WantedAspects::new).unwrap_or_default(),
            };
            tasks.push((tasks.len(), task));
        }
    }
    tasks
}

impl Wanted {
    fn new(bucket: &str, visibility: Visibility, hook: Option<&PolicyHook>) -> Self {
        let policy = match (hook, visibility) {
            (Some(hook), _) => Some(hook.read.clone()),
            (None, Visibility::Public) => Some(Preset::PublicRead.policy(bucket, "")),
            (None, Visibility::Private) => None,
        };
        Self { visibility, policy, is_hook: hook.is_some() }
    }

    /// What anonymous people may do in a bucket that the settings call private, by its own hook.
    pub(super) fn opened_by_hook(&self, bucket: &str) -> Option<Access> {
        let is_private = self.is_hook && self.visibility == Visibility::Private;
        let access = self.policy.as_ref().filter(|_| is_private)?.anonymous_access(bucket);
        (!access.is_none()).then_some(access)
    }
}

impl Task {
    /// What the settings ask for, of a store that cannot be looked after.
    pub(super) fn wishes(&self) -> Vec<Aspect> {
        let WantedAspects { cors, uploads, versioning } = &self.aspects;
        let wishes = [
            (Aspect::Policy, self.wanted.policy.is_some()),
            (Aspect::Cors, cors.rule().is_some()),
            (Aspect::Lifecycle, uploads.rule().is_some()),
            (Aspect::Versioning, *versioning == Some(true)),
        ];
        wishes.into_iter().filter_map(|(aspect, is_wished)| is_wished.then_some(aspect)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_hook_it_is_the_visibility() {
        let wanted = |visibility| Wanted::new("photos", visibility, None);
        assert_eq!(wanted(Visibility::Private).policy, None);
        assert_eq!(wanted(Visibility::Public).policy, Some(Preset::PublicRead.policy("photos", "")));
        assert_eq!(wanted(Visibility::Public).opened_by_hook("photos"), None);
    }
}
