/// A digest of the whole content, which the store checks before it stores anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum {
    /// MD5, sent as `Content-MD5`.
    Md5([u8; 16]),
    /// SHA-256, sent as `x-amz-checksum-sha256`.
    Sha256([u8; 32]),
}
