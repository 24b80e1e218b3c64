use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use storage_core::Storage;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a factory of stores may give: a [`Storage`], an `Arc` or `Box` of one, or a `Result` with one of these.
///
/// `Kind` tells the two apart and is always inferred.
pub trait IntoStorage<Kind> {
    /// The store.
    ///
    /// # Errors
    ///
    /// What kept the factory from making it.
    fn into_storage(self) -> Result<Arc<dyn Storage>, BoxError>;
}

impl<S: Storage> IntoStorage<kind::Store> for S {
    fn into_storage(self) -> Result<Arc<dyn Storage>, BoxError> {
        Ok(Arc::new(self))
    }
}

impl<S: Storage, E: Into<BoxError>> IntoStorage<kind::Fallible> for Result<S, E> {
    fn into_storage(self) -> Result<Arc<dyn Storage>, BoxError> {
        match self {
            Ok(storage) => Ok(Arc::new(storage)),
            Err(error) => Err(error.into()),
        }
    }
}

mod kind {
    #[derive(Debug)]
    pub enum Store {}

    #[derive(Debug)]
    pub enum Fallible {}
}

/// A factory whose types are forgotten.
pub(crate) type Factory =
    Arc<dyn Fn() -> BoxFuture<'static, Result<Arc<dyn Storage>, BoxError>> + Send + Sync>;

pub(crate) fn erase<F, Fut, Kind>(factory: F) -> Factory
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output: IntoStorage<Kind>> + Send + 'static,
{
    Arc::new(move || {
        let store = factory();
        Box::pin(async move { store.await.into_storage() })
    })
}
