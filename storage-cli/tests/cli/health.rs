use std::net::TcpListener;

use crate::sandbox::Sandbox;

fn server(endpoint: &str) -> [(&str, &str); 6] {
    [
        ("STORAGE_BACKEND", "minio"),
        ("MINIO_ENDPOINT", endpoint),
        ("MINIO_USE_HTTPS", "no"),
        ("MINIO_ACCESS_KEY", "app"),
        ("MINIO_SECRET_KEY", "hunter2-hunter2-hunter2"),
        ("MINIO_PRIVATE_BUCKETS", "photos,papers"),
    ]
}

#[test]
fn a_folder_is_up() {
    let sandbox = Sandbox::new();
    let lines = sandbox.run(&["health", "--json"]).ok().json();
    assert!(lines.iter().all(|line| line["up"] == true && line["state"] == "up"), "{lines:?}");
    assert!(sandbox.run(&["health", "--live"]).ok().text().contains("up after"));
}

#[test]
fn what_is_down_is_told_with_what_to_do_and_an_exit_status() {
    let sandbox = Sandbox::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let outcome = sandbox.run_with(&server(&free), &["health", "--json"]);
    let lines = outcome.failed(1).json();
    assert_eq!(lines.len(), 3, "each bucket, the media bucket too: {lines:?}");
    for line in &lines {
        assert_eq!((line["state"].as_str(), line["up"].as_bool()), (Some("refused"), Some(false)));
        assert!(line["advice"].as_str().unwrap().contains("start the server"));
        assert!(!line.to_string().contains("hunter2"));
    }
    let one = sandbox.run_with(&server(&free), &["health", "--bucket", "papers"]).failed(1);
    assert_eq!(one.text().lines().count(), 1);
}

#[test]
fn a_folder_has_no_buckets_and_no_uploads_in_parts() {
    let sandbox = Sandbox::new();
    for command in ["buckets", "uploads"] {
        let outcome = sandbox.run(&[command]).failed(1);
        assert!(outcome.stderr.contains("unsupported"), "{}", outcome.stderr);
    }
}
