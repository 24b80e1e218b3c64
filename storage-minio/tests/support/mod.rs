//! A transport that answers from a script and remembers what it was asked.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failure of the test")]

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body as _;
use storage_core::ObjectKey;
use storage_minio::transport::{RequestBody, ResponseBody, Transport, TransportError, TransportFault};
use storage_minio::{ConditionalWrites, MinioStorage, MinioStorageBuilder};

pub(crate) const SECRET: &str = "s3cr3t-k3y-value";

pub(crate) fn key(key: &str) -> ObjectKey {
    key.parse().unwrap()
}

/// One request as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Method, path and query, as a test names a request.
    pub(crate) fn line(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        format!("{} {}{query}", self.method, self.path)
    }
}

pub(crate) enum Reply {
    Answer { status: u16, headers: Vec<(String, String)>, chunks: Vec<Bytes>, then: End },
    Fails(TransportFault),
    Hangs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Complete,
    Breaks,
    Hangs,
    /// A byte a second, without an end.
    Trickles,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), chunks: Vec::new(), then: End::Complete }
    }

    /// What a server answers to a PUT that it has done.
    pub(crate) fn stored() -> Self {
        Self::status(200).header("etag", "\"e\"")
    }

    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::status(status).body(format!("<Error><Code>{code}</Code><Message>Said.</Message></Error>"))
    }

    pub(crate) fn header(mut self, name: &str, value: impl ToString) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_string()));
        }
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        if let Self::Answer { chunks, .. } = &mut self {
            *chunks = vec![body.into()];
        }
        self
    }

    pub(crate) fn then(mut self, end: End) -> Self {
        if let Self::Answer { then, .. } = &mut self {
            *then = end;
        }
        self
    }
}

type Script = dyn FnMut(&Asked) -> Reply + Send;

pub(crate) struct Scripted {
    script: Mutex<Box<Script>>,
    asked: Mutex<Vec<Asked>>,
}

impl Scripted {
    pub(crate) fn new(script: impl FnMut(&Asked) -> Reply + Send + 'static) -> Arc<Self> {
        Arc::new(Self { script: Mutex::new(Box::new(script)), asked: Mutex::default() })
    }

    /// Gives these replies one after the other.
    pub(crate) fn replies(replies: impl IntoIterator<Item = Reply, IntoIter: Send + 'static>) -> Arc<Self> {
        let mut replies = replies.into_iter();
        Self::new(move |asked| {
            replies.next().unwrap_or_else(|| panic!("one request too many: {}", asked.line()))
        })
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// The server is said to honour conditions, so that nobody asks it.
    pub(crate) fn builder(self: &Arc<Self>) -> MinioStorageBuilder {
        MinioStorage::builder()
            .endpoint("http://minio.test:9000")
            .credentials("access-key", SECRET)
            .bucket("photos")
            .part_size(5 * 1024 * 1024)
            .multipart_threshold(5 * 1024 * 1024)
            .conditional_writes(ConditionalWrites::Honoured)
            .transport(Arc::clone(self) as Arc<dyn Transport>)
    }

    pub(crate) fn storage(self: &Arc<Self>) -> MinioStorage {
        self.builder().build().unwrap()
    }
}

impl std::fmt::Debug for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scripted")
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(&self, request: Request<RequestBody>) -> Result<Response<ResponseBody>, TransportError> {
        let (parts, mut body) = request.into_parts();
        let mut bytes = Vec::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|error| TransportError::new(TransportFault::Broken, error))?;
            bytes.extend_from_slice(&frame.into_data().unwrap());
        }
        let asked = Asked {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: bytes.into(),
        };
        let reply = (self.script.lock().unwrap())(&asked);
        self.asked.lock().unwrap().push(asked);
        match reply {
            Reply::Hangs => pending().await,
            Reply::Fails(fault) => Err(TransportError::new(fault, "it broke")),
            Reply::Answer { status, headers, chunks, then } => {
                let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                let end = match then {
                    End::Complete => stream::empty().boxed(),
                    End::Breaks => {
                        stream::iter([Err(TransportError::new(TransportFault::Broken, "it broke"))]).boxed()
                    }
                    End::Hangs => stream::pending().boxed(),
                    End::Trickles => stream::repeat(Bytes::from_static(b" "))
                        .then(|byte| async {
                            tokio::time::sleep(Duration::from_secs(1)).await;
                            Ok(byte)
                        })
                        .boxed(),
                };
                Ok(response.body(stream::iter(chunks).map(Ok).chain(end).boxed()).unwrap())
            }
        }
    }
}

/// Answers multipart requests, but for what the test itself answers.
pub(crate) fn multipart(mut special: impl FnMut(&Asked) -> Option<Reply> + Send + 'static) -> Arc<Scripted> {
    Scripted::new(move |asked| special(asked).unwrap_or_else(|| in_parts(asked)))
}

/// The same by a server that gives itself this name.
pub(crate) fn multipart_by(
    server: &'static str,
    mut special: impl FnMut(&Asked) -> Option<Reply> + Send + 'static,
) -> Arc<Scripted> {
    Scripted::new(move |asked| special(asked).unwrap_or_else(|| in_parts(asked)).header("server", server))
}

fn in_parts(asked: &Asked) -> Reply {
    match (asked.method.as_str(), asked.query.as_str()) {
        ("POST", "uploads=") => Reply::status(200)
            .body("<InitiateMultipartUploadResult><UploadId>up-1</UploadId></InitiateMultipartUploadResult>"),
        ("PUT", query) if query.starts_with("partNumber=") && asked.header("x-amz-copy-source").is_some() => {
            Reply::status(200).body("<CopyPartResult><ETag>\"copied\"</ETag></CopyPartResult>")
        }
        ("PUT", query) if query.starts_with("partNumber=") => {
            Reply::status(200).header("etag", format!("\"{}\"", asked.body.len()))
        }
        ("POST", "uploadId=up-1") => Reply::status(200)
            .body("<CompleteMultipartUploadResult><ETag>\"whole-1\"</ETag></CompleteMultipartUploadResult>"),
        ("DELETE", "uploadId=up-1") => Reply::status(204),
        _ => panic!("unexpected: {}", asked.line()),
    }
}
