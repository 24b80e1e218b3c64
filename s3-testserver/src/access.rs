//! Who may do what: known keys everything, anybody else reads the objects of public buckets.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Result, s3_error};

use crate::error::error;
use crate::store::Store;

const TOKEN: &str = "x-amz-security-token";

/// The keys that the server knows. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Arc<Mutex<HashMap<String, Key>>>);

#[derive(Debug, Clone)]
struct Key {
    secret: String,
    /// Temporary keys are worth nothing without it.
    token: Option<String>,
}

impl Keys {
    pub(crate) fn add(&self, access_key: &str, secret: &str, token: Option<&str>) {
        let key = Key { secret: secret.to_owned(), token: token.map(str::to_owned) };
        self.lock().insert(access_key.to_owned(), key);
    }

    pub(crate) fn remove(&self, access_key: &str) {
        self.lock().remove(access_key);
    }

    fn find(&self, access_key: &str) -> Option<Key> {
        self.lock().get(access_key).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        match self.find(access_key) {
            Some(key) => Ok(SecretKey::from(key.secret)),
            None => Err(s3_error!(
                InvalidAccessKeyId,
                "The Access Key Id you provided does not exist in our records."
            )),
        }
    }
}

/// What is checked once the signature was found right, or found missing.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) keys: Keys,
    pub(crate) store: Arc<Store>,
}

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        match context.credentials() {
            Some(credentials) => self.check_token(&credentials.access_key, context),
            None => self.check_anonymous(context),
        }
    }
}

impl Access {
    fn check_token(&self, access_key: &str, context: &S3AccessContext<'_>) -> S3Result<()> {
        let wanted = self.keys.find(access_key).and_then(|key| key.token);
        let in_header = context.headers().get(TOKEN).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if in_header.or_else(|| token_in_query(context)) == wanted {
            return Ok(());
        }
        let message = "The security token included in the request is invalid";
        Err(error(StatusCode::FORBIDDEN, "InvalidTokenId", message))
    }

    fn check_anonymous(&self, context: &S3AccessContext<'_>) -> S3Result<()> {
        let reading = matches!(context.s3_op().name(), "GetObject" | "HeadObject");
        let bucket = context.s3_path().get_bucket_name().unwrap_or_default();
        match self.store.bucket(bucket, |bucket| Ok(bucket.public)) {
            Ok(true) if reading => Ok(()),
            _ => Err(s3_error!(AccessDenied, "Access Denied.")),
        }
    }
}

fn token_in_query(context: &S3AccessContext<'_>) -> Option<String> {
    let pairs = context.uri().query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(TOKEN))?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}
