//! From the name that a caller gave to the key that an object is stored under.
//!
//! A [`Bucket`](crate::Bucket) checks and normalises the name, asks its [`Naming`] strategy, and shortens the result where it is too
//! long. Strategies are chained with [`Naming::then`]:
//!
//! ```
//! use storage_core::naming::{self, Naming};
//!
//! // cats/tom.jpg becomes 2026-11-23/cats/5f0c….jpg
//! let naming = naming::random().then(naming::date_prefix());
//! ```

mod clean;
pub(crate) mod collision;
#[cfg(feature = "content-hash")]
mod content_hash;
mod date_prefix;
mod file_name;
mod random;
mod split;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{Body, Result};

pub(crate) use clean::clean;
#[cfg(feature = "sniff")]
pub(crate) use collision::suffixed;
pub(crate) use collision::{alternative, unique};
#[cfg(feature = "content-hash")]
pub use content_hash::{ContentHash, content_hash};
pub use date_prefix::{DatePrefix, date_prefix};
pub use file_name::file_name;
pub use random::{Random, random};
pub(crate) use split::shorten;

/// Turns the name that a caller gave into the one that is stored.
#[async_trait]
pub trait Naming: fmt::Debug + Send + Sync + 'static {
    /// The name to store under. `name` is clean: relative, NFC, without odd segments or control characters; the result
    /// must be a valid [`ObjectKey`](crate::ObjectKey) but for its length.
    ///
    /// # Errors
    ///
    /// The strategy cannot name this content.
    async fn name(&self, name: String, body: &mut Body) -> Result<String>;

    /// This strategy, then `next` on its result.
    fn then<N: Naming>(self, next: N) -> Then<Self, N>
    where
        Self: Sized,
    {
        Then(self, next)
    }
}

/// Pointers to a strategy are strategies.
macro_rules! forward {
    ($pointer:ident) => {
        #[async_trait]
        impl<T: Naming + ?Sized> Naming for $pointer<T> {
            async fn name(&self, name: String, body: &mut Body) -> Result<String> {
                (**self).name(name, body).await
            }
        }
    };
}

forward!(Arc);
forward!(Box);

/// The name as the caller gave it: the default.
pub fn as_given() -> AsGiven {
    AsGiven
}

/// See [`as_given`].
#[derive(Clone, Copy, Debug, Default)]
pub struct AsGiven;

#[async_trait]
impl Naming for AsGiven {
    async fn name(&self, name: String, _: &mut Body) -> Result<String> {
        Ok(name)
    }
}

/// The name that a function makes of the given one.
///
/// ```
/// use storage_core::naming;
///
/// let naming = naming::from_fn(|name| Ok(format!("users/42/{name}")));
/// ```
pub fn from_fn<F>(name: F) -> FromFn<F>
where
    F: Fn(String) -> Result<String> + Send + Sync + 'static,
{
    FromFn(name)
}

/// See [`from_fn`].
#[derive(Clone)]
pub struct FromFn<F>(F);

#[async_trait]
impl<F> Naming for FromFn<F>
where
    F: Fn(String) -> Result<String> + Send + Sync + 'static,
{
    async fn name(&self, name: String, _: &mut Body) -> Result<String> {
        (self.0)(name)
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}

/// Two strategies, one after the other. See [`Naming::then`].
#[derive(Clone, Debug)]
pub struct Then<A, B>(A, B);

#[async_trait]
impl<A: Naming, B: Naming> Naming for Then<A, B> {
    async fn name(&self, name: String, body: &mut Body) -> Result<String> {
        self.1.name(self.0.name(name, body).await?, body).await
    }
}
