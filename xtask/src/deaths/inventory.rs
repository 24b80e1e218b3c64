//! What is in a store, looked at by the command, every byte of it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::client::Store;
use super::sources::{Source, Sources, label};
use super::tally::Tally;

/// How many keys are given to one command.
const BATCH: usize = 500;

/// The objects below one folder of a store, and what each holds. Torn ones are in the tally instead.
#[derive(Debug)]
pub(super) struct Inventory<'a> {
    objects: BTreeMap<String, &'a Source>,
    /// How many are listed, torn ones included.
    pub(super) listed: usize,
}

impl<'a> Inventory<'a> {
    /// Lists the folder, reads everything in it, and checks that each object is one of the files, with the
    /// metadata that it was stored with. `when` is for the messages.
    ///
    /// # Errors
    /// When the command does not run.
    pub(super) fn take(
        store: &Store,
        sources: &'a Sources,
        folder: &str,
        when: &str,
        tally: &mut Tally,
    ) -> Result<Self> {
        let mut inventory = Self { objects: BTreeMap::new(), listed: 0 };
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let listing = store.run(&words(&["ls", "--recursive", folder]))?;
        if listing.code() != Some(0) {
            if listing.failures.iter().any(|failure| failure.kind != "not_found") {
                tally.wrong.push(format!("{when}: it cannot be listed: {}", listing.complaint()));
            }
            return Ok(inventory);
        }
        inventory.listed = listing.lines.len();
        let target = tempfile::tempdir_in(store.path("")).context("cannot make a folder to read into")?;
        let output = target.path().display().to_string();
        let read = store.run(&words(&["get", "--recursive", folder, "--output", &output]))?;
        if read.code() != Some(0) {
            tally.torn.push(format!("{when}: something listed cannot be read: {}", read.complaint()));
        }
        // What stands before the folder's own name is no part of the paths.
        let above = folder.rfind('/').map_or(0, |slash| slash + 1);
        for line in &listing.lines {
            let key = text(line, "key");
            let copy = target.path().join(&key[above..]);
            let found = if copy.is_file() { sources.identify(&copy)? } else { None };
            match found {
                Some(source) => _ = inventory.objects.insert(key.to_owned(), source),
                None => tally.torn.push(format!("{when}: {key} is none of the files")),
            }
        }
        inventory.check_metadata(store, when, tally)?;
        Ok(inventory)
    }

    /// What is under the key.
    pub(super) fn source(&self, key: &str) -> Option<&'a Source> {
        self.objects.get(key).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &&'a Source)> {
        self.objects.iter()
    }

    /// Whoever stored the content must have stored the metadata.
    fn check_metadata(&self, store: &Store, when: &str, tally: &mut Tally) -> Result<()> {
        let keys: Vec<&String> = self.objects.keys().collect();
        for batch in keys.chunks(BATCH) {
            let args = std::iter::once("stat".to_owned()).chain(batch.iter().map(ToString::to_string));
            let stats = store.run(&args.collect::<Vec<_>>())?;
            if stats.code() != Some(0) {
                tally.wrong.push(format!("{when}: something listed has no metadata: {}", stats.complaint()));
            }
            for line in &stats.lines {
                let (key, writer) = (text(line, "key"), text(&line["metadata"], "writer"));
                let expected = self.source(key).map(|source| label(source.writer));
                if expected.as_deref() != Some(writer) {
                    tally.torn.push(format!(
                        "{when}: {key} has the content of {expected:?}, the metadata of {writer:?}"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// A string in a line of JSON; nothing if it is not there.
pub(super) fn text<'a>(line: &'a Value, name: &str) -> &'a str {
    line[name].as_str().unwrap_or_default()
}
