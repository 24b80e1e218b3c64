//! What the references are read from.

mod intake;
mod lines;

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};

pub(super) use intake::{Collected, Intake};

use self::intake::Chunk;
use crate::body::next;
use crate::error::BoxError;
use crate::{Error, ErrorKind, Result};

/// How many bytes of text are taken at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// How many keys are taken at once.
const CHUNK_KEYS: usize = 1_000;

type KeyStream = Pin<Box<dyn Stream<Item = Result<String>> + Send>>;
type Answer = Pin<Box<dyn Future<Output = Result<Vec<String>>> + Send>>;

/// The keys that something refers to: in any order, as many as there are, some of them several times.
///
/// They are compared as they are, byte by byte: the keys that [`Saved::key`](crate::Saved::key) gave, not URLs, with no `/` before them.
pub struct References {
    source: Source,
    separator: u8,
    as_of: Option<SystemTime>,
}

enum Source {
    File(PathBuf),
    Reader(Pin<Box<dyn AsyncRead + Send>>),
    Keys(Box<dyn Iterator<Item = String> + Send>),
    Stream(KeyStream),
    Pages(Box<dyn FnMut(NextPage) -> Answer + Send>, NextPage),
    End,
}

/// Which page of references is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextPage {
    /// How many pages came before.
    pub number: u64,
    /// How many references came before.
    pub offset: u64,
    /// The last reference of the page before: for a query that goes on after it.
    pub after: Option<String>,
}

impl References {
    /// A file of text in UTF-8, one key a line. A carriage return at the end of a line is none of the key, and empty lines are none. Keys that
    /// hold line breaks need [`separated_by_nul`](Self::separated_by_nul). It counts as of when it was last written.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::from(Source::File(path.into()))
    }

    /// The same from a reader, as the standard input.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::from(Source::Reader(Box::pin(reader)))
    }

    /// Keys that are there already.
    pub fn keys<K: Into<String> + 'static>(
        keys: impl IntoIterator<Item = K, IntoIter: Send + 'static>,
    ) -> Self {
        Self::from(Source::Keys(Box::new(keys.into_iter().map(Into::into))))
    }

    /// A stream of keys, as the rows of a query. Its first error ends the sweep before anything is deleted.
    pub fn stream<K, E>(stream: impl Stream<Item = Result<K, E>> + Send + 'static) -> Self
    where
        K: Into<String>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Self::from(Source::Stream(Box::pin(Keys(Box::pin(stream)))))
    }

    /// Asks for page after page, until one is empty.
    ///
    /// ```
    /// # use storage_core::sweep::References;
    /// # struct Database;
    /// # impl Database { async fn keys(&self, after: String, limit: u32) -> Result<Vec<String>, std::io::Error> { Ok(vec![]) } }
    /// # fn references(database: std::sync::Arc<Database>) -> References {
    /// References::pages(move |page| {
    ///     let database = database.clone();
    ///     // SELECT key FROM files WHERE key > $1 ORDER BY key LIMIT $2
    ///     async move { database.keys(page.after.unwrap_or_default(), 10_000).await }
    /// })
    /// # }
    /// ```
    pub fn pages<F, E>(mut page: impl FnMut(NextPage) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<Vec<String>, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let ask = move |next| -> Answer {
            let answer = page(next);
            Box::pin(async move { answer.await.map_err(failed) })
        };
        Self::from(Source::Pages(Box::new(ask), NextPage::default()))
    }

    /// Of text: keys end with a NUL, as `find -print0` and `sort -z` write them, and hold anything else.
    pub fn separated_by_nul(mut self) -> Self {
        self.separator = 0;
        self
    }

    /// When it was as the references say, if that is longer ago than the plan: the time of a dump. What was written after that, less the minimum age, is
    /// no orphan.
    pub fn as_of(mut self, time: SystemTime) -> Self {
        self.as_of = Some(time);
        self
    }

    pub(super) fn separator(&self) -> u8 {
        self.separator
    }

    /// Opens what has to be opened. Returns the time that they are of, if it is known.
    pub(super) async fn open(&mut self) -> Result<Option<SystemTime>> {
        if let Source::File(path) = &self.source {
            let shown = path.display().to_string();
            let at = |error| Error::from(error).with_operation("sweep").with_key(&shown);
            let file = File::open(path).await.map_err(at)?;
            let meta = file.metadata().await.map_err(at)?;
            if meta.is_file() {
                self.as_of = self.as_of.or(meta.modified().ok());
            }
            self.source = Source::Reader(Box::pin(file));
        }
        Ok(self.as_of)
    }

    /// The next of them; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Chunk>> {
        let chunk = match &mut self.source {
            Source::File(_) | Source::End => None,
            Source::Reader(reader) => {
                let mut text = Vec::with_capacity(CHUNK_BYTES);
                let read = reader.take(CHUNK_BYTES as u64).read_to_end(&mut text).await;
                read.map_err(failed)?;
                (!text.is_empty()).then_some(Chunk::Text(text))
            }
            Source::Keys(keys) => some(keys.take(CHUNK_KEYS).collect()),
            Source::Stream(stream) => {
                let mut keys = Vec::with_capacity(CHUNK_KEYS);
                while keys.len() < CHUNK_KEYS
                    && let Some(key) = next(stream).await
                {
                    keys.push(key?);
                }
                some(keys)
            }
            Source::Pages(ask, page) => {
                let keys = ask(page.clone()).await?;
                page.number += 1;
                page.offset += keys.len() as u64;
                page.after = keys.last().cloned();
                some(keys)
            }
        };
        if chunk.is_none() {
            self.source = Source::End;
        }
        Ok(chunk)
    }
}

impl From<Source> for References {
    fn from(source: Source) -> Self {
        Self { source, separator: b'\n', as_of: None }
    }
}

impl fmt::Debug for References {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source {
            Source::File(path) => return f.debug_tuple("References").field(path).finish(),
            Source::Reader(_) => "reader",
            Source::Keys(_) => "keys",
            Source::Stream(_) => "stream",
            Source::Pages(..) => "pages",
            Source::End => "end",
        };
        write!(f, "References({source})")
    }
}

fn some(keys: Vec<String>) -> Option<Chunk> {
    (!keys.is_empty()).then_some(Chunk::Keys(keys))
}

/// An error of ours is passed through.
fn failed(error: impl Into<BoxError>) -> Error {
    match error.into().downcast::<Error>() {
        Ok(error) => *error,
        Err(source) => Error::new(ErrorKind::Other, "the references could not be read")
            .with_operation("sweep")
            .with_source(source),
    }
}

/// Anybody's stream of keys.
struct Keys<S>(Pin<Box<S>>);

impl<S, K, E> Stream for Keys<S>
where
    S: Stream<Item = Result<K, E>>,
    K: Into<String>,
    E: Into<BoxError>,
{
    type Item = Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|key| key.map(Into::into).map_err(failed)))
    }
}
