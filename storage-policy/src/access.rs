use crate::actions::Deed;
use crate::allows::{Mode, Place, Target};
use crate::{Effect, Policy, Request, Scope, probes};

/// What people without credentials may do, in a bucket or a part of it.
#[allow(clippy::struct_excessive_bools, reason = "each is a question of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// Read objects.
    pub read: bool,
    /// See which objects there are.
    pub list: bool,
    /// Store and overwrite objects.
    pub write: bool,
    /// Delete objects.
    pub delete: bool,
    /// Anything else, such as change the policy.
    pub other: bool,
}

impl Access {
    /// Whether they may do nothing at all.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Policy {
    /// What people without credentials may do in the bucket, at most: where a condition is to be met, they are taken to meet it, as they may
    /// come from anywhere, and what cannot be judged is taken to let them in. Whatever [`allows`](Self::allows) lets them do is in it.
    pub fn anonymous_access(&self, bucket: &str) -> Access {
        let mut access = Access::default();
        let stranger = Request::anonymous("", "");
        for statement in self.statements().iter().filter(|statement| statement.effect == Effect::Allow) {
            let resources = probes::resources(statement, Some(bucket));
            for (action, deed) in probes::actions(statement) {
                let may = |resource: &Place| {
                    let target = Target { action: action.clone(), resource: resource.clone() };
                    self.decide(&stranger, &target, Mode::Generous).is_allowed()
                };
                if let Some(has) = access.deed(deed)
                    && !*has
                {
                    *has = resources.iter().any(may);
                }
            }
        }
        access
    }

    /// The first resource that is not of this bucket. Servers refuse a policy with one.
    pub fn foreign_resource(&self, bucket: &str) -> Option<String> {
        let resources = self.statements().iter().filter_map(|statement| match &statement.resource {
            Some(Scope::In(resources)) => Some(resources.as_slice()),
            _ => None,
        });
        resources.flatten().find(|resource| !is_of(resource, bucket)).cloned()
    }
}

impl Access {
    /// None for what tells nothing.
    fn deed(&mut self, deed: Deed) -> Option<&mut bool> {
        match deed {
            Deed::Read => Some(&mut self.read),
            Deed::List => Some(&mut self.list),
            Deed::Write => Some(&mut self.write),
            Deed::Delete => Some(&mut self.delete),
            Deed::Other => Some(&mut self.other),
            Deed::Harmless => None,
        }
    }
}

/// Servers take `arn:aws:s3:::bucket`, with or without what comes before the name.
pub(crate) fn is_of(resource: &str, bucket: &str) -> bool {
    let name = resource.rsplit_once(":::").map_or(resource, |(_, name)| name);
    let name = name.split_once('/').map_or(name, |(name, _)| name);
    name == bucket
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Preset, Statement};

    #[test]
    fn of_presets() {
        let access = |preset: Preset| preset.policy("b", "").anonymous_access("b");
        let (none, all) =
            (Access::default(), Access { read: true, list: true, write: true, delete: true, other: false });
        assert_eq!(access(Preset::Private), none);
        assert_eq!(access(Preset::PublicRead), Access { read: true, ..none });
        assert_eq!(access(Preset::PublicReadWithListing), Access { read: true, list: true, ..none });
        assert_eq!(access(Preset::Original), Access { read: true, list: true, ..none });
        assert_eq!(access(Preset::Upload), Access { read: false, ..all });
        assert_eq!(access(Preset::Public), all);
        assert_eq!(Preset::Public.policy("b", "sub").anonymous_access("b"), all);
    }

    #[test]
    fn of_what_others_write() {
        let object = || ["arn:aws:s3:::b/*".to_owned()];
        let of = |statements: Vec<Statement>| Policy::new(statements).anonymous_access("b");
        assert!(of(vec![Statement::allow_anyone(["s3:*"], object())]).other);
        assert!(of(vec![Statement::allow_anyone(["s3:Put*"], object())]).write);
        assert!(of(vec![Statement::allow_anyone(["s3:PutBucketPolicy"], ["*"])]).other);
        assert!(of(vec![Statement::allow_anyone(["s3:GetObject"], ["arn:aws:s3:::c/*"])]).is_none());
        let denied = Statement { effect: Effect::Deny, ..Statement::allow_anyone(["s3:*"], object()) };
        let read = || Statement::allow_anyone(["s3:GetObject"], object());
        assert!(of(vec![read(), denied.clone()]).is_none());
        assert!(of(vec![read(), denied.when("StringNotLike", "aws:Referer", ["x"])]).read);
        assert!(of(vec![read().when("IpAddress", "aws:SourceIp", ["10.0.0.0/8"])]).read, "they may be there");
    }

    /// What the one leaves out is all that the other one does not deny.
    #[test]
    fn what_is_allowed_and_denied_everywhere_but_there() {
        let everywhere_but = |effect, resource: &str| {
            let mut statement = Statement::allow_anyone(["s3:Get*"], [resource.to_owned()]);
            let Some(Scope::In(resources)) = statement.resource.take() else { panic!("it has resources") };
            statement.resource = Some(Scope::NotIn(resources));
            Statement { effect, ..statement }
        };
        let reads = |allowed_but, denied_but| {
            let statements =
                [everywhere_but(Effect::Allow, allowed_but), everywhere_but(Effect::Deny, denied_but)];
            Policy::new(statements).anonymous_access("b").read
        };
        assert!(!reads("arn:aws:s3:::b/", "arn:aws:s3:::b/"));
        assert!(!reads("arn:aws:s3:::b/a*", "arn:aws:s3:::b/aa"));
        assert!(reads("arn:aws:s3:::b/aa", "arn:aws:s3:::b/a*"), "b/ab");
        assert!(reads("arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/a"), "nobody is called so");
    }

    #[test]
    fn resources_of_other_buckets() {
        let of = |resource: &str| {
            Policy::new([Statement::allow_anyone(["s3:GetObject"], [resource.to_owned()])])
                .foreign_resource("b")
        };
        assert_eq!(of("arn:aws:s3:::b/*"), None);
        assert_eq!(of("arn:aws:s3:::b"), None);
        for foreign in ["arn:aws:s3:::bc/*", "arn:aws:s3:::*", "*", "arn:aws:s3:::b*"] {
            assert_eq!(of(foreign).as_deref(), Some(foreign));
        }
    }
}
