use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use storage_core::sweep::{NextPage, References};
use storage_core::{Error, ErrorKind};

use crate::support::{Listed, now};
use crate::{missing, orphans, sweep};

/// Items that are there already.
struct Items<T>(std::vec::IntoIter<T>);

impl<T: Unpin> Stream for Items<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        Poll::Ready(self.0.next())
    }
}

fn stream<T>(items: impl IntoIterator<Item = T>) -> Items<T> {
    Items(items.into_iter().collect::<Vec<_>>().into_iter())
}

#[tokio::test]
async fn from_wherever_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines");
    std::fs::write(&lines, "c\r\nb\n\nnone\n").unwrap();
    let nuls = folder.path().join("nuls");
    std::fs::write(&nuls, "c\0none\0b\0").unwrap();
    let keys = ["none", "b", "c"];
    let paged = move |page: NextPage| async move {
        assert_eq!((page.after.is_some(), page.offset), (page.number > 0, page.number));
        Ok::<_, std::io::Error>(
            keys.get(usize::try_from(page.number).unwrap())
                .map(|key| (*key).to_owned())
                .into_iter()
                .collect(),
        )
    };
    for references in [
        References::file(&lines),
        References::file(&nuls).separated_by_nul(),
        References::reader(&b"b\nc\nnone"[..]),
        References::keys(keys),
        References::stream(stream(keys.map(Ok::<_, std::io::Error>))),
        References::pages(paged),
    ] {
        let shown = format!("{references:?}");
        let listed = Arc::new(Listed::of(["a", "b", "c", "d"]));
        let plan = sweep(&listed).plan(references.as_of(now())).await.unwrap();
        assert_eq!(orphans(&plan).await, ["a", "d"], "{shown}");
        assert_eq!(missing(&plan).await, ["none"], "{shown}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_no_plan() {
    let listed = Arc::new(Listed::of(["a"]));
    let broken = || std::io::Error::other("the database is down");
    let ours = || Error::new(ErrorKind::Throttled, "");
    for (references, kind) in [
        (References::file("no/such/file"), ErrorKind::NotFound),
        (References::reader(&b"a\n\xff\n"[..]), ErrorKind::InvalidInput),
        (References::keys(["x".repeat(20_000)]), ErrorKind::InvalidInput),
        (References::stream(stream([Ok("a"), Err(broken())])), ErrorKind::Other),
        (References::stream(stream([Ok("a"), Err(ours())])), ErrorKind::Throttled),
        (References::pages(move |_| async move { Err(broken()) }), ErrorKind::Other),
    ] {
        let error = sweep(&listed).plan(references).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(listed.asked.all(), [0; 4]);
    }
}
