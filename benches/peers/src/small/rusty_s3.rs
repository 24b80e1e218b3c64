use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

use super::putting::Put;
use crate::clients::{ACCESS_KEY, BUCKET, REGION, SECRET_KEY};

const VALID_FOR: Duration = Duration::from_secs(3_600);

#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    bucket: Arc<Bucket>,
    credentials: Arc<Credentials>,
}

pub(super) fn client(address: &str) -> Result<impl Put> {
    let bucket = Bucket::new(address.parse()?, UrlStyle::Path, BUCKET, REGION)?;
    Ok(Client {
        http: reqwest::Client::new(),
        bucket: Arc::new(bucket),
        credentials: Arc::new(Credentials::new(ACCESS_KEY, SECRET_KEY)),
    })
}

impl Put for Client {
    async fn put(&self, name: String, content: Bytes) -> Result<()> {
        let url = self.bucket.put_object(Some(&self.credentials), &name).sign(VALID_FOR);
        self.http.put(url).body(content).send().await?.error_for_status()?;
        Ok(())
    }
}
