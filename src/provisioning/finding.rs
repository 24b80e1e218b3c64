use std::fmt;

use storage_policy::Access;

/// Something that is not as it should be, or that somebody should know, and that is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Somebody else's policy is kept; it does not let anybody in whom the settings keep out.
    ForeignPolicy,
    /// Somebody else's policy is kept, and lets anonymous people into a bucket that the settings call private.
    ForeignPolicyIsPublic,
    /// Anonymous people may do this in a bucket that the settings call private, as the settings' own hook says.
    OpenByHook(Access),
    /// The server has no policies, so that a bucket cannot be made public by one.
    NoPolicies,
    /// Somebody else's lifecycle rule has the name of ours, says more than ours could, and is kept.
    ForeignRule,
    /// The server has not got what the settings ask for, and says so.
    Lacking(Aspect),
    /// The server speaks of it as if it had it, and does not take what the settings ask for.
    Refused(Aspect),
    /// The store has no buckets that could be looked after; what the settings ask for all the same, if anything.
    Unmanaged(Vec<Aspect>),
}

/// What the settings may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// A policy: that of a public bucket, or a hook's.
    Policy,
    /// Rules for pages of other origins.
    Cors,
    /// What the server deletes by itself.
    Lifecycle,
    /// The keeping of versions.
    Versioning,
}

impl Finding {
    /// Whether the bucket is in a state that must not be taken for success.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::ForeignPolicyIsPublic | Self::NoPolicies | Self::Refused(_) => true,
            Self::Unmanaged(wishes) => !wishes.is_empty(),
            Self::ForeignPolicy | Self::OpenByHook(_) | Self::ForeignRule | Self::Lacking(_) => false,
        }
    }

    /// Whether nothing could be done about it, or should be.
    pub(super) fn is_note(&self) -> bool {
        match self {
            Self::Lacking(_) | Self::OpenByHook(_) => true,
            Self::Unmanaged(wishes) => wishes.is_empty(),
            _ => false,
        }
    }
}

impl Aspect {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "a policy",
            Self::Cors => "CORS",
            Self::Lifecycle => "lifecycle rules",
            Self::Versioning => "versions",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ForeignPolicy => "a policy that somebody else wrote is kept",
            Self::ForeignPolicyIsPublic => {
                "NOT PRIVATE: a policy that somebody else wrote lets anonymous people in, and is kept; replace it on purpose, or name it \
                 in a policy hook"
            }
            Self::OpenByHook(access) => {
                return write!(
                    f,
                    "open, although the settings call it private: their own policy hook lets anonymous people {}",
                    deeds(*access)
                );
            }
            Self::ForeignRule => {
                "a lifecycle rule that somebody else wrote is called `direct-uploads` as ours, and is kept; rename it, or replace it on purpose"
            }
            Self::Lacking(Aspect::Policy) => "this server has no policies",
            Self::Lacking(Aspect::Cors) => {
                "this server has no CORS of a bucket; it has one rule for all (MinIO: MINIO_API_CORS_ALLOW_ORIGIN, any origin unless set)"
            }
            Self::Lacking(Aspect::Lifecycle) => {
                "this server has no lifecycle rules; sweep with `storage orphans` and `storage uploads --abort`"
            }
            Self::Lacking(Aspect::Versioning) => "this server keeps no versions",
            Self::Refused(Aspect::Versioning) => {
                "NOT VERSIONED: this server keeps no versions, although it says that they are off; set it up to, or take MINIO_VERSIONING \
                 away"
            }
            Self::Refused(aspect) => return write!(f, "NOT DONE: this server takes no {}", aspect.as_str()),
            Self::NoPolicies => "NOT PUBLIC: this server has no policies; open the bucket by its own means, or use signed URLs",
            Self::Unmanaged(wishes) if wishes.is_empty() => {
                "not looked at: this store has no buckets to look after; who may do what is set by the service's own means"
            }
            Self::Unmanaged(wishes) => {
                let wishes: Vec<_> = wishes.iter().map(|wish| wish.as_str()).collect();
                return write!(
                    f,
                    "NOT DONE: this store has no buckets to look after, and the settings ask for {}; set it by the service's own means",
                    wishes.join(", ")
                );
            }
        })
    }
}

fn deeds(access: Access) -> String {
    let deeds = [
        (access.read, "read"),
        (access.list, "list"),
        (access.write, "write"),
        (access.delete, "delete"),
        (access.other, "do more"),
    ];
    deeds.into_iter().filter_map(|(may, deed)| may.then_some(deed)).collect::<Vec<_>>().join(" and ")
}
