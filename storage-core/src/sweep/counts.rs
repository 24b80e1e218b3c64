/// What a plan has found, in objects unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Listed below the prefix.
    pub listed: u64,
    /// Their bytes.
    pub listed_bytes: u64,
    /// Listed and referred to.
    pub referenced: u64,
    /// Referred to by nothing, and old enough to be deleted.
    pub orphans: u64,
    /// Their bytes.
    pub orphan_bytes: u64,
    /// Referred to by nothing, but younger than the minimum age: perhaps on their way.
    pub young: u64,
    /// Referred to by nothing, and of an age that the store does not tell. They are not deleted.
    pub undated: u64,
    /// Different references that begin with the prefix.
    pub references: u64,
    /// References that do not begin with the prefix, counted as often as they came. They are ignored.
    pub outside: u64,
    /// References whose object is not listed.
    pub missing: u64,
}
