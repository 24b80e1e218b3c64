//! A deploy looked at as a browser finds it: each file that its manifest names is fetched, compared with what the index says of it, and
//! every reference in it is followed.
//!
//! ```
//! use storage_static::collect::{CollectError, StaticBucket};
//! use storage_static::verify::VerifyOptions;
//!
//! # async fn example(bucket: StaticBucket) -> Result<(), CollectError> {
//! let verified = bucket.verify(&VerifyOptions::new()).await?;
//! for finding in &verified.findings {
//!     println!("{finding}"); // css/site.4f1e…c2.css:3:17: img/cat.png is not in the bucket
//! }
//! # Ok(()) }
//! ```

mod finding;
mod object;
mod options;
mod walk;

pub use finding::{Finding, Wrong};
pub use options::VerifyOptions;
pub use walk::Verified;
