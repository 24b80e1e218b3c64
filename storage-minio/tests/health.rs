//! States of health that no server can be brought into at will, and what a check costs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::time::{Duration, Instant, SystemTime};

use http::Method;
use s3_testserver::{Answer, Effect, Fault, TestServer};
use storage_core::Storage as _;
use storage_core::clock::Clock;
use storage_core::health::{ClockSkew, HealthOptions, HealthReport, HealthState};
use storage_minio::{MinioStorage, MinioStorageBuilder};

const NODE: &str = "eb1411bd0e270ee2b613fd25526982586333fe9cdb3072c2be54d925ac175b0d";

async fn server() -> TestServer {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    server
}

fn storage(server: &TestServer) -> MinioStorageBuilder {
    MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("photos")
}

async fn ready(storage: MinioStorageBuilder) -> HealthReport {
    ask(storage, HealthOptions::readiness()).await
}

async fn ask(storage: MinioStorageBuilder, options: HealthOptions) -> HealthReport {
    storage.build().unwrap().health().unwrap().check(options).await
}

fn answers(server: &TestServer, method: Method, target: &str, answer: Answer) {
    drop(server.inject(Fault::new(Effect::Answer(answer)).method(method).target(target).always()));
}

fn asked(server: &TestServer) -> Vec<String> {
    let all = server.requests().all();
    let asked = all.iter().map(|request| format!("{} {}", request.method, request.target)).collect();
    server.requests().reset();
    asked
}

const CLUSTER: &str = "/minio/health/cluster";

#[tokio::test]
async fn minio_that_cannot_write_is_unhealthy() {
    let server = server().await;
    answers(&server, Method::GET, CLUSTER, Answer::new(503));
    let report = ready(storage(&server)).await;
    assert_eq!(report.state, HealthState::Unhealthy, "{report}");
    assert!(report.detail.as_ref().unwrap().contains("too few of its nodes or drives"), "{report}");
    assert_eq!(asked(&server), ["HEAD /photos", "GET /minio/health/cluster"]);
    assert!(ask(storage(&server), HealthOptions::liveness()).await.is_up());
    assert_eq!(asked(&server), ["HEAD /photos"]);
}

/// A proxy gives the server its own name.
#[tokio::test]
async fn so_is_minio_behind_a_proxy() {
    let server = server().await;
    answers(&server, Method::GET, CLUSTER, Answer::new(503));
    let proxied = |answer: Answer| answer.header("server", "nginx/1.27.3");
    answers(&server, Method::HEAD, "/photos", proxied(Answer::new(200)));
    assert!(ready(storage(&server)).await.is_up(), "nobody knows what is behind it");
    server.clear_faults();
    answers(&server, Method::GET, CLUSTER, Answer::new(503));
    let marked = proxied(Answer::new(200)).header("x-ratelimit-limit", "5976").header("x-amz-id-2", NODE);
    answers(&server, Method::HEAD, "/photos", marked);
    let report = ready(storage(&server)).await;
    assert_eq!(report.state, HealthState::Unhealthy, "{report}");
}

#[tokio::test]
async fn the_server_is_told_with_its_version() {
    let server = server().await;
    let report = ready(storage(&server)).await;
    assert_eq!(report.server.as_deref(), Some("MinIO"));
    assert!(report.latency > Duration::ZERO && report.latency < Duration::from_secs(3), "{report}");
    for (header, name) in [("SeaweedFS 30GB 4.48", "SeaweedFS 30GB 4.48"), ("Ceph/19.2", "Ceph 19.2")] {
        server.clear_faults();
        answers(&server, Method::HEAD, "/photos", Answer::new(200).header("server", header));
        assert_eq!(ready(storage(&server)).await.server.as_deref(), Some(name));
    }
}

#[tokio::test]
async fn a_clock_is_off_by_so_much() {
    let server = server().await;
    let hour = Duration::from_secs(3_600);
    let report = ready(storage(&server).clock(Clock::from_fn(move || SystemTime::now() + hour))).await;
    let HealthState::ClockSkewed(Some(ClockSkew::Ahead(by))) = report.state else { panic!("{report}") };
    assert!((3_595..3_605).contains(&by.as_secs()), "{by:?}");
    let report = ready(storage(&server).clock(Clock::from_fn(move || SystemTime::now() - hour))).await;
    let HealthState::ClockSkewed(Some(ClockSkew::Behind(by))) = report.state else { panic!("{report}") };
    assert!((3_595..3_605).contains(&by.as_secs()), "{by:?}");
}

#[tokio::test]
async fn forbidden_is_told_apart_by_a_second_question() {
    let server = server().await;
    answers(&server, Method::HEAD, "/photos", Answer::new(403));
    answers(&server, Method::GET, "/photos", Answer::error(403, "AccessDenied"));
    let report = ready(storage(&server)).await;
    assert_eq!(report.state, HealthState::Forbidden, "{report}");
    let asked = asked(&server);
    assert!(asked.len() == 2 && asked[1].starts_with("GET /photos?"), "{asked:?}");
}

#[tokio::test]
async fn nothing_is_asked_twice() {
    let server = server().await;
    for (answer, state) in [
        (Answer::error(503, "SlowDown"), HealthState::Unhealthy),
        (Answer::error(500, "InternalError"), HealthState::Unhealthy),
        (Answer::new(502), HealthState::Unhealthy),
    ] {
        server.clear_faults();
        drop(server.inject(Fault::new(Effect::Answer(answer)).always()));
        let report = ready(storage(&server)).await;
        assert_eq!(report.state, state, "{report}");
        let mut asked = asked(&server);
        let all = asked.len();
        asked.dedup();
        assert_eq!(asked.len(), all, "{asked:?}");
    }
    server.clear_faults();
    drop(server.inject(Fault::new(Effect::Reset).always()));
    assert_eq!(ready(storage(&server)).await.state, HealthState::Unreachable);
    assert_eq!(asked(&server).len(), 1);
}

#[tokio::test]
async fn three_seconds_are_the_longest_unless_told() {
    assert_eq!(HealthOptions::readiness().timeout, Duration::from_secs(3));
    assert_eq!(HealthOptions::liveness().timeout, Duration::from_secs(3));
    let server = server().await;
    drop(server.inject(Fault::new(Effect::Hang).always()));
    let begin = Instant::now();
    let report = ready(storage(&server)).await;
    assert_eq!(report.state, HealthState::TimedOut, "{report}");
    let took = begin.elapsed();
    assert!((2_900..4_500).contains(&took.as_millis()), "{took:?}");
    assert_eq!(asked(&server).len(), 1);
}
