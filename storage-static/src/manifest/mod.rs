//! What name is served as what: `staticfiles.json`, as Django reads and writes it, and an index of ours beside it.
//!
//! ```
//! use storage_static::manifest::Manifest;
//!
//! let mut manifest = Manifest::new();
//! manifest.insert("css/site.css", "css/site.aa676972bbd2.css");
//! let json = manifest.to_json();
//! assert_eq!(
//!     json,
//!     r#"{"paths": {"css/site.css": "css/site.aa676972bbd2.css"}, "version": "1.1", "hash": "effc36be606e"}"#
//! );
//! assert_eq!(Manifest::parse(json.as_bytes())?, manifest);
//! # Ok::<(), storage_static::manifest::ManifestError>(())
//! ```

mod error;
mod headers;
mod index;
#[expect(clippy::module_inception, reason = "the file is named after the concept")]
mod manifest;
mod python_json;

pub use error::ManifestError;
pub use headers::Headers;
pub(crate) use headers::SharedHeaders;
pub use index::{Dependency, INDEX_VERSION, Index, IndexedFile, IndexedObject};
pub use manifest::{MANIFEST_NAME, Manifest};
