/// When the content of a write is hashed into its signature, so that the server notices if it arrives changed. It is sent again then.
///
/// MinIO, VersityGW and Garage compare it; SeaweedFS 4.48 does not: there only TLS protects what is written.
///
/// Hashing costs about four fifths of the processor time of a large upload
/// ([S3 API, "Signature calculations"](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), `UNSIGNED-PAYLOAD`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayloadSigning {
    /// Without TLS, which checks the content itself.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
