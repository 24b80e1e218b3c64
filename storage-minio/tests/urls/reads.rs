//! URLs to read, to look at the headers of, and to delete.

use std::time::Duration;

use storage_core::UrlOptions;
use storage_core::url::UrlMethod;

use crate::case::{Case, cases};
use crate::fixture::{CONTENT, Fixture};
use crate::http::Request;

const HOUR: i64 = 3_600;

pub(crate) fn cases() -> Vec<Case> {
    let gets = cases!("signed_get":
        is_answered, with_overrides, with_a_further_parameter, of_a_version, stable_to_the_end_of_its_window,
        by_another_method, of_another_key, without_a_signature, with_a_longer_expiry, expired, before_its_time,
        with_a_parameter_more, with_any_parameter_less, with_an_altered_override, with_an_altered_version,
        with_any_character_changed,
    );
    let heads = cases!("signed_head": looks_at_the_headers, is_for_no_other_method);
    let deletes = cases!("signed_delete": deletes, is_no_other_method, of_something_else, when_expired);
    gets.into_iter().chain(heads).chain(deletes).collect()
}

fn minutes(count: u64) -> UrlOptions {
    UrlOptions::new().expires_in(Duration::from_secs(count * 60))
}

#[track_caller]
fn answered(url: &str) {
    let answer = Request::get(url).send();
    assert_eq!((answer.status, answer.body.as_bytes()), (200, CONTENT), "{url}");
}

#[track_caller]
fn refused(url: &str) {
    let answer = Request::get(url).send();
    assert!(answer.is_refusal(), "{url} was answered by {answer:?}");
    assert!(answer.body.as_bytes() != CONTENT, "{url}");
}

fn is_answered(fixture: &Fixture) {
    let key = fixture.object();
    let url = fixture.url(&key, minutes(10));
    let answer = Request::get(&url).send();
    assert_eq!((answer.status, answer.body.as_bytes()), (200, CONTENT));
    assert_eq!(answer.header("content-type"), Some("image/png"));
    // What is signed is signed for a week as well as for a second.
    answered(&fixture.url(&key, minutes(7 * 24 * 60)));
}

fn with_overrides(fixture: &Fixture) {
    let mut options = minutes(10).download_as("Übersicht \"1\".pdf").response_content_type("text/plain");
    let others = [
        ("response-cache-control", "no-store"),
        ("response-content-encoding", "br"),
        ("response-content-language", "de"),
        ("response-expires", "Thu, 01 Jan 2099 00:00:00 GMT"),
    ];
    for (name, value) in others {
        assert!(options.response.set(name, value.to_owned()));
    }
    let answer = Request::get(&fixture.url(&fixture.object(), options)).send();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    for (name, value) in others {
        assert_eq!(answer.header(name.trim_start_matches("response-")), Some(value), "{name}");
    }
    assert!(answer.header("content-disposition").unwrap().contains("%C3%9Cbersicht"), "{answer:?}");
}

fn with_a_further_parameter(fixture: &Fixture) {
    let options = minutes(10).query("x-id", "GetObject").query("A b/ü", "+ &=%");
    answered(&fixture.url(&fixture.object(), options));
}

/// An object has the version `null` where nobody has turned versions on.
fn of_a_version(fixture: &Fixture) {
    answered(&fixture.url(&fixture.object(), minutes(10).version("null")));
}

fn stable_to_the_end_of_its_window(fixture: &Fixture) {
    let key = fixture.object();
    let window = Duration::from_secs(6 * 24 * 3_600);
    let url = fixture.url(&key, minutes(10).stable_for(window));
    answered(&url);
    assert_eq!(fixture.url_at(1, &key, minutes(10).stable_for(window)), url, "unless a window just ended");
}

fn by_another_method(fixture: &Fixture) {
    let key = fixture.object();
    let url = fixture.url(&key, minutes(10));
    for method in ["HEAD", "PUT", "POST", "DELETE"] {
        let answer = Request::new(method, &url).send();
        assert!(answer.is_refusal(), "{method}: {answer:?}");
    }
    assert_eq!(fixture.content(&key), CONTENT);
}

fn of_another_key(fixture: &Fixture) {
    let (key, other) = (fixture.below("a.png"), fixture.below("b.png"));
    fixture.put(&key);
    fixture.put(&other);
    let url = fixture.url(&key, minutes(10));
    answered(&url);
    refused(&url.replace(key.as_str(), other.as_str()));
}

fn without_a_signature(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10));
    refused(url.split('?').next().unwrap());
}

fn with_a_longer_expiry(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10));
    let longer = url.replace("X-Amz-Expires=600", "X-Amz-Expires=601");
    assert_ne!(longer, url);
    refused(&longer);
}

fn expired(fixture: &Fixture) {
    let key = fixture.object();
    answered(&fixture.url_at(-60, &key, minutes(2)));
    refused(&fixture.url_at(-122, &key, minutes(2)));
}

fn before_its_time(fixture: &Fixture) {
    refused(&fixture.url_at(HOUR, &fixture.object(), minutes(10)));
}

fn with_a_parameter_more(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10));
    refused(&format!("{url}&x=1"));
    refused(&format!("{url}&response-content-type=text%2Fhtml"));
    refused(&url.replacen('?', "?versionId=null&", 1));
}

fn with_any_parameter_less(fixture: &Fixture) {
    let options = minutes(10).response_content_type("text/plain");
    let url = fixture.url(&fixture.object(), options);
    let (path, query) = url.split_once('?').unwrap();
    for left_out in query.split('&') {
        let rest: Vec<_> = query.split('&').filter(|pair| *pair != left_out).collect();
        refused(&format!("{path}?{}", rest.join("&")));
    }
}

fn with_an_altered_override(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10).response_content_type("text/plain"));
    answered(&url);
    refused(&url.replace("text%2Fplain", "text%2Fhtml"));
}

fn with_an_altered_version(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10).version("null"));
    refused(&url.replace("versionId=null", "versionId=nulL"));
}

/// Each to another that means something else.
fn with_any_character_changed(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10).download_as("Ü.pdf"));
    answered(&url);
    let query = url.find('?').unwrap() + 1;
    for at in query..url.len() {
        let other = match url.as_bytes()[at] {
            b'9' => '0',
            b'z' => 'a',
            b'Z' | b'F' => 'A',
            letter if letter.is_ascii_alphanumeric() => char::from(letter + 1),
            b'_' => '-',
            _ => '_',
        };
        let changed = format!("{}{other}{}", &url[..at], &url[at + 1..]);
        refused(&changed);
    }
}

fn looks_at_the_headers(fixture: &Fixture) {
    let url = fixture.url(&fixture.object(), minutes(10).method(UrlMethod::Head));
    let answer = Request::new("HEAD", &url).send();
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("content-length"), Some("32"));
}

fn is_for_no_other_method(fixture: &Fixture) {
    let key = fixture.object();
    let url = fixture.url(&key, minutes(10).method(UrlMethod::Head));
    refused(&url);
    assert!(Request::new("DELETE", &url).send().is_refusal());
    assert!(fixture.is_there(&key));
}

fn deletes(fixture: &Fixture) {
    let key = fixture.object();
    let answer = Request::new("DELETE", &fixture.url(&key, minutes(10).method(UrlMethod::Delete))).send();
    assert_eq!(answer.status, 204, "{answer:?}");
    assert!(!fixture.is_there(&key));
}

fn is_no_other_method(fixture: &Fixture) {
    let key = fixture.object();
    let url = fixture.url(&key, minutes(10).method(UrlMethod::Delete));
    refused(&url);
    assert!(Request::new("PUT", &url).body("x").send().is_refusal());
    assert_eq!(fixture.content(&key), CONTENT);
}

fn of_something_else(fixture: &Fixture) {
    let (key, other) = (fixture.below("a.png"), fixture.below("b.png"));
    fixture.put(&other);
    let url = fixture.url(&key, minutes(10).method(UrlMethod::Delete));
    assert!(Request::new("DELETE", &url.replace(key.as_str(), other.as_str())).send().is_refusal());
    assert!(fixture.is_there(&other));
}

fn when_expired(fixture: &Fixture) {
    let key = fixture.object();
    let url = fixture.url_at(-122, &key, minutes(2).method(UrlMethod::Delete));
    assert!(Request::new("DELETE", &url).send().is_refusal());
    assert!(fixture.is_there(&key));
}
