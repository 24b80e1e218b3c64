use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime};

use storage_core::Storage as _;
use storage_core::clock::Clock;
use storage_core::health::{ClockSkew, HealthOptions, HealthReport, HealthState};
use storage_minio::MinioStorageBuilder;

use crate::case::{Case, cases};
use crate::fixture::Fixture;

const SECRET: &str = "not-the-secret-key-at-all";

pub(crate) fn cases() -> Vec<Case> {
    cases!("health":
        up,
        refused,
        unresolved,
        no_tls,
        silent,
        unknown_access_key,
        wrong_secret_key,
        clock_behind,
        wrong_region,
        bucket_missing,
        what_refuses_is_alive,
    )
}

fn ask(fixture: &Fixture, builder: MinioStorageBuilder, options: HealthOptions) -> HealthReport {
    let storage = builder.build().unwrap();
    let report = fixture.wait(storage.health().expect("S3 can be asked").check(options));
    let shown = format!("{report:?} {report}");
    assert!(!shown.contains(SECRET) && !shown.contains(&fixture.address.secret_key), "{shown}");
    report
}

fn ready(fixture: &Fixture, builder: MinioStorageBuilder) -> HealthReport {
    ask(fixture, builder, HealthOptions::readiness())
}

fn up(fixture: &Fixture) {
    let storage = fixture.bucket();
    let report = fixture.wait(storage.health().unwrap().check(HealthOptions::readiness()));
    assert!(report.is_up() && report.detail.is_none(), "{report}");
    assert!(report.latency < Duration::from_secs(3));
}

fn refused(fixture: &Fixture) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let report = ready(fixture, fixture.no_bucket().endpoint(format!("http://{free}")));
    assert_eq!(report.state, HealthState::Refused, "{report}");
}

fn unresolved(fixture: &Fixture) {
    let report = ready(fixture, fixture.no_bucket().endpoint("http://no-such-host.invalid:9000"));
    assert_eq!(report.state, HealthState::Unresolved, "{report}");
}

fn no_tls(fixture: &Fixture) {
    let endpoint = fixture.address.endpoint.replacen("http://", "https://", 1);
    let report = ready(fixture, fixture.no_bucket().endpoint(endpoint));
    assert_eq!(report.state, HealthState::TlsFailed, "{report}");
}

fn silent(fixture: &Fixture) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let begin = Instant::now();
    let options = HealthOptions::readiness().timeout(Duration::from_millis(200));
    let report = ask(fixture, fixture.no_bucket().endpoint(endpoint), options);
    assert_eq!(report.state, HealthState::TimedOut, "{report}");
    assert!(begin.elapsed() < Duration::from_secs(3), "it asks once: {:?}", begin.elapsed());
}

fn unknown_access_key(fixture: &Fixture) {
    let builder = fixture.no_bucket().bucket(fixture.bucket().name());
    let report = ready(fixture, builder.credentials("NOBODYKNOWSTHISKEY", SECRET));
    assert_eq!(report.state, HealthState::UnknownAccessKey, "{report}");
}

fn wrong_secret_key(fixture: &Fixture) {
    let builder = fixture.no_bucket().bucket(fixture.bucket().name());
    let report = ready(fixture, builder.credentials(&fixture.address.access_key, SECRET));
    assert_eq!(report.state, HealthState::WrongSecretKey, "{report}");
}

fn clock_behind(fixture: &Fixture) {
    let builder = fixture.no_bucket().bucket(fixture.bucket().name());
    let clock = Clock::from_fn(|| SystemTime::now() - Duration::from_secs(3_600));
    let report = ready(fixture, builder.clock(clock));
    let HealthState::ClockSkewed(Some(ClockSkew::Behind(by))) = report.state else { panic!("{report}") };
    assert!((3_590..3_610).contains(&by.as_secs()), "{by:?}");
}

fn wrong_region(fixture: &Fixture) {
    let builder = fixture.no_bucket().bucket(fixture.bucket().name());
    let report = ready(fixture, builder.region("mars-north-1"));
    assert_eq!(report.state, HealthState::WrongRegion, "{report}");
}

fn bucket_missing(fixture: &Fixture) {
    let report = ready(fixture, fixture.no_bucket());
    assert_eq!(report.state, HealthState::BucketMissing, "{report}");
    assert!(report.to_string().contains("create it"), "{report}");
}

fn what_refuses_is_alive(fixture: &Fixture) {
    let builder = fixture.no_bucket().credentials("NOBODYKNOWSTHISKEY", SECRET);
    assert!(ask(fixture, builder, HealthOptions::liveness()).is_up());
}
