use anyhow::Result;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

use super::signing::{ADDRESS, CONTENT_TYPE, DISPOSITION, Load, VALID_FOR};
use crate::clients::{ACCESS_KEY, BUCKET, REGION, SECRET_KEY};

pub(super) fn signer(load: Load) -> Result<impl FnMut(&str) -> Result<usize>> {
    let bucket = Bucket::new(ADDRESS.parse()?, UrlStyle::Path, BUCKET, REGION)?;
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
    Ok(move |name: &str| {
        if load == Load::Upload {
            let mut action = bucket.put_object(Some(&credentials), name);
            action.headers_mut().insert("content-type", CONTENT_TYPE);
            return Ok(action.sign(VALID_FOR).as_str().len());
        }
        let mut action = bucket.get_object(Some(&credentials), name);
        if load == Load::Download {
            action.query_mut().insert("response-content-disposition", DISPOSITION);
            action.query_mut().insert("response-content-type", CONTENT_TYPE);
        }
        Ok(action.sign(VALID_FOR).as_str().len())
    })
}
