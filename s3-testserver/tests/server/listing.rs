//! Listing and deleting many.

use std::time::{Duration, Instant};

use crate::support::{Fixture, send, signed};
use rusty_s3::S3Action as _;
use rusty_s3::actions::{DeleteObjects, ListObjectsV2, ListObjectsV2Response, ObjectIdentifier};

fn page(s3: &Fixture, query: &[(&'static str, &str)]) -> ListObjectsV2Response {
    let mut action = ListObjectsV2::new(&s3.bucket, Some(&s3.credentials));
    for (name, value) in query {
        action.query_mut().insert(*name, (*value).to_owned());
    }
    let reply = send("GET", &signed(&action), &[], b"").expect("an answer");
    assert_eq!(reply.status, 200, "{}", reply.text());
    ListObjectsV2::parse_response(&reply.text()).expect("a listing")
}

#[tokio::test]
async fn a_listing_of_2500_keys_comes_in_order_and_fast() {
    let s3 = Fixture::new().await;
    for number in 0..2500 {
        s3.server.put_foreign("bucket", &format!("dir{}/key{number:04}", number % 2), &[], "x");
    }
    let began = Instant::now();
    let (mut keys, mut token) = (Vec::new(), None::<String>);
    loop {
        let query: Vec<_> = token.iter().map(|token| ("continuation-token", token.as_str())).collect();
        let page = page(&s3, &query);
        assert!(
            page.contents
                .iter()
                .all(|object| object.etag.as_deref() == Some("\"9dd4e461268c8034f5c8564e155c67a6\""))
        );
        keys.extend(page.contents.into_iter().map(|object| object.key));
        token = page.next_continuation_token;
        if token.is_none() {
            break;
        }
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(keys.len(), 2500);
    assert!(keys.is_sorted());
    assert_eq!(s3.server.requests().count(), 3);

    let level = page(&s3, &[("delimiter", "/"), ("max-keys", "1")]);
    assert_eq!(level.common_prefixes[0].prefix, "dir0/");
    let level = page(&s3, &[("delimiter", "/"), ("start-after", "dir0/z")]);
    assert_eq!(level.common_prefixes[0].prefix, "dir1/");
}

#[tokio::test]
async fn odd_keys_are_listed_and_deleted() {
    let s3 = Fixture::new().await;
    let keys = ["a b+c", "a/", "a//b", "ü&<>"];
    for key in keys {
        s3.server.put_foreign("bucket", key, &[], "x");
    }
    // `rusty-s3` asks for `encoding-type=url` and decodes it.
    let listed: Vec<_> = page(&s3, &[]).contents.into_iter().map(|object| object.key).collect();
    assert_eq!(listed, keys);

    let wanted: Vec<_> =
        ["absent"].iter().chain(&keys).map(|key| ObjectIdentifier::new((*key).to_owned())).collect();
    let action = DeleteObjects::new(&s3.bucket, Some(&s3.credentials), wanted.iter());
    let url = signed(&action);
    let (body, md5) = action.body_with_md5();
    let refused = send("POST", &url, &[], body.as_bytes()).expect("an answer");
    assert_eq!(refused.element("Code").as_deref(), Some("MissingContentMD5"));
    let refused = send("POST", &url, &[("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")], body.as_bytes());
    assert_eq!(refused.expect("an answer").element("Code").as_deref(), Some("BadDigest"));
    let deleted = send("POST", &url, &[("content-md5", &md5)], body.as_bytes()).expect("an answer");
    assert_eq!((deleted.status, deleted.text().matches("<Deleted>").count()), (200, 5));
    assert!(s3.server.objects("bucket").is_empty());
}
