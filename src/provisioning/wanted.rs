use std::sync::Arc;

use storage_core::Visibility;
use storage_core::admin::{CorsRule, LifecycleRule};
use storage_policy::{Policy, Preset};

use super::{InvalidPolicies, Task};
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

/// One task for each bucket that can be looked after, with its place in the report.
pub(super) fn tasks<'a>(
    groups: impl IntoIterator<Item = (&'a String, &'a Group)>,
) -> Result<Vec<(usize, Task)>, InvalidPolicies> {
    let mut tasks = Vec::new();
    let mut faults = Vec::new();
    for (alias, group) in groups {
        let aspects = || group.bucket_aspects().map(WantedAspects::new).unwrap_or_default();
        for bucket in group.buckets() {
            let hook = group.policy_hooks().iter().rev().find(|hook| hook.bucket.as_str() == bucket.name());
            match wanted(bucket.name(), bucket.visibility(), hook) {
                Ok(wanted) => {
                    let storage = Arc::clone(bucket.storage());
                    tasks.push((
                        tasks.len(),
                        Task { alias: alias.clone(), storage, wanted, aspects: aspects() },
                    ));
                }
                Err(fault) => faults.push(format!("{alias}/{}: {fault}", bucket.name())),
            }
        }
    }
    if faults.is_empty() { Ok(tasks) } else { Err(InvalidPolicies(faults)) }
}

fn wanted(bucket: &str, visibility: Visibility, hook: Option<&PolicyHook>) -> Result<Wanted, String> {
    let Some(hook) = hook else {
        let policy = match visibility {
            Visibility::Public => Some(Preset::PublicRead.policy(bucket, "")),
            Visibility::Private => None,
        };
        return Ok(Wanted { visibility, policy, is_hook: false });
    };
    let policy = Policy::parse(&hook.policy).map_err(|error| error.to_string())?;
    if let Some(resource) = policy.foreign_resource(bucket) {
        return Err(format!("the resource `{resource}` is not of this bucket"));
    }
    let access = policy.anonymous_access(bucket);
    if visibility == Visibility::Private && (access.write || access.delete || access.other) {
        return Err("it lets anybody change a bucket that the settings call private".to_owned());
    }
    Ok(Wanted { visibility, policy: Some(policy), is_hook: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(policy: &Policy) -> PolicyHook {
        PolicyHook::new("photos".parse().unwrap(), policy.to_json().unwrap())
    }

    #[test]
    fn what_the_settings_forbid_is_refused() {
        let ask = |preset: Preset, visibility| {
            wanted("photos", visibility, Some(&hook(&preset.policy("photos", "")))).map(drop)
        };
        assert!(ask(Preset::Public, Visibility::Private).unwrap_err().contains("private"));
        assert!(ask(Preset::Upload, Visibility::Private).is_err());
        ask(Preset::Public, Visibility::Public).unwrap();
        ask(Preset::Download, Visibility::Private).unwrap();
        let foreign =
            wanted("photos", Visibility::Public, Some(&hook(&Preset::PublicRead.policy("papers", ""))))
                .map(drop);
        assert!(foreign.unwrap_err().contains("arn:aws:s3:::papers/*"));
        let broken = PolicyHook::new("photos".parse().unwrap(), "{}".to_owned());
        assert!(
            wanted("photos", Visibility::Public, Some(&broken)).map(drop).unwrap_err().contains("line 1")
        );
    }

    #[test]
    fn without_a_hook_it_is_the_visibility() {
        assert_eq!(wanted("photos", Visibility::Private, None).unwrap().policy, None);
        let public = wanted("photos", Visibility::Public, None).unwrap().policy.unwrap();
        assert_eq!(public, Preset::PublicRead.policy("photos", ""));
    }
}
