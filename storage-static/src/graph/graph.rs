use std::time::SystemTime;

use super::judge::Judge;
use super::links::{Links, Naming};
use super::paths::Paths;
use super::rewriting::{All, Rewriting};
use super::run::{GroupDigest, Run};
use super::scan::Scan;
use super::{Content, Digests, Link, Options, Output, Problem, ReadFault, Severity, digests, read};
use crate::buffers::Buffers;
use crate::cache::Cache;
use crate::find::{Bundled, Shadowed, SourceFile, Tree};
use crate::manifest::{Dependency, IndexedFile, Manifest};
use crate::parallel;
use crate::references::{Kind, Syntax};

/// All files with their names, and what refers to what.
///
/// It holds no bytes of files: how much memory it takes depends on how many there are, not on how large they are.
#[derive(Debug)]
pub struct Graph {
    files: Vec<SourceFile>,
    shadowed: Vec<Shadowed>,
    bundled: Bundled,
    outputs: Vec<Output>,
    problems: Vec<Problem>,
    faults: Vec<ReadFault>,
    options: Options,
    scans: Vec<Scan>,
    /// Whether the scan is one: else the file could not be read.
    is_scanned: Vec<bool>,
    links: Vec<Links>,
    names_keys: Vec<Option<String>>,
    groups: Vec<GroupDigest>,
    began: SystemTime,
}

impl Graph {
    /// Reads all files, and names them. The faults of the tree are not looked at.
    ///
    /// What is in the cache is not read again; [`Cache::none`] knows nothing. What comes of it does not depend on the cache.
    pub fn build(tree: &Tree, options: &Options, cache: &Cache) -> Self {
        let began = SystemTime::now();
        let options = &options.with(&tree.bundled);
        let files = tree.files.clone();
        let paths = Paths::new(&tree.files);
        let buffers = Buffers::default();
        let mut faults = Vec::new();
        let mut scans = Vec::with_capacity(files.len());
        let mut is_scanned = Vec::with_capacity(files.len());
        for scanned in parallel::map(&files, |file| match cache.scan(file, options, &paths) {
            Some(scan) => Ok(scan.clone()),
            None => Scan::of(file, options, &paths, &buffers),
        }) {
            is_scanned.push(scanned.is_ok());
            scans.push(scanned.unwrap_or_else(|fault| {
                faults.push(fault);
                Scan::nothing(options)
            }));
        }
        let namings: Vec<_> = files.iter().map(|file| Naming::of(file, options)).collect();
        let links: Vec<_> = scans
            .iter()
            .zip(&namings)
            .map(|(scan, naming)| Links::of(*naming, scan, options, &paths))
            .collect();
        let run = Run {
            files: &files,
            scans: &scans,
            namings: &namings,
            links: &links,
            options,
            paths: &paths,
            cache,
            buffers: &buffers,
        };
        let ran = run.names();
        faults.extend(ran.faults);
        let mut outputs = Vec::with_capacity(files.len());
        let mut names_keys = Vec::with_capacity(files.len());
        for (at, (file, named)) in files.iter().zip(ran.named).enumerate() {
            let source = scans[at].digests.clone();
            let (served, content, names_key) = match named {
                Some(named) => (named.path, named.content, named.names_key),
                None => (file.path.clone(), source.clone(), None),
            };
            let is_rewritten = content.md5_bytes() != source.md5_bytes() || content.size() != source.size();
            let naming = namings[at];
            let mut dependencies = dependencies(&scans[at], &links[at]);
            let needed = tree.bundled.needs.get(&file.path).into_iter().flatten();
            let needed = needed.filter_map(|needed| paths.exact(needed));
            dependencies
                .extend(needed.filter_map(|target| needed_link(&files[target], namings[target], target)));
            outputs.push(Output {
                path: file.path.clone(),
                served,
                naming,
                source,
                content,
                is_rewritten,
                dependencies,
            });
            names_keys.push(names_key);
        }
        let judge = Judge { scans: &scans, links: &links, outputs: &outputs, options, paths: &paths };
        let problems = judge.problems();
        let groups = ran.groups;
        let (shadowed, bundled) = (tree.shadowed.clone(), tree.bundled.clone());
        Self {
            files,
            shadowed,
            bundled,
            outputs,
            problems,
            faults,
            options: options.clone(),
            scans,
            is_scanned,
            links,
            names_keys,
            groups,
            began,
        }
    }

    /// All files, sorted by path.
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The file with a plain path.
    pub fn output(&self, path: &str) -> Option<&Output> {
        self.number(path).map(|at| &self.outputs[at])
    }

    /// Files that are not taken, since an earlier source has their paths.
    pub fn shadowed(&self) -> &[Shadowed] {
        &self.shadowed
    }

    /// All that is to be said about references, sorted by file and place.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Files that could not be read; what is said of these among the outputs is not true.
    pub fn faults(&self) -> &[ReadFault] {
        &self.faults
    }

    /// Whether nothing keeps this from being deployed: no fault, and no problem that is an error.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty() && !self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Which path each file is served by.
    pub fn manifest(&self) -> Manifest {
        self.outputs.iter().map(|output| (output.path.as_str(), output.served.as_str())).collect()
    }

    /// What the index of a deploy says of a file: what it is served by, integrity, dependencies and sources.
    pub fn indexed(&self, output: &Output) -> IndexedFile {
        let mut dependencies = Vec::new();
        for link in &output.dependencies {
            let Output { path, served, .. } = &self.outputs[link.target];
            // It leads to the plain name, which is stored too.
            if !link.is_renamed && link.kind != Kind::Bundled && served != path {
                continue;
            }
            let dependency = Dependency { name: path.clone(), kind: link.kind, query: link.query.clone() };
            if !dependencies.contains(&dependency) {
                dependencies.push(dependency);
            }
        }
        let served = (output.served != output.path).then(|| output.served.clone());
        let sources = self.bundled.made_of.get(&output.path).cloned().unwrap_or_default();
        IndexedFile { served, integrity: output.content.integrity(), dependencies, sources }
    }

    /// The bytes that an output is served with.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more, or it has changed.
    pub fn content(&self, output: &Output) -> Result<Content, ReadFault> {
        let Some(at) = self.number(&output.path).filter(|_| output.is_rewritten) else {
            return Ok(self.source(output));
        };
        let paths = Paths::new(&self.files);
        let rewriting = Rewriting {
            file: &self.files[at],
            scan: &self.scans[at],
            links: &self.links[at],
            options: &self.options,
            all: All { paths: &paths, scans: &self.scans },
        };
        let source = read::whole(&self.files[at], &Buffers::default())?;
        let bytes = rewriting.apply(&source, &|target| self.outputs[target].served.clone());
        let digests = digests::Digester::of(&bytes, self.options.algorithm, false);
        match digests.md5_bytes() == output.content.md5_bytes() {
            true => Ok(Content::Bytes(bytes)),
            false => Err(ReadFault::changed(&self.files[at])),
        }
    }

    /// The bytes that were found, which a plain name is served with.
    pub fn source(&self, output: &Output) -> Content {
        Content::File(self.number(&output.path).map(|at| self.files[at].location.clone()).unwrap_or_default())
    }

    fn number(&self, path: &str) -> Option<usize> {
        self.outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok()
    }

    /// For the cache: each file that could be read with what is known of it, and what is known of its bytes once rewritten.
    pub(crate) fn known(&self) -> impl Iterator<Item = (&SourceFile, &Scan, Option<(&str, &Digests)>)> {
        let rewritten = self.names_keys.iter().zip(&self.outputs);
        let rewritten = rewritten.map(|(key, output)| key.as_deref().map(|key| (key, &output.content)));
        self.files
            .iter()
            .zip(&self.scans)
            .zip(rewritten)
            .zip(&self.is_scanned)
            .filter(|(_, is_scanned)| **is_scanned)
            .map(|(((file, scan), rewritten), _)| (file, scan, rewritten))
    }

    pub(crate) fn groups(&self) -> &[GroupDigest] {
        &self.groups
    }

    /// When the first file was read.
    pub(crate) fn began(&self) -> SystemTime {
        self.began
    }
}

impl Scan {
    /// Of a file that cannot be read.
    fn nothing(options: &Options) -> Self {
        let digests = digests::Digester::of(b"", options.algorithm, false);
        Self { digests, pointers: Vec::new(), notes: Vec::new(), django: None }
    }
}

fn dependencies(scan: &Scan, links: &Links) -> Vec<Link> {
    let places = scan.pointers.iter().zip(&links.pointers).zip(&links.is_renamed);
    places
        .filter_map(|((pointer, target), is_renamed)| {
            let (kind, query) = (pointer.kind(), pointer.query.clone());
            Some(Link { target: (*target)?, kind, query, is_renamed: *is_renamed })
        })
        .collect()
}

/// A bundler's script asks for styles by itself. Of other files it knows the plain names, which count only if they have others.
fn needed_link(file: &SourceFile, naming: Naming, target: usize) -> Option<Link> {
    let counts = naming != Naming::Kept || Syntax::of(&file.path) == Some(Syntax::Css);
    counts.then_some(Link { target, kind: Kind::Bundled, query: None, is_renamed: false })
}
