use anyhow::Result;
use aws_sdk_s3::Client as S3;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use super::putting::Put;
use crate::clients::{self, BUCKET};

#[derive(Clone)]
struct Client(S3);

pub(super) fn client(address: &str) -> impl Put {
    Client(clients::aws_sdk(address))
}

impl Put for Client {
    async fn put(&self, name: String, content: Bytes) -> Result<()> {
        let put = self.0.put_object().bucket(BUCKET).key(name).body(ByteStream::from(content));
        put.customize().disable_payload_signing().send().await?;
        Ok(())
    }
}
