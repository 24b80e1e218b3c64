use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use http::HeaderMap;

use crate::transport::{RequestBody, ResponseBody, Transport, TransportError};

/// A transport that keeps the headers of the last answer, a refusal's too.
#[derive(Debug)]
pub(super) struct Listening {
    inner: Arc<dyn Transport>,
    headers: Mutex<Option<HeaderMap>>,
}

impl Listening {
    pub(super) fn new(inner: Arc<dyn Transport>) -> Self {
        Self { inner, headers: Mutex::new(None) }
    }

    /// `None` if nothing has answered yet.
    pub(super) fn headers(&self) -> Option<HeaderMap> {
        self.headers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Transport for Listening {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let response = self.inner.send(request).await?;
        *self.headers.lock().unwrap_or_else(PoisonError::into_inner) = Some(response.headers().clone());
        Ok(response)
    }
}
