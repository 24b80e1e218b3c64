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

/// An action by its name in small letters, without `s3:`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    pub(crate) deed: Deed,
}

const OBJECT: &[(Deed, &str)] = &[
    (Deed::Read, "getobject getobjectversion"),
    (Deed::List, "listmultipartuploadparts"),
    (Deed::Write, "putobject abortmultipartupload putobjectfanout"),
    (Deed::Delete, "deleteobject deleteobjectversion"),
    (
        Deed::Other,
        "bypassgovernanceretention deleteobjecttagging deleteobjectversiontagging getobjectacl getobjectattributes getobjectlegalhold \
         getobjectretention getobjecttagging getobjecttorrent getobjectversionacl getobjectversionattributes \
         getobjectversionforreplication getobjectversiontagging getobjectversiontorrent initiatereplication \
         objectowneroverridetobucketowner putobjectacl putobjectlegalhold putobjectretention putobjecttagging putobjectversionacl \
         putobjectversiontagging replicatedelete replicateobject replicatetags restoreobject updateobjectencryption",
    ),
];

const BUCKET: &[(Deed, &str)] = &[
    (Deed::Harmless, "getbucketlocation"),
    (Deed::List, "listbucket listbucketversions listbucketmultipartuploads"),
    (
        Deed::Other,
        "createbucket createbucketmetadatatableconfiguration deletebucket deletebucketcors deletebucketmetadatatableconfiguration \
         deletebucketpolicy deletebucketwebsite forcedeletebucket getaccelerateconfiguration getanalyticsconfiguration getbucketabac \
         getbucketacl getbucketcors getbucketlogging getbucketmetadatatableconfiguration getbucketnotification \
         getbucketobjectlockconfiguration getbucketownershipcontrols getbucketpolicy getbucketpolicystatus getbucketpublicaccessblock \
         getbucketrequestpayment getbuckettagging getbucketversioning getbucketwebsite getencryptionconfiguration \
         getintelligenttieringconfiguration getinventoryconfiguration getlifecycleconfiguration getmetricsconfiguration \
         getreplicationconfiguration headbucket listenbucketnotification putaccelerateconfiguration putanalyticsconfiguration \
         putbucketabac putbucketacl putbucketcors putbucketlogging putbucketnotification putbucketobjectlockconfiguration \
         putbucketownershipcontrols putbucketpolicy putbucketpublicaccessblock putbucketrequestpayment putbuckettagging \
         putbucketversioning putbucketwebsite putencryptionconfiguration putintelligenttieringconfiguration putinventoryconfiguration \
         putlifecycleconfiguration putmetricsconfiguration putreplicationconfiguration resetbucketreplicationstate \
         updatebucketmetadatainventorytableconfiguration updatebucketmetadatajournaltableconfiguration",
    ),
];

const ELSEWHERE: &str = "listallmybuckets listennotification getaccountpublicaccessblock putaccountpublicaccessblock tagresource untagresource \
     listtagsforresource pausereplication";

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
        assert!(names.len() > 100 && names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase())));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
