//! A server that decides as a test says, and what it was asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use storage_core::options::PutMode;
use storage_core::outcome::PutOutcome;
use storage_core::{Body, CopyOptions, PutOptions, Result, Storage};
use storage_minio::{ConditionalWrites, MinioStorage};

use crate::support::{Asked, Reply, Scripted, key};

pub(crate) const LARGE: usize = 6 * 1024 * 1024;

/// How many who race for one key win: one where the condition is honoured, all where it is ignored, and some where it is checked but not
/// atomically.
#[derive(Clone, Copy)]
pub(crate) struct Winners {
    pub(crate) creating: usize,
    pub(crate) replacing: usize,
    pub(crate) creating_in_parts: usize,
    pub(crate) replacing_in_parts: usize,
    pub(crate) copying: usize,
}

pub(crate) const ALL: usize = usize::MAX;

pub(crate) const HONOURED: Winners =
    Winners { creating: 1, replacing: 1, creating_in_parts: 1, replacing_in_parts: 1, copying: 1 };

pub(crate) const IGNORED: Winners =
    Winners { creating: ALL, replacing: ALL, creating_in_parts: ALL, replacing_in_parts: ALL, copying: ALL };

/// What a request is for.
pub(crate) fn purpose(asked: &Asked) -> &'static str {
    let has = |name| asked.header(name).is_some();
    match asked.method.as_str() {
        "HEAD" => "head",
        "DELETE" if asked.query.is_empty() => "delete",
        "DELETE" => "abort",
        "POST" if asked.query == "uploads=" => "begin",
        "POST" if has("if-none-match") => "complete if absent",
        "POST" if has("if-match") => "complete if match",
        "POST" => "complete",
        "PUT" if asked.query.starts_with("partNumber=") && has("x-amz-copy-source") => "copy a part",
        "PUT" if asked.query.starts_with("partNumber=") => "part",
        "PUT" if has("x-amz-copy-source") && has("if-none-match") => "copy if absent",
        "PUT" if has("if-none-match") => "create",
        "PUT" if has("if-match") => "replace",
        "PUT" => "put",
        _ => panic!("unexpected: {}", asked.line()),
    }
}

/// An answer for each request of a server of an unknown kind, at which every object is there for who looks.
pub(crate) fn answers(winners: Winners) -> impl FnMut(&Asked) -> Reply + Send + 'static {
    let mut raced = HashMap::<(String, &str), usize>::new();
    let mut number = 0;
    move |asked| {
        number += 1;
        let purpose = purpose(asked);
        let most = match purpose {
            "create" => winners.creating,
            "replace" => winners.replacing,
            "complete if absent" => winners.creating_in_parts,
            "complete if match" => winners.replacing_in_parts,
            "copy if absent" => winners.copying,
            _ => ALL,
        };
        let so_far = raced.entry((asked.path.clone(), purpose)).or_default();
        *so_far += 1;
        if *so_far > most {
            return Reply::error(412, "PreconditionFailed");
        }
        match purpose {
            "head" => Reply::status(200).header("content-length", 1).header("etag", "\"e\""),
            "delete" | "abort" => Reply::status(204),
            "begin" => Reply::status(200).body(format!(
                "<InitiateMultipartUploadResult><UploadId>up-{number}</UploadId></InitiateMultipartUploadResult>"
            )),
            "copy a part" => Reply::status(200).body("<CopyPartResult><ETag>\"c\"</ETag></CopyPartResult>"),
            "copy if absent" => {
                Reply::status(200).body("<CopyObjectResult><ETag>\"c\"</ETag></CopyObjectResult>")
            }
            "complete" | "complete if absent" | "complete if match" => Reply::status(200).body(
                "<CompleteMultipartUploadResult><ETag>\"w-1\"</ETag></CompleteMultipartUploadResult>",
            ),
            _ => Reply::status(200).header("etag", format!("\"e-{number}\"")),
        }
    }
}

pub(crate) fn unknown(winners: Winners) -> Arc<Scripted> {
    Scripted::new(answers(winners))
}

/// One that treats what it is asked for the probe's keys as `special` says, if it does.
pub(crate) fn except(
    winners: Winners,
    mut special: impl FnMut(&Asked) -> Option<Reply> + Send + 'static,
) -> Arc<Scripted> {
    let mut usual = answers(winners);
    Scripted::new(move |asked| {
        let reply = asked.path.contains("/.probe/").then(|| special(asked)).flatten();
        reply.unwrap_or_else(|| usual(asked))
    })
}

pub(crate) fn auto(transport: &Arc<Scripted>) -> MinioStorage {
    transport.builder().conditional_writes(ConditionalWrites::Auto).build().unwrap()
}

pub(crate) async fn create(storage: &MinioStorage, name: &str) -> Result<PutOutcome> {
    storage.put(&key(name), Body::from("content"), PutOptions::new().mode(PutMode::Create)).await
}

pub(crate) async fn put_large(storage: &MinioStorage, mode: PutMode) -> Result<PutOutcome> {
    storage.put(&key("large"), Body::from(vec![1; LARGE]), PutOptions::new().mode(mode)).await
}

pub(crate) async fn copy_if_absent(storage: &MinioStorage) -> Result<PutOutcome> {
    storage.copy(&key("a"), &key("b"), CopyOptions::new().if_absent()).await
}

/// How often the probes asked for what.
pub(crate) fn probed(transport: &Scripted) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for asked in transport.asked().iter().filter(|asked| asked.path.contains("/.probe/")) {
        let random = asked.path.rsplit('/').next().unwrap();
        assert_eq!(random.len(), 32, "{}", asked.path);
        *counts.entry(purpose(asked)).or_default() += 1;
    }
    counts
}

/// The requests that were not the probes', in order.
pub(crate) fn others(transport: &Scripted) -> Vec<String> {
    let asked = transport.asked();
    asked.iter().filter(|asked| !asked.path.contains("/.probe/")).map(Asked::line).collect()
}

/// The keys of probes that were written and not deleted.
pub(crate) fn left(transport: &Scripted) -> BTreeSet<String> {
    let of = |wanted: fn(&str) -> bool| {
        let asked = transport.asked();
        let asked = asked.into_iter().filter(|it| it.path.contains("/.probe/") && wanted(purpose(it)));
        asked.map(|asked| asked.path).collect::<BTreeSet<_>>()
    };
    &of(|purpose| !matches!(purpose, "delete" | "abort" | "head")) - &of(|purpose| purpose == "delete")
}
