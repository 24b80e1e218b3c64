use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ::http::{HeaderValue, Method, header};
use object_store::client::HttpRequest;

use super::service::parameter;
use super::xml::unescape;
use crate::completion::Completion;

/// The uploads in parts that are to be completed under a condition, by their ids. One leaves when it is completed or aborted, and not before: a
/// completion that is sent again has to carry its condition again.
#[derive(Debug, Default)]
pub(super) struct Uploads(Mutex<HashMap<String, Completion>>);

impl Uploads {
    /// The condition for the upload that this request begins.
    #[allow(clippy::unused_self, reason = "it reads as what it is about")]
    pub(super) fn begun_by(&self, request: &HttpRequest) -> Option<Completion> {
        let begins = request.method() == Method::POST && parameter(request.uri(), "uploads").is_some();
        begins.then(|| request.extensions().get::<Completion>().cloned())?
    }

    /// Reads the upload's id out of the answer.
    pub(super) fn remember(&self, document: &[u8], completion: Completion) {
        let text = String::from_utf8_lossy(document);
        let id = text.split_once("<UploadId>").and_then(|(_, rest)| rest.split_once("</UploadId>"));
        if let Some((id, _)) = id {
            self.locked().insert(unescape(id), completion);
        }
    }

    /// Puts the condition on the request that completes the upload.
    pub(super) fn add_condition(&self, request: &mut HttpRequest) {
        let Some(id) = ended_by(request).filter(|_| request.method() == Method::POST) else { return };
        let (name, value) = match self.locked().get(&id) {
            Some(Completion::IfAbsent) => (header::IF_NONE_MATCH, Some(HeaderValue::from_static("*"))),
            Some(Completion::IfMatch(etag)) => (header::IF_MATCH, HeaderValue::from_str(etag).ok()),
            None => return,
        };
        if let Some(value) = value {
            request.headers_mut().insert(name, value);
        }
    }

    pub(super) fn forget(&self, id: &str) {
        self.locked().remove(id);
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<String, Completion>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id of the upload that this request completes or aborts.
pub(super) fn ended_by(request: &HttpRequest) -> Option<String> {
    let is_end = [Method::POST, Method::DELETE].contains(request.method());
    is_end.then(|| parameter(request.uri(), "uploadId"))?
}

#[cfg(test)]
mod tests {
    use object_store::client::HttpRequestBody;

    use super::*;

    fn request(method: Method, uri: &str) -> HttpRequest {
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse().unwrap();
        request
    }

    #[test]
    fn a_condition_travels_from_the_begin_to_the_completion() {
        let uploads = Uploads::default();
        let mut begin = request(Method::POST, "http://h/b/k?uploads=");
        assert_eq!(uploads.begun_by(&begin), None);
        begin.extensions_mut().insert(Completion::IfAbsent);
        let completion = uploads.begun_by(&begin).unwrap();
        uploads.remember(b"<R><UploadId>a+b&amp;c/d==</UploadId></R>", completion);

        let mut complete = request(Method::POST, "http://h/b/k?uploadId=a%2Bb%26c%2Fd%3D%3D");
        uploads.add_condition(&mut complete);
        assert_eq!(complete.headers()[header::IF_NONE_MATCH], "*");
        let mut part = request(Method::PUT, "http://h/b/k?partNumber=1&uploadId=a%2Bb%26c%2Fd%3D%3D");
        uploads.add_condition(&mut part);
        assert!(part.headers().is_empty());

        uploads.forget(&ended_by(&complete).unwrap());
        let mut again = request(Method::POST, "http://h/b/k?uploadId=a%2Bb%26c%2Fd%3D%3D");
        uploads.add_condition(&mut again);
        assert!(again.headers().is_empty());
    }
}
