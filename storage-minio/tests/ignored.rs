//! What servers ignore without a word, and what they answer in a way of their own: found out, and never taken for success.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use storage_core::options::{CustomerKey, ServerSideEncryption};
use storage_core::{CopyOptions, ErrorKind, PutOptions, Storage};
use support::{Reply, Scripted, key, multipart};

const SAID: &str = "x-amz-server-side-encryption";
const SAID_OF_CUSTOMERS: &str = "x-amz-server-side-encryption-customer-algorithm";

fn tagged() -> PutOptions {
    PutOptions::new().tag("project", "blue")
}

fn encrypted() -> PutOptions {
    PutOptions::new().encryption(ServerSideEncryption::Managed)
}

#[tokio::test]
async fn tags_are_not_sent_to_a_server_that_would_drop_them() {
    let transport = Scripted::replies([Reply::error(501, "NotImplemented")]);
    let error = transport.storage().put(&key("a"), "abc".into(), tagged()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(transport.lines(), ["GET /photos/a?tagging="]);
}

#[tokio::test]
async fn a_server_that_keeps_tags_is_asked_once() {
    let transport = Scripted::replies([
        Reply::error(404, "NoSuchKey"),
        Reply::stored(),
        Reply::stored(),
        Reply::stored(),
    ]);
    let storage = transport.storage();
    for options in [tagged(), tagged(), PutOptions::new()] {
        storage.put(&key("a"), "abc".into(), options).await.unwrap();
    }
    assert_eq!(
        transport.lines(),
        ["GET /photos/a?tagging=", "PUT /photos/a", "PUT /photos/a", "PUT /photos/a"]
    );
}

#[tokio::test]
async fn who_may_not_read_tags_may_write_them() {
    let transport = Scripted::replies([Reply::error(403, "AccessDenied"), Reply::stored()]);
    transport.storage().put(&key("a"), "abc".into(), tagged()).await.unwrap();
}

#[tokio::test]
async fn what_was_stored_without_its_encryption_is_deleted_and_an_error() {
    let by_customer = PutOptions::new().encryption(ServerSideEncryption::Customer(CustomerKey::new([7; 32])));
    for (options, head) in [
        (encrypted(), Reply::stored()),
        (by_customer.clone(), Reply::stored()),
        (by_customer, Reply::error(400, "InvalidRequest")),
    ] {
        let transport = Scripted::replies([Reply::stored(), head, Reply::status(204)]);
        let error = transport.storage().put(&key("a"), "abc".into(), options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert_eq!(transport.lines(), ["PUT /photos/a", "HEAD /photos/a", "DELETE /photos/a"]);
    }
}

#[tokio::test]
async fn somebody_elses_object_is_not_deleted() {
    let transport = Scripted::replies([Reply::stored(), Reply::status(200).header("etag", "\"other\"")]);
    transport.storage().put(&key("a"), "abc".into(), encrypted()).await.unwrap();
}

#[tokio::test]
async fn each_kind_of_encryption_is_confirmed_once() {
    let by_customer = PutOptions::new().encryption(ServerSideEncryption::Customer(CustomerKey::new([7; 32])));
    let transport = Scripted::new(|asked| {
        let reply = Reply::stored().header("content-length", "3");
        match asked.header("x-amz-server-side-encryption-customer-key") {
            Some(_) => reply.header(SAID_OF_CUSTOMERS, "AES256"),
            None => reply.header(SAID, "AES256"),
        }
    });
    let storage = transport.storage();
    for options in [encrypted(), encrypted(), by_customer.clone(), by_customer] {
        storage.put(&key("a"), "abc".into(), options).await.unwrap();
    }
    let methods: Vec<_> = transport.asked().iter().map(|asked| asked.method.to_string()).collect();
    assert_eq!(methods, ["PUT", "HEAD", "PUT", "PUT", "HEAD", "PUT"]);
}

fn versitygw(reply: Reply) -> Reply {
    reply.header("server", "VERSITYGW")
}

#[tokio::test]
async fn a_revoked_access_key_is_not_a_missing_object() {
    let transport = Scripted::replies([
        versitygw(Reply::stored()),
        versitygw(Reply::status(404)),
        versitygw(Reply::error(404, "XAdminUserNotFound")),
    ]);
    let storage = transport.storage();
    storage.put(&key("a"), "abc".into(), PutOptions::new()).await.unwrap();
    assert_eq!(storage.stat(&key("a")).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn a_copy_onto_itself_goes_by_parts_where_attributes_would_be_mixed() {
    let transport = multipart(|asked| {
        (asked.method == "HEAD").then(|| {
            versitygw(Reply::stored()).header("content-length", "3").header("cache-control", "private")
        })
    });
    let attributes = PutOptions::new().content_type("text/plain").attributes;
    let options = CopyOptions::new().attributes(attributes);
    transport.storage().copy(&key("a"), &key("a"), options).await.unwrap();
    let asked = transport.asked();
    let begun = asked.iter().find(|asked| asked.query == "uploads=").unwrap();
    assert_eq!((begun.header("content-type"), begun.header("cache-control")), (Some("text/plain"), None));
}
