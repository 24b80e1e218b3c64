/// Whether the server honours conditions on writes (`If-None-Match: *`, `If-Match`), or takes them and ignores them.
///
/// What cannot be relied on is refused before anything is sent on it; a `Bucket` then gives every name a random suffix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConditionalWrites {
    /// It is found out when the first write needs it, of each kind of write by itself. MinIO since 2024-08, SeaweedFS since 4.48 and Amazon S3
    /// are known by the headers of any answer: one HEAD on the bucket, if none came yet. At others eight writers race for a random key below
    /// `.probe/`, which is deleted again: exactly one may win. That takes 17 small requests for the first write on a condition (eight to create,
    /// eight to replace, one to delete), and 40 for the first large one that must not overwrite. Where writing there is denied, the server
    /// counts as one that ignores them for a minute, and is tried again then; so it is when another server answers at its address.
    #[default]
    Auto,
    /// It does, whatever kind of write it is. It is never asked. But of `SeaweedFS`, known by its headers, no completion of a large object is
    /// relied on.
    Honoured,
    /// It honours `If-None-Match: *`, but not `If-Match`. It is never asked.
    CreateOnly,
    /// It does not. It is never asked.
    Ignored,
}
