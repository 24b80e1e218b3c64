use futures_util::future::join3;
use storage_core::admin::{BucketAdmin, CorsRule, Lifecycle, LifecycleRule, Versioning};
use storage_core::{Error, ErrorKind, Result};

use super::wanted::{UPLOADS_RULE, WantedAspects};
use super::{Aspect, Change, Finding};

/// What one aspect needs, or why nobody knows.
pub(super) enum Step {
    Do(Aspect, Change),
    Leave(Finding),
    Failed(Error),
}

/// Reads all that is asked for, at the same time. In a bucket that is new there is nothing to read.
pub(super) async fn steps(admin: &dyn BucketAdmin, wanted: &WantedAspects, is_new: bool) -> Vec<Step> {
    let cors = async {
        if wanted.cors.is_none() {
            return None;
        }
        let actual = if is_new { Ok(Vec::new()) } else { admin.cors().await };
        step(Aspect::Cors, actual.map(|actual| cors_change(wanted.cors.rule(), actual)))
    };
    let lifecycle = async {
        if wanted.uploads.is_none() {
            return None;
        }
        let actual = if is_new { Ok(Lifecycle::default()) } else { admin.lifecycle().await };
        step(Aspect::Lifecycle, actual.map(|actual| lifecycle_change(wanted.uploads.rule(), actual)))
    };
    let versioning = async {
        let wanted = wanted.versioning?;
        let actual = if is_new { Ok(Versioning::Off) } else { admin.versioning().await };
        step(Aspect::Versioning, actual.map(|actual| versioning_change(wanted, actual)))
    };
    let (cors, lifecycle, versioning) = join3(cors, lifecycle, versioning).await;
    [cors, lifecycle, versioning].into_iter().flatten().collect()
}

fn step(aspect: Aspect, change: Result<Option<Change>>) -> Option<Step> {
    match change {
        Ok(change) => change.map(|change| Step::Do(aspect, change)),
        Err(error) if error.kind() == ErrorKind::Unsupported => Some(Step::Leave(Finding::Lacking(aspect))),
        Err(error) => Some(Step::Failed(error)),
    }
}

fn cors_change(wanted: Option<&CorsRule>, actual: Vec<CorsRule>) -> Option<Change> {
    let (ours, mut rules): (Vec<_>, Vec<_>) = actual.into_iter().partition(CorsRule::is_for_direct_uploads);
    let is_right = match wanted {
        Some(wanted) => matches!(&ours[..], [rule] if rule.means_the_same_as(wanted)),
        None => ours.is_empty(),
    };
    if is_right {
        return None;
    }
    rules.extend(wanted.cloned());
    Some(Change::PutCors(rules))
}

fn lifecycle_change(wanted: Option<&LifecycleRule>, mut actual: Lifecycle) -> Option<Change> {
    let is_right = match (actual.rule(UPLOADS_RULE), wanted) {
        (Some(actual), Some(wanted)) => is_kept(actual, wanted),
        (actual, wanted) => actual == wanted,
    };
    if is_right {
        return None;
    }
    match wanted {
        Some(wanted) => actual.set(wanted.clone()),
        None => actual.rules.retain(|rule| rule.id != UPLOADS_RULE),
    }
    Some(Change::PutLifecycle(actual))
}

/// MinIO forgets to abort uploads without a word: it does so by itself.
fn is_kept(actual: &LifecycleRule, wanted: &LifecycleRule) -> bool {
    let mut as_kept = wanted.clone();
    as_kept.abort_uploads_after_days = None;
    actual == wanted || *actual == as_kept
}

fn versioning_change(wanted: bool, actual: Versioning) -> Option<Change> {
    match (wanted, actual) {
        (true, Versioning::Enabled) | (false, Versioning::Off | Versioning::Suspended) => None,
        (true, _) => Some(Change::PutVersioning(Versioning::Enabled)),
        (false, _) => Some(Change::PutVersioning(Versioning::Suspended)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_others_stay() {
        let named = |origin, id: Option<&str>| {
            let mut rule = CorsRule::direct_uploads([origin]);
            rule.id = id.map(str::to_owned);
            rule
        };
        let other = named("https://b.example", Some("other"));
        let old = CorsRule::direct_uploads(["https://old.example"]);
        let wanted = CorsRule::direct_uploads(["https://a.example", "https://c.example"]);
        let unnamed = named("https://old.example", None);
        for old in [old, unnamed] {
            let change = cors_change(Some(&wanted), vec![old.clone(), other.clone()]);
            assert_eq!(change, Some(Change::PutCors(vec![other.clone(), wanted.clone()])));
            assert_eq!(
                cors_change(None, vec![old, other.clone()]),
                Some(Change::PutCors(vec![other.clone()]))
            );
        }
        let mut turned = wanted.clone();
        turned.allowed_origins.reverse();
        assert_eq!(cors_change(Some(&wanted), vec![other.clone(), turned]), None);
        assert_eq!(cors_change(None, vec![other]), None);

        let mut lifecycle = Lifecycle::default();
        lifecycle.set(LifecycleRule::new("other").expire_after_days(3));
        lifecycle.foreign.push("<ID>x</ID>".into());
        let rule = LifecycleRule::new(UPLOADS_RULE).prefix("uploads/").expire_after_days(1);
        let Some(Change::PutLifecycle(put)) = lifecycle_change(Some(&rule), lifecycle.clone()) else {
            panic!("it is not there yet");
        };
        assert_eq!((put.rules.len(), &put.foreign), (2, &lifecycle.foreign));
        assert_eq!(lifecycle_change(Some(&rule), put.clone()), None);
        assert_eq!(lifecycle_change(None, put), Some(Change::PutLifecycle(lifecycle.clone())));
        assert_eq!(lifecycle_change(None, lifecycle), None);
    }

    #[test]
    fn versions() {
        assert_eq!(versioning_change(false, Versioning::Off), None);
        assert_eq!(versioning_change(true, Versioning::Enabled), None);
        assert_eq!(
            versioning_change(false, Versioning::Enabled),
            Some(Change::PutVersioning(Versioning::Suspended))
        );
        for actual in [Versioning::Off, Versioning::Suspended] {
            assert_eq!(versioning_change(true, actual), Some(Change::PutVersioning(Versioning::Enabled)));
        }
    }
}
