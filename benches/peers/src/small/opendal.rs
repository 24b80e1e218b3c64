use anyhow::Result;
use bytes::Bytes;
use opendal::Operator;
use opendal::services::S3;

use super::putting::Put;
use crate::clients::{ACCESS_KEY, BUCKET, REGION, SECRET_KEY};

#[derive(Clone)]
struct Client(Operator);

pub(super) fn client(address: &str) -> Result<impl Put> {
    opendal::install_default();
    let service = S3::default()
        .endpoint(address)
        .region(REGION)
        .bucket(BUCKET)
        .access_key_id(ACCESS_KEY)
        .secret_access_key(SECRET_KEY)
        .disable_config_load()
        .disable_ec2_metadata();
    Ok(Client(Operator::new(service)?))
}

impl Put for Client {
    async fn put(&self, name: String, content: Bytes) -> Result<()> {
        self.0.write(&name, content).await?;
        Ok(())
    }
}
