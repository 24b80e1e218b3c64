use http::HeaderValue;
use http::header::SERVER;
use s3_testserver::{Effect, Fault, Proxy};

use crate::case::{Case, cases, ignored};
use crate::server::{Sandbox, name};

pub(crate) fn cases() -> Vec<Case> {
    cases!("proxied": minio_is_known_behind_a_proxy)
}

/// Such as nginx, which gives the server its own name. There is no CORS of a bucket all the same, and uploads are aborted without a rule.
fn minio_is_known_behind_a_proxy() {
    if !matches!(name().as_str(), "minio" | "minio-cluster") {
        ignored("this is about MinIO");
    }
    let sandbox = Sandbox::new();
    let proxy = Proxy::in_front_of(&format!("http://{}", sandbox.variable("MINIO_ENDPOINT")));
    let door = proxy.door();
    let named = Effect::Header(SERVER, HeaderValue::from_static("nginx"));
    drop(door.inject(Fault::new(named).always()));
    let sandbox = sandbox.with("MINIO_ENDPOINT", door.endpoint().trim_start_matches("http://"));
    let sandbox =
        sandbox.with("MINIO_CORS_ORIGINS", "https://a.example").with("MINIO_UPLOADS_EXPIRE_AFTER", "1d");
    sandbox.run(&["init"]).ok();
    let check = sandbox.run(&["init", "--check", "--json"]).ok();
    assert!(check.json()[0]["findings"].to_string().contains("no CORS of a bucket"), "{check:?}");
    let cors = sandbox.run(&["cors", "show"]);
    assert!(cors.status == Some(1) && cors.stderr.contains("MINIO_API_CORS_ALLOW_ORIGIN"), "{cors:?}");
    door.requests().reset();
    assert_eq!(sandbox.run(&["health", "--json"]).ok().json()[0]["server"], "nginx");
    let asked: Vec<_> = door.requests().all().into_iter().map(|request| request.target).collect();
    assert!(asked.iter().any(|target| target == "/minio/health/cluster"), "{asked:?}");
}
