use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use storage_core::url::UploadOptions;
use storage_core::{Bucket, ObjectKey, PutOptions, Storage, UrlOptions};

use super::signing::{ADDRESS, CONTENT_TYPE, DISPOSITION, Load, VALID_FOR};
use crate::clients;

/// The signer itself, for keys that are checked already.
pub(super) fn signer(load: Load) -> Result<impl FnMut(&str) -> Result<usize>> {
    let storage = clients::ours(ADDRESS)?;
    let mut keys: HashMap<String, ObjectKey> = HashMap::new();
    Ok(move |name: &str| {
        let key = match keys.get(name) {
            Some(key) => key,
            None => &*keys.entry(name.to_owned()).or_insert(name.parse()?),
        };
        if load == Load::Upload {
            let signer = storage.upload_signer().context("there is no signer")?;
            return Ok(signer.upload_url(key, &upload())?.url.as_str().len());
        }
        let signer = storage.url_signer().context("there is no signer")?;
        Ok(signer.signed_url(key, &options(load))?.as_str().len())
    })
}

/// As an application does it: from a name to a URL.
pub(super) fn bucket(load: Load) -> Result<impl FnMut(&str) -> Result<usize>> {
    let bucket = Bucket::new(Arc::new(clients::ours(ADDRESS)?) as Arc<dyn Storage>);
    Ok(move |name: &str| {
        if load == Load::Upload {
            return Ok(bucket.upload_url(name, upload())?.url.as_str().len());
        }
        Ok(bucket.url_with(name, options(load))?.as_str().len())
    })
}

fn options(load: Load) -> UrlOptions {
    let options = UrlOptions::new().expires_in(VALID_FOR);
    match load {
        Load::Download => {
            options.response_content_disposition(DISPOSITION).response_content_type(CONTENT_TYPE)
        }
        _ => options,
    }
}

fn upload() -> UploadOptions {
    UploadOptions::new().expires_in(VALID_FOR).put(PutOptions::new().content_type(CONTENT_TYPE))
}
