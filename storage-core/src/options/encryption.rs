use std::fmt;

/// How the server encrypts an object at rest
/// ([S3 user guide, "Protecting data with encryption"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingEncryption.html)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerSideEncryption {
    /// With the server's own key: SSE-S3.
    Managed,
    /// With a key of a key-management service: SSE-KMS. `None` takes the bucket's default key.
    Kms(Option<String>),
    /// With a key that the caller keeps and gives again at each read: SSE-C. Servers take it over TLS only.
    Customer(CustomerKey),
}

/// A 256-bit key for SSE-C. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerKey([u8; 32]);

impl CustomerKey {
    /// Takes the key's bytes.
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The key's bytes, for the store that sends them.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let text = format!("{:?}", ServerSideEncryption::Customer(CustomerKey::new([0x5a; 32])));
        assert_eq!(text, "Customer(CustomerKey(***))");
    }
}
