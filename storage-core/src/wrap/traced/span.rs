use tracing::Span;
use tracing::field::Empty;

use super::operation::{Ending, Facts, Subject};
use crate::{Error, ErrorKind};

/// Span names are static: one for each operation.
macro_rules! named {
    ($operation:ident, $store:ident, $subject:ident, [$($name:literal),+]) => {
        match $operation {
            $($name => named!(@span concat!("storage.", $name), $operation, $store, $subject),)+
            _ => named!(@span "storage", $operation, $store, $subject),
        }
    };
    (@span $name:expr, $operation:ident, $store:ident, $subject:ident) => {
        tracing::info_span!(
            $name,
            otel.kind = "client",
            otel.status_code = Empty,
            storage.operation = $operation,
            storage.name = $store,
            storage.key = $subject.key,
            storage.target_key = $subject.target,
            storage.prefix = $subject.prefix,
            storage.size = Empty,
            storage.sent = Empty,
            storage.received = Empty,
            storage.items = Empty,
            storage.outcome = Empty,
            "error.type" = Empty,
            http.response.status_code = Empty,
            aws.request_id = Empty,
        )
    };
}

pub(super) fn new(operation: &'static str, store: &str, subject: Subject<'_>) -> Span {
    named!(
        operation,
        store,
        subject,
        [
            "probe",
            "put",
            "get",
            "stat",
            "tags",
            "delete",
            "delete_many",
            "list",
            "list_level",
            "copy",
            "rename"
        ]
    )
}

pub(super) fn end(span: &Span, facts: &Facts, ending: Ending<'_>) {
    if span.is_disabled() {
        return;
    }
    span.record("storage.outcome", ending.as_str());
    for (field, count) in [
        ("storage.size", facts.size),
        ("storage.sent", facts.sent),
        ("storage.received", facts.received),
        ("storage.items", facts.items),
    ] {
        if let Some(count) = count {
            span.record(field, count);
        }
    }
    if let Ending::Failed(error) = ending {
        failed(span, error);
    }
}

/// The error's text is left out: it names the key.
fn failed(span: &Span, error: &Error) {
    span.record("error.type", error.kind().as_str());
    if !is_answer(error.kind()) {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(status) = error.http_status() {
        span.record("http.response.status_code", status);
    }
    if let Some(id) = error.request_id() {
        span.record("aws.request_id", id);
    }
}

/// What callers ask for: no store has failed with it.
const fn is_answer(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::PreconditionFailed
            | ErrorKind::RangeNotSatisfiable
    )
}
