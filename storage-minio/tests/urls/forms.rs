//! Forms to upload with by POST.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use storage_core::ObjectKey;
use storage_core::url::{FormKey, FormOptions, FormSuccess, UploadForm};

use crate::case::{Case, cases};
use crate::fixture::{CONTENT, Fixture};
use crate::http::{Answer, Request};

/// A field that a form may demand: what asks for it, and another value; of what is signed, one that could be right.
struct Field {
    name: &'static str,
    demand: fn() -> FormOptions,
    other: fn(&str) -> String,
}

const fn field(name: &'static str, demand: fn() -> FormOptions, other: fn(&str) -> String) -> Field {
    Field { name, demand, other }
}

/// What whoever sends the form fills in.
const NOTE: (&str, &str) = ("x-amz-meta-note", "from here");

const FIELDS: [Field; 15] = [
    field("key", small, |key| format!("{key}.html")),
    field("Cache-Control", || small().cache_control("no-store"), |_| "public".into()),
    field("Content-Disposition", || small().content_disposition("attachment"), |_| "inline".into()),
    field("Content-Encoding", || small().content_encoding("br"), |_| "gzip".into()),
    field("Content-Type", || small().content_type("image/png"), |_| "text/html".into()),
    field("x-amz-meta-author", || small().metadata("author", "Jürgen"), |_| "Eve".into()),
    field(NOTE.0, || small().field_prefix(NOTE.0, "from "), |_| "not from here".into()),
    field(
        "x-amz-storage-class",
        || small().field("x-amz-storage-class", "STANDARD"),
        |_| "REDUCED_REDUNDANCY".into(),
    ),
    field("success_action_status", small, |_| "200".into()),
    field(
        "success_action_redirect",
        || small().success(FormSuccess::Redirect("http://a.test/".into())),
        |_| "http://b.test/".into(),
    ),
    field("x-amz-algorithm", small, |_| "AWS4-HMAC-SHA512".into()),
    field("x-amz-credential", small, |credential| credential.replace("/20", "/19")),
    field("x-amz-date", small, |date| {
        let (start, last) = date.split_at(date.len() - 2);
        format!("{start}{}", if last == "0Z" { "1Z" } else { "0Z" })
    }),
    field("policy", small, wider),
    field("x-amz-signature", small, |signature| {
        let (start, last) = signature.split_at(signature.len() - 1);
        format!("{start}{}", if last == "0" { '1' } else { '0' })
    }),
];

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = cases!("form":
        is_stored, to_any_name_below_a_prefix, keeps_what_it_was_told, of_a_kind_of_type, answers_200, answers_201, redirects,
        of_the_fewest_and_the_most_bytes, too_large, too_small, of_another_type, without_a_type, with_a_type_that_was_not_mentioned,
        does_not_take_the_type_of_the_file,        outside_its_prefix, out_of_its_prefix_by_dots, expired, with_a_field_more, with_an_acl_added, to_another_bucket,
    );
    for field in &FIELDS {
        let word = field.name.to_ascii_lowercase().replace('-', "_");
        cases.push(Case::new(format!("form::altered_{word}"), move |fixture| altered(fixture, field)));
        cases.push(Case::new(format!("form::without_{word}"), move |fixture| without(fixture, field)));
    }
    cases
}

/// The policy with more bytes allowed.
fn wider(policy: &str) -> String {
    let document = String::from_utf8(STANDARD.decode(policy).unwrap()).unwrap();
    let wider = document.replace(",100]", ",1000]");
    assert_ne!(wider, document);
    STANDARD.encode(wider)
}

fn minutes(count: u64) -> FormOptions {
    FormOptions::new().expires_in(Duration::from_secs(count * 60))
}

fn small() -> FormOptions {
    minutes(10).min_length(10).max_length(100)
}

fn full() -> FormOptions {
    small()
        .content_type("image/png")
        .cache_control("no-store")
        .content_disposition("attachment")
        .content_encoding("br")
        .metadata("author", "Jürgen")
        .field("x-amz-storage-class", "STANDARD")
        .field_prefix("x-amz-meta-note", "from ")
}

/// The form as a browser would send it, to a key where nothing is.
fn filled(fixture: &Fixture, options: FormOptions) -> (ObjectKey, UploadForm) {
    let key = fixture.key();
    let is_noted = options.field_prefixes.contains_key(NOTE.0);
    let form = fixture.form_at(0, FormKey::Exact(key.clone()), options);
    (key, if is_noted { with_field(form, NOTE.0, NOTE.1) } else { form })
}

/// As [`filled`], after one that was sent to see that it is right.
fn after_the_right_one(fixture: &Fixture, options: FormOptions) -> (ObjectKey, UploadForm) {
    let (key, form) = filled(fixture, options.clone());
    let answer = send(&form, CONTENT);
    assert!(answer.status < 400 && fixture.is_there(&key), "the right one: {answer:?}");
    filled(fixture, options)
}

fn with_field(mut form: UploadForm, name: &str, value: &str) -> UploadForm {
    form.fields.push((name.to_owned(), value.to_owned()));
    form
}

pub(crate) fn send(form: &UploadForm, file: &[u8]) -> Answer {
    send_to(form.url.as_str(), form, file)
}

fn send_to(url: &str, form: &UploadForm, file: &[u8]) -> Answer {
    const BOUNDARY: &str = "----a-boundary-that-is-nowhere-else";
    let mut body = Vec::new();
    for (name, value) in &form.fields {
        let field =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(field.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cat.png\"\r\nContent-Type: text/html\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    Request::new("POST", url).header("Content-Type", &kind).body(body).send()
}

fn altered(fixture: &Fixture, demanded: &Field) {
    let (key, mut form) = after_the_right_one(fixture, (demanded.demand)());
    let field = form.fields.iter_mut().find(|(known, _)| known == demanded.name).unwrap();
    let changed = (demanded.other)(&field.1);
    assert_ne!(changed, field.1);
    field.1 = changed;
    let answer = send(&form, CONTENT);
    if demanded.name == "key" {
        assert!(!fixture.is_there(&ObjectKey::new(form.field("key").unwrap()).unwrap()), "{answer:?}");
    }
    fixture.nothing_came(&key, &answer);
}

fn without(fixture: &Fixture, demanded: &Field) {
    let (key, mut form) = after_the_right_one(fixture, (demanded.demand)());
    let before = form.fields.len();
    form.fields.retain(|(known, _)| known != demanded.name);
    assert_eq!(form.fields.len() + 1, before);
    fixture.nothing_came(&key, &send(&form, CONTENT));
}

fn is_stored(fixture: &Fixture) {
    let key = fixture.key();
    let answer = send(&fixture.form_at(0, FormKey::Exact(key.clone()), minutes(10)), CONTENT);
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(fixture.content(&key), CONTENT);
}

fn below(fixture: &Fixture, options: FormOptions) -> (ObjectKey, UploadForm) {
    let prefix = fixture.below("uploads");
    let key = ObjectKey::new(format!("{prefix}/cat.png")).unwrap();
    (key, fixture.form_at(0, FormKey::Below(prefix), options))
}

fn to_any_name_below_a_prefix(fixture: &Fixture) {
    let (key, form) = below(fixture, minutes(10));
    let answer = send(&form, CONTENT);
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(fixture.content(&key), CONTENT);
}

fn keeps_what_it_was_told(fixture: &Fixture) {
    let (key, form) = filled(fixture, full());
    let answer = send(&form, CONTENT);
    assert_eq!(answer.status, 204, "{answer:?}");
    let mut expected = full().attributes;
    expected.metadata.insert("note".into(), "from here".into());
    assert_eq!(fixture.meta(&key).attributes, expected);
}

fn of_a_kind_of_type(fixture: &Fixture) {
    let (key, form) = filled(fixture, small().content_type_prefix("image/"));
    let answer = send(&with_field(form, "Content-Type", "image/webp"), CONTENT);
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(fixture.meta(&key).content_type, "image/webp");
}

fn answer_of(fixture: &Fixture, success: FormSuccess) -> (ObjectKey, Answer) {
    let key = fixture.key();
    let form = fixture.form_at(0, FormKey::Exact(key.clone()), minutes(10).success(success));
    let answer = send(&form, CONTENT);
    assert_eq!(fixture.content(&key), CONTENT);
    (key, answer)
}

fn answers_200(fixture: &Fixture) {
    let (_, answer) = answer_of(fixture, FormSuccess::Ok);
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn answers_201(fixture: &Fixture) {
    let (_, answer) = answer_of(fixture, FormSuccess::Created);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.body.contains("<Bucket>signed-urls</Bucket>"), "{answer:?}");
}

fn redirects(fixture: &Fixture) {
    let target = "https://example.org/done?a=b";
    let (_, answer) = answer_of(fixture, FormSuccess::Redirect(target.into()));
    assert_eq!(answer.status, 303, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("https://example.org/done?"), "{location}");
    for part in ["a=b", "bucket=signed-urls", "key=", "etag="] {
        assert!(location.contains(part), "{location} has no {part}");
    }
}

fn of_the_fewest_and_the_most_bytes(fixture: &Fixture) {
    for length in [10, 100] {
        let (_, form) = filled(fixture, small());
        let answer = send(&form, &vec![b'x'; length]);
        assert_eq!(answer.status, 204, "{length} bytes: {answer:?}");
    }
}

fn too_large(fixture: &Fixture) {
    let (key, form) = after_the_right_one(fixture, small());
    fixture.nothing_came(&key, &send(&form, &[b'x'; 101]));
    fixture.nothing_came(&key, &send(&form, &vec![b'x'; 200_000]));
}

fn too_small(fixture: &Fixture) {
    let (key, form) = after_the_right_one(fixture, small());
    fixture.nothing_came(&key, &send(&form, &[b'x'; 9]));
    fixture.nothing_came(&key, &send(&form, b""));
}

fn of_another_type(fixture: &Fixture) {
    let (key, form) = filled(fixture, small().content_type_prefix("image/"));
    fixture.nothing_came(&key, &send(&with_field(form, "Content-Type", "text/html"), CONTENT));
}

fn without_a_type(fixture: &Fixture) {
    let (key, form) = filled(fixture, small().content_type_prefix("image/"));
    fixture.nothing_came(&key, &send(&form, CONTENT));
}

fn with_a_type_that_was_not_mentioned(fixture: &Fixture) {
    let (key, form) = after_the_right_one(fixture, small());
    fixture.nothing_came(&key, &send(&with_field(form, "Content-Type", "text/html"), CONTENT));
}

/// What the browser says of the file is held to no condition.
fn does_not_take_the_type_of_the_file(fixture: &Fixture) {
    let (key, form) = filled(fixture, small());
    assert_eq!(send(&form, CONTENT).status, 204);
    assert_ne!(fixture.meta(&key).content_type, "text/html");
}

fn with_key(mut form: UploadForm, key: &str) -> UploadForm {
    key.clone_into(&mut form.fields[0].1);
    form
}

fn outside_its_prefix(fixture: &Fixture) {
    let (key, form) = below(fixture, minutes(10));
    let outside = fixture.key();
    fixture.nothing_came(&outside, &send(&with_key(form.clone(), outside.as_str()), CONTENT));
    let beside = ObjectKey::new(key.as_str().replace("/cat.png", "-cat.png")).unwrap();
    fixture.nothing_came(&beside, &send(&with_key(form, beside.as_str()), CONTENT));
}

fn out_of_its_prefix_by_dots(fixture: &Fixture) {
    let (key, form) = below(fixture, minutes(10));
    let outside = ObjectKey::new(key.as_str().replace("uploads/cat.png", "outside.png")).unwrap();
    let dots = key.as_str().replace("cat.png", "../outside.png");
    let answer = send(&with_key(form, &dots), CONTENT);
    // Where dots are letters like others, it is below the prefix all the same.
    assert!(!fixture.is_there(&outside), "{answer:?}");
}

fn expired(fixture: &Fixture) {
    let key = fixture.key();
    let form = fixture.form_at(-122, FormKey::Exact(key.clone()), minutes(2));
    fixture.nothing_came(&key, &send(&form, CONTENT));
}

fn with_a_field_more(fixture: &Fixture) {
    let (key, form) = after_the_right_one(fixture, small());
    fixture.nothing_came(&key, &send(&with_field(form, "x-amz-meta-evil", "1"), CONTENT));
}

fn with_an_acl_added(fixture: &Fixture) {
    let (key, form) = after_the_right_one(fixture, small());
    fixture.nothing_came(&key, &send(&with_field(form, "acl", "public-read"), CONTENT));
}

fn to_another_bucket(fixture: &Fixture) {
    let (_, form) = after_the_right_one(fixture, small());
    let other = form.url.as_str().replace("signed-urls", "signed-urls-other");
    let answer = send_to(&other, &form, CONTENT);
    assert!(answer.is_refusal(), "{answer:?}");
}
