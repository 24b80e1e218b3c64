//! Multipart uploads.

use crate::support::{Fixture, Reply, send, signed};
use rusty_s3::actions::{AbortMultipartUpload, CompleteMultipartUpload};

const MIN_PART: usize = 5 * 1024 * 1024;

fn complete(s3: &Fixture, key: &str, id: &str, etags: &[&str], headers: &[(&str, &str)]) -> Reply {
    let action =
        CompleteMultipartUpload::new(&s3.bucket, Some(&s3.credentials), key, id, etags.iter().copied());
    let url = signed(&action);
    send("POST", &url, headers, action.body().as_bytes()).expect("an answer")
}

fn etag(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.header("etag").expect("an ETag").trim_matches('"').to_owned()
}

#[tokio::test]
async fn parts_become_one_object() {
    let s3 = Fixture::new().await;
    let id = s3.start_upload("big", &[("content-type", "video/x"), ("x-amz-meta-a", "1")]);
    assert_eq!(s3.server.uploads("bucket"), 1);
    let first = etag(&s3.put_part("big", 1, &id, &[], &vec![b'a'; MIN_PART]));
    let last = etag(&s3.put_part("big", 2, &id, &[], b"end"));

    assert_eq!(
        complete(&s3, "big", &id, &[&last, &first], &[]).element("Code").as_deref(),
        Some("InvalidPart")
    );
    let done = complete(&s3, "big", &id, &[&first, &last], &[("if-none-match", "*")]);
    assert_eq!(done.status, 200, "{}", done.text());
    let got = s3.get("big", &[]);
    assert_eq!(got.header("etag"), Some("\"cc8f6f16b44b75adde6349ab98aee432-2\""));
    assert_eq!((got.body.len(), got.body.ends_with(b"aend")), (MIN_PART + 3, true));
    assert_eq!((got.header("content-type"), got.header("x-amz-meta-a")), (Some("video/x"), Some("1")));
    assert_eq!(s3.server.uploads("bucket"), 0);

    // Sent again after its own success.
    assert_eq!(complete(&s3, "big", &id, &[&first, &last], &[("if-none-match", "*")]).status, 412);
    let again = complete(&s3, "big", &id, &[&first, &last], &[]);
    assert_eq!((again.status, again.element("Code").as_deref()), (404, Some("NoSuchUpload")));
}

#[tokio::test]
async fn a_refused_complete_leaves_the_upload_until_it_is_aborted() {
    let s3 = Fixture::new().await;
    s3.put("k", &[], b"taken");
    let id = s3.start_upload("k", &[]);
    let small = etag(&s3.put_part("k", 1, &id, &[], b"small"));
    let copied = s3.put_part(
        "k",
        2,
        &id,
        &[("x-amz-copy-source", "/bucket/k"), ("x-amz-copy-source-range", "bytes=1-2")],
        b"",
    );
    let copied = copied.element("ETag").expect("an ETag").replace("&quot;", "");
    assert_eq!(complete(&s3, "k", &id, &[&small], &[("if-none-match", "*")]).status, 412);
    let too_small = complete(&s3, "k", &id, &[&small, copied.trim_matches('"')], &[]);
    assert_eq!(too_small.element("Code").as_deref(), Some("EntityTooSmall"));
    assert_eq!(s3.server.uploads("bucket"), 1);
    assert_eq!(s3.get("k", &[]).text(), "taken");

    let abort = signed(&AbortMultipartUpload::new(&s3.bucket, Some(&s3.credentials), "k", &id));
    assert_eq!(send("DELETE", &abort, &[], b"").expect("an answer").status, 204);
    assert_eq!(s3.server.uploads("bucket"), 0);
    assert_eq!(s3.put_part("k", 1, &id, &[], b"x").status, 404);
}
