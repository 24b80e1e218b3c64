use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use storage_core::{Error, ErrorKind, Result};

use super::answer::text_of;
use super::error_code::{is_changed_content, is_transient, kind_of_code, kind_of_status};
use super::failure::{Again, Failure};
use super::printable::printable;
use super::request::{Condition, Digested, Request};
use super::words::kind_of_words;
use crate::actions::xml::Xml;

const REQUEST_ID: &str = "x-amz-request-id";

/// An answer that says no, with all that it says.
pub(super) struct Refusal<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    pub(super) document: &'a [u8],
    /// The time by the clock that the request was signed with.
    pub(super) now: SystemTime,
    pub(super) region: &'a str,
}

/// The elements of S3's error document that are of use
/// ([S3 API, "REST error responses"](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses)).
#[derive(Default)]
struct Document {
    code: Option<String>,
    message: Option<String>,
    region: Option<String>,
    request_id: Option<String>,
}

impl Refusal<'_> {
    pub(super) fn into_failure(self, request: &Request) -> Failure {
        let document = Document::read(self.document).unwrap_or_default();
        let code = document.code.clone().or_else(|| self.header("x-minio-error-code"));
        let mut error =
            self.error(request, code.as_deref(), &document).with_http_status(self.status.as_u16());
        if let Some(code) = &code {
            error = error.with_code(printable(code));
        }
        if let Some(id) = document.request_id.or_else(|| self.header(REQUEST_ID)) {
            error = error.with_request_id(printable(&id));
        }
        let again = match self.is_transient(request, code.as_deref()) && error.is_retryable() {
            true => self.retry_after().map_or(Again::Soon, Again::After),
            false => Again::No,
        };
        Failure { error, again, reached: true }
    }

    fn error(&self, request: &Request, code: Option<&str>, document: &Document) -> Error {
        let region = document.region.clone().or_else(|| self.header("x-amz-bucket-region"));
        if self.status.is_redirection() {
            return match region {
                Some(region) => self.wrong_region(Some(&region)),
                None => self.redirect(),
            };
        }
        let words = document.message.as_deref().unwrap_or_default();
        let said = printable(words);
        let kind = match was_changed(request, code) {
            true => ErrorKind::Corrupt,
            false => kind_of_words(code, words.trim().trim_end_matches('.'))
                .or_else(|| code.and_then(kind_of_code))
                .unwrap_or_else(|| kind_of_status(self.status.as_u16())),
        };
        match (kind, code) {
            (ErrorKind::PreconditionFailed, _) if request.condition == Condition::Absent => {
                Error::new(ErrorKind::AlreadyExists, "")
            }
            (ErrorKind::NotFound, Some(_)) if request.condition == Condition::Present => {
                Error::new(ErrorKind::PreconditionFailed, "there is no object under the key")
            }
            // A HEAD has no document to say more.
            (ErrorKind::Other, None)
                if self.status == StatusCode::NOT_FOUND && request.method == Method::HEAD && self.is_of_s3() =>
            {
                Error::new(ErrorKind::NotFound, "")
            }
            (ErrorKind::Unauthenticated, Some("AuthorizationHeaderMalformed"))
                if region.as_ref().map_or(words.contains("region"), |region| *region != self.region) =>
            {
                self.wrong_region(region.as_deref())
            }
            (ErrorKind::WrongRegion, _) => self.wrong_region(region.as_deref()),
            (ErrorKind::PermissionDenied, None) if self.skew().is_some_and(|skew| skew.1 > MAX_SKEW) => self.clock_skewed(),
            (ErrorKind::ClockSkewed, _) => self.clock_skewed(),
            (ErrorKind::BucketMissing, _) => Error::new(kind, "").with_hint(
                "check the bucket's name, or create it: `MinioStorage::create_bucket`, or `create_bucket_on_save` of its builder",
            ),
            (ErrorKind::Other, None) => Error::new(kind, "the answer is not that of an S3 server")
                .with_hint("check that the endpoint is the address of an S3 server, not of its console or another site"),
            // The rest of what a server says about these would only repeat the kind, or the request's signature.
            (
                ErrorKind::NotFound
                | ErrorKind::Unauthenticated
                | ErrorKind::PreconditionFailed
                | ErrorKind::RangeNotSatisfiable,
                _,
            ) => Error::new(kind, ""),
            // A fault of the server by its status, which no repetition mends.
            (ErrorKind::Unsupported, Some("ServiceUnavailable" | "InternalError")) => {
                return Error::new(kind, "this server's database cannot hold so long a key");
            }
            _ => Error::new(kind, said),
        }
        .with_retryable(self.is_transient(request, code))
    }

    /// Whether an S3 server answered, and not a proxy with none behind it. S3, MinIO, SeaweedFS, VersityGW and Ceph number their answers;
    /// Garage 2.5 does not, but announces the type of S3's error document with a HEAD too. Proxies' own pages are HTML or plain text.
    fn is_of_s3(&self) -> bool {
        self.headers.contains_key(REQUEST_ID)
            || self.header(CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("application/xml"))
    }

    fn is_transient(&self, request: &Request, code: Option<&str>) -> bool {
        is_transient(self.status.as_u16(), code) || was_changed(request, code)
    }

    fn redirect(&self) -> Error {
        let target = self.header("location").and_then(|target| target.parse::<http::Uri>().ok());
        let target =
            target.and_then(|uri| Some(format!("{}://{}{}", uri.scheme_str()?, uri.host()?, uri.path())));
        let target = target.unwrap_or_else(|| "elsewhere".to_owned());
        Error::new(ErrorKind::Other, format!("the server redirects to {}", printable(&target))).with_hint(
            "set the endpoint to the address of the S3 server itself; signed requests are not redirected",
        )
    }

    fn wrong_region(&self, expected: Option<&str>) -> Error {
        Error::new(
            ErrorKind::WrongRegion,
            match expected {
                Some(expected) => format!(
                    "the bucket is in `{}`, the request was signed for `{}`",
                    printable(expected),
                    self.region
                ),
                None => format!("the request was signed for `{}`", self.region),
            },
        )
    }

    fn clock_skewed(&self) -> Error {
        Error::new(
            ErrorKind::ClockSkewed,
            match self.skew() {
                Some((direction, by)) => format!("this clock is {} s {direction} the server's", by.as_secs()),
                None => String::new(),
            },
        )
    }

    /// How far this clock is from the server's, if the server said its time.
    fn skew(&self) -> Option<(&'static str, Duration)> {
        let theirs = httpdate::parse_http_date(&self.header(DATE.as_str())?).ok()?;
        Some(match self.now.duration_since(theirs) {
            Ok(ahead) => ("ahead of", ahead),
            Err(behind) => ("behind", behind.duration()),
        })
    }

    /// Seconds or a date ([RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
    fn retry_after(&self) -> Option<Duration> {
        let value = self.header(RETRY_AFTER.as_str())?;
        match value.trim().parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => {
                Some(httpdate::parse_http_date(&value).ok()?.duration_since(self.now).unwrap_or_default())
            }
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| text_of(value.as_bytes())).filter(|value| !value.is_empty())
    }
}

/// Whether the content was right when it was sent, and is not what the server found.
fn was_changed(request: &Request, code: Option<&str>) -> bool {
    // Garage 2.5 calls a hash that does not match an invalid one.
    let is_other = is_changed_content(code) || code == Some("InvalidDigest");
    match request.digested {
        Digested::ByCaller => false,
        Digested::Here => is_other,
        Digested::OfDocument => is_other || code == Some("MalformedXML"),
    }
}

/// The least by which servers refuse a request as skewed
/// ([S3 API, "Error responses"](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), `RequestTimeTooSkewed`).
const MAX_SKEW: Duration = Duration::from_secs(15 * 60);

impl Document {
    /// What is readable of an error document, or `None` if it is none.
    fn read(document: &[u8]) -> Option<Self> {
        let mut xml = Xml::open_as(document, "Error").ok()?;
        let mut read = Self::default();
        // A document that breaks off still has its first elements.
        let _: Result<()> = (|| {
            while let Some(name) = xml.child()? {
                match name {
                    "Code" => read.code = Some(xml.text()?.into_owned()),
                    "Message" => read.message = Some(xml.text()?.into_owned()),
                    "Region" => {
                        read.region = Some(xml.text()?.into_owned()).filter(|region| !region.is_empty());
                    }
                    "RequestId" => read.request_id = Some(xml.text()?.into_owned()),
                    _ => xml.skip()?,
                }
            }
            Ok(())
        })();
        Some(read).filter(|read| read.code.is_some())
    }
}

/// Whether a document of a successful answer is an error nevertheless, as copies and completions may be
/// ([S3 API, CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)).
pub(super) fn is_error_document(document: &[u8]) -> bool {
    matches!(Xml::open(document), Ok((_, "Error")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, headers: &[(&'static str, &str)], document: &str, request: &Request) -> Failure {
        let headers: HeaderMap =
            headers.iter().map(|(n, v)| (http::HeaderName::from_static(n), v.parse().unwrap())).collect();
        let refusal = Refusal {
            status: StatusCode::from_u16(status).unwrap(),
            headers: &headers,
            document: document.as_bytes(),
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000),
            region: "us-east-1",
        };
        refusal.into_failure(request)
    }

    fn get() -> Request {
        Request::object(Method::GET, "k")
    }

    fn coded(code: &str) -> String {
        format!("<Error><Code>{code}</Code><Message>Said so.</Message><RequestId>17A</RequestId></Error>")
    }

    #[test]
    fn codes_decide_before_statuses() {
        for (status, code, kind, again) in [
            (404, "NoSuchKey", ErrorKind::NotFound, Again::No),
            (404, "NoSuchBucket", ErrorKind::BucketMissing, Again::No),
            (403, "AccessDenied", ErrorKind::PermissionDenied, Again::No),
            (403, "SignatureDoesNotMatch", ErrorKind::Unauthenticated, Again::No),
            (400, "ExpiredToken", ErrorKind::Unauthenticated, Again::No),
            (503, "SlowDown", ErrorKind::Throttled, Again::Soon),
            (503, "SlowDownWrite", ErrorKind::Unavailable, Again::Soon),
            (500, "InternalError", ErrorKind::Unavailable, Again::Soon),
            (200, "InternalError", ErrorKind::Unavailable, Again::Soon),
            (400, "RequestTimeout", ErrorKind::Timeout, Again::Soon),
            (409, "ConditionalRequestConflict", ErrorKind::Unavailable, Again::Soon),
            (501, "NotImplemented", ErrorKind::Unsupported, Again::No),
            (400, "BadDigest", ErrorKind::Corrupt, Again::Soon),
            (400, "InvalidPart", ErrorKind::Corrupt, Again::No),
            (400, "KeyTooLongError", ErrorKind::InvalidInput, Again::No),
            (416, "InvalidRange", ErrorKind::RangeNotSatisfiable, Again::No),
            (412, "PreconditionFailed", ErrorKind::PreconditionFailed, Again::No),
            (418, "NeverHeardOf", ErrorKind::Other, Again::No),
        ] {
            let failure = failure(status, &[], &coded(code), &get());
            assert_eq!((failure.error.kind(), failure.again), (kind, again), "{code}");
            assert_eq!((failure.error.code(), failure.error.request_id()), (Some(code), Some("17A")));
            assert_eq!(failure.error.is_retryable(), again != Again::No, "{code}");
        }
    }

    #[test]
    fn only_content_with_a_digest_of_our_own_is_sent_again() {
        let outcome = |code, digested| {
            let mut request = get();
            request.digested = digested;
            let failure = failure(400, &[], &coded(code), &request);
            (failure.error.kind(), failure.again, failure.error.is_retryable())
        };
        let (sent_again, final_) = ((ErrorKind::Corrupt, Again::Soon, true), |kind| (kind, Again::No, false));
        assert_eq!(outcome("BadDigest", Digested::ByCaller), final_(ErrorKind::Corrupt));
        assert_eq!(outcome("XAmzContentSHA256Mismatch", Digested::Here), sent_again);
        assert_eq!(outcome("InvalidDigest", Digested::Here), sent_again);
        assert_eq!(outcome("InvalidDigest", Digested::ByCaller), final_(ErrorKind::InvalidInput));
        assert_eq!(outcome("MalformedXML", Digested::Here), final_(ErrorKind::InvalidInput));
        assert_eq!(outcome("MalformedXML", Digested::OfDocument), sent_again);
    }

    #[test]
    fn without_a_code_the_status_decides_but_never_says_not_found() {
        for (status, kind) in [
            (404, ErrorKind::Other),
            (403, ErrorKind::PermissionDenied),
            (502, ErrorKind::Unavailable),
            (429, ErrorKind::Throttled),
            (413, ErrorKind::InvalidInput),
        ] {
            assert_eq!(failure(status, &[], "<html>", &get()).error.kind(), kind, "{status}");
        }
        let missing =
            failure(404, &[("x-minio-error-code", "NoSuchBucket")], "", &Request::object(Method::HEAD, "k"));
        assert_eq!(missing.error.kind(), ErrorKind::BucketMissing);
        assert!(missing.error.hint().unwrap().contains("create_bucket"));
    }

    #[test]
    fn a_head_is_told_not_found_by_an_s3_server_only() {
        for (headers, kind) in [
            (vec![("x-amz-request-id", "18EACB029C80DA9C")], ErrorKind::NotFound),
            (vec![("content-type", "application/xml")], ErrorKind::NotFound),
            (vec![("content-type", "text/html")], ErrorKind::Other),
            (vec![("server", "nginx")], ErrorKind::Other),
            (vec![], ErrorKind::Other),
        ] {
            let failure = failure(404, &headers, "", &Request::object(Method::HEAD, "k"));
            assert_eq!((failure.error.kind(), failure.again), (kind, Again::No), "{headers:?}");
        }
    }

    #[test]
    fn a_412_means_what_was_asked_for() {
        let kind = |status, code, condition| {
            failure(status, &[], &coded(code), &get().condition(condition)).error.kind()
        };
        assert_eq!(kind(412, "PreconditionFailed", Condition::Absent), ErrorKind::AlreadyExists);
        assert_eq!(kind(412, "PreconditionFailed", Condition::Present), ErrorKind::PreconditionFailed);
        assert_eq!(kind(404, "NoSuchKey", Condition::Present), ErrorKind::PreconditionFailed);
        assert_eq!(kind(409, "ConditionalRequestConflict", Condition::Absent), ErrorKind::Unavailable);
    }

    #[test]
    fn redirects_say_where_to_without_credentials() {
        let elsewhere = [("location", "https://me:secret@console.example.org/login?X-Amz-Signature=abc")];
        let error = failure(302, &elsewhere, "", &get()).error;
        assert_eq!(error.kind(), ErrorKind::Other);
        assert!(error.to_string().contains("https://console.example.org/login"), "{error}");
        assert!(!error.to_string().contains("secret") && !error.to_string().contains("abc"), "{error}");
        let error = failure(301, &[("x-amz-bucket-region", "eu-west-1")], "", &get()).error;
        assert_eq!(error.kind(), ErrorKind::WrongRegion);
        assert!(error.to_string().contains("`eu-west-1`"), "{error}");
    }

    #[test]
    fn a_wrong_region_is_told_from_a_broken_signature() {
        let malformed = |more: &str| {
            let document = format!("<Error><Code>AuthorizationHeaderMalformed</Code>{more}</Error>");
            failure(400, &[], &document, &get()).error.kind()
        };
        assert_eq!(malformed("<Region>eu-west-1</Region>"), ErrorKind::WrongRegion);
        let message = "<Message>The authorization header is malformed; the region 'x' is wrong</Message>";
        assert_eq!(malformed(message), ErrorKind::WrongRegion);
        assert_eq!(malformed("<Message>bad</Message>"), ErrorKind::Unauthenticated);
    }

    #[test]
    fn a_region_that_is_right_is_not_to_blame() {
        let document = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-east-1</Region></Error>";
        assert_eq!(failure(400, &[], document, &get()).error.kind(), ErrorKind::Unauthenticated);
    }

    #[test]
    fn garage_and_versitygw_are_understood() {
        let garage = |status: u16, code: &str, message: &str| {
            let document = format!(
                "<Error><Code>{code}</Code><Message>{message}</Message><Region>us-east-1</Region></Error>"
            );
            let failure = failure(status, &[], &document, &get());
            (failure.error.kind(), failure.error.is_retryable(), failure.again)
        };
        let no = |kind| (kind, false, Again::No);
        assert_eq!(
            garage(403, "AccessDenied", "Forbidden: Invalid signature"),
            no(ErrorKind::Unauthenticated)
        );
        assert_eq!(garage(400, "InvalidRequest", "Bad request: Date is too old"), no(ErrorKind::ClockSkewed));
        let too_long = "Internal error: LMDB: MDB_BAD_VALSIZE: Unsupported size of key";
        assert_eq!(garage(503, "ServiceUnavailable", too_long), no(ErrorKind::Unsupported));
        assert_eq!(garage(501, "NotImplemented", "Unimplemented action: X"), no(ErrorKind::Unsupported));

        let versitygw = |status, code: &str| failure(status, &[], &coded(code), &get()).error.kind();
        assert_eq!(versitygw(404, "XAdminUserNotFound"), ErrorKind::Unauthenticated);
        assert_eq!(versitygw(409, "ObjectParentIsFile"), ErrorKind::Unsupported);
        assert_eq!(versitygw(409, "ExistingObjectIsDirectory"), ErrorKind::Unsupported);
        assert_eq!(versitygw(400, "DirectoryObjectContainsData"), ErrorKind::Unsupported);
    }

    #[test]
    fn a_skewed_clock_is_measured_by_the_servers_date() {
        let an_hour_later = [("date", "Mon, 12 Jan 1970 14:46:40 GMT")];
        let error = failure(403, &an_hour_later, &coded("RequestTimeTooSkewed"), &get()).error;
        assert_eq!(error.kind(), ErrorKind::ClockSkewed);
        assert!(error.message().contains("3600 s behind"), "{error}");
        let unexplained = failure(403, &an_hour_later, "", &Request::object(Method::HEAD, "k")).error;
        assert_eq!(unexplained.kind(), ErrorKind::ClockSkewed);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let again = |value| failure(503, &[("retry-after", value)], &coded("SlowDown"), &get()).again;
        assert_eq!(again("7"), Again::After(Duration::from_secs(7)));
        assert_eq!(again("Mon, 12 Jan 1970 13:46:50 GMT"), Again::After(Duration::from_secs(10)));
        assert_eq!(again("soon"), Again::Soon);
    }

    #[test]
    fn nothing_of_a_signature_is_repeated() {
        let document = "<Error><Code>Odd</Code><Message>X-Amz-Signature=abc is\u{1b} wrong</Message></Error>";
        let error = failure(400, &[], document, &get()).error;
        assert!(!format!("{error:?}").contains("abc"), "{error:?}");
    }
}
