//! Bucket policies of S3: typed documents, presets, and a comparison of what they mean. No I/O.
//!
//! Servers keep the meaning of a policy, not its text: one value becomes a list of one, `"*"` becomes `{"AWS": ["*"]}`, an empty `Sid`
//! vanishes. Two documents are therefore compared by what they allow to whom:
//!
//! ```
//! use storage_policy::{Policy, Preset};
//!
//! let wanted = Preset::PublicRead.policy("photos", "");
//! let stored = Policy::parse(
//!     r#"{"Version": "2012-10-17", "Statement": [{
//!         "Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::photos/*"]
//!     }]}"#,
//! )?;
//! assert!(wanted.means_the_same_as(&stored));
//! assert_eq!(Preset::recognise(&stored, "photos"), Some((Preset::PublicRead, String::new())));
//! let access = stored.anonymous_access("photos");
//! assert!(access.read && !access.list && !access.write);
//! # Ok::<(), storage_policy::ParseError>(())
//! ```
//!
//! # Where things are
//!
//! - [`Policy`] and [`Statement`] are the document as it is written, with elements that are not known, too.
//! - [`Preset`] writes and recognises the policies that most buckets have.
//! - [`Policy::allows`] answers a [`Request`], by the statement that decides; [`Policy::audit`] warns of what people regret.
//! - [`Policy::difference`] says what one grants that another does not.

mod access;
mod actions;
mod allows;
mod audit;
mod condition_keys;
mod decision;
mod difference;
mod document;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod grant;
mod keyed;
mod meaning;
mod one_or_many;
mod pattern;
mod preset;
mod principal;
mod probes;
mod reading;
mod request;
mod required;
mod statement;
mod statement_id;

pub use access::Access;
pub use audit::{AuditOptions, Warning, WarningKind};
pub use decision::{Decision, Doubt};
pub use difference::Difference;
pub use document::{MAX_BYTES, Policy};
pub use error::{ParseError, TooLarge};
pub use grant::Grant;
pub use one_or_many::OneOrMany;
pub use preset::Preset;
pub use principal::Principal;
pub use request::Request;
pub use required::Use;
pub use statement::{Conditions, Effect, Scope, Statement};
pub use statement_id::StatementId;
