//! Answers that are no answers.

use std::fmt::Write as _;

use bytes::Bytes;
use s3_testserver::{Answer, Effect};

use super::step::Step;

/// The document that a request of this kind is answered with, but for its end.
fn root(step: Step) -> &'static str {
    match step {
        Step::Begin => "InitiateMultipartUploadResult",
        Step::Complete | Step::CompleteOver | Step::SaveLarge | Step::CopyComplete => {
            "CompleteMultipartUploadResult"
        }
        Step::Tags => "Tagging",
        Step::DeleteMany => "DeleteResult",
        Step::List | Step::ListLevel => "ListBucketResult",
        Step::CopyPart => "CopyPartResult",
        _ => "CopyObjectResult",
    }
}

fn document(body: impl Into<Bytes>) -> Answer {
    Answer::new(200).header("content-type", "application/xml").body(body)
}

/// Breaks off within its first element.
pub(crate) fn truncated(step: Step) -> Effect {
    Effect::Answer(document(format!("<?xml version=\"1.0\"?><{}><ETag>\"abc", root(step))))
}

/// A billion laughs.
pub(crate) fn expanding(step: Step) -> Effect {
    let mut entities = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..30 {
        let inner = format!("&a{};", level - 1).repeat(10);
        write!(entities, "<!ENTITY a{level} \"{inner}\">").expect("a string takes all");
    }
    let root = root(step);
    let text = "<ETag>&a29;</ETag><UploadId>&a29;</UploadId><Key>&a29;</Key>";
    Effect::Answer(document(format!(
        "<?xml version=\"1.0\"?><!DOCTYPE {root} [{entities}]><{root}>{text}</{root}>"
    )))
}

/// Elements in elements in elements.
pub(crate) fn deep(step: Step) -> Effect {
    let root = root(step);
    Effect::Answer(document(format!("<{root}>{}{}</{root}>", "<a>".repeat(5_000), "</a>".repeat(5_000))))
}

/// What has no end.
pub(crate) fn endless(_: Step) -> Effect {
    Effect::Endless(document(vec![b'<'; 16 * 1024]))
}

/// A refusal that never ends.
pub(crate) fn endless_refusal(_: Step) -> Effect {
    Effect::Endless(Answer::new(500).body(vec![b'x'; 16 * 1024]))
}

/// Something else listens there.
pub(crate) fn html(_: Step) -> Effect {
    let page = "<!doctype html><html><body>Sign in to the hotel's network</body></html>";
    Effect::Answer(Answer::new(200).header("content-type", "text/html").body(page))
}

/// An error that comes as a success.
pub(crate) fn error_in_success(_: Step) -> Effect {
    Effect::Answer(document("<Error><Code>InternalError</Code><Message>We tried.</Message></Error>"))
}
