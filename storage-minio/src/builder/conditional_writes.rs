/// Whether the server honours conditions on writes (`If-None-Match: *`, `If-Match`), or takes them and ignores them.
///
/// What cannot be relied on is refused before anything is sent on it; a `Bucket` then gives every name a random suffix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConditionalWrites {
    /// It is found out, once, when the first write needs it. MinIO since 2024-08, SeaweedFS since 4.48, VersityGW since 1.5 and Amazon S3 are
    /// known by the headers of any answer: one HEAD on the bucket, if none came yet. At others an object below `.probe/` is written up to
    /// three times on conditions and deleted; where writing it is denied, the server counts as one that ignores them.
    #[default]
    Auto,
    /// It does. It is never asked.
    Honoured,
    /// It does not. It is never asked.
    Ignored,
}
