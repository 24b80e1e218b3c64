use std::error::Error as StdError;
use std::fmt;
use std::io;

use object_store::Error as Foreign;
use object_store::path;
use storage_core::{Error, ErrorKind};

use super::answer::Answer;
use super::refusal;

/// What a folder on disk cannot do.
pub(crate) const FILE_AND_FOLDER: &str = "a folder cannot hold `f` beside `f/g`";

/// An error of `object_store` as ours, without operation, key and store yet.
///
/// Its text is not kept as it is: it may hold the address of a request with its signature, and the server's own words on a signature.
pub(crate) fn translate(foreign: Foreign) -> Error {
    if let Some(ours) = cause::<Error>(&foreign) {
        return again(ours);
    }
    if let Some(answer) = Answer::find(&foreign) {
        return of_answer(&foreign, answer);
    }
    if let Some(error) = of_transport(&foreign) {
        return error;
    }
    let io_kind = cause::<io::Error>(&foreign).map(io::Error::kind);
    let (kind, message) = match (&foreign, io_kind) {
        (Foreign::NotFound { .. }, _) => (ErrorKind::NotFound, ""),
        (Foreign::AlreadyExists { .. }, _) => (ErrorKind::AlreadyExists, ""),
        (Foreign::Precondition { .. } | Foreign::NotModified { .. }, _) => {
            (ErrorKind::PreconditionFailed, "")
        }
        (Foreign::PermissionDenied { .. }, _) => (ErrorKind::PermissionDenied, ""),
        (Foreign::Unauthenticated { .. }, _) => (ErrorKind::Unauthenticated, ""),
        (Foreign::NotSupported { .. } | Foreign::NotImplemented { .. }, _) => {
            (ErrorKind::Unsupported, "this backend cannot do it")
        }
        (Foreign::UnknownConfigurationKey { .. }, _) => {
            (ErrorKind::InvalidInput, "an option that is not known")
        }
        (Foreign::InvalidPath { source }, _) => return of_path(source, &foreign),
        (_, Some(kind)) => of_io(kind),
        _ => (ErrorKind::Other, ""),
    };
    Error::new(kind, message).with_source(Cause::of(&foreign))
}

/// An error of our own that has been through `object_store`: our transport's, or that of a store of ours below.
fn again(ours: &Error) -> Error {
    let error = Error::new(ours.kind(), ours.message().to_owned()).with_retryable(ours.is_retryable());
    let error = ours.code().map(str::to_owned).into_iter().fold(error, Error::with_code);
    let error = ours.http_status().into_iter().fold(error, Error::with_http_status);
    match ours.hint() {
        Some(hint) => error.with_hint(hint.to_owned()),
        None => error,
    }
}

fn of_answer(foreign: &Foreign, answer: Answer) -> Error {
    // What `object_store` makes of a status is right only where the code does not say more: to it, any 409 is "exists".
    let by_code = answer.code.as_deref().and_then(|code| refusal::by_code(code, answer.message.as_deref()));
    let (kind, message) = by_code.unwrap_or_else(|| refusal::by_status(answer.status));
    let kind = match (kind, foreign) {
        // A condition on what is not there.
        (ErrorKind::NotFound, Foreign::Precondition { .. }) => ErrorKind::PreconditionFailed,
        (ErrorKind::PreconditionFailed, Foreign::AlreadyExists { .. }) => ErrorKind::AlreadyExists,
        (kind, _) => kind,
    };
    let message = match (&answer.message, kind) {
        // On signatures the server's words are not passed on.
        (Some(said), ErrorKind::InvalidInput | ErrorKind::Other | ErrorKind::PermissionDenied)
            if message.is_empty() =>
        {
            said.clone()
        }
        (Some(said), ErrorKind::InvalidInput | ErrorKind::Other) => format!("{message}: {said}"),
        _ => message.to_owned(),
    };
    let error = Error::new(kind, message).with_http_status(answer.status);
    match answer.code {
        Some(code) => error.with_code(code),
        None => error,
    }
}

#[cfg(feature = "_http")]
fn of_transport(foreign: &Foreign) -> Option<Error> {
    use object_store::client::{HttpError, HttpErrorKind};

    let error = cause::<HttpError>(foreign)?;
    let (kind, message) = match error.kind() {
        HttpErrorKind::Connect => (ErrorKind::Unavailable, "no connection"),
        HttpErrorKind::Timeout => (ErrorKind::Timeout, ""),
        HttpErrorKind::Interrupted | HttpErrorKind::Request => {
            (ErrorKind::Unavailable, "the connection broke")
        }
        HttpErrorKind::Decode => (ErrorKind::Corrupt, "the answer cannot be read"),
        _ => (ErrorKind::Other, ""),
    };
    Some(Error::new(kind, message).with_source(Cause(innermost(error))))
}

#[cfg(not(feature = "_http"))]
fn of_transport(_: &Foreign) -> Option<Error> {
    None
}

fn of_io(kind: io::ErrorKind) -> (ErrorKind, &'static str) {
    match kind {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            (ErrorKind::PermissionDenied, "")
        }
        io::ErrorKind::TimedOut => (ErrorKind::Timeout, ""),
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
            (ErrorKind::Unsupported, FILE_AND_FOLDER)
        }
        io::ErrorKind::InvalidFilename => {
            (ErrorKind::Unsupported, "a folder cannot hold a name of more than 255 bytes")
        }
        io::ErrorKind::UnexpectedEof => (ErrorKind::Corrupt, ""),
        _ => (ErrorKind::Other, ""),
    }
}

/// A path that `object_store` refuses. In a listing it is somebody else's object, which stands in the way of the rest.
fn of_path(source: &path::Error, foreign: &Foreign) -> Error {
    let key = match source {
        path::Error::EmptySegment { path }
        | path::Error::BadSegment { path, .. }
        | path::Error::NonUnicode { path, .. } => Some(path),
        _ => None,
    };
    let error = Error::unsupported("object_store cannot address a key that is there")
        .with_hint("delete or rename the object with another tool, or list a prefix that it is not below")
        .with_source(Cause::of(foreign));
    match key {
        Some(key) => error.with_key(key),
        None => error,
    }
}

/// The first error of this type among the causes, through the [`io::Error`]s that hide theirs.
pub(crate) fn cause<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// What is kept of a foreign error: what its innermost cause says, which holds no address.
#[derive(Debug)]
struct Cause(String);

impl Cause {
    fn of(foreign: &Foreign) -> Self {
        Self(innermost(foreign))
    }
}

fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Cause {}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `object_store` nests them: its own error, one with the address, one with the answer.
    #[derive(Debug)]
    struct Nested(&'static str, Option<Box<Self>>);

    impl fmt::Display for Nested {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Nested {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.1.as_deref().map(|nested| nested as _)
        }
    }

    fn answered(text: &'static str) -> Box<dyn StdError + Send + Sync> {
        Box::new(Nested("Error performing PUT https://h/b/k?sig=SECRET", Some(Box::new(Nested(text, None)))))
    }

    fn exists(text: &'static str) -> Error {
        translate(Foreign::AlreadyExists { path: "k".into(), source: answered(text) })
    }

    #[test]
    fn a_conflict_is_not_taken_for_a_taken_key() {
        let conflict = exists(
            "Server returned non-2xx status code: 409 Conflict: <Error><Code>ConditionalRequestConflict</Code></Error>",
        );
        assert_eq!((conflict.kind(), conflict.is_retryable()), (ErrorKind::Unavailable, true));
        assert_eq!(
            exists("Server returned non-2xx status code: 412 Precondition Failed: ").kind(),
            ErrorKind::AlreadyExists
        );
        let azure = "Server returned non-2xx status code: 409 Conflict: <Error><Code>BlobAlreadyExists</Code></Error>";
        assert_eq!(exists(azure).kind(), ErrorKind::AlreadyExists);
        let memory = Foreign::AlreadyExists { path: "k".into(), source: "there".into() };
        assert_eq!(translate(memory).kind(), ErrorKind::AlreadyExists);
    }

    #[test]
    fn a_missing_bucket_is_not_a_missing_object() {
        let source = answered(
            "Server returned non-2xx status code: 404 Not Found: <Error><Code>NoSuchBucket</Code></Error>",
        );
        assert_eq!(
            translate(Foreign::NotFound { path: "k".into(), source }).kind(),
            ErrorKind::BucketMissing
        );
        let source = answered(
            "Server returned non-2xx status code: 404 Not Found: <Error><Code>NoSuchBucket</Code></Error>",
        );
        assert_eq!(translate(Foreign::Generic { store: "S3", source }).kind(), ErrorKind::BucketMissing);
    }

    #[test]
    fn only_a_store_that_answered_says_not_found() {
        let source = Box::new(io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(translate(Foreign::Generic { store: "local", source }).kind(), ErrorKind::Other);
    }

    #[test]
    fn no_address_and_no_signature_is_kept() {
        let said = "Server returned non-2xx status code: 403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code>\
                    <Message>not SECRET</Message><SignatureProvided>SECRET</SignatureProvided></Error>";
        let error = translate(Foreign::PermissionDenied { path: "k".into(), source: answered(said) });
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        assert!(!format!("{error:?} {error}").contains("SECRET"), "{error:?}");
        let plain = translate(Foreign::Generic { store: "S3", source: answered("cut off") });
        assert!(!format!("{plain:?}").contains("SECRET") && format!("{plain:?}").contains("cut off"));
    }

    #[test]
    fn a_key_that_cannot_be_addressed_is_named_with_the_remedy() {
        let error = translate(path::Path::parse("a//b").map(drop).map_err(Foreign::from).unwrap_err());
        assert_eq!((error.kind(), error.key()), (ErrorKind::Unsupported, Some("a//b")));
        assert!(error.hint().is_some_and(|hint| hint.contains("rename")));
    }
}
