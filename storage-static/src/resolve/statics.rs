use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::builder::{StaticsBuilder, Told};
use super::entry::{Entry, Table};
use super::folders::Folders;
use super::miss::{Miss, UnknownName};
use super::url;
use crate::encoded;
use crate::nearest::nearest;
use crate::variant::accepts;

/// The URLs of static files by their names.
///
/// It never changes; [`LiveStatics`](super::LiveStatics) is for manifests that do. A name that is in the manifest is resolved without an
/// allocation.
pub struct Statics {
    base_url: String,
    names: Names,
    miss: Miss,
    on_unknown: Option<Arc<Told>>,
    /// Those that were told.
    told: Mutex<HashSet<String>>,
}

pub(super) enum Names {
    Table(Table),
    Folders(Folders),
}

/// Of so many names at most it is remembered that they were told.
const MOST_TOLD: usize = 1_000;

impl Statics {
    /// Says how names are resolved, then which there are.
    pub fn builder() -> StaticsBuilder {
        StaticsBuilder::default()
    }

    pub(super) fn new(base_url: String, names: Names, miss: Miss, on_unknown: Option<Arc<Told>>) -> Self {
        Self { base_url, names, miss, on_unknown, told: Mutex::default() }
    }

    /// The URL of a file: percent-encoded, with the query and the fragment of the name put back as they are.
    ///
    /// A name that ends with a slash is that of a folder, which is not looked up. What a bundler has made a file from is a name of it too, if
    /// the index of the deploy was given: `src/main.ts` for `assets/main-BRBmoGS9.js`.
    ///
    /// # Errors
    ///
    /// There is no such file, and [`Miss`] has no other way.
    pub fn url<'a>(&'a self, name: &str) -> Result<Cow<'a, str>, UnknownName> {
        if let Some(url) = self.known(name) {
            return Ok(url);
        }
        let (path, tail) = url::split(name);
        if !tail.is_empty()
            && let Some(url) = self.known(path)
        {
            return Ok(Cow::Owned(format!("{url}{tail}")));
        }
        let plain = || Cow::Owned(encoded::join(&self.base_url, path) + tail);
        match &self.miss {
            _ if path.is_empty() || path.ends_with('/') => Ok(plain()),
            Miss::Error => Err(self.unknown(path)),
            Miss::Plain => {
                self.tell(path);
                Ok(plain())
            }
            Miss::By(other) => other(name).map(Cow::Owned).ok_or_else(|| self.unknown(path)),
        }
    }

    /// The URL of what has this very name.
    fn known(&self, name: &str) -> Option<Cow<'_, str>> {
        match &self.names {
            Names::Table(table) => Some(Cow::Borrowed(&*table.get(name)?.url)),
            Names::Folders(folders) => Some(Cow::Owned(encoded::join(&self.base_url, &folders.find(name)?))),
        }
    }

    /// The URL of the smallest compressed variant that the `Accept-Encoding` of a request allows, else of the file itself. What a store
    /// serves under it has the right `Content-Encoding`; whoever answers with it has to send `Vary: Accept-Encoding`.
    ///
    /// # Errors
    ///
    /// Those of [`url`](Self::url).
    pub fn url_accepting<'a>(
        &'a self,
        name: &str,
        accept_encoding: &str,
    ) -> Result<Cow<'a, str>, UnknownName> {
        let (path, tail) = if self.entry(name).is_some() { (name, "") } else { url::split(name) };
        let variants = self.entry(path).map(|entry| entry.variants.as_slice()).unwrap_or_default();
        match variants.iter().find(|(encoding, _)| accepts(accept_encoding, *encoding)) {
            Some((_, url)) if tail.is_empty() => Ok(Cow::Borrowed(url)),
            Some((_, url)) => Ok(Cow::Owned(format!("{url}{tail}"))),
            None => self.url(name),
        }
    }

    /// The value for an `integrity` attribute (`sha384-…`): of styles and scripts, if the index was given.
    pub fn integrity(&self, name: &str) -> Option<&str> {
        self.entry(self.file(name)?)?.integrity.as_deref()
    }

    /// Whether there is a file of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.known(name).is_some()
    }

    /// All names and their URLs, sorted by name; none in development.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let table = match &self.names {
            Names::Table(table) => Some(table),
            Names::Folders(_) => None,
        };
        let files = table.into_iter().flat_map(Table::files);
        let mut all: Vec<_> = files.map(|(name, entry)| (name, &*entry.url)).collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// What stands before the paths; ends with a slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The name of the file that has this one, with or without a query.
    pub(super) fn file<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        match &self.names {
            Names::Table(table) => table.file(name).or_else(|| table.file(url::split(name).0)),
            Names::Folders(_) => None,
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        match &self.names {
            Names::Table(table) => table.get(name),
            Names::Folders(_) => None,
        }
    }

    fn unknown(&self, path: &str) -> UnknownName {
        let nearest = match &self.names {
            Names::Table(table) => nearest(path, table.names()).into_iter().map(str::to_owned).collect(),
            Names::Folders(folders) => folders.nearest(path),
        };
        UnknownName { name: path.to_owned(), nearest }
    }

    fn tell(&self, path: &str) {
        {
            let mut names = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if names.len() >= MOST_TOLD || names.contains(path) {
                return;
            }
            names.insert(path.to_owned());
        }
        let unknown = self.unknown(path);
        if let Some(told) = &self.on_unknown {
            told(&unknown);
        } else {
            warn(&unknown);
        }
    }
}

#[cfg(feature = "tracing")]
fn warn(unknown: &UnknownName) {
    tracing::warn!("{unknown}: its plain URL is given");
}

#[cfg(not(feature = "tracing"))]
fn warn(_: &UnknownName) {}

impl fmt::Debug for Statics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Statics");
        shown.field("base_url", &self.base_url);
        match &self.names {
            Names::Table(table) => shown.field("names", &table.files().len()),
            Names::Folders(folders) => shown.field("folders", &folders.sources),
        };
        shown.field("miss", &self.miss).finish_non_exhaustive()
    }
}
