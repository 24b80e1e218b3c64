//! Encryption at rest
//! ([S3 user guide, "Protecting data with encryption"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingEncryption.html)).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use md5::{Digest, Md5};
use storage_core::options::{CustomerKey, ServerSideEncryption};
use storage_core::{Error, Result};

use crate::client::header_value;

const MODE: HeaderName = HeaderName::from_static("x-amz-server-side-encryption");
const KMS_KEY: HeaderName = HeaderName::from_static("x-amz-server-side-encryption-aws-kms-key-id");

const CUSTOMER_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";

/// The headers that say in an answer, and ask in a request, how an object is encrypted by the server's keys.
pub(super) const AT_REST: [HeaderName; 2] = [MODE, KMS_KEY];

/// The headers of a write.
pub(crate) fn write(encryption: &ServerSideEncryption, headers: &mut HeaderMap) -> Result<()> {
    match encryption {
        ServerSideEncryption::Managed => {
            headers.insert(MODE, HeaderValue::from_static("AES256"));
        }
        ServerSideEncryption::Kms(key) => {
            headers.insert(MODE, HeaderValue::from_static("aws:kms"));
            if let Some(key) = key {
                headers.insert(KMS_KEY, header_value(&KMS_KEY, key)?);
            }
        }
        ServerSideEncryption::Customer(key) => write_customer_key(key, headers)?,
        _ => return Err(Error::unsupported("this kind of encryption is not known to the S3 store")),
    }
    Ok(())
}

/// The headers that give the key again, for a part, a read, or a look at the headers.
pub(crate) fn write_customer_key(key: &CustomerKey, headers: &mut HeaderMap) -> Result<()> {
    let digest = Md5::digest(key.expose());
    for (name, value) in [
        (CUSTOMER_ALGORITHM, "AES256".to_owned()),
        ("x-amz-server-side-encryption-customer-key", STANDARD.encode(key.expose())),
        ("x-amz-server-side-encryption-customer-key-md5", STANDARD.encode(digest)),
    ] {
        let name = HeaderName::from_static(name);
        let mut value = header_value(&name, &value)?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(())
}

/// Whether the headers of an object say that it is encrypted as it was to be.
pub(crate) fn is_said(asked: &ServerSideEncryption, headers: &HeaderMap) -> bool {
    match customer_key(Some(asked)) {
        Some(_) => headers.contains_key(CUSTOMER_ALGORITHM),
        None => headers.contains_key(MODE),
    }
}

/// The customer's key, if that is how it is encrypted.
pub(crate) fn customer_key(encryption: Option<&ServerSideEncryption>) -> Option<&CustomerKey> {
    match encryption {
        Some(ServerSideEncryption::Customer(key)) => Some(key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_each_kind() {
        let headers = |encryption| {
            let mut headers = HeaderMap::new();
            write(&encryption, &mut headers).unwrap();
            headers
        };
        assert_eq!(headers(ServerSideEncryption::Managed)[MODE], "AES256");
        let kms = headers(ServerSideEncryption::Kms(Some("key-1".into())));
        assert_eq!(
            (&kms[MODE], &kms[KMS_KEY]),
            (&HeaderValue::from_static("aws:kms"), &HeaderValue::from_static("key-1"))
        );
    }

    #[test]
    fn a_customers_key_is_sent_and_not_shown() {
        let mut headers = HeaderMap::new();
        write(&ServerSideEncryption::Customer(CustomerKey::new([0x41; 32])), &mut headers).unwrap();
        let key = &headers["x-amz-server-side-encryption-customer-key"];
        assert_eq!(key, "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=");
        assert_eq!(headers["x-amz-server-side-encryption-customer-key-md5"], "UhbdzFjo2t5SVgded/ZC2g==");
        assert!(!format!("{headers:?}").contains("QUFB"), "{headers:?}");
    }
}
