//! Uploads by URL and by form that are accepted into another bucket of the server, and what copies between two buckets keep.

use std::sync::Arc;
use std::time::Duration;

use storage_core::bucket::{AcceptOutcome, Rejection};
use storage_core::capability::Ability;
use storage_core::url::{FormKey, FormOptions, UploadOptions};
use storage_core::{
    AcceptOptions, Body, Bucket, Collision, CopyOptions, ETag, ErrorKind, ObjectKey, PutOptions, Result,
    Storage, StorageExt,
};

use crate::case::{Case, cases};
use crate::fixture::{Fixture, put_request};
use crate::forms::send;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// More than one part of a multipart upload.
const LARGE: usize = 9 * 1024 * 1024;

pub(crate) fn cases() -> Vec<Case> {
    cases!("accepted":
        by_form, by_signed_put, large, nothing_else_than_was_looked_at, what_does_not_hold_is_deleted, a_name_that_is_taken,
        copies_between_buckets_keep_what_belongs_to_an_object, copies_between_buckets_on_conditions,
    )
}

/// Out of the bucket of the keys into the other one.
fn accept(
    fixture: &Fixture,
    key: &ObjectKey,
    name: &ObjectKey,
    options: AcceptOptions,
) -> Result<AcceptOutcome> {
    let uploads = Bucket::new(Arc::clone(fixture.storage()) as Arc<dyn Storage>);
    let photos = Bucket::new(Arc::clone(fixture.photos()) as Arc<dyn Storage>);
    fixture.wait(photos.accept(&uploads, key, name.as_str(), options))
}

/// Uploads the content by a form, to a key that nobody can guess.
fn upload(fixture: &Fixture, content: &[u8]) -> ObjectKey {
    let key = ObjectKey::random().unwrap();
    let options = FormOptions::new()
        .expires_in(Duration::from_secs(600))
        .max_length(1_000)
        .content_type("image/gif")
        .metadata("said", "by the uploader");
    let form = fixture.form_at(0, FormKey::Exact(key.clone()), options);
    let answer = send(&form, content);
    assert!((200..300).contains(&answer.status), "{answer:?}");
    key
}

fn by_form(fixture: &Fixture) {
    let key = upload(fixture, PNG);
    let name = fixture.below("cat.html");
    let options = AcceptOptions::new().content_types(["image/png"]).metadata("by", "us");
    let saved = accept(fixture, &key, &name, options.clone()).unwrap().into_saved().unwrap();
    let again = accept(fixture, &key, &name, options).unwrap().into_saved().unwrap();
    assert_eq!((again.key, again.size), (saved.key.clone(), PNG.len() as u64));
    assert!(!fixture.is_there(&key), "the upload is still there");

    let meta = fixture.wait(fixture.photos().stat(&saved.key)).unwrap();
    assert_eq!((meta.content_type.as_str(), meta.size), ("image/png", PNG.len() as u64));
    assert_eq!(meta.attributes.metadata.get("by").map(String::as_str), Some("us"));
    assert_eq!(meta.attributes.metadata.get("said"), None);
    assert_eq!(fixture.wait(fixture.photos().read(&saved.key)).unwrap(), PNG);
}

fn by_signed_put(fixture: &Fixture) {
    let key = ObjectKey::random().unwrap();
    let put = PutOptions::new().content_type("image/gif");
    let options = UploadOptions::new().expires_in(Duration::from_secs(600)).put(put);
    let answer = put_request(&fixture.upload_at(0, &key, options), b"<!DOCTYPE html><html>").send();
    assert_eq!(answer.status, 200, "{answer:?}");
    let name = fixture.below("cat.gif");
    let saved = accept(fixture, &key, &name, AcceptOptions::new()).unwrap().into_saved().unwrap();
    let meta = fixture.wait(fixture.photos().stat(&saved.key)).unwrap();
    assert_eq!(meta.content_type, "text/html");
    assert!(meta.attributes.content_disposition.unwrap().starts_with("attachment"));
}

fn large(fixture: &Fixture) {
    let content: Vec<u8> = (0..=250).cycle().take(LARGE).collect();
    let key = ObjectKey::random().unwrap();
    let put = fixture.storage().put(&key, Body::from(content.clone()), PutOptions::new());
    fixture.wait(put).unwrap();
    let name = fixture.below("large.bin");
    let saved = accept(fixture, &key, &name, AcceptOptions::new()).unwrap().into_saved().unwrap();
    assert_eq!(saved.size, LARGE as u64);
    assert!(fixture.wait(fixture.photos().read(&saved.key)).unwrap() == content, "other bytes");
}

/// A form that is still valid is used again after the look.
fn nothing_else_than_was_looked_at(fixture: &Fixture) {
    let key = upload(fixture, PNG);
    let seen = fixture.meta(&key).etag.unwrap();
    fixture.wait(fixture.storage().put(&key, Body::from("<script>"), PutOptions::new())).unwrap();
    let to = fixture.key();
    for if_absent in [false, true] {
        let mut options = CopyOptions::new().source_if_match(seen.clone());
        options.if_absent = if_absent;
        let copied = fixture.wait(fixture.photos().copy_from(&**fixture.storage(), &key, &to, options));
        let error = copied.unwrap_err();
        let expected = match if_absent && !creates_if_absent(fixture) {
            true => ErrorKind::Unsupported,
            false => ErrorKind::PreconditionFailed,
        };
        assert_eq!(error.kind(), expected, "{error:?}");
        assert!(!fixture.wait(fixture.photos().exists(&to)).unwrap());
    }
}

fn what_does_not_hold_is_deleted(fixture: &Fixture) {
    let key = upload(fixture, PNG);
    let name = fixture.below("a.jpg");
    let options = AcceptOptions::new().content_types(["image/jpeg"]);
    for _ in 0..2 {
        let outcome = accept(fixture, &key, &name, options.clone()).unwrap();
        let rejection = Rejection::ContentType { found: "image/png".to_owned() };
        assert_eq!(outcome, AcceptOutcome::Rejected(rejection));
        assert!(!fixture.is_there(&key));
    }
}

fn a_name_that_is_taken(fixture: &Fixture) {
    let name = fixture.below("taken.png");
    fixture.wait(fixture.photos().put(&name, Body::from("taken"), PutOptions::new())).unwrap();
    let key = upload(fixture, PNG);
    let reject = AcceptOptions::new().collision(Collision::Reject);
    let expected = match creates_if_absent(fixture) {
        true => ErrorKind::AlreadyExists,
        false => ErrorKind::Unsupported,
    };
    assert_eq!(accept(fixture, &key, &name, reject).unwrap_err().kind(), expected);
    let saved = accept(fixture, &key, &name, AcceptOptions::new()).unwrap().into_saved().unwrap();
    assert_ne!(saved.key, name);
    assert_eq!(fixture.wait(fixture.photos().read(&name)).unwrap(), "taken");
    assert_eq!(fixture.wait(fixture.photos().read(&saved.key)).unwrap(), PNG);
}

fn copies_between_buckets_keep_what_belongs_to_an_object(fixture: &Fixture) {
    let key = fixture.key();
    let plain =
        PutOptions::new().content_type("image/png").cache_control("no-store").metadata("by", "Jürgen");
    let put = |options| fixture.wait(fixture.storage().put(&key, Body::from(PNG), options));
    let has_tags = match put(plain.clone().tag("team", "blue")) {
        Err(error) if error.kind() == ErrorKind::Unsupported => put(plain).map(|_| false).unwrap(),
        tagged => tagged.map(|_| true).unwrap(),
    };
    let before = fixture.meta(&key);
    for if_absent in [false, creates_if_absent(fixture)] {
        let to = fixture.key();
        let mut options = CopyOptions::new();
        options.if_absent = if_absent;
        let copied =
            fixture.wait(fixture.photos().copy_from(&**fixture.storage(), &key, &to, options)).unwrap();
        assert_eq!(copied.size, PNG.len() as u64);
        let after = fixture.wait(fixture.photos().stat(&to)).unwrap();
        assert_eq!((after.attributes, after.size), (before.attributes.clone(), before.size));
        if has_tags {
            let tags = fixture.wait(fixture.photos().tags(&to)).unwrap();
            assert_eq!(tags.get("team").map(String::as_str), Some("blue"));
        }
    }
}

fn copies_between_buckets_on_conditions(fixture: &Fixture) {
    let (key, to) = (fixture.key(), fixture.key());
    let copy = |options| fixture.wait(fixture.photos().copy_from(&**fixture.storage(), &key, &to, options));
    assert_eq!(copy(CopyOptions::new()).unwrap_err().kind(), ErrorKind::NotFound);
    fixture.put(&key);
    copy(CopyOptions::new()).unwrap();
    let other = CopyOptions::new().source_if_match(ETag::new("\"other\""));
    assert_eq!(copy(other).unwrap_err().kind(), ErrorKind::PreconditionFailed);
    let mut absent = CopyOptions::new();
    absent.if_absent = true;
    let expected = match creates_if_absent(fixture) {
        true => ErrorKind::AlreadyExists,
        false => ErrorKind::Unsupported,
    };
    assert_eq!(copy(absent).unwrap_err().kind(), expected);
    // One key in both buckets is no copy onto itself.
    fixture.wait(fixture.photos().copy_from(&**fixture.storage(), &key, &key, CopyOptions::new())).unwrap();
    assert!(fixture.wait(fixture.photos().exists(&key)).unwrap());
}

fn creates_if_absent(fixture: &Fixture) -> bool {
    fixture.wait(fixture.photos().probe()).unwrap().has(Ability::CopyIfAbsent)
}
