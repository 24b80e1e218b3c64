use std::collections::HashMap;

use crate::encoded;
use crate::manifest::{Dependency, Index, Manifest};
use crate::variant::Encoding;

/// All that is known of a name.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) url: Box<str>,
    pub(super) integrity: Option<Box<str>>,
    pub(super) dependencies: Vec<Dependency>,
    /// The smallest first.
    pub(super) variants: Vec<(Encoding, Box<str>)>,
}

/// All names.
#[derive(Clone, Debug)]
pub(super) struct Table {
    entries: HashMap<Box<str>, Entry>,
    /// Other names: those of the sources that a bundler has made files from.
    sources: HashMap<Box<str>, Box<str>>,
}

impl Table {
    /// What a manifest and an index say; an index of another deploy says nothing.
    pub(super) fn new(manifest: &Manifest, index: Option<&Index>, base_url: &str) -> Self {
        let index = index.filter(|index| index.is_of(manifest));
        let of = |(name, path): (&str, &str)| {
            let file = index.and_then(|index| index.files.get(name));
            let entry = Entry {
                url: encoded::join(base_url, path).into(),
                integrity: file.and_then(|file| file.integrity.as_deref()).map(Into::into),
                dependencies: file.map(|file| file.dependencies.clone()).unwrap_or_default(),
                variants: index.map(|index| variants(index, path, base_url)).unwrap_or_default(),
            };
            (name.into(), entry)
        };
        let files = index.into_iter().flat_map(|index| &index.files);
        let sources = files.flat_map(|(name, file)| file.sources.iter().map(move |source| (source, name)));
        let sources = sources.map(|(source, name)| (source.as_str().into(), name.as_str().into()));
        Self { entries: manifest.iter().map(of).collect(), sources: sources.collect() }
    }

    /// What is known of a name; that of a file goes before that of a source.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name).or_else(|| self.entries.get(self.sources.get(name)?))
    }

    /// The name of the file that a name leads to.
    pub(super) fn file<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        match self.entries.contains_key(name) {
            true => Some(name),
            false => self.sources.get(name).map(|file| &**file),
        }
    }

    /// The names of files.
    pub(super) fn files(&self) -> impl ExactSizeIterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(name, entry)| (&**name, entry))
    }

    /// All names, those of sources too.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().chain(self.sources.keys()).map(|name| &**name)
    }
}

fn variants(index: &Index, path: &str, base_url: &str) -> Vec<(Encoding, Box<str>)> {
    let mut variants: Vec<_> = Encoding::ALL
        .into_iter()
        .filter_map(|encoding| {
            let key = encoding.key(path);
            let object = index.objects.get(&key)?;
            let is_variant =
                object.headers.get("content-encoding").is_some_and(|token| token == encoding.token());
            is_variant.then(|| (object.size, encoding, encoded::join(base_url, &key).into()))
        })
        .collect();
    variants.sort();
    variants.into_iter().map(|(_, encoding, url)| (encoding, url)).collect()
}
