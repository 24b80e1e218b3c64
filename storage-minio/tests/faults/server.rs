//! The server behind the faults: the one that `STORAGE_TEST_ENDPOINT` names, else one inside this process.

use std::collections::BTreeMap;
use std::env;

use futures_util::TryStreamExt;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use s3_testserver::{Door, Proxy, TestServer};
use storage_core::list::{ListItem, ListOptions};
use storage_core::{Result, Storage, StorageExt};
use storage_minio::{MinioStorage, MinioStorageBuilder};

pub(crate) const BUCKET: &str = "faults";

/// What is between one and two parts, and so much that an object of it is stored in parts.
pub(crate) const THRESHOLD: u64 = 64 * 1024;

/// Everything below one folder: names without the folder, and bytes.
pub(crate) type Snapshot = BTreeMap<String, Vec<u8>>;

/// A server with doors.
pub(crate) struct Server {
    kind: Kind,
    /// Its kind, as it is called in tables.
    pub(crate) name: String,
    endpoint: String,
    region: String,
    access_key: String,
    secret_key: String,
    /// Goes to the server without any fault.
    pub(crate) clean: MinioStorage,
}

enum Kind {
    InProcess(TestServer),
    Real(Proxy),
}

impl Server {
    pub(crate) async fn find() -> Self {
        let server = match env::var("STORAGE_TEST_ENDPOINT") {
            Ok(endpoint) => Self::real(endpoint),
            Err(_) => Self::in_process().await,
        };
        match server.clean.create_bucket().await {
            Err(error) if !error.is_already_exists() => panic!("{error}"),
            _ => server,
        }
    }

    fn real(endpoint: String) -> Self {
        let variable = |name| env::var(name).expect("all of STORAGE_TEST_… is set if the endpoint is");
        let (access_key, secret_key) =
            (variable("STORAGE_TEST_ACCESS_KEY"), variable("STORAGE_TEST_SECRET_KEY"));
        let region = variable("STORAGE_TEST_REGION");
        let kind = Kind::Real(Proxy::in_front_of(&endpoint));
        let name = variable("STORAGE_TEST_SERVER");
        let clean = builder(&endpoint, &region, &access_key, &secret_key).build().expect("a store");
        Self { kind, name, endpoint, region, access_key, secret_key, clean }
    }

    async fn in_process() -> Self {
        let server = TestServer::start().await;
        let (endpoint, region) = (server.endpoint(), "us-east-1".to_owned());
        let (access_key, secret_key) = (server.access_key().to_owned(), server.secret_key().to_owned());
        let clean = builder(&endpoint, &region, &access_key, &secret_key).build().expect("a store");
        let (kind, name) = (Kind::InProcess(server), "in-process".to_owned());
        Self { kind, name, endpoint, region, access_key, secret_key, clean }
    }

    pub(crate) fn is_real(&self) -> bool {
        matches!(self.kind, Kind::Real(_))
    }

    pub(crate) fn closed_door(&self) -> Door {
        match &self.kind {
            Kind::InProcess(server) => server.closed_door(),
            Kind::Real(proxy) => proxy.closed_door(),
        }
    }

    /// A store behind this door, with parts of 5 MiB.
    pub(crate) fn behind(&self, door: &Door) -> MinioStorageBuilder {
        builder(&door.endpoint(), &self.region, &self.access_key, &self.secret_key)
            .multipart_threshold(THRESHOLD)
            .part_size(5 * 1024 * 1024)
    }

    /// Whether a text holds what must never be shown.
    pub(crate) fn tells_secrets(&self, text: &str) -> bool {
        text.contains(&self.secret_key) || text.to_ascii_lowercase().contains("signature=")
    }

    /// All objects below `folder`.
    pub(crate) async fn snapshot(&self, folder: &str) -> Result<Snapshot> {
        let prefix = format!("{folder}/");
        let items: Vec<ListItem> = self.clean.list(ListOptions::new().prefix(&prefix)).try_collect().await?;
        let mut snapshot = Snapshot::new();
        for item in items {
            let ListItem::Object(entry) = item else { panic!("an odd key below {prefix}: {item:?}") };
            let name = entry.key.as_str().trim_start_matches(&prefix).to_owned();
            match self.clean.read(&entry.key).await {
                Ok(bytes) => snapshot.insert(name, bytes.to_vec()),
                // Deleted since it was listed.
                Err(error) if error.is_not_found() => None,
                Err(error) => return Err(error),
            };
        }
        Ok(snapshot)
    }

    /// How many uploads for this key are neither complete nor aborted. MinIO tells them only of a whole key.
    pub(crate) async fn uploads(&self, key: &str) -> usize {
        let url = self.endpoint.parse().expect("a URL");
        let bucket = rusty_s3::Bucket::new(url, rusty_s3::UrlStyle::Path, BUCKET, self.region.clone());
        let url = rusty_s3::signing::sign(
            &jiff::Timestamp::now(),
            rusty_s3::Method::Get,
            bucket.expect("a bucket").base_url().clone(),
            &self.access_key,
            &self.secret_key,
            None,
            &self.region,
            600,
            [("prefix", key), ("uploads", "")].into_iter(),
            std::iter::empty(),
        );
        let client: Client<_, String> = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.get(url.as_str().parse().expect("a URI")).await.expect("an answer");
        let status = answer.status();
        let body = answer.into_body().collect().await.expect("a list of uploads").to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(status.is_success(), "{status} {text}");
        text.matches("<UploadId>").count()
    }
}

fn builder(endpoint: &str, region: &str, access_key: &str, secret_key: &str) -> MinioStorageBuilder {
    MinioStorage::builder()
        .endpoint(endpoint)
        .region(region)
        .credentials(access_key, secret_key)
        .bucket(BUCKET)
}
