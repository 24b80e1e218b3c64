use anyhow::Result;
use aws_sdk_s3::presigning::PresigningConfig;

use super::signing::{ADDRESS, CONTENT_TYPE, DISPOSITION, Load, VALID_FOR};
use crate::clients::{self, BUCKET};

pub(super) fn signer(load: Load) -> Result<impl FnMut(&str) -> Result<usize>> {
    let client = clients::aws_sdk(ADDRESS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(move |name: &str| {
        let expiry = PresigningConfig::expires_in(VALID_FOR)?;
        let signed = runtime.block_on(async {
            if load == Load::Upload {
                let put = client.put_object().bucket(BUCKET).key(name).content_type(CONTENT_TYPE);
                return Ok::<_, anyhow::Error>(put.presigned(expiry).await?);
            }
            let get = client.get_object().bucket(BUCKET).key(name);
            let get = match load {
                Load::Download => {
                    get.response_content_disposition(DISPOSITION).response_content_type(CONTENT_TYPE)
                }
                _ => get,
            };
            Ok(get.presigned(expiry).await?)
        })?;
        Ok(signed.uri().len())
    })
}
