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

/// What a manifest and an index say; an index of another deploy says nothing.
pub(super) fn entries(
    manifest: &Manifest,
    index: Option<&Index>,
    base_url: &str,
) -> HashMap<Box<str>, Entry> {
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
    manifest.iter().map(of).collect()
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
