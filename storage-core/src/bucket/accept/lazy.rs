use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::body::ByteStream;
use crate::{GetOptions, ObjectKey, Result, Storage};

/// The bytes of an object, which is opened when they are asked for.
pub(super) fn read(
    storage: Arc<dyn Storage>,
    key: ObjectKey,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    Lazy::Opening(Box::pin(async move {
        let object = storage.get(&key, GetOptions::new()).await?.into_object()?;
        Ok(object.into_stream())
    }))
}

type Opening = Pin<Box<dyn Future<Output = Result<ByteStream>> + Send>>;

enum Lazy {
    Opening(Opening),
    Open(ByteStream),
    Failed,
}

impl Stream for Lazy {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match &mut *self {
                Self::Opening(opening) => match ready!(opening.as_mut().poll(cx)) {
                    Ok(stream) => *self = Self::Open(stream),
                    Err(error) => {
                        *self = Self::Failed;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Self::Open(stream) => return stream.as_mut().poll_next(cx),
                Self::Failed => return Poll::Ready(None),
            }
        }
    }
}
