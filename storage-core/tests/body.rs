//! Bodies: what they know of themselves, and that a wrong length is never passed over.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::poll_fn;
use std::io::{Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use storage_core::body::IntoBody;
use storage_core::{Body, ErrorKind, Result};

async fn collect(body: Body) -> Result<Vec<u8>> {
    let mut stream = body.into_stream();
    let mut all = Vec::new();
    while let Some(chunk) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        all.extend_from_slice(&chunk?);
    }
    Ok(all)
}

fn file(content: &[u8]) -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    file.rewind().unwrap();
    file
}

/// Gives its chunks one by one, then an error if there is one.
struct Chunks(Vec<&'static str>, Option<std::io::Error>);

impl Stream for Chunks {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(match self.0.is_empty() {
            false => Some(Ok(Bytes::from(self.0.remove(0)))),
            true => self.1.take().map(Err),
        })
    }
}

fn once(chunks: &[&'static str]) -> Body {
    Body::from_stream(Chunks(chunks.to_vec(), None))
}

#[tokio::test]
async fn bytes_and_files_know_their_length_and_can_be_read_again() {
    for body in [Body::from("hello"), Body::from_file(file(b"hello")).unwrap()] {
        assert_eq!((body.len(), body.is_replayable()), (Some(5), true));
        assert_eq!(collect(body.try_clone().unwrap()).await.unwrap(), b"hello");
        assert_eq!(collect(body).await.unwrap(), b"hello");
    }
    let body = once(&["hel", "lo"]);
    assert_eq!((body.len(), body.is_replayable()), (None, false));
    assert!(body.try_clone().is_none());
    assert_eq!(collect(body).await.unwrap(), b"hello");
}

#[tokio::test]
async fn a_file_begins_where_its_reader_stands() {
    let mut read_before = file(b"hello");
    read_before.read_exact(&mut [0; 2]).unwrap();
    let body = read_before.into_body().unwrap();
    assert_eq!(body.len(), Some(3));
    assert_eq!(collect(body).await.unwrap(), b"llo");

    let tokio_file = tokio::fs::File::from_std(file(b"hello"));
    let body = tokio_file.into_body().unwrap();
    assert_eq!((body.len(), body.is_replayable()), (Some(5), true));
}

#[tokio::test]
async fn a_file_that_shrinks_is_an_error_and_one_that_grows_is_cut() {
    let mut shrinking = file(&vec![7; 1_000_000]);
    let body = shrinking.try_clone().unwrap().into_body().unwrap();
    shrinking.set_len(300_000).unwrap();
    assert_eq!(collect(body).await.unwrap_err().kind(), ErrorKind::InvalidInput);

    let body = shrinking.try_clone().unwrap().into_body().unwrap();
    shrinking.seek(SeekFrom::End(0)).unwrap();
    shrinking.write_all(b"more").unwrap();
    assert_eq!(collect(body).await.unwrap().len(), 300_000);
}

#[tokio::test]
async fn a_declared_length_must_be_right() {
    for body in [once(&["hel", "lo"]), Body::from("hello"), file(b"hello").into_body().unwrap()] {
        assert_eq!(collect(body.with_length(5)).await.unwrap(), b"hello");
    }
    for wrong in [0, 4, 6, u64::MAX] {
        for body in [once(&["hel", "lo"]), Body::from("hello"), file(b"hello").into_body().unwrap()] {
            let error = collect(body.with_length(wrong)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{wrong}");
        }
        let prefetched = once(&["hel", "lo"]).with_length(wrong).prefetch(100).await;
        assert_eq!(prefetched.unwrap_err().kind(), ErrorKind::InvalidInput, "{wrong}");
        let prefetched = once(&["hel", "lo"]).with_length(wrong).prefetch(1).await;
        if let Ok(body) = prefetched {
            assert_eq!(body.len(), Some(wrong));
            assert_eq!(collect(body).await.unwrap_err().kind(), ErrorKind::InvalidInput, "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_small_stream_read_ahead_becomes_bytes() {
    let small = once(&["hel", "lo"]).prefetch(5).await.unwrap();
    assert_eq!((small.len(), small.is_replayable()), (Some(5), true));
    assert_eq!(collect(small).await.unwrap(), b"hello");

    for limit in [0, 1, 3, 4] {
        let large = once(&["hel", "lo"]).prefetch(limit).await.unwrap();
        assert!(!large.is_replayable(), "{limit}");
        assert_eq!(collect(large).await.unwrap(), b"hello", "{limit}");
    }
}

#[tokio::test]
async fn a_peek_takes_nothing_away() {
    for count in [0, 1, 3, 4, 5, 100] {
        for body in
            [once(&["hel", "lo"]), Body::from("hello"), file(b"hello").into_body().unwrap(), once(&["hello"])]
        {
            let mut body = body;
            assert_eq!(body.peek(count).await.unwrap(), &b"hello"[..count.min(5)]);
            assert_eq!(body.peek(2).await.unwrap(), b"he"[..]);
            assert_eq!(collect(body).await.unwrap(), b"hello");
        }
    }
}

#[tokio::test]
async fn a_failed_peek_leaves_no_body_that_could_be_stored() {
    let mut body = Body::from_stream(Chunks(vec!["hel"], Some(std::io::Error::other("unplugged"))));
    assert!(body.peek(100).await.is_err());
    assert_eq!((body.len(), body.is_replayable()), (None, false));
    assert_eq!(collect(body).await.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_stream_of_tiny_chunks_keeps_every_byte() {
    let chunks = ["", "a", "", "bc"].repeat(2_000);
    let expected = chunks.concat();
    for limit in [0, 1, 1_000, 5_999, 6_000] {
        let body = Body::from_stream(Chunks(chunks.clone(), None));
        let body = body.prefetch(limit).await.unwrap();
        assert_eq!(body.is_replayable(), limit >= 6_000);
        assert!(collect(body).await.unwrap() == expected.as_bytes(), "{limit}");
    }
}

#[tokio::test]
async fn a_body_that_fails_says_why() {
    let broken = Chunks(vec!["hel"], Some(std::io::Error::other("unplugged")));
    let error = collect(Body::from_stream(broken)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string), Some("unplugged".into()));
}

#[tokio::test]
async fn a_pipe_is_read_once() {
    let (reader, writer) = std::io::pipe().unwrap();
    let pipe = std::fs::File::from(std::os::fd::OwnedFd::from(reader));
    let body = pipe.into_body().unwrap();
    assert_eq!((body.len(), body.is_replayable()), (None, false));
    std::thread::spawn(move || (&writer).write_all(b"hello").unwrap()).join().unwrap();
    assert_eq!(collect(body).await.unwrap(), b"hello");
}

/// Panics when it is polled after its end, as some streams do.
struct Touchy(Option<&'static str>, bool);

impl Stream for Touchy {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        assert!(!self.1, "polled after its end");
        let chunk = self.0.take();
        self.1 = chunk.is_none();
        Poll::Ready(chunk.map(|chunk| Ok(chunk.into())))
    }
}

#[tokio::test]
async fn a_stream_is_not_polled_after_its_end() {
    let mut stream = Body::from_stream(Touchy(Some("abc"), false)).into_stream();
    for expected in [Some("abc"), None, None] {
        let chunk = poll_fn(|cx| stream.as_mut().poll_next(cx)).await.transpose().unwrap();
        assert_eq!(chunk.as_deref(), expected.map(str::as_bytes));
    }
}
