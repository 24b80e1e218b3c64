//! What a sweep asks an S3 server.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use s3_testserver::TestServer;
use storage_core::Storage;
use storage_core::sweep::{ApplyOptions, References, Sweep};
use storage_minio::MinioStorage;

#[tokio::test]
async fn a_request_for_each_thousand_listed_and_each_thousand_deleted() {
    let server = TestServer::start().await;
    server.create_bucket("photos");
    for number in 0..3_001 {
        server.put_foreign("photos", &format!("{number:04}"), &[], "x");
    }
    let storage = MinioStorage::builder()
        .endpoint(server.endpoint())
        .credentials(server.access_key(), server.secret_key())
        .bucket("photos")
        .build()
        .unwrap();
    let storage: Arc<dyn Storage> = Arc::new(storage);
    let sweep = Sweep::new(&storage).min_age(Duration::ZERO).max_share(1.0);
    server.requests().reset();
    let plan = sweep.plan(References::keys((0..2_000).map(|number| format!("{number:04}")))).await.unwrap();
    assert_eq!((plan.counts().orphans, server.requests().count()), (1_001, 4));
    let report = plan.apply().await.unwrap();
    let requests = server.requests();
    assert_eq!(
        (report.deleted, requests.count_of(&Method::HEAD), requests.count_of(&Method::POST)),
        (1_001, 1_001, 2)
    );
    assert_eq!(server.objects("photos").len(), 2_000);

    server.requests().reset();
    let plan = sweep.plan(References::keys(["0000"])).await.unwrap();
    let report = plan.apply_with(ApplyOptions::new().trust_listing(), |_| {}).await.unwrap();
    assert_eq!((report.deleted, server.requests().count()), (1_999, 2 + 2));
    report.into_result().unwrap();
}
