//! Condition keys that are known
//! ([AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
//! [condition keys for Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys)),
//! and those that MinIO has besides.

const KNOWN: &str = "aws:assumedroot aws:calledvia aws:calledviafirst aws:calledvialast aws:chatbotsourcearn aws:currenttime \
     aws:ec2instancesourceprivateipv4 aws:ec2instancesourcevpc aws:epochtime aws:federatedprovider aws:groups \
     aws:ismcpserviceaction aws:multifactorauthage aws:multifactorauthpresent aws:principalaccount aws:principalarn \
     aws:principalisawsservice aws:principalorgid aws:principalorgpaths aws:principalservicename aws:principalservicenameslist \
     aws:principaltype aws:referer aws:requestedregion aws:resourceaccount aws:resourceorgid aws:resourceorgpaths aws:securetransport \
     aws:sourceaccount aws:sourcearn aws:sourceidentity aws:sourceip aws:sourceorgid aws:sourceorgpaths aws:sourcevpc aws:sourcevpcarn \
     aws:sourcevpce aws:tagkeys aws:tokenissuetime aws:useragent aws:userid aws:username aws:viaawsservice aws:vpceaccount \
     aws:vpceorgid aws:vpceorgpaths aws:vpcsourceip s3:accessgrantsinstancearn s3:accesspointnetworkorigin s3:authtype \
     s3:dataaccesspointaccount s3:dataaccesspointarn s3:delimiter s3:existingjoboperation s3:existingjobpriority s3:if-match \
     s3:if-none-match s3:inventoryaccessibleoptionalfields s3:jobsuspendedcause s3:locationconstraint s3:max-keys \
     s3:object-lock-legal-hold s3:object-lock-mode s3:object-lock-remaining-retention-days s3:object-lock-retain-until-date \
     s3:objectcreationoperation s3:prefix s3:requestjoboperation s3:requestjobpriority s3:requestobjecttagkeys s3:resourceaccount \
     s3:signatureage s3:signatureversion s3:tlsversion s3:versionid s3:x-amz-acl s3:x-amz-content-sha256 s3:x-amz-copy-source \
     s3:x-amz-grant-full-control s3:x-amz-grant-read s3:x-amz-grant-read-acp s3:x-amz-grant-write s3:x-amz-grant-write-acp \
     s3:x-amz-metadata-directive s3:x-amz-object-ownership s3:x-amz-server-side-encryption \
     s3:x-amz-server-side-encryption-aws-kms-key-id s3:x-amz-server-side-encryption-customer-algorithm s3:x-amz-storage-class \
     s3:x-amz-website-redirect-location";

/// With a name after them that anybody may choose.
const KNOWN_BEGINNINGS: [&str; 12] = [
    "aws:principaltag/",
    "aws:requesttag/",
    "aws:resourcetag/",
    "s3:buckettag/",
    "s3:existingobjecttag/",
    "s3:requestobjecttag/",
    "ec2:",
    "jwt:",
    "ldap:",
    "saml:",
    "sts:",
    "svc:",
];

/// No request without credentials has these, on any server.
const OF_KNOWN_PEOPLE: [&str; 4] =
    ["aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths"];

/// Whether anybody knows a key, in small letters.
pub(crate) fn is_known(key: &str) -> bool {
    KNOWN.split(' ').any(|known| known == key)
        || KNOWN_BEGINNINGS.iter().any(|known| key.len() > known.len() && key.starts_with(known))
}

/// Whether a key, in small letters, says who somebody is.
pub(crate) fn is_of_known_people(key: &str) -> bool {
    OF_KNOWN_PEOPLE.contains(&key)
}
