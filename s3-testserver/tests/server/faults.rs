//! What is broken breaks as it was told, and nothing else does.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use crate::support::{Fixture, send};
use http::Method;
use s3_testserver::{Answer, Effect, Fault};

#[tokio::test]
async fn an_answer_of_ones_own() {
    let s3 = Fixture::new().await;
    let busy = Answer::error(503, "SlowDown").header("retry-after", "1");
    let hits = s3.server.inject(Fault::new(Effect::Answer(busy)).method(Method::PUT).target("/k").skip(1));
    assert_eq!(s3.put("k", &[], b"1").status, 200);
    let refused = s3.put("k", &[], b"2");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(refused.element("Code").as_deref(), Some("SlowDown"));
    assert_eq!(s3.get("k", &[]).text(), "1");
    assert_eq!(hits.count(), 1);

    let log = s3.server.requests().all();
    assert_eq!(
        log.iter().map(|request| request.status).collect::<Vec<_>>(),
        [Some(200), Some(503), Some(200)]
    );
    assert_eq!(log.iter().map(|request| request.received).collect::<Vec<_>>(), [1, 1, 0]);
    assert_eq!(log[2].sent, 1);
    assert!(log[0].target.starts_with("/bucket/k?"));
    s3.server.requests().reset();
    assert_eq!(s3.server.requests().count_of(&Method::PUT), 0);
}

#[tokio::test]
async fn connections_that_break_before_the_answer() {
    let s3 = Fixture::new().await;
    let cases = [
        (Effect::Reset, ErrorKind::ConnectionReset),
        (Effect::Close, ErrorKind::UnexpectedEof),
        (Effect::Hang, ErrorKind::WouldBlock),
    ];
    for (effect, kind) in cases {
        let hits = s3.server.inject(Fault::new(effect.clone()));
        let error = send("GET", &s3.url("k"), &[], b"").expect_err("no answer");
        assert_eq!((error.kind(), hits.count()), (kind, 1), "{effect:?}");
        assert_eq!(s3.server.requests().all().last().expect("a request").status, None);
    }
}

#[tokio::test]
async fn an_upload_is_reset_half_way_or_once_it_was_done() {
    let s3 = Fixture::new().await;
    let body = vec![7; 1 << 20];
    let signed = rusty_s3::actions::PutObject::new(&s3.bucket, Some(&s3.credentials), "k");
    let url = crate::support::signed(&signed);
    s3.server.inject(Fault::new(Effect::ResetUpload(1000)));
    let error = send("PUT", &url, &[], &body).expect_err("no answer");
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error:?}");
    assert!(s3.server.objects("bucket").is_empty());

    s3.server.inject(Fault::new(Effect::Reset).after_work());
    assert_eq!(send("PUT", &url, &[], &body).expect_err("no answer").kind(), ErrorKind::ConnectionReset);
    assert_eq!(s3.server.objects("bucket")[0].1.len(), body.len());
}

#[tokio::test]
async fn bodies_that_break() {
    let s3 = Fixture::new().await;
    s3.put("k", &[], b"0123456789");
    let get = || send("GET", &s3.url("k"), &[], b"");
    let cases = [
        (Effect::ResetBody(4), ErrorKind::ConnectionReset),
        (Effect::TruncateBody(4), ErrorKind::UnexpectedEof),
        (Effect::HangBody(4), ErrorKind::WouldBlock),
    ];
    for (effect, kind) in cases {
        s3.server.inject(Fault::new(effect.clone()));
        assert_eq!(get().expect_err("a broken body").kind(), kind, "{effect:?}");
        assert_eq!(s3.server.requests().all().last().expect("a request").sent, 4);
    }
    s3.server.inject(Fault::new(Effect::FlipByte(1)));
    assert_eq!(get().expect("an answer").body, b"0\xce23456789");
    s3.server.inject(Fault::new(Effect::Raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokay".into())));
    assert_eq!(get().expect("an answer").body, b"ok");
    let etag = Effect::Header(http::header::ETAG, "\"wrong\"".parse().expect("a value"));
    s3.server.inject(Fault::new(etag));
    assert_eq!(get().expect("an answer").header("etag"), Some("\"wrong\""));
    assert_eq!(get().expect("an answer").body, b"0123456789");
}

#[tokio::test]
async fn late_and_slow_answers() {
    let s3 = Fixture::new().await;
    s3.put("k", &[], b"0123456789");
    let pause = Duration::from_millis(50);
    for (effect, least) in [(Effect::Delay(pause), pause), (Effect::Drip(3, pause), pause * 4)] {
        s3.server.inject(Fault::new(effect));
        let began = Instant::now();
        assert_eq!(s3.get("k", &[]).body, b"0123456789");
        assert!(began.elapsed() >= least, "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_stopped_server_refuses() {
    let mut s3 = Fixture::new().await;
    s3.server.inject(Fault::new(Effect::Hang));
    let url = s3.url("k");
    let waiting = std::thread::spawn({
        let url = url.clone();
        move || send("GET", &url, &[], b"")
    });
    while s3.server.requests().count() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    s3.server.stop();
    assert!(waiting.join().expect("no panic").is_err());
    assert_eq!(send("GET", &url, &[], b"").expect_err("refused").kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn an_upload_is_changed_delayed_or_left_waiting_on_its_way() {
    let s3 = Fixture::new().await;
    let signed = rusty_s3::actions::PutObject::new(&s3.bucket, Some(&s3.credentials), "k");
    let url = crate::support::signed(&signed);
    s3.server.inject(Fault::new(Effect::FlipUpload(2)));
    assert_eq!(send("PUT", &url, &[], b"0123").expect("an answer").status, 200);
    assert_eq!(s3.get("k", &[]).body, b"01\xcd3");

    let pause = Duration::from_millis(50);
    s3.server.inject(Fault::new(Effect::DripUpload(pause)));
    let began = Instant::now();
    assert_eq!(send("PUT", &url, &[], b"slow").expect("an answer").status, 200);
    assert!(began.elapsed() >= pause, "{:?}", began.elapsed());

    s3.server.inject(Fault::new(Effect::HangUpload(1)));
    assert_eq!(send("PUT", &url, &[], b"never").expect_err("no answer").kind(), ErrorKind::WouldBlock);
    assert_eq!(s3.get("k", &[]).text(), "slow");
}

#[tokio::test]
async fn answers_that_are_longer_than_they_say_or_have_no_end() {
    use std::io::{Read as _, Write as _};

    let s3 = Fixture::new().await;
    s3.put("k", &[], b"0123");
    let read = |limit: u64| {
        let url = s3.url("k");
        let (host, target) = url["http://".len()..].split_once('/').expect("a path");
        let mut stream = std::net::TcpStream::connect(host).expect("a connection");
        write!(stream, "GET /{target} HTTP/1.1\r\nhost: {host}\r\n\r\n").expect("sent");
        let mut wire = Vec::new();
        stream.take(limit).read_to_end(&mut wire).expect("an answer");
        String::from_utf8_lossy(&wire).into_owned()
    };
    s3.server.inject(Fault::new(Effect::ExtendBody("more".into())));
    let wire = read(u64::MAX);
    assert!(wire.contains("content-length: 4\r\n") && wire.ends_with("\r\n\r\n0123more"), "{wire}");

    s3.server.inject(Fault::new(Effect::Endless(Answer::new(200).body("abc"))));
    let wire = read(100_000);
    assert!(wire.len() == 100_000 && wire.matches("abc").count() > 1_000);
}
