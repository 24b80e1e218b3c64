use futures_util::future::join3;
use storage_core::admin::{BucketAdmin, CorsRule, Lifecycle, LifecycleRule, Versioning};
use storage_core::{Error, ErrorKind, Result};

use super::wanted::{UPLOADS_RULE, WantedAspects};
use super::{Aspect, Change, Finding, ProvisionOptions};

/// What one aspect needs, or why nobody knows.
pub(super) enum Step {
    Do(Aspect, Change),
    Leave(Finding),
    Failed(Error),
}

/// Reads all that is asked for, at the same time. In a bucket that is new there is nothing to read.
pub(super) async fn steps(
    admin: &dyn BucketAdmin,
    wanted: &WantedAspects,
    is_new: bool,
    options: &ProvisionOptions,
) -> Vec<Step> {
    let cors = async {
        if wanted.cors.is_none() {
            return None;
        }
        let actual = if is_new { Ok(Vec::new()) } else { admin.cors().await };
        step(Aspect::Cors, actual.map(|actual| Ok(cors_change(wanted.cors.rule(), actual))))
    };
    let lifecycle = async {
        if wanted.uploads.is_none() {
            return None;
        }
        let actual = if is_new { Ok(Lifecycle::default()) } else { admin.lifecycle().await };
        let aborts = admin.aborts_uploads_by_itself();
        let rule = wanted.uploads.rule();
        step(Aspect::Lifecycle, actual.map(|actual| lifecycle_change(rule, actual, aborts, options)))
    };
    let versioning = async {
        let wanted = wanted.versioning?;
        let actual = if is_new { Ok(Versioning::Off) } else { admin.versioning().await };
        // Who wants none has it.
        let is_fine = !wanted && actual.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unsupported);
        if is_fine {
            return None;
        }
        step(Aspect::Versioning, actual.map(|actual| Ok(versioning_change(wanted, actual))))
    };
    let (cors, lifecycle, versioning) = join3(cors, lifecycle, versioning).await;
    [cors, lifecycle, versioning].into_iter().flatten().collect()
}

/// What a server has not: it tells so when it is asked, or it shows in writing alone.
pub(super) async fn gap(admin: &dyn BucketAdmin, aspect: Aspect) -> Finding {
    match aspect {
        Aspect::Versioning if admin.versioning().await.is_ok() => Finding::Refused(aspect),
        aspect => Finding::Lacking(aspect),
    }
}

fn step(aspect: Aspect, change: Result<std::result::Result<Option<Change>, Finding>>) -> Option<Step> {
    match change {
        Ok(Ok(change)) => change.map(|change| Step::Do(aspect, change)),
        Ok(Err(finding)) => Some(Step::Leave(finding)),
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

/// Or what is left as it is.
fn lifecycle_change(
    wanted: Option<&LifecycleRule>,
    mut actual: Lifecycle,
    aborts_by_itself: bool,
    options: &ProvisionOptions,
) -> std::result::Result<Option<Change>, Finding> {
    let is_foreign = actual.foreign_rule(UPLOADS_RULE).is_some();
    if is_foreign && !options.replace_foreign {
        return if wanted.is_some() { Err(Finding::ForeignRule) } else { Ok(None) };
    }
    let is_right = match (actual.rule(UPLOADS_RULE), wanted) {
        (Some(actual), Some(wanted)) => actual == wanted || (aborts_by_itself && is_kept(actual, wanted)),
        (actual, wanted) => actual == wanted,
    };
    if is_right && !is_foreign {
        return Ok(None);
    }
    match wanted {
        Some(wanted) => actual.set(wanted.clone()),
        None => actual.remove(UPLOADS_RULE),
    }
    Ok(Some(Change::PutLifecycle(actual)))
}

/// MinIO forgets to abort uploads without a word: it does so by itself.
fn is_kept(actual: &LifecycleRule, wanted: &LifecycleRule) -> bool {
    let mut as_kept = wanted.clone();
    as_kept.abort_uploads_after_days = None;
    *actual == as_kept
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
    }

    fn change(
        wanted: Option<&LifecycleRule>,
        actual: &Lifecycle,
    ) -> std::result::Result<Option<Change>, Finding> {
        lifecycle_change(wanted, actual.clone(), false, &ProvisionOptions::new())
    }

    #[test]
    fn lifecycle_rules_of_others_stay() {
        let mut lifecycle = Lifecycle::default();
        lifecycle.set(LifecycleRule::new("other").expire_after_days(3));
        lifecycle.foreign.push("<ID>x</ID>".into());
        let rule = LifecycleRule::new(UPLOADS_RULE).prefix("uploads/").expire_after_days(1);
        let Ok(Some(Change::PutLifecycle(put))) = change(Some(&rule), &lifecycle) else {
            panic!("it is not there yet");
        };
        assert_eq!((put.rules.len(), &put.foreign), (2, &lifecycle.foreign));
        assert_eq!(change(Some(&rule), &put), Ok(None));
        assert_eq!(change(None, &put), Ok(Some(Change::PutLifecycle(lifecycle.clone()))));
        assert_eq!(change(None, &lifecycle), Ok(None));
    }

    /// S3 takes no two rules of one name.
    #[test]
    fn a_rule_of_others_that_is_called_as_ours_is_left_or_replaced_on_purpose() {
        let foreign = "<ID>direct-uploads</ID><Status>Enabled</Status><Transition></Transition>";
        let mut lifecycle = Lifecycle::default();
        lifecycle.foreign.push(foreign.into());
        let rule = LifecycleRule::new(UPLOADS_RULE).expire_after_days(1);
        assert_eq!(change(Some(&rule), &lifecycle), Err(Finding::ForeignRule));
        assert_eq!(change(None, &lifecycle), Ok(None), "it is not ours");
        let on_purpose = ProvisionOptions::new().replace_foreign();
        let Ok(Some(Change::PutLifecycle(put))) =
            lifecycle_change(Some(&rule), lifecycle, false, &on_purpose)
        else {
            panic!("it is replaced");
        };
        assert_eq!((put.rules.as_slice(), put.foreign.len()), (&[rule][..], 0));
    }

    #[test]
    fn only_who_aborts_uploads_by_itself_may_forget_to() {
        let kept = LifecycleRule::new(UPLOADS_RULE).expire_after_days(1);
        let wanted = kept.clone().abort_uploads_after_days(1);
        let mut lifecycle = Lifecycle::default();
        lifecycle.set(kept);
        let is_right = |aborts| {
            let change = lifecycle_change(Some(&wanted), lifecycle.clone(), aborts, &ProvisionOptions::new());
            change == Ok(None)
        };
        assert!(is_right(true) && !is_right(false));
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
