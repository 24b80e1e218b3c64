use storage_core::{Error, ErrorKind, Result};

/// In bytes ([S3 User Guide, "Bucket policies"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html)).
const LARGEST: usize = 20 << 10;

/// Servers answer to more in ways of their own, VersityGW as if it had broken down.
pub(super) fn check_size(json: &str) -> Result<()> {
    match json.len() {
        0..=LARGEST => Ok(()),
        bytes => Err(Error::invalid_input(format!(
            "the policy has {bytes} bytes, and a bucket takes at most {LARGEST}"
        ))),
    }
}

/// Whoever is not of the account of a bucket's owner is told 405 `MethodNotAllowed`
/// ([S3 API, GetBucketPolicy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html)): there may well be a policy.
pub(super) fn of_the_owner(error: Error) -> Error {
    if error.http_status() != Some(405) {
        return error;
    }
    let denied =
        Error::new(ErrorKind::PermissionDenied, "the policy is for the account of the bucket's owner alone")
            .with_hint("use credentials of that account")
            .with_http_status(405);
    let denied = match error.code() {
        Some(code) => denied.with_code(code.to_owned()),
        None => denied,
    };
    match error.request_id() {
        Some(id) => denied.with_request_id(id.to_owned()),
        None => denied,
    }
}
