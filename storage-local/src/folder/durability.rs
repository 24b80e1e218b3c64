/// Whether a write that returned survives a loss of power.
///
/// In either case a reader sees whole objects only, and a process that dies harms nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Durability {
    /// Files and folders are on the disk (`fsync`) before a write returns.
    #[default]
    Full,
    /// The system writes them when it likes, which is faster. After a loss of power the newest objects may be missing, empty or
    /// reported as [`Corrupt`](storage_core::ErrorKind::Corrupt).
    None,
}
