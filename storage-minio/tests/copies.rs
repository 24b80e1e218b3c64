//! Copies: by one request, or by parts where the target must be free.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use storage_core::attributes::Attributes;
use storage_core::{CopyOptions, ETag, ErrorKind, Storage};
use support::{Reply, Scripted, key, multipart};

fn source(size: u64) -> Reply {
    Reply::status(200)
        .header("content-length", size)
        .header("etag", "\"e\"")
        .header("content-type", "text/plain")
        .header("x-amz-meta-author", "=?UTF-8?Q?J=C3=BCrgen?=")
        .header("x-amz-meta-storage-save-id", "of-the-source")
}

#[tokio::test]
async fn a_plain_copy_is_of_what_was_looked_at() {
    let copied = Reply::status(200).body("<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>");
    let transport = Scripted::replies([source(5), copied]);
    let outcome = transport.storage().copy(&key("ü a"), &key("b"), CopyOptions::new()).await.unwrap();
    assert_eq!((outcome.size, outcome.etag), (5, Some(ETag::new("c"))));
    let copy = transport.asked().pop().unwrap();
    assert_eq!(copy.header("x-amz-copy-source"), Some("/photos/%C3%BC%20a"));
    assert_eq!(copy.header("x-amz-copy-source-if-match"), Some("\"e\""));
}

#[tokio::test]
async fn a_copy_that_fails_with_200_has_failed() {
    let transport = Scripted::replies([source(5), Reply::error(200, "AccessDenied")]);
    let error = transport.storage().copy(&key("a"), &key("b"), CopyOptions::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::PermissionDenied, Some("b")));
}

#[tokio::test]
async fn a_source_replaced_meanwhile_is_copied_as_it_is_now() {
    let copied = Reply::status(200).body("<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>");
    let transport =
        Scripted::replies([source(5), Reply::error(412, "PreconditionFailed"), source(6), copied]);
    let outcome = transport.storage().copy(&key("a"), &key("b"), CopyOptions::new()).await.unwrap();
    assert_eq!(outcome.size, 6);
    let asked_for = Scripted::replies([source(5)]);
    let options = CopyOptions::new().source_if_match(ETag::new("other"));
    let error = asked_for.storage().copy(&key("a"), &key("b"), options).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::PreconditionFailed, Some("a")));
}

#[tokio::test]
async fn onto_a_free_key_it_goes_by_parts_and_carries_everything_over() {
    let transport = multipart(|asked| match (asked.method.as_str(), asked.query.as_str()) {
        ("HEAD", _) => Some(source(5).header("x-amz-tagging-count", 1)),
        ("GET", "tagging=") => Some(
            Reply::status(200)
                .body("<Tagging><TagSet><Tag><Key>t</Key><Value>v</Value></Tag></TagSet></Tagging>"),
        ),
        _ => None,
    });
    transport.storage().copy(&key("a"), &key("b"), CopyOptions::new().if_absent()).await.unwrap();
    let asked = transport.asked();
    let lines = transport.lines();
    assert_eq!(
        lines[2..],
        [
            "POST /photos/b?uploads=",
            "PUT /photos/b?partNumber=1&uploadId=up-1",
            "POST /photos/b?uploadId=up-1"
        ]
    );
    assert_eq!(asked[2].header("content-type"), Some("text/plain"));
    assert_eq!(asked[2].header("x-amz-meta-author"), Some("=?UTF-8?Q?J=C3=BCrgen?="));
    assert_eq!(asked[2].header("x-amz-tagging"), Some("t=v"));
    assert!(asked[2].header("x-amz-meta-storage-save-id").is_some_and(|id| id.len() == 32));
    assert_eq!(
        (asked[3].header("x-amz-copy-source-if-match"), asked[3].header("x-amz-copy-source-range")),
        (Some("\"e\""), None)
    );
    assert_eq!(asked[4].header("if-none-match"), Some("*"));
}

#[tokio::test]
async fn a_taken_key_is_an_error_and_the_upload_is_aborted() {
    let transport = multipart(|asked| match (asked.method.as_str(), asked.query.as_str()) {
        ("HEAD", _) => Some(source(5)),
        ("POST", "uploadId=up-1") => Some(Reply::error(412, "PreconditionFailed")),
        _ => None,
    });
    let error =
        transport.storage().copy(&key("a"), &key("b"), CopyOptions::new().if_absent()).await.unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::AlreadyExists, Some("b")));
    assert_eq!(transport.lines().pop().unwrap(), "DELETE /photos/b?uploadId=up-1");
}

#[tokio::test]
async fn an_object_above_five_gibibytes_is_copied_by_ranges() {
    const GIB: u64 = 1024 * 1024 * 1024;
    let transport = multipart(|asked| (asked.method == "HEAD").then(|| source(6 * GIB + 1)));
    let outcome = transport.storage().copy(&key("a"), &key("b"), CopyOptions::new()).await.unwrap();
    assert_eq!(outcome.size, 6 * GIB + 1);
    let mut ranges: Vec<_> = transport
        .asked()
        .iter()
        .filter_map(|a| a.header("x-amz-copy-source-range").map(str::to_owned))
        .collect();
    assert_eq!(ranges.len(), 13);
    assert_eq!(ranges.pop().as_deref(), Some("bytes=6442450944-6442450944"));
}

#[tokio::test]
async fn an_empty_object_is_put_anew_under_the_condition() {
    let transport = Scripted::replies([source(0), Reply::status(200).header("etag", "\"n\"")]);
    transport.storage().copy(&key("a"), &key("b"), CopyOptions::new().if_absent()).await.unwrap();
    let put = transport.asked().pop().unwrap();
    assert_eq!((put.line().as_str(), put.header("if-none-match")), ("PUT /photos/b", Some("*")));
    assert_eq!(put.header("content-type"), Some("text/plain"));
}

#[tokio::test]
async fn onto_itself_it_only_replaces_attributes() {
    let nothing = Scripted::replies([source(5)]);
    nothing.storage().copy(&key("a"), &key("a"), CopyOptions::new()).await.unwrap();
    let taken = Scripted::replies([source(5)]);
    let error = taken.storage().copy(&key("a"), &key("a"), CopyOptions::new().if_absent()).await.unwrap_err();
    assert!(error.is_already_exists());
    let copied = Reply::status(200).body("<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>");
    let replaced = Scripted::replies([source(5), copied]);
    let mut attributes = Attributes::default();
    attributes.content_type = Some("image/png".into());
    replaced.storage().copy(&key("a"), &key("a"), CopyOptions::new().attributes(attributes)).await.unwrap();
    let copy = replaced.asked().pop().unwrap();
    assert_eq!(
        (copy.header("x-amz-metadata-directive"), copy.header("content-type")),
        (Some("REPLACE"), Some("image/png"))
    );
}

#[tokio::test]
async fn a_move_deletes_the_source_only_after_the_copy() {
    let failed = Scripted::replies([source(5), Reply::error(403, "AccessDenied")]);
    assert!(failed.storage().rename(&key("a"), &key("b"), CopyOptions::new()).await.is_err());
    let copied = Reply::status(200).body("<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>");
    let moved = Scripted::replies([source(5), copied, Reply::status(204)]);
    moved.storage().rename(&key("a"), &key("b"), CopyOptions::new()).await.unwrap();
    assert_eq!(moved.lines()[2], "DELETE /photos/a");
}
