use http::{HeaderMap, HeaderName, HeaderValue, Method};
use storage_core::{Error, Result};

use crate::sign::CanonicalQuery;
use crate::transport::{Content, Sent};

/// One request before it is addressed and signed.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The object's key, or `None` for the bucket itself.
    pub(crate) key: Option<String>,
    /// A path of the server's own, outside all buckets.
    pub(crate) page: Option<&'static str>,
    pub(crate) query: CanonicalQuery,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
    /// The content's SHA-256 where it is known or asked to be checked.
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) condition: Condition,
    pub(crate) pace: Pace,
    pub(crate) digested: Digested,
    /// Whether it only takes away what is of no use, so that it can wait, but must not be forgotten.
    pub(crate) cleans_up: bool,
    pub(crate) sent: Option<Sent>,
}

/// What a write is conditional on, which decides what a 412 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// On nothing, or on something whose failure is a failed precondition.
    Other,
    /// On the key being free.
    Absent,
    /// On an object with a certain `ETag` being there.
    Present,
}

/// Who made the digest of the content, which decides what it means that the server found another content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digested {
    /// The caller, whose content or digest may be wrong.
    ByCaller,
    /// This program, so that the content was changed on its way.
    Here,
    /// This program, and the content is a document of its own: some servers read it before they look at its digest, and find it malformed
    /// (MinIO of 2026-02 does).
    OfDocument,
}

/// How long the server may work before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As long as the read time-out.
    Prompt,
    /// Longer: it copies or joins objects first.
    Patient,
}

impl Request {
    pub(crate) fn object(method: Method, key: impl AsRef<str>) -> Self {
        Self { key: Some(key.as_ref().to_owned()), ..Self::bucket(method) }
    }

    pub(crate) fn bucket(method: Method) -> Self {
        Self {
            method,
            key: None,
            page: None,
            query: CanonicalQuery::none(),
            headers: HeaderMap::new(),
            content: Content::EMPTY,
            sha256: None,
            condition: Condition::Other,
            pace: Pace::Prompt,
            digested: Digested::Here,
            cleans_up: false,
            sent: None,
        }
    }

    /// All buckets.
    pub(crate) fn service(method: Method) -> Self {
        Self::page(method, "/")
    }

    pub(crate) fn page(method: Method, path: &'static str) -> Self {
        Self { page: Some(path), ..Self::bucket(method) }
    }

    pub(crate) fn query<'q>(mut self, pairs: impl IntoIterator<Item = (&'q str, &'q str)>) -> Self {
        self.query = CanonicalQuery::from_pairs(pairs);
        self
    }

    pub(crate) fn content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// A content that was made here.
    pub(crate) fn document(mut self, document: String) -> Self {
        self.digested = Digested::OfDocument;
        self.content(Content::Bytes(document.into()))
    }

    pub(crate) fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    pub(crate) fn condition(mut self, condition: Condition) -> Self {
        self.condition = condition;
        self
    }

    pub(crate) fn cleaning_up(mut self) -> Self {
        self.cleans_up = true;
        self
    }

    pub(crate) fn patient(mut self) -> Self {
        self.pace = Pace::Patient;
        self
    }

    /// Sets a header to a value that is not known to be a valid one.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Result<Self> {
        self.headers.insert(name.clone(), header_value(&name, value)?);
        Ok(self)
    }
}

/// A header's value.
///
/// # Errors
///
/// `InvalidInput` if it holds a control character.
pub(crate) fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue> {
    HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
        Error::invalid_input(format!("the value of the header `{name}` holds a control character"))
    })
}
