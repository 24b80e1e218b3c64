//! The actions of S3, by what they let one do and to what
//! ([Service Authorization Reference, "Actions defined by Amazon S3"](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html)),
//! and those that MinIO has besides.

/// What an action concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Bucket,
    Object,
    /// The account, access points, jobs: no bucket policy has to do with it.
    Elsewhere,
}

/// What an action comes to, for who asks what strangers may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Read,
    List,
    Write,
    Delete,
    Other,
    /// It tells nothing that a refusal does not.
    Harmless,
}

/// An action by its name, without `s3:`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    pub(crate) deed: Deed,
}

const OBJECT: &[(Deed, &str)] = &[
    (Deed::Read, "GetObject GetObjectVersion"),
    (Deed::List, "ListMultipartUploadParts"),
    (Deed::Write, "PutObject AbortMultipartUpload PutObjectFanOut"),
    (Deed::Delete, "DeleteObject DeleteObjectVersion"),
    (
        Deed::Other,
        "BypassGovernanceRetention DeleteObjectTagging DeleteObjectVersionTagging GetObjectAcl GetObjectAttributes GetObjectLegalHold \
         GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersionAcl GetObjectVersionAttributes \
         GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication \
         ObjectOwnerOverrideToBucketOwner PutObjectAcl PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl \
         PutObjectVersionTagging ReplicateDelete ReplicateObject ReplicateTags RestoreObject UpdateObjectEncryption",
    ),
];

const BUCKET: &[(Deed, &str)] = &[
    (Deed::Harmless, "GetBucketLocation"),
    (Deed::List, "ListBucket ListBucketVersions ListBucketMultipartUploads"),
    (
        Deed::Other,
        "CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketCORS DeleteBucketMetadataTableConfiguration \
         DeleteBucketPolicy DeleteBucketWebsite ForceDeleteBucket GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac \
         GetBucketAcl GetBucketCORS GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification \
         GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock \
         GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration \
         GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration \
         GetReplicationConfiguration HeadBucket ListenBucketNotification PutAccelerateConfiguration PutAnalyticsConfiguration \
         PutBucketAbac PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration \
         PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging \
         PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration \
         PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration ResetBucketReplicationState \
         UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration",
    ),
];

const ELSEWHERE: &str = "ListAllMyBuckets ListenNotification GetAccountPublicAccessBlock PutAccountPublicAccessBlock TagResource UntagResource \
     ListTagsForResource PauseReplication";

/// Parts of names of actions that no bucket policy has to do with; there are some hundred.
const ELSEWHERE_PARTS: [&str; 5] = ["accesspoint", "accessgrant", "storagelens", "multiregion", "job"];

/// All actions on buckets and objects.
pub(crate) fn all() -> impl Iterator<Item = Action> {
    let of = |level, table: &'static [(Deed, &'static str)]| {
        let each = move |(deed, names): &'static (Deed, &'static str)| {
            names.split(' ').map(move |name| Action { name, level, deed: *deed })
        };
        table.iter().flat_map(each)
    };
    let elsewhere =
        ELSEWHERE.split(' ').map(|name| Action { name, level: Level::Elsewhere, deed: Deed::Other });
    of(Level::Object, OBJECT).chain(of(Level::Bucket, BUCKET)).chain(elsewhere)
}

/// The name as the reference writes it, of one in small letters with its `s3:`.
pub(crate) fn written(name: &str) -> Option<String> {
    let name = name.strip_prefix("s3:")?;
    all().find(|action| action.name.eq_ignore_ascii_case(name)).map(|action| format!("s3:{}", action.name))
}

/// Whether a pattern in small letters may stand for an action that is not in the table.
pub(crate) fn may_be_elsewhere(pattern: &str) -> bool {
    !pattern.starts_with("s3:") || ELSEWHERE_PARTS.iter().any(|part| pattern.contains(part))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_is_there_once() {
        let names: Vec<_> = all().map(|action| action.name).collect();
        assert!(names.len() > 100 && names.iter().all(|name| name.bytes().all(|b| b.is_ascii_alphabetic())));
        let names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert_eq!(written("s3:getbucketcors").as_deref(), Some("s3:GetBucketCORS"));
        assert_eq!((written("s3:get*"), written("getobject")), (None, None));
    }
}
