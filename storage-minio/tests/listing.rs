//! Listings of a server that forgets where they were.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

mod support;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt as _, TryStreamExt as _};
use percent_encoding::percent_decode_str;
use storage_core::Storage as _;
use storage_core::list::{ListItem, ListOptions};
use support::{Asked, Reply, Scripted};

fn page(keys: &[&str], next: Option<&str>) -> Reply {
    page_by("MinIO", keys, next)
}

/// A page, and where it says that the next one begins.
fn page_by(server: &str, keys: &[&str], next: Option<&str>) -> Reply {
    let contents: Vec<_> =
        keys.iter().map(|key| format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>")).collect();
    let contents = contents.concat();
    let token = next.map(|next| STANDARD.encode(next));
    let token = token.map(|token| format!("<NextContinuationToken>{token}</NextContinuationToken>"));
    let (is_truncated, token) = (next.is_some(), token.unwrap_or_default());
    Reply::status(200).header("server", server).body(format!(
        "<ListBucketResult><IsTruncated>{is_truncated}</IsTruncated>{contents}{token}</ListBucketResult>"
    ))
}

fn place(key: &str, cache: &str) -> String {
    format!("{key}[minio_cache:v2,id:{cache},p:0,s:0]")
}

fn anew(key: &str) -> String {
    format!("{key}[minio_cache:v2,return:]")
}

/// Where each request said that its page begins.
fn places(asked: &[Asked]) -> Vec<String> {
    let place = |asked: &Asked| {
        let pairs = asked.query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name, percent_decode_str(value).decode_utf8().unwrap()));
        pairs.fold(String::new(), |place, (name, value)| match name {
            "continuation-token" => String::from_utf8(STANDARD.decode(value.as_bytes()).unwrap()).unwrap(),
            "start-after" => format!("after {value}"),
            _ => place,
        })
    };
    asked.iter().map(place).collect()
}

async fn keys(server: &std::sync::Arc<Scripted>, options: ListOptions) -> Vec<String> {
    let items: Vec<_> = server.storage().list(options).try_collect().await.unwrap();
    items.iter().map(key).collect()
}

fn key(item: &ListItem) -> String {
    match item {
        ListItem::Object(entry) => entry.key.to_string(),
        ListItem::Unaddressable(raw) => panic!("{raw:?}"),
    }
}

#[tokio::test]
async fn a_page_without_the_cache_is_asked_for_again() {
    let (first, second) = (anew("b"), place("d", "1"));
    for (bad, remembered) in [
        // It was said that there is more.
        (page(&[], None), None),
        // It goes on, after other keys.
        (page(&["h", "i"], Some(&anew("i"))), Some(place("f", "2"))),
        (page(&["h", "i"], Some(&place("i", "3"))), None),
    ] {
        let server = Scripted::replies([
            page(&["a", "b"], Some(&first)),
            page(&["c", "d"], Some(&second)),
            bad,
            page(&["e", "f"], remembered.as_deref()),
            page(&["g"], None),
        ]);
        let all = keys(&server, ListOptions::new()).await;
        let mut asked = vec![String::new(), first.clone(), second.clone(), anew("d")];
        asked.extend(remembered.clone());
        assert_eq!(places(&server.asked()), asked);
        assert_eq!(all, ["a", "b", "c", "d", "e", "f", "g"][..if remembered.is_some() { 7 } else { 6 }]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_page_is_asked_for_again_if_the_server_may_have_started_anew() {
    for (pause, asks_again) in [(Duration::from_millis(1_900), false), (Duration::from_secs(2), true)] {
        let server = Scripted::replies([
            page(&["a"], Some(&anew("a"))),
            page(&["b"], Some(&place("b", "1"))),
            page(&["c"], None),
            page(&["c", "d"], None),
        ]);
        let storage = server.storage();
        let mut items = storage.list(ListOptions::new());
        let mut all = Vec::new();
        while let Some(item) = items.next().await {
            all.push(key(&item.unwrap()));
            if all.last().is_some_and(|key| key == "b") {
                tokio::time::sleep(pause).await;
            }
        }
        let expected = if asks_again { &["a", "b", "c", "d"][..] } else { &["a", "b", "c"] };
        assert_eq!(all, expected, "{pause:?}");
    }
}

#[tokio::test]
async fn minio_starts_after_a_key_by_a_token() {
    // The first answer tells that it is MinIO.
    let server = Scripted::replies([
        page(&[], None),
        page(&["b/c"], None),
        page(&["b/d"], None),
        page(&["b/a"], None),
    ]);
    let storage = server.storage();
    for (after, expected) in [("b/b", "b/c"), ("b/c", "b/d"), ("a", "b/a")] {
        let options = ListOptions::new().prefix("b/").start_after(after);
        let items: Vec<_> = storage.list(options).try_collect().await.unwrap();
        assert_eq!(items.iter().map(key).collect::<Vec<_>>(), [expected]);
    }
    assert_eq!(places(&server.asked()), ["after b/b", &anew("b/b"), &anew("b/c"), "after a"]);
}

#[tokio::test]
async fn other_servers_are_believed() {
    let server = Scripted::replies([
        page_by("AmazonS3", &["b"], Some("an opaque token")),
        page_by("AmazonS3", &[], None),
    ]);
    assert_eq!(keys(&server, ListOptions::new().start_after("a")).await, ["b"]);
    assert_eq!(places(&server.asked()), ["after a", "an opaque token"]);
}
