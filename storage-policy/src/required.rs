use std::collections::BTreeSet;

use serde_json::Map;

use crate::{Effect, OneOrMany, Policy, Scope, Statement};

/// What an application's own credentials are used for; [`Policy::required`] says what they need for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Use {
    /// Reading, listing, and signing URLs to read by.
    Read,
    /// Saving, overwriting, moving and deleting too, in one piece or in parts, and signing uploads.
    Write,
    /// Reading and writing tags of objects, and copying objects that have some. MinIO asks for none of it where tags come with an object.
    Tags,
    /// `storage init --check`: whether the bucket is what the settings say.
    Check,
    /// `storage init`: making it so, with policy, CORS, lifecycle and versions.
    Initialize,
    /// Health, and whether the bucket exists.
    Health,
    /// Collecting static files.
    Collect,
    /// Deleting static files that no deploy needs any more.
    Prune,
    /// Sweeping orphans and unfinished uploads.
    Orphans,
}

/// Where probes are written, by which it is found out what a server does with conditions.
const PROBES: &str = ".probe/*";

/// What one way of use needs: actions on the bucket, on its objects, and on the probes.
struct Needs {
    bucket: &'static [&'static str],
    objects: &'static [&'static str],
    probes: &'static [&'static str],
}

const LIST: &str = "s3:ListBucket";
/// Without the last two a failed upload in parts would stay, and what a probe has written.
const STORE: &[&str] = &["s3:AbortMultipartUpload", "s3:PutObject"];
const PROBE: &[&str] = &["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"];
const LOOK: &[&str] =
    &["s3:GetBucketCors", "s3:GetBucketPolicy", "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration"];
const CHANGE: &[&str] = &[
    "s3:CreateBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketCors",
    "s3:PutBucketPolicy",
    "s3:PutBucketVersioning",
    "s3:PutLifecycleConfiguration",
];

impl Use {
    /// All there are.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Write,
        Self::Tags,
        Self::Check,
        Self::Initialize,
        Self::Health,
        Self::Collect,
        Self::Prune,
        Self::Orphans,
    ];

    /// The name in commands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Tags => "tags",
            Self::Check => "check",
            Self::Initialize => "init",
            Self::Health => "health",
            Self::Collect => "collect",
            Self::Prune => "prune",
            Self::Orphans => "orphans",
        }
    }

    /// The way of use of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|way| way.as_str() == name)
    }

    fn needs(self) -> Vec<Needs> {
        let objects = |objects| Needs { bucket: &[LIST], objects, probes: &[] };
        let storing = |objects| Needs { bucket: &[], objects, probes: PROBE };
        let on_bucket = |bucket| Needs { bucket, objects: &[], probes: &[] };
        match self {
            Self::Read => vec![objects(&["s3:GetObject"])],
            Self::Write => vec![objects(&["s3:DeleteObject", "s3:GetObject"]), storing(STORE)],
            Self::Tags => vec![Needs {
                bucket: &[],
                objects: &["s3:GetObjectTagging", "s3:PutObjectTagging"],
                probes: &[],
            }],
            Self::Check => vec![on_bucket(LOOK)],
            Self::Initialize => vec![on_bucket(LOOK), on_bucket(CHANGE)],
            Self::Health => vec![on_bucket(&[LIST])],
            Self::Collect => vec![objects(&["s3:GetObject"]), storing(STORE)],
            Self::Prune => vec![objects(&["s3:DeleteObject", "s3:GetObject"])],
            Self::Orphans => vec![
                objects(&["s3:AbortMultipartUpload", "s3:DeleteObject"]),
                on_bucket(&["s3:ListBucketMultipartUploads"]),
            ],
        }
    }

    /// Whether it asks for the bucket itself, whatever the prefix.
    fn is_of_whole_bucket(self) -> bool {
        self == Self::Health
    }
}

impl Policy {
    /// The least that credentials need for all these ways of use of a bucket, or of what begins with `prefix` in it; all of it if `prefix` is
    /// empty. It is a policy for a user, a role or a service account, and names no principal.
    ///
    /// All but [`Collect`](Use::Collect) and [`Prune`](Use::Prune) were tried on MinIO with credentials that have nothing else. On AWS an object that is missing below a `prefix` is answered with 403 in
    /// place of 404, as the bucket may be listed there only. Below `.probe/` writes are tried, once per process, on servers that are not known
    /// to honour conditions.
    ///
    /// ```
    /// use storage_policy::{Policy, Request, Use};
    ///
    /// let policy = Policy::required(&[Use::Read], "photos", "");
    /// let user = "arn:aws:iam::111122223333:user/app";
    /// assert!(policy.allows(&Request::by(user, "s3:GetObject", "photos/tom.jpg")).is_allowed());
    /// assert!(!policy.allows(&Request::by(user, "s3:PutObject", "photos/tom.jpg")).is_allowed());
    /// ```
    pub fn required(uses: &[Use], bucket: &str, prefix: &str) -> Self {
        let is_whole = prefix.is_empty() || uses.iter().any(|way| way.is_of_whole_bucket());
        let mut on_bucket = BTreeSet::new();
        let (mut on_objects, mut on_probes) = (BTreeSet::new(), BTreeSet::new());
        for needs in uses.iter().flat_map(|way| way.needs()) {
            on_bucket.extend(needs.bucket);
            on_objects.extend(needs.objects);
            on_probes.extend(needs.probes);
        }
        let prefix = literal(prefix);
        let (bucket, objects) =
            (format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/{prefix}*"));
        let listing = (!is_whole && on_bucket.remove(LIST)).then(|| {
            allow("List", &[LIST].into(), [bucket.clone()]).when(
                "StringLike",
                "s3:prefix",
                [&format!("{prefix}*")],
            )
        });
        // What all objects may is allowed for probes with them.
        if prefix.is_empty() {
            on_probes.retain(|action| !on_objects.contains(action));
        }
        let probes = format!("{bucket}/{PROBES}");
        let statements = [
            (!on_bucket.is_empty()).then(|| allow("Bucket", &on_bucket, [bucket])),
            listing,
            (!on_objects.is_empty()).then(|| allow("Objects", &on_objects, [objects])),
            (!on_probes.is_empty()).then(|| allow("Probes", &on_probes, [probes])),
        ];
        Self::new(statements.into_iter().flatten())
    }
}

fn allow(sid: &str, actions: &BTreeSet<&str>, resources: [String; 1]) -> Statement {
    let actions = actions.iter().map(|action| (*action).to_owned()).collect();
    Statement {
        sid: Some(sid.to_owned()),
        effect: Effect::Allow,
        principal: None,
        action: Some(Scope::In(OneOrMany::Many(actions))),
        resource: Some(Scope::In(resources.into())),
        condition: None,
        unknown: Map::new(),
    }
}

/// A text that stands for nothing but itself in a pattern.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '*' | '?' | '$' => literal.extend(["${", &c.to_string(), "}"]),
            c => literal.push(c),
        }
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(uses: &[Use], prefix: &str) -> String {
        let policy = Policy::required(uses, "b", prefix);
        let line = |statement: &Statement| {
            let list = |scope: &Option<Scope<OneOrMany<String>>>| match scope {
                Some(Scope::In(values)) => {
                    values.as_slice().join(" ").replace("s3:", "").replace("arn:aws:::", "")
                }
                _ => String::new(),
            };
            let when = if statement.condition.is_some() { " below" } else { "" };
            format!("{}: {}{when}", list(&statement.resource), list(&statement.action))
        };
        policy.statement.as_slice().iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_way_of_use() {
        let look = "GetBucketCors GetBucketPolicy GetBucketVersioning GetLifecycleConfiguration";
        for (way, whole, below) in [
            (Use::Read, "b: ListBucket\nb/*: GetObject", "b: ListBucket below\nb/p/*: GetObject"),
            (
                Use::Write,
                "b: ListBucket\nb/*: AbortMultipartUpload DeleteObject GetObject PutObject",
                "b: ListBucket below\nb/p/*: AbortMultipartUpload DeleteObject GetObject PutObject\n\
                 b/.probe/*: AbortMultipartUpload DeleteObject PutObject",
            ),
            (Use::Tags, "b/*: GetObjectTagging PutObjectTagging", "b/p/*: GetObjectTagging PutObjectTagging"),
            (Use::Check, &format!("b: {look}"), &format!("b: {look}")),
            (
                Use::Initialize,
                "b: CreateBucket DeleteBucketPolicy GetBucketCors GetBucketPolicy GetBucketVersioning \
                 GetLifecycleConfiguration PutBucketCors PutBucketPolicy PutBucketVersioning PutLifecycleConfiguration",
                "",
            ),
            (Use::Health, "b: ListBucket", "b: ListBucket"),
            (
                Use::Collect,
                "b: ListBucket\nb/*: AbortMultipartUpload GetObject PutObject\nb/.probe/*: DeleteObject",
                "b: ListBucket below\nb/p/*: AbortMultipartUpload GetObject PutObject\n\
                 b/.probe/*: AbortMultipartUpload DeleteObject PutObject",
            ),
            (
                Use::Prune,
                "b: ListBucket\nb/*: DeleteObject GetObject",
                "b: ListBucket below\nb/p/*: DeleteObject GetObject",
            ),
            (
                Use::Orphans,
                "b: ListBucket ListBucketMultipartUploads\nb/*: AbortMultipartUpload DeleteObject",
                "b: ListBucketMultipartUploads\nb: ListBucket below\nb/p/*: AbortMultipartUpload DeleteObject",
            ),
        ] {
            assert_eq!(text(&[way], ""), whole, "{way:?}");
            assert_eq!(text(&[way], "p/"), if below.is_empty() { whole } else { below }, "{way:?}");
            assert_eq!(Use::named(way.as_str()), Some(way));
        }
        assert_eq!(Use::named("all"), None);
    }

    #[test]
    fn several_at_once() {
        assert_eq!(
            text(&[Use::Read, Use::Health], "p/"),
            "b: ListBucket\nb/p/*: GetObject",
            "the whole bucket is listed"
        );
        let all = Policy::required(Use::ALL, "b", "");
        let read = Policy::parse(&all.to_json().unwrap()).unwrap();
        assert_eq!(read, all);
        assert!(all.audit(&crate::AuditOptions::new().bucket("b")).is_empty());
        assert_eq!(Policy::required(&[], "b", "").grants(), []);
    }

    #[test]
    fn a_prefix_is_no_pattern() {
        use crate::Request;

        let policy = Policy::required(&[Use::Read], "b", "a*${x}?/");
        let may = |key: &str| {
            policy
                .allows(&Request::by("arn:aws:iam::1:user/u", "s3:GetObject", format!("b/{key}")))
                .is_allowed()
        };
        assert!(may("a*${x}?/k") && !may("ab${x}?/k") && !may("a*${x}y/k"));
    }
}
