//! The way from what files refer to, to their names: leaves first, and circles as wholes.

use super::components::{components, levels};
use super::digests::{Digester, Digests};
use super::links::{Links, Naming};
use super::paths::Paths;
use super::read;
use super::rewriting::{All, NameOf, Rewriting};
use super::scan::Scan;
use super::{Options, ReadFault};
use crate::buffers::{Buffer, Buffers};
use crate::cache::Cache;
use crate::find::SourceFile;
use crate::name::{Algorithm, Fingerprint, fingerprinted};
use crate::parallel;

/// What a file is served as.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The path from the root.
    pub(super) path: String,
    /// Of the bytes that are served.
    pub(super) content: Digests,
    /// What the bytes depend on; nothing if they are those that were found.
    pub(super) names_key: Option<String>,
}

/// The digest of a circle, by what it depends on.
pub(super) type GroupDigest = (String, Vec<u8>);

/// All that is known before the first name is.
pub(super) struct Run<'a> {
    pub(super) files: &'a [SourceFile],
    pub(super) scans: &'a [Scan],
    pub(super) namings: &'a [Naming],
    pub(super) links: &'a [Links],
    pub(super) options: &'a Options,
    pub(super) paths: &'a Paths<'a>,
    pub(super) cache: &'a Cache,
    pub(super) buffers: &'a Buffers,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Names {
    pub(super) named: Vec<Option<Named>>,
    pub(super) groups: Vec<GroupDigest>,
    pub(super) faults: Vec<ReadFault>,
}

struct Done {
    named: Vec<(usize, Named)>,
    group: Option<GroupDigest>,
    faults: Vec<ReadFault>,
}

impl<'a> Run<'a> {
    pub(super) fn names(&self) -> Names {
        let edges: Vec<_> = self.links.iter().map(|links| links.edges.clone()).collect();
        let mut names = Names { named: vec![None; self.files.len()], ..Names::default() };
        for level in levels(&edges, components(&edges)) {
            let done = parallel::map(&level, |component| self.component(component, &names.named));
            for done in done {
                for (file, named) in done.named {
                    names.named[file] = Some(named);
                }
                names.groups.extend(done.group);
                names.faults.extend(done.faults);
            }
        }
        names
    }

    fn component(&self, component: &[usize], named: &[Option<Named>]) -> Done {
        match component {
            [file] if self.links[*file].edges.binary_search(file).is_err() => self.alone(*file, named),
            circle => self.circle(circle, named),
        }
    }

    fn alone(&self, file: usize, named: &[Option<Named>]) -> Done {
        let (path, source) = (&self.files[file].path, &self.scans[file].digests);
        let mut done = Done { named: Vec::new(), group: None, faults: Vec::new() };
        let name_of = |target: usize| self.name_of(target, named);
        let rewriting = self.rewriting(file);
        let named = match self.namings[file] {
            Naming::Kept | Naming::Plain => {
                Named { path: path.clone(), content: source.clone(), names_key: None }
            }
            Naming::Fingerprinted if rewriting.is_idle() => Named {
                path: fingerprinted(path, source.fingerprint()),
                content: source.clone(),
                names_key: None,
            },
            Naming::Fingerprinted => match self.content(file, &name_of) {
                Ok((names_key, content)) => {
                    let path = fingerprinted(path, content.fingerprint());
                    Named { path, content, names_key: Some(names_key) }
                }
                Err(fault) => {
                    done.faults.push(fault);
                    Named { path: path.clone(), content: source.clone(), names_key: None }
                }
            },
        };
        done.named.push((file, named));
        done
    }

    /// The names of files that lead to one another depend on all of them: on what they refer to outside, and on their own bytes with
    /// tokens in place of the names that are not known yet.
    fn circle(&self, circle: &[usize], named: &[Option<Named>]) -> Done {
        let mut done = Done { named: Vec::new(), group: None, faults: Vec::new() };
        let token_of = |target: usize| match circle.binary_search(&target) {
            Ok(_) => fingerprinted(&self.files[target].path, &token()),
            Err(_) => self.name_of(target, named),
        };
        let key = self.circle_key(circle, &token_of);
        let known = self.cache.group(&key).map(<[u8]>::to_vec);
        let digest = match known.map_or_else(|| self.circle_digest(circle, &token_of), Ok) {
            Ok(digest) => {
                done.group = Some((key, digest.clone()));
                digest
            }
            Err(fault) => {
                done.faults.push(fault);
                Vec::new()
            }
        };
        let member = |file: &usize| {
            let mut hasher = self.options.algorithm.hasher();
            hasher.update(&digest);
            hasher.update(self.files[*file].path.as_bytes());
            fingerprinted(&self.files[*file].path, &hasher.finish())
        };
        let members: Vec<_> = circle.iter().map(member).collect();
        let name_of = |target: usize| match circle.binary_search(&target) {
            Ok(at) => members[at].clone(),
            Err(_) => self.name_of(target, named),
        };
        for (file, path) in circle.iter().zip(&members) {
            let (names_key, content) = match self.content(*file, &name_of) {
                Ok((names_key, content)) => (Some(names_key), content),
                Err(fault) => {
                    done.faults.push(fault);
                    (None, self.scans[*file].digests.clone())
                }
            };
            done.named.push((*file, Named { path: path.clone(), content, names_key }));
        }
        done
    }

    /// Over the path, the length and the bytes of each member, sorted by path.
    fn circle_digest(&self, circle: &[usize], token_of: NameOf<'_>) -> Result<Vec<u8>, ReadFault> {
        let mut hasher = self.options.algorithm.hasher();
        // Files are numbered in the order of their paths.
        for file in circle {
            let bytes = self.rewriting(*file).apply(&self.source(*file)?, token_of);
            let path = self.files[*file].path.as_bytes();
            hasher.update(&(path.len() as u64).to_be_bytes());
            hasher.update(path);
            hasher.update(&(bytes.len() as u64).to_be_bytes());
            hasher.update(&bytes);
        }
        Ok(hasher.digest())
    }

    fn circle_key(&self, circle: &[usize], token_of: NameOf<'_>) -> String {
        let mut parts = Vec::new();
        for file in circle {
            parts.push(self.files[*file].path.clone());
            parts.push(self.scans[*file].digests.md5());
            parts.extend(self.rewriting(*file).names(token_of));
        }
        key(&parts)
    }

    /// Digests of a file's bytes with the names that it refers to, and the key of these names.
    fn content(&self, file: usize, name_of: NameOf<'_>) -> Result<(String, Digests), ReadFault> {
        let rewriting = self.rewriting(file);
        let source = &self.scans[file].digests;
        let mut parts = vec![source.md5()];
        parts.extend(rewriting.names(name_of));
        let key = key(&parts);
        if let Some(digests) = self.cache.rewritten(&self.files[file].path, &key) {
            return Ok((key, digests.clone()));
        }
        let bytes = rewriting.apply(&self.source(file)?, name_of);
        Ok((key, Digester::of(&bytes, self.options.algorithm, self.options.integrity)))
    }

    /// The bytes that were scanned.
    fn source(&self, file: usize) -> Result<Buffer, ReadFault> {
        read::whole(&self.files[file], self.buffers)
    }

    fn name_of(&self, target: usize, named: &[Option<Named>]) -> String {
        named[target].as_ref().map_or(&self.files[target].path, |named| &named.path).clone()
    }

    fn rewriting(&self, file: usize) -> Rewriting<'a> {
        Rewriting {
            file: &self.files[file],
            scan: &self.scans[file],
            links: &self.links[file],
            options: self.options,
            all: All { paths: self.paths, scans: self.scans },
        }
    }
}

impl Rewriting<'_> {
    /// Whether the bytes stay as they are, whatever names others have.
    fn is_idle(&self) -> bool {
        match &self.scan.django {
            Some(django) => django.questions.is_empty(),
            None => self.links.edges.is_empty(),
        }
    }
}

/// Stands for a name that is not known yet, in its form.
fn token() -> Fingerprint {
    Fingerprint::from_digest(&[])
}

/// One for each list of texts.
fn key(parts: &[String]) -> String {
    let mut hasher = Algorithm::Sha256.hasher();
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    super::digests::hex(&hasher.digest()[..16])
}
