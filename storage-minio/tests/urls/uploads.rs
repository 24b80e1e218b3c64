//! URLs to upload to by PUT.

use std::time::Duration;

use md5::{Digest as _, Md5};
use sha2::Sha256;
use storage_core::options::{Checksum, PutMode};
use storage_core::url::UploadOptions;
use storage_core::{ETag, PutOptions};

use crate::case::{Case, cases};
use crate::fixture::{CONTENT, Fixture, put_request};
use crate::http::Request;

/// A header that may be demanded, what asks for it, and another value.
type Demand = (&'static str, fn() -> PutOptions, &'static str);

const DEMANDS: [Demand; 10] = [
    ("content-type", || PutOptions::new().content_type("image/png"), "text/html"),
    ("cache-control", || PutOptions::new().cache_control("no-store"), "public"),
    ("content-disposition", || PutOptions::new().content_disposition("attachment"), "inline"),
    ("content-encoding", || PutOptions::new().content_encoding("br"), "gzip"),
    ("content-language", || PutOptions::new().content_language("de"), "fr"),
    ("content-md5", || PutOptions::new().checksum(md5()), "AAAAAAAAAAAAAAAAAAAAAA=="),
    (
        "x-amz-checksum-sha256",
        || PutOptions::new().checksum(sha256()),
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ),
    ("x-amz-meta-author", || PutOptions::new().metadata("author", "Jürgen"), "Eve"),
    ("x-amz-tagging", || PutOptions::new().tag("team", "blue"), "team=red"),
    ("x-amz-storage-class", || PutOptions::new().storage_class("STANDARD"), "REDUCED_REDUNDANCY"),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = cases!("signed_put":
        is_stored, keeps_what_it_was_told, chooses_a_type_where_none_is_demanded, of_an_exact_length, too_large, too_small,
        other_content_than_the_md5, other_content_than_the_sha256, onto_a_taken_key, without_its_condition, onto_what_has_changed,
        with_metadata_added, with_an_acl_added, by_another_method, of_another_key, with_a_longer_expiry, expired,
    );
    for demand in DEMANDS {
        let name = demand.0.replace('-', "_");
        cases.push(Case::new(format!("signed_put::altered_{name}"), move |fixture| altered(fixture, demand)));
        cases.push(Case::new(format!("signed_put::without_{name}"), move |fixture| without(fixture, demand)));
    }
    cases
}

fn md5() -> Checksum {
    Checksum::Md5(Md5::digest(CONTENT).into())
}

fn sha256() -> Checksum {
    Checksum::Sha256(Sha256::digest(CONTENT).into())
}

fn minutes(count: u64) -> UploadOptions {
    UploadOptions::new().expires_in(Duration::from_secs(count * 60))
}

/// The request that is right, which is sent once to see that it is.
fn right(fixture: &Fixture, options: &UploadOptions) -> Request {
    let request = put_request(&fixture.upload_at(0, &fixture.key(), options.clone()), CONTENT);
    let answer = request.send();
    assert_eq!(answer.status, 200, "the right one: {answer:?} to {request:?}");
    request
}

/// The same upload changed, to a key where nothing is.
fn refused(fixture: &Fixture, options: UploadOptions, change: impl Fn(Request) -> Request) {
    right(fixture, &options);
    let key = fixture.key();
    let request = change(put_request(&fixture.upload_at(0, &key, options), CONTENT));
    fixture.nothing_came(&key, &request.send());
}

fn altered(fixture: &Fixture, (name, demand, other): Demand) {
    refused(fixture, minutes(10).put(demand()), |request| request.altered(name, other));
}

fn without(fixture: &Fixture, (name, demand, _): Demand) {
    refused(fixture, minutes(10).put(demand()), |request| request.without(name));
}

fn is_stored(fixture: &Fixture) {
    let key = fixture.key();
    let answer = put_request(&fixture.upload_at(0, &key, minutes(10)), CONTENT).send();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(fixture.content(&key), CONTENT);
}

fn keeps_what_it_was_told(fixture: &Fixture) {
    let put = PutOptions::new()
        .content_type("image/png")
        .cache_control("no-store")
        .content_disposition("attachment; filename=\"a.png\"")
        .content_encoding("br")
        .content_language("de")
        .metadata("author", "Jürgen 😀")
        .checksum(md5());
    let key = fixture.key();
    let answer = put_request(&fixture.upload_at(0, &key, minutes(10).put(put.clone())), CONTENT).send();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(fixture.meta(&key).attributes, put.attributes);
}

fn chooses_a_type_where_none_is_demanded(fixture: &Fixture) {
    let key = fixture.key();
    let request = put_request(&fixture.upload_at(0, &key, minutes(10)), CONTENT);
    assert_eq!(request.header("content-type", "image/webp").send().status, 200);
    assert_eq!(fixture.meta(&key).content_type, "image/webp");
}

fn exact() -> UploadOptions {
    minutes(10).content_length(CONTENT.len() as u64)
}

fn of_an_exact_length(fixture: &Fixture) {
    right(fixture, &exact());
}

fn too_large(fixture: &Fixture) {
    refused(fixture, exact(), |request| request.body([CONTENT, b"x"].concat()));
}

fn too_small(fixture: &Fixture) {
    refused(fixture, exact(), |request| request.body(&CONTENT[1..]));
}

fn other_content(fixture: &Fixture, checksum: Checksum) {
    let options = minutes(10).put(PutOptions::new().checksum(checksum));
    refused(fixture, options, |request| request.body(&b"other bytes, also 32 and not so"[..]));
}

fn other_content_than_the_md5(fixture: &Fixture) {
    other_content(fixture, md5());
}

fn other_content_than_the_sha256(fixture: &Fixture) {
    other_content(fixture, sha256());
}

fn created() -> UploadOptions {
    minutes(10).put(PutOptions::new().mode(PutMode::Create))
}

fn onto_a_taken_key(fixture: &Fixture) {
    let request = right(fixture, &created()).body("other");
    assert_eq!(request.send().status, 412);
}

fn without_its_condition(fixture: &Fixture) {
    refused(fixture, created(), |request| request.without("if-none-match"));
}

fn onto_what_has_changed(fixture: &Fixture) {
    let key = fixture.object();
    let etag = fixture.meta(&key).etag.unwrap();
    let upload = |etag: ETag| {
        let put = PutOptions::new().mode(PutMode::IfMatch(etag));
        put_request(&fixture.upload_at(0, &key, minutes(10).put(put)), b"new").send().status
    };
    assert_eq!(upload(ETag::new("0123456789abcdef0123456789abcdef")), 412);
    assert_eq!(fixture.content(&key), CONTENT);
    assert_eq!(upload(etag), 200);
}

fn with_metadata_added(fixture: &Fixture) {
    refused(fixture, minutes(10), |request| request.header("x-amz-meta-evil", "1"));
}

fn with_an_acl_added(fixture: &Fixture) {
    refused(fixture, minutes(10), |request| request.header("x-amz-acl", "public-read"));
}

fn by_another_method(fixture: &Fixture) {
    let key = fixture.object();
    let upload = fixture.upload_at(0, &key, minutes(10));
    for method in ["GET", "HEAD", "DELETE", "POST"] {
        let answer = Request::new(method, upload.url.as_str()).send();
        assert!(answer.is_refusal(), "{method}: {answer:?}");
    }
    assert_eq!(fixture.content(&key), CONTENT);
}

fn of_another_key(fixture: &Fixture) {
    let (key, other) = (fixture.below("a.png"), fixture.below("b.png"));
    let mut request = put_request(&fixture.upload_at(0, &key, minutes(10)), CONTENT);
    request.url = request.url.replace(key.as_str(), other.as_str());
    fixture.nothing_came(&other, &request.send());
}

fn with_a_longer_expiry(fixture: &Fixture) {
    refused(fixture, minutes(10), |mut request| {
        request.url = request.url.replace("X-Amz-Expires=600", "X-Amz-Expires=601");
        request
    });
}

fn expired(fixture: &Fixture) {
    let key = fixture.key();
    let request = put_request(&fixture.upload_at(-122, &key, minutes(2)), CONTENT);
    fixture.nothing_came(&key, &request.send());
}
