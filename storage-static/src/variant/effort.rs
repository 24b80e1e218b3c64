/// What a variant may have at most, in percent of the plain bytes: what saves less is not worth an object.
const MOST_PERCENT: u128 = 95;

/// How much time is taken to compress a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// As quick as uploading it.
    Fast,
    /// Up to about two seconds a file.
    #[default]
    Usual,
    /// As small as it gets, which takes more than a minute for the largest files.
    Smallest,
}

/// Whether a variant saves enough.
pub(crate) fn is_worth_it(plain: &[u8], compressed: &[u8]) -> bool {
    compressed.len() as u128 * 100 <= plain.len() as u128 * MOST_PERCENT
}
