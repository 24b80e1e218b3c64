//! What both stores take for a bucket's policy. Nobody is let in or kept out by it here: whoever serves the objects asks for it.

use serde_json::{Map, Value};
use storage_core::{Error, Result};

/// What S3 and MinIO take at most, in bytes.
const LARGEST: usize = 20 << 10;

/// # Errors
///
/// `InvalidInput` for what no server takes: too much, or no JSON object.
pub(crate) fn check(json: &str) -> Result<()> {
    if json.len() > LARGEST {
        return Err(Error::invalid_input(format!(
            "the policy has {} bytes; the limit is {LARGEST}",
            json.len()
        )));
    }
    match serde_json::from_str::<Map<String, Value>>(json) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::invalid_input("the policy is no JSON object").with_source(error)),
    }
}
