use http::header::SERVER;
use http::{HeaderMap, HeaderName};

const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const ERROR_CODE: HeaderName = HeaderName::from_static("x-minio-error-code");
const NODE: HeaderName = HeaderName::from_static("x-amz-id-2");

/// Whether MinIO answered. A proxy such as nginx puts its own name in the place of the server's, and leaves the rest: the limit of requests,
/// and the answering node as a SHA-256, which is base64 on AWS.
pub(crate) fn is_minio(headers: &HeaderMap) -> bool {
    let is_node = |id: &[u8]| id.len() == 64 && id.iter().all(u8::is_ascii_hexdigit);
    headers.get(SERVER).is_some_and(|name| name == "MinIO")
        || headers.contains_key(ERROR_CODE)
        || (headers.contains_key(RATE_LIMIT) && headers.get(NODE).is_some_and(|id| is_node(id.as_bytes())))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn minio_is_known_by_name_and_behind_a_proxy() {
        let node = "eb1411bd0e270ee2b613fd25526982586333fe9cdb3072c2be54d925ac175b0d";
        let amazon = "vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYB";
        for (headers, expected) in [
            (vec![(SERVER, "MinIO")], true),
            (vec![(SERVER, "nginx"), (RATE_LIMIT, "5976"), (NODE, node)], true),
            (vec![(RATE_LIMIT, "5976"), (NODE, node)], true),
            (vec![(SERVER, "nginx"), (ERROR_CODE, "AccessDenied")], true),
            (vec![(SERVER, "nginx"), (NODE, node)], false),
            (vec![(SERVER, "nginx"), (RATE_LIMIT, "100"), (NODE, amazon)], false),
            (vec![(SERVER, "nginx"), (RATE_LIMIT, "100")], false),
            (vec![(SERVER, "AmazonS3"), (NODE, amazon)], false),
            (vec![], false),
        ] {
            let map: HeaderMap =
                headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
            assert_eq!(is_minio(&map), expected, "{headers:?}");
        }
    }
}
