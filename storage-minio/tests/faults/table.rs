//! The table of outcomes. It is what is promised, not what was found.

use std::time::Duration;

use http::HeaderValue;
use http::header::ETAG;
use s3_testserver::{Answer, Effect};
use storage_core::ErrorKind::{
    AlreadyExists, Corrupt, Other, PermissionDenied, PreconditionFailed, Throttled, Timeout, Unavailable,
    WrongRegion,
};

use super::bombs;
use super::row::Outcome::{
    BeginsAgain, Fails, FailsAndLeavesUpload, Never, Repeats, RepeatsAndLeavesUploads, Succeeds, Unnoticed,
};
use super::row::{Row, SHORT};
use super::step::Step::{
    Begin, Complete, CopyComplete, CopyLook, CopyPart, CopyWhole, Create, DeleteMany, Get, GetLarge,
    GetRange, Part, Save, SaveLarge,
};
use super::step::{
    COMPLETING, CONDITIONAL, CONTENT, DOCUMENTS, EMPTY_ANSWERS, EMPTY_REQUESTS, EVERY, LOOKING, READING,
    WHOLE,
};

/// How many bytes of an answer come before it breaks.
const SOME: usize = 5;

const NO_BODY: &str = "the answer has no body";
const NOTHING_SENT: &str = "the request has no body";
const NO_DOCUMENT: &str = "the answer is no document";

/// The largest listing, and more than the system buffers.
const LISTING_AND_BUFFERS: u64 = 8 * 1024 * 1024 + 32 * 1024 * 1024;

/// All rows.
pub(crate) fn table() -> Vec<Row> {
    let mut rows = connections();
    rows.extend(silence());
    rows.extend(refusals());
    rows.extend(nonsense());
    rows.extend(changes());
    rows
}

fn connections() -> Vec<Row> {
    vec![
        Row::new("connection refused", |_| Effect::Close).refused().is(Repeats(Unavailable), EVERY),
        Row::new("reset before the answer", |_| Effect::Reset).is(Repeats(Unavailable), EVERY),
        Row::new("closed before the answer", |_| Effect::Close).is(Repeats(Unavailable), EVERY),
        Row::new("reset after the work is done", |_| Effect::Reset)
            .after_work()
            .is(Repeats(Unavailable), EVERY)
            .is(RepeatsAndLeavesUploads(Unavailable), &[Begin])
            .is(Succeeds, CONDITIONAL)
            .is(Succeeds, COMPLETING),
        Row::new("closed after the work is done", |_| Effect::Close)
            .after_work()
            .is(Repeats(Unavailable), EVERY)
            .is(RepeatsAndLeavesUploads(Unavailable), &[Begin])
            .is(Succeeds, CONDITIONAL)
            .is(Succeeds, COMPLETING),
        Row::new("reset in the middle of the upload", |_| Effect::ResetUpload(20))
            .is(Repeats(Unavailable), EVERY)
            .is(Never(NOTHING_SENT), EMPTY_REQUESTS),
        Row::new("reset in the middle of the answer", |_| Effect::ResetBody(SOME))
            .work_is_done()
            .is(Repeats(Unavailable), EVERY)
            .is(RepeatsAndLeavesUploads(Unavailable), &[Begin])
            .is(Succeeds, COMPLETING)
            .is(Never(NO_BODY), EMPTY_ANSWERS),
        Row::new("truncated answer", |_| Effect::TruncateBody(SOME))
            .work_is_done()
            .is(Repeats(Unavailable), EVERY)
            .is(RepeatsAndLeavesUploads(Unavailable), &[Begin])
            .is(Succeeds, COMPLETING)
            .is(Never(NO_BODY), EMPTY_ANSWERS),
    ]
}

fn silence() -> Vec<Row> {
    vec![
        Row::new("hangs before the answer", |_| Effect::Hang)
            .read_timeout(SHORT)
            .is(Fails(Timeout), EVERY)
            .is(Repeats(Timeout), READING),
        Row::new("hangs after the work is done", |_| Effect::Hang)
            .after_work()
            .read_timeout(SHORT)
            .is(Fails(Timeout), EVERY)
            .is(FailsAndLeavesUpload(Timeout), &[Begin])
            .is(Succeeds, CONDITIONAL)
            .is(Succeeds, COMPLETING)
            .is(Repeats(Timeout), READING),
        Row::new("hangs in the middle of the upload", |_| Effect::HangUpload(20))
            .read_timeout(SHORT)
            .is(Fails(Timeout), EVERY)
            .is(Never(NOTHING_SENT), EMPTY_REQUESTS),
        Row::new("hangs in the middle of the answer", |_| Effect::HangBody(SOME))
            .work_is_done()
            .budget(Duration::from_secs(22))
            .read_timeout(SHORT)
            .is(Fails(Timeout), EVERY)
            .is(FailsAndLeavesUpload(Timeout), &[Begin])
            .is(Succeeds, COMPLETING)
            .is(Repeats(Timeout), READING)
            .is(Never(NO_BODY), EMPTY_ANSWERS),
        Row::new("slow upload", |_| Effect::DripUpload(Duration::from_millis(50)))
            .is(Succeeds, EVERY)
            .is(Never(NOTHING_SENT), EMPTY_REQUESTS),
        Row::new("slow answer", |step| match step {
            GetLarge => Effect::Drip(20 * 1024, Duration::from_millis(100)),
            _ => Effect::Drip(80, Duration::from_millis(100)),
        })
        .read_timeout(SHORT)
        .is(Succeeds, EVERY)
        .is(Never(NO_BODY), EMPTY_ANSWERS),
    ]
}

fn refusals() -> Vec<Row> {
    vec![
        Row::new("500 InternalError", |_| Effect::Answer(Answer::error(500, "InternalError")))
            .is(Repeats(Unavailable), EVERY),
        Row::new("502 of a proxy", |_| Effect::Answer(Answer::new(502).body("<html>Bad Gateway</html>")))
            .is(Repeats(Unavailable), EVERY),
        Row::new("503 SlowDown", |_| Effect::Answer(Answer::error(503, "SlowDown")))
            .is(Repeats(Throttled), EVERY)
            .is(Repeats(Unavailable), LOOKING),
        Row::new("503 SlowDown, Retry-After: 1", |_| {
            Effect::Answer(Answer::error(503, "SlowDown").header("retry-after", "1"))
        })
        .is(Repeats(Throttled), EVERY)
        .is(Repeats(Unavailable), LOOKING),
        Row::new("503 SlowDown, Retry-After: 3600", |_| {
            Effect::Answer(Answer::error(503, "SlowDown").header("retry-after", "3600"))
        })
        .budget(Duration::from_secs(2))
        .is(Fails(Throttled), EVERY)
        .is(Fails(Unavailable), LOOKING),
        Row::new("403 AccessDenied", |_| Effect::Answer(Answer::error(403, "AccessDenied")))
            .is(Fails(PermissionDenied), EVERY),
        Row::new("404 of a proxy", |_| Effect::Answer(Answer::new(404).body("404 page not found")))
            .is(Fails(Other), EVERY)
            // A GET, which has a document to say more, is answered by the server.
            .is(Fails(Unavailable), LOOKING),
        Row::new("409 ConditionalRequestConflict", |_| {
            Effect::Answer(Answer::error(409, "ConditionalRequestConflict"))
        })
        .is(Repeats(Unavailable), EVERY)
        .is(Fails(Other), LOOKING),
        Row::new("412 PreconditionFailed", |_| Effect::Answer(Answer::error(412, "PreconditionFailed")))
            .is(Fails(PreconditionFailed), EVERY)
            .is(Fails(AlreadyExists), &[Create, Complete, CopyComplete])
            // Under another name.
            .is(Succeeds, &[Save, SaveLarge])
            // The source may have been replaced, and is looked at again.
            .is(BeginsAgain(PreconditionFailed), &[CopyWhole, CopyPart]),
        Row::new("redirect to another host", |_| {
            Effect::Answer(Answer::new(307).header("location", "http://192.0.2.1/elsewhere"))
        })
        .is(Fails(Other), EVERY),
        Row::new("redirect to another region", |_| {
            Effect::Answer(Answer::new(301).header("x-amz-bucket-region", "eu-west-1"))
        })
        .is(Fails(WrongRegion), EVERY),
        Row::new("error in a 200", bombs::error_in_success)
            .is(Repeats(Unavailable), DOCUMENTS)
            .is(Never(NO_DOCUMENT), CONTENT)
            .is(Never(NO_DOCUMENT), EMPTY_ANSWERS),
        Row::new("500 without an end", bombs::endless_refusal)
            .most_sent(LISTING_AND_BUFFERS)
            .is(Repeats(Unavailable), EVERY),
    ]
}

fn nonsense() -> Vec<Row> {
    let nonsense = |name, effect| {
        Row::new(name, effect)
            .most_sent(LISTING_AND_BUFFERS)
            .is(Fails(Corrupt), DOCUMENTS)
            .is(Never(NO_DOCUMENT), CONTENT)
            .is(Never(NO_DOCUMENT), EMPTY_ANSWERS)
    };
    vec![
        Row::new("no HTTP", |_| Effect::Raw("220 smtp.example.org ESMTP\r\n\r\n".into()))
            .is(Repeats(Unavailable), EVERY),
        nonsense("web page in a 200", bombs::html).is(Fails(Other), WHOLE).is(Fails(Corrupt), &[Part]),
        nonsense("truncated XML", bombs::truncated),
        nonsense("XML that expands", bombs::expanding),
        nonsense("XML that is deep", bombs::deep),
        nonsense("XML without an end", bombs::endless),
    ]
}

fn changes() -> Vec<Row> {
    const SMUGGLED: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
    vec![
        Row::new("body longer than declared", |_| Effect::ExtendBody(SMUGGLED.into())).is(Succeeds, EVERY),
        Row::new("flipped byte in the answer", |_| Effect::FlipByte(SOME))
            .work_is_done()
            .is(Fails(Corrupt), EVERY)
            .is(FailsAndLeavesUpload(Corrupt), &[Begin])
            .is(Succeeds, COMPLETING)
            .is(Unnoticed, &[GetRange, GetLarge])
            .is(Never(NO_BODY), EMPTY_ANSWERS),
        Row::new("flipped byte in the upload", |_| Effect::FlipUpload(7))
            .is(Repeats(Corrupt), EVERY)
            .is(Never(NOTHING_SENT), EMPTY_REQUESTS),
        Row::new("flipped byte in an upload without a hash", |_| Effect::FlipUpload(7))
            .unsigned()
            .is(Unnoticed, WHOLE)
            .is(Unnoticed, &[Part])
            .is(Never("what is no object is signed or has a digest"), COMPLETING)
            .is(Never("what is no object is signed or has a digest"), &[DeleteMany])
            .is(Never(NOTHING_SENT), EMPTY_REQUESTS),
        Row::new("wrong ETag", |_| {
            Effect::Header(ETAG, HeaderValue::from_static("\"0123456789abcdef0123456789abcdef\""))
        })
        .work_is_done()
        // It is the server's word for what it has.
        .is(Succeeds, EVERY)
        .is(Fails(Corrupt), &[Get, GetLarge, Part])
        // The source seems to have been replaced, and is looked at again.
        .is(BeginsAgain(PreconditionFailed), &[CopyLook])
        .is(Never("the answer has no such header"), DOCUMENTS),
    ]
}
