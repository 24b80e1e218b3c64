use std::collections::BTreeSet;

use crate::meaning::{What, say_the_same};
use crate::{Policy, Statement};

/// What most buckets are to anonymous people, in the whole bucket or below a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// Nothing.
    Private,
    /// They read objects whose key they know; nothing is listed.
    PublicRead,
    /// They read objects, and see which there are.
    PublicReadWithListing,
    /// As `mc anonymous set download` writes it: objects are read and listed, and the bucket's region is told.
    Download,
    /// As `mc anonymous set upload` writes it: objects are stored, overwritten and deleted, not read.
    Upload,
    /// As `mc anonymous set public` writes it: both.
    Public,
    /// What `django-minio-backend` puts on public buckets, to the letter. It means what [`Download`](Self::Download) means.
    Original,
}

/// So many things the preset that says most says: [`Preset::Public`], below a prefix.
const MOST_ATOMS: usize = 8;

impl Preset {
    const ALL: [Self; 7] = [
        Self::Private,
        Self::PublicRead,
        Self::PublicReadWithListing,
        Self::Download,
        Self::Upload,
        Self::Public,
        Self::Original,
    ];

    /// The name in commands and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::PublicRead => "public-read",
            Self::PublicReadWithListing => "public-read-with-listing",
            Self::Download => "download",
            Self::Upload => "upload",
            Self::Public => "public",
            Self::Original => "original",
        }
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == name)
    }

    /// The policy for a bucket, or for what begins with `prefix` in it; all of it if `prefix` is empty. That of [`Private`](Self::Private)
    /// has no statement, which some servers refuse: such a bucket has no policy.
    pub fn policy(self, bucket: &str, prefix: &str) -> Policy {
        let whole = format!("arn:aws:s3:::{bucket}");
        let objects = format!("{whole}/{prefix}*");
        let location = || Statement::allow_anyone(["s3:GetBucketLocation"], [whole.clone()]);
        let listing = || {
            let listing = Statement::allow_anyone(["s3:ListBucket"], [whole.clone()]);
            if prefix.is_empty() { listing } else { listing.when("StringEquals", "s3:prefix", [prefix]) }
        };
        let reading = || Statement::allow_anyone(["s3:GetObject"], [objects.clone()]);
        let uploads = || Statement::allow_anyone(["s3:ListBucketMultipartUploads"], [whole.clone()]);
        let writing = || {
            let actions =
                ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"];
            Statement::allow_anyone(actions, [objects.clone()])
        };
        match self {
            Self::Private => Policy::new([]),
            Self::PublicRead => Policy::new([reading()]),
            Self::PublicReadWithListing => Policy::new([listing(), reading()]),
            Self::Download => Policy::new([location(), listing(), reading()]),
            Self::Upload => Policy::new([location(), uploads(), writing()]),
            Self::Public => Policy::new([location(), listing(), uploads(), reading(), writing()]),
            Self::Original => Policy::new([location(), listing(), reading()].map(original)),
        }
    }

    /// Which preset a policy is by its meaning, and for which prefix. Of two that mean the same, the first of the list above.
    pub fn recognise(policy: &Policy, bucket: &str) -> Option<(Self, String)> {
        let objects = format!("arn:aws:s3:::{bucket}/");
        let prefix_of = |resource: &What| match resource {
            What::Like(pattern) => pattern.strip_prefix(&objects)?.strip_suffix('*').map(str::to_owned),
            What::AllBut(_) => None,
        };
        let atoms = policy.atoms();
        // No preset says so much.
        if atoms.len() > MOST_ATOMS {
            return None;
        }
        let mut prefixes: BTreeSet<String> =
            atoms.iter().filter_map(|atom| prefix_of(&atom.resource)).collect();
        prefixes.insert(String::new());
        let known = prefixes.into_iter().flat_map(|prefix| Self::ALL.map(|preset| (preset, prefix.clone())));
        known
            .into_iter()
            .find(|(preset, prefix)| say_the_same(&preset.policy(bucket, prefix).atoms(), &atoms))
    }
}

/// With an empty name, and one value without a list.
fn original(mut statement: Statement) -> Statement {
    use crate::{OneOrMany, Principal, Scope};

    let single = |scope: Option<Scope<OneOrMany<String>>>| match scope {
        Some(Scope::In(OneOrMany::Many(mut values))) if values.len() == 1 => {
            values.pop().map(|value| Scope::In(OneOrMany::One(value)))
        }
        scope => scope,
    };
    statement.sid = Some(String::new());
    let everybody = [("AWS".to_owned(), OneOrMany::One("*".to_owned()))];
    statement.principal = Some(Scope::In(Principal::Of(everybody.into())));
    statement.action = single(statement.action);
    statement.resource = single(statement.resource);
    statement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_recognised() {
        for preset in Preset::ALL {
            for prefix in ["", "sub", "a/b/"] {
                let policy = preset.policy("photos", prefix);
                let known = match preset {
                    Preset::Original => Preset::Download,
                    preset => preset,
                };
                let prefix = if preset == Preset::Private { "" } else { prefix };
                assert_eq!(Preset::recognise(&policy, "photos"), Some((known, prefix.to_owned())));
                let read = Policy::parse(&policy.to_json().unwrap()).unwrap();
                assert_eq!(read, policy);
                assert_eq!(policy.foreign_resource("photos"), None);
            }
            assert_eq!(Preset::named(preset.as_str()), Some(preset));
        }
        let other = Policy::new([Statement::allow_anyone(["s3:*"], ["arn:aws:s3:::photos/*"])]);
        assert_eq!(Preset::recognise(&other, "photos"), None);
        assert_eq!(Preset::recognise(&Preset::PublicRead.policy("papers", ""), "photos"), None);
    }

    #[test]
    fn the_original_is_so_to_the_letter() {
        let everybody = r#""Effect":"Allow","Principal":{"AWS":"*"}"#;
        let statement = |action: &str, resource: &str| {
            format!(r#"{{"Action":"{action}",{everybody},"Resource":"arn:aws:s3:::{resource}","Sid":""}}"#)
        };
        let statements = [
            statement("s3:GetBucketLocation", "b"),
            statement("s3:ListBucket", "b"),
            statement("s3:GetObject", "b/*"),
        ];
        let expected = format!(r#"{{"Statement":[{}],"Version":"2012-10-17"}}"#, statements.join(","));
        assert_eq!(Preset::Original.policy("b", "").to_json().unwrap(), expected);
    }
}
