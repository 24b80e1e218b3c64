//! Against `rusty-s3`, which makes the whole URL.

use jiff::Timestamp;
use proptest::prelude::*;
use rusty_s3::{Bucket, Method, UrlStyle};

use super::generated::{BUCKET, config, plain_case};
use crate::addressing::Addressing;
use crate::sign::Presign;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn urls(case in plain_case()) {
        let address = case.address();
        let (method, headers) = (case.method.clone(), case.header_map());
        let request = Presign {
            method: &method,
            address: &address,
            key: &case.key,
            query: &case.query_pairs(),
            headers: &headers,
            expires_in_seconds: case.expires_in_seconds,
        };
        let ours = case.signer().presign(&request, &case.credentials(), case.time()).unwrap();

        let style = match case.addressing {
            Addressing::Path => UrlStyle::Path,
            Addressing::VirtualHost => UrlStyle::VirtualHost,
        };
        let bucket = Bucket::new(case.endpoint.parse().unwrap(), style, BUCKET, case.region.clone()).unwrap();
        let method = match case.method.as_str() {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "PUT" => Method::Put,
            "POST" => Method::Post,
            _ => Method::Delete,
        };
        let theirs = rusty_s3::signing::sign(
            &Timestamp::try_from(case.time()).unwrap(),
            method,
            bucket.object_url(&case.key),
            &case.secrets.access_key,
            &case.secrets.secret_key,
            case.secrets.session_token.as_deref(),
            &case.region,
            case.expires_in_seconds,
            case.query_pairs().into_iter(),
            case.header_pairs(),
        );
        prop_assert_eq!(ours, theirs.as_str());
    }
}
