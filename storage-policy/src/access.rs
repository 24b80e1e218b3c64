use crate::meaning::{Atom, What, Who};
use crate::pattern::overlap;
use crate::{Effect, Policy};

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

const READ: [&str; 2] = ["s3:getobject", "s3:getobjectversion"];
const LIST: [&str; 4] = [
    "s3:listbucket",
    "s3:listbucketversions",
    "s3:listbucketmultipartuploads",
    "s3:listmultipartuploadparts",
];
const WRITE: [&str; 2] = ["s3:putobject", "s3:abortmultipartupload"];
const DELETE: [&str; 2] = ["s3:deleteobject", "s3:deleteobjectversion"];
/// What tells nothing that a refusal does not.
const HARMLESS: &str = "s3:getbucketlocation";

impl Policy {
    /// What people without credentials may do in the bucket. Where a condition is to be met, they are taken to meet it; only what is denied
    /// to all of them without a condition is taken away again.
    pub fn anonymous_access(&self, bucket: &str) -> Access {
        let atoms = self.atoms();
        let denials: Vec<&Atom> =
            atoms.iter().filter(|atom| atom.effect == Effect::Deny && atom.when.is_empty()).collect();
        let mut access = Access::default();
        let allowed = atoms.iter().filter(|atom| atom.effect == Effect::Allow);
        for atom in allowed.filter(|atom| is_anonymous(&atom.who) && concerns(&atom.resource, bucket)) {
            let is_denied =
                denials.iter().any(|denial| Atom { effect: Effect::Allow, ..(*denial).clone() }.covers(atom));
            if is_denied {
                continue;
            }
            access.read |= includes(&atom.action, &READ);
            access.list |= includes(&atom.action, &LIST);
            access.write |= includes(&atom.action, &WRITE);
            access.delete |= includes(&atom.action, &DELETE);
            access.other |= is_other(&atom.action);
        }
        access
    }

    /// The first resource that is not of this bucket. Servers refuse a policy with one.
    pub fn foreign_resource(&self, bucket: &str) -> Option<String> {
        self.atoms().into_iter().find_map(|atom| match atom.resource {
            What::Like(pattern) => {
                Some(pattern).filter(|pattern| !pattern.is_empty() && !is_of(pattern, bucket))
            }
            What::AllBut(_) => None,
        })
    }
}

/// Servers take `arn:aws:s3:::bucket`, with or without what comes before the name.
fn is_of(resource: &str, bucket: &str) -> bool {
    let name = resource.rsplit_once(":::").map_or(resource, |(_, name)| name);
    let name = name.split_once('/').map_or(name, |(name, _)| name);
    name == bucket
}

fn is_anonymous(who: &Who) -> bool {
    !matches!(who, Who::One { .. })
}

fn concerns(resource: &What, bucket: &str) -> bool {
    match resource {
        What::Like(pattern) => {
            overlap(pattern, &format!("arn:aws:s3:::{bucket}"))
                || overlap(pattern, &format!("arn:aws:s3:::{bucket}/*"))
        }
        What::AllBut(_) => true,
    }
}

fn includes(action: &What, actions: &[&str]) -> bool {
    match action {
        What::Like(pattern) => actions.iter().any(|action| overlap(pattern, action)),
        What::AllBut(_) => true,
    }
}

fn is_other(action: &What) -> bool {
    match action {
        What::Like(pattern) => {
            let known = READ.iter().chain(&LIST).chain(&WRITE).chain(&DELETE);
            pattern != HARMLESS && !pattern.is_empty() && !known.into_iter().any(|known| known == pattern)
        }
        What::AllBut(_) => true,
    }
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
        assert!(of(vec![Statement::allow_anyone(["s3:PutBucketPolicy"], ["*".into()])]).other);
        assert!(of(vec![Statement::allow_anyone(["s3:GetObject"], ["arn:aws:s3:::c/*".into()])]).is_none());
        let denied = Statement { effect: Effect::Deny, ..Statement::allow_anyone(["s3:*"], object()) };
        let read = || Statement::allow_anyone(["s3:GetObject"], object());
        assert!(of(vec![read(), denied.clone()]).is_none());
        assert!(of(vec![read(), denied.when("StringNotLike", "aws:Referer", ["x"])]).read);
        assert!(of(vec![read().when("IpAddress", "aws:SourceIp", ["10.0.0.0/8"])]).read, "they may be there");
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
