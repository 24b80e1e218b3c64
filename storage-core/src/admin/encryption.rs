/// How a server encrypts objects that say nothing of it
/// ([S3 API, PutBucketEncryption](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DefaultEncryption {
    /// With keys of the server, AES-256.
    Managed,
    /// With a key of its key management: which one, or its default.
    Kms(Option<String>),
}
