use std::error::Error as StdError;
use std::fmt;

type BoxError = Box<dyn StdError + Send + Sync>;

/// How far a request came before its transport failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportFault {
    /// The host's name has no address.
    Resolve,
    /// No connection: refused, no way to the host, or broken before TLS was agreed upon. Nothing was sent.
    Connect,
    /// No connection within the time allowed. Nothing was sent.
    ConnectTimeout,
    /// The server's certificate or its TLS was not accepted. Nothing was sent.
    Tls,
    /// The connection broke while the request was sent or the answer received. The server may have done its work.
    Broken,
    /// Anything else that will fail again in the same way.
    Other,
}

/// Why a transport gave no answer, or not all of it.
#[derive(Debug)]
pub struct TransportError {
    fault: TransportFault,
    source: BoxError,
}

impl TransportError {
    /// A fault and its cause.
    pub fn new(fault: TransportFault, source: impl Into<BoxError>) -> Self {
        Self { fault, source: source.into() }
    }

    /// What the operating system said, if it was it.
    pub(crate) fn io_kind(&self) -> Option<std::io::ErrorKind> {
        cause_of::<std::io::Error>(&*self.source).map(std::io::Error::kind)
    }

    /// How far the request came.
    pub fn fault(&self) -> TransportFault {
        self.fault
    }
}

impl fmt::Display for TransportError {
    /// The cause of all causes: what the operating system or the TLS library said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause: &(dyn StdError + 'static) = &*self.source;
        while let Some(source) = cause.source() {
            cause = source;
        }
        write!(f, "{cause}")
    }
}

impl StdError for TransportError {}

/// The first error of this type in the chain of causes, through the [`std::io::Error`]s that hide theirs.
pub(super) fn cause_of<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_innermost_cause() {
        let inner = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let text = inner.to_string();
        let storage = storage_core::Error::new(storage_core::ErrorKind::Other, "outer").with_source(inner);
        let error = TransportError::new(TransportFault::Connect, storage);
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn finds_a_cause_inside_io_errors() {
        let inner = storage_core::Error::new(storage_core::ErrorKind::Other, "inner");
        let wrapped = std::io::Error::other(std::io::Error::other(inner));
        assert!(cause_of::<storage_core::Error>(&wrapped).is_some());
        assert!(cause_of::<fmt::Error>(&wrapped).is_none());
    }
}
