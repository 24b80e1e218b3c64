//! A file's bytes with the names that others have got.

use super::links::Links;
use super::paths::Paths;
use super::scan::{Pointer, Scan};
use super::{Options, Style};
use crate::encoded;
use crate::find::SourceFile;
use crate::name::fingerprinted;
use crate::references::django::{self, Names, Settings};
use crate::references::rewrite;

/// A file with all that decides what its bytes become, other than the names of others.
#[derive(Clone, Copy)]
pub(super) struct Rewriting<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) scan: &'a Scan,
    pub(super) links: &'a Links,
    pub(super) options: &'a Options,
    /// For Django's style.
    pub(super) all: All<'a>,
}

/// All files.
#[derive(Clone, Copy)]
pub(super) struct All<'a> {
    pub(super) paths: &'a Paths<'a>,
    pub(super) scans: &'a [Scan],
}

/// The path that a file is served by, by its number.
pub(super) type NameOf<'a> = &'a dyn Fn(usize) -> String;

impl Rewriting<'_> {
    /// All names that will stand in the file, one after the other: what its bytes become depends on them and its bytes alone.
    pub(super) fn names(&self, name_of: NameOf<'_>) -> Vec<String> {
        if let Some(django) = &self.scan.django {
            let mut answering = Answering { all: self.all, options: self.options, name_of };
            return django
                .questions
                .iter()
                .map(|question| match question.is_unprocessed {
                    true => answering.hashed_unprocessed(&question.path).unwrap_or_default(),
                    false => answering.hashed(&question.path).unwrap_or_default(),
                })
                .collect();
        }
        // One that leads nowhere has its place too: another one may lead there next time.
        let name = |(pointer, target): (&Pointer, &Option<usize>)| {
            let served = name_of((*target)?);
            Some(if self.is_moved(pointer, (*target)?) { served } else { base_name(&served).to_owned() })
        };
        self.pointers().map(|place| name(place).unwrap_or_default()).collect()
    }

    /// The bytes that the file gets in place of these.
    pub(super) fn apply(&self, source: &[u8], name_of: NameOf<'_>) -> Vec<u8> {
        if self.scan.django.is_some() {
            let imports = matches!(self.options.style, Style::Django { imports: true });
            let settings = Settings { static_url: &self.options.base_path, imports };
            let mut answering = Answering { all: self.all, options: self.options, name_of };
            return django::rewrite(source, &self.file.path, settings, &mut answering).bytes;
        }
        let edit = |(pointer, target): (&Pointer, &Option<usize>)| {
            let served = name_of((*target)?);
            match self.is_moved(pointer, (*target)?) {
                true => Some(pointer.reference.repoint(source, self.address(pointer, source, &served))),
                false => pointer.reference.rename(source, base_name(&served)),
            }
        };
        let edits: Vec<_> = self.pointers().filter_map(edit).collect();
        rewrite(source, &edits)
    }

    fn pointers(&self) -> impl Iterator<Item = (&Pointer, &Option<usize>)> {
        self.scan.pointers.iter().zip(&self.links.pointers)
    }

    /// Whether the folder in a reference is another normal form of the one that is there: then a new base name is not enough.
    fn is_moved(&self, pointer: &Pointer, target: usize) -> bool {
        pointer.target.as_deref().map(folder) != Some(folder(self.all.paths.path(target)))
    }

    /// The path of another file as it can stand in this one, absolute if the reference was.
    fn address(&self, pointer: &Pointer, source: &[u8], served: &str) -> Vec<u8> {
        let mut address = Vec::new();
        if let Some(b'/' | b'\\') = pointer.reference.text(source).trim_ascii_start().first() {
            encoded::push_path(&mut address, &self.options.base_path);
            encoded::push_path(&mut address, served);
            return address;
        }
        let own = folder(&self.file.path).split_terminator('/');
        let shared =
            own.clone().zip(folder(served).split_terminator('/')).take_while(|(one, other)| one == other);
        let ups = own.count() - shared.clone().count();
        address.extend(if ups == 0 { b"./".to_vec() } else { b"../".repeat(ups) });
        let shared: usize = shared.map(|(part, _)| part.len() + 1).sum();
        encoded::push_path(&mut address, &served[shared..]);
        address
    }
}

/// Up to the last slash, without it.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Answers what Django asks.
struct Answering<'a, 'n> {
    all: All<'a>,
    options: &'a Options,
    name_of: NameOf<'n>,
}

impl Names for Answering<'_, '_> {
    fn hashed(&mut self, path: &str) -> Option<String> {
        self.all.paths.exact(path).map(self.name_of)
    }

    fn hashed_unprocessed(&mut self, path: &str) -> Option<String> {
        match self.all.paths.exact(path) {
            Some(_) if self.options.fingerprinted.contains(path) => Some(path.to_owned()),
            Some(file) => Some(fingerprinted(path, self.all.scans[file].digests.fingerprint())),
            None => self.all.paths.is_folder(path).then(|| path.to_owned()),
        }
    }
}
