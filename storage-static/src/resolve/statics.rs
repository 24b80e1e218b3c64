use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::builder::{StaticsBuilder, Told};
use super::entry::Entry;
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
    Table(HashMap<Box<str>, Entry>),
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
    /// A name that ends with a slash is that of a folder, which is not looked up.
    ///
    /// # Errors
    ///
    /// There is no such file, and [`Miss`] has no other way.
    pub fn url<'a>(&'a self, name: &str) -> Result<Cow<'a, str>, UnknownName> {
        if let Some(entry) = self.entry(name) {
            return Ok(Cow::Borrowed(&entry.url));
        }
        let (path, tail) = url::split(name);
        if let Some(entry) = self.entry(path).filter(|_| !tail.is_empty()) {
            return Ok(Cow::Owned(format!("{}{tail}", entry.url)));
        }
        let plain = || Cow::Owned(encoded::join(&self.base_url, path) + tail);
        let is_there = match &self.names {
            _ if path.is_empty() || path.ends_with('/') => true,
            Names::Table(_) => false,
            Names::Folders(folders) => folders.has(path),
        };
        match &self.miss {
            _ if is_there => Ok(plain()),
            Miss::Error => Err(self.unknown(path)),
            Miss::Plain => {
                self.tell(path);
                Ok(plain())
            }
            Miss::By(other) => other(name).map(Cow::Owned).ok_or_else(|| self.unknown(path)),
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
        let (path, tail) = url::split(name);
        let variants = self.entry(path).map(|entry| entry.variants.as_slice()).unwrap_or_default();
        match variants.iter().find(|(encoding, _)| accepts(accept_encoding, *encoding)) {
            Some((_, url)) if tail.is_empty() => Ok(Cow::Borrowed(url)),
            Some((_, url)) => Ok(Cow::Owned(format!("{url}{tail}"))),
            None => self.url(name),
        }
    }

    /// The value for an `integrity` attribute (`sha384-…`): of styles and scripts, if the index was given.
    pub fn integrity(&self, name: &str) -> Option<&str> {
        self.entry(url::split(name).0)?.integrity.as_deref()
    }

    /// Whether there is a file of this name.
    pub fn contains(&self, name: &str) -> bool {
        match &self.names {
            Names::Table(entries) => entries.contains_key(name),
            Names::Folders(folders) => folders.has(name),
        }
    }

    /// All names and their URLs, sorted by name; none in development.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = match &self.names {
            Names::Table(entries) => Some(entries),
            Names::Folders(_) => None,
        };
        let mut all: Vec<_> =
            entries.into_iter().flatten().map(|(name, entry)| (&**name, &*entry.url)).collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// What stands before the paths; ends with a slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        match &self.names {
            Names::Table(entries) => entries.get(name),
            Names::Folders(_) => None,
        }
    }

    fn unknown(&self, path: &str) -> UnknownName {
        let nearest = match &self.names {
            Names::Table(entries) => {
                nearest(path, entries.keys().map(|name| &**name)).into_iter().map(str::to_owned).collect()
            }
            Names::Folders(folders) => folders.nearest(path),
        };
        UnknownName { name: path.to_owned(), nearest }
    }

    fn tell(&self, path: &str) {
        let Some(told) = &self.on_unknown else { return };
        {
            let mut names = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if names.len() >= MOST_TOLD || names.contains(path) {
                return;
            }
            names.insert(path.to_owned());
        }
        told(&self.unknown(path));
    }
}

impl fmt::Debug for Statics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Statics");
        shown.field("base_url", &self.base_url);
        match &self.names {
            Names::Table(entries) => shown.field("names", &entries.len()),
            Names::Folders(folders) => shown.field("folders", &folders.sources),
        };
        shown.field("miss", &self.miss).finish_non_exhaustive()
    }
}
