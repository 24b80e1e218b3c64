//! Content types: from a name, from the first bytes, and which of them are dangerous to show.

mod active;
mod name;
#[cfg(feature = "sniff")]
mod sniff;

pub use crate::meta::DEFAULT_CONTENT_TYPE;
pub use active::is_active;
pub use name::from_name;
#[cfg(feature = "sniff")]
pub use sniff::{SNIFF_BYTES, from_content, from_content_and_name};

/// Where a [`Bucket`](crate::Bucket) takes the content type from when the caller says none. Where the rule finds none, it is
/// `application/octet-stream`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentTypeRule {
    /// From the name's extension.
    #[default]
    Name,
    /// From the name's extension, else from the first bytes.
    #[cfg(feature = "sniff")]
    NameThenContent,
}
