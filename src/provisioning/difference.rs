use storage_core::{Error, Result, Visibility};
use storage_policy::{Policy, Preset};

use super::wanted::Wanted;
use super::{Change, Finding, ProvisionOptions};

/// What has to happen to a bucket's policy.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    Do(Change),
    Leave(Finding),
}

/// `actual` is the policy that the server gave, as text.
pub(super) fn policy_step(
    bucket: &str,
    wanted: &Wanted,
    actual: Option<&str>,
    options: &ProvisionOptions,
) -> Result<Step> {
    let Some(actual) = actual else {
        return wanted.policy.as_ref().map_or(Ok(Step::Nothing), |policy| put(wanted, policy));
    };
    // What cannot be read is somebody's, and nobody knows what it allows.
    let actual = Policy::parse(actual).ok();
    if let (Some(wanted), Some(actual)) = (&wanted.policy, &actual)
        && wanted.means_the_same_as(actual)
    {
        return Ok(Step::Nothing);
    }
    let is_known = actual.as_ref().is_some_and(|actual| Preset::recognise(actual, bucket).is_some());
    if !is_known && !options.replace_foreign {
        let is_closed = actual.as_ref().is_some_and(|actual| actual.anonymous_access(bucket).is_none());
        return Ok(Step::Leave(match (wanted.visibility, is_closed) {
            (Visibility::Private, false) => Finding::ForeignPolicyIsPublic,
            _ => Finding::ForeignPolicy,
        }));
    }
    match &wanted.policy {
        Some(policy) => put(wanted, policy),
        // A policy without a statement is none.
        None if actual.is_some_and(|actual| actual.grants().is_empty()) => Ok(Step::Nothing),
        None => Ok(Step::Do(Change::DeletePolicy)),
    }
}

fn put(wanted: &Wanted, policy: &Policy) -> Result<Step> {
    let name = if wanted.is_hook { "hook" } else { Preset::PublicRead.as_str() };
    let json = policy.to_json().map_err(|error| Error::invalid_input(error.to_string()))?;
    Ok(Step::Do(Change::PutPolicy { name, json }))
}

#[cfg(test)]
mod tests {
    use storage_policy::Statement;

    use super::*;

    fn step(visibility: Visibility, actual: Option<&Policy>, replace_foreign: bool) -> Step {
        let policy = match visibility {
            Visibility::Public => Some(Preset::PublicRead.policy("b", "")),
            Visibility::Private => None,
        };
        let wanted = Wanted { visibility, policy, is_hook: false };
        let actual = actual.map(Policy::to_pretty_json);
        let mut options = ProvisionOptions::new();
        options.replace_foreign = replace_foreign;
        policy_step("b", &wanted, actual.as_deref(), &options).unwrap()
    }

    fn foreign(action: &str) -> Policy {
        Policy::new([Statement::allow_anyone([action], ["arn:aws:s3:::b/x*y".to_owned()])])
    }

    #[test]
    fn a_private_bucket() {
        let private = |actual: Option<&Policy>, replace| step(Visibility::Private, actual, replace);
        assert_eq!(private(None, false), Step::Nothing);
        for preset in [Preset::PublicRead, Preset::Original, Preset::Public, Preset::Upload] {
            assert_eq!(
                private(Some(&preset.policy("b", "")), false),
                Step::Do(Change::DeletePolicy),
                "it was public"
            );
        }
        let open = foreign("s3:GetObject");
        assert_eq!(private(Some(&open), false), Step::Leave(Finding::ForeignPolicyIsPublic));
        assert_eq!(private(Some(&open), true), Step::Do(Change::DeletePolicy));
        let closed = foreign("s3:GetObject").to_pretty_json().replace("\"*\"", "\"arn:aws:iam::1:root\"");
        let closed = Policy::parse(&closed).unwrap();
        assert_eq!(private(Some(&closed), false), Step::Leave(Finding::ForeignPolicy));
        assert_eq!(private(Some(&Policy::new([])), false), Step::Nothing);
    }

    #[test]
    fn a_public_bucket() {
        let public = |actual: Option<&Policy>, replace| step(Visibility::Public, actual, replace);
        assert!(matches!(public(None, false), Step::Do(Change::PutPolicy { name: "public-read", .. })));
        assert_eq!(public(Some(&Preset::PublicRead.policy("b", "")), false), Step::Nothing);
        assert!(matches!(
            public(Some(&Preset::Original.policy("b", "")), false),
            Step::Do(Change::PutPolicy { .. })
        ));
        assert_eq!(public(Some(&foreign("s3:*")), false), Step::Leave(Finding::ForeignPolicy));
        assert!(matches!(public(Some(&foreign("s3:*")), true), Step::Do(Change::PutPolicy { .. })));
    }

    #[test]
    fn what_cannot_be_read_is_not_touched() {
        let wanted = Wanted { visibility: Visibility::Private, policy: None, is_hook: false };
        let step = policy_step("b", &wanted, Some("no policy"), &ProvisionOptions::new());
        assert_eq!(step.unwrap(), Step::Leave(Finding::ForeignPolicyIsPublic));
    }

    #[test]
    fn what_no_bucket_takes_is_an_error_and_not_left_out() {
        let resource = format!("arn:aws:s3:::b/{}", "x".repeat(storage_policy::MAX_BYTES));
        let policy = Policy::new([Statement::allow_anyone(["s3:GetObject"], [resource])]);
        let wanted = Wanted { visibility: Visibility::Public, policy: Some(policy), is_hook: true };
        let error = policy_step("b", &wanted, None, &ProvisionOptions::new()).unwrap_err();
        assert_eq!(error.kind(), storage_core::ErrorKind::InvalidInput);
        assert!(error.message().contains("20480"), "{error}");
    }
}
