//! Names that change with the content: `app.js` is served as `app.0123456789ab.js`.
//!
//! ```
//! use storage_static::name::{Algorithm, fingerprinted};
//!
//! let fingerprint = Algorithm::Md5.of(b"body{}");
//! assert_eq!(fingerprinted("css/site.min.css", &fingerprint), "css/site.min.aa676972bbd2.css");
//! ```

mod algorithm;
mod fingerprint;
mod fingerprinted;
mod vite;

pub use algorithm::{Algorithm, Hasher};
pub use fingerprint::{Fingerprint, fingerprinted};
pub use fingerprinted::Fingerprinted;
pub use vite::{ViteError, ViteManifest};
