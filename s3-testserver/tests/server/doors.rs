//! Doors with faults of their own, to this server and to another.

use std::io::ErrorKind;

use crate::support::{Fixture, send, signed};
use rusty_s3::actions::{GetObject, PutObject};
use rusty_s3::{Bucket, UrlStyle};
use s3_testserver::{Answer, Door, Effect, Fault, Proxy};

/// Signed URLs to write and to read `k` by this door.
fn urls(s3: &Fixture, door: &Door) -> (String, String) {
    let endpoint = door.endpoint().parse().expect("a URL");
    let bucket = Bucket::new(endpoint, UrlStyle::Path, "bucket", "us-east-1").expect("a bucket");
    let keys = Some(&s3.credentials);
    (signed(&PutObject::new(&bucket, keys, "k")), signed(&GetObject::new(&bucket, keys, "k")))
}

#[tokio::test]
async fn a_door_has_faults_and_a_log_of_its_own() {
    let s3 = Fixture::new().await;
    let door = s3.server.door();
    let hits = door.inject(Fault::new(Effect::Answer(Answer::error(503, "SlowDown"))).always());
    assert_eq!(s3.put("k", &[], b"1").status, 200);
    let (_, get) = urls(&s3, &door);
    assert_eq!(send("GET", &get, &[], b"").expect("an answer").status, 503);
    assert_eq!((hits.count(), door.requests().count(), s3.server.requests().count()), (1, 1, 1));
    door.clear_faults();
    assert_eq!(send("GET", &get, &[], b"").expect("an answer").text(), "1");
}

#[tokio::test]
async fn a_closed_door_refuses_until_it_is_opened() {
    let s3 = Fixture::new().await;
    s3.put("k", &[], b"1");
    let door = s3.server.closed_door();
    let (_, get) = urls(&s3, &door);
    assert_eq!(send("GET", &get, &[], b"").expect_err("refused").kind(), ErrorKind::ConnectionRefused);
    door.open();
    door.open();
    assert_eq!(send("GET", &get, &[], b"").expect("an answer").text(), "1");
    let endpoint = door.endpoint();
    drop(door);
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        send("GET", &format!("{endpoint}/"), &[], b"").is_err()
    });
    assert!(gone, "the port of a dropped door is open");
}

#[tokio::test]
async fn a_proxy_passes_on_what_was_signed_for_it_and_breaks_it_where_told() {
    let s3 = Fixture::new().await;
    let proxy = Proxy::in_front_of(&s3.server.endpoint());
    let door = proxy.door();
    let (put, get) = urls(&s3, &door);
    let body = vec![7; 300_000];
    assert_eq!(send("PUT", &put, &[], &body).expect("an answer").status, 200);
    let got = send("GET", &get, &[], b"").expect("an answer");
    assert_eq!((got.status, got.body == body), (200, true));

    door.inject(Fault::new(Effect::TruncateBody(1000)));
    assert_eq!(send("GET", &get, &[], b"").expect_err("cut").kind(), ErrorKind::UnexpectedEof);
    door.inject(Fault::new(Effect::ResetUpload(1000)));
    assert_eq!(send("PUT", &put, &[], b"never").expect("shorter than that").status, 200);
    door.inject(Fault::new(Effect::ResetUpload(1000)));
    assert!(send("PUT", &put, &[], &body).is_err());
    assert_eq!(s3.get("k", &[]).text(), "never");
    door.inject(Fault::new(Effect::Reset).after_work());
    assert!(send("PUT", &put, &[], b"done").is_err());
    assert_eq!(s3.get("k", &[]).text(), "done");
}

#[tokio::test]
async fn a_proxy_without_a_server_behind_says_so() {
    let mut s3 = Fixture::new().await;
    let proxy = Proxy::in_front_of(&s3.server.endpoint());
    let door = proxy.door();
    s3.server.stop();
    let (_, get) = urls(&s3, &door);
    assert_eq!(send("GET", &get, &[], b"").expect("an answer").status, 502);
}
