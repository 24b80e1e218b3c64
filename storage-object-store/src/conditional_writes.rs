/// What an S3 server does with the conditions on writes, `If-None-Match` and `If-Match`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConditionalWrites {
    /// The first write that needs one finds out, for the life of the store: several creates of one new random key below `.probe/`, of which
    /// one must win, and two writes that must be refused. The key is deleted then. A server that ignores conditions is not relied on, and
    /// neither is one that denies to be tried.
    #[default]
    Auto,
    /// It honours them. It is not asked; who says so wrongly loses files.
    Honoured,
    /// It ignores them. It is not asked; what needs one is an [`Unsupported`](storage_core::ErrorKind::Unsupported) error, and a
    /// [`Bucket`](storage_core::Bucket) gives every name a random suffix.
    Ignored,
}
